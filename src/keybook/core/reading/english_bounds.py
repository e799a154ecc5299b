"""Stretches open to one side in English: before 2018, since Monday, by Friday, after 3pm, no later than 15 May.

As the specifications have it, "before" and "by" end where the named time begins, "after" begins at a named day and
after a named period. Whether a day named so is itself inside is left to who reads it.
"""

from __future__ import annotations

from dataclasses import replace

from keybook.core.reading import english_moments  # noqa: F401 - bounds are set by any of them
from keybook.core.reading.english_grammar import Match, Meaning
from keybook.core.reading.english_lengths import GRAMMAR
from keybook.core.reading.english_periods import LATE

BEFORE = "(?: on or before | before to? | no later than | no after | earlier than | by | until )"
AFTER = (
    "(?: no before | no earlier than | on or after | after | later than | since | starting (?: on | from )? | from )"
)

GRAMMAR.include("DAYS", "DATE")
GRAMMAR.include("DAYS", "DATERANGE")


@GRAMMAR.rule(
    "DATERANGE_BOUND",
    f"{BEFORE} the? {{e:DAYS}}",
    f"{AFTER} {{e:DAYS}}",
    "{e:DAYS} or (?: later | after | before | earlier )",
)
@GRAMMAR.rule("TIMERANGE_BOUND", f"{BEFORE} {{e:TIME}}", f"{AFTER} {{e:TIME}}")
@GRAMMAR.rule("DATETIMERANGE_BOUND", f"{BEFORE} {{e:DATETIME}}", f"{AFTER} {{e:DATETIME}}")
def _bound(match: Match) -> Meaning:
    found, names = match.parts["e"], match.names()
    ends = any(name in names for name in ("before", "by", "until", "earlier"))
    if ends != ("no" in names):
        # By the end of the month means all of it, though the end is a stretch with a beginning of its own.
        late = found.grain == LATE
        cells = tuple(
            replace(cell, start=cell.until if late else cell.start, end=None, side="before") for cell in found.cells
        )
    else:
        past = "after" in names and "or" not in names
        cells = tuple(
            replace(cell, start=cell.until if past else cell.start, end=None, side="after") for cell in found.cells
        )
    return Meaning(found.timex, cells, found.trouble)
