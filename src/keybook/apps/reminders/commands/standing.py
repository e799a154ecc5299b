"""The stored decisions about a customer: when the next contact is due, and how the relationship stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

from django.db import connection, transaction

from keybook.apps.people.planned import planned
from keybook.apps.reminders.postings import entered
from keybook.apps.reminders.queries import Day
from keybook.core import cadence, ledger

Progress = Callable[[int, int], None]
BATCH = 20_000

WHO = """
    SELECT c.id, c.last_contact_on, c.tier_since, a.from_on, c.opened_on, t.standard_days, t.grace_days,
        c.stage = 'closed'
    FROM customers_customer c LEFT JOIN customers_tier t ON t.id = c.tier_id
    LEFT JOIN customers_assignment a ON a.customer_id = c.id AND a.until_on IS NULL
    WHERE c.id = ANY(%s)"""
KEY = """
    SELECT c.id FROM customers_customer c LEFT JOIN customers_tier t ON t.id = c.tier_id
    WHERE c.stage <> 'closed' AND (t.standard_days IS NOT NULL OR c.next_due_on IS NOT NULL OR c.health <> 0
        OR c.standing <> '') ORDER BY 1"""
ENDED = """
    UPDATE customers_customer SET standing = %s
    WHERE stage = 'closed' AND joined_to_id IS NULL AND standing <> %s"""
UPDATE = """
    UPDATE customers_customer c SET next_due_on = v.next_due_on, health = v.health, rule_version = %s,
        last_contact_on = v.last_contact_on, standing = v.standing
    FROM unnest(%s::bigint[], %s::date[], %s::int[], %s::text[], %s::date[])
        AS v (id, next_due_on, health, standing, last_contact_on)
    WHERE c.id = v.id AND (c.next_due_on, c.health, c.standing, c.rule_version, c.last_contact_on)
        IS DISTINCT FROM (v.next_due_on, v.health::smallint, v.standing, %s::text, v.last_contact_on)"""


@transaction.atomic(savepoint=False)
def restate(*, customer_ids: Sequence[int], day: Day, spoke_on: dt.date | None = None) -> int:
    """Decide next due date, health and state of these customers anew and store what differs; give how many did.

    `spoke_on` is the day of a contact just logged with them, which may be their last.
    """
    posted = entered(customer_ids=customer_ids, day=day)
    found = list(_decide(customer_ids, day, spoke_on, posted.of, posted.weights))
    ids, dues, healths, states, lasts = ([each[place] for each in found] for place in range(5))
    version = f"{cadence.RULE_VERSION} {posted.weights.version}"
    with planned() as cursor:
        cursor.execute(UPDATE, [version, ids, dues, healths, states, lasts, version])
        return cursor.rowcount


def restate_all(*, day: Day, progress: Progress | None = None) -> int:
    """Do so for every customer with a standard or a past, in batches; idempotent."""
    with connection.cursor() as cursor:
        cursor.execute(KEY)
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(ENDED, [ledger.ENDED, ledger.ENDED])
        changed = int(cursor.rowcount)
    for start in range(0, len(ids), BATCH):
        changed += restate(customer_ids=ids[start : start + BATCH], day=day)
        if progress:
            progress(min(start + BATCH, len(ids)), len(ids))
    return changed


def _decide(
    customer_ids: Sequence[int], day: Day, spoke_on: dt.date | None, posted: Mapping[int, list[ledger.Posting]],
    weights: ledger.Weights,
) -> Iterator[tuple[int, dt.date | None, int, str, dt.date | None]]:  # fmt: skip
    """Give id, next due date, health, state and last contact as the core decides them.

    Who has never been spoken to is due a whole standard after the day they became their banker's.
    """
    with planned() as cursor:
        cursor.execute(WHO, [list(customer_ids)])
        rows = cursor.fetchall()
    for customer_id, stored, tier_since, theirs_since, opened_on, standard_days, grace_days, closed in rows:
        last = _latest(stored, spoke_on)
        due = due_on(
            last=last, tier_since=tier_since if last else _latest(tier_since, theirs_since), opened_on=opened_on,
            standard=(standard_days, grace_days), day=day,
        )  # fmt: skip
        stood = ledger.stand(postings=posted.get(customer_id, ()), today=day.today, weights=weights, closed=closed)
        yield customer_id, due, stood.balance, stood.state, last


def _latest(*days: dt.date | None) -> dt.date | None:
    """The last of the days that are known."""
    return max((day for day in days if day is not None), default=None)


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
