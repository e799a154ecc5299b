"""Ranges of days in English: from 4 to 22 January, between now and 15 November, this week from Tue to Thur."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from keybook.core.reading.english_calendar import (
    A_DAY,
    A_WEEK,
    day_or_none,
    days_between,
    of_week,
    paired,
    plus,
    plus_months,
    stamp,
)
from keybook.core.reading.english_dates import STEPS, dated, exact, year_of
from keybook.core.reading.english_grammar import Cell, Match, Meaning
from keybook.core.reading.english_lengths import GRAMMAR, is_dated
from keybook.core.reading.english_periods import OPEN_YEAR

TO = "(?: to | until | dash )"
TOLD_MONTH = "(?: in | of )? (?: the | this | next | last | past | coming ) monthw"

BACKWARDS = "ends_before_it_begins"

GRAMMAR.include("END", "DATE")
GRAMMAR.include("END", "PERIOD")


@GRAMMAR.rule("END", "now")
def _now(match: Match) -> Meaning:
    return exact(match.clock.day)


@GRAMMAR.rule(
    "DATERANGE",
    f"from {{a:END}} {TO} {{b:END}}",
    f"between {{a:END}} (?: and | {TO} ) {{b:END}}",
    f"in? {{a:END}} {TO} {{b:END}}",
)
def _ends(match: Match) -> Meaning | None:
    start, end = match.parts["a"], match.parts["b"]
    if match.all("dash") and start.grain == "YEAR" and end.grain != "YEAR":
        # 2019-sep-1 is a day.
        return None
    start, end = _same_year(start, end)
    cells = tuple(cell for first, last in paired(start, end) if (cell := _in_order(first, last, start, end)))
    if not cells:
        return Meaning(f"({start.timex},{end.timex})", trouble=start.trouble or end.trouble or BACKWARDS)
    cells = tuple(dict.fromkeys(cells))
    if len(cells) == 2 and replace(cells[0], sense="") == replace(cells[1], sense=""):  # noqa: PLR2004
        cells = (replace(cells[0], sense=""),)
    if end.grain:
        # As specified a range ends where its last month begins; people mean the whole of it.
        whole_end = replace(end, cells=tuple(replace(cell, start=cell.until) for cell in end.cells))
        cells += tuple(
            Cell(a.start, b.start, a.sense or b.sense, other=True)
            for a, b in paired(start, whole_end)
            if a.start < b.start
        )
    first, last = cells[0].start, cells[0].until
    a, b = _end_timex(start, first), _end_timex(end, last)
    return Meaning(f"({a},{b},{_length(start, end, first, last)})", cells)


def _same_year(start: Meaning, end: Meaning) -> tuple[Meaning, Meaning]:
    """An end that leaves its year open takes it from the other: Feb 1st to March 2019; now to 15 November."""
    if _weekday(start) and len(end.cells) == 1:
        until = end.cells[0].start
        return exact(until - A_DAY * ((until.isoweekday() - _weekday(start)) % 7)), end
    if _weekday(end) and len(start.cells) == 1:
        since = start.cells[0].start
        return start, exact(since + A_DAY * ((_weekday(end) - since.isoweekday()) % 7))
    if _is_open(start) and len(end.cells) == 1:
        until = end.cells[0].start
        fits = [day for day in _years_of(start, until.year) if day <= until]
        return replace(start, cells=_last(fits), timex=stamp(fits[-1]) if end.grain else start.timex), end
    if _is_open(end) and len(start.cells) == 1:
        since = start.cells[0].start
        fits = [day for day in _years_of(end, since.year) if day >= since]
        return start, replace(end, cells=_last(fits[:1]))
    return start, end


def _weekday(meaning: Meaning) -> int:
    """The weekday an end is without saying which week; none is 0."""
    return (
        int(meaning.timex[-1])
        if meaning.timex.startswith("XXXX-WXX-") and len(meaning.timex) == len("XXXX-WXX-1")
        else 0
    )


def _last(days: list[datetime]) -> tuple[Cell, ...]:
    return tuple(Cell(day) for day in days[-1:])


def _is_open(meaning: Meaning) -> bool:
    return (
        meaning.timex.startswith(OPEN_YEAR + "-")
        and meaning.timex[5:7].isdigit()
        and "W" not in meaning.timex
        and len(meaning.cells) > 1
    )


def _years_of(meaning: Meaning, year: int) -> list[datetime]:
    first = meaning.cells[0].start
    return [day for at in (year - 1, year, year + 1) if (day := day_or_none(at, first.month, first.day))]


def _in_order(first: Cell, last: Cell, start: Meaning, end: Meaning) -> Cell | None:
    """A pair of ends the right way round; an end of the other sense where that is needed."""
    sense = first.sense or last.sense
    other = first.other or last.other
    if first.start <= last.start:
        return Cell(first.start, last.start, sense, other)
    befores = [cell.start for cell in start.cells if cell.start <= last.start]
    afters = [cell.start for cell in end.cells if cell.start >= first.start]
    if befores and sense != "past":
        return Cell(max(befores), last.start, sense, other)
    return Cell(first.start, min(afters), sense, other) if afters else None


def _end_timex(end: Meaning, day: datetime) -> str:
    return end.timex if end.timex.startswith(OPEN_YEAR) and not end.grain else stamp(day)


def _length(start: Meaning, end: Meaning, first: datetime, last: datetime) -> str:
    grains = {start.grain, end.grain}
    if grains <= {"YEAR", "Y"}:
        return f"P{last.year - first.year}Y"
    if grains <= {"YEAR", "Y", "M"}:
        return f"P{(last.year - first.year) * 12 + last.month - first.month}M"
    return f"P{(last - first).days // 7}W" if grains == {"W"} else days_between(first, last)


@GRAMMAR.rule(
    "DATERANGE",
    f"(?: from | between )? day (?: and | {TO} ) the? (?: day | ordinals ) of? MONTH YEARS?",
    f"(?: from | between )? the? (?: ordinals | day ) (?: and | {TO} ) the? ordinals of? MONTH YEARS?",
    f"(?: from | between )? MONTH (?: the? ordinals | day ) {TO} the? (?: ordinals | day ) YEARS?",
    "between MONTH (?: the? ordinals | day ) and the? (?: ordinals | day ) YEARS?",
    f"MONTH (?: from | between ) day (?: and | {TO} ) day YEARS?",
)
def _in_month(match: Match) -> Meaning | None:
    return _days(match, year_of(match), match.one("months"))


@GRAMMAR.rule(
    "DATERANGE",
    f"(?: from | between )? (?: the? ordinals | day ) (?: and | {TO} ) (?: the? ordinals | day ) {TOLD_MONTH}",
)
def _in_told_month(match: Match) -> Meaning | None:
    steps = sum(STEPS[name] for name in match.names() if name in STEPS)
    at = plus_months(match.clock.day.replace(day=1), steps)
    return _days(match, at.year, at.month)


def _days(match: Match, year: int | None, month: int) -> Meaning | None:
    first, last = [2 if word.value == "TS" else word.value for word in match.words if word.name in DAYS][:2]
    start, end = dated(year, month, first, match.clock), dated(year, month, last, match.clock)
    cells = [cell for a, b in paired(start, end) if (cell := _in_order(a, b, start, end))]
    if first >= last or not cells:
        return None
    return Meaning(f"({start.timex},{end.timex},P{last - first}D)", tuple(cells))


DAYS = frozenset(["n1", "n13", "n25", "w1", "w13", "w25", "ordinal", "second"])


@GRAMMAR.rule("DATERANGE", f"from day {TO} {{b:DATE}}", "between day and {b:DATE}")
def _day_to_date(match: Match) -> Meaning | None:
    """From 4 to January 22: the first end takes its month and year from the last."""
    end, day = match.parts["b"], match.one("day")
    cells = tuple(
        Cell(start, cell.start, cell.sense, cell.other)
        for cell in end.cells
        if (start := day_or_none(cell.start.year, cell.start.month, day)) and start < cell.start
    )
    if not cells or end.timex.startswith("XXXX-W"):
        return None
    length = days_between(cells[0].start, cells[0].until)
    return Meaning(f"({end.timex[:-2]}{day:02},{end.timex},{length})", cells)


@GRAMMAR.rule(
    "DATERANGE",
    f"(?: this | next | last | past | coming ) weekw (?: from | between )? weekday (?: and | {TO} ) weekday",
)
def _in_week(match: Match) -> Meaning:
    day = match.clock.day + A_WEEK * sum(STEPS[name] for name in match.names() if name in STEPS)
    start, end = [of_week(day, weekday) for weekday in match.all("weekday")]
    end = end if end >= start else end + A_WEEK
    return Meaning(f"({stamp(start)},{stamp(end)},{days_between(start, end)})", (Cell(start, end),))


@GRAMMAR.rule(
    "DATERANGE",
    "for {n:DURATION} comma? from {d:DATE}",
    "{n:DURATION} comma from {d:DATE}",
    "{n:DURATION} comma? (?: starting | beginning ) (?: from | on )? {d:DATE}",
    "from {d:DATE} for {n:DURATION}",
)
def _from_day(match: Match) -> Meaning | None:
    length, day = match.parts["n"], match.parts["d"]
    if not is_dated(length.lengths) or not day.cells:
        return None
    cells = tuple(
        Cell(cell.start, plus(cell.start, length.lengths), cell.sense, cell.other) for cell in day.cells if cell.start
    )
    first, last = cells[0].start, cells[0].until
    return Meaning(f"({stamp(first)},{stamp(last)},{length.timex})", cells)


@GRAMMAR.rule("DATERANGE", "(?: more than | less than ) {n:DURATION} (?: before | after | from ) (?: today | now )")
def _beyond(match: Match) -> Meaning | None:
    """More than two weeks after today is open to the right, more than two weeks before it to the left."""
    now, lengths = match.clock.day, match.parts["n"].lengths
    if not is_dated(lengths):
        return None
    before, more = bool(match.all("before")), bool(match.all("more"))
    day = plus(now, lengths, -1 if before else 1)
    cell = Cell(day, side="before" if before else "after")
    if not more:
        cell = Cell(day, now) if before else Cell(now, day)
    return Meaning(stamp(day), (cell,))


@GRAMMAR.rule("DATERANGE", "in number (?: to | dash | or ) {n:DURATION}")
def _about(match: Match) -> Meaning | None:
    """In two to three weeks: from the one to the other."""
    lengths, now = match.parts["n"].lengths, match.clock.day
    if not is_dated(lengths) or len(lengths) > 1:
        return None
    sooner = {unit: Fraction(match.one("number")) for unit in lengths}
    start, end = plus(now, sooner), plus(now, lengths)
    return (
        Meaning(f"({stamp(start)},{stamp(end)},{days_between(start, end)})", (Cell(start, end),))
        if start < end
        else None
    )
