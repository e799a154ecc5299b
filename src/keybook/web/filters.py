"""What templates call: the formats of `keybook.formats` in the reader's language, and attributes of macros."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from markupsafe import Markup, escape

from keybook import formats
from keybook.core import address
from keybook.web.speaking import language


def as_date(value: date | str) -> date:
    """A date, read from ISO 8601 where facts hold text."""
    return value if isinstance(value, date) else date.fromisoformat(value[:10])


def money(amount: Decimal | str | None, currency: str = "CNY") -> str:
    """Exact: ¥1,800,000; nothing when there is no amount."""
    return "" if amount is None else formats.money(amount, currency)


def money_short(amount: Decimal | str | None, currency: str = "CNY") -> str:
    """In sentences: ¥1.8m, 180 万; nothing when there is no amount."""
    return "" if amount is None else formats.money_short(amount, currency, language())


def day(value: date | str | None, today: date | None = None) -> str:
    """Mon 23 Nov, 11月23日 星期一; nothing when there is no date."""
    return "" if value is None else formats.day(as_date(value), language(), today)


def day_short(value: date | str | None, today: date | None = None) -> str:
    """23 Nov, 11/23; nothing when there is no date."""
    return "" if value is None else formats.day_short(as_date(value), language(), today)


def day_long(value: date | str) -> str:
    """Monday 23 November, 11月23日 星期一."""
    return formats.day_long(as_date(value), language())


def month(value: date | str, *, year: bool = False) -> str:
    """Nov, 11月; with the year when asked."""
    return formats.month(as_date(value), language(), year=year)


def when(value: date | str | None, today: date) -> str:
    """Today, Tomorrow, Thu 26 Nov, 7 Dec; nothing when there is no date."""
    return "" if value is None else formats.when(as_date(value), today, language())


def ago(value: date | str | None, today: date) -> str:
    """6 d ago, 6 天前; nothing when there is no date."""
    return "" if value is None else formats.ago(as_date(value), today, language())


def percent(value: Decimal | float | str, places: int = 0) -> str:
    """92 %, 92%."""
    return formats.percent(value, language(), places)


def late(workdays: int) -> str:
    """1 workday late, 迟 1 个工作日."""
    return formats.workdays_late(workdays, language())


def hour_span(hour: int) -> str:
    """10–11, 10–11 点."""
    return formats.hour_span(hour, language())


def lead_name(name: str, name_zh: str = "") -> tuple[str, str]:
    """The name to lead with in the reader's language, and the other one or ''."""
    return formats.customer_name(name, name_zh, language())


def own_part(text: str) -> str:
    """Give the reader's part of a word the bank writes in two languages: Lakeside or 湖滨 of "Lakeside 湖滨"."""
    return address.own_part(name=text, chinese=formats.is_chinese(language()))


def own_rule(version: str) -> str:
    """Give a rule's version as its reader says it: gifts/1, as installed; gifts/1，出厂设置."""
    number, installed, _rest = version.partition(", as installed")
    return f"{number}{gettext(', ')}{gettext('as installed')}" if installed else version


def in_a_sentence(text: str) -> str:
    """Give a label as it stands inside a sentence: call, e-mail, but WeChat."""
    word = str(text)
    return word if word[1:] != word[1:].lower() else word[:1].lower() + word[1:]


def attrs(values: Mapping[str, Any]) -> Markup:
    """The attributes a macro was given: hx_get='/x' becomes hx-get="/x"; None and False are left out, True stands alone."""
    parts: list[str] = []
    for key, value in values.items():
        if value is None or value is False:
            continue
        name = key.rstrip("_").replace("_", "-")
        parts.append(f" {name}" if value is True else f' {name}="{escape(value)}"')
    return Markup("".join(parts))  # noqa: S704 - every value has been escaped above


FILTERS = {
    "money": money, "money_short": money_short, "day": day, "day_short": day_short, "day_long": day_long,
    "month": month, "when": when, "ago": ago, "percent": percent, "late": late, "hour_span": hour_span,
    "signed": formats.signed, "mask_phone": formats.mask_phone, "mask_name": formats.mask_name, "attrs": attrs,
    "in_a_sentence": in_a_sentence,
    "own_rule": own_rule,
}  # fmt: skip
GLOBALS = {
    "lead_name": lead_name,
    "own_part": own_part,
    "initials": formats.initials,
    "is_chinese": lambda: formats.is_chinese(language()),
}
