"""When a customer counts as neglected and is offered back to the branch.

Neglected is who is overdue by more than so many days past the grace of the standard, or who has gone without a contact
for so many whole standards in a row. An exception with a reason (a pause, a time abroad) moves the due date itself, so
that nobody excused is ever late. The banker is told first and answers within some workdays: a reason, and the day by
which they will have spoken; until that day the customer is not offered again. Then, or when no answer has come, the head
of the branch decides. Nobody is moved by this rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from keybook.core.workdays import WorkCalendar

Code = Literal["overdue", "missed"]


class NeglectError(ValueError):
    """A rule that cannot be meant; `field` is what to correct."""

    def __init__(self, field: str) -> None:
        super().__init__(f"This rule of neglect cannot be: {field}")
        self.field = field


@dataclass(frozen=True, slots=True)
class Rule:
    """Days past grace, standards missed, workdays to answer, days of rest after the head has let the customer stay."""

    days: int = 30
    missed: int = 2
    answer_workdays: int = 5
    rest_days: int = 30
    version: str = "neglect/1"

    def __post_init__(self) -> None:
        limits = {"days": (1, 365), "missed": (1, 12), "answer_workdays": (1, 30), "rest_days": (0, 365)}
        for name, (least, most) in limits.items():
            if not least <= getattr(self, name) <= most:
                raise NeglectError(name)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a customer stands to their standard: late from which day, last spoken to when, contact every how many days.

    `rests_until` is the day up to which an answer or a decision lets them rest; None: nothing was said.
    """

    late_from: date | None
    last_contact_on: date | None
    every_days: int
    rests_until: date | None = None


@dataclass(frozen=True, slots=True)
class Neglect:
    """Why somebody counts as neglected: by which half of the rule, by how much, and by which version."""

    code: Code
    days: int
    missed: int
    rule_version: str


def neglect(*, standing: Standing, rule: Rule, today: date) -> Neglect | None:
    """Whether this customer is offered back today, and why; None when not."""
    if standing.late_from is None or standing.late_from > today or _rests(standing, today):
        return None
    days = (today - standing.late_from).days
    missed = _missed(standing, today)
    if days > rule.days:
        return Neglect("overdue", days, missed, rule.version)
    return Neglect("missed", days, missed, rule.version) if missed >= rule.missed else None


def answer_by(*, today: date, rule: Rule, calendar: WorkCalendar) -> date:
    """The last day on which the banker answers before the head decides without an answer."""
    return calendar.add_workdays(today, rule.answer_workdays)


def rests_after(*, today: date, rule: Rule) -> date:
    """The day from which a customer who was let stay may be offered again."""
    return today + timedelta(days=rule.rest_days)


def _rests(standing: Standing, today: date) -> bool:
    return standing.rests_until is not None and today < standing.rests_until


def _missed(standing: Standing, today: date) -> int:
    """How many whole standards have gone by since the last contact; none known before the first."""
    if standing.last_contact_on is None:
        return 0
    return (today - standing.last_contact_on).days // standing.every_days
