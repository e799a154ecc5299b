"""What English lines of relationship managers say about time, read on Wednesday 5 August 2026 at 10:30."""

import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.calendars import lunar_table
from keybook.core.reading.english import every_time, times

AT = datetime(2026, 8, 5, 10, 30)
TABLE = lunar_table()


def read(text, at=AT):
    return times(text=text, at=at, table=TABLE)


def values(text, at=AT):
    return [reading.value for entity in read(text, at) for reading in entity.readings]


def coming(text):
    """The readings that are not past, which is what a promise means."""
    return [reading.value for entity in read(text) for reading in entity.readings if reading.sense != "past"]


@pytest.mark.parametrize(
    ("text", "kind", "found", "expected"),
    [
        ("CD at ICBC matures end of August", "daterange", "end of August", ["2026-08-16/2026-09-01"]),
        ("call next Wednesday afternoon", "datetimerange", "next Wednesday afternoon", ["2026-08-12T12:00:00/2026-08-12T16:00:00"]),
        ("rolls in three months", "date", "in three months", ["2026-11-05"]),
        ("matures 15/8", "date", "15/8", ["2026-08-15"]),
        ("matures 8/15", "date", "8/15", ["2026-08-15"]),
        ("I promised it by Friday", "daterange", "by Friday", ["../2026-08-07"]),
        ("pay day is the 15th", "date", "the 15th", ["2026-08-15"]),
        ("day after tomorrow at 4pm", "datetime", "day after tomorrow at 4pm", ["2026-08-07T16:00:00"]),
        ("before 2018", "daterange", "before 2018", ["../2018-01-01"]),
        ("since Monday", "daterange", "since Monday", ["2026-08-10/.."]),
        ("no later than 15 May", "daterange", "no later than 15 May", ["../2027-05-15"]),
        ("after 3pm", "timerange", "after 3pm", ["T15:00/.."]),
        ("the plan for Q3", "daterange", "Q3", ["2026-07-01/2026-10-01"]),
        ("first half of next year", "daterange", "first half of next year", ["2027-01-01/2027-07-01"]),
        ("at month end", "daterange", "month end", ["2026-08-16/2026-09-01"]),
        ("mid-May", "daterange", "mid-May", ["2027-05-10/2027-05-21"]),
        ("16:30 at the branch", "time", "16:30", ["T16:30"]),
        ("open every Monday", "set", "every Monday", ["R/P1W"]),
        ("two and a half years", "duration", "two and a half years", ["P2.5Y"]),
        ("gift for Chinese New Year", "date", "Chinese New Year", ["2027-02-06"]),
        ("Mid-Autumn visit", "date", "Mid-Autumn", ["2026-09-25"]),
    ],
)  # fmt: skip
def test_a_line_is_read_as_a_banker_means_it(text, kind, found, expected):
    entity = next(entity for entity in read(text) if entity.kind == kind)
    assert (entity.text, [r.value for r in entity.readings if r.sense != "past"]) == (found, expected)


def test_day_and_month_that_can_be_either_are_both_offered():
    assert values("matures 03/04/2026") == ["2026-03-04", "2026-04-03"]


def test_an_hour_without_its_half_of_the_day_is_both():
    assert values("at half past nine") == ["T09:30", "T21:30"]


def test_a_day_no_calendar_has_is_found_and_has_no_reading():
    (entity,) = read("matures 30 February")
    assert (entity.text, entity.readings, entity.trouble) == ("30 February", (), "no_such_day")


def test_an_amount_is_no_year():
    assert read("deposit of USD 2016 and 2019 yuan") == ()


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error_and_each_entity_is_its_slice(text):
    for entity in every_time(text=text, at=AT, table=None):
        assert entity.text == text[entity.start : entity.end]


def test_a_line_takes_little_time():
    line = "CD at ICBC matures end of August, call next Wednesday afternoon about 450k"
    read(line)
    began = time.perf_counter()
    for _ in range(20):
        read(line)
    assert (time.perf_counter() - began) / 20 < 0.02
