"""When an occasion comes round again: solar or lunar, each year or once, with the days one year does not have.

A lunar date is turned into a solar one by a `LunarTable`, a plain value that an adapter outside this package fills.
The 30th of a lunar month that has 29 days this year is kept on its 29th; a date in a leap month is kept in the
ordinary month of that number in the years, nearly all, that have no such leap month.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import isleap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal, NamedTuple

from keybook.core.workdays import WorkCalendar

LeapDay = Literal["feb28", "mar1"]
MONTHS_A_YEAR, LONGEST_MONTH, LONGEST_LUNAR_MONTH = 12, 31, 30
FEBRUARY, LEAP_DAY = 2, 29
LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LUNAR_TEXT = re.compile(r"(L?)(\d{2})-(\d{2})", re.ASCII)


class OccasionError(ValueError):
    """A date that no year has."""


class LunarRangeError(ValueError):
    """A lunar date outside the table, or one the table's year does not have."""


class LunarMonth(NamedTuple):
    """One month of the Chinese calendar: its year and number, whether it is the leap one, its first day, its length."""

    year: int
    month: int
    leap: bool
    first_day: date
    days: int


class LunarDay(NamedTuple):
    """A day of the Chinese calendar."""

    year: int
    month: int
    leap: bool
    day: int


class Occurrence(NamedTuple):
    """The day an occasion falls on, and how many years it is since the first (a birthday: the age); none if unknown."""

    on: date
    years: int | None


@dataclass(frozen=True, slots=True)
class Occasion:
    """A date that matters: month and day, solar or lunar; `year` is its first year, or the only one if not yearly."""

    month: int
    day: int
    year: int | None = None
    yearly: bool = True
    lunar: bool = False
    leap: bool = False
    leap_day: LeapDay = "feb28"

    def __post_init__(self) -> None:
        if not self._exists():
            raise OccasionError(f"There is no day {self.day} in month {self.month}.")
        if not self.yearly and self.year is None:
            raise OccasionError("An occasion that comes once needs its year.")

    def _exists(self) -> bool:
        if not 1 <= self.month <= MONTHS_A_YEAR:
            return False
        return 1 <= self.day <= (LONGEST_LUNAR_MONTH if self.lunar else LONGEST_MONTHS[self.month - 1])


class LunarTable:
    """The months of the Chinese calendar without a gap, and the two ways through them."""

    __slots__ = ("_by_name", "_months", "_starts")

    def __init__(self, months: Iterable[LunarMonth]) -> None:
        self._months = tuple(sorted(months, key=lambda month: month.first_day))
        self._starts = [month.first_day for month in self._months]
        self._by_name: Mapping[tuple[int, int, bool], LunarMonth] = MappingProxyType(
            {(month.year, month.month, month.leap): month for month in self._months}
        )
        if not self._months:
            raise LunarRangeError("A lunar table needs at least a month.")
        for month, start in zip(self._months, self._starts[1:], strict=False):
            if month.first_day + timedelta(days=month.days) != start:
                raise LunarRangeError(f"The lunar table has a gap or an overlap at {start}.")

    def __iter__(self) -> Iterator[LunarMonth]:
        return iter(self._months)

    def solar(self, *, year: int, month: int, day: int, leap: bool = False) -> date:
        """The solar day of a lunar one, moved to the month and the day the year has."""
        found = (leap and self._by_name.get((year, month, True))) or self._by_name.get((year, month, False))
        if not found:
            raise LunarRangeError(f"The lunar table has no month {month} of {year}.")
        return found.first_day + timedelta(days=min(day, found.days) - 1)

    def lunar(self, day: date) -> LunarDay:
        """The lunar day of a solar one."""
        place = bisect_right(self._starts, day) - 1
        month = self._months[max(place, 0)]
        offset = (day - month.first_day).days
        if not 0 <= offset < month.days:
            raise LunarRangeError(f"{day} lies outside the lunar table.")
        return LunarDay(month.year, month.month, month.leap, offset + 1)


def next_on(*, occasion: Occasion, today: date, table: LunarTable | None = None) -> Occurrence | None:
    """Its next day, today included; none when it came once and is past, or has not begun within the coming year."""
    if not occasion.yearly:
        return _if_coming(occurrence(occasion=occasion, year=occasion.year or today.year, table=table), today)
    first = max(today.year - 1, occasion.year or 0)
    for year in range(first, today.year + 2):
        found = occurrence(occasion=occasion, year=year, table=table)
        if found.on >= today:
            return found
    return None


def occurrence(*, occasion: Occasion, year: int, table: LunarTable | None = None) -> Occurrence:
    """The day it falls on in one (lunar) year, and how many years that is since the first."""
    years = None if occasion.year is None else year - occasion.year
    if not occasion.lunar:
        return Occurrence(_solar(occasion, year), years)
    if table is None:
        raise LunarRangeError("A lunar occasion needs a lunar table.")
    return Occurrence(table.solar(year=year, month=occasion.month, day=occasion.day, leap=occasion.leap), years)


def age(*, born_on: date, today: date, leap_day: LeapDay = "feb28") -> int:
    """Whole years since the birth; a birth in the future is refused."""
    if born_on > today:
        raise OccasionError(f"Nobody born on {born_on} has an age on {today}.")
    birthday = _solar(Occasion(born_on.month, born_on.day, leap_day=leap_day), today.year)
    return today.year - born_on.year - (today < birthday)


def opens_on(*, on: date, lead_days: int, calendar: WorkCalendar) -> date:
    """The workday from which to be reminded: `lead_days` ahead, and never a day nobody works."""
    if lead_days < 0:
        raise OccasionError("A reminder cannot come after its occasion.")
    return calendar.previous_workday(on - timedelta(days=lead_days))


def lunar_birthday(*, text: str) -> Occasion:
    """A lunar birthday as the bank writes it: MM-DD, with a leading L in a leap month."""
    found = LUNAR_TEXT.fullmatch(text.strip())
    if not found:
        raise OccasionError(f"{text!r} is not a lunar birthday: write MM-DD, or LMM-DD in a leap month.")
    return Occasion(int(found[2]), int(found[3]), lunar=True, leap=bool(found[1]))


def _if_coming(found: Occurrence, today: date) -> Occurrence | None:
    return found if found.on >= today else None


def _solar(occasion: Occasion, year: int) -> date:
    """The day in one year; 29 February is kept on 28 February or 1 March where there is none."""
    if (occasion.month, occasion.day) == (FEBRUARY, LEAP_DAY) and not isleap(year):
        return date(year, FEBRUARY, LEAP_DAY - 1) if occasion.leap_day == "feb28" else date(year, FEBRUARY + 1, 1)
    return date(year, occasion.month, occasion.day)
