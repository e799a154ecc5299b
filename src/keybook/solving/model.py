"""The planning problem as a mixed-integer programme: places are 0 or 1, and so are the ways to districts.

    maximise    Σ worth[t,s]·x[t,s] − way·Σ y[d,s]
    each task   Σₛ x[t,s] ≤ 1
    half-day    Σₜ minutes·x[t,s] + travel·Σ_d y[d,s] ≤ room[s]
    visit       x[t,s] ≤ y[d,s]
    day         Σ x of a channel ≤ what is left of its cap;  z[d,day] ≥ y[d,s], Σ_d z[d,day] ≤ districts
    way         Σ x of its visits ≤ as many as fit beside it · y[d,s]: true of every plan, and plans in parts are held to it too
    customer    Σ x of a customer over any five days in a row ≤ 1

Solved by HiGHS (Q. Huangfu, J. Hall, Math. Prog. Comp. 10, 2018) through scipy; why not CP-SAT: decision 69. How a plan is found
with it: `solving.search`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse import csr_array

from keybook.solving.laid import NOWHERE

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
HALF = 0.5
LEAST_SECONDS = 0.01


@dataclass(slots=True)
class Rows:
    """The rows of a constraint matrix while they are written: Σ coefficient·variable ≤ most."""

    row: list[int] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    coefficient: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def add(self, terms: list[tuple[int, float]], most: float) -> None:
        """One more row."""
        self.row += [len(self.most)] * len(terms)
        self.column += [column for column, _factor in terms]
        self.coefficient += [factor for _column, factor in terms]
        self.most.append(most)


@dataclass(slots=True)
class Variables:
    """Which column stands for which place, way and district of a day."""

    places: dict[tuple[int, int], int] = field(default_factory=dict)
    ways: dict[tuple[str, int], int] = field(default_factory=dict)
    visited: dict[tuple[str, int], int] = field(default_factory=dict)
    worth: list[float] = field(default_factory=list)

    def new(self, worth: float = 0.0) -> int:
        """One more column with its worth."""
        self.worth.append(worth)
        return len(self.worth) - 1


@dataclass(frozen=True, slots=True)
class Parts:
    """A plan in parts: how much of a task lies in each place, what each place earns beyond its price, and the bound."""

    share: Numbers
    beyond: Numbers
    bound: float


@dataclass(frozen=True, slots=True)
class Programme:
    """The whole programme, and for the column of each place its task, its half-day and its day."""

    worth: Numbers
    matrix: csr_array
    most: Numbers
    column: Whole
    task: Whole
    slot: Whole
    day: Whole

    def whole(self, *, bounds: Bounds, seconds: float, gap: float) -> OptimizeResult:
        """Maximise in whole numbers between these bounds."""
        return milp(
            -self.worth, integrality=np.ones(self.worth.size), bounds=bounds,
            constraints=LinearConstraint(self.matrix, ub=self.most),
            options={"time_limit": max(seconds, LEAST_SECONDS), "mip_rel_gap": gap},
        )  # fmt: skip

    def in_parts(self, *, bounds: Bounds, seconds: float) -> Parts | None:
        """Maximise where a contact may lie in parts; None when that was not found in time."""
        found = linprog(
            -self.worth, A_ub=self.matrix, b_ub=self.most, bounds=np.column_stack([bounds.lb, bounds.ub]),
            method="highs", options={"time_limit": max(seconds, LEAST_SECONDS)},
        )  # fmt: skip
        if found.x is None or found.status:
            return None
        beyond = self.worth + self.matrix.T @ found.ineqlin.marginals
        return Parts(found.x[self.column], beyond[self.column], float(-found.fun))

    def anything(self) -> Bounds:
        """Every place open."""
        return Bounds(np.zeros(self.worth.size), np.ones(self.worth.size))

    def places(self, plan: Numbers, count: int) -> list[int]:
        """Where each of so many tasks lies in a plan."""
        at = [NOWHERE] * count
        for place in np.flatnonzero(plan[self.column] > HALF):
            at[self.task[place]] = int(self.slot[place])
        return at


def programme_of(given: dict[str, Any]) -> Programme:
    """The programme of a problem."""
    variables, rows = Variables(), Rows()
    _places(given, variables, rows)
    _ways(given, variables, rows)
    _customers(given, variables, rows)
    count = len(variables.worth)
    task, slot = (np.array([key[part] for key in variables.places], dtype=np.int64) for part in (0, 1))
    return Programme(
        worth=np.array(variables.worth), most=np.array(rows.most), column=np.array([*variables.places.values()], dtype=np.int64),
        matrix=csr_array((rows.coefficient, (rows.row, rows.column)), shape=(len(rows.most), count)),
        task=task, slot=slot, day=np.array(given["days"], dtype=np.int64)[slot],
    )  # fmt: skip


def _places(given: dict[str, Any], variables: Variables, rows: Rows) -> None:
    """A task lies once; a channel's cap of the day holds."""
    by_cap: dict[tuple[int, str], list[tuple[int, float]]] = defaultdict(list)
    for at, task in enumerate(given["tasks"]):
        terms = []
        for slot, worth in task["options"]:
            column = variables.places[at, slot] = variables.new(worth)
            terms.append((column, 1.0))
            by_cap[given["days"][slot], task["channel"]].append((column, 1.0))
        if terms:
            rows.add(terms, 1)
    for day, channel, most in given["caps"]:
        if len(by_cap[day, channel]) > most:
            rows.add(by_cap[day, channel], most)


def _ways(given: dict[str, Any], variables: Variables, rows: Rows) -> None:
    """The minutes of a half-day hold its contacts and the ways of its visits; few districts a day."""
    gone = {(district, slot) for slot, district in given["visited"]}
    by_slot: dict[int, list[tuple[int, float]]] = defaultdict(list)
    by_way: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for (at, slot), column in variables.places.items():
        task = given["tasks"][at]
        by_slot[slot].append((column, task["minutes"]))
        if task["channel"] != "visit":
            continue
        way = (task["district"], slot)
        if way not in variables.ways and way not in gone:
            variables.ways[way] = variables.new(-given["way"])
            by_slot[slot].append((variables.ways[way], given["travel"]))
        if way in variables.ways:
            rows.add([(column, 1.0), (variables.ways[way], -1.0)], 0)
            by_way[way].append((column, task["minutes"]))
    for slot, terms in by_slot.items():
        rows.add(terms, given["rooms"][slot])
    _visits(given, variables, rows, by_way)
    _districts(given, variables, rows, gone)


def _visits(
    given: dict[str, Any], variables: Variables, rows: Rows, by_way: dict[tuple[str, int], list[tuple[int, int]]]
) -> None:  # fmt: skip
    """No more visits on a way than the half-day has minutes for, or the day's cap leaves."""
    caps = {day: most for day, channel, most in given["caps"] if channel == "visit"}
    for (district, slot), visits in by_way.items():
        left, most = given["rooms"][slot] - given["travel"], 0
        for minutes in sorted(minutes for _column, minutes in visits):
            left -= minutes
            most += left >= 0
        most = min(most, caps.get(given["days"][slot], most))
        if most < len(visits):
            rows.add([*((column, 1.0) for column, _minutes in visits), (variables.ways[district, slot], -most)], 0)


def _districts(given: dict[str, Any], variables: Variables, rows: Rows, gone: set[tuple[str, int]]) -> None:
    there = {(district, given["days"][slot]) for district, slot in gone}
    by_day: dict[int, set[int]] = defaultdict(set)
    for (district, slot), way in variables.ways.items():
        day = given["days"][slot]
        if (district, day) in there:
            continue
        seen = variables.visited.get((district, day))
        if seen is None:
            seen = variables.visited[district, day] = variables.new()
        rows.add([(way, 1.0), (seen, -1.0)], 0)
        by_day[day].add(seen)
    for day, columns in by_day.items():
        most = given["most_districts"] - sum(each == day for _district, each in there)
        if len(columns) > most:
            rows.add([(column, 1.0) for column in sorted(columns)], max(0, most))


def _customers(given: dict[str, Any], variables: Variables, rows: Rows) -> None:
    """Contacts of one customer lie apart."""
    tasks: dict[int, list[int]] = defaultdict(list)
    for at, task in enumerate(given["tasks"]):
        tasks[task["customer"]].append(at)
    several = {at for own in tasks.values() if len(own) > 1 for at in own}
    by_customer: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for (at, slot), column in variables.places.items():
        if at in several:
            by_customer[given["tasks"][at]["customer"]][given["days"][slot]].append(column)
    for days in by_customer.values():
        for start in sorted(days):
            window = [(column, 1.0) for day in range(start, start + given["apart"]) for column in days.get(day, ())]
            if len(window) > 1:
                rows.add(window, 1)
