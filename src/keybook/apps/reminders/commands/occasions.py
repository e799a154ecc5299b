"""The reminders that occasions have by now: one function of the core decides, the night and every change store it."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction

from keybook import calendars
from keybook.apps.reminders.queries import Day
from keybook.apps.reminders.rules import Rules, rules_of
from keybook.core import occasions, reminding
from keybook.core.periods import Period

DISMISSED_BY_ITSELF = ("do not congratulate", "mourning", "kept by the other calendar", "the occasion has changed")
SILENCED = ("do not congratulate", "mourning")
OCCASIONS = """
    SELECT o.id, o.customer_id, o.kind, o.month, o.day, o.year, o.yearly, o.calendar = 'lunar', o.leap, o.leap_day,
           o.label, o.lead_days, o.gift_days
    FROM reminders_occasion o JOIN customers_customer c ON c.id = o.customer_id
    WHERE c.stage <> 'closed' AND (%(all)s OR o.customer_id = ANY(%(ids)s::bigint[])) ORDER BY o.id"""
# What the bank itself knows of a birthday: wherever it is kept by the Chinese calendar, and of whom an occasion is kept.
BIRTHDAYS = """
    SELECT c.id, c.lunar_birthday, c.born_on FROM customers_customer c
    WHERE c.stage = 'customer' AND c.rm_id IS NOT NULL AND (%(all)s OR c.id = ANY(%(ids)s::bigint[]))
      AND (c.lunar_birthday <> '' OR c.id = ANY(%(known)s::bigint[]))"""
WHO = """
    SELECT c.id, c.currency, COALESCE(p.no_congratulation, false), COALESCE(o.birthday_by, ''), o.mourning_from,
           o.mourning_until
    FROM customers_customer c LEFT JOIN customers_preference p ON p.customer_id = c.id
    LEFT JOIN reminders_observance o ON o.customer_id = c.id
    WHERE c.id = ANY(%s::bigint[])"""
SILENT = """
    SELECT c.id FROM customers_customer c LEFT JOIN customers_preference p ON p.customer_id = c.id
    LEFT JOIN reminders_observance o ON o.customer_id = c.id
    WHERE (p.no_congratulation OR o.mourning_from IS NOT NULL) AND (%(all)s OR c.id = ANY(%(ids)s::bigint[]))"""
STORED = """
    SELECT id, customer_id, kind, key, opens_on, due_on, expires_on, facts::text, state, reason, closed_on, occasion_id
    FROM reminders_reminder
    WHERE cause = 'occasion' AND customer_id = ANY(%s::bigint[]) AND (state = 'open' OR closed_on >= %s)"""
INSERT = """
    INSERT INTO reminders_reminder (customer_id, cause, kind, key, opens_on, due_on, expires_on, stake, currency, facts,
        evidence, rule_version, state, reason, occasion_id)
    VALUES (%s, 'occasion', %s, %s, %s, %s, %s, 0, %s, %s, '[]', %s, 'open', '', %s)
    ON CONFLICT (customer_id, kind, key) DO NOTHING"""
CHANGE = """
    UPDATE reminders_reminder SET opens_on = %s, due_on = %s, expires_on = %s, facts = %s, occasion_id = %s,
        rule_version = %s, state = 'open', reason = '', closed_on = NULL
    WHERE id = %s AND closed_by_id IS NULL"""
DISMISS = (
    "UPDATE reminders_reminder SET state = 'dismissed', reason = %s, closed_on = %s WHERE id = %s AND state = 'open'"
)
RETURN = """
    UPDATE reminders_reminder SET state = 'open', reason = '', closed_on = NULL
    WHERE id = %s AND state = 'dismissed' AND closed_by_id IS NULL"""
NEXT = """
    UPDATE reminders_occasion o SET next_on = v.next_on
    FROM unnest(%s::bigint[], %s::date[]) AS v (id, next_on)
    WHERE o.id = v.id AND o.next_on IS DISTINCT FROM v.next_on"""


@dataclass(frozen=True, slots=True)
class Coming:
    """One occasion of one customer, read from a row of its own or from what the bank knows of a birthday."""

    customer_id: int
    marked: reminding.Marked
    label: str
    occasion_id: int | None


@dataclass(frozen=True, slots=True)
class Keeper:
    """How one customer keeps occasions."""

    currency: str
    no_congratulation: bool
    birthday_by: str
    mourning: Period | None

    def silence(self, kind: str, today: dt.date) -> str:
        """Why nothing of this kind is done by itself."""
        return reminding.silence(
            kind=kind, no_congratulation=self.no_congratulation, mourning=self.mourning, today=today
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """A reminder of an occasion as it is stored."""

    id: int
    customer_id: int
    kind: str
    key: str
    opens_on: dt.date
    due_on: dt.date
    expires_on: dt.date | None
    facts: Mapping[str, Any]
    state: str
    reason: str
    closed_on: dt.date | None
    occasion_id: int | None

    @property
    def open(self) -> bool:
        """Whether it still waits."""
        return self.state == "open"

    def was_silenced(self, today: dt.date) -> bool:
        """Whether it is one the bank's own data has raised, silenced since, whose day has not gone by."""
        in_time = self.expires_on is None or self.expires_on >= today
        from_the_bank = self.kind == "birthday" and self.occasion_id is None and not self.facts.get("lunar")
        return self.state == "dismissed" and self.reason in SILENCED and from_the_bank and in_time

    def may_return(self, due_on: dt.date) -> bool:
        """Whether it went by a rule, not by a person: it comes back when the rule no longer holds, or the day moved."""
        if self.state == "expired":
            return due_on > self.due_on
        return self.state == "dismissed" and self.reason in DISMISSED_BY_ITSELF


@dataclass(frozen=True, slots=True)
class Now:
    """What a customer keeps on this day."""

    keeper: Keeper
    chosen: Sequence[Coming]
    day: Day

    def why_gone(self, each: Stored) -> str:
        """Why an open reminder that is not wanted goes; empty when it stays, as one the bank's own data has raised."""
        kind = str(each.facts.get("for", "birthday")) if each.kind == "gift_idea" else each.kind
        why = self.keeper.silence(kind, self.day.today)
        if why:
            return why
        if each.kind == "birthday":
            return self._why_birthday_gone(each)
        passed = each.expires_on is not None and each.expires_on < self.day.today
        return "" if passed else "the occasion has changed"

    def _why_birthday_gone(self, each: Stored) -> str:
        kept = next((one for one in self.chosen if one.marked.kind == "birthday"), None)
        lunar = bool(each.facts.get("lunar"))
        if kept is not None and kept.marked.when.lunar != lunar:
            return "kept by the other calendar"
        from_the_bank = each.occasion_id is None and not lunar
        if from_the_bank and (kept is None or kept.occasion_id is None):
            return ""
        passed = each.expires_on is not None and each.expires_on < self.day.today
        return "" if passed else "the occasion has changed"


@transaction.atomic
def open_occasions(*, day: Day, customer_ids: Sequence[int] | None = None) -> int:
    """Bring the reminders of occasions up to date, of these customers or of all; give how many opened.

    A birthday is reminded of by one calendar only; who does not want to be congratulated, or mourns, not at all; one
    greeted already not again. What was opened follows its occasion, and goes when that is gone.
    """
    ids: dict[str, Any] = {"all": customer_ids is None, "ids": list(customer_ids or ())}
    table = calendars.lunar_table()
    with connection.cursor() as cursor:
        rules = rules_of()
        coming = _read(cursor, ids, rules.placing["greeting"].lead_days)
        by_customer: dict[int, list[Coming]] = defaultdict(list)
        for each in coming:
            by_customer[each.customer_id].append(each)
        cursor.execute(SILENT, ids)
        touched = {row[0] for row in cursor.fetchall()} | set(by_customer) | set(ids["ids"])
        keepers = _keepers(cursor, touched)
        stored = _stored(cursor, touched, day)
        opened = 0
        for customer_id, keeper in keepers.items():
            chosen = _chosen(by_customer.get(customer_id, []), keeper)
            wanted = _wanted(chosen, keeper, day, rules, table)
            opened += _store(cursor, Now(keeper, chosen, day), wanted, stored.get(customer_id, []))
        _note_next(cursor, coming, day, table)
    return opened


def _read(cursor: Any, ids: Mapping[str, Any], lead_days: int) -> list[Coming]:
    """All occasions asked for, those somebody wrote down first."""
    cursor.execute(OCCASIONS, ids)
    found = [_written(row) for row in cursor.fetchall()]
    known = sorted({each.customer_id for each in found if each.marked.kind == "birthday"})
    cursor.execute(BIRTHDAYS, {**ids, "known": known})
    return [*found, *_known_to_the_bank(cursor.fetchall(), lead_days)]


def _written(row: Sequence[Any]) -> Coming:
    """An occasion somebody wrote down."""
    occasion_id, customer_id, kind, month, dom, year, yearly, lunar, leap, leap_day, label, lead_days, gift_days = row
    when = occasions.Occasion(month=month, day=dom, year=year, yearly=yearly, lunar=lunar, leap=leap, leap_day=leap_day)
    key = "" if kind == "birthday" else str(occasion_id)
    return Coming(customer_id, reminding.Marked(kind, when, key, lead_days, gift_days), label, occasion_id)


def _known_to_the_bank(rows: Iterable[Sequence[Any]], lead_days: int) -> Iterator[Coming]:
    """The birthdays the bank knows, by either calendar."""
    for customer_id, text, born_on in rows:
        if born_on:
            solar = occasions.Occasion(month=born_on.month, day=born_on.day, year=born_on.year)
            yield Coming(customer_id, reminding.Marked("birthday", solar, "", lead_days), "", None)
        try:
            lunar = occasions.lunar_birthday(text=text) if text else None
        except occasions.OccasionError:
            continue  # the intake has said so beside the row; the night goes on
        if lunar:
            lunar = replace(lunar, year=born_on.year) if born_on else lunar
            yield Coming(customer_id, reminding.Marked("birthday", lunar, "", lead_days), "", None)


def _keepers(cursor: Any, ids: Iterable[int]) -> dict[int, Keeper]:
    cursor.execute(WHO, [list(ids)])
    return {
        row[0]: Keeper(row[1], row[2], row[3], Period(row[4], row[5]) if row[4] else None) for row in cursor.fetchall()
    }


def _stored(cursor: Any, ids: Iterable[int], day: Day) -> dict[int, list[Stored]]:
    """What is open, and what was closed so lately that it may still speak against another greeting."""
    cursor.execute(STORED, [list(ids), day.today - reminding.ONE_BIRTHDAY_WITHIN - dt.timedelta(days=400)])
    found: dict[int, list[Stored]] = defaultdict(list)
    for row in cursor.fetchall():
        found[row[1]].append(Stored(*[*row[:7], json.loads(row[7]), *row[8:]]))
    return found


Wanted = dict[tuple[str, str], tuple[Coming, reminding.Planned]]


def _chosen(all_: Sequence[Coming], keeper: Keeper) -> list[Coming]:
    """Every occasion of a customer, but of the birthdays the one that is kept."""
    birthdays = [each for each in all_ if each.marked.kind == "birthday"]
    known = [reminding.Kept(_calendar(each), each.occasion_id is not None) for each in birthdays]
    kept = reminding.kept_birthday(known=known, preferred=keeper.birthday_by)
    rest = [each for each in all_ if each.marked.kind != "birthday"]
    return rest if kept is None else [*rest, birthdays[kept]]


def _wanted(chosen: Sequence[Coming], keeper: Keeper, day: Day, rules: Rules, table: occasions.LunarTable) -> Wanted:
    """The reminders that should be open now, by kind and key."""
    return {
        (one.kind, one.key): (each, one)
        for each in chosen
        if not keeper.silence(each.marked.kind, day.today)
        for one in reminding.planned(
            marked=each.marked, rules=rules.placing, today=day.today, calendar=day.calendar, table=table
        )
    }


def _calendar(each: Coming) -> str:
    return "lunar" if each.marked.when.lunar else "solar"


def _store(cursor: Any, now: Now, wanted: Wanted, stored: Sequence[Stored]) -> int:
    """Make what is stored of one customer what is wanted; give how many opened."""
    by_key = {(each.kind, each.key): each for each in stored}
    greeted = [each.due_on for each in stored if each.kind == "birthday" and each.state == "done"]
    opened = 0
    for each in stored:
        why = "" if (each.kind, each.key) in wanted else now.why_gone(each)
        if each.open and why:
            cursor.execute(DISMISS, [why, now.day.today, each.id])
        elif not why and (each.kind, each.key) not in wanted and each.was_silenced(now.day.today):
            cursor.execute(RETURN, [each.id])
            opened += cursor.rowcount
    for key, (coming, one) in wanted.items():
        known = by_key.get(key)
        again = one.kind == "birthday" and any(abs(on - one.due_on) < reminding.ONE_BIRTHDAY_WITHIN for on in greeted)
        if known is None and not again and one.occurrence.on >= now.day.today:
            cursor.execute(INSERT, _values(coming, one, now.keeper.currency))
            opened += cursor.rowcount
        elif known is not None and (known.open or (known.may_return(one.due_on) and not again)):
            opened += _change(cursor, known, coming, one)
    return opened


def _facts(coming: Coming, one: reminding.Planned) -> str:
    """What the sentences of the reminder need."""
    found = one.occurrence
    facts = {"on": found.on.isoformat(), "label": coming.label}
    if found.years is not None:
        facts["age" if coming.marked.kind == "birthday" else "years"] = str(found.years)
    if coming.marked.when.lunar:
        when = coming.marked.when
        facts["lunar"] = f"{'L' if when.leap else ''}{when.month:02}-{when.day:02}"
    if one.moved_from:
        facts["moved_from"] = one.moved_from.isoformat()
    if one.kind == "gift_idea":
        facts["for"] = coming.marked.kind
    return json.dumps(facts, ensure_ascii=False)


def _values(coming: Coming, one: reminding.Planned, currency: str) -> list[Any]:
    return [
        coming.customer_id, one.kind, one.key, one.opens_on, one.due_on, one.expires_on, currency,
        _facts(coming, one), reminding.RULE_VERSION, coming.occasion_id,
    ]  # fmt: skip


def _change(cursor: Any, known: Stored, coming: Coming, one: reminding.Planned) -> int:
    """Let a stored reminder follow its occasion; give 1 when it has come back."""
    facts = _facts(coming, one)
    same = (known.opens_on, known.due_on, known.expires_on, known.facts, known.occasion_id, known.state) == (
        one.opens_on, one.due_on, one.expires_on, json.loads(facts), coming.occasion_id, "open",
    )  # fmt: skip
    if same:
        return 0
    values = [one.opens_on, one.due_on, one.expires_on, facts, coming.occasion_id, reminding.RULE_VERSION, known.id]
    cursor.execute(CHANGE, values)
    return 0 if known.open else int(cursor.rowcount)


def _note_next(cursor: Any, coming: Iterable[Coming], day: Day, table: occasions.LunarTable) -> None:
    """Store on what day each occasion falls next, for the faces."""
    written = [(each.occasion_id, each.marked.when) for each in coming if each.occasion_id is not None]
    days = [reminding.coming(when=when, today=day.today, table=table) for _id, when in written]
    cursor.execute(NEXT, [[occasion_id for occasion_id, _when in written], days])
