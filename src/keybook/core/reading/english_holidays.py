"""Holidays as days: which day they fall on in a year, and the coming and the past one where no year is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from keybook.core.occasions import LunarRangeError, LunarTable
from keybook.core.reading.english_calendar import A_DAY, day_or_none, midnight, nearest, nth_weekday, stamp, yearly
from keybook.core.reading.english_dates import STEPS, exact
from keybook.core.reading.english_feasts import FIXED, FLOATING, FROM_EASTER, ISLAMIC, LUNAR
from keybook.core.reading.english_grammar import Match, Meaning
from keybook.core.reading.english_lengths import GRAMMAR

ISLAMIC_EPOCH = midnight(622, 7, 18)


# Labour Day is in September in America, on 1 May in most of the world.
ALSO = MappingProxyType({"labor day!|labour day!": (5, 1)})


def easter(*, year: int) -> datetime:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (8 * b + 13) // 25 + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return midnight(year, month, day + 1)


def qingming(*, year: int) -> datetime:
    """Tomb sweeping, 4 or 5 April: the rule holds from 2000 to 2099."""
    short = year % 100
    return midnight(year, 4, int(short * 0.2422 + 4.81) - short // 4)


def islamic(*, year: int, month: int, day: int) -> datetime:
    """The day of the tabular Islamic calendar (thirty-year cycle) in a year of ours; the moon may be a day later."""
    first = (year - 622) * 33 // 32 - 1
    days = (
        day + (59 * (month - 1) + 1) // 2 + (hijri - 1) * 354 + (3 + 11 * hijri) // 30
        for hijri in range(first, first + 4)
    )
    return next(on for at in days if (on := ISLAMIC_EPOCH + A_DAY * (at - 1)).year == year)


def day_of(*, holiday: str, year: int, table: LunarTable | None) -> datetime | None:
    """The day of a holiday in a year; none where the lunar table ends."""
    if holiday in FIXED:
        return day_or_none(year, *FIXED[holiday])
    if holiday in FLOATING:
        month, weekday, nth, later = FLOATING[holiday]
        found = nth_weekday(year, month, weekday, nth)
        return found and found + A_DAY * later
    if holiday in FROM_EASTER:
        return easter(year=year) + A_DAY * FROM_EASTER[holiday]
    if holiday in ISLAMIC:
        return islamic(year=year, month=ISLAMIC[holiday][0], day=ISLAMIC[holiday][1])
    return _lunar(holiday, year, table) if holiday in LUNAR else qingming(year=year)


def _lunar(holiday: str, year: int, table: LunarTable | None) -> datetime | None:
    month, day, later = LUNAR[holiday]
    try:
        found = table.solar(year=year, month=month, day=day) if table else None
    except LunarRangeError:
        found = None
    return midnight(found.year, found.month, found.day) + A_DAY * later if found else None


@GRAMMAR.rule(
    "HOLIDAY", "holiday (?: comma? of? year | of? (?: this | next | last | past | coming ) yearw )", "(?: this | next | last | past | coming ) holiday", "holiday",
)  # fmt: skip
def _holiday(match: Match) -> Meaning:
    name, now = match.one("holiday"), match.clock.day
    told = [STEPS[step] for step in match.names() if step in STEPS]
    year = match.one("year") or (now.year + sum(told) if told else None)

    def on(at: int) -> datetime | None:
        return day_of(holiday=name, year=at, table=match.clock.table)

    if year:
        day = on(year)
        return exact(day, f"{year:04}{_open_timex(name, day)}") if day else Meaning(f"{year:04}", trouble="no_calendar")
    cells = nearest(now.year, on, now)
    if name in ALSO:
        cells += tuple(replace(cell, other=True) for cell in yearly(*ALSO[name], now))
    first = cells[0].start if cells else None
    return Meaning("XXXX" + _open_timex(name, first), cells, "" if cells else "no_calendar")


def _open_timex(name: str, day: datetime | None) -> str:
    if name in FLOATING and not FLOATING[name][3]:
        month, weekday, nth, _ = FLOATING[name]
        return f"-{month:02}-WXX-{weekday}-{nth}"
    return stamp(day)[4:] if day else ""


GRAMMAR.include("DAY", "HOLIDAY")
