"""The page on the bank's files: what came, what of it is kept aside, and the way out of each reason."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from keybook.apps.feeds import words
from keybook.apps.feeds.queries import newest_by_feed, problems

SHOWN = 20


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """GET /settings/feeds/: rows in = loaded + kept aside, file by file; read only."""
    bank = request.bank  # type: ignore[attr-defined]
    newest = newest_by_feed()
    wrong = problems(limit=SHOWN + 1)
    context = {
        "place": "feeds", "today": bank.business_date, "data_date": bank.data_date, "newest": newest,
        "files": [words.said(file) for file in wrong[:SHOWN]], "more": len(wrong) > SHOWN,
        "kept_aside": sum(file.kept_aside for file in wrong[:SHOWN]), "feed_name": words.feed_name, "state": words.state,
        # where the rows lie is of use to those who keep the server
        "lake": str(settings.LAKE) if request.user.role == "admin" else "",  # type: ignore[union-attr]
    }  # fmt: skip
    return render(request, "feeds/feeds.html", context)
