"""What the bank asks for: the contact standard of a tier by version, a customer's exceptions, and what holds when.

A version holds from its day on, until the day of the next one. An exception stands in its place from its first day up
to, not on, its end: another rhythm, other channels, a pause, or the customer is away. Pauses and rhythms of one
customer never overlap, nor do two times away; being away may fall into anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

CHANNELS = ("call", "visit", "branch", "wechat", "sms", "email", "letter")
FROM_CONTACT, FROM_DUE = "contact", "due"
RHYTHM, ONLY, PAUSE, AWAY = "rhythm", "only", "pause", "away"
KINDS = (RHYTHM, ONLY, PAUSE, AWAY)
MOST_DAYS, MOST_GRACE, MOST_VISITS = 730, 90, 52
VISIT = frozenset({"visit"})
YEAR = 365


class StandardError(ValueError):
    """A contact standard or an exception that cannot be kept; `field` is what has to change."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked: a contact every so many days, by which channels, counted from what, and how many visits a year.

    `basis` is `contact` (from the last contact that counts) or `due` (from the last due date, whatever day it was
    answered).
    """

    every_days: int
    grace_days: int = 0
    basis: str = FROM_CONTACT
    channels: frozenset[str] = frozenset(CHANNELS)
    visits_a_year: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.every_days <= MOST_DAYS:
            raise StandardError("every_days", f"A contact every {self.every_days} days cannot be kept.")
        if not 0 <= self.grace_days <= MOST_GRACE:
            raise StandardError("grace_days", f"{self.grace_days} days of grace cannot be kept.")
        if not 0 <= self.visits_a_year <= MOST_VISITS:
            raise StandardError("visits_a_year", f"{self.visits_a_year} visits a year cannot be kept.")
        if self.basis not in {FROM_CONTACT, FROM_DUE}:
            raise StandardError("basis", f"{self.basis!r} is neither {FROM_CONTACT} nor {FROM_DUE}.")
        if not self.channels or not self.channels <= set(CHANNELS):
            raise StandardError("channels", "A standard names the channels that count, and only channels there are.")


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a tier's standard; without terms the tier has none from that day on."""

    number: int
    from_on: date
    terms: Terms | None


@dataclass(frozen=True, slots=True)
class Excepted:
    """An exception of one customer, from its first day up to, not on, its end."""

    kind: str
    from_on: date
    until_on: date
    every_days: int | None = None
    channels: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise StandardError("kind", f"There is no exception {self.kind!r}.")
        if self.until_on <= self.from_on:
            raise StandardError(
                "until_on", f"An exception from {self.from_on} must end after it, not on {self.until_on}."
            )
        if (self.kind == RHYTHM) != (self.every_days is not None):
            raise StandardError("every_days", "Another rhythm, and only that, says every how many days.")
        if self.every_days is not None and not 1 <= self.every_days <= MOST_DAYS:
            raise StandardError("every_days", f"A contact every {self.every_days} days cannot be kept.")
        if not self.channels <= set(CHANNELS) or (self.kind == ONLY and not self.channels):
            raise StandardError("channels", "Name the channels that count, and only channels there are.")

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.from_on <= day < self.until_on

    def on(self, terms: Terms) -> Terms | None:
        """What is asked while it holds, in place of these terms; nothing in a pause."""
        if self.kind == PAUSE:
            return None
        return replace(terms, every_days=self.every_days or terms.every_days, channels=self.channels or terms.channels)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time, from its first day to the next stretch, in which the same is asked; nothing when it has no terms.

    `paused` says that a standard holds and the clock stands still; else there is none.
    """

    from_on: date
    terms: Terms | None
    paused: bool = False

    def differs(self, other: Stretch) -> bool:
        """Whether something else is asked."""
        return (self.terms, self.paused) != (other.terms, other.paused)


def overlapping(*, wanted: Excepted, known: Iterable[Excepted]) -> Excepted | None:
    """An exception that this one would overlap: times away with one another, all others with one another."""
    away = wanted.kind == AWAY
    found = (
        each
        for each in known
        if (each.kind == AWAY) == away and each.from_on < wanted.until_on and wanted.from_on < each.until_on
    )
    return next(found, None)


def holding(*, versions: Sequence[Version], day: date) -> Version | None:
    """The newest version whose day has come; `versions` from the oldest on."""
    return next((each for each in reversed(versions) if each.from_on <= day), None)


def standing_exception(*, exceptions: Sequence[Excepted], day: date) -> Excepted | None:
    """The exception that holds on a day in place of the standard; being away is none of these."""
    return next((each for each in exceptions if each.kind != AWAY and each.holds(day)), None)


def terms_on(*, versions: Sequence[Version], exceptions: Sequence[Excepted], day: date) -> Terms | None:
    """What is asked of this customer's banker on a day."""
    version = holding(versions=versions, day=day)
    if version is None or version.terms is None:
        return None
    exception = standing_exception(exceptions=exceptions, day=day)
    return exception.on(version.terms) if exception else version.terms


@lru_cache(maxsize=65_536)
def stretches(
    *, versions: tuple[Version, ...], exceptions: tuple[Excepted, ...], begun_on: date, today: date
) -> tuple[Stretch, ...]:
    """The stretches from the day the customer came under the tier up to today, equal neighbours as one."""
    days = {each.from_on for each in versions}
    days |= {day for each in exceptions if each.kind != AWAY for day in (each.from_on, each.until_on)}
    return _joined(
        _stretch(versions, exceptions, day)
        for day in [begun_on, *sorted(day for day in days if begun_on < day <= today)]
    )


def _stretch(versions: Sequence[Version], exceptions: Sequence[Excepted], day: date) -> Stretch:
    terms = terms_on(versions=versions, exceptions=exceptions, day=day)
    version = holding(versions=versions, day=day)
    return Stretch(day, terms, paused=terms is None and version is not None and version.terms is not None)


def _joined(found: Iterable[Stretch]) -> tuple[Stretch, ...]:
    kept: list[Stretch] = []
    for each in found:
        if not kept or each.differs(kept[-1]):
            kept.append(each)
    return tuple(kept)


@lru_cache(maxsize=65_536)
def visits(asked: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """The same stretches as they ask for visits; where visits do not count, their clock stands still."""
    return _joined(_visit(each) for each in asked)


def _visit(each: Stretch) -> Stretch:
    if each.terms is None or not each.terms.visits_a_year:
        return Stretch(each.from_on, None, each.paused)
    if not each.terms.channels & VISIT:
        return Stretch(each.from_on, None, paused=True)
    days = YEAR // each.terms.visits_a_year
    return Stretch(each.from_on, Terms(days, each.terms.grace_days, FROM_CONTACT, VISIT))
