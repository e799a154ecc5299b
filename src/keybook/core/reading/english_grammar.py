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


REACH = 6
PIECE = re.compile(r"\{(\w+):(\w+)\}")


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern cut at its pieces: what stands before, between and after them, and what to make of it all."""

    ties: tuple[re.Pattern[str], ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    build: Build


class Grammar:
    """Rules by kind, the kinds that are kinds of another, and the shorthands the rules are written with."""

    def __init__(self, *, pieces: Mapping[str, str]) -> None:
        self._pieces = dict(pieces)
        self.rules: dict[str, list[Rule]] = {}
        self.includes: dict[str, list[str]] = {}

    def rule(self, kind: str, *sources: str) -> Callable[[B], B]:
        """The function builds the meaning of what one of the patterns matches."""

        def add(build: B) -> B:
            for source in sources:
                first, *rest = PIECE.split(source)
                ties = tuple(re.compile(self._expanded(tie)) for tie in (first, *rest[2::3]))
                self.rules.setdefault(kind, []).append(Rule(ties, tuple(rest[::3]), tuple(rest[1::3]), build))
            return build

        return add

    def include(self, kind: str, other: str) -> None:
        """Whatever is one of the other kind is one of this kind too."""
        self.includes.setdefault(kind, []).append(other)

    def _expanded(self, source: str) -> str:
        def piece(found: re.Match[str]) -> str:
            name = found[0]
            if name.islower():
                return "[" + "".join(CLASS[one] for one in SETS.get(name, name).split()) + "]"
            return self._expanded(self._pieces[name])

        return re.sub(r"[A-Za-z]\w*", piece, source).replace(" ", "")


class Chart:
    """What the rules find in one line, kind by kind, each looked for once; entities overlap."""

    def __init__(self, *, grammar: Grammar, line: Line, clock: Clock) -> None:
        self._grammar, self._line, self._clock = grammar, line, clock
        self._found: dict[str, list[Found]] = {}
        self._starts: dict[str, dict[int, list[Found]]] = {}

    def found(self, kind: str) -> list[Found]:
        """Whatever is one of a kind, each stretch once."""
        if kind not in self._found:
            places: dict[tuple[int, int], Found] = {}
            for other in self._grammar.includes.get(kind, ()):
                places |= {
                    (one.first, one.last): one for one in self.found(other) if (one.first, one.last) not in places
                }
            for rule in self._grammar.rules.get(kind, ()):
                for one in self._by_rule(kind, rule):
                    places.setdefault((one.first, one.last), one)
            self._found[kind] = list(places.values())
        return self._found[kind]

    def _by_rule(self, kind: str, rule: Rule) -> Iterator[Found]:
        for first, last, parts in self._spans(rule):
            inside = {place for part in parts for place in range(part.first, part.last)}
            words = tuple(self._line.words[place] for place in range(first, last) if place not in inside)
            named = {name: part.meaning for name, part in zip(rule.names, parts, strict=True)}
            meaning = rule.build(Match(words, self._clock, named))
            if meaning is not None:
                yield Found(kind, first, last, meaning)

    def _spans(self, rule: Rule) -> Iterator[tuple[int, int, tuple[Found, ...]]]:
        row = self._line.row
        if not rule.kinds:
            place = 0
            while match := rule.ties[0].search(row, place):
                yield match.start(), match.end(), ()
                place = match.start() + 1
            return
        for part in self.found(rule.kinds[0]):
            first = _reach(rule.ties[0], row, part.first)
            if first is None:
                continue
            for parts in self._chains(rule, (part,)):
                match = rule.ties[-1].match(row, parts[-1].last)
                if match:
                    yield first, match.end(), parts

    def _chains(self, rule: Rule, parts: tuple[Found, ...]) -> Iterator[tuple[Found, ...]]:
        """The pieces of a rule one after the other, tied by the words between them."""
        at = len(parts)
        if at == len(rule.kinds):
            yield parts
            return
        end, starts = parts[-1].last, self._by_start(rule.kinds[at])
        for start in range(end, end + REACH):
            if start in starts and rule.ties[at].fullmatch(self._line.row, end, start):
                for part in starts[start]:
                    yield from self._chains(rule, (*parts, part))

    def _by_start(self, kind: str) -> Mapping[int, list[Found]]:
        if kind not in self._starts:
            starts: dict[int, list[Found]] = {}
            for one in self.found(kind):
                starts.setdefault(one.first, []).append(one)
            self._starts[kind] = starts
        return self._starts[kind]


def _reach(tie: re.Pattern[str], row: str, end: int) -> int | None:
    """The first place from which a tie reaches up to a piece."""
    return next((at for at in range(max(end - REACH, 0), end + 1) if tie.fullmatch(row, at, end)), None)


def _order(found: Found) -> tuple[int, int]:
    return found.first - found.last, found.first


def largest(found: list[Found]) -> list[Found]:
    """Of what overlaps, the longest; of one kind at one place the first. In the order of the text."""
    taken: set[int] = set()
    kept: dict[tuple[int, int, str], Found] = {}
    places: set[tuple[int, int]] = set()
    for one in sorted(found, key=_order):
        place, covers = (one.first, one.last), range(one.first, one.last)
        if place in places or taken.isdisjoint(covers):
            places.add(place)
            taken.update(covers)
            kept.setdefault((*place, one.kind), one)
    return sorted(kept.values(), key=lambda one: one.first)
