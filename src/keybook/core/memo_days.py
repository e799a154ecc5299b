"""The days a memorandum speaks of: each with every reading that is still to come, and lunar or numeric days of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from keybook.core.occasions import LONGEST_MONTHS, MONTHS_A_YEAR
from keybook.core.reading.entity import Entity, Reading
from keybook.core.reading.numbers_chinese import at as number_at

ONE_DAY = timedelta(days=1)
DATED = {"date", "datetime", "daterange", "datetimerange", "time", "timerange"}


@dataclass(frozen=True, slots=True)
class Day:
    """A stretch that names a day: the choices are ISO days, moments or intervals; none with its trouble."""

    start: int
    end: int
    choices: tuple[str, ...] = ()
    trouble: str = ""
    alternatives: bool = False
    """Several days of which one is meant (1 or 10 December), not one text with several readings."""

    @property
    def is_open(self) -> bool:
        """Whether it leaves the day open: an interval, or no end."""
        return any("/" in choice for choice in self.choices) or self.trouble == "open"


@dataclass(frozen=True, slots=True)
class LunarSpan:
    """A day of the Chinese calendar as written: MM-DD or LMM-DD."""

    start: int
    end: int
    value: str


def days(*, entities: Iterable[Entity], text: str, at: datetime) -> list[Day]:
    """The days of the entities, and those written in figures alone (15/8, 12-20)."""
    found = [day for one in entities if one.kind in DATED and (day := _day(one, at))]
    more = [one for one in _figures(text, at) if all(one.end <= day.start or day.end <= one.start for day in found)]
    covered = [day for day in found if not any(one.start <= day.start and day.end <= one.end for one in more)]
    return sorted([*covered, *more], key=lambda day: day.start)


def _day(one: Entity, at: datetime) -> Day | None:
    if not one.readings:
        return Day(one.start, one.end, (), one.trouble or "no_such_day") if one.kind == "date" else None
    coming = [reading for reading in one.readings if reading.sense != "past" and reading.calendar != "written"]
    if not coming:
        return Day(one.start, one.end, (), "open") if one.kind != "time" else None
    if one.kind == "time":
        return Day(one.start, one.end, _clock(coming, at))
    if one.kind == "timerange":
        return None
    values = [_value(reading.value) for reading in coming]
    whole = [value for value in values if "/" not in value]
    choices = tuple(dict.fromkeys(whole or values))
    if END.search(one.text.lower()):
        choices = tuple(_last(choice) for choice in choices)
    if any(choice.endswith("..") for choice in choices):
        return Day(one.start, one.end, (), "open")
    if len(choices) == 1 and "/" not in choices[0]:
        choices = _today_or_next(one.text, _next(one.text, choices, at), at)
    return Day(one.start, one.end, choices)


END = re.compile(r"\bend\b|底|末$")


def _last(choice: str) -> str:
    """The last day of an interval: the end of August is the 31st."""
    start, slash, end = choice.partition("/")
    weekend = slash and end != ".." and date.fromisoformat(end) - date.fromisoformat(start) <= 3 * ONE_DAY
    return choice if not slash or weekend or ".." in choice else (date.fromisoformat(end) - ONE_DAY).isoformat()


def _next(text: str, choices: tuple[str, ...], at: datetime) -> tuple[str, ...]:
    """Next Wednesday is this week's for some and the coming week's for others."""
    weekday = re.match(r"next (?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", text.lower())
    if not weekday:
        return choices
    day = date.fromisoformat(choices[0][:10])
    near = at.date() + timedelta(days=(day.weekday() - at.weekday()) % 7 or 7)
    both = sorted({near, near + timedelta(days=7)} if near - at.date() < timedelta(days=7 - at.weekday()) else {day})
    return tuple(one.isoformat() + choices[0][10:] for one in both)


WEEKDAY = re.compile(
    r"^(?:on )?(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|^(?:周|星期|礼拜)[一二三四五六日天]"
)


def _today_or_next(text: str, choices: tuple[str, ...], at: datetime) -> tuple[str, ...]:
    """Monday, written on a Monday, is today for some and in a week for others."""
    if len(choices) > 1 or choices[0][:10] != f"{at:%Y-%m-%d}" or not WEEKDAY.match(text.lower()):
        return choices
    return (choices[0], (at.date() + timedelta(days=7)).isoformat() + choices[0][10:])


def _clock(readings: Sequence[Reading], at: datetime) -> tuple[str, ...]:
    """A time without a day is today's; of 2 and 14 o'clock the one still to come."""
    clocks = [reading.value[1:6] for reading in readings]
    clocks = [clock if len(clock) > 2 else f"{clock}:00" for clock in clocks]  # noqa: PLR2004  the hour alone
    later = [clock for clock in clocks if clock > f"{at:%H:%M}"]
    return tuple(dict.fromkeys(f"{at:%Y-%m-%d}T{clock}" for clock in later[:2]))


def _value(value: str) -> str:
    """A moment to the minute; an interval of one day as the day; an interval up to a day as that day."""
    start, slash, end = value.partition("/")
    if not slash:
        return value[:16]
    if start == "..":
        return end[:10]
    if end != ".." and _one_day(start, end):
        return start[:10]
    return f"{start[:10]}/{end[:10]}"


def _one_day(start: str, end: str) -> bool:
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    return last - first <= ONE_DAY and first.date() >= (last - timedelta(seconds=1)).date() - ("T" in start) * ONE_DAY


FIGURES = re.compile(
    r"(?<![\d/.,:-])(\d{1,2})([/-])(\d{1,2})(?:[/-]((?:19|20)\d{2}))?(?![\d/.,:-]*\d|[万亿千百kwm年个天%]|[ ]?(?:月|weeks?|months?|days?|years?))"
)
ON = re.compile(
    r"(?:到期日?|due|until|matur\w*|on|by|before|生日|birthday|born)[ :：是为]{0,3}(?:on |date )?$", re.IGNORECASE
)


def _figures(text: str, at: datetime) -> list[Day]:
    """15/8 is 15 August, 12-20 is 20 December, 3/4 is both; only where the words before or after say that it is a day."""
    found = []
    for match in FIGURES.finditer(text):
        named = match[4] or match[2] == "/" or ON.search(text[: match.start()])
        if not named or not (match[4] or _is_day(text, match)):
            continue
        first, second = int(match[1]), int(match[3])
        choices = [
            _coming(month, day, match[4], at) for month, day in dict.fromkeys(((second, first), (first, second)))
        ]
        real = tuple(choice for choice in choices if choice)
        found.append(Day(match.start(), match.end(), real, "" if real else "no_such_day"))
    return found


def _is_day(text: str, match: re.Match[str]) -> bool:
    after = text[match.end() : match.end() + 6]
    return bool(ON.search(text[: match.start()])) or bool(re.match(r"[ ]?(?:到期|matur|due|call|生日|前)", after))


def _coming(month: int, day: int, year: str | None, at: datetime) -> str:
    """The next such day, or that of the year said; nothing when no year has it."""
    if not 1 <= month <= MONTHS_A_YEAR or not 1 <= day <= LONGEST_MONTHS[month - 1]:
        return ""
    for candidate in [int(year)] if year else range(at.year, at.year + 9):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found >= at.date():
            return found.isoformat()
    return ""


NUMERALS = "一二三四五六七八九十"
LUNAR = re.compile(
    rf"(?P<named>(?:农历|阴历|旧历)的?[ ]?)?(?P<leap>闰)?(?P<month>正|冬|腊|十[一二]|[{NUMERALS}]|1[0-2]|[1-9])月(?P<day>初[{NUMERALS}]|廿[{NUMERALS[:9]}]?|三十|卅|二?十[{NUMERALS[:9]}]?|[{NUMERALS}]|[123]?\d)(?P<solar>[日号])?(?P<after>[ ]?(?:生日)?[ ]?[(（]?(?:农历|阴历))?"
)
SPECIAL = {"正": 1, "冬": 11, "腊": 12}


def lunar_days(text: str) -> list[LunarSpan]:
    """Days of the Chinese calendar: said so (农历), or written as only they are (初五, 廿三, 腊月, 闰四月)."""
    found = []
    for match in LUNAR.finditer(text):
        sure = (
            match["named"]
            or match["leap"]
            or match["after"]
            or match["month"] in SPECIAL
            or match["day"][0] in "初廿卅"
        )
        if sure and "阳历" not in text[max(0, match.start() - 3) : match.start()]:
            month, day = _month(match["month"]), _lunar_day(match["day"])
            end = match.end("day") if not match["solar"] else match.end("solar")
            if 1 <= day <= 30:  # noqa: PLR2004  the longest lunar month
                found.append(LunarSpan(match.start(), end, f"{'L' if match['leap'] else ''}{month:02}-{day:02}"))
    return found


def _month(word: str) -> int:
    return SPECIAL[word] if word in SPECIAL else _whole(word)


def _lunar_day(word: str) -> int:
    if word[0] == "初":
        return _whole(word[1:])
    if word[0] in "廿卅":
        return (20 if word[0] == "廿" else 30) + (_whole(word[1:]) if word[1:] else 0)
    return _whole(word)


def _whole(word: str) -> int:
    found = number_at(word, 0)
    return int(found.value) if found else 0


SOLAR = re.compile(
    rf"(?:(?P<year>(?:19|20)\d\d)[年.-][ ]?)?(?P<month>1[0-2]|[1-9]|\d\d|十[一二]?|[{NUMERALS[:9]}])月(?P<day>[123]?\d|[二三]?十[{NUMERALS[:9]}]?|[{NUMERALS}])(?P<mark>[日号])?"
)


def solar_days(text: str) -> list[tuple[Day, bool]]:
    """Months and days in Chinese as written (`MM-DD`, with the year if said), and whether they may be lunar (八月五)."""
    found = []
    for match in SOLAR.finditer(text):
        month, day = _whole(match["month"]), _whole(match["day"])
        real = 1 <= month <= MONTHS_A_YEAR and 1 <= day <= LONGEST_MONTHS[month - 1]
        value = (f"{match['year']}-" if match["year"] else "") + f"{month:02}-{day:02}"
        spoken = not match["mark"] and match["month"][0] in NUMERALS and not match["year"]
        found.append((Day(match.start(), match.end(), (value,) if real else (), "" if real else "no_such_day"), spoken))
    return found


def grouped(found: Sequence[Day], text: str) -> list[Day]:
    """Days with only 或, 、or blanks between are alternatives: 12月1日或者12月10日."""
    kept: list[Day] = []
    for day in found:
        last = kept[-1] if kept else None
        if last and last.choices and day.choices and JOINT.fullmatch(text, last.end, day.start):
            choices = tuple(dict.fromkeys((*last.choices, *day.choices)))
            kept[-1] = replace(last, end=day.end, choices=choices, alternatives=True)
        else:
            kept.append(day)
    return kept


JOINT = re.compile(r"[ 、]{0,3}(?:或者?|还是|、|or|and|和|及|&)?[ ]{0,3}")
