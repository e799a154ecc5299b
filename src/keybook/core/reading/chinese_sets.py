"""What Chinese text repeats (每周一), and the words for now."""

from __future__ import annotations

import re
from dataclasses import replace

from keybook.core.reading.chinese_days import DAY_FIGURES, DAY_NUMERALS, MONTH_NUMBER, WEEKDAY, WEEKDAYS
from keybook.core.reading.chinese_durations import AMOUNT
from keybook.core.reading.chinese_numbers import number, quantity
from keybook.core.reading.chinese_values import Choice, Moment, Piece, Rule, Written, date_timex, rule

UNITS = {
    "天": ("", 1, "D"), "日": ("", 1, "D"), "周": ("", 1, "W"), "星期": ("", 1, "W"), "礼拜": ("", 1, "W"), "月": ("", 1, "M"),
    "年": ("", 1, "Y"), "季": ("", 3, "M"), "季度": ("", 3, "M"), "小时": ("T", 1, "H"), "钟头": ("T", 1, "H"),
    "分钟": ("T", 1, "M"), "半年": ("", 6, "M"), "半月": ("", 15, "D"),
}  # fmt: skip
NOW = {"刚": "PAST_REF", "立": "FUTURE_REF", "马": "FUTURE_REF"}


def _set(match: re.Match[str], timex: str, every: str) -> Piece:
    return Piece("set", match.start(), match.end(), timex, values=(f"R/{every}",))


def _every_unit(match: re.Match[str], _moment: Moment) -> Piece:
    """每天, 每两周, 每隔一天 (which is every second day)."""
    amount = int(quantity(match["amount"])) if match["amount"] else 1
    amount += bool(match["apart"])
    clock, one, unit = UNITS[match["unit"]]
    every = f"P{clock}{one * amount}{unit}"
    return _set(match, every, every)


def _every_part(match: re.Match[str], _moment: Moment) -> Piece:
    """The 每 of 每晚九点: every day, only together with what follows."""
    return replace(_set(match, "P1D", "P1D"), joint=True)


def _every_second(match: re.Match[str], _moment: Moment) -> Piece:
    """隔周: every second week."""
    every = "P2W" if match["unit"] == "周" else "P2M"
    return _set(match, every, every)


def _every_weekday(match: re.Match[str], _moment: Moment) -> Piece:
    return _set(match, f"XXXX-WXX-{WEEKDAYS[match['weekday'][-1]]}", "P1W")


def _every_weekend(match: re.Match[str], _moment: Moment) -> Piece:
    return _set(match, "XXXX-WXX-WE", "P1W")


def _every_day_of_month(match: re.Match[str], _moment: Moment) -> Piece:
    return _set(match, date_timex(Written(day=number(match["day"]))), "P1M")


def _every_date(match: re.Match[str], _moment: Moment) -> Piece:
    day = number(match["day"].removeprefix("初")) if match["day"] else None
    return _set(match, date_timex(Written(None, number(match["month"]), day)), "P1Y")


def _every_edge(match: re.Match[str], _moment: Moment) -> Piece:
    """每月底, 每季度末, 每年年初: the beginning or the end of each of them."""
    clock, one, unit = UNITS[match["unit"]]
    edge = "START" if match["edge"] == "初" else "END"
    return _set(match, f"P{clock}{one}{unit}-{edge}", f"P{clock}{one}{unit}")


def _now(match: re.Match[str], moment: Moment) -> Piece:
    timex = NOW.get(match[0][0], "PRESENT_REF")
    return Piece("datetime", match.start(), match.end(), timex, (Choice(moment.at),))


SET_RULES: tuple[Rule, ...] = (
    rule(
        rf"每(?P<apart>隔)?\ ?(?P<amount>{AMOUNT})?\ ?个?(?P<unit>天|日|周|星期|礼拜|半?月|半?年|季度?|小时|钟头|分钟)(?!笔)",
        _every_unit,
    ),
    rule(r"每(?=[早晚]|凌晨|上午|中午|下午)", _every_part),
    rule(r"(?<!每)隔(?P<unit>周|个?月)", _every_second),
    rule(rf"每(?:逢|个|一个)?(?P<weekday>{WEEKDAY})", _every_weekday),
    rule(r"每(?:逢|个)?(?:周末|双休日)", _every_weekend),
    rule(rf"每个?月的?(?P<day>{DAY_FIGURES}|{DAY_NUMERALS})[日号]", _every_day_of_month),
    rule(
        rf"每年的?(?:农历|阴历)?(?P<month>{MONTH_NUMBER})月(?:(?P<day>初[一二三四五六七八九十]|{DAY_FIGURES}|{DAY_NUMERALS})[日号]?)?",
        _every_date,
    ),
    rule(r"每个?(?P<unit>月|季度?|年)的?[月季年]?(?P<edge>[底末初])(?![一二三四五六七八九十])", _every_edge),
)


def _up_to_now(match: re.Match[str], moment: Moment) -> Piece:
    """The 今 of 至今: now only as the end of a range."""
    return replace(_now(match, moment), joint=True)


NOW_RULES: tuple[Rule, ...] = (
    rule(r"现在|此刻|这会儿?|当下|目前|刚刚才|刚刚|刚才|马上|立刻|立即", _now),
    rule(r"(?<=[至到])今(?![天日年晚早晨夜])", _up_to_now),
)
