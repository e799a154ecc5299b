"""Hand over a book or a part of it, in one transaction: customers and all that has an owner of its own with them."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from keybook import formats
from keybook.apps.customers.queries import visible_to
from keybook.apps.customers.rooms import hold
from keybook.apps.handover.commands.access import end_access
from keybook.apps.handover.models import Handover, What
from keybook.apps.handover.queries.preview import (
    Asked,
    Preview,
    counts,
    giver_of,
    hosted_by,
    new_host,
    preview,
    text_of,
    unsettled,
)
from keybook.apps.interactions.commands import used_once
from keybook.apps.people.models import Role, Staff
from keybook.apps.people.queries import bank
from keybook.apps.people.scope import Scope
from keybook.apps.people.telling import notify
from keybook.apps.plans.models import Entry
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, refresh_lines
from keybook.apps.reminders.commands.lines import HANDED
from keybook.apps.reminders.models import Promise
from keybook.core import books, introductions, reminding

LOCK = "SELECT id FROM customers_customer WHERE id = ANY(%(ids)s) AND rm_id = %(from)s ORDER BY id FOR UPDATE"
MOVES = """
    INSERT INTO handover_move (handover_id, customer_id, from_staff_id, to_staff_id, since_on)
    SELECT %(act)s, x.customer_id, %(from)s, x.to_id, a.from_on
    FROM unnest(%(ids)s::bigint[], %(to)s::bigint[]) AS x(customer_id, to_id)
    LEFT JOIN customers_assignment a ON a.customer_id = x.customer_id AND a.until_on IS NULL
    ORDER BY x.customer_id"""
_M = "handover_move m WHERE m.handover_id = %(act)s AND m.customer_id"
_ON = "handover_move m ON m.handover_id = %(act)s AND m.customer_id"
LEDGER = (
    f"UPDATE customers_assignment a SET until_on = %(today)s FROM {_M} = a.customer_id AND a.until_on IS NULL",
    """INSERT INTO customers_assignment (customer_id, staff_id, from_on, cause, by_id)
    SELECT m.customer_id, m.to_staff_id, %(today)s, 'handover', %(by)s FROM handover_move m
    WHERE m.handover_id = %(act)s ORDER BY m.customer_id""",
    f"UPDATE customers_customer c SET rm_id = m.to_staff_id, updated_at = now() FROM {_M} = c.id",
    f"UPDATE customers_searchkey k SET rm_id = m.to_staff_id FROM {_M} = k.customer_id",
)
NOT_IN_CONFIDENCE = "NOT EXISTS (SELECT 1 FROM interactions_interaction i WHERE i.id = p.made_in_id AND i.confidential)"
PIECE = "INSERT INTO handover_piece (handover_id, customer_id, kind, row_id, was, became, facts)"
PROMISES = (
    f"""{PIECE} SELECT m.handover_id, m.customer_id, 'promise', p.id, p.staff_id, m.to_staff_id,
        jsonb_build_object('made_by', p.made_by_id)
    FROM reminders_promise p JOIN {_ON} = p.customer_id
    WHERE p.staff_id = %(from)s AND p.state = 'open' AND {NOT_IN_CONFIDENCE}""",
    """UPDATE reminders_promise p SET staff_id = x.became, made_by_id = COALESCE(p.made_by_id, p.staff_id)
    FROM handover_piece x WHERE x.handover_id = %(act)s AND x.kind = 'promise' AND x.row_id = p.id""",
)
ENTRIES = (
    f"""{PIECE} SELECT m.handover_id, m.customer_id, 'entry', e.id, e.staff_id, m.to_staff_id, '{{}}'::jsonb
    FROM plans_entry e JOIN {_ON} = e.customer_id WHERE e.staff_id = %(from)s AND e.state = 'planned'""",
    """UPDATE plans_entry e SET staff_id = x.became FROM handover_piece x
    WHERE x.handover_id = %(act)s AND x.kind = 'entry' AND x.row_id = e.id""",
)
# A seat not yet taken is looked after by whoever has the customer; the waiting list stays as it is.
SEATS = (
    f"""{PIECE} SELECT m.handover_id, m.customer_id, 'seat', g.id, g.staff_id, m.to_staff_id, '{{}}'::jsonb
    FROM events_seat g JOIN events_event v ON v.id = g.event_id JOIN {_ON} = g.customer_id
    WHERE g.staff_id = %(from)s AND v.state IN ('planned', 'open') AND g.state IN ('idea', 'invited', 'accepted', 'waiting')""",
    """UPDATE events_seat g SET staff_id = x.became FROM handover_piece x
    WHERE x.handover_id = %(act)s AND x.kind = 'seat' AND x.row_id = g.id""",
)
HOLD_HOSTED = "SELECT id FROM events_event WHERE id = ANY(%s) AND state IN ('planned', 'open') ORDER BY id FOR UPDATE"
HOST = "UPDATE events_event SET host_id = %(to)s WHERE id = ANY(%(hosted)s) AND host_id = %(from)s"
# A line handed to a deputy of the banker before comes back: the deputy stands in for somebody else.
LINES = (
    f"""{PIECE} SELECT m.handover_id, m.customer_id, 'line', l.id, l.handed_to_id, NULL, '{{}}'::jsonb
    FROM reminders_line l JOIN {_ON} = l.customer_id WHERE l.handed_to_id IS NOT NULL""",
    f"""{PIECE} SELECT m.handover_id, m.customer_id, 'share', s.id, s.staff_id, NULL,
        jsonb_build_object('until_on', s.until_on, 'reason', s.reason)
    FROM people_share s JOIN {_ON} = s.customer_id WHERE s.reason = %(handed)s""",
    """DELETE FROM people_share s USING handover_piece x
    WHERE x.handover_id = %(act)s AND x.kind = 'share' AND x.row_id = s.id""",
    f"UPDATE reminders_line l SET rm_id = m.to_staff_id, handed_to_id = NULL FROM {_M} = l.customer_id",
)
# Until the introductions are over the banker before still sees who is introduced by a joint call.
VIEWS = f"""
    WITH made AS (
        INSERT INTO people_share (customer_id, staff_id, until_on, reason)
        SELECT x.customer_id, %(from)s, %(until)s, %(why)s FROM handover_piece x
        WHERE x.handover_id = %(act)s AND x.kind = 'intro' AND x.facts->>'kind' = 'call'
        ON CONFLICT DO NOTHING RETURNING id, customer_id)
    {PIECE} SELECT %(act)s, customer_id, 'view', id, NULL, %(from)s, '{{}}'::jsonb FROM made"""
INTRODUCED = """
    SELECT m.customer_id, m.to_staff_id, t.code, c.currency FROM handover_move m
    JOIN customers_customer c ON c.id = m.customer_id JOIN customers_tier t ON t.id = c.tier_id
    WHERE m.handover_id = %(act)s AND t.code = ANY(%(tiers)s) AND c.stage <> 'closed'
    ORDER BY t.rank DESC, c.aum DESC, c.id"""
INTRODUCE = f"""
    WITH asked AS (SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb)
        AS a(customer_id bigint, staff_id bigint, kind text, text text, due_on date, currency text)),
    made AS (
        INSERT INTO reminders_promise (customer_id, staff_id, text, asked_on, due_on, direction, state)
        SELECT customer_id, staff_id, text, due_on, due_on, 'forward', 'open' FROM asked ORDER BY due_on, customer_id
        RETURNING id, customer_id, staff_id, text, due_on),
    told AS (
        INSERT INTO reminders_reminder (customer_id, cause, kind, key, opens_on, due_on, stake, currency, facts, evidence,
            rule_version, state, reason, promise_id)
        SELECT m.customer_id, 'promise', 'promise', m.id::text, m.due_on, m.due_on, 0, a.currency,
            jsonb_build_object('text', m.text, 'made_on', %(today)s::date::text), '[]'::jsonb, %(version)s, 'open', '', m.id
        FROM made m JOIN asked a USING (customer_id) RETURNING id)
    {PIECE} SELECT %(act)s, m.customer_id, 'intro', m.id, NULL, m.staff_id, jsonb_build_object('kind', a.kind)
    FROM made m JOIN asked a USING (customer_id)"""


class CountsDifferError(RuntimeError):
    """What moved is not what was there before; everything is undone."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a handover did: its number, and the sentence for the toast."""

    handover_id: int
    customers: int
    sentence: str


@transaction.atomic
def hand_over(
    *, by: Scope, asked: Asked, client_key: uuid.UUID, day: Day, seal: str = "", reason: str = ""
) -> Done:  # fmt: skip
    """Hand over in one act, once per `client_key`; with the `seal` of a preview only if that still holds.

    RefusedError says why not; nothing is half done. Customers, promises, plans, lines and campaign tasks are counted
    before and after, and any difference undoes everything.
    """
    may_hand_over(by)
    giver_of(by=by, staff_id=asked.from_id)
    hold(staff_ids=[asked.from_id, *asked.to])
    known = Handover.objects.filter(client_key=client_key, by_id=by.staff_id).first()
    if known is not None:
        return Done(known.pk, known.customers, _("Already done."))
    found = preview(by=by, asked=asked, day=day)
    _check(found, seal)
    _hold_hosted(found)
    values = _lock(found, by, day)
    act = _store(found, by, day, client_key, reason)
    values["act"] = act.pk
    _move(found, values)
    _host(found)
    _introduce(found, values, day)
    if asked.leaves:
        end_access(staff=found.from_staff, today=day.today)
        left, _notes = unsettled(staff_id=asked.from_id)
        if left:
            raise CountsDifferError(f"Handover {act.pk} would leave {left} customers with who has left.")
    refresh_lines(customer_ids=list(found.places), day=day)
    _tell(found, act, day)
    return Done(act.pk, found.customers, _said(found))


def hand_over_one(*, by: Scope, customer_id: int, to_id: int, day: Day, client_key: uuid.UUID | None = None) -> Done:
    """Give one customer to another banker, with all that a handover of many moves; NotYoursError outside the scope."""
    customer = visible_to(by).filter(pk=customer_id).first()
    if customer is None:
        raise NotYoursError
    may_hand_over(by)
    if customer.branch_id not in by.branches:
        raise PermissionDenied(_("A customer is moved to another banker by the head of the branch."))
    if customer.rm_id is None:
        raise RefusedError(
            "to", _("Nobody looks after this customer yet: the bank’s data gives them a banker tonight.")
        )
    if customer.rm_id == to_id:
        raise RefusedError("to", _("They look after this customer already."))
    asked = Asked(from_id=customer.rm_id, to=(to_id,), what=What.CHOSEN.value, chosen=(customer_id,))
    return hand_over(by=by, asked=asked, client_key=client_key or uuid.uuid4(), day=day)


@transaction.atomic
def leave(*, by: Scope, staff_id: int, day: Day) -> str:
    """End the access of somebody whose book is empty; refused while a customer is left in it."""
    may_hand_over(by)
    staff = giver_of(by=by, staff_id=staff_id)
    hold(staff_ids=[staff_id])
    if staff_id == by.staff_id:
        raise RefusedError("leaves", _("Nobody ends their own access: the head above you does."))
    left, _notes = unsettled(staff_id=staff_id)
    if left:
        sentence = ngettext(
            "%(count)s customer is still in this book: hand it over first, or in the same act.",
            "%(count)s customers are still in this book: hand it over first, or in the same act.",
            left,
        )
        raise RefusedError("leaves", sentence % {"count": left})
    if hosted := hosted_by(staff_id=staff_id):
        sentence = ngettext(
            "They receive the guests of %(count)s event to come: name another host first.",
            "They receive the guests of %(count)s events to come: name another host first.",
            len(hosted),
        )
        raise RefusedError("leaves", sentence % {"count": len(hosted)})
    end_access(staff=staff, today=day.today)
    return _("The access of %(name)s has ended.") % {"name": staff.name}


def may_hand_over(by: Scope) -> None:
    """Raise PermissionDenied unless this is a branch head."""
    if by.role != Role.HEAD:
        raise PermissionDenied(_("A customer is moved to another banker by the head of the branch."))


def _check(found: Preview, seal: str) -> None:
    if found.refusals:
        raise RefusedError(*found.refusals[0])
    if seal and seal != found.seal:
        raise RefusedError(
            "", _("The book has changed since this preview: look at it again. Nothing has been handed over.")
        )


def _lock(found: Preview, by: Scope, day: Day) -> dict[str, Any]:
    """Hold every customer that moves; refuse when one has gone elsewhere meanwhile."""
    ids = sorted(found.places)
    values: dict[str, Any] = {
        "ids": ids, "to": [found.places[each] for each in ids], "from": found.from_staff.pk, "by": by.staff_id,
        "today": day.today, "handed": HANDED,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(LOCK, values)
        held = len(cursor.fetchall())
    if held != len(ids):
        raise RefusedError(
            "", _("The book has changed since this preview: look at it again. Nothing has been handed over.")
        )
    return values


def _store(found: Preview, by: Scope, day: Day, client_key: uuid.UUID, reason: str) -> Handover:
    asked = found.asked
    intro = asked.introduction
    last = Max("pk", default=0)
    with used_once():
        return Handover.objects.create(
            from_staff=found.from_staff, by_id=by.staff_id, on=day.today, until_on=found.until_on, what=asked.what,
            which=list(asked.which), rule=asked.rule, leaves=asked.leaves, customers=found.customers,
            counts={**found.counts, "hosted": len(_hosted(found)), "closed": found.closed, "introduced": sum(found.introduced.values())},
            introduction={"kinds": dict(intro.kinds), "within": intro.within, "texts": dict(intro.texts)},
            reason=" ".join(reason.split())[:200], rule_version=books.RULE_VERSION, client_key=client_key,
            hosted=_hosted(found), last_promise=Promise.objects.aggregate(last=last)["last"], last_entry=Entry.objects.aggregate(last=last)["last"],
        )  # fmt: skip


def _move(found: Preview, values: Mapping[str, Any]) -> None:
    """Move everything by sets, and count it again."""
    moved: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(MOVES, values)
        moved["customers"] = cursor.rowcount
        for statement in LEDGER:
            cursor.execute(statement, values)
        for name, statements in (("promises", PROMISES), ("entries", ENTRIES), ("seats", SEATS), ("lines", LINES)):
            for place, statement in enumerate(statements):
                cursor.execute(statement, values)
                if not place:
                    moved[name] = cursor.rowcount
    after = sum(
        (Counter(counts(customer_ids=_of(found, staff_id), staff_id=staff_id))
         for staff_id in set(found.places.values())), Counter(),
    )  # fmt: skip
    _compare(found, moved, after)


def _of(found: Preview, staff_id: int) -> list[int]:
    """The customers who go to this banker."""
    return [each for each, to in found.places.items() if to == staff_id]


def _hosted(found: Preview) -> list[int]:
    """The events whose guests somebody else receives from now on."""
    host = new_host(asked=found.asked, takers=[each.staff for each in found.takers])
    return list(found.hosted) if host is not None else []


def _hold_hosted(found: Preview) -> None:
    """Hold those events before the customers, as whoever gives a seat does."""
    if found.hosted:
        with connection.cursor() as cursor:
            cursor.execute(HOLD_HOSTED, [list(found.hosted)])


def _host(found: Preview) -> None:
    """The first who takes over receives the guests in their place."""
    hosted = _hosted(found)
    if not hosted:
        return
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"to": found.takers[0].staff.pk, "hosted": hosted, "from": found.from_staff.pk}
        cursor.execute(HOST, values)
        if cursor.rowcount != len(hosted):
            raise CountsDifferError(f"Events hosted before and after differ: {len(hosted)}, {cursor.rowcount}")


def _compare(found: Preview, moved: Mapping[str, int], after: Mapping[str, int]) -> None:
    """Count before = count after, or nothing has happened."""
    before = {**found.counts, "customers": len(found.places)}
    wrong = {name: (before[name], moved[name]) for name in moved if before[name] != moved[name]}
    for name in ("reminders", "campaign", "gifts", "without", "seats"):
        if before[name] != after.get(name, 0):
            wrong[name] = (before[name], after.get(name, 0))
    if wrong:
        raise CountsDifferError(f"Before and after differ: {wrong}")


def _introduce(found: Preview, values: Mapping[str, Any], day: Day) -> None:
    """Promise an introduction to those of the chosen tiers, the highest first, spread over the workdays."""
    intro = found.asked.introduction
    if not intro.kinds:
        return
    with connection.cursor() as cursor:
        cursor.execute(INTRODUCED, {**values, "tiers": sorted(intro.kinds)})
        rows = cursor.fetchall()
        on = introductions.days(count=len(rows), within=intro.within, today=day.today, calendar=day.calendar)
        promised = [
            {
                "customer_id": customer_id, "staff_id": staff_id, "kind": intro.kinds[tier], "currency": currency,
                "text": _words(found, intro.kinds[tier], staff_id)[:200], "due_on": due_on.isoformat(),
            }
            for (customer_id, staff_id, tier, currency), due_on in zip(rows, on, strict=True)
        ]  # fmt: skip
        if not promised:
            return
        cursor.execute(INTRODUCE, {**values, "rows": json.dumps(promised), "version": reminding.RULE_VERSION})
        if not found.asked.leaves:
            until = day.calendar.add_workdays(day.today, intro.within + 1)
            cursor.execute(VIEWS, {**values, "until": until, "why": "introduction"})


def _words(found: Preview, kind: str, staff_id: int) -> str:
    """The words of one introduction, in the language of who takes over unless they were typed."""
    to = next(taker.staff for taker in found.takers if taker.staff.pk == staff_id)
    said, zh = bank(), to.language.startswith("zh")
    facts = {
        "old": _name(found.from_staff, to.language), "banker": _name(to, to.language),
        "bank": said.name_zh if zh and said.name_zh else said.name,
    }  # fmt: skip
    return introductions.fill(text=text_of(found.asked.introduction, kind, to.language), facts=facts)


def _name(staff: Staff, language: str) -> str:
    return formats.customer_name(staff.name, staff.name_zh, language)[0]


def _tell(found: Preview, act: Handover, day: Day) -> None:
    """One message to each who takes over, and one to the banker before: numbers, no name."""
    told = f"handover|{act.pk}|"
    for taker in found.takers:
        if taker.given:
            along = counts(customer_ids=_of(found, taker.staff.pk), staff_id=taker.staff.pk)
            tasks, seats = along["campaign"], along["seats"]
            key = f"{told}{taker.given:+d}" + (f" {tasks}" if tasks or seats else "") + (f" {seats}" if seats else "")
            notify(staff_ids=[taker.staff.pk], kind="handover", key=key, on=day.today)
    if not found.asked.leaves and found.customers:
        notify(staff_ids=[found.from_staff.pk], kind="handover", key=f"{told}-{found.customers}", on=day.today)


def _said(found: Preview) -> str:
    language = get_language() or "en"
    names = _(", ").join(_name(taker.staff, language) for taker in found.takers if taker.given)
    sentence = ngettext(
        "%(count)s customer of %(old)s is now looked after by %(names)s.",
        "%(count)s customers of %(old)s are now looked after by %(names)s.",
        found.customers,
    )
    said = sentence % {"count": found.customers, "old": _name(found.from_staff, language), "names": names}
    parts, tasks, seats = [said], found.counts["campaign"], found.counts["seats"]
    if tasks:
        along = ngettext("%(tasks)s campaign task came along.", "%(tasks)s campaign tasks came along.", tasks)
        parts.append(along % {"tasks": tasks})
    if seats:
        along = ngettext("%(seats)s seat at an event came along.", "%(seats)s seats at events came along.", seats)
        parts.append(along % {"seats": seats})
    return ("" if language.startswith("zh") else " ").join(parts)
