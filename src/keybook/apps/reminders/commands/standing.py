"""The stored decisions about a customer: when the next contact is due, and how the relationship stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction

from keybook.apps.reminders.queries import Day, postings
from keybook.core import cadence, ledger

Progress = Callable[[int, int], None]
BATCH = 20_000
RULE_VERSION = f"{cadence.RULE_VERSION} {ledger.RULE_VERSION}"

WHO = """
    SELECT c.id, c.last_contact_on, GREATEST(c.tier_since, CASE WHEN c.last_contact_on IS NULL THEN a.from_on END),
           c.opened_on, t.standard_days, t.grace_days
    FROM customers_customer c LEFT JOIN customers_tier t ON t.id = c.tier_id
    LEFT JOIN customers_assignment a ON a.customer_id = c.id AND a.until_on IS NULL
    WHERE c.id = ANY(%s)"""
KEY = """
    SELECT c.id FROM customers_customer c LEFT JOIN customers_tier t ON t.id = c.tier_id
    WHERE c.stage <> 'closed' AND (t.standard_days IS NOT NULL OR c.next_due_on IS NOT NULL OR c.health <> 0) ORDER BY 1"""
UPDATE = """
    UPDATE customers_customer c SET next_due_on = v.next_due_on, health = v.health, rule_version = v.rule_version
    FROM {values} WHERE c.id = v.id AND (c.next_due_on, c.health, c.rule_version)
        IS DISTINCT FROM (v.next_due_on, v.health::smallint, v.rule_version)"""
ONE = UPDATE.format(
    values="(SELECT unnest(%s::bigint[]) AS id, unnest(%s::date[]) AS next_due_on, unnest(%s::int[]) AS health, "
    "%s::text AS rule_version) v"
)


@transaction.atomic(savepoint=False)
def restate(*, customer_ids: Sequence[int], day: Day) -> int:
    """Decide next due date and health of these customers anew and store what differs; give how many did."""
    found = list(_decide(customer_ids, day))
    ids, dues, healths = ([each[place] for each in found] for place in range(3))
    with connection.cursor() as cursor:
        cursor.execute(ONE, [ids, dues, healths, RULE_VERSION])
        return int(cursor.rowcount)


def restate_all(*, day: Day, progress: Progress | None = None) -> int:
    """Do so for every customer with a standard or a past, in batches; idempotent."""
    with connection.cursor() as cursor:
        cursor.execute(KEY)
        ids = [row[0] for row in cursor.fetchall()]
    changed = 0
    for start in range(0, len(ids), BATCH):
        changed += restate(customer_ids=ids[start : start + BATCH], day=day)
        if progress:
            progress(min(start + BATCH, len(ids)), len(ids))
    return changed


def _decide(customer_ids: Sequence[int], day: Day) -> Iterator[tuple[int, dt.date | None, int]]:
    """Give id, next due date and health as the core decides them.

    Who has never been spoken to is due a whole standard after the day they became their banker's.
    """
    with connection.cursor() as cursor:
        cursor.execute(WHO, [list(customer_ids)])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    posted = postings(customer_ids=customer_ids, day=day)
    for customer_id, last, tier_since, opened_on, standard_days, grace_days in rows:
        due = due_on(
            last=last, tier_since=tier_since, opened_on=opened_on, standard=(standard_days, grace_days), day=day
        )
        yield customer_id, due, ledger.balance(postings=posted.get(customer_id, ()), today=day.today)


def due_on(
    *, last: dt.date | None, tier_since: dt.date | None, opened_on: dt.date | None,
    standard: tuple[int | None, int | None], day: Day,
) -> dt.date | None:  # fmt: skip
    """The day of the next contact by standard; none for a tier without one. A date still unknown counts from today."""
    standard_days, grace_days = standard
    if standard_days is None:
        return None
    since = cadence.counted_from(last_contact_on=last, tier_since=tier_since, opened_on=opened_on) or day.today
    return cadence.next_due_on(
        since=since, standard_days=standard_days, grace_days=grace_days or 0, calendar=day.calendar
    ).on
