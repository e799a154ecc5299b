"""The Book, and the small page on which a prospect is written down."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from keybook.apps.customers import book as books
from keybook.apps.customers.asking import Asked, asked
from keybook.apps.customers.commands import NotSavedError, create_prospect
from keybook.apps.customers.queries import bankers, tiers
from keybook.apps.people.spoken import spoken
from keybook.calendars import workdays
from keybook.formats import customer_name


def address(ask: books.Ask) -> str:
    """Where the Book as asked stands."""
    query = urlencode(ask.query())
    return reverse("customers:book") + (f"?{query}" if query else "")


def view_names() -> dict[str, str]:
    """The saved views by their words."""
    return {
        "all": _("All"), "late": _("Late"), "due": _("Due this week"), "silent": _("Silent for 60 days"),
        "risk": _("Risk profile expires"), "birthday": _("Birthdays"), "weak": _("Health below 0"),
        "prospect": _("Prospects"),
    }  # fmt: skip


@require_safe
@asked
def book(request: Asked) -> HttpResponse:
    """GET /book/: the customers I look after, or my branch does."""
    try:
        ask = books.read_ask(request.GET.dict())
    except books.AskRefusedError as refusal:
        return render(request, "customers/book_refused.html", {"sentence": str(refusal), "place": "book"}, status=400)
    today = request.bank.business_date
    found = books.read_book(scope=request.scope, ask=ask, today=today)
    tiers_here = tiers()
    before, after = reverse("desk:customer", args=[0]).split("0")
    several = request.scope.everything or bool(request.scope.branches)
    return render(
        request,
        "customers/book.html",
        {
            "place": "book", "book": found, "ask": ask, "today": today, "calendar": workdays(request.bank.calendar), "several": several, "page_size": books.PAGE,
            "data_date": request.bank.data_date, "currency": request.bank.currency, "views": _views(found),
            "tiers": tiers_here, "before": before,
            "staff": bankers(request.scope) if several else (), "link": address, "heads": _heads(ask, several=several),
            "campaign_for": urlencode({"view": ask.view, **ask.but().query()}) if request.scope.role in {"head", "campaign"} else "",
            "picking": request.GET.get("pick") == "1" and request.scope.role in {"head", "campaign"},
            "may_add": request.user.role in {"rm", "head"}, "after": f"{after}?{urlencode({'from': 'book', **ask.but().query()})}",
            "standings": books.STANDINGS, "tier_names": {code: customer_name(name, zh, get_language())[0] for code, name, zh in tiers_here},
        },
    )  # fmt: skip


def _views(found: books.Book) -> list[tuple[str, str, int, bool]]:
    """The saved views as the segments show them; the empty ones beyond the first three are left out."""
    ask = found.ask
    return [
        (text, address(ask.but(view=name)), found.counts[name], name == ask.view)
        for name, text in view_names().items()
        if found.counts[name] or name in {"all", "late", "due", ask.view}
    ]


def _heads(ask: books.Ask, *, several: bool) -> list[dict[str, Any]]:
    """The head of each column, with the address that sorts by it."""
    columns = [
        ("name", _("Customer"), "c2", ""), ("tier", _("Tier"), "c3", "-"), ("aum", _("Assets here"), "n c4", "-"),
        ("change", _("30 days"), "n c5", "-"), ("health", _("Health"), "c6", "-"), ("last", _("Last contact"), "c7", "-"),
        ("next", _("Next contact"), "c9", ""),
    ]  # fmt: skip
    if several:
        columns.append(("rm", _("Banker"), "c10", ""))
    return [_head(ask, *column) for column in columns]


def _head(ask: books.Ask, name: str, text: str, cls: str, first: str) -> dict[str, Any]:
    current = ask.sort.removeprefix("-") == name
    turned = name if ask.sort.startswith("-") else f"-{name}"
    state = ("descending" if ask.sort.startswith("-") else "ascending") if current else None
    return {
        "text": text, "cls": cls, "sorted": state, "href": address(ask.but(sort=turned if current else f"{first}{name}"))
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@asked
def new(request: Asked) -> HttpResponse:
    """GET and POST /customers/new/: a name and a phone make a prospect."""
    request.scope.require_log()
    values = {name: request.POST.get(name, "") for name in ("name", "phone")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            customer = create_prospect(
                scope=request.scope, by=request.user, today=request.bank.business_date, name=values["name"],
                phone=values["phone"],
            )  # fmt: skip
        except NotSavedError as refusal:
            errors[refusal.field] = str(refusal)
        else:
            messages.success(request, _("Kept: %(name)s is a prospect of yours.") % {"name": spoken(customer)})
            return redirect("desk:customer", customer.pk)
    context = {"place": "book", "values": values, "errors": errors}
    return render(request, "customers/new.html", context, status=422 if errors else 200)
