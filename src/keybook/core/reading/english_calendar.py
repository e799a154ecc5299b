"""Reckoning for the English grammar: days that come round, periods, sums of time, and pairs of readings."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from keybook.core.reading.english_grammar import Cell, Clock, Meaning
from keybook.core.reading.entity import Sense

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
FRIDAY, SUNDAY, DECEMBER = 5, 7, 12
LEAP_SEARCH = 9
SECONDS = {"TH": 3600, "TM": 60, "TS": 1}
SENSES: tuple[Sense, Sense] = ("future", "past")


def midnight(year: int, month: int, day: int) -> datetime:
    """The beginning of a day of the bank's wall clock; zones are the face's business."""
    return datetime(year, month, day)  # noqa: DTZ001


FIRST, EARLIEST, LAST = midnight(1, 1, 1), midnight(10, 1, 1), midnight(9990, 1, 1)


def day_or_none(year: int, month: int, day: int) -> datetime | None:
    """The day, or none where the calendar has no such day."""
    try:
        return midnight(year, month, day) if EARLIEST.year < year < LAST.year else None
    except ValueError:
        return None


def stamp(day: datetime) -> str:
    """A day in ISO 8601."""
    return day.strftime("%Y-%m-%d") if day.year > 999 else f"{day.year:04}-{day.month:02}-{day.day:02}"  # noqa: PLR2004


def both(coming: datetime | None, past: datetime | None) -> tuple[Cell, ...]:
    """The coming day and the past one; one cell where they are the same."""
    if coming == past:
        return (Cell(coming),) if coming else ()
    pairs: Iterable[tuple[Sense, datetime | None]] = zip(SENSES, (coming, past), strict=True)
    return tuple(Cell(day, sense=sense) for sense, day in pairs if day)


def nearest(start: int, day_of: Callable[[int], datetime | None], today: datetime) -> tuple[Cell, ...]:
    """The first day of a series on or after today and the last before it; `day_of` counts from `start`."""
    steps = range(LEAP_SEARCH)
    coming = (day for step in steps if (day := day_of(start + step)) and day >= today)
    past = (day for step in steps if (day := day_of(start - step)) and day < today)
    return both(next(coming, None), next(past, None))


def yearly(month: int, day: int, today: datetime) -> tuple[Cell, ...]:
    """A day and month without a year; empty where no year has it."""
    return nearest(today.year, lambda year: day_or_none(year, month, day), today)


def monthly(day: int, today: datetime) -> tuple[Cell, ...]:
    """A day without a month."""
    count = today.year * 12 + today.month - 1
    return nearest(count, lambda at: day_or_none(at // 12, at % 12 + 1, day), today)


def weekly(weekday: int, today: datetime) -> tuple[Cell, ...]:
    """A weekday without a week."""
    this = of_week(today, weekday)
    return both(this if this >= today else this + A_WEEK, this if this < today else this - A_WEEK)


def of_week(day: datetime, weekday: int) -> datetime:
    """A weekday of the week a day is in; weeks begin on Monday."""
    return day + timedelta(days=weekday - day.isoweekday())


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> datetime | None:
    """The nth such weekday of a month, the last for -1; none where it has no such one."""
    if nth < 0:
        last = midnight(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.isoweekday() - weekday) % 7)
    first = midnight(year, month, 1)
    return day_or_none(year, month, 1 + (weekday - first.isoweekday()) % 7 + 7 * (nth - 1))


def plus_months(day: datetime, months: int) -> datetime:
    """The same day so many months on, or the last of a shorter month; the calendar's ends hold."""
    count = min(max(day.year * 12 + day.month - 1 + months, EARLIEST.year * 12), LAST.year * 12)
    year, month = count // 12, count % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


def plus(moment: datetime, lengths: Mapping[str, Fraction], sign: int = 1) -> datetime:
    """A moment and a sum of years, months, weeks, days, workdays and clock time."""
    months = lengths.get("Y", Fraction(0)) * 12 + lengths.get("M", Fraction(0))
    days = lengths.get("W", Fraction(0)) * 7 + lengths.get("D", Fraction(0))
    seconds = sum((lengths.get(unit, Fraction(0)) * worth for unit, worth in SECONDS.items()), Fraction(0))
    moment = plus_months(moment, sign * int(months)) if months else moment
    try:
        moment += sign * timedelta(days=int(days), seconds=float(days % 1 * 86400 + seconds))
    except OverflowError:
        moment = LAST if sign > 0 else EARLIEST
    return plus_workdays(moment, sign * int(lengths.get("BD", Fraction(0))))


def plus_workdays(day: datetime, count: int) -> datetime:
    """So many days from Monday to Friday later; the bank's holidays are not known here."""
    step = A_DAY if count > 0 else -A_DAY
    for _ in range(min(abs(count), 3660)):
        day += step
        while day.isoweekday() > FRIDAY:
            day += step
    return day


def period(day: datetime, unit: str, steps: int = 0) -> tuple[datetime, datetime]:
    """The week, weekend, month, quarter, year, decade or century a day is in, or so many on: [start, end)."""
    if unit in ("W", "WE", "2W"):
        monday = of_week(day, 1).replace(hour=0, minute=0) + A_WEEK * steps
        return (monday + 5 * A_DAY, monday + A_WEEK) if unit == "WE" else (monday, monday + A_WEEK)
    months = {"M": 1, "3M": 3, "6M": 6, "Y": 12, "10Y": 120, "100Y": 1200}[unit]
    count = ((day.year * 12 + day.month - 1) // months + steps) * months
    start = plus_months(day.replace(day=1), count - day.year * 12 - day.month + 1)
    return start, plus_months(start, months)


def period_timex(start: datetime, unit: str) -> str:
    """The TIMEX3 of a whole period."""
    year, week, _ = start.isocalendar()
    end = period(start, unit)[1] if unit not in ("W", "WE") else start
    return {
        "W": f"{year:04}-W{week:02}", "WE": f"{year:04}-W{week:02}-WE", "M": f"{start.year:04}-{start.month:02}",
        "Y": f"{start.year:04}", "D": stamp(start),
    }.get(unit) or f"({stamp(start)},{stamp(end)},P{unit.lstrip('1') if unit == '1Y' else unit})"  # fmt: skip


def paired(starts: Meaning, ends: Meaning) -> list[tuple[Cell, Cell]]:
    """The readings of two ends that go together: coming with coming, past with past, first with first."""
    return [
        (start, end)
        for start in starts.cells
        for end in ends.cells
        if (not start.sense or not end.sense or start.sense == end.sense)
        and (start.other == end.other or not _has_other(starts) or not _has_other(ends))
    ]


def _has_other(meaning: Meaning) -> bool:
    return any(cell.other for cell in meaning.cells)


def joined(start: Cell, end: Cell) -> Cell:
    """A stretch from the start of one reading to the start of another."""
    return Cell(start.start, end.start, start.sense or end.sense, other=start.other or end.other)


def at_clock(day: Meaning, clock: Meaning) -> tuple[Cell, ...]:
    """Each reading of a day at each reading of a time, or of a stretch of time."""
    return tuple(
        replace(
            on,
            start=on.start + _since_midnight(at.start),
            end=on.start + _since_midnight(at.end) if at.end else None,
            other=on.other or at.other,
        )
        for on in day.cells
        for at in clock.cells
    )


def _since_midnight(moment: datetime) -> timedelta:
    return moment - FIRST


def days_between(start: datetime, end: datetime) -> str:
    """A length in whole days as TIMEX3."""
    return f"P{(end - start).days}D"


def today(clock: Clock, days: int = 0) -> datetime:
    """Today, or so many days on."""
    return clock.day + A_DAY * days
