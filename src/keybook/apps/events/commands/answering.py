"""What becomes of an invitation: accepted, declined, given back, came. Nobody is seated beyond the room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keybook.apps.customers.models import Customer
from keybook.apps.customers.queries import visible_to
from keybook.apps.events.commands.telling import close, refresh, starts, tell
from keybook.apps.events.models import Event, Seat
from keybook.apps.people.acting import counting_all
from keybook.apps.people.scope import Scope
from keybook.apps.people.spoken import spoken
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, moment
from keybook.core import seats as rules
from keybook.core.seats import Act, Held, Party, State

Reply = Literal["accepted", "declined"]
REPLIES: tuple[Reply, ...] = get_args(Reply)
MARKS = ("came", "absent")


@dataclass(frozen=True, slots=True)
class Kept:
    """What an act did: the sentence for the toast, the seat's state now, and how many moved up."""

    sentence: str
    state: str
    moved_up: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a customer said to an invitation, with how many they come, and the contact in which they said it."""

    reply: str
    companions: int = 0
    interaction_id: int | None = None


@transaction.atomic
def answer(*, by: Scope, seat_id: int, said: Answer, day: Day) -> Kept:
    """Write down what a customer answered: a seat, or a place on the waiting list where none is left.

    Two who take the last seat at once follow one another: the event is held. What is given back goes to who waits.
    """
    by.require_write()
    seat, event, customer = _held(by, seat_id)
    return settle(seat=seat, event=event, customer=customer, said=said, day=day)


def settle(*, seat: Seat, event: Event, customer: Customer, said: Answer, day: Day) -> Kept:
    """Store an answer and what follows from it; called with the event held, for a customer inside the scope."""
    if said.reply not in REPLIES:
        raise RefusedError("reply", _("Choose whether they come."))
    companions = _companions(said.companions)
    _may("accept" if said.reply == "accepted" else "decline", seat, event, day)
    with counting_all():
        _answer(seat, event, said, companions, day)
        moved = move_up(event=event, day=day)
        line = _place(seat, event) if seat.state == "waiting" else 0
        closed = close(seats=[seat], day=day, reason="answered")
        refresh(customer_ids=[*closed, *(each.customer_id for each in moved)], day=day)
    return Kept(_said(seat, customer, line, len(moved)), seat.state, len(moved))


def _answer(seat: Seat, event: Event, said: Answer, companions: int, day: Day) -> None:
    """Store the answer; a party that changes in number keeps its place on the waiting list, or its seats where all fit."""
    now = moment(day=day)
    if said.reply == "declined":
        seat.state = "declined"
    else:
        others = [each for each in parties(event) if each.seat != seat.pk]
        state = rules.answered(people=1 + companions, seats=event.seats, others=others)
        if state == "waiting" and seat.state == "accepted":
            raise RefusedError("companions", _("There are not so many seats left: they keep the ones they have."))
        seat.state = state
        if seat.state == "waiting" and seat.waits_since is None:
            seat.waits_since = now
    if seat.state != "waiting":
        seat.waits_since = None
    seat.companions, seat.answered_at = companions, now
    seat.answered_in_id = said.interaction_id or seat.answered_in_id
    seat.save()


@transaction.atomic
def withdraw(*, by: Scope, seat_id: int, day: Day) -> Kept:
    """Take an invitation back; a seat that comes free goes to who waits."""
    by.require_write()
    seat, event, customer = _held(by, seat_id)
    _may("withdraw", seat, event, day)
    with counting_all():
        seat.state, seat.waits_since = "cancelled", None
        seat.save()
        moved = move_up(event=event, day=day)
        refresh(
            customer_ids=[*close(seats=[seat], day=day, reason="withdrawn"), *(each.customer_id for each in moved)],
            day=day,
        )
    sentence = _("The invitation of %(name)s is withdrawn.") % {"name": spoken(customer)}
    return Kept(sentence + _moved(len(moved)), seat.state, len(moved))


@transaction.atomic
def mark(*, by: Scope, seat_id: int, state: str, day: Day) -> Kept:
    """Write down on the day whether a guest came; it can be put right later."""
    by.require_write()
    seat, event, customer = _held(by, seat_id)
    if state not in MARKS:
        raise RefusedError("state", _("Choose whether they came."))
    _may("mark", seat, event, day)
    seat.state, seat.waits_since = state, None
    seat.save()
    with counting_all():
        refresh(customer_ids=close(seats=[seat], day=day, reason="event"), day=day)
    sentence = _("%(name)s came.") if state == "came" else _("%(name)s did not come.")
    return Kept(sentence % {"name": spoken(customer)}, state)


def hold_event(*, event_id: int) -> Event:
    """Hold the event until the transaction ends: whoever takes or frees a seat follows one another."""
    return Event.objects.select_for_update().get(pk=event_id)


def parties(event: Event) -> list[Party]:
    """Everybody's seats as the room counts them, in the order of the waiting list; called where all are seen."""
    rows = event.guests.order_by("waits_since", "id").values_list("id", "state", "companions")
    return [Party(seat, state, companions) for seat, state, companions in rows]  # type: ignore[arg-type]  # the core's states


def move_up(*, event: Event, day: Day) -> list[Seat]:
    """Give free seats to who waits, and tell their bankers; called with the event held, where all are seen."""
    ids = rules.moving_up(seats=event.seats, parties=parties(event)) if event.state == Event.State.OPEN else []
    found = {each.pk: each for each in Seat.objects.filter(pk__in=ids)}
    moved = [found[each] for each in ids]
    # Held in this order by whoever logs a contact as well: the event, then its customers.
    list(
        Customer.objects.select_for_update(no_key=True)
        .filter(pk__in=[each.customer_id for each in moved])
        .order_by("pk")
    )
    tell(event=event, seats=moved, news="up", day=day)
    for each in moved:
        each.state, each.waits_since = "accepted", None
        each.save(update_fields=["state", "waits_since"])
    return moved


def held_of(event: Event) -> Held:
    """The event as the rules see it."""
    return Held(event.state, event.starts_at, event.ends_at)  # type: ignore[arg-type]  # the choices are the core's


def _held(by: Scope, seat_id: int) -> tuple[Seat, Event, Customer]:
    """The seat with its event held and its customer; NotYoursError for a customer outside the scope."""
    event_id = Seat.objects.filter(pk=seat_id, customer__in=visible_to(by)).values_list("event_id", flat=True).first()
    if event_id is None:
        raise NotYoursError
    event = hold_event(event_id=event_id)
    seat = Seat.objects.select_related("customer").get(pk=seat_id)
    return seat, event, seat.customer


def _may(act: Act, seat: Seat, event: Event, day: Day) -> None:
    state: State = seat.state  # type: ignore[assignment]  # the choices are the core's
    code = rules.may(
        act=act, state=state, held=held_of(event), now=moment(day=day), today=day.today, on=starts(event, day).date()
    )
    if code:
        raise RefusedError("state", refusal(code))


def refusal(code: str) -> str:
    """Why something may not be done with a seat."""
    return {
        "cancelled": _("This event does not take place."),
        "not_open": _("This event is not open yet: open it first."),
        "begun": _("This event has begun: seats are given until then."),
        "not_yet": _("Who came is written down from the day of the event on."),
        "state": _("That does not fit what this invitation is now. Look at it again."),
    }[code]


def _companions(count: int) -> int:
    try:
        rules.check_companions(count=count)
    except rules.SeatsError:
        raise RefusedError("companions", _("Five companions are the most.")) from None
    return count


def _place(seat: Seat, event: Event) -> int:
    """Where a party stands on the waiting list."""
    waiting = [each.seat for each in parties(event) if each.state == "waiting"]
    return waiting.index(seat.pk) + 1


def _said(seat: Seat, customer: Customer, line: int, moved: int) -> str:
    name = spoken(customer)
    if seat.state == "declined":
        return _("%(name)s does not come.") % {"name": name} + _moved(moved)
    if seat.state == "waiting":
        return _("All seats are taken: %(name)s is number %(place)s on the waiting list.") % {
            "name": name,
            "place": line,
        }
    people = 1 + seat.companions
    kept = ngettext("%(name)s comes: %(num)s seat is kept.", "%(name)s comes: %(num)s seats are kept.", people)
    return kept % {"name": name, "num": people} + _moved(moved)


def _moved(count: int) -> str:
    if not count:
        return ""
    return " " + ngettext(
        "%(num)s party of the waiting list has a seat now; its banker is told.",
        "%(num)s parties of the waiting list have a seat now; their bankers are told.",
        count,
    ) % {"num": count}
