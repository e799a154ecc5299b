"""Take the best of what passes the gates, and say of every other at which gate it dropped out or by how much it lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from keybook.core.nextbest.allowed import Now, allowed
from keybook.core.nextbest.applicable import applicable
from keybook.core.nextbest.eligible import eligible
from keybook.core.nextbest.facts import Candidate, Customer, Drop, Way
from keybook.core.nextbest.scoring import Score, Taken, score
from keybook.core.nextbest.suitable import suitable

NEVER_ASKED = Taken()


@dataclass(frozen=True, slots=True)
class Weighed:
    """One theme by one channel: dropped at a gate, or scored."""

    candidate: Candidate
    channel: str
    drop: Drop | None = None
    score: Score | None = None

    @property
    def worth(self) -> Decimal:
        """What it is worth; nothing when it was dropped."""
        return self.score.worth if self.score else Decimal(-1)


@dataclass(frozen=True, slots=True)
class Choice:
    """The next best contact, or none; and all others, the nearest first."""

    best: Weighed | None
    others: tuple[Weighed, ...]


def choose(
    *, customer: Customer, candidates: Iterable[Candidate], ways: Sequence[Way], taken: Mapping[str, Taken], now: Now
) -> Choice:
    """The best theme and channel for this customer today, and why not the others.

    Of a theme only its best channel is weighed against the other themes; a channel that was dropped is told as well.
    """
    found = sorted(
        (
            each
            for candidate in candidates
            for each in _weigh(customer, candidate, ways, taken.get(candidate.theme, NEVER_ASKED), now)
        ),
        key=_order,
    )
    best = found[0] if found and found[0].drop is None else None
    return Choice(best, tuple(found[1:] if best else found))


def _order(weighed: Weighed) -> tuple[Decimal, date, str, str, int]:
    """The most worth first; of equals the earlier deadline, then anything fixed."""
    of = weighed.candidate
    return (-weighed.worth, of.due_on, of.kind, weighed.channel, of.reminder_id or 0)


def _weigh(customer: Customer, candidate: Candidate, ways: Sequence[Way], taken: Taken, now: Now) -> list[Weighed]:
    drop = (
        eligible(customer=customer, theme=candidate.theme, today=now.today)
        or applicable(customer=customer, candidate=candidate, today=now.today)
        or suitable(customer=customer, candidate=candidate, today=now.today)
    )
    if drop:
        return [Weighed(candidate, "", drop)]
    found, dropped = [], []
    for way in ways:
        drop = allowed(customer=customer, candidate=candidate, channel=way.channel, now=now)
        if drop:
            dropped.append(Weighed(candidate, way.channel, drop))
        else:
            made = score(customer=customer, candidate=candidate, way=way, taken=taken, today=now.today)
            found.append(Weighed(candidate, way.channel, score=made))
    if not found:
        return dropped[:1]
    return [min(found, key=_order), *dropped]
