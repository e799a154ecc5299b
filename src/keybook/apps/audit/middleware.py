"""Refusals leave a trace, although the request itself is rolled back."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from keybook.apps.audit.commands import Refused, record_refusal
from keybook.apps.people.scope import NOBODY

REFUSALS = frozenset({401, 403, 404, 405, 429})
log = logging.getLogger(__name__)


class RefusalMiddleware:
    """Stands outside the request's transaction and writes down each refusal of a known route."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        response = self.get_response(request)
        route = request.resolver_match.view_name if request.resolver_match else ""
        if response.status_code in REFUSALS and route:
            _record(request, route, response.status_code)
        return response


def _record(request: HttpRequest, route: str, status: int) -> None:
    """Write the refusal down; a refusal that cannot be written down stays a refusal, and the log says so."""
    scope = getattr(request, "scope", NOBODY)
    refused = Refused(
        staff_id=scope.staff_id or None, method=request.method or "", route=route, status=status,
        request_id=request.request_id,  # type: ignore[attr-defined]
    )  # fmt: skip
    try:
        record_refusal(refused=refused, at=timezone.now())
    except DatabaseError:
        log.exception("A refusal could not be recorded, request %s", refused.request_id)
