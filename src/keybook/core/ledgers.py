"""The relationship ledgers of many customers at once, column by column: `core.ledger` says what everything is worth.

These are the sums of `core.ledger`, added in another order. Where the order could decide a rounding, and where a contact
has ended a relationship, that one customer's ledger is asked of `core.ledger` itself; the state always is. A test holds
both against each other for any history.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from keybook.core.ledger import (
    KINDS,
    LEAST_ASSETS,
    MEMORY_DAYS,
    MOST,
    TENTHS,
    TREND_DAYS,
    UNKNOWN,
    Posting,
    Stood,
    Weights,
    decay,
    remembered_from,
    stand,
    state,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
CLOSE = 1e-6
"""So near to a half, the order of adding might decide; it moves a sum by far less."""
CENTS = 100
FIRST = date(1970, 1, 1).toordinal()
CODE = {kind: code for code, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Postings:
    """Postings of many customers: whose (their place, from 0), the day's ordinal, the kind's place in KINDS, times over."""

    whose: Ints
    on: Ints
    kind: Ints
    times: Ints

    def __add__(self, other: Postings) -> Postings:
        """These and those."""
        pairs = zip(self.columns, other.columns, strict=True)
        return Postings(*(np.concatenate(pair) for pair in pairs))

    @property
    def columns(self) -> tuple[Ints, Ints, Ints, Ints]:
        """All four."""
        return self.whose, self.on, self.kind, self.times

    def of(self, wanted: Ints) -> dict[int, list[Posting]]:
        """The postings of a few customers as `core.ledger` takes them, by place."""
        rows = np.isin(self.whose, wanted)
        found: dict[int, list[Posting]] = {int(place): [] for place in wanted}
        for whose, on, kind, times in zip(*(each[rows].tolist() for each in self.columns), strict=True):
            found[whose].append(Posting(date.fromordinal(on), KINDS[kind], times))
        return found


def stands(*, posted: Postings, many: int, today: date, weights: Weights) -> list[Stood]:
    """`core.ledger.stand` of so many customers that are not closed, in the order of their places."""
    sums = [_sums(posted, today.toordinal() - back, many, weights) for back in (0, MEMORY_DAYS, TREND_DAYS)]
    known = np.bincount(posted.whose[_remembered(posted, today, weights)], minlength=many) > 0
    balances = (np.clip(np.rint(each), -MOST, MOST).astype(np.int64).tolist() for each in sums)
    told = cache(lambda now, then, before: Stood(now, state(now=now, then=then, before=before)))
    found = [
        told(now, then, before) if has else Stood(now, UNKNOWN)
        for now, then, before, has in zip(*balances, known.tolist(), strict=True)
    ]
    singly = np.union1d(
        posted.whose[posted.kind == CODE["ended"]], np.flatnonzero(np.any([_doubtful(each) for each in sums], axis=0))
    )
    for place, postings in posted.of(singly).items():
        found[place] = stand(postings=postings, today=today, weights=weights)
    return found


def _remembered(posted: Postings, today: date, weights: Weights) -> NDArray[np.bool_]:
    first = remembered_from(today=today, weights=weights)
    remembered: NDArray[np.bool_] = (posted.on >= first.toordinal()) & (posted.on <= today.toordinal())
    return remembered


def _sums(posted: Postings, now: int, many: int, weights: Weights) -> Floats:
    """What is left on a day of all that was posted, customer by customer, not yet rounded."""
    counts = _remembered(posted, date.fromordinal(now), weights)
    days = now - posted.on[counts]
    left = np.array([decay(days=each, half_life_days=weights.half_life_days) for each in range(_most(days) + 1)])
    points = np.array([weights.of(kind) for kind in KINDS])[posted.kind[counts]] * posted.times[counts]
    found: Floats = np.bincount(posted.whose[counts], weights=points * left[days], minlength=many).astype(np.float64)
    return found


def _most(days: Ints) -> int:
    return int(days.max()) if len(days) else 0


def _doubtful(sums: Floats) -> NDArray[np.bool_]:
    doubtful: NDArray[np.bool_] = np.abs(sums - np.floor(sums) - 0.5) < CLOSE
    return doubtful


def money_postings(*, whose: Ints, months: Ints, cents: Ints, today: date) -> Postings:
    """`core.ledger.money_postings` of every customer: whose month it is, its ordinal, the assets at its end in cents."""
    order = np.lexsort((months, whose))
    whose, months, cents = whose[order], months[order], cents[order]
    named = (months - FIRST).astype("datetime64[D]").astype("datetime64[M]")
    firsts = named.astype("datetime64[D]").astype(np.int64) + FIRST == months
    ends = (named + 1).astype("datetime64[D]").astype(np.int64) + FIRST - 1
    had, has = cents[:-1], cents[1:]
    moved, base = np.abs(has - had), np.maximum(had, int(LEAST_ASSETS) * CENTS)
    times = sum((moved >= -(-tenths * base // 10)).astype(np.int64) for tenths in range(1, TENTHS + 1))
    follows = (whose[1:] == whose[:-1]) & (named[1:] == named[:-1] + 1) & firsts[1:] & (ends[1:] <= today.toordinal())
    rows = np.flatnonzero(follows & (times > 0))
    kind = np.where(has[rows] > had[rows], CODE["money_in"], CODE["money_out"])
    return Postings(whose[1:][rows], ends[1:][rows], kind, np.asarray(times)[rows])
