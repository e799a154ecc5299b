"""Amounts of money in Chinese and English: ￥1.2m, 20万美元, HK$ 300, 三块五, 3 dollars 50 cents, 75 USD million."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from keybook.core.reading import numbers_chinese, numbers_english
from keybook.core.reading.entity import Entity, Reading
from keybook.core.reading.money_units import BARE, DOUBTFUL, Unit, units
from keybook.core.reading.numbers import Language, readable
from keybook.core.reading.numbers_chinese import Found
from keybook.core.reading.spans import apart, apart_from, decimal_of, entity, plain

SHOUT = {code: code - 32 for code in range(0x61, 0x7B)}
AFTER = re.compile(r"[ ]{0,3}-?[多余几来]?[ ]?")
BEFORE = re.compile(r"[ ]{0,3}$")
LARGE = re.compile(r"[ ](?:\d{1,3}(?:,\d{3})+|\d{4,}|\d[\d.]*[ ]?(?:[kmbw万亿]|bn|mn)(?![a-z]))")
SCALE = re.compile(r"[ ]{1,2}(million|billion|thousand|trillion|mn|bn)(?![a-z])")
SCALES = {"million": 10**6, "billion": 10**9, "thousand": 1000, "trillion": 10**12, "mn": 10**6, "bn": 10**9}
JOINT = re.compile(r"(?:[ ]{1,2}and)?[ ]{1,2}|(?<=[元块毛角])[ ]?|(?<=块钱)[ ]?")
TIMES = re.compile(
    r"[a-z/:%]|[.-](?=\d)|[ ]?(?:times|days?|weeks?|months?|years?|people|persons?|customers?|clients?|funds?|shares?|units?|am|pm|o'clock|jan|feb"
    r"|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|[年月日天个号点次位家期岁])"
)
SMALLER = {
    "Dollar": ("Cent",),
    "USD": ("Cent",),
    "EUR": ("Cent",),
    "AUD": ("Cent",),
    "CAD": ("Cent",),
    "HKD": ("Cent",),
    "Pound": ("Pence", "Penny"),
    "GBP": ("Pence", "Penny"),
}
MOST_WITH_CENTS = 10**4


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit while they are joined."""

    start: int
    end: int
    value: Fraction | None
    unit: Unit


def money(*, text: str, language: Language) -> tuple[Entity, ...]:
    """Every amount with a unit, and units named without an amount (an empty value)."""
    folded = readable(text)
    named = units(folded)
    if not named:
        return ()
    counted = counted_in(folded, named)
    found = _joined(folded, list(_amounts(folded, text, named, counted)), counted)
    taken = {place for one in found for place in range(one.start, one.end)}
    bare = [Amount(unit.start, unit.end, None, unit) for unit in named if unit.word in BARE and unit.start not in taken]
    del language  # a line mixes both
    return apart(
        entity(kind="money", text=text, start=one.start, end=one.end, amount=one.value, unit=one.unit.code)
        for one in [*found, *bare]
    )


def counted_in(folded: str, named: Sequence[Unit] = ()) -> list[Found]:
    """Every number in either language, where m is a million; names of money are boundaries."""
    masked = list(folded)
    for unit in named:
        masked[unit.start : unit.end] = "\1" * (unit.end - unit.start)
    bare = "".join(masked)
    both = [*numbers_chinese.every(bare), *numbers_english.every(bare, bare.translate(SHOUT))]
    return list(apart(both))


def _amounts(folded: str, text: str, named: Sequence[Unit], counted: Sequence[Found]) -> Iterator[Amount]:
    starts = {unit.start: unit for unit in named}
    ends = {unit.end: unit for unit in named}
    numbers_at = {one.start for one in counted}
    used: set[int] = set()
    for number in counted:
        after = starts.get(_skip(folded, number.end))
        before = ends.get(number.start - _blanks(folded, number.start))
        if before and before.start not in used and before.before and _may(before, text, number, ahead=True):
            used.add(before.start)
            end = after.end if after and after.loose and after.end not in numbers_at else number.end
            yield _scaled(folded, Amount(before.start, end, number.value * before.factor, before))
        elif after and _may(after, text, number, ahead=False) and not _next_ones(folded, number, after, numbers_at):
            used.add(after.start)
            yield _scaled(folded, Amount(number.start, after.end, number.value * after.factor, after))


def _skip(folded: str, at: int) -> int:
    gap = AFTER.match(folded, at)
    return gap.end() if gap else at


def _blanks(folded: str, at: int) -> int:
    gap = BEFORE.search(folded[max(0, at - 3) : at])
    return len(gap[0]) if gap else 0


def _may(unit: Unit, text: str, number: Found, *, ahead: bool) -> bool:
    """ALL 5, Bob 3, 7 pens are no money, and ‘5 m’ no million: doubtful codes count in capitals after their amount."""
    if unit.word in DOUBTFUL and unit.word != "sen":
        return not ahead and text[unit.start : unit.end].isupper()
    if unit.word in {"角", "毛", "分钱", "刀", "镑"}:
        return not ahead and not number.value.denominator > 10
    return True


def _next_ones(folded: str, number: Found, unit: Unit, numbers_at: set[int]) -> bool:
    """1 $10 and 4567 HKD 2m: the sign, and a code before a large amount, cling to the number after them."""
    if not unit.before or unit.start == number.end:
        return False
    return unit.end in numbers_at or bool(LARGE.match(folded, unit.end))


def _scaled(folded: str, amount: Amount) -> Amount:
    scale = SCALE.match(folded, amount.end)
    if scale is None or amount.value is None:
        return amount
    return Amount(amount.start, scale.end(), amount.value * SCALES[scale[1]], amount.unit)


def _joined(folded: str, amounts: list[Amount], counted: Sequence[Found]) -> list[Amount]:
    """Amounts with their cents: 3 dollars 50 cents, 15 dollars and 15, 三块五, 10元5角."""
    kept: list[Amount] = []
    taken = {amount.start for amount in amounts}
    starts = {number.start: number for number in counted if number.start not in taken}
    for amount in amounts:
        if kept and (whole := _with_smaller(folded, kept[-1], amount)):
            kept[-1] = whole
        else:
            kept.append(amount)
        kept[-1] = _with_tail(folded, kept[-1], starts)
    return kept


def _with_smaller(folded: str, whole: Amount, part: Amount) -> Amount | None:
    joint = JOINT.fullmatch(folded, whole.end, part.start)
    smaller = part.unit.code in SMALLER.get(whole.unit.code, ()) or part.unit.factor < whole.unit.factor
    if not joint or not smaller or whole.value is None or part.value is None or part.unit.before:
        return None
    cents = part.value if part.unit.code == "CNY" else part.value / 100
    return Amount(whole.start, part.end, whole.value + cents, whole.unit) if cents < 1 else None


def _with_tail(folded: str, whole: Amount, starts: dict[int, Found]) -> Amount:
    """A bare number right after: fifteen dollars fifty, 三块五, five mao five."""
    joint = JOINT.match(folded, whole.end)
    number = starts.get(joint.end()) if joint else None
    if joint is None or number is None or whole.value is None or TIMES.match(folded, number.end):
        return whole
    spoken = (
        whole.unit.word in {"块", "块钱", "元", "圆", "kuai"}
        or whole.unit.factor < 1
        or folded[whole.end - 1] in "毛角"
        or folded[whole.end - 3 : whole.end] == "mao"
    )
    if spoken and "and" not in joint[0]:
        share = _spoken_tail(folded, whole, number)
    else:
        share = _cents(whole, number, said="and" in joint[0])
    return Amount(whole.start, number.end, whole.value + share, whole.unit) if share else whole


def _spoken_tail(folded: str, whole: Amount, number: Found) -> Fraction:
    """三块五 is 3.5, 一块二毛五 is 1.25."""
    if number.value.denominator > 1 or not 0 < number.value < 10 or number.end - number.start > 5:
        return Fraction(0)
    deeper = folded[whole.end - 1] in "毛角" or folded[whole.end - 3 : whole.end] == "mao" or whole.unit.factor < 1
    if (whole.value or 0) >= MOST_WITH_CENTS:
        return Fraction(0)
    return number.value / (100 if deeper else 10)


def _cents(whole: Amount, number: Found, *, said: bool) -> Fraction:
    """15 dollars 50: two figures, or any after `and`; an amount with cents of its own takes none."""
    value = number.value
    exact = whole.value is not None and whole.value.denominator == 1 and whole.value < MOST_WITH_CENTS
    if whole.unit.start == whole.start and number.plain:
        return Fraction(0)
    if not exact or value.denominator > 1 or not 0 < value < 100 or (value < 10 and not said):
        return Fraction(0)
    return value / 100


VAGUE = re.compile(
    r"(?<![一二两三四五六七八九十百千万亿零0-9])([一二两三四五六七八九])([二三四五六七八九])([十百千]?[万亿]|[十百千])(?![一二三四五六七八九])"
)
RANGE = re.compile(
    r"(\d{1,4}(?:\.\d{1,2})?)[ ]?(?:-|~|–|—|到|至|、|to)[ ]?(\d{1,4}(?:\.\d{1,2})?)[ ]?(万|亿|千万|百万|k|m|w)(?![a-z0-9])"
)
BOUND = {"k": 1000, "m": 10**6, "w": 10**4}
LOOSE = re.compile(r"[万亿]|(?<=\d)[kmw]$|[百千][五]?$")
COUNTED = re.compile(r"[ ]?[多余来]?[ ]?(?:人|个|次|股|份|家|户|件|辆|吨|公里|米|平|步|字|页|粉丝|票|km|kg|克|g)")


def bare_amounts(*, text: str, taken: Sequence[Entity]) -> tuple[Entity, ...]:
    """Amounts without a unit as bankers write them: 45万, 450k, 1.2亿, 20w; two readings where 三四十万 leaves it open."""
    folded = readable(text)
    found = [*_vague(text, folded), *_magnitudes(text, folded)]
    return apart(apart_from(found, taken))


def _vague(text: str, folded: str) -> Iterator[Entity]:
    for found in VAGUE.finditer(folded):
        low, high = numbers_chinese.digit(found[1]), numbers_chinese.digit(found[2])
        unit = _size(found[3])
        if high == low + 1 and unit >= 10**4:
            yield _either(text, found.start(), found.end(), (Fraction(low * unit), Fraction(high * unit)))
    for found in RANGE.finditer(folded):
        unit = BOUND.get(found[3]) or _size(found[3])
        yield _either(text, found.start(), found.end(), (Fraction(found[1]) * unit, Fraction(found[2]) * unit))


def _size(words: str) -> int:
    size = 1
    for word in words:
        size *= numbers_chinese.SMALL.get(word) or numbers_chinese.BIG[word]
    return size


def _either(text: str, start: int, end: int, values: tuple[Fraction, Fraction]) -> Entity:
    amounts = [decimal_of(value) for value in values]
    readings = tuple(Reading(plain(amount), amount=amount) for amount in amounts)
    return Entity("money", start, end - start, text[start:end], readings)


def _magnitudes(text: str, folded: str) -> Iterator[Entity]:
    for number in counted_in(folded):
        word = folded[number.start : number.end]
        if LOOSE.search(word) and number.value >= 1000 and not COUNTED.match(folded, number.end):
            yield entity(kind="money", text=text, start=number.start, end=number.end, amount=number.value)
