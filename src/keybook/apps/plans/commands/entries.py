"""The verbs on one planned contact: place it, move it, take it out, take any of these back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from keybook.apps.customers.models import Customer
from keybook.apps.customers.queries import visible_to, who_sees
from keybook.apps.people.scope import Scope
from keybook.apps.people.spoken import spoken
from keybook.apps.plans.models import Entry, Half, Unplaced
from keybook.apps.plans.queries.answers import Answer, Wanted, answers
from keybook.apps.plans.queries.entries import wanted_of
from keybook.apps.plans.queries.time import Slot, capacities, half_of
from keybook.apps.plans.queries.whose import may_see
from keybook.apps.plans.words import refusal
from keybook.apps.proposals.commands import propose
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError
from keybook.apps.reminders.commands.lines import lock_customer

SALT = "keybook.plans.undo"
UNDO_SECONDS = 60  # the toast shows ten; a slow network gets the rest
FURTHEST = dt.timedelta(days=400)
LONGEST = 200
KEPT = ("on", "half", "place", "pinned", "because", "state")


@dataclass(frozen=True, slots=True)
class Where:
    """A half-day, and the place in its order; None puts it last."""

    on: dt.date
    half: str
    place: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A contact that somebody places by hand."""

    where: Where
    channel: str
    theme: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a verb did, as a past fact for the toast, and the token that takes it back."""

    entry_id: int
    sentence: str
    undo: str = ""


class AsksError(RefusedError):
    """The half-day asks first: it needs a reason, in `because`; `answer` says why."""

    def __init__(self, sentence: str, answer: Answer) -> None:
        super().__init__("because", sentence)
        self.answer = answer


@transaction.atomic
def move_entry(*, by: Scope, entry_id: int, to: Where, because: str = "", day: Day) -> Kept:
    """Put a planned contact on another half-day, where planning then leaves it.

    Refused where nobody works, where the customer has another contact, or where the gate says no; where it is full or
    the gate asks first, only with a reason.
    """
    entry, customer = _entry(by, entry_id)
    before = _state(entry)
    slot = _slot(to, day)
    because = " ".join(because.split())[:LONGEST]
    if slot != (entry.on, entry.half):
        _ask(by, wanted_of(entry=entry), slot, because, day)
    _make_way(entry, slot, to.place)
    entry.on, entry.half, entry.pinned, entry.because = slot[0], slot[1], True, because
    entry.save(update_fields=["on", "half", "place", "pinned", "because"])
    propose(customer_ids=[customer.pk], day=day)
    sentence = _("%(name)s: %(day)s, %(half)s.") % {
        "name": spoken(customer), "day": day.say(slot[0]), "half": Half(slot[1]).label.lower(),
    }  # fmt: skip
    return Kept(entry_id, sentence, _token(by, entry, before))


@transaction.atomic
def drop_entry(*, by: Scope, entry_id: int, because: str = "", day: Day) -> Kept:
    """Take a planned contact out of the plan; what made it due stays as it is."""
    entry, customer = _entry(by, entry_id)
    before = _state(entry)
    entry.state, entry.because = Entry.State.DROPPED, " ".join(because.split())[:LONGEST]
    entry.save(update_fields=["state", "because"])
    propose(customer_ids=[customer.pk], day=day)
    return Kept(entry_id, _("Taken out: %(name)s.") % {"name": spoken(customer)}, _token(by, entry, before))


@transaction.atomic
def let_go(*, by: Scope, entry_id: int) -> Kept:
    """Let planning move a contact again that somebody had placed or moved by hand."""
    entry, customer = _entry(by, entry_id)
    before = _state(entry)
    entry.pinned = False
    entry.save(update_fields=["pinned"])
    said = _("%(name)s may be moved by the next plan.") % {"name": spoken(customer)}
    return Kept(entry_id, said, _token(by, entry, before))


@transaction.atomic
def add_entry(*, by: Scope, staff_id: int, customer_id: int, wish: Wish, day: Day) -> Kept:
    """Place a contact by hand on somebody's plan; the rules are those of moving one."""
    by.require_log()
    customer = lock_customer(by=by, customer_id=customer_id)
    entry = entry_by_hand(by=by, staff_id=staff_id, customer_id=customer_id, wish=wish, day=day)
    return place(by=by, entry=entry, customer=customer, wish=wish, day=day)


def entry_by_hand(*, by: Scope, staff_id: int, customer_id: int, wish: Wish, day: Day) -> Entry:
    """A contact that lies nowhere yet, on the plan of somebody who sees the customer; not stored."""
    _may_have(by, staff_id, customer_id, day)
    return Entry(
        customer_id=customer_id, staff_id=staff_id, channel=wish.channel, cause="hand", theme=wish.theme[:120],
        minutes=capacities(staff_ids=[staff_id])[staff_id].takes(wish.channel), district=_district(customer_id),
        task=f"hand:{day.today.isoformat()}:{customer_id}",
    )  # fmt: skip


@transaction.atomic
def place_unplaced(*, by: Scope, unplaced_id: int, to: Where, because: str = "", day: Day) -> Kept:
    """Place by hand what the plan found no place for."""
    by.require_log()
    row = (
        Unplaced.objects.select_for_update(of=("self",)).select_related("plan")
        .filter(pk=unplaced_id, customer__in=visible_to(by)).first()
    )  # fmt: skip
    if row is None or not may_see(scope=by, staff_id=row.plan.staff_id):
        raise NotYoursError
    customer = lock_customer(by=by, customer_id=row.customer_id)
    if row.entry_id and Entry.objects.filter(pk=row.entry_id).exclude(state=Entry.State.DROPPED).exists():
        raise RefusedError("", _("It has been placed already."))
    base = Entry(
        plan_id=row.plan_id, customer_id=row.customer_id, staff_id=row.plan.staff_id, channel=row.channel,
        minutes=row.minutes, cause=row.cause, theme=row.theme, task=row.task, due_on=row.due_on, value=row.value,
        reminder_id=row.reminder_id, district=_district(row.customer_id),
    )  # fmt: skip
    kept = place(
        by=by, entry=base, customer=customer, wish=Wish(where=to, channel=row.channel, because=because), day=day
    )
    Unplaced.objects.filter(pk=unplaced_id).update(entry_id=kept.entry_id)
    return kept


@transaction.atomic
def undo_entry(*, by: Scope, token: str, day: Day) -> Kept:
    """Take a move, a placing or a taking-out back within its minute, unless something has happened to it since."""
    try:
        given: Mapping[str, Any] = signing.loads(token, salt=SALT, max_age=UNDO_SECONDS)
    except signing.SignatureExpired as error:
        raise RefusedError("", _("Too late to undo. Move it by hand.")) from error
    except signing.BadSignature as error:
        raise NotYoursError from error
    if given["by"] != by.staff_id:
        raise NotYoursError
    by.require_log()
    entry = Entry.objects.select_for_update().filter(pk=given["entry"], customer__in=visible_to(by)).first()
    if entry is None:
        raise NotYoursError
    if _state(entry) != given["now"]:
        raise RefusedError("", _("Not undone: it has been moved again since."))
    before = given["before"]
    if before["state"] == Entry.State.PLANNED:
        _free(entry, dt.date.fromisoformat(before["on"]))
    Entry.objects.filter(pk=entry.pk).update(**before)
    propose(customer_ids=[entry.customer_id], day=day)
    customer = Customer.objects.get(pk=entry.customer_id)
    said = _("Back on %(day)s: %(name)s.") if before["state"] == Entry.State.PLANNED else _("Taken out: %(name)s.")
    return Kept(
        entry.pk, said % {"name": spoken(customer), "day": day.say(dt.date.fromisoformat(before["on"]))}
    )  # fmt: skip


def place(*, by: Scope, entry: Entry, customer: Customer, wish: Wish, day: Day) -> Kept:
    """Store a new entry on the half-day that is wished, if it may lie there; the customer is held already."""
    slot = _slot(wish.where, day)
    because = " ".join(wish.because.split())[:LONGEST]
    _once(entry)
    _ask(by, wanted_of(entry=entry), slot, because, day)
    entry.on, entry.half, entry.pinned, entry.because, entry.created_by_id = (
        slot[0],
        slot[1],
        True,
        because,
        by.staff_id,
    )
    _make_way(entry, slot, wish.where.place)
    entry.save()
    propose(customer_ids=[customer.pk], day=day)
    sentence = _("Planned: %(name)s, %(day)s, %(half)s.") % {
        "name": spoken(customer), "day": day.say(slot[0]), "half": Half(slot[1]).label.lower(),
    }  # fmt: skip
    gone = {**_state(entry), "state": Entry.State.DROPPED.value}
    return Kept(entry.pk, sentence, _token(by, entry, gone))


def _once(entry: Entry) -> None:
    """Refuse a second place for what one reminder asks."""
    if not entry.reminder_id:
        return
    lies = Entry.objects.filter(reminder_id=entry.reminder_id, state=Entry.State.PLANNED).first()
    if lies is not None:
        raise RefusedError("", _("It is planned already. Move it from where it lies."))


def _entry(by: Scope, entry_id: int) -> tuple[Entry, Customer]:
    """A planned entry and its customer, both held until the transaction ends; the scope has to cover both."""
    by.require_log()
    row = Entry.objects.filter(pk=entry_id, customer__in=visible_to(by)).values_list("customer_id", flat=True).first()
    if row is None:
        raise NotYoursError
    customer = lock_customer(by=by, customer_id=row)
    entry = Entry.objects.select_for_update().get(pk=entry_id)
    if entry.state != Entry.State.PLANNED:
        said = {
            Entry.State.DONE: _("It is done: the contact has been logged."),
            Entry.State.DROPPED: _("It was taken out of the plan."),
        }
        raise RefusedError("", said[Entry.State(entry.state)])
    return entry, customer


def _slot(to: Where, day: Day) -> Slot:
    """The half-day asked for; refused when it is none, or further away than anybody plans."""
    if to.on - day.today > FURTHEST:
        raise RefusedError("on", _("That is more than a year away. Check the year."))
    if to.half not in Half.values:
        raise RefusedError("half", _("Choose the morning or the afternoon."))
    return to.on, half_of(to.half)


def _ask(by: Scope, wanted: Wanted, slot: Slot, because: str, day: Day) -> None:
    """Ask the half-day and the gate; refuse, or ask for a reason that is missing."""
    answer = answers(scope=by, wanted=wanted, slots=[slot], day=day)[slot]
    if answer.kind == "refused":
        raise RefusedError("on", refusal(answer=answer, slot=slot, day=day))
    if answer.kind == "asks" and not because:
        raise AsksError(refusal(answer=answer, slot=slot, day=day), answer)


def _make_way(entry: Entry, slot: Slot, place: int | None) -> None:
    """Give the entry its place in the order of the half-day; those behind it move one down."""
    there = Entry.objects.filter(staff_id=entry.staff_id, on=slot[0], half=slot[1], state=Entry.State.PLANNED)
    others = list(there.exclude(pk=entry.pk).order_by("place", "hour", "id"))
    at = len(others) if place is None else max(0, min(place, len(others)))
    entry.place = at
    behind = [(number, each) for number, each in enumerate([*others[:at], None, *others[at:]]) if each is not None]
    changed = [(number, each) for number, each in behind if each.place != number]
    for number, each in changed:
        each.place = number
    if changed:
        Entry.objects.bulk_update([each for _number, each in changed], ["place"])


def _may_have(by: Scope, staff_id: int, customer_id: int, day: Day) -> None:
    """Refuse to put a contact on the plan of somebody who is out of scope or does not see the customer."""
    if not may_see(scope=by, staff_id=staff_id):
        raise NotYoursError
    if staff_id not in {seen for seen, *_names in who_sees(customer_id=customer_id, on=day.today)}:
        raise RefusedError("rm", _("This colleague does not see the customer."))


def _district(customer_id: int) -> str:
    return Customer.objects.filter(pk=customer_id).values_list("district", flat=True).first() or ""


def _state(entry: Entry) -> dict[str, Any]:
    """What an undo puts back, as text."""
    found = {name: getattr(entry, name) for name in KEPT}
    return {**found, "on": entry.on.isoformat() if entry.on else "", "state": str(entry.state)}


def _free(entry: Entry, on: dt.date) -> None:
    """Refuse to put it back where another contact with the customer has been planned since."""
    same = Entry.objects.filter(customer_id=entry.customer_id, on=on, state=Entry.State.PLANNED).exclude(pk=entry.pk)
    if same.exists():
        raise RefusedError("", _("Not undone: another contact is planned there now."))


def _token(by: Scope, entry: Entry, before: Mapping[str, Any]) -> str:
    return signing.dumps({"by": by.staff_id, "entry": entry.pk, "before": before, "now": _state(entry)}, salt=SALT)
