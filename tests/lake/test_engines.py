"""DuckDB and Spark read the same Parquet and find the same rows."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from keybook.lake.engines import DuckEngine, SparkEngine
from keybook.lake.features import decide_tiers, write_features
from keybook.lake.policy import SignalPolicy
from keybook.lake.publish import prepare
from keybook.lake.signals import RULES
from keybook.lake.snapshot import take
from tests.lake.small_bank import DAY, LADDER, SmallBank, ago, all_situations, evening, previous

JAVA = shutil.which("java") or (Path(os.environ.get("JAVA_HOME", "/nowhere")) / "bin" / "java").exists()


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
    result |= published(engine, bank)
    result["features"] = sorted(engine.fetch(seen.features).to_pylist(), key=str)
    engine.write(seen.features, folder / "out" / "features.parquet")
    with DuckEngine(memory="300MB", threads=1) as duck:
        again = duck.fetch(duck.read([folder / "out" / "features.parquet"])).to_pylist()
    assert sorted(again, key=str) == result["features"]
    return result


def published(engine, bank: SmallBank) -> dict[str, list]:
    """What would go to PostgreSQL."""
    snapshot = take(engine=engine, lake=bank.lake, date=DAY, currency="CNY")
    tiers = decide_tiers(
        engine=engine, rows=write_features(engine=engine, snapshot=snapshot, lake=bank.lake), ladder=LADDER,
        previous=previous(K3="platinum"), date=DAY, fresh_days=30,
    )  # fmt: skip
    folder = prepare(
        engine=engine, snapshot=snapshot, policy=SignalPolicy(), ladder=LADDER, tiers=tiers, lake=bank.lake
    )
    tables = sorted(folder.glob("*.parquet"))
    return {path.stem: sorted(pq.read_table(path).to_pylist(), key=str) for path in tables}


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
