"""Plans made by hand's rules: the best that is left goes where it is worth most; and the earliest due goes first.

The first is where the solver starts and what is used when it cannot be; the second is what planning is compared with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from keybook.core.halves import HALVES, Placed, fits
from keybook.core.planning import APART, DISTRICTS_A_DAY, Problem, Slot, Task, base, options


@dataclass(slots=True)
class Table:
    """The half-days of a problem while they fill."""

    problem: Problem
    lying: dict[Slot, list[Placed]] = field(default_factory=lambda: defaultdict(list))
    days: dict[int, list[date]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for each in self.problem.lying:
            self.lying[each.slot].append(Placed(each.channel, each.minutes, each.district))
            self.days[each.customer].append(each.slot[0])

    def put(self, task: Task, slot: Slot) -> None:
        """Lay the contact there."""
        self.lying[slot].append(Placed(task.channel, task.minutes, task.district))
        self.days[task.customer].append(slot[0])

    def why_not(self, task: Task, slot: Slot) -> str:
        """Why it cannot lie here: gap, shut, full, cap or ways; empty when it can."""
        if any(abs(slot[0] - each) < APART for each in self.days[task.customer]):
            return "gap"
        day = [each for half in HALVES for each in self.lying.get((slot[0], half), ())]
        new = Placed(task.channel, task.minutes, task.district)
        room = self.problem.rooms.get(slot, 0)
        why = fits(new=new, room=room, half=self.lying.get(slot, ()), day=day, keeps=self.problem.keeps).why
        if why or task.channel != "visit":
            return why
        visited = {each.district for each in day if each.channel == "visit"} | {task.district}
        return "ways" if len(visited) > DISTRICTS_A_DAY else ""


def most_worth_first(*, problem: Problem, worth: Sequence[Mapping[Slot, int]] | None = None) -> dict[str, Slot]:
    """The contact of the most points for its minutes first, each in the half-day where it earns most and fits."""
    allowed = options(problem=problem) if worth is None else worth
    best = [max(each.values(), default=0) for each in allowed]
    order = sorted(
        range(len(problem.tasks)),
        key=lambda at: (-best[at] / problem.tasks[at].minutes, problem.tasks[at].due_on, problem.tasks[at].key),
    )
    table, places = Table(problem), dict[str, Slot]()
    for at in order:
        task = problem.tasks[at]
        for slot in sorted(allowed[at], key=lambda slot: (-allowed[at][slot], slot)):
            if not table.why_not(task, slot):
                table.put(task, slot)
                places[task.key] = slot
                break
    return places


def earliest_due_first(*, problem: Problem) -> dict[str, Slot]:
    """What is due first goes first, on the first half-day that takes it: how a careful list is worked off without a plan."""
    allowed = options(problem=problem)
    order = sorted(
        range(len(problem.tasks)),
        key=lambda at: (problem.tasks[at].due_on, -base(task=problem.tasks[at]), problem.tasks[at].key),
    )
    table, places = Table(problem), dict[str, Slot]()
    for at in order:
        task = problem.tasks[at]
        found = next((slot for slot in sorted(allowed[at]) if not table.why_not(task, slot)), None)
        if found is not None:
            table.put(task, found)
            places[task.key] = found
    return places


def reasons_left(*, problem: Problem, places: Mapping[str, Slot]) -> dict[str, str]:
    """Why each task without a place has none: channel, gone (the customer is away), gate, late, gap, shut, full, cap or ways."""
    table = Table(problem)
    for task in problem.tasks:
        if task.key in places:
            table.put(task, places[task.key])
    allowed = options(problem=problem)
    return {
        task.key: _why(task, each, table)
        for task, each in zip(problem.tasks, allowed, strict=True)
        if task.key not in places
    }


def _why(task: Task, allowed: Mapping[Slot, int], table: Table) -> str:
    if not task.channel:
        return "channel"
    slots = [slot for slot, room in table.problem.rooms.items() if room > 0 and slot[0] >= task.from_on]
    if not slots:
        return "shut"
    if not allowed:
        there = [slot for slot in slots if not any(each.contains(slot[0]) for each in task.away)]
        if not there:
            return "gone"
        in_time = [slot for slot in there if task.cause != "occasion" or slot[0] <= task.due_on]
        if not in_time:
            return "late"
        return "gate" if all(slot[0] in task.refused for slot in in_time) else "gap"
    said = {table.why_not(task, slot) for slot in allowed}
    return next((code for code in ("full", "cap", "ways", "gap") if code in said), "full")
