"""On which day a reminder stands: ahead by its lead, moved off a day nobody works, and what silences it altogether.

The bank chooses for each kind how many days ahead and in which direction; without a choice `DEFAULTS` hold: a promise
goes forward to the next workday, the call about a maturity, a greeting and a gift idea go back, so as to be before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal, NamedTuple

from keybook.core.occasions import LunarRangeError, LunarTable, Occasion, Occurrence, next_on
from keybook.core.periods import Period
from keybook.core.workdays import Direction, WorkCalendar

RULE_VERSION = "reminding/1"
LONGEST_LEAD = 365
BROKEN_AFTER, LONGEST_PATIENCE = 10, 60
GREET_UNTIL = timedelta(days=7)
"""A missed occasion is still wished, a week late at most."""
ONE_BIRTHDAY_WITHIN = timedelta(days=120)
"""Two birthdays of one person, solar and lunar, lie closer than this; two years' birthdays do not."""
Kind = Literal["promise", "maturity", "greeting", "gift_idea", "memorial", "signal"]
State = Literal["open", "late", "kept", "kept_late", "broken", "withdrawn"]
Silence = Literal["", "mourning", "do not congratulate"]
BY_KIND: Mapping[str, Kind] = MappingProxyType(
    {
        "deposit_maturing": "maturity",
        "risk_profile_expiring": "maturity",
        "gift_idea": "gift_idea",
        "memorial": "memorial",
    }
)


class LeadError(ValueError):
    """A lead time that is negative or longer than a year."""


def check_lead(*, days: int) -> None:
    """Refuse a lead time that is negative or longer than a year."""
    if not 0 <= days <= LONGEST_LEAD:
        raise LeadError(f"A lead of {days} days is not possible: 0 to {LONGEST_LEAD} are.")


@dataclass(frozen=True, slots=True)
class Rule:
    """How reminders of one kind are placed: so many days ahead, and where they go from a day nobody works."""

    lead_days: int
    direction: Direction

    def __post_init__(self) -> None:
        check_lead(days=self.lead_days)


DEFAULTS: Mapping[Kind, Rule] = MappingProxyType(
    {
        "promise": Rule(0, "forward"),
        "maturity": Rule(3, "back"),
        "greeting": Rule(3, "back"),
        "gift_idea": Rule(14, "back"),
        "memorial": Rule(0, "back"),
        "signal": Rule(0, "forward"),
    }
)


class Placed(NamedTuple):
    """The workday of a reminder, and the day it was moved from; none when it was not."""

    on: date
    moved_from: date | None


@dataclass(frozen=True, slots=True)
class Marked:
    """An occasion of a customer: its kind, when it is, how long before to greet and, if at all, to think of a gift."""

    kind: str
    when: Occasion
    key: str = ""
    lead_days: int = 3
    gift_days: int | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """One reminder of an occasion; with its kind and key it is the same reminder however often it is planned."""

    kind: str
    key: str
    opens_on: date
    due_on: date
    expires_on: date
    moved_from: date | None
    occurrence: Occurrence


class Kept(NamedTuple):
    """One way a birthday is known: by which calendar, and whether a banker wrote it down."""

    calendar: str
    by_banker: bool


def kind_of(*, cause: str, kind: str) -> Kind:
    """By which rule a reminder of this cause and kind is placed."""
    if kind in BY_KIND:
        return BY_KIND[kind]
    if cause == "occasion":
        return "greeting"
    return "promise" if cause == "promise" else "signal"


def placed(*, on: date, direction: Direction, calendar: WorkCalendar) -> Placed:
    """The workday for this day."""
    found = calendar.shift(on, direction)
    return Placed(found, None if found == on else on)


def promised(*, asked_on: date, direction: Direction, calendar: WorkCalendar, today: date) -> Placed:
    """The workday a promise comes to lie on: moved as its kind says, but never to a day that has passed."""
    found = placed(on=asked_on, direction=direction, calendar=calendar)
    return found if found.on >= today else placed(on=asked_on, direction="forward", calendar=calendar)


def hung_on(*, date_on: date, seen_on: date | None, asked_on: date, lead_days: int, today: date) -> date:
    """The day a promise asks for that hangs on a date: so many days before it, but never a day that has passed.

    While the date stays as it was seen, so does the promise.
    """
    if date_on == seen_on:
        return asked_on
    return max(date_on - timedelta(days=lead_days), today)


def promise_state(*, state: str, due_on: date, closed_on: date | None, today: date) -> State:
    """What became of a promise by now."""
    if state == "open":
        return "late" if due_on < today else "open"
    if state == "kept":
        return "kept_late" if closed_on is not None and closed_on > due_on else "kept"
    return "broken" if state == "broken" else "withdrawn"


def broken_before(*, today: date, patience: int, calendar: WorkCalendar) -> date:
    """A promise due before this day and still open is broken: it is more than `patience` workdays late."""
    if not 1 <= patience <= LONGEST_PATIENCE:
        raise LeadError(f"A promise cannot be broken after {patience} workdays: 1 to {LONGEST_PATIENCE} are possible.")
    return calendar.add_workdays(today, -patience)


def silence(*, kind: str, no_congratulation: bool, mourning: Period | None, today: date) -> Silence:
    """Why nothing of this occasion is done by itself; empty when nothing stands against it.

    Mourning silences all occasions, the wish not to be congratulated all but a memorial day, which is none.
    """
    if mourning is not None and mourning.contains(today):
        return "mourning"
    return "do not congratulate" if no_congratulation and kind != "memorial" else ""


def kept_birthday(*, known: Sequence[Kept], preferred: str) -> int | None:
    """Which of the birthdays known is greeted, by its place: one only, however many calendars there are.

    The calendar the customer prefers, else the Chinese one where it is known; of one calendar what a banker wrote.
    """
    wanted = preferred or "lunar"
    order = sorted(range(len(known)), key=lambda at: (known[at].calendar != wanted, not known[at].by_banker, at))
    return order[0] if order else None


def planned(
    *, marked: Marked, rules: Mapping[Kind, Rule], today: date, calendar: WorkCalendar, table: LunarTable | None
) -> tuple[Planned, ...]:
    """The reminders an occasion has by now: of the coming one, once its lead has begun, and of one just past."""
    found: list[Planned] = []
    for occurrence in _around(marked.when, today, table):
        found += _all(marked, occurrence, _key(marked, occurrence, table), rules, calendar)
    return tuple(one for one in found if one.opens_on <= today <= one.expires_on)


def coming(*, when: Occasion, today: date, table: LunarTable | None) -> date | None:
    """The next day an occasion falls on; none when it is over, or outside the lunar table."""
    try:
        found = next_on(occasion=when, today=today, table=table)
    except LunarRangeError:
        return None
    return found.on if found else None


def _around(when: Occasion, today: date, table: LunarTable | None) -> Iterator[Occurrence]:
    """The occurrence of the last days, if there was one, and the next."""
    try:
        first = next_on(occasion=when, today=today - GREET_UNTIL, table=table)
        after = next_on(occasion=when, today=today, table=table)
    except LunarRangeError:
        return
    yield from dict.fromkeys(one for one in (first, after) if one is not None)


def _all(
    marked: Marked, occurrence: Occurrence, key: str, rules: Mapping[Kind, Rule], calendar: WorkCalendar
) -> Iterator[Planned]:
    """The greeting (or the quiet note of a memorial day) and, where one is wanted, the gift idea before it."""
    kind = kind_of(cause="occasion", kind=marked.kind)
    opens_on = calendar.previous_workday(occurrence.on - timedelta(days=marked.lead_days))
    at = placed(on=occurrence.on, direction=rules[kind].direction, calendar=calendar)
    last = max(occurrence.on, at.on) + GREET_UNTIL
    yield Planned(marked.kind, key, min(opens_on, at.on), at.on, last, at.moved_from, occurrence)
    if marked.gift_days is not None and marked.kind != "memorial":
        begins = calendar.shift(occurrence.on - timedelta(days=marked.gift_days), rules["gift_idea"].direction)
        first = min(begins, at.on)
        yield Planned("gift_idea", f"{marked.kind}|{key}", first, at.on, occurrence.on, at.moved_from, occurrence)


def _key(marked: Marked, occurrence: Occurrence, table: LunarTable | None) -> str:
    """One reminder a year, a lunar one by the Chinese year; a birthday's is the customer's, another's its own row's."""
    lunar = marked.when.lunar and table
    year = f"{lunar.lunar(occurrence.on).year}|lunar" if lunar else f"{occurrence.on.year}"
    return f"{marked.key}|{year}" if marked.key else year
