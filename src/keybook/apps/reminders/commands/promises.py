"""Promises: made, changed with a reason, withdrawn, and moved with the date they hang on; each change is kept."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands.lines import lock_customer
from keybook.apps.reminders.commands.ranking import refresh_lines
from keybook.apps.reminders.commands.refusals import NotYoursError, RefusedError
from keybook.apps.reminders.commands.standing import restate
from keybook.apps.reminders.models import Direction, Promise, Reminder
from keybook.apps.reminders.queries import Day, time_fact, when
from keybook.apps.reminders.rules import rules_of
from keybook.core import reminding

LONGEST_TEXT = 200
FURTHEST = dt.timedelta(days=730)
MOVED_WITH_ITS_DATE = "moved with its date"
ANCHORS = """
    SELECT p.id, p.customer_id, p.asked_on, p.due_on, p.direction, p.lead_days, p.hung_on,
           CASE p.hangs_on WHEN 'holding' THEN h.matures_on WHEN 'held_away' THEN a.matures_on
                           WHEN 'occasion' THEN o.next_on END
    FROM reminders_promise p
    LEFT JOIN customers_holding h
        ON p.hangs_on = 'holding' AND h.number = p.hangs_ref AND h.customer_id = p.customer_id
    LEFT JOIN customers_heldaway a
        ON p.hangs_on = 'held_away' AND a.id::text = p.hangs_ref AND a.customer_id = p.customer_id
    LEFT JOIN reminders_occasion o
        ON p.hangs_on = 'occasion' AND o.id::text = p.hangs_ref AND o.customer_id = p.customer_id
    WHERE p.state = 'open' AND (%(all)s OR p.customer_id = ANY(%(ids)s::bigint[])) ORDER BY p.id"""
DATES = {
    "holding": "SELECT matures_on FROM customers_holding WHERE customer_id = %s AND number = %s",
    "held_away": "SELECT matures_on FROM customers_heldaway WHERE customer_id = %s AND id::text = %s",
    "occasion": "SELECT next_on FROM reminders_occasion WHERE customer_id = %s AND id::text = %s",
}
PLACE = """
    WITH moved AS (
        UPDATE reminders_promise SET asked_on = %(asked_on)s, due_on = %(due_on)s, hung_on = %(hung_on)s,
            reason = CASE WHEN %(why)s = '' THEN reason ELSE %(why)s END
        WHERE id = %(id)s AND state = 'open' RETURNING id
    )
    UPDATE reminders_reminder r SET due_on = %(due_on)s, opens_on = %(due_on)s,
        facts = (r.facts - 'moved_from') || %(moved)s::jsonb
    FROM moved WHERE r.promise_id = moved.id AND r.state = 'open'"""


# What a promise hangs on is what is at stake in it, in the customer's currency; the opening sentence speaks of it.
STAKES = """
    UPDATE reminders_reminder r SET stake = COALESCE(x.amount, 0),
        facts = (r.facts - 'amount' - 'matures_on') || CASE WHEN x.amount IS NULL THEN '{}'::jsonb
            ELSE jsonb_build_object('amount', x.amount::text, 'matures_on', x.matures_on::text) END
    FROM (
        SELECT p.id, COALESCE(h.balance, a.amount) AS amount, COALESCE(h.matures_on, a.matures_on) AS matures_on
        FROM reminders_promise p JOIN customers_customer c ON c.id = p.customer_id
        LEFT JOIN customers_holding h ON p.hangs_on = 'holding' AND h.number = p.hangs_ref
            AND h.customer_id = p.customer_id AND h.currency = c.currency AND h.matures_on IS NOT NULL
        LEFT JOIN customers_heldaway a ON p.hangs_on = 'held_away' AND a.id::text = p.hangs_ref
            AND a.customer_id = p.customer_id AND a.currency = c.currency AND a.matures_on IS NOT NULL
        WHERE p.state = 'open' AND (%(all)s OR p.customer_id = ANY(%(ids)s::bigint[]))
    ) x
    WHERE r.promise_id = x.id AND r.state = 'open' AND (x.amount IS NOT NULL OR r.facts ? 'matures_on')
        AND (r.stake, r.facts->>'amount', r.facts->>'matures_on')
            IS DISTINCT FROM (COALESCE(x.amount, 0), x.amount::text, x.matures_on::text)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A promise as somebody gives it: words, and a day or a date of the customer's that it hangs on; the time if one was said.

    `hangs_on` is holding, held_away or occasion, `hangs_ref` the holding's number or the row's id. Without lead days
    and direction the bank's rule says them.
    """

    text: str
    on: dt.date | None = None
    time: dt.time | None = None
    hangs_on: str = ""
    hangs_ref: str = ""
    lead_days: int | None = None
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Promised:
    """What was done: the toast's sentence, the promise, its day and the day it was moved from."""

    sentence: str
    promise_id: int
    due_on: dt.date
    moved_from: dt.date | None = None


@dataclass(frozen=True, slots=True)
class _Days:
    """All days of a promise, decided."""

    asked_on: dt.date
    placed: reminding.Placed
    direction: str
    lead_days: int
    hung_on: dt.date | None


@transaction.atomic
def make_promise(*, by: Scope, customer_id: int, said: Said, day: Day) -> Promised:
    """Store a promise of `by` to the customer and put it on the list on its workday."""
    by.require_log()
    customer = lock_customer(by=by, customer_id=customer_id)
    text = _text(said.text)
    days = _decide(customer_id, said, day)
    promise = Promise.objects.create(customer_id=customer_id, staff_id=by.staff_id, text=text, **_columns(said, days))
    Reminder.objects.create(
        customer_id=customer_id, cause=Reminder.Cause.PROMISE, kind="promise", key=str(promise.pk),
        opens_on=days.placed.on, due_on=days.placed.on, currency=customer.currency, promise=promise,
        rule_version=reminding.RULE_VERSION, facts={
            "text": text, "made_on": day.today.isoformat(), **time_fact(said.time), **_moved(days.placed),
        },
    )  # fmt: skip
    weigh_promises(customer_ids=[customer_id])
    refresh_lines(customer_ids=[customer_id], day=day)
    return Promised(_told(text, days, said.time, day), promise.pk, days.placed.on, days.placed.moved_from)


@transaction.atomic
def change_promise(*, by: Scope, customer_id: int, promise_id: int, said: Said, reason: str, day: Day) -> Promised:
    """Change an open promise; another day needs its reason, which is kept with the old day in the history."""
    by.require_log()
    lock_customer(by=by, customer_id=customer_id)
    promise = _open(by, customer_id, promise_id)
    text, why = _text(said.text), _reason(reason)
    same = (said.hangs_on, said.hangs_ref) == (promise.hangs_on, promise.hangs_ref) and (
        said.hangs_on or said.on in {promise.asked_on, promise.due_on}
    )
    same = same and said.lead_days in {None, promise.lead_days} and said.direction in {"", promise.direction}
    if not same and not why:
        raise RefusedError("reason", _("Say why it moves: what was promised first is kept beside it."))
    if same:
        days = _Days(
            promise.asked_on or promise.due_on,
            reminding.Placed(promise.due_on, promise.asked_on if promise.asked_on != promise.due_on else None),
            promise.direction, promise.lead_days, promise.hung_on,
        )  # fmt: skip
    else:
        days = _decide(customer_id, said, day)
    Promise.objects.filter(pk=promise_id).update(text=text, reason=why or promise.reason, **_columns(said, days))
    for reminder in Reminder.objects.filter(promise_id=promise_id, state=Reminder.State.OPEN):
        facts = {key: value for key, value in reminder.facts.items() if key not in {"moved_from", "time"}}
        Reminder.objects.filter(pk=reminder.pk).update(
            opens_on=days.placed.on,
            due_on=days.placed.on,
            facts={**facts, "text": text, **time_fact(said.time), **_moved(days.placed)},
        )
    weigh_promises(customer_ids=[customer_id])
    refresh_lines(customer_ids=[customer_id], day=day)
    return Promised(_told(text, days, said.time, day), promise_id, days.placed.on, days.placed.moved_from)


@transaction.atomic
def withdraw_promise(*, by: Scope, customer_id: int, promise_id: int, reason: str, day: Day) -> Promised:
    """Take an open promise back, with the reason; it counts neither as kept nor as broken."""
    by.require_log()
    lock_customer(by=by, customer_id=customer_id)
    promise = _open(by, customer_id, promise_id)
    why = _reason(reason)
    if not why:
        raise RefusedError("reason", _("Say why in a few words: it stays with the promise."))
    Promise.objects.filter(pk=promise_id).update(state=Promise.State.WITHDRAWN, closed_on=day.today, reason=why)
    Reminder.objects.filter(promise_id=promise_id, state=Reminder.State.OPEN).update(
        state=Reminder.State.DISMISSED, closed_on=day.today, closed_by=by.staff_id, reason=why
    )
    refresh_lines(customer_ids=[customer_id], day=day)
    return Promised(_("Withdrawn: %(text)s.") % {"text": promise.text.rstrip(".。")}, promise_id, promise.due_on)


@transaction.atomic
def keep_promise(*, by: Scope, customer_id: int, promise_id: int, day: Day) -> Promised:
    """Say that a promise has been kept without a contact to log: something was sent, looked up, arranged."""
    by.require_log()
    lock_customer(by=by, customer_id=customer_id)
    promise = _open(by, customer_id, promise_id)
    Promise.objects.filter(pk=promise_id).update(state=Promise.State.KEPT, closed_on=day.today)
    Reminder.objects.filter(promise_id=promise_id, state=Reminder.State.OPEN).update(
        state=Reminder.State.DONE, closed_on=day.today, closed_by=by.staff_id
    )
    restate(customer_ids=[customer_id], day=day)
    refresh_lines(customer_ids=[customer_id], day=day)
    return Promised(_("Kept: %(text)s.") % {"text": promise.text.rstrip(".。")}, promise_id, promise.due_on)


@transaction.atomic
def move_promises(*, day: Day, customer_ids: Sequence[int] | None = None) -> int:
    """Let open promises follow the dates they hang on and the calendar; give how many moved.

    One that is late already stays where it is, unless its date has moved: a new calendar does not make it kept.
    """
    moved = 0
    with connection.cursor() as cursor:
        cursor.execute(ANCHORS, {"all": customer_ids is None, "ids": list(customer_ids or ())})
        for promise_id, _customer, asked_on, due_on, direction, lead_days, hung_on, date_on in cursor.fetchall():
            asked = asked_on or due_on
            if date_on is not None:
                asked = reminding.hung_on(
                    date_on=date_on, seen_on=hung_on, asked_on=asked, lead_days=lead_days, today=day.today
                )
            follows = date_on is not None and date_on != hung_on
            if due_on < day.today and not follows:
                continue
            at = reminding.promised(asked_on=asked, direction=direction, calendar=day.calendar, today=day.today)
            if (at.on, asked) != (due_on, asked_on or due_on) or follows:
                values = {
                    "id": promise_id, "asked_on": asked, "due_on": at.on, "hung_on": date_on or hung_on,
                    "why": MOVED_WITH_ITS_DATE if follows else "", "moved": json.dumps(_moved(at)),
                }  # fmt: skip
                cursor.execute(PLACE, values)
                moved += 1
    weigh_promises(customer_ids=customer_ids)
    return moved


def weigh_promises(*, customer_ids: Sequence[int] | None = None) -> None:
    """Put on the reminder of each open promise the money of the maturity it hangs on; none means of everyone."""
    with connection.cursor() as cursor:
        cursor.execute(STAKES, {"all": customer_ids is None, "ids": list(customer_ids or ())})


def _decide(customer_id: int, said: Said, day: Day) -> _Days:
    """Every day of a promise, or a refusal with the field to correct."""
    placing = rules_of().placing
    rule = placing["maturity" if said.hangs_on else "promise"]
    lead_days = (rule.lead_days if said.hangs_on else 0) if said.lead_days is None else said.lead_days
    direction = said.direction or rule.direction
    if direction not in Direction.values:
        raise RefusedError("direction", _("Choose where it goes from a day nobody works."))
    try:
        reminding.check_lead(days=lead_days)
    except reminding.LeadError:
        raise RefusedError("lead_days", _("0 to 365 days ahead are possible.")) from None
    hung = _date_of(customer_id, said, day) if said.hangs_on else None
    asked = _asked(said, day) if hung is None else max(hung - dt.timedelta(days=lead_days), day.today)
    at = reminding.promised(asked_on=asked, direction=direction, calendar=day.calendar, today=day.today)  # type: ignore[arg-type]
    return _Days(asked, at, direction, lead_days, hung)


def _asked(said: Said, day: Day) -> dt.date:
    """The day that was said."""
    if said.on is None:
        raise RefusedError("on", _("Write the day by which it is due."))
    if said.on < day.today:
        raise RefusedError("on", _("That day has passed. Choose today or later."))
    if said.on - day.today > FURTHEST:
        raise RefusedError("on", _("That is more than two years away. Check the year."))
    return said.on


def _date_of(customer_id: int, said: Said, day: Day) -> dt.date:
    """The date of this customer's that the promise hangs on."""
    found = None
    if said.hangs_on in DATES:
        with connection.cursor() as cursor:
            cursor.execute(DATES[said.hangs_on], [customer_id, said.hangs_ref])
            row = cursor.fetchone()
            found = row[0] if row else None
    if found is None:
        raise RefusedError("hangs", _("This customer has no such date. Choose another, or write a day."))
    if found < day.today:
        raise RefusedError("hangs", _("That date has passed. Choose another, or write a day."))
    return dt.date.fromisoformat(found.isoformat())


def _open(by: Scope, customer_id: int, promise_id: int) -> Promise:
    """An open promise to this customer; one made in confidence is known to who made it alone."""
    promise = Promise.objects.select_related("made_in").filter(pk=promise_id, customer_id=customer_id).first()
    hidden = promise is not None and promise.made_in is not None and promise.made_in.confidential
    if promise is None or (hidden and promise.staff_id != by.staff_id):
        raise NotYoursError
    if promise.state != Promise.State.OPEN:
        raise RefusedError("", _("This promise is closed: it stays as it is."))
    return promise


def _text(text: str) -> str:
    tidy = " ".join(text.split())
    if not tidy:
        raise RefusedError("text", _("Write in a few words what is promised."))
    if len(tidy) > LONGEST_TEXT:
        raise RefusedError("text", _("At most 200 characters: say it shorter."))
    return tidy


def _reason(reason: str) -> str:
    tidy = " ".join(reason.split())
    if len(tidy) > LONGEST_TEXT:
        raise RefusedError("reason", _("At most 200 characters: say it shorter."))
    return tidy


def _columns(said: Said, days: _Days) -> dict[str, Any]:
    return {
        "asked_on": days.asked_on, "due_on": days.placed.on, "due_time": said.time, "direction": days.direction,
        "lead_days": days.lead_days if said.hangs_on else 0, "hangs_on": said.hangs_on,
        "hangs_ref": said.hangs_ref if said.hangs_on else "", "hung_on": days.hung_on,
    }  # fmt: skip


def _moved(at: reminding.Placed) -> Mapping[str, str]:
    """The day a reminder was moved from, as its facts hold it."""
    return {"moved_from": at.moved_from.isoformat()} if at.moved_from else {}


def _told(text: str, days: _Days, time: dt.time | None, day: Day) -> str:
    """The toast: what, when, and why there."""
    said = {"step": text.rstrip(".。"), "date": when(days.placed.on, time, day)}
    if days.placed.moved_from:
        return _("Kept. %(step)s: %(date)s, because %(asked)s is no workday.") % {
            **said, "asked": day.say(days.placed.moved_from),
        }  # fmt: skip
    return _("Kept. %(step)s: %(date)s.") % said
