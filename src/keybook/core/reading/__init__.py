"""Reading what people write: dates and times, numbers, money and phones in Chinese and English, each with its readings.

Pure: text and the moment it was written go in, entities come out. Nothing is guessed: where a text can be read in two
ways both readings stand there, and what looks like a date that no calendar has is an entity without a reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from keybook.core.occasions import LunarTable
from keybook.core.reading import chinese, english
from keybook.core.reading.entity import Entity, Reading
from keybook.core.reading.money import bare_amounts, money
from keybook.core.reading.numbers import Language, numbers, ordinals, percents
from keybook.core.reading.phones import Known, phones

__all__ = ["Entity", "Language", "Reading", "language_of", "read"]

HANZI, LATIN = re.compile(r"[㐀-鿿]"), re.compile(r"[A-Za-z]{2}")
FEW = 4
"""A Chinese character says about as much as four letters."""


def language_of(text: str) -> Language:
    """The language most of the text is written in; Chinese where a line of letters has only words like CD and ICBC."""
    return "zh" if FEW * len(HANZI.findall(text)) > 2 * len(LATIN.findall(text)) else "en"


def read(
    *, text: str, language: Language, at: datetime, table: LunarTable | None = None, known: Known | None = None
) -> tuple[Entity, ...]:
    """Every entity, in the order of the text; inside a family none overlaps, a number inside a date is both.

    `at` is when it was written. `table` turns days of the Chinese calendar into solar ones; `known` knows phones. The
    words of the other language are read as well: bankers mix them.
    """
    written = phones(text=text, language=language, known=known)
    spans = apart_from(_times(text, language, at, table), written)
    amounts = apart_from(money(text=text, language=language), written)
    bare = bare_amounts(text=text, taken=(*amounts, *written, *spans))
    counted = [
        *apart_from(numbers(text=text, language=language), written),
        *ordinals(text=text, language=language),
        *percents(text=text, language=language),
    ]
    found = [*spans, *amounts, *bare, *written, *counted]
    return tuple(sorted(found, key=lambda one: (one.start, -one.length, one.kind)))


def _times(text: str, language: Language, at: datetime, table: LunarTable | None) -> list[Entity]:
    """Dates and times in the text's language first, then in the other where they do not overlap."""
    both = [(HANZI, chinese.times), (LATIN, english.times)]
    found: list[Entity] = []
    for script, times in both if language == "zh" else reversed(both):
        if not script.search(text):
            continue
        found += apart_from(times(text=text, at=at, table=table), found)
    return found


def apart_from(found: Iterable[Entity], taken: Iterable[Entity]) -> list[Entity]:
    """Those that overlap none of the others."""
    places = [(one.start, one.end) for one in taken]
    return [one for one in found if all(one.end <= start or end <= one.start for start, end in places)]
