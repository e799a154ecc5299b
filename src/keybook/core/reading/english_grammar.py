"""The engine of the English grammar: rules over the row of word classes, and what a rule has found.

A rule is written with the names of word classes in small letters (`the? ordinal of? months`), with the kinds and the
named pieces in capitals (`{a:DATE} to {b:DATE}`) and with the signs of regular expressions. A piece in braces is read
again by the rules of its kind, so that rules stack: a datetime is a date and a time, a range two of either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal, TypeVar

from keybook.core.occasions import LunarTable
from keybook.core.reading.english_lexicon import CLASS, SETS
from keybook.core.reading.english_words import Line, Word
from keybook.core.reading.entity import Sense


@dataclass(frozen=True, slots=True)
class Cell:
    """One reading before it is written down: a moment, or a stretch [start, end).

    `other` marks the second of two readings of the same figures (day first, the afternoon); `side` the one stretch that
    has no end on the other side: whatever is before the start, or after it.
    """

    start: datetime
    end: datetime | None = None
    sense: Sense = ""
    other: bool = False
    side: Literal["", "before", "after"] = ""

    @property
    def until(self) -> datetime:
        """Where it ends; a moment ends where it begins."""
        return self.end or self.start


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a stretch of words means: its TIMEX3 and its cells; `lengths` for a duration, `grain` for a period."""

    timex: str
    cells: tuple[Cell, ...] = ()
    trouble: str = ""
    lengths: Mapping[str, Fraction] = field(default_factory=dict)
    grain: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A meaning and the words it covers."""

    kind: str
    first: int
    last: int
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Clock:
    """When the text was written, and the calendar that knows the lunar holidays."""

    at: datetime
    table: LunarTable | None = None

    @property
    def day(self) -> datetime:
        """The day it was written on, at midnight."""
        return self.at.replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Match:
    """The words a rule has matched, and what its pieces mean."""

    words: tuple[Word, ...]
    clock: Clock
    parts: Mapping[str, Meaning]

    def all(self, name: str) -> list[Any]:
        """The values of all words of a class, outside the pieces in braces."""
        names = SETS.get(name, name).split()
        return [word.value for word in self.words if word.name in names]

    def one(self, name: str) -> Any:
        """The value of the first word of a class; none if there is none."""
        return next(iter(self.all(name)), None)

    def names(self) -> list[str]:
        """The classes of its own words."""
        return [word.name for word in self.words]


Build = Callable[[Match], Meaning | None]
B = TypeVar("B", bound=Build)


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and what to make of it."""

    source: str
    build: Build


class Grammar:
    """Rules by kind, and the pieces they are written with."""

    def __init__(self, *, pieces: Mapping[str, str]) -> None:
        self._pieces = dict(pieces)
        self._rules: dict[str, list[tuple[re.Pattern[str], Mapping[str, str], Build]]] = {}
        self._sources: dict[str, list[str]] = {}

    def rule(self, kind: str, *sources: str) -> Callable[[B], B]:
        """The function builds the meaning of what one of the patterns matches; kinds used must have their rules."""

        def add(build: B) -> B:
            for source in sources:
                pattern = re.compile(self._expanded(source, named=True))
                kinds = dict(re.findall(r"\{(\w+):(\w+)\}", source))
                self._rules.setdefault(kind, []).append((pattern, kinds, build))
                self._sources.setdefault(kind, []).append(self._expanded(source, named=False))
            return build

        return add

    def include(self, kind: str, other: str) -> None:
        """Whatever is one of the other kind is one of this kind too."""
        self._rules.setdefault(kind, []).extend(self._rules[other])
        self._sources.setdefault(kind, []).extend(self._sources[other])

    def found(self, *, line: Line, kind: str, clock: Clock) -> Iterator[Found]:
        """Whatever the rules of a kind find, overlapping."""
        for pattern, kinds, build in self._rules[kind]:
            at = 0
            while match := pattern.search(line.row, at):
                meaning = self._meaning(line, match, kinds, build, clock)
                at = match.start() + 1
                if meaning is not None:
                    at = match.end()
                    yield Found(kind, match.start(), match.end(), meaning)

    def read(self, *, line: Line, kind: str, first: int, last: int, clock: Clock) -> Meaning | None:
        """The meaning of exactly these words as one of a kind."""
        for pattern, kinds, build in self._rules[kind]:
            match = pattern.fullmatch(line.row, first, last)
            meaning = match and self._meaning(line, match, kinds, build, clock)
            if meaning is not None:
                return meaning
        return None

    def _meaning(
        self, line: Line, match: re.Match[str], kinds: Mapping[str, str], build: Build, clock: Clock
    ) -> Meaning | None:
        parts: dict[str, Meaning] = {}
        inside: set[int] = set()
        for name, kind in kinds.items():
            first, last = match.span(name)
            if first < 0:
                continue
            meaning = self.read(line=line, kind=kind, first=first, last=last, clock=clock)
            if meaning is None:
                return None
            parts[name] = meaning
            inside.update(range(first, last))
        words = tuple(line.words[at] for at in range(match.start(), match.end()) if at not in inside)
        return build(Match(words, clock, parts))

    def _expanded(self, source: str, *, named: bool) -> str:
        def piece(found: re.Match[str]) -> str:
            group, inner, name = found.groups()
            opening = f"(?P<{group}>" if group and named else "(?:"
            name = inner or name
            if name.islower():
                return "[" + "".join(CLASS[one] for one in SETS.get(name, name).split()) + "]"
            if name in self._pieces:
                return opening + self._expanded(self._pieces[name], named=False) + ")"
            return opening + "|".join(self._sources[name]) + ")"

        return re.sub(r"\{(\w+):(\w+)\}|([A-Za-z]\w*)", piece, source).replace(" ", "")


def _order(found: Found) -> tuple[int, int]:
    return found.first - found.last, found.first


def largest(found: list[Found]) -> list[Found]:
    """Of what overlaps, the longest, and the first of equals; in the order of the text."""
    taken: set[int] = set()
    kept = []
    for one in sorted(found, key=_order):
        covers = range(one.first, one.last)
        if taken.isdisjoint(covers):
            taken.update(covers)
            kept.append(one)
    return sorted(kept, key=lambda one: one.first)
