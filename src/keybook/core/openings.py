"""The opening sentence: the most pressing reason as one fact and one question, with at most one more fact beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from string import Formatter
from types import MappingProxyType

from keybook.core.address import address, own_part
from keybook.core.money import Unit, short
from keybook.core.ranking import Reason
from keybook.core.sentences import SENTENCES, WORDS

AMOUNTS = frozenset({"amount", "short"})
DATES = frozenset({"due_on", "booked_on", "matures_on", "last_on", "valid_until", "paid_on", "on", "bought_on",
                   "last_contact_on"})  # fmt: skip
LONGEST_TEXT = 60
HAN_LATIN = re.compile(r"(?<=[\u4e00-\u9fff])(?<![年月])(?=[A-Za-z0-9])")
LATIN_HAN = re.compile(r"(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])(?![年月日])")
SYMBOLS = {"CNY": "¥", "USD": "US$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥"}
CURRENCIES_ZH = {"CNY": "", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "HKD": "港元", "JPY": "日元", "CZK": "克朗"}
UNITS_EN: Mapping[Unit, str] = MappingProxyType({"one": "", "million": "m", "billion": "bn"})
UNITS_ZH: Mapping[Unit, str] = MappingProxyType({"one": "", "wan": "万", "yi": "亿"})
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opening:
    """Which sentences to say, and the facts they need, as text in the customer's language.

    `template_code` is a key of `core.sentences`, or two joined by +: the second is said as a fact alone.
    """

    template_code: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tongue:
    """What the facts are written for: the customer's language, the currency, and the day it is."""

    language: str
    currency: str
    today: date


def say(*, reasons: Sequence[Reason], name: str, language: str, sex: str, today: date, currency: str = "CNY") -> str:
    """The whole opening: address, the first reason's fact, at most one more fact, and one question.

    `reasons` come most pressing first, as `core.ranking` orders them; without any it is a plain greeting. `name` is
    the one the customer uses in that language (中文 for Chinese), `sex` is m, f or empty.
    """
    tongue = Tongue("zh" if language.lower().startswith("zh") else "en", currency, today)
    words = WORDS[tongue.language]
    called = address(name=name, sex=sex, chinese=tongue.language == "zh")
    hello = words.hello.format(name=called.rstrip(".")) if called else words.hello_nobody
    return f"{hello}{words.between}{_render(choose(reasons=reasons, tongue=tongue), tongue.language)}"


def choose(*, reasons: Sequence[Reason], tongue: Tongue) -> Opening:
    """The sentences for these reasons: the first that can be said whole, then the next that may stand beside it."""
    sayable = _sayable(reasons, tongue)
    code, facts = next(sayable, ("plain", {}))
    if not SENTENCES[tongue.language][code].also:
        return Opening(code, facts)
    for other, more in sayable:
        if SENTENCES[tongue.language][other].also and other != code:
            return Opening(f"{code}+{other}", {**facts, **{f"also_{key}": text for key, text in more.items()}})
    return Opening(code, facts)


@lru_cache(maxsize=4096)
def money_text(*, amount: Decimal, currency: str, chinese: bool) -> str:
    """An amount as it is spoken of: ¥1.8m, ¥142,000; 180 万, 14.2 万, 850 元."""
    figure, unit = short(amount=abs(amount), chinese=chinese)
    text = f"{figure:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    sign = "−" if amount < 0 and figure else ""
    if chinese:
        return f"{sign}{text} {UNITS_ZH[unit]}{_currency_zh(currency, unit)}"
    return f"{sign}{SYMBOLS.get(currency, f'{currency} ')}{text}{UNITS_EN[unit]}"


@lru_cache(maxsize=4096)
def date_text(*, day: date, today: date, chinese: bool) -> str:
    """A day as it is spoken of, with the year when it is another: Friday 20 November, 11月20日."""
    other_year = day.year != today.year
    if chinese:
        return f"{day.year}年{day.month}月{day.day}日" if other_year else f"{day.month}月{day.day}日"
    text = f"{day.day} {MONTHS[day.month - 1]}"
    return f"{text} {day.year}" if other_year else f"{DAYS[day.weekday()]} {text}"


def _sayable(reasons: Sequence[Reason], tongue: Tongue) -> Iterator[tuple[str, dict[str, str]]]:
    """The reasons whose sentence has all its facts, most pressing first."""
    for reason in reasons:
        code = template_code(reason=reason, today=tongue.today)
        if code == "campaign" and reason.facts.get(f"opening_{tongue.language}"):
            code = "campaign_own"
        sentence = SENTENCES[tongue.language][code]
        facts = _facts(reason, _fields(sentence.fact + sentence.also), tongue)
        if facts is not None:
            yield code, facts


def template_code(*, reason: Reason, today: date) -> str:
    """Which sentence fits the reason on this day: a deposit matures or has matured, a birthday comes or is today."""
    variant = VARIANTS.get(reason.kind)
    code = variant(reason, today) if variant else reason.kind
    return code if code in SENTENCES["en"] else "plain"


def _by_day(fact: str, ahead: str, today_code: str, past: str) -> Callable[[Reason, date], str]:
    def variant(reason: Reason, today: date) -> str:
        day = _date(reason.facts.get(fact, "")) or reason.due_on
        if day == today:
            return today_code
        return ahead if day > today else past

    return variant


def _promise(reason: Reason, today: date) -> str:
    """A promise about money that falls due is spoken of as such until we are late with it."""
    if today > reason.due_on:
        return "promise_late"
    return "promise_maturing" if reason.facts.get("matures_on") else "promise"


def _income(reason: Reason, _today: date) -> str:
    kind = reason.facts.get("kind", "")
    return f"{kind}_stopped" if kind in {"salary", "pension"} else "income_stopped"


def _standard(reason: Reason, _today: date) -> str:
    return "standard" if reason.facts.get("last_contact_on") else "first_contact"


def _invitation(reason: Reason, today: date) -> str:
    """An invitation, or news of what one was invited to."""
    del today
    news = str(reason.facts.get("news") or "")
    return f"invitation_{news}" if news else "invitation"


VARIANTS: Mapping[str, Callable[[Reason, date], str]] = MappingProxyType(
    {
        "promise": _promise,
        "deposit_maturing": _by_day("matures_on", "deposit_maturing", "deposit_maturing", "deposit_matured"),
        "risk_profile_expiring": _by_day(
            "valid_until", "risk_profile_expiring", "risk_profile_expiring", "risk_profile_expired"
        ),
        "birthday": _by_day("on", "birthday_ahead", "birthday", "birthday_past"),
        "opening": _by_day("on", "opening", "opening", "opening_past"),
        "income_stopped": _income,
        "standard": _standard,
        "invitation": _invitation,
    }
)


@lru_cache(maxsize=256)
def _fields(template: str) -> frozenset[str]:
    return frozenset(field for _, field, _, _ in Formatter().parse(template) if field)


def _facts(reason: Reason, fields: frozenset[str], tongue: Tongue) -> dict[str, str] | None:
    """The fields as text; none when one of them is missing or cannot be read."""
    found = {field: _fact(reason, field, tongue) for field in fields}
    return {field: text for field, text in found.items() if text} if all(found.values()) else None


def _fact(reason: Reason, field: str, tongue: Tongue) -> str:
    text = str(reason.facts.get(field) or "") if field != "due_on" else reason.due_on.isoformat()
    chinese = tongue.language == "zh"
    if field == "opening":  # a campaign's own sentence, whole
        return " ".join(str(reason.facts.get(f"opening_{tongue.language}") or "").split())
    if field in AMOUNTS:
        amount = _amount(text)
        return "" if amount is None else money_text(amount=amount, currency=tongue.currency, chinese=chinese)
    if field in DATES:
        day = _date(text)
        return "" if day is None else date_text(day=day, today=tongue.today, chinese=chinese)
    return own_part(name=" ".join(text.split()), chinese=chinese)[:LONGEST_TEXT]


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _currency_zh(currency: str, unit: Unit) -> str:
    name = CURRENCIES_ZH.get(currency, currency)
    return name or ("元" if unit == "one" else "")


def _render(opening: Opening, language: str) -> str:
    code, _, second = opening.template_code.partition("+")
    sentences, words = SENTENCES[language], WORDS[language]
    said = [sentences[code].fact.format_map(opening.facts)]
    if second:
        facts = {key.removeprefix("also_"): text for key, text in opening.facts.items() if key.startswith("also_")}
        said.append(words.also + sentences[second].also.format_map(facts))
    whole = words.between.join([*said, sentences[code].ask])
    return _spaced(whole) if language == "zh" else whole


def _spaced(text: str) -> str:
    """One space between Chinese and a figure or a Latin word, none inside a date."""
    return LATIN_HAN.sub(" ", HAN_LATIN.sub(" ", text))
