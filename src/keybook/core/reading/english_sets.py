"""Repetitions in English: every Monday at 4, weekly, twice a month, on Sundays."""

from __future__ import annotations

from fractions import Fraction

from keybook.core.reading.english_clock import AFTERNOON, clock_timex
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
    "every other? (?: weekday | weekdays ) (?: comma? at? {t:ANYTIME} )?",
    "{t:TIME} (?: every other? weekday | on? weekdays )",
    "on? weekdays (?: comma? at? {t:ANYTIME} )?",
)
def _weekdays(match: Match) -> Meaning:
    weekday = match.one("weekday") or match.one("weekdays")
    at = match.parts["t"].timex if "t" in match.parts else ""
    return Meaning(f"XXXX-WXX-{weekday}{at}", grain="P2W" if match.all("other") else "P1W")


@GRAMMAR.rule(
    "SET",
    "{t:TIME} every dayw",
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


@GRAMMAR.rule("SET", "every {h:HOLIDAY}")
def _holidays(match: Match) -> Meaning:
    return Meaning(match.parts["h"].timex, grain="P1Y")
