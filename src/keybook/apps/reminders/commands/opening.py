"""What each business date opens and ends by itself: standards, occasions, expiry, broken promises."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction

from keybook import calendars
from keybook.apps.reminders.models import Occasion, Promise, Reminder
from keybook.apps.reminders.queries import CONGRATULATIONS, Day
from keybook.core import occasions

BROKEN_AFTER = 10  # workdays past its date, after which a promise is broken rather than late
GREET_UNTIL = dt.timedelta(days=7)  # a missed birthday is still wished, a week late at most
DISMISSED_FOR = dt.timedelta(days=30)  # how long "not now" holds against the contact standard

OPEN_STANDARDS = """
    INSERT INTO reminders_reminder (customer_id, cause, kind, key, opens_on, due_on, stake, currency, facts, evidence,
        rule_version, state, reason)
    SELECT c.id, 'standard', 'standard', to_char(c.next_due_on, 'YYYY-MM-DD') || COALESCE('|' || d.last::text, ''),
           c.next_due_on, c.next_due_on, c.aum, c.currency,
           jsonb_build_object('days', t.standard_days::text, 'tier', t.code,
                              'last_contact_on', COALESCE(c.last_contact_on::text, '')),
           '[]', c.rule_version, 'open', ''
    FROM customers_customer c JOIN customers_tier t ON t.id = c.tier_id
    LEFT JOIN LATERAL (
        SELECT max(r.closed_on) AS last FROM reminders_reminder r
        WHERE r.customer_id = c.id AND r.kind = 'standard' AND r.state = 'dismissed'
    ) d ON true
    WHERE t.standard_days IS NOT NULL AND c.stage = 'customer' AND c.next_due_on <= %(today)s
      AND (d.last IS NULL OR d.last < %(not_since)s)
      AND NOT EXISTS (SELECT 1 FROM reminders_reminder r
                      WHERE r.customer_id = c.id AND r.kind = 'standard' AND r.state = 'open')
    ON CONFLICT (customer_id, kind, key) DO NOTHING"""
CLOSE_STANDARDS = """
    UPDATE reminders_reminder r SET state = 'done', closed_on = %(today)s
    FROM customers_customer c LEFT JOIN customers_tier t ON t.id = c.tier_id
    WHERE c.id = r.customer_id AND r.kind = 'standard' AND r.state = 'open'
      AND (t.standard_days IS NULL OR c.next_due_on IS NULL OR c.next_due_on > %(today)s)"""
FRESHEN_STANDARDS = """
    UPDATE reminders_reminder r SET stake = c.aum
    FROM customers_customer c
    WHERE c.id = r.customer_id AND r.kind = 'standard' AND r.state = 'open' AND r.stake <> c.aum"""
OPEN_OCCASION = """
    INSERT INTO reminders_reminder (customer_id, cause, kind, key, opens_on, due_on, expires_on, stake, currency, facts,
        evidence, rule_version, state, reason, occasion_id)
    VALUES (%s, 'occasion', %s, %s, %s, %s, %s, 0, %s, %s, '[]', 'occasions/1', 'open', '', %s)
    ON CONFLICT (customer_id, kind, key) DO NOTHING"""
SPARE = """
    UPDATE reminders_reminder r SET state = 'dismissed', closed_on = %s, reason = 'do not congratulate'
    FROM customers_preference p
    WHERE p.customer_id = r.customer_id AND p.no_congratulation AND r.state = 'open' AND r.cause = 'occasion'
      AND r.kind = ANY(%s)"""


@transaction.atomic
def open_standards(*, day: Day) -> int:
    """Remind of each key customer whose contact standard is due, once; close what no longer is. Gives how many opened.

    Dismissed, the standard keeps quiet for thirty days.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLOSE_STANDARDS, {"today": day.today})
        cursor.execute(FRESHEN_STANDARDS)
        cursor.execute(OPEN_STANDARDS, {"today": day.today, "not_since": day.today - DISMISSED_FOR})
        return int(cursor.rowcount)


@transaction.atomic
def expire(*, day: Day) -> int:
    """End the open reminders whose time is over; give how many."""
    return Reminder.objects.filter(state=Reminder.State.OPEN, expires_on__lt=day.today).update(
        state=Reminder.State.EXPIRED, closed_on=day.today
    )


@transaction.atomic
def break_promises(*, day: Day) -> int:
    """Call a promise broken once it is ten workdays late; give how many.

    Its reminder stays on the list: a broken promise still wants a contact. Keeping it later does not mend it.
    """
    limit = day.calendar.add_workdays(day.today, -BROKEN_AFTER)
    return Promise.objects.filter(state=Promise.State.OPEN, due_on__lt=limit).update(
        state=Promise.State.BROKEN, closed_on=day.today
    )
