"""When an event takes somebody's time: the host's, and that of whoever looks after a guest who comes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from keybook.apps.plans.queries.time import Taken
from keybook.apps.reminders.queries import Day
from keybook.core.periods import Period
from keybook.core.seats import hours_on

SOURCE = "event"
# An event lasts three days at the most (core.seats), so none that began earlier can reach into the period.
HOURS = """
    SELECT e.id, e.name, e.starts_at, e.ends_at, w.staff_id FROM events_event e JOIN LATERAL (
        SELECT e.host_id AS staff_id UNION
        SELECT g.staff_id FROM events_seat g WHERE g.event_id = e.id AND g.state IN ('accepted', 'came')) w ON true
    WHERE e.state = 'open' AND e.starts_at < %(until)s AND e.starts_at > %(from)s::timestamptz - interval '4 days'
      AND e.ends_at > %(from)s AND w.staff_id = ANY(%(staff)s) ORDER BY e.starts_at, e.id"""


def hours(
    *, staff_ids: Sequence[int], from_on: dt.date, until_on: dt.date, day: Day
) -> Mapping[int, Sequence[Taken]]:  # fmt: skip
    """The hours of open events from a day on up to, not on, another, by member of staff; one statement."""
    zone = ZoneInfo(day.zone)
    values: dict[str, Any] = {
        "staff": list(staff_ids), "from": dt.datetime.combine(from_on, dt.time(), zone),
        "until": dt.datetime.combine(until_on, dt.time(), zone),
    }  # fmt: skip
    found: dict[int, list[Taken]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(HOURS, values)
        rows = cursor.fetchall()
    for event_id, name, starts_at, ends_at, staff_id in rows:
        during = (starts_at.astimezone(zone), ends_at.astimezone(zone))
        for on, first, last in hours_on(during=during, days=Period(from_on, until_on)):
            found[staff_id].append(Taken(event_id, on, (first, last), name, SOURCE))
    return found
