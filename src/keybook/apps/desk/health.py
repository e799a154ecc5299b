"""The health chart of the Customer page: the ledger's curve and its steps as places in a box of 640 by 190."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from keybook.core.ledger import Posting, balance, curve

DAYS = 240
LEFT, RIGHT, TOP, BOTTOM = 34, 624, 12, 166


@dataclass(frozen=True, slots=True)
class Dot:
    """One posting on the curve."""

    x: float
    y: float
    points: int
    on: dt.date


@dataclass(frozen=True, slots=True)
class Chart:
    """The curve as path data, its dots, the heights of the lines behind it, and where each month begins."""

    path: str
    dots: tuple[Dot, ...]
    lines: tuple[tuple[int, float], ...]
    months: tuple[tuple[dt.date, float], ...]


def chart(*, postings: Sequence[Posting], today: dt.date) -> Chart:
    """Draw the last eight months."""
    start = today - dt.timedelta(days=DAYS)
    points = curve(postings=postings, start=start, today=today, every_days=4)
    values = [value for _, value in points]
    low = min(0, *(20 * (value // 20) for value in values))
    high = max(40, *(20 * -(-value // 20) for value in values))

    def x(day: dt.date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - start).days / DAYS, 1)

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low), 1)

    dots = [
        Dot(x(each.on), y(balance(postings=postings, today=each.on)), each.points, each.on)
        for each in postings
        if start <= each.on <= today
    ]
    step = 20 if high - low <= 100 else 40  # noqa: PLR2004 - five lines are enough
    firsts = (
        dt.date(start.year + (start.month + ahead - 1) // 12, (start.month + ahead - 1) % 12 + 1, 1)
        for ahead in range(1, 9)
    )
    return Chart(
        path="M" + "L".join(f"{x(day)},{y(value)}" for day, value in points),
        dots=tuple(dots),
        lines=tuple((value, y(value)) for value in range(low, high + 1, step)),
        months=tuple((first, x(first)) for first in firsts if start <= first <= today),
    )
