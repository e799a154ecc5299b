"""Days in Chinese text: written out, in figures, relative to today, by their weekday."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from keybook.core.reading.chinese_numbers import CN, full_year, number
from keybook.core.reading.chinese_values import (
    LONGEST_MONTH,
    MONTHS,
    Choice,
    Moment,
    Piece,
    Rule,
    Written,
    add_months,
    date_piece,
    date_timex,
    day_choices,
    lunar_days,
    midnight,
    month_days,
    real_day,
    rule,
    sensed,
)

ERAS = {
    "贞观": 627, "神龙": 705, "开元": 713, "天宝": 742, "洪武": 1368, "建文": 1399, "永乐": 1403, "宣德": 1426, "景泰": 1450,
    "成化": 1465, "弘治": 1488, "正德": 1506, "嘉靖": 1522, "隆庆": 1567, "万历": 1573, "天启": 1621, "崇祯": 1628,
    "顺治": 1644, "康熙": 1662, "雍正": 1723, "乾隆": 1736, "嘉庆": 1796, "道光": 1821, "咸丰": 1851, "同治": 1862,
    "光绪": 1875, "宣统": 1909, "民国": 1912,
}  # fmt: skip
JANUARY = "元"
LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
RELATIVE_YEARS = {"大前": -3, "前": -2, "去": -1, "今": 0, "本": 0, "明": 1, "后": 2, "大后": 3, "上一": -1, "下一": 1}
RELATIVE_DAYS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "本": 0, "明": 1, "后": 2, "大后": 3}
WEEKDAYS = {
    name: place for place, names in enumerate(("一", "二", "三", "四", "五", "六", "日天"), 1) for name in names
}
WEEK = 7
LAST = "最后"
YEARS_SAID = (1500, 2200)
"""What looks like a day with such a year, and is none, is said to be none."""

SHIFT = r"(?:(?:(?<![马以早晚])上{1,3}|下{1,3}|这|本|当)一?)"
ERA = rf"(?P<era>{'|'.join(ERAS)})(?P<reign>元|\d{{1,2}}|[{CN}]{{1,4}})年"
RELATIVE_YEAR = r"(?P<relative_year>大前|大后|前|去|今|本|明|后|(?<![马以早晚])上一|下一)年(?![化半])"
ANY_YEAR = rf"(?:(?P<year>(?<!\d)(?:\d{{2,4}})|[零一二三四五六七八九]{{2,4}}|[一两二]千[{CN}]{{0,6}})\ ?年|{ERA}|{RELATIVE_YEAR})"
MONTH_NUMBER = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
MONTH = rf"(?<![第\d.])(?P<leap>闰)?(?P<month>{MONTH_NUMBER}|[正冬腊]|(?<![\d百千万亿美欧日港澳加])元)\ ?月份?|(?P<shift_month>{SHIFT})个?月"
LUNAR = r"(?:农历|阴历|旧历)"
DAY_FIGURES = r"(?:3[01]|[12]\d|0?[1-9])"
DAY_NUMERALS = r"(?:三十一?|[二廿]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|卅一?|[一二三四五六七八九])"
BARE_NUMERALS = r"(?:三十一?|[二廿]?十[一二三四五六七八九]|二十|廿[一二三四五六七八九])"
LUNAR_DAY = r"初[一二三四五六七八九十]"
WEEKDAY = r"(?:星期|礼拜)[一二三四五六日天]|周[一二三四五六日]"
UNITS = r"[\d.:点时个天周年月万亿千百%‰元块美港人份笔户次岁折多几半]"
NOT_A_DAY = r"(?![线楼柜机窗店厅院桌台车码文室门客])"


def year_of(match: re.Match[str], today: date) -> int | None:
    """The year a match of ANY_YEAR says; none where it says none."""
    if match["year"]:
        return full_year(match["year"], today)
    if match["era"]:
        return ERAS[match["era"]] - 1 + (1 if match["reign"] == "元" else number(match["reign"]))
    return today.year + RELATIVE_YEARS[match["relative_year"]] if match["relative_year"] else None


def shift_of(words: str | None) -> int:
    """How many weeks, months or years away: 上上 is -2, 这 is 0, 下 is 1."""
    return words.count("下") - words.count("上") if words else 0


def month_of(match: re.Match[str], moment: Moment) -> Written:
    """The year and month a match of ANY_YEAR and MONTH says."""
    year = year_of(match, moment.today)
    if match["shift_month"]:
        first = add_months(moment.today.replace(day=1), shift_of(match["shift_month"]))
        return Written(first.year if year is None else year, first.month)
    name = match["month"]
    if name == JANUARY:
        return Written(year, 1)
    if name is None:
        return Written(year)
    if name in LUNAR_MONTHS:
        return Written(year, LUNAR_MONTHS[name], lunar=True, leap=bool(match["leap"]))
    return Written(year, number(name), lunar=bool(match["leap"]), leap=bool(match["leap"]))


def _written_out(match: re.Match[str], moment: Moment) -> Piece:
    """农历2015年十月初一, 8月15号, 下个月15号, 2020年2月30日, 八月十五 (which may be either calendar's)."""
    month, name = month_of(match, moment), match["day"] or match["bare"]
    day = name.removeprefix("初")
    lunar = bool(month.lunar or match["lunar"] or match["lunar_too"] or name != day)
    plain = match["suffix"] or match["shift_month"] or day[0].isascii()
    written = Written(month.year, month.month, number(day), lunar, either=not (lunar or plain), leap=month.leap)
    return _with_weekday(date_piece(match, written, moment), match["weekday"])


def _with_weekday(piece: Piece, weekday: str | None) -> Piece:
    """Its weekday beside it has to be one of the days it may be."""
    if not weekday or not piece.choices:
        return piece
    place = WEEKDAYS[weekday[-1]]
    if any(choice.since and choice.since.isoweekday() == place for choice in piece.choices):
        return piece
    return replace(piece, trouble="weekday_differs")


def _no_such_day(match: re.Match[str], _moment: Moment) -> Piece:
    """13月5日, 5月32日, 2025年13月: written like a day or a month, and none."""
    return Piece("date", match.start(), match.end(), trouble="no_such_day")


def _day_alone(match: re.Match[str], moment: Moment) -> Piece:
    """12号: of this month or the next, or of the one before."""
    return date_piece(match, Written(day=number(match["day"])), moment)


def _lunar_day_alone(match: re.Match[str], moment: Moment) -> Piece:
    """初五, 大年初一: by the Chinese calendar, in the first month where it says 大年."""
    month = 1 if match["new_year"] else None
    return date_piece(match, Written(month=month, day=number(match["day"][1:]), lunar=True), moment)


def _new_years_eve(match: re.Match[str], moment: Moment) -> Piece:
    """大年三十, the day before the spring festival, with the 30th of the month as it stands beside it."""
    year = year_of(match, moment.today)
    written = Written(year, 1, 30, lunar=True)
    piece = date_piece(match, written, moment)
    if not moment.table:
        return piece
    stands = tuple(choice for choice in piece.choices if choice.calendar == "written")
    eves = [first - timedelta(days=1) for first in lunar_days(Written(year, 1, 1), moment.today, moment.table)]
    found = tuple(sensed(eves, moment.today, calendar="lunar"))
    return replace(piece, choices=found + stands)


def _figures(match: re.Match[str], moment: Moment) -> Piece | None:
    """2010-01-29, 13.5.2015, 3-7-2017, 27-7-3: in every order that makes a day, what the specifications take first."""
    if match["by"] == "-" == match.string[match.start() - 1 : match.start()]:
        return None
    orders = list(dict.fromkeys(_orders(match["a"], match["b"], match["c"], moment.today)))
    if orders:
        choices = tuple(Choice(midnight(day)) for day in orders)
        first = orders[0]
        written = Written(first.year, first.month, first.day)
        return Piece("date", match.start(), match.end(), first.isoformat(), choices, written=written)
    a, b, c = match["a"], number(match["b"]), match["c"]
    year, day = (c, a) if len(c) == len("2019") else (a, c)
    if YEARS_SAID[0] <= number(year) < YEARS_SAID[1] and match["by"]:
        return date_piece(match, Written(number(year), b, number(day)), moment)
    return None


def _orders(a: str, b: str, c: str, today: date) -> Iterator[date]:
    if len(a) == len("2019") or (len(a) == len("27") and len(c) != len("2017")):
        yield from _real(full_year(a, today), number(b), number(c))
    if len(a) != len("2019") and len(c) != 1:
        yield from _real(full_year(c, today), number(b), number(a))
        yield from _real(full_year(c, today), number(a), number(b))


def _real(year: int, month: int, day: int) -> Iterator[date]:
    found = real_day(year, month, day)
    if found:
        yield found


def _month_and_day(match: re.Match[str], moment: Moment) -> Piece | None:
    """8/15, 15/8, 12.31: month first where both can be, and the other reading beside it."""
    a, b = number(match["a"]), number(match["b"])
    orders = [Written(None, month, day) for month, day in ((a, b), (b, a)) if 0 < month <= MONTHS]
    orders = [order for order in orders if 0 < (order.day or 0) <= LONGEST_MONTH]
    choices = tuple(dict.fromkeys(choice for order in orders for choice in day_choices(order, moment)))
    if not orders:
        return None
    first, trouble = orders[0], "" if choices else "no_such_day"
    return Piece("date", match.start(), match.end(), date_timex(first), choices, trouble=trouble, written=first)


def day_piece(match: re.Match[str], day: date) -> Piece:
    """A day that nothing leaves open, and that lends nothing to the other end of a range: its month is not said."""
    return Piece("date", match.start(), match.end(), day.isoformat(), (Choice(midnight(day)),))


def _relative_day(match: re.Match[str], moment: Moment) -> Piece:
    return day_piece(match, moment.today + timedelta(days=RELATIVE_DAYS[match["day"]]))


def _same_day_of_year(match: re.Match[str], moment: Moment) -> Piece:
    """去年今天, 明年的今日."""
    year = year_of(match, moment.today) or moment.today.year
    return day_piece(match, moment.today.replace(year=year))


def _edge_of_month(match: re.Match[str], moment: Moment) -> Piece:
    """本月最后一天, 八月的第一天, 今年最后一天."""
    month, last = month_of(match, moment), match["edge"].startswith(LAST)
    if month.month is None:
        return day_piece(match, date(month.year or moment.today.year, *((12, 31) if last else (1, 1))))
    firsts = _months_meant(month, moment.today)
    days = [first.replace(day=month_days(first) if last else 1) for first in firsts]
    choices = tuple(sensed(days, moment.today, exact=month.year is not None))
    written = Written(month.year, month.month, days[0].day)
    return Piece("date", match.start(), match.end(), date_timex(written), choices)


def _day_of_part(match: re.Match[str], moment: Moment) -> Piece:
    """The 今 of 今晚: a day only together with what follows."""
    return replace(_relative_day(match, moment), joint=True)


def _day_of_range(match: re.Match[str], moment: Moment) -> Piece:
    """The 19 of 19到20日: a day only together with what follows."""
    return replace(_day_alone(match, moment), joint=True)


def _today(match: re.Match[str], moment: Moment) -> Piece:
    return day_piece(match, moment.today)


def _either_day(match: re.Match[str], moment: Moment) -> Piece:
    """明后天: tomorrow or the day after."""
    days = [moment.today + timedelta(days=RELATIVE_DAYS[name]) for name in match["days"]]
    return Piece("date", match.start(), match.end(), days[0].isoformat(), tuple(Choice(midnight(day)) for day in days))


def _weekday(match: re.Match[str], moment: Moment) -> Piece:
    """周三: the next and the last one; 下周三: the one of next week; 上一个周三: the last before today."""
    place, today = WEEKDAYS[match["weekday"][-1]], moment.today
    monday = today - timedelta(days=today.weekday())
    if match["next"]:
        step = place - today.isoweekday()
        step += (WEEK if step <= 0 else 0) if match["next"] == "下" else (-WEEK if step >= 0 else 0)
        return day_piece(match, today + timedelta(days=step))
    if match["shift"]:
        return day_piece(match, monday + timedelta(days=WEEK * shift_of(match["shift"]) + place - 1))
    this = monday + timedelta(days=place - 1)
    choices = tuple(sensed([this + timedelta(days=WEEK * step) for step in (-1, 0, 1)], today))
    return Piece("date", match.start(), match.end(), f"XXXX-WXX-{place}", choices, weekday=place)


def _weekday_of_month(match: re.Match[str], moment: Moment) -> Piece:
    """四月的最后一个星期一, 下个月第二个周五, 最后一个周三 (of this month or the next)."""
    month = month_of(match, moment)
    place = WEEKDAYS[match["weekday"][-1]]
    nth = 0 if match["nth"].startswith(LAST) else number(match["nth"][1:])
    days = [day for first in _months_meant(month, moment.today) if (day := nth_weekday(first, place, nth))]
    choices = tuple(sensed(days, moment.today, exact=month.year is not None))
    timex = f"{date_timex(month)}-WXX-{place}-#{nth or _last_place(choices)}"
    return Piece("date", match.start(), match.end(), timex, choices, trouble="" if choices else "no_such_day")


def _last_place(choices: tuple[Choice, ...]) -> int:
    """Which of its month the last one is: the fourth or the fifth, in the year that comes after the past."""
    since = choices[-1].since if choices else None
    return (since.day - 1) // WEEK + 1 if since else 0


def _months_meant(month: Written, today: date) -> Iterator[date]:
    if month.month is None:
        yield from (add_months(today.replace(day=1), step) for step in (-1, 0, 1))
        return
    years = [month.year] if month.year is not None else range(today.year - 1, today.year + 2)
    yield from (date(year, month.month, 1) for year in years)


def nth_weekday(first: date, place: int, nth: int) -> date | None:
    """The nth such weekday of the month that begins on this day, 0 for the last; none when it has fewer."""
    earliest = first + timedelta(days=(place - first.isoweekday()) % WEEK)
    found = [earliest + timedelta(days=WEEK * step) for step in range(5)]
    inside = [day for day in found if day.day <= month_days(first) and day.month == first.month]
    return inside[-1] if not nth else inside[nth - 1] if nth <= len(inside) else None


LINK = r"\ ?(?:直?到|直?至|-|~)\ ?"
FIGURES_SIDE = r"(?<![\d./:])", r"(?![\d:]|[./]\d|(?P=by)\d|\ ?[万亿%元块])"
"""A dash may stand before and behind a date written with slashes or points: it makes a range of two."""
DAY_RULES: tuple[Rule, ...] = (
    rule(
        rf"{FIGURES_SIDE[0]}(?P<a>\d{{4}}|\d{{1,2}})(?P<by>[-./])(?P<b>\d{{1,2}})(?P=by)(?P<c>\d{{4}}|\d{{1,2}})"
        rf"{FIGURES_SIDE[1]}",
        _figures,
    ),
    rule(r"(?<![\d.])(?P<a>(?:1\d|20)\d\d)(?P<by>\ )(?P<b>[01]?\d)\ (?P<c>[0-3]?\d)(?![\d.:])", _figures),
    rule(r"(?<!\d)(?P<a>20\d\d)(?P<by>)(?P<b>0[1-9]|1[0-2])(?P<c>0[1-9]|[12]\d|3[01])(?!\d|\ ?[万亿%元块])", _figures),
    rule(rf"{FIGURES_SIDE[0]}(?P<a>\d{{1,2}})(?P<by>/)(?P<b>\d{{1,2}}){FIGURES_SIDE[1]}", _month_and_day),
    rule(
        r"(?<![\d./:¥$￥-])(?<!利率)(?<!收益)(?<!年化)(?P<a>0?[1-9]|1[0-2])\.(?P<b>0[1-9]|[12]\d|3[01])"
        rf"(?![-/]\d|\ ?{UNITS}|\ ?[倍级分米吨斤平左成秒])",
        _month_and_day,
    ),
    rule(
        rf"(?:(?P<lunar>{LUNAR})的?)?(?:(?:{ANY_YEAR})的?\ ?)?(?:(?P<lunar_too>{LUNAR})的?)?(?:{MONTH})的?\ ?"
        rf"(?:(?P<day>{LUNAR_DAY}|{DAY_FIGURES}|{DAY_NUMERALS})\ ?(?P<suffix>[日号]){NOT_A_DAY}"
        rf"|(?P<bare>{LUNAR_DAY}|(?:{DAY_FIGURES}|{BARE_NUMERALS})(?!\ ?(?:{UNITS}|[{CN}]|[/-]\d))))"
        rf"(?:[,\ (]{{0,2}}(?P<weekday>{WEEKDAY})\)?)?",
        _written_out,
    ),
    rule(
        r"(?<!\d)(?:(?:\d{4}年)?(?:(?:1[3-9]|[2-9]\d|00?)月\d{1,2}|\d{1,2}月(?:3[2-9]|[4-9]\d|00?))[日号]"
        r"|\d{4}年(?:1[3-9]|[2-9]\d|00?)月)",
        _no_such_day,
    ),
    rule(rf"(?<![\d.月第初周期拜]|[{CN}])(?P<day>{DAY_FIGURES}|{DAY_NUMERALS})\ ?[日号]{NOT_A_DAY}(?![子])", _day_alone),
    rule(rf"(?P<new_year>大?年)?(?P<day>{LUNAR_DAY})(?![中高级一二三])", _lunar_day_alone),
    rule(rf"(?:(?:{ANY_YEAR})的?)?大?年三十", _new_years_eve),
    rule(r"(?P<day>大前|大后|前|昨|今|本|明|后)(?:[天日]|(?<=[昨今明])儿)", _relative_day),
    rule(rf"(?:{ANY_YEAR})的?今[天日]", _same_day_of_year),
    rule(rf"(?:(?:{ANY_YEAR})的?)?(?:{MONTH})?(?<=[年月份的])的?(?P<edge>第一|{LAST}一?)天", _edge_of_month),
    rule(r"(?P<day>[今明昨])(?=[早晚晨夜])", _day_of_part),
    rule(rf"(?<![\d.月第初{CN}-])(?P<day>{DAY_FIGURES}|{DAY_NUMERALS})(?={LINK}(?:{DAY_FIGURES}|{DAY_NUMERALS})[日号])", _day_of_range),
    rule(r"最近(?!的?[一两二三四五六七八九十几\d\ ])", _today),
    rule(r"(?P<days>今明|明后)两?天", _either_day),
    rule(rf"(?:(?P<next>[上下])一个的?|(?P<shift>{SHIFT})个?)?(?P<weekday>{WEEKDAY})", _weekday),
    rule(
        rf"(?:(?:(?:{ANY_YEAR})的?)?(?:{MONTH})里?的?)?(?P<nth>{LAST}一?|第[一二三四五1-5])个?的?(?P<weekday>{WEEKDAY})",
        _weekday_of_month,
    ),
)  # fmt: skip
