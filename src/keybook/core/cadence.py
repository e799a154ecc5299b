"""When the contact standard wants the next contact, when it is late, and how much of a book is covered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from keybook.core.workdays import WorkCalendar

RULE_VERSION = "cadence/1"


class StandardError(ValueError):
    """A contact standard that cannot be kept: less than a day, or a negative grace."""


@dataclass(frozen=True, slots=True)
class Due:
    """The day the next contact is due, and the first day on which it is late."""

    on: date
    late_from: date


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many key customers are inside their standard, of how many; `percent` is none of an empty book."""

    inside: int
    total: int

    @property
    def percent(self) -> int | None:
        """Whole percent inside, rounded down, so that 100 means all."""
        return self.inside * 100 // self.total if self.total else None


def next_due_on(*, since: date, standard_days: int, grace_days: int, calendar: WorkCalendar) -> Due:
    """The next contact by standard, counted from the last contact (or the day the customer became ours).

    It is the last workday within the standard, because a standard says "at least every N days"; if no workday lies
    within it, the first one after.
    """
    if standard_days < 1 or grace_days < 0:
        raise StandardError(f"A contact every {standard_days} days with {grace_days} days of grace cannot be kept.")
    on = calendar.previous_workday(since + timedelta(days=standard_days))
    if on <= since:
        on = calendar.next_workday(since + timedelta(days=standard_days))
    return Due(on, late_from(due_on=on, grace_days=grace_days))


def counted_from(*, last_contact_on: date | None, tier_since: date | None, opened_on: date | None) -> date | None:
    """What the standard counts from: the last contact, else the day of the tier, else the day of the account.

    A customer who rose to a key tier long after the last contact gets the whole standard from that day on.
    """
    known = [day for day in (last_contact_on, tier_since) if day is not None]
    return max(known) if known else opened_on


def late_from(*, due_on: date, grace_days: int) -> date:
    """The first day on which a standard due on `due_on` is late."""
    return due_on + timedelta(days=grace_days + 1)


def is_overdue(*, due: Due, today: date) -> bool:
    """Whether the grace is over."""
    return today >= due.late_from


def coverage(*, dues: Iterable[Due], today: date) -> Coverage:
    """How many of these customers, each with a standard, are not overdue."""
    late = [is_overdue(due=due, today=today) for due in dues]
    return Coverage(inside=len(late) - sum(late), total=len(late))
