"""The stored decisions about a customer: when the next contact is due, and how the relationship stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from keybook.apps.people.beside import beside, read_ahead
from keybook.apps.people.planned import for_many
from keybook.apps.reminders.postings import entered
from keybook.apps.reminders.queries import Day
from keybook.apps.standards.queries import Known, known, known_with
from keybook.core import cadence, ledger

Progress = Callable[[int, int], None]
BATCH = 20_000  # while one is stored, the next is decided


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

    With `readers` it is read and decided beside this transaction, from what is committed.
    """
    with connection.cursor() as cursor:
        cursor.execute(KEY)
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(ENDED, [ledger.ENDED, ledger.ENDED])
        changed = int(cursor.rowcount)
    done, decided = 0, _decided_all(ids, day, readers)
    for found in read_ahead(batches=range(0, len(ids), BATCH), read=decided, readers=min(readers, 1)):
        with transaction.atomic(savepoint=False):
            changed += _store(found)
        done += len(found.columns[0])
        if progress:
            progress(done, len(ids))
    return changed


def _decided_all(ids: Sequence[int], day: Day, readers: int) -> Callable[[int], Decided]:
    """Read all ledgers and all contacts once; what it gives decides a batch of customers from the one at a place on."""
    from keybook.apps.interactions.whole import all_contacts, spoken  # numpy is for nights
    from keybook.apps.reminders.posted import posted, posted_contacts
    from keybook.core.ledgers import stands

    contacts, (postings, weights) = beside(
        lambda: all_contacts(zone=day.zone), lambda: posted(customer_ids=ids, day=day), readers=readers
    )
    postings += posted_contacts(customer_ids=ids, contacts=contacts, weights=weights)
    stood = dict(zip(ids, stands(posted=postings, many=len(ids), today=day.today, weights=weights), strict=True))
    talks = spoken(contacts=contacts)

    def decide(start: int) -> Decided:
        rows = known_with(customer_ids=ids[start : start + BATCH], spoken=talks, today=day.today)
        # Who was closed in the meantime has been stated by the one who closed them.
        return _columns([(each, stood[each.id]) for each in rows if not each.closed], weights, day)

    return decide


def _decided(customer_ids: Sequence[int], day: Day) -> Decided:
    """What is to be stored of a few customers."""
    posted = entered(customer_ids=customer_ids, day=day)
    rows = known(customer_ids=customer_ids, today=day.today, zone=day.zone)
    of, today = posted.of, day.today
    found = [
        (each, ledger.stand(postings=of.get(each.id, ()), today=today, weights=posted.weights, closed=each.closed))
        for each in rows
    ]
    return _columns(found, posted.weights, day)


def _columns(stated: Iterable[tuple[Known, ledger.Stood]], weights: ledger.Weights, day: Day) -> Decided:
    found = [_row(each, stood, day) for each, stood in stated]
    version = f"{cadence.RULE_VERSION} {weights.version}"
    return Decided(version, [[row[place] for row in found] for place in range(1 + len(COLUMNS))])


def _store(found: Decided) -> int:
    with for_many(len(found.columns[0])) as cursor:
        cursor.execute(UPDATE, [found.version, *found.columns, found.version])
        return int(cursor.rowcount)


def _row(each: Known, stood: ledger.Stood, day: Day) -> tuple[Any, ...]:
    """The id and the columns to store of one customer, as the core decides them."""
    due, visit = NOTHING_DUE if each.closed else _dues(each, day)
    return (
        each.id, due.on if due else None, due.late_from if due else None, visit.on if visit else None,
        each.last_contact_on, stood.balance, stood.state,
    )  # fmt: skip


NOTHING_DUE: tuple[cadence.Due | None, cadence.Due | None] = (None, None)


def _dues(each: Known, day: Day) -> tuple[cadence.Due | None, cadence.Due | None]:
    found = cadence.dues(past=each.past, asked=each.asked, today=day.today, calendar=day.calendar)
    return found.contact, found.visit
