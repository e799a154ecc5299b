"""What English lines of relationship managers say about time, read on Wednesday 5 August 2026 at 10:30."""

import time
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.calendars import lunar_table
from keybook.core.reading.english import every_time, times

AT = datetime(2026, 8, 5, 10, 30)
TABLE = lunar_table()
PARTS = [
    "from",
    "to",
    "between",
    "and",
    "until",
    "the",
    "of",
    "in",
    "on",
    "at",
    "for",
    "by",
    "before",
    "after",
    "since",
    "next",
    "last",
    "this",
    "every",
    "ago",
    "later",
    "now",
    "within",
    "rest",
    "early",
    "mid",
    "late",
    "end",
    "week",
    "month",
    "year",
    "day",
    "quarter",
    "decade",
    "hour",
    "minutes",
    "Monday",
    "Fridays",
    "May",
    "August",
    "2026",
    "'16",
    "15th",
    "31",
    "12",
    "8",
    "0",
    "1st",
    "second",
    "three",
    "half",
    "past",
    "noon",
    "am",
    "pm",
    "4pm",
    "8:30",
    "25:61",
    "3/4",
    "31/2",
    "2026-08-31",
    "12-2026",
    "9999",
    "Q3",
    "H2",
    "tonight",
    "morning",
    "summer",
    "weekly",
    "Christmas",
    "Easter",
    "qingming",
    "Ramadan",
    "70s",
    "nineties",
    "eod",
    "month-end",
    ",",
    ".",
    "-",
    "(",
    ")",
    "!",
    "'s",
    "fortnight",
    "business",
    "couple",
    "few",
]


def read(text, at=AT):
    return times(text=text, at=at, table=TABLE)


def values(text):
    return [reading.value for entity in read(text) for reading in entity.readings]


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


@given(st.lists(st.sampled_from(PARTS), max_size=25))
def test_any_row_of_words_about_time_is_read_without_an_error(parts):
    text = " ".join(parts)
    for entity in every_time(text=text, at=AT, table=TABLE):
        assert entity.text == text[entity.start : entity.end]
        assert entity.readings or entity.trouble or entity.kind in ("duration", "set")


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_a_day_written_in_full_is_that_day(day):
    for text in (f"{day:%d %B %Y}", f"{day:%B %d, %Y}", f"{day:%Y-%m-%d}", f"on {day:%A}, {day:%d %b %Y}"):
        (entity,) = read(text)
        assert ([one.value for one in entity.readings], entity.trouble) == ([day.isoformat()], "")


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.dates(date(2000, 1, 1), date(2035, 12, 31)))
def test_a_day_without_its_year_is_the_coming_and_the_past_one(day, today):
    readings = {
        one.sense: one.value for one in read(f"{day:%d %B}", datetime(today.year, today.month, today.day))[0].readings
    }
    assert readings["past"] < today.isoformat() <= readings["future"]
    assert {value[5:] for value in readings.values()} == {f"{day:%m-%d}"}


@pytest.mark.parametrize(
    "day", ["1583-04-10", "1818-03-22", "1900-04-15", "1943-04-25", "2000-04-23", "2038-04-25", "2100-03-28"]
)
def test_easter_is_where_the_almanac_has_it(day):
    assert values(f"Easter {day[:4]}") == [day]


def test_a_weekday_that_is_not_the_days_is_marked():
    assert [entity.trouble for entity in read("Tuesday 31/8/2026, then Monday 7/9/2026")] == ["weekday_differs", ""]


@pytest.mark.parametrize(
    "text",
    [
        "ratio 1.6714", "4832 North Kedvale Avenue https://t.co/Jzruq4pTxp", "the 27th floor", "the first prize",
        "score 3-2", "unit 5-6", "2/3 of the balance", "raised by 3 percent", "2000 people", "phone 13800138000",
        "a second opinion", "he sat with me, I may call", "week 0", "year 0", "the fifth quarter", "balance 2016",
        "Martin Luther King has a holiday under his name",
    ],
)  # fmt: skip
def test_what_is_no_time_is_not_read_as_one(text):
    assert read(text) == ()


@pytest.mark.parametrize(
    "part", ["1 ", "1-", "1/", "1 day ", "from 1 to ", "two hundred and ", "twenty-", "monday ", "q3 "]
)
def test_ten_thousand_hostile_characters_do_not_stop_the_reader(part):
    began = time.process_time()
    read((part * 10_000)[:10_000])
    assert time.process_time() - began < 3


def test_a_memo_of_ten_thousand_characters_is_read_while_one_waits():
    memo = "CD at ICBC matures end of August, call next Wednesday afternoon about 450k. " * 134
    began = time.process_time()
    assert len(read(memo)) == 268
    assert time.process_time() - began < 1


def test_a_line_takes_little_time():
    line = "CD at ICBC matures end of August, call next Wednesday afternoon about 450k"
    read(line)
    began = time.process_time()
    for _ in range(20):
        read(line)
    assert (time.process_time() - began) / 20 < 0.02
