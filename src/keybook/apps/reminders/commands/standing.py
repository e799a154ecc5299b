"""The stored decisions about a customer: when the next contact is due, and how the relationship stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection, transaction

from keybook.apps.people.beside import read_ahead
from keybook.apps.people.planned import for_many
from keybook.apps.reminders.postings import entered
from keybook.apps.reminders.queries import Day
from keybook.apps.standards.queries import Known, known
from keybook.core import cadence, ledger

Progress = Callable[[int, int], None]
BATCH = 50_000  # contacts lie where they were written: one scan for many customers is quicker than a look for each


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


@dataclass(frozen=True, slots=True)
class Decided:
    """What is to be stored of some customers, column by column, and the rules it was decided by."""

    version: str
    columns: list[list[Any]]


@transaction.atomic(savepoint=False)
def restate(*, customer_ids: Sequence[int], day: Day) -> int:
    """Decide next due date and visit, last contact, health and state of these customers anew and store what differs.

    Gives how many customers did. All of it follows from what is stored of the customer; nothing is carried on.
    """
    return _store(_decided(customer_ids, day))


def restate_all(*, day: Day, progress: Progress | None = None, readers: int = 0) -> int:
    """Do so for every customer with a standard or a past, in batches; idempotent.

    With `readers` the next batches are read beside this transaction, from what is committed.
    """
    with connection.cursor() as cursor:
        cursor.execute(KEY)
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(ENDED, [ledger.ENDED, ledger.ENDED])
        changed = int(cursor.rowcount)
    batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    done = 0
    for found in read_ahead(batches=batches, read=partial(_decided, day=day), readers=readers):
        with transaction.atomic(savepoint=False):
            changed += _store(found)
        done += len(found.columns[0])
        if progress:
            progress(done, len(ids))
    return changed


def _decided(customer_ids: Sequence[int], day: Day) -> Decided:
    posted = entered(customer_ids=customer_ids, day=day)
    found = list(_decide(customer_ids, day, posted.of, posted.weights))
    version = f"{cadence.RULE_VERSION} {posted.weights.version}"
    return Decided(version, [[each[place] for each in found] for place in range(1 + len(COLUMNS))])


def _store(found: Decided) -> int:
    with for_many(len(found.columns[0])) as cursor:
        cursor.execute(UPDATE, [found.version, *found.columns, found.version])
        return int(cursor.rowcount)


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
