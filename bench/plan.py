"""How good a planned month is, and how long it takes: one banker, a branch, and planned anew after a day of work.

The month is invented, with two fifths more wanted than there is time for: 400 customers, 22 workdays of twice three hours for
contacts, one half-day in four with a meeting in it. A fuller one has the same customers and twice two hours, a lighter one twice 220
minutes. Half of the contacts are due by standard (a tenth of the relationship at
stake, two weeks ahead and a week of grace), a quarter are signals, the rest promises and occasions. 62 of 100 are calls of 20
minutes, 12 visits of an hour and the way. One in twelve is late already when the month begins.

It is compared with lists worked off by day under the same rules: the earliest due first; and the same by a careful banker, who lets
wait what can no longer be in time. The second is the one that counts.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

from bench.report import Row, keep
from keybook.core.halves import Keeps
from keybook.core.plan_check import breaches
from keybook.core.plan_greedy import Table, earliest_due_first
from keybook.core.planning import GRACE, Lying, Problem, Slot, Solution, Task, Weighing, base, on_time, options
from keybook.core.workdays import WorkCalendar
from keybook.solving.planner import plan

START, CUSTOMERS, WORKDAYS, BOOKS = dt.date(2026, 11, 30), 400, 22, 20
MINUTES, FULLER, LIGHTER = 180, 120, 220
MONTHS, DAYS = 5, 2
KEEPS = Keeps(
    windows={"am": (525, 750), "pm": (840, 1050)}, minutes={"am": 180, "pm": 180}, travel=30,
    channels={"call": 20, "visit": 60, "branch": 45, "wechat": 10, "email": 15}, caps={"call": 12, "visit": 3, "branch": 4},
)  # fmt: skip


def earliest_due_first_in_time(*, problem: Problem) -> dict[str, Slot]:
    """The same by a careful banker: what can no longer be in time waits until all the others have their place."""
    weighing, allowed = Weighing(problem.start, problem.calendar), options(problem=problem)
    order = sorted(
        range(len(problem.tasks)), key=lambda at: (problem.tasks[at].due_on, -base(task=problem.tasks[at]), at)
    )
    table, places = Table(problem), dict[str, Slot]()
    for least in (GRACE, 1):
        for at in order:
            task = problem.tasks[at]
            slots = (each for each in sorted(allowed[at]) if weighing.share(task, each[0]) >= least)
            found = next((each for each in slots if not table.why_not(task, each)), None)
            if task.key not in places and found is not None:
                table.put(task, found)
                places[task.key] = found
    return places


Rule = Callable[..., dict[str, Slot]]
RULES: tuple[Rule, Rule] = (earliest_due_first, earliest_due_first_in_time)
CAUSES = {"standard": (14, 7), "signal": (10, 0), "promise": (3, 1), "occasion": (3, 0)}
"""Days it may come before its day, and days of grace."""


def month(*, seed: int, minutes: int = MINUTES) -> Problem:
    """One banker's invented month, with so many minutes in each half-day."""
    draw, calendar = random.Random(seed), WorkCalendar()
    end = calendar.add_workdays(START, WORKDAYS)
    days = [START + dt.timedelta(days=each) for each in range((end - START).days)]
    rooms: dict[Slot, int] = {}
    for on in days:
        for half in ("am", "pm"):
            meeting = draw.choice([30, 60, 90]) if draw.random() < 0.25 else 0
            rooms[on, half] = (MINUTES - meeting) * minutes // MINUTES if calendar.is_workday(on) else 0  # type: ignore[index]
    return Problem(tuple(_task(draw, each, len(days)) for each in range(CUSTOMERS)), rooms, KEEPS, calendar)


def _task(draw: random.Random, number: int, span: int) -> Task:
    cause = draw.choices(list(CAUSES), [52, 25, 14, 9])[0]
    ahead, grace = CAUSES[cause]
    late = cause in {"standard", "promise"} and draw.random() < 1 / 8
    due_on = START + dt.timedelta(days=-draw.randint(2, 20) if late else draw.randint(0, span - 1))
    stake = draw.lognormvariate(11.0, 1.4) if cause == "standard" else draw.lognormvariate(12.0, 1.5)
    channel = draw.choices(["call", "visit", "wechat", "branch", "email"], [62, 12, 14, 6, 6])[0]
    return Task(
        key=f"t{number}", customer=number, cause=cause, from_on=due_on - dt.timedelta(days=ahead), due_on=due_on,
        channel=channel, minutes=KEEPS.takes(channel), late_from=due_on + dt.timedelta(days=grace + 1) if grace else None,
        stake=Decimal(0) if cause in {"promise", "occasion"} and draw.random() < 0.5 else Decimal(int(stake)),
        district=draw.choice("ABCDE"), half=draw.choice([None, "am", "pm"]), asked=draw.random() < 0.2,
    )  # fmt: skip


def day_after(problem: Problem, places: dict[str, Slot]) -> tuple[Problem, dict[str, Slot]]:
    """The problem a day later: the first day is done, five new contacts are wanted, five were called off, a meeting came."""
    first = problem.start
    second = min(slot[0] for slot, room in problem.rooms.items() if room and slot[0] > first)
    left = [task for task in problem.tasks if places.get(task.key, (second, "am"))[0] != first]
    gone = {task.key for task in left[7:12]}
    kept = [replace(task, stays=places.get(task.key)) for task in left if task.key not in gone]
    new = [
        replace(task, key=f"new{first}{task.key}", customer=task.customer + 10_000 * first.toordinal(), stays=None)
        for task in problem.tasks[100:105]
    ]
    done = tuple(
        Lying(task.customer, places[task.key], task.channel, task.minutes, task.district)
        for task in problem.tasks
        if places.get(task.key, (second, ""))[0] == first
    )
    rooms = {slot: room for slot, room in problem.rooms.items() if slot[0] > first}
    busy = sorted(slot for slot, room in rooms.items() if room)[5]
    rooms[busy] = max(0, rooms[busy] - 60)
    there = {task.key: places[task.key] for task in kept if task.key in places}
    return Problem((*kept, *new), rooms, problem.keeps, problem.calendar, (*problem.lying, *done)), there


def measure() -> list[Row]:
    """Plan, compare with lists worked off by day, plan fuller and lighter months, plan anew, and plan a branch."""
    months = [month(seed=seed) for seed in range(MONTHS)]
    load = os.getloadavg()[0]
    before = _core_seconds()
    seconds, plans = zip(*(_timed(problem) for problem in months), strict=True)
    worked = (_core_seconds() - before) / MONTHS
    gaps = [float(found.gap) for found in plans]
    plain, careful = ([_above(each, found, rule) for each, found in zip(months, plans, strict=True)] for rule in RULES)
    others = {name: _month_of(minutes) for name, minutes in (("fuller", FULLER), ("lighter", LIGHTER))}
    stay = [share for problem, found in zip(months, plans, strict=True) for share in _days_after(problem, found)]
    branch = _branch()
    rows = [
        Row(f"one banker, {CUSTOMERS} customers, {WORKDAYS} workdays, worst of {MONTHS} months, the process's start included",
            f"{max(seconds):.1f} s", "< 5 s", "2 s", well=max(seconds) < 5),
        Row("— the same in seconds of one core, mean; the machine's load meanwhile", f"{worked:.1f} s; {load:.0f}"),
        Row("the same, how far from the bound, worst / median", _two(gaps), "≤ 2 %", "0.5 %", well=max(gaps) <= 0.02),
        *(Row(f"a {name} month, how far from the bound, worst / median", _two(found), "≤ 2 %", "0.5 %",
              well=max(found) <= 0.02) for name, (found, _above) in others.items()),
        Row("value covered in time above earliest due first by a careful banker, worst / median",
            f"+{min(careful):.0%} / +{statistics.median(careful):.0%}", "≥ 15 %", "25 %", well=min(careful) >= 0.15),
        *(Row(f"— in a {name} month", f"+{min(above):.0%} / +{statistics.median(above):.0%}")
          for name, (_found, above) in others.items()),
        Row("— above plain earliest due first", f"+{min(plain):.0%} / +{statistics.median(plain):.0%}"),
        Row(f"a branch of {BOOKS} such bankers", f"{branch:.0f} s", "< 60 s", "30 s", well=branch < 60),
        Row(f"planned anew after a day, untouched entries that stay, worst / median of {len(stay)} days",
            f"{min(stay):.1%} / {statistics.median(stay):.1%}", "≥ 90 %", "98 %", well=min(stay) >= 0.9),
    ]  # fmt: skip
    keep("plan", rows)
    return rows


def _timed(problem: Problem) -> tuple[float, Solution]:
    began = time.monotonic()
    found = plan(problem=problem)
    seconds = time.monotonic() - began
    assert not breaches(problem=problem, places=found.places), "a plan breaks a rule"  # noqa: S101
    return seconds, found


def _month_of(minutes: int) -> tuple[list[float], list[float]]:
    """Gaps of months with so many minutes in each half-day, and what they cover above the careful banker."""
    months = [month(seed=seed, minutes=minutes) for seed in range(MONTHS)]
    plans = [_kept(each) for each in months]
    careful = [_above(each, found, earliest_due_first_in_time) for each, found in zip(months, plans, strict=True)]
    return [float(found.gap) for found in plans], careful


def _core_seconds() -> float:
    """What this process and those it has waited for have worked so far."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def _kept(problem: Problem) -> Solution:
    return _timed(problem)[1]


def _above(problem: Problem, found: Solution, rule: Rule) -> float:
    """How much more is covered in time than by a list worked off by this rule."""
    listed = rule(problem=problem)
    assert not breaches(problem=problem, places=listed), "the comparison breaks a rule"  # noqa: S101
    return on_time(problem=problem, places=found.places) / on_time(problem=problem, places=listed) - 1


def _days_after(problem: Problem, found: Solution) -> Iterator[float]:
    """On each of the next days, the share of the untouched entries that stay when the month is planned anew."""
    for _day in range(DAYS):
        problem, there = day_after(problem, dict(found.places))
        found = _kept(problem)
        yield sum(found.places.get(key) == slot for key, slot in there.items()) / len(there)


def _two(shares: Sequence[float]) -> str:
    return f"{max(shares):.2%} / {statistics.median(shares):.2%}"


def _branch() -> float:
    """Seconds for a branch, two solvers at a time."""
    months = [month(seed=100 + each) for each in range(BOOKS)]
    began = time.monotonic()
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(_kept, months))
    return time.monotonic() - began
