"""The words of a greeting: a text with closed merge fields in the customer's language; an unknown field is refused."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from types import MappingProxyType

FIELDS = ("name", "banker", "bank", "date", "label")
LONGEST = 1000
KINDS = ("birthday", "anniversary", "opening", "wedding", "exam", "moving", "other")
"""The occasions one is greeted for; a memorial day is not among them."""
DEFAULTS: Mapping[tuple[str, str], str] = MappingProxyType({
    ("birthday", "en"): "Dear {name}, happy birthday! I wish you a healthy and joyful year. {banker}, {bank}",
    ("birthday", "zh"): "{name}，生日快乐！祝您身体健康、万事顺意。{bank}{banker}敬贺",
    ("anniversary", "en"): "Dear {name}, my best wishes on {date}, your special day. {banker}, {bank}",
    ("anniversary", "zh"): "{name}，{date}是您的好日子，送上我们的祝福！{bank}{banker}敬贺",
    ("opening", "en"): "Dear {name}, best wishes for the opening on {date}. May it prosper. {banker}, {bank}",
    ("opening", "zh"): "{name}，恭祝开业大吉、生意兴隆！{bank}{banker}敬贺",
    ("wedding", "en"): "Dear {name}, congratulations on the wedding on {date}, and every happiness. {banker}, {bank}",
    ("wedding", "zh"): "{name}，新婚大喜！祝百年好合、幸福美满。{bank}{banker}敬贺",
    ("exam", "en"): "Dear {name}, good luck for {label} on {date}. We keep our fingers crossed. {banker}, {bank}",
    ("exam", "zh"): "{name}，{label}在即，预祝旗开得胜、金榜题名！{bank}{banker}敬上",
    ("moving", "en"): "Dear {name}, all the best for the new home. {banker}, {bank}",
    ("moving", "zh"): "{name}，恭贺乔迁之喜！祝新居安康、阖家幸福。{bank}{banker}敬贺",
    ("other", "en"): "Dear {name}, my best wishes for {date}. {banker}, {bank}",
    ("other", "zh"): "{name}，{date}将至，送上我们的祝福！{bank}{banker}敬贺",
})  # fmt: skip


class GreetingError(ValueError):
    """A text that cannot be a greeting: `code` is empty, long, field or brace, `subject` what it is about."""

    def __init__(self, code: str, subject: str = "") -> None:
        super().__init__(f"This greeting cannot be kept ({code}): {subject}")
        self.code = code
        self.subject = subject


def check(*, text: str, fields: tuple[str, ...] = FIELDS, longest: int = LONGEST) -> None:
    """Refuse an empty text, one too long, and one with a field that is not in `fields`, or with a lone brace."""
    if not text.strip():
        raise GreetingError("empty")
    if len(text) > longest:
        raise GreetingError("long", str(len(text)))
    for field in _fields(text):
        if field not in fields:
            raise GreetingError("field", f"{{{field}}}")


def fill(*, text: str, facts: Mapping[str, str]) -> str:
    """The greeting with its fields filled in; a field without a fact is left out."""
    check(text=text)
    said = text.format_map({field: facts.get(field, "") for field in FIELDS})
    return " ".join(said.split())


def words_for(*, kind: str, language: str, own: Mapping[tuple[str, str], str]) -> str:
    """The bank's own text for this kind and language, else ours; of an unknown kind that of any other occasion."""
    found = (kind if kind in KINDS else "other", "zh" if language.lower().startswith("zh") else "en")
    return own.get(found) or DEFAULTS[found]


def _fields(text: str) -> list[str]:
    """The fields of a text as they stand; formats and conversions make a field of its own, which nobody knows."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise GreetingError("brace") from None
    return [
        f"{field}{'!' if conversion else ''}{conversion or ''}{':' if form else ''}{form or ''}"
        for _text, field, form, conversion in parts
        if field is not None
    ]
