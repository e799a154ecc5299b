"""What heads and administrators set for all: how reminders are placed, and the words of the greetings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from keybook.apps.reminders.commands import RefusedError, set_greeting, set_rule
from keybook.apps.reminders.models import Direction
from keybook.apps.reminders.rules import own_greetings, rules_of
from keybook.core import greetings as core_greetings

KINDS = {
    "promise": lazy("Promises"), "maturity": lazy("Maturities and what expires"), "greeting": lazy("Greetings"),
    "gift_idea": lazy("Gift ideas"), "memorial": lazy("Memorial days"), "signal": lazy("Other signals"),
}  # fmt: skip
OCCASIONS = {
    "birthday": lazy("Birthday"), "anniversary": lazy("Anniversary"), "opening": lazy("Opening"),
    "wedding": lazy("Wedding"), "exam": lazy("Exam"), "moving": lazy("Moving house"), "other": lazy("Other"),
}  # fmt: skip
FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
def rules(request: HttpRequest) -> HttpResponse:
    """GET and POST /settings/reminders/: how many days ahead, in which direction, when a promise is broken."""
    kind, errors, typed, status = request.POST.get("kind", ""), {}, {}, 200
    if request.method == "POST":
        try:
            set_rule(
                by=request.scope,  # type: ignore[attr-defined]
                kind=kind, direction=request.POST.get("direction", ""), lead_days=_number("lead_days", request),
                broken_after=_number("broken_after", request) if kind == "promise" else None,
            )  # fmt: skip
        except RefusedError as refusal:
            errors, typed, status = {kind: {refusal.field: str(refusal)}}, {kind: request.POST.dict()}, 422
        else:
            messages.success(request, _("Kept. What is open follows with the next night."))
            return redirect("reminders:rules")
    found = rules_of()
    rows = [
        {"kind": code, "name": KINDS[code], "lead_days": rule.lead_days, "direction": rule.direction,
         "broken_after": found.broken_after, **typed.get(code, {})}
        for code, rule in found.placing.items()
    ]  # fmt: skip
    context: dict[str, Any] = {
        "place": "settings", "rows": rows, "errors": errors, "directions": Direction.choices,
        "ahead": {"maturity", "greeting", "gift_idea"},
    }  # fmt: skip
    return render(request, "reminders/rules.html", context, status=status)


def _number(field: str, request: HttpRequest) -> int:
    """A whole number of the form; without one the field says so."""
    text = request.POST.get(field, "").strip()
    if not text:
        return 0
    try:
        return int(text[:9])
    except ValueError:
        raise RefusedError(field, _("Write a whole number.")) from None


@FORM
def greetings(request: HttpRequest) -> HttpResponse:
    """GET and POST /settings/greetings/: the words of each greeting in each language, with closed merge fields."""
    kind, language = request.POST.get("kind", ""), request.POST.get("language", "")
    errors, typed, status = {}, {}, 200
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            set_greeting(by=request.scope, kind=kind, language=language, text=text)  # type: ignore[attr-defined]
        except RefusedError as refusal:
            errors, typed, status = {(kind, language): str(refusal)}, {(kind, language): text}, 422
        else:
            messages.success(request, _("Kept."))
            return redirect("reminders:greetings")
    own = own_greetings()
    rows = [
        {"kind": code, "language": tongue, "name": OCCASIONS[code], "own": (code, tongue) in own,
         "text": typed.get((code, tongue), own.get((code, tongue), text)), "error": errors.get((code, tongue), "")}
        for (code, tongue), text in core_greetings.DEFAULTS.items()
    ]  # fmt: skip
    context = {"place": "settings", "rows": rows, "fields": core_greetings.FIELDS}
    return render(request, "reminders/greetings.html", context, status=status)
