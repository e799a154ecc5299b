"""The relationship ledger: every contact and promise posted with points that halve in 180 days; health is the balance.

health = Σ points · 2^(−days since / 180), rounded half to even, kept within −100 … +100.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, takewhile
from types import MappingProxyType

RULE_VERSION = "ledger/1"
HALF_LIFE_DAYS = 180
MOST = 100
POINTS: Mapping[str, int] = MappingProxyType(
    {
        "strengthened": 7,
        "unchanged": 0,
        "weakened": -14,
        "ended": -40,
        "promise_kept": 3,
        "promise_late": -7,
        "promise_broken": -14,
    }
)


class UnknownPostingError(ValueError):
    """A posting of a kind the ledger has no points for."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry: the day and what happened, a key of POINTS."""

    on: date
    kind: str

    @property
    def points(self) -> int:
        """The points of its kind on the day itself."""
        try:
            return POINTS[self.kind]
        except KeyError:
            raise UnknownPostingError(f"The relationship ledger knows no {self.kind!r}.") from None


@dataclass(frozen=True, slots=True)
class Step:
    """A posting with the points it was worth and what is left of them today, in tenths."""

    posting: Posting
    points: int
    left: float


@dataclass(frozen=True, slots=True)
class Health:
    """The balance, −100 … +100, and the postings behind it, newest first; those worth nothing are left out."""

    balance: int
    steps: tuple[Step, ...]
    rule_version: str = RULE_VERSION


def health(*, postings: Iterable[Posting], today: date) -> Health:
    """The balance as of `today`, with its steps; postings of later days do not count yet."""
    past = sorted((each for each in postings if each.on <= today), key=lambda each: (each.on, each.kind), reverse=True)
    steps = tuple(
        Step(each, each.points, round(each.points * decay(days=(today - each.on).days), 1))
        for each in past
        if each.points
    )
    return Health(balance(postings=past, today=today), steps)


def balance(*, postings: Iterable[Posting], today: date) -> int:
    """The balance alone, as the nightly run stores it for every customer."""
    total = sum(each.points * decay(days=(today - each.on).days) for each in postings if each.on <= today)
    return max(-MOST, min(MOST, round(total)))


def decay(*, days: int) -> float:
    """What is left of one point after so many days."""
    return float(2.0 ** (-days / HALF_LIFE_DAYS))


def curve(
    *, postings: Iterable[Posting], start: date, today: date, every_days: int = 7
) -> tuple[tuple[date, int], ...]:
    """The balance every few days from `start` to `today`, both included, as the health chart draws it."""
    if every_days < 1:
        raise ValueError("The health curve needs at least a day between its points.")
    kept = tuple(postings)
    days = takewhile(lambda day: day < today, (start + timedelta(days=step) for step in count(0, every_days)))
    return tuple((day, balance(postings=kept, today=day)) for day in [*days, today])
