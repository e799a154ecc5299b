"""What is asked without a session: the calendar by its secret token, and the way out of the morning digest.

Nothing here reads a cookie; a token that is not known, was taken back or belongs to somebody who left is answered with
the same 404, and no token is ever logged.
"""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from keybook.apps.notices.commands.channels import stop_digest
from keybook.apps.notices.queries.feed import entries, owner_of
from keybook.apps.notices.tokens import unsubscribed
from keybook.apps.people.queries import access_of, close_rows
from keybook.core import ics

MINUTE = 60
UNKNOWN_A_MINUTE = 30  # of one address
KNOWN_A_MINUTE = 60  # of one calendar


def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """GET /calendar/<token>.ics."""
    owner = owner_of(token=token)
    access = access_of(staff_id=owner.staff_id) if owner else None
    if owner is None or access is None:
        return unknown(request)
    if too_many(f"calendar:{owner.staff_id}", most=KNOWN_A_MINUTE):
        return _said(429)
    with translation.override(access.staff.language):
        found = entries(access=access, amounts=owner.amounts, made_at=owner.made_at)
        body = ics.calendar(name=_("Keybook: %(name)s") % {"name": access.staff.name}, entries=found)
    mark = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if mark in [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]:
        return _closed(HttpResponseNotModified(), mark)
    return _closed(HttpResponse(body, content_type="text/calendar; charset=utf-8"), mark)


def _closed(response: HttpResponse, mark: str) -> HttpResponse:
    """The answer, for its reader alone."""
    response["ETag"] = mark
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Disposition"] = 'inline; filename="keybook.ics"'
    return response


def unknown(request: HttpRequest) -> HttpResponse:
    """404 for a token nobody has; 429 for an address that tries many."""
    address = hashlib.sha256(request.META.get("REMOTE_ADDR", "").encode()).hexdigest()
    return _said(429 if too_many(f"token:{address}", most=UNKNOWN_A_MINUTE) else 404)


def _said(status: int) -> HttpResponse:
    """A refusal that Django does not write into the log, where the token in the path would be read."""
    response = HttpResponse(status=status, content_type="text/plain")
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001  Django's own mark
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    if status == 429:  # noqa: PLR2004
        response["Retry-After"] = str(MINUTE)
    return response


def too_many(what: str, *, most: int) -> bool:
    """Whether this has been asked more often than `most` times within this minute."""
    key = f"notices:{what}"
    cache.add(key, 0, MINUTE)
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two
        return False


@csrf_exempt
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET and POST /notices/unsubscribe/<token>/: no more morning digests through one channel.

    The token is the permission: a mail program sends it without a cookie (RFC 8058). A GET says what a POST would do,
    whoever asks.
    """
    if request.method != "POST":
        response = render(request, "notices/unsubscribe.html", {"done": False, "plain": True})
        response["Referrer-Policy"] = "no-referrer"
        return response
    found = unsubscribed(token)
    if found is None or access_of(staff_id=found[0]) is None:
        return unknown(request)
    stop_digest(staff_id=found[0], channel_id=found[1])
    close_rows()
    return render(request, "notices/unsubscribe.html", {"done": True, "plain": True})
