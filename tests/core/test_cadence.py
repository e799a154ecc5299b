"""The contact standard: when the next contact is due, when it is late, who is covered."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.calendars import workdays
from keybook.core.cadence import (
    Coverage,
    Due,
    StandardError,
    counted_from,
    coverage,
    is_overdue,
    late_from,
    next_due_on,
)
from keybook.core.workdays import WorkCalendar

PLAIN = WorkCalendar()


def test_thirty_days_that_end_on_a_saturday_are_due_on_friday():
    due = next_due_on(since=date(2026, 10, 22), standard_days=30, grace_days=5, calendar=PLAIN)
    assert due == Due(on=date(2026, 11, 20), late_from=date(2026, 11, 26))


def test_a_standard_with_no_workday_inside_is_due_on_the_first_one_after():
    friday = date(2026, 11, 20)
    assert next_due_on(since=friday, standard_days=1, grace_days=0, calendar=PLAIN).on == date(2026, 11, 23)


@pytest.mark.parametrize(("days", "grace"), [(0, 5), (-1, 5), (30, -1)])
def test_a_standard_that_cannot_be_kept_is_refused(days, grace):
    with pytest.raises(StandardError, match="cannot be kept"):
        next_due_on(since=date(2026, 1, 1), standard_days=days, grace_days=grace, calendar=PLAIN)


def test_the_last_day_of_grace_is_not_late_and_the_next_is():
    due = Due(date(2026, 11, 20), late_from(due_on=date(2026, 11, 20), grace_days=2))
    assert not is_overdue(due=due, today=date(2026, 11, 22))
    assert is_overdue(due=due, today=date(2026, 11, 23))


def test_the_standard_counts_from_the_contact_the_new_tier_or_the_account():
    contact, tier, account = date(2026, 3, 1), date(2026, 9, 1), date(2020, 1, 1)
    assert counted_from(last_contact_on=contact, tier_since=tier, opened_on=account) == tier
    assert counted_from(last_contact_on=tier, tier_since=contact, opened_on=account) == tier
    assert counted_from(last_contact_on=None, tier_since=None, opened_on=account) == account


def test_nobody_known_by_any_date_may_have_a_due_date():
    assert counted_from(last_contact_on=None, tier_since=None, opened_on=None) is None


def test_coverage_counts_those_inside_and_rounds_down():
    today = date(2026, 11, 23)
    dues = [Due(today, today + timedelta(days=1)), Due(today, today + timedelta(days=3)), Due(today, today)]
    assert coverage(dues=dues, today=today) == Coverage(inside=2, total=3)
    assert Coverage(inside=199, total=200).percent == 99


def test_an_empty_book_has_no_percentage():
    assert coverage(dues=[], today=date(2026, 1, 1)).percent is None


@given(
    st.dates(date(2020, 1, 1), date(2026, 6, 1)),
    st.integers(12, 400),
    st.integers(0, 60),
    st.sampled_from([PLAIN, workdays("CN")]),
)
def test_the_next_contact_is_a_workday_within_the_standard(since, days, grace, calendar):
    due = next_due_on(since=since, standard_days=days, grace_days=grace, calendar=calendar)
    assert calendar.is_workday(due.on)
    assert since < due.on <= since + timedelta(days=days)
    assert due.late_from == due.on + timedelta(days=grace + 1)
