"""Logging a contact: it becomes history, answers what waited for it, and may leave a promise on the list."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from keybook.apps.customers.commands import NotSavedError
from keybook.apps.customers.maturing import tell_fate
from keybook.apps.customers.models import Customer
from keybook.apps.interactions import commands as interactions
from keybook.apps.interactions.commands import Contact
from keybook.apps.interactions.queries import knows
from keybook.apps.people.planned import one_transaction, planned
from keybook.apps.people.scope import Scope
from keybook.apps.people.spoken import spoken
from keybook.apps.reminders.commands.lines import lock_customer
from keybook.apps.reminders.commands.ranking import drop_line, refresh_lines
from keybook.apps.reminders.commands.refusals import NotYoursError, RefusedError
from keybook.apps.reminders.commands.standing import restate
from keybook.apps.reminders.models import Line, Promise, Reminder
from keybook.apps.reminders.queries import Day, time_fact, when
from keybook.apps.standards import words
from keybook.apps.standards.queries import EXCEPTED, IN_FORCE
from keybook.core.cadence import qualifies
from keybook.core.contacts import answers, meant
from keybook.core.reminding import DEFAULTS, promised
from keybook.core.workdays import Direction

DIRECTIONS: tuple[Direction, ...] = ("forward", "back", "modified")

# Sent in the transaction that stores one which others may know of, for the apps above to hear: `customer_id`, `contact`,
# `interaction_id`, `closed` (reminders), `day`; and when one has turned out otherwise: also `instead_of`, the row
# before. Where the customer has answered something, `reply_given` comes first of all: what is held for it is held before
# the customer is, always in that order.
reply_given = Signal()
contact_logged = Signal()
contact_corrected = Signal()
FURTHEST = dt.timedelta(days=730)
OPEN = f"""
    SELECT r.id, r.cause, r.due_on, r.promise_id, COALESCE(NULLIF(exc.channels, '{{}}'), std.channels)
    FROM reminders_reminder r JOIN customers_customer c ON c.id = r.customer_id {IN_FORCE} {EXCEPTED}
    WHERE r.customer_id = %(customer)s AND r.state = 'open' AND r.opens_on <= %(today)s"""
SETTLE = """
    WITH done AS (
        UPDATE reminders_reminder SET state = 'done', closed_by_id = %(by)s, closed_on = %(today)s,
            closed_in_id = %(contact)s
        WHERE id = ANY(%(ids)s::bigint[])
    )
    UPDATE reminders_promise SET state = 'kept', closed_on = %(today)s, kept_in_id = %(contact)s
    WHERE id = ANY(%(promises)s::bigint[]) AND state = 'open'"""

# The bank's rule picks one of the three days in the statement that stores it, so that logging asks nothing more.
PROMISE = """
    WITH made AS (
        INSERT INTO reminders_promise (customer_id, staff_id, text, asked_on, due_on, due_time, direction, made_in_id, state)
        SELECT %(customer)s, %(staff)s, %(text)s, %(asked_on)s::date, (%(days)s::jsonb->>rule.direction)::date, %(time)s::time, rule.direction,
            %(contact)s, 'open'
        FROM (SELECT COALESCE((SELECT direction FROM reminders_rule WHERE kind = 'promise'), %(usual)s) AS direction)
            rule
        RETURNING id, due_on
    )
    INSERT INTO reminders_reminder (customer_id, cause, kind, key, opens_on, due_on, stake, currency, facts, evidence,
        rule_version, state, reason, promise_id)
    SELECT %(customer)s, 'promise', 'promise', made.id::text, made.due_on, made.due_on, 0, %(currency)s,
        %(facts)s::jsonb || CASE WHEN made.due_on = %(asked_on)s::date THEN '{}'::jsonb
            ELSE jsonb_build_object('moved_from', %(asked_on)s::date::text) END,
        '[]', '', 'open', '', made.id
    FROM made RETURNING due_on"""


@dataclass(frozen=True, slots=True)
class Logged:
    """What logging did: the toast's sentence, the row, what it closed, and where the promise came to lie."""

    sentence: str
    interaction_id: int
    repeated: bool = False
    closed: tuple[int, ...] = ()
    promised_on: dt.date | None = None
    moved_from: dt.date | None = None
    still_on_list: bool = False


def log_contact(
    *,
    by: Scope,
    customer_id: int,
    contact: Contact,
    closes: Sequence[int] | None = None,
    day: Day,
    fates: Sequence[tuple[str, str]] = (),
) -> Logged:
    """Store the contact and everything that follows from it, once per `client_key`.

    `fates` says what became of deposits that fall due about now: (key of a `maturing.Maturing`, rolled, moved_in …).

    `closes` names the reminders it answers; None means all that were open. Two people who log at once follow one
    another: both contacts are kept, and what the first has closed stays closed.
    """
    by.require_log()
    with one_transaction():
        if contact.replies:
            _may_answer(contact)
            reply_given.send(
                sender=log_contact, customer_id=customer_id, reminder_ids=[each for each, _ in contact.replies]
            )
        customer = lock_customer(by=by, customer_id=customer_id)
        contact = _checked(contact, day)
        stored = interactions.store(staff_id=by.staff_id, customer_id=customer_id, contact=contact)
        if stored.repeated:
            return Logged(_("Already saved."), stored.id, repeated=True)
        if contact.confidential:
            return _in_confidence(customer, by, contact, stored.id, day)
        _tell(by, customer_id, fates, day)
        closed, left, uncounted = _close(customer, by, contact, stored.id, closes, day)
        greeted = _greeted_before(set(closes or ()) - set(closed), day)
        promised_on = _promise(customer, by, contact, stored.id, day)
        opened = promised_on is not None and promised_on <= day.today
        on_list = _follow(customer, contact, day, left=left or opened)
        contact_logged.send(
            sender=log_contact,
            customer_id=customer_id,
            contact=contact,
            interaction_id=stored.id,
            closed=closed,
            day=day,
        )
    moved = contact.next_on if promised_on and promised_on != contact.next_on else None
    return Logged(
        sentence=_said(customer, contact, promised_on, moved, day) + greeted + uncounted, interaction_id=stored.id,
        closed=closed, promised_on=promised_on, moved_from=moved, still_on_list=on_list,
    )  # fmt: skip


def _may_answer(contact: Contact) -> None:
    """Refuse an answer that nobody can have given, or that nobody else may know of."""
    if not contact.spoke:
        raise RefusedError("reply", _("An answer is written down when you have spoken with them."))
    if contact.confidential:
        raise RefusedError("reply", _("Others keep a seat for them: an answer is not written down in confidence."))


def _tell(by: Scope, customer_id: int, fates: Sequence[tuple[str, str]], day: Day) -> None:
    """Store what the customer said has become of a deposit."""
    if not fates:
        return
    try:
        tell_fate(scope=by, customer_id=customer_id, today=day.today, told=fates)
    except NotSavedError as refusal:
        raise RefusedError("fate", str(refusal)) from refusal


def _in_confidence(customer: Customer, by: Scope, contact: Contact, interaction_id: int, day: Day) -> Logged:
    """What a confidential contact does: it is kept, its promise is its author's alone, and nothing others see changes."""
    if contact.next_on is None:
        sentence = _("Saved in confidence. Nothing that others see has changed.")
        return Logged(sentence, interaction_id, still_on_list=True)
    due_on = day.calendar.next_workday(contact.next_on)
    Promise.objects.create(
        customer_id=customer.pk, staff_id=by.staff_id, text=contact.next_step, asked_on=contact.next_on, due_on=due_on,
        due_time=contact.next_time, made_in_id=interaction_id,
    )  # fmt: skip
    sentence = _("Saved in confidence. %(step)s: %(date)s, on your own list alone.") % {
        "step": contact.next_step, "date": when(due_on, contact.next_time, day),
    }  # fmt: skip
    moved = contact.next_on if due_on != contact.next_on else None
    return Logged(sentence, interaction_id, promised_on=due_on, moved_from=moved, still_on_list=True)


@transaction.atomic
def correct_contact(*, by: Scope, interaction_id: int, contact: Contact, day: Day) -> Logged:
    """Store a correction: the original stays in the history, its promise moves to what is now right."""
    by.require_log()
    known = knows(scope=by).filter(pk=interaction_id).values_list("customer_id", "confidential").first()
    if known is None:
        raise NotYoursError
    customer_id, confidential = known
    customer = lock_customer(by=by, customer_id=customer_id)
    contact = _checked(contact, day, already=True)
    stored = interactions.correct(by=by, interaction_id=interaction_id, contact=contact)
    if stored.repeated:
        return Logged(_("Already saved."), stored.id, repeated=True)
    _withdraw(interaction_id, day)
    if confidential:
        return _in_confidence(customer, by, contact, stored.id, day)
    promised_on = _promise(customer, by, contact, stored.id, day)
    contact_corrected.send(
        sender=correct_contact, contact=contact, interaction_id=stored.id, instead_of=interaction_id, day=day
    )
    restate(customer_ids=[customer_id], day=day)
    refresh_lines(customer_ids=[customer_id], day=day)
    return Logged(_("Corrected. The original stays in the history."), stored.id, promised_on=promised_on)


def _checked(contact: Contact, day: Day, *, already: bool = False) -> Contact:
    """The contact as it can be stored; refused with the field that has to change.

    A date for the next step without words gets them; words without a date are asked for one. In a correction
    (`already`) a date that has passed in the meantime may stand.
    """
    if day.at(contact.at) > day.today:
        raise RefusedError("on", _("A contact is logged once it has happened: choose today or earlier."))
    if contact.next_step and contact.next_on is None:
        raise RefusedError("next_on", _("Write the day by which it is due."))
    if contact.next_on is None and contact.next_time is not None:
        raise RefusedError("next_on", _("Write the day that goes with the time."))
    if contact.next_on is None:
        return contact
    if contact.next_on < day.today and not already:
        raise RefusedError("next_on", _("That day has passed. Choose today or later."))
    if contact.next_on - day.today > FURTHEST:
        raise RefusedError("next_on", _("That is more than two years away. Check the year."))
    return replace(contact, next_step=contact.next_step or _("Contact again"))


def _close(
    customer: Customer, by: Scope, contact: Contact, interaction_id: int, closes: Sequence[int] | None, day: Day
) -> tuple[tuple[int, ...], bool, str]:
    """Settle the reminders this contact answers, and keep the promises among them.

    Gives their ids, if any is left, and a sentence where we spoke by a channel that the contact standard does not count.
    """
    with planned() as cursor:
        cursor.execute(OPEN, {"customer": customer.pk, "today": day.today})
        rows = cursor.fetchall()
        settled = [
            (reminder_id, promise_id)
            for reminder_id, cause, due_on, promise_id, counting in rows
            if (
                qualifies(channel=contact.channel, outcome=contact.outcome, channels=counting or ())
                if cause == "standard"  # a contact that counts answers it, meant or not
                else answers(outcome=contact.outcome, cause=cause)
                and (
                    meant(cause=cause, due_on=due_on, today=day.today, alone=len(rows) == 1)
                    if closes is None
                    else reminder_id in closes
                )
            )
        ]
        done = {reminder_id for reminder_id, _promise_id in settled}
        uncounted = next(
            (_uncounted(contact, row[4] or ()) for row in rows if row[1] == "standard" and row[0] not in done), ""
        )
        if not settled:
            return (), bool(rows), uncounted
        ids = tuple(reminder_id for reminder_id, _promise_id in settled)
        promises = [promise_id for _id, promise_id in settled if promise_id]
        cursor.execute(
            SETTLE,
            {"ids": list(ids), "promises": promises, "by": by.staff_id, "today": day.today, "contact": interaction_id},
        )
    return ids, len(rows) > len(settled), uncounted


def _uncounted(contact: Contact, counting: Sequence[str]) -> str:
    """Say that the standard stays due although we spoke, and which channels would have answered it."""
    if not contact.spoke:
        return ""
    return " " + _("The contact standard stays due: it counts %(channels)s.") % {"channels": words.channels(counting)}


def _greeted_before(missed: set[int], day: Day) -> str:
    """Say who had greeted before, when a contact was meant to answer an occasion that somebody has answered."""
    row: Any = missed and (
        Reminder.objects.filter(pk__in=missed, cause=Reminder.Cause.OCCASION, state=Reminder.State.DONE)
        .values_list("closed_by__name", "closed_on")
        .first()
    )
    if not row:
        return ""
    return " " + _("%(name)s had greeted already, on %(date)s.") % {"name": row[0] or "", "date": day.say(row[1])}


def _promise(customer: Customer, by: Scope, contact: Contact, interaction_id: int, day: Day) -> dt.date | None:
    """Put the next step on the list as a promise, on a workday; give that day."""
    if contact.next_on is None:
        return None
    facts = {"text": contact.next_step, "made_on": day.at(contact.at).isoformat(), **time_fact(contact.next_time)}
    days = {
        each: promised(asked_on=contact.next_on, direction=each, calendar=day.calendar, today=day.today).on.isoformat()
        for each in DIRECTIONS
    }
    values: dict[str, Any] = {
        "customer": customer.pk, "staff": by.staff_id, "text": contact.next_step, "asked_on": contact.next_on,
        "time": contact.next_time, "days": json.dumps(days), "usual": DEFAULTS["promise"].direction, "contact": interaction_id,
        "currency": customer.currency, "facts": json.dumps(facts, ensure_ascii=False),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(PROMISE, values)
        due_on: dt.date = cursor.fetchone()[0]
    return due_on


def _withdraw(interaction_id: int, day: Day) -> None:
    """Take back the promise that a corrected contact had made, unless it has been kept already."""
    promises = list(
        Promise.objects.filter(made_in=interaction_id, state=Promise.State.OPEN).values_list("id", flat=True)
    )
    Reminder.objects.filter(promise_id__in=promises, state=Reminder.State.OPEN).update(
        state=Reminder.State.DISMISSED, closed_on=day.today, reason="corrected"
    )
    Promise.objects.filter(pk__in=promises).update(state=Promise.State.WITHDRAWN, closed_on=day.today)


def _follow(customer: Customer, contact: Contact, day: Day, *, left: bool) -> bool:
    """Bring the customer's derived dates and line up to date; give whether they are still on the list.

    `left` says whether a reason is still open; without one there is nothing to rank.
    """
    restate(customer_ids=[customer.pk], day=day)
    if not left:
        drop_line(customer_id=customer.pk)
        return False
    lines = refresh_lines(customer_ids=[customer.pk], day=day)
    if not contact.spoke:
        Line.objects.filter(customer_id=customer.pk).update(tried_at=contact.at)
    return lines > 0


def _said(customer: Customer, contact: Contact, promised_on: dt.date | None, moved: dt.date | None, day: Day) -> str:
    """The toast: what was kept, and where the next step lies and why there."""
    name = spoken(customer)
    if promised_on and moved:
        return _("Saved. %(step)s: %(date)s, because %(asked)s is no workday.") % {
            "step": contact.next_step, "date": when(promised_on, contact.next_time, day), "asked": day.say(moved),
        }  # fmt: skip
    if promised_on:
        return _("Saved. %(step)s: %(date)s.") % {
            "step": contact.next_step, "date": when(promised_on, contact.next_time, day),
        }  # fmt: skip
    if not contact.spoke:
        return _("Saved. %(name)s stays on the list.") % {"name": name}
    return _("Saved: %(name)s.") % {"name": name}
