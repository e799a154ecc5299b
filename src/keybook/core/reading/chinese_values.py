"""What the Chinese reader works with: pieces of the text with every way to read them, and dates with parts left open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from keybook.core.occasions import LunarRangeError, LunarTable
from keybook.core.reading.entity import CalendarOf, Entity, Kind, Reading, Sense

FUTURE_YEARS = 8
"""29 February comes back within eight years, also around 1900 and 2100."""
LONGEST_MONTH, LONGEST_LUNAR_MONTH = 31, 30
MONTHS, FEBRUARY = 12, 2


class Moment(NamedTuple):
    """When the text was written, and the Chinese calendar if there is one."""

    at: datetime
    table: LunarTable | None

    @property
    def today(self) -> date:
        """The day the text was written."""
        return self.at.date()


class Choice(NamedTuple):
    """One way to read a piece: a moment, or an interval up to (not including) `until`; either side may be open."""

    since: datetime | None
    until: datetime | None = None
    sense: Sense = ""
    calendar: CalendarOf = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A date as far as the text says it; `lunar` by the Chinese calendar, `either` by both."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    lunar: bool = False
    either: bool = False
    leap: bool = False

    def within(self, other: Written) -> Written:
        """Its open parts filled from the date before it: the 12th of 一月十日到十二日 is in January."""
        month = other.month if self.month is None else self.month
        return replace(self, month=month, year=other.year if self.year is None else self.year)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as far as the text says it; `part` is the part of the day it names; 六七点 is six or seven."""

    hour: int
    minute: int | None = None
    second: int | None = None
    part: str = ""
    vague: bool = False
    or_hour: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text that means something, with every way to read it; a `joint` one only with its neighbour."""

    kind: Kind
    start: int
    end: int
    timex: str = ""
    choices: tuple[Choice, ...] = ()
    values: tuple[str, ...] = ()
    trouble: str = ""
    written: Written | None = None
    clock: Clock | None = None
    grain: str = ""
    weekday: int = 0
    joint: bool = False

    @property
    def hours(self) -> Clock:
        """The time of day it says; midnight where it says none."""
        return self.clock or Clock(0)

    @property
    def length(self) -> int:
        """How many characters it takes."""
        return self.end - self.start

    def entity(self, text: str) -> Entity:
        """What is handed out of it, with the original characters."""
        read = [Reading(value) for value in self.values] + [_reading(self.kind, choice) for choice in self.choices]
        slice_ = text[self.start : self.end]
        return Entity(self.kind, self.start, self.length, slice_, tuple(dict.fromkeys(read)), self.timex, self.trouble)


Maker = Callable[[re.Match[str], Moment], "Piece | None"]


class Rule(NamedTuple):
    """A pattern and what its matches mean."""

    pattern: re.Pattern[str]
    make: Maker

    def pieces(self, text: str, moment: Moment) -> Iterator[Piece]:
        """What it finds in a (folded) text; a date before the year 1 or after 9999 is none."""
        for match in self.pattern.finditer(text):
            try:
                piece = self.make(match, moment)
            except (ValueError, OverflowError):
                continue
            if piece:
                yield piece


def rule(pattern: str, make: Maker) -> Rule:
    """A rule of a pattern in the verbose way of writing, where a blank is escaped."""
    return Rule(re.compile(pattern, re.VERBOSE), make)


def midnight(day: date) -> datetime:
    """The first moment of a day."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the bank's own clock, without a zone


def date_timex(written: Written) -> str:
    """The TIMEX3 value of a date, what is left open as X."""
    year = "XXXX" if written.year is None else f"{written.year:04}"
    month = "XX" if written.month is None else f"{written.month:02}"
    return f"{year}-{month}" + ("" if written.day is None else f"-{written.day:02}")


def date_piece(match: re.Match[str], written: Written, moment: Moment) -> Piece:
    """A date with all its readings; none when no calendar has such a day."""
    choices = day_choices(written, moment)
    trouble = "" if choices else "no_such_day"
    timex = date_timex(written)
    return Piece("date", match.start(), match.end(), timex, choices, trouble=trouble, written=written)


def day_choices(written: Written, moment: Moment) -> tuple[Choice, ...]:
    """The days a date may be: by the Chinese calendar first where it is one, then by its month and day as they stand."""
    return _day_choices(written, moment.today, moment.table)


@lru_cache(maxsize=256)
def _day_choices(written: Written, today: date, table: LunarTable | None) -> tuple[Choice, ...]:
    """Kept for the texts that say the same day again and again."""
    stands: CalendarOf = "written" if written.lunar else ""
    found = [*sensed(_solar_days(written, today), today, calendar=stands, exact=written.year is not None)]
    if (written.lunar or written.either) and table:
        return (*sensed(lunar_days(written, today, table), today, calendar="lunar"), *found)
    return tuple(found)


def sensed(days: Iterable[date], today: date, *, calendar: CalendarOf = "", exact: bool = False) -> Iterator[Choice]:
    """The next of the days from today on and the last before it; the only one where nothing is open."""
    ordered = sorted(set(days))
    if exact or len(ordered) == 1:
        yield from (Choice(midnight(day), None, "", calendar) for day in ordered)
        return
    future = next((day for day in ordered if day >= today), None)
    past = next((day for day in reversed(ordered) if day < today), None)
    if future:
        yield Choice(midnight(future), None, "future", calendar)
    if past:
        yield Choice(midnight(past), None, "past", calendar)


def _solar_days(written: Written, today: date) -> Iterator[date]:
    months = [written.month] if written.month is not None else range(1, MONTHS + 1)
    for year in [written.year] if written.year is not None else _years_around(written, today):
        for month in months:
            found = real_day(year, month, written.day or 1)
            if found:
                yield found


def _years_around(written: Written, today: date) -> range:
    span = FUTURE_YEARS if written.month == FEBRUARY else 1
    return range(today.year - span, today.year + span + 1)


def real_day(year: int, month: int, day: int) -> date | None:
    """The day, or none when the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def lunar_days(written: Written, today: date, table: LunarTable) -> Iterator[date]:
    """The solar days of a lunar date, in its year or in those around today."""
    years = [written.year] if written.year is not None else range(today.year - 2, today.year + 3)
    months = [written.month] if written.month is not None else range(1, MONTHS + 1)
    day = written.day or 1
    for year in years if day <= LONGEST_LUNAR_MONTH else ():
        for month in months:
            try:
                yield table.solar(year=year, month=month, day=day, leap=written.leap)
            except LunarRangeError:
                continue


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month."""
    place = day.year * MONTHS + day.month - 1 + months
    first = date(place // MONTHS, place % MONTHS + 1, 1)
    return date(first.year, first.month, min(day.day, month_days(first)))


def month_days(day: date) -> int:
    """How many days the month of this day has."""
    after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (after - timedelta(days=1)).day


def _reading(kind: Kind, choice: Choice) -> Reading:
    write = WRITERS[kind]
    if kind in ("date", "time", "datetime"):
        value = write(choice.since) if choice.since else ""
    else:
        value = "/".join(".." if side is None else write(side) for side in (choice.since, choice.until))
    return Reading(value, choice.sense, calendar=choice.calendar)


def write_date(moment: datetime) -> str:
    """2018-01-10."""
    return moment.date().isoformat()


def write_time(moment: datetime) -> str:
    """T15:30, with its seconds only where there are some."""
    return f"T{moment:%H:%M:%S}" if moment.second else f"T{moment:%H:%M}"


def write_datetime(moment: datetime) -> str:
    """2018-01-10T15:30:00."""
    return moment.isoformat(timespec="seconds")


WRITERS: dict[str, Callable[[datetime], str]] = {
    "date": write_date, "daterange": write_date, "time": write_time, "timerange": write_time,
    "datetime": write_datetime, "datetimerange": write_datetime,
}  # fmt: skip
