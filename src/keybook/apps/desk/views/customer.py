"""The Customer page: its tabs, the walk from one to the next, and the record of who looked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keybook.apps.audit.commands import record_view
from keybook.apps.audit.queries import changes_of, views_of
from keybook.apps.customers import book as books
from keybook.apps.customers.asking import Asked, asked
from keybook.apps.desk import faces_customer as faces
from keybook.apps.desk import faces_days, habits
from keybook.apps.desk.health import chart
from keybook.apps.desk.queries import customer as queries
from keybook.apps.desk.queries.days import days_of, open_first
from keybook.apps.desk.queries.today import walk as walk_of_today
from keybook.apps.desk.timeline import timeline as entries_of
from keybook.apps.gate.words import THEMES
from keybook.apps.interactions.attachments import attachment
from keybook.apps.interactions.queries import history
from keybook.apps.ledger.queries import weights_on
from keybook.apps.ledger.words import GROUPS, STATES, brief, kind
from keybook.apps.proposals.queries.shown import next_of
from keybook.apps.reminders.postings import health_of
from keybook.apps.reminders.queries import Day, day_of, habits_of

NEWEST = 8
LOOKS = 100


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a customer stands in the list the reader came from, and the ways on."""

    previous: str | None
    next: str | None
    at: int
    of: int
    back: str
    back_name: str
    query: str


def _address(name: str, customer_id: int, query: str = "") -> str:
    return reverse(f"desk:{name}", args=[customer_id]) + (f"?{query}" if query else "")


def walk(request: Asked, customer_id: int, day: Day) -> Walk | None:
    """The walk through Today or the Book, when the address says the reader came from there."""
    source = request.GET.get("from", "")
    if source == "today":
        ids = walk_of_today(scope=request.scope, day=day)
        at = ids.index(customer_id) if customer_id in ids else -1
        before = ids[at - 1] if at > 0 else None
        after = ids[at + 1] if 0 <= at < len(ids) - 1 else (ids[0] if at < 0 and ids else None)
        place, total, query, back, name = at + 1, len(ids), "from=today", "/", _("Today")
    elif source == "book":
        try:
            ask = books.read_ask(request.GET.dict())
        except books.AskRefusedError:
            return None
        before, after, place, total = books.neighbours(
            scope=request.scope, ask=ask, today=day.today, customer_id=customer_id
        )
        plain = urlencode(ask.but().query())
        query, back, name = urlencode({"from": "book", **ask.but().query()}), reverse("customers:book"), _("Book")
        back += f"?{plain}" if plain else ""
    else:
        return None
    step = [_address("customer", other, query) if other else None for other in (before, after)]
    return Walk(step[0], step[1], place, total, back, name, query)


def seen(request: Asked, customer_id: int, page: str, why: str = "") -> None:
    """Record this look, in the transaction that shows it."""
    record_view(
        staff_id=request.user.pk, customer_id=customer_id, page=page, why=why, request_id=request.request_id,
        at=timezone.now(),
    )  # fmt: skip


def page(request: Asked, head: queries.Head, tab: str, day: Day) -> dict[str, Any]:
    """What every tab shows: the head, the strip of four facts, the tabs, the walk."""
    way = walk(request, head.id, day)
    query = way.query if way else ""
    return {
        "place": "today" if way and way.query == "from=today" else "book", "head": head, "today": day.today, "away": head.away,
        "wallet": queries.wallet_of(head, today=day.today), "walk": way, "tab": tab, "query": query,
        "tabs": _tabs(head, tab, query), "data_date": day.data_date, "me": request.user,
        "may_write": request.scope.may_write, "may_log": request.scope.may_log,
        "corrects_all": request.scope.role == "head",
        "late": head.line_group == "a_late", "standings": STATES, "here_at": _address("customer", head.id), **faces.words(),
    }  # fmt: skip


def _tabs(head: queries.Head, tab: str, query: str) -> list[tuple[str, str, int | None, bool]]:
    rows = [
        ("customer", _("Overview"), None), ("customer_timeline", _("Timeline"), head.contacts),
        ("customer_holdings", _("Holdings"), head.holdings), ("customer_household", _("Household"), head.relations),
        ("customer_access", _("Access"), None),
    ]  # fmt: skip
    start, end = _address("customer", head.id), f"?{query}" if query else ""
    ends = {"customer": ""}
    return [
        (text, f"{start}{ends.get(name, name.removeprefix('customer_') + '/')}{end}", count, name == tab)
        for name, text, count in rows
    ]


def opened(request: Asked, customer_id: int, tab: str) -> tuple[queries.Head, Day, dict[str, Any]]:
    """Find the customer inside the scope, record the look, and read what every tab shows."""
    day = day_of(request.bank)
    head = queries.head_of(scope=request.scope, customer_id=customer_id)
    seen(request, customer_id, tab)
    return head, day, page(request, head, tab, day)


@require_safe
@asked
def overview(request: Asked, customer_id: int) -> HttpResponse:
    """GET /customers/<id>/: how we stand and what is next."""
    head, day, context = opened(request, customer_id, "customer")
    holdings = queries.holdings_of(customer_id)
    stands = health_of(customer_id=customer_id, day=day, closed=head.stage == "closed")
    past = history(scope=request.scope, customer_id=customer_id, limit=NEWEST)
    causes = queries.causes_of(customer_id, today=day.today)
    entries = entries_of(contacts=past.contacts, causes=causes, zone=day.zone, today=day.today, weights=stands.weights)
    reached = habits_of(customer_id=customer_id, day=day)
    context |= {
        "holdings": holdings, "ladder": queries.ladder_of(holdings, head.away, today=day.today),
        "proposed": next_of(scope=request.scope, customer_id=customer_id), "proposed_themes": THEMES,
        "reached": habits.told(reached), "reached_too_soon": habits.too_soon(reached),
        "stands": stands, "kind_of_posting": kind, "brief_posting": brief, "posting_groups": GROUPS, "chart_of_health": chart(health=stands, today=day.today), "entries": entries[: NEWEST + 2],
        "related": queries.related_to(scope=request.scope, customer_id=customer_id),
        "days": days_of(customer_id=customer_id, me=request.scope.staff_id, today=day.today), "said": faces_days,
        "open_first": open_first,
    }  # fmt: skip
    return render(request, "desk/customer.html", context)


@require_safe
@asked
def timeline(request: Asked, customer_id: int) -> HttpResponse:
    """GET /customers/<id>/timeline/?before=: all contacts and reasons, 25 a page."""
    _head, day, context = opened(request, customer_id, "customer_timeline")
    before = _moment(request.GET)
    past = history(scope=request.scope, customer_id=customer_id, before=before)
    causes = [] if before else queries.causes_of(customer_id, today=day.today)
    oldest = past.contacts[-1].at if past.contacts and past.more else None
    entries = entries_of(
        contacts=past.contacts, causes=causes, zone=day.zone, today=day.today, weights=weights_on(day.today),
        until=day.at(oldest) if oldest else None,
    )  # fmt: skip
    older = (
        f"{_address('customer_timeline', customer_id)}?{urlencode({'before': oldest.isoformat()})}" if oldest else None
    )
    return render(request, "desk/customer_timeline.html", context | {"entries": entries, "older": older})


def _moment(values: Mapping[str, str]) -> dt.datetime | None:
    """The moment before which contacts are asked for; a wrong one asks for the newest."""
    try:
        found = parse_datetime(values.get("before", ""))
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


@require_safe
@asked
def holdings(request: Asked, customer_id: int) -> HttpResponse:
    """GET /customers/<id>/holdings/: what is here, what is elsewhere, and when it falls due."""
    head, day, context = opened(request, customer_id, "customer_holdings")
    held = queries.holdings_of(customer_id)
    context |= {"holdings": held, "ladder": queries.ladder_of(held, head.away, today=day.today)}
    return render(request, "desk/customer_holdings.html", context)


@require_safe
@asked
def household(request: Asked, customer_id: int) -> HttpResponse:
    """GET /customers/<id>/household/: who belongs together, with the role at both ends."""
    _head, _day, context = opened(request, customer_id, "customer_household")
    context["related"] = queries.related_to(scope=request.scope, customer_id=customer_id)
    return render(request, "desk/customer_household.html", context)


@require_safe
@asked
def access(request: Asked, customer_id: int) -> HttpResponse:
    """GET /customers/<id>/access/: who looked and who changed what."""
    _head, day, context = opened(request, customer_id, "customer_access")
    context |= {
        "looks": views_of(customer_id=customer_id, limit=LOOKS), "changes": changes_of(customer_id=customer_id),
        "local": partial(dt.datetime.astimezone, tz=ZoneInfo(day.zone)), **faces.trace_words(),
    }  # fmt: skip
    return render(request, "desk/customer_access.html", context)


@require_safe
@asked
def attached(request: Asked, customer_id: int, attachment_id: int) -> HttpResponse:
    """GET /customers/<id>/attachments/<n>/: one photo or voice note, to whoever may know the contact; the look is kept."""
    queries.head_of(scope=request.scope, customer_id=customer_id)
    found = attachment(scope=request.scope, customer_id=customer_id, attachment_id=attachment_id)
    if found is None:
        raise Http404
    seen(request, customer_id, "attachment")
    media_type, data = found
    response = HttpResponse(data, content_type=media_type)
    end = media_type.partition("/")[2]
    response["Content-Disposition"] = f'inline; filename="contact-{attachment_id}.{end}"'
    return response
