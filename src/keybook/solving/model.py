"""The planning problem as a mixed-integer programme: places are 0 or 1, and so are the ways to districts.

    maximise    Σ worth[t,s]·x[t,s] − way·Σ y[d,s]
    each task   Σₛ x[t,s] ≤ 1
    half-day    Σₜ minutes·x[t,s] + travel·Σ_d y[d,s] ≤ room[s]
    visit       x[t,s] ≤ y[d,s]
    day         Σ x of a channel ≤ what is left of its cap;  z[d,day] ≥ y[d,s], Σ_d z[d,day] ≤ districts
    customer    Σ x of a customer over any five days in a row ≤ 1

Solved by HiGHS (Q. Huangfu, J. Hall, Math. Prog. Comp. 10, 2018) through scipy; why not CP-SAT, and why a large one a few
days at a time: decision 69.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
HALF, NEARLY_ONE = 0.5, 0.999
SMALL = 1_500
"""Places up to which a problem is solved whole."""
AT_A_TIME, ROUNDS = 4, 4
EACH_SECONDS = 0.6
FINE = 0.0005


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
class Answer:
    """Where each task lies (−1: nowhere), what no plan can exceed, and how the solver ended."""

    chosen: list[int]
    bound: int
    status: str


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

    def run(self, *, lower: Numbers, upper: Numbers, whole: int, seconds: float, gap: float) -> OptimizeResult:
        """Maximise between these bounds, in whole numbers (1) or in parts (0)."""
        return milp(
            -self.worth, integrality=np.full(self.worth.size, whole), bounds=Bounds(lower, upper),
            constraints=LinearConstraint(self.matrix, ub=self.most),
            options={"time_limit": max(seconds, 0.01), "mip_rel_gap": gap},
        )  # fmt: skip

    def earned(self, plan: Numbers) -> float:
        """The worth of a plan."""
        return float(self.worth @ plan)


def solve(given: dict[str, Any], *, seconds: float, gap: float) -> Answer | None:
    """The best plan found in time, to within `gap` of the bound; None when the solver found none at all."""
    programme = programme_of(given)
    if not programme.column.size:
        return Answer([-1] * len(given["tasks"]), 0, "optimal")
    until = time.monotonic() + seconds
    found = _at_once(programme, seconds, gap) if programme.column.size <= SMALL else _by_days(programme, until, gap)
    if found is None:
        return None
    plan, bound = found
    chosen = [-1] * len(given["tasks"])
    for place in np.flatnonzero(plan[programme.column] > HALF):
        chosen[programme.task[place]] = int(programme.slot[place])
    is_near = bound - programme.earned(plan) <= gap * bound + 1
    return Answer(chosen, int(bound + HALF), "optimal" if is_near else "feasible")


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


def _at_once(programme: Programme, seconds: float, gap: float) -> tuple[Numbers, float] | None:
    """A small programme whole."""
    count = programme.worth.size
    found = programme.run(lower=np.zeros(count), upper=np.ones(count), whole=1, seconds=seconds, gap=gap)
    return None if found.x is None else (np.round(found.x), -found.mip_dual_bound)


def _by_days(programme: Programme, until: float, gap: float) -> tuple[Numbers, float] | None:
    """A large one: in parts for the bound; what is whole there stays, the rest is filled in; then a few days anew at a time.

    Whole, HiGHS may have nothing worth having for seconds and then everything; this way there is something at once, and
    it only gets better.
    """
    count = programme.worth.size
    none, all_ = np.zeros(count), np.ones(count)
    parts = programme.run(lower=none, upper=all_, whole=0, seconds=until - time.monotonic(), gap=0)
    if parts.x is None:
        return None
    bound, lower = float(-parts.fun), none.copy()
    sure = programme.column[parts.x[programme.column] > NEARLY_ONE]
    lower[sure] = 1
    filled = programme.run(lower=lower, upper=all_, whole=1, seconds=until - time.monotonic(), gap=FINE)
    plan = none if filled.x is None else np.round(filled.x)
    for days in _windows(np.unique(programme.day)):
        left = until - time.monotonic()
        if left <= 0 or bound - programme.earned(plan) <= gap * bound:
            break
        plan = _anew(programme, plan, days, min(left, EACH_SECONDS))
    return plan, bound


def _windows(days: Whole) -> Iterator[Whole]:
    """Days in a row, round and round; each round begins a little later, so that windows overlap those before."""
    for turn in range(ROUNDS * len(days) // AT_A_TIME):
        first = turn * AT_A_TIME + (turn * AT_A_TIME // len(days)) * (AT_A_TIME // 2)
        yield days[(first + np.arange(min(AT_A_TIME, len(days)))) % len(days)]


def _anew(programme: Programme, plan: Numbers, days: Whole, seconds: float) -> Numbers:
    """The plan with these days planned anew from what lies there and what lies nowhere; the others stay as they are."""
    lies = plan[programme.column] > HALF
    here = np.isin(programme.day, days)
    elsewhere = np.isin(programme.task, programme.task[lies & ~here])
    lower, upper = np.zeros(plan.size), np.ones(plan.size)
    upper[programme.column[elsewhere | ~here]] = 0
    kept = programme.column[lies & ~here]
    lower[kept] = upper[kept] = 1
    found = programme.run(lower=lower, upper=upper, whole=1, seconds=seconds, gap=FINE)
    better = None if found.x is None else np.round(found.x)
    return plan if better is None or programme.earned(better) <= programme.earned(plan) else better


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
    for slot, terms in by_slot.items():
        rows.add(terms, given["rooms"][slot])
    _districts(given, variables, rows, gone)


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
