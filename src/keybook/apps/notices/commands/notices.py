"""What there is to tell: noted by the verbs below, and gathered from the lists after each night."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.utils import timezone

from keybook.apps.interactions.queries import knows_sql
from keybook.apps.notices.models import Kind, Notice

DAYS_BACK = 3  # after a worker that stood still over a weekend
WHO = """
    JOIN LATERAL (
        SELECT {own} AS id
        UNION SELECT d.deputy_id FROM people_deputy d
        WHERE d.principal_id = {own} AND d.from_on <= %(today)s AND (d.until_on IS NULL OR d.until_on > %(today)s)
    ) who ON true
    JOIN people_staff s ON s.id = who.id AND s.is_active
      AND EXISTS (SELECT 1 FROM notices_channel h WHERE h.staff_id = s.id AND h.urgent AND h.off_at IS NULL)"""
INSERT = 'INSERT INTO notices_notice (staff_id, kind, key, "on", customer_id, made_at)'
OUTFLOWS = f"""{INSERT}
    SELECT s.id, 'outflow', 'reminder|' || r.id, %(today)s, c.id, %(at)s
    FROM reminders_reminder r JOIN customers_customer c ON c.id = r.customer_id
    {WHO.format(own="c.rm_id")}
    WHERE r.state = 'open' AND r.kind IN ('large_outflow', 'outflow_other_bank') AND r.opens_on > %(since)s
      AND r.opens_on <= %(today)s
    ORDER BY r.id, s.id ON CONFLICT DO NOTHING"""
BROKEN = f"""{INSERT}
    SELECT s.id, 'broken', 'promise|' || p.id, %(today)s, c.id, %(at)s
    FROM reminders_promise p JOIN customers_customer c ON c.id = p.customer_id
    {WHO.format(own="COALESCE(c.rm_id, p.staff_id)")}
    LEFT JOIN interactions_interaction i ON i.id = p.made_in_id
    WHERE p.state = 'broken' AND p.closed_on > %(since)s AND p.closed_on <= %(today)s
      AND (i.id IS NULL OR {knows_sql().replace("%(me)s", "s.id")})
    ORDER BY p.id, s.id ON CONFLICT DO NOTHING"""

GIFT_KEY = "'gift|' || g.id || '|' || g.value || '|' || g.edited_by_id"  # changed, it waits anew
# The nearest branch heads above the customer who neither asked for the gift nor changed it last.
GIFTS = f"""{INSERT}
    SELECT who.id, 'gift', {GIFT_KEY}, %(today)s, c.id, %(at)s
    FROM gifts_gift g JOIN customers_customer c ON c.id = g.customer_id JOIN people_branch b ON b.id = c.branch_id
    JOIN LATERAL (
        SELECT s.id, length(h.path) AS deep, max(length(h.path)) OVER () AS deepest
        FROM people_staff s JOIN people_branch h ON h.id = s.branch_id
        WHERE s.role = 'head' AND s.is_active AND starts_with(b.path, h.path)
          AND s.id NOT IN (g.asked_by_id, g.edited_by_id)
    ) who ON who.deep = who.deepest
    WHERE g.state = 'to_approve'
      AND EXISTS (SELECT 1 FROM notices_channel h WHERE h.staff_id = who.id AND h.urgent AND h.off_at IS NULL)
    ORDER BY g.id, who.id ON CONFLICT DO NOTHING"""
DECIDED = f"""
    UPDATE notices_notice n SET settled_at = %(at)s
    WHERE n.kind = 'gift' AND n.settled_at IS NULL AND n.key LIKE 'gift|%%|%%|%%' AND NOT EXISTS (
        SELECT 1 FROM gifts_gift g WHERE g.state = 'to_approve' AND {GIFT_KEY} = n.key)"""


class UnknownKindError(ValueError):
    """A kind of notice that Keybook does not have."""


@transaction.atomic
def note(*, staff_ids: tuple[int, ...], kind: str, key: str, on: dt.date, customer_id: int | None = None) -> None:
    """Note that these people are to be told of this; once noted, a repeat does nothing."""
    if kind not in Kind.values:
        raise UnknownKindError(f"There is no notice of the kind {kind!r}.")
    at = timezone.now()
    Notice.objects.bulk_create(
        [
            Notice(staff_id=each, kind=kind, key=key, on=on, customer_id=customer_id, made_at=at)
            for each in dict.fromkeys(staff_ids)
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def settle(*, kind: str, key: str) -> int:
    """Nothing of this cause waits any more; give how many notices that settles."""
    return Notice.objects.filter(kind=kind, key=key, settled_at__isnull=True).update(settled_at=timezone.now())


@transaction.atomic
def gather(*, today: dt.date, at: dt.datetime) -> int:
    """Note for those who look after the customers what came up, and give how many notices are new.

    Large outflows and broken promises of the last nights; gifts that wait, for those who decide. What was decided
    meanwhile waits no more.
    """
    values = {"today": today, "since": today - dt.timedelta(days=DAYS_BACK), "at": at}
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(DECIDED, values)
        for statement in (OUTFLOWS, BROKEN, GIFTS):
            cursor.execute(statement, values)
            count += cursor.rowcount
    return count
