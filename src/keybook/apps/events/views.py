"""Events to come and past, one event with its guests, and inviting from the Book."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from keybook.apps.customers import book as books
from keybook.apps.customers.asking import Asked as Request
from keybook.apps.customers.asking import asked
from keybook.apps.customers.queries import tiers
from keybook.apps.customers.views import view_names
from keybook.apps.events import commands, words
from keybook.apps.events.commands import Answer, may_make
from keybook.apps.events.commands.making import MAKERS
from keybook.apps.events.forms import EventForm
from keybook.apps.events.queries import asking, shown
from keybook.apps.gate import words as gate_words
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, day_of, moment
from keybook.formats import customer_name

FORM = require_http_methods(["GET", "HEAD", "POST"])
LONGEST_ID = 19


@require_safe
@asked
def events(request: Request) -> HttpResponse:
    """GET /events/?view=past: the events to come, or those that are over; with a Book's filters, to choose one to invite to."""
    day, past = day_of(request.bank), request.GET.get("view") == "past"
    given = {name: value for name, value in request.GET.items() if name not in {"view", "choose"}}
    if "choose" in request.GET and request.GET.get("view"):
        given["view"] = request.GET["view"]
        past = False
    rows = shown.events(scope=request.scope, past=past, now=moment(day=day))
    views = [(_("To come"), "?", None, not past), (_("Past"), "?view=past", None, past)]
    context = _with(request, day) | {
        "rows": rows, "past": past, "views": views, "makes": request.scope.role in MAKERS,
        "choosing": urlencode(given) if "choose" in request.GET else None,
    }  # fmt: skip
    return render(request, "events/events.html", context)


@FORM
@asked
def new(request: Request) -> HttpResponse:
    """GET and POST /events/new/: write an event down."""
    if request.scope.role not in MAKERS:
        raise PermissionDenied(_("Events are made by the campaign manager and the head of the branch."))
    return _form(request, None, lambda draft, day: commands.make_event(by=request.scope, draft=draft, day=day))


@FORM
@asked
def change(request: Request, event_id: int) -> HttpResponse:
    """GET and POST /events/<id>/change/: change it, or move it in time or place."""
    found = _found(request, event_id)
    if not may_make(by=request.scope, branch_id=found.branch_id):
        raise PermissionDenied(_("Events are made by the campaign manager and the head of the branch."))
    return _form(
        request, found,
        lambda draft, day: commands.change_event(by=request.scope, event_id=event_id, draft=draft, day=day),
    )  # fmt: skip


def _form(request: Request, found: shown.Event | None, act: Callable[..., commands.Made]) -> HttpResponse:
    """The form of an event, new or there; saved, its page."""
    day = day_of(request.bank)
    form = EventForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = act(form.draft(), day)
        except RefusedError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, made.sentence)
            return redirect("events:event", made.id)
    values = form.data if form.is_bound else _typed(found, request, day)
    errors = {name: str(said[0]) for name, said in form.errors.items()} if form.is_bound else {}
    if "__all__" in errors:
        errors["all"] = errors.pop("__all__")
    hosts = shown.hosts(scope=request.scope)
    if found is not None and found.host_id not in {each[0] for each in hosts}:
        hosts = [(found.host_id, found.host, found.host_zh), *hosts]
    context = _with(request, day) | {
        "event": found, "values": values, "errors": errors, "key": values.get("client_key") or uuid.uuid4(), "hosts": _options(hosts),
        "branches": _options(shown.branches(scope=request.scope)), "campaigns": shown.campaigns(scope=request.scope),
    }  # fmt: skip
    return render(request, "events/form.html", context, status=422 if form.is_bound else 200)


def _typed(found: shown.Event | None, request: Request, day: Day) -> Mapping[str, Any]:
    """What stands in the fields at first."""
    if found is None:
        return {
            "host": request.scope.staff_id,
            "branch": request.user.branch_id,
            "from_time": "15:00",
            "until_time": "17:00",
        }
    zone = ZoneInfo(day.zone)
    start, end = found.starts_at.astimezone(zone), found.ends_at.astimezone(zone)
    return {
        "name": found.name, "theme": found.theme, "place": found.place, "branch": found.branch_id, "on": f"{start:%Y-%m-%d}",
        "until_on": f"{end:%Y-%m-%d}" if end.date() != start.date() else "", "from_time": f"{start:%H:%M}",
        "until_time": f"{end:%H:%M}", "seats": found.seats, "host": found.host_id, "campaign": found.campaign_id or "",
        "note": found.note, "budget": "" if found.budget is None else f"{found.budget:f}",
        "cost": "" if found.cost is None else f"{found.cost:f}",
    }  # fmt: skip


@require_safe
@asked
def event(request: Request, event_id: int) -> HttpResponse:
    """GET /events/<id>/: seats taken, free and waited for; the guests with who looks after them."""
    return _page(request, event_id)


def _page(request: Request, event_id: int, *, error: str = "") -> HttpResponse:
    day, found = day_of(request.bank), _found(request, event_id)
    guests = shown.guests(scope=request.scope, event_id=event_id)
    is_its_day = day.today >= found.starts_at.astimezone(ZoneInfo(day.zone)).date()
    makes = may_make(by=request.scope, branch_id=found.branch_id)
    context = _with(request, day) | {
        "event": found, "guests": guests, "makes": makes, "error": error, "may_write": request.scope.may_write,
        "hidden": max(0, sum(count for count, _people in found.numbers.by_state.values()) - len(guests)),
        "acts": {code: words.acts(code=code, course=found.state, is_its_day=is_its_day) for code in words.STATES},
        "invites": request.scope.may_write and found.state == "open" and moment(day=day) < found.starts_at,
        "due": makes and found.state in {"planned", "open"},
    }  # fmt: skip
    return render(request, "events/event.html", context, status=422 if error else 200)


@require_POST
@asked
def opened(request: Request, event_id: int) -> HttpResponse:
    """POST /events/<id>/open/: customers can be invited from now on."""
    return _verb(
        request, event_id, lambda day: commands.open_event(by=request.scope, event_id=event_id, day=day).sentence
    )


@require_POST
@asked
def cancelled(request: Request, event_id: int) -> HttpResponse:
    """POST /events/<id>/cancel/: it does not take place."""
    reason = request.POST.get("reason", "")
    return _verb(
        request, event_id,
        lambda day: commands.cancel_event(by=request.scope, event_id=event_id, reason=reason, day=day).sentence,
    )  # fmt: skip


@require_POST
@asked
def seat(request: Request, event_id: int, seat_id: int) -> HttpResponse:
    """POST /events/<id>/seats/<seat>/: the answer, who came, or the invitation withdrawn."""
    act, _colon, count = request.POST.get("act", "").partition(":")
    companions = int(count) if count.isascii() and count.isdecimal() and len(count) < 3 else 0  # noqa: PLR2004

    def done(day: Day) -> str:
        if act == "withdrawn":
            return commands.withdraw(by=request.scope, seat_id=seat_id, day=day).sentence
        if act in {"came", "absent"}:
            return commands.mark(by=request.scope, seat_id=seat_id, state=act, day=day).sentence
        said = Answer(act, companions)
        return commands.answer(by=request.scope, seat_id=seat_id, said=said, day=day).sentence

    return _verb(request, event_id, done)


def _verb(request: Request, event_id: int, act: Callable[[Day], str]) -> HttpResponse:
    """Do it and show the event as it is now, or why it is refused."""
    try:
        messages.success(request, act(day_of(request.bank)))
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        return _page(request, event_id, error=str(refusal))
    return redirect("events:event", event_id)


@FORM
@asked
def invite(request: Request, event_id: int) -> HttpResponse:
    """GET and POST /events/<id>/invite/: a page of the Book with the gate's answer to inviting each; POST invites the ticked."""
    request.scope.require_write()
    day, error = day_of(request.bank), {}
    if request.method == "POST":
        ids = [
            int(each)
            for each in request.POST.getlist("customer")
            if each.isascii() and each.isdecimal() and len(each) < LONGEST_ID
        ]
        try:
            done = commands.invite(
                by=request.scope, event_id=event_id, customer_ids=ids, channel=request.POST.get("channel", ""),
                because=request.POST.get("because", ""), day=day,
            )  # fmt: skip
        except NotYoursError as refusal:
            raise Http404 from refusal
        except RefusedError as refusal:
            error = {refusal.field or "all": str(refusal)}
        else:
            messages.success(request, done.sentence)
            return redirect("events:event", event_id)
    return _choose(request, event_id, day, error)


def _choose(request: Request, event_id: int, day: Day, error: Mapping[str, str]) -> HttpResponse:
    """The page of the Book to choose from."""
    channel = request.POST.get("channel") or request.GET.get("channel", "")
    channel = channel if channel in asking.CHANNELS else "call"
    try:
        ask = books.read_ask(request.GET.dict())
    except books.AskRefusedError as refusal:
        return render(request, "customers/book_refused.html", {"sentence": str(refusal), "place": "book"}, status=400)
    found = asking.preview(scope=request.scope, event_id=event_id, ask=ask, channel=channel, day=day)
    if found is None:
        raise Http404
    context = _with(request, day) | {
        "found": found, "event": found.event, "ask": ask, "errors": error, "channels": asking.CHANNELS, "tiers": tiers(),
        "ticked": set(request.POST.getlist("customer")), "because": request.POST.get("because", ""),
        "query": urlencode({**ask.query(), "channel": channel}), "sent": request.method == "POST",
        "here": lambda **other: "?" + urlencode({**ask.but(**other).query(), "channel": channel}),
        "books": list(view_names().items()),
        "why": lambda one: [gate_words.sentence(each, day) for each in one.verdict.reasons] or [one.against],
    }  # fmt: skip
    return render(request, "events/invite.html", context, status=422 if error else 200)


def _options(rows: Sequence[tuple[int, str, str]]) -> list[tuple[int, str]]:
    """Rows with two names as a select takes them."""
    return [(number, customer_name(name, name_zh, get_language())[0]) for number, name, name_zh in rows]


def _found(request: Request, event_id: int) -> shown.Event:
    found = shown.event(scope=request.scope, event_id=event_id)
    if found is None:
        raise Http404
    return found


def _with(request: Request, day: Day) -> dict[str, Any]:
    """What every page of events is drawn with."""
    zone = ZoneInfo(day.zone)
    return {
        "place": "events", "today": day.today, "day": day, "words": words, "currency": request.bank.currency,
        "at": lambda moment: moment.astimezone(zone), "channel_name": gate_words.channel,
    }  # fmt: skip
