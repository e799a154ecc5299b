"""Names as the reader of a sentence says them."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import get_language

from keybook.formats import customer_name


class Named(Protocol):
    """Somebody with a name and perhaps a Chinese one."""

    name: str
    name_zh: str


def spoken(who: Named) -> str:
    """Give the name in the reader's language, the other one where there is none."""
    return customer_name(who.name, who.name_zh, get_language())[0]
