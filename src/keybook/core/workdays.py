"""Which days a bank works: weekends, public holidays and the make-up days worked for them, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

Direction = Literal["forward", "back", "modified"]
SATURDAY, SUNDAY = 5, 6
ONE_DAY = timedelta(days=1)
LONGEST_REST = 60
"""No bank rests longer than this many days in a row; a calendar that says so is wrong."""


class CalendarError(ValueError):
    """The calendar has no workday where one must be."""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """A bank's workdays: `makeup` days are worked although they fall on a weekend, and win over `holidays`."""

    holidays: frozenset[date] = frozenset()
    makeup: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})

    def is_workday(self, day: date) -> bool:
        """Whether the bank works on this day."""
        if day in self.makeup:
            return True
        return day.weekday() not in self.weekend and day not in self.holidays

    def next_workday(self, day: date) -> date:
        """The day itself if it is worked, else the first workday after it."""
        return _walked(self, day, ONE_DAY)

    def previous_workday(self, day: date) -> date:
        """The day itself if it is worked, else the last workday before it."""
        return _walked(self, day, -ONE_DAY)

    def shift(self, day: date, direction: Direction = "forward") -> date:
        """A workday for this day; `modified` goes forward but never into another month, then it goes back."""
        if direction == "back":
            return self.previous_workday(day)
        moved = self.next_workday(day)
        if direction == "modified" and moved.month != day.month:
            return self.previous_workday(day)
        return moved

    def add_workdays(self, day: date, count: int) -> date:
        """The workday `count` workdays after `day` (before it, if negative); none added is the next workday."""
        return _added(self, day, count)

    def workdays_late(self, due_on: date, today: date) -> int:
        """How many workdays have passed since a day on which something was due; 0 until then."""
        return _between(self, due_on + ONE_DAY, today + ONE_DAY)

    def workdays_between(self, start: date, end: date) -> int:
        """How many workdays lie in [start, end); 0 when end is not after start."""
        return _between(self, start, end)


def _walked(calendar: WorkCalendar, start: date, step: timedelta) -> date:
    day = start
    for _ in range(LONGEST_REST):
        if calendar.is_workday(day):
            return day
        day += step
    raise CalendarError(f"No workday within {LONGEST_REST} days of {start}: this calendar is wrong.")


@lru_cache(maxsize=4096)
def _added(calendar: WorkCalendar, day: date, count: int) -> date:
    step = ONE_DAY if count > 0 else -ONE_DAY
    moved = calendar.next_workday(day) if count >= 0 else calendar.previous_workday(day)
    if moved != day and count:
        count -= 1 if count > 0 else -1
    for _ in range(abs(count)):
        moved = calendar.shift(moved + step, "forward" if count > 0 else "back")
    return moved


@lru_cache(maxsize=65_536)
def _between(calendar: WorkCalendar, start: date, end: date) -> int:
    return sum(calendar.is_workday(start + timedelta(days=offset)) for offset in range((end - start).days))
