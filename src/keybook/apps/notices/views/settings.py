"""The page about being told: calendar, channels, hours, history. Everybody's own, whatever their role."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keybook.apps.notices.commands import channels as verbs
from keybook.apps.notices.commands.channels import NotChosenError
from keybook.apps.notices.commands.feed import choose_amounts, end_feed, make_feed
from keybook.apps.notices.models import Channel, Kind
from keybook.apps.notices.queries import settings as shown
from keybook.apps.notices.views.words import days, hours
from keybook.apps.people.models import Staff
from keybook.couriers import Browser

UNPROCESSABLE = 422


def page(request: HttpRequest) -> HttpResponse:
    """GET /settings/notices/."""
    return _page(request)


def history(request: HttpRequest) -> HttpResponse:
    """GET /settings/notices/history/: what was sent to me, when, through which channel, with what result."""
    before = request.GET.get("before", "")
    rows = shown.history_of(staff=_me(request), before=int(before) if before.isascii() and before.isdigit() else 0)
    context = {"place": "settings", "rows": rows, "more": len(rows) == shown.PAGE, "today": _today(request)}
    return render(request, "notices/history.html", context)


@require_POST
def heard(request: HttpRequest) -> HttpResponse:
    """POST /settings/notices/heard/: the failures were looked at; the bell is quiet."""
    verbs.look_at_failures(staff=_me(request))
    return redirect("notices:history")


@require_POST
def wish(request: HttpRequest) -> HttpResponse:
    """POST /settings/notices/wish/: hours, days and urgent kinds."""
    try:
        verbs.choose(
            staff=_me(request), urgent=request.POST.getlist("urgent"),
            digest_days=[_number(day) for day in request.POST.getlist("digest_days")],
            **{field: _number(request.POST.get(field, "")) for field in ("digest_hour", "quiet_from", "quiet_until")},
        )  # fmt: skip
    except NotChosenError as refusal:
        return _page(request, errors={refusal.field: str(refusal)})
    return _kept(request)


@require_POST
def feed(request: HttpRequest) -> HttpResponse:
    """POST /settings/notices/feed/: a new secret address, shown on this answer and never again."""
    token = make_feed(staff=_me(request), amounts=request.POST.get("amounts") == "on", at=timezone.now())
    path = f"/calendar/{token}.ics"
    return _page(
        request, address=f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
    )


@require_POST
def feed_amounts(request: HttpRequest) -> HttpResponse:
    """POST /settings/notices/feed/amounts/: whether entries name amounts."""
    choose_amounts(staff=_me(request), amounts=request.POST.get("amounts") == "on")
    return _kept(request)


@require_POST
def feed_end(request: HttpRequest) -> HttpResponse:
    """POST /settings/notices/feed/end/: the secret address is dead at once."""
    if not end_feed(staff=_me(request)):
        raise Http404
    messages.success(request, _("Taken back. No calendar program reads it any more."))
    return redirect("notices:settings")


@require_POST
def channel_add(request: HttpRequest) -> HttpResponse:
    """POST /settings/notices/channels/: e-mail, or a chat group by the address of its robot."""
    try:
        if request.POST.get("kind") == Channel.Kind.EMAIL:
            verbs.add_email(staff=_me(request), at=timezone.now())
        else:
            verbs.add_chat(staff=_me(request), address=request.POST.get("address", ""), at=timezone.now())
    except NotChosenError as refusal:
        return _page(request, errors={refusal.field: str(refusal)})
    return _kept(request)


@require_POST
def channel_set(request: HttpRequest, channel_id: int) -> HttpResponse:
    """POST /settings/notices/channels/<id>/: what it carries; it is switched on again."""
    chosen = {name: request.POST.get(name) == "on" for name in ("digest", "urgent")}
    if not verbs.set_channel(
        staff=_me(request), channel_id=channel_id, digest=chosen["digest"], urgent=chosen["urgent"]
    ):
        raise Http404
    return _kept(request)


@require_POST
def channel_test(request: HttpRequest, channel_id: int) -> HttpResponse:
    """POST /settings/notices/channels/<id>/test/: a test message, sent by the worker."""
    from keybook.apps.notices.tasks import queue

    row = verbs.ask_for_test(staff=_me(request), channel_id=channel_id, on=_today(request), at=timezone.now())
    if row is None:
        raise Http404
    delivery_id = row.pk
    transaction.on_commit(lambda: queue(delivery_id=delivery_id))
    messages.success(request, _("A test message is on its way; the history says what became of it."))
    return redirect("notices:settings")


@require_POST
def channel_end(request: HttpRequest, channel_id: int) -> HttpResponse:
    """POST /settings/notices/channels/<id>/end/: the channel is forgotten."""
    if not verbs.remove_channel(staff=_me(request), channel_id=channel_id):
        raise Http404
    messages.success(request, _("Removed."))
    return redirect("notices:settings")


@require_POST
def push(request: HttpRequest) -> HttpResponse:
    """POST /settings/notices/push/: asked for its key, the key a browser subscribes with; else a subscription, or its end."""
    if request.POST.get("ask") == "key":
        return JsonResponse({"key": verbs.push_key().public})
    endpoint = request.POST.get("endpoint", "")
    if request.POST.get("end") == "on":
        verbs.forget_browser(staff=_me(request), endpoint=endpoint)
        return HttpResponse(status=204)
    browser = Browser(endpoint, request.POST.get("p256dh", ""), request.POST.get("auth", ""))
    try:
        verbs.add_browser(staff=_me(request), browser=browser, name=request.POST.get("name", ""), at=timezone.now())
    except NotChosenError as refusal:
        return JsonResponse({"detail": str(refusal)}, status=UNPROCESSABLE)
    return HttpResponse(status=204)


def _me(request: HttpRequest) -> Staff:
    """Who is signed in; the access table let nobody else through."""
    if not isinstance(request.user, Staff):
        raise Http404
    return request.user


def _today(request: HttpRequest) -> Any:
    return request.bank.business_date  # type: ignore[attr-defined]


def _number(text: str) -> int:
    """A number typed; −1, which no hour and no day is, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else -1  # noqa: PLR2004


def _kept(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Kept."))
    return redirect("notices:settings")


def _page(request: HttpRequest, *, errors: dict[str, str] | None = None, address: str = "") -> HttpResponse:
    """The page; with a sentence beside the field that was refused, or the address that is shown once."""
    who = _me(request)
    context = {
        "place": "settings", "today": _today(request), "errors": errors or {}, "address": address, "me": who,
        "feed": shown.feed_of(staff=who), "channels": shown.channels_of(staff=who), "wish": shown.wish_of(staff=who),
        "kinds": Kind.choices, "days": days(), "hours": hours(), "typed": request.POST if errors else {},
    }  # fmt: skip
    return render(request, "notices/settings.html", context, status=UNPROCESSABLE if errors else 200)
