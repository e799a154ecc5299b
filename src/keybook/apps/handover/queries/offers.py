"""Neglected customers that wait for somebody's word: the banker's answer, then the head's decision."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keybook.apps.customers.queries import scope_sql
from keybook.apps.handover.models import NeglectRule
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope
from keybook.core.neglect import Rule

MOST = 200
FACTS = 13  # the column of the facts, which come as text
WAITING = """
    SELECT o.id, o.customer_id, c.name, c.name_zh, COALESCE(t.code, ''), COALESCE(t.name, ''), COALESCE(t.name_zh, ''),
        o.rm_id, s.name, s.name_zh, o.raised_on, o.answer_by, o.code, o.facts, o.rule_version, o.data_date, o.state,
        o.reason, o.promised_on
    FROM handover_offer o JOIN customers_customer c ON c.id = o.customer_id JOIN people_staff s ON s.id = o.rm_id
    LEFT JOIN customers_tier t ON t.id = c.tier_id
    WHERE ({scope}) AND o.state IN ('raised', 'answered') {which}
    ORDER BY COALESCE(t.rank, 0) DESC, o.raised_on, o.id LIMIT {most}"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One neglected customer with why, and what was said so far."""

    id: int
    customer_id: int
    name: str
    name_zh: str
    tier: str
    tier_name: str
    tier_name_zh: str
    rm_id: int
    rm_name: str
    rm_name_zh: str
    raised_on: dt.date
    answer_by: dt.date
    code: str
    facts: Mapping[str, Any]
    rule_version: str
    data_date: dt.date | None
    state: str
    reason: str
    promised_on: dt.date | None

    def may_be_decided(self, today: dt.date) -> bool:
        """Whether the banker has answered, or has let the time for it pass."""
        return self.state == "answered" or today > self.answer_by


def waiting(*, scope: Scope, today: dt.date) -> list[Waiting]:
    """What waits for this person: a head decides on what is answered or past its time, a banker answers for their own.

    Compliance reads all that is open.
    """
    if scope.role == "head":
        which = (
            "AND c.branch_id = ANY(%(branches)s)"
            " AND (o.state = 'answered' OR o.answer_by < %(today)s OR o.rm_id = %(me)s)"
        )
    elif scope.everything:
        which = ""
    else:
        which = "AND o.rm_id = ANY(%(books)s) AND o.state = 'raised'"
    return _rows(scope, today, which)


def asked_of_bankers(*, scope: Scope, today: dt.date) -> list[Waiting]:
    """What a head will have to decide later: the bankers are still asked."""
    if scope.role != "head":
        return []
    return _rows(
        scope, today, "AND c.branch_id = ANY(%(branches)s) AND o.state = 'raised' AND o.answer_by >= %(today)s"
    )


def _rows(scope: Scope, today: dt.date, which: str) -> list[Waiting]:
    values = {
        "books": list(scope.books), "branches": list(scope.branches), "customers": list(scope.customers),
        "me": scope.staff_id, "today": today,
    }  # fmt: skip
    with planned() as cursor:
        cursor.execute(WAITING.format(scope=scope_sql(scope), which=which, most=MOST), values)
        rows = [list(row) for row in cursor.fetchall()]
    for row in rows:
        row[FACTS] = json.loads(row[FACTS])
    return [Waiting(*row) for row in rows]


def neglect_rule(on: dt.date) -> Rule:
    """The rule of neglect that holds on a day; until somebody has set one, the one Keybook comes with."""
    row = NeglectRule.objects.filter(from_on__lte=on).order_by("-from_on").first()
    if row is None:
        return Rule()
    return Rule(row.days, row.missed, row.answer_workdays, row.rest_days, f"neglect/1 of {row.from_on}")


def neglect_rules() -> Sequence[NeglectRule]:
    """Every version, the newest first."""
    return list(NeglectRule.objects.select_related("set_by").order_by("-from_on")[:20])
