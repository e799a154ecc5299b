"""What makes the site an app that opens without a line: manifest, service worker, and a page that knows nobody.

All of it is the same for everyone and holds nothing personal, so that the worker may keep it.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keybook.apps.customers.models import Channel
from keybook.apps.interactions.models import Outcome
from keybook.web import assets

LANGUAGES = ("en", "zh-hans")
LIGHT, DARK, GREEN = "#f5f7f6", "#0d1110", "#0b7657"
KEPT = ("keybook.css", "keybook.js", "sprite.svg", "favicon.svg", "inter-latin-wght-normal.woff2")
USUAL = {"call": 0, "visit": 1, "branch": 2}


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """GET /manifest.webmanifest?lang=: names, icons and colours of the installed app."""
    language = _language(request)
    icon = [
        {"src": assets.address(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"}
        for size in (192, 512)
    ]
    masked = {"src": assets.address("icon-maskable-512.png"), "sizes": "512x512", "type": "image/png"}
    drawn = {"src": assets.address("favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    with translation.override(language):
        told = {
            "id": "/", "start_url": "/", "scope": "/", "display": "standalone", "lang": _tag(language), "dir": "ltr",
            "name": _("Keybook, the banker's notebook"), "short_name": "Keybook",
            "description": _("Who to call, why, and what you promised."),
            "theme_color": LIGHT, "background_color": LIGHT, "categories": ["business", "finance"],
            "icons": [*icon, {**masked, "purpose": "maskable"}, drawn],
            "shortcuts": [{"name": _("Write a memo"), "url": "/pocket/", "icons": icon[:1]}],
        }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """GET /pocket/?lang=: the page that opens without a line; it is rendered for nobody."""
    return HttpResponse(_shell(_language(request)), headers={"Cache-Control": "no-cache"})


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """GET /sw.js: the service worker, told its version and what it keeps."""
    return HttpResponse(
        _worker(), content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"},
    )  # fmt: skip


@cache
def _worker() -> str:
    """The script with, before it, a version that changes whenever anything it keeps does."""
    name = assets.address("sw.js").removeprefix(assets.PREFIX)
    path = assets.FOLDER / name
    script = path.read_text("utf-8") if path.exists() else ""
    kept = [assets.address(each) for each in KEPT]
    pages = {f"/pocket/?lang={language}": _shell(language) for language in LANGUAGES}
    version = hashlib.sha256("".join([script, *kept, *pages.values()]).encode()).hexdigest()[:12]
    told = {"version": version, "files": kept, "pages": list(pages)}
    return f"self.KEYBOOK = {json.dumps(told)};\n{script}"


@cache
def _shell(language: str) -> str:
    """The page in one language. Without a request there is no person, no token and no theme to render."""
    with translation.override(language):
        outcomes = [(value, str(text), "", "") for value, text in Outcome.choices]
        channels = sorted(((value, str(text)) for value, text in Channel.choices), key=lambda one: USUAL.get(one[0], 9))
        return render_to_string("pocket/shell.html", {"plain": True, "outcomes": outcomes, "channels": channels})


def _language(request: HttpRequest) -> str:
    """The language asked for by the address, else the reader's."""
    asked = request.GET.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return translation.get_language() if translation.get_language() in LANGUAGES else "en"


def _tag(language: str) -> str:
    return "zh-Hans" if language == "zh-hans" else "en"
