"""The Plan page of one member of staff, and the plans of a branch side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from keybook.apps.customers.asking import Asked, asked
from keybook.apps.plans import words
from keybook.apps.plans.queries.branch import branch
from keybook.apps.plans.queries.page import ONE_DAY, ONE_WEEK, WEEKS_OF_A_MONTH, monday_of
from keybook.apps.plans.views.shown import Shown, context_of, of_days, read_day, shown
from keybook.apps.reminders.commands import Day, day_of


@require_safe
@asked
def plan(request: Asked) -> HttpResponse:
    """GET /plan/: a week or a month; for a branch head and for compliance, everybody's five weeks first."""
    day = day_of(request.bank)
    what = shown(scope=request.scope, given=request.GET, day=day)
    if what is None:
        return _branch(request, day)
    context = context_of(request, what, day)
    return render(request, "plans/board.html" if request.htmx else "plans/plan.html", context)


def _branch(request: Asked, day: Day) -> HttpResponse:
    """Everybody's five weeks."""
    monday = monday_of(read_day(request.GET.get("on"), day))
    rows = branch(scope=request.scope, monday=monday, day=day)
    context: dict[str, Any] = {
        "rows": rows, "day": day, "words": words, "place": "plan", "monday": monday, "may": request.scope.may_log,
        "period": words.period(monday, monday + WEEKS_OF_A_MONTH * ONE_WEEK - 3 * ONE_DAY, day.today), **of_days(),
        "week_heads": [words.week_head(monday + each * ONE_WEEK, day.today) for each in range(WEEKS_OF_A_MONTH)],
        "count": sum(row.count for row in rows), "left": sum(row.left for row in rows),
    }  # fmt: skip
    return render(request, "plans/branch.html", context)


def board(request: Asked, what: Shown, day: Day, *, said: str = "", undo: str = "", bad: bool = False) -> HttpResponse:
    """After a verb: the board drawn anew with a toast, or back to the page."""
    if request.htmx:
        context = context_of(request, what, day) | {"said": said, "undo": undo, "bad": bad}
        return render(request, "plans/board.html", context)
    if bad:
        messages.error(request, said)
    elif said:
        messages.success(request, said, extra_tags=f"plan:{undo}" if undo else "")
    return redirect(what.href())
