"""The books as they were on a day that has passed, decided anew by the same core from what is known of that day.

Whose the customer was follows from the assignment ledger, the tier from the last step between tiers, the standard from the
versions, due dates, health and state from contacts, promises, signals and money up to the day. Which customers are looked
at at all is decided by what the reader may see today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from keybook.apps.people.planned import planned
from keybook.apps.reminders.postings import entered
from keybook.apps.reminders.queries import Day
from keybook.apps.standards.queries import TIER_THEN, known_then
from keybook.apps.team.asking import AskRefusedError
from keybook.core import cadence, ledger

MOST = 6_000
BATCH = 2_000
# Whoever the bank's data named first had them before that day too, as far as anybody knows; who was given to a banker by us
# had none before.
WHO = f"""
    SELECT w.id, w.rm_id, w.tier_id FROM (
        SELECT c.id, c.branch_id, {TIER_THEN} AS tier_id, CASE WHEN a.staff_id IS NULL THEN c.rm_id
            WHEN a.from_on <= %(today)s THEN CASE WHEN a.until_on IS NULL OR a.until_on > %(today)s THEN a.staff_id END
            WHEN a.cause = 'feed' THEN a.staff_id END AS rm_id
        FROM customers_customer c LEFT JOIN LATERAL (
            SELECT staff_id, from_on, until_on, cause FROM customers_assignment WHERE customer_id = c.id
            ORDER BY from_on > %(today)s, abs(from_on - %(today)s::date), id DESC LIMIT 1) a ON true
        WHERE c.stage = 'customer' AND (c.opened_on IS NULL OR c.opened_on <= %(today)s) AND ({{scope}})
    ) w
    WHERE w.tier_id = ANY(%(tiers)s) {{which}} ORDER BY w.id"""


@dataclass(frozen=True, slots=True)
class Then:
    """One customer as of a day: the columns that are stored for today."""

    id: int
    rm_id: int | None
    tier_id: int
    next_due_on: dt.date | None
    late_from: dt.date | None
    last_contact_on: dt.date | None
    health: int
    standing: str


def stood_then(*, where: Mapping[str, str], values: Mapping[str, Any], day: Day, most: int | None = MOST) -> list[Then]:
    """The customers of a filter as of `day`; AskRefusedError where they are too many to decide anew for a page."""
    with planned() as cursor:
        cursor.execute(WHO.format(**where), values)
        rows = cursor.fetchall()
    if most is not None and len(rows) > most:
        raise AskRefusedError(
            _("%(count)s customers are too many to decide anew for a day that has passed. Choose a branch or a banker.")
            % {"count": len(rows)}
        )
    return [each for start in range(0, len(rows), BATCH) for each in _decide(rows[start : start + BATCH], day)]


def _decide(rows: Sequence[tuple[int, int | None, int]], day: Day) -> Iterator[Then]:
    ids = [row[0] for row in rows]
    posted = entered(customer_ids=ids, day=day)
    found = {each.id: each for each in known_then(customer_ids=ids, on=day.today, zone=day.zone)}
    for customer_id, rm_id, tier_id in rows:
        each = found[customer_id]
        due = cadence.dues(past=each.past, asked=each.asked, today=day.today, calendar=day.calendar).contact
        stood = ledger.stand(postings=posted.of.get(customer_id, ()), today=day.today, weights=posted.weights)
        yield Then(
            customer_id, rm_id, tier_id, due.on if due else None, due.late_from if due else None, each.last_contact_on,
            stood.balance, stood.state,
        )  # fmt: skip
