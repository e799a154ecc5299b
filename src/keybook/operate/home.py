"""Which bank's folder a command works in, and which settings it runs under."""

from __future__ import annotations

import os
import re
from pathlib import Path

ROOT = Path("var")


class NoHomeError(Exception):
    """The folder of the installation cannot be made; the sentence says why."""


def choose(name: str | None = None) -> Path:
    """Set KEYBOOK_HOME for this process: as given in the environment, else var/NAME, else the bank used last."""
    if "KEYBOOK_HOME" not in os.environ:
        chosen = name or current()
        os.environ["KEYBOOK_HOME"] = str((ROOT / chosen).absolute())
        if name:
            ROOT.mkdir(exist_ok=True)
            (ROOT / "current").write_text(name + "\n")
    folder = Path(os.environ["KEYBOOK_HOME"])
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NoHomeError(f"KEYBOOK_HOME {folder} cannot be made: {error.strerror}.") from error
    return folder


def current() -> str:
    """The name of the bank used last on this machine; 'bank' at the very first."""
    try:
        name = (ROOT / "current").read_text().strip()
    except OSError:
        return "bank"
    return name if re.fullmatch(r"[a-z0-9_-]{1,40}", name) else "bank"


def choose_settings() -> str:
    """Set DJANGO_SETTINGS_MODULE: production once a key or a server is given, else the demo's loopback settings."""
    serious = os.environ.get("DATABASE_URL") or os.environ.get("KEYBOOK_SECRET_KEY")
    kind = os.environ.get("KEYBOOK_SETTINGS") or ("production" if serious else "demo")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"keybook.settings.{kind}")
    return os.environ["DJANGO_SETTINGS_MODULE"]
