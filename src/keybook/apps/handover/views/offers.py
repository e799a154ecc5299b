"""Neglected customers that are offered back: the banker's answer, the head's decision; caps and the rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keybook.apps.customers.asking import Asked as Request
from keybook.apps.customers.asking import asked
from keybook.apps.handover import commands, queries, words
from keybook.apps.handover.commands.settings import SETTERS, rule_from
from keybook.apps.handover.forms import AnswerForm, CapForm, DecisionForm, RuleForm, errors_of
from keybook.apps.handover.queries.books import caps
from keybook.apps.handover.queries.offers import asked_of_bankers, neglect_rules
from keybook.apps.handover.views.acts import tabs
from keybook.apps.people.models import Role, Staff
from keybook.apps.reminders.commands import NotYoursError, RefusedError, day_of

FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@asked
def offers(request: Request) -> HttpResponse:
    """GET /handover/offers/: neglected customers that wait for this person, and those still with their bankers."""
    return _page(request)


def _page(request: Request, *, offer_id: int = 0, errors: dict[str, str] | None = None) -> HttpResponse:
    day = day_of(request.bank)
    rows = [
        row for row in queries.book_rows(scope=request.scope, today=day.today) if row.is_active and row.role == "rm"
    ]
    context = {
        **tabs(request, "offers"), "offers": queries.waiting(scope=request.scope, today=day.today), "day": day,
        "later": asked_of_bankers(scope=request.scope, today=day.today), "today": day.today, "words": words,
        "rule": queries.neglect_rule(day.today), "rows": [row for row in rows if row.fullness != "full"],
        "open_id": offer_id, "errors": errors or {}, "typed": request.POST if errors else {},
        "heads": request.scope.role == "head",
    }  # fmt: skip
    return render(request, "handover/offers.html", context, status=422 if errors else 200)


@require_POST
@asked
def answer(request: Request, offer_id: int) -> HttpResponse:
    """POST /handover/offers/<id>/answer/: the banker says why, and by when."""
    form = AnswerForm(request.POST)
    return _done(
        request, offer_id, form,
        lambda: commands.answer(
            by=request.scope, offer_id=offer_id, reason=form.cleaned_data["reason"],
            promised_on=form.cleaned_data["promised_on"], day=day_of(request.bank),
        ),
    )  # fmt: skip


@require_POST
@asked
def decide(request: Request, offer_id: int) -> HttpResponse:
    """POST /handover/offers/<id>/: the head lets the customer stay, or gives them to a colleague."""
    form = DecisionForm(request.POST)

    def verb() -> str:
        values = form.cleaned_data
        if request.POST.get("act") != "move":
            return commands.let_stay(
                by=request.scope, offer_id=offer_id, reason=values["reason"], day=day_of(request.bank)
            )
        return commands.reassign(
            by=request.scope, offer_id=offer_id, to_id=values["to"] or 0, reason=values["reason"],
            day=day_of(request.bank),
        )  # fmt: skip

    return _done(request, offer_id, form, verb)


def _done(request: Request, offer_id: int, form: Any, verb: Callable[[], str]) -> HttpResponse:
    errors = errors_of(form)
    if not errors:
        try:
            messages.success(request, verb())
        except NotYoursError as error:
            raise Http404 from error
        except RefusedError as refusal:
            errors = {refusal.field or "all": str(refusal)}
        else:
            return redirect("handover:offers")
    return _page(request, offer_id=offer_id, errors=errors)


@FORM
def limits(request: Request) -> HttpResponse:
    """GET and POST /settings/books/: the caps of books and the rule of neglect; read by all, set by who may."""
    today, errors, part = request.bank.business_date, {}, request.POST.get("part", "")
    if request.method == "POST":
        errors = _set(request, part)
        if not errors:
            return redirect("handover:limits")
    role = request.scope.role
    staff = Staff.objects.filter(is_active=True, role=Role.RM).order_by("name")
    if role != Role.ADMIN:
        staff = staff.filter(branch__in=request.scope.branches)
    context = {
        "place": "settings", "today": today, "errors": errors, "part": part, "typed": request.POST if errors else {},
        "caps": caps(), "rule": queries.neglect_rule(today), "rules": neglect_rules(), "staff": list(staff),
        "sets": role in SETTERS, "admin": role == Role.ADMIN,
    }  # fmt: skip
    return render(request, "handover/limits.html", context, status=422 if errors else 200)


def _set(request: Request, part: str) -> dict[str, str]:
    """Set a cap or the rule; the sentences beside the fields when it is refused."""
    if request.scope.role not in SETTERS:
        raise PermissionDenied(_("Your role reads this and changes nothing."))
    form = CapForm(request.POST) if part == "cap" else RuleForm(request.POST)
    errors = errors_of(form)
    if errors:
        return errors
    values, today = form.cleaned_data, request.bank.business_date
    try:
        if part == "cap":
            sentence = commands.set_cap(
                by=request.scope, staff_id=values["staff"], most=values["most"], from_on=values["from_on"], today=today
            )
        else:
            from_on = values.pop("from_on")
            sentence = commands.set_neglect_rule(
                by=request.scope, rule=rule_from(**values), from_on=from_on, today=today
            )
    except RefusedError as refusal:
        return {refusal.field or "all": str(refusal)}
    messages.success(request, sentence)
    return {}
