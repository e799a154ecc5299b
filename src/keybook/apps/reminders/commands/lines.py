"""The verbs on a line of Today that are not a contact: later, to the deputy, not now; and taking them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import connection, transaction
from django.utils.translation import gettext as _

from keybook.apps.customers.models import Customer
from keybook.apps.customers.queries import scope_sql
from keybook.apps.people.models import Deputy, Share, Staff
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope
from keybook.apps.people.spoken import spoken
from keybook.apps.reminders.commands.ranking import refresh_lines
from keybook.apps.reminders.commands.refusals import NotYoursError, RefusedError
from keybook.apps.reminders.models import Line, Promise, Reminder
from keybook.apps.reminders.queries import Day

SALT = "keybook.today.undo"
UNDO_SECONDS = 60  # the toast shows ten; a slow network gets the rest
LONGEST_SNOOZE = dt.timedelta(days=180)
LONGEST_REASON = 200
HANDED = "today: handed over"
_LOCKED = {"id", "name", "name_zh", "rm_id", "branch_id", "currency"}
LOCKED = [field.attname for field in Customer._meta.concrete_fields if field.attname in _LOCKED]  # noqa: SLF001  in the model's order, as `from_db` reads
LOCK = f"""
    SELECT {", ".join(f"c.{column}" for column in LOCKED)} FROM customers_customer c
    WHERE c.id = %(id)s AND ({{scope}}) FOR NO KEY UPDATE"""
STANDS_IN = """
    EXISTS (SELECT 1 FROM people_deputy d
            WHERE d.principal_id = {principal} AND d.deputy_id = {deputy}
              AND d.from_on <= %(today)s AND (d.until_on IS NULL OR d.until_on > %(today)s))"""
TAKE_BACK = f"""
    UPDATE reminders_line l SET handed_to_id = NULL
    WHERE l.handed_to_id IS NOT NULL AND NOT {STANDS_IN.format(principal="l.rm_id", deputy="l.handed_to_id")}"""
END_SHARES = f"""
    DELETE FROM people_share s USING customers_customer c
    WHERE c.id = s.customer_id AND s.reason = %(handed)s
      AND NOT {STANDS_IN.format(principal="c.rm_id", deputy="s.staff_id")}"""


@dataclass(frozen=True, slots=True)
class Done:
    """What a verb did, as a past fact for the toast, and the token that takes it back."""

    sentence: str
    undo: str


def lock_customer(*, by: Scope, customer_id: int) -> Customer:
    """Hold the customer's row until the transaction ends, so that two verbs on it follow one another."""
    values = {
        "id": customer_id, "books": list(by.books), "branches": list(by.branches), "customers": list(by.customers),
    }  # fmt: skip
    with planned() as cursor:
        cursor.execute(LOCK.format(scope=scope_sql(by)), values)
        row = cursor.fetchone()
    if row is None:
        raise NotYoursError
    return Customer.from_db(connection.alias, LOCKED, row)


@transaction.atomic
def snooze(*, by: Scope, customer_id: int, until: dt.date, day: Day) -> Done:
    """Hide the customer's line until that date, half a year away at the most."""
    by.require_log()
    customer = lock_customer(by=by, customer_id=customer_id)
    if until <= day.today:
        raise RefusedError("until", _("Choose a day after today."))
    if until - day.today > LONGEST_SNOOZE:
        raise RefusedError("until", _("Half a year is the longest. Set an occasion or a promise for what is later."))
    line = _line_of(customer)
    before = line.snoozed_until.isoformat() if line.snoozed_until else None
    Line.objects.filter(pk=line.pk).update(snoozed_until=until, snoozed_by=by.staff_id)
    sentence = _("%(name)s comes back on %(date)s.") % {"name": spoken(customer), "date": day.say(until)}
    return Done(sentence, _token(by, "snooze", customer_id, {"until": before}))


@transaction.atomic
def hand_over(*, by: Scope, customer_id: int, to: int, day: Day) -> Done:
    """Put the line on the list of one of the RM's deputies of today, who sees the customer as long as they stand in."""
    by.require_log()
    customer = lock_customer(by=by, customer_id=customer_id)
    if customer.rm_id not in by.books and customer.branch_id not in by.branches:
        raise RefusedError("to", _("Only the customer's own banker or the branch head hands a line over."))
    line = _line_of(customer)
    deputy = (
        Deputy.objects.filter(principal_id=customer.rm_id, deputy_id=to, from_on__lte=day.today, deputy__is_active=True)
        .exclude(until_on__lte=day.today)
        .order_by("-from_on")
        .first()
    )
    if deputy is None:
        raise RefusedError("to", _("That colleague is not a deputy today."))
    share, made = Share.objects.get_or_create(
        customer_id=customer_id, staff_id=to,
        defaults={"until_on": deputy.until_on, "reason": HANDED},
    )  # fmt: skip
    Line.objects.filter(pk=line.pk).update(handed_to=to)
    name = spoken(Staff.objects.only("name", "name_zh").get(pk=to))
    sentence = _("%(name)s is on the list of %(colleague)s.") % {"name": spoken(customer), "colleague": name}
    return Done(
        sentence, _token(by, "hand", customer_id, {"to": line.handed_to_id, "share": share.pk if made else None})
    )


@transaction.atomic
def take_back(*, today: dt.date) -> int:
    """Give back the lines handed to colleagues who no longer stand in, and hide the customers from them again.

    Gives how many lines came back; none may lie on a list that nobody reads.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, {"today": today})
        back = int(cursor.rowcount)
        cursor.execute(END_SHARES, {"today": today, "handed": HANDED})
    return back


@transaction.atomic
def dismiss(*, by: Scope, customer_id: int, reason: str, day: Day) -> Done:
    """Take the customer off Today, with a reason that is kept; what was promised counts as withdrawn."""
    by.require_log()
    customer = lock_customer(by=by, customer_id=customer_id)
    reason = reason.strip()
    if not reason:
        raise RefusedError("reason", _("Say why in a few words: the list learns from it."))
    if len(reason) > LONGEST_REASON:
        raise RefusedError("reason", _("At most 200 characters: the rest belongs into a contact."))
    rows = Reminder.objects.filter(customer_id=customer_id, state=Reminder.State.OPEN, opens_on__lte=day.today)
    ids = list(rows.values_list("id", flat=True))
    promises = list(rows.exclude(promise=None).values_list("promise_id", flat=True))
    Reminder.objects.filter(pk__in=ids).update(
        state=Reminder.State.DISMISSED, reason=reason, closed_by=by.staff_id, closed_on=day.today
    )
    Promise.objects.filter(pk__in=promises).update(state=Promise.State.WITHDRAWN, closed_on=day.today, reason=reason)
    handed_to = _line_of(customer).handed_to_id
    refresh_lines(customer_ids=[customer_id], day=day)
    sentence = _("%(name)s is off the list: %(reason)s.") % {"name": spoken(customer), "reason": reason.rstrip(".。")}
    facts = {"ids": ids, "promises": promises, "to": handed_to}
    return Done(sentence, _token(by, "dismiss", customer_id, facts))


@transaction.atomic
def undo(*, by: Scope, token: str, day: Day) -> Done:
    """Take back the verb the token was given for; refused after a minute, and for anyone else."""
    by.require_log()
    try:
        act = signing.loads(token, salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise RefusedError("", _("Too late to undo here. Open the customer and set it right there.")) from error
    if act["by"] != by.staff_id:
        raise NotYoursError
    customer = lock_customer(by=by, customer_id=act["customer"])
    TAKING_BACK[act["verb"]](customer, act["facts"], day)
    return Done(_("%(name)s is back as before.") % {"name": spoken(customer)}, "")


def _line_of(customer: Customer) -> Line:
    """The customer's line; refused when somebody else has settled it in the meantime."""
    line = Line.objects.filter(customer_id=customer.pk).first()
    if line is None:
        raise RefusedError("", _("%(name)s is no longer on the list.") % {"name": spoken(customer)})
    return line


def _token(by: Scope, verb: str, customer_id: int, facts: Mapping[str, Any]) -> str:
    """Sign what is needed to take the verb back; it holds ids and dates, no personal data."""
    return signing.dumps({"verb": verb, "by": by.staff_id, "customer": customer_id, "facts": facts}, salt=SALT)


def _unsnooze(customer: Customer, facts: Mapping[str, Any], day: Day) -> None:  # noqa: ARG001  one signature for all
    """Give the line the date it was hidden until before, or none."""
    until = dt.date.fromisoformat(facts["until"]) if facts["until"] else None
    Line.objects.filter(customer_id=customer.pk).update(snoozed_until=until)


def _take_back(customer: Customer, facts: Mapping[str, Any], day: Day) -> None:  # noqa: ARG001  one signature for all
    """Give the line back to whose list it was on, and close the view that was opened for it."""
    Line.objects.filter(customer_id=customer.pk).update(handed_to=facts["to"])
    if facts["share"]:
        Share.objects.filter(pk=facts["share"], customer_id=customer.pk).delete()


def _reopen(customer: Customer, facts: Mapping[str, Any], day: Day) -> None:
    """Open the dismissed reminders and promises again and rank the line anew."""
    Reminder.objects.filter(pk__in=facts["ids"], customer_id=customer.pk, state=Reminder.State.DISMISSED).update(
        state=Reminder.State.OPEN, reason="", closed_by=None, closed_on=None
    )
    Promise.objects.filter(pk__in=facts["promises"], customer_id=customer.pk, state=Promise.State.WITHDRAWN).update(
        state=Promise.State.OPEN, closed_on=None, reason=""
    )
    refresh_lines(customer_ids=[customer.pk], day=day)
    if facts["to"]:
        Line.objects.filter(customer_id=customer.pk).update(handed_to=facts["to"])


TAKING_BACK = {"snooze": _unsnooze, "hand": _take_back, "dismiss": _reopen}
