"""By which channel, at which hour and after what pause a customer answers: their own tries, shrunk so luck is no rule.

A customer's chance to answer is believed to be a beta distribution. Before they were ever tried it is centred on what
their tier does, and the tier's on what the bank does: the level above lends a few imagined tries at its own rate. Each
try of theirs is then added as it went (the beta-binomial):

    lent at rate m with strength s, tried n times, answered k:   Beta(m·s + k, (1 - m)·s + n - k)
    its mean, which is what decides and what is shown:           (m·s + k) / (s + n)
    its 95 % range:                                              from its 2.5 % to its 97.5 % quantile

Five of six calls answered, lent 74 % with five tries: Beta(8.7, 2.3), 79 %, 52–96 %. The bare share would say 83 %.

How strongly customers differ says how much may be lent. `strength` finds it from the bank's own history by moments
(empirical Bayes): with n and k of each customer, N = Σn and p the rate of all, the spread S = Σ(k - n·p)² / (p(1 - p)) is
N + ρ·(Σn² - N) when one customer's answers are alike by ρ; the strength is 1/ρ - 1 (J. Kleinman, JASA 68, 1973, 46–54).
With too few tries to fit it is four, as a judgement.

What the customer asked for wins over everything, and what they refused is never proposed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from keybook.core.beta import quantile

Rate = tuple[int, int]
"""(tried, answered)"""
Cell = TypeVar("Cell", int, str)
HOURS = range(9, 18)
GAPS: Mapping[str, tuple[int, int | None]] = {
    "0": (0, 7), "7": (7, 14), "14": (14, 30), "30": (30, 60), "60": (60, 120), "120": (120, None),
}  # fmt: skip
"""Pauses between one contact and the next, in days from the first up to, not including, the second."""
HALVES = tuple(f"{weekday}{half}" for weekday in range(1, 6) for half in "ap")
REMOTE = ("call", "wechat", "sms", "email")
"""What a banker can begin from the desk. Who is visited is met: that says nothing of being reached, and costs an hour."""
ENOUGH_TRIES = 5
ABOVE_TRIES = 20.0
"""How many imagined tries the bank lends to each tier, and the bank's whole to each of its cells."""
USUAL_STRENGTH, LEAST_STRENGTH, MOST_STRENGTH = 4.0, 1.0, 50.0
ENOUGH_TO_FIT = 500
"""Tries of the whole bank under which the strength is not fitted."""
EVEN_RATE = 0.5
NONE: Rate = (0, 0)
TAIL = 0.025
RULE_VERSION = "habits/1"


class ImpossibleRateError(ValueError):
    """More answers than tries, or fewer than none."""


@dataclass(frozen=True, slots=True)
class Belief:
    """How likely an answer is: the tries it rests on, the rate lent from above and how strongly."""

    tried: int
    answered: int
    lent: float
    strength: float

    def __post_init__(self) -> None:
        _check((self.tried, self.answered))

    @property
    def a(self) -> float:
        """The beta distribution's count of answers."""
        return self.lent * self.strength + self.answered

    @property
    def b(self) -> float:
        """The beta distribution's count of tries without one."""
        return (1 - self.lent) * self.strength + self.tried - self.answered

    @property
    def mean(self) -> float:
        """The chance of an answer."""
        return self.a / (self.a + self.b)

    @property
    def low(self) -> float:
        """Where the 95 % range of the chance begins."""
        return quantile(share=TAIL, a=self.a, b=self.b)

    @property
    def high(self) -> float:
        """Where it ends."""
        return quantile(share=1 - TAIL, a=self.a, b=self.b)


@dataclass(frozen=True, slots=True)
class Levels(Generic[Cell]):
    """What lies above a customer: the rates of their tier and of the bank by cell, and how much is lent to them."""

    tier: Mapping[Cell, Rate]
    bank: Mapping[Cell, Rate]
    strength: float = USUAL_STRENGTH


@dataclass(frozen=True, slots=True)
class Best(Generic[Cell]):
    """What to choose and how likely an answer then is; `enough` says it can be told, `stated` that they asked for it."""

    cell: Cell
    belief: Belief
    enough: bool
    stated: bool = False


def beliefs(*, own: Mapping[Cell, Rate], above: Levels[Cell], cells: Iterable[Cell]) -> dict[Cell, Belief]:
    """How likely an answer is in each of these cells."""
    lent = _lent(tuple(above.tier.items()), tuple(above.bank.items()), tuple(cells))
    return {cell: Belief(*own.get(cell, NONE), rate, above.strength) for cell, rate in lent.items()}


def best_hour(*, own: Mapping[int, Rate], above: Levels[int], stated: tuple[int, int] | None = None) -> Best[int]:
    """The hour of 9–17 at which this customer most likely answers; hours they asked for, [from, until), win."""
    asked = _asked(stated)
    found = beliefs(own=own, above=above, cells=asked or HOURS)
    hour = max(found, key=lambda each: (found[each].mean, -each))
    return Best(hour, found[hour], bool(asked) or _enough(own), stated=bool(asked))


def best_channel(
    *,
    own: Mapping[str, Rate],
    above: Levels[str],
    stated: Sequence[str] = (),
    never: Collection[str] = (),
    counting: Collection[str] = (),
) -> Best[str] | None:
    """The channel to use; none when all that a banker could begin are refused.

    The first they named that they do not refuse; else the one of those tried with them, or a call, that is most likely
    answered; a visit where they were met and no call or message was ever answered. Where a standard is due, only some
    channels are `counting`: of what the customer named, and of what they answer, one of those goes first.
    """
    wanted = [each for each in stated if each not in never]
    if wanted:
        channel = next((each for each in wanted if each in counting), wanted[0])
        return Best(channel, beliefs(own=own, above=above, cells=[channel])[channel], enough=True, stated=True)
    open_ones = [each for each in REMOTE if each not in never and (each in own or each == "call")]
    open_ones = [each for each in open_ones if each in counting] or open_ones
    if "visit" not in never and own.get("visit", NONE)[1] and not any(own.get(each, NONE)[1] for each in REMOTE):
        open_ones = ["visit"]
    if not open_ones:
        open_ones = [each for each in (*REMOTE, "letter") if each not in never][:1]
    if not open_ones:
        return None
    found = beliefs(own=own, above=above, cells=open_ones)
    channel = max(found, key=lambda each: found[each].mean)  # of equals the first: a call before a message
    return Best(channel, found[channel], _enough(own))


def best_gap(*, own: Mapping[str, Rate], above: Levels[str]) -> Best[str]:
    """The pause after which this customer most likely answers; of equals the longer, which is the lesser burden."""
    found = beliefs(own=own, above=above, cells=GAPS)
    gap = max(found, key=lambda each: (found[each].mean, int(each)))
    return Best(gap, found[gap], _enough(own))


def best_half(*, own: Mapping[str, Rate], above: Levels[str]) -> Best[str]:
    """The half-day of the week at which this customer most likely answers: 1a is Monday morning, 5p Friday afternoon."""
    found = beliefs(own=own, above=above, cells=HALVES)
    half = max(found, key=lambda each: found[each].mean)
    return Best(half, found[half], _enough(own))


def is_overdone(*, own: Mapping[str, Rate], above: Levels[str], days: int) -> bool:
    """Whether a contact so few days after the last one is clearly worse than their best pause: the ranges lie apart."""
    best = best_gap(own=own, above=above)
    least, most = GAPS[best.cell]
    now = gap_of(days=days)
    if not best.enough or now == best.cell or days >= (most or least):
        return False
    return beliefs(own=own, above=above, cells=[now])[now].high < best.belief.low


def gap_of(*, days: int) -> str:
    """The pause that so many days belong to."""
    return next(name for name, (least, most) in GAPS.items() if most is None or max(days, 0) < most)


def strength(*, tries: int, squares: int, spread: float) -> float:
    """How many tries may be lent to a customer, from N, Σn² and S = Σ(k - n·p)² / (p(1 - p)) over customers."""
    if tries < ENOUGH_TO_FIT or squares <= tries:
        return USUAL_STRENGTH
    alike = (spread - tries) / (squares - tries)
    if alike <= 0:
        return MOST_STRENGTH  # customers differ no more than chance makes them
    return min(max(1 / alike - 1, LEAST_STRENGTH), MOST_STRENGTH)


@lru_cache(maxsize=512)
def _lent(
    tier: tuple[tuple[Cell, Rate], ...], bank: tuple[tuple[Cell, Rate], ...], cells: tuple[Cell, ...]
) -> Mapping[Cell, float]:
    """What the tier lends to each cell; the same for all its customers, so worked out once."""
    of_tier, of_bank = dict(tier), dict(bank)
    whole = (sum(rate[0] for rate in of_bank.values()), sum(rate[1] for rate in of_bank.values()))
    overall = _shrunk(whole, EVEN_RATE, USUAL_STRENGTH)
    return {
        cell: _shrunk(of_tier.get(cell, NONE), _shrunk(of_bank.get(cell, NONE), overall, ABOVE_TRIES), ABOVE_TRIES)
        for cell in cells
    }


def _enough(own: Mapping[Cell, Rate]) -> bool:
    return sum(tried for tried, _answered in own.values()) >= ENOUGH_TRIES


def _asked(stated: tuple[int, int] | None) -> range | None:
    """The hours asked for: those in office hours if any are, else all of them."""
    if stated is None or stated[1] <= stated[0]:
        return None
    office = range(max(stated[0], HOURS.start), min(stated[1], HOURS.stop))
    return office or range(*stated)


def _shrunk(rate: Rate, lent: float, strength: float) -> float:
    _check(rate)
    return (rate[1] + lent * strength) / (rate[0] + strength)


def _check(rate: Rate) -> None:
    tried, answered = rate
    if not 0 <= answered <= tried:
        raise ImpossibleRateError(f"{answered} answers of {tried} tries cannot be.")
