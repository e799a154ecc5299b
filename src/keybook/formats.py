"""How money, dates, counts and phones are written in English and in 简体中文: values in, text out, no clock, no Django; roundings are the core's."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from keybook.core import masking
from keybook.core import money as core_money

MINUS = "−"
NARROW = "\u202f"
SYMBOLS = {"CNY": "¥", "USD": "US$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥"}
UNITS_ZH = {"CNY": "", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "HKD": "港元", "JPY": "日元", "CZK": "克朗"}
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAYS_LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
DAYS_LONG_ZH = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_LONG = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEK = 7
WORKDAYS_IN_A_MONTH = 21
WORKDAYS_IN_TWO_MONTHS = 42
MONTHS_IN_A_YEAR = 12


def is_chinese(language: str | None) -> bool:
    """Whether this language code asks for the Chinese forms."""
    return bool(language) and str(language).lower().startswith("zh")


def _sign(amount: Decimal) -> str:
    return MINUS if amount < 0 else ""


def _prefix(currency: str) -> str:
    return SYMBOLS.get(currency) or f"{currency}{NARROW}"


def _grouped(amount: Decimal, places: int) -> str:
    quantum = Decimal(1).scaleb(-places)
    return f"{abs(amount).quantize(quantum, ROUND_HALF_EVEN):,.{places}f}"


@lru_cache(maxsize=8192)
def money(amount: Decimal | str, currency: str = "CNY") -> str:
    """The exact amount, cents only where there are any: ¥1,800,000, −¥18,300.50."""
    value = Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    places = 0 if value == value.to_integral_value() else 2
    return f"{_sign(value)}{_prefix(currency)}{_grouped(value, places)}"


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


WORDS_EN = {"one": "", "million": "m", "billion": "bn"}
WORDS_ZH = {"one": "", "wan": "万", "yi": "亿"}


@lru_cache(maxsize=8192)
def money_short(amount: Decimal | str, currency: str = "CNY", language: str | None = "en") -> str:
    """The amount as a sentence says it: ¥142,000, ¥1.8m, ¥1.28bn; 14.2 万, 180 万, 1.28 亿."""
    chinese = is_chinese(language)
    figure, unit = core_money.short(amount=Decimal(amount), chinese=chinese)
    sign, size = _sign(figure), _plain(abs(figure))
    if not chinese:
        return f"{sign}{_prefix(currency)}{size}{WORDS_EN[unit]}"
    name = UNITS_ZH.get(currency, currency)
    return f"{sign}{size} {WORDS_ZH[unit]}{name or ('元' if unit == 'one' else '')}"


def percent(value: Decimal | float | str, language: str | None = "en", places: int = 0) -> str:
    """A share in hundredths: 92 % in English, 92% in Chinese."""
    number = _plain(Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN))
    number = number.replace("-", MINUS)
    return f"{number}%" if is_chinese(language) else f"{number}\u00a0%"


def signed(value: int) -> str:
    """A balance with its sign: +41, −14, ±0."""
    if value == 0:
        return "±0"
    return f"+{value}" if value > 0 else f"{MINUS}{-value}"


def day(value: date, language: str | None = "en", today: date | None = None) -> str:
    """With its weekday, and the year when it is another: Mon 23 Nov, 11月23日 星期一."""
    if is_chinese(language):
        return f"{day_short(value, language, today, compact=False)} {DAYS_LONG_ZH[value.weekday()]}"
    return f"{DAYS[value.weekday()]} {day_short(value, language, today)}"


def day_long(value: date, language: str | None = "en") -> str:
    """As a title says it: Monday 23 November, 11月23日 星期一."""
    if is_chinese(language):
        return f"{value.month}月{value.day}日 {DAYS_LONG_ZH[value.weekday()]}"
    return f"{DAYS_LONG[value.weekday()]} {value.day} {MONTHS_LONG[value.month - 1]}"


def day_short(value: date, language: str | None = "en", today: date | None = None, *, compact: bool = True) -> str:
    """Without its weekday, with the year when it is another: 23 Nov, 18 Dec 2026; 11/23, 2026/12/18."""
    other_year = today is not None and value.year != today.year
    if is_chinese(language):
        if compact:
            return f"{value.year}/{value.month}/{value.day}" if other_year else f"{value.month}/{value.day}"
        return f"{value.year}年{value.month}月{value.day}日" if other_year else f"{value.month}月{value.day}日"
    text = f"{value.day} {MONTHS[value.month - 1]}"
    return f"{text} {value.year}" if other_year else text


def month(value: date, language: str | None = "en", *, year: bool = False) -> str:
    """A month alone, with its year when asked: Nov, Nov 2024; 11月, 2024年11月."""
    if is_chinese(language):
        return f"{value.year}年{value.month}月" if year else f"{value.month}月"
    return f"{MONTHS[value.month - 1]} {value.year}" if year else MONTHS[value.month - 1]


def when(value: date, today: date, language: str | None = "en") -> str:
    """Seen from today: Today, Tomorrow, Yesterday, a weekday within seven days, else the date."""
    chinese = is_chinese(language)
    distance = (value - today).days
    near = {0: ("Today", "今天"), 1: ("Tomorrow", "明天"), -1: ("Yesterday", "昨天")}
    if distance in near:
        return near[distance][chinese]
    if 1 < distance < WEEK:
        if chinese:
            return f"{DAYS_ZH[value.weekday()]} {day_short(value, language, today)}"
        return day(value, language, today)
    return day_short(value, language, today)


def ago(value: date, today: date, language: str | None = "en") -> str:
    """How long since, in days, then months, then years: today, 6 d ago, 3 months ago; 6 天前."""
    days = (today - value).days
    chinese = is_chinese(language)
    if days <= 0:
        return "今天" if chinese else "today"
    if days < 100:  # noqa: PLR2004 - a contact standard is told in days
        return f"{days} 天前" if chinese else f"{days} d ago"
    months = round(days / 30.44)
    if months < 24:  # noqa: PLR2004 - two years
        return f"{months} 个月前" if chinese else f"{months} months ago"
    return f"{days // 365} 年前" if chinese else f"{days // 365} years ago"


def workdays_late(count: int, language: str | None = "en") -> str:
    """1 workday late, 33 workdays late, then in months, then over a year; 迟 1 个工作日, 迟 3 个月, 迟一年多."""
    chinese = is_chinese(language)
    if count < WORKDAYS_IN_TWO_MONTHS:
        if chinese:
            return f"迟 {count} 个工作日"
        return f"{count} workday late" if count == 1 else f"{count} workdays late"
    months = round(count / WORKDAYS_IN_A_MONTH)
    if months > MONTHS_IN_A_YEAR:
        return "迟一年多" if chinese else "over a year late"
    return f"迟 {months} 个月" if chinese else f"{months} months late"


def hour_span(hour: int, language: str | None = "en") -> str:
    """One hour of the day: 10–11, 10–11 点."""
    return f"{hour}–{hour + 1} 点" if is_chinese(language) else f"{hour}–{hour + 1}"


def mask_phone(phone: str) -> str:
    """What may be shown of a number: 138 ···· 8000, +44 ···· 0958."""
    return masking.phone(number=phone)


def mask_name(name: str) -> str:
    """A name that may not be read: 刘··, W··."""
    return f"{name.strip()[:1]}··" if name.strip() else ""


def customer_name(name: str, name_zh: str = "", language: str | None = "en") -> tuple[str, str]:
    """The name to lead with and the other one: on Chinese pages the Chinese name leads."""
    if not name_zh or name_zh == name:
        return name, ""
    return (name_zh, name) if is_chinese(language) else (name, name_zh)


def initials(name: str, name_zh: str = "") -> str:
    """What stands in the round: the family name of a Chinese name, else two initials."""
    if name_zh:
        return name_zh[0]
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
