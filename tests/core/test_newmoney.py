"""Net new money: whole months, first accounts from nothing, a missing number is not a zero."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.newmoney import Window, month_after, net_new, since, window

D = dt.date
OVER = Window(D(2026, 7, 1), D(2026, 10, 1))


def test_the_last_three_whole_months_before_the_23rd_of_november_are_august_to_october() -> None:
    # base = end of July, last = end of October: what moved on 1 August … 31 October
    assert window(on=D(2026, 11, 23), months=3) == OVER
    assert OVER.begins_on == D(2026, 8, 1)


def test_a_month_counts_from_its_own_last_day_on() -> None:
    assert window(on=D(2026, 11, 29), months=1).last == D(2026, 10, 1)
    assert window(on=D(2026, 11, 30), months=1).last == D(2026, 11, 1)


def test_what_came_less_what_went() -> None:
    # 1,250,000 at the end of October less 1,000,000 at the end of July
    assert net_new(before=Decimal(1_000_000), after=Decimal(1_250_000), opened_on=None, over=OVER) == 250_000
    assert net_new(before=Decimal(1_000_000), after=Decimal(0), opened_on=None, over=OVER) == -1_000_000


def test_who_opened_the_first_account_in_between_counts_from_nothing() -> None:
    assert net_new(before=None, after=Decimal(300_000), opened_on=D(2026, 8, 1), over=OVER) == 300_000


@pytest.mark.parametrize(
    ("before", "after", "opened_on"),
    [
        (None, Decimal(5), D(2026, 7, 31)),  # was there at the end of July, and nobody knows with how much
        (None, Decimal(5), None),
        (Decimal(5), None, None),
        (None, None, D(2026, 9, 1)),
    ],
)
def test_what_is_not_known_is_no_zero(before: Decimal | None, after: Decimal | None, opened_on: dt.date | None) -> None:
    assert net_new(before=before, after=after, opened_on=opened_on, over=OVER) is None


def test_three_months_before_the_31st_of_may_is_the_last_day_of_february() -> None:
    assert since(on=D(2026, 5, 31), months=3) == D(2026, 2, 28)
    assert since(on=D(2026, 11, 23), months=12) == D(2025, 11, 23)


@given(st.dates(D(2000, 1, 1), D(2090, 1, 1)), st.integers(1, 24))
def test_windows_that_follow_one_another_leave_no_month_out_and_count_none_twice(on: dt.date, months: int) -> None:
    now = window(on=on, months=months)
    before = window(on=month_after(month=now.base) - dt.timedelta(days=1), months=months)
    assert before.last == now.base
    assert now.last <= on < month_after(month=now.last, months=2)
    assert month_after(month=now.base, months=months) == now.last
