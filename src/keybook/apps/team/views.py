"""The Team: how the books stand as of a day, the customers behind each number, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from keybook.apps.customers.asking import Asked, asked
from keybook.apps.customers.models import Standing
from keybook.apps.customers.queries import bankers, tiers
from keybook.apps.people.queries import branches_seen
from keybook.apps.reminders.commands import NotYoursError, RefusedError, day_of
from keybook.apps.team.asking import PERIODS, Ask, AskRefusedError, read_ask
from keybook.apps.team.commands import deciding, exporting
from keybook.apps.team.queries.lines import Point, points
from keybook.apps.team.queries.looked import PAGE, Row, Sums, looked, opened
from keybook.apps.team.queries.waiting import Waiting, waiting_for
from keybook.apps.team.sheets import ENDS, WRITE
from keybook.formats import customer_name

SMALL = 10  # a group of fewer is not shaded: one customer would colour it
SHADES = ((0, "g0"), (5, "g1"), (10, "g2"), (20, "g3"))


def link(name: str, ask: Ask) -> str:
    """The address of a page of the team as asked."""
    query = urlencode(ask.query())
    return reverse(f"team:{name}") + (f"?{query}" if query else "")


def shade(sums: Sums) -> str:
    """How dark a cell is: by the share outside the standard."""
    if sums.total < SMALL:
        return "g1" if sums.late else "g0"
    share = sums.late * 100 / sums.total
    return next((name for most, name in SHADES if share <= most), "bad")


@require_safe
@asked
def team(request: Asked) -> HttpResponse:
    """GET /team/?on=&months=&branch=&rm=&tier=: the numbers by banker and tier, and the lines over time."""
    try:
        ask = read_ask(request.GET.dict(), today=request.bank.business_date)
        found = looked(scope=request.scope, ask=ask, day=day_of(request.bank))
    except AskRefusedError as refusal:
        return _refused(request, refusal)
    waiting = waiting_for(scope=request.scope, day=day_of(request.bank))
    context = {
        **_around(request, ask, tiers_all=found.every_tier, staff=found.bankers), "found": found, "shade": shade, "waiting": len(waiting), "first": waiting[:3],
        "lines": _lines(request, ask, found.all), "tab": "team",
        "most_money": max((abs(book.all.money) for book in found.books), default=0),
    }  # fmt: skip
    return render(request, "team/team.html", context)


def _lines(request: Asked, ask: Ask, now: Sums) -> list[Point]:
    """The ends of months, and the day asked for where it is counted over the same three months as they are."""
    kept = points(scope=request.scope, ask=ask)
    return [*kept, Point(ask.on, now)] if kept and ask.months == PERIODS[0] else kept


@require_safe
@asked
def customers(request: Asked) -> HttpResponse:
    """GET /team/customers/?kind=&…: the customers behind a number."""
    try:
        ask = read_ask(request.GET.dict(), today=request.bank.business_date)
        return _list(request, ask)
    except AskRefusedError as refusal:
        return _refused(request, refusal)


def _list(request: Asked, ask: Ask, errors: Mapping[str, str] | None = None) -> HttpResponse:
    """The list, with what is wrong with the export asked for."""
    found = opened(scope=request.scope, ask=ask, day=day_of(request.bank))
    before, after = reverse("desk:customer", args=[0]).split("0")
    context = {
        **_around(request, ask, tiers_all=tiers(), staff=bankers(request.scope)), "found": found, "kinds": kind_names(), "heads": _heads(ask), "before": before, "after": after,
        "first_row": (ask.page - 1) * PAGE + 1, "last_row": (ask.page - 1) * PAGE + len(found.rows),
        "errors": errors or {}, "typed": request.POST, "standings": dict(Standing.choices),
    }  # fmt: skip
    return render(request, "team/customers.html", context, status=422 if errors else 200)


@require_POST
@asked
def export(request: Asked) -> HttpResponse:
    """POST /team/export/?kind=&…: the same list as a file, for a purpose that is kept."""
    form = request.POST.get("form", "csv")
    leaving = exporting.Leaving(form, request.POST.get("purpose", ""), timezone.now(), request.request_id)
    try:
        ask = read_ask(request.GET.dict(), today=request.bank.business_date)
        rows = exporting.export(by=request.scope, ask=ask, leaving=leaving, day=day_of(request.bank))
    except AskRefusedError as refusal:
        return _refused(request, refusal)
    except RefusedError as refusal:
        return _list(request, ask, {refusal.field or "form": str(refusal)})
    answer = HttpResponse(WRITE[form](*_sheet(rows)), content_type=ENDS[form])
    answer["Content-Disposition"] = f'attachment; filename="keybook-team-{ask.on.isoformat()}-{ask.kind}.{form}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _sheet(rows: Sequence[Row]) -> tuple[list[str], list[list[Any]]]:
    """The heads and rows of the file. No phone and no identity number leaves by it."""
    heads = [
        _("Customer"), _("Chinese name"), _("Tier"), _("Banker"), _("Next contact"), _("Late"), _("Last contact"),
        _("Health"), _("Relationship"), _("Promises kept"), _("Kept late"), _("Broken"), _("Contacts"),
        _("Net new money"), _("Assets here"), _("Currency"),
    ]  # fmt: skip
    said, language = {True: _("Yes"), False: _("No")}, get_language()
    standings = dict(Standing.choices)
    lines = [
        [
            row.name, row.name_zh, customer_name(row.tier_name, row.tier_name_zh, language)[0],
            customer_name(row.rm_name, row.rm_name_zh, language)[0], row.next_due_on, said[row.late], row.last_contact_on,
            row.health, str(standings.get(row.standing, "")), row.kept, row.kept_late, row.broken, row.contacts, row.money,
            row.aum, row.currency,
        ]
        for row in rows
    ]  # fmt: skip
    return heads, lines


@require_safe
@asked
def approvals(request: Asked) -> HttpResponse:
    """GET /team/approvals/: everything that waits for a second person, in one place."""
    return _approvals(request)


def _approvals(request: Asked, error: tuple[str, int, str] | None = None) -> HttpResponse:
    found = waiting_for(scope=request.scope, day=day_of(request.bank))
    context = {
        "place": "team", "tab": "approvals", "found": found, "waiting": len(found), "today": request.bank.business_date,
        "error": error, "typed": request.POST.get("reason", ""), "role": request.scope.role,
    }  # fmt: skip
    return render(request, "team/approvals.html", context, status=422 if error else 200)


@require_POST
@asked
def decide(request: Asked, kind: str, waiting_id: int) -> HttpResponse:
    """POST /team/approvals/<kind>/<id>/: yes or no, and why; by the verb of whose it is."""
    said = deciding.Answer(request.POST.get("yes") == "yes", request.POST.get("reason", ""))
    try:
        sentence = deciding.answer(
            by=request.scope, kind=kind, waiting_id=waiting_id, said=said, day=day_of(request.bank)
        )
    except NotYoursError as error:
        raise Http404 from error
    except RefusedError as refusal:
        return _approvals(request, (kind, waiting_id, str(refusal)))
    messages.success(request, sentence)
    return redirect("team:approvals")


@require_safe
@asked
def count(request: Asked) -> HttpResponse:
    """GET /team/count/: how many wait for this person, for the entry in the menu."""
    found: list[Waiting] = waiting_for(scope=request.scope, day=day_of(request.bank))
    return HttpResponse(format_html('{}<span class="vh"> {}</span>', len(found), _("to approve")) if found else "")


def _refused(request: Asked, refusal: AskRefusedError) -> HttpResponse:
    """What cannot be asked, and the way out."""
    branches = branches_seen(scope=request.scope)
    context = {"place": "team", "sentence": str(refusal), "branches": branches, "on": request.GET.get("on", "")}
    return render(request, "team/refused.html", context, status=400)


def _around(request: Asked, ask: Ask, *, tiers_all: Sequence[Any], staff: Sequence[Any]) -> dict[str, Any]:
    """What both pages offer to choose from."""
    several = request.scope.everything or bool(request.scope.branches)
    return {
        "place": "team", "ask": ask, "link": link, "today": request.bank.business_date, "currency": request.bank.currency,
        "periods": PERIODS, "branches": branches_seen(scope=request.scope), "tiers_all": tiers_all,
        "staff": staff if several else (), "role": request.scope.role,
    }  # fmt: skip


def kind_names() -> dict[str, str]:
    """The lists by their words."""
    return {
        "all": _("Key customers"), "inside": _("In standard"), "late": _("Outside standard"), "at_risk": _("At risk"),
        "kept": _("Promises kept"), "kept_late": _("Promises late"), "broken": _("Promises broken"),
        "contacts": _("Contacted"), "money": _("Net new money"),
    }  # fmt: skip


def _heads(ask: Ask) -> list[dict[str, Any]]:
    columns = [
        ("name", _("Customer"), "c2", ""), ("tier", _("Tier"), "c3", "-"), ("rm", _("Banker"), "c10", ""),
        ("due", _("Next contact"), "c9", ""), ("last", _("Last contact"), "c7", "-"), ("health", _("Health"), "c6", ""),
        ("contacts", _("Contacts"), "n c11", "-"), ("money", _("Net new money"), "n c4", "-"),
    ]  # fmt: skip
    return [_head(ask, *column) for column in columns]


def _head(ask: Ask, name: str, text: str, cls: str, first: str) -> dict[str, Any]:
    current = ask.sort.removeprefix("-") == name
    turned = name if ask.sort.startswith("-") else f"-{name}"
    state = ("descending" if ask.sort.startswith("-") else "ascending") if current else None
    return {
        "text": text, "cls": cls, "sorted": state,
        "href": link("customers", ask.but(sort=turned if current else f"{first}{name}")),
    }  # fmt: skip
