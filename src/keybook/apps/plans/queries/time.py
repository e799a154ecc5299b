"""What each member of staff has of each half-day: capacity, meetings and absences, read in bulk for any number of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from keybook.apps.plans.busy import PARTS
from keybook.apps.plans.models import Absence, Capacity
from keybook.apps.reminders.queries import Day
from keybook.core.halves import HALVES, Half, Keeps, Span, hours_on, is_worked, room
from keybook.core.periods import Period

Slot = tuple[dt.date, Half]


@dataclass(frozen=True, slots=True)
class Taken:
    """One meeting; its title is shown to its owner and whoever stands in for them only. An event's is known to all."""

    id: int
    on: dt.date
    span: Span
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Time:
    """The time of one member of staff in a period."""

    keeps: Keeps
    rooms: Mapping[Slot, int]
    """Minutes for contacts in every half-day of the period; 0 where nobody works."""
    meetings: tuple[Taken, ...] = ()
    away: tuple[tuple[int, Period, str], ...] = ()
    """(id, days, why)"""

    def is_open(self, on: dt.date) -> bool:
        """Whether the day has any room at all."""
        return any(self.rooms.get((on, half), 0) > 0 for half in HALVES)

    def why_away(self, on: dt.date) -> str:
        """Why they are away on this day; empty when they are not."""
        return next((why for _id, days, why in self.away if days.contains(on)), "")


def times(*, staff_ids: Sequence[int], from_on: dt.date, until_on: dt.date, day: Day) -> dict[int, Time]:
    """The time of these members of staff from a day on up to, not on, another; three statements whatever their number."""
    ids = list(staff_ids)
    keeps = capacities(staff_ids=ids)
    meetings = _meetings(ids, from_on, until_on, day)
    away: dict[int, list[tuple[int, Period, str]]] = defaultdict(list)
    absent = Absence.objects.filter(staff_id__in=ids, from_on__lt=until_on, until_on__gt=from_on).order_by(
        "from_on", "id"
    )
    for staff_id, pk, start_on, end_on, why in absent.values_list("staff_id", "id", "from_on", "until_on", "why"):
        away[staff_id].append((pk, Period(start_on, end_on), why))
    return {
        each: Time(
            keeps=keeps[each], meetings=tuple(meetings[each]), away=tuple(away[each]),
            rooms=_rooms(keeps[each], meetings[each], away[each], (from_on, until_on), day),
        )
        for each in ids
    }  # fmt: skip


# What others know of has moments, a meeting a day and minutes.
MEETINGS = """
    SELECT staff_id, id, "on", from_minute, until_minute, NULL::timestamptz, NULL::timestamptz, title, source FROM plans_meeting
    WHERE staff_id = ANY(%(staff)s) AND "on" >= %(from)s AND "on" < %(until)s"""
OTHERS = """
    UNION ALL SELECT p.staff_id, p.id, NULL, NULL, NULL, p.begins_at, p.ends_at, p.title, p.source
    FROM ({part}) AS p (staff_id, id, begins_at, ends_at, title, source)"""


def _meetings(
    staff_ids: Sequence[int], from_on: dt.date, until_on: dt.date, day: Day
) -> dict[int, list[Taken]]:  # fmt: skip
    """Meetings, and whatever else takes time, by member of staff; one statement."""
    zone, days = ZoneInfo(day.zone), Period(from_on, until_on)
    values: dict[str, Any] = {
        "staff": list(staff_ids), "from": from_on, "until": until_on, "begins": dt.datetime.combine(from_on, dt.time(), zone),
        "ends": dt.datetime.combine(until_on, dt.time(), zone),
    }  # fmt: skip
    found: dict[int, list[Taken]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(MEETINGS + "".join(OTHERS.format(part=part) for part in PARTS), values)
        rows = cursor.fetchall()
    for staff_id, number, on, first, last, begins_at, ends_at, title, source in rows:
        spans = [(on, first, last)]
        if begins_at is not None:
            spans = hours_on(during=(begins_at.astimezone(zone), ends_at.astimezone(zone)), days=days)
        found[staff_id] += [Taken(number, each, (start, end), title, source) for each, start, end in spans]
    for taken in found.values():
        taken.sort(key=lambda one: (one.on, one.span[0], one.id))
    return found


def _rooms(
    keeps: Keeps, meetings: Sequence[Taken], away: Sequence[tuple[int, Period, str]], period: tuple[dt.date, dt.date],
    day: Day,
) -> dict[Slot, int]:  # fmt: skip
    busy: dict[dt.date, list[Span]] = defaultdict(list)
    for each in meetings:
        busy[each.on].append(each.span)
    gone = [days for _id, days, _why in away]
    rooms: dict[Slot, int] = {}
    for offset in range((period[1] - period[0]).days):
        on = period[0] + dt.timedelta(days=offset)
        worked = is_worked(on=on, weekdays=keeps.weekdays, calendar=day.calendar, away=gone)
        for half in HALVES:
            rooms[on, half] = (
                room(minutes=keeps.minutes[half], window=keeps.windows[half], busy=busy[on]) if worked else 0
            )
    return rooms


def half_of(text: str) -> Half:
    """A stored half-day as the core names it."""
    return "am" if text == "am" else "pm"


def capacities(*, staff_ids: Sequence[int]) -> dict[int, Keeps]:
    """What these members of staff keep for contacts: their own, else the bank's, else what the model says."""
    rows = Capacity.objects.filter(Q(staff_id__in=staff_ids) | Q(staff=None))
    known = {each.staff_id: each for each in rows}
    bank = known.get(None) or Capacity()
    return {each: keeps_of(known.get(each, bank)) for each in staff_ids}


def keeps_of(row: Capacity) -> Keeps:
    """A stored capacity as the core takes it."""
    return Keeps(
        windows={
            "am": (row.morning_from, row.morning_until), "pm": (row.afternoon_from, row.afternoon_until),
        },
        minutes={"am": row.morning_minutes, "pm": row.afternoon_minutes},
        channels=row.minutes, caps=row.caps, travel=row.travel_minutes, weekdays=frozenset(row.weekdays),
    )  # fmt: skip


def has_own(*, staff_id: int) -> bool:
    """Whether somebody has a capacity of their own."""
    return Capacity.objects.filter(staff_id=staff_id).exists()


def usual() -> Keeps:
    """What the bank usually keeps for contacts."""
    return keeps_of(Capacity.objects.filter(staff=None).first() or Capacity())
