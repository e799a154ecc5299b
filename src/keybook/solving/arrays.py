"""A planning problem as plain numbers, as they cross to the solver's process and back; nothing of a customer goes with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from keybook.core.halves import HALVES, Placed, used
from keybook.core.planning import APART, DISTRICTS_A_DAY, Problem, Slot, way_cost

Arrays = dict[str, Any]


def arrays_of(*, problem: Problem, options: Sequence[Mapping[Slot, int]]) -> Arrays:
    """The problem as lists: half-days with what is left in them, tasks with where they may lie."""
    slots = sorted(slot for slot, room in problem.rooms.items() if room > 0)
    number = {slot: place for place, slot in enumerate(slots)}
    lying = _lying(problem)
    first = slots[0][0] if slots else problem.start
    people = {customer: place for place, customer in enumerate(sorted({task.customer for task in problem.tasks}))}
    return {
        "rooms": [
            max(0, problem.rooms[slot] - used(placed=lying[slot], travel=problem.keeps.travel)) for slot in slots
        ],
        "days": [(slot[0] - first).days for slot in slots],
        "caps": _caps(problem, slots, lying),
        "travel": problem.keeps.travel, "way": way_cost(travel=problem.keeps.travel), "apart": APART.days,
        "most_districts": DISTRICTS_A_DAY,
        "visited": [
            [number[slot], each.district] for slot in slots for each in lying[slot] if each.channel == "visit"
        ],
        "tasks": [
            {
                "minutes": task.minutes, "channel": task.channel, "district": task.district, "customer": people[task.customer],
                "stays": number[task.stays] if task.stays is not None and task.stays in each else -1,
                "options": [[number[slot], worth] for slot, worth in sorted(each.items())],
            }
            for task, each in zip(problem.tasks, options, strict=True)
        ],
    }  # fmt: skip


def places_of(*, problem: Problem, chosen: Sequence[int]) -> dict[str, Slot]:
    """The half-days that a solver chose, by task; −1 is none."""
    slots = sorted(slot for slot, room in problem.rooms.items() if room > 0)
    return {task.key: slots[place] for task, place in zip(problem.tasks, chosen, strict=True) if place >= 0}


def _lying(problem: Problem) -> dict[Slot, list[Placed]]:
    found: dict[Slot, list[Placed]] = defaultdict(list)
    for each in problem.lying:
        found[each.slot].append(Placed(each.channel, each.minutes, each.district))
    return found


def _caps(problem: Problem, slots: Sequence[Slot], lying: Mapping[Slot, Sequence[Placed]]) -> list[list[Any]]:
    """[day, channel, how many more of it fit that day]."""
    found = []
    for on in sorted({slot[0] for slot in slots}):
        there = [each.channel for half in HALVES for each in lying.get((on, half), ())]
        found += [
            [(on - slots[0][0]).days, channel, max(0, most - there.count(channel))]
            for channel, most in sorted(problem.keeps.caps.items())
            if most
        ]
    return found
