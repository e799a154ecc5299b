"""Holidays and feasts as Chinese text names them: by the solar calendar, by the Chinese one, by a weekday of a month."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from keybook.core.occasions import LunarTable
from keybook.core.reading.chinese_days import ANY_YEAR, nth_weekday, year_of
from keybook.core.reading.chinese_numbers import CN
from keybook.core.reading.chinese_values import (
    Choice,
    Moment,
    Piece,
    Rule,
    Written,
    date_timex,
    day_choices,
    lunar_days,
    rule,
    sensed,
)

SOLAR = {
    "元旦": (1, 1), "新年": (1, 1), "情人": (2, 14), "女生": (3, 7), "妇女": (3, 8), "三八": (3, 8), "植树": (3, 12),
    "消费者权益": (3, 15), "愚人": (4, 1), "劳动": (5, 1), "五一": (5, 1), "青年": (5, 4), "五四": (5, 4), "护士": (5, 12),
    "儿童": (6, 1), "六一": (6, 1), "建党": (7, 1), "七一": (7, 1), "建军": (8, 1), "八一": (8, 1), "教师": (9, 10),
    "国庆": (10, 1), "十一": (10, 1), "万圣": (10, 31), "光棍": (11, 11), "双十一": (11, 11), "双11": (11, 11),
    "双十二": (12, 12), "双12": (12, 12), "圣诞": (12, 25),
}  # fmt: skip
LUNAR = {
    "春": (1, 1), "元宵": (1, 15), "上元": (1, 15), "灯": (1, 15), "端午": (5, 5), "端阳": (5, 5), "七夕": (7, 7),
    "中元": (7, 15), "鬼": (7, 15), "中秋": (8, 15), "重阳": (9, 9), "下元": (10, 15), "腊八": (12, 8),
}  # fmt: skip
WEEKDAYS = {"母亲": (5, 7, 2, 7), "父亲": (6, 7, 3, 6), "感恩": (11, 4, 4, 4)}
"""Month, weekday, which one of the month; and the weekday the specifications write."""
NEEDS_DAY = ("春", "灯", "鬼", "情人", "女生", "妇女", "三八", "劳动", "五一", "青年", "五四", "护士", "儿童", "六一", "七一", "八一",
             "教师", "十一", "母亲", "父亲", "新年", "植树", "愚人", "建党", "建军", "感恩", "光棍", "万圣", "消费者权益")  # fmt: skip
"""Names that are a holiday only with 节 or 日 behind them, or before what one does with holidays."""
WITHOUT = ("五一", "十一", "六一", "新年")
PURE_BRIGHTNESS, WINTER_SOLSTICE = (4, 4.81, 5.59), (12, 21.94, 22.60)
"""The month of the two solar terms people keep, and their constants for the years from 2000 on and before."""
TROPICAL = 0.2422


def solar_term(year: int, term: tuple[int, float, float]) -> date:
    """The day of a solar term by the formula of the almanacs, good for 1900-2099."""
    month, late, early = term
    place = year % 100
    return date(year, month, int(place * TROPICAL + (late if year >= 2000 else early)) - place // 4)  # noqa: PLR2004


def _years(match: re.Match[str], today: date) -> list[int]:
    year = year_of(match, today)
    return [year] if year is not None else list(range(today.year - 1, today.year + 2))


def _piece(match: re.Match[str], written: Written, choices: Iterable[Choice]) -> Piece:
    return Piece("date", match.start(), match.end(), date_timex(written), tuple(choices), written=written)


def _holiday(match: re.Match[str], moment: Moment) -> Piece:
    """By its calendar: one of the Chinese calendar has its true day first, then its month and day as they stand."""
    name = match["name"].removesuffix("节").removesuffix("日")
    if name in WEEKDAYS:
        return _by_weekday(match, name, moment)
    lunar = name in LUNAR
    month, day = LUNAR[name] if lunar else SOLAR[name]
    written = Written(year_of(match, moment.today), month, day, lunar)
    return _piece(match, written, day_choices(written, moment))


def _by_weekday(match: re.Match[str], name: str, moment: Moment) -> Piece:
    month, place, nth, stands = WEEKDAYS[name]
    year = year_of(match, moment.today)
    days = [day for each in _years(match, moment.today) if (day := nth_weekday(date(each, month, 1), place, nth))]
    timex = f"{date_timex(Written(year, month))}-WXX-{stands}-{nth}"
    return Piece("date", match.start(), match.end(), timex, tuple(sensed(days, moment.today, exact=year is not None)))


def _eve_of_spring(match: re.Match[str], moment: Moment) -> Piece:
    """除夕: the day before the first day of the Chinese year, with 31 December, as the specifications have it, beside it."""
    year = year_of(match, moment.today)
    written = Written(year, 12, 31)
    return _piece(match, written, eve_choices(written, moment))


def eve_choices(written: Written, moment: Moment) -> Iterator[Choice]:
    """The eves of the Chinese new year that may be meant, then the written day."""
    if moment.table:
        yield from sensed(_eves(written.year, moment.today, moment.table), moment.today, calendar="lunar")
    for choice in day_choices(written, moment):
        yield choice._replace(calendar="written")


def _eves(year: int | None, today: date, table: LunarTable) -> Iterator[date]:
    for first in lunar_days(Written(year, 1, 1), today, table):
        yield first - timedelta(days=1)


def _term(match: re.Match[str], moment: Moment) -> Piece:
    """清明 and 冬至: the day the sun says, and 4 April or 22 December as the specifications have it."""
    term, stands = (PURE_BRIGHTNESS, 4) if match["term"] == "清明" else (WINTER_SOLSTICE, 22)
    year = year_of(match, moment.today)
    days = [solar_term(each, term) for each in _years(match, moment.today)]
    written = Written(year, term[0], stands)
    found = tuple(sensed(days, moment.today, exact=year is not None))
    known = {choice.since for choice in found}
    others = (choice._replace(calendar="written") for choice in day_choices(written, moment))
    return _piece(match, written, iter(found + tuple(choice for choice in others if choice.since not in known)))


def _eve(match: re.Match[str], moment: Moment) -> Piece:
    written = Written(year_of(match, moment.today), 12, 24)
    return _piece(match, written, day_choices(written, moment))


def _around_new_year(match: re.Match[str], moment: Moment) -> Piece:
    """年前, 年后: of the spring festival, or of 1 January; which one has to be asked."""
    choices = [*day_choices(Written(None, 1, 1, lunar=True), moment), *day_choices(Written(None, 1, 1), moment)]
    coming = [choice for choice in choices if choice.sense != "past" and choice.calendar != "written"]
    before = match["side"] == "前"
    sides = tuple(
        Choice(None, choice.since, "", choice.calendar) if before else Choice(choice.since, None, "", choice.calendar)
        for choice in coming
    )
    return Piece("daterange", match.start(), match.end(), f"{moment.today.year + 1}-01-01", sides)


_FREE = "|".join(name for name in (*SOLAR, *LUNAR) if name not in NEEDS_DAY)
_BOUND = "|".join(NEEDS_DAY)
_YEAR = rf"(?:(?:{ANY_YEAR})的?)?"
_NO_NAME = r"(?!女士|先生|小姐|太太|总|经理|主任|老师|阿姨|叔叔)"
_USED = r"(?=假期|小?长假|黄金周|放假|期间|之?前|之?后|以前|以后|回来|出行|促销)"
HOLIDAY_RULES: tuple[Rule, ...] = (
    rule(
        rf"{_YEAR}(?P<name>(?:{_FREE})节?|(?:{_BOUND})节|消费者权益日|(?<![\d月周第初])(?:{'|'.join(WITHOUT)}){_USED}|(?<![\d月周第初{CN}])[五六]一(?![\d{CN}点月日号个]|[天年周])|新年){_NO_NAME}",
        _holiday,
    ),
    rule(rf"{_YEAR}(?:除夕夜?|大年夜)", _eve_of_spring),
    rule(rf"{_YEAR}(?P<term>清明|冬至)节?", _term),
    rule(rf"{_YEAR}平安夜", _eve),
    rule(
        rf"(?<![\d{CN}几半多今明去前后本整全近往每同当])年(?P<side>[前后])(?![天台面期来往年后途几的级化])",
        _around_new_year,
    ),
)
