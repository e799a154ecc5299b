"""What the night and a joined prospect do to planned contacts: none waits for a reason that is gone."""

from __future__ import annotations

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
    WHERE e.customer_id = %(from)s"""


def settle_entries() -> int:
    """Take out what nothing asks for any more; give how many. Done twice it does nothing more."""
    with connection.cursor() as cursor:
        cursor.execute(GONE)
        return int(cursor.rowcount)


def follow_join(*, prospect_id: int, customer_id: int) -> int:
    """Give the planned and made contacts of a joined prospect to the customer; a second one on a day is taken out."""
    with connection.cursor() as cursor:
        cursor.execute(JOINED, {"from": prospect_id, "to": customer_id})
        return int(cursor.rowcount)
