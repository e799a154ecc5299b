"""Log lines that say where something went wrong and never about whom."""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

SECRET_PATH = re.compile(r"(/calendar/|/unsubscribe/)[^/\s\"']+")


class Discreet(logging.Formatter):
    """One line a record, without queries, secret addresses, control characters, or what an error says of the values it met.

    A database error names the row it could not store, a ValueError the text it could not read: both may be a
    customer's. The kind of the error and the lines of code it passed through are kept.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record, its control characters escaped so that no text can forge a line."""
        text = super().format(record)
        head, *frames = text.split("\n")
        own = [line for line in frames if line.startswith("  at ")]
        lost = [line for line in frames if not line.startswith("  at ")]
        said = SECRET_PATH.sub(r"\1…", " ".join([head, *lost]).split("?", 1)[0])
        return "\n".join([_plain(said), *own])

    def formatException(  # noqa: N802  logging's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """The kind of error and where it was, without its message."""
        kind, _, trace = ei
        frames = traceback.extract_tb(trace)[-12:] if trace else []
        lines = [f"  at {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        return "\n".join([*lines, f"  at {kind.__name__ if kind else 'unknown'}"])


def _plain(text: str) -> str:
    """The text with every control character shown as its number."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
