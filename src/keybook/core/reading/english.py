"""Dates, times, periods, durations, repetitions and holidays in English text, each with every way to read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from keybook.core.occasions import LunarTable
from keybook.core.reading import english_bounds, english_sets  # noqa: F401 - the rules register themselves
from keybook.core.reading.english_grammar import Cell, Chart, Clock, Found, Meaning, largest
from keybook.core.reading.english_lengths import GRAMMAR
from keybook.core.reading.english_words import Line, line
from keybook.core.reading.entity import Entity, Kind, Reading

KINDS: tuple[Kind, ...] = (
    "date", "daterange", "time", "timerange", "datetime", "datetimerange", "duration", "set",
)  # fmt: skip
BOUNDED = ("daterange", "timerange", "datetimerange")


def times(*, text: str, at: datetime, table: LunarTable | None) -> tuple[Entity, ...]:
    """What the text says about time, read at a moment: at each place the largest entity, in the order of the text.

    `at` is the wall clock where the text was written; `table` knows the lunar holidays (without it they are found and
    have the trouble `no_calendar`).
    """
    words = line(text=text)
    chart = Chart(grammar=GRAMMAR, line=words, clock=Clock(at.replace(tzinfo=None), table))
    found = [one for kind in KINDS for one in _of_kind(chart, kind)] + _bounded(chart)
    return tuple(_entity(words, one) for one in largest(found))


def every_time(*, text: str, at: datetime, table: LunarTable | None) -> tuple[Entity, ...]:
    """Every entity of every kind, also those inside a larger one: the date, the time and the datetime they make.

    Of one kind only the largest at each place; what a "before", "since" or "by" opens comes besides what it bounds.
    """
    words = line(text=text)
    chart = Chart(grammar=GRAMMAR, line=words, clock=Clock(at.replace(tzinfo=None), table))
    found = [one for kind in KINDS for one in largest(_of_kind(chart, kind))]
    found += largest(_bounded(chart))
    places = {(one.kind, one.first, one.last): one for one in reversed(found)}
    ordered = sorted(places.values(), key=lambda one: (one.first, one.first - one.last))
    return tuple(_entity(words, one) for one in ordered)


def _of_kind(chart: Chart, kind: Kind) -> list[Found]:
    return [replace(one, kind=kind) for one in chart.found(kind.upper())]


def _bounded(chart: Chart) -> list[Found]:
    return [replace(one, kind=kind) for kind in BOUNDED for one in chart.found(f"{kind.upper()}_BOUND")]


def _entity(words: Line, found: Found) -> Entity:
    start, end = words.words[found.first].start, words.words[found.last - 1].end
    kind: Kind = found.kind  # type: ignore[assignment]
    return Entity(
        kind, start, end - start, words.text[start:end], _readings(kind, found.meaning), found.meaning.timex,
        found.meaning.trouble,
    )  # fmt: skip


def _readings(kind: Kind, meaning: Meaning) -> tuple[Reading, ...]:
    if kind == "duration":
        return (Reading(meaning.timex),)
    if kind == "set":
        return (Reading(f"R/{meaning.grain or meaning.timex}"),)
    readings = (Reading(_value(kind, cell), cell.sense) for cell in meaning.cells)
    return tuple(dict.fromkeys(readings))


def _value(kind: Kind, cell: Cell) -> str:
    if not kind.endswith("range"):
        return _stamp(kind, cell.start)
    inner = kind.removesuffix("range")
    start, end = _stamp(inner, cell.start), _stamp(inner, cell.until)
    return f"{'..' if cell.side == 'before' else start}/{'..' if cell.side == 'after' else end}"


def _stamp(kind: str, moment: datetime) -> str:
    if kind == "date":
        return moment.date().isoformat()
    if kind == "time":
        return f"T{moment:%H:%M}" if not moment.second else f"T{moment:%H:%M:%S}"
    return moment.replace(microsecond=0).isoformat()
