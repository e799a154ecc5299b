"""Chinese numerals, and the one folding that makes simplified, traditional and full-width text look the same."""

from __future__ import annotations

from datetime import date

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
CENTURY = 100
YEARS_AHEAD = 30
"""A year of two digits lies at most so far ahead; else it is of the century before."""

_TRADITIONAL = dict(
    zip(
        "農曆陰舊禮週個箇點時鐘後兩號從這會兒過來現剛當間與閏臘節國慶聖誕勞動婦親萬陽雙軍師樹內約紀歲鐘隔裡裏開長結單餘壹貳贰叁肆柒捌玖〇",
        "农历阴旧礼周个个点时钟后两号从这会儿过来现刚当间与闰腊节国庆圣诞劳动妇亲万阳双军师树内约纪岁钟隔里里开长结单余一二二三四七八九零",
        strict=True,
    )
)
_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FOLD = str.maketrans(
    _TRADITIONAL | _FULL_WIDTH | {"\u3000": " ", "\u00a0": " ", "\t": " ", "—": "-", "–": "-", "―": "-"}
)

CN = "零一二两三四五六七八九十百千"
"""The characters numerals are written with, for use inside a class of a pattern."""


def folded(text: str) -> str:
    """The text in simplified characters and half-width forms, each character in its place."""
    return text.translate(_FOLD)


def number(text: str) -> int:
    """The value of digits (`12`), of numerals (`二十三`, `两千零四`) and of numerals read out one by one (`二零一六`)."""
    if text.isdecimal():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    if not set(text) & set(TENS):
        return int("".join(str(DIGITS[character]) for character in text))
    return _counted(text)


def _counted(text: str) -> int:
    total, pending = 0, 0
    for character in text:
        if character in TENS:
            total += (pending or 1) * TENS[character]
            pending = 0
        else:
            pending = DIGITS[character]
    return total + pending


def quantity(text: str) -> float:
    """An amount of a unit: a number, perhaps with a decimal point."""
    return float(text) if text[0].isascii() else float(number(text))


def full_year(text: str, today: date) -> int:
    """The year meant by its two digits (`08`, `零八`), or the year as it stands (`2008`, `二零零八`, `三六七`)."""
    year = number(text)
    if len(text) != len("08") or year >= CENTURY:
        return year
    century = today.year - today.year % CENTURY
    return century + year if century + year <= today.year + YEARS_AHEAD else century + year - CENTURY
