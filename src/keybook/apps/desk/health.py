"""The health chart of the Customer page: the ledger's curve and its steps as places in a box of 640 by 190."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from keybook.core.ledger import Health, Step, Turn, curve

DAYS = 240
LEFT, RIGHT, TOP, BOTTOM = 34, 624, 16, 162
LABELS = 4  # the largest steps are named on the curve
APART = 84  # of two that would overlap only the larger is


@dataclass(frozen=True, slots=True)
class Dot:
    """What was posted on one day, on the curve; `named` is its largest posting where there is room for its name."""

    x: float
    y: float
    points: int
    on: dt.date
    steps: tuple[Step, ...]
    named: Step | None = None

    @property
    def anchor(self) -> str:
        """Where its name starts, so that it stays in the box."""
        return "end" if self.x > RIGHT - APART / 2 else "start" if self.x < LEFT + APART / 2 else "middle"

    @property
    def name_y(self) -> float:
        """The height of its name: over the curve what rose, below it what fell."""
        return round(self.y - 9 if self.points >= 0 else self.y + 17, 1)


@dataclass(frozen=True, slots=True)
class Chart:
    """The curve as path data, its dots, the heights of the lines behind it, and where each month begins."""

    path: str
    dots: tuple[Dot, ...]
    lines: tuple[tuple[int, float], ...]
    months: tuple[tuple[dt.date, float], ...]


def chart(*, health: Health, today: dt.date) -> Chart:
    """Draw the last eight months."""
    start = today - dt.timedelta(days=DAYS)
    turns = curve(postings=[each.posting for each in health.steps], start=start, today=today, weights=health.weights)
    values = [value for turn in turns for value in (turn.before, turn.after)]
    low = min(0, *(20 * (value // 20) for value in values))
    high = max(40, *(20 * -(-value // 20) for value in values))

    def x(day: dt.date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - start).days / DAYS, 1)

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low), 1)

    step = 20 if high - low <= 100 else 40  # noqa: PLR2004 - five lines are enough
    return Chart(
        path=_path(turns, x, y), dots=_named(list(_dots(health.steps, turns, x, y))),
        lines=tuple((value, y(value)) for value in range(low, high + 1, step)),
        months=tuple((first, x(first)) for first in _firsts(start) if start <= first <= today),
    )  # fmt: skip


def _firsts(start: dt.date) -> Iterator[dt.date]:
    """The first days of the months that follow."""
    for ahead in range(1, 9):
        yield dt.date(start.year + (start.month + ahead - 1) // 12, (start.month + ahead - 1) % 12 + 1, 1)


def _path(turns: Sequence[Turn], x: Callable[[dt.date], float], y: Callable[[float], float]) -> str:
    """Straight down between two days, upright where something was posted."""
    parts = []
    for turn in turns:
        parts.append(f"{x(turn.on)},{y(turn.before)}")
        if turn.after != turn.before:
            parts.append(f"{x(turn.on)},{y(turn.after)}")
    return "M" + "L".join(parts)


def _dots(
    steps: Sequence[Step], turns: Sequence[Turn], x: Callable[[dt.date], float], y: Callable[[float], float]
) -> Iterator[Dot]:
    heights = {turn.on: turn.after for turn in turns}
    for on, same in groupby(sorted(steps, key=lambda each: each.posting.on), key=lambda each: each.posting.on):
        if on in heights:
            posted = tuple(same)
            yield Dot(x(on), y(heights[on]), sum(each.points for each in posted), on, posted)


def _named(dots: list[Dot]) -> tuple[Dot, ...]:
    """Name the largest steps that have room."""
    chosen: list[Dot] = []
    for dot in sorted(dots, key=lambda each: (-abs(each.points), -each.x)):
        if len(chosen) < LABELS and all(abs(dot.x - other.x) >= APART for other in chosen):
            chosen.append(dot)
    return tuple(
        Dot(dot.x, dot.y, dot.points, dot.on, dot.steps, max(dot.steps, key=lambda each: abs(each.points)))
        if dot in chosen else dot
        for dot in dots
    )  # fmt: skip
