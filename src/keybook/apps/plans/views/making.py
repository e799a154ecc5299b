"""Planning a month from the page: one click for oneself, or for everybody of a branch."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from keybook.apps.customers.asking import Asked, asked
from keybook.apps.plans.commands.planning import ask_plans, plan_month
from keybook.apps.plans.queries.branch import keeps_a_book
from keybook.apps.plans.queries.made import outcome
from keybook.apps.plans.tasks import make as make_later
from keybook.apps.plans.views.page import board
from keybook.apps.plans.views.shown import shown
from keybook.apps.reminders.commands import NotYoursError, RefusedError, day_of
from keybook.core.periods import month_after


@require_POST
@asked
def make(request: Asked) -> HttpResponse:
    """POST /plan/make/: plan the month from today on, of one member of staff or of everybody in sight."""
    request.scope.require_log()
    day = day_of(request.bank)
    what = shown(scope=request.scope, given=request.GET, day=day)
    staff = [what.who.id] if what is not None else keeps_a_book(scope=request.scope)
    try:
        period = (day.today, month_after(on=day.today))
        if what is None:
            made = ask_plans(by=request.scope, staff_ids=staff, period=period, day=day)
            for each in made:
                make_later.defer(plan_id=each)  # in this transaction: no plan without its job, no job without its plan
        else:
            made = plan_month(by=request.scope, staff_ids=staff, period=period, day=day)
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        if what is not None:
            return board(request, what, day, said=str(refusal), bad=True)
        messages.error(request, str(refusal))
        return redirect(reverse("plans:plan"))
    found = outcome(plan_ids=made)
    said = ngettext("%(num)s contact planned, %(left)s without a place.", "%(num)s contacts planned, %(left)s without a place.", found.placed) % {
        "num": found.placed, "left": found.left,
    }  # fmt: skip
    said = said if found.done else _("Planning. You can leave this page.")
    if what is not None:
        return board(request, what, day, said=said)
    messages.success(request, said)
    return redirect(reverse("plans:plan") + "?rm=all")
