"""The forms of the Customer page: the number in full, preferences, assets elsewhere, relations, the banker."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from keybook.apps.customers import commands
from keybook.apps.customers.asking import Asked, asked
from keybook.apps.customers.forms import AssignForm, AwayForm, PreferenceForm, RelationForm
from keybook.apps.customers.queries import bankers
from keybook.apps.customers.search import search
from keybook.apps.desk.queries import customer as queries
from keybook.apps.desk.views.customer import opened, seen
from keybook.apps.handover.commands import hand_over_one
from keybook.apps.reminders.commands import RefusedError, settle_days
from keybook.apps.reminders.queries import day_of

FORM = require_http_methods(["GET", "HEAD", "POST"])
UNMASK_SECONDS = 60


@require_POST
@asked
def unmask(request: Asked, customer_id: int) -> HttpResponse:
    """POST /customers/<id>/unmask/: one field in full, with the reason, recorded in the same transaction."""
    field, why = request.POST.get("field", ""), " ".join(request.POST.get("why", "").split())
    value = queries.unmasked(scope=request.scope, customer_id=customer_id, field=field)
    context = {"value": value, "field": field, "customer_id": customer_id, "error": "", "seconds": UNMASK_SECONDS}
    if not why or len(why) > 200 or not why.isprintable():  # noqa: PLR2004 - the column's width
        context |= {"value": "", "error": _("Say why in at most 200 characters: nothing was shown.")}
        return render(request, "desk/customer_unmasked.html", context, status=422)
    seen(request, customer_id, f"unmask {field}", why)
    return render(request, "desk/customer_unmasked.html", context)


def _answer(request: Asked, customer_id: int, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    """The form's page, with what was typed and the sentences beside it."""
    _head, _day, context = opened(request, customer_id, "customer_form")
    context |= {"form_of": form, "values": _typed(form), "errors": _errors(form), **more}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _typed(form: forms.Form) -> dict[str, Any]:
    """What stands in each field: as it was typed, else what is known."""
    values: dict[str, Any] = {}
    for name in form.fields:
        bound = form[name].value()
        values[name] = bound if bound is not None else ""
    return values


def _errors(form: forms.Form) -> dict[str, str]:
    return {name: str(errors[0]) for name, errors in form.errors.items()} if form.is_bound else {}


def _saved(request: Asked, customer_id: int, sentence: str, tab: str = "customer") -> HttpResponse:
    messages.success(request, sentence)
    return redirect(f"desk:{tab}", customer_id)


@FORM
@asked
def preference(request: Asked, customer_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/likes/: how they like to be contacted."""
    head = queries.head_of(scope=request.scope, customer_id=customer_id)
    request.scope.require_write()
    if request.method != "POST":
        names = PreferenceForm.base_fields
        form = PreferenceForm(initial={name: getattr(head, name) for name in names})
        return _answer(request, customer_id, "desk/customer_likes.html", form)
    form = PreferenceForm(request.POST)
    if form.is_valid():
        try:
            commands.set_preference(scope=request.scope, customer_id=customer_id, liking=form.liking())
        except commands.NotSavedError as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            settle_days(customer_id=customer_id, day=day_of(request.bank))
            return _saved(request, customer_id, _("Kept: how they like it."))
    return _answer(request, customer_id, "desk/customer_likes.html", form)


@FORM
@asked
def away_add(request: Asked, customer_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/elsewhere/: evidence of an asset at another bank."""
    queries.head_of(scope=request.scope, customer_id=customer_id)
    request.scope.require_write()
    today = request.bank.business_date
    if request.method != "POST":
        form = AwayForm(initial={"seen_on": today.isoformat(), "source": "said", "confidence": "likely"})
        return _answer(request, customer_id, "desk/customer_away.html", form)
    form = AwayForm(request.POST)
    if form.is_valid():
        try:
            commands.add_held_away(scope=request.scope, customer_id=customer_id, today=today, evidence=form.evidence())
        except commands.NotSavedError as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return _saved(request, customer_id, _("Kept, with its source and date."), "customer_holdings")
    return _answer(request, customer_id, "desk/customer_away.html", form)


@FORM
@asked
def relation_add(request: Asked, customer_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/relations/: who belongs to them; a name that fits several asks which one."""
    queries.head_of(scope=request.scope, customer_id=customer_id)
    request.scope.require_write()
    if request.method != "POST":
        return _answer(request, customer_id, "desk/customer_relation.html", RelationForm(), found=())
    form = RelationForm(request.POST)
    found: list[Any] = []
    if form.is_valid():
        chosen = request.POST.get("chosen", "")
        hits = search(scope=request.scope, text=form.cleaned_data["other"])
        found = [one for one in hits if one.id != customer_id]
        picked = [one for one in found if str(one.id) == chosen] or (found if len(found) == 1 else [])
        if not picked:
            form.add_error("other", _("Choose one of these.") if found else _("No customer of yours is found by that."))
        else:
            try:
                commands.add_relation(
                    scope=request.scope, customer_id=customer_id, other_id=picked[0].id, role=form.cleaned_data["role"]
                )
            except commands.NotSavedError as refusal:
                form.add_error(refusal.field, str(refusal))
            else:
                return _saved(request, customer_id, _("Kept: they belong together."), "customer_household")
    return _answer(request, customer_id, "desk/customer_relation.html", form, found=found)


@require_POST
@asked
def relation_remove(request: Asked, customer_id: int, relation_id: int) -> HttpResponse:
    """POST /customers/<id>/relations/<id>/remove/: take away a relation a banker has added."""
    try:
        commands.remove_relation(scope=request.scope, customer_id=customer_id, relation_id=relation_id)
    except commands.NotSavedError as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:customer_household", customer_id)
    return _saved(request, customer_id, _("Removed."), "customer_household")


@FORM
@asked
def assign(request: Asked, customer_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/banker/: the branch head gives the customer to another banker."""
    queries.head_of(scope=request.scope, customer_id=customer_id)
    request.scope.require_write()
    if request.method != "POST" and request.scope.role != "head":
        messages.error(request, _("A customer is moved to another banker by the head of the branch."))
        return redirect("desk:customer", customer_id)
    staff = bankers(request.scope)
    form = AssignForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        day = day_of(request.bank)
        try:
            hand_over_one(by=request.scope, customer_id=customer_id, to_id=form.cleaned_data["to"], day=day)
        except RefusedError as refusal:
            form.add_error("to" if refusal.field == "to" else None, str(refusal))
        else:
            return _saved(request, customer_id, _("Handed over from today."))
    return _answer(request, customer_id, "desk/customer_assign.html", form, staff=staff)
