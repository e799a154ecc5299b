"""Durations in English: three days, an hour and a half, 2 years 1 month, the whole week."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from keybook.core.reading.english_grammar import Grammar, Match, Meaning
from keybook.core.reading.english_lexicon import SETS

PIECES = {
    "WEEKDAY": "(?: (?<! this ) weekday period? comma? )",
    "MONTH": "months period?",
    "YEARS": "(?: comma? of? year | comma? yy )",
    "DAYNUM": "(?: the? ordinals | the? day )",
    "COUNT": "(?: a? couple of? | a few | amount (?: and a? half )? | a )",
    "WHOLE": "(?: weekw | weekendw | monthw | yearw | quarterw )",
    "LENGTH": "COUNT dash? business? unit (?! (?<= a second ) word )",
    "HALF": "half (?: of? a )? dash? business? unit",
    "LENGTHS": "(?: HALF | LENGTH (?: and a? half (?! dash? unit ) )? (?: (?: comma | and )? LENGTH ){0,5} )",
    "FORTHEDAY": "(?= $ | sign | rparen | dash | clause | to | until | and | or | at | for | by | before | after )",
}
ORDER = ("Y", "M", "W", "D", "BD", "TH", "TM", "TS")
DATE_UNITS = frozenset(ORDER[:5])
FACTORS = MappingProxyType({"10Y": ("Y", 10), "100Y": ("Y", 100), "2W": ("W", 2), "3M": ("M", 3)})
# More than so long, less than so long.
LOOSE = "LOOSE"
AMOUNTS = frozenset(SETS["amount"].split()) | {"couple"}
UNIT_NAMES = frozenset(SETS["unit"].split())

GRAMMAR = Grammar(pieces=PIECES)


@GRAMMAR.rule("FORTNIGHT", "fortnightw")
@GRAMMAR.rule(
    "DURATION",
    "(?: more than | less than )? LENGTHS",
    "(?: more than | less than )? LENGTH",
    "full dash? (?: dayw | weekw | monthw | yearw )",
    "another business? unit",
)
def _length(match: Match) -> Meaning | None:
    lengths: dict[str, Fraction] = {}
    count: Fraction | None = None
    unit = ""
    for word in match.words:
        if word.name in AMOUNTS:
            count = Fraction(word.value)
        elif word.name == "half" and unit and count is None:
            lengths[unit] += Fraction(1, 2)
        elif word.name == "half":
            count = (count or Fraction(0)) + Fraction(1, 2)
        elif word.name in UNIT_NAMES:
            unit, factor = FACTORS.get(word.value, (word.value, 1))
            unit = "BD" if match.all("business") and unit == "D" else unit
            if unit in lengths:
                return None
            lengths[unit] = factor * (Fraction(1) if count is None else count)
            count = None
    return Meaning(length_timex(lengths), lengths=lengths, grain=LOOSE if match.all("than") else "")


def length_timex(lengths: Mapping[str, Fraction]) -> str:
    """The length as TIMEX3, which is ISO 8601 where no workdays are counted: P1Y2M, PT1H30M, P3.5Y."""
    dates = "".join(_part(lengths[unit], unit) for unit in ORDER[:5] if unit in lengths)
    times = "".join(_part(lengths[unit], unit[1:]) for unit in ORDER[5:] if unit in lengths)
    return f"P{dates}" + (f"T{times}" if times else "")


def is_dated(lengths: Mapping[str, Fraction]) -> bool:
    """Whether a length is made of days and longer only."""
    return DATE_UNITS.issuperset(lengths)


def _part(count: Fraction, unit: str) -> str:
    return f"{int(count) if count.denominator == 1 else float(count)}{unit}"
