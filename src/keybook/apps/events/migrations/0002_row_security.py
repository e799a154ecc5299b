"""Whose events are seen: a seat follows its customer; an event its branch and those below, its host, or a seat of one's own.

Two functions say of an event's seats how many there are and in which order they wait, and nothing of whose they are.
"""

from django.db import migrations

from keybook.apps.people.row_security import on_branch, on_customer, policies, unbind

APPEND_ONLY = True
_BOOKS = "ANY ((SELECT NULLIF(current_setting('keybook.books', true), '')::bigint[])::bigint[])"
_BRANCHES = "ANY ((SELECT NULLIF(current_setting('keybook.branches', true), '')::bigint[])::bigint[])"
# The branch of the event lies above one of mine, or is one of mine.
_BELOW = f"""EXISTS (SELECT 1 FROM people_branch h JOIN people_branch b ON starts_with(b.path, h.path)
    WHERE h.id = {{table}}.branch_id AND (b.id = {_BRANCHES}
        OR b.id IN (SELECT s.branch_id FROM people_staff s WHERE s.id = {_BOOKS})))"""
# Under the policy of the seats: only those of customers inside the scope are found.
_OF_A_SEAT = "EXISTS (SELECT 1 FROM events_seat g WHERE g.event_id = {table}.id)"


def _event(table: str) -> str:
    return " OR ".join(
        [on_branch(), f"host_id = {_BOOKS}", _BELOW.format(table=table), _OF_A_SEAT.format(table=table)]
    )


TABLES = [
    ("events_seat", on_customer(), not APPEND_ONLY),
    ("events_seatevent", on_customer(), APPEND_ONLY),
    ("events_event", _event("events_event"), not APPEND_ONLY),
    ("events_eventevent", _event("events_eventevent"), APPEND_ONLY),
]
NUMBERS = """
CREATE FUNCTION keybook_event_counts(asked bigint[])
RETURNS TABLE (event_id bigint, state varchar, seats bigint, people bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT g.event_id, g.state, count(*), sum(1 + g.companions) FROM events_seat g
    WHERE g.event_id = ANY(asked) GROUP BY g.event_id, g.state
$$;
CREATE FUNCTION keybook_event_line(asked bigint) RETURNS TABLE (seat_id bigint, place bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT g.id, row_number() OVER (ORDER BY g.waits_since, g.id) FROM events_seat g
    WHERE g.event_id = asked AND g.state = 'waiting'
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_events_and_seats"), ("campaigns", "0002_row_security")]
    operations = [
        migrations.RunSQL(policies(table=table, inside=inside, append_only=append_only), unbind(table=table))
        for table, inside, append_only in TABLES
    ] + [
        migrations.RunSQL(
            NUMBERS,
            "DROP FUNCTION keybook_event_counts(bigint[]); DROP FUNCTION keybook_event_line(bigint);",
        )
    ]
