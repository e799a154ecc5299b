"""A real bank loads by its mapping alone, to the row."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from keybook.apps.customers.models import Tier
from keybook.apps.feeds.commands import load
from keybook.apps.feeds.models import FeedFile, SignalRule
from keybook.apps.people.models import Bank
from keybook.lake.store import checked_files
from tests.shared import shared

MAPPING = Path(__file__).parents[3] / "mappings" / "berka.toml"
TODAY = dt.date(2026, 11, 23)
ROWS = {
    ("branch", "berka.toml#branch"): 9,
    ("branch", "district.asc"): 77,
    ("staff", "berka.toml#staff"): 10,
    ("customer", "client.asc"): 5369,
    ("holding", "account.asc"): 4500,
    ("holding", "loan.asc"): 682,
    ("holding", "card.asc"): 892,
    ("holder", "disp.asc"): 5369,
    ("transaction", "trans_first_49102_rows.asc"): 49102,
    ("standing_order", "order.asc"): 6471,
}
pytestmark = [pytest.mark.shared, pytest.mark.django_db]


@pytest.fixture
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    return settings.LAKE


def rows(lake: Path, feed: str, sql: str) -> list[tuple[object, ...]]:
    files = [str(path) for path in checked_files(lake, feed, TODAY)]
    return duckdb.sql(sql.format(rows=f"read_parquet({files!r}, hive_partitioning=false)")).fetchall()


def test_every_row_of_every_file_is_loaded(lake):
    reports = load(folder=shared("berka"), mapping=MAPPING, today=TODAY)
    assert [(one.source, one.reasons) for one in reports if one.kept_aside or one.reasons] == []
    assert {(one.feed, one.source): one.rows_in for one in reports} == ROWS
    assert {(one.feed, one.name): one.loaded for one in FeedFile.objects.all()} == ROWS


def test_a_second_load_changes_nothing(lake):
    folder = shared("berka")
    load(folder=folder, mapping=MAPPING, today=TODAY)
    before = {path: path.stat().st_mtime_ns for path in lake.rglob("*.parquet")}
    rows_before = list(FeedFile.objects.order_by("id").values())
    assert {one.status for one in load(folder=folder, mapping=MAPPING, today=TODAY)} == {"unchanged"}
    assert {path: path.stat().st_mtime_ns for path in lake.rglob("*.parquet")} == before
    assert list(FeedFile.objects.order_by("id").values()) == rows_before


def test_what_is_known_of_the_bank_is_what_its_files_say(lake):
    load(folder=shared("berka"), mapping=MAPPING, today=TODAY)
    sex = rows(lake, "customer", "SELECT sex, born_on, district FROM {rows} WHERE number = 'C1'")
    assert sex == [("f", dt.date(1970, 12, 13), "Pisek")]
    assert rows(lake, "holding", "SELECT count(*) FROM {rows} WHERE customer IS NULL") == [(0,)]
    loan = rows(
        lake, "holding", "SELECT customer, opened_on, matures_on, closed_on, amount FROM {rows} WHERE number = 'L5314'"
    )
    assert loan == [("C2166", dt.date(1993, 7, 5), dt.date(1994, 7, 5), dt.date(1994, 7, 5), 96396)]
    away = rows(lake, "standing_order", "SELECT count(DISTINCT counterparty_bank) FROM {rows}")
    assert away == [(13,)]


def test_amounts_carry_the_sign_of_their_direction(lake):
    load(folder=shared("berka"), mapping=MAPPING, today=TODAY)
    off = rows(  # accounts open with nothing, so what moved is what is left; the source itself drifts in 28 of 1,229
        lake, "transaction",
        "SELECT count(*) FROM (SELECT sum(amount) moved, list(balance_after) balances FROM {rows} GROUP BY holding)"
        " WHERE len(list_filter(balances, lambda b: abs(b - moved) <= 1)) = 0",
    )  # fmt: skip
    assert off == [(28,)]
    kinds = dict(rows(lake, "transaction", "SELECT kind, count(*) FROM {rows} GROUP BY kind"))
    assert kinds["pension"] == 1770
    assert kinds["interest"] == 9463 + 64
    assert kinds["fee"] == 5445


def test_the_banks_policy_is_stored(lake):
    load(folder=shared("berka"), mapping=MAPPING, today=TODAY)
    assert Bank.objects.get().currency == "CZK"
    assert list(Tier.objects.order_by("rank").values_list("code", "standards__every_days")) == [
        ("mass", None), ("gold", 60), ("platinum", 30), ("private", 14),
    ]  # fmt: skip
    assert SignalRule.objects.get(kind="large_inflow").settings == {"amount": "30000"}
