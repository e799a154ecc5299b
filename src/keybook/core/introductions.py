"""How a new banker is introduced: by a joint call or a letter, on which workday, in which words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

from keybook.core import greetings
from keybook.core.workdays import WorkCalendar

Kind = Literal["call", "letter"]
KINDS: tuple[Kind, ...] = ("call", "letter")
FIELDS = ("old", "banker", "bank")
LONGEST = 160
MOST_WORKDAYS = 60
DEFAULTS: Mapping[tuple[Kind, str], str] = MappingProxyType({
    ("call", "en"): "Introduce {banker} in a joint call with {old}",
    ("call", "zh"): "与{old}一起致电，介绍新的客户经理{banker}",
    ("letter", "en"): "Letter of introduction from {old} and {banker}",
    ("letter", "zh"): "以{old}与{banker}的名义寄出介绍信",
})  # fmt: skip


class IntroductionError(ValueError):
    """An introduction that cannot be: `code` is empty, long, field, brace or days; `subject` what it is about."""

    def __init__(self, code: str, subject: str = "") -> None:
        super().__init__(f"This introduction cannot be ({code}): {subject}")
        self.code = code
        self.subject = subject


def check(*, text: str) -> None:
    """Refuse an empty text, one too long, and one with a field that is not in FIELDS."""
    try:
        greetings.check(text=text, fields=FIELDS, longest=LONGEST)
    except greetings.GreetingError as error:
        raise IntroductionError(error.code, error.subject) from error


def fill(*, text: str, facts: Mapping[str, str]) -> str:
    """The text with its fields filled in; a field without a fact is left out."""
    check(text=text)
    return " ".join(text.format_map({name: facts.get(name, "") for name in FIELDS}).split())


def days(*, count: int, within: int, today: date, calendar: WorkCalendar) -> Iterator[date]:
    """A workday for each of `count` introductions, evenly over the next `within` workdays, the first tomorrow or later."""
    if not 1 <= within <= MOST_WORKDAYS:
        raise IntroductionError("days", str(within))
    for place in range(count):
        yield calendar.add_workdays(today, 1 + place * within // count)
