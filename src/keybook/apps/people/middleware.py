"""Each request in one transaction, with the rows its sender may see and nothing else."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone, translation

from keybook import database
from keybook.apps.people import history, queries
from keybook.apps.people.looks import known_theme, look_asked_for
from keybook.apps.people.scope import NOBODY

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST_REFUSAL = 400


class ScopeMiddleware:
    """Open a transaction, find out who asks, let row-level security follow, and undo everything on a refusal.

    Sets `request.request_id`, `request.scope`, `request.bank` (None while anonymous) and `request.theme`; activates
    the language. Any answer of 400 or above, and any exception, rolls the transaction back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        request.request_id = uuid.uuid4()  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                self._open(request)
                response = self._answer(request)
                if response.status_code >= FIRST_REFUSAL:
                    transaction.set_rollback(True)
                _drop_role()
        finally:
            translation.deactivate()
            timezone.deactivate()
        response["X-Request-ID"] = str(request.request_id)  # type: ignore[attr-defined]
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        """Answer inside the transaction; what is changed by triggers carries who, which request and which page."""
        if request.method in SAFE:
            return self.get_response(request)
        history.made_by(
            staff_id=request.scope.staff_id or None,  # type: ignore[attr-defined]
            request_id=request.request_id,  # type: ignore[attr-defined]
            page=_page(request),
        )
        return self.get_response(request)

    def _open(self, request: HttpRequest) -> None:
        """Find out who asks; PostgreSQL then shows their rows only."""
        request.scope, request.bank = NOBODY, None  # type: ignore[attr-defined]
        _take_role()
        if SESSION_KEY in request.session and BACKEND_SESSION_KEY in request.session:
            staff = request.user  # one statement: see people.backend
            access = getattr(staff, "access", None)
            if staff.is_authenticated and access is not None:
                request.scope, request.bank = access.scope, access.bank  # type: ignore[attr-defined]
                _renew(request)
            else:  # a session of someone who left, or of an older password
                queries.close_rows()
        _speak(request)


def _renew(request: HttpRequest) -> None:
    """Keep the session alive while it is used: its end moves on, but is written once in a quarter of an hour only."""
    quarter = int(time.time() // 900)
    if request.session.get("quarter") != quarter:
        request.session["quarter"] = quarter


def _page(request: HttpRequest) -> str:
    """The name of the route that is asked for, which says on which page a change was made; empty if there is none."""
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


def _speak(request: HttpRequest) -> None:
    """Activate the reader's language and the bank's time zone, and note their theme."""
    if request.user.is_authenticated and request.scope is not NOBODY:  # type: ignore[attr-defined]
        language, theme = request.user.language, request.user.theme
        timezone.activate(request.bank.zone)  # type: ignore[attr-defined]
    else:
        language, theme = look_asked_for(request)
    translation.activate(language)
    request.LANGUAGE_CODE = language
    request.theme = known_theme(theme)  # type: ignore[attr-defined]


def _take_role() -> None:
    """Where the connection is the owner's (tests), step down to the web role so that row-level security binds."""
    if getattr(settings, "DATABASE_ASSUME_ROLE", False):
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {database.WEB_ROLE}")


def _drop_role() -> None:
    """Step back up, for a test whose own transaction goes on."""
    if getattr(settings, "DATABASE_ASSUME_ROLE", False) and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        queries.close_rows()
