"""The stored decisions about a customer: when the next contact is due, and how the relationship stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

from django.db import connection, transaction

from keybook.apps.people.planned import for_many
from keybook.apps.reminders.postings import entered
from keybook.apps.reminders.queries import Day
from keybook.apps.standards.queries import Known, known
from keybook.core import cadence, ledger

Progress = Callable[[int, int], None]
BATCH = 100_000  # contacts lie where they were written: a scan of all is quicker than many small ones


KEY = """
    SELECT c.id FROM customers_customer c
    WHERE c.stage <> 'closed' AND (c.tier_id IN (SELECT tier_id FROM standards_standard) OR c.next_due_on IS NOT NULL OR c.health <> 0
        OR c.standing <> '') ORDER BY 1"""
ENDED = """
    UPDATE customers_customer SET standing = %s
    WHERE stage = 'closed' AND joined_to_id IS NULL AND standing <> %s"""
COLUMNS = {
    "next_due_on": "date", "late_from": "date", "visit_due_on": "date", "last_contact_on": "date", "health": "smallint",
    "standing": "text",
}  # fmt: skip
UPDATE = f"""
    UPDATE customers_customer c SET rule_version = %s, {", ".join(f"{name} = v.{name}" for name in COLUMNS)}
    FROM unnest(%s::bigint[], {", ".join(f"%s::{kind}[]" for kind in COLUMNS.values())}) AS v (id, {", ".join(COLUMNS)})
    WHERE c.id = v.id AND (c.rule_version, {", ".join(f"c.{name}" for name in COLUMNS)})
        IS DISTINCT FROM (%s::text, {", ".join(f"v.{name}" for name in COLUMNS)})"""


@transaction.atomic(savepoint=False)
def restate(*, customer_ids: Sequence[int], day: Day) -> int:
    """Decide next due date and visit, last contact, health and state of these customers anew and store what differs.

    Gives how many customers did. All of it follows from what is stored of the customer; nothing is carried on.
    """
    posted = entered(customer_ids=customer_ids, day=day)
    found = list(_decide(customer_ids, day, posted.of, posted.weights))
    version = f"{cadence.RULE_VERSION} {posted.weights.version}"
    with for_many(len(found)) as cursor:
        cursor.execute(
            UPDATE, [version, *([each[place] for each in found] for place in range(1 + len(COLUMNS))), version]
        )
        return int(cursor.rowcount)


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
    customer_ids: Sequence[int], day: Day, posted: Mapping[int, list[ledger.Posting]], weights: ledger.Weights
) -> Iterator[tuple[int, dt.date | None, dt.date | None, dt.date | None, dt.date | None, int, str]]:
    """Give the id and the columns to store of each customer, as the core decides them."""
    for each in known(customer_ids=customer_ids, today=day.today, zone=day.zone):
        due, visit = NOTHING_DUE if each.closed else _dues(each, day)
        stood = ledger.stand(postings=posted.get(each.id, ()), today=day.today, weights=weights, closed=each.closed)
        yield (
            each.id, due.on if due else None, due.late_from if due else None, visit.on if visit else None,
            each.last_contact_on, stood.balance, stood.state,
        )  # fmt: skip


NOTHING_DUE: tuple[cadence.Due | None, cadence.Due | None] = (None, None)


def _dues(each: Known, day: Day) -> tuple[cadence.Due | None, cadence.Due | None]:
    found = cadence.dues(past=each.past, asked=each.asked, today=day.today, calendar=day.calendar)
    return found.contact, found.visit
