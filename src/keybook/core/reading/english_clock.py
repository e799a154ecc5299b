"""Times of the day in English: half past nine, 4pm, seven thirty, noon, in the morning, 8 to 9."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from fractions import Fraction

from keybook.core.reading.english_calendar import A_DAY, FIRST, joined
from keybook.core.reading.english_grammar import Cell, Match, Meaning
from keybook.core.reading.english_lengths import GRAMMAR, length_timex
from keybook.core.reading.english_lexicon import SETS

HALF_DAY, NOON, LAST_HOUR, LAST_MINUTE = timedelta(hours=12), 12, 24, 59
AFTERNOON = ("AF", "EV", "NI", "MEL")
PARTS = {"MO": (8, 12), "AF": (12, 16), "EV": (16, 20), "NI": (20, 24), "DT": (8, 18), "BH": (8, 18), "MEL": (11, 13)}
LAST_SECOND = timedelta(hours=23, minutes=59, seconds=59)
MIDS = {"MO": 10, "AF": 14, "dayw": 12, "NI": 0}

NUMBERS = frozenset(SETS["number"].split()) | {"year"}

# Minutes that are said without "minutes" before the hour: ten to eight, but nine to five is a stretch.
SPOKEN = (5, 10, 20, 25, "half", "a", "3M")

IN_PART = "(?: in? the? (?: daypart | dayparts ) | at? lunch )"
HOUR_MINUTES = "(?: n100 | year | hour wordminute | wordminute wordminute )"
BASE = f"(?: clocktime | decimal (?= ampm ) | {HOUR_MINUTES} | hour )"


def moment(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A time of the day, counted from the beginning of the calendar."""
    return FIRST + timedelta(hours=hour, minutes=minute, seconds=second)


def clock_timex(at: datetime, parts: int) -> str:
    """A time as TIMEX3, to the hour, the minute or the second as it was said."""
    return "T" + at.strftime("%H:%M:%S")[: 3 * parts - 1]


def _timed(figures: list[int], parts: int, half: str) -> Meaning | None:
    """The time; before noon and after where the text leaves it open (`half` empty)."""
    hour, minute, second = (*figures, 0, 0)[:3]
    if hour > LAST_HOUR or max(minute, second) > LAST_MINUTE:
        return None
    if half == "pm" and hour < NOON:
        hour += NOON
    if half == "am" and hour == NOON:
        hour = 0
    first = moment(hour % LAST_HOUR, minute, second)
    cells = [Cell(first)]
    if not half and 1 <= hour < NOON:
        cells.append(Cell(moment((hour + NOON) % LAST_HOUR, minute, second), other=True))
    return Meaning(clock_timex(first, parts), tuple(cells))


def _half(match: Match, hour: int) -> str:
    """Whether the words say before noon or after it."""
    said = (match.one("ampm") or match.one("glueda") or "").strip(".")
    if said:
        return "" if said == "ampm" else said[0] + "m"
    part = match.one("daypart") or match.one("dayparts") or match.one("lunch") or ""
    if part == "NI" and (hour == NOON or hour < 5):  # noqa: PLR2004
        return "am"
    if part == "MEL":
        return "am" if hour in (10, 11) else "pm"
    return "pm" if part in AFTERNOON else "am" if part else ""


def _figures(match: Match) -> list[int]:
    """Hour, minute and second as far as they are said."""
    text = match.one("clocktime") or match.one("decimal")
    if text:
        return [int(part) for part in re.findall(r"[0-9]+", text)][:3]
    *before, last = [word.value for word in match.words if word.name in NUMBERS]
    if not before and last > 99:  # noqa: PLR2004
        return [last // 100, last % 100]
    return [*before, last]


@GRAMMAR.rule(
    "TIME",
    f"{BASE} clock? ampm {IN_PART}?",
    f"(?<= at ) {BASE} glueda",
    f"{IN_PART} comma? at? {BASE} clock? ampm?",
    f"(?: clocktime | hour wordminute | wordminute wordminute ) clock? {IN_PART}?",
    f"hour clock {IN_PART}?",
    f"hour {IN_PART}",
    "(?: n1 | w1 ) ish",
)
def _told(match: Match) -> Meaning | None:
    figures = _figures(match)
    written = (match.one("clocktime") or "").startswith(("0", "t"))
    return _timed(figures, len(figures), _half(match, figures[0]) or ("24" if written else ""))


@GRAMMAR.rule(
    "TIME",
    "(?<= at ) decimal (?! unit | dash | word )",
    "(?<= at | around ) (?: hour | wordminute wordminute ) (?! dash | unit | months | weekday | number | word | of )",
    "(?<= at | around ) hour (?= $ )",
)
def _at_hour(match: Match) -> Meaning | None:
    return _told(match)


@GRAMMAR.rule(
    "TIME",
    f"(?: half | a? quarterw | wordminute quarterw | minute minutew? ) (?: past | after ) {BASE} clock? ampm? {IN_PART}?",
    f"(?: half | a? quarterw | minute minutew | (?<! from | between ) minute ) to {BASE} clock? ampm? {IN_PART}?",
)
def _past(match: Match) -> Meaning | None:
    words = list(match.words)
    at = next(place for place, word in enumerate(words) if word.name in ("past", "to", "after"))
    if words[at].name == "to" and words[0].value not in SPOKEN and not match.all("minutew"):
        return None
    minutes = _minutes(replace(match, words=tuple(words[:at])))
    rest = replace(match, words=tuple(words[at:]))
    figures = _figures(rest)
    hour = _timed(figures, 2, _half(rest, figures[0]))
    if hour is None:
        return None
    step = timedelta(minutes=-minutes if words[at].name == "to" else minutes)
    cells = tuple(replace(cell, start=moment(0) + (cell.start - moment(0) + step) % A_DAY) for cell in hour.cells)
    return Meaning(clock_timex(cells[0].start, 2), cells)


def _minutes(match: Match) -> int:
    if match.all("half"):
        return 30
    count = match.one("minute")
    return 15 * (count or 1) if match.all("quarterw") else int(count)


@GRAMMAR.rule("TIME", "(?: n1 | w1 )? noon", "mid dash? (?: daypart | dayw )")
def _named(match: Match) -> Meaning:
    at = match.one("noon")
    if at is None:
        at = time(MIDS.get(match.one("daypart") or "dayw", 12))
    return Meaning(f"T{at.hour:02}", (Cell(moment(at.hour)),))


GRAMMAR.include("ANYTIME", "TIME")


@GRAMMAR.rule("ANYTIME", "(?: clocktime | hour wordminute | wordminute wordminute | hour )")
def _bare(match: Match) -> Meaning | None:
    return _told(match)


TO = "(?: to | until | dash )"


@GRAMMAR.rule(
    "TIMERANGE",
    f"from {{a:ANYTIME}} {TO} {{b:ANYTIME}}",
    f"between {{a:ANYTIME}} (?: and | {TO} ) {{b:ANYTIME}}",
    f"{{a:TIME}} {TO} {{b:ANYTIME}}",
    f"{{a:ANYTIME}} {TO} {{b:TIME}}",
)
@GRAMMAR.rule(
    "LOOSERANGE", f"from? {{a:ANYTIME}} {TO} {{b:ANYTIME}}", f"between {{a:ANYTIME}} (?: and | {TO} ) {{b:ANYTIME}}"
)
def _between(match: Match) -> Meaning | None:
    """A stretch of the day; an hour that may be before noon or after is the next one after the start."""
    start, end = match.parts["a"], match.parts["b"]
    pairs = _halves(start, end)
    cells = tuple(joined(replace(first, other=at > 0), last) for at, (first, last) in enumerate(pairs))
    cells = tuple(replace(cell, other=at > 0) for at, cell in enumerate(cells))
    (first, last), (a, b) = pairs[0], (_parts(start), _parts(end))
    length = _length(last.start - first.start)
    return Meaning(f"({clock_timex(first.start, a)},{clock_timex(last.start, b)},{length})", cells)


def _parts(meaning: Meaning) -> int:
    return meaning.timex.count(":") + 1


def _halves(start: Meaning, end: Meaning) -> list[tuple[Cell, Cell]]:
    starts, ends = list(start.cells), list(end.cells)
    if len(starts) > 1 and len(ends) == 1:
        before = [cell for cell in starts if cell.start < ends[0].start]
        starts = sorted(before, key=lambda cell: cell.start)[-1:] or starts[:1]
    if len(ends) > 1 and start.timex == f"T{NOON}":
        starts.insert(0, Cell(moment(0)))
    return [(first, _next_after(first, ends)) for first in starts]


def _next_after(first: Cell, ends: list[Cell]) -> Cell:
    at = first.start
    later = [end.start if end.start > at else end.start + A_DAY for end in ends]
    return Cell(min(later))


def _length(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    return length_timex(
        {unit: Fraction(count) for unit, count in (("TH", minutes // 60), ("TM", minutes % 60)) if count}
    )
