"""The snapshot: which row counts, what a holding is worth, and what the assets were before."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keybook.lake.engines import DuckEngine
from keybook.lake.features import features
from keybook.lake.publish import Chosen, months
from keybook.lake.snapshot import NoDataError, may_overlap, take
from keybook.lake.store import checked_files
from tests.lake.small_bank import DAY, SmallBank, ago, put


@pytest.fixture
def engine():
    with DuckEngine(memory="500MB", threads=1) as duck:
        yield duck


@pytest.fixture
def bank(tmp_path):
    bank = SmallBank(tmp_path)
    bank.add("customer", number="K1", branch="B1")
    return bank


def values(engine, bank, date: dt.date = DAY) -> dict[str, dict]:
    rows = engine.fetch(take(engine=engine, lake=bank.lake, date=date, currency="CNY").holding).to_pylist()
    return {row["number"]: row for row in rows}


def test_the_newest_file_of_a_holding_wins_and_the_future_is_not_seen(engine, bank):
    bank.holding("A", "K1", "current", balance=1)
    bank.write(ago(9))
    put(bank.lake, "holding", [{**bank.rows["holding"][0], "balance": 2}], date=ago(5))
    put(bank.lake, "holding", [{**bank.rows["holding"][0], "balance": 3}], date=ago(-1))
    assert values(engine, bank)["A"]["value"] == 2
    assert values(engine, bank, ago(6))["A"]["value"] == 1


def test_the_newest_evidence_of_a_value_wins(engine, bank):
    for number in ("told", "moved", "own", "face"):
        bank.holding(number, "K1", "current", amount=4)
    bank.rows["holding"][2]["balance"] = 3
    bank.write(ago(20))
    bank.rows = {feed: [] for feed in bank.rows}
    bank.move("told", 1, ago(8), balance_after=2)
    bank.move("moved", 1, ago(2), balance_after=2)
    for number in ("told", "moved"):
        bank.add("balance", holding=number, date=ago(5), amount=1)
    bank.write()
    assert {number: row["value"] for number, row in values(engine, bank).items()} == {
        "told": 1, "moved": 2, "own": 3, "face": 4,
    }  # fmt: skip


def test_the_last_posting_of_a_day_is_the_one_nobody_goes_on_from(engine, bank):
    bank.holding("A", "K1", "current")
    bank.add("transaction", number="9", holding="A", booked_on=DAY, amount=100, balance_after=1_100, kind="other")
    bank.add("transaction", number="5", holding="A", booked_on=DAY, amount=-30, balance_after=1_070, kind="other")
    bank.add(
        "transaction", number="7", holding="A", booked_on=DAY, amount="-20.5", balance_after="1049.4", kind="other"
    )
    bank.write()
    assert values(engine, bank)["A"]["value"] == Decimal("1049.40")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(st.integers(-50_000, 50_000).filter(lambda cents: abs(cents) > 20), min_size=1, max_size=8),
    days=st.lists(st.integers(0, 99), min_size=8, max_size=8),
    order=st.randoms(use_true_random=False),
)
def test_balances_before_are_the_running_sum(tmp_path_factory, amounts, days, order):
    bank = SmallBank(tmp_path_factory.mktemp("bank"))
    bank.add("customer", number="K1", branch="B1")
    bank.holding("A", "K1", "current")
    when = sorted(days[: len(amounts)], reverse=True)
    running, rows = Decimal(0), []
    for number, (cents, day) in enumerate(zip(amounts, when, strict=True)):
        running += Decimal(cents) / 100
        rows.append((f"N{number}", Decimal(cents) / 100, ago(day), running))
    order.shuffle(rows)
    for number, amount, day, after in rows:
        bank.add(
            "transaction", number=number, holding="A", booked_on=day, amount=amount, kind="other", balance_after=after
        )
    bank.write()
    with DuckEngine(memory="300MB", threads=1) as engine:
        row = values(engine, bank)["A"]
    on = {days: sum((amount for _, amount, day, _ in rows if day <= ago(days)), Decimal(0)) for days in (0, 30, 90)}
    change = {days: on[0] - on[days] for days in (30, 90)}
    assert row["value"] - row["value_30"] == change[30]
    assert row["value"] - row["value_90"] == change[90]


def test_a_holding_not_yet_opened_is_not_there_and_a_closed_one_is_worth_nothing(engine, bank):
    bank.holding("new", "K1", "term_deposit", amount=5, opened_on=ago(-1))
    bank.holding("old", "K1", "term_deposit", amount=5, closed_on=ago(10))
    bank.write()
    found = values(engine, bank)
    assert set(found) == {"old"}
    assert (found["old"]["value"], found["old"]["value_30"], found["old"]["live"]) == (0, 5, False)


def test_loans_cards_and_other_currencies_are_no_assets(engine, bank):
    bank.holding("A", "K1", "savings", balance=10)
    bank.holding("L", "K1", "loan", balance=-7)
    bank.holding("C", "K1", "card", amount=100)
    bank.holding("U", "K1", "current", balance=1_000, currency="USD")
    bank.write()
    snapshot = take(engine=engine, lake=bank.lake, date=DAY, currency="CNY")
    [row] = engine.fetch(features(snapshot=snapshot)).to_pylist()
    assert (row["aum"], row["cash"]) == (10, 10)


def test_a_customer_without_holdings_has_nothing_rather_than_unknown(engine, bank):
    bank.write()
    snapshot = take(engine=engine, lake=bank.lake, date=DAY, currency="CNY")
    [row] = engine.fetch(features(snapshot=snapshot)).to_pylist()
    assert (row["aum"], row["aum_30"], row["out_90"]) == (0, 0, 0)


def test_a_deposit_counts_in_the_months_it_was_held(engine, bank):
    bank.holding("D", "K1", "term_deposit", amount=9, opened_on=dt.date(2026, 2, 10), closed_on=dt.date(2026, 5, 10))
    bank.write()
    snapshot = take(engine=engine, lake=bank.lake, date=DAY, currency="CNY")
    rows = engine.keep("rows", features(snapshot=snapshot))
    core = engine.keep("who", rows.select(who="customer"))
    table = months(engine=engine, snapshot=snapshot, features=rows, chosen=Chosen(everyone=core, core=core))
    found = {row["month"]: row["aum"] for row in engine.fetch(table).to_pylist()}
    assert found == {dt.date(2026, 2, 1): 9, dt.date(2026, 3, 1): 9, dt.date(2026, 4, 1): 9, dt.date(2026, 6, 1): 0}


def test_files_whose_keys_cannot_meet_are_not_compared(bank):
    bank.holding("A", "K1", "current")
    for number, date in enumerate((ago(3), ago(2))):
        put(bank.lake, "transaction", [{"number": f"T{number}", "holding": "A"}], date=date)
    files = checked_files(bank.lake, "transaction", DAY)
    assert not may_overlap(files, ("number",))
    assert may_overlap(files, ("holding",))


def test_a_lake_without_customers_is_refused(engine, tmp_path):
    with pytest.raises(NoDataError, match="load the bank's files first"):
        take(engine=engine, lake=tmp_path, date=DAY, currency="CNY")
