"""The service memorandum: a line as a banker types or dictates it becomes a draft with questions, never a wrong fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PartKind = Literal[
    "name", "phone", "channel", "money", "institution", "product", "maturity", "promise", "reminder", "occasion",
    "outcome", "sentiment", "effect", "topic",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """One reading of a part: `value` as it would be stored (ISO dates, decimal text, codes), `unit` of money."""

    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What was understood and where it stands in the line; several choices ask, none says that it cannot be read."""

    kind: PartKind
    start: int
    length: int
    text: str
    choices: tuple[Choice, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be asked before saving: a code the faces put into words, and the part it is about (its place)."""

    code: str
    part: int | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A line understood: the original for ever, its parts in the order of the text, and what must be asked."""

    original: str
    language: Literal["en", "zh"]
    parts: tuple[Part, ...] = ()
    questions: tuple[Question, ...] = ()

    def all(self, kind: PartKind) -> tuple[Part, ...]:
        """The parts of one kind, in the order of the text."""
        return tuple(part for part in self.parts if part.kind == kind)

    def sure(self, kind: PartKind) -> str | None:
        """The value of this kind when there is exactly one part with exactly one choice; None when it must be asked."""
        found = self.all(kind)
        return found[0].choices[0].value if len(found) == 1 and len(found[0].choices) == 1 else None
