"""Lengths of time in Chinese text, what lies so long before or after now, and what is repeated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from keybook.core.reading.chinese_days import LINK, WEEKDAY, WEEKDAYS
from keybook.core.reading.chinese_numbers import CN, number, quantity
from keybook.core.reading.chinese_values import (
    MONTHS,
    WRITERS,
    Choice,
    Moment,
    Piece,
    Rule,
    add_months,
    midnight,
    rule,
)
from keybook.core.reading.entity import Kind

ORDER = ("Y", "M", "W", "D", "h", "m", "s")
"""The units from the longest; those of the clock in small letters."""
UNIT_OF = {
    "年": "Y", "周年": "Y", "月": "M", "周": "W", "星期": "W", "礼拜": "W", "天": "D", "日": "D", "小时": "h", "钟头": "h", "时": "h",
    "分钟": "m", "分": "m", "秒": "s", "秒钟": "s",
}  # fmt: skip
SECONDS = {"W": 604800, "D": 86400, "h": 3600, "m": 60, "s": 1}
HALF_MONTH = timedelta(days=15)
QUARTER_HOUR = 0.25

AMOUNT = rf"(?:\d{{1,5}}(?:\.\d{{1,2}})?|[{CN}]{{1,7}})"
_START = rf"(?<![\d.第{CN}])"
_WEEKDAY = "一二三四五六日天末"
ELEMENT = (
    rf"(?:{AMOUNT}\ ?(?:个半?(?:月|星期|礼拜|小时|钟头)|小时|周年|周(?![{_WEEKDAY}岁])|年(?![级代度底初末龄份])|天|日(?=内|以内|之内)|(?<=[一二三四五六七八九十])日(?=后|之后|以后)"
    rf"|时(?!候|间|期)|分钟?|秒钟?|星期(?![{_WEEKDAY}])|礼拜(?![{_WEEKDAY}]))半?|半(?:个?(?:月|星期|礼拜|小时|钟头)|年|天(?!吊)|日))"
)
CHAIN = rf"{ELEMENT}(?:\ ?[又零多余加、]?{ELEMENT}){{0,6}}"
DURATION = rf"(?:{_START}{CHAIN})"
_PARTS = re.compile(
    rf"(?P<half>半)?(?P<amount>{AMOUNT})?\ ?个?(?P<and_half>半)?(?P<unit>月|星期|礼拜|小时|钟头|周年|周|年|天|日|时|分钟?|秒钟?)(?P<more>半)?"
)
_SEVERAL = re.compile(r"[一二两三四五六七八九]{2}(?!\d)")
"""三四天 is three days or four, not thirty-four."""
_BARE_CLOCK = re.compile(rf"{AMOUNT}[时分]半?(?:{AMOUNT}[分秒])?(?:{AMOUNT}秒)?")
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
    if _A_YEAR.fullmatch(text) or _BARE_CLOCK.fullmatch(text) or _SEVERAL.match(text):
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


def _either_length(match: re.Match[str], moment: Moment) -> Piece | None:
    """三四天, 3-5天, 三到五年: one of two lengths."""
    amounts = (match["least"] or match["low"], match["most"] or match["high"])
    lengths = [length_of(amount + match["unit"]) for amount in amounts]
    if None in lengths or (match["least"] and number(match["least"]) >= number(match["most"])):
        return None
    if match["way"]:
        sign = -1 if "前" in match["way"] else 1
        thens = [length.after(moment.at, sign) for length in lengths if length]
        kind: Kind = "datetime" if lengths[0] and lengths[0].has_clock else "date"
        return Piece(kind, match.start(), match.end(), WRITERS[kind](thens[0]), tuple(Choice(then) for then in thens))
    values = tuple(length.timex for length in lengths if length)
    return Piece("duration", match.start(), match.end(), "/".join(values), values=values)


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


def _weekday_away(match: re.Match[str], moment: Moment) -> Piece:
    """两周后的周三: that day of the week after so many."""
    weeks = int(quantity(match["amount"])) * (-1 if "前" in match["way"] else 1)
    monday = moment.today - timedelta(days=moment.today.weekday())
    place = WEEKDAYS[match["weekday"][-1]] - 1
    return _one_day(match, monday + timedelta(weeks=weeks, days=place))


def _one_day(match: re.Match[str], day: date) -> Piece:
    return Piece("date", match.start(), match.end(), day.isoformat(), (Choice(midnight(day)),))


def _stretch(match: re.Match[str], moment: Moment) -> Piece | None:
    """过去十年, 上2个月, 未来的3小时: what ends or begins now."""
    if match["length"]:
        length = length_of(match["length"])
    elif match["month"]:
        length = Length((("M", quantity(match["month"])),))
    else:
        length = Length((("h", 1),))
    past = match["way"][0] in "过前上之最近" and match["way"] != "之后"
    return _from_now(match, length, moment, -1 if past else 1, days_ahead=0 if past else 1) if length else None


def _inside(match: re.Match[str], moment: Moment) -> Piece | None:
    """三个月内: from now on."""
    length = length_of(match["length"])
    return _from_now(match, length, moment, 1) if length else None


def _from_now(match: re.Match[str], length: Length, moment: Moment, sign: int, days_ahead: int = 0) -> Piece:
    """From this moment on, or from this day; the coming days (未来三天) begin tomorrow."""
    clock = length.has_clock
    now = moment.at if clock else midnight(moment.today) + timedelta(days=days_ahead)
    since, until = sorted((now, length.after(now, sign)))
    sides = [side.isoformat(timespec="seconds") if clock else side.date().isoformat() for side in (since, until)]
    timex = f"({sides[0]},{sides[1]},{length.timex})"
    return Piece("datetimerange" if clock else "daterange", match.start(), match.end(), timex, (Choice(since, until),))


_REST = r"(?![天台面期来往年后途几])"
_AFTER = r"(?:之后|以后|过后|后(?![天续来期面台年面几]))"
_BEFORE = rf"(?:之前|以前|前{_REST})"
DURATION_RULES: tuple[Rule, ...] = (
    rule(DURATION, _duration),
    rule(
        rf"(?:{_START}(?P<least>[一两二三四五六七八九])(?P<most>[二两三四五六七八九])|(?P<low>\d{{1,3}}|[{CN}]{{1,3}})"
        rf"{LINK}(?P<high>\d{{1,3}}|[{CN}]{{1,3}}))(?P<unit>个(?:月|星期|礼拜|小时|钟头)|小时|周年|周(?![{_WEEKDAY}岁])|年|天|分钟|秒钟?)(?P<way>{_AFTER}|{_BEFORE})?",
        _either_length,
    ),
    rule(
        rf"{_START}(?P<amount>{AMOUNT})\ ?(?:周|个?(?:星期|礼拜))(?P<way>{_AFTER}|{_BEFORE})的?(?P<weekday>{WEEKDAY})",
        _weekday_away,
    ),
    rule(r"[一三]刻钟", _quarter_hour),
    rule(r"(?:整整?|全)一?个?(?P<unit>[天年月周])(?!候)", _whole),
    rule(rf"(?P<length>{DURATION})(?:的?时间)?(?P<way>{_AFTER}|{_BEFORE})", _away),
    rule(rf"(?:再过|(?<![通超经度不难错路])过(?!两天))(?P<length>{DURATION})(?P<way>)", _away),
    rule(
        rf"(?P<way>过去|之前|之后|最近|近|未来|今后|接下来|往后|随后|(?<![以之到马早晚网线])[上下]|(?<![以之最今提目元])[前后])的?\ ?"
        rf"(?:(?P<length>{CHAIN})|(?P<month>\d{{1,2}})\ ?月(?!\d|份)"
        r"|(?<=[上下])一?个?(?:小时|钟头))",
        _stretch,
    ),
    rule(rf"(?P<length>{DURATION})(?:之内|以内|内)", _inside),
)
