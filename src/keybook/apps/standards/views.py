"""Settings: the contact standards of the tiers, what a change would do before it is made, and the exceptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from keybook import calendars
from keybook.apps.customers.asking import Asked
from keybook.apps.customers.models import Channel
from keybook.apps.standards import commands, queries, words
from keybook.apps.standards.forms import StandardsForm, first_errors, last_of, values_of
from keybook.apps.standards.models import Basis
from keybook.apps.standards.preview import Preview, previews
from keybook.core.cadence import RULE_VERSION

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
def standards(request: Asked) -> HttpResponse:
    """GET and POST /settings/standards/: read by all; a head or an administrator tries a change and sets it."""
    tiers = queries.tier_standards(today=request.bank.business_date)
    if request.method != "POST":
        values = {f"{part}-{each.tier.pk}": value for each in tiers for part, value in values_of(each).items()}
        return _page(request, tiers, values)
    return _posted(request, tiers)


def _posted(request: Asked, tiers: Sequence[queries.TierStandard]) -> HttpResponse:
    """Try the change, or set it."""
    today = request.bank.business_date
    form, told = StandardsForm(request.POST, tiers=tiers), list[Preview]()
    if form.is_valid():
        drafts = form.drafts(tomorrow=today + dt.timedelta(days=1))
        try:
            if request.POST.get("act") == "set":
                kept = commands.set_standards(by=request.scope, drafts=drafts, today=today)
                sentence = ngettext(
                    "Set: %(count)s version from %(day)s.", "Set: %(count)s versions from %(day)s.", len(kept)
                )
                messages.success(request, sentence % {"count": len(kept), "day": kept[0].from_on.isoformat()})
                return redirect("standards:standards")
            commands.refuse_nothing(drafts)
            calendar = calendars.workdays(request.bank.calendar)
            told = previews(drafts=drafts, today=today, zone=request.bank.zone, calendar=calendar)
        except commands.NotKeptError as refusal:
            form.add_error(refusal.field if refusal.field in {"from_on", "reason"} else None, str(refusal))
    values = {name: request.POST.get(name, "") for name in form.fields} | {
        name: request.POST.getlist(name) for name in form.fields if name.startswith("channels-")
    }
    errors = first_errors(form.errors.items())
    return _page(request, tiers, values, told=told, errors=errors, status=422 if errors else 200)


def _page(
    request: Asked, tiers: Sequence[queries.TierStandard], values: Mapping[str, Any], *,
    told: Sequence[Preview] = (), errors: Mapping[str, str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    today = request.bank.business_date
    context = {
        "place": "settings", "tiers": tiers, "values": values, "errors": errors or {}, "told": told, "today": today,
        "tomorrow": today + dt.timedelta(days=1), "sets": request.scope.role in commands.SETTERS,
        "counts": queries.customers_of_tiers(), "exceptions": queries.exceptions_seen(scope=request.scope, today=today),
        "last_of": last_of, "said": words, "channels": dict(Channel.choices), "bases": Basis.choices,
        "rule_version": RULE_VERSION, "data_date": request.bank.data_date,
    }  # fmt: skip
    return render(request, "standards/standards.html", context, status=status)


@require_POST
def withdraw(request: Asked, standard_id: int) -> HttpResponse:
    """POST /settings/standards/<id>/withdraw/: a version that has not begun is taken back."""
    try:
        sentence = commands.withdraw_standard(
            by=request.scope, standard_id=standard_id, today=request.bank.business_date
        )
    except commands.NotKeptError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, sentence)
    return redirect("standards:standards")
