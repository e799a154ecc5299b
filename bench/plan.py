"""How good a planned month is, and how long it takes: one banker, a branch, and planned anew after a day of work.

The month is invented, with more wanted than there is time for: 400 customers, 22 workdays of twice 120 minutes for
contacts, one half-day in four with a meeting in it. Half of the contacts are due by standard (a tenth of the relationship at
stake, two weeks ahead and a week of grace), a quarter are signals, the rest promises and occasions. 62 of 100 are calls of 20
minutes, 12 visits of an hour and the way. One in twelve is late already when the month begins.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

from bench.report import Row, keep
from keybook.core.halves import Keeps
from keybook.core.plan_check import breaches
from keybook.core.plan_greedy import earliest_due_first
from keybook.core.planning import Lying, Problem, Slot, Task, on_time
from keybook.core.workdays import WorkCalendar
from keybook.solving.planner import plan

START, CUSTOMERS, WORKDAYS, BOOKS = dt.date(2026, 11, 30), 400, 22, 20
KEEPS = Keeps(
    windows={"am": (525, 750), "pm": (840, 1050)}, minutes={"am": 120, "pm": 120}, travel=30,
    channels={"call": 20, "visit": 60, "branch": 45, "wechat": 10, "email": 15}, caps={"call": 12, "visit": 3, "branch": 4},
)  # fmt: skip
CAUSES = {"standard": (14, 7), "signal": (10, 0), "promise": (3, 1), "occasion": (3, 0)}
"""Days it may come before its day, and days of grace."""


def month(*, seed: int) -> Problem:
    """One banker's invented month."""
    draw, calendar = random.Random(seed), WorkCalendar()
    end = calendar.add_workdays(START, WORKDAYS)
    days = [START + dt.timedelta(days=each) for each in range((end - START).days)]
    rooms: dict[Slot, int] = {}
    for on in days:
        for half in ("am", "pm"):
            meeting = draw.choice([30, 60, 90]) if draw.random() < 0.25 else 0
            rooms[on, half] = 120 - meeting if calendar.is_workday(on) else 0  # type: ignore[index]
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
    new = [replace(task, key=f"new{task.key}", customer=10_000 + task.customer) for task in problem.tasks[100:105]]
    done = tuple(
        Lying(task.customer, places[task.key], task.channel, task.minutes, task.district)
        for task in problem.tasks
        if places.get(task.key, (second, ""))[0] == first
    )
    rooms = {slot: room for slot, room in problem.rooms.items() if slot[0] > first}
    busy = sorted(slot for slot, room in rooms.items() if room)[5]
    rooms[busy] = max(0, rooms[busy] - 60)
    there = {task.key: places[task.key] for task in kept if task.key in places}
    return Problem((*kept, *new), rooms, problem.keeps, problem.calendar, done), there


def measure() -> list[Row]:
    """Plan, compare with earliest due first, plan a branch, and plan anew."""
    seconds, gaps, better, stay = [], [], [], []
    for seed in range(5):
        problem = month(seed=seed)
        began = time.monotonic()
        found = plan(problem=problem)
        seconds.append(time.monotonic() - began)
        gaps.append(float(found.gap))
        assert not breaches(problem=problem, places=found.places), "a plan breaks a rule"  # noqa: S101
        plain = earliest_due_first(problem=problem)
        assert not breaches(problem=problem, places=plain), "the comparison breaks a rule"  # noqa: S101
        better.append(on_time(problem=problem, places=found.places) / on_time(problem=problem, places=plain) - 1)
        again, there = day_after(problem, dict(found.places))
        moved = plan(problem=again)
        assert not breaches(problem=again, places=moved.places), "a plan made anew breaks a rule"  # noqa: S101
        stay.append(sum(moved.places.get(key) == slot for key, slot in there.items()) / len(there))
    branch = _branch()
    rows = [
        Row(f"one banker, {CUSTOMERS} customers, {WORKDAYS} workdays, worst of 5 months, the process's start included",
            f"{max(seconds):.1f} s", "< 5 s", "2 s", well=max(seconds) < 5),
        Row("the same, how far from the bound, worst / median", f"{max(gaps):.2%} / {statistics.median(gaps):.2%}", "≤ 2 %", "0.5 %",
            well=max(gaps) <= 0.02),
        Row("value covered in time above earliest due first, worst / median",
            f"+{min(better):.0%} / +{statistics.median(better):.0%}", "≥ 15 %", "25 %", well=min(better) >= 0.15),
        Row(f"a branch of {BOOKS} such bankers", f"{branch:.0f} s", "< 60 s", "30 s", well=branch < 60),
        Row("planned anew after one day, untouched entries that stay, worst / median",
            f"{min(stay):.1%} / {statistics.median(stay):.1%}", "≥ 90 %", "98 %", well=min(stay) >= 0.9),
    ]  # fmt: skip
    keep("plan", rows)
    return rows


def _branch() -> float:
    """Seconds for a branch, two solvers at a time."""
    months = [month(seed=100 + each) for each in range(BOOKS)]
    began = time.monotonic()
    with ThreadPoolExecutor(max_workers=2) as pool:
        for problem, found in zip(months, pool.map(lambda each: plan(problem=each), months), strict=True):
            assert not breaches(problem=problem, places=found.places), "a plan breaks a rule"  # noqa: S101
    return time.monotonic() - began
