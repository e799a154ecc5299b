"""Exceptions from the contact standard: given and ended, and what follows of them at once on the list."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from keybook.apps.customers.models import Customer
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands.lines import lock_customer
from keybook.apps.reminders.commands.opening import open_standards
from keybook.apps.reminders.commands.ranking import refresh_lines
from keybook.apps.reminders.commands.refusals import NotYoursError, RefusedError
from keybook.apps.reminders.commands.standing import restate
from keybook.apps.reminders.queries import Day
from keybook.apps.standards import commands as standards
from keybook.apps.standards.models import StandardException


@transaction.atomic
def give_exception(*, by: Scope, customer_id: int, wanted: standards.Wanted, day: Day) -> str:
    """Ask something else of this customer's banker for a time; the due dates and the list follow at once."""
    by.require_log()
    lock_customer(by=by, customer_id=customer_id)
    try:
        standards.store_exception(by=by, customer_id=customer_id, wanted=wanted, today=day.today)
    except standards.NotKeptError as refusal:
        raise RefusedError(refusal.field, str(refusal)) from refusal
    return _("Kept: the exception. %(next)s") % {"next": _follow(customer_id, day)}


@transaction.atomic
def end_exception(*, by: Scope, customer_id: int, exception_id: int, day: Day) -> str:
    """End an exception today, or take back one to come; the standard holds again."""
    by.require_log()
    lock_customer(by=by, customer_id=customer_id)
    row = StandardException.objects.filter(pk=exception_id, customer_id=customer_id).first()
    if row is None:
        raise NotYoursError
    try:
        standards.stop_exception(by=by, row=row, today=day.today)
    except standards.NotKeptError as refusal:
        raise RefusedError(refusal.field, str(refusal)) from refusal
    return _("Ended: the exception. %(next)s") % {"next": _follow(customer_id, day)}


def _follow(customer_id: int, day: Day) -> str:
    """Bring dates, reminder and line up to date; say when the next contact is due."""
    restate(customer_ids=[customer_id], day=day)
    open_standards(day=day, only=customer_id)
    refresh_lines(customer_ids=[customer_id], day=day)
    due_on = Customer.objects.values_list("next_due_on", flat=True).get(pk=customer_id)
    if due_on is None:
        return _("Nothing is due by standard.")
    return _("Next contact by standard: %(day)s.") % {"day": day.say(due_on)}
