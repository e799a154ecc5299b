"""Times of day in Chinese text: by the clock, and by the part of the day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import NamedTuple

from keybook.core.reading.chinese_days import LINK
from keybook.core.reading.chinese_numbers import number
from keybook.core.reading.chinese_values import Choice, Clock, Moment, Piece, Rule, rule

NOON, DAY_HOURS = 12, 24
EARLIEST_EVENING = 5
"""晚上一点 to 晚上四点 are after midnight, 晚上五点 is in the evening."""


class Part(NamedTuple):
    """A part of the day: its TIMEX3 code, its hours as the specifications have them."""

    code: str
    since: time
    until: time


_DAWN = Part("TDA", time(4), time(8))
_MORNING = Part("TMO", time(8), time(12))
_MIDDAY = Part("TMI", time(11), time(13))
_AFTERNOON = Part("TAF", time(12), time(16))
_EVENING = Part("TEV", time(16), time(20))
_NIGHT = Part("TNI", time(20), time(23, 59, 59))
PARTS = {
    "凌晨": _DAWN, "清晨": _DAWN, "黎明": _DAWN, "拂晓": _DAWN, "早上": _MORNING, "早晨": _MORNING, "早间": _MORNING,
    "上午": _MORNING, "午前": _MORNING, "早": _MORNING, "晨": _MORNING, "中午": _MIDDAY, "正午": _MIDDAY, "午间": _MIDDAY,
    "下午": _AFTERNOON, "午后": _AFTERNOON, "傍晚": _EVENING, "黄昏": _EVENING, "晚上": _EVENING, "晚间": _EVENING, "晚": _EVENING,
    "夜里": _NIGHT, "夜间": _NIGHT, "夜晚": _EVENING, "深夜": _NIGHT, "半夜": _NIGHT, "午夜": _NIGHT, "夜": _NIGHT,
}  # fmt: skip
PART = "|".join(PARTS)
LONG_PART = "|".join(name for name in PARTS if len(name) > 1)
HOUR = (
    r"(?:(?<![\d:.第])(?:2[0-4]|1\d|0?\d)"
    r"|(?:(?<![第年月零一二三四五六七八九十百千])|(?<=[周期拜][一二三四五六]))(?:二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九]))"
)
MINUTE = r"(?:[1-5]\d|0?\d|[二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九])"
SECOND = MINUTE
ABOUT = r"(?:大约|大概|约莫|差不多|约)?"
QUARTERS = {"一刻": 15, "三刻": 45, "半": 30, "1刻": 15, "3刻": 45}


def hour_of(clock: Clock) -> int:
    """The hour of the day its part of the day makes of the hour it names."""
    code = PARTS[clock.part].code if clock.part else ""
    if clock.hour == NOON:
        return 0 if code in ("TDA", "TNI", "TEV") else NOON
    if code in ("TEV", "TNI"):
        return clock.hour + NOON if EARLIEST_EVENING <= clock.hour < NOON else clock.hour
    later = (code == "TAF" and clock.hour < NOON) or (code == "TMI" and clock.hour <= EARLIEST_EVENING)
    return clock.hour + NOON if later else clock.hour


def clock_times(clock: Clock) -> tuple[timedelta, ...]:
    """How long after midnight it may be: an hour up to eleven without a part of the day is also one of the afternoon."""
    hours = [hour_of(replace(clock, hour=hour)) for hour in (clock.hour, clock.or_hour) if hour is not None]
    if clock.vague and not clock.part:
        hours += [hour + NOON for hour in hours if 0 < hour < NOON]
    # 晚上十二点 is the end of its day, not its beginning.
    if clock.part and PARTS[clock.part].code == "TEV" and hours[0] < EARLIEST_EVENING:
        hours = [hour + DAY_HOURS for hour in hours]
    return tuple(timedelta(hours=each, minutes=clock.minute or 0, seconds=clock.second or 0) for each in hours)


def clock_timex(clock: Clock) -> str:
    """T17:00, T10 where no minute is said."""
    return time_timex(clock_times(clock)[0], clock)


def time_timex(since_midnight: timedelta, clock: Clock) -> str:
    """The TIMEX3 value of a time of day, as exact as the clock says it."""
    minutes, seconds = divmod(int(since_midnight.total_seconds()), 60)
    text = f"T{minutes // 60 % DAY_HOURS:02}"
    if clock.minute is not None:
        text += f":{minutes % 60:02}"
    return text + (f":{seconds:02}" if clock.second is not None else "")


def clock_piece(start: int, end: int, clock: Clock, moment: Moment) -> Piece:
    """A time of day with its readings."""
    midnight = datetime.combine(moment.today, time())
    choices = tuple(Choice(midnight + timedelta(seconds=each.seconds)) for each in clock_times(clock))
    return Piece("time", start, end, clock_timex(clock), choices, clock=clock)


def _figures(match: re.Match[str], moment: Moment) -> Piece:
    """下午5:00, 17:55:23."""
    second = number(match["second"]) if match["second"] else None
    clock = Clock(number(match["hour"]), number(match["minute"]), second, match["part"] or "")
    return clock_piece(match.start(), match.end(), clock, moment)


def _words(match: re.Match[str], moment: Moment) -> Piece:
    """下午十一点半, 早上九点二十, 17点55分23秒."""
    minute = match["minute"]
    if match["quarter"]:
        minutes: int | None = QUARTERS[match["quarter"]]
    else:
        minutes = number(minute) if minute else None
    second = number(match["second"]) if match["second"] else None
    hour, vague = number(match["hour"] or match["earlier"]), match["sign"] == "点"
    or_hour = number(match["later"]) if match["later"] else None
    clock = Clock(hour, minutes, second, match["part"] or "", vague, or_hour)
    return clock_piece(match.start(), match.end(), clock, moment)


def _to_the_hour(match: re.Match[str], moment: Moment) -> Piece:
    """差五分三点, 三点差五分."""
    hour = number(match["hour"] or match["hour_first"])
    minutes = match["minutes"] or match["minutes_last"]
    minute = 60 - (QUARTERS[minutes] if minutes in QUARTERS else number(minutes))
    clock = Clock((hour - 1) % DAY_HOURS, minute, None, match["part"] or "", vague=True)
    return clock_piece(match.start(), match.end(), clock, moment)


def _part_of_day(match: re.Match[str], moment: Moment) -> Piece:
    """上午, 中午, 下午: the hours the specifications give it."""
    part = PARTS[match["part"]]
    day = moment.today
    choice = Choice(datetime.combine(day, part.since), datetime.combine(day, part.until))
    return Piece("timerange", match.start(), match.end(), part.code, (choice,), clock=Clock(0, part=match["part"]))


def _part_joint(match: re.Match[str], moment: Moment) -> Piece:
    """The 晚 of 七月五号晚: a part of the day only behind its day."""
    return replace(_part_of_day(match, moment), joint=True)


def _hour_of_range(match: re.Match[str], moment: Moment) -> Piece:
    """The 五 of 早上五到六点: an hour only together with what follows."""
    clock = Clock(number(match["hour"]), part=match["part"] or "", vague=True)
    return replace(clock_piece(match.start(), match.end(), clock, moment), joint=True)


TIME_RULES: tuple[Rule, ...] = (
    rule(
        rf"{ABOUT}(?<![\d:.])(?P<part>{PART})?的?\ ?(?<![\d:.])(?P<hour>2[0-4]|1\d|0?\d):(?P<minute>[0-5]\d)"
        r"(?::(?P<second>[0-5]\d))?(?![\d:])(?:左右)?",
        _figures,
    ),
    rule(
        rf"{ABOUT}(?P<part>{PART})?的?\ ?(?:(?P<hour>{HOUR})"
        r"|(?<![第年月周期拜零一二三四五六七八九十百千])(?P<earlier>[一两二三四五六七八])(?P<later>[二三四五六七八九]))"
        r"\ ?(?P<sign>[点时])(?!\ ?[6-9]\d\ ?分|间|候|[儿]|期|代|段|[点长])"
        rf"(?:整|钟|\ ?(?:过|零)?(?:(?P<quarter>[一三13]刻|半)|(?P<minute>{MINUTE})(?!\d|\.\d|\ ?[个天万%百千小点时])"
        rf"(?:\ ?分(?:钟(?!后|前|之|内))?(?:\ ?(?P<second>{SECOND})\ ?秒)?)?)?)(?:左右)?",
        _words,
    ),
    rule(
        rf"(?P<part>{PART})?(?:差(?P<minutes>一刻|{MINUTE})分?钟?(?:到)?(?P<hour>{HOUR})点"
        rf"|(?P<hour_first>{HOUR})点差(?P<minutes_last>一刻|{MINUTE})分?)",
        _to_the_hour,
    ),
    rule(rf"(?P<part>{LONG_PART})", _part_of_day),
    rule(r"(?<=[日号天今明昨末一二三四五六每])(?P<part>[早晚晨夜])", _part_joint),
    rule(
        rf"(?P<part>{PART})?(?P<hour>{HOUR})(?={LINK}(?:{PART})?{HOUR}[点时:])",
        _hour_of_range,
    ),
)
