"""The e-mail settings of the environment, by one address or by parts."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

NOT_SET = "django.core.mail.backends.dummy.EmailBackend"
GUARDED = "keybook.outbound.Mail"
SECONDS = 15
PORTS = {"smtp": 587, "smtps": 465}
TLS = {"smtp": ("starttls", "none"), "smtps": ("ssl",)}


def settings_from(environ: Mapping[str, str]) -> dict[str, object]:
    """Django's e-mail settings; with nothing set, mail goes nowhere and `keybook doctor` says so.

    KEYBOOK_EMAIL_URL is smtp://USER:PASSWORD@HOST:PORT (STARTTLS; ?tls=none without) or smtps://… (TLS from the first
    byte). Instead of it KEYBOOK_EMAIL_HOST, _PORT, _USER, _PASSWORD and _TLS (starttls, ssl or none) name the parts.
    """
    common = {
        "DEFAULT_FROM_EMAIL": _sender(environ.get("KEYBOOK_EMAIL_FROM", "keybook@localhost")),
        "EMAIL_TIMEOUT": SECONDS,
    }
    if url := environ.get("KEYBOOK_EMAIL_URL", ""):
        return {**common, **_by_url(url)}
    host = environ.get("KEYBOOK_EMAIL_HOST", "")
    if not host:
        return {**common, "EMAIL_BACKEND": NOT_SET}
    tls = environ.get("KEYBOOK_EMAIL_TLS", "starttls").lower()
    port = environ.get("KEYBOOK_EMAIL_PORT", "465" if tls == "ssl" else "587")
    return {
        **common,
        **_settings(host, port, environ.get("KEYBOOK_EMAIL_USER", ""), environ.get("KEYBOOK_EMAIL_PASSWORD", ""), tls),
    }


def _by_url(url: str) -> dict[str, object]:
    """What one address says; the password in it is never repeated."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ImproperlyConfigured("KEYBOOK_EMAIL_URL begins with smtp:// or smtps:// and names a host.")
    try:
        port = str(parts.port or PORTS[parts.scheme])
    except ValueError:
        raise ImproperlyConfigured(
            "The port in KEYBOOK_EMAIL_URL is no number; a / or @ in a password is %2F, %40."
        ) from None
    tls = parse_qs(parts.query).get("tls", [TLS[parts.scheme][0]])[0]
    if tls not in TLS[parts.scheme]:
        raise ImproperlyConfigured(
            "In KEYBOOK_EMAIL_URL, tls is starttls or none after smtp://, and ssl after smtps://."
        )
    return _settings(parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), tls)


def _settings(host: str, port: str, user: str, password: str, tls: str) -> dict[str, object]:
    """The parts as Django names them."""
    if tls not in {"starttls", "ssl", "none"}:
        raise ImproperlyConfigured("KEYBOOK_EMAIL_TLS is starttls, ssl or none.")
    if not port.isdigit():
        raise ImproperlyConfigured("KEYBOOK_EMAIL_PORT is a number.")
    return {
        "EMAIL_BACKEND": GUARDED, "EMAIL_HOST": host, "EMAIL_PORT": int(port), "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": password, "EMAIL_USE_TLS": tls == "starttls", "EMAIL_USE_SSL": tls == "ssl",
    }  # fmt: skip


def _sender(text: str) -> str:
    """Who the mails come from, one address with or without a name."""
    name, address = parseaddr(text)
    if "@" not in address or any(char in text for char in "\r\n"):
        raise ImproperlyConfigured("KEYBOOK_EMAIL_FROM is an address, such as Keybook <keybook@bank.example>.")
    return f"{name} <{address}>" if name else address
