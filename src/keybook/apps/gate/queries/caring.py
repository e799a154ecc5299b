"""Who needs care now: open complaints, what has to be asked about again, who mourns; for everybody's customers in a scope."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from keybook.apps.customers.queries import scope_sql
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope

MOST = 300
# One list of three sorts; `since` is the day from which it waits for somebody, of mourning the day it ends.
CARING = """
    SELECT n.what, n.kind, n.text, n.since, n.customer_id, c.name, c.name_zh, COALESCE(s.name, ''), COALESCE(s.name_zh, '')
    FROM (
        SELECT 'complaint' AS what, '' AS kind, k.text, k.opened_on AS since, k.customer_id
        FROM customers_complaint k WHERE k.settled_on IS NULL
        UNION ALL
        SELECT 'review', v.kind, v.mind, COALESCE(v.review_on, v.from_on), v.customer_id FROM customers_vulnerability v
        WHERE (v.review_on IS NULL OR v.review_on <= %(today)s) AND (v.until_on IS NULL OR v.until_on > %(today)s)
        UNION ALL
        SELECT 'mourning', '', '', o.mourning_until, o.customer_id FROM reminders_observance o
        WHERE o.mourning_from <= %(today)s AND (o.mourning_until IS NULL OR o.mourning_until > %(today)s)
    ) n JOIN customers_customer c ON c.id = n.customer_id LEFT JOIN people_staff s ON s.id = c.rm_id
    WHERE c.stage <> 'closed' AND ({scope})
    ORDER BY n.what, n.since, n.customer_id LIMIT %(most)s"""


@dataclass(frozen=True, slots=True)
class Cared:
    """One thing to be minded of one customer: `what` is complaint, review or mourning."""

    what: str
    kind: str
    text: str
    since: dt.date | None
    customer_id: int
    name: str
    name_zh: str
    rm: str
    rm_zh: str


def caring(*, scope: Scope, today: dt.date) -> list[Cared]:
    """What waits for somebody, complaints first, then mourning and reviews, each the longest waiting first."""
    values = {
        "today": today, "most": MOST, "books": list(scope.books), "branches": list(scope.branches),
        "customers": list(scope.customers), "me": scope.staff_id,
    }  # fmt: skip
    with planned() as cursor:
        cursor.execute(CARING.format(scope=scope_sql(scope)), values)
        return [Cared(*row) for row in cursor.fetchall()]
