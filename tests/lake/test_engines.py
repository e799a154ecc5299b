"""DuckDB and Spark read the same Parquet and find the same rows."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest

from keybook.lake.engines import DuckEngine, SparkEngine
from keybook.lake.signals import RULES
from tests.lake.small_bank import SmallBank, ago, evening, previous

JAVA = shutil.which("java") or (Path(os.environ.get("JAVA_HOME", "/nowhere")) / "bin" / "java").exists()


def all_situations(bank: SmallBank) -> None:
    """One customer for every signal, some for several."""
    bank.customer("K1", need=50_000, born_on=dt.date(1972, 2, 29))
    bank.holding("D1", "K1", "term_deposit", amount=300_000, matures_on=ago(-5), rate="0.0215", name="三年定期")
    bank.holding("F1", "K1", "fund", amount=90_000, opened_on=ago(3), product="P1")
    bank.add("product", code="P1", name="Steady", name_zh="稳健", kind="fund", risk="R2", currency="CNY")
    bank.holding("L1", "K1", "loan", amount=800_000, closed_on=ago(4))
    bank.holding("U1", "K1", "current", balance=9_000_000, currency="USD")
    bank.customer("K2", cash=700_000, born_on=dt.date(1960, 7, 3))
    bank.move("A-K2", -300_000, ago(5), counterparty_bank="Eastgate Bank", balance_after=750_000)
    bank.move("A-K2", -50_000, ago(5), text="Rent, d'avance", balance_after=700_000)
    bank.move("A-K2", -400_000, ago(6), balance_after=1_050_000)
    bank.move("A-K2", 250_000, ago(1), counterparty="Łukasz Wiśniewski", balance_after=950_000)
    bank.customer("K3", cash=980_000)
    for month in range(5):
        bank.move("A-K3", 20_000, ago(60 + 30 * month), "salary")
    bank.add("risk_profile", customer="K3", level="C3", assessed_on=ago(355), valid_until=ago(-10))
    bank.customer("K4", cash=600_000)
    bank.move("A-K4", -10, ago(200))
    bank.add("channel_event", customer="K4", at=dt.datetime(2025, 12, 1, 23, 30), channel="mobile", action="login")
    bank.customer("K5", cash=960_000)
    bank.customer("S1", cash=120_000)
    bank.move("A-S1", 110_000, ago(2))
    bank.holding("J1", None, "savings", balance=400_000)
    bank.add("holder", holding="J1", customer="S2", role="owner")
    bank.customer("S2", cash=1)
    bank.add("balance", holding="A-S2", date=ago(40), amount=30_000)
    bank.add("balance", holding="A-S2", date=ago(0), amount=20_000)


def found(engine, folder: Path) -> dict[str, list]:
    """All signals and evidence, sorted, after a corrected holding file and a second transaction file."""
    bank = SmallBank(folder)
    all_situations(bank)
    bank.write(ago(1), source="before")
    result = {}
    seen = evening(engine, bank, before=previous(K3="platinum", K4="gold"))
    for kind, rule in RULES.items():
        raised = rule(seen)
        for name, table in ((kind, raised.signals), (f"{kind} evidence", raised.evidence)):
            result[name] = sorted(engine.fetch(table).to_pylist(), key=str)
    result["features"] = sorted(engine.fetch(seen.features).to_pylist(), key=str)
    engine.write(seen.features, folder / "out" / "features.parquet")
    with DuckEngine(memory="300MB", threads=1) as duck:
        again = duck.fetch(duck.read([folder / "out" / "features.parquet"])).to_pylist()
    assert sorted(again, key=str) == result["features"]
    return result


@pytest.mark.parametrize(
    "make",
    [
        DuckEngine,
        pytest.param(SparkEngine, marks=[pytest.mark.spark, pytest.mark.skipif(not JAVA, reason="there is no Java")]),
    ],
)
def test_every_engine_finds_the_same_rows(make, tmp_path):
    with DuckEngine(memory="500MB", threads=1) as reference:
        expected = found(reference, tmp_path / "reference")
    assert all(expected[kind] for kind in RULES), [kind for kind in RULES if not expected[kind]]
    with make() as engine:
        actual = found(engine, tmp_path / "actual")
    assert actual == expected
