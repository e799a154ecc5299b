"""The list of events and one event with its guests: one's own by name, all others as numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from keybook.apps.customers.queries import scope_sql
from keybook.apps.people.scope import Scope
from keybook.core.seats import SEATED

MOST = 100
MOST_GUESTS = 300
# Whoever works at the event's branch or below it, whoever receives there, and whoever has a guest of their own.
SEEN = """
    (e.host_id = ANY(%(books)s) OR {everything} OR EXISTS (
        SELECT 1 FROM people_branch b WHERE starts_with(b.path, h.path) AND (b.id = ANY(%(branches)s)
            OR b.id IN (SELECT s.branch_id FROM people_staff s WHERE s.id = ANY(%(books)s))))
     OR EXISTS (SELECT 1 FROM events_seat g JOIN customers_customer c ON c.id = g.customer_id
                WHERE g.event_id = e.id AND ({scope})))"""
EVENTS = """
    SELECT e.id, e.name, e.theme, e.place, e.branch_id, h.name, h.name_zh, e.starts_at, e.ends_at, e.seats, e.host_id,
        s.name, s.name_zh, e.campaign_id, e.state, e.note, e.budget, e.cost, e.currency, e.reason
    FROM events_event e JOIN people_branch h ON h.id = e.branch_id JOIN people_staff s ON s.id = e.host_id
    WHERE {seen} AND {which} ORDER BY e.starts_at {order}, e.id LIMIT {most}"""
COUNTS = "SELECT event_id, state, seats, people FROM keybook_event_counts(%s)"
LINE = "SELECT seat_id, place FROM keybook_event_line(%s)"
GUESTS = """
    SELECT g.id, g.state, g.companions, g.channel, g.invited_on, g.because, i.at, g.answered_at,
        c.id, c.name, c.name_zh, COALESCE(t.code, ''), COALESCE(t.name, ''), COALESCE(t.name_zh, ''), g.staff_id, s.name, s.name_zh
    FROM events_seat g JOIN customers_customer c ON c.id = g.customer_id
    LEFT JOIN customers_tier t ON t.id = c.tier_id JOIN people_staff s ON s.id = g.staff_id
    LEFT JOIN interactions_interaction i ON i.id = g.told_in_id
    WHERE g.event_id = %(event)s AND ({scope})
    ORDER BY array_position(%(order)s::text[], g.state::text), g.waits_since, s.name, c.name, g.id LIMIT {most}"""
ORDER = ("accepted", "waiting", "invited", "idea", "came", "absent", "declined", "cancelled")


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many chairs are taken, and how many invitations are in each state with how many people."""

    by_state: Mapping[str, tuple[int, int]]
    seats: int

    @property
    def taken(self) -> int:
        """Chairs that are taken."""
        return sum(people for state, (_seats, people) in self.by_state.items() if state in SEATED)

    @property
    def free(self) -> int:
        """Chairs that are free."""
        return max(0, self.seats - self.taken)

    def people(self, state: str) -> int:
        """How many people are in this state."""
        return self.by_state.get(state, (0, 0))[1]

    def count(self, state: str) -> int:
        """How many invitations are in this state."""
        return self.by_state.get(state, (0, 0))[0]

    @property
    def invitations(self) -> int:
        """How many were invited, whatever came of it."""
        return sum(seats for state, (seats, _people) in self.by_state.items() if state not in {"idea", "cancelled"})


@dataclass(frozen=True, slots=True)
class Event:
    """One event."""

    id: int
    name: str
    theme: str
    place: str
    branch_id: int
    branch: str
    branch_zh: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    seats: int
    host_id: int
    host: str
    host_zh: str
    campaign_id: int | None
    state: str
    note: str
    budget: Decimal | None
    cost: Decimal | None
    currency: str
    reason: str
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Guest:
    """One invitation inside the scope; `place` is where its party stands on the waiting list, 0 if it does not wait."""

    id: int
    state: str
    companions: int
    channel: str
    invited_on: dt.date
    because: str
    told_at: dt.datetime | None
    answered_at: dt.datetime | None
    customer_id: int
    name: str
    name_zh: str
    tier: str
    tier_name: str
    tier_name_zh: str
    staff_id: int
    staff: str
    staff_zh: str
    place: int


def events(*, scope: Scope, past: bool, now: dt.datetime) -> list[Event]:
    """The events to come, the next first, or those that are over, the last first; two statements."""
    over = "(e.state IN ('held', 'cancelled') OR e.ends_at <= %(now)s)"
    return _events(scope, over if past else f"NOT {over}", {"now": now}, "DESC" if past else "ASC")


def event(*, scope: Scope, event_id: int) -> Event | None:
    """One event inside the scope; None where there is none for this person."""
    found = _events(scope, "e.id = %(id)s", {"id": event_id}, "ASC")
    return found[0] if found else None


def guests(*, scope: Scope, event_id: int) -> list[Guest]:
    """The invitations of customers inside the scope, those who come first; two statements."""
    sql = GUESTS.format(scope=scope_sql(scope), most=MOST_GUESTS)
    with connection.cursor() as cursor:
        cursor.execute(sql, {**_of(scope), "event": event_id, "order": list(ORDER)})
        rows = cursor.fetchall()
        cursor.execute(LINE, [event_id])
        places = dict(cursor.fetchall())
    return [Guest(*(*row, places.get(row[0], 0))) for row in rows]


def branches(*, scope: Scope) -> list[tuple[int, str, str]]:
    """The branches for which this person may make an event."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name, name_zh FROM people_branch WHERE id = ANY(%s) ORDER BY path", [_own(scope)])
        return list(cursor.fetchall())


def hosts(*, scope: Scope) -> list[tuple[int, str, str]]:
    """Who may receive guests at an event this person makes: bankers, heads and campaign managers of their branches."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, name_zh FROM people_staff WHERE is_active AND role IN ('rm', 'head', 'campaign')"
            " AND branch_id = ANY(%s) ORDER BY name, id",
            [_own(scope)],
        )
        return list(cursor.fetchall())


def campaigns(*, scope: Scope) -> list[tuple[int, str]]:
    """The campaigns an event of this person's may belong to: those not over, of their branches."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name FROM campaigns_campaign WHERE state IN ('draft', 'running') AND branch_id = ANY(%s)"
            " ORDER BY from_on DESC, id LIMIT 50",
            [_own(scope)],
        )
        return list(cursor.fetchall())


def _own(scope: Scope) -> list[int]:
    return list(scope.branches)


def _of(scope: Scope) -> dict[str, Any]:
    return {"books": list(scope.books), "branches": list(scope.branches), "customers": list(scope.customers)}


def _events(scope: Scope, which: str, values: Mapping[str, Any], order: str) -> list[Event]:
    seen = SEEN.format(everything="true" if scope.everything else "false", scope=scope_sql(scope))
    with connection.cursor() as cursor:
        cursor.execute(EVENTS.format(seen=seen, which=which, order=order, most=MOST), {**_of(scope), **values})
        rows = cursor.fetchall()
        numbers = _numbers(cursor, [row[0] for row in rows]) if rows else {}
    return [Event(*(*row, Numbers(numbers.get(row[0], {}), row[9]))) for row in rows]


def _numbers(cursor: Any, ids: Sequence[int]) -> dict[int, dict[str, tuple[int, int]]]:
    cursor.execute(COUNTS, [list(ids)])
    found: dict[int, dict[str, tuple[int, int]]] = {}
    for event_id, state, seats, people in cursor.fetchall():
        found.setdefault(event_id, {})[state] = (seats, people)
    return found
