"""Days with a time in English: tomorrow at 8, tonight, Friday afternoon between 1 and 4, in two hours, end of the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from keybook.core.reading.english_calendar import A_DAY, FIRST, at_clock, joined, midnight, paired, plus
from keybook.core.reading.english_clock import AFTERNOON, LAST_SECOND, NOON, PARTS, TO, clock_timex, moment
from keybook.core.reading.english_grammar import Cell, Match, Meaning
from keybook.core.reading.english_lengths import GRAMMAR, is_dated, length_timex
from keybook.core.reading.english_ranges import BACKWARDS

EARLY_LATE = "(?: (?: early | late ) dash? )?"
BINDING = "(?: comma? (?: at | around | for | on | dash | of | in )* )"
CLOSING_HOUR = 18


# ---- stretches of a day


def _part(code: str, cut: str) -> Meaning:
    """The morning, the afternoon; the first half of it or the second."""
    first, last = PARTS[code]
    middle = (first + last) // 2 if code != "MEL" else first
    start = moment(middle if cut == "late" else first)
    end = moment(middle if cut == "early" else last) if last < 24 or cut == "early" else FIRST + LAST_SECOND  # noqa: PLR2004
    return Meaning(f"T{code}", (Cell(start, end),), grain=code)


@GRAMMAR.rule(
    "DAYPART", f"(?: in the | at )? {EARLY_LATE} (?: daypart | dayparts )", "lunch", "(?: in the )? business hourw",
)  # fmt: skip
def _daypart(match: Match) -> Meaning | None:
    if match.all("business"):
        return _part("BH", "")
    cut = "early" if match.all("early") else "late" if match.all("late") else ""
    return _part(match.one("daypart") or match.one("dayparts") or match.one("lunch"), cut)


@GRAMMAR.rule("HALFDAY", "ampm")
def _halfday(match: Match) -> Meaning:
    return _part("MO" if match.one("ampm").startswith("a") else "AF", "")


@GRAMMAR.rule(
    "TIMERANGE", f"(?: in the )? {EARLY_LATE} (?: daypart | dayparts )", "lunch", "(?: in the )? business hourw"
)
def _part_of_day(match: Match) -> Meaning | None:
    return _daypart(match)


@GRAMMAR.rule("TIMERANGE", "from {a:ANYTIME} for {n:DURATION}", "for {n:DURATION} from {a:ANYTIME}")
def _for_some_time(match: Match) -> Meaning | None:
    start, length = match.parts["a"], match.parts["n"]
    if is_dated(length.lengths):
        return None
    cells = tuple(replace(cell, end=plus(cell.start, length.lengths)) for cell in start.cells)
    end = cells[0].until
    return Meaning(f"({start.timex},T{end:%H:%M:%S},{length.timex})", cells)


# ---- parts of a day that is known: tonight, Tuesday in the morning


@GRAMMAR.rule(
    "PARTDAY", "tonight", f"{EARLY_LATE} (?: this | last ) daypart", f"(?: this | last ) {EARLY_LATE} daypart"
)
def _tonight(match: Match) -> Meaning | None:
    code = match.one("tonight") or match.one("daypart")
    day = match.clock.day - A_DAY * bool(match.all("last"))
    cut = "early" if match.all("early") else "late" if match.all("late") else ""
    part = _part(code, cut)
    return Meaning(f"{day:%Y-%m-%d}{part.timex}", at_clock(Meaning("", (Cell(day),)), part), grain=code)


@GRAMMAR.rule(
    "PARTDAY", "{d:DATE} comma? {p:DAYPART}", "{d:DATE} {p:HALFDAY}", "{p:DAYPART} (?: comma | of | on )? {d:DATE}"
)
def _part_of_date(match: Match) -> Meaning:
    day, part = match.parts["d"], match.parts["p"]
    return Meaning(day.timex + part.timex, at_clock(day, part), day.trouble, grain=part.grain)


GRAMMAR.include("DATETIMERANGE", "PARTDAY")


@GRAMMAR.rule("DATETIME", f"{{p:PARTDAY}} {BINDING} {{t:ANYTIME}}", "{t:ANYTIME} (?: comma | on | of )? {p:PARTDAY}")
def _time_of_part(match: Match) -> Meaning | None:
    """At 7 tonight is 19:00: the part of the day says which 7."""
    part, at = match.parts["p"], match.parts["t"]
    cells = at.cells
    if len(cells) > 1:
        late = part.grain in AFTERNOON
        cells = tuple(replace(cell, other=False) for cell in cells if (cell.start.hour >= NOON) is late)[:1]
    days = Meaning("", tuple(replace(c, start=c.start.replace(hour=0, minute=0), end=None) for c in part.cells))
    said = clock_timex(cells[0].start, at.timex.count(":") + 1)
    return Meaning(part.timex.partition("T")[0] + said, at_clock(days, Meaning("", cells)), part.trouble)


@GRAMMAR.rule(
    "DATETIME",
    f"{{d:DATE}} {BINDING} {{t:TIME}}",
    "{d:DATE} comma? (?: at | around ) {t:ANYTIME}",
    "{t:TIME} (?: comma | on | of | dash | in )? {d:DATE}",
)
def _date_and_time(match: Match) -> Meaning:
    day, at = match.parts["d"], match.parts["t"]
    return Meaning(day.timex + at.timex, at_clock(day, at), day.trouble)


@GRAMMAR.rule("DATETIMERANGE", "{d:DATE} (?: after | since | before | by ) {t:TIME}")
def _bounded(match: Match) -> Meaning | None:
    """A day after two, by two in the afternoon: open to one side."""
    at = _date_and_time(match)
    after = match.all("after") or match.all("since")
    cells = tuple(replace(cell, side="after" if after else "before") for cell in at.cells)
    return replace(at, cells=cells)


@GRAMMAR.rule("DATETIME", "weekday? comma? months day clocktime year")
def _unix_date(match: Match) -> Meaning | None:
    figures = [int(part) for part in match.one("clocktime").split(":")]
    try:
        at = midnight(match.one("year"), match.one("months"), match.one("day")) + timedelta(
            hours=figures[0], minutes=figures[1], seconds=sum(figures[2:])
        )
    except ValueError:
        return None
    return Meaning(at.isoformat(), (Cell(at),))


@GRAMMAR.rule("DATETIME", "now")
def _now(match: Match) -> Meaning:
    return Meaning("PRESENT_REF", (Cell(match.clock.at),))


@GRAMMAR.rule(
    "DATETIME", "eod (?: on | of )? {d:DATE}", "late of? the? dayw (?: on | of )? {d:DATE}", "the? eod",
    "the? late of {d:DATE}", "the? late of? (?: the | this | my )? dayw", "{d:DATE} (?: at )? (?: eod | late of? dayw )",
)  # fmt: skip
def _end_of_day(match: Match) -> Meaning | None:
    """The end of the day is its last second; the close of business is six in the evening."""
    day = match.parts.get("d") or Meaning("", (Cell(match.clock.day),))
    last = timedelta(hours=CLOSING_HOUR) if match.one("eod") == "B" else LAST_SECOND
    cells = tuple(replace(cell, start=cell.start + last) for cell in day.cells)
    if not cells:
        return replace(day, timex=f"{day.timex}T{FIRST + last:%H:%M:%S}")
    timex = f"{cells[0].start:%Y-%m-%dT%H:%M:%S}" if len(cells) == 1 else f"{day.timex}T{FIRST + last:%H:%M:%S}"
    return Meaning(timex, cells)


@GRAMMAR.rule(
    "DATETIME", "{n:DURATION} ago", "{n:DURATION} later", "{n:DURATION} from now", "in {n:DURATION} (?! ago | later )"
)
def _away(match: Match) -> Meaning | None:
    lengths = match.parts["n"].lengths
    if is_dated(lengths):
        return None
    at = plus(match.clock.at, lengths, -1 if match.all("ago") else 1)
    return Meaning(f"{at:%Y-%m-%dT%H:%M:%S}", (Cell(at),))


# ---- stretches with days


GRAMMAR.include("DAYTIMES", "TIMERANGE")
GRAMMAR.include("DAYTIMES", "LOOSERANGE")


@GRAMMAR.rule(
    "DATETIMERANGE", "{d:DATE} comma? (?: at | for )? {r:DAYTIMES}", "{r:DAYTIMES} (?: comma | on | of | in )? {d:DATE}",
)  # fmt: skip
def _date_and_times(match: Match) -> Meaning:
    day, times = match.parts["d"], match.parts["r"]
    timex = day.timex + times.timex
    if times.timex.startswith("("):
        start, end, length = times.timex.strip("()").split(",")
        timex = f"({day.timex}{start},{day.timex}{end},{length})"
    return Meaning(timex, at_clock(day, times), day.trouble)


@GRAMMAR.rule("DATETIMERANGE", "{p:PARTDAY} {r:LOOSERANGE}")
def _part_and_times(match: Match) -> Meaning | None:
    part, times = match.parts["p"], match.parts["r"]
    late = part.grain in AFTERNOON
    cells = tuple(c for c in times.cells if (c.start.hour >= NOON) is late) or times.cells
    days = Meaning("", tuple(replace(c, start=c.start.replace(hour=0, minute=0), end=None) for c in part.cells))
    day = part.timex.partition("T")[0]
    start, end, length = times.timex.strip("()").split(",")
    return Meaning(f"({day}{start},{day}{end},{length})", at_clock(days, Meaning("", cells)), part.trouble)


GRAMMAR.include("TIMED", "DATETIME")


@GRAMMAR.rule("TIMED", "{d:DATE} at? {t:ANYTIME}", "{t:ANYTIME} (?: comma | on | of )? {d:DATE}")
def _timed(match: Match) -> Meaning:
    return _date_and_time(match)


@GRAMMAR.rule(
    "DATETIMERANGE", f"from {{a:TIMED}} {TO} {{b:TIMED}}", f"between {{a:TIMED}} (?: and | {TO} ) {{b:TIMED}}", f"{{a:TIMED}} {TO} {{b:TIMED}}",
    f"from {{a:TIMED}} {TO} {{b:ANYTIME}}", f"{{a:TIMED}} {TO} {{b:ANYTIME}}",
)  # fmt: skip
def _between(match: Match) -> Meaning | None:
    start, end = match.parts["a"], match.parts["b"]
    if end.timex.startswith("T"):
        days = Meaning("", tuple(replace(c, start=c.start.replace(hour=0, minute=0, second=0)) for c in start.cells))
        end = Meaning(start.timex.partition("T")[0] + end.timex, at_clock(days, end))
    cells = tuple(joined(a, b) for a, b in paired(start, end) if a.start < b.start)
    if not cells:
        return Meaning(f"({start.timex},{end.timex})", trouble=start.trouble or end.trouble or BACKWARDS)
    first, last = cells[0].start, cells[0].until
    return Meaning(
        f"({start.timex},{end.timex},{_clock_length(last - first)})", cells[:1] if not cells[0].sense else cells
    )


def _clock_length(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    counts = (("TH", seconds // 3600), ("TM", seconds // 60 % 60), ("TS", seconds % 60))
    return length_timex({unit: Fraction(count) for unit, count in counts if count})


@GRAMMAR.rule(
    "DATETIMERANGE", "(?: next | last | past | coming ) {n:DURATION}", "{n:DURATION} in the future", "{n:DURATION} hence",
    "(?: next | last | past | coming ) (?: hourw | minutew )", "within (?: the? (?: next | coming ) )? {n:DURATION}",
)  # fmt: skip
def _counted(match: Match) -> Meaning | None:
    unit = match.one("unit")
    lengths = match.parts["n"].lengths if "n" in match.parts else {unit: Fraction(1)}
    if is_dated(lengths):
        return None
    now = match.clock.at
    back = match.all("last") or match.all("past")
    start, end = (plus(now, lengths, -1), now) if back else (now, plus(now, lengths))
    return _stretch(start, end, length_timex(lengths))


def _stretch(start: datetime, end: datetime, length: str) -> Meaning:
    return Meaning(f"({start:%Y-%m-%dT%H:%M:%S},{end:%Y-%m-%dT%H:%M:%S},{length})", (Cell(start, end),))


@GRAMMAR.rule("DATETIMERANGE", "the? rest of? (?: the | my | this )? dayw")
def _rest(match: Match) -> Meaning:
    now = match.clock.at
    end = match.clock.day + LAST_SECOND
    return _stretch(now, end, f"PT{int((end - now).total_seconds())}S")


@GRAMMAR.rule(
    "DATETIMERANGE", "{d:DATE} for {n:DURATION} from {t:ANYTIME}", "{d:DATE} from {t:ANYTIME} for {n:DURATION}",
    "for {n:DURATION} comma? from {m:DATETIME}",
    "{n:DURATION} comma from {m:DATETIME}", "{n:DURATION} comma? starting (?: from | on )? {m:DATETIME}",
)  # fmt: skip
def _from_moment(match: Match) -> Meaning | None:
    length = match.parts["n"]
    at = match.parts.get("m") or _date_and_time(match)
    cells = tuple(replace(cell, end=plus(cell.start, length.lengths)) for cell in at.cells)
    if not cells:
        return None
    end = cells[0].until
    day = at.timex.partition("T")[0] if is_same_day(cells[0]) else f"{end:%Y-%m-%d}"
    return Meaning(f"({at.timex},{day}T{end:%H:%M:%S},{length.timex})", cells)


def is_same_day(cell: Cell) -> bool:
    """Whether a stretch begins and ends on one day."""
    return cell.start.date() == cell.until.date()
