"""The lines over time: the snapshots of the ends of twelve months."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from keybook.apps.people.models import Role
from keybook.apps.people.planned import planned
from keybook.apps.people.queries import subtree
from keybook.apps.people.scope import Scope
from keybook.apps.team.asking import Ask
from keybook.apps.team.queries.looked import Sums
from keybook.core.newmoney import ONE_DAY, month_after

MONTHS = 12
POINTS = """
    SELECT w."on", count(*), sum(w.total)::int, sum(w.late)::int, sum(w.at_risk)::int, sum(w.kept)::int,
        sum(w.kept_late)::int, sum(w.broken)::int, sum(w.contacts)::int, sum(w.counted)::int, sum(w.money)
    FROM team_snapshot w JOIN customers_tier t ON t.id = w.tier_id
    WHERE w."on" = ANY(%(days)s) AND ({scope}) {which} GROUP BY 1 ORDER BY 1"""


@dataclass(frozen=True, slots=True)
class Point:
    """How the books of a filter stood on a day."""

    on: dt.date
    sums: Sums


def month_ends(*, until: dt.date, months: int = MONTHS) -> list[dt.date]:
    """The last days of the months that had ended by a day, the oldest first."""
    first = month_after(month=until + ONE_DAY, months=0)
    return [month_after(month=first, months=-step) - ONE_DAY for step in range(months - 1, -1, -1)]


def points(*, scope: Scope, ask: Ask) -> list[Point]:
    """The ends of the twelve months before the day asked for, as nights have kept them."""
    parts = []
    if ask.branch:
        parts.append("AND w.branch_id = ANY(%(subtree)s)")
    if ask.rm is not None:
        parts.append("AND w.rm_id = %(rm)s" if ask.rm else "AND w.rm_id IS NULL")
    if ask.tier:
        parts.append("AND t.code = %(tier)s")
    values: dict[str, Any] = {
        "days": month_ends(until=ask.on - ONE_DAY), "books": list(scope.books), "rm": ask.rm, "tier": ask.tier,
        "branches": list(scope.branches), "subtree": subtree(ask.branch) if ask.branch else [],
    }  # fmt: skip
    with planned() as cursor:
        cursor.execute(POINTS.format(scope=_inside(scope), which=" ".join(parts)), values)
        return [Point(on, Sums(*sums)) for on, _count, *sums in cursor.fetchall()]


def _inside(scope: Scope) -> str:
    if scope.everything:
        return "TRUE"
    own = "w.rm_id = ANY(%(books)s)"
    return own if scope.role == Role.RM else f"{own} OR w.branch_id = ANY(%(branches)s)"
