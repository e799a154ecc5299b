"""At which hour a customer answers: their own tries, shrunk towards their tier and the bank, so that luck is not a rule.

Each level lends the one below it a few imagined tries at its own rate (the mean of a beta-binomial with that beta as
its prior): the bank's rate to each hour of the bank, that to the tier, that to the customer. The interval is Wilson's
score interval for the customer's own tries (E. B. Wilson, JASA 22, 1927, 209–212).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

Rate = tuple[int, int]
"""(tried, answered)"""
HOURS = range(9, 18)
ENOUGH_TRIES = 5
BANK_TRIES, TIER_TRIES, OWN_TRIES = 20.0, 20.0, 4.0
"""How many imagined tries the level above lends to the bank's hour, the tier's hour, the customer's hour."""
EVEN_RATE = 0.5
Z95 = 1.959963984540054
NONE: Rate = (0, 0)


class ImpossibleRateError(ValueError):
    """More answers than tries, or fewer than none."""


@dataclass(frozen=True, slots=True)
class Best:
    """The hour to try, with this customer's own count at it and its 95 % interval; `enough` says it can be told."""

    hour: int
    answered: int
    tried: int
    low: float
    high: float
    enough: bool
    stated: bool = False


def best_hour(
    *,
    own: Mapping[int, Rate],
    tier: Mapping[int, Rate],
    bank: Mapping[int, Rate],
    stated: tuple[int, int] | None = None,
) -> Best:
    """The hour of 9–17 at which this customer most likely answers; hours they asked for, [from, until), win."""
    asked = _asked(stated)
    rates = likelihoods(own=own, tier=tier, bank=bank)
    hour = max(asked or HOURS, key=lambda each: (rates.get(each, 0.0), -each))
    tried, answered = own.get(hour, NONE)
    low, high = wilson(tried=tried, answered=answered)
    enough = bool(asked) or sum(tries for tries, _ in own.values()) >= ENOUGH_TRIES
    return Best(hour, answered, tried, low, high, enough, stated=bool(asked))


def likelihoods(*, own: Mapping[int, Rate], tier: Mapping[int, Rate], bank: Mapping[int, Rate]) -> dict[int, float]:
    """How likely an answer is at each hour of 9–17, by the customer's tries shrunk to the tier's and the bank's."""
    levels = _levels(tuple(tier.items()), tuple(bank.items()))
    return {hour: _shrunk(own.get(hour, NONE), levels[hour], OWN_TRIES) for hour in HOURS}


@lru_cache(maxsize=256)
def _levels(tier: tuple[tuple[int, Rate], ...], bank: tuple[tuple[int, Rate], ...]) -> Mapping[int, float]:
    """What the tier lends to each hour; the same for all its customers, so worked out once."""
    of_tier, of_bank = dict(tier), dict(bank)
    tried = sum(rate[0] for rate in of_bank.values())
    answered = sum(rate[1] for rate in of_bank.values())
    overall = _shrunk((tried, answered), EVEN_RATE, OWN_TRIES)
    found = {}
    for hour in HOURS:
        lent = _shrunk(of_bank.get(hour, NONE), overall, BANK_TRIES)
        found[hour] = _shrunk(of_tier.get(hour, NONE), lent, TIER_TRIES)
    return found


def wilson(*, tried: int, answered: int) -> tuple[float, float]:
    """Wilson's 95 % interval of the rate behind `answered` of `tried`; everything from 0 to 1 when none was tried."""
    _check((tried, answered))
    if not tried:
        return 0.0, 1.0
    rate, z2 = answered / tried, Z95 * Z95
    middle = rate + z2 / (2 * tried)
    half = Z95 * sqrt(rate * (1 - rate) / tried + z2 / (4 * tried * tried))
    return max(0.0, (middle - half) / (1 + z2 / tried)), min(1.0, (middle + half) / (1 + z2 / tried))


def _asked(stated: tuple[int, int] | None) -> range | None:
    """The hours asked for: those in office hours if any are, else all of them."""
    if stated is None or stated[1] <= stated[0]:
        return None
    office = range(max(stated[0], HOURS.start), min(stated[1], HOURS.stop))
    return office or range(*stated)


def _shrunk(rate: Rate, prior: float, strength: float) -> float:
    _check(rate)
    return (rate[1] + prior * strength) / (rate[0] + strength)


def _check(rate: Rate) -> None:
    tried, answered = rate
    if not 0 <= answered <= tried:
        raise ImpossibleRateError(f"{answered} answers of {tried} tries cannot be.")
