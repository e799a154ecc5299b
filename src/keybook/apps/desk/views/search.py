"""Search as you type, from every page: a fragment for the box and the palette, or a page of its own."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from keybook.apps.customers.asking import Asked, asked
from keybook.apps.customers.search import search as find

AS_YOU_TYPE = 8
ON_THE_PAGE = 30
LONGEST = 60


@require_safe
@asked
def search(request: Asked) -> HttpResponse:
    """GET /search?q=: the customers inside the scope whose name, pinyin, phone tail or number starts so."""
    text = request.GET.get("q", "")[:LONGEST]
    part = bool(request.htmx) and not request.htmx.boosted
    found = find(scope=request.scope, text=text, limit=AS_YOU_TYPE if part else ON_THE_PAGE)
    context = {"q": text.strip(), "found": found, "place": "search"}
    return render(request, "desk/search_found.html" if part else "desk/search.html", context)
