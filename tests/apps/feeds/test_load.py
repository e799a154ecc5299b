"""Loading a folder: what is stored, what is said, and what a repeat does."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from keybook.apps.customers.models import Customer, Tier
from keybook.apps.feeds.commands import LoadRefusedError, load
from keybook.apps.feeds.models import FeedFile, SignalRule
from keybook.apps.feeds.queries import files, problems
from keybook.apps.people.models import Bank
from keybook.lake.policy_tables import MappingError
from keybook.lake.store import checked_files

TODAY = dt.date(2026, 4, 1)
pytestmark = pytest.mark.django_db
MAPPING = """
date = "2026-03-31"
[format]
dates = "%d.%m.%Y"
[bank]
currency = "EUR"
[[tiers]]
code = "mass"
name = "Mass"
enter_at = 0
[[tiers]]
code = "gold"
name = "Gold"
enter_at = 50000
standard_days = 60
[signals]
dormant = { on = false, days = 99 }
[[rows.branch]]
code = "B1"
name = "Lakeside"
[[file]]
feed = "customer"
path = "people*.txt"
[file.columns]
number = { from = "id", prefix = "P" }
name = { template = "{last}, {first}" }
branch = { value = "B1" }
born_on = "born"
sex = { from = "title", map = { "Mrs" = "f", "Mr" = "m" }, otherwise = "" }
district = { from = "zip", look_up = { file = "places.txt", key = "zip", take = "place", where = { kind = "town" } } }
occupation = { from = "job", when = { title = ["Mrs"] } }
"""
PEOPLE = "id|last|first|title|born|zip|job\n1|Novak|Eva|Mrs|28.02.1970|100|baker\n2|Zeman|Jan|Mr|30.02.1970|100|cook\n3|Kral|Jan|Mr||200|cook\n"
PLACES = "zip;kind;place\n100;hill;Above\n100;town;Under\n100;town;Beside\n"


@pytest.fixture
def folder(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "people.txt").write_text(PEOPLE, encoding="utf-8")
    (folder / "places.txt").write_text(PLACES, encoding="utf-8")
    (tmp_path / "bank.toml").write_text(MAPPING, encoding="utf-8")
    return folder


def held(settings, feed, columns):
    paths = [str(path) for path in checked_files(settings.LAKE, feed, TODAY)]
    return duckdb.sql(f"SELECT {columns} FROM read_parquet({paths!r}, hive_partitioning=false) ORDER BY 1").fetchall()


def test_a_mapping_makes_rows_of_a_banks_own_files(folder, settings):
    reports = load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY)
    assert [(one.feed, one.source, one.rows_in, one.loaded) for one in reports] == [
        ("branch", "bank.toml#branch", 1, 1), ("customer", "people.txt", 3, 2),
    ]  # fmt: skip
    assert held(settings, "customer", "number, name, sex, born_on, district, occupation, file_date") == [
        ("P1", "Novak, Eva", "f", dt.date(1970, 2, 28), "Under", "baker", dt.date(2026, 3, 31)),
        ("P3", "Kral, Jan", "m", None, None, None, dt.date(2026, 3, 31)),
    ]
    assert "written %d.%m.%Y" in reports[1].reasons[0].sentence


def test_the_account_of_every_file_is_kept(folder):
    load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY)
    account = FeedFile.objects.get(feed="customer")
    assert (account.rows_in, account.loaded, account.kept_aside, account.mapping) == (3, 2, 1, "bank.toml")
    assert account.reasons[0]["code"] == "bad_date"
    assert account.reasons[0]["example"] == "row 3: 30.02.1970"
    assert [one.name for one in problems()] == ["people.txt"]
    assert len(files()) == 2


def test_the_banks_policy_is_stored_and_what_is_not_said_stays(folder):
    Bank.objects.update_or_create(pk=1, defaults={"name": "Ours", "currency": "CNY"})
    load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY)
    assert (Bank.objects.get().currency, Bank.objects.get().name) == ("EUR", "Ours")
    assert list(Tier.objects.order_by("rank").values_list("code", "standards__every_days")) == [
        ("mass", None),
        ("gold", 60),
    ]
    rule = SignalRule.objects.get()
    assert (rule.kind, rule.on, rule.settings) == ("dormant", False, {"days": 99})


def test_tiers_may_change_places(folder):
    Tier.objects.create(code="gold", name="Gold", rank=0, enter_at=5, leave_at=5)
    Tier.objects.create(code="mass", name="Mass", rank=1, enter_at=0, leave_at=0)
    Tier.objects.create(code="silver", name="Silver", rank=2, enter_at=0, leave_at=0)
    load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY)
    assert list(Tier.objects.order_by("rank").values_list("code", "rank")) == [("mass", 0), ("gold", 1)]


def test_a_mapping_that_drops_a_tier_in_use_is_refused_and_changes_nothing(folder, cast):
    Customer.objects.filter(pk=cast.zhang.pk).update(tier=cast.platinum)
    before = list(Tier.objects.order_by("id").values())
    with pytest.raises(LoadRefusedError, match="leaves out the tier"):
        load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY)
    assert list(Tier.objects.order_by("id").values()) == before
    assert not FeedFile.objects.exists()


def test_a_second_load_changes_nothing(folder, settings):
    load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY)
    before = list(FeedFile.objects.order_by("id").values())
    stamps = {path: path.stat().st_mtime_ns for path in settings.LAKE.rglob("*.parquet")}
    again = load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY + dt.timedelta(3))
    assert {one.status for one in again} == {"unchanged"}
    assert list(FeedFile.objects.order_by("id").values()) == before
    assert {path: path.stat().st_mtime_ns for path in settings.LAKE.rglob("*.parquet")} == stamps


def test_a_corrected_file_replaces_the_earlier_one_and_back_again(folder, settings):
    load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY)
    (folder / "people.txt").write_text(PEOPLE.replace("30.02", "28.02"), encoding="utf-8")
    report = load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY)[1]
    assert (report.status, report.loaded) == ("replaced", 3)
    assert [one.kept_aside for one in files() if one.feed == "customer"] == [0]
    assert FeedFile.objects.filter(feed="customer", superseded=True).count() == 1
    (folder / "people.txt").write_text(PEOPLE, encoding="utf-8")
    load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY)
    assert [one.kept_aside for one in files() if one.feed == "customer"] == [1]
    assert len(held(settings, "customer", "number")) == 2


def test_a_changed_look_up_file_or_mapping_reads_the_file_again(folder, settings):
    load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY)
    (folder / "places.txt").write_text(PLACES.replace("Under", "Below"), encoding="utf-8")
    assert load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY)[1].status == "replaced"
    assert held(settings, "customer", "number, district")[0] == ("P1", "Below")


def test_files_without_a_date_keep_that_of_their_first_load(folder, settings):
    (folder / "branch.csv").write_text("code,name\nB1,Lakeside\n", encoding="utf-8")
    assert load(folder=folder, mapping=None, today=TODAY)[0].date == TODAY
    again = load(folder=folder, mapping=None, today=TODAY + dt.timedelta(1))[0]
    assert (again.date, again.status) == (TODAY, "unchanged")


def test_one_file_may_be_loaded_by_itself_and_order_does_not_matter(folder, settings):
    (folder / "a").mkdir()
    (folder / "a" / "customer_2026-03-31.csv").write_text("number,branch\nC1,B1\n", encoding="utf-8")
    (folder / "z_branch").mkdir()
    (folder / "branch_2026-03-31.csv").write_text("code,name\nB1,Lakeside\n", encoding="utf-8")
    assert [one.feed for one in load(folder=folder, mapping=None, today=TODAY)] == ["branch", "customer"]
    assert load(folder=folder / "a" / "customer_2026-03-31.csv", mapping=None, today=TODAY)[0].loaded == 1


def test_an_unreadable_file_is_accounted_for_and_stops_no_other(folder):
    (folder / "branch.csv").write_text("code,name\nB1,Lakeside\n", encoding="utf-8")
    (folder / "customer.parquet").write_bytes(b"PAR1 and no more")
    reports = load(folder=folder, mapping=None, today=TODAY)
    assert [(one.feed, one.status) for one in reports] == [("branch", "loaded"), ("customer", "refused")]
    load(folder=folder, mapping=None, today=TODAY)
    assert FeedFile.objects.filter(feed="customer", rows_in=0).count() == 1
    assert "cut short" in problems()[0].reasons[0]["sentence"]


def test_a_missing_look_up_file_refuses_only_the_file_that_needs_it(folder):
    (folder / "places.txt").unlink()
    reports = load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY)
    assert [one.status for one in reports] == ["loaded", "refused"]
    assert "places.txt" in reports[1].reasons[0].sentence


def test_a_look_up_of_a_column_that_is_not_there_is_refused(folder):
    (folder / "places.txt").write_text("zip;kind\n1;town\n", encoding="utf-8")
    report = load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY)[1]
    assert report.status == "refused"
    assert "place" in report.reasons[0].sentence


def test_a_folder_without_a_feed_is_refused_in_one_sentence(folder, tmp_path):
    with pytest.raises(LoadRefusedError, match="named after a feed"):
        load(folder=folder, mapping=None, today=TODAY)
    (folder / "people.txt").unlink()
    other = tmp_path / "other.toml"
    other.write_text('[[file]]\nfeed = "branch"\npath = "x.csv"\n', encoding="utf-8")
    with pytest.raises(LoadRefusedError, match=r"matches a path of other\.toml"):
        load(folder=folder, mapping=other, today=TODAY)


def test_a_wrong_mapping_is_refused_before_anything_is_stored(folder):
    (folder.parent / "bank.toml").write_text(MAPPING + 'shoe = "x"\n', encoding="utf-8")
    with pytest.raises(MappingError, match="has no column 'shoe'"):
        load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY)
    assert not FeedFile.objects.exists()
    assert not Tier.objects.exists()


def test_a_file_that_the_mapping_names_and_nobody_sent_is_said(folder):
    text = MAPPING + '[[file]]\nfeed = "branch"\npath = "houses.csv"\n'
    (folder.parent / "bank.toml").write_text(text, encoding="utf-8")
    report = load(folder=folder, mapping=folder.parent / "bank.toml", today=TODAY)[-1]
    assert (report.status, report.rows_in) == ("absent", 0)
    assert "houses.csv" in report.reasons[0].sentence


def test_a_file_of_a_future_date_is_loaded_when_its_day_has_come(folder):
    (folder / "branch_2026-04-02.csv").write_text("code,name\nB1,Lakeside\n", encoding="utf-8")
    early = load(folder=folder, mapping=None, today=TODAY)[0]
    assert (early.status, early.rows_in, early.kept_aside) == ("refused", 1, 1)
    assert load(folder=folder, mapping=None, today=dt.date(2026, 4, 2))[0].status == "loaded"
    assert [(one.loaded, one.kept_aside) for one in files()] == [(1, 0)]
