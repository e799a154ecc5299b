"""One customer's contact standard: where the next due date comes from, and the exceptions, given and ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from keybook.apps.customers.asking import Asked, asked
from keybook.apps.customers.models import Channel
from keybook.apps.desk.views.customer import opened
from keybook.apps.reminders import commands
from keybook.apps.standards import words
from keybook.apps.standards.forms import ExceptionForm, first_errors
from keybook.apps.standards.models import Kind
from keybook.apps.standards.queries import exceptions_of, explained

FORM = require_http_methods(["GET", "HEAD", "POST"])
USUAL_LENGTH = dt.timedelta(days=30)


@FORM
@asked
def standard(request: Asked, customer_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/standard/: what is asked of their banker, and another exception."""
    _head, day, context = opened(request, customer_id, "customer_standard")
    today = day.today
    values: dict[str, Any] = {"kind": "", "from_on": today.isoformat(), "until_on": (today + USUAL_LENGTH).isoformat()}
    form = ExceptionForm(request.POST) if request.method == "POST" else None
    if form is not None:
        values = {**request.POST.dict(), "channels": request.POST.getlist("channels")}
        if form.is_valid():
            try:
                sentence = commands.give_exception(
                    by=request.scope, customer_id=customer_id, wanted=form.wanted(), day=day
                )
            except commands.RefusedError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            else:
                messages.success(request, sentence)
                return redirect("desk:standard", customer_id)
    errors = first_errors(form.errors.items()) if form is not None else {}
    found = explained(customer_id=customer_id, today=today, zone=day.zone, calendar=day.calendar)
    context |= {
        "found": found, "exceptions": exceptions_of(scope=request.scope, customer_id=customer_id), "values": values,
        "errors": errors, "kinds": Kind.choices, "said": words, "say": day.say, "at": day.at,
        "names": dict(Channel.choices),
    }  # fmt: skip
    return render(request, "desk/customer_standard.html", context, status=422 if errors else 200)


@require_POST
@asked
def end(request: Asked, customer_id: int, exception_id: int) -> HttpResponse:
    """POST /customers/<id>/standard/<id>/end/: the standard holds again from today."""
    day = commands.day_of(request.bank)
    try:
        sentence = commands.end_exception(by=request.scope, customer_id=customer_id, exception_id=exception_id, day=day)
    except commands.NotYoursError:
        raise Http404(_("There is no such exception.")) from None
    except commands.RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, sentence)
    return redirect("desk:standard", customer_id)
