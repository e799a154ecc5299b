"""What every answer tells the browser: load nothing from elsewhere, keep nothing of a signed-in page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from keybook.apps.people.scope import NOBODY

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
PERMISSIONS = "camera=(), microphone=(self), geolocation=(), payment=(), usb=(), browsing-topics=()"


class HeadersMiddleware:
    """Add the headers; outermost, so that refusals and errors carry them too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        response = self.get_response(request)
        response["Content-Security-Policy"] = POLICY
        response["Permissions-Policy"] = PERMISSIONS
        if getattr(request, "scope", NOBODY) is not NOBODY:
            response["Cache-Control"] = "no-store, private"
        return response
