"""How a good plan is found: a small problem whole, a large one from the plan in parts and bettered from there.

1. In parts: linear programming gives the bound, and what each minute of a half-day is worth. Where there is a plan already, it is
   bettered by step 3 first: what is near enough to the bound then stands, and little moves.
2. Rounded: what lies whole there stays; of the rest the clearest fifth is laid, and the others are asked for anew, a few times.
3. Step by step: every place that is worth its price or nearly so is tried, those in the way going elsewhere (`solving.laid`).
4. A few days at a time: planned anew in whole numbers, until the gap or the time is reached.

The first three take about a second of one core for 400 contacts; on a machine that has less, rounding ends at half the time, so that
there is always some left for the steps, which mend most.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds

from keybook.solving.laid import NOWHERE, Laid
from keybook.solving.model import Parts, Programme, Whole, programme_of

SMALL = 400
"""Places up to which a problem is solved whole."""
SURE, SOME = 0.999, 0.0001
ROUNDS, CLEAREST, AT_LEAST = 10, 5, 3
"""How often a plan in parts is rounded further, one in how many, and how many at the least."""
NEAR = 1_500
"""Fifteen points: a place that earns less than its price by more than that is not tried."""
AT_A_TIME, TURNS = 2, 3
EACH_SECONDS = 1.0
BOUND_SECONDS = 1.5
"""What the bound may take even when the time is nearly over: without it there is no plan but the one by rule."""
FINE = 0.0005


@dataclass(frozen=True, slots=True)
class Answer:
    """Where each task lies (−1: nowhere), what no plan can exceed, and how the solver ended."""

    chosen: list[int]
    bound: int
    status: str


@dataclass(slots=True)
class Search:
    """A problem, its programme, when to stop, and the best plan so far."""

    given: dict[str, Any]
    programme: Programme
    until: float
    gap: float
    laid: Laid
    bound: float = float("inf")

    @property
    def left(self) -> float:
        """Seconds."""
        return self.until - time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether the time is over or the plan near enough to its bound."""
        return self.left <= 0 or self.is_near

    @property
    def is_near(self) -> bool:
        """Whether no other plan can be worth noticeably more."""
        return self.bound - self.laid.worth <= self.gap * self.bound + 1


def solve(given: dict[str, Any], *, seconds: float, gap: float) -> Answer | None:
    """The best plan found in time, to within `gap` of the bound; None when the solver found none at all."""
    until = time.monotonic() + seconds
    programme, laid = programme_of(given), Laid.empty(given)
    if not programme.column.size:
        return Answer(laid.at, 0, "optimal")
    search = Search(given, programme, until, gap, laid)
    if not (_at_once(search) if programme.column.size <= SMALL else _by_steps(search)):
        return None
    return Answer(search.laid.at, int(search.bound + 0.5), "optimal" if search.is_near else "feasible")


def _at_once(search: Search) -> bool:
    """A small programme whole."""
    programme = search.programme
    found = programme.whole(bounds=programme.anything(), seconds=search.left, gap=search.gap)
    if found.x is None:
        return False
    search.laid = Laid.of_places(search.given, programme.places(found.x, len(search.laid.at)))
    search.bound = -found.mip_dual_bound
    return True


def _by_steps(search: Search) -> bool:
    """A large one: something is there at once, and it only gets better."""
    bounds = search.programme.anything()
    parts = search.programme.in_parts(bounds=bounds, seconds=max(search.left, BOUND_SECONDS))
    if parts is None:
        return False
    search.bound = parts.bound
    before = _as_it_was(search, parts)
    if not search.is_near:
        search.laid = Laid.empty(search.given)
        _round(search, parts, bounds)
        search.laid.fill()
        _better(search, parts)
        search.laid = max(search.laid, before, key=lambda laid: laid.worth)
    for days in _windows(np.unique(search.programme.day)):
        if search.is_over:
            break
        _anew(search, days, parts)
    return True


def _as_it_was(search: Search, parts: Parts) -> Laid:
    """The plan there was, as far as it still holds, filled and bettered in passing."""
    laid = search.laid
    stays = [(which, task["stays"]) for which, task in enumerate(search.given["tasks"]) if task["stays"] != NOWHERE]
    for which, slot in stays:
        if laid.fits(which, slot):
            laid.put(which, slot)
    if stays:
        laid.fill()
        _better(search, parts, depths=(False,))
    return laid


def _round(search: Search, parts: Parts, bounds: Bounds) -> None:
    """Lay the contacts along the plan in parts, asking for the rest of it anew while that goes on: in half the time there is."""
    rest: Parts | None = parts
    half = search.left / 2
    for _round in range(ROUNDS):
        if rest is None or not _lay_clearest(search, rest, bounds) or search.left <= half:
            return
        rest = search.programme.in_parts(bounds=bounds, seconds=search.left)


def _lay_clearest(search: Search, parts: Parts, bounds: Bounds) -> bool:
    """Lay what is sure and the clearest of the rest, and close the places that do not fit; false when nothing is left."""
    programme, laid = search.programme, search.laid
    nowhere = np.array(laid.at)[programme.task] == NOWHERE
    open_ = np.flatnonzero(nowhere & (parts.share > SOME))
    share, worth = np.round(parts.share[open_], 3), programme.worth[programme.column[open_]]
    minutes = np.array([contact.minutes for contact in laid.contacts])[programme.task[open_]]
    order = open_[np.lexsort((-worth / minutes, -share))]
    sure = int(np.sum(share > SURE))
    for place in order[: sure + max(AT_LEAST, (len(order) - sure) // CLEAREST)]:
        which, slot, column = int(programme.task[place]), int(programme.slot[place]), programme.column[place]
        if laid.at[which] != NOWHERE:
            continue
        if laid.fits(which, slot):
            laid.put(which, slot)
            bounds.lb[column] = 1
        else:
            bounds.ub[column] = 0
    return bool(open_.size)


def _better(search: Search, parts: Parts, *, depths: tuple[bool, ...] = (False, True)) -> None:
    """Try every place near its price, those that earn most beyond it first; in passing, then deeper, while it helps."""
    order = np.argsort(-parts.beyond, kind="stable")
    order = order[parts.beyond[order] > -NEAR]
    places = list(zip(search.programme.task[order].tolist(), search.programme.slot[order].tolist(), strict=True))
    for deep in depths:
        while not search.is_over and _sweep(search, places, deep=deep):
            pass


def _sweep(search: Search, places: list[tuple[int, int]], *, deep: bool) -> bool:
    """Try each of these places once; true if any was taken."""
    laid, taken = search.laid, False
    for which, slot in places:
        there = laid.at[which]
        if slot == there or (
            there != NOWHERE and laid.contacts[which].points[there] >= laid.contacts[which].points[slot]
        ):
            continue
        taken = laid.insert(which, slot, deep=deep) or taken
        if search.left <= 0:
            break
    return taken


def _windows(days: Whole) -> Iterator[Whole]:
    """Days in a row, round and round; each round begins a little later, so that windows overlap those before."""
    for turn in range(TURNS * len(days) // AT_A_TIME):
        first = turn * AT_A_TIME + (turn * AT_A_TIME // len(days)) * (AT_A_TIME // 2)
        yield days[(first + np.arange(min(AT_A_TIME, len(days)))) % len(days)]


def _anew(search: Search, days: Whole, parts: Parts) -> None:
    """Plan these days anew from what lies there and what lies nowhere; the others stay as they are."""
    programme, at = search.programme, np.array(search.laid.at)
    lies, here = at[programme.task] == programme.slot, np.isin(programme.day, days)
    elsewhere = np.isin(programme.task, programme.task[lies & ~here])
    bounds = programme.anything()
    bounds.ub[programme.column[elsewhere | ~here]] = 0
    kept = programme.column[lies & ~here]
    bounds.lb[kept] = bounds.ub[kept] = 1
    found = programme.whole(bounds=bounds, seconds=min(search.left, EACH_SECONDS), gap=FINE)
    if found.x is None:
        return
    before, search.laid = search.laid, Laid.of_places(search.given, programme.places(found.x, len(at)))
    if search.laid.worth > before.worth:
        _better(search, parts)
    else:
        search.laid = before
