"""A month of contacts as a problem: what wants a place, what a banker's half-days hold, and what a plan is worth.

The worth of a contact is counted in points. A contact is worth 100; a promise twice that, because we gave our word; what
is at stake adds up to 300, by its logarithm between 10,000 and 10,000,000. Of these points a plan earns

* all when the contact lies on a day up to the one it is due on, 95 % within the grace after it;
* 80 % on the first workday after that, and 2 % less for each further one, but never under 30 %; what was late before the
  plan began counts from its first day, so that it wants to come soon;
* of an occasion all on its day, 1 % less for each day before it, nothing after it: nobody is congratulated late.

Small shares decide between plans that are otherwise alike: 10 % for the half-day the customer asked for. Where they asked for
none, 3 % for the half of the day at which they usually answer, and 2 % more on the weekday on which they do (`core.habits`).
8 % for staying where the last plan put it.

Fair among equals: whom the last plans left out is worth a quarter more for each time, up to three. So of two who are alike but
for that, a best plan never lays the other and leaves this one out: to exchange them would be worth more. It is a weight and
no right; a contact with much more at stake still comes before.

A visit costs the way to its district once in a half-day, in minutes, and half a point a minute; at most two districts
are visited on one day. A customer is contacted once a day and not within five days of another contact, and never on a day on
which the gate (`core.gate`) refuses it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from math import log10

from keybook.core.halves import Half, Keeps
from keybook.core.periods import Period
from keybook.core.workdays import WorkCalendar

RULE_VERSION = "planning/2"
Slot = tuple[date, Half]
CONTACT, PROMISE = 100, 200
STAKE_MOST, STAKE_FROM, STAKE_TO = 300, Decimal(10_000), Decimal(10_000_000)
GRACE, FIRST_LATE, LATE_EACH, LATE_LEAST = 95, 80, 2, 30
ASKED_HALF, USUAL_HALF, USUAL_DAY, STAYS = 10, 3, 2, 8
LEFT_OUT_EACH, LEFT_OUT_MOST = 25, 3
WAY_POINT_MINUTES = 2
"""Minutes on the way that cost one point."""
DISTRICTS_A_DAY = 2
APART = timedelta(days=5)
ONE_DAY = timedelta(days=1)


class PlanningError(ValueError):
    """A problem that makes no sense: a window that ends before it begins, or a contact of no length."""


@dataclass(frozen=True, slots=True)
class Task:
    """One contact that wants a place from `from_on` on, by `due_on`; late from `late_from`, if it has a grace."""

    key: str
    customer: int
    cause: str
    from_on: date
    due_on: date
    channel: str
    minutes: int
    late_from: date | None = None
    stake: Decimal = Decimal(0)
    district: str = ""
    half: Half | None = None
    asked: bool = False
    """Whether the customer named the half-day; else it is the one at which they answer."""
    usual: tuple[int, Half] | None = None
    """The weekday (0 is Monday) and half of it at which they answer most; what they asked for goes before it."""
    left_out: int = 0
    stays: Slot | None = None
    away: tuple[Period, ...] = ()
    refused: frozenset[date] = frozenset()
    """The days on which the gate before a contact refuses it."""

    def __post_init__(self) -> None:
        if self.minutes < 1:
            raise PlanningError(f"A contact of {self.minutes} minutes ({self.key}) cannot be planned.")


@dataclass(frozen=True, slots=True)
class Lying:
    """A contact that has its place and keeps it, or that took place not long ago."""

    customer: int
    slot: Slot
    channel: str
    minutes: int
    district: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What one banker is asked for in a period: tasks, room by half-day (meetings and leave already off), what lies."""

    tasks: tuple[Task, ...]
    rooms: Mapping[Slot, int]
    keeps: Keeps
    calendar: WorkCalendar
    lying: tuple[Lying, ...] = ()

    @property
    def start(self) -> date:
        """The first day there is any half-day for."""
        return min(on for on, _half in self.rooms)


@dataclass(frozen=True, slots=True)
class Solution:
    """Where each task lies; those missing found no place. No plan is worth more than `bound` points."""

    places: Mapping[str, Slot]
    value: int
    bound: int
    status: str
    seconds: float = 0.0
    rule_version: str = RULE_VERSION

    @property
    def gap(self) -> Decimal:
        """(bound − value) / bound; nothing for a plan of nothing."""
        return Decimal(self.bound - self.value) / self.bound if self.bound > 0 else Decimal(0)


@dataclass(slots=True)
class Weighing:
    """The points of tasks in a period; workdays are counted once for each day."""

    start: date
    calendar: WorkCalendar
    _late: dict[tuple[date, date], int] = field(default_factory=dict)

    def share(self, task: Task, on: date) -> int:
        """How many hundredths of its points a contact earns on this day."""
        if task.cause == "occasion":
            return max(0, 100 - max(0, (task.due_on - on).days)) if on <= task.due_on else 0
        if on <= task.due_on:
            return 100
        last = task.due_on if task.late_from is None else task.late_from - ONE_DAY
        if on <= last:
            return GRACE
        return max(LATE_LEAST, FIRST_LATE - LATE_EACH * self._workdays(max(last + ONE_DAY, self.start), on))

    def points(self, task: Task, slot: Slot) -> int:
        """What the contact earns in this half-day, with the small shares; 0 where it may not lie."""
        on = slot[0]
        if on < task.from_on or on in task.refused or any(each.contains(on) for each in task.away):
            return 0
        share = self.share(task, on)
        if not share:
            return 0
        stays = STAYS if task.stays == slot else 0
        return base(task=task) * (share + liked(task=task, slot=slot) + stays)

    def _workdays(self, start: date, on: date) -> int:
        key = (start, on)
        if key not in self._late:
            self._late[key] = self.calendar.workdays_between(start, on)
        return self._late[key]


def liked(*, task: Task, slot: Slot) -> int:
    """The small share for a half-day the customer asked for or usually answers at, in hundredths."""
    if task.asked:
        return ASKED_HALF if task.half == slot[1] else 0
    is_usual_day = task.usual == (slot[0].weekday(), slot[1])
    return (USUAL_HALF if task.half == slot[1] else 0) + (USUAL_DAY if is_usual_day else 0)


def base(*, task: Task) -> int:
    """The points of a contact that lies in time, before anything small."""
    own = (PROMISE if task.cause == "promise" else CONTACT) + stake_points(stake=task.stake)
    return own + own * LEFT_OUT_EACH * min(task.left_out, LEFT_OUT_MOST) // 100


def stake_points(*, stake: Decimal) -> int:
    """0 up to 10,000, 300 from 10,000,000 on, by the logarithm between, rounded down."""
    if stake <= STAKE_FROM:
        return 0
    decades = log10(STAKE_TO / STAKE_FROM)
    return min(STAKE_MOST, int(STAKE_MOST * log10(stake / STAKE_FROM) / decades + 1e-9))


def options(*, problem: Problem) -> list[dict[Slot, int]]:
    """For each task the half-days it may lie in with its points there, in hundredths; those taken by its customer left out."""
    weighing = Weighing(problem.start, problem.calendar)
    slots = [slot for slot, room in problem.rooms.items() if room > 0]
    days: dict[int, list[date]] = {}
    for each in problem.lying:
        days.setdefault(each.customer, []).append(each.slot[0])
    found = []
    for task in problem.tasks:
        taken = days.get(task.customer, ())
        points = {
            slot: weighing.points(task, slot) for slot in slots if all(abs(slot[0] - day) >= APART for day in taken)
        }
        found.append({slot: worth for slot, worth in points.items() if worth > 0} if task.channel else {})
    return found


def value(*, problem: Problem, places: Mapping[str, Slot], options: Sequence[Mapping[Slot, int]]) -> int:
    """What a plan is worth in hundredths of a point: its contacts, less the ways of its visits."""
    earned = sum(
        each[places[task.key]] for task, each in zip(problem.tasks, options, strict=True) if task.key in places
    )
    here = {
        (places[task.key], task.district) for task in problem.tasks if task.key in places and task.channel == "visit"
    }
    there = {(each.slot, each.district) for each in problem.lying if each.channel == "visit"}
    return earned - len(here - there) * way_cost(travel=problem.keeps.travel)


def way_cost(*, travel: int) -> int:
    """What one way costs, in hundredths of a point."""
    return 100 * travel // WAY_POINT_MINUTES


def on_time(*, problem: Problem, places: Mapping[str, Slot]) -> int:
    """The points of the contacts that lie in time, grace included, without anything small: what plans are compared by."""
    weighing = Weighing(problem.start, problem.calendar)
    return sum(
        base(task=task)
        for task in problem.tasks
        if task.key in places
        and weighing.share(task, places[task.key][0]) >= (GRACE if task.cause != "occasion" else 1)
    )
