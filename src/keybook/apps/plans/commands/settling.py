"""What the night and a joined prospect do to planned contacts: none waits for a reason that is gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

# A reason that was answered, dismissed or has expired asks for nothing any more; a person's own placing stays, unless
# the customer has left.
GONE = """
    UPDATE plans_entry e SET state = 'dropped' WHERE e.state = 'planned' AND (
        (NOT e.pinned AND EXISTS (SELECT 1 FROM reminders_reminder r WHERE r.id = e.reminder_id AND r.state <> 'open'))
        OR EXISTS (SELECT 1 FROM customers_customer c WHERE c.id = e.customer_id AND c.stage = 'closed'))"""
JOINED = """
    UPDATE plans_entry e SET customer_id = %(to)s,
        state = CASE WHEN e.state = 'planned' AND EXISTS (SELECT 1 FROM plans_entry o WHERE o.customer_id = %(to)s
            AND o.state = 'planned' AND o."on" = e."on") THEN 'dropped' ELSE e.state END
    WHERE e.customer_id = %(from)s RETURNING e.id"""
LYING = "SELECT id FROM plans_entry WHERE customer_id = %s AND state = 'planned'"
PARTED = """
    UPDATE plans_entry e SET customer_id = %(to)s, state = CASE WHEN e.state = 'dropped' AND e.id = ANY(%(lay)s)
        AND e."on" >= (SELECT business_date FROM people_bank LIMIT 1) THEN 'planned' ELSE e.state END
    WHERE e.id = ANY(%(ids)s) AND e.customer_id = %(from)s"""


def settle_entries() -> int:
    """Take out what nothing asks for any more; give how many. Done twice it does nothing more."""
    with connection.cursor() as cursor:
        cursor.execute(GONE)
        return int(cursor.rowcount)


def follow_join(*, prospect_id: int, customer_id: int) -> dict[str, list[int]]:
    """Give the planned and made contacts of a joined prospect to the customer; a second one on a day is taken out.

    What has moved, and what of it was taken out, is given for the way back.
    """
    with connection.cursor() as cursor:
        cursor.execute(LYING, [prospect_id])
        lay = [row[0] for row in cursor.fetchall()]
        cursor.execute(JOINED, {"from": prospect_id, "to": customer_id})
        moved = [row[0] for row in cursor.fetchall()]
        cursor.execute(LYING, [customer_id])
        still = {row[0] for row in cursor.fetchall()}
    return {"entries": sorted(moved), "entries_out": sorted(set(lay) - still)}


def follow_parting(*, prospect_id: int, customer_id: int, said: Mapping[str, list[int]]) -> int:
    """Give the contacts back that joining had moved; one that it had taken out lies on its day again, if that is to come."""
    values: dict[str, Any] = {
        "from": customer_id,
        "to": prospect_id,
        "ids": said.get("entries", []),
        "lay": said.get("entries_out", []),
    }
    with connection.cursor() as cursor:
        cursor.execute(PARTED, values)
        return int(cursor.rowcount)
