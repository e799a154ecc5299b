"""How much room a half-day has for contacts, what a contact takes of it, and whether one more fits.

A banker keeps so many minutes of a half-day for contacts; the rest is for everything else. A meeting takes from those
minutes the share of the half-day it covers: an hour of a four-hour morning takes a quarter of them. A half-day on which
nobody works, or on which the banker is away, has none. A visit takes the way to its district once in a half-day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from keybook.core.periods import Period
from keybook.core.workdays import WorkCalendar

Half = Literal["am", "pm"]
HALVES: tuple[Half, ...] = ("am", "pm")
SATURDAY = 5
Span = tuple[int, int]
"""[from, until) in minutes from midnight."""


@dataclass(frozen=True, slots=True)
class Keeps:
    """What a banker keeps for contacts: the hours of each half-day, its minutes for contacts, and what each takes."""

    windows: Mapping[Half, Span]
    minutes: Mapping[Half, int]
    channels: Mapping[str, int]
    caps: Mapping[str, int] = field(default_factory=dict)
    travel: int = 0
    weekdays: frozenset[int] = frozenset(range(SATURDAY))

    def takes(self, channel: str, *, usual: int = 20) -> int:
        """How long one contact by this channel takes."""
        return self.channels.get(channel, usual)


@dataclass(frozen=True, slots=True)
class Placed:
    """A contact that lies in a half-day already."""

    channel: str
    minutes: int
    district: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """What a half-day has and what of it is used."""

    minutes: int
    used: int

    @property
    def left(self) -> int:
        """Minutes still free; negative when it is overfull."""
        return self.minutes - self.used


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether one more contact fits: `why` is empty when it does, else shut, full or cap."""

    why: Literal["", "shut", "full", "cap"]
    left: int
    """Minutes left once it lies there."""
    count: int = 0
    most: int = 0
    """Contacts by this channel on the day with this one, and how many there may be; 0 when there is no such limit."""


def covered(*, window: Span, busy: Iterable[Span]) -> int:
    """How many minutes of the window are taken, where meetings that overlap count once."""
    total, reached = 0, window[0]
    for start, end in sorted(busy):
        inside = min(end, window[1])
        total += max(0, inside - max(start, reached))
        reached = max(reached, inside)
    return total


def room(*, minutes: int, window: Span, busy: Iterable[Span]) -> int:
    """The minutes for contacts that the meetings leave, rounded down."""
    length = window[1] - window[0]
    return minutes * (length - covered(window=window, busy=busy)) // length


def is_worked(*, on: date, weekdays: frozenset[int], calendar: WorkCalendar, away: Sequence[Period]) -> bool:
    """Whether the banker works on this day; a day made up for a holiday counts whatever weekday it is."""
    usual = on.weekday() in weekdays or on in calendar.makeup
    return usual and calendar.is_workday(on) and not any(each.contains(on) for each in away)


def used(*, placed: Iterable[Placed], travel: int) -> int:
    """What the contacts of a half-day take: their minutes, and the way once for each district with a visit."""
    contacts = tuple(placed)
    ways = {each.district for each in contacts if each.channel == "visit"}
    return sum(each.minutes for each in contacts) + travel * len(ways)


def fits(*, new: Placed, room: int, half: Sequence[Placed], day: Sequence[Placed], keeps: Keeps) -> Fit:
    """Whether a contact fits into a half-day of so much room, beside what lies there and on the whole day."""
    left = room - used(placed=(*half, new), travel=keeps.travel)
    count, most = sum(each.channel == new.channel for each in day) + 1, keeps.caps.get(new.channel, 0)
    if room <= 0:
        return Fit("shut", left, count, most)
    if left < 0:
        return Fit("full", left, count, most)
    return Fit("cap" if most and count > most else "", left, count, most)


def hours_on(*, during: tuple[datetime, datetime], days: Period) -> list[tuple[date, int, int]]:
    """Something between two moments as time that is taken: (day, from, until) in minutes from midnight, in the zone its moments are in."""
    start, end = during
    found = []
    for ahead in range((end.date() - start.date()).days + 1):
        on = start.date() + timedelta(days=ahead)
        first = start.hour * 60 + start.minute if not ahead else 0
        last = end.hour * 60 + end.minute if on == end.date() else 24 * 60
        if days.contains(on) and first < last:
            found.append((on, first, last))
    return found
