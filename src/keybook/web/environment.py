"""The Jinja environment of every page: gettext, formats of money and dates, addresses of assets."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from jinja2 import Environment

from keybook.web import assets, drawing, filters


def theme_of(request: HttpRequest | None) -> str:
    """The theme this reader asked for: light, dark, or auto for the system's."""
    return str(getattr(request, "theme", "auto"))


_SAID: dict[tuple[str | None, str], str] = {}


def said(message: str) -> str:
    """A text of a template in the reader's language; looked up once in a process, for a page has some two hundred."""
    key = (get_language(), message)
    found = _SAID.get(key)
    if found is None:
        found = _SAID[key] = translation.gettext(message)
    return found


def environment(**options: Any) -> Environment:
    """Make the environment that Django's Jinja2 backend asks for."""
    env = Environment(  # noqa: S701 - autoescape is on, below, and cannot be switched off
        **{
            **options,
            "autoescape": True,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "cache_size": -1,
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
        }
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        said, translation.ngettext, newstyle=True, pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )  # fmt: skip
    env.policies["ext.i18n.trimmed"] = True
    env.filters.update(filters.FILTERS)
    env.globals.update(filters.GLOBALS, static=assets.address, url=reverse, language=get_language)
    env.globals["theme_of"] = theme_of
    env.globals.update(v=drawing.v, spark=drawing.spark, star=drawing.star, hours_bars=drawing.hours_bars)
    return env
