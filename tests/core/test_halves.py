"""The room of a half-day, worked by hand, and what must hold for all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from keybook.core.halves import Keeps, Placed, Room, covered, fits, hours_on, is_worked, room, used
from keybook.core.periods import Period
from keybook.core.workdays import WorkCalendar

MORNING = (525, 750)  # 8:45 to 12:30: 225 minutes
KEEPS = Keeps(
    windows={"am": MORNING, "pm": (840, 1050)}, minutes={"am": 120, "pm": 120}, channels={"call": 20, "visit": 60},
    caps={"call": 3}, travel=30,
)  # fmt: skip
SPANS = st.lists(
    st.tuples(st.integers(0, 1440), st.integers(0, 1440)).map(lambda two: (min(two), max(two))), max_size=6
)
CALL, VISIT = Placed("call", 20), Placed("visit", 60, "Beihu")


def test_a_meeting_takes_its_share_of_the_minutes_for_contacts() -> None:
    # 10:00 to 11:00 is 60 of 225 minutes; 120 · 165 / 225 = 88
    assert room(minutes=120, window=MORNING, busy=[(600, 660)]) == 88


def test_meetings_that_overlap_count_once() -> None:
    # 10:00–11:00 and 10:30–11:30 cover 90 minutes; 120 · 135 / 225 = 72
    assert covered(window=MORNING, busy=[(630, 690), (600, 660)]) == 90
    assert room(minutes=120, window=MORNING, busy=[(630, 690), (600, 660)]) == 72


def test_a_meeting_outside_the_half_day_takes_nothing_and_one_across_it_everything() -> None:
    assert room(minutes=120, window=MORNING, busy=[(780, 840)]) == 120
    assert room(minutes=120, window=MORNING, busy=[(0, 1440)]) == 0


@given(SPANS)
def test_the_room_is_never_below_zero_nor_above_what_is_kept(busy: list[tuple[int, int]]) -> None:
    assert 0 <= room(minutes=120, window=MORNING, busy=busy) <= 120


@given(SPANS, st.tuples(st.integers(0, 700), st.integers(701, 1440)))
def test_one_more_meeting_never_makes_more_room(busy: list[tuple[int, int]], more: tuple[int, int]) -> None:
    assert room(minutes=120, window=MORNING, busy=[*busy, more]) <= room(minutes=120, window=MORNING, busy=busy)


@given(SPANS)
def test_covered_minutes_are_counted_one_by_one(busy: list[tuple[int, int]]) -> None:
    one_by_one = sum(any(start <= minute < end for start, end in busy) for minute in range(*MORNING))
    assert covered(window=MORNING, busy=busy) == one_by_one


def test_the_way_to_a_district_is_taken_once_in_a_half_day() -> None:
    # two visits in Beihu and one in Nanshan: 3 · 60 + 2 · 30 = 240; the call has no way
    nanshan = Placed("visit", 60, "Nanshan")
    assert used(placed=[VISIT, VISIT, nanshan], travel=30) == 240
    assert used(placed=[Placed("call", 20, "Beihu")], travel=30) == 20


def test_a_day_is_worked_unless_it_is_a_holiday_or_one_is_away() -> None:
    calendar = WorkCalendar(holidays=frozenset({date(2026, 10, 1)}), makeup=frozenset({date(2026, 10, 10)}))
    away = [Period(date(2026, 11, 26), date(2026, 11, 28))]

    def worked(on: date, weekdays: frozenset[int] = frozenset(range(5))) -> bool:
        return is_worked(on=on, weekdays=weekdays, calendar=calendar, away=away)

    assert worked(date(2026, 11, 23))
    assert worked(date(2026, 10, 10))  # a Saturday made up
    assert worked(date(2026, 11, 30))  # the first day after the leave... is a Monday
    assert not worked(date(2026, 10, 1))
    assert not worked(date(2026, 11, 28))  # a Saturday
    assert not worked(date(2026, 11, 27))
    assert not worked(date(2026, 11, 23), weekdays=frozenset({1, 2, 3, 4}))


def test_a_contact_fits_while_minutes_are_left() -> None:
    # 120 − (20 + 20 + 20) = 60
    found = fits(new=CALL, room=120, half=[CALL, CALL], day=[CALL, CALL], keeps=KEEPS)
    assert (found.why, found.left, found.count, found.most) == ("", 60, 3, 3)
    assert Room(120, 60).left == 60


def test_a_contact_does_not_fit_into_a_full_half_day() -> None:
    # a visit takes 60 and the way 30: 120 − (20 + 20 + 60 + 30) = −10
    found = fits(new=VISIT, room=120, half=[CALL, CALL], day=[CALL, CALL], keeps=KEEPS)
    assert (found.why, found.left) == ("full", -10)


def test_nothing_fits_where_nobody_works() -> None:
    assert fits(new=CALL, room=0, half=[], day=[], keeps=KEEPS).why == "shut"


def test_the_cap_of_a_channel_holds_for_the_whole_day() -> None:
    afternoon = fits(new=CALL, room=120, half=[], day=[CALL, CALL, CALL], keeps=KEEPS)
    assert (afternoon.why, afternoon.count, afternoon.most) == ("cap", 4, 3)
    assert fits(new=VISIT, room=120, half=[], day=[VISIT] * 9, keeps=KEEPS).why == ""


def test_a_channel_nobody_timed_takes_the_usual_minutes() -> None:
    assert KEEPS.takes("call") == 20
    assert KEEPS.takes("letter") == 20
    assert KEEPS.takes("letter", usual=15) == 15


def test_what_goes_on_over_midnight_takes_the_hours_of_both_days():
    friday, at, one, hour = (
        date(2026, 12, 4),
        datetime(2026, 12, 4, 7, tzinfo=UTC),
        timedelta(days=1),
        timedelta(hours=1),
    )
    days = Period(friday, friday + 9 * one)
    evening = datetime(2026, 12, 4, 22, 30, tzinfo=UTC)
    assert hours_on(during=(evening, evening + 3 * hour), days=days) == [
        (friday, 22 * 60 + 30, 24 * 60), (friday + one, 0, 90),
    ]  # fmt: skip
    assert hours_on(during=(at, at + hour), days=Period(friday + one, friday + 2 * one)) == []
    midnight = datetime(2026, 12, 5, tzinfo=UTC)
    assert hours_on(during=(midnight - hour, midnight), days=days) == [(friday, 23 * 60, 24 * 60)]
