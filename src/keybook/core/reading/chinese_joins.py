"""How pieces of Chinese text that stand together become one: a day and its hour, two ends of a range, 前 and 后."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from keybook.core.reading.chinese_clock import clock_times, time_timex
from keybook.core.reading.chinese_durations import CHAIN, Length, length_of
from keybook.core.reading.chinese_values import (
    Choice,
    Clock,
    Moment,
    Piece,
    Written,
    add_months,
    date_timex,
    day_choices,
    midnight,
    write_date,
)
from keybook.core.reading.entity import Kind, Sense

HALF_A_DAY, A_DAY = timedelta(hours=12), timedelta(days=1)
LINK = re.compile(r"\ ?(?:直?到|直?至|-|~)\ ?")
AND = re.compile(r"\ ?[和与及跟]\ ?")
AFTER_LINK = re.compile(r"(?:之后|以后|后)[,\ ]?(?:到|至)?")
BETWEEN = re.compile(r"\ ?(?:之间|期间|间)")
TO_THE_END = re.compile(r"\ ?(?:之间|期间|间|为止|止)?")
BEFORE_END = re.compile(r"(?:之前|以前|前)")
BESIDE = re.compile(r"T(?=\d)|一(?=早)|\ ?[的在,]?\ ?")
FROM = "从自由"
UNTIL = re.compile(r"截[至止]到?|直到|(?:一直)?到(?=[^,;。]{1,16}(?:为止|止))")
MODIFIER = re.compile(
    r"\ ?(?:(?P<before>之前|以前|前(?![天台面期来往年后途几]))|(?P<after>之后|以后|过后|后(?![天续期来面台年几]))"
    r"|(?P<since>以来|开始|起(?![床来飞价点]))|(?P<until>为止|止))"
)
SHIFT = re.compile(rf"\ ?(?P<side>[前后])第?(?P<length>{CHAIN})", re.VERBOSE)
RANGE_OF: dict[Kind, Kind] = {
    "date": "daterange", "daterange": "daterange", "time": "timerange", "datetime": "datetimerange",
    "datetimerange": "datetimerange",
}  # fmt: skip
YEAR_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Joining:
    """The pieces of a text by where they begin."""

    text: str
    moment: Moment
    starts: dict[int, list[Piece]]

    def at(self, place: int, kinds: tuple[Kind, ...]) -> Iterator[Piece]:
        """The pieces of these kinds that begin here."""
        yield from (piece for piece in self.starts.get(place, ()) if piece.kind in kinds)

    def all(self, kinds: tuple[Kind, ...]) -> list[Piece]:
        """Every piece of these kinds."""
        return [piece for pieces in self.starts.values() for piece in pieces if piece.kind in kinds]

    def add(self, pieces: Iterable[Piece]) -> None:
        """Keep new pieces for the joins that come after."""
        for piece in list(pieces):
            self.starts.setdefault(piece.start, []).append(piece)


def joined(pieces: Iterable[Piece], text: str, moment: Moment) -> list[Piece]:
    """The pieces and all that can be made of them, smaller before larger."""
    joining = Joining(text, moment, {})
    joining.add(pieces)
    joining.add(_linked(joining, ("time",), ("time",), _time_range))
    joining.add(_beside(joining, ("date",), ("time",), _datetime))
    joining.add(_beside(joining, ("date",), ("timerange",), _day_and_range))
    joining.add(_linked(joining, ("datetime",), ("time", "datetime"), _moments_range))
    joining.add(_linked(joining, ("time",), ("datetime",), _moments_range))
    joining.add(_linked(joining, ("date", "daterange", "datetime"), ("date", "daterange", "datetime"), _days_range))
    joining.add(_beside(joining, ("set",), ("time", "timerange"), _set_at))
    joining.add([*_modified(joining), *_moved(joining), *_until(joining)])
    return joining.all(("date", "daterange", "time", "timerange", "datetime", "datetimerange", "duration", "set"))


Join = Callable[[Piece, Piece, Moment], "Piece | None"]


def _beside(joining: Joining, left: tuple[Kind, ...], right: tuple[Kind, ...], join: Join) -> Iterator[Piece]:
    for first in joining.all(left):
        gap = BESIDE.match(joining.text, first.end)
        for place in sorted({first.end, gap.end() if gap else first.end}):
            yield from _made(join, first, joining.at(place, right), joining.moment)


def _made(join: Join, first: Piece, seconds: Iterable[Piece], moment: Moment) -> Iterator[Piece]:
    for second in seconds:
        try:
            piece = join(first, second, moment)
        except (ValueError, OverflowError):
            continue
        if piece:
            yield piece


def _linked(joining: Joining, left: tuple[Kind, ...], right: tuple[Kind, ...], join: Join) -> Iterator[Piece]:
    """Two ends of a range: A 到 B, A 和 B 之间, A 之后 B 之前."""
    text = joining.text
    for first in joining.all(left):
        for link, close in ((LINK, TO_THE_END), (AND, BETWEEN), (AFTER_LINK, BEFORE_END)):
            found = link.match(text, first.end)
            seconds = joining.at(found.end(), right) if found else iter(())
            # What ends before 2018 ends before all of it.
            ends = (_beginning(each) for each in seconds) if link is AFTER_LINK else seconds
            for piece in _made(join, first, ends, joining.moment):
                closing = close.match(text, piece.end)
                if closing:
                    opening = FROM + "在" * (link is AND)
                    start = piece.start - (text[piece.start - 1 : piece.start] in set(opening))
                    yield replace(piece, start=start, end=closing.end())


def _beginning(piece: Piece) -> Piece:
    return replace(piece, choices=tuple(choice._replace(until=None) for choice in piece.choices))


def _clock_after(first: Clock, second: Clock) -> Clock:
    """The second end of a range is in the part of the day of the first where it names none: 下午五点到六点."""
    return replace(second, part=first.part) if first.part and not second.part else second


def _time_pairs(first: Clock, second: Clock) -> list[tuple[timedelta, timedelta]]:
    """When it begins and ends after midnight; an end that seems to be before is half a day or a day later."""
    begins, ends = clock_times(first), clock_times(_clock_after(first, second))
    if len(ends) < len(begins):
        ends = ends * len(begins)
    pairs = []
    for since, until in zip(begins, ends, strict=False):
        steps = (timedelta(), HALF_A_DAY if not second.part and second.hour <= YEAR_MONTHS else A_DAY, A_DAY)
        pairs.append((since, next(until + step for step in (*steps, 2 * A_DAY) if until + step > since)))
    return pairs


def _time_range(first: Piece, second: Piece, moment: Moment) -> Piece:
    pairs = _time_pairs(first.hours, second.hours)
    start = midnight(moment.today)
    choices = tuple(Choice(start + since, start + until) for since, until in pairs)
    since, until = pairs[0]
    ends = time_timex(since, first.hours), time_timex(until, second.hours)
    timex = f"({ends[0]},{ends[1]},{span_timex(until - since)})"
    return Piece("timerange", first.start, second.end, timex, choices)


def span_timex(length: timedelta) -> str:
    """PT38H, PT3H48M, PT37M39S: hours are never folded into days."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    parts = ((minutes // 60, "H"), (minutes % 60, "M"), (seconds, "S"))
    return "PT" + ("".join(f"{amount}{unit}" for amount, unit in parts if amount) or "0S")


def _datetime(day: Piece, clock: Piece, _moment: Moment) -> Piece:
    offsets = clock_times(clock.hours)
    choices = tuple(
        choice._replace(since=choice.since + offset) for choice in day.choices for offset in offsets if choice.since
    )
    timex = (_next_day(day) if offsets[0] >= A_DAY else day.timex) + clock.timex
    joint = day.joint and clock.joint
    return Piece("datetime", day.start, clock.end, timex, choices, trouble=day.trouble, written=day.written,
                 clock=clock.clock, joint=joint)  # fmt: skip


def _next_day(day: Piece) -> str:
    """The TIMEX3 value of the day after, where the day is known; 晚上十二点 is the beginning of it."""
    since = day.choices[0].since if len(day.choices) == 1 else None
    return (since + A_DAY).date().isoformat() if since else day.timex


def _day_and_range(day: Piece, hours: Piece, moment: Moment) -> Piece | None:
    """昨晚, 七月五号早, 明天下午两点到五点."""
    start = midnight(moment.today)
    choices = tuple(
        Choice(choice.since + (each.since - start), choice.since + (each.until - start), choice.sense, choice.calendar)
        for choice in day.choices for each in hours.choices if choice.since and each.since and each.until
    )  # fmt: skip
    if hours.timex.startswith("("):
        since, until, length = hours.timex[1:-1].split(",")
        late = choices and choices[0].until and choices[0].since and choices[0].until.date() > choices[0].since.date()
        timex = f"({day.timex}{since},{_next_day(day) if late else day.timex}{until},{length})"
    else:
        timex = day.timex + hours.timex
    return Piece("datetimerange", day.start, hours.end, timex, choices, trouble=day.trouble, clock=hours.clock)


def _moments_range(first: Piece, second: Piece, moment: Moment) -> Piece | None:
    """昨天下午两点到四点, 2点-明天4点, 从现在到八点."""
    left, right = first, second
    if first.kind == "time":
        left = _on_today(first, moment)
    if second.kind == "time":
        right = _same_day(first, second, moment)
    choices = tuple(_pairs(left.choices, right.choices))
    ends = _ends(choices)
    if ends is None:
        return _backwards("datetimerange", first, second)
    timex = f"({left.timex},{right.timex},{span_timex(ends[1] - ends[0])})"
    return Piece("datetimerange", first.start, second.end, timex, choices)


def _on_today(piece: Piece, moment: Moment) -> Piece:
    return replace(piece, timex=moment.today.isoformat() + piece.timex)


def _same_day(first: Piece, second: Piece, moment: Moment) -> Piece:
    """A time behind a moment, on the same day; behind 现在, the next such time."""
    if not first.clock:
        return _next_time(first, second, moment)
    pairs = _time_pairs(first.clock, second.hours)
    begins = len(pairs)
    choices = tuple(
        choice._replace(since=choice.since + (pairs[place % begins][1] - pairs[place % begins][0]))
        for place, choice in enumerate(first.choices) if choice.since
    )  # fmt: skip
    until = pairs[0][1]
    same = Piece("date", 0, 0, first.timex.split("T")[0], first.choices)
    date_part = _next_day(same) if until >= A_DAY else same.timex
    return replace(second, choices=choices, timex=date_part + time_timex(until, second.hours))


def _next_time(first: Piece, second: Piece, moment: Moment) -> Piece:
    since = next((choice.since for choice in first.choices if choice.since), moment.at)
    times = [midnight(since.date()) + offset for offset in clock_times(second.hours)]
    later = [each for each in times if each > since] or [times[0] + A_DAY]
    day = midnight(later[0].date())
    timex = day.date().isoformat() + time_timex(later[0] - day, second.hours)
    return replace(second, choices=tuple(Choice(each) for each in later), timex=timex)


def _ends(choices: tuple[Choice, ...]) -> tuple[datetime, datetime] | None:
    """Where the first of its readings begins and ends."""
    return next(((each.since, each.until) for each in choices if each.since and each.until), None)


def _backwards(kind: Kind, first: Piece, second: Piece) -> Piece | None:
    """A range that ends before it begins; none where one of its ends is none."""
    if not first.choices or not second.choices:
        trouble = first.trouble or second.trouble
        return Piece(kind, first.start, second.end, f"({first.timex},{second.timex},)", trouble=trouble)
    return Piece(kind, first.start, second.end, f"({first.timex},{second.timex},)", trouble="ends_before_it_begins")


def _pairs(lefts: tuple[Choice, ...], rights: tuple[Choice, ...]) -> Iterator[Choice]:
    """Each begin with its end: the coming ones together, the past ones together, one across now where that fits."""
    senses: tuple[Sense, ...] = ("future", "past") if any(c.sense for c in (*lefts, *rights)) else ("",)
    found: dict[tuple[object, object], Choice] = {}
    for sense in senses:
        begins = [choice for choice in lefts if choice.sense in ("", sense)]
        ends = [choice for choice in rights if choice.sense in ("", sense)]
        for place in range(max(len(begins), len(ends)) if begins and ends else 0):
            begin, end = begins[min(place, len(begins) - 1)], ends[min(place, len(ends) - 1)]
            pair = _fitting(begin, end, lefts, rights)
            if pair and pair[:2] in found:
                found[pair[:2]] = found[pair[:2]]._replace(sense="")
            elif pair:
                found[pair[:2]] = pair._replace(sense=sense)
    yield from found.values()


def _fitting(begin: Choice, end: Choice, lefts: tuple[Choice, ...], rights: tuple[Choice, ...]) -> Choice | None:
    since, until = begin.since, end.since
    if since and until and since > until:
        if begin.sense == "future" or (not begin.sense and end.sense == "past"):
            earlier = [c.since for c in lefts if c.since and c.since <= until and c.sense == "past"]
            later = [c.since for c in rights if c.since and c.since >= since]
            since, until = (earlier[0], until) if earlier else (since, later[0] if later else None)
        else:
            later = [c.since for c in rights if c.since and c.since >= since]
            until = later[0] if later else None
    calendar = begin.calendar or end.calendar
    return Choice(since, until, "", calendar) if since and until else None


def _days_range(first: Piece, second: Piece, moment: Moment) -> Piece | None:
    """一月十日到十二日, 2016-2018, 3月到5月: the specifications end with the last one's beginning; a year or month is also read whole."""
    right = _filled(first, second, moment)
    left = _month_before(first, second, moment)
    if any(piece.kind == "datetime" and piece.timex != "PRESENT_REF" for piece in (first, second)):
        return None
    if first.kind == second.kind == "datetime":
        return None
    if first.kind == "datetime":
        left = replace(first, choices=(Choice(midnight(moment.today)),))
    choices = tuple(_pairs(left.choices, right.choices))
    ends = _ends(choices)
    if ends is None:
        return _backwards("daterange", first, second)
    timex = f"({_side_timex(left)},{_side_timex(right)},{_days_timex(left, right, *ends)})"
    return Piece("daterange", first.start, second.end, timex, choices + tuple(_whole(left, right)))


def _month_before(first: Piece, second: Piece, moment: Moment) -> Piece:
    """28号到9月2号: the first day is of the month of the second, or of the one before."""
    begin, end = first.written, second.written
    if not begin or not end or not begin.day or begin.month or not end.month or not end.day:
        return first
    month = end.month if begin.day <= end.day else (end.month - 2) % YEAR_MONTHS + 1
    year = end.year - (month > end.month) if end.year else None
    written = Written(year, month, begin.day)
    return replace(first, written=written, choices=day_choices(written, moment), timex=date_timex(written))


def _whole(left: Piece, right: Piece) -> Iterator[Choice]:
    """The range up to the end of its last year, month or week."""
    if right.kind == "daterange":
        ends = tuple(choice._replace(since=choice.until, until=None) for choice in right.choices)
        yield from _pairs(left.choices, ends)


def _filled(first: Piece, second: Piece, moment: Moment) -> Piece:
    """The second end with what it leaves open taken from the first; a weekday is the next one from there."""
    if second.timex == "PRESENT_REF":
        return replace(second, choices=(Choice(midnight(moment.today)),), timex=moment.today.isoformat())
    if second.weekday and first.choices:
        return replace(second, choices=tuple(_weekday_from(first.choices, second.weekday)))
    if not first.written or not second.written:
        return second
    written = second.written.within(first.written)
    if written == second.written:
        return second
    if second.kind == "date":
        found = day_choices(written, moment)
        if written.year and second.written.month and _is_before(found, first.choices):
            # 2019年12月28日到1月3日 runs over the new year.
            written = replace(written, year=written.year + 1)
            found = day_choices(written, moment)
        trouble = "" if found else "no_such_day"
        return replace(second, written=written, choices=found, timex=date_timex(written), trouble=trouble)
    starts = day_choices(replace(written, month=written.month or 1, day=1), moment)
    months = 1 if written.month else YEAR_MONTHS
    found = tuple(each._replace(until=midnight(add_months(each.since.date(), months))) for each in starts if each.since)
    return replace(second, written=written, choices=found, timex=date_timex(written))


def _is_before(ends: tuple[Choice, ...], begins: tuple[Choice, ...]) -> bool:
    return any(end.since and begin.since and end.since < begin.since for end, begin in zip(ends, begins, strict=False))


def _weekday_from(begins: tuple[Choice, ...], weekday: int) -> Iterator[Choice]:
    yield from (
        choice._replace(since=choice.since + timedelta(days=(weekday - choice.since.isoweekday()) % 7), until=None)
        for choice in begins if choice.since
    )  # fmt: skip


def _side_timex(piece: Piece) -> str:
    if piece.timex.startswith("("):
        return piece.timex[1:].split(",")[0]
    return piece.timex + {"year": "-01-01", "month": "-01"}.get(piece.grain, "")


def _days_timex(left: Piece, right: Piece, since: datetime, until: datetime) -> str:
    months = (until.year - since.year) * YEAR_MONTHS + until.month - since.month
    if left.grain == right.grain == "year":
        return f"P{months // YEAR_MONTHS}Y"
    if left.grain in ("year", "month") and right.grain in ("year", "month"):
        return f"P{months}M"
    return f"P{(until - since).days}D"


def _set_at(every: Piece, hours: Piece, _moment: Moment) -> Piece | None:
    """每周一下午八点, 每天早上: repeated at that time of the day."""
    timex = hours.timex if every.timex.startswith("P") else every.timex + hours.timex
    return replace(every, end=hours.end, timex=timex, joint=False)


def _modified(joining: Joining) -> Iterator[Piece]:
    """国庆后, 月底前, 2012年以来, 截至八月底: a range with one side open."""
    for piece in joining.all(("date", "daterange", "time", "datetime", "datetimerange")):
        match = MODIFIER.match(joining.text, piece.end)
        if match and piece.choices and not piece.joint:
            start = piece.start - bool(match["since"] and joining.text[piece.start - 1 : piece.start] in set(FROM))
            sided = tuple(dict.fromkeys(_one_sided(choice, match) for choice in piece.choices if choice.since))
            yield replace(
                piece, kind=RANGE_OF[piece.kind], start=start, end=match.end(), choices=sided, written=None, clock=None
            )


def _moved(joining: Joining) -> Iterator[Piece]:
    """春节前三天, 国庆后第一天: a day so long before or after another."""
    for piece in joining.all(("date",)):
        match = SHIFT.match(joining.text, piece.end)
        length = length_of(match["length"]) if match else None
        if match and length and not piece.joint:
            sign = -1 if match["side"] == "前" else 1
            days = tuple(_moved_choices(piece.choices, length, sign))
            timex = write_date(days[0].since) if len(days) == 1 and days[0].since else ""
            yield replace(piece, end=match.end(), choices=days, timex=timex, written=None)


def _moved_choices(choices: tuple[Choice, ...], length: Length, sign: int) -> Iterator[Choice]:
    for choice in choices:
        with suppress(ValueError, OverflowError):
            yield choice._replace(since=length.after(choice.since, sign) if choice.since else None)


def _until(joining: Joining) -> Iterator[Piece]:
    for match in UNTIL.finditer(joining.text):
        for piece in joining.at(match.end(), ("date", "daterange", "datetime")):
            sided = tuple(Choice(None, each.until or each.since, each.sense, each.calendar) for each in piece.choices)
            closing = TO_THE_END.match(joining.text, piece.end)
            end = closing.end() if closing else piece.end
            yield replace(
                piece, kind=RANGE_OF[piece.kind], start=match.start(), end=end, choices=sided, written=None, clock=None
            )


def _one_sided(choice: Choice, match: re.Match[str]) -> Choice:
    if match["before"]:
        return choice._replace(since=None, until=choice.since)
    if match["until"]:
        return choice._replace(since=None, until=choice.until or choice.since)
    return choice._replace(since=choice.until if match["after"] and choice.until else choice.since, until=None)
