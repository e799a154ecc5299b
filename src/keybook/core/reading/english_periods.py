"""Periods in English: June 2016, next year, Q3, the third week of October, end of March, the nineties, week 10."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from keybook.core.reading import english_away  # noqa: F401 - the week of a day needs the days
from keybook.core.reading.english_calendar import (
    A_DAY,
    A_WEEK,
    EARLIEST,
    LAST,
    SENSES,
    days_between,
    midnight,
    period,
    period_timex,
    plus,
    plus_months,
    plus_workdays,
    stamp,
)
from keybook.core.reading.english_dates import STEPS, exact, rank, year_of
from keybook.core.reading.english_grammar import Cell, Clock, Match, Meaning
from keybook.core.reading.english_lengths import GRAMMAR, is_dated

SHORT_YEARS = 2020
OPEN_YEAR = "XXXX"
WHOLE = "(?: weekw | weekendw | monthw | yearw | quarterw )"
TOLD = "(?: this | next | last | past | coming )"
THAT_YEAR = f"(?: comma? of? year | yy | of? {TOLD} yearw (?: possessive )? )"


def whole(day: datetime, unit: str, steps: int = 0) -> Meaning:
    """The whole period a day is in, or so many on."""
    start, end = period(day, unit, steps)
    return Meaning(period_timex(start, unit), (Cell(start, end),), grain=unit)


def told_year(match: Match) -> int | None:
    """The year that is named, or this one, the next, the last; none if it is left open."""
    if match.all("yearw") and not match.all("year"):
        return match.clock.at.year + sum(STEPS[name] for name in match.names() if name in STEPS)
    return year_of(match)


def months(year: int | None, month: int, count: int, clock: Clock) -> tuple[Cell, ...]:
    """Some months from one on: of a year, or of the coming year and the past one that have them."""
    now = clock.day
    if year is not None:
        start = midnight(year, month, 1)
        return (Cell(start, plus_months(start, count)),)
    coming = midnight(now.year + (plus_months(midnight(now.year, month, 1), count) <= now), month, 1)
    past = midnight(coming.year - 1, month, 1)
    return tuple(
        Cell(start, plus_months(start, count), sense) for start, sense in zip((coming, past), SENSES, strict=True)
    )


@GRAMMAR.rule(
    "PERIOD",
    f"(?: the? monthw of )? MONTH {THAT_YEAR}", "year comma? MONTH (?! ordinals | day (?! to | dash ) )",
    "the? monthw of months", "(?<= in | of | by | since | before | after | to ) may", "months (?! dash? the? (?: ordinals | low ) )",
)  # fmt: skip
def _month(match: Match) -> Meaning | None:
    month, year = match.one("months"), told_year(match)
    return Meaning(f"{year or OPEN_YEAR:04}-{month:02}", months(year, month, 1, match.clock), grain="M")


@GRAMMAR.rule("PERIOD", f"{TOLD} months (?! dash? the? (?: ordinals | low ) )")
def _told_month(match: Match) -> Meaning:
    """September said to be this one is this year's; the next and the last come after today and before it."""
    month, now = match.one("months"), match.clock.day
    year = now.year + sum(STEPS[name] for name in match.names() if name in STEPS)
    cells = months(year, month, 1, match.clock)
    if match.all("next") and month > now.month:
        # Said in August, next September may be the one a month away.
        cells += (replace(months(now.year, month, 1, match.clock)[0], other=True),)
    return Meaning(f"{year:04}-{month:02}", cells, grain="M")


@GRAMMAR.rule("PERIOD", "months dash n13", "months dash n25", "months dash n32")
def _month_and_short_year(match: Match) -> Meaning | None:
    """Sep-26 can be a month as well as a day."""
    year = 2000 + (match.one("day") or match.one("n32"))
    if year < SHORT_YEARS:
        return None
    return Meaning(f"{year:04}-{match.one('months'):02}", months(year, match.one("months"), 1, match.clock), grain="M")


@GRAMMAR.rule("PERIOD", "yearmonth")
def _figured_month(match: Match) -> Meaning:
    numbers = sorted(int(part) for part in "".join(c if c.isdigit() else " " for c in match.one("yearmonth")).split())
    return Meaning(f"{numbers[1]:04}-{numbers[0]:02}", months(numbers[1], numbers[0], 1, match.clock), grain="M")


@GRAMMAR.rule("PERIOD", "year (?! unit | dash? low )", "the? yearw of? (?: year | number )")
def _year(match: Match) -> Meaning | None:
    year = match.one("year") or match.one("number")
    if not EARLIEST.year < year < LAST.year:
        return None
    return replace(whole(midnight(year, 1, 1), "Y"), grain="YEAR")


@GRAMMAR.rule(
    "PERIOD",
    f"(?: this | next | last | past | coming | same | that ) {WHOLE}", f"(?: the | my ) {WHOLE} (?! of | after | starting | beginning | before | number | year )",
    "weekendw", "the weekendw", "the WHOLE after the? next",
)  # fmt: skip
def _whole(match: Match) -> Meaning:
    unit = match.one("unit") or match.one("weekendw")
    steps = 2 if match.all("after") else sum(STEPS[name] for name in match.names() if name in STEPS)
    found = whole(match.clock.day, unit, steps)
    if match.all("same") or match.all("that"):
        return replace(found, timex={"W": "XXXX-WXX", "WE": "XXXX-WXX-WE", "M": "XXXX-XX"}.get(unit, OPEN_YEAR))
    return found


@GRAMMAR.rule(
    "PERIOD", "the? (?: this | next | last | past | coming ) (?: number | few | couple of? )? (?: decadew | centuryw )",
    "the decadew"
)  # fmt: skip
def _decades(match: Match) -> Meaning:
    unit = match.one("decadew") or match.one("centuryw")
    count = match.one("number") or match.one("few") or match.one("couple") or 1
    steps = sum(STEPS[name] for name in match.names() if name in STEPS)
    first = steps if steps >= 0 else -count
    start = period(match.clock.day, unit, first)[0]
    end = period(match.clock.day, unit, first + count - 1)[1]
    return Meaning(f"({stamp(start)},{stamp(end)},P{end.year - start.year}Y)", (Cell(start, end),), grain=unit)


@GRAMMAR.rule(
    "PERIOD", f"the? (?: ordinals | last ) weekw (?: of | in )? (?: MONTH {THAT_YEAR}? | (?: the | {TOLD} ) monthw )",
    f"the? (?: ordinals | last ) weekw (?: of | in )? (?: year | (?: the | {TOLD} ) yearw )",
)  # fmt: skip
def _nth_week(match: Match) -> Meaning | None:
    names = match.names()
    nth = rank(match) if match.all("ordinals") else -1
    told = [STEPS[name] for name in names[names.index("weekw") :] if name in STEPS]
    month, now = match.one("months"), match.clock.day
    if match.all("yearw") or (match.all("year") and not month):
        year = match.one("year") or now.year + sum(told)
        return _of_weeks(midnight(year, 1, 4), nth, period(midnight(year, 1, 1), "Y")[1], "")
    if match.all("monthw"):
        start = plus_months(now.replace(day=4), sum(told))
        return _of_weeks(start, nth, plus_months(start, 1), f"{start.year:04}-{start.month:02}-W{nth:02}")
    year = year_of(match)
    cells = tuple(
        replace(found.cells[0], sense=cell.sense)
        for cell in months(year, month, 1, match.clock)
        for found in [_of_weeks(cell.start.replace(day=4), nth, cell.until, "")]
    )
    return Meaning(f"{year or OPEN_YEAR:04}-{month:02}-W{nth:02}", cells, grain="W")


def _of_weeks(fourth: datetime, nth: int, end: datetime, timex: str) -> Meaning:
    """The nth week of a month or a year: the first is the one with its 4th, the last the one before the next first."""
    found = whole(end.replace(day=4) - A_WEEK if nth < 0 else fourth + A_WEEK * (nth - 1), "W")
    return replace(found, timex=timex or found.timex)


@GRAMMAR.rule("PERIOD", "weekw number")
def _numbered_week(match: Match) -> Meaning | None:
    week = match.one("number")
    if not 1 <= week <= 53:  # noqa: PLR2004
        return None
    return whole(midnight(match.clock.at.year, 1, 4) + A_WEEK * (week - 1), "W")


@GRAMMAR.rule("PERIOD", "the? weekw (?: of | starting | beginning ) on? {d:DAY}")
def _week_of(match: Match) -> Meaning:
    day = match.parts["d"]
    cells = tuple(Cell(*period(cell.start, "W"), cell.sense, cell.other) for cell in day.cells)
    return Meaning(day.timex, cells, day.trouble, grain="W")


QUARTER = "(?: quarter | the? (?: ordinals | last ) dash? quarterw )"
HALFYEAR = "(?: halfyear | the? (?: ordinals | last ) half )"


@GRAMMAR.rule(
    "PERIOD",
    f"year comma? {QUARTER}", f"{TOLD} yearw possessive? {QUARTER}", f"{QUARTER} (?: of | in )? {THAT_YEAR}", f"{QUARTER} of the yearw", QUARTER,
    f"year comma? {HALFYEAR}", f"{TOLD} yearw possessive? {HALFYEAR}", f"{HALFYEAR} (?: of | in )? {THAT_YEAR}", f"{HALFYEAR} of the yearw",
)  # fmt: skip
def _quarter(match: Match) -> Meaning | None:
    names = match.names()
    if names[0] == "last" and "quarterw" in names[:2]:
        return None
    said = match.one("quarter") or match.one("halfyear")
    size = 6 if match.all("halfyear") or match.all("half") else 3
    nth = int(said[1:]) if said else rank(match) if match.all("ordinals") else 12 // size
    if nth > 12 // size:
        return None
    cells = months(told_year(match), size * (nth - 1) + 1, size, match.clock)
    year = f"{told_year(match) or 0:04}" if told_year(match) else OPEN_YEAR
    start, end = cells[0].start, cells[0].until
    later = f"{int(year) + end.year - start.year:04}" if year != OPEN_YEAR else year
    return Meaning(f"({year}-{start:%m-%d},{later}-{end:%m-%d},P{size}M)", cells, grain="3M")


@GRAMMAR.rule("PERIOD", f"(?: the | {TOLD} )? season (?: comma? of? year | of? {TOLD} yearw )?")
def _season(match: Match) -> Meaning | None:
    """A season has no days of its own: hemispheres and calendars differ."""
    year = year_of(match)
    told = [STEPS[name] for name in match.names() if name in STEPS and name != "the"]
    year = match.clock.at.year + sum(told) if told else year
    return Meaning(
        f"{year:04}-{match.one('season')}" if year else match.one("season"), trouble="no_fixed_days", grain="SEASON"
    )


@GRAMMAR.rule("PERIOD", "the? era", "the? (?: year (?: and )? | w13 dash? | w1 dash? )? decade")
def _era(match: Match) -> Meaning | None:
    said = match.one("era")
    if said:
        digits = "".join(c for c in said if c.isdigit())
        century, decade = (int(digits[:-2] or 0), int(digits[-2:]))
    else:
        century, decade = (match.one("year") or 0) // 100 or match.one("number") or 0, match.one("decade")
        century = 20 if not century and decade == 0 else century
    if decade % 10:
        return None
    if century:
        return replace(_decade(century * 100 + decade), grain="10Y")
    cells = tuple(
        Cell(*span, sense) for span, sense in zip((_bounds(2000 + decade), _bounds(1900 + decade)), SENSES, strict=True)
    )
    return Meaning(f"(XX{decade:02}-01-01,XX{(decade + 10) % 100:02}-01-01,P10Y)", cells, grain="10Y")


def _bounds(year: int) -> tuple[datetime, datetime]:
    return midnight(year, 1, 1), midnight(year + 10, 1, 1)


def _decade(year: int) -> Meaning:
    start, end = _bounds(year)
    return Meaning(f"({stamp(start)},{stamp(end)},P10Y)", (Cell(start, end),))


@GRAMMAR.rule("PERIOD", "the? ordinals centuryw")
def _century(match: Match) -> Meaning | None:
    first = 100 * (rank(match) - 1)
    if first < 1:
        return None
    start, end = midnight(first, 1, 1), midnight(first + 100, 1, 1)
    return Meaning(f"({stamp(start)},{stamp(end)},P100Y)", (Cell(start, end),), grain="100Y")


GRAMMAR.include("DATERANGE", "PERIOD")

LATE = "LATE"
CUTS = MappingProxyType({
    "M": ((0, 15), (9, 20), (15, None)), "W": ((0, 3), (1, 5), (3, None)),
    "Y": ((0, 6), (3, 9), (6, None)), "YEAR": ((0, 4), (4, 8), (8, None)), "3M": ((0, 1), (1, 2), (2, None)),
})  # fmt: skip


@GRAMMAR.rule(
    "DATERANGE", "(?: early | beginning | mid | late ) dash? (?: in | of )? {p:PERIOD}",
    "(?: the? monthw | the? quarterw | the? yearw ) possessive? dash? late", "the? eom", "(?: early | beginning | mid | late ) dash? of? (?: monthw | quarterw | yearw | weekw )",
)  # fmt: skip
def _cut(match: Match) -> Meaning | None:
    unit = match.one("eom") or match.one("unit")
    found = match.parts.get("p") or whole(match.clock.day, unit)
    place = 0 if match.all("early") or match.all("beginning") else 1 if match.all("mid") else 2
    if found.grain == "SEASON":
        return found
    if found.grain not in CUTS:
        return None
    first, last = CUTS[found.grain][place]
    cells = tuple(
        replace(
            cell,
            start=_plus(cell.start, first, found.grain),
            end=cell.end if last is None else _plus(cell.start, last, found.grain),
        )
        for cell in found.cells
    )
    return replace(found, cells=cells, grain=LATE if place == 2 else found.grain)  # noqa: PLR2004


def _plus(day: datetime, count: int, grain: str) -> datetime:
    return day + A_DAY * count if grain in ("M", "W") else plus_months(day, count)


@GRAMMAR.rule("DATERANGE", f"the? rest of? (?: the | my | this )? {WHOLE}")
def _rest(match: Match) -> Meaning:
    now = match.clock.day
    last = period(now, match.one("unit") or match.one("weekendw"))[1] - A_DAY
    return Meaning(
        f"({stamp(now)},{stamp(last)},P{(last - now).days + 1 - (match.one('unit') == 'W')}D)", (Cell(now, last),)
    )


@GRAMMAR.rule("DATERANGE", "the? ordinals half of {p:PERIOD}")
def _half_of_month(match: Match) -> Meaning | None:
    found, nth = match.parts["p"], rank(match)
    if found.grain != "M" or nth > 2:  # noqa: PLR2004
        return None
    middle = [cell.start + A_DAY * 15 for cell in found.cells]
    pairs = zip(found.cells, middle, strict=True)
    return replace(
        found, cells=tuple(replace(cell, end=at) if nth == 1 else replace(cell, start=at) for cell, at in pairs)
    )


@GRAMMAR.rule("DATERANGE", f"(?: earlier | later ) (?: in )? (?: the | this ) {WHOLE}")
def _so_far(match: Match) -> Meaning:
    now = match.clock.day
    found = whole(now, match.one("unit") or match.one("weekendw"))
    cell = found.cells[0]
    return replace(found, cells=(replace(cell, start=now) if match.all("later") else replace(cell, end=now),))


@GRAMMAR.rule(
    "DATERANGE", "(?: next | last | past | coming ) {n:DURATION}", "(?: next | last | past | coming ) {n:FORTNIGHT}", "{n:DURATION} in the future", "{n:DURATION} hence",
    "within (?: the? (?: next | coming ) )? {n:DURATION} (?: (?: from | of ) (?: today | now ) )?",
)  # fmt: skip
def _counted(match: Match) -> Meaning | None:
    """The next days begin tomorrow, the last end today; within some days begins today."""
    found, now = match.parts["n"], match.clock.day
    if not is_dated(found.lengths) or match.all("today") not in ([], [0]):
        return None
    if match.all("last") or match.all("past"):
        return between(plus(now, found.lengths, -1), now, found.timex)
    start = now if match.all("within") else now + A_DAY
    if "BD" in found.lengths:
        return between(start, plus(now, found.lengths) + A_DAY, found.timex)
    return between(start, plus(start, found.lengths), found.timex)


def between(start: datetime, end: datetime, length: str) -> Meaning:
    """A stretch of days whose ends are certain."""
    return Meaning(f"({stamp(start)},{stamp(end)},{length})", (Cell(start, end),))


@GRAMMAR.rule("DATERANGE", "(?: yearw | monthw | weekw | quarterw ) to date")
def _to_date(match: Match) -> Meaning:
    """The year to date: from its first day to today."""
    unit, now = match.one("unit"), match.clock.day
    return between(period(now, unit)[0], now, days_between(period(now, unit)[0], now))


@GRAMMAR.rule(
    "DATE",
    "the? (?: ordinals | last ) business? dayw (?: of | in ) {p:PERIOD}",
    "the? (?: ordinals | last ) business? dayw (?: of | in ) (?: monthw | quarterw | yearw )",
)
def _day_of_period(match: Match) -> Meaning | None:
    """The first day of next month, the last working day of the quarter."""
    found = match.parts.get("p") or whole(match.clock.day, match.all("unit")[-1])
    last, business, nth = match.names()[0] == "last" or match.all("last"), match.all("business"), 1
    if not last:
        nth = rank(match)
    days = []
    for cell in found.cells:
        if business:
            day = plus_workdays(cell.until, -1) if last else plus_workdays(cell.start - A_DAY, nth)
        else:
            day = cell.until - A_DAY if last else cell.start + A_DAY * (nth - 1)
        days.append(Cell(day, sense=cell.sense, other=cell.other))
    if len(days) == 1:
        return exact(days[0].start)
    return Meaning(found.timex, tuple(days), found.trouble)
