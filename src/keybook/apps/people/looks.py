"""How Keybook looks to a reader of whom no row was read: language and theme, in two cookies or as the browser asks."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language_from_request

YEAR = 365 * 24 * 3600
THEMES = frozenset({"auto", "light", "dark"})


def known_theme(theme: str) -> str:
    """Return this theme, or the system's where there is no such theme."""
    return theme if theme in THEMES else "auto"


def look_asked_for(request: HttpRequest) -> tuple[str, str]:
    """Language and theme from the cookies, else from the browser; nothing is read from the database."""
    return get_language_from_request(request), known_theme(request.COOKIES.get("theme", "auto"))


def keep_in_cookies(request: HttpRequest, response: HttpResponseBase, *, language: str = "", theme: str = "") -> None:
    """Keep what was chosen for pages that know nobody: sign-in, and an error of the database; unknown values are ignored."""
    chosen = {
        settings.LANGUAGE_COOKIE_NAME: (language, {code for code, _name in settings.LANGUAGES}),
        "theme": (theme, THEMES),
    }
    for cookie, (value, known) in chosen.items():
        if value in known:
            response.set_cookie(
                cookie, value, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure(), path="/"
            )
