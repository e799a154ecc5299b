"""Which tier a customer's assets earn, rising at once and falling only below the lower threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Rung:
    """One tier of the ladder: entered at `enter_at`, left below `leave_at`, both in the bank's currency."""

    code: str
    rank: int
    enter_at: Decimal
    leave_at: Decimal
    key: bool = False  # carries a contact standard


class LadderError(ValueError):
    """The tiers do not make a ladder; the sentence says which one is wrong."""


def ladder_of(*, rungs: Sequence[Rung]) -> tuple[Rung, ...]:
    """The rungs from the lowest up; LadderError if a higher one is not dearer or is left above its own entry."""
    ladder = tuple(sorted(rungs, key=lambda rung: rung.rank))
    if not ladder:
        raise LadderError("There is no tier at all.")
    for lower, upper in pairwise(ladder):
        if upper.enter_at <= lower.enter_at:
            raise LadderError(f"Tier {upper.code} is not entered above tier {lower.code}.")
    for rung in ladder:
        if rung.leave_at > rung.enter_at:
            raise LadderError(f"Tier {rung.code} would be left above its own entry.")
    return ladder


def tier_of(*, aum: Decimal, ladder: Sequence[Rung], before: str | None = None) -> Rung:
    """The tier that `aum` earns; from the tier held `before` one falls only below its `leave_at`.

    The lowest tier holds whatever the assets are. A tier that is no longer on the ladder counts as none.
    """
    earned = _earned(aum, ladder)
    held = next((rung for rung in ladder if rung.code == before), ladder[0])
    kept = [rung for rung in ladder if earned.rank < rung.rank <= held.rank and aum >= rung.leave_at]
    return kept[-1] if kept else earned


def next_above(*, rung: Rung, ladder: Sequence[Rung]) -> Rung | None:
    """The next tier above, if there is one."""
    return next((other for other in ladder if other.rank > rung.rank), None)


def _earned(aum: Decimal, ladder: Sequence[Rung]) -> Rung:
    reached = [rung for rung in ladder if aum >= rung.enter_at]
    return reached[-1] if reached else ladder[0]
