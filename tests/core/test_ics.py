"""Calendars as text, read back by a library that others keep."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.ics import Entry, EntryError, calendar, duration, fold, text

CHANGED = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 27)
SAYABLE = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=120)


def entry(**more: object) -> Entry:
    values: dict[str, object] = {
        "uid": "promise-1@keybook",
        "on": DAY,
        "summary": "Zhang Wei: call back",
        "changed_at": CHANGED,
    }
    return Entry(**{**values, **more})  # type: ignore[arg-type]


def events(*entries: Entry, name: str = "Keybook") -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(calendar(name=name, entries=entries)).walk("VEVENT"))


def test_a_whole_day_has_its_day_its_alarm_at_nine_and_a_stable_name():
    (found,) = events(entry())
    assert found["UID"] == "promise-1@keybook"
    assert found.decoded("DTSTART") == DAY
    assert found.decoded("DTEND") == DAY + dt.timedelta(days=1)
    assert found.decoded("DTSTAMP") == found.decoded("LAST-MODIFIED") == CHANGED
    assert found.decoded("SEQUENCE") == 0
    (alarm,) = found.walk("VALARM")
    assert alarm.decoded("TRIGGER") == dt.timedelta(hours=9)


def test_an_hour_is_a_moment_in_utc_with_an_end_and_an_alarm_before():
    at = dt.datetime(2026, 11, 27, 7, 0, tzinfo=dt.UTC)
    (found,) = events(entry(at=at, alarms=(-15,), sequence=3))
    assert found.decoded("DTSTART") == at
    assert found.decoded("DTEND") == at + dt.timedelta(minutes=30)
    assert found.walk("VALARM")[0].decoded("TRIGGER") == dt.timedelta(minutes=-15)
    assert found.decoded("SEQUENCE") == 3


def test_the_calendar_says_its_name_and_how_often_to_ask():
    found = icalendar.Calendar.from_ical(calendar(name="钥匙簿; A, B", entries=()))
    for name in ("NAME", "X-WR-CALNAME"):  # of no type the library knows: it leaves them escaped
        assert str(found[name]) == "钥匙簿\\; A\\, B"
    assert found.decoded("REFRESH-INTERVAL") == dt.timedelta(hours=1)
    assert found["METHOD"] == "PUBLISH"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "PT0M"), (540, "PT9H"), (-15, "-PT15M"), (540 - 3 * 1440, "-P2DT15H"), (-1440, "-P1D"), (61, "PT1H1M")],
)
def test_minutes_are_said_as_a_duration(minutes, said):
    assert duration(minutes) == said


@pytest.mark.parametrize("wrong", [{"sequence": -1}, {"minutes": 0}, {"at": dt.datetime(2026, 11, 27, 7, 0)}])
def test_an_entry_that_no_calendar_can_hold_is_refused(wrong):
    with pytest.raises((EntryError, TypeError)):
        entry(**wrong)


def test_a_moment_in_another_zone_is_refused():
    with pytest.raises(EntryError):
        entry(at=dt.datetime(2026, 11, 27, 7, 0, tzinfo=dt.timezone(dt.timedelta(hours=8))))


def test_a_name_cannot_end_the_entry_it_stands_in():
    evil = "Zhang\r\nEND:VEVENT\r\nBEGIN:VEVENT\nATTENDEE:mailto:x@example.com\u2028X:1\x00\x85"
    (found,) = events(entry(summary=evil, description=evil, category=evil))
    assert "ATTENDEE" not in found
    assert "END:VEVENT" in found["SUMMARY"]


@given(SAYABLE, SAYABLE)
def test_every_text_comes_back_as_it_was(summary, description):
    (found,) = events(entry(summary=f"a{summary}", description=description and f"b{description}"))
    assert str(found["SUMMARY"]) == f"a{summary}"
    assert str(found.get("DESCRIPTION", "")) == (description and f"b{description}")


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=400))
def test_no_line_is_longer_than_it_may_be_and_none_is_cut_inside_a_character(value):
    folded = fold(text(value))
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == text(value)
    assert "\n" not in text(value)


def test_an_entry_leads_back_to_its_page():
    (found,) = events(entry(address="https://keybook.example/customers/7/"))
    assert str(found["URL"]) == "https://keybook.example/customers/7/"
    (without,) = events(entry(address=""))
    assert "URL" not in without
