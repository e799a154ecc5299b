"""The days of a customer: promises with what became of them, occasions with who greeted, in one statement for the page."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from keybook.apps.people.planned import planned
from keybook.core import reminding

CLOSED_SHOWN = 4
GREETED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise as the page shows it: what, when and why there, what became of it."""

    id: int
    text: str
    due_on: dt.date
    asked_on: dt.date | None
    direction: str
    hangs_on: str
    hangs_ref: str
    hung_on: dt.date | None
    lead_days: int
    reason: str
    stored: str
    closed_on: dt.date | None
    by: str
    by_zh: str
    due_time: str | None = None
    """By the bank's clock, 15:00."""

    def state(self, today: dt.date) -> reminding.State:
        """What became of it by now."""
        return reminding.promise_state(state=self.stored, due_on=self.due_on, closed_on=self.closed_on, today=today)

    @property
    def open(self) -> bool:
        """Whether it still waits."""
        return self.stored == "open"

    @property
    def moved_from(self) -> dt.date | None:
        """The day meant, when it was none on which anybody works."""
        return self.asked_on if self.asked_on is not None and self.asked_on != self.due_on else None


@dataclass(frozen=True, slots=True)
class Marked:
    """An occasion as the page shows it."""

    id: int
    kind: str
    calendar: str
    month: int
    day: int
    leap: bool
    leap_day: str
    year: int | None
    yearly: bool
    label: str
    lead_days: int
    gift_days: int | None
    next_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Greeted:
    """What became of one reminder of an occasion: open, greeted by whom, or silenced and why."""

    id: int
    occasion_id: int | None
    kind: str
    due_on: dt.date
    facts: Mapping[str, Any]
    state: str
    reason: str
    closed_on: dt.date | None
    by: str
    by_zh: str
    channel: str

    @property
    def on(self) -> dt.date:
        """The day itself."""
        said = str(self.facts.get("on") or "")
        return dt.date.fromisoformat(said) if said else self.due_on

    @property
    def waits(self) -> bool:
        """Whether it can be greeted now: a gift idea and a memorial day are not."""
        return self.state == "open" and self.kind not in {"gift_idea", "memorial"}


@dataclass(frozen=True, slots=True)
class Days:
    """All of it."""

    promises: tuple[Promised, ...] = ()
    occasions: tuple[Marked, ...] = ()
    reminders: tuple[Greeted, ...] = ()

    def latest(self, occasion_id: int | None) -> Greeted | None:
        """The latest reminder of an occasion; of the bank's own birthday for None."""
        found = (
            each
            for each in self.reminders
            if each.occasion_id == occasion_id
            and each.kind != "gift_idea"
            and (occasion_id is not None or each.kind == "birthday")
        )
        return next(found, None)

    @property
    def waiting(self) -> tuple[Greeted, ...]:
        """The greetings that wait now."""
        return tuple(each for each in self.reminders if each.waits)


_DAYS = """
SELECT
  (SELECT COALESCE(json_agg(x), '[]') FROM (
     SELECT p.id, p.text, p.due_on, p.asked_on, p.direction, p.hangs_on, p.hangs_ref, p.hung_on, p.lead_days, p.reason,
            p.state AS stored, p.closed_on, COALESCE(m.name || ' → ', '') || s.name AS by,
            COALESCE(COALESCE(NULLIF(m.name_zh, ''), m.name) || ' → ', '') || COALESCE(NULLIF(s.name_zh, ''), s.name) AS by_zh,
            to_char(p.due_time, 'HH24:MI') AS due_time
     FROM reminders_promise p JOIN people_staff s ON s.id = p.staff_id
     LEFT JOIN people_staff m ON m.id = p.made_by_id WHERE p.customer_id = %(id)s
       AND (p.made_in_id IS NULL OR p.staff_id = %(me)s OR EXISTS (
              SELECT 1 FROM interactions_interaction i WHERE i.id = p.made_in_id AND NOT i.confidential))
     ORDER BY p.state = 'open' DESC, CASE WHEN p.state = 'open' THEN p.due_on END, CASE WHEN p.state = 'open' THEN p.due_time END,
              p.closed_on DESC, p.id DESC
     LIMIT 30) x)::text,
  (SELECT COALESCE(json_agg(x), '[]') FROM (
     SELECT id, kind, calendar, month, day, leap, leap_day, year, yearly, label, lead_days, gift_days, next_on
     FROM reminders_occasion WHERE customer_id = %(id)s ORDER BY next_on NULLS LAST, id LIMIT 60) x)::text,
  (SELECT COALESCE(json_agg(x), '[]') FROM (
     SELECT r.id, r.occasion_id, r.kind, r.due_on, r.facts, r.state, r.reason, r.closed_on, COALESCE(s.name, '') AS by,
            COALESCE(s.name_zh, '') AS by_zh, COALESCE(i.channel, '') AS channel
     FROM reminders_reminder r LEFT JOIN people_staff s ON s.id = r.closed_by_id
     LEFT JOIN interactions_interaction i ON i.id = r.closed_in_id
     WHERE r.customer_id = %(id)s AND r.cause = 'occasion' AND r.opens_on <= %(today)s
     ORDER BY r.due_on DESC, r.state = 'done' DESC, r.id DESC LIMIT 20) x)::text
"""
DATES = {"due_on", "asked_on", "hung_on", "closed_on", "next_on"}


def days_of(*, customer_id: int, me: int, today: dt.date) -> Days:
    """The days of a customer already found inside the scope, in one statement.

    A promise made in confidence is shown to who made it (`me`) alone.
    """
    with planned() as cursor:
        cursor.execute(_DAYS, {"id": customer_id, "me": me, "today": today})
        row = cursor.fetchone()
    promises, occasions, reminders = (json.loads(part) for part in row or ("[]", "[]", "[]"))
    return Days(
        tuple(_made(Promised, each) for each in promises),
        tuple(_made(Marked, each) for each in occasions),
        tuple(_made(Greeted, each) for each in reminders),
    )


def _made(kind: type, row: Mapping[str, Any]) -> Any:
    """One row of JSON as its value, dates read."""
    names = [field.name for field in fields(kind)]
    return kind(**{
        name: dt.date.fromisoformat(row[name]) if name in DATES and row[name] is not None else row[name]
        for name in names
    })  # fmt: skip


@dataclass(frozen=True, slots=True)
class Anchor:
    """A date of the customer's that a promise can hang on."""

    kind: str
    ref: str
    name: str
    name_zh: str
    on: dt.date

    @property
    def value(self) -> str:
        """How a form names it."""
        return f"{self.kind}:{self.ref}"


_ANCHORS = """
SELECT 'holding', number, name, name_zh, matures_on FROM customers_holding
WHERE customer_id = %(id)s AND matures_on >= %(today)s
UNION ALL
SELECT 'held_away', id::text, institution, institution, matures_on FROM customers_heldaway
WHERE customer_id = %(id)s AND matures_on >= %(today)s
UNION ALL
SELECT 'occasion', id::text, COALESCE(NULLIF(label, ''), kind), '', next_on FROM reminders_occasion
WHERE customer_id = %(id)s AND next_on >= %(today)s
ORDER BY 5, 1, 2 LIMIT 100"""


def anchors_of(*, customer_id: int, today: dt.date) -> list[Anchor]:
    """The dates ahead of a customer already found inside the scope, the nearest first."""
    with planned() as cursor:
        cursor.execute(_ANCHORS, {"id": customer_id, "today": today})
        return [Anchor(*row) for row in cursor.fetchall()]


def by_id(days: Days, occasion_id: int) -> Marked | None:
    """One of the occasions."""
    return next((each for each in days.occasions if each.id == occasion_id), None)


def open_first(promises: Sequence[Promised]) -> list[Promised]:
    """The open promises and the last few that were closed."""
    closed = [each for each in promises if not each.open]
    return [*(each for each in promises if each.open), *closed[:CLOSED_SHOWN]]
