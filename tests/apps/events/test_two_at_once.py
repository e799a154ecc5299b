"""Two who accept the last seat at the same moment, each on a connection of their own."""

from __future__ import annotations

import time

import pytest

from keybook.apps.events.commands import answer, answering
from keybook.apps.events.commands.answering import Answer
from keybook.apps.events.models import Event, Seat
from keybook.apps.people.queries import bank
from keybook.apps.reminders.commands import day_of
from tests.apps.events.stage import guest, invited, salon
from tests.apps.handover.test_two_at_once import at_once
from tests.cast import make_cast, scope

TWO = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has counted the room takes a moment before they store: long enough for another to count it too."""
    count = answering.parties

    def counted(event: Event):
        found = count(event)
        time.sleep(0.1)
        return found

    monkeypatch.setattr(answering, "parties", counted)


@TWO
@pytest.mark.usefixtures("slowly")
def test_two_who_accept_the_last_seat_at_once_are_one_guest_and_one_who_waits():
    cast = make_cast()
    event = salon(cast, seats=1)
    seats = [invited(event, guest(cast), cast.alice) for _number in range(2)]
    day = day_of(bank())

    def accepting(seat: Seat):
        return lambda: answer(by=scope(cast.alice), seat_id=seat.pk, said=Answer("accepted"), day=day).state

    assert sorted(at_once(*(accepting(each) for each in seats))) == ["accepted", "waiting"]
    assert Seat.objects.filter(state="accepted").count() == 1


@TWO
def test_two_who_give_back_at_once_let_two_move_up_and_nobody_twice():
    cast = make_cast()
    event = salon(cast, seats=2)
    seats = [invited(event, guest(cast), cast.alice) for _number in range(5)]
    for each in seats:
        answer(by=scope(cast.alice), seat_id=each.pk, said=Answer("accepted"), day=day_of(bank()))
    day = day_of(bank())

    def declining(seat: Seat):
        return lambda: answer(by=scope(cast.alice), seat_id=seat.pk, said=Answer("declined"), day=day).moved_up

    at_once(*(declining(each) for each in seats[:2]))
    states = list(Seat.objects.order_by("id").values_list("state", flat=True))
    assert states == ["declined", "declined", "accepted", "accepted", "waiting"]
