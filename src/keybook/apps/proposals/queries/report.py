"""What became of the proposals: by theme accepted, put off and rejected with the reasons, as of a day; and the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from keybook.apps.customers.queries import scope_sql
from keybook.apps.people.planned import planned
from keybook.apps.people.queries import subtree
from keybook.apps.people.scope import Scope
from keybook.apps.proposals.models import Answered, Reason
from keybook.core.nextbest.facts import THEMES
from keybook.core.nextbest.scoring import Taken, taken_up

PAGE = 50
_FROM = """
    FROM proposals_answer a JOIN customers_customer c ON c.id = a.customer_id JOIN people_staff s ON s.id = a.staff_id
    WHERE ({scope}) AND a.on <= %(on)s {which}"""


@dataclass(frozen=True, slots=True)
class Ask:
    """What of it: from a day up to and on another, of a branch and all below it, of one banker's customers or all.

    One theme and answer pick the rows. Branch and banker are those the customer had when it was answered.
    """

    on: dt.date
    since_on: dt.date | None = None
    branch: int | None = None
    rm_id: int | None = None
    theme: str = ""
    answer: str = ""
    page: int = 1

    def query(self, **more: str) -> str:
        """It as an address, for a theme, an answer, a page or a form of their own."""
        given = {
            "since": self.since_on.isoformat() if self.since_on else "", "on": self.on.isoformat(),
            "branch": str(self.branch or ""), "rm": str(self.rm_id or ""), **more,
        }  # fmt: skip
        return urlencode({name: value for name, value in given.items() if value})


@dataclass(slots=True)
class Line:
    """One theme: how often each answer and each reason was given, and the chance that is learned from it."""

    theme: str
    answers: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All answers."""
        return sum(self.answers.values())

    @property
    def chance(self) -> float:
        """The chance that the theme is taken up, from these answers alone."""
        tried = self.answers.get(Answered.ACCEPTED, 0) + self.answers.get(Answered.REJECTED, 0)
        return taken_up(taken=Taken(((tried, self.answers.get(Answered.ACCEPTED, 0)),))).mean


@dataclass(frozen=True, slots=True)
class Row:
    """One answer with the customer, who gave it and when."""

    customer_id: int
    name: str
    name_zh: str
    staff: str
    on: dt.date
    theme: str
    channel: str
    answer: str
    reason: str
    words: str
    silent_until: dt.date


def lines(*, scope: Scope, ask: Ask) -> list[Line]:
    """The themes with answers inside the scope, in one statement."""
    found = {theme: Line(theme) for theme in THEMES}
    with planned() as cursor:
        cursor.execute(
            f"SELECT a.theme, a.answer, a.reason, count(*) {_where(scope, ask)} GROUP BY 1, 2, 3", _values(scope, ask)
        )
        for theme, answer, reason, count in cursor.fetchall():
            line = found[theme]
            line.answers[answer] = line.answers.get(answer, 0) + count
            if reason:
                line.reasons[reason] = line.reasons.get(reason, 0) + count
    return [line for line in found.values() if line.total]


def rows(*, scope: Scope, ask: Ask) -> list[Row]:
    """A page of the answers behind a number, the newest first; one more than a page says that there are more."""
    picked = " AND a.theme = %(theme)s" * bool(ask.theme) + " AND a.answer = %(answer)s" * bool(ask.answer)
    with planned() as cursor:
        cursor.execute(
            f"""SELECT c.id, c.name, c.name_zh, s.name, a.on, a.theme, a.channel, a.answer, a.reason, a.words, a.silent_until
            {_where(scope, ask)} {picked} ORDER BY a.on DESC, a.id DESC LIMIT %(most)s OFFSET %(from)s""",
            _values(scope, ask),
        )
        return [Row(*row) for row in cursor.fetchall()]


def table(found: list[Line], *, names: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """The counts as the heads and rows of a file; it names no customer."""
    heads = ["theme", *Answered.values, *Reason.values, "chance"]
    body = [
        [
            str(names[line.theme]), *(line.answers.get(each, 0) for each in Answered.values),
            *(line.reasons.get(each, 0) for each in Reason.values), f"{line.chance:.3f}",
        ]
        for line in found
    ]  # fmt: skip
    return heads, body


def _where(scope: Scope, ask: Ask) -> str:
    which = [
        "AND a.on >= %(since)s" * bool(ask.since_on), "AND a.branch_id = ANY(%(subtree)s)" * bool(ask.branch),
        "AND a.rm_id = %(rm)s" * bool(ask.rm_id),
    ]  # fmt: skip
    return _FROM.format(scope=scope_sql(scope), which=" ".join(which))


def _values(scope: Scope, ask: Ask) -> dict[str, Any]:
    return {
        "books": list(scope.books), "branches": list(scope.branches), "customers": list(scope.customers), "on": ask.on,
        "since": ask.since_on, "subtree": subtree(ask.branch) if ask.branch else [], "rm": ask.rm_id, "theme": ask.theme, "answer": ask.answer, "most": PAGE + 1, "from": (ask.page - 1) * PAGE,
    }  # fmt: skip
