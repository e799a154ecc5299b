"""Workdays: counted by hand, by hypothesis, and against China's notices for 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.calendars import UnknownCalendarError, workdays
from keybook.core.workdays import CalendarError, WorkCalendar

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 11, day) for day in (20, 21, 22, 23))
PLAIN = WorkCalendar()
CHINA = workdays("CN")
days = st.dates(date(2005, 1, 1), date(2030, 12, 31))
calendars = st.sampled_from([PLAIN, CHINA, WorkCalendar(weekend=frozenset({4, 5}))])


def test_a_weekend_is_not_worked_and_a_make_up_day_is():
    calendar = WorkCalendar(holidays=frozenset({FRIDAY}), makeup=frozenset({SATURDAY}))
    assert [calendar.is_workday(day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)] == [False, True, False, True]


def test_a_make_up_day_wins_over_a_holiday():
    assert WorkCalendar(holidays=frozenset({FRIDAY}), makeup=frozenset({FRIDAY})).is_workday(FRIDAY)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (FRIDAY, 0, FRIDAY),
        (FRIDAY, 1, MONDAY),
        (SATURDAY, 0, MONDAY),
        (SATURDAY, 1, MONDAY),
        (SATURDAY, 2, date(2026, 11, 24)),
        (MONDAY, -1, FRIDAY),
        (SUNDAY, -1, FRIDAY),
        (MONDAY, 5, date(2026, 11, 30)),
    ],
)
def test_workdays_are_added_by_hand(start, count, end):
    assert PLAIN.add_workdays(start, count) == end


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (FRIDAY, MONDAY, 1),
        (SATURDAY, MONDAY, 0),
        (FRIDAY, FRIDAY, 0),
        (MONDAY, FRIDAY, 0),
        (date(2026, 11, 1), date(2026, 12, 1), 21),
    ],
)
def test_workdays_between_do_not_count_the_end(start, end, count):
    assert PLAIN.workdays_between(start, end) == count


def test_a_day_is_shifted_forward_back_or_within_its_month():
    assert PLAIN.shift(SATURDAY) == MONDAY
    assert PLAIN.shift(SATURDAY, "back") == FRIDAY
    assert PLAIN.shift(date(2026, 10, 31), "modified") == date(2026, 10, 30)
    assert PLAIN.shift(SATURDAY, "modified") == MONDAY


def test_china_works_the_make_up_saturday_and_rests_on_national_day():
    assert CHINA.is_workday(date(2026, 10, 10))
    assert not CHINA.is_workday(date(2026, 10, 1))
    assert CHINA.add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8)


def test_china_beyond_the_notices_still_rests_on_public_holidays():
    assert not CHINA.is_workday(date(2040, 10, 1))
    assert not CHINA.is_workday(date(1999, 10, 1))


def test_china_of_noticed_years_alone_needs_no_other_source():
    assert not workdays("CN", 2020, 2020).is_workday(date(2020, 1, 24))


def test_the_czech_republic_rests_on_its_statehood_day():
    assert not workdays("CZ").is_workday(date(2026, 9, 28))


def test_a_country_without_public_holidays_is_refused():
    with pytest.raises(UnknownCalendarError, match="'XX'"):
        workdays("XX")


def test_a_calendar_that_never_works_is_refused():
    never = WorkCalendar(weekend=frozenset(range(7)))
    with pytest.raises(CalendarError, match="this calendar is wrong"):
        never.next_workday(MONDAY)
    with pytest.raises(CalendarError):
        never.previous_workday(MONDAY)


@given(calendars, days)
def test_the_next_and_the_previous_workday_embrace_the_day(calendar, day):
    before, after = calendar.previous_workday(day), calendar.next_workday(day)
    assert before <= day <= after
    assert calendar.is_workday(before)
    assert calendar.is_workday(after)
    assert (before == after) == calendar.is_workday(day)


@given(calendars, days, st.integers(1, 40))
def test_adding_workdays_and_counting_them_agree(calendar, day, count):
    end = calendar.add_workdays(day, count)
    assert calendar.is_workday(end)
    assert calendar.workdays_between(day + timedelta(days=1), end + timedelta(days=1)) == count


@given(calendars, days, st.integers(1, 40))
def test_workdays_added_to_a_workday_are_taken_away_again(calendar, day, count):
    start = calendar.next_workday(day)
    assert calendar.add_workdays(calendar.add_workdays(start, count), -count) == start


@given(calendars, days, st.integers(0, 60), st.integers(0, 60))
def test_counts_of_neighbouring_stretches_add_up(calendar, day, first, second):
    middle, end = day + timedelta(days=first), day + timedelta(days=first + second)
    whole = calendar.workdays_between(day, end)
    assert whole == calendar.workdays_between(day, middle) + calendar.workdays_between(middle, end)
