"""Where the built assets are: plain name in, address with the content's hash out."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "static" / "keybook"
PREFIX = "/static/keybook/"


@cache
def _names() -> dict[str, str]:
    manifest = FOLDER / "manifest.json"
    if not manifest.exists():  # not built: pages still work, undressed
        return {}
    names: dict[str, str] = json.loads(manifest.read_text("utf-8"))
    return names


@cache
def address(name: str) -> str:
    """The address of an asset: 'sprite.svg' becomes /static/keybook/sprite.1a2b3c4d.svg."""
    plain = name.removeprefix("keybook/")
    return PREFIX + _names().get(plain, plain)
