"""How well a score tells who will leave: the share of pairs put in the right order, its error, and calibration.

Every measure comes with a 95 % interval, because a bank's key customers are few and those who leave are fewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from keybook.core.shares import Share, Z, wilson

BINS = 10
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class TooFewError(ValueError):
    """Nobody left, or nobody stayed: there is nothing to put in order."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Some customers with about the same chance: what was said on average, and how often it happened."""

    count: int
    said: float
    happened: Share


def auc(*, scores: Floats, left: Flags) -> Share:
    """How often who left was given the higher score than who stayed, a tie counting half; interval by DeLong (1988)."""
    gone, stayed = placements(scores=scores, left=left)
    value = float(gone.mean())
    return _around(value, sqrt(_variance(gone) + _variance(stayed)), low=0.0, high=1.0)


def difference(*, one: Floats, other: Floats, left: Flags) -> Share:
    """How much better `one` orders the same customers than `other`; DeLong's interval for two scores of one sample."""
    gone_one, stayed_one = placements(scores=one, left=left)
    gone_other, stayed_other = placements(scores=other, left=left)
    value = float(gone_one.mean() - gone_other.mean())
    spread = sqrt(_variance(gone_one - gone_other) + _variance(stayed_one - stayed_other))
    return _around(value, spread, low=-1.0, high=1.0)


def placements(*, scores: Floats, left: Flags) -> tuple[Floats, Floats]:
    """Of each who left, the share of those who stayed with a lower score; of each who stayed, of those with a higher."""
    gone, stayed = scores[left], scores[~left]
    if not len(gone) or not len(stayed):
        raise TooFewError("Nobody left, or nobody stayed: there is nothing to put in order.")
    return _below(gone, stayed), 1.0 - _below(stayed, gone)


def _below(these: Floats, those: Floats) -> Floats:
    """For each of these the share of those that is lower, equal ones counting half."""
    order = np.sort(those)
    found: Floats = (np.searchsorted(order, these, "left") + np.searchsorted(order, these, "right")) / (2 * len(order))
    return found


def _variance(values: Floats) -> float:
    """The variance of their mean."""
    return float(values.var(ddof=1) / len(values)) if len(values) > 1 else 0.25


def _around(value: float, error: float, *, low: float, high: float) -> Share:
    return Share(value, max(low, value - Z * error), min(high, value + Z * error))


def brier(*, chances: Floats, left: Flags) -> float:
    """The mean square of the difference between what was said and what happened; 0 is never wrong."""
    return float(((chances - left) ** 2).mean())


def calibration(*, chances: Floats, left: Flags, bins: int = BINS) -> tuple[Bin, ...]:
    """The customers in equal parts, the safest first: said against happened."""
    order = np.argsort(chances, kind="stable")
    parts = (part for part in np.array_split(order, bins) if len(part))
    return tuple(
        Bin(len(part), float(chances[part].mean()), wilson(hits=int(left[part].sum()), of=len(part))) for part in parts
    )
