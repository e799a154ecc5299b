"""Whether a plan keeps every rule, checked by arithmetic of its own: nothing of how plans are made is used here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from keybook.core.planning import Problem, Slot, Task

FIVE_DAYS = 5
TWO_DISTRICTS = 2


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a plan breaks: which, where, and by how much."""

    rule: str
    where: str


@dataclass(frozen=True, slots=True)
class _Contact:
    """One contact of the plan or one that lies already, on equal terms."""

    customer: int
    on: date
    half: str
    channel: str
    minutes: int
    district: str
    is_new: bool


def breaches(*, problem: Problem, places: Mapping[str, Slot]) -> tuple[Breach, ...]:
    """Every rule broken by laying these tasks there beside what lies already; none for a plan that can be kept.

    What a person has laid too close or too full by themselves is theirs, and no fault of the plan.
    """
    known = {task.key: task for task in problem.tasks}
    placed = [(known[key], slot) for key, slot in places.items() if key in known]
    unknown = [Breach("nobody asked for it", key) for key in places if key not in known]
    contacts = [_Contact(t.customer, s[0], s[1], t.channel, t.minutes, t.district, True) for t, s in placed]
    contacts += [
        _Contact(each.customer, each.slot[0], each.slot[1], each.channel, each.minutes, each.district, False)
        for each in problem.lying
    ]
    return (*unknown, *_windows(placed), *_halves(problem, contacts), *_days(problem, contacts), *_gaps(contacts))


def _windows(placed: list[tuple[Task, Slot]]) -> Iterator[Breach]:
    """Not before its window, no greeting after its day, nobody who is away, no day the gate refuses, no channel that does not exist."""
    for task, (on, _half) in placed:
        if on < task.from_on:
            yield Breach("before its window", task.key)
        if task.cause == "occasion" and on > task.due_on:
            yield Breach("congratulated late", task.key)
        if any(on >= each.start and (each.end is None or on < each.end) for each in task.away):
            yield Breach("the customer is away", task.key)
        if any(on == each for each in task.refused):
            yield Breach("the gate refuses that day", task.key)
        if not task.channel:
            yield Breach("no channel is left", task.key)


def _halves(problem: Problem, contacts: list[_Contact]) -> Iterator[Breach]:
    """The minutes of each half-day: its contacts, and the way once for each district with a visit."""
    for on, half in sorted({(each.on, each.half) for each in contacts if each.is_new}):
        here = [each for each in contacts if (each.on, each.half) == (on, half)]
        districts = {each.district for each in here if each.channel == "visit"}
        taken = sum(each.minutes for each in here) + len(districts) * problem.keeps.travel
        room = next((minutes for slot, minutes in problem.rooms.items() if slot == (on, half)), 0)
        if taken > room:
            yield Breach("more minutes than there are", f"{on} {half}: {taken} of {room}")


def _days(problem: Problem, contacts: list[_Contact]) -> Iterator[Breach]:
    """The caps of the channels and the districts of each day; a day without room takes nothing."""
    for on in sorted({each.on for each in contacts if each.is_new}):
        here = [each for each in contacts if each.on == on]
        for channel, count in sorted(Counter(each.channel for each in here).items()):
            most = problem.keeps.caps.get(channel, 0)
            is_ours = any(each.is_new and each.channel == channel for each in here)
            if most and count > most and is_ours:
                yield Breach("more of a channel than its cap", f"{on} {channel}: {count} of {most}")
        visits = [each for each in here if each.channel == "visit"]
        before = {each.district for each in visits if not each.is_new}
        districts = before | {each.district for each in visits}
        if len(districts) > TWO_DISTRICTS and districts != before:
            yield Breach("more than two districts", str(on))


def _gaps(contacts: list[_Contact]) -> Iterator[Breach]:
    """A contact that the plan has laid lies five days from every other one of its customer."""
    for each in contacts:
        for other in contacts:
            is_theirs = each.is_new and other is not each and other.customer == each.customer
            if is_theirs and abs((each.on - other.on).days) < FIVE_DAYS and (not other.is_new or each.on <= other.on):
                yield Breach("too soon after another", f"{each.customer}: {each.on}, {other.on}")
