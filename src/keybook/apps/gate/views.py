"""What the gate says before a contact, what everybody minds with a customer, and the gate's own numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from keybook.apps.audit.commands import record_view
from keybook.apps.customers.asking import Asked, asked
from keybook.apps.customers.models import Channel, ConsentFor, Vulnerability
from keybook.apps.gate import commands, words
from keybook.apps.gate.asking import proposal_of
from keybook.apps.gate.forms import CAP, PartForm, RulesForm, caps_as_fields
from keybook.apps.gate.queries.answers import Asking, answer, rule_sets, rules_on
from keybook.apps.gate.queries.care import Care, care_of, went_ahead
from keybook.apps.gate.queries.caring import caring
from keybook.apps.interactions.models import Outcome
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, day_of, moment
from keybook.core.gate import CAPPED, Verdict

HALF_A_YEAR = dt.timedelta(days=182)
FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
@asked
def said(request: Asked, customer_id: int) -> HttpResponse:
    """GET /customers/<id>/gate/: what speaks against a contact now; POST: going ahead all the same, with the reason."""
    day = day_of(request.bank)
    given = request.POST if request.method == "POST" else request.GET
    asking = Asking(customer_id, proposal_of(given, day))
    verdict = answer(scope=request.scope, asking=asking, day=day)
    if verdict is None:
        raise Http404
    if request.method != "POST":
        return _said(request, asking, verdict, day)
    try:
        commands.go_ahead(by=request.scope, asking=asking, because=request.POST.get("because", ""), day=day)
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        return _said(request, asking, verdict, day, error=str(refusal))
    return _said(request, asking, verdict, day)


def _said(request: Asked, asking: Asking, verdict: Verdict, day: Day, *, error: str = "") -> HttpResponse:
    codes = [each.code for each in verdict.reasons]
    warned = verdict.answer == "warns" and not error
    because = went_ahead(scope=request.scope, asking=asking, codes=codes, today=day.today) if warned else ""
    context = {
        "verdict": verdict, "sentences": [(each.refuses, words.sentence(each, day)) for each in verdict.reasons],
        "asking": asking, "theme": next(iter(asking.proposal.themes), ""), "cause": "promise" if asking.proposal.promised else "", "error": error, "because": because,
        "may": request.scope.may_log, "channel": words.channel(asking.proposal.channel), "place": "book",
    }  # fmt: skip
    template = "gate/said.html" if request.htmx else "gate/said_page.html"
    return render(request, template, context, status=422 if error else 200)


@require_safe
@asked
def all_care(request: Asked) -> HttpResponse:
    """GET /care/: open complaints, what has to be asked about again, who mourns."""
    context = {
        "found": caring(scope=request.scope, today=request.bank.business_date), "today": request.bank.business_date,
        "parts": [("complaint", _("Open complaints")), ("review", _("To be asked about again")), ("mourning", _("In mourning"))],
        "kinds": dict(Vulnerability.Kind.choices), "place": "book",
    }  # fmt: skip
    return render(request, "gate/caring.html", context)


@FORM
@asked
def care(request: Asked, customer_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/care/: complaints, what to mind, consents; each part has its own form."""
    day = day_of(request.bank)
    found = care_of(scope=request.scope, customer_id=customer_id, today=day.today)
    if found is None:
        raise Http404
    if request.method != "POST":
        record_view(
            staff_id=request.scope.staff_id, customer_id=customer_id, page="care", request_id=request.request_id,
            at=moment(day=day),
        )  # fmt: skip
        return _care(request, found, day)
    form = PartForm(request.POST)
    part = request.POST.get("part", "")
    if not form.is_valid() or part not in PARTS:
        errors = {name: str(texts[0]) for name, texts in form.errors.items()} or {"all": _("Nothing was changed.")}
        return _care(request, found, day, part=part, errors=errors)
    try:
        sentence = PARTS[part](request, customer_id, form.cleaned_data, day)
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        return _care(request, found, day, part=part, errors={refusal.field or "all": str(refusal)})
    messages.success(request, sentence)
    return redirect("gate:care", customer_id)


def _care(
    request: Asked, found: Care, day: Day, *, part: str = "", errors: dict[str, str] | None = None
) -> HttpResponse:  # fmt: skip
    context = {
        "care": found, "customer": found.customer, "day": day, "today": day.today, "part": part, "errors": errors or {},
        "typed": request.POST if errors else {}, "place": "book", "words": words,
        "may": request.scope.may_write, "channels": [("", _("all channels")), *Channel.choices],
        "purposes": ConsentFor.choices, "kinds": Vulnerability.Kind.choices,
        "next_review": day.calendar.next_workday(day.today + HALF_A_YEAR), "outcomes": dict(Outcome.choices),
    }  # fmt: skip
    return render(request, "gate/care.html", context, status=422 if errors else 200)


def _complain(request: Asked, customer_id: int, typed: dict[str, Any], day: Day) -> str:
    commands.open_complaint(by=request.scope, customer_id=customer_id, text=typed["text"], day=day)
    return _("Kept. Until it is settled, nobody sells to the customer.")


def _settle(request: Asked, customer_id: int, typed: dict[str, Any], day: Day) -> str:
    commands.settle_complaint(
        by=request.scope, customer_id=customer_id, complaint_id=typed["complaint"] or 0, outcome=typed["text"], day=day
    )
    return _("Settled.")


def _mind(request: Asked, customer_id: int, typed: dict[str, Any], day: Day) -> str:
    minded = commands.Minded(typed["text"], typed["kind"], typed["review_on"], typed["until_on"])
    commands.mind(by=request.scope, customer_id=customer_id, minded=minded, day=day)
    return _("Kept. Everybody is told before a contact.")


def _still_mind(request: Asked, customer_id: int, typed: dict[str, Any], day: Day) -> str:
    commands.still_mind(
        by=request.scope,
        customer_id=customer_id,
        vulnerability_id=typed["mind"] or 0,
        review_on=typed["review_on"],
        day=day,
    )
    return _("Kept. It is asked about again on that day.")


def _mind_no_more(request: Asked, customer_id: int, typed: dict[str, Any], day: Day) -> str:
    commands.mind_no_more(by=request.scope, customer_id=customer_id, vulnerability_id=typed["mind"] or 0, day=day)
    return _("It need not be minded any more.")


def _zone(request: Asked, customer_id: int, typed: dict[str, Any], _day: Day) -> str:
    commands.set_zone(by=request.scope, customer_id=customer_id, zone=typed["text"].strip())
    return _("Kept. Quiet hours follow the clocks there.")


def _consent(request: Asked, customer_id: int, typed: dict[str, Any], day: Day) -> str:
    said = commands.Said(typed["purpose"], typed["channel"], typed["given"] == "yes", typed["text"])
    commands.set_consent(by=request.scope, customer_id=customer_id, said=said, day=day)
    return _("Kept. The last word holds.")


PARTS: dict[str, Callable[[Asked, int, dict[str, Any], Day], str]] = {
    "complaint": _complain, "settle": _settle, "mind": _mind, "still": _still_mind, "no_more": _mind_no_more,
    "consent": _consent, "zone": _zone,
}  # fmt: skip


@FORM
def rules(request: Asked) -> HttpResponse:
    """GET and POST /settings/gate/: the rules as prose with their numbers; heads and administrators set new ones."""
    day = day_of(request.bank)
    form = RulesForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        values = {
            name: form.cleaned_data[name] for name in ("caps", "quiet_from", "quiet_until", "same_days", "lately_days")
        }
        try:
            commands.set_rules(
                by=request.scope, values=values, from_on=form.cleaned_data["from_on"], reason=form.cleaned_data["reason"],
                day=day,
            )  # fmt: skip
        except RefusedError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Kept. The rules hold from that day."))
            return redirect("gate:rules")
    now = rules_on(day.today)
    stored: dict[str, Any] = {
        "quiet_from": now.quiet_from, "quiet_until": now.quiet_until, "same_days": now.same_days,
        "lately_days": now.lately_days, **caps_as_fields(now.caps),
        "from_on": (day.today + dt.timedelta(days=1)).isoformat(),
    }  # fmt: skip
    context = {
        "now": now, "sets": rule_sets(), "values": form.data if form.is_bound else stored, "today": day.today, "words": words,
        "errors": {name: str(texts[0]) for name, texts in form.errors.items()} if form.is_bound else {},
        "may": request.scope.role in commands.SETTERS, "place": "settings",
        "tiers": words.tiers(), "capped": [(key, key.removeprefix(CAP)) for key in caps_as_fields(now.caps)], "counted_words": [(each, words.capped(each, {})) for each in CAPPED],
    }  # fmt: skip
    return render(request, "gate/rules.html", context, status=422 if form.is_bound else 200)
