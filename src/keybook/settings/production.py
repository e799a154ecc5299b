"""Settings of a bank: everything comes from the environment, and what is unsafe does not start."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured

from keybook.settings.base import *  # noqa: F403
from keybook.settings.base import ALLOWED_HOSTS, AS_WEB, SECRET_KEY, databases

SHORTEST_KEY = 50
KNOWN_KEYS = ("django-insecure", "changeme", "change-me", "only-for-tests", "secret")


def _said(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def refuse_what_is_unsafe() -> None:
    """Raise ImproperlyConfigured, with one sentence, for the first setting that no bank should run with."""
    rules = [
        (not SECRET_KEY, "Set KEYBOOK_SECRET_KEY to a random key of 50 characters or more."),
        (SECRET_KEY.lower().startswith(KNOWN_KEYS), "KEYBOOK_SECRET_KEY is an example key; make a random one."),
        (len(SECRET_KEY) < SHORTEST_KEY, f"KEYBOOK_SECRET_KEY is shorter than {SHORTEST_KEY} characters."),
        (len(set(SECRET_KEY)) < 10, "KEYBOOK_SECRET_KEY repeats a few characters; make a random one."),  # noqa: PLR2004
        (_said("KEYBOOK_DEBUG") or _said("DEBUG"), "KEYBOOK_DEBUG shows code and data to anyone; unset it."),
        (_said("KEYBOOK_DEMO"), "KEYBOOK_DEMO signs people in without a password; unset it, or use `keybook demo`."),
        (not ALLOWED_HOSTS, "Set KEYBOOK_HOSTS to the names this server answers to, separated by commas."),
        (any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS), "KEYBOOK_HOSTS may not be open (* or .)."),
        (
            not os.environ.get("DATABASE_URL") and not _said("KEYBOOK_EMBEDDED"),
            "Set DATABASE_URL to your PostgreSQL, or KEYBOOK_EMBEDDED=1 to keep the private one on purpose.",
        ),
        (
            AS_WEB and bool(os.environ.get("DATABASE_URL")) and not os.environ.get("DATABASE_WEB_URL"),
            "Set DATABASE_WEB_URL: the web server connects as keybook_web, which row-level security binds.",
        ),
    ]
    for broken, sentence in rules:
        if broken:
            raise ImproperlyConfigured(sentence)


refuse_what_is_unsafe()

DATABASES = databases(os.environ.get("DATABASE_URL"), as_web=AS_WEB)
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
if _said("KEYBOOK_BEHIND_PROXY"):  # only then is the proxy's word about TLS believed
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
