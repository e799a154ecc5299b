"""Days counted from another day in English: two weeks ago, in 3 months, three weeks from tomorrow, two Sundays from now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from keybook.core.reading import english_holidays  # noqa: F401 - days are counted from holidays too
from keybook.core.reading.english_calendar import A_DAY, A_WEEK, plus, weekly
from keybook.core.reading.english_dates import exact
from keybook.core.reading.english_grammar import Match, Meaning
from keybook.core.reading.english_lengths import GRAMMAR, LOOSE, is_dated

GRAMMAR.include("DATE", "DAY")


@GRAMMAR.rule(
    "DATE",
    "{n:DURATION} ago", "{n:DURATION} later", "{n:DURATION} from now", "in {n:DURATION} (?! ago | later | from )",
    "in {n:DURATION} from now", "{n:DURATION} (?: from | after | before ) {d:DAY}",
    "a weekw on {d:DAY}", "the? dayw (?: after | before ) {d:DAY}", "{d:DAY} weekw (?! number | of )",
)  # fmt: skip
def _away(match: Match) -> Meaning | None:
    """So long before or after a day; "Tuesday week" is a week after Tuesday."""
    if "n" in match.parts and match.parts["n"].grain == LOOSE and "d" in match.parts:
        return None
    lengths = match.parts["n"].lengths if "n" in match.parts else {"D" if match.all("dayw") else "W": Fraction(1)}
    if not is_dated(lengths):
        return None
    sign = -1 if match.all("ago") or match.all("before") else 1
    start = match.parts.get("d") or exact(match.clock.day)
    cells = tuple(replace(cell, start=plus(cell.start, lengths, sign)) for cell in start.cells)
    if len(cells) == 1:
        return exact(cells[0].start)
    return Meaning(start.timex, cells, start.trouble)


@GRAMMAR.rule("DATE", "number weekday (?: later | from now )", "number weekdays (?: later | from now | ago )")
def _weekdays_away(match: Match) -> Meaning:
    weekday = match.one("weekday") or match.one("weekdays")
    back = bool(match.all("ago"))
    cells = weekly(weekday, match.clock.day + (timedelta(0) if back else A_DAY))
    first = cells[-1 if back else 0].start
    return exact(first + A_WEEK * (1 - match.one("number") if back else match.one("number") - 1))
