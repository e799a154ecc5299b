"""Years, months, weeks, quarters, decades and their parts in Chinese text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from keybook.core.reading.chinese_days import (
    ANY_YEAR,
    LAST,
    LINK,
    LUNAR,
    MONTH,
    MONTH_NUMBER,
    SHIFT,
    WEEK,
    month_of,
    shift_of,
    year_of,
)
from keybook.core.reading.chinese_numbers import CN, full_year, number
from keybook.core.reading.chinese_values import (
    MONTHS,
    Choice,
    Moment,
    Piece,
    Rule,
    Written,
    add_months,
    date_timex,
    lunar_days,
    midnight,
    rule,
)

QUARTER, HALF_YEAR, DECADE, CENTURY = 3, 6, 10, 100
LAST_CENTURY = 21
SEASONS = {"春": "SP", "夏": "SU", "秋": "FA", "冬": "WI"}
THURSDAY = 4
Days = tuple[date, date]


def choices_of(intervals: Iterable[Days], today: date) -> Iterator[Choice]:
    """The interval that is not over yet and the one before it; without senses where there is only one."""
    ordered = sorted(set(intervals))
    if len(ordered) == 1:
        yield Choice(midnight(ordered[0][0]), midnight(ordered[0][1]))
        return
    coming = [days for days in ordered if days[1] > today]
    past = [days for days in ordered if days not in coming[:1] and days[0] < today]
    yield from (Choice(midnight(since), midnight(until), "future") for since, until in coming[:1])
    yield from (Choice(midnight(since), midnight(until), "past") for since, until in past[-1:])


def period(match: re.Match[str], timex: str, choices: Iterable[Choice], grain: str) -> Piece:
    """A range of days a pattern found."""
    return Piece("daterange", match.start(), match.end(), timex, tuple(choices), grain=grain)


def _exact(match: re.Match[str], since: date, until: date, timex: str, grain: str) -> Piece:
    return period(match, timex, [Choice(midnight(since), midnight(until))], grain)


def _span(match: re.Match[str], since: date, months: int, code: str = "") -> Piece:
    """So many months from a day on, as an interval with its length: (2017-01-01,2017-04-01,P3M)."""
    until = add_months(since, months)
    return _exact(match, since, until, f"({since},{until},{code or f'P{months}M'})", "span")


def _year(match: re.Match[str], moment: Moment) -> Piece | None:
    year = year_of(match, moment.today)
    if year is None or (match["year"] and not _is_year(match["year"])):
        return None
    written = Written(year)
    piece = _exact(match, date(year, 1, 1), date(year + 1, 1, 1), f"{year:04}", "year")
    return replace(piece, written=written)


def _is_year(text: str) -> bool:
    """Figures or four characters, or 零八; 18 can be both and is left as a year beside eighteen years, 120 is a count."""
    if len(text) == len("789") and number(text) % DECADE == 0:
        return False
    return text.isdecimal() or len(text) == len("2008") or text[0] in "零五六七八九" or "千" in text


def _bare_year(match: re.Match[str], moment: Moment) -> Piece:
    year = full_year(match[0], moment.today)
    piece = _exact(match, date(year, 1, 1), date(year + 1, 1, 1), match[0], "year")
    return replace(piece, written=Written(year))


def _short_years(match: re.Match[str], moment: Moment) -> Piece | None:
    """16-18年: up to the beginning of the last one, as the specifications have it, and up to its end."""
    since, until = full_year(match["since"], moment.today), full_year(match["until"], moment.today)
    if since >= until:
        return None
    ends = [(date(since, 1, 1), date(year, 1, 1)) for year in (until, until + 1)]
    timex = f"({since}-01-01,{until}-01-01,P{until - since}Y)"
    return period(match, timex, [Choice(midnight(a), midnight(b)) for a, b in ends], "span")


def _year_of_range(match: re.Match[str], moment: Moment) -> Piece:
    """The 2016 of 2016-2018: a year only together with what follows."""
    return replace(_bare_year(match, moment), joint=True)


def _month(match: re.Match[str], moment: Moment) -> Piece:
    """明年四月, 2018年10月, 八月, 下个月; 正月 and 腊月 by the Chinese calendar."""
    written = month_of(match, moment)
    written = replace(written, lunar=written.lunar or bool(match["lunar"]))
    timex = date_timex(written)
    choices = tuple(_month_choices(written, moment))
    return Piece("daterange", match.start(), match.end(), timex, choices, written=written, grain="month")


def _month_of_range(match: re.Match[str], moment: Moment) -> Piece:
    """The 3 of 3到5月: a month only together with what follows."""
    return replace(_month(match, moment), joint=True)


def _month_choices(written: Written, moment: Moment) -> Iterator[Choice]:
    if written.lunar and moment.table:
        lengths = {month.first_day: month.days for month in moment.table}
        days = lunar_days(written, moment.today, moment.table)
        lunar = [(day, day + timedelta(days=lengths[day])) for day in days]
        yield from (choice._replace(calendar="lunar") for choice in choices_of(lunar, moment.today))
    stands = [(first, add_months(first, 1)) for first in months_meant(written, moment.today)]
    yield from (
        choice._replace(calendar="written" if written.lunar else "") for choice in choices_of(stands, moment.today)
    )


def months_meant(written: Written, today: date) -> list[date]:
    """The first days of the months that may be meant."""
    years = [written.year] if written.year is not None else range(today.year - 1, today.year + 2)
    return [date(year, written.month or 1, 1) for year in years]


def _figures_month(match: re.Match[str], _moment: Moment) -> Piece:
    """2018-10, 2018/10."""
    first = date(int(match["year"]), number(match["month"]), 1)
    piece = _exact(match, first, add_months(first, 1), f"{first:%Y-%m}", "month")
    written = Written(first.year, first.month)
    return replace(piece, written=written)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_timex(monday: date) -> str:
    """2017-W13."""
    year, week, _ = monday.isocalendar()
    return f"{year:04}-W{week:02}"


def _week(match: re.Match[str], moment: Moment) -> Piece:
    monday = _monday(moment.today) + timedelta(days=WEEK * shift_of(match["shift"]))
    return _exact(match, monday, monday + timedelta(days=WEEK), week_timex(monday), "week")


def _weekend(match: re.Match[str], moment: Moment) -> Piece:
    monday = _monday(moment.today) + timedelta(days=WEEK * shift_of(match["shift"]))
    saturday = monday + timedelta(days=5)
    return _exact(match, saturday, saturday + timedelta(days=2), week_timex(monday) + "-WE", "week")


def _week_of_month(match: re.Match[str], moment: Moment) -> Piece | None:
    """十月的第一周, 下个月最后一周: a week belongs to the month its Thursday lies in."""
    month = month_of(match, moment)
    nth = 0 if match["nth"].startswith(LAST) else number(match["nth"][1:])
    weeks = [week for first in months_meant(month, moment.today) if (week := _nth_week(first, nth))]
    if not weeks:
        return None
    timex = f"{date_timex(month)}-W{nth or 5:02}"
    return period(match, timex, choices_of(weeks, moment.today), "week")


def _nth_week(first: date, nth: int) -> Days | None:
    thursday = first + timedelta(days=(THURSDAY - first.isoweekday()) % WEEK)
    inside = [day for step in range(5) if (day := thursday + timedelta(days=WEEK * step)).month == first.month]
    found = inside[-1] if not nth else inside[nth - 1] if nth <= len(inside) else None
    return (_monday(found), _monday(found) + timedelta(days=WEEK)) if found else None


def _week_of_year(match: re.Match[str], moment: Moment) -> Piece:
    year, nth = year_of(match, moment.today) or moment.today.year, number(match["nth"])
    monday = date.fromisocalendar(year, nth, 1)
    return _exact(match, monday, monday + timedelta(days=WEEK), f"{year:04}-W{nth:02}", "week")


def _quarter(match: re.Match[str], moment: Moment) -> Piece:
    """今年第一季度, Q3."""
    return _months_of_year(match, moment, (number(match["nth"] or match["figure"]) - 1) * QUARTER + 1, QUARTER)


def _months_of_year(match: re.Match[str], moment: Moment, month: int, months: int) -> Piece:
    """So many months of a year, or of the coming and the past one where none is said."""
    year = year_of(match, moment.today)
    if year is not None:
        return _span(match, date(year, month, 1), months)
    firsts = months_meant(Written(None, month), moment.today)
    found = choices_of([(first, add_months(first, months)) for first in firsts], moment.today)
    after = f"{month + months:02}" if month + months <= MONTHS else "01"
    return period(match, f"(XXXX-{month:02}-01,XXXX-{after}-01,P{months}M)", found, "span")


def _quarter_from_here(match: re.Match[str], moment: Moment) -> Piece:
    today = moment.today
    first = date(today.year, (today.month - 1) // QUARTER * QUARTER + 1, 1)
    return _span(match, add_months(first, QUARTER * shift_of(match["shift"])), QUARTER)


def _half_year(match: re.Match[str], moment: Moment) -> Piece:
    return _months_of_year(match, moment, 1 if match["half"] == "上" else HALF_YEAR + 1, HALF_YEAR)


def _end_of_quarter(match: re.Match[str], moment: Moment) -> Piece:
    """季末, 本季度末, 三季度末: its last third of a month, and its last day by itself."""
    if match["nth"]:
        month = number(match["nth"]) * QUARTER
        firsts = months_meant(Written(year_of(match, moment.today), month), moment.today)
    else:
        first = date(moment.today.year, (moment.today.month - 1) // QUARTER * QUARTER + QUARTER, 1)
        firsts = [add_months(first, QUARTER * shift_of(match["shift"]))]
    ends = [*choices_of([_third(each, 2) for each in firsts], moment.today)]
    ends += choices_of([_last_day(each) for each in firsts], moment.today)
    return period(
        match, f"{firsts[-1]:%Y-%m}-END" if len(firsts) == 1 else f"XXXX-{firsts[0].month:02}-END", ends, "part"
    )


def _inside_this(match: re.Match[str], moment: Moment) -> Piece:
    """年内, 月内, 本周内: from today to the end of it."""
    today = moment.today
    until = {
        "年": date(today.year + 1, 1, 1),
        "月": add_months(today.replace(day=1), 1),
        "周": _monday(today) + timedelta(days=WEEK),
    }[match["unit"]]
    timex = f"({today},{until},P{(until - today).days}D)"
    return _exact(match, today, until, timex, "span")


def _months_of_a_year(match: re.Match[str], moment: Moment) -> Piece | None:
    """今年前三个月, 去年最后两个月."""
    year, months = year_of(match, moment.today), number(match["amount"])
    if year is None or not 0 < months <= MONTHS:
        return None
    return _span(match, date(year, 1 if match["side"] == "前" else MONTHS - months + 1, 1), months)


def _season(match: re.Match[str], moment: Moment) -> Piece:
    """今年夏天: the specifications fix no days for it, nor does anybody else; so it is to be asked."""
    year = year_of(match, moment.today)
    timex = f"{'XXXX' if year is None else f'{year:04}'}-{SEASONS[match['season']]}"
    return Piece("daterange", match.start(), match.end(), timex, trouble="no_fixed_days")


def _century_of(match: re.Match[str], today: date) -> int | None:
    """The first year of the century, or none where it is not said."""
    if match["full"]:
        return number(match["full"]) * CENTURY
    if match["century"]:
        return (number(match["century"]) - 1) * CENTURY
    this = today.year - today.year % CENTURY
    return this + CENTURY * shift_of(match["shift"]) if match["shift"] else None


def _decade(match: re.Match[str], moment: Moment) -> Piece | None:
    """上世纪90年代, 20世纪80年代; 九十年代 of this century and of the last one."""
    place, first = number(match["decade"]), _century_of(match, moment.today)
    if place % DECADE or place >= CENTURY:
        return None
    if first is not None:
        return _span(match, date(first + place, 1, 1), DECADE * MONTHS, "P10Y")
    this = moment.today.year - moment.today.year % CENTURY
    starts = [date(this + step + place, 1, 1) for step in (-CENTURY, 0, CENTURY)]
    intervals = [(start, add_months(start, DECADE * MONTHS)) for start in starts]
    timex = f"(XX{place:02}-01-01,XX{(place + DECADE) % CENTURY:02}-01-01,P10Y)"
    return period(match, timex, choices_of(intervals, moment.today), "span")


def _century(match: re.Match[str], moment: Moment) -> Piece | None:
    first = _century_of(match, moment.today)
    return _span(match, date(first, 1, 1), CENTURY * MONTHS, "P100Y") if first else None


def _part_of_month(match: re.Match[str], moment: Moment) -> Piece:
    """月初 1-10, 月中 11-20, 月底 21 to the end, and the last day by itself; the 旬 are the same thirds exactly."""
    named = match["month"] or match["shift_month"]
    written = month_of(match, moment) if named else Written(moment.today.year, moment.today.month)
    firsts = months_meant(written, moment.today)
    place = {"初": 0, "上": 0, "中": 1, "下": 2, "底": 2, "末": 2}[match["part"][0]]
    found = list(choices_of([_third(first, place) for first in firsts], moment.today))
    if match["part"] in "底末":
        found += choices_of([_last_day(first) for first in firsts], moment.today)
    code = ("START", "MID", "END")[place]
    return period(match, f"{date_timex(written)}-{code}", found, "part")


def _third(first: date, place: int) -> Days:
    ends = (first, first + timedelta(days=10), first + timedelta(days=20), add_months(first, 1))
    return ends[place], ends[place + 1]


def _last_day(first: date) -> Days:
    after = add_months(first, 1)
    return after - timedelta(days=1), after


def _part_of_year(match: re.Match[str], moment: Moment) -> Piece:
    """年初 is January, 年中 June and July, 年底 December, and the last day of the year by itself."""
    year = year_of(match, moment.today) if match["named"] else moment.today.year
    year = moment.today.year if year is None else year
    since, months = {"初": (1, 1), "中": (6, 2), "底": (12, 1), "末": (12, 1)}[match["part"]]
    first = date(year, since, 1)
    found = [(first, add_months(first, months))]
    if match["part"] in "底末":
        found.append((date(year, 12, 31), date(year + 1, 1, 1)))
    code = {"初": "START", "中": "MID"}.get(match["part"], "END")
    return period(match, f"{year:04}-{code}", [Choice(midnight(a), midnight(b)) for a, b in found], "part")


_NOT_A_MONTH = r"(?![\d饼球])"
_BARE_UNITS = r"(?!\d|[.:/,%-]\d|\ ?[万亿元块千百%‰美港欧个人份笔户次股斤克米点号日月天分秒人位名家平])"
_A_YEAR = r"(?:1[5-9]\d\d|20\d\d|2100)"
PERIOD_RULES: tuple[Rule, ...] = (
    rule(rf"(?:{ANY_YEAR})(?![前后]?[级龄代])", _year),
    rule(rf"(?<![\d./:,¥$-])(?:1[5-9]\d\d|20\d\d|2100){_BARE_UNITS}", _bare_year),
    rule(
        rf"(?<![\d./:-]){_A_YEAR}(?={LINK}{_A_YEAR}年?(?![\d./:-]))",
        _year_of_range,
    ),
    rule(
        rf"(?<![\d./:-])(?P<since>\d\d)年?{LINK}(?P<until>\d\d)年(?![\d{CN}]{{1,2}}月|[期后前内])",
        _short_years,
    ),
    rule(rf"(?<=\d{{4}}[-~到至])(?:{_A_YEAR})(?![\d./:-])(?!年)", _bare_year),
    rule(rf"(?:(?P<lunar>{LUNAR})的?)?(?:(?:{ANY_YEAR})的?\ ?)?(?:{MONTH}){_NOT_A_MONTH}", _month),
    rule(
        r"(?<![\d./:-])(?P<year>(?:1[5-9]|20)\d\d)[-/.](?P<month>0?[1-9]|1[0-2])(?![\d.:/-])(?!\ ?[万亿元%])",
        _figures_month,
    ),
    rule(
        rf"(?:(?:{ANY_YEAR})的?\ ?)?(?<![\d.第])(?P<month>{MONTH_NUMBER})(?={LINK}{MONTH_NUMBER}月(?![\d{CN}]))(?P<leap>)(?P<shift_month>)(?P<lunar>)",
        _month_of_range,
    ),
    rule(rf"(?P<shift>{SHIFT})个?(?:周|星期|礼拜)(?![末一二三四五六日天])", _week),
    rule(rf"(?:(?P<shift>{SHIFT})个?)?(?:周末|双休日|星期末|周六[、和]?周?日)", _weekend),
    rule(
        rf"(?:(?:{ANY_YEAR})的?)?(?:{MONTH})里?的?(?P<nth>{LAST}一?|第[一二三四五1-5])个?(?:周|星期|礼拜)(?![末一二三四五六日天])",
        _week_of_month,
    ),
    rule(rf"(?:(?:{ANY_YEAR})的?)?第(?P<nth>[1-5]?\d|[{CN}]{{1,3}})周", _week_of_year),
    rule(
        rf"(?:(?:{ANY_YEAR})的?)?(?:第?(?P<nth>[一二三四1-4])个?季度?(?![节军])|[qQ](?P<figure>[1-4])(?![\w]))",
        _quarter,
    ),
    rule(rf"(?P<shift>{SHIFT})个?季度?(?![节军])", _quarter_from_here),
    rule(rf"(?:(?:(?:{ANY_YEAR})的?)?第?(?P<nth>[一二三四1-4])|(?P<shift>{SHIFT})个?)?季度?[末底]", _end_of_quarter),
    rule(rf"(?:[今本当]|(?<![\d{CN}个半几多明去后前]))(?P<unit>[年月周])(?:之内|以内|内)", _inside_this),
    rule(rf"(?:{ANY_YEAR})的?(?P<side>前|后|最后)(?P<amount>\d{{1,2}}|[{CN}]{{1,2}})个月", _months_of_a_year),
    rule(rf"(?:(?:{ANY_YEAR})的?)?(?P<half>[上下])半年", _half_year),
    rule(rf"(?:(?:{ANY_YEAR})的?)?(?P<season>[春夏秋冬])[天季]", _season),
    rule(
        rf"(?:(?:(?P<century>\d{{1,2}}|[{CN}]{{1,3}})|(?P<shift>{SHIFT})个?)世纪的?|(?<!\d)(?P<full>1\d|20)(?=\d0年代))?(?<![.])(?P<decade>\d0|[{CN}]{{1,2}})年代",
        _decade,
    ),
    rule(
        rf"(?:(?P<century>(?<!\d)\d{{1,2}}|[{CN}]{{1,3}})|(?P<shift>{SHIFT})个?)世纪(?P<full>)(?!的?[\d{CN}]{{1,2}}年代)",
        _century,
    ),
    rule(
        rf"(?:(?:(?:{ANY_YEAR})的?)?(?:{MONTH})的?月?|(?<![\d{CN}个])月)(?P<part>[上中下]旬|[初中底末](?![秋午]))",
        _part_of_month,
    ),
    rule(
        rf"(?:(?P<named>{ANY_YEAR})|(?<![\d{CN}个半几多])年)的?(?:(?<=年)年)?(?P<part>[初中底末](?![一二三四五六七八九十]|[秋午间国]))",
        _part_of_year,
    ),
)
