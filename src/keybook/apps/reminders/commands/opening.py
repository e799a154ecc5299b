"""What each business date opens and ends by itself: standards, occasions, expiry, broken promises."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction

from keybook import calendars
from keybook.apps.reminders.models import Promise, Reminder
from keybook.apps.reminders.queries import CONGRATULATIONS, Day
from keybook.core import occasions

BROKEN_AFTER = 10  # workdays past its date, after which a promise is broken rather than late
GREET_UNTIL = dt.timedelta(days=7)  # a missed birthday is still wished, a week late at most
LEAD_DAYS = 3
DISMISSED_FOR = dt.timedelta(days=30)  # how long "not now" holds against the contact standard

FACTS = """jsonb_build_object('days', t.standard_days::text, 'tier', t.code,
                              'last_contact_on', COALESCE(c.last_contact_on::text, ''))"""
FRESHEN_STANDARDS = f"""
    UPDATE reminders_reminder r SET stake = c.aum, opens_on = c.next_due_on, due_on = c.next_due_on, facts = {FACTS}
    FROM customers_customer c JOIN customers_tier t ON t.id = c.tier_id
    WHERE c.id = r.customer_id AND r.kind = 'standard' AND r.state = 'open'
      AND (r.stake, r.due_on, r.facts) IS DISTINCT FROM (c.aum, c.next_due_on, {FACTS})"""
OPEN_STANDARDS = f"""
    INSERT INTO reminders_reminder (customer_id, cause, kind, key, opens_on, due_on, stake, currency, facts, evidence,
        rule_version, state, reason)
    SELECT c.id, 'standard', 'standard', to_char(c.next_due_on, 'YYYY-MM-DD') || COALESCE('|' || d.last::text, ''),
           c.next_due_on, c.next_due_on, c.aum, c.currency,
           {FACTS},
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


OCCASIONS = """
    SELECT o.id, o.customer_id, o.kind, o.month, o.day, o.year, o.yearly, o.calendar = 'lunar', o.leap, o.label,
           o.lead_days, c.currency
    FROM reminders_occasion o JOIN customers_customer c ON c.id = o.customer_id
    LEFT JOIN customers_preference p ON p.customer_id = c.id
    WHERE c.stage <> 'closed' AND NOT (COALESCE(p.no_congratulation, false) AND o.kind = ANY(%s))"""
LUNAR = """
    SELECT c.id, c.lunar_birthday, c.born_on, c.currency FROM customers_customer c
    LEFT JOIN customers_preference p ON p.customer_id = c.id
    WHERE c.lunar_birthday <> '' AND c.stage = 'customer' AND c.rm_id IS NOT NULL
      AND NOT COALESCE(p.no_congratulation, false)"""
ONE_BIRTHDAY = """
    UPDATE reminders_reminder r SET state = 'dismissed', closed_on = %s, reason = 'kept by the Chinese calendar'
    WHERE r.kind = 'birthday' AND r.cause = 'occasion' AND r.state = 'open' AND NOT r.facts ? 'lunar'
      AND (EXISTS (SELECT 1 FROM customers_customer c WHERE c.id = r.customer_id AND c.lunar_birthday <> '')
           OR EXISTS (SELECT 1 FROM reminders_occasion o WHERE o.customer_id = r.customer_id AND o.kind = 'birthday'
                      AND o.calendar = 'lunar'))"""


@dataclass(frozen=True, slots=True)
class _Coming:
    """One occasion of one customer, read from a row of its own or from the bank's lunar birthday."""

    customer_id: int
    kind: str
    when: occasions.Occasion
    label: str
    lead_days: int
    currency: str
    occasion_id: int | None


@transaction.atomic
def open_occasions(*, day: Day) -> int:
    """Remind ahead of each occasion, once a year; give how many opened.

    Who keeps the birthday by the Chinese calendar is not also wished on the solar day, and who does not want to be
    congratulated is not reminded of at all.
    """
    table = calendars.lunar_table()
    opened = 0
    with connection.cursor() as cursor:
        cursor.execute(SPARE, [day.today, list(CONGRATULATIONS)])
        cursor.execute(ONE_BIRTHDAY, [day.today])
        cursor.execute(OCCASIONS, [list(CONGRATULATIONS)])
        coming = [_stored(row) for row in cursor.fetchall()]
        known = {each.customer_id for each in coming if each.kind == "birthday"}
        cursor.execute(LUNAR)
        coming += _lunar_birthdays(cursor.fetchall(), known)
        for each in coming:
            values = _values(each, day, table)
            if values is not None:
                cursor.execute(OPEN_OCCASION, values)
                opened += cursor.rowcount
    return opened


def _stored(row: Sequence[Any]) -> _Coming:
    """An occasion somebody wrote down."""
    occasion_id, customer_id, kind, month, dom, year, yearly, lunar, leap, label, lead_days, currency = row
    when = occasions.Occasion(month=month, day=dom, year=year, yearly=yearly, lunar=lunar, leap=leap)
    return _Coming(customer_id, kind, when, label, lead_days, currency, occasion_id)


def _lunar_birthdays(rows: Iterable[Sequence[Any]], known: set[int]) -> Iterator[_Coming]:
    """The lunar birthdays the bank knows, but for customers whose birthday somebody wrote down."""
    for customer_id, text, born_on, currency in rows:
        if customer_id in known:
            continue
        try:
            when = occasions.lunar_birthday(text=text)
        except occasions.OccasionError:
            continue  # the intake has said so beside the row; the night goes on
        when = replace(when, year=born_on.year) if born_on else when
        yield _Coming(customer_id, "birthday", when, "", LEAD_DAYS, currency, None)


def _values(each: _Coming, day: Day, table: occasions.LunarTable) -> list[Any] | None:
    """The row of a reminder whose time to open has come; None before."""
    try:
        found = occasions.next_on(occasion=each.when, today=day.today, table=table)
    except occasions.LunarRangeError:
        return None
    if found is None:
        return None
    opens_on = occasions.opens_on(on=found.on, lead_days=each.lead_days, calendar=day.calendar)
    if opens_on > day.today:
        return None
    facts = {"on": found.on.isoformat(), "label": each.label}
    if found.years is not None:
        facts["age" if each.kind == "birthday" else "years"] = str(found.years)
    if each.when.lunar:
        facts["lunar"] = f"{each.when.month:02}-{each.when.day:02}"
    key = f"{found.on.year}{'|lunar' if each.when.lunar else ''}"
    if each.kind != "birthday":
        key = f"{each.occasion_id}|{found.on.year}"
    return [
        each.customer_id, each.kind, key, opens_on, found.on, found.on + GREET_UNTIL, each.currency,
        json.dumps(facts, ensure_ascii=False), each.occasion_id,
    ]  # fmt: skip
