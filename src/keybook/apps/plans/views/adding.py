"""Placing a contact with a customer by hand: one somebody thought of, or the next best contact that is proposed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from keybook.apps.customers.asking import Asked, asked
from keybook.apps.customers.models import Channel, Customer
from keybook.apps.customers.queries import visible_to
from keybook.apps.gate.words import THEMES
from keybook.apps.plans import words
from keybook.apps.plans.commands import entries as verbs
from keybook.apps.plans.commands.entries import Kept
from keybook.apps.plans.commands.proposed import plan_proposal, whose_plan
from keybook.apps.plans.forms import WhereForm, WishForm, errors_of
from keybook.apps.plans.queries import page as pages
from keybook.apps.plans.queries.answers import Wanted, answers, first_that_fits, slots_between
from keybook.apps.plans.queries.page import monday_of
from keybook.apps.plans.views.entries import AHEAD, FORM, choices, look
from keybook.apps.proposals.queries.shown import Next, next_of
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, day_of


@dataclass(frozen=True, slots=True)
class Adding:
    """The customer a contact is placed with, on whose plan, and the proposal it comes from if it comes from one."""

    customer: Customer
    staff_id: int
    proposed: Next | None


@FORM
@asked
def add(request: Asked, customer_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/plan/?proposal=: place a contact with this customer by hand, or what is proposed."""
    request.scope.require_log()
    day = day_of(request.bank)
    customer = visible_to(request.scope).filter(pk=customer_id).first()
    if customer is None:
        raise Http404
    wanted = request.GET.get("proposal", "")
    found = next_of(scope=request.scope, customer_id=customer_id) if wanted else None
    proposed = found if found is not None and found.theme == wanted else None
    adding = Adding(customer, whose_plan(by=request.scope, customer=customer), proposed)
    form = WishForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            kept = _keep(request, customer, adding.staff_id, form, day)
        except NotYoursError as error:
            raise Http404 from error
        except RefusedError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, kept.sentence, extra_tags=f"plan:{kept.undo}" if kept.undo else "")
            if request.GET.get("back"):
                return redirect("desk:customer", customer_id)
            return redirect(_week_of(form, request, adding.staff_id))
    return _page(request, adding, form)


def _keep(request: Asked, customer: Customer, staff_id: int, form: WishForm, day: Day) -> Kept:
    """Place it by hand; what was proposed is accepted with it."""
    said = form.said()
    if said is not None:
        return plan_proposal(by=request.scope, customer_id=customer.pk, said=said, wish=form.wish(), day=day)
    return verbs.add_entry(by=request.scope, staff_id=staff_id, customer_id=customer.pk, wish=form.wish(), day=day)


def _week_of(form: WhereForm, request: Asked, staff_id: int) -> str:
    """The week in which a contact was placed."""
    whose = f"&rm={staff_id}" if staff_id != request.scope.staff_id else ""
    return f"{reverse('plans:plan')}?on={form.where.on.isoformat()}{whose}"


def _page(request: Asked, adding: Adding, form: WishForm) -> HttpResponse:
    """The form, with the half-days that may take it and what each says."""
    day, customer, proposed = day_of(request.bank), adding.customer, adding.proposed
    look(request, customer.pk)
    channel = form.data.get("channel") or (proposed.channel if proposed else request.GET.get("channel", ""))
    channel = channel if channel in Channel.values else Channel.CALL.value
    wanted = Wanted(customer.pk, adding.staff_id, channel, minutes=0, district=customer.district)
    slots = slots_between(from_on=day.today, until_on=monday_of(day.today) + AHEAD)
    found = answers(scope=request.scope, wanted=wanted, slots=slots, day=day)
    best = first_that_fits(found=found, after=(day.calendar.add_workdays(day.today, 1), "am"))
    context = {
        "customer": customer, "day": day, "words": words, "place": "plan", "choices": choices(found, day),
        "typed": form.data if form.is_bound else {"theme": THEMES[proposed.theme] if proposed else ""},
        "errors": errors_of(form), "channel": channel, "channels": Channel.choices, "proposed": proposed,
        "best": f"{best[0].isoformat()}{best[1]}" if best else "", "planned": pages.next_planned(customer_id=customer.pk),
        "key": form.data.get("client_key") or uuid.uuid4(), "gone": bool(request.GET.get("proposal")) and proposed is None,
    }  # fmt: skip
    return render(request, "plans/add.html", context, status=422 if form.is_bound else 200)
