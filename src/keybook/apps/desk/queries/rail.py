"""What stands beside the list of Today: coverage, promises, what is planned, and the best contacts proposed."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from keybook.apps.customers.queries import scope_sql
from keybook.apps.desk.queries.today import MINE, Whose, whose_list
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.queries import Day
from keybook.apps.standards.queries import IN_FORCE


@dataclass(frozen=True, slots=True)
class Covered:
    """How many of the key customers of one tier are inside the contact standard."""

    tier: str
    tier_name: str
    tier_name_zh: str
    inside: int
    total: int


@dataclass(frozen=True, slots=True)
class Promised:
    """One open promise of mine."""

    customer_id: int
    name: str
    name_zh: str
    text: str
    due_on: dt.date
    broken: bool
    workdays_late: int
    due_time: dt.time | None


@dataclass(frozen=True, slots=True)
class Best:
    """One customer's next best contact, in short."""

    customer_id: int
    name: str
    name_zh: str
    theme: str
    channel: str
    worth: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Rail:
    """What stands beside the list: coverage by tier, the next promises, the share kept, the best contacts proposed."""

    coverage: tuple[Covered, ...] = ()
    promises: tuple[Promised, ...] = ()
    promises_open: int = 0
    kept_percent: int | None = None
    pairs: int = 0
    plan: int = 0
    """Contacts planned for today and not made yet."""
    best: tuple[Best, ...] = ()
    care: int = 0
    """Open complaints, and what has to be asked about again."""

    @property
    def inside(self) -> int:
        """Key customers inside their standard."""
        return sum(each.inside for each in self.coverage)

    @property
    def total(self) -> int:
        """All key customers."""
        return sum(each.total for each in self.coverage)

    @property
    def percent(self) -> int | None:
        """Whole percent covered, rounded down."""
        return self.inside * 100 // self.total if self.total else None


COVERAGE = """
    SELECT t.code, t.name, t.name_zh,
           count(*) FILTER (WHERE c.late_from IS NULL OR c.late_from > %(today)s), count(*)
    FROM customers_customer c JOIN customers_tier t ON t.id = c.tier_id {in_force}
    WHERE std.every_days IS NOT NULL AND c.stage = 'customer' AND ({where})
    GROUP BY t.code, t.name, t.name_zh, t.rank ORDER BY t.rank DESC"""
# Apart from the promises: PostgreSQL plans those for each banker's number of them, and this once.
BESIDE = """
    WITH book AS MATERIALIZED (SELECT c.id, c.name, c.name_zh, c.stage FROM customers_customer c WHERE {listed})
    SELECT (SELECT count(*) FROM customers_match m JOIN customers_customer c ON c.id = m.prospect_id
            JOIN customers_customer d ON d.id = m.customer_id
            WHERE m.state = 'offered' AND ({prospect}) AND ({customer})),
        (SELECT count(*) FROM plans_entry e JOIN customers_customer c ON c.id = e.customer_id
         WHERE e.staff_id = %(me)s AND e."on" = %(today)s AND e.state = 'planned' AND ({prospect})),
        (SELECT count(*) FROM customers_complaint k JOIN book c ON c.id = k.customer_id
         WHERE k.settled_on IS NULL AND c.stage <> 'closed')
        + (SELECT count(*) FROM customers_vulnerability v JOIN book c ON c.id = v.customer_id
           WHERE (v.review_on IS NULL OR v.review_on <= %(today)s) AND (v.until_on IS NULL OR v.until_on > %(today)s)
             AND c.stage <> 'closed'),
        (SELECT json_agg(n)::text FROM (SELECT n.customer_id, c.name, c.name_zh, n.theme, n.channel, n.worth::text AS worth, n.currency
            FROM book c {proposal}
            ORDER BY n.worth DESC, n.customer_id LIMIT 3) n)"""
# Row by row: joined at once, PostgreSQL would test the row-level policy against the customers of the whole bank. Who sees
# the whole bank has it joined.
OF_EACH = "CROSS JOIN LATERAL (SELECT * FROM proposals_proposal n WHERE n.customer_id = c.id OFFSET 0) n"
OF_ALL = "JOIN proposals_proposal n ON n.customer_id = c.id"
PROMISES = """
    SELECT c.id, c.name, c.name_zh, p.text, p.due_on, p.state = 'broken', p.due_time, count(*) OVER (),
        (SELECT count(*) FILTER (WHERE k.state = 'kept' AND k.closed_on <= k.due_on) * 100 / NULLIF(count(*), 0)
         FROM reminders_promise k WHERE k.staff_id = %(me)s AND k.closed_on BETWEEN %(since)s AND %(today)s AND k.state IN ('kept', 'broken'))
    FROM reminders_promise p JOIN customers_customer c ON c.id = p.customer_id
    WHERE p.staff_id = %(me)s AND (p.state = 'open' OR (p.state = 'broken' AND p.closed_on BETWEEN %(since)s AND %(today)s
        AND EXISTS (SELECT 1 FROM reminders_reminder r WHERE r.promise_id = p.id AND r.state = 'open')))
    ORDER BY p.due_on, p.due_time, p.id LIMIT 5"""
KEPT_DAYS = dt.timedelta(days=90)


def rail(*, scope: Scope, day: Day, whose: Whose = MINE) -> Rail:
    """Read what stands beside the list, in three statements."""
    whose = whose_list(scope=scope, whose=whose)
    rm_id = None if whose.everyone else whose.rm_id or scope.staff_id
    values: dict[str, Any] = {
        "today": day.today, "me": rm_id or scope.staff_id, "since": day.today - KEPT_DAYS, "rm": rm_id,
        "books": list(scope.books), "branches": list(scope.branches), "customers": list(scope.customers),
    }  # fmt: skip
    where = f"({scope_sql(scope)})" + (" AND c.rm_id = %(rm)s" if rm_id and (rm_id,) != scope.books else "")
    with planned() as cursor:
        cursor.execute(COVERAGE.format(where=where, in_force=IN_FORCE), values)
        coverage = tuple(Covered(*row) for row in cursor.fetchall())
        inside = {
            "prospect": scope_sql(scope), "customer": scope_sql(scope, alias="d"), "listed": where,
            "proposal": OF_ALL if scope.everything else OF_EACH,
        }  # fmt: skip
        cursor.execute(BESIDE.format(**inside), values)
        [(pairs, plan, care, best)] = cursor.fetchall()
        cursor.execute(PROMISES, values)
        rows = cursor.fetchall()
    promises = tuple(Promised(*[*row[:6], day.calendar.workdays_late(row[4], day.today), row[6]]) for row in rows)
    count, kept = rows[0][7:] if rows else (0, None)
    return Rail(coverage, promises, count, kept, pairs, plan, _best(best), care)


def _best(found: str | None) -> tuple[Best, ...]:
    """The next best contacts that are worth most."""
    return tuple(Best(**{**each, "worth": Decimal(each["worth"])}) for each in json.loads(found or "[]"))
