"""The Jinja environment of every page: gettext, formats of money and dates, asset addresses."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment


def environment(**options: Any) -> Environment:
    """Make the environment that Django's Jinja2 backend asks for."""
    env = Environment(**{**options, "autoescape": True, "extensions": ["jinja2.ext.i18n", "jinja2.ext.loopcontrols"]})
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )  # fmt: skip
    env.globals.update(static=static, url=reverse)
    return env
