"""Numbers, ordinals and percents of a text in Chinese or English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from keybook.core.reading import numbers_chinese, numbers_english
from keybook.core.reading.entity import Entity
from keybook.core.reading.numbers_chinese import Found
from keybook.core.reading.spans import apart, entity, folded

Language = Literal["en", "zh"]
ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]{1,2000}", re.IGNORECASE)


def readable(text: str) -> str:
    """The folded text with web addresses blanked out: what stands in one is neither an amount nor a date."""
    return ADDRESS.sub(lambda found: "\0" * len(found[0]), folded(text))


def scan(text: str, *, original: str, language: Language) -> tuple[Found, ...]:
    """Every number of a folded text in one language, and the words of the other (3 million in a Chinese line)."""
    if language == "en":
        return tuple(numbers_english.scan(text, original))
    return tuple(numbers_chinese.scan(text))


def numbers(*, text: str, language: Language) -> tuple[Entity, ...]:
    """Every cardinal number, decimal, fraction and power."""
    found = scan(readable(text), original=text, language=language)
    return tuple(entity(kind="number", text=text, start=one.start, end=one.end, amount=one.value) for one in found)


def ordinals(*, text: str, language: Language) -> tuple[Entity, ...]:
    """Every ordinal: 第十四, twenty-first, 30th; relative ones have a value such as `end-1` and no amount."""
    plain = readable(text)
    found = _chinese_ordinals(text, plain) if language == "zh" else numbers_english.ordinals(text, plain)
    return apart(found)


def percents(*, text: str, language: Language) -> tuple[Entity, ...]:
    """Every share in hundredths: 27 %, 百分之五, 六个百分点, 九折, 三成半; a bare per cent has no amount."""
    plain = readable(text)
    return apart(_chinese_percents(text, plain) if language == "zh" else _english_percents(text, plain))


def _chinese_ordinals(text: str, plain: str) -> Iterator[Entity]:
    for sign in re.finditer(r"第[ ]?", plain):
        if (found := numbers_chinese.at(plain, sign.end())) and found.plain:
            yield entity(kind="ordinal", text=text, start=sign.start(), end=found.end, amount=found.value)


PER = re.compile(r"([百佰千仟万萬]|百万|千万|万万|百万万)[ ]{0,3}分[ ]{0,3}之[ ]{0,3}")
PER_UNITS = {
    "百": 100,
    "佰": 100,
    "千": 1000,
    "仟": 1000,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "万万": 10**8,
    "百万万": 10**10,
}
POINTS = re.compile(r"[ ]{0,6}(?:%|个[ ]{0,2}百[ ]{0,2}分[ ]{0,2}点)")
TENTHS = re.compile(
    r"([ ]?)(折|成)(?![立为功员交长果就本都绩品熟人分败家型])(?:([ ]?[半一二三四五六七八九0-9])(?![0-9一-龥]))?"
)
PAIR = re.compile(r"([0-9一二三四五六七八九])[ ]?([0-9一二三四五六七八九])(?=[ ]?折)")
HALVES = re.compile(r"半(?=[成折])|(?<=打)对折")
ABOUT = re.compile(r"[零〇一二三四五六七八九两]$")


def _chinese_percents(text: str, plain: str) -> Iterator[Entity]:
    for per in PER.finditer(plain):
        if _starts(plain, per.start()) and (found := numbers_chinese.at(plain, per.end())):
            share = found.value * 100 / PER_UNITS[per[1]]
            if found.plain and not _vague(plain, found):
                yield entity(kind="percent", text=text, start=per.start(), end=found.end, amount=share)
    for found in numbers_chinese.every(plain):
        if (points := POINTS.match(plain, found.end)) and not ABOUT.search(plain[: found.start][-1:]):
            yield entity(kind="percent", text=text, start=found.start, end=points.end(), amount=found.value)
        if tenths := TENTHS.match(plain, found.end):
            yield from _tenths(text, found, tenths)
    for pair in PAIR.finditer(plain):
        value = numbers_chinese.digit(pair[1]) * 10 + numbers_chinese.digit(pair[2])
        yield entity(
            kind="percent", text=text, start=pair.start(), end=plain.index("折", pair.end()) + 1, amount=Fraction(value)
        )
    for half in HALVES.finditer(plain):
        if half[0] == "对折":
            yield entity(kind="percent", text=text, start=half.start(), end=half.end(), amount=Fraction(50))
        else:
            share = Fraction(5 if plain[half.end()] == "成" else 50)
            yield entity(kind="percent", text=text, start=half.start(), end=half.end() + 1, amount=share)


def _starts(plain: str, at: int) -> bool:
    """Whether the unit stands alone: 五百分之二 is a fraction."""
    return not numbers_chinese.ends_in_number(plain, at)


def _vague(plain: str, found: Found) -> bool:
    """百分之二三十: about, and no number."""
    return bool(re.match(r"[一二三四五六七八九十]", plain[found.end : found.end + 1]))


def _tenths(text: str, found: Found, tenths: re.Match[str]) -> Iterator[Entity]:
    """三成半 is 35 %, 九折 is 90 %, 75折 is 75 %; ten tenths off is no discount."""
    value = found.value
    more = (tenths[3] or "").strip()
    if tenths[2] == "折":
        if value == 10 or more == "半":
            return
        share = value if value > 10 else value * 10
        yield entity(kind="percent", text=text, start=found.start, end=tenths.end(2), amount=share)
    elif value <= 10:
        extra = Fraction(5) if more == "半" else Fraction(numbers_chinese.digit(more)) if more else Fraction(0)
        yield entity(
            kind="percent",
            text=text,
            start=found.start,
            end=tenths.end() if more else tenths.end(2),
            amount=value * 10 + extra,
        )


PERCENT = re.compile(r"[ ]?(?:%|per[ ]?cents?(?![a-z])|percentages?(?: points?)?(?![a-z])|pct\\b)")
PERCENT_OF = re.compile(r"(?<![a-z])per[ ]?cents? of ")
BARE = re.compile(r"(?<![a-z])(?:percentages?|per[ ]?cents?)(?![a-z])|(?<![\d%a-z&])%(?![\da-z%])")


def _english_percents(text: str, plain: str) -> Iterator[Entity]:
    for found in numbers_english.every(plain, text):
        if points := PERCENT.match(plain, found.end):
            yield entity(kind="percent", text=text, start=found.start, end=points.end(), amount=found.value)
    for share in PERCENT_OF.finditer(plain):
        for found in numbers_english.every(plain[share.end() : share.end() + 80], text[share.end() : share.end() + 80]):
            if found.start == 0:
                yield entity(
                    kind="percent", text=text, start=share.start(), end=share.end() + found.end, amount=found.value
                )
    for bare in BARE.finditer(plain):
        yield entity(kind="percent", text=text, start=bare.start(), end=bare.end(), amount=None)
