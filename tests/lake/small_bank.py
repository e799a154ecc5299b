"""A bank small enough to work out by hand, written into a lake as checked files."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from keybook.core.tiers import Rung
from keybook.lake import store
from keybook.lake.contract import FEEDS
from keybook.lake.features import PREVIOUS, decide_tiers, write_features
from keybook.lake.policy import SignalPolicy
from keybook.lake.signals import Evening, look
from keybook.lake.snapshot import take

DAY = dt.date(2026, 6, 30)
LADDER = (
    Rung("mass", 0, Decimal(0), Decimal(0)),
    Rung("gold", 1, Decimal(300_000), Decimal(270_000), key=True),
    Rung("platinum", 2, Decimal(1_000_000), Decimal(900_000), key=True),
)


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
    bank.add("standing_order", number="O1", holding="A-K1", amount=2_000, kind="savings", counterparty_bank="YZ")
    bank.customer("S3", cash=50, name="Wife of K1")
    bank.add("relation", customer="S3", other="K1", role="wife", other_role="husband", household=True)


def ago(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


class SmallBank:
    """Rows by feed; `write` puts them into a lake as one file per feed."""

    def __init__(self, lake: Path) -> None:
        self.lake = lake
        self.rows: dict[str, list[dict]] = {name: [] for name in FEEDS}
        self.serial = 0

    def add(self, feed: str, **row: object) -> None:
        self.rows[feed].append(row)

    def customer(self, number: str = "K1", *, cash: int = 500_000, **fields: object) -> str:
        """A person with a current account A-<number> opened long ago, holding `cash` that nothing moved."""
        self.add("customer", **{"number": number, "kind": "person", "branch": "B1", "name": number, **fields})
        self.holding(f"A-{number}", number, "current", balance=cash)
        return number

    def holding(self, number: str, customer: str, kind: str, **fields: object) -> None:
        row = {"number": number, "customer": customer, "kind": kind, "currency": "CNY", "opened_on": ago(900)}
        self.add("holding", **{**row, **fields})

    def organisation(self) -> None:
        """A head office, two branches, and three bankers: two at B1, one at B2."""
        for code, parent in (("HQ", None), ("B1", "HQ"), ("B2", "HQ")):
            self.add("branch", code=code, name=code, parent=parent)
        for code, branch in (("rm1", "B1"), ("rm2", "B1"), ("rm3", "B2")):
            self.add("staff", code=code, name=code.upper(), role="rm", branch=branch)

    def move(self, holding: str, amount: int, on: dt.date, kind: str = "transfer", **fields: object) -> str:
        self.serial += 1
        number = f"T{self.serial:05d}"
        self.add("transaction", number=number, holding=holding, amount=amount, booked_on=on, kind=kind, **fields)
        return number

    def write(self, date: dt.date = DAY, source: str = "file") -> None:
        for feed, rows in self.rows.items():
            if rows:
                put(self.lake, feed, rows, date=date, source=source)


def put(lake: Path, feed: str, rows: list[dict], *, date: dt.date = DAY, source: str = "file") -> None:
    """Write rows as a checked file and enter it into the manifest."""
    schema = FEEDS[feed].arrow_schema
    usual = {column.name: column.default for column in FEEDS[feed].columns if column.type == "code"}
    rows = [{**usual, **row} for row in rows]
    typed = [{name: _typed(row.get(name), schema.field(name).type) for name in schema.names} for row in rows]
    table = pa.Table.from_pylist(typed, schema=schema)
    table = table.append_column(pa.field("file_date", pa.date32()), pa.array([date] * len(rows), pa.date32()))
    path = store.checked_path(feed, date, f"{abs(hash((source, str(rows)))):064x}"[-12:])
    (lake / path).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, lake / path)
    store.record(lake, store.Entry(feed, date, source, "f", len(rows), len(rows), 0, path=path))


def _typed(value: object, kind: pa.DataType) -> object:
    if value is not None and pa.types.is_decimal(kind):
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-kind.scale))
    return value


def previous(**tiers: str) -> pa.Table:
    """What was decided last time: customer=tier."""
    rows = [{"customer": who, "tier": tier, "tier_before": None, "since": ago(400)} for who, tier in tiers.items()]
    return pa.Table.from_pylist(rows, schema=PREVIOUS)


def evening(engine, bank: SmallBank, *, policy: SignalPolicy | None = None, before: pa.Table | None = None) -> Evening:
    """Everything up to the signals, computed on the engine."""
    bank.write()
    snapshot = take(engine=engine, lake=bank.lake, date=DAY, currency="CNY")
    rows = write_features(engine=engine, snapshot=snapshot, lake=bank.lake)
    before = before if before is not None else previous()
    tiers = decide_tiers(engine=engine, rows=rows, ladder=LADDER, previous=before, date=DAY, fresh_days=30)
    policy = policy or SignalPolicy()
    return look(engine=engine, snapshot=snapshot, policy=policy, features=rows, tiers=engine.put("tiers", tiers))
