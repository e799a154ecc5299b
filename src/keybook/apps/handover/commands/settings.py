"""The caps of books, and the rule of neglect: each from a day on, with who set it."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from keybook.apps.handover.models import NeglectRule
from keybook.apps.people.models import BookCap, Role, Staff
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import RefusedError
from keybook.core.neglect import NeglectError, Rule

MOST = 100_000
SETTERS = frozenset({"head", "admin"})


@transaction.atomic
def set_cap(*, by: Scope, staff_id: int | None, most: int | None, from_on: dt.date, today: dt.date) -> str:
    """Set how many customers a book holds at most from a day on; without a banker the bank's usual.

    Administrators set the bank's usual and every cap, heads those of their own bankers. None: the usual again, or no cap.
    """
    if by.role not in SETTERS or (staff_id is None and by.role != Role.ADMIN):
        raise PermissionDenied(_("The usual cap is set by an administrator, one banker’s by the head of the branch."))
    _later(from_on, today)
    staff = None
    if most is not None and not 1 <= most <= MOST:
        raise RefusedError("most", _("A cap is a whole number, 1 or more."))
    if staff_id is not None:
        staff = Staff.objects.filter(pk=staff_id, is_active=True, role__in=(Role.RM, Role.HEAD)).first()
        scoped = by.role == Role.ADMIN or (staff is not None and staff.branch_id in by.branches)
        if staff is None or not scoped:
            raise RefusedError("staff", _("Choose relationship managers of your branches."))
    BookCap.objects.update_or_create(staff=staff, from_on=from_on, defaults={"most": most, "set_by_id": by.staff_id})
    return _("Set: it holds from that day. Who is in a book already stays.")


@transaction.atomic
def set_neglect_rule(*, by: Scope, rule: Rule, from_on: dt.date, today: dt.date) -> str:
    """Set when a customer counts as neglected, from a day on; what was offered already stays offered."""
    if by.role != Role.ADMIN:
        raise PermissionDenied(_("Administrators set this rule."))
    _later(from_on, today)
    NeglectRule.objects.update_or_create(
        from_on=from_on,
        defaults={
            "days": rule.days, "missed": rule.missed, "answer_workdays": rule.answer_workdays,
            "rest_days": rule.rest_days, "set_by_id": by.staff_id,
        },
    )  # fmt: skip
    return _("Set: the rule holds from that day.")


def rule_from(*, days: int, missed: int, answer_workdays: int, rest_days: int) -> Rule:
    """The rule of these numbers; RefusedError names the field that cannot be."""
    try:
        return Rule(days, missed, answer_workdays, rest_days)
    except NeglectError as error:
        raise RefusedError(error.field, _("This number is too small or too large.")) from None


def _later(from_on: dt.date, today: dt.date) -> None:
    if from_on < today:
        raise RefusedError("from_on", _("That day has passed. Choose today or later."))
