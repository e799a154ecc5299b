"""Share of wallet: ours of ours and theirs, as a range, because what is elsewhere is known by hearsay.

The least that is elsewhere is the evidence that is sure or likely and still valid; the most is all of it, the unsure
and the expired included. share = here / (here + elsewhere), in whole percent, rounded half to even.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

BELIEVED = frozenset({"sure", "likely"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence of an asset at another bank; the amount is none when nobody said how much."""

    amount: Decimal | None
    confidence: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class Wallet:
    """What is elsewhere and our share of everything in percent; the shares are none when nothing is known."""

    away_low: Decimal
    away_high: Decimal
    low: int | None
    high: int | None
    facts: int
    expired: int


def wallet(*, here: Decimal, pieces: Iterable[Piece], today: date) -> Wallet:
    """Our share as of `today` from the assets here and the evidence of others; evidence is valid up to its expiry."""
    known = [piece for piece in pieces if piece.amount is not None]
    valid = [piece for piece in known if today < piece.expires_on]
    away_low = _sum(piece for piece in valid if piece.confidence in BELIEVED)
    away_high = _sum(known)
    low, high = share(here=here, away=away_high), share(here=here, away=away_low)
    told = away_high > 0
    return Wallet(
        away_low, away_high, low if told else None, high if told else None, len(known), len(known) - len(valid)
    )  # fmt: skip


def share(*, here: Decimal, away: Decimal) -> int | None:
    """Ours of all in whole percent; none when there is nothing at all, and nothing of debts."""
    ours = max(here, Decimal(0))
    return round(100 * ours / (ours + away)) if ours + away > 0 else None


def _sum(pieces: Iterable[Piece]) -> Decimal:
    return sum((piece.amount or Decimal(0) for piece in pieces), Decimal(0))
