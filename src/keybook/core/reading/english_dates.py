"""Days in English: 2 October, next Friday, the first Monday of next month, two weeks from now, the 15th."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from keybook.core.reading.english_calendar import (
    A_DAY,
    A_WEEK,
    DECEMBER,
    day_or_none,
    monthly,
    nearest,
    nth_weekday,
    of_week,
    plus_months,
    stamp,
    today,
    weekly,
    yearly,
)
from keybook.core.reading.english_grammar import Cell, Clock, Match, Meaning
from keybook.core.reading.english_lengths import GRAMMAR
from keybook.core.reading.english_words import full_year

STEPS = {"this": 0, "next": 1, "coming": 1, "last": -1, "past": -1, "same": 0, "that": 0, "the": 0, "my": 0}
NO_SUCH_DAY = "no_such_day"
WEEKDAY_DIFFERS = "weekday_differs"
NTHS = 5


def year_of(match: Match) -> int | None:
    """The year a rule's words name; none if they leave it open."""
    short = match.one("yy")
    return full_year(digits=short[-2:]) if short else match.one("year")


def exact(day: datetime | None, timex: str = "") -> Meaning:
    """A day that is certain, or that no calendar has."""
    if day is None:
        return Meaning(timex, trouble=NO_SUCH_DAY)
    return Meaning(timex or stamp(day), (Cell(day),))


def dated(year: int | None, month: int, day: int, clock: Clock) -> Meaning:
    """A day of a month, in a year or in none."""
    if year is not None:
        return exact(day_or_none(year, month, day), f"{year:04}-{month:02}-{day:02}")
    cells = yearly(month, day, clock.day)
    return Meaning(f"XXXX-{month:02}-{day:02}", cells, "" if cells else NO_SUCH_DAY)


def rank(match: Match) -> int:
    """The number an ordinal or a plain number stands for; "second" is a unit as well."""
    value = match.one("ordinals") or match.one("day")
    return 2 if value == "TS" else int(value)


@GRAMMAR.rule(
    "DAY",
    "WEEKDAY? MONTH (?: dash | slash | comma )? DAYNUM (?: YEARS | comma n13 (?! dayw ) )?",
    "WEEKDAY? (?: ordinals | day ) period? (?: dash | slash )? of? MONTH (?: dash | slash )? YEARS",
    "WEEKDAY? (?: ordinals | day ) period? (?: dash | slash )? of? months",
    "year (?: dash | slash ) months (?: dash | slash ) day",
)
def _named_month(match: Match) -> Meaning | None:
    found = dated(year_of(match), match.one("months"), rank(match), match.clock)
    return _on_its_weekday(found, match)


@GRAMMAR.rule(
    "DAY",
    "(?: this | next )? weekday (?: dash | lparen )? MONTH dash? DAYNUM rparen?",
    "this weekday lparen? slashday rparen?",
)
def _weekday_and_date(match: Match) -> Meaning | None:
    if match.all("slashday"):
        return _figures(match.one("slashday"), match.clock)
    found = dated(None, match.one("months"), rank(match), match.clock)
    coming = found.cells[0].start if found.cells else None
    return found if coming and coming.isoweekday() == match.one("weekday") else None


@GRAMMAR.rule("DAY", "WEEKDAY? fulldate", "compact")
def _full_figures(match: Match) -> Meaning | None:
    text = match.one("compact")
    if text:
        return exact(day_or_none(int(text[:4]), int(text[4:6]), int(text[6:])), f"{text[:4]}-{text[4:6]}-{text[6:]}")
    found = _figures(match.one("fulldate"), match.clock)
    return found and _on_its_weekday(found, match)


@GRAMMAR.rule("DAY", "WEEKDAY? slashday")
def _slashed(match: Match) -> Meaning | None:
    return _figures(match.one("slashday"), match.clock)


@GRAMMAR.rule("DAY", "WEEKDAY decimal", "(?<= on | in ) decimal (?! unit )")
def _pointed(match: Match) -> Meaning | None:
    return _figures(match.one("decimal"), match.clock)


@GRAMMAR.rule(
    "DAY", "WEEKDAY low dash low (?! ampm | clock )", "(?<= on | in ) low dash low (?! unit | in | of | ampm )"
)
def _dashed(match: Match) -> Meaning | None:
    return _figures("-".join(str(value) for value in match.all("low")), match.clock)


def _on_its_weekday(found: Meaning, match: Match) -> Meaning:
    """The day, marked where none of its readings is the weekday that is said with it."""
    weekday = match.one("weekday")
    if weekday and found.cells and weekday not in [cell.start.isoweekday() for cell in found.cells]:
        return replace(found, trouble=WEEKDAY_DIFFERS)
    return found


def _figures(text: str, clock: Clock) -> Meaning | None:
    """Month first as written in America, and day first where both can be."""
    numbers = re.findall(r"[0-9]+", text)
    year = None
    if len(numbers[0]) > 2:  # noqa: PLR2004
        return _ordered(int(numbers[0]), numbers[1], numbers[2], clock)
    if len(numbers) > 2:  # noqa: PLR2004
        year = full_year(digits=numbers[2])
    month_first, day_first = (
        _ordered(year, numbers[0], numbers[1], clock),
        _ordered(year, numbers[1], numbers[0], clock),
    )
    if month_first is None or day_first is None or month_first.timex == day_first.timex:
        return month_first or day_first
    others = tuple(Cell(cell.start, sense=cell.sense, other=True) for cell in day_first.cells)
    return Meaning(month_first.timex, month_first.cells + others, month_first.trouble)


def _ordered(year: int | None, month: str, day: str, clock: Clock) -> Meaning | None:
    if not 1 <= int(month) <= DECEMBER or not 1 <= int(day) <= 31:  # noqa: PLR2004
        return None
    return dated(year, int(month), int(day), clock)


@GRAMMAR.rule("DAY", "(?: the? dayw (?: after | before ) )? today")
def _today(match: Match) -> Meaning:
    days = match.one("today")
    if match.all("dayw"):
        days += 1 if match.all("after") else -1
    return exact(today(match.clock, days))


@GRAMMAR.rule(
    "DAY",
    "the (?: next | last | past | coming ) dayw (?! after | before | of | word )",
    "the dayw (?= $ | sign )",
    "(?: next | last | past | coming ) dayw",
    "this dayw",
    "my dayw",
    "the dayw after next",
)
def _the_day(match: Match) -> Meaning:
    steps = [STEPS[name] for name in match.names() if name in STEPS]
    return exact(today(match.clock, 2 if match.all("after") else sum(steps)))


@GRAMMAR.rule(
    "DAY",
    "(?: this | next | last | past | coming ) weekw? on? weekday",
    "on? weekday comma? of? (?: the )? (?: this | next | last | coming | past ) weekw",
)
def _told_weekday(match: Match) -> Meaning:
    told = next(name for name in match.names() if name in STEPS and name != "the")
    weekday = match.one("weekday")
    if told in ("coming", "past") and not match.all("weekw"):
        cells = weekly(weekday, match.clock.day + (A_DAY if told == "coming" else timedelta(0)))
        return exact(cells[0 if told == "coming" else -1].start)
    return exact(of_week(match.clock.day + A_WEEK * STEPS[told], weekday))


@GRAMMAR.rule("DAY", "weekday period? comma? the ordinals", "weekday period? comma? ordinals FORTHEDAY")
def _weekday_the(match: Match) -> Meaning:
    """Thursday the 21st: of this month where it is a Thursday there, else of the next and the last that has it."""
    weekday, day, now = match.one("weekday"), rank(match), match.clock.day
    here = day_or_none(now.year, now.month, day)
    if here and here.isoweekday() == weekday:
        return exact(here)

    def of_month(count: int) -> datetime | None:
        found = day_or_none(count // 12, count % 12 + 1, day)
        return found if found and found.isoweekday() == weekday else None

    cells = nearest(now.year * 12 + now.month - 1, of_month, now)
    return Meaning(f"XXXX-XX-{day:02}", cells, "" if cells else NO_SUCH_DAY)


NTH = "the? (?: ordinals | last ) weekday"


@GRAMMAR.rule(
    "DAY",
    f"{NTH} (?: of | in )? MONTH YEARS?",
    f"{NTH} (?: of | in )? (?: this | next | last | past | coming | the ) monthw",
)
def _nth_of_month(match: Match) -> Meaning | None:
    nth, weekday = _nth(match), match.one("weekday")
    if nth > NTHS:
        return None
    month, year = match.one("months"), year_of(match)
    if month and year is None:
        cells = nearest(match.clock.day.year, lambda at: nth_weekday(at, month, weekday, nth), match.clock.day)
        return Meaning(f"XXXX-{month:02}-WXX-{weekday}-#{nth}", cells)
    if not month:
        told = [name for name in match.names() if name in STEPS and name != "the"][-1:]
        at = plus_months(match.clock.day.replace(day=1), STEPS[told[0]] if told else 0)
        month, year = at.month, at.year
        return exact(nth_weekday(year, month, weekday, nth), f"XXXX-{month:02}-WXX-{weekday}-#{nth}")
    return exact(nth_weekday(year or 1, month, weekday, nth), f"{year:04}-{month:02}-WXX-{weekday}-#{nth}")


def _nth(match: Match) -> int:
    """First is 1; the last is -1, also in "the last Friday of last month"."""
    return rank(match) if match.all("ordinals") else -1


@GRAMMAR.rule("DAY", "(?<! the ) ordinals weekday (?! of | in )")
def _nth_here(match: Match) -> Meaning | None:
    nth, weekday, now = rank(match), match.one("weekday"), match.clock.day
    if nth > NTHS:
        return None
    day = nth_weekday(now.year, now.month, weekday, nth)
    unreal = 1 + (weekday - now.replace(day=1).isoweekday()) % 7 + 7 * (nth - 1)
    return exact(day, stamp(day) if day else f"{now.year:04}-{now.month:02}-{unreal:02}")


@GRAMMAR.rule("DAY", "the? (?: ordinals | day ) of? (?: this | next | last | past | coming | the ) monthw")
def _day_of_told_month(match: Match) -> Meaning:
    told = [name for name in match.names() if name in STEPS and name != "the"]
    at = plus_months(match.clock.day.replace(day=1), sum(STEPS[name] for name in told))
    return exact(day_or_none(at.year, at.month, rank(match)), f"{at.year:04}-{at.month:02}-{rank(match):02}")


@GRAMMAR.rule("DAY", "weekday")
def _weekday(match: Match) -> Meaning:
    weekday = match.one("weekday")
    return Meaning(f"XXXX-WXX-{weekday}", weekly(weekday, match.clock.day))


@GRAMMAR.rule(
    "DAY",
    "(?<= on | for | by | until | before | after | since | at | to | and | from ) the? ordinals FORTHEDAY",
    "the ordinals FORTHEDAY",
    "(?<= for | on ) the day (?= $ | sign )",
    "(?<= on ) low (?= $ | sign | at | clause )",
    "^ ordinal (?= $ | sign | at )",
)
def _lone_day(match: Match) -> Meaning:
    day = rank(match)
    return Meaning(f"XXXX-XX-{day:02}", monthly(day, match.clock.day))
