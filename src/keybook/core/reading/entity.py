"""What a reader finds in a text: where it stands, what it is, and every way to read it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal[
    "date", "daterange", "time", "timerange", "datetime", "datetimerange", "duration", "set",
    "number", "ordinal", "percent", "money", "phone",
]  # fmt: skip
Sense = Literal["", "future", "past"]
CalendarOf = Literal["", "lunar", "written"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read an entity.

    `value` is ISO 8601 for dates and times: `2018-01-10`, `T15:30`, `2018-01-10T15:30:00`, an interval as
    `start/end` (end is the first moment outside; an open side is `..`, as in `../2018-10-01`), a duration as `P3D`, a repetition as `R/P1W`; the plain decimal text
    for numbers, percents and money; digits with a leading + where it is known for phones. `sense` tells the coming
    reading from the past one where the text leaves the year, month or week open. `calendar` is "lunar" for a day of the
    Chinese calendar turned into a solar one, and "written" for the month and day of such a text as they stand: a
    convention of the specifications, shown for comparison and never a fact to keep. `unit` is the ISO 4217 code of
    money where the text says it, else the word it has for it.
    """

    value: str
    sense: Sense = ""
    unit: str = ""
    amount: Decimal | None = None
    calendar: CalendarOf = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of the text that means something: `text` is `whole[start : start + length]`.

    More than one reading: the reader could not decide and says so. No reading: it looks like one of its kind and cannot
    be (30 February, a phone with a digit too few); `trouble` says what is wrong with it, as a code. `timex` is the
    TIMEX3 value of dates and times, where the parts the text leaves open are X.
    """

    kind: Kind
    start: int
    length: int
    text: str
    readings: tuple[Reading, ...] = ()
    timex: str = ""
    trouble: str = ""

    @property
    def end(self) -> int:
        """The place after its last character."""
        return self.start + self.length
