"""The nameless sample on which a change of the ledger's weights is tried before anybody sets it."""

from __future__ import annotations

from django.db import connection

from keybook.apps.ledger.commands import keep_sample
from keybook.apps.reminders.postings import entered
from keybook.apps.reminders.queries import Day

SAMPLE = 2_000
# By a hash of number and day: every night another sample, the same one if the night runs again.
DRAW = """
    SELECT id, count(*) OVER () FROM customers_customer
    WHERE stage <> 'closed' AND standing <> '' ORDER BY hashint8extended(id, %s), id LIMIT %s"""


def draw_sample(*, day: Day) -> int:
    """Draw the customers with a state by chance and keep their postings without their names; give how many."""
    with connection.cursor() as cursor:
        cursor.execute(DRAW, [day.today.toordinal(), SAMPLE])
        rows = cursor.fetchall()
    found = entered(customer_ids=[customer_id for customer_id, _all in rows], day=day)
    kept = [
        [((day.today - each.on).days, each.kind, each.times) for each in found.of.get(customer_id, ())]
        for customer_id, _all in rows
    ]
    return keep_sample(rows=kept, of=rows[0][1] if rows else 0)
