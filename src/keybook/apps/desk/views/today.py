"""Today, and the verbs of the RM's day: log, later, to the deputy, not now, undo."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keybook.apps.audit.commands import record_view
from keybook.apps.customers.asking import Asked, asked
from keybook.apps.customers.maturing import maturing
from keybook.apps.customers.models import Channel
from keybook.apps.customers.queries import who_sees
from keybook.apps.desk import faces
from keybook.apps.desk.forms import ColleagueForm, DateForm, LogForm, ReasonForm, new_key
from keybook.apps.desk.queries import today as lists
from keybook.apps.desk.queries.rail import rail
from keybook.apps.events.words import replies
from keybook.apps.gate.words import THEMES
from keybook.apps.interactions.attachments import LARGEST, attach, checked
from keybook.apps.reminders import commands
from keybook.apps.reminders.commands import Day, Done, Logged, NotYoursError, RefusedError

MOST_OFFSET = 10_000


def day_of(request: Asked) -> Day:
    """The bank's business date of this request."""
    return commands.day_of(request.bank)


@require_safe
@asked
def today(request: Asked) -> HttpResponse:
    """GET /: whom to contact today, the first line opened."""
    return _page(request, open_id=None)


@require_safe
@asked
def line(request: Asked, customer_id: int) -> HttpResponse:
    """GET /today/<id>/: one line opened, as a part of the page or, without script, the page with it open."""
    if not request.htmx:
        return _page(request, open_id=customer_id)
    day = day_of(request)
    at = _number(request.GET.get("at"), MOST_OFFSET)
    row = lists.line_of(scope=request.scope, customer_id=customer_id, day=day, at=at)
    if row is None:
        raise Http404
    context = _context(request, day) | {"row": row, "opened": True}
    _seen(request, customer_id)
    return render(request, "desk/today_line.html", context)


@require_safe
@asked
def walk(request: Asked, place: int) -> HttpResponse:
    """GET /today/walk/<n>/: go to the n-th customer of the list; past its end, to the list."""
    ids = lists.walk(scope=request.scope, day=day_of(request), whose=_whose(request))
    if not 1 <= place <= len(ids):
        return redirect("desk:today")
    return redirect("desk:line", ids[place - 1])


def _page(request: Asked, *, open_id: int | None) -> HttpResponse:
    """The list, with one line opened: the asked one, else the first."""
    day, whose = day_of(request), _whose(request)
    after = _number(request.GET.get("after"), MOST_OFFSET)
    found = lists.today(scope=request.scope, day=day, whose=whose, offset=after)
    context = _context(request, day) | {"today": found, "whose": whose, "place": "today", "with_rail": True}
    rows = {row.customer_id: row for row in found.lines}
    if open_id is not None and open_id not in rows:
        extra = lists.line_of(scope=request.scope, customer_id=open_id, day=day)
        if extra is None:
            raise Http404
        context["extra"] = extra
    elif open_id is None and found.lines and not after:
        open_id = found.lines[0].customer_id
    context["open_id"] = open_id
    if request.htmx and after:
        seen = request.GET.get("seen", "")
        return render(request, "desk/today_more.html", context | {"seen": seen if seen in lists.GROUPS else ""})
    if open_id is not None:
        _seen(request, open_id)
    context["bankers"] = lists.bankers(scope=request.scope, day=day)
    context["rail"] = rail(scope=request.scope, day=day, whose=whose)
    return render(request, "desk/today.html", context)


def _context(request: Asked, day: Day) -> dict[str, Any]:
    """What every part of the page needs."""
    return {
        "day": day, "now": timezone.now(), "may_log": request.scope.may_log, "faces": faces,
        "query": _query(request.GET), "several": request.scope.role != "rm", "best_themes": THEMES,
    }  # fmt: skip


def _seen(request: Asked, customer_id: int) -> None:
    """Note who looked at the customer."""
    record_view(
        staff_id=request.scope.staff_id, customer_id=customer_id, page="today", why="",
        request_id=request.request_id, at=timezone.now(),
    )  # fmt: skip


def _whose(request: Asked) -> lists.Whose:
    """Whose list the address asks for."""
    asked_for = request.GET.get("rm", "")
    if asked_for == "all":
        return lists.Whose(everyone=True)
    number = _number(asked_for, 2**62)
    return lists.Whose(rm_id=number) if number else lists.MINE


def _number(text: str | None, most: int) -> int:
    """A whole number of an address; 0 for anything else."""
    return min(int(text), most) if text and text.isascii() and text.isdecimal() and len(text) < 20 else 0  # noqa: PLR2004


def _at(request: Asked) -> int:
    """The place of the line on the list, as the page that asks counted it."""
    return _number(request.POST.get("at") or request.GET.get("at"), MOST_OFFSET)


def _query(given: QueryDict) -> str:
    """The part of the address that the links within the page keep."""
    kept = {"rm": given["rm"]} if given.get("rm", "").isalnum() else {}
    return "?" + urlencode(kept) if kept else ""


@require_http_methods(["GET", "HEAD", "POST"])
@asked
def log(request: Asked, customer_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/log/: log a contact, in the line, on the Customer page, or as a page of its own."""
    request.scope.require_log()
    day = day_of(request)
    if request.method != "POST":
        return _form(request, customer_id, day, None)
    form = LogForm(request.POST)
    if not form.is_valid():
        return _form(request, customer_id, day, form)
    try:
        done = _log(request, customer_id, form, day)
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return _form(request, customer_id, day, form)
    return _after(request, customer_id, day, Done(done.sentence, ""), stays=done.still_on_list)


def _log(request: Asked, customer_id: int, form: LogForm, day: Day) -> Logged:
    """The contact and what was attached to it, all or nothing: a refusal rolls the request back."""
    files = [file.read(LARGEST + 1) for file in request.FILES.getlist("attached")]
    for data in files:
        checked(data)
    done = commands.log_contact(
        by=request.scope,
        customer_id=customer_id,
        contact=form.contact(day=day),
        closes=form.answered,
        day=day,
        fates=form.fates,
    )
    for place, data in enumerate(files):
        key = uuid.uuid5(form.cleaned_data["client_key"], str(place))
        attach(by=request.scope, interaction_id=done.interaction_id, data=data, client_key=key)
    return done


def _form(request: Asked, customer_id: int, day: Day, form: LogForm | None) -> HttpResponse:
    """The form with what was typed and what is wrong; a stranger's customer is not found."""
    subject = lists.subject(scope=request.scope, customer_id=customer_id)
    if subject is None:
        raise Http404
    row = lists.line_of(scope=request.scope, customer_id=customer_id, day=day)
    given = request.GET  # the plan says how it was meant
    values = form.data if form is not None else {"topic": given.get("topic", "")[:120]}
    channel = given.get("channel") if given.get("channel") in Channel.values else None
    context = _context(request, day) | {
        "subject": subject, "row": row, "values": values, "ticked": faces.ticked(row, day, form),
        "errors": faces.errors(form), "key": values.get("client_key") or new_key(), "place": "today",
        "came_from": values.get("from", request.GET.get("from", "")),
        "next": values.get("next", request.GET.get("next", "")), "at": _at(request),
        "channel": values.get("channel") or channel or (row.channel if row else "call"),
        "colleagues": who_sees(customer_id=customer_id, on=day.today), "named": request.POST.getlist("named"),
        "maturing": maturing(customer_id=customer_id, today=day.today),
        "cause": given.get("cause", "")[:10] or (row.reasons[0].cause if row and row.reasons else ""),
        "replies": replies(), "theme": faces.theme(row) if row else "", "purpose": faces.purpose(row, given.get("cause") or "campaign"),
    }  # fmt: skip
    template = "desk/log_form.html" if request.htmx else "desk/log.html"
    response = render(request, template, context, status=422 if form is not None else 200)
    if request.htmx and form is not None:  # a success replaces the line, a mistake only the form
        response["HX-Retarget"], response["HX-Reswap"] = f"#log-{customer_id}", "outerHTML"
    return response


def _after(request: Asked, customer_id: int, day: Day, done: Done, *, stays: bool) -> HttpResponse:
    """After a verb: on Today the line folds away and the next one opens; elsewhere back to where it came from."""
    came_from = request.POST.get("from", "")
    if request.htmx and came_from == "today":
        return _next_line(request, customer_id, day, done, stays=stays)
    messages.success(request, done.sentence)
    targets = {"customer": ("desk:customer", [customer_id]), "plan": ("plans:plan", [])}
    name, arguments = targets.get(came_from, ("desk:today", []))
    target = reverse(name, args=arguments)
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": target})
    return redirect(target)


def _next_line(request: Asked, customer_id: int, day: Day, done: Done, *, stays: bool) -> HttpResponse:
    """The parts of Today that change: this line, the next one opened, the sums, the toast."""
    scope = request.scope
    at, left = _at(request), request.POST.get("group", "")
    this = lists.line_of(scope=scope, customer_id=customer_id, day=day, at=at) if stays else None
    next_id = _number(request.POST.get("next"), 2**62)
    following = None
    if next_id and next_id != customer_id:
        following = lists.line_of(scope=scope, customer_id=next_id, day=day, at=at + 1 if at else 0)
    if following is not None:
        _seen(request, next_id)
    shown = this if this is not None and (this.snoozed_until is None or this.snoozed_until <= day.today) else None
    context = _context(request, day) | {
        "this": shown, "customer_id": customer_id, "following": following, "sentence": done.sentence, "undo": done.undo,
        "heads": sorted({row.group for row in (this, following) if row} | ({left} & set(lists.GROUPS))),
        "today": lists.sums(scope=scope, day=day, whose=_whose(request)),
    }  # fmt: skip
    return render(request, "desk/today_done.html", context)


@require_POST
@asked
def snooze(request: Asked, customer_id: int) -> HttpResponse:
    """POST /customers/<id>/later/: hide the line until a day."""
    form = DateForm(request.POST)
    if not form.is_valid():
        return _refused(request, customer_id, faces.errors(form))
    day = day_of(request)
    return _verb(
        request, customer_id,
        lambda: commands.snooze(by=request.scope, customer_id=customer_id, until=form.cleaned_data["until"], day=day),
    )  # fmt: skip


@require_POST
@asked
def hand_over(request: Asked, customer_id: int) -> HttpResponse:
    """POST /customers/<id>/deputy/: put the line on a deputy's list."""
    form = ColleagueForm(request.POST)
    if not form.is_valid():
        return _refused(request, customer_id, faces.errors(form))
    day = day_of(request)
    return _verb(
        request, customer_id,
        lambda: commands.hand_over(by=request.scope, customer_id=customer_id, to=form.cleaned_data["to"], day=day),
    )  # fmt: skip


@require_POST
@asked
def dismiss(request: Asked, customer_id: int) -> HttpResponse:
    """POST /customers/<id>/not-now/: take the customer off the list, with a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _refused(request, customer_id, faces.errors(form))
    day, reason = day_of(request), form.cleaned_data["reason"] or form.cleaned_data["usual"]
    return _verb(
        request, customer_id,
        lambda: commands.dismiss(by=request.scope, customer_id=customer_id, reason=reason, day=day),
    )  # fmt: skip


@require_POST
@asked
def undo(request: Asked) -> HttpResponse:
    """POST /undo/: take back the last verb; Today is drawn anew."""
    request.scope.require_log()
    try:
        done = commands.undo(by=request.scope, token=request.POST.get("token", ""), day=day_of(request))
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done.sentence)
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": reverse("desk:today")})
    return redirect("desk:today")


def _verb(request: Asked, customer_id: int, act: Any) -> HttpResponse:
    """Do it, and answer with what changed or with why it is refused."""
    request.scope.require_log()
    try:
        done: Done = act()
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        return _refused(request, customer_id, {refusal.field or "all": str(refusal)})
    return _after(request, customer_id, day_of(request), done, stays=False)


def _refused(request: Asked, customer_id: int, errors: dict[str, str]) -> HttpResponse:
    """The line again, with the sentence beside the field and what was typed."""
    request.scope.require_log()
    day = day_of(request)
    row = lists.line_of(scope=request.scope, customer_id=customer_id, day=day, at=_at(request))
    if row is None and lists.subject(scope=request.scope, customer_id=customer_id) is None:
        raise Http404
    if row is None:
        messages.error(request, " ".join(errors.values()) or _("No longer on the list."))
        return redirect("desk:today")
    context = _context(request, day) | {"row": row, "opened": True, "errors": errors, "values": request.POST}
    if request.htmx:
        return render(request, "desk/today_line.html", context, status=422)
    found = lists.today(scope=request.scope, day=day, whose=_whose(request))
    rows = {each.customer_id for each in found.lines}
    context |= {
        "today": found, "whose": _whose(request), "place": "today", "with_rail": True, "open_id": customer_id,
        "extra": None if customer_id in rows else row, "bankers": lists.bankers(scope=request.scope, day=day),
        "rail": rail(scope=request.scope, day=day, whose=_whose(request)),
    }  # fmt: skip
    return render(request, "desk/today.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@asked
def correct(request: Asked, customer_id: int, interaction_id: int) -> HttpResponse:
    """GET and POST /customers/<id>/contacts/<contact>/correct/: store a correction; the original stays."""
    request.scope.require_log()
    day = day_of(request)
    subject = lists.subject(scope=request.scope, customer_id=customer_id)
    earlier = (
        lists.contact(scope=request.scope, customer_id=customer_id, interaction_id=interaction_id) if subject else None
    )
    if subject is None or earlier is None:
        raise Http404
    form = LogForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            contact = form.contact(day=day) if form.cleaned_data["on"] else faces.as_of(form, earlier, day)
            done = commands.correct_contact(by=request.scope, interaction_id=interaction_id, contact=contact, day=day)
        except NotYoursError as error:
            raise Http404 from error
        except RefusedError as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, done.sentence)
            return redirect("desk:customer", customer_id)
    record_view(
        staff_id=request.scope.staff_id, customer_id=customer_id, page="correct", why="",
        request_id=request.request_id, at=timezone.now(),
    )  # fmt: skip
    values = form.data if form is not None else faces.typed(earlier)
    context = _context(request, day) | {
        "subject": subject, "row": None, "values": values, "errors": faces.errors(form), "ticked": frozenset(),
        "key": values.get("client_key") or new_key(), "place": "today", "came_from": "customer", "next": "", "at": "",
        "channel": values.get("channel", "call"), "earlier": earlier,
    }  # fmt: skip
    return render(request, "desk/log.html", context, status=422 if form is not None else 200)
