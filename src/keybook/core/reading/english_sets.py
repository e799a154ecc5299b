"""Repetitions in English: every Monday at 4, weekly, twice a month, on Sundays."""

from __future__ import annotations

from fractions import Fraction

from keybook.core.reading.english_clock import AFTERNOON, clock_timex
from keybook.core.reading.english_dates import rank
from keybook.core.reading.english_grammar import Match, Meaning
from keybook.core.reading.english_lengths import FACTORS, GRAMMAR, length_timex


@GRAMMAR.rule("SET", "often", "every {n:DURATION}", "(?: every | once a ) other? unit")
def _often(match: Match) -> Meaning:
    if match.all("often"):
        return Meaning(match.one("often"))
    if "n" in match.parts:
        return Meaning(match.parts["n"].timex)
    unit, factor = FACTORS.get(match.one("unit"), (match.one("unit"), 1))
    return Meaning(length_timex({unit: Fraction(factor * (2 if match.all("other") else 1))}))


@GRAMMAR.rule(
    "SET",
    "every (?: other | ordinals )? (?: weekday | weekdays )",
    "every (?: other | ordinals )? (?: weekday | weekdays ) comma? at? {t:ANYTIME}",
    "{t:TIME} (?: every other? weekday | on? weekdays )",
    "on? weekdays",
    "on? weekdays comma? at? {t:ANYTIME}",
)
def _weekdays(match: Match) -> Meaning:
    weekday = match.one("weekday") or match.one("weekdays")
    at = match.parts["t"].timex if "t" in match.parts else ""
    nth = rank(match) if match.all("ordinals") else 2 if match.all("other") else 1
    return Meaning(f"XXXX-WXX-{weekday}{at}", grain=f"P{nth}W")


@GRAMMAR.rule(
    "SET",
    "{t:TIME} (?: every dayw | often )",
    "often at? {t:ANYTIME}",
    "every dayw at? {t:ANYTIME}",
    "(?: every | on )? dayparts at? {t:ANYTIME}",
    "every (?: daypart | dayparts ) at? {t:ANYTIME}",
    "every daypart",
    "on? dayparts",
)
def _at_time(match: Match) -> Meaning:
    part = match.one("daypart") or match.one("dayparts") or ""
    if "t" not in match.parts:
        return Meaning(f"T{part}", grain="P1D")
    at = match.parts["t"]
    cell = at.cells[-1 if part in AFTERNOON else 0]
    return Meaning(clock_timex(cell.start, at.timex.count(":") + 1), grain="P1D")


@GRAMMAR.rule("SET", "every {d:HOLIDAY}", "every yearw (?: on | in )? {d:DAY}")
def _yearly(match: Match) -> Meaning:
    return Meaning(match.parts["d"].timex, grain="P1Y")


@GRAMMAR.rule("SET", "every ordinal (?: of (?: the | every ) monthw )?", "(?: on )? the ordinals of every monthw")
def _monthly(match: Match) -> Meaning:
    return Meaning(f"XXXX-XX-{rank(match):02}", grain="P1M")
