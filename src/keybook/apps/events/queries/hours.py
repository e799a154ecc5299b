"""When an event takes somebody's time: the host's, and that of whoever looks after a guest who comes."""

from __future__ import annotations

# An event lasts three days at the most (core.seats), so none that began earlier can reach into the period.
HOURS = """
    SELECT w.staff_id, e.id, e.starts_at, e.ends_at, e.name, 'event' FROM events_event e JOIN LATERAL (
        SELECT e.host_id AS staff_id UNION
        SELECT g.staff_id FROM events_seat g WHERE g.event_id = e.id AND g.state IN ('accepted', 'came')) w ON true
    WHERE e.state = 'open' AND e.starts_at < %(ends)s AND e.starts_at > %(begins)s::timestamptz - interval '4 days'
      AND e.ends_at > %(begins)s AND w.staff_id = ANY(%(staff)s)"""
