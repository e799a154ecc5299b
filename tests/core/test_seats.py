"""Who has a seat and who waits: worked by hand, and what holds whatever happens."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core import seats
from keybook.core.seats import Held, Party, SeatsError
from keybook.core.workdays import WorkCalendar

FRIDAY = date(2026, 12, 4)
AT = datetime(2026, 12, 4, 7, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPEN = Held("open", AT, AT + 2 * HOUR)
CALENDAR = WorkCalendar()
STATES = ("idea", "invited", "accepted", "declined", "waiting", "came", "absent", "cancelled")
parties = st.lists(
    st.tuples(st.sampled_from(STATES), st.integers(0, 5)), max_size=20
).map(lambda rows: [Party(number, *row) for number, row in enumerate(rows)])  # fmt: skip


def may(act, state="accepted", held=OPEN, now=AT - DAY, today=FRIDAY - DAY):
    return seats.may(act=act, state=state, held=held, now=now, today=today, on=FRIDAY)


def test_a_companion_needs_a_chair_and_an_invitation_none():
    rows = [
        Party(1, "accepted", 2),
        Party(2, "invited", 5),
        Party(3, "came"),
        Party(4, "waiting", 1),
        Party(5, "absent"),
    ]
    assert seats.taken(parties=rows) == 4


def test_who_accepts_has_a_seat_while_the_whole_party_fits():
    there = [Party(1, "accepted", 1)]
    assert seats.answered(people=2, seats=4, others=there) == "accepted"
    assert seats.answered(people=3, seats=4, others=there) == "waiting"


def test_the_first_who_waits_moves_up_first_and_a_party_too_large_is_passed_over():
    """Three chairs free; four people wait first, then two, then one, then one: the second and third fit."""
    waiting = [Party(7, "waiting", 3), Party(3, "waiting", 1), Party(9, "waiting"), Party(1, "waiting")]
    assert seats.moving_up(seats=3, parties=waiting) == [3, 9]


def test_nobody_moves_up_into_a_room_that_holds_too_many_already():
    assert seats.moving_up(seats=1, parties=[Party(1, "accepted", 2), Party(2, "waiting")]) == []


@given(rows=parties, room=st.integers(1, 30))
def test_never_oversold_and_the_line_keeps_its_order(rows, room):
    up = seats.moving_up(seats=room, parties=rows)
    waiting = [each.seat for each in rows if each.state == "waiting"]
    assert up == [each for each in waiting if each in up]
    after = [Party(each.seat, "accepted" if each.seat in up else each.state, each.companions) for each in rows]
    before = seats.taken(parties=rows)
    assert seats.taken(parties=after) <= max(room, before)
    left = room - seats.taken(parties=after)
    assert all(each.people > left for each in after if each.state == "waiting")  # no chair stays empty for who fits


@given(asked=st.lists(st.integers(0, 5), max_size=30), room=st.integers(1, 30))
def test_whoever_accepts_in_whatever_order_the_room_is_never_oversold(asked, room):
    there: list[Party] = []
    for number, companions in enumerate(asked):
        state = seats.answered(people=1 + companions, seats=room, others=there)
        there.append(Party(number, state, companions))
        assert seats.taken(parties=there) <= room


@pytest.mark.parametrize("companions", [-1, 6])
def test_a_party_of_an_impossible_size_is_refused(companions):
    with pytest.raises(SeatsError, match="0 to 5"):
        Party(1, "invited", companions)


@pytest.mark.parametrize("count", [0, 5_001])
def test_a_room_of_an_impossible_size_is_refused(count):
    with pytest.raises(SeatsError, match="1 to 5000"):
        seats.check_room(seats=count, during=(AT, AT + HOUR))


@pytest.mark.parametrize("length", [timedelta(0), -HOUR, 3 * DAY + HOUR])
def test_an_event_that_ends_before_it_begins_or_lasts_too_long_is_refused(length):
    with pytest.raises(SeatsError, match="3 days"):
        seats.check_room(seats=1, during=(AT, AT + length))


def test_a_room_with_chairs_and_two_hours_is_fine():
    seats.check_room(seats=1, during=(AT, AT + 2 * HOUR))


def test_seats_are_given_and_given_back_until_it_begins():
    assert may("accept", "invited") == may("decline") == may("invite", "idea") == ""
    assert may("accept", "invited", now=AT) == "begun"
    assert may("withdraw", now=AT) == "begun"


@pytest.mark.parametrize(
    ("act", "state"), [("invite", "accepted"), ("accept", "idea"), ("decline", "came"), ("withdraw", "declined"), ("mark", "idea")]
)  # fmt: skip
def test_what_does_not_fit_the_state_of_the_seat_is_refused(act, state):
    assert may(act, state) == "state"


def test_nothing_is_done_with_an_event_that_does_not_take_place():
    assert may("mark", held=Held("cancelled", AT, AT + HOUR)) == "cancelled"


def test_before_it_is_open_nobody_is_invited_but_an_idea_may_be_dropped():
    planned = Held("planned", AT, AT + HOUR)
    assert (may("invite", "idea", held=planned), may("withdraw", "idea", held=planned)) == ("not_open", "")


def test_after_it_was_held_no_seat_is_given():
    held = Held("held", AT, AT + HOUR)
    assert (may("accept", "invited", held=held), may("withdraw", held=held, now=AT - DAY)) == ("begun", "begun")


def test_who_came_is_marked_from_its_day_on_and_put_right_later():
    assert may("mark") == "not_yet"
    assert (
        may("mark", today=FRIDAY) == may("mark", "came", held=Held("held", AT, AT + HOUR), today=FRIDAY + 9 * DAY) == ""
    )
    assert may("mark", held=Held("planned", AT, AT + HOUR), today=FRIDAY) == "not_yet"


def test_an_invitation_is_spoken_of_by_the_workday_before():
    monday = FRIDAY + 3 * DAY
    assert seats.tell_by(on=monday, today=FRIDAY - 9 * DAY, calendar=CALENDAR) == FRIDAY
    assert seats.tell_by(on=FRIDAY, today=FRIDAY, calendar=CALENDAR) == FRIDAY
    sunday = FRIDAY + 2 * DAY
    assert seats.tell_by(on=sunday, today=FRIDAY + DAY, calendar=CALENDAR) == FRIDAY + DAY
