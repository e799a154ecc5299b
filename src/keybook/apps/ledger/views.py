"""Settings: the weights of the relationship ledger, what a change would do, and what the data says of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keybook.apps.customers.asking import Asked
from keybook.apps.ledger import commands, queries, words
from keybook.apps.ledger.forms import WeightsForm
from keybook.core.ledger import KINDS, STATES, UNKNOWN, Weights

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
def weights(request: Asked) -> HttpResponse:
    """GET and POST /settings/ledger/: read by all; a head or an administrator tries a change and sets it."""
    today = request.bank.business_date
    now = queries.weights_on(today)
    if request.method == "POST":
        return _posted(request, now, today)
    suggested = _suggestion(request.GET.get("learned", ""))
    return _page(request, now, _values(now, suggested), preview=None)


def _posted(request: Asked, now: Weights, today: dt.date) -> HttpResponse:
    """Try the change, or set it."""
    form, tomorrow = WeightsForm(request.POST), today + dt.timedelta(days=1)
    tried: commands.Preview | None = None
    if form.is_valid():
        draft = form.draft(tomorrow=tomorrow)
        try:
            tried = commands.preview(points=draft.points, half_life_days=draft.half_life_days, today=today)
            if request.POST.get("act") == "set":
                kept = commands.set_weights(by=request.scope, draft=draft, today=today)
                sentence = _("Set: version %(number)s holds from %(day)s.")
                messages.success(request, sentence % {"number": kept.number, "day": kept.from_on.isoformat()})
                return redirect("ledger:weights")
        except commands.NotSetError as refusal:
            form.add_error(_field(refusal.field), str(refusal))
    status = 422 if form.errors else 200
    errors = {name: str(found[0]) for name, found in form.errors.items()}
    return _page(request, now, request.POST.dict(), preview=tried, errors=errors, status=status)


def _field(name: str) -> str | None:
    return {"half_life": "half_life_days", "": None}.get(name, name)


def _values(now: Weights, suggested: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the fields at first: the weights that hold, or a suggestion of the learned model in their place."""
    points = {**now.points, **suggested.get("points", {})}
    return {
        **{kind: points[kind] for kind in KINDS}, "half_life_days": now.half_life_days, "from_on": "",
        "reason": suggested.get("reason", ""), "learned": suggested.get("id", ""),
    }  # fmt: skip


def _suggestion(number: str) -> Mapping[str, Any]:
    """What a run of the learned model suggests; nothing for one that is not there."""
    row = queries.learning(int(number)) if number.isascii() and number.isdecimal() and len(number) < 10 else None  # noqa: PLR2004
    if row is None:
        return {}
    reason = _("As the data up to %(day)s suggests, model %(version)s")
    return {
        "id": row.pk, "points": row.facts["suggested"],
        "reason": reason % {"day": row.until_on.isoformat(), "version": row.model_version},
    }  # fmt: skip


def _page(
    request: Asked, now: Weights, values: Mapping[str, Any], *, preview: commands.Preview | None,
    errors: Mapping[str, str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    today = request.bank.business_date
    groups = [(name, [(kind, words.kind(kind)) for kind in kinds]) for name, kinds in words.GROUPS]
    context = {
        "place": "settings", "now": now, "values": values, "errors": errors or {}, "groups": groups, "today": today,
        "sets": request.scope.role in commands.SETTERS, "versions": queries.versions(), "preview": preview,
        "tomorrow": today + dt.timedelta(days=1), "states": [*STATES, UNKNOWN], "state": words.state,
        "drawn": queries.drawn(),
    }  # fmt: skip
    return render(request, "ledger/weights.html", context, status=status)


@require_POST
def withdraw(request: Asked, number: int) -> HttpResponse:
    """POST /settings/ledger/<number>/withdraw/: a version that has not begun is taken back."""
    try:
        sentence = commands.withdraw_weights(by=request.scope, number=number, today=request.bank.business_date)
    except commands.NotSetError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, sentence)
    return redirect("ledger:weights")


@require_safe
def learned(request: Asked) -> HttpResponse:
    """GET /settings/ledger/learned/?run=: what the data says of the weights, beside those that hold."""
    number = request.GET.get("run", "")
    if number and not (number.isascii() and number.isdecimal() and len(number) < 10):  # noqa: PLR2004
        raise Http404
    row = queries.learning(int(number)) if number else queries.last_learning()
    if number and row is None:
        raise Http404
    today = request.bank.business_date
    context = {
        "place": "settings", "run": row, "facts": row.facts if row else {}, "now": queries.weights_on(today),
        "today": today, "kind": words.kind, "sets": request.scope.role in commands.SETTERS, "runs": queries.runs(),
    }  # fmt: skip
    return render(request, "ledger/learned.html", context)
