"""Occasions, solar and lunar: the days one year does not have, and the proof of the lunar table."""

import csv
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.calendars import lunar_table
from keybook.core.occasions import (
    LunarDay,
    LunarMonth,
    LunarRangeError,
    LunarTable,
    Occasion,
    OccasionError,
    age,
    lunar_birthday,
    next_on,
    occurrence,
    opens_on,
)
from keybook.core.workdays import WorkCalendar

SHARED = Path(os.environ.get("KEYBOOK_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
TODAY = date(2026, 11, 23)
TABLE = lunar_table()
solar_occasions = st.dates(date(1930, 1, 1), date(2026, 12, 31)).map(lambda day: Occasion(day.month, day.day, day.year))


def lunar(month, day, **more):
    return Occasion(month, day, lunar=True, **more)


def test_a_birthday_comes_next_year_when_this_years_is_past():
    assert next_on(occasion=Occasion(11, 22, 1970), today=TODAY) == (date(2027, 11, 22), 57)


def test_a_birthday_today_is_today():
    assert next_on(occasion=Occasion(11, 23, 1970), today=TODAY) == (TODAY, 56)


def test_a_birthday_without_a_year_has_no_age():
    assert next_on(occasion=Occasion(12, 24), today=TODAY) == (date(2026, 12, 24), None)


@pytest.mark.parametrize(("kept_on", "day"), [("feb28", date(2027, 2, 28)), ("mar1", date(2027, 3, 1))])
def test_the_29th_of_february_is_kept_as_stated_where_there_is_none(kept_on, day):
    occasion = Occasion(2, 29, 1972, leap_day=kept_on)
    assert next_on(occasion=occasion, today=TODAY) == (day, 55)
    assert next_on(occasion=occasion, today=date(2028, 1, 1)) == (date(2028, 2, 29), 56)


def test_an_occasion_that_comes_once_comes_once():
    opening = Occasion(11, 23, 2026, yearly=False)
    assert next_on(occasion=opening, today=TODAY) == (TODAY, 0)
    assert next_on(occasion=opening, today=TODAY + timedelta(days=1)) is None


def test_an_anniversary_that_begins_in_three_years_is_not_due_yet():
    assert next_on(occasion=Occasion(5, 1, 2029), today=TODAY) is None


def test_the_17th_of_the_10th_lunar_month_is_25_november_2026():
    assert next_on(occasion=lunar(10, 17), today=TODAY, table=TABLE) == (date(2026, 11, 25), None)


def test_the_8th_of_the_3rd_lunar_month_is_14_april_2027():
    assert next_on(occasion=lunar(3, 8, year=1974), today=TODAY, table=TABLE) == (date(2027, 4, 14), 53)


def test_a_birthday_in_the_last_lunar_month_falls_into_the_next_solar_year():
    assert next_on(occasion=lunar(12, 30), today=date(2026, 1, 2), table=TABLE).on == date(2026, 2, 16)


def test_the_30th_of_a_month_with_29_days_is_kept_on_the_29th():
    short = next(month for month in TABLE if month.year == 2026 and month.days == 29 and not month.leap)
    on = occurrence(occasion=lunar(short.month, 30), year=2026, table=TABLE).on
    assert on == short.first_day + timedelta(days=28)


def test_a_birthday_in_a_leap_month_is_kept_in_the_leap_month_or_else_in_the_ordinary_one():
    leap_second = lunar(2, 10, leap=True)
    assert occurrence(occasion=leap_second, year=2023, table=TABLE).on == date(2023, 3, 31)
    assert occurrence(occasion=leap_second, year=2024, table=TABLE).on == date(2024, 3, 19)
    assert occurrence(occasion=lunar(2, 10), year=2023, table=TABLE).on == date(2023, 3, 1)


def test_a_lunar_birthday_is_read_as_the_bank_writes_it():
    assert lunar_birthday(text=" 03-08 ") == lunar(3, 8)
    assert lunar_birthday(text="L02-10") == lunar(2, 10, leap=True)


def test_one_is_as_old_as_the_last_birthday():
    assert age(born_on=date(1970, 11, 23), today=TODAY) == 56
    assert age(born_on=date(1970, 11, 24), today=TODAY) == 55
    assert age(born_on=date(2004, 2, 29), today=date(2027, 2, 28)) == 23
    assert age(born_on=date(2004, 2, 29), today=date(2027, 2, 28), leap_day="mar1") == 22


def test_a_reminder_opens_on_a_workday_ahead():
    assert opens_on(on=date(2026, 11, 25), lead_days=3, calendar=WorkCalendar()) == date(2026, 11, 20)


@pytest.mark.parametrize(("month", "day"), [(2, 30), (4, 31), (13, 1), (0, 1), (1, 0), (1, 32)])
def test_a_day_no_year_has_is_refused(month, day):
    with pytest.raises(OccasionError, match="There is no day"):
        Occasion(month, day)


def test_the_31st_of_a_lunar_month_is_refused():
    with pytest.raises(OccasionError):
        lunar(1, 31)


def test_an_occasion_that_comes_once_is_refused_without_its_year():
    with pytest.raises(OccasionError, match="needs its year"):
        Occasion(1, 1, yearly=False)


@pytest.mark.parametrize("text", ["3-8", "13-01", "02-31", "X02-10", "", "٠٣-٠٨"])
def test_what_is_no_lunar_birthday_is_refused(text):
    with pytest.raises(OccasionError):
        lunar_birthday(text=text)


def test_a_lunar_occasion_is_refused_without_a_table():
    with pytest.raises(LunarRangeError, match="needs a lunar table"):
        next_on(occasion=lunar(1, 1), today=TODAY)


def test_a_year_outside_the_table_is_refused():
    with pytest.raises(LunarRangeError, match="2101"):
        TABLE.solar(year=2101, month=1, day=1)
    for day in (date(1900, 1, 30), date(2101, 3, 1)):
        with pytest.raises(LunarRangeError, match="outside"):
            TABLE.lunar(day)


def test_a_table_with_a_gap_or_without_a_month_is_refused():
    first = LunarMonth(2026, 1, leap=False, first_day=date(2026, 2, 17), days=29)
    with pytest.raises(LunarRangeError, match="a gap"):
        LunarTable([first, LunarMonth(2026, 2, leap=False, first_day=date(2026, 3, 19), days=30)])
    with pytest.raises(LunarRangeError, match="at least a month"):
        LunarTable([])


def test_nobody_may_be_born_tomorrow():
    with pytest.raises(OccasionError, match="Nobody born"):
        age(born_on=TODAY + timedelta(days=1), today=TODAY)


def test_a_reminder_may_not_come_after_its_occasion():
    with pytest.raises(OccasionError):
        opens_on(on=TODAY, lead_days=-1, calendar=WorkCalendar())


@pytest.mark.shared
def test_every_lunar_month_from_1900_to_2030_is_the_one_six_engines_agree_on():
    path = SHARED / "lunar" / "lunar_months_1900_2030.csv"
    if not path.exists():
        pytest.skip("the folder shared/data/lunar is absent")
    with path.open(newline="", encoding="utf-8") as file:
        expected = {
            LunarMonth(
                int(row["lunar_year"]), int(row["lunar_month"]), row["is_leap"] == "1",
                date.fromisoformat(row["first_day_gregorian"]), int(row["days"]),
            )
            for row in csv.DictReader(file)
        }  # fmt: skip
    assert len(expected) == 1620
    assert {month for month in TABLE if month.year <= 2030} == expected


@pytest.mark.shared
def test_every_day_from_1900_to_2030_is_the_lunar_day_of_the_truth_table_and_back():
    path = SHARED / "lunar" / "lunar_months_1900_2030.csv"
    if not path.exists():
        pytest.skip("the folder shared/data/lunar is absent")
    days = 0
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            year, month, leap = int(row["lunar_year"]), int(row["lunar_month"]), row["is_leap"] == "1"
            first = date.fromisoformat(row["first_day_gregorian"])
            for day in range(1, int(row["days"]) + 1):
                on = first + timedelta(days=day - 1)
                assert TABLE.lunar(on) == LunarDay(year, month, leap, day)
                assert TABLE.solar(year=year, month=month, day=day, leap=leap) == on
                days += 1
    assert days == (date(2031, 1, 23) - date(1900, 1, 31)).days


def test_every_day_to_2100_has_one_lunar_day_which_leads_back_to_it():
    on, last = date(2031, 1, 23), date(2100, 12, 31)
    before = TABLE.lunar(on - timedelta(days=1))
    while on <= last:
        found = TABLE.lunar(on)
        follows = found.day == before.day + 1 and found[:3] == before[:3]
        assert follows or (found.day == 1 and before.day in {29, 30})
        assert TABLE.solar(year=found.year, month=found.month, day=found.day, leap=found.leap) == on
        on, before = on + timedelta(days=1), found


@given(solar_occasions, st.dates(date(1940, 1, 1), date(2090, 12, 31)))
def test_the_next_occurrence_is_within_a_year_and_never_past(occasion, today):
    found = next_on(occasion=occasion, today=today)
    if occasion.year > today.year + 1:
        assert found is None
    else:
        first = occurrence(occasion=occasion, year=occasion.year).on
        assert found.on >= today
        assert found.on - max(today, first) <= timedelta(days=366)


@given(st.dates(date(1900, 1, 31), date(2100, 12, 31)))
def test_a_lunar_day_and_back_is_the_same_day(day):
    found = TABLE.lunar(day)
    assert isinstance(found, LunarDay)
    assert TABLE.solar(year=found.year, month=found.month, day=found.day, leap=found.leap) == day


@given(st.integers(1, 12), st.integers(1, 30), st.booleans(), st.dates(date(1920, 1, 1), date(2090, 1, 1)))
def test_a_lunar_birthday_comes_within_thirteen_months(month, day, leap, today):
    found = next_on(occasion=lunar(month, day, leap=leap), today=today, table=TABLE)
    assert today <= found.on <= today + timedelta(days=414)


@given(st.dates(date(1930, 1, 1), date(2020, 12, 31)), st.dates(date(2021, 1, 1), date(2060, 1, 1)))
def test_one_turns_a_year_older_only_on_a_birthday(born_on, today):
    older = age(born_on=born_on, today=today) - age(born_on=born_on, today=today - timedelta(days=1))
    birthday = occurrence(occasion=Occasion(born_on.month, born_on.day), year=today.year).on
    assert older == (today == birthday)
