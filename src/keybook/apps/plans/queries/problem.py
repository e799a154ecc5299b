"""One banker's month as the core's problem: what wants a place, what lies already, and whom the last plans left out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count

from keybook.apps.customers.models import Customer
from keybook.apps.interactions.queries import counted
from keybook.apps.plans.models import Entry, Unplaced
from keybook.apps.plans.queries.tasks import Task
from keybook.apps.plans.queries.time import Slot, Time, half_of
from keybook.apps.reminders.queries import Day, rates
from keybook.apps.standards.models import Kind, StandardException
from keybook.core import planning
from keybook.core.habits import best_half
from keybook.core.halves import Half
from keybook.core.periods import Period
from keybook.core.planning import APART, Lying, Problem

NOON = 12
REMEMBERED = dt.timedelta(days=92)
RELATIONSHIP_TENTHS = 10
"""A contact without money of its own has a tenth of the relationship at stake, as on Today."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the customers: on how many days the last plans left them out, and when they are away."""

    left_out: Mapping[int, int]
    away: Mapping[int, tuple[Period, ...]]
    usual: Mapping[int, tuple[int, Half]] = field(default_factory=dict)
    """The weekday and half-day at which a customer answers most, where that can be told."""
    refused: Mapping[str, Iterable[dt.date]] = field(default_factory=dict)
    """By task, the days on which the gate refuses it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The problem, the tasks it was made of by key, and the entries that may move, by task."""

    problem: Problem
    tasks: Mapping[str, Task]
    there: Mapping[str, Entry]


def slot_of(row: Entry) -> Slot:
    """The half-day of an entry."""
    return row.on, half_of(row.half)


def asked_of(*, rows: Sequence[Entry], wanted: Sequence[Task], time: Time, day: Day, known: Known) -> Asked:
    """The problem behind these entries and tasks; what a person has placed, and what is done, stays where it lies."""
    movable = movable_of(rows=rows, day=day)
    fixed = [row for row in rows if row not in movable]
    there = {row.task: row for row in movable}
    tasks = {each.key: each for each in wanted if not _lies(each, fixed)}
    problem = Problem(
        tasks=tuple(
            _task(each, time, there.get(each.key), known) for each in tasks.values()
        ),
        rooms=time.rooms, keeps=time.keeps, calendar=day.calendar,
        lying=tuple(Lying(row.customer_id, slot_of(row), row.channel, row.minutes, row.district) for row in fixed),
    )  # fmt: skip
    return Asked(problem, tasks, there)


def movable_of(*, rows: Sequence[Entry], day: Day) -> list[Entry]:
    """The entries that planning may move: neither done nor placed by a person on a day to come."""
    return [row for row in rows if row.state != Entry.State.DONE and not (row.pinned and row.on >= day.today)]


def entries_around(*, staff_id: int, from_on: dt.date, until_on: dt.date) -> Sequence[Entry]:
    """The entries planned before that day or done a little before the first, locked while the plan is stored."""
    rows = Entry.objects.select_for_update().filter(staff_id=staff_id, on__lt=until_on)
    return list(rows.filter(state__in=("planned", "done")).exclude(state="done", on__lt=from_on - APART).order_by("id"))


def known_of(*, staff_id: int, customer_ids: Sequence[int], day: Day) -> Known:
    """What is known of these customers."""
    away: dict[int, tuple[Period, ...]] = defaultdict(tuple)
    rows = StandardException.objects.filter(customer_id__in=set(customer_ids), kind=Kind.AWAY, until_on__gt=day.today)
    for customer_id, from_on, until_on in rows.values_list("customer_id", "from_on", "until_on"):
        away[customer_id] += (Period(from_on, until_on),)
    return Known(_times_left_out(staff_id, day), dict(away), usual_halves(customer_ids=customer_ids, day=day))


def usual_halves(*, customer_ids: Iterable[int], day: Day) -> dict[int, tuple[int, Half]]:
    """The weekday (0 is Monday) and half of it at which each of these customers answers most, where there are tries enough."""
    ids = sorted(set(customer_ids))
    among, tiers = rates(), dict(Customer.objects.filter(pk__in=ids).values_list("id", "tier__code"))
    found = {
        each: best_half(own=own["half"], above=among.above("half", tiers.get(each) or ""))
        for each, own in counted(customer_ids=ids, zone=day.zone).items()
    }
    return {
        each: (int(best.cell[0]) - 1, "am" if best.cell[1] == "a" else "pm")
        for each, best in found.items()
        if best.enough
    }


def _times_left_out(staff_id: int, day: Day) -> dict[int, int]:
    """On how many days of the last quarter a plan had no place for a customer."""
    rows = Unplaced.objects.filter(
        plan__staff_id=staff_id, plan__made_on__lt=day.today, plan__made_on__gte=day.today - REMEMBERED, entry=None
    )
    counted = rows.values_list("customer_id").annotate(days=Count("plan__made_on", distinct=True))
    return dict(counted.order_by())


def _task(task: Task, time: Time, row: Entry | None, known: Known) -> planning.Task:
    half = None if task.hour is None else half_of("am" if task.hour < NOON else "pm")
    return planning.Task(
        key=task.key, customer=task.customer_id, cause=task.cause, from_on=task.from_on, due_on=task.due_on,
        channel=task.channel, minutes=task.minutes or time.keeps.takes(task.channel), late_from=task.late_from,
        stake=task.value or task.relationship / RELATIONSHIP_TENTHS, district=task.district, half=half,
        asked=task.asked, left_out=known.left_out.get(task.customer_id, 0), stays=slot_of(row) if row is not None else None,
        usual=known.usual.get(task.customer_id), away=known.away.get(task.customer_id, ()), refused=frozenset(known.refused.get(task.key, ())),
    )  # fmt: skip


def _lies(task: Task, fixed: Iterable[Entry]) -> bool:
    """Whether a person has placed it already."""
    ids = {task.reminder_id, *task.also} - {None}
    return any(
        row.state == Entry.State.PLANNED
        and (row.task == task.key or row.reminder_id in ids or (row.customer_id == task.customer_id and task.cause == "standard"))
        for row in fixed
    )  # fmt: skip
