"""The service memorandum: a line as a banker types or dictates it becomes a draft with questions, never a wrong fact.

This is the shape of a draft; `core/memo_draft.py` makes one from a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

PartKind = Literal[
    "name", "phone", "channel", "money", "institution", "product", "maturity", "promise", "reminder", "occasion",
    "outcome", "sentiment", "effect", "topic",
]  # fmt: skip
Why = Literal["", "weekend", "holiday"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One reading of a part: `value` as it would be stored (ISO dates, decimal text, codes), `unit` of money.

    The unit of an occasion is its calendar, `solar` or `lunar`. `moved` is the workday a promise or reminder goes to
    when its own day is none, and `why` says what is there: both are empty when it stays.
    """

    value: str
    unit: str = ""
    moved: str = ""
    why: Why = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What was understood and where it stands in the line; several choices ask, none says that it cannot be read.

    Values by kind: name as written; phone digits, + where known; channel call visit branch wechat sms email letter;
    money decimal text; institution a bank's code or, unknown, its name; product deposit term_deposit fund wealth insurance metal loan
    card; maturity, promise and reminder an ISO day or moment; occasion MM-DD, LMM-DD in a leap month, YYYY- before it
    where the year is known; outcome reached not_reached left_message met; sentiment pleased neutral displeased; effect
    strengthened unchanged weakened ended; topic complaint rate fee transfer exchange renewal redemption account online property
    study retirement inheritance tax salary event.

    `role` says what it is: of a name or phone `customer` or `other` (her sister); of money `held_away`, `held_here`, `asked`, `flow`
    or none; of an institution `away` or `here`; of an occasion birthday opening exam wedding moving memorial anniversary; of a promise
    its act: call visit wechat sms email letter send meet remind. `of` is the place among the parts of what it belongs to: the phone's name, the
    institution's, product's and maturity's money.
    """

    kind: PartKind
    start: int
    length: int
    text: str
    choices: tuple[Choice, ...] = ()
    trouble: str = ""
    role: str = ""
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be asked before saving: a code the faces put into words, and the part it is about (its place).

    Codes: `who` (nobody is named), `which_name`, `which_phone`, `phone_digits`, `which_day` (one text, two readings),
    `which_date` (several dates for one use), `no_such_day`, `amount_or_year`, `which_amount`, `which_currency`,
    `which_institution`, `which_calendar`, `whose`, `when` (a promise without a day), `too_long`, `unread` (nothing was understood).
    """

    code: str
    part: int | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldAway:
    """Evidence of an asset at another bank: the places of its parts, who says so, when, and how far to believe it."""

    institution: int
    money: int | None = None
    product: int | None = None
    maturity: int | None = None
    source: Literal["said"] = "said"
    on: date | None = None
    confidence: Literal["sure", "likely", "unsure"] = "likely"


@dataclass(frozen=True, slots=True)
class Draft:
    """A line understood: the original for ever, its parts in the order of the text, and what must be asked."""

    original: str
    language: Literal["en", "zh"]
    parts: tuple[Part, ...] = ()
    questions: tuple[Question, ...] = ()
    held_away: tuple[HeldAway, ...] = ()

    def all(self, kind: PartKind) -> tuple[Part, ...]:
        """The parts of one kind, in the order of the text."""
        return tuple(part for part in self.parts if part.kind == kind)

    def topics(self) -> tuple[str, ...]:
        """What was spoken of, by code in the order of the text: topics, products, and the occasions by their kind."""
        found = [
            one.role if one.kind == "occasion" else one.choices[0].value
            for one in self.parts
            if one.kind == "occasion" or (one.kind in {"topic", "product"} and one.choices)
        ]
        return tuple(dict.fromkeys(found))

    def sure(self, kind: PartKind) -> str | None:
        """The value of this kind when there is exactly one part with exactly one choice; None when it must be asked."""
        found = self.all(kind)
        return found[0].choices[0].value if len(found) == 1 and len(found[0].choices) == 1 else None
