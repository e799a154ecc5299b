"""What happens elsewhere and concerns a seat: a contact, its correction, a joined prospect, the night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils.translation import gettext as _

from keybook.apps.events.commands.answering import Answer, hold_event, move_up, settle
from keybook.apps.events.commands.telling import refresh
from keybook.apps.events.models import Event, Seat
from keybook.apps.people.planned import planned
from keybook.apps.reminders.commands import Contact, Day, RefusedError

TOLD = """
    UPDATE events_seat SET told_in_id = %(contact)s WHERE reminder_id = ANY(%(closed)s::bigint[]) AND told_in_id IS NULL"""
OTHERWISE = """
    UPDATE events_seat SET told_in_id = CASE WHEN told_in_id = %(before)s THEN %(after)s ELSE told_in_id END,
        answered_in_id = CASE WHEN answered_in_id = %(before)s THEN %(after)s ELSE answered_in_id END
    WHERE told_in_id = %(before)s OR answered_in_id = %(before)s"""
JOINED = """
    UPDATE events_seat g SET customer_id = %(to)s, staff_id = COALESCE(c.rm_id, g.staff_id) FROM customers_customer c
    WHERE g.customer_id = %(from)s AND c.id = %(to)s
      AND NOT EXISTS (SELECT 1 FROM events_seat o WHERE o.event_id = g.event_id AND o.customer_id = %(to)s) RETURNING g.id"""
# Both were invited to the same event: the customer's own seat counts, the prospect's is given back.
DOUBLE = """
    UPDATE events_seat SET state = 'cancelled', waits_since = NULL
    WHERE customer_id = %(from)s AND state IN ('idea', 'invited', 'accepted', 'waiting') RETURNING id"""
APART = "UPDATE events_seat SET state = 'invited' WHERE id = ANY(%s) AND customer_id = %s AND state = 'cancelled'"
WAITED_FOR = """
    SELECT e.id FROM events_event e WHERE e.state = 'open'
      AND EXISTS (SELECT 1 FROM events_seat g WHERE g.event_id = e.id AND g.state = 'waiting') ORDER BY e.id"""
PARTED = """
    UPDATE events_seat g SET customer_id = %(to)s, staff_id = COALESCE(c.rm_id, g.staff_id) FROM customers_customer c
    WHERE g.id = ANY(%(ids)s) AND g.customer_id = %(from)s AND c.id = %(to)s"""
OVER = "UPDATE events_event SET state = 'held' WHERE state IN ('planned', 'open') AND ends_at <= %(now)s"
LEFT = """
    UPDATE events_seat g SET state = 'cancelled', waits_since = NULL FROM events_event e, customers_customer c
    WHERE e.id = g.event_id AND e.state IN ('planned', 'open') AND c.id = g.customer_id AND c.stage = 'closed'
      AND g.state IN ('idea', 'invited', 'accepted', 'waiting')"""
BANKERS = """
    UPDATE events_seat g SET staff_id = c.rm_id FROM events_event e, customers_customer c
    WHERE e.id = g.event_id AND e.state IN ('planned', 'open') AND c.id = g.customer_id AND c.rm_id IS NOT NULL
      AND c.rm_id <> g.staff_id AND g.state IN ('idea', 'invited', 'accepted', 'waiting')"""


def hold_asked(*, customer_id: int, reminder_ids: Sequence[int]) -> None:
    """Hold the events of these lines before anything else is held, so that two answers at once follow one another."""
    seats = Seat.objects.filter(customer_id=customer_id, reminder_id__in=reminder_ids)
    events = list(seats.values_list("event_id", flat=True))
    if len(events) < len(set(reminder_ids)):
        raise RefusedError("reply", _("That line asks for no answer any more. Look at it again."))
    list(Event.objects.select_for_update().filter(pk__in=events).order_by("pk"))


def told(
    *, customer_id: int, contact: Contact, interaction_id: int, closed: Sequence[int], day: Day, **_more: Any
) -> None:
    """Keep that a contact invited whoever was to be invited, and what they answered in it."""
    if closed:
        with planned() as cursor:
            cursor.execute(TOLD, {"contact": interaction_id, "closed": list(closed)})
    for reminder_id, text in contact.replies:
        seat = Seat.objects.select_related("customer").get(customer_id=customer_id, reminder_id=reminder_id)
        seat.told_in_id = seat.told_in_id or interaction_id
        event = hold_event(event_id=seat.event_id)
        settle(seat=seat, event=event, customer=seat.customer, said=_answer(text, interaction_id), day=day)


def _answer(text: str, interaction_id: int) -> Answer:
    """An answer as a form writes it: declined, accepted, accepted:2 with two companions."""
    reply, _colon, count = text.partition(":")
    companions = int(count) if count.isascii() and count.isdecimal() and len(count) < 3 else 0  # noqa: PLR2004
    return Answer(reply, companions, interaction_id)


def told_otherwise(*, interaction_id: int | None, instead_of: int) -> None:
    """The invitation stands with the contact as it was corrected; with none when it was taken back."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERWISE, {"before": instead_of, "after": interaction_id})


def follow_join(*, prospect_id: int, customer_id: int) -> dict[str, list[int]]:
    """Give the prospect's seats to the customer; which they were is given for the way back."""
    with connection.cursor() as cursor:
        cursor.execute(JOINED, {"from": prospect_id, "to": customer_id})
        moved = sorted(row[0] for row in cursor.fetchall())
        cursor.execute(DOUBLE, {"from": prospect_id})
        double = sorted(row[0] for row in cursor.fetchall())
    return {"event_seats": moved, "event_seats_double": double}


def follow_parting(*, prospect_id: int, customer_id: int, said: Mapping[str, Any]) -> int:
    """Give the seats back that joining had moved; one that was given back for the other is an invitation to be answered again."""
    with connection.cursor() as cursor:
        cursor.execute(APART, [said.get("event_seats_double", []), prospect_id])
        cursor.execute(PARTED, {"from": customer_id, "to": prospect_id, "ids": said.get("event_seats", [])})
        return int(cursor.rowcount)


@transaction.atomic
def settle_night(*, day: Day) -> None:
    """Events that are over are held; who is closed gives the seat back; a guest's banker is the customer's. Repeatable."""
    with connection.cursor() as cursor:
        cursor.execute(OVER, {"now": dt.datetime.combine(day.today, dt.time(), ZoneInfo(day.zone))})
        cursor.execute(BANKERS)
        cursor.execute(LEFT)
        cursor.execute(WAITED_FOR)
        waited_for = [row[0] for row in cursor.fetchall()]
    moved = [each for event_id in waited_for for each in move_up(event=hold_event(event_id=event_id), day=day)]
    refresh(customer_ids=[each.customer_id for each in moved], day=day)
