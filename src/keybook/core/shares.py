"""A share of a sample with its 95 % interval, as every page shows one that was not counted of all."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


def wilson(*, hits: int, of: int) -> Share:
    """A share with Wilson's 95 % interval; of none, anything is possible."""
    if of == 0:
        return Share(0.0, 0.0, 1.0)
    share, square = hits / of, Z * Z
    middle, half = share + square / (2 * of), Z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return Share(share, max(0.0, (middle - half) / (1 + square / of)), min(1.0, (middle + half) / (1 + square / of)))
