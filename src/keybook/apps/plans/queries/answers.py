"""What a half-day says to one more contact: whether there is room, and what the gate says; for many half-days at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import Q

from keybook.apps.people.scope import Scope
from keybook.apps.plans.models import Entry
from keybook.apps.plans.queries.gates import Word, words_of_the_gate
from keybook.apps.plans.queries.time import Slot, Time, half_of, times
from keybook.apps.reminders.queries import Day
from keybook.core.halves import HALVES, Placed, fits

Kind = Literal["fits", "asks", "refused"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A contact that looks for a place; `entry_id` is where it lies now, 0 for one that lies nowhere yet.

    One of no minutes takes as long as its channel usually does with whose plan it is.
    """

    customer_id: int
    staff_id: int
    channel: str
    minutes: int
    theme: str = ""
    cause: str = "hand"
    kind: str = ""
    purpose: str = ""
    district: str = ""
    entry_id: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What one half-day says: it fits, it asks for a reason, or it cannot be; `code` says why, `left` how much is left."""

    kind: Kind
    code: str = ""
    left: int = 0
    room: int = 0
    count: int = 0
    most: int = 0
    gate: Word | None = None
    """What the gate says, unless it has nothing to say."""


def slots_between(*, from_on: dt.date, until_on: dt.date) -> list[Slot]:
    """Every half-day of a period, in order."""
    days = [from_on + dt.timedelta(days=offset) for offset in range((until_on - from_on).days)]
    return [(on, half) for on in days for half in HALVES]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is asked of each half-day: the time, what lies there, the customer's other days, the gate's words."""

    time: Time
    lying: Mapping[Slot, list[Placed]]
    taken: frozenset[dt.date]
    gate: Mapping[dt.date, Word]
    today: dt.date


def answers(*, scope: Scope, wanted: Wanted, slots: Sequence[Slot], day: Day) -> dict[Slot, Answer]:
    """What each of these half-days says to this contact; a fixed number of statements whatever their number."""
    if not slots:
        return {}
    first, last = min(slots)[0], max(slots)[0] + dt.timedelta(days=1)
    time = times(staff_ids=[wanted.staff_id], from_on=first, until_on=last, day=day)[wanted.staff_id]
    gate = words_of_the_gate(scope=scope, wanted=wanted, days=sorted({on for on, _half in slots}), day=day)
    known = _Known(time, *_lying(wanted, first, last), gate, day.today)
    return {slot: _refused(slot, known) or _answer(wanted, slot, known) for slot in slots}


def _lying(wanted: Wanted, first: dt.date, last: dt.date) -> tuple[dict[Slot, list[Placed]], frozenset[dt.date]]:
    """What lies in the half-days already, and the days on which this customer has another contact planned."""
    theirs, own = Q(staff_id=wanted.staff_id), Q(customer_id=wanted.customer_id, state="planned")
    rows = Entry.objects.filter(theirs | own, on__gte=first, on__lt=last, state__in=("planned", "done"))
    lying: dict[Slot, list[Placed]] = defaultdict(list)
    same = set()
    names = ("staff_id", "customer_id", "state", "on", "half", "channel", "minutes", "district")
    for staff_id, customer_id, state, on, half, *rest in rows.exclude(pk=wanted.entry_id).values_list(*names):
        if staff_id == wanted.staff_id:
            lying[on, half_of(half)].append(Placed(*rest))
        if customer_id == wanted.customer_id and state == "planned":
            same.add(on)
    return lying, frozenset(same)


def _refused(slot: Slot, known: _Known) -> Answer | None:
    """Why nothing can be placed here whatever the reason; None when it may."""
    on = slot[0]
    if on < known.today:
        return Answer("refused", "past")
    if on in known.taken:
        return Answer("refused", "same")
    if known.time.rooms.get(slot, 0) <= 0:
        return Answer("refused", "away" if known.time.why_away(on) else "busy" if known.time.is_open(on) else "shut")
    word = known.gate.get(on)
    return Answer("refused", "gate", gate=word) if word is not None and word.refuses else None


def _answer(wanted: Wanted, slot: Slot, known: _Known) -> Answer:
    """Whether it fits here, or what has to be said first."""
    on, word = slot[0], known.gate.get(slot[0])
    minutes = wanted.minutes or known.time.keeps.takes(wanted.channel)
    fit = fits(
        new=Placed(wanted.channel, minutes, wanted.district), room=known.time.rooms[slot],
        half=known.lying.get(slot, ()), keeps=known.time.keeps,
        day=[each for half in HALVES for each in known.lying.get((on, half), ())],
    )  # fmt: skip
    code = fit.why or ("gate" if word else "")
    return Answer(
        "asks" if code else "fits", code, left=fit.left, room=known.time.rooms[slot], count=fit.count, most=fit.most,
        gate=word,
    )  # fmt: skip


def first_that_fits(*, found: Mapping[Slot, Answer], after: Slot) -> Slot | None:
    """The first half-day from this one on, else before it, that says yes."""
    good = sorted(slot for slot, answer in found.items() if answer.kind == "fits")
    return next((slot for slot in good if slot >= after), good[-1] if good else None)
