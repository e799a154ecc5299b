"""A calendar file (ICS, RFC 5545) read into the times it takes of each day, recurring events one by one.

What is cancelled or marked as free takes no time; what is private comes without its title. Only the days of the period
asked for are made, so that a rule without an end ends there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

LARGEST = 2 * 2**20
MOST_EVENTS = 5000
MOST_TIMES = 2000
MINUTES_A_DAY = 24 * 60
LONGEST_DAYS = 62
TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
EARLIEST_YEAR = 1990
ONE_DAY = dt.timedelta(days=1)


class BadCalendarError(ValueError):
    """The file cannot be read as a calendar; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Event:
    """Time taken on one day, [from, until) in minutes from midnight of the bank's zone."""

    uid: str
    on: dt.date
    span: tuple[int, int]
    title: str


def read(*, data: bytes, from_on: dt.date, until_on: dt.date, zone: str) -> list[Event]:
    """The times the events of a file take from a day on up to, not on, another.

    Raises BadCalendarError when it is no calendar, too large, or has more events than a diary holds.
    """
    if len(data) > LARGEST:
        raise BadCalendarError(_("A calendar file has at most 2 MB. Export fewer months."))
    components = _components(data)
    if len(components) > MOST_EVENTS:
        raise BadCalendarError(_("The file holds more than 5,000 events. Export fewer months."))
    instead = {
        (str(each.get("UID", "")), _moment(each["RECURRENCE-ID"].dt, zone))
        for each in components
        if each.get("RECURRENCE-ID") is not None
    }
    found: dict[tuple[str, dt.date, int], Event] = {}
    for component in components:
        for event in _times(component, instead, (from_on, until_on), zone):
            found[event.uid, event.on, event.span[0]] = event
            if len(found) > MOST_TIMES:
                raise BadCalendarError(_("More than 2,000 meetings in three months: is it the right file?"))
    return sorted(found.values(), key=lambda each: (each.on, each.span, each.uid))


def _components(data: bytes) -> list[Any]:
    """The events of the file as the library reads them."""
    from icalendar import Calendar

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadCalendarError(_("The file is no text in UTF-8. Export it again as ICS.")) from error
    if "BEGIN:VCALENDAR" not in text:
        raise BadCalendarError(_("That is no calendar file. Choose a file that ends in .ics."))
    if text.count("BEGIN:VCALENDAR") != text.count("END:VCALENDAR"):
        raise BadCalendarError(_("The calendar file is cut off. Export it again."))
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        return [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise BadCalendarError(_("The calendar file is damaged and cannot be read. Export it again.")) from error


def _times(
    event: Any, instead: set[tuple[str, dt.datetime]], period: tuple[dt.date, dt.date], zone: str
) -> Iterator[Event]:
    """The days one event takes time of, within the period."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return
    try:
        start = event["DTSTART"].dt
        length = _length(event, start)
        starts = list(_starts(event, start, instead, period, length, zone))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, ZoneInfoNotFoundError) as error:
        raise BadCalendarError(
            _("The event “%(title)s” has no readable time. Correct it in your calendar and export it again.")
            % {"title": str(event.get("SUMMARY", ""))[:40] or "?"}
        ) from error
    secret = str(event.get("CLASS", "")).upper() in {"PRIVATE", "CONFIDENTIAL"}
    title = "" if secret else " ".join(str(event.get("SUMMARY", "")).split())[:120]
    number = hashlib.sha256(str(event.get("UID", title)).encode()).hexdigest()[:32]
    for each in starts:
        yield from _days(number, title, each, length, period)


def _length(event: Any, start: dt.date) -> dt.timedelta:
    """How long the event is; a day of its own where neither an end nor a length is given."""
    if event.get("DTEND") is not None:
        length: dt.timedelta = event["DTEND"].dt - start
    elif event.get("DURATION") is not None:
        length = event["DURATION"].dt
    else:
        length = dt.timedelta(0) if isinstance(start, dt.datetime) else ONE_DAY
    if length < dt.timedelta(0) or length > dt.timedelta(days=LONGEST_DAYS):
        raise ValueError(f"An event of {length} cannot be.")
    return length


def _starts(
    event: Any, start: dt.date, instead: set[tuple[str, dt.datetime]], period: tuple[dt.date, dt.date],
    length: dt.timedelta, zone: str,
) -> Iterator[dt.datetime]:  # fmt: skip
    """When the event begins, in the bank's zone: once, or as often as its rule says within the period."""
    if event.get("RRULE") is None and event.get("RDATE") is None:
        yield _moment(start, zone)
        return
    uid = str(event.get("UID", ""))
    for each in _recurring(event, start, period, length, zone):
        moment = _moment(each if isinstance(start, dt.datetime) else each.date(), zone)
        if (uid, moment) not in instead:
            yield moment


def _recurring(
    event: Any, start: dt.date, period: tuple[dt.date, dt.date], length: dt.timedelta, zone: str
) -> Iterator[dt.datetime]:
    """The starts a rule makes, counted in the event's own zone, so that nine o'clock stays nine o'clock."""
    from dateutil.rrule import rruleset, rrulestr

    own = start.tzinfo if isinstance(start, dt.datetime) else None
    first = _bare(start)
    if first.year < EARLIEST_YEAR:
        raise ValueError(f"A series that began in {first.year} is not counted through.")
    dates = rruleset()
    for rule in _many(event.get("RRULE")):
        if str(rule.get("FREQ", [""])[0]).upper() in TOO_OFTEN:
            raise ValueError("A meeting does not recur within the day.")
        dates.rrule(rrulestr(_rule(rule, own), dtstart=first))
    dates.rdate(first)
    for name, add in (("RDATE", dates.rdate), ("EXDATE", dates.exdate)):
        for listed in _many(event.get(name)):
            for each in listed.dts:
                add(_bare(_into(each.dt, own)))
    after = dt.datetime.combine(period[0], dt.time()) - length - ONE_DAY
    before = dt.datetime.combine(period[1], dt.time()) + ONE_DAY
    for each in islice(dates.xafter(after, inc=True), MOST_TIMES):
        if each >= before:
            return
        yield each.replace(tzinfo=own) if own is not None else each
    del zone


def _rule(rule: Mapping[str, Any], own: dt.tzinfo | None) -> str:
    """The rule as text, its end in the event's own zone like everything else."""
    copy = {**rule}
    if "UNTIL" in copy:
        copy["UNTIL"] = [_bare(_into(each, own)) for each in copy["UNTIL"]]
    return ";".join(f"{name}={_value(name, copy[name])}" for name in copy)


def _value(name: str, values: Any) -> str:
    listed = values if isinstance(values, list) else [values]
    if name == "UNTIL":
        return ",".join(each.strftime("%Y%m%dT%H%M%S") for each in listed)
    return ",".join(str(each) for each in listed)


def _many(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _into(value: dt.date, own: dt.tzinfo | None) -> dt.date:
    """A moment in the event's own zone."""
    if isinstance(value, dt.datetime) and value.tzinfo is not None and own is not None:
        return value.astimezone(own)
    return value


def _bare(value: dt.date) -> dt.datetime:
    """A date or a moment as a moment without its zone."""
    return value.replace(tzinfo=None) if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())


def _moment(value: dt.date, zone: str) -> dt.datetime:
    """A date or a moment in the bank's zone; one without a zone of its own is the bank's."""
    here = ZoneInfo(zone)
    if not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time(), here)
    return value.astimezone(here) if value.tzinfo is not None else value.replace(tzinfo=here)


def _days(
    uid: str, title: str, start: dt.datetime, length: dt.timedelta, period: tuple[dt.date, dt.date]
) -> Iterator[Event]:
    """One event cut at midnight into the days of the period."""
    end = (start.replace(tzinfo=None) + length).replace(tzinfo=None)
    on, minute = start.date(), start.hour * 60 + start.minute
    while True:
        midnight = dt.datetime.combine(on + ONE_DAY, dt.time())
        until = MINUTES_A_DAY if end >= midnight else end.hour * 60 + end.minute
        if minute < until and period[0] <= on < period[1]:
            yield Event(uid, on, (minute, until), title)
        if end <= midnight:
            return
        on, minute = on + ONE_DAY, 0
