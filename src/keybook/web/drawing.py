"""The arithmetic behind the small drawings: bars, sparklines, the best hour, the household graph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Number = Decimal | float | int
TALLEST = 12
NEAR_BELOW, NEAR_ABOVE = 0.5, 1.3  # a threshold this near is drawn; one farther away would flatten the line
AIR_BELOW = 0.25
FIRST_HOUR = 9


def v(value: Number | None, of: Number = 100) -> str:
    """The class that draws a bar: value of `of` in hundredths, from v0 to v100; anything above nothing shows at least v1."""
    if not value or not of or value <= 0:
        return "v0"
    return f"v{min(100, max(1, round(float(value) / float(of) * 100)))}"


def hours_bars(hours: Sequence[Sequence[int]]) -> list[str]:
    """Classes of the best-hour bars: t = tried, a = answered, in pixels of the tallest hour."""
    most = max([3, *(int(tried) for tried, _ in hours)])
    return [
        f"t{round(TALLEST * min(tried, most) / most)} a{round(TALLEST * min(answered, most) / most)}"
        for tried, answered in hours
    ]


@dataclass(frozen=True, slots=True)
class Spark:
    """A line and the area under it, as SVG path data in a box of 300 by 44; `at` is the level line's height or None."""

    line: str
    area: str
    at: float | None


def spark(values: Sequence[Number], level: Number | None = None) -> Spark:
    """Draw values from left to right; a level (the tier's threshold) is left out when far above what is drawn."""
    if not values:
        return Spark("", "", None)
    numbers = [float(value) for value in values]
    numbers = numbers * 2 if len(numbers) == 1 else numbers
    top, low = max(*numbers, 1e-9), min(numbers)
    near = level is not None and low * NEAR_BELOW <= float(level) <= top * NEAR_ABOVE
    if near and level is not None:
        top, low = max(top, float(level)), min(low, float(level))
    low -= (top - low) * AIR_BELOW or top

    def height(value: float) -> float:
        return round(42 - 38 * (value - low) / ((top - low) or 1), 1)

    points = [f"{round(300 * at / (len(numbers) - 1), 1)},{height(number)}" for at, number in enumerate(numbers)]
    line = "M" + "L".join(points)
    return Spark(line, f"{line}L300,44L0,44Z", height(float(level)) if near and level is not None else None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node of the graph stands, and where the words at both ends of its edge are written."""

    x: float
    y: float
    near_x: float
    near_y: float
    far_x: float
    far_y: float


SLOTS = (
    (66, 0.15), (446, 0.15), (66, 0.85), (446, 0.85), (256, 0.92), (256, 0.08), (66, 0.5), (446, 0.5),
)  # fmt: skip


FEW = 2


def star(count: int, height: int = 260) -> list[Place]:
    """Places around the middle of a box 512 wide for at most eight nodes, the corners first."""
    middle_x, middle_y = 256.0, height / 2
    places: list[Place] = []
    slots = SLOTS[6:] if count <= FEW else SLOTS  # one or two lie level
    for x, share in slots[:count]:
        y = round(height * share, 1)
        level = y == middle_y  # a level edge writes one word above the other
        places.append(
            Place(
                x,
                y,
                159.0 if level and x < middle_x else 353.0 if level else round(middle_x + (x - middle_x) * 0.36, 1),
                y - 5 if level else round(middle_y + (y - middle_y) * (0.42 if x == middle_x else 0.36), 1),
                159.0 if level and x < middle_x else 353.0 if level else round(middle_x + (x - middle_x) * 0.66, 1),
                y + 15 if level else round(middle_y + (y - middle_y) * 0.66, 1),
            )
        )
    return places


def fit(text: str, room: float) -> str:
    """A name in a box of a drawing `room` units wide, cut with … where its 12-unit letters would leave the box."""
    used = 0.0
    for place, letter in enumerate(text):
        used += 12 if letter > "\u2e7f" else 6.9
        if used > room:
            return text[: max(place - 1, 1)].rstrip() + "…"
    return text


def brief(amount: str) -> str:
    """A short amount over a bar one twelfth of a card wide: from two digits on it needs no decimals."""
    return re.sub(r"\d{2,}\.\d+", lambda found: f"{float(found[0]):.0f}", amount).replace(" ", "")
