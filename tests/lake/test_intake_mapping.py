"""A mapping is understood to the letter, or refused with the file and the key that are wrong."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from keybook.lake.contract import FEEDS
from keybook.lake.contract_page import page
from keybook.lake.mapping import date_in, plain, read_mapping
from keybook.lake.policy_tables import MappingError

ROOT = Path(__file__).parents[2]
FILE = '[[file]]\nfeed = "branch"\npath = "b.csv"\n[file.columns]\ncode = "id"\nname = "label"\n'


def mapping(tmp_path, text):
    path = tmp_path / "bank.toml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path=path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("this is no toml", "bank.toml: this is not TOML"),
        ("colour = 1", "there is no key 'colour'"),
        (FILE.replace("branch", "branches"), "file 1.feed: there is no feed 'branches'"),
        (FILE + 'shoe = "x"\n', "the feed branch has no column 'shoe'"),
        (FILE.replace('name = "label"\n', ""), "name is required and nothing is mapped to it"),
        (FILE + 'district = { from = "x", read = "rot13" }\n', "there is no converter 'rot13'"),
        (FILE + 'district = { from = "x", value = "y" }\n', "exactly one of from, value, template or first"),
        (FILE + "district = { prefix = 'x' }\n", "exactly one of from, value, template or first"),
        (FILE + 'district = { from = "x", look_up = { file = "f" } }\n', "key is missing"),
        (FILE + 'district = { from = "x", sign = { from = "y" } }\n', "negative"),
        (FILE + "district = 3\n", "this must be a table"),
        (FILE + 'district = { from = "x", when = "y" }\n', "write { column"),
        ('date = "2026-02-30"', "is not a date written YYYY-MM-DD"),
        ("file = 3", "write each as [[file]]"),
        ("[[rows.customers]]\nnumber = 'C1'", "there is no feed 'customers'"),
        ("[[rows.customer]]\nshoe = 'C1'", "there is no key 'shoe'"),
        ("[bank]\ncurrency = 'Euro'", "bank.currency: 'Euro' is not a code"),
        ("[bank]\ntime_zone = 'Mars/Base'", "there is no time zone 'Mars/Base'"),
        ("[bank]\nmotto = 'x'", "there is no key 'motto'"),
        ("[[tiers]]\ncode = 'gold'", "it needs code, name and enter_at"),
        ("[[tiers]]\ncode = 'g'\nname = 'G'\nenter_at = 1\nleave_at = 2", "leave_at may not be above enter_at"),
        ("[[tiers]]\ncode = 'g'\nname = 'G'\nenter_at = 'much'", "tier 1"),
        ("[signals]\ntelepathy = { days = 3 }", "no signal called telepathy"),
        ("[signals]\nlarge_inflow = { days = 'x' }", "no number"),
        ("[signals]\nlarge_inflow = 3", "write the thresholds as a table"),
    ],
)
def test_what_is_wrong_in_a_mapping_is_refused_by_file_and_key(tmp_path, text, words):
    with pytest.raises(MappingError) as refusal:
        mapping(tmp_path, text)
    assert words in str(refusal.value)
    assert str(refusal.value).startswith("bank.toml: ")


def test_a_mapping_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(MappingError, match="cannot be read"):
        read_mapping(path=tmp_path / "none.toml")


def test_a_mapping_keeps_what_it_says(tmp_path):
    found = mapping(
        tmp_path,
        '[format]\ndecimal = ","\n[[tiers]]\ncode = "g"\nname = "G"\nenter_at = "10.50"\n[signals]\ndormant = { on = false }\n'
        + FILE,
    )
    entry = found.files[0]
    assert (entry.feed, entry.path) == (FEEDS["branch"], "b.csv")
    assert [(take.column, take.source, take.decimal) for take in entry.takes] == [
        ("code", "id", ","),
        ("name", "label", ","),
    ]
    assert found.policy.tiers[0].enter_at == found.policy.tiers[0].leave_at == Decimal("10.50")
    assert found.policy.off == {"dormant"}


@pytest.mark.parametrize(
    ("name", "feed", "date"),
    [
        ("transaction_2026-03-31.csv", "transaction", dt.date(2026, 3, 31)),
        ("20260331/Customer.CSV", "customer", dt.date(2026, 3, 31)),
        ("holding/date=2026-03-31/part-0.parquet", "holding", dt.date(2026, 3, 31)),
        ("risk_profile-20260331.xlsx", "risk_profile", dt.date(2026, 3, 31)),
        ("branch.csv", "branch", None),
        ("staff_2026-02-30.csv", "staff", None),
    ],
)
def test_a_file_says_its_feed_and_date_by_its_name(name, feed, date):
    entry = plain(name)
    assert entry is not None
    assert entry.feed.name == feed
    assert date_in(name) == date


@pytest.mark.parametrize(
    "name", ["readme.md", "truth/customers.parquet", "history/interactions.parquet", "2026-03-31.csv"]
)
def test_a_file_of_another_name_is_not_taken_for_a_feed(name):
    assert plain(name) is None


def test_the_page_of_the_feeds_is_the_contract():
    assert (ROOT / "docs" / "operate" / "feeds.md").read_text(encoding="utf-8") == page()


def test_every_mapping_we_ship_is_understood():
    for path in (ROOT / "mappings").glob("*.toml"):
        assert read_mapping(path=path).files
