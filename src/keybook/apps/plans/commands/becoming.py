"""A planned contact that is made becomes the interaction, in the transaction that logs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from keybook.apps.people.planned import planned
from keybook.apps.reminders.commands import Contact, Day
from keybook.core.contacts import IN_PERSON, is_made

# Done is: what hangs on a reminder this contact has answered; what lay on its day or before; else the next one by
# standard, which any contact fulfils. The visit of the year asks for a visit.
DONE = """
    UPDATE plans_entry SET state = 'done', interaction_id = %(contact)s
    WHERE customer_id = %(customer)s AND state = 'planned' AND (cause <> 'visit' OR %(met)s) AND (
        reminder_id = ANY(%(closed)s::bigint[]) OR "on" <= %(on)s
        OR (cause IN ('standard', 'visit') AND id = (
            SELECT e.id FROM plans_entry e WHERE e.customer_id = %(customer)s AND e.state = 'planned'
                AND (e.cause = 'standard' OR (e.cause = 'visit' AND %(met)s))
                AND NOT EXISTS (SELECT 1 FROM plans_entry n WHERE n.customer_id = %(customer)s AND n.state = 'planned'
                    AND n."on" <= %(on)s AND n.cause <> 'visit')
            ORDER BY e."on", e.id LIMIT 1)))"""
# Back on its day, unless the customer or the reminder has another place by now: then it stays out.
BACK = """
    UPDATE plans_entry e SET interaction_id = NULL, state = CASE WHEN EXISTS (
        SELECT 1 FROM plans_entry o WHERE o.customer_id = e.customer_id AND o.state = 'planned'
            AND (o."on" = e."on" OR o.reminder_id = e.reminder_id)) THEN 'dropped' ELSE 'planned' END
    WHERE e.interaction_id = %s AND e.state = 'done'"""


def become(*, customer_id: int, contact: Contact, interaction_id: int, closed: Sequence[int], day: Day) -> int:
    """Turn the planned entries this contact makes true into done ones; give how many. One statement."""
    if not is_made(outcome=contact.outcome, channel=contact.channel):
        return 0
    values: dict[str, Any] = {
        "customer": customer_id, "contact": interaction_id, "closed": list(closed), "on": day.at(contact.at),
        "met": contact.channel in IN_PERSON,
    }  # fmt: skip
    with planned() as cursor:
        cursor.execute(DONE, values)
        return cursor.rowcount


def become_again(*, contact: Contact | None, interaction_id: int | None, instead_of: int) -> None:
    """Follow a correction: what was done by the old contact is done by the new one, or waits again on its day."""
    with connection.cursor() as cursor:
        if contact is not None and is_made(outcome=contact.outcome, channel=contact.channel):
            cursor.execute(
                "UPDATE plans_entry SET interaction_id = %s WHERE interaction_id = %s", [interaction_id, instead_of]
            )
        else:
            cursor.execute(BACK, [instead_of])
