"""Hand a book back within its days: what was moved goes back, what has become of it since is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keybook.apps.customers.rooms import book, hold
from keybook.apps.handover.commands.access import reopen_access
from keybook.apps.handover.commands.moving import HOLD_HOSTED, NOT_IN_CONFIDENCE, may_hand_over
from keybook.apps.handover.models import Handover, Move
from keybook.apps.handover.queries.books import past_one
from keybook.apps.people.models import Staff
from keybook.apps.people.scope import Scope
from keybook.apps.people.telling import notify
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, refresh_lines

STILL = """
    SELECT c.id, c.stage = 'closed' FROM handover_move m JOIN customers_customer c ON c.id = m.customer_id
    WHERE m.handover_id = %(act)s AND m.went_back IS NULL AND c.rm_id = m.to_staff_id ORDER BY c.id {lock}"""
_BACK = "handover_move m WHERE m.handover_id = %(act)s AND m.went_back AND m.customer_id"
# By the numbers themselves and not by a join with the moves, which were written a moment ago and never counted.
_GOES = "x.customer_id = ANY(%(ids)s)"
OPEN_STILL = "p.state = 'open' AND p.staff_id = x.became"
# Seats go with the customer, those the new banker has taken since as well; an event that is over stays as it was.
SEAT_STILL = """g.staff_id = m.to_staff_id AND v.state IN ('planned', 'open')
    AND g.state IN ('idea', 'invited', 'accepted', 'waiting')"""
HOST_STILL = """v.state IN ('planned', 'open')
    AND v.host_id IN (SELECT DISTINCT y.to_staff_id FROM handover_move y WHERE y.handover_id = %(act)s)"""
# What the new banker has promised or planned since goes along with the customer; who promised stays visible.
COUNTS = f"""
    SELECT
        (SELECT count(*) FROM handover_piece x JOIN reminders_promise p ON p.id = x.row_id
         WHERE x.handover_id = %(act)s AND x.kind = 'promise' AND x.customer_id = ANY(%(ids)s) AND {OPEN_STILL}),
        (SELECT count(*) FROM handover_piece x JOIN plans_entry e ON e.id = x.row_id
         WHERE x.handover_id = %(act)s AND x.kind = 'entry' AND x.customer_id = ANY(%(ids)s)
           AND e.state = 'planned' AND e.staff_id = x.became),
        (SELECT count(*) FROM handover_piece x JOIN reminders_promise p ON p.id = x.row_id
         WHERE x.handover_id = %(act)s AND x.kind = 'intro' AND x.customer_id = ANY(%(ids)s) AND {OPEN_STILL}),
        (SELECT count(*) FROM reminders_promise p JOIN handover_move m ON m.customer_id = p.customer_id
         WHERE m.handover_id = %(act)s AND p.customer_id = ANY(%(ids)s) AND p.state = 'open'
           AND p.staff_id = m.to_staff_id AND {NOT_IN_CONFIDENCE} AND p.id > %(last_promise)s AND NOT EXISTS (
             SELECT 1 FROM handover_piece x WHERE x.handover_id = %(act)s AND x.kind = 'intro' AND x.row_id = p.id)),
        (SELECT count(*) FROM plans_entry e JOIN handover_move m ON m.customer_id = e.customer_id
         WHERE m.handover_id = %(act)s AND e.customer_id = ANY(%(ids)s) AND e.state = 'planned'
           AND e.staff_id = m.to_staff_id AND e.id > %(last_entry)s),
        (SELECT count(*) FROM reminders_reminder r
         WHERE r.customer_id = ANY(%(ids)s) AND r.state = 'open' AND r.cause = 'campaign'),
        (SELECT count(*) FROM events_seat g JOIN events_event v ON v.id = g.event_id
         JOIN handover_move m ON m.customer_id = g.customer_id AND m.handover_id = %(act)s
         WHERE g.customer_id = ANY(%(ids)s) AND {SEAT_STILL}),
        (SELECT count(*) FROM events_event v JOIN handover_handover h ON h.id = %(act)s
         WHERE v.id = ANY(h.hosted) AND {HOST_STILL})"""
COUNTED = ("promises", "entries", "introductions", "new_promises", "new_entries", "campaign", "seats", "hosted")
STATEMENTS = (
    "UPDATE handover_move SET went_back = customer_id = ANY(%(ids)s) WHERE handover_id = %(act)s",
    f"UPDATE customers_assignment a SET until_on = %(today)s FROM {_BACK} = a.customer_id AND a.until_on IS NULL",
    """INSERT INTO customers_assignment (customer_id, staff_id, from_on, cause, by_id)
    SELECT m.customer_id, m.from_staff_id, %(today)s, 'handback', %(by)s FROM handover_move m
    WHERE m.handover_id = %(act)s AND m.went_back ORDER BY m.customer_id""",
    f"UPDATE customers_customer c SET rm_id = m.from_staff_id, updated_at = now() FROM {_BACK} = c.id",
    f"UPDATE customers_searchkey k SET rm_id = m.from_staff_id FROM {_BACK} = k.customer_id",
    f"UPDATE reminders_line l SET rm_id = m.from_staff_id, handed_to_id = NULL FROM {_BACK} = l.customer_id",
    # an introduction still open is taken off again; one that was kept stays kept
    f"""DELETE FROM reminders_reminder r USING handover_piece x JOIN reminders_promise p ON p.id = x.row_id
    WHERE {_GOES} AND r.promise_id = p.id AND r.state = 'open' AND x.handover_id = %(act)s AND x.kind = 'intro' AND {OPEN_STILL}""",
    f"""DELETE FROM reminders_promise p USING handover_piece x
    WHERE {_GOES} AND p.id = x.row_id AND x.handover_id = %(act)s AND x.kind = 'intro' AND {OPEN_STILL}
      AND NOT EXISTS (SELECT 1 FROM reminders_reminder r WHERE r.promise_id = p.id)""",
    f"""UPDATE reminders_promise p SET staff_id = x.was, made_by_id = (x.facts->>'made_by')::bigint
    FROM handover_piece x
    WHERE {_GOES} AND x.handover_id = %(act)s AND x.kind = 'promise' AND x.row_id = p.id AND {OPEN_STILL}""",
    f"""UPDATE reminders_promise p SET staff_id = m.from_staff_id, made_by_id = COALESCE(p.made_by_id, p.staff_id)
    FROM {_BACK} = p.customer_id AND p.state = 'open' AND p.staff_id = m.to_staff_id
      AND p.id > %(last_promise)s AND {NOT_IN_CONFIDENCE}""",
    f"""UPDATE plans_entry e SET staff_id = x.was FROM handover_piece x
    WHERE {_GOES} AND x.handover_id = %(act)s AND x.kind = 'entry' AND x.row_id = e.id
      AND e.state = 'planned' AND e.staff_id = x.became""",
    f"""UPDATE plans_entry e SET staff_id = m.from_staff_id FROM {_BACK} = e.customer_id
    AND e.state = 'planned' AND e.staff_id = m.to_staff_id AND e.id > %(last_entry)s""",
    f"""UPDATE events_seat g SET staff_id = m.from_staff_id FROM events_event v, {_BACK} = g.customer_id
    AND v.id = g.event_id AND {SEAT_STILL}""",
    f"""UPDATE events_event v SET host_id = %(old)s FROM handover_handover h
    WHERE h.id = %(act)s AND v.id = ANY(h.hosted) AND {HOST_STILL}""",
    f"""DELETE FROM people_share s USING handover_piece x
    WHERE {_GOES} AND x.handover_id = %(act)s AND x.kind = 'view' AND x.row_id = s.id""",
    # a deputy who still stands in has the line again, with the view that goes with it
    f"""INSERT INTO people_share (id, customer_id, staff_id, until_on, reason) OVERRIDING SYSTEM VALUE
    SELECT x.row_id, x.customer_id, x.was, (x.facts->>'until_on')::date, x.facts->>'reason'
    FROM handover_piece x
    WHERE {_GOES} AND x.handover_id = %(act)s AND x.kind = 'share' AND {{stands_in}} ON CONFLICT DO NOTHING""",
    f"""UPDATE reminders_line l SET handed_to_id = x.was FROM handover_piece x
    WHERE {_GOES} AND x.handover_id = %(act)s AND x.kind = 'line' AND l.customer_id = x.customer_id AND {{stands_in}}""",
)
STANDS_IN = """EXISTS (SELECT 1 FROM people_deputy d WHERE d.principal_id = %(old)s AND d.deputy_id = x.was
    AND d.from_on <= %(today)s AND (d.until_on IS NULL OR d.until_on > %(today)s))"""


@dataclass(frozen=True, slots=True)
class Backward:
    """What handing back would do: who goes back, who has moved on, and what becomes of what was changed since."""

    handover: Handover
    ids: Sequence[int]
    closed: int
    moved_on: int
    counts: Mapping[str, int]
    refusal: str

    @property
    def customers(self) -> int:
        """How many customers go back; those that are closed go along and are not counted."""
        return len(self.ids) - self.closed


def preview_back(*, by: Scope, handover_id: int, day: Day) -> Backward:
    """Work out a hand back without changing anything; NotYoursError for an act outside the scope."""
    act = past_one(scope=by, handover_id=handover_id)
    if act is None:
        raise NotYoursError
    return _backward(by, act, day, lock="")


def _backward(by: Scope, act: Handover, day: Day, *, lock: str) -> Backward:
    with connection.cursor() as cursor:
        cursor.execute(STILL.format(lock=lock), {"act": act.pk})
        rows = cursor.fetchall()
        ids = [row[0] for row in rows]
        cursor.execute(COUNTS, {**_marks(act), "ids": ids})
        found = dict(zip(COUNTED, cursor.fetchone(), strict=True))
    closed = sum(row[1] for row in rows)
    moved_on = Move.objects.filter(handover=act).count() - len(ids)
    return Backward(act, ids, closed, moved_on, found, _refusal(by, act, len(ids) - closed, day))


def _refusal(by: Scope, act: Handover, count: int, day: Day) -> str:
    """Why it cannot be handed back; empty when it can."""
    if act.state == Handover.State.BACK:
        return _("This has been handed back already.")
    if day.today >= act.until_on:
        return _("It could be handed back for 30 days, which are over: hand the customers over anew.")
    return _not_to(by, act) or _no_room(act, count, day)


def _not_to(by: Scope, act: Handover) -> str:
    """What speaks against the banker who would have them back."""
    if act.from_staff.branch_id not in by.branches and by.role == "head":
        return _("%(name)s works at a branch that is not yours: the head above both of you hands back.") % {
            "name": act.from_staff.name
        }
    if not act.from_staff.is_active and not act.leaves:
        return _("%(name)s has left: choose somebody who works here.") % {"name": act.from_staff.name}
    return ""


def _no_room(act: Handover, count: int, day: Day) -> str:
    """What speaks against so many customers."""
    if not count:
        return _("Every one of these customers has moved on: nothing is left to hand back.")
    room = book(staff_id=act.from_staff_id, on=day.today)
    if room.holds(count):
        return ""
    sentence = ngettext(
        "%(name)s has room for %(room)s of %(count)s customer: raise the cap first.",
        "%(name)s has room for %(room)s of %(count)s customers: raise the cap first.",
        count,
    )
    return sentence % {"name": act.from_staff.name, "room": room.room, "count": count}


@transaction.atomic
def hand_back(*, by: Scope, handover_id: int, day: Day) -> str:
    """Hand back all that can be; give the sentence for the toast. RefusedError says why not, and nothing is half done."""
    may_hand_over(by)
    act = past_one(scope=by, handover_id=handover_id)
    if act is None:
        raise NotYoursError
    takers = set(act.moves.values_list("to_staff_id", flat=True))
    hold(staff_ids=[act.from_staff_id, *takers])
    with connection.cursor() as cursor:
        cursor.execute(HOLD_HOSTED, [act.hosted])
    act = Handover.objects.select_related("from_staff").select_for_update(of=("self",)).get(pk=act.pk)
    found = _backward(by, act, day, lock="FOR UPDATE OF c")
    if found.refusal:
        raise RefusedError("", found.refusal)
    _put_back(found, by, day)
    Handover.objects.filter(pk=act.pk).update(
        state=Handover.State.BACK, back_by=by.staff_id, back_on=day.today,
        back_counts={**found.counts, "customers": found.customers, "moved_on": found.moved_on},
    )  # fmt: skip
    if act.leaves and not act.from_staff.is_active:
        reopen_access(staff=act.from_staff)
    refresh_lines(customer_ids=found.ids, day=day)
    _tell(found, day)
    sentence = ngettext(
        "%(count)s customer is back with %(name)s.", "%(count)s customers are back with %(name)s.", found.customers
    )
    return sentence % {"count": found.customers, "name": act.from_staff.name}


def _marks(act: Handover) -> dict[str, int]:
    return {"act": act.pk, "last_promise": act.last_promise, "last_entry": act.last_entry}


def _put_back(found: Backward, by: Scope, day: Day) -> None:
    values: dict[str, Any] = {
        **_marks(found.handover), "old": found.handover.from_staff_id, "ids": list(found.ids), "by": by.staff_id, "today": day.today,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement.replace("{stands_in}", STANDS_IN), values)


def _tell(found: Backward, day: Day) -> None:
    """One message to each: how many left their book, how many came back."""
    told = f"handover|back {found.handover.pk}|"
    notify(staff_ids=[found.handover.from_staff_id], kind="handover", key=f"{told}{found.customers:+d}", on=day.today)
    back = Move.objects.filter(handover=found.handover, went_back=True).exclude(customer__stage="closed")
    for staff in Staff.objects.filter(pk__in=back.values("to_staff")):
        count = back.filter(to_staff=staff).count()
        notify(staff_ids=[staff.pk], kind="handover", key=f"{told}-{count}", on=day.today)
