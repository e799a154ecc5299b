"""The entries of one person's calendar: promises, occasions and reminders of the customers they look after."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from keybook import calendars, formats
from keybook.apps.customers.queries import scope_sql
from keybook.apps.interactions.queries import knows_sql
from keybook.apps.notices.models import Feed
from keybook.apps.notices.words import KINDS, about
from keybook.apps.people.planned import planned
from keybook.apps.people.queries import Access
from keybook.core import occasions
from keybook.core.ics import MINUTES_A_DAY, NINE, Entry
from keybook.core.periods import Period
from keybook.core.reminding import silence

MOST = 20_000
BACK = dt.timedelta(days=60)
AHEAD = dt.timedelta(days=365)
BIRTHDAY_LEAD = 3
AHEAD_OF_TIME = 15  # minutes

PROMISES = """
    SELECT p.id, p.due_on, p.due_time, p.text, c.id, c.name, c.name_zh, m.sequence, m.changed_at
    FROM reminders_promise p JOIN customers_customer c ON c.id = p.customer_id
    LEFT JOIN interactions_interaction i ON i.id = p.made_in_id
    LEFT JOIN notices_moved m ON m.source = 'promise' AND m.source_id = p.id
    WHERE p.state = 'open' AND (p.made_in_id IS NULL OR {known}) AND {own}
    ORDER BY p.due_on, p.id LIMIT {most}"""
REMINDERS = """
    SELECT r.id, r.due_on, r.cause, COALESCE(NULLIF(r.facts->>'label', ''), r.kind), r.stake, r.currency, c.id, c.name, c.name_zh, m.sequence, m.changed_at
    FROM reminders_reminder r JOIN customers_customer c ON c.id = r.customer_id
    LEFT JOIN notices_moved m ON m.source = 'reminder' AND m.source_id = r.id
    WHERE r.state = 'open' AND r.cause IN ('signal', 'standard', 'campaign') AND r.kind <> 'birthday'
      AND r.due_on >= %(since)s AND {own}
    ORDER BY r.due_on, r.id LIMIT {most}"""
OCCASIONS = """
    SELECT o.id, o.kind, o.month, o.day, o.year, o.yearly, o.calendar = 'lunar', o.leap, o.leap_day, o.label,
           o.lead_days, c.id, c.name, c.name_zh, m.sequence, m.changed_at, COALESCE(p.no_congratulation, false),
           k.mourning_from, k.mourning_until
    FROM reminders_occasion o JOIN customers_customer c ON c.id = o.customer_id
    LEFT JOIN customers_preference p ON p.customer_id = c.id
    LEFT JOIN reminders_observance k ON k.customer_id = c.id
    LEFT JOIN notices_moved m ON m.source = 'occasion' AND m.source_id = o.id
    WHERE {own}
    ORDER BY o.id LIMIT {most}"""
BIRTHDAYS = """
    SELECT c.id, c.name, c.name_zh, c.born_on, CASE WHEN k.birthday_by = 'solar' AND c.born_on IS NOT NULL
           THEN '' ELSE c.lunar_birthday END, COALESCE(p.no_congratulation, false), k.mourning_from, k.mourning_until
    FROM customers_customer c LEFT JOIN customers_preference p ON p.customer_id = c.id
    LEFT JOIN reminders_observance k ON k.customer_id = c.id
    WHERE (c.born_on IS NOT NULL OR c.lunar_birthday <> '')
      AND NOT EXISTS (SELECT 1 FROM reminders_occasion o WHERE o.customer_id = c.id AND o.kind = 'birthday') AND {own}
    ORDER BY c.id LIMIT {most}"""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendar a token opens, and how much it tells."""

    staff_id: int
    amounts: bool
    made_at: dt.datetime


@dataclass(frozen=True, slots=True)
class _Page:
    """What every entry of one answer shares."""

    today: dt.date
    made_at: dt.datetime
    amounts: bool
    language: str
    home: str
    zone: ZoneInfo

    def name(self, name: str, name_zh: str) -> str:
        """The customer as this reader calls them."""
        return formats.customer_name(name, name_zh, self.language)[0]

    def address(self, customer_id: int) -> str:
        """The customer's page; nothing unless the installation knows where it is."""
        return f"{self.home}/customers/{customer_id}/" if self.home else ""


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def owner_of(*, token: str) -> Owner | None:
    """Whose calendar this token opens; None for one that nobody has, or has no more."""
    found = Feed.objects.filter(token_hash=hash_of(token)).values_list("staff_id", "amounts", "made_at").first()
    return Owner(*found) if found else None


def entries(*, access: Access, amounts: bool, made_at: dt.datetime) -> list[Entry]:
    """The calendar of one person in the language that is active, by day; four statements whatever their number."""
    page = _Page(
        access.bank.business_date,
        made_at,
        amounts,
        get_language() or "en",
        settings.PUBLIC_URL,
        ZoneInfo(access.bank.zone),
    )
    promises, reminders, stored, birthdays = _read(access, page.today)
    found = [_promise(row, page) for row in promises]
    found += [_reminder(row, page) for row in reminders]
    found += _coming(stored, birthdays, page)
    return sorted(found, key=lambda entry: (entry.on, entry.uid))


def _read(access: Access, today: dt.date) -> list[list[tuple[Any, ...]]]:
    """The rows of the four kinds of entries."""
    scope = access.scope
    values = {
        "books": list(scope.books), "branches": list(scope.branches), "customers": list(scope.customers),
        "me": scope.staff_id, "since": today - BACK,
    }  # fmt: skip
    found = []
    with planned() as cursor:
        for statement in (PROMISES, REMINDERS, OCCASIONS, BIRTHDAYS):
            mine = " OR p.staff_id = %(me)s" if statement is PROMISES else ""
            own = f"(c.rm_id = ANY(%(books)s) OR c.id = ANY(%(customers)s){mine}) AND ({scope_sql(scope)})"
            cursor.execute(statement.format(own=f"{own} AND c.stage <> 'closed'", most=MOST, known=knows_sql()), values)
            found.append(cursor.fetchall())
    return found


def _promise(row: Sequence[Any], page: _Page) -> Entry:
    """A promise on its day, or at its time with an alarm a quarter of an hour ahead."""
    promise_id, due_on, time, text, customer_id, name, name_zh, sequence, changed_at = row
    return Entry(
        uid=f"promise-{promise_id}@keybook", on=due_on, summary=about(page.name(name, name_zh), text),
        changed_at=changed_at or page.made_at, sequence=sequence or 0, category=_("Promise"),
        address=page.address(customer_id),
        at=None if time is None else dt.datetime.combine(due_on, time, page.zone).astimezone(dt.UTC),
        alarms=(NINE,) if time is None else (-AHEAD_OF_TIME,),
    )  # fmt: skip


def _reminder(row: Sequence[Any], page: _Page) -> Entry:
    """A signal, a contact standard or a campaign on its day."""
    reminder_id, due_on, cause, kind, stake, currency, customer_id, name, name_zh, sequence, changed_at = row
    return Entry(
        uid=f"reminder-{reminder_id}@keybook", on=due_on,
        summary=about(page.name(name, name_zh), str(KINDS.get(kind) or (kind if cause == "campaign" else KINDS[cause]))),
        description=formats.money(stake, currency) if page.amounts and stake > Decimal(0) else "",
        changed_at=changed_at or page.made_at, sequence=sequence or 0, category=_("Reminder"),
        address=page.address(customer_id),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Known:
    """An occasion somebody wrote down, or a birthday of the register."""

    uid: str
    when: occasions.Occasion
    what: str
    lead_days: int
    customer_id: int
    who: str
    sequence: int
    changed_at: dt.datetime
    kind: str
    no_congratulation: bool
    mourning: Period | None

    def silent(self, on: dt.date) -> bool:
        """Whether nothing is done by itself on this day."""
        return bool(silence(kind=self.kind, no_congratulation=self.no_congratulation, mourning=self.mourning, today=on))


def _coming(stored: Sequence[Sequence[Any]], birthdays: Sequence[Sequence[Any]], page: _Page) -> Iterator[Entry]:
    """The next day of each occasion within a year."""
    table = calendars.lunar_table()
    for known in (*_stored(stored, page), *_register(birthdays, page)):
        try:
            found = occasions.next_on(occasion=known.when, today=page.today, table=table)
        except occasions.LunarRangeError:
            continue
        if found is None or found.on > page.today + AHEAD or known.silent(found.on):
            continue
        ahead = NINE - known.lead_days * MINUTES_A_DAY
        yield Entry(
            uid=f"{known.uid}-{found.on.year}@keybook", on=found.on, summary=about(known.who, known.what),
            changed_at=known.changed_at, sequence=known.sequence, category=_("Occasion"),
            address=page.address(known.customer_id), alarms=(ahead, NINE) if ahead != NINE else (NINE,),
        )  # fmt: skip


def _stored(rows: Sequence[Sequence[Any]], page: _Page) -> Iterator[_Known]:
    """What somebody wrote down."""
    for row in rows:
        occasion_id, kind, month, day, year, yearly, lunar, leap, leap_day, label, lead_days, *rest = row
        customer_id, name, name_zh, sequence, changed_at, no_congratulation, begins, ends = rest
        when = occasions.Occasion(
            month=month, day=day, year=year, yearly=yearly, lunar=lunar, leap=leap, leap_day=leap_day
        )
        yield _Known(
            f"occasion-{occasion_id}", when, label or str(KINDS.get(kind) or KINDS["other"]), lead_days, customer_id,
            page.name(name, name_zh), sequence or 0, changed_at or page.made_at, kind, no_congratulation,
            Period(begins, ends) if begins else None,
        )  # fmt: skip


def _register(rows: Sequence[Sequence[Any]], page: _Page) -> Iterator[_Known]:
    """The birthdays the bank knows: by the Chinese calendar where the customer keeps it so."""
    what = str(KINDS["birthday"])
    for customer_id, name, name_zh, born_on, lunar, no_congratulation, begins, ends in rows:
        when = _birthday(born_on, lunar)
        if when is not None:
            yield _Known(
                f"birthday-{customer_id}", when, what, BIRTHDAY_LEAD, customer_id, page.name(name, name_zh), 0,
                page.made_at, "birthday", no_congratulation, Period(begins, ends) if begins else None,
            )  # fmt: skip


def _birthday(born_on: dt.date | None, lunar: str) -> occasions.Occasion | None:
    """The occasion of a birthday; None for a lunar one that no year has."""
    if lunar:
        try:
            when = occasions.lunar_birthday(text=lunar)
        except occasions.OccasionError:
            return None
        return replace(when, year=born_on.year) if born_on else when
    return occasions.Occasion(born_on.month, born_on.day, year=born_on.year) if born_on else None
