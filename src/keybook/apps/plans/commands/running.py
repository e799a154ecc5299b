"""Planning for those who ask from outside a page: the command line and the worker, each as the banker it is for would."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from keybook.apps.people.acting import as_seen_by
from keybook.apps.people.history import made_by
from keybook.apps.people.models import Branch, Staff
from keybook.apps.plans.commands.planning import make_plan, plan_month
from keybook.apps.plans.models import Plan
from keybook.apps.plans.queries.document import document
from keybook.apps.plans.queries.whose import KEEPERS
from keybook.apps.reminders.commands import NotYoursError, RefusedError, day_of
from keybook.core.periods import month_after


class NobodyToPlanError(ValueError):
    """There is no such relationship manager or branch, or nobody in it who keeps a book."""


def plan_for(
    *, rm_code: str, branch_code: str, days: tuple[dt.date | None, dt.date | None], seconds: float
) -> list[dict[str, Any]]:
    """Plan the month of one relationship manager, or of each of a branch, and give the plans as documents."""
    whom = _whom(rm_code, branch_code)
    if len(whom) == 1:
        return [_as(whom[0], days, seconds)]
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:  # the solver's processes work side by side
        return list(pool.map(lambda staff: _in_a_thread(staff, days, seconds), whom))


def make_asked(*, plan_id: int) -> str:
    """Make a plan that somebody asked for on a page, as they would; give its state. What refuses is kept with it."""
    by_id = Plan.objects.filter(pk=plan_id).values_list("by_id", flat=True).first()
    if by_id is None:
        return "nothing"
    try:
        with as_seen_by(staff_id=by_id) as access:
            if access is None:
                raise NotYoursError  # noqa: TRY301  kept with the plan like every other refusal
            made_by(staff_id=by_id, request_id=uuid.uuid4(), page="keybook.plan")
            make_plan(by=access.scope, plan_id=plan_id, day=day_of(access.bank))
    except (NotYoursError, RefusedError, PermissionDenied) as refusal:
        said = str(refusal) or _("Not planned: it is no longer yours to plan.")
        Plan.objects.filter(pk=plan_id).update(state=Plan.State.REFUSED, said=said[:300])
    return str(Plan.objects.values_list("state", flat=True).get(pk=plan_id))


def _in_a_thread(staff: Staff, days: tuple[dt.date | None, dt.date | None], seconds: float) -> dict[str, Any]:
    try:
        return _as(staff, days, seconds)
    finally:
        connection.close()


def _whom(rm_code: str, branch_code: str) -> list[Staff]:
    keepers = Staff.objects.filter(role__in=KEEPERS, is_active=True).order_by("code")
    if rm_code:
        found = list(keepers.filter(code__iexact=rm_code))
        if not found:
            raise NobodyToPlanError(f"There is no relationship manager or branch head with the code “{rm_code}”.")
        return found
    branch = Branch.objects.filter(code__iexact=branch_code).first()
    if branch is None:
        raise NobodyToPlanError(f"There is no branch “{branch_code}”.")
    found = list(keepers.filter(branch__path__startswith=branch.path, book__isnull=False).distinct())
    if not found:
        raise NobodyToPlanError(f"Nobody of branch “{branch_code}” keeps a book.")
    return found


@transaction.atomic
def _as(staff: Staff, days: tuple[dt.date | None, dt.date | None], seconds: float) -> dict[str, Any]:
    """Plan as this member of staff, with what they see and no more."""
    with as_seen_by(staff_id=staff.pk) as access:
        assert access is not None  # they are active: looked up so  # noqa: S101
        made_by(staff_id=staff.pk, request_id=uuid.uuid4(), page="keybook plan month")
        day = day_of(access.bank)
        first = days[0] or day.today
        period = (first, days[1] or month_after(on=first))
        (made,) = plan_month(by=access.scope, staff_ids=[staff.pk], period=period, day=day, seconds=seconds)
        return document(plan_id=made, day=day)
