"""The relationship ledger: what happens between a customer and us is posted with points that halve; health is the balance.

health = Σ points · times · 2^(−days since / half-life), rounded half to even, kept within −100 … +100.

The state is read from the same ledger, from today's health, that of 30 and that of 60 days ago:

* **ended**: a contact ended the relationship, and none has strengthened it since; or the customer is closed.
* **at risk**: health is −20 or less; or it was so 30 days ago and has not come above −10; or it fell by 30 or more
  within 60 days.
* **cooling**: it fell by 8 or more within 60 days; or it is −5 or less and did not rise by 8.
* **growing**: it rose by 8 or more within 60 days.
* **steady**: none of these. A customer with whom nothing was ever posted has no state: we do not know.

What is not tended cools: +40 left alone for 60 days is +32. The two levels of "at risk" keep a customer from going in
and out of it from one day to the next; both are read from the postings, so that a state never hangs on what was stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import count, pairwise, takewhile
from math import fsum
from types import MappingProxyType

RULE_VERSION = "ledger/2"
MOST = 100
MOST_POINTS = 40
HALF_LIVES = (30, 720)
REMEMBERED = 8  # half-lives: what is older weighs less than a hundredth of its points
TENTHS = 3  # a month's money counts by the tenth, and no more than this
LEAST_ASSETS = Decimal(100_000)  # tenths of less than this say little

GOOD: Mapping[str, int] = MappingProxyType(
    {
        "met_strengthened": 9,
        "call_strengthened": 7,
        "text_strengthened": 4,
        "spoke": 0,
        "promise_kept": 3,
        "complaint_settled": 7,
        "signal_large_inflow": 4,
        "signal_product_bought": 4,
        "money_in": 2,
    }
)
BAD: Mapping[str, int] = MappingProxyType(
    {
        "weakened": -14,
        "ended": -40,
        "promise_late": -7,
        "promise_broken": -14,
        "complaint_opened": -14,
        "signal_outflow_other_bank": -8,
        "signal_balance_falling": -6,
        "signal_income_stopped": -6,
        "signal_dormant": -6,
        "signal_below_tier": -4,
        "money_out": -3,
    }
)
KINDS = (*GOOD, *BAD)
WON_BACK = frozenset({"met_strengthened", "call_strengthened", "text_strengthened"})

GROWING, STEADY, COOLING, AT_RISK, ENDED = "growing", "steady", "cooling", "at_risk", "ended"
STATES = (GROWING, STEADY, COOLING, AT_RISK, ENDED)
UNKNOWN = ""
RISK_BELOW, SAFE_ABOVE, MEMORY_DAYS = -20, -10, 30
FALL, TREND, COLD, TREND_DAYS = 30, 8, -5, 60
CURVE_DAYS = 30
READ_BACK_DAYS = TREND_DAYS + 62  # beyond what is remembered: the trend's own past, and the month before a month


class UnknownPostingError(ValueError):
    """A posting of a kind the ledger has no points for."""


class WeightsError(ValueError):
    """Weights that cannot be; `kind` is the one that has to change, or "half_life"."""

    def __init__(self, kind: str, sentence: str) -> None:
        self.kind = kind
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of posting is worth on its day, and in how many days that halves."""

    points: Mapping[str, int]
    half_life_days: int = 180
    version: str = RULE_VERSION
    from_on: date | None = None  # none: as installed

    def __post_init__(self) -> None:
        """Refuse weights of other kinds, beyond the bounds, or with the wrong sign."""
        if set(self.points) != set(KINDS):
            kind = min(set(self.points) ^ set(KINDS))
            raise WeightsError(
                kind, f"The relationship ledger weighs exactly its own kinds; {kind!r} is one too many or missing."
            )
        if not HALF_LIVES[0] <= self.half_life_days <= HALF_LIVES[1]:
            raise WeightsError("half_life", f"Points halve in {HALF_LIVES[0]} to {HALF_LIVES[1]} days.")
        for kind, points in self.points.items():
            if abs(points) > MOST_POINTS:
                raise WeightsError(kind, f"A posting is worth {MOST_POINTS} points at most.")
            if (points < 0) if kind in GOOD else (points > 0):
                raise WeightsError(
                    kind, "What is good for a relationship cannot cost points, nor what is bad earn any."
                )

    def of(self, kind: str) -> int:
        """The points of a kind."""
        try:
            return self.points[kind]
        except KeyError:
            raise UnknownPostingError(f"The relationship ledger knows no {kind!r}.") from None


DEFAULT = Weights(MappingProxyType({**GOOD, **BAD}))


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry: the day, what happened (one of KINDS), and how many times over (the tenths of a month's money)."""

    on: date
    kind: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """A posting with the points it was worth and what is left of them today, in tenths."""

    posting: Posting
    points: int
    left: float


@dataclass(frozen=True, slots=True)
class Stood:
    """What is stored of a customer: the balance, −100 … +100, and the state."""

    balance: int
    state: str


@dataclass(frozen=True, slots=True)
class Health:
    """The balance and state with the postings behind them, newest first; those worth nothing are left out."""

    balance: int
    state: str
    before: int  # the balance TREND_DAYS ago
    steps: tuple[Step, ...]
    weights: Weights = field(default=DEFAULT)


def contact_kind(*, channel: str, outcome: str, effect: str) -> str | None:
    """What a contact is posted as; none for a try that reached nobody.

    In person counts more than by phone, and by phone more than in writing or as a message left.
    """
    if outcome == "not_reached":
        return None
    if effect in {"weakened", "ended"}:
        return effect
    if effect != "strengthened":
        return None if outcome == "left_message" else "spoke"
    if outcome == "met" or (channel in {"visit", "branch"} and outcome == "reached"):
        return "met_strengthened"
    return "call_strengthened" if channel == "call" and outcome == "reached" else "text_strengthened"


def promise_kind(*, state: str, late: bool) -> str:
    """What a closed promise is posted as: kept, kept late or broken."""
    if state == "broken":
        return "promise_broken"
    return "promise_late" if late else "promise_kept"


def signal_kind(*, kind: str) -> str | None:
    """What a signal is posted as; none for one that says nothing of the relationship."""
    name = f"signal_{kind}"
    return name if name in DEFAULT.points else None


def money_postings(*, months: Sequence[tuple[date, Decimal]], today: date) -> list[Posting]:
    """Net new money by month, from the assets at the ends of months in order: one posting on a month's last day.

    It counts by the whole tenth of what was there the month before (at least LEAST_ASSETS), up to TENTHS. A month that
    has not ended, or whose month before is missing, is left out.
    """
    found = []
    for (before, had), (month, has) in pairwise(months):
        moved, tenth = abs(has - had) * 10, max(had, LEAST_ASSETS)
        if moved < tenth or _next(before) != month:  # most months: no need to divide
            continue
        if (on := _next(month) - timedelta(days=1)) <= today:
            found.append(Posting(on, "money_in" if has > had else "money_out", min(TENTHS, int(moved // tenth))))
    return found


@lru_cache(maxsize=1024)
def _next(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def decay(*, days: int, half_life_days: int = DEFAULT.half_life_days) -> float:
    """What is left of one point after so many days."""
    return float(2.0 ** (-days / half_life_days))


@lru_cache(maxsize=16)
def _decays(half_life_days: int) -> tuple[float, ...]:
    """What is left of one point after 0, 1, 2 … days, for as long as the ledger remembers."""
    return tuple(decay(days=days, half_life_days=half_life_days) for days in range(REMEMBERED * half_life_days + 1))


def remembered_from(*, today: date, weights: Weights = DEFAULT) -> date:
    """The first day the ledger of `today` still counts."""
    return today - timedelta(days=REMEMBERED * weights.half_life_days)


def balance(*, postings: Iterable[Posting], today: date, weights: Weights = DEFAULT) -> int:
    """The balance alone; postings of later days do not count yet, those of over eight half-lives no more.

    The terms are added exactly (`fsum`), so that their order never decides a rounding.
    """
    left, points = _decays(weights.half_life_days), weights.of
    now, last = today.toordinal(), len(left)
    total = fsum(
        points(each.kind) * each.times * left[days]
        for each in postings
        if 0 <= (days := now - each.on.toordinal()) < last
    )
    return max(-MOST, min(MOST, round(total)))


def stand(*, postings: Sequence[Posting], today: date, weights: Weights = DEFAULT, closed: bool = False) -> Stood:
    """The balance and the state, as they are stored for every customer at night and with each contact logged."""
    first = remembered_from(today=today, weights=weights)
    past = [each for each in postings if first <= each.on <= today]
    now = balance(postings=past, today=today, weights=weights)
    if closed or _has_ended(past):
        return Stood(now, ENDED)
    if not past:
        return Stood(now, UNKNOWN)
    then, before = (
        balance(postings=postings, today=today - timedelta(days=days), weights=weights)
        for days in (MEMORY_DAYS, TREND_DAYS)
    )
    return Stood(now, state(now=now, then=then, before=before))


def _has_ended(past: Sequence[Posting]) -> bool:
    """Whether a contact has ended the relationship and none strengthened it on a later day."""
    ended = max((each.on for each in past if each.kind == "ended"), default=None)
    return ended is not None and all(each.on <= ended for each in past if each.kind in WON_BACK)


def state(*, now: int, then: int, before: int) -> str:
    """The state from the balance now, 30 days ago (`then`) and 60 days ago (`before`)."""
    change = now - before
    if now <= RISK_BELOW or (now <= SAFE_ABOVE and then <= RISK_BELOW) or change <= -FALL:
        return AT_RISK
    if change <= -TREND or (now <= COLD and change < TREND):
        return COOLING
    return GROWING if change >= TREND else STEADY


def health(*, postings: Sequence[Posting], today: date, weights: Weights = DEFAULT, closed: bool = False) -> Health:
    """The balance and state as of `today` with what they are the sum of."""
    first = remembered_from(today=today, weights=weights)
    past = sorted((each for each in postings if first <= each.on <= today), key=_place, reverse=True)
    steps = tuple(_step(each, today, weights) for each in past if weights.of(each.kind))
    stood = stand(postings=postings, today=today, weights=weights, closed=closed)
    before = balance(postings=postings, today=today - timedelta(days=TREND_DAYS), weights=weights)
    return Health(stood.balance, stood.state, before, steps, weights)


def _place(posting: Posting) -> tuple[date, str, int]:
    return posting.on, posting.kind, posting.times


def _step(posting: Posting, today: date, weights: Weights) -> Step:
    points = weights.of(posting.kind) * posting.times
    left = points * decay(days=(today - posting.on).days, half_life_days=weights.half_life_days)
    return Step(posting, points, round(left, 1))


@dataclass(frozen=True, slots=True)
class Turn:
    """A day of the curve: the balance as it had come down to, and with what was posted on the day."""

    on: date
    before: int
    after: int


def curve(*, postings: Sequence[Posting], start: date, today: date, weights: Weights = DEFAULT) -> tuple[Turn, ...]:
    """The balance from `start` to `today` as the health chart draws it: both ends, each month, each day with a posting."""
    posted = {each.on for each in postings if start <= each.on <= today}
    months = takewhile(lambda day: day < today, (start + timedelta(days=CURVE_DAYS * step) for step in count()))
    days = sorted({*posted, *months, today})
    return tuple(_turn(postings, day, weights) for day in days)


def _turn(postings: Sequence[Posting], day: date, weights: Weights) -> Turn:
    earlier = [each for each in postings if each.on < day]
    return Turn(
        day,
        balance(postings=earlier, today=day, weights=weights),
        balance(postings=postings, today=day, weights=weights),
    )


def components(*, postings: Iterable[Posting], today: date, half_life_days: int) -> dict[str, float]:
    """How much of each kind is left on a day, times over and decayed: what the points are multiplied with."""
    left = _decays(half_life_days)
    parts: dict[str, list[float]] = {}
    for each in postings:
        if 0 <= (days := (today - each.on).days) < len(left):
            parts.setdefault(each.kind, []).append(each.times * left[days])
    return {kind: fsum(terms) for kind, terms in parts.items()}
