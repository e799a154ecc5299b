"""The pages of the next best contact: the list, why this and not the others, the answer, and what became of it."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from keybook.apps.audit.commands import record_view
from keybook.apps.customers.asking import Asked, asked
from keybook.apps.customers.models import Channel, Customer
from keybook.apps.customers.queries import bankers, visible_to
from keybook.apps.gate.words import THEMES
from keybook.apps.people.queries import branches_seen
from keybook.apps.proposals import commands, words
from keybook.apps.proposals.forms import AnswerForm, ReportForm
from keybook.apps.proposals.models import Answered, Reason
from keybook.apps.proposals.queries import report, shown
from keybook.apps.reminders.commands import NotYoursError, RefusedError, day_of


@require_safe
@asked
def following(request: Asked) -> HttpResponse:
    """GET /next/: the next best contacts of the reader's customers, the most worth first."""
    own = request.user.pk if request.scope.role == "rm" else None
    found = shown.next_list(scope=request.scope, rm_id=own)
    return render(request, "proposals/list.html", {**_words(request), "found": found, "may_log": request.scope.may_log})


@require_http_methods(["GET", "HEAD", "POST"])
@asked
def customer(request: Asked, customer_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/next/: what is next and why, and why not the others; POST answers it."""
    subject = visible_to(request.scope).filter(pk=customer_id).first()
    if subject is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    errors: dict[str, str] = {}
    if form.is_bound and form.is_valid():
        try:
            kept = commands.answer(
                by=request.scope, customer_id=customer_id, said=form.said(), day=day_of(request.bank)
            )  # fmt: skip
        except NotYoursError as error:
            raise Http404 from error
        except RefusedError as refusal:
            errors = {refusal.field or "all": str(refusal)}
        else:
            messages.success(request, kept.sentence)
            if form.cleaned_data["answer"] == Answered.ACCEPTED:
                return redirect(reverse("desk:log", args=[customer_id]) + "?" + urlencode({"from": "customer"}))
            return redirect("desk:customer", customer_id)
    elif form.is_bound:
        errors = {name: str(said[0]) for name, said in form.errors.items()}
    return _page(request, subject, errors)


def _page(request: Asked, subject: Customer, errors: dict[str, str]) -> HttpResponse:
    day, customer_id = day_of(request.bank), subject.pk
    record_view(
        staff_id=request.scope.staff_id, customer_id=customer_id, page="next best", request_id=request.request_id,
        at=timezone.now(),
    )  # fmt: skip
    context = {
        **_words(request), "next": shown.next_of(scope=request.scope, customer_id=customer_id),
        "others": shown.others_of(customer_id=customer_id, day=day), "subject": subject,
        "key": uuid.uuid4(), "errors": errors, "typed": request.POST, "reasons": Reason.choices,
        "may_log": request.scope.may_log, "data_date": day.data_date,
    }  # fmt: skip
    return render(request, "proposals/customer.html", context, status=422 if errors else 200)


@require_safe
@asked
def results(request: Asked) -> HttpResponse:
    """GET /next/results/?since=&on=&branch=&rm=&theme=&answer=&form=csv: what became of them, and the answers behind a number."""
    form = ReportForm(request.GET)
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    ask = report.Ask(
        on=min(given.get("on") or request.bank.business_date, request.bank.business_date),
        since_on=given.get("since"), branch=given.get("branch"), rm_id=given.get("rm"), theme=given.get("theme", ""), answer=given.get("answer", ""), page=given.get("page") or 1,
    )  # fmt: skip
    found = report.lines(scope=request.scope, ask=ask)
    if request.GET.get("form") == "csv" and form.is_valid():
        return _file(found, ask)
    rows = report.rows(scope=request.scope, ask=ask)
    context = {
        **_words(request), "lines": found, "rows": rows[: report.PAGE], "more": len(rows) > report.PAGE, "ask": ask,
        "bankers": bankers(request.scope), "branches": branches_seen(scope=request.scope), "answers": Answered.choices, "reasons": Reason.choices,
        "answer_names": dict(Answered.choices), "reason_names": dict(Reason.choices),
        "errors": {name: str(said[0]) for name, said in form.errors.items()},
    }  # fmt: skip
    return render(request, "proposals/results.html", context, status=422 if form.errors else 200)


def _file(found: list[report.Line], ask: report.Ask) -> HttpResponse:
    """The counts as CSV; they name no customer."""
    text = io.StringIO()
    heads, body = report.table(found, names=THEMES)
    csv.writer(text).writerows([heads, *body])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="keybook-next-{ask.on.isoformat()}.csv"'
    return answer


def _words(request: Asked) -> dict[str, Any]:
    return {
        "place": "today", "today": request.bank.business_date, "themes": THEMES, "gates": words.GATES,
        "channels": dict(Channel.choices), "source_of_value": words.source_of_value,
    }  # fmt: skip
