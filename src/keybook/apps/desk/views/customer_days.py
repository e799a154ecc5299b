"""Promises, occasions, mourning and greetings on the Customer page: one form each, one command each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from keybook.apps.customers.asking import Asked, asked
from keybook.apps.desk import faces_days
from keybook.apps.desk.forms import new_key
from keybook.apps.desk.forms_days import (
    GreetForm,
    ObservanceForm,
    OccasionForm,
    PromiseForm,
    WithdrawForm,
    errors,
    typed,
)
from keybook.apps.desk.queries import customer as queries
from keybook.apps.desk.queries import days as reads
from keybook.apps.desk.views.customer import opened
from keybook.apps.reminders import commands
from keybook.apps.reminders.commands import Contact, NotYoursError, RefusedError
from keybook.apps.reminders.queries import day_of, moment
from keybook.apps.reminders.rules import own_greetings, rules_of

FORM = require_http_methods(["GET", "HEAD", "POST"])


def _answer(request: Asked, customer_id: int, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    """The form's page, with what was typed and the sentences beside it."""
    _head, day, context = opened(request, customer_id, "customer_form")
    context |= {"values": typed(form), "errors": errors(form), "days_said": faces_days, "day": day, **more}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _saved(request: Asked, customer_id: int, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("desk:customer", customer_id)


def _refuse(form: forms.Form, refusal: RefusedError) -> None:
    """Put the sentence beside its field, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _found(request: Asked, customer_id: int) -> tuple[queries.Head, reads.Days]:
    """The customer inside the scope, and their days."""
    head = queries.head_of(scope=request.scope, customer_id=customer_id)
    today = request.bank.business_date
    return head, reads.days_of(customer_id=customer_id, me=request.scope.staff_id, today=today)


@FORM
@asked
def promise_add(request: Asked, customer_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/promises/: promise something, on a day or so long before a date of theirs."""
    queries.head_of(scope=request.scope, customer_id=customer_id)
    request.scope.require_log()
    if request.method != "POST":
        lead = rules_of().placing["maturity"].lead_days
        return _promise_page(request, customer_id, PromiseForm(initial={"lead_days": lead}))
    form = PromiseForm(request.POST)
    if form.is_valid():
        try:
            done = commands.make_promise(
                by=request.scope, customer_id=customer_id, said=form.said(), day=day_of(request.bank)
            )
        except RefusedError as refusal:
            _refuse(form, refusal)
        else:
            return _saved(request, customer_id, done.sentence)
    return _promise_page(request, customer_id, form)


def _promise_page(request: Asked, customer_id: int, form: forms.Form, promise: Any = None) -> HttpResponse:
    today = request.bank.business_date
    anchors = reads.anchors_of(customer_id=customer_id, today=today)
    options = faces_days.anchor_options(anchors, today)
    return _answer(
        request, customer_id, "desk/customer_promise.html", form, promise=promise, anchors=options,
        directions=list(faces_days.DIRECTIONS.items()),
    )  # fmt: skip


@FORM
@asked
def promise_edit(request: Asked, customer_id: int, promise_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/promises/<id>/: other words, another day with its reason."""
    _head, days = _found(request, customer_id)
    request.scope.require_log()
    promise = next((each for each in days.promises if each.id == promise_id), None)
    if promise is None:
        raise Http404
    if request.method != "POST":
        hangs = f"{promise.hangs_on}:{promise.hangs_ref}" if promise.hangs_on else ""
        on = "" if hangs else (promise.asked_on or promise.due_on).isoformat()
        known = {
            "text": promise.text,
            "hangs": hangs,
            "on": on,
            "time": promise.due_time or "",
            "direction": promise.direction,
        }
        form = PromiseForm(initial={**known, "lead_days": promise.lead_days})
        return _promise_page(request, customer_id, form, promise)
    form = PromiseForm(request.POST)
    if form.is_valid():
        try:
            done = commands.change_promise(
                by=request.scope, customer_id=customer_id, promise_id=promise_id, said=form.said(),
                reason=form.cleaned_data["reason"], day=day_of(request.bank),
            )  # fmt: skip
        except RefusedError as refusal:
            _refuse(form, refusal)
        else:
            return _saved(request, customer_id, done.sentence)
    return _promise_page(request, customer_id, form, promise)


@require_POST
@asked
def promise_withdraw(request: Asked, customer_id: int, promise_id: int) -> HttpResponse:
    """POST /customers/<id>/promises/<id>/withdraw/: take it back, with the reason."""
    return _close(request, customer_id, promise_id, withdraw=True)


@require_POST
@asked
def promise_keep(request: Asked, customer_id: int, promise_id: int) -> HttpResponse:
    """POST /customers/<id>/promises/<id>/keep/: it has been kept without a contact to log."""
    return _close(request, customer_id, promise_id, withdraw=False)


def _close(request: Asked, customer_id: int, promise_id: int, *, withdraw: bool) -> HttpResponse:
    form, day = WithdrawForm(request.POST), day_of(request.bank)
    about = {"by": request.scope, "customer_id": customer_id, "promise_id": promise_id, "day": day}
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        done = commands.withdraw_promise(**about, reason=reason) if withdraw else commands.keep_promise(**about)  # type: ignore[arg-type]
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        messages.error(request, errors(form).get("reason") or str(refusal))
        return redirect("desk:promise_edit", customer_id, promise_id)
    return _saved(request, customer_id, done.sentence)


@FORM
@asked
def occasion_add(request: Asked, customer_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/occasions/: a day that matters to them."""
    queries.head_of(scope=request.scope, customer_id=customer_id)
    request.scope.require_write()
    if request.method != "POST":
        placing = rules_of().placing
        known = {"kind": request.GET.get("kind", "birthday"), "calendar": "solar", "leap_day": "feb28"}
        form = OccasionForm(initial={**known, "lead_days": placing["greeting"].lead_days})
        return _occasion_page(request, customer_id, form)
    form = OccasionForm(request.POST)
    if form.is_valid():
        try:
            done = commands.add_occasion(
                by=request.scope, customer_id=customer_id, noted=form.noted(), day=day_of(request.bank)
            )
        except RefusedError as refusal:
            _refuse(form, refusal)
        else:
            return _saved(request, customer_id, done.sentence)
    return _occasion_page(request, customer_id, form)


def _occasion_page(request: Asked, customer_id: int, form: forms.Form, occasion: Any = None) -> HttpResponse:
    gift = rules_of().placing["gift_idea"].lead_days
    return _answer(
        request, customer_id, "desk/customer_occasion.html", form, occasion=occasion, usual_gift_days=gift,
        kinds_of_day=list(faces_days.KINDS.items()),
    )  # fmt: skip


@FORM
@asked
def occasion_edit(request: Asked, customer_id: int, occasion_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/occasions/<id>/: change it; its reminders move."""
    _head, days = _found(request, customer_id)
    request.scope.require_write()
    occasion = reads.by_id(days, occasion_id)
    if occasion is None:
        raise Http404
    if request.method != "POST":
        names = [name for name in OccasionForm.base_fields if name != "once"]
        known = {name: getattr(occasion, name) for name in names}
        return _occasion_page(
            request, customer_id, OccasionForm(initial={**known, "once": not occasion.yearly}), occasion
        )
    form = OccasionForm(request.POST)
    if form.is_valid():
        try:
            done = commands.change_occasion(
                by=request.scope, customer_id=customer_id, occasion_id=occasion_id, noted=form.noted(),
                day=day_of(request.bank),
            )  # fmt: skip
        except RefusedError as refusal:
            _refuse(form, refusal)
        else:
            return _saved(request, customer_id, done.sentence)
    return _occasion_page(request, customer_id, form, occasion)


@require_POST
@asked
def occasion_remove(request: Asked, customer_id: int, occasion_id: int) -> HttpResponse:
    """POST /customers/<id>/occasions/<id>/remove/: it no longer matters."""
    try:
        done = commands.remove_occasion(
            by=request.scope, customer_id=customer_id, occasion_id=occasion_id, day=day_of(request.bank)
        )
    except NotYoursError as error:
        raise Http404 from error
    return _saved(request, customer_id, done.sentence)


@FORM
@asked
def keeping(request: Asked, customer_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/keeping/: by which calendar the birthday is kept, and a time of mourning."""
    head = queries.head_of(scope=request.scope, customer_id=customer_id)
    request.scope.require_write()
    if request.method != "POST":
        known = {name: getattr(head, name) for name in ObservanceForm.base_fields}
        return _answer(request, customer_id, "desk/customer_keeping.html", ObservanceForm(initial=known))
    form = ObservanceForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            sentence = commands.observe(
                by=request.scope, customer_id=customer_id, birthday_by=given["birthday_by"],
                mourning=(given["mourning_from"], given["mourning_until"]), day=day_of(request.bank),
            )  # fmt: skip
        except RefusedError as refusal:
            _refuse(form, refusal)
        else:
            return _saved(request, customer_id, sentence)
    return _answer(request, customer_id, "desk/customer_keeping.html", form)


@FORM
@asked
def greet(request: Asked, customer_id: int, reminder_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/greet/<id>/: words in their language, by their channel, at their hour; once."""
    head, days = _found(request, customer_id)
    request.scope.require_log()
    one = next((each for each in days.reminders if each.id == reminder_id), None)
    if one is None or one.kind in {"gift_idea", "memorial"}:
        raise Http404
    day = day_of(request.bank)
    if request.method != "POST":
        text = faces_days.greeting(
            head=head, one=one, own=own_greetings(), by=request.user, bank=request.bank, today=day.today
        )
        channel = head.line_channel or (head.channels[0] if head.channels else "call")
        form = GreetForm(initial={"content": text, "channel": channel, "client_key": new_key()})
        return _answer(request, customer_id, "desk/customer_greet.html", form, one=one)
    form = GreetForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        contact = Contact(
            channel=given["channel"], outcome="reached", at=moment(on=None, day=day), client_key=given["client_key"],
            topic=faces_days.kind(one.kind), content=given["content"],
        )  # fmt: skip
        try:
            done = commands.greet(
                by=request.scope, customer_id=customer_id, reminder_id=reminder_id, contact=contact, day=day
            )
        except RefusedError as refusal:
            _refuse(form, refusal)
        else:
            return _saved(request, customer_id, done.sentence)
    return _answer(request, customer_id, "desk/customer_greet.html", form, one=one)
