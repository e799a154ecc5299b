"""Half-open periods of days: from a day on, up to, not on, another, or without an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

DECEMBER = 12


class PeriodError(ValueError):
    """A period that ends before it begins, or not after."""


@dataclass(frozen=True, slots=True, order=False)
class Period:
    """[start, end): the end is the first day outside; none means still running."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise PeriodError(f"A period from {self.start} must end after it, not on {self.end}.")

    def contains(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Period) -> bool:
        """Whether they have a day in common."""
        return _before(self.start, other.end) and _before(other.start, self.end)

    def meets(self, other: Period) -> bool:
        """Whether the other begins on the very day this one ends."""
        return self.end is not None and self.end == other.start

    def days(self, *, until: date) -> int:
        """How many of its days lie before `until`."""
        end = until if self.end is None else min(self.end, until)
        return max((end - self.start).days, 0)

    def ended(self, on: date) -> Period:
        """The same period, ended on a day; one that has already ended earlier is refused."""
        if self.end is not None and self.end < on:
            raise PeriodError(f"This period already ended on {self.end}.")
        return Period(self.start, on)


def month_after(*, on: date) -> date:
    """The same day of the next month, or its last one."""
    year, month = (on.year + 1, 1) if on.month == DECEMBER else (on.year, on.month + 1)
    last = (date(year + month // DECEMBER, month % DECEMBER + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(on.day, last))


def _before(start: date, end: date | None) -> bool:
    return end is None or start < end
