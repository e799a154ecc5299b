"""Secrets at rest: text sealed under a key that is derived from SECRET_KEY, and unreadable without it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

PURPOSE = b"keybook.sealed.1"


class UnreadableError(ValueError):
    """A sealed text that this installation's key does not open."""


def seal(text: str) -> str:
    """The text, readable only with this installation's SECRET_KEY."""
    return _box(_keys()).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text that was sealed; UnreadableError when SECRET_KEY is another one now."""
    try:
        return _box(_keys()).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise UnreadableError("SECRET_KEY is not the one this was sealed with: enter it again.") from error


def digest(text: str) -> str:
    """A fingerprint that tells equal secrets, and nothing else, to those without SECRET_KEY."""
    return hmac.new(_derived(_keys()[0]), text.encode(), hashlib.sha256).hexdigest()


def _keys() -> tuple[str, ...]:
    """The key in use, then those it replaced."""
    return (str(settings.SECRET_KEY), *map(str, settings.SECRET_KEY_FALLBACKS))


def _derived(key: str) -> bytes:
    return hashlib.sha256(PURPOSE + b"\0" + key.encode()).digest()


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in keys])
