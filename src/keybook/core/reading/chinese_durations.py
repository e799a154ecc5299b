"""Lengths of time in Chinese text, what lies so long before or after now, and what is repeated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from keybook.core.reading.chinese_numbers import CN, quantity
from keybook.core.reading.chinese_values import (
    MONTHS,
    Choice,
    Moment,
    Piece,
    Rule,
    Written,
    add_months,
    midnight,
    rule,
)

ORDER = ("Y", "M", "W", "D", "h", "m", "s")
"""The units from the longest; those of the clock in small letters."""
UNIT_OF = {
    "年": "Y", "月": "M", "周": "W", "星期": "W", "礼拜": "W", "天": "D", "日": "D", "小时": "h", "钟头": "h", "时": "h",
    "分钟": "m", "分": "m", "秒": "s", "秒钟": "s",
}  # fmt: skip
SECONDS = {"W": 604800, "D": 86400, "h": 3600, "m": 60, "s": 1}
HALF_MONTH = timedelta(days=15)
QUARTER_HOUR = 0.25

AMOUNT = rf"(?:\d{{1,5}}(?:\.\d{{1,2}})?|[{CN}]{{1,7}})"
_START = rf"(?<![\d.第{CN}])"
_WEEKDAY = "一二三四五六日天末"
LONG_UNIT = rf"个?(?:月|星期(?![{_WEEKDAY}])|礼拜(?![{_WEEKDAY}])|小时|钟头)|周(?![{_WEEKDAY}岁年])|年(?![级代度底初末中龄份])|天|分钟|秒钟?"
_MONTH_NEEDS = r"(?<!\d)(?<![一二两三四五六七八九十])(?<!\d\ )"
ELEMENT = (
    rf"(?:{AMOUNT}\ ?(?:个半?(?:月|星期|礼拜|小时|钟头)|小时|周(?![{_WEEKDAY}岁])|年(?![级代度底初末龄份])|天|日(?=内|以内|之内)"
    rf"|时(?!候|间|期)|分钟?|秒钟?|星期(?![{_WEEKDAY}])|礼拜(?![{_WEEKDAY}]))半?|半(?:个?(?:月|星期|礼拜|小时|钟头)|年|天(?!吊)|日))"
)
DURATION = rf"(?:{_START}{ELEMENT}(?:\ ?[又零、]?{ELEMENT}){{0,6}})"
_PARTS = re.compile(
    rf"(?P<half>半)?(?P<amount>{AMOUNT})?\ ?个?(?P<and_half>半)?(?P<unit>月|星期|礼拜|小时|钟头|周|年|天|日|时|分钟?|秒钟?)(?P<more>半)?"
)
_BARE_CLOCK = re.compile(rf"{AMOUNT}\ ?[时分]半?")
_A_YEAR = re.compile(r"(?:0\d|1[5-9]\d\d|2[01]\d\d)年|[零一二三四五六七八九]{2,}年")


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in its own units: a month is not thirty days."""

    amounts: tuple[tuple[str, float], ...]

    @property
    def timex(self) -> str:
        """P1M2D, P8DT20H."""
        days = "".join(f"{_plain(amount)}{unit}" for unit, amount in self.amounts if unit.isupper())
        clock = "".join(f"{_plain(amount)}{unit.upper()}" for unit, amount in self.amounts if unit.islower())
        return f"P{days}" + (f"T{clock}" if clock else "")

    @property
    def has_clock(self) -> bool:
        """Whether it needs a time of day: hours, or half a day."""
        return any(unit.islower() or (unit == "D" and amount % 1) for unit, amount in self.amounts)

    def after(self, moment: datetime, sign: int) -> datetime:
        """The moment so long after (or, with -1, before) this one."""
        amounts = dict(self.amounts)
        months = amounts.get("Y", 0) * MONTHS + amounts.get("M", 0)
        day = add_months(moment.date(), sign * int(months))
        seconds = sum(amounts.get(unit, 0) * each for unit, each in SECONDS.items())
        extra = timedelta(seconds=seconds) + (HALF_MONTH if months % 1 else timedelta())
        return datetime.combine(day, moment.time()) + sign * extra


def length_of(text: str) -> Length | None:
    """The length a match of DURATION says; none when it is a year (2018年) or an hour (20时) by itself."""
    text = text.replace(" ", "")
    if _A_YEAR.fullmatch(text) or _BARE_CLOCK.fullmatch(text):
        return None
    found: dict[str, float] = {}
    for match in _PARTS.finditer(text):
        amount = quantity(match["amount"]) if match["amount"] else 0.0
        amount += 0.5 * bool(match["half"] or match["and_half"] or match["more"])
        unit = UNIT_OF[match["unit"]]
        found[unit] = found.get(unit, 0) + amount
    return Length(tuple((unit, found[unit]) for unit in ORDER if found.get(unit)))


def _plain(amount: float) -> str:
    return f"{amount:g}" if amount < 1e6 else f"{amount:.0f}"  # noqa: PLR2004 - beyond it :g writes an exponent


def _duration(match: re.Match[str], _moment: Moment) -> Piece | None:
    length = length_of(match[0])
    if not length:
        return None
    return Piece("duration", match.start(), match.end(), length.timex, values=(length.timex,))


def _quarter_hour(match: re.Match[str], _moment: Moment) -> Piece:
    timex = "PT15M" if match[0][0] == "一" else "PT45M"
    return Piece("duration", match.start(), match.end(), timex, values=(timex,))


def _whole(match: re.Match[str], _moment: Moment) -> Piece:
    timex = {"天": "P1D", "年": "P1Y", "周": "P1W", "月": "P1M"}[match["unit"]]
    return Piece("duration", match.start(), match.end(), timex, values=(timex,))


def _away(match: re.Match[str], moment: Moment) -> Piece | None:
    """三个月后, 两周前, 再过半年: a day; 两小时后: a moment."""
    length = length_of(match["length"])
    if not length:
        return None
    sign = -1 if match["way"] and "前" in match["way"] else 1
    then = length.after(moment.at, sign)
    if length.has_clock:
        timex = then.isoformat(timespec="seconds")
        return Piece("datetime", match.start(), match.end(), timex, (Choice(then),))
    return _one_day(match, then.date())


def _one_day(match: re.Match[str], day: date) -> Piece:
    written = Written(day.year, day.month, day.day)
    return Piece("date", match.start(), match.end(), day.isoformat(), (Choice(midnight(day)),), written=written)


def _stretch(match: re.Match[str], moment: Moment) -> Piece | None:
    """过去十年, 上2个月, 未来的3小时: what ends or begins now."""
    if match["length"]:
        length = length_of(match["length"])
    elif match["month"]:
        length = Length((("M", quantity(match["month"])),))
    else:
        length = Length((("h", 1),))
    past = match["way"][0] in "过前上之最近" and match["way"] != "之后"
    return _from_now(match, length, -1 if past else 1, moment) if length else None


def _inside(match: re.Match[str], moment: Moment) -> Piece | None:
    """三个月内: from now on."""
    length = length_of(match["length"])
    return _from_now(match, length, 1, moment) if length else None


def _from_now(match: re.Match[str], length: Length, sign: int, moment: Moment) -> Piece:
    clock = length.has_clock
    now = moment.at if clock else midnight(moment.today)
    since, until = sorted((now, length.after(now, sign)))
    sides = [side.isoformat(timespec="seconds") if clock else side.date().isoformat() for side in (since, until)]
    timex = f"({sides[0]},{sides[1]},{length.timex})"
    return Piece("datetimerange" if clock else "daterange", match.start(), match.end(), timex, (Choice(since, until),))


_REST = r"(?![天台面期来往年后途几])"
_AFTER = r"(?:之后|以后|过后|后(?![天续来期面台年面几]))"
_BEFORE = rf"(?:之前|以前|前{_REST})"
DURATION_RULES: tuple[Rule, ...] = (
    rule(DURATION, _duration),
    rule(r"[一三]刻钟", _quarter_hour),
    rule(r"(?:整整?|全)一?个?(?P<unit>[天年月周])(?!候)", _whole),
    rule(rf"(?P<length>{DURATION})(?:的?时间)?(?P<way>{_AFTER}|{_BEFORE})", _away),
    rule(rf"(?:再过|(?<![通超经度不难错路])过)(?P<length>{DURATION})(?P<way>)", _away),
    rule(
        rf"(?P<way>过去|之前|之后|最近|近|未来|今后|接下来|往后|随后|(?<![以之到])[上下]|(?<![以之最今提目])[前后])的?\ ?"
        rf"(?:(?P<length>{ELEMENT}(?:\ ?[又零、]?{ELEMENT}){{0,6}})|(?P<month>\d{{1,2}})\ ?月(?!\d|份)"
        r"|(?<=[上下])一?个?(?:小时|钟头))",
        _stretch,
    ),
    rule(rf"(?P<length>{DURATION})(?:之内|以内|内)", _inside),
)
