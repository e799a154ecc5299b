"""The page on the bank's files: its sum, its reasons in the reader's language, and who may not read it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation

from keybook.apps.feeds import words
from keybook.apps.feeds.models import FeedFile
from keybook.apps.feeds.queries import newest_by_feed, problems
from tests.cast import Cast, as_web

PAGE = "/settings/feeds/"
DAY = dt.date(2026, 11, 20)
BAD_DATE = {
    "code": "bad_date", "column": "opened_on", "count": 3, "example": "row 7: 2026-02-30",
    "sentence": "opened_on is not a day of the calendar written YYYY-MM-DD.",
}  # fmt: skip


def make_file(**more: Any) -> FeedFile:
    told = {
        "feed": "holding", "date": DAY, "name": "holding_2026-11-20.csv", "sha256": "a" * 64, "rows_in": 1200,
        "loaded": 1197, "kept_aside": 3, "reasons": [BAD_DATE], "rejected_path": "/lake/rejected/holding/1.csv",
        "loaded_at": timezone.now(),
    }  # fmt: skip
    return FeedFile.objects.create(**{**told, **more})


def page(staff: Any) -> str:
    answer = as_web(staff).get(PAGE)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_page_says_rows_in_and_why_some_are_kept_aside(cast: Cast) -> None:
    make_file()
    text = page(cast.mei)
    for part in ("1,200", "1,197", "3 kept aside", "opened_on is no day of the calendar", "Written YYYY-MM-DD.",
                 "first in row 7: “2026-02-30”"):  # fmt: skip
        assert part in text


def test_a_reader_of_chinese_reads_the_reasons_in_chinese(cast: Cast) -> None:
    make_file()
    type(cast.mei).objects.filter(pk=cast.mei.pk).update(language="zh-hans")
    text = page(cast.mei)
    assert "opened_on 不是日历上的日期" in text
    assert "首见于第 7 行" in text
    assert "is not a day" not in text


def test_only_the_administrator_is_told_where_the_rows_lie(cast: Cast) -> None:
    make_file()
    assert "/lake/rejected/holding/1.csv" in page(cast.ada)
    assert "/lake/rejected" not in page(cast.mei)


@pytest.mark.parametrize("who", ["alice", "dora", "leo"])
def test_others_may_not_read_it_and_find_no_way_to_it(cast: Cast, who: str) -> None:
    make_file()
    browser = as_web(getattr(cast, who))
    refused = browser.get(PAGE)
    assert refused.status_code == 403
    assert "holding_2026" not in refused.content.decode()
    assert PAGE not in browser.get("/settings/me/").content.decode()


def test_nothing_can_be_posted_to_it(cast: Cast) -> None:
    file = make_file()
    assert as_web(cast.ada).post(PAGE, {"loaded": "0"}).status_code == 405
    assert FeedFile.objects.get(pk=file.pk).loaded == 1197


@pytest.mark.parametrize("column", ["name", "id_number", "phone", "born_on", "counterparty"])
def test_a_value_that_may_tell_of_a_person_is_not_shown(cast: Cast, column: str) -> None:
    make_file(reasons=[{**BAD_DATE, "column": column, "example": "row 7: Zhang 138"}])
    text = page(cast.ada)
    assert "Zhang 138" not in text
    assert "first in row 7" in text


def test_what_stands_in_a_file_cannot_become_markup(cast: Cast) -> None:
    make_file(name="<script>x</script>.csv", reasons=[{**BAD_DATE, "example": "row 7: <b>x</b>"}])
    text = page(cast.ada)
    assert "<script>x" not in text
    assert "<b>x" not in text


def test_a_code_the_page_does_not_know_is_said_as_the_lake_says_it(cast: Cast) -> None:
    make_file(reasons=[{**BAD_DATE, "code": "new_in_2030", "sentence": "Something else."}])
    assert "Something else." in page(cast.ada)


def test_an_installation_without_files_says_what_to_do_next(cast: Cast) -> None:
    assert "keybook feed load" in page(cast.ada)


def test_a_replaced_file_is_not_shown(cast: Cast) -> None:
    make_file(superseded=True)
    assert newest_by_feed() == []
    assert problems() == []


def test_the_newest_file_of_a_feed_stands_for_it(cast: Cast) -> None:
    make_file(date=DAY - dt.timedelta(days=1), sha256="b" * 64)
    newest = make_file()
    assert [file.id for file in newest_by_feed()] == [newest.pk]


@pytest.mark.parametrize(
    ("more", "mark"),
    [
        ({"kept_aside": 0, "loaded": 1200, "reasons": []}, "on"),
        ({}, "half"),
        ({"kept_aside": 1200, "loaded": 0}, "bad"),
        ({"rows_in": 0, "kept_aside": 0, "loaded": 0, "reasons": [{"code": "unreadable"}]}, "bad"),
        ({"rows_in": 0, "kept_aside": 0, "loaded": 0, "reasons": [{"code": "absent_file"}]}, "bad"),
    ],
)
def test_the_state_of_a_file_has_a_mark(cast: Cast, more: dict[str, Any], mark: str) -> None:
    make_file(**more)
    assert words.state(newest_by_feed()[0])[1] == mark


BAD = {
    "branch": b"code,name\nB1,One\n",
    "customer": (
        b"number,kind,name,born_on,branch,opened_on,need,language\nC1,person,Ann,1970-01-01,B1,2020-01-01,5,en\n"
        b"C1,person,Ann,1970-01-01,B1,2020-01-01,5,en\nC2,alien,Ann,1970-02-30,B9,2027-01-01,1.234,en\n"
        b",person,Ann\x01,1970-01-01,B1,2020-01-01,5,en\nC5,person,Ann,1970-01-01,B1\n"
         b"C6,person," + b"x" * 300 + b",1970-01-01,B1,2020-01-01,5,en\n"
    ),
    "holding": b"number,kind,name,strange\nH1,fund,F,1\n",
    "relation": bytes(range(256)) * 8,
}  # fmt: skip


def test_every_reason_a_real_load_gives_is_said_in_chinese(tmp_path: Path) -> None:
    from keybook.lake.contract import FEEDS
    from keybook.lake.intake import Order, take
    from keybook.lake.mapping import FileMap

    seen = set()
    for feed, content in BAD.items():
        (tmp_path / f"{feed}.csv").write_bytes(content)
        order = Order(tmp_path / "lake", tmp_path, FileMap(FEEDS[feed], f"{feed}.csv"), f"{feed}.csv", DAY, DAY, None)
        for reason in take(order).reasons:
            seen.add(reason.code)
            with translation.override("zh-hans"):
                head, way_out = words._words(reason.code, reason.column, reason.sentence)
            assert way_out, reason
            assert head != reason.sentence
            assert any("\u4e00" <= letter <= "\u9fff" for letter in head), reason
    assert len(seen) >= 9, seen
