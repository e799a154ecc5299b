"""The beta distribution: its share below a value and its quantiles.

Written out because a web worker that imports `scipy.special` for a few quantiles on one page grows by some 50 MB. The
incomplete beta function is the continued fraction of Abramowitz and Stegun 26.5.8, summed by Lentz's method; the tests
hold it against scipy's.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, log1p

TINY = 1e-300
CLOSE = 1e-14
MOST_STEPS = 1_000
HALVINGS = 60


class ImpossibleBetaError(ValueError):
    """A beta distribution has two positive numbers, and a share lies between 0 and 1."""


def below(*, value: float, a: float, b: float) -> float:
    """The share of Beta(a, b) that lies below `value`."""
    _check(a, b)
    if value <= 0:
        return 0.0
    if value >= 1:
        return 1.0
    if value > (a + 1) / (a + b + 2):  # the fraction converges fast on this side only
        return 1 - _left(1 - value, b, a)
    return _left(value, a, b)


@lru_cache(maxsize=4_096)
def quantile(*, share: float, a: float, b: float) -> float:
    """The value below which `share` of Beta(a, b) lies, found by halving."""
    _check(a, b)
    if not 0 <= share <= 1:
        raise ImpossibleBetaError(f"{share} is no share: it lies between 0 and 1.")
    low, high = 0.0, 1.0
    for _each in range(HALVINGS):
        middle = (low + high) / 2
        if below(value=middle, a=a, b=b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _left(value: float, a: float, b: float) -> float:
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(value) + b * log1p(-value))
    return front * _fraction(value, a, b) / a


def _fraction(value: float, a: float, b: float) -> float:
    """The continued fraction, two of its terms at a time."""
    c, d = 1.0, _inverse(1 - (a + b) * value / (a + 1))
    found = d
    for step in range(1, MOST_STEPS):
        even = step * (b - step) * value / ((a + 2 * step - 1) * (a + 2 * step))
        odd = -(a + step) * (a + b + step) * value / ((a + 2 * step) * (a + 2 * step + 1))
        for term in (even, odd):
            d = _inverse(1 + term * d)
            c = _away_from_zero(1 + term / c)
            found *= c * d
        if abs(c * d - 1) < CLOSE:
            break
    return found


def _inverse(value: float) -> float:
    return 1 / _away_from_zero(value)


def _away_from_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY


def _check(a: float, b: float) -> None:
    if a <= 0 or b <= 0:
        raise ImpossibleBetaError(f"Beta({a}, {b}) does not exist: both numbers are above zero.")
