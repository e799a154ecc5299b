"""When the contact standard wants the next contact and the next visit, when it is late, how much of a book is covered.

* A contact counts when we spoke (reached or met) by a channel the standard names, whoever of us logged it.
* Counted from the last contact, the next is due that many days after it. Counted from the due date, due dates lie that
  many days apart whatever day they were answered; a contact answers the due date it lies nearest to, so that two
  contacts about one date answer it once. Who was never spoken to is due a whole standard after the day they became
  their banker's, or came into the tier.
* It is the last workday within the standard, because a standard says "at least every N days"; if no workday lies within
  it, the first one after.
* A new version, and the start or end of an exception, creates no backlog. What was due already keeps its day and the
  longer of both graces. If less is asked from now on, the new date holds at once. If more is asked, what was left of
  the old time is shortened in proportion: of 60 days 40 were left, of 45 days there will be 30. So nobody is due earlier
  than the day after it begins who was not due before, and those who follow are spread over the new time instead of
  falling due on one day.
* In a pause the clock stands still: what was left before it is left after it. A tier that gets a standard anew begins
  with a whole one.
* Due while the customer is away, it moves to the first workday of their return; a grace that would end while they are
  away ends after that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from keybook.core.contacts import SPOKE
from keybook.core.standards import AWAY, FROM_DUE, Excepted, Stretch, Terms, Version, stretches, visits
from keybook.core.workdays import WorkCalendar

RULE_VERSION = "cadence/2"
ONE_DAY = timedelta(days=1)
CONTACT, TIER, THEIRS, OPENED, UNKNOWN = "contact", "tier", "theirs", "opened", "unknown"
CHANGED, BEGUN, RHYTHM = "changed", "begun", "rhythm"


@dataclass(frozen=True, slots=True)
class Due:
    """The day the next contact is due and the first day on which it is late; what it was counted from, and since when.

    `why` is one of contact, tier, theirs, opened, unknown (counted from that day), rhythm (the due date after that
    contact), changed (a date that a change of the standard on that day has moved or kept), begun (the standard began on
    that day). `back_on` is the day of return that it waits for.
    """

    on: date
    late_from: date
    why: str = ""
    since: date | None = None
    back_on: date | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many key customers are inside their standard, of how many; `percent` is none of an empty book."""

    inside: int
    total: int

    @property
    def percent(self) -> int | None:
        """Whole percent inside, rounded down, so that 100 means all."""
        return self.inside * 100 // self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Past:
    """What the standard counts from: contacts in which we spoke (channel, day), and the days the customer became ours.

    Of several contacts by one channel in one stretch the last is enough.
    """

    spoken: Sequence[tuple[str, date]] = ()
    tier_since: date | None = None
    theirs_since: date | None = None
    opened_on: date | None = None

    def begun_on(self, today: date) -> date:
        """The day from which the tier's standard holds for them."""
        return self.tier_since or self.opened_on or self.theirs_since or today


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a customer's banker: the versions of the tier, the oldest first, and their own exceptions."""

    versions: tuple[Version, ...]
    exceptions: tuple[Excepted, ...] = ()


@dataclass(frozen=True, slots=True)
class Dues:
    """The next contact and the next visit; none where none is asked for."""

    contact: Due | None = None
    visit: Due | None = None


def dues(*, past: Past, asked: Asked, today: date, calendar: WorkCalendar) -> Dues:
    """The next contact and the next visit of one customer as of a day."""
    found = stretches(versions=asked.versions, exceptions=asked.exceptions, begun_on=past.begun_on(today), today=today)
    away = sorted((each for each in asked.exceptions if each.kind == AWAY), key=lambda each: each.from_on)
    days = _Days(calendar, tuple((each, calendar.next_workday(each.until_on)) for each in away))
    return Dues(_due(found, past, today, days), _due(visits(found), past, today, days))


def qualifies(*, channel: str, outcome: str, channels: Iterable[str]) -> bool:
    """Whether a contact fulfils a standard that counts these channels: we spoke, whoever of us it was."""
    return outcome in SPOKE and channel in channels


def is_overdue(*, due: Due, today: date) -> bool:
    """Whether the grace is over."""
    return today >= due.late_from


def coverage(*, dues: Iterable[Due], today: date) -> Coverage:
    """How many of these customers, each with a standard, are not overdue."""
    late = [is_overdue(due=due, today=today) for due in dues]
    return Coverage(inside=len(late) - sum(late), total=len(late))


@dataclass(frozen=True, slots=True)
class _Days:
    """The bank's workdays, and the customer's absences in order, each with the workday of the return."""

    calendar: WorkCalendar
    away: tuple[tuple[Excepted, date], ...]


@dataclass(frozen=True, slots=True)
class _Open:
    """A date before it is moved to a workday: never on or before `floor`, never late before `least_late`."""

    raw: date
    floor: date
    terms: Terms
    why: str
    since: date
    least_late: date = date.min

    def on(self, calendar: WorkCalendar) -> date:
        on = calendar.previous_workday(self.raw)
        return on if on > self.floor else calendar.next_workday(max(self.raw, self.floor + ONE_DAY))

    def due(self, days: _Days) -> Due:
        """Moved from the customer's absence to their return; a grace that would end in it ends the day after."""
        on, grace, back_on = self.on(days.calendar), timedelta(days=self.terms.grace_days + 1), None
        late = max(on + grace, self.least_late)
        for each, back in days.away:
            if each.holds(on):
                on, late, back_on = back, max(late, back + grace), back
            elif on < each.from_on <= late <= back:
                late, back_on = back + ONE_DAY, back
        return Due(on, late, self.why, self.since, back_on)

    def later(self, days: timedelta) -> _Open:
        least = self.least_late + days if self.least_late > date.min else date.min
        return replace(self, raw=self.raw + days, floor=self.floor + days, least_late=least)


def _due(found: Sequence[Stretch], past: Past, today: date, days: _Days) -> Due | None:
    """Follow the stretches to the last of them, which is today's."""
    kept: _Open | None = None
    for place, stretch in enumerate(found):
        until = found[place + 1].from_on if place + 1 < len(found) else date.max
        if stretch.terms is None:
            stands = kept is not None and stretch.paused and until < date.max
            kept = kept.later(until - stretch.from_on) if kept and stands else None
        elif place == 0:
            kept = _plain(stretch.from_on, stretch.terms, past, until, today)
        else:
            kept = _next(kept, stretch.from_on, stretch.terms, past, until, days)
    return kept.due(days) if kept else None


def _last(past: Past, terms: Terms, until: date) -> tuple[date | None, str]:
    """The last contact before a day that counts; of who was never spoken to, the day they became their banker's.

    A new banker's day begins before anything else that begins on it.
    """
    days = [day for channel, day in past.spoken if day < until and channel in terms.channels]
    if days:
        return max(days), CONTACT
    return (past.theirs_since, THEIRS) if past.theirs_since and past.theirs_since <= until else (None, "")


def _since(past: Past, terms: Terms, until: date, today: date) -> tuple[date, str]:
    """What the standard counts from: the last contact, else the day of the tier, else the day of the account.

    A customer who rose to a key tier long after the last contact gets the whole standard from that day on.
    """
    last, why = _last(past, terms, until)
    if past.tier_since and (last is None or past.tier_since > last):
        return past.tier_since, TIER
    if last:
        return last, why
    return (past.opened_on, OPENED) if past.opened_on else (today, UNKNOWN)


def _plain(begun: date, terms: Terms, past: Past, until: date, today: date) -> _Open:
    """The date under the standard the customer has had since they came under the tier."""
    since, why = _since(past, terms, until, today)
    if terms.basis != FROM_DUE:
        return _Open(since + timedelta(days=terms.every_days), since, terms, why, since)
    first = begun + timedelta(days=terms.every_days)
    return _rhythm(first, terms, since, RHYTHM if why == CONTACT else why)


def _rhythm(first: date, terms: Terms, since: date, why: str) -> _Open:
    """The first due date after the one that `since` lies nearest to; `first` is the earliest there can be."""
    days = (since - first).days + terms.every_days
    answered = max(-((terms.every_days - 2 * days) // (2 * terms.every_days)), 0)  # in the middle: the earlier one
    return _Open(first + timedelta(days=answered * terms.every_days), since, terms, why, since)


def _next(kept: _Open | None, start: date, terms: Terms, past: Past, until: date, days: _Days) -> _Open:
    """The date under terms that began on `start`, after others (`kept`) or after none."""
    if kept is None:
        opened = _Open(start + timedelta(days=terms.every_days), start, terms, BEGUN, start)
    else:
        opened = _changed(kept, start, terms, past, days)
    last, why = _last(past, terms, until)
    if last is None or last < start:
        return opened
    if terms.basis == FROM_DUE:
        return _rhythm(opened.raw, terms, last, RHYTHM if why == CONTACT else why)
    return _Open(last + timedelta(days=terms.every_days), last, terms, why, last)


def _changed(kept: _Open, start: date, terms: Terms, past: Past, days: _Days) -> _Open:
    """What becomes of a date on the day other terms begin; nobody becomes overdue by it."""
    was_due = kept.on(days.calendar) <= start
    least = kept.due(days).late_from if was_due else date.min
    counted = kept.raw - timedelta(days=kept.terms.every_days)
    if terms.basis != FROM_DUE:
        counted = _since(past, terms, start, counted)[0]
    raw = counted + timedelta(days=terms.every_days)
    if raw < kept.raw and was_due:
        return replace(kept, terms=terms, least_late=least, why=CHANGED, since=start)
    if raw < kept.raw:
        raw = max(raw, start + timedelta(days=_shortened((kept.raw - start).days, kept.terms, terms)))
    why, since = (kept.why, kept.since) if raw == kept.raw else (CHANGED, start)
    return _Open(raw, counted if was_due else max(counted, start), terms, why, since, least)


def _shortened(left: int, old: Terms, new: Terms) -> int:
    """The days that were left, in proportion to the new time, rounded up."""
    return -(-left * min(new.every_days, old.every_days) // old.every_days)
