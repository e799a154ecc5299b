"""Reading what people write: dates and times, numbers, money and phones in Chinese and English, each with its readings.

Pure: text and the moment it was written go in, entities come out. Nothing is guessed: where a text can be read in two
ways both readings stand there, and what looks like a date that no calendar has is an entity without a reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from keybook.core.occasions import LunarTable
from keybook.core.reading.entity import Entity, Reading
from keybook.core.reading.money import bare_amounts, money
from keybook.core.reading.numbers import Language, numbers, ordinals, percents
from keybook.core.reading.phones import Known, phones
from keybook.core.reading.spans import apart_from

__all__ = ["Entity", "Language", "Reading", "language_of", "read", "read_every"]

HANZI, LATIN = re.compile(r"[㐀-鿿]"), re.compile(r"[A-Za-z]{2}")
_CODES = {"chinese": "zh", "english": "en"}
FEW = 4
"""A Chinese character says about as much as four letters."""


def language_of(text: str) -> Language:
    """The language most of the text is written in; Chinese where a line of letters has only words like CD and ICBC."""
    return "zh" if FEW * len(HANZI.findall(text)) > 2 * len(LATIN.findall(text)) else "en"


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with what its readers need to know."""

    text: str
    language: Language
    at: datetime
    table: LunarTable | None
    known: Known | None


def read(
    *, text: str, language: Language, at: datetime, table: LunarTable | None = None, known: Known | None = None
) -> tuple[Entity, ...]:
    """Every entity, in the order of the text; inside a family none overlaps, a number inside a date is both.

    `at` is when it was written, on the clock of that place. `table` turns days of the Chinese calendar into solar ones;
    `known` knows phones. The words of the other language are read as well: bankers mix them.
    """
    return _read(_Text(text, language, at, table, known), "times")


def read_every(
    *, text: str, language: Language, at: datetime, table: LunarTable | None = None, known: Known | None = None
) -> tuple[Entity, ...]:
    """The same, with the dates and times that stand inside a larger one: the day and the hour of a moment."""
    return _read(_Text(text, language, at, table, known), "every_time")


def _read(one: _Text, which: str) -> tuple[Entity, ...]:
    days = _times(one, which)
    written = _no_days(phones(text=one.text, language=one.language, known=one.known), days)
    spans = apart_from(days, written)
    amounts = apart_from(money(text=one.text, language=one.language), written)
    bare = bare_amounts(text=one.text, taken=(*amounts, *written, *spans))
    counted = [
        *apart_from(numbers(text=one.text, language=one.language), written),
        *ordinals(text=one.text, language=one.language),
        *percents(text=one.text, language=one.language),
    ]
    found = [*spans, *amounts, *bare, *written, *counted]
    return tuple(sorted(found, key=lambda one: (one.start, -one.length, one.kind)))


def _no_days(written: Iterable[Entity], days: list[Entity]) -> list[Entity]:
    """The phones that are not a date in figures: 2010 01 29, 10/1/2018-10/7/2018."""
    return [phone for phone in written if not any(day.start <= phone.start and phone.end <= day.end for day in days)]


def _times(one: _Text, which: str) -> list[Entity]:
    """Dates and times in the text's language first, figures alone too; then in the other where they do not overlap."""
    both = (("chinese", HANZI), ("english", LATIN))
    found: list[Entity] = []
    for name, script in both if one.language == "zh" else reversed(both):
        if _CODES[name] == one.language or script.search(one.text):
            # A grammar is loaded when the first text needs it: neither is quick to build.
            reader = getattr(import_module(f"keybook.core.reading.{name}"), which)
            found += apart_from(reader(text=one.text, at=one.at, table=one.table), found)
    return found
