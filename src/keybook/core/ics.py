"""A calendar as text: RFC 5545 with the few properties every client reads, written without a library.

A general library builds an object for each property; ten thousand entries would take it several seconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WIDTH = 75  # octets a line may have, its end not counted
MINUTES_A_DAY = 24 * 60
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
NOT_TEXT = {code: " " for code in range(32) if code != 10} | {127: " ", 0x85: " ", 0x2028: " ", 0x2029: " "}  # noqa: PLR2004  10 ends a line
NINE = 9 * 60


class EntryError(ValueError):
    """An entry no calendar can hold."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: a whole day, or a moment in UTC with its length; alarms are minutes after the start (of the day)."""

    uid: str
    on: dt.date
    summary: str
    changed_at: dt.datetime
    at: dt.datetime | None = None
    minutes: int = 30
    description: str = ""
    address: str = ""
    category: str = ""
    sequence: int = 0
    alarms: tuple[int, ...] = (NINE,)

    def __post_init__(self) -> None:
        if self.at is not None and self.at.utcoffset() != dt.timedelta(0):
            raise EntryError(f"{self.uid} wants its moment in UTC.")
        if self.sequence < 0 or self.minutes <= 0:
            raise EntryError(f"{self.uid} wants a length above 0 and a sequence from 0 on.")


def calendar(*, name: str, entries: Iterable[Entry], refresh_hours: int = 1) -> bytes:
    """The calendar as bytes, its entries in the order given."""
    refresh = f"PT{refresh_hours}H"
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Keybook//Keybook//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{text(name)}", f"NAME:{text(name)}", f"REFRESH-INTERVAL;VALUE=DURATION:{refresh}",
        f"X-PUBLISHED-TTL:{refresh}",
    ]  # fmt: skip
    for entry in entries:
        lines.extend(_event(entry))
    lines += ["END:VCALENDAR", ""]
    return "\r\n".join([fold(line) for line in lines]).encode()


def text(value: str) -> str:
    """A value of type TEXT: escaped, one line, no control characters."""
    return value.replace("\r\n", "\n").replace("\r", "\n").translate(NOT_TEXT).translate(ESCAPES)


def fold(line: str) -> str:
    """The line, broken before its 76th octet and never inside a character."""
    if len(line) <= WIDTH and line.isascii():
        return line
    parts: list[str] = []
    part, size = "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > WIDTH:
            parts.append(part)
            part, size = "", 1  # the space that continues a line counts
        part, size = part + char, size + octets
    return "\r\n ".join([*parts, part])


def duration(minutes: int) -> str:
    """Minutes, before zero or after, as a duration: -P2DT15H, PT9H, PT0M."""
    sign, rest = "-" if minutes < 0 else "", abs(minutes)
    days, rest = divmod(rest, MINUTES_A_DAY)
    hours, left = divmod(rest, 60)
    clock = (f"{hours}H" if hours else "") + (f"{left}M" if left else "")
    if not days and not clock:
        return "PT0M"
    return sign + "P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")


def _stamp(moment: dt.datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%SZ")


def _when(entry: Entry) -> tuple[str, str]:
    """Where the entry starts and ends: a whole day ends where the next begins."""
    if entry.at is None:
        last = entry.on + dt.timedelta(days=1)
        return f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}", f"DTEND;VALUE=DATE:{last:%Y%m%d}"
    return f"DTSTART:{_stamp(entry.at)}", f"DTEND:{_stamp(entry.at + dt.timedelta(minutes=entry.minutes))}"


def _event(entry: Entry) -> Iterator[str]:
    """The lines of one entry, not yet folded."""
    stamp = _stamp(entry.changed_at)
    summary = text(entry.summary)
    yield from ("BEGIN:VEVENT", f"UID:{entry.uid}", f"DTSTAMP:{stamp}", f"LAST-MODIFIED:{stamp}")
    yield from _when(entry)
    yield from (f"SUMMARY:{summary}", f"SEQUENCE:{entry.sequence}", "TRANSP:TRANSPARENT", "CLASS:PRIVATE")
    if entry.description:
        yield f"DESCRIPTION:{text(entry.description)}"
    if entry.category:
        yield f"CATEGORIES:{text(entry.category)}"
    if entry.address:
        yield f"URL:{entry.address}"
    for minutes in entry.alarms:
        yield from (
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"TRIGGER:{duration(minutes)}",
            f"DESCRIPTION:{summary}",
            "END:VALARM",
        )
    yield "END:VEVENT"
