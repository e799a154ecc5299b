"""Half-open periods."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.periods import Period, PeriodError, month_after

START, END = date(2026, 1, 1), date(2026, 2, 1)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
periods = st.builds(
    lambda start, length: Period(start, None if length is None else start + timedelta(days=length)),
    days,
    st.none() | st.integers(1, 900),
)


def test_the_first_day_is_inside_and_the_end_is_not():
    period = Period(START, END)
    assert [period.contains(day) for day in (START, END - timedelta(days=1), END)] == [True, True, False]
    assert not period.contains(START - timedelta(days=1))


def test_a_period_without_an_end_still_runs():
    assert Period(START).contains(date(2999, 1, 1))


def test_neighbours_meet_and_do_not_overlap():
    first, second = Period(START, END), Period(END)
    assert first.meets(second)
    assert not second.meets(first)
    assert not first.overlaps(second)


def test_its_days_are_counted_up_to_a_day():
    assert Period(START, END).days(until=date(2027, 1, 1)) == 31
    assert Period(START).days(until=END) == 31
    assert Period(END).days(until=START) == 0


def test_a_running_period_is_ended_on_a_day():
    assert Period(START).ended(END) == Period(START, END)


@pytest.mark.parametrize("end", [START, START - timedelta(days=1)])
def test_a_period_that_ends_before_it_begins_is_refused(end):
    with pytest.raises(PeriodError, match="must end after"):
        Period(START, end)


def test_a_period_that_has_ended_may_not_be_ended_later():
    with pytest.raises(PeriodError, match="already ended"):
        Period(START, END).ended(END + timedelta(days=1))


@given(periods, periods, days)
def test_periods_overlap_exactly_when_a_day_lies_in_both(one, other, day):
    assert one.overlaps(other) == other.overlaps(one)
    if one.contains(day) and other.contains(day):
        assert one.overlaps(other)
    assert one.overlaps(other) == one.contains(max(one.start, other.start)) & other.contains(
        max(one.start, other.start)
    )


@pytest.mark.parametrize(
    ("on", "after"),
    [
        (date(2026, 11, 23), date(2026, 12, 23)), (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2027, 1, 31), date(2027, 2, 28)), (date(2028, 1, 30), date(2028, 2, 29)), (date(2026, 3, 31), date(2026, 4, 30)),
    ],
)  # fmt: skip
def test_a_month_later_is_the_same_day_or_the_last_one(on: date, after: date):
    assert month_after(on=on) == after
