"""The Jinja environment of every page: gettext, formats of money and dates, addresses of assets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from jinja2 import Environment
from markupsafe import Markup

from keybook.web import assets, drawing, filters
from keybook.web.speaking import Page, language


def theme_of(request: HttpRequest | None) -> str:
    """The theme this reader asked for: light, dark, or auto for the system's."""
    return str(getattr(request, "theme", "auto"))


def seen_now() -> str:
    """The moment a part of a page was made: what a phone keeps without a line says what its writer had seen."""
    return timezone.now().isoformat()


def may_dictate() -> bool:
    """Whether this bank lets the browser listen."""
    return bool(settings.DICTATION)


_SAID: dict[tuple[str | None, str], tuple[Markup, Markup]] = {}


def said(message: str, **values: Any) -> Markup:
    """A text of a template in the reader's language, its values escaped; looked up once in a process.

    A page has some two hundred, most of them without values: these are ready made.
    """
    key = (language(), message)
    found = _SAID.get(key)
    if found is None:
        text = Markup(translation.gettext(message))  # noqa: S704  our own catalogue, not a stranger's text
        found = _SAID[key] = (text if "%(" in text else Markup(text % {}), text)  # noqa: S704
    return Markup(found[1] % values) if values else found[0]  # noqa: S704  the values were escaped on the way in


@lru_cache(maxsize=20_000)
def _address(name: str, arguments: tuple[Any, ...]) -> str:
    return reverse(name, args=arguments)


def address(name: str, args: Sequence[Any] = ()) -> str:
    """The address of a page; the same page has the same one as long as this process lives."""
    return _address(name, tuple(args))


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
    env.template_class = Page
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )  # fmt: skip
    env.globals.update({"_": said, "gettext": said})  # Jinja's own would look each text up and copy it, each time
    env.policies["ext.i18n.trimmed"] = True
    env.filters.update(filters.FILTERS)
    env.globals.update(filters.GLOBALS, static=assets.address, url=address, language=language)
    env.globals["theme_of"] = theme_of
    env.globals["seen_now"] = seen_now
    env.globals["may_dictate"] = may_dictate
    env.globals.update(
        v=drawing.v,
        spark=drawing.spark,
        star=drawing.star,
        hours_bars=drawing.hours_bars,
        fit=drawing.fit,
        brief=drawing.brief,
    )
    return env
