"""What each business date opens, moves and ends by itself: standards, signals, expiry, broken promises."""

from __future__ import annotations

import datetime as dt
import json

from django.db import connection, transaction

from keybook.apps.reminders.commands.standing import restate
from keybook.apps.reminders.models import Promise, Reminder
from keybook.apps.reminders.queries import Day
from keybook.apps.reminders.rules import rules_of
from keybook.apps.standards.queries import EXCEPTED, IN_FORCE
from keybook.core import reminding

DISMISSED_FOR = dt.timedelta(days=30)  # how long "not now" holds against the contact standard

ONLY = "(%(only)s::bigint IS NULL OR c.id = %(only)s)"
# What an exception asks stands in the place of what the tier's standard does.
ASKED = f"{IN_FORCE} {EXCEPTED}"
FACTS = """jsonb_build_object('days', COALESCE(exc.every_days, std.every_days)::text, 'tier', t.code,
                              'last_contact_on', COALESCE(c.last_contact_on::text, ''))"""
FRESHEN_STANDARDS = f"""
    UPDATE reminders_reminder r SET stake = c.aum, opens_on = c.next_due_on, due_on = c.next_due_on, facts = {FACTS}
    FROM customers_customer c JOIN customers_tier t ON t.id = c.tier_id {ASKED}
    WHERE c.id = r.customer_id AND r.kind = 'standard' AND r.state = 'open'
      AND {ONLY} AND (r.stake, r.due_on, r.facts) IS DISTINCT FROM (c.aum, c.next_due_on, {FACTS})"""
OPEN_STANDARDS = f"""
    INSERT INTO reminders_reminder (customer_id, cause, kind, key, opens_on, due_on, stake, currency, facts, evidence,
        rule_version, state, reason)
    SELECT c.id, 'standard', 'standard', to_char(c.next_due_on, 'YYYY-MM-DD') || COALESCE('|' || d.last::text, ''),
           c.next_due_on, c.next_due_on, c.aum, c.currency,
           {FACTS},
           '[]', c.rule_version, 'open', ''
    FROM customers_customer c JOIN customers_tier t ON t.id = c.tier_id {ASKED}
    LEFT JOIN LATERAL (
        SELECT max(r.closed_on) AS last FROM reminders_reminder r
        WHERE r.customer_id = c.id AND r.kind = 'standard' AND r.state = 'dismissed'
    ) d ON true
    WHERE c.stage = 'customer' AND c.next_due_on <= %(today)s
      AND {ONLY} AND (d.last IS NULL OR d.last < %(not_since)s)
      AND NOT EXISTS (SELECT 1 FROM reminders_reminder r
                      WHERE r.customer_id = c.id AND r.kind = 'standard' AND r.state = 'open')
    ON CONFLICT (customer_id, kind, key) DO UPDATE SET state = 'open', closed_by_id = NULL, closed_on = NULL,
        closed_in_id = NULL, facts = EXCLUDED.facts, stake = EXCLUDED.stake
    WHERE reminders_reminder.state = 'done'"""
CLOSE_STANDARDS = f"""
    UPDATE reminders_reminder r SET state = 'done', closed_on = %(today)s
    FROM customers_customer c
    WHERE c.id = r.customer_id AND r.kind = 'standard' AND r.state = 'open'
      AND {ONLY} AND (c.next_due_on IS NULL OR c.next_due_on > %(today)s)"""
ROLLED = """
    UPDATE reminders_reminder r SET state = 'expired', closed_on = %(today)s, reason = 'rolled'
    FROM customers_holding h
    WHERE r.kind = 'deposit_maturing' AND r.state = 'open' AND h.customer_id = r.customer_id
      AND h.number = r.facts->>'holding' AND h.matures_on::text <> r.facts->>'matures_on'"""
DUE_DAYS = """
    SELECT DISTINCT cause, kind, due_on, COALESCE((facts->>'moved_from')::date, due_on) FROM reminders_reminder
    WHERE state = 'open' AND (cause = 'signal' OR (cause = 'occasion' AND occasion_id IS NULL AND rule_version <> %s))"""
MOVE = """
    UPDATE reminders_reminder SET due_on = %(to)s, opens_on = LEAST(opens_on, %(to)s::date),
        facts = (facts - 'moved_from') || %(moved)s::jsonb
    WHERE state = 'open' AND cause = %(cause)s AND kind = %(kind)s AND due_on = %(due_on)s AND occasion_id IS NULL
      AND COALESCE((facts->>'moved_from')::date, due_on) = %(meant)s"""


@transaction.atomic
def open_standards(*, day: Day, only: int | None = None) -> int:
    """Remind of each key customer whose contact standard is due, once; close what no longer is. Gives how many opened.

    Dismissed, the standard keeps quiet for thirty days. What had answered it and was corrected since answers it no more.
    """
    values = {"today": day.today, "not_since": day.today - DISMISSED_FOR, "only": only}
    with connection.cursor() as cursor:
        for statement in (CLOSE_STANDARDS, FRESHEN_STANDARDS, OPEN_STANDARDS):
            cursor.execute(statement, values)
        return int(cursor.rowcount)


@transaction.atomic
def expire(*, day: Day) -> int:
    """End the open reminders whose time is over; give how many."""
    return Reminder.objects.filter(state=Reminder.State.OPEN, expires_on__lt=day.today).update(
        state=Reminder.State.EXPIRED, closed_on=day.today
    )


@transaction.atomic
def close_rolled(*, day: Day) -> int:
    """End the reminders of maturities that the bank's data has moved: the new one opens in its own time. Gives how many.

    A deposit that is gone altogether keeps its reminder: where the money went is worth a call.
    """
    with connection.cursor() as cursor:
        cursor.execute(ROLLED, {"today": day.today})
        return int(cursor.rowcount)


@transaction.atomic
def place_signals(*, day: Day) -> int:
    """Put what the bank's data has raised on workdays, in the direction of its kind; give how many moved.

    Done again it moves nothing, unless the calendar or the bank's rules have changed.
    """
    rules = rules_of().placing
    moved = 0
    with connection.cursor() as cursor:
        cursor.execute(DUE_DAYS, [reminding.RULE_VERSION])
        for cause, kind, due_on, meant in cursor.fetchall():
            rule = rules[reminding.kind_of(cause=cause, kind=kind)]
            at = reminding.placed(on=meant, direction=rule.direction, calendar=day.calendar)
            if at.on != due_on:
                facts = {"moved_from": at.moved_from.isoformat()} if at.moved_from else {}
                values = {"to": at.on, "moved": json.dumps(facts), "cause": cause, "kind": kind, "due_on": due_on}
                cursor.execute(MOVE, {**values, "meant": meant})
                moved += cursor.rowcount
    return moved


@transaction.atomic
def break_promises(*, day: Day) -> int:
    """Call a promise broken once it is so many workdays late as the bank's rule says; give how many.

    Its reminder stays on the list: a broken promise still wants a contact. Keeping it later does not mend it.
    """
    limit = reminding.broken_before(today=day.today, patience=rules_of().broken_after, calendar=day.calendar)
    late = Promise.objects.filter(state=Promise.State.OPEN, due_on__lt=limit)
    customers = sorted(set(late.values_list("customer_id", flat=True)))
    broken = late.update(state=Promise.State.BROKEN, closed_on=day.today)
    if customers:
        restate(customer_ids=customers, day=day)
    return broken
