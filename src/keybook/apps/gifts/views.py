"""The register of gifts, one gift with its limits and verbs, and the limits themselves."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keybook.apps.audit.commands import record_view
from keybook.apps.customers.asking import Asked, asked
from keybook.apps.customers.queries import visible_to
from keybook.apps.gifts import commands, queries
from keybook.apps.gifts.forms import GiftForm, GivenForm, LimitsForm, ReasonForm
from keybook.apps.gifts.models import Category, State
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, day_of
from keybook.core.gifts import Verdict, repeated

MOST_PAGES = 10_000
FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@asked
def register(request: Asked) -> HttpResponse:
    """GET /gifts/?view=&page=: the gifts inside the scope, those that wait for a second person first."""
    today = request.bank.business_date
    page = request.GET.get("page", "1")
    found = queries.register(
        scope=request.scope, today=today, view=request.GET.get("view", "year"),
        page=max(1, min(int(page), MOST_PAGES)) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,  # noqa: PLR2004
    )  # fmt: skip
    views = [
        (_("This year"), "year"), (_("To approve"), "waiting"), (_("Ideas, planned"), "planned"),
        (_("Over or refused"), "over"), (_("All"), "all"),
    ]  # fmt: skip
    context = {
        "place": "gifts", "found": found, "today": today, "states": STATES, "labels": dict(State.choices),
        "views": [(text, f"?view={name}", found.counts[name], name == found.view) for text, name in views],
        "waiting": found.counts["waiting"], "me": request.user,
    }  # fmt: skip
    return render(request, "gifts/register.html", context)


STATES = {
    State.IDEA: "", State.TO_APPROVE: "off", State.PLANNED: "half", State.REFUSED: "bad", State.GIVEN: "on",
    State.DECLINED: "", State.RECEIVED: "",
}  # fmt: skip


def _categories() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Category.choices if value != Category.CASH]


@FORM
@asked
def new(request: Asked, customer_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/gifts/new/: a gift for this customer, with the limits as it is typed."""
    customer = visible_to(request.scope).filter(pk=customer_id).first()
    if customer is None:
        raise Http404
    request.scope.require_log()
    day = day_of(request.bank)
    form = GiftForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" and request.htmx:
        return render(request, "gifts/meters.html", _weighed(request, customer_id, day, request.GET.dict()))
    if form.is_bound and form.is_valid():
        try:
            kept = commands.ask(by=request.scope, customer_id=customer_id, wish=form.wish(), day=day)
        except RefusedError as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, kept.sentence)
            return redirect("gifts:gift", kept.id)
    _look(request, customer_id)
    known = request.GET
    typed = (
        form.data
        if form.is_bound
        else {"on": known.get("on", day.today.isoformat()), "occasion": known.get("occasion", "")}
    )
    context = {
        **_form(form, typed), **_weighed(request, customer_id, day, typed), "customer": customer, "gift": None,
        "past": queries.of_customer(scope=request.scope, customer_id=customer_id, today=day.today),
    }  # fmt: skip
    return render(request, "gifts/gift.html", context | _about(day), status=422 if form.is_bound else 200)


@FORM
@asked
def gift(request: Asked, gift_id: int) -> HttpResponse:
    """GET and POST /gifts/<id>/: one gift with what the limits say; POST changes it while it has not been given."""
    day = day_of(request.bank)
    row = queries.gift(scope=request.scope, gift_id=gift_id, today=day.today)
    if row is None:
        raise Http404
    form = GiftForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            kept = commands.change(by=request.scope, gift_id=gift_id, wish=form.wish(), day=day)
        except RefusedError as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, kept.sentence)
            return redirect("gifts:gift", gift_id)
    return _page(request, row, day, form)


def _page(
    request: Asked, row: queries.Row, day: Day, form: forms.Form, *, errors: dict[str, str] | None = None
) -> HttpResponse:
    """One gift, with what was typed and what is wrong."""
    _look(request, row.customer_id)
    stored = {
        "text": row.text, "category": row.category, "value": f"{row.value:f}", "on": row.on.isoformat(),
        "occasion": row.occasion, "why": row.why,
    }  # fmt: skip
    context = _form(form, form.data if form.is_bound else stored)
    context["errors"] |= errors or {}
    asked_for = {**stored, "gift": row.id, "banker": row.asked_by_id}
    context |= _weighed(request, row.customer_id, day, asked_for) | _about(day)
    context |= {
        "gift": row, "customer": visible_to(request.scope).get(pk=row.customer_id), "me": request.user,
        "past": queries.of_customer(scope=request.scope, customer_id=row.customer_id, today=day.today),
        "decides": request.scope.role == "head" and request.scope.staff_id not in {row.asked_by_id, row.edited_by_id},
        "opened": request.scope.may_log and row.state in {"idea", "to_approve", "planned", "refused"},
    }  # fmt: skip
    return render(request, "gifts/gift.html", context, status=422 if context["errors"] else 200)


def _about(day: Day) -> dict[str, Any]:
    return {
        "place": "gifts", "today": day.today, "currency": day.currency, "categories": _categories(), "states": STATES,
        "labels": dict(State.choices), "meter_name": queries.meter_name,
    }  # fmt: skip


def _form(form: forms.Form, values: Any) -> dict[str, Any]:
    """What stands in the fields, and the sentences beside them."""
    errors = {name: str(said[0]) for name, said in form.errors.items()} if form.is_bound else {}
    if "__all__" in errors:
        errors["all"] = errors.pop("__all__")
    return {"values": values, "errors": errors, "key": values.get("client_key") or uuid.uuid4()}


def _weighed(request: Asked, customer_id: int, day: Day, typed: Any) -> dict[str, Any]:
    """What the limits and the years before say of what is typed so far; nothing of what cannot be read."""
    value = _amount(typed.get("value", ""))
    on = _day(typed.get("on", "")) or day.today
    without = int(typed.get("gift") or 0)
    found: Verdict | None = None
    if value:
        banker = int(typed.get("banker") or request.scope.staff_id)
        found = queries.weigh(asked=queries.Weighing(customer_id, banker, value, on, without))
    same = repeated(
        text=typed.get("text", ""), category=typed.get("category", ""), occasion=typed.get("occasion", ""), on=on,
        earlier=queries.earlier(customer_id=customer_id, on=on, without=without),
    )  # fmt: skip
    return {
        "verdict": found, "same": same, "currency": day.currency, "meter_name": queries.meter_name, "today": day.today,
        "office": queries.office_of(customer_id=customer_id, today=on),
    }  # fmt: skip


def _amount(text: str) -> Decimal | None:
    field = GiftForm.base_fields["value"]
    try:
        amount: Decimal | None = field.clean(text)
    except forms.ValidationError:
        return None
    return amount if amount and amount > 0 else None


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _look(request: Asked, customer_id: int) -> None:
    record_view(
        staff_id=request.scope.staff_id, customer_id=customer_id, page="gift", request_id=request.request_id,
        at=timezone.now(),
    )  # fmt: skip


def _verb(request: Asked, gift_id: int, act: Any) -> HttpResponse:
    """Do it and show the gift as it is now, or why it is refused."""
    day = day_of(request.bank)
    try:
        kept: commands.Kept = act()
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        row = queries.gift(scope=request.scope, gift_id=gift_id, today=day.today)
        if row is None:
            raise Http404 from refusal
        return _page(request, row, day, GiftForm(), errors={refusal.field or "all": str(refusal)})
    messages.success(request, kept.sentence)
    return redirect("gifts:gift", gift_id)


@require_POST
@asked
def decision(request: Asked, gift_id: int) -> HttpResponse:
    """POST /gifts/<id>/decision/: a second person says yes or no, and why."""
    approve, reason = request.POST.get("approve") == "yes", request.POST.get("reason", "")
    return _verb(
        request, gift_id,
        lambda: commands.decide(by=request.scope, gift_id=gift_id, approve=approve, reason=reason),
    )  # fmt: skip


@require_POST
@asked
def given(request: Asked, gift_id: int) -> HttpResponse:
    """POST /gifts/<id>/given/: it was handed over; the contact in which it was is logged."""
    form, day = GivenForm(request.POST), day_of(request.bank)
    row = queries.gift(scope=request.scope, gift_id=gift_id, today=day.today)
    if row is None:
        raise Http404
    if not form.is_valid():
        return _page(request, row, day, GiftForm(), errors={"all": _("Choose how it was handed over.")})
    return _verb(
        request,
        gift_id,
        lambda: commands.give(by=request.scope, gift_id=gift_id, contact=form.contact(gift=row.text, day=day), day=day),
    )


@require_POST
@asked
def declined(request: Asked, gift_id: int) -> HttpResponse:
    """POST /gifts/<id>/declined/: the customer declined it, or gave it back."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _verb(request, gift_id, lambda: commands.decline(by=request.scope, gift_id=gift_id, reason=reason))


@require_POST
@asked
def office(request: Asked, customer_id: int) -> HttpResponse:
    """POST /customers/<id>/office/: the customer holds a public office, or no longer does."""
    try:
        sentence = commands.set_office(
            by=request.scope, customer_id=customer_id, office=request.POST.get("office", ""), day=day_of(request.bank)
        )
    except NotYoursError as error:
        raise Http404 from error
    messages.success(request, sentence)
    return redirect("gifts:new", customer_id)


@FORM
def limits(request: Asked) -> HttpResponse:
    """GET and POST /settings/gifts/: the limits, read by all who give or watch, set by an administrator."""
    today = request.bank.business_date
    form = LimitsForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            sentence = commands.set_limits(
                by=request.scope, limits=form.limits(), from_on=form.cleaned_data["from_on"], today=today
            )
        except RefusedError as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, sentence)
            return redirect("gifts:limits")
    now = queries.limits_on(today)
    stored = {name: f"{getattr(now, name):f}" for name in LimitsForm.base_fields if name != "from_on"}
    values = form.data if form.is_bound else {**stored, "from_on": today.isoformat()}
    context = {
        **_form(form, values), "place": "settings", "limits": now, "today": today, "currency": request.bank.currency,
        "sets": request.user.role == "admin",
    }  # fmt: skip
    return render(request, "gifts/limits.html", context, status=422 if form.is_bound else 200)
