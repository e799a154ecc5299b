"""The contact standard: when the next contact and visit are due, when they are late, who is covered."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keybook.calendars import workdays
from keybook.core.cadence import Asked, Coverage, Due, Dues, Past, coverage, dues, is_overdue, qualifies
from keybook.core.standards import (
    CHANNELS,
    Excepted,
    StandardError,
    Stretch,
    Terms,
    Version,
    holding,
    overlapping,
    stretches,
    terms_on,
    visits,
)
from keybook.core.workdays import WorkCalendar

PLAIN = WorkCalendar()
EVERY_DAY = WorkCalendar(weekend=frozenset())
DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)
ALWAYS = date(2000, 1, 1)
CALLS = frozenset({"call", "visit"})


def standard(days: int = 30, *, since: date = ALWAYS, number: int = 1, **more: object) -> Version:
    return Version(number, since, Terms(days, **{"grace_days": 5, **more}))


def next_of(
    *versions: Version, spoken: list[tuple[str, date]] | None = None, excepted: tuple[Excepted, ...] = (),
    today: date = MONDAY, calendar: WorkCalendar = PLAIN, **past: date,
) -> Dues:  # fmt: skip
    past = past or {"opened_on": date(2024, 1, 1)}
    return dues(past=Past(tuple(spoken or ()), **past), asked=Asked(versions, excepted), today=today, calendar=calendar)


# counted from the last contact


def test_thirty_days_that_end_on_a_saturday_are_due_on_friday():
    due = next_of(standard(30), spoken=[("call", date(2026, 10, 22))]).contact
    assert (due.on, due.late_from) == (date(2026, 11, 20), date(2026, 11, 26))
    assert (due.why, due.since) == ("contact", date(2026, 10, 22))


def test_a_standard_with_no_workday_inside_is_due_on_the_first_one_after():
    assert next_of(standard(1), spoken=[("call", date(2026, 11, 20))]).contact.on == MONDAY


def test_the_last_day_of_grace_is_not_late_and_the_next_is():
    due = next_of(standard(30, grace_days=2), spoken=[("call", date(2026, 10, 21))]).contact
    assert not is_overdue(due=due, today=date(2026, 11, 22))
    assert is_overdue(due=due, today=date(2026, 11, 23))


@pytest.mark.parametrize(
    ("past", "why"),
    [
        ({"spoken": [("call", date(2026, 3, 1))], "tier_since": date(2026, 9, 1)}, "tier"),
        ({"spoken": [("call", date(2026, 9, 1))], "tier_since": date(2026, 3, 1)}, "contact"),
        ({"theirs_since": date(2026, 9, 1), "tier_since": date(2026, 3, 1)}, "theirs"),
        ({"opened_on": date(2026, 9, 1)}, "opened"),
    ],
)
def test_the_standard_counts_from_the_contact_the_new_tier_the_banker_or_the_account(past, why):
    due = next_of(standard(60), calendar=EVERY_DAY, **past).contact
    assert (due.on, due.why) == (date(2026, 10, 31), why)


def test_who_is_known_by_no_date_is_due_a_whole_standard_from_today():
    due = dues(past=Past(), asked=Asked((standard(30),)), today=MONDAY, calendar=EVERY_DAY).contact
    assert (due.on, due.why) == (MONDAY + 30 * DAY, "unknown")


def test_a_channel_that_does_not_count_moves_nothing():
    """A message of 1 November does not count; the call of 1 October does: 31 October."""
    spoken = [("call", date(2026, 10, 1)), ("sms", date(2026, 11, 1))]
    assert next_of(standard(30, channels=CALLS), spoken=spoken, calendar=EVERY_DAY).contact.on == date(2026, 10, 31)


def test_only_a_contact_in_which_we_spoke_qualifies_and_only_by_a_channel_that_counts():
    assert qualifies(channel="visit", outcome="met", channels=CALLS)
    assert not qualifies(channel="call", outcome="left_message", channels=CALLS)
    assert not qualifies(channel="letter", outcome="reached", channels=CALLS)


# counted from the due date


def test_two_contacts_about_one_due_date_answer_it_once():
    """Every 30 days since 1 January: 31 January, 2 March, 1 April. Calls of 28 January and 3 February are about the first."""
    version = standard(30, basis="due")
    for days in ([28], [28, 34]):
        spoken = [("call", date(2025, 12, 31) + day * DAY) for day in days]
        due = next_of(version, spoken=spoken, tier_since=date(2026, 1, 1), today=date(2026, 2, 5), calendar=EVERY_DAY)
        assert (due.contact.on, due.contact.why) == (date(2026, 3, 2), "rhythm")


@pytest.mark.parametrize(
    ("spoken", "due"),
    [
        (date(2026, 1, 3), date(2026, 1, 31)),  # two days after the beginning: about no due date yet
        (date(2026, 1, 16), date(2026, 1, 31)),  # in the middle: about the earlier
        (date(2026, 1, 17), date(2026, 3, 2)),  # nearer to 31 January
        (date(2026, 2, 10), date(2026, 3, 2)),  # ten days late: the rhythm stays
        (date(2026, 2, 16), date(2026, 4, 1)),  # nearer to 2 March
    ],
)
def test_counted_from_the_due_date_a_contact_answers_the_date_it_lies_nearest_to(spoken, due):
    version = standard(30, basis="due")
    found = next_of(
        version, spoken=[("call", spoken)], tier_since=date(2026, 1, 1), today=date(2026, 2, 20), calendar=EVERY_DAY
    )
    assert found.contact.on == due


# a new version


def test_a_stricter_version_shortens_in_proportion_what_was_left():
    """Every 60 days, last call 3 October: due 2 December. From 13 November every 45: 19 days were left, ⌈19·45/60⌉ = 15."""
    versions = standard(60), standard(45, since=date(2026, 11, 13), number=2)
    due = next_of(*versions, spoken=[("call", date(2026, 10, 3))], calendar=EVERY_DAY).contact
    assert (due.on, due.why, due.since) == (date(2026, 11, 28), "changed", date(2026, 11, 13))


def test_the_first_contact_under_the_new_version_is_counted_by_it_alone():
    versions = standard(60), standard(45, since=date(2026, 11, 13), number=2)
    spoken = [("call", date(2026, 10, 3)), ("call", date(2026, 11, 13))]
    assert next_of(*versions, spoken=spoken, calendar=EVERY_DAY).contact.on == date(2026, 12, 28)


def test_a_looser_version_holds_at_once():
    versions = standard(30), standard(90, since=date(2026, 11, 13), number=2)
    due = next_of(*versions, spoken=[("call", date(2026, 10, 3))], calendar=EVERY_DAY).contact
    assert due.on == date(2027, 1, 1)


def test_what_was_due_before_a_stricter_version_keeps_its_day_and_the_longer_grace():
    """Due 10 November with ten days of grace; from the 13th every 20 days and none: late from the 21st as before."""
    versions = standard(30, grace_days=10), standard(20, since=date(2026, 11, 13), number=2, grace_days=0)
    due = next_of(*versions, spoken=[("call", date(2026, 10, 11))], calendar=EVERY_DAY).contact
    assert (due.on, due.late_from) == (date(2026, 11, 10), date(2026, 11, 21))


def test_a_tier_that_gets_its_first_standard_has_a_whole_one_from_that_day():
    due = next_of(standard(30, since=date(2026, 11, 13)), spoken=[("call", date(2026, 1, 5))], calendar=EVERY_DAY)
    assert (due.contact.on, due.contact.why) == (date(2026, 12, 13), "begun")


def test_a_version_that_counts_fewer_channels_takes_nobodys_time_away():
    """Written to on 1 November, due 1 December. From the 13th only calls count, the last one in August: the day stays."""
    versions = standard(30), standard(30, since=date(2026, 11, 13), number=2, channels=CALLS)
    spoken = [("call", date(2026, 8, 1)), ("wechat", date(2026, 11, 1))]
    assert next_of(*versions, spoken=spoken, calendar=EVERY_DAY).contact.on == date(2026, 12, 1)


def test_a_tier_whose_standard_has_ended_has_nothing_due():
    ended = Version(2, date(2026, 11, 13), None)
    assert next_of(standard(30), ended, spoken=[("call", date(2026, 10, 3))]) == Dues(None, None)


def test_a_version_to_come_changes_nothing_yet():
    one = next_of(standard(60), spoken=[("call", date(2026, 10, 3))])
    assert one == next_of(standard(60), standard(5, since=MONDAY + DAY, number=2), spoken=[("call", date(2026, 10, 3))])


def test_a_new_version_counted_from_the_due_date_goes_on_from_the_date_it_found():
    """Due 2 December, every 60 days; from 13 November every 30, in a rhythm: ⌈19·30/60⌉ = 10, so 23 November, then 23 December."""
    versions = standard(60), standard(30, since=date(2026, 11, 13), number=2, basis="due")
    spoken = [("call", date(2026, 10, 3))]
    assert next_of(*versions, spoken=spoken, calendar=EVERY_DAY).contact.on == date(2026, 11, 23)
    spoken.append(("call", date(2026, 11, 20)))
    assert next_of(*versions, spoken=spoken, calendar=EVERY_DAY).contact.on == date(2026, 12, 23)


# exceptions


def rhythm(days: int, start: date, end: date, **more: object) -> Excepted:
    return Excepted("rhythm", start, end, every_days=days, **more)


def test_another_rhythm_holds_until_its_end_and_then_the_standard_again():
    excepted = (rhythm(7, date(2026, 11, 16), date(2026, 12, 4)),)
    spoken = [("call", date(2026, 11, 18))]
    assert next_of(standard(60), spoken=spoken, excepted=excepted, calendar=EVERY_DAY).contact.on == date(2026, 11, 25)
    later = next_of(standard(60), spoken=spoken, excepted=excepted, today=date(2026, 12, 4), calendar=EVERY_DAY)
    assert later.contact.on == date(2027, 1, 17)


def test_only_by_letter_counts_letters_and_no_calls():
    excepted = (Excepted("only", date(2026, 10, 1), date(2027, 10, 1), channels=frozenset({"letter"})),)
    spoken = [("letter", date(2026, 11, 2)), ("call", date(2026, 11, 20))]
    due = next_of(standard(30, channels=CALLS), spoken=spoken, excepted=excepted, calendar=EVERY_DAY).contact
    assert due.on == date(2026, 12, 2)


def test_in_a_pause_nothing_is_due_and_what_was_left_before_is_left_after():
    """Due 2 December, a pause of 20 days from 13 November: 22 December."""
    excepted = (Excepted("pause", date(2026, 11, 13), date(2026, 12, 3)),)
    spoken = [("call", date(2026, 11, 2))]
    assert next_of(standard(30), spoken=spoken, excepted=excepted).contact is None
    after = next_of(standard(30), spoken=spoken, excepted=excepted, today=date(2026, 12, 3), calendar=EVERY_DAY)
    assert after.contact.on == date(2026, 12, 22)


def test_who_was_overdue_before_a_pause_is_overdue_after_it():
    excepted = (Excepted("pause", date(2026, 11, 13), date(2026, 12, 3)),)
    spoken = [("call", date(2026, 8, 2))]
    after = next_of(standard(30), spoken=spoken, excepted=excepted, today=date(2026, 12, 3), calendar=EVERY_DAY)
    assert is_overdue(due=after.contact, today=date(2026, 12, 3))


def test_a_contact_during_a_pause_counts_once_it_is_over():
    excepted = (Excepted("pause", date(2026, 11, 1), date(2026, 11, 21)),)
    spoken = [("call", date(2026, 10, 2)), ("call", date(2026, 11, 18))]
    assert next_of(standard(30), spoken=spoken, excepted=excepted, calendar=EVERY_DAY).contact.on == date(2026, 12, 18)


def test_a_pause_before_there_was_a_standard_leaves_nothing_to_keep():
    excepted = (Excepted("pause", date(2026, 1, 1), date(2026, 11, 13)),)
    due = next_of(standard(30), tier_since=date(2026, 3, 1), excepted=excepted, calendar=EVERY_DAY).contact
    assert (due.on, due.why) == (date(2026, 12, 13), "begun")


def test_due_while_away_is_due_on_the_first_workday_of_the_return():
    """Due Fri 20 November, away until Sat the 28th: Mon 30 November, and five days of grace from there."""
    excepted = (Excepted("away", date(2026, 11, 16), date(2026, 11, 28)),)
    due = next_of(standard(30), spoken=[("call", date(2026, 10, 22))], excepted=excepted).contact
    assert (due.on, due.late_from, due.back_on) == (date(2026, 11, 30), date(2026, 12, 6), date(2026, 11, 30))


def test_a_grace_that_would_end_while_away_ends_after_the_return():
    excepted = (Excepted("away", date(2026, 11, 23), date(2026, 12, 12)),)
    due = next_of(standard(30), spoken=[("call", date(2026, 10, 22))], excepted=excepted).contact
    assert (due.on, due.late_from) == (date(2026, 11, 20), date(2026, 12, 15))


def test_back_from_one_journey_into_the_next_is_back_from_both():
    excepted = (
        Excepted("away", date(2026, 11, 26), date(2026, 12, 12)),
        Excepted("away", date(2026, 11, 16), date(2026, 11, 26)),
    )
    due = next_of(standard(30), spoken=[("call", date(2026, 10, 22))], excepted=excepted).contact
    assert due.on == date(2026, 12, 14)


def test_the_grace_after_a_return_is_not_cut_short_by_a_version_that_begins_in_it():
    """Due 9 November, back on the 20th, 14 days of grace: late from 5 December; every 35 days without grace changes none of it."""
    away = (Excepted("away", date(2026, 11, 1), date(2026, 11, 20)),)
    spoken = [("call", date(2026, 10, 10))]
    old, new = standard(30, grace_days=14), standard(35, since=date(2026, 11, 21), number=2, grace_days=0)
    for versions in ((old,), (old, new)):
        due = next_of(*versions, spoken=spoken, excepted=away, calendar=EVERY_DAY).contact
        assert (due.on, due.late_from) == (date(2026, 11, 20), date(2026, 12, 5))


def test_who_was_overdue_before_leaving_stays_so():
    excepted = (Excepted("away", date(2026, 11, 20), date(2026, 12, 12)),)
    due = next_of(standard(30), spoken=[("call", date(2026, 8, 3))], excepted=excepted).contact
    assert is_overdue(due=due, today=MONDAY)


# visits


def test_one_visit_a_year_is_due_a_year_after_the_last():
    spoken = [("visit", date(2026, 3, 4)), ("call", date(2026, 11, 20))]
    found = next_of(standard(30, visits_a_year=1), spoken=spoken)
    assert found.visit.on == date(2027, 3, 4)
    assert next_of(standard(30), spoken=spoken).visit is None


def test_a_pause_holds_the_visit_up_by_as_long_and_only_by_letter_asks_for_none():
    version = standard(30, visits_a_year=2)
    spoken = [("visit", date(2026, 8, 3))]
    pause = (Excepted("pause", date(2026, 10, 1), date(2026, 10, 11)),)
    assert next_of(version, spoken=spoken, excepted=pause, calendar=EVERY_DAY).visit.on == date(2027, 2, 11)
    letters = (Excepted("only", date(2026, 10, 1), date(2027, 1, 1), channels=frozenset({"letter"})),)
    assert next_of(version, spoken=spoken, excepted=letters).visit is None


def test_a_change_that_does_not_touch_visits_leaves_their_stretches_whole():
    asked = (Stretch(ALWAYS, Terms(30, visits_a_year=1)), Stretch(MONDAY, Terms(20, visits_a_year=1)))
    assert [each.from_on for each in visits(asked)] == [ALWAYS]


# coverage


def test_coverage_counts_those_inside_and_rounds_down():
    today = date(2026, 11, 23)
    found = [Due(today, today + timedelta(days=1)), Due(today, today + timedelta(days=3)), Due(today, today)]
    assert coverage(dues=found, today=today) == Coverage(inside=2, total=3)
    assert Coverage(inside=199, total=200).percent == 99


def test_an_empty_book_has_no_percentage():
    assert coverage(dues=[], today=date(2026, 1, 1)).percent is None


# what cannot be kept


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("every_days", {"every_days": 0}),
        ("every_days", {"every_days": -1}),
        ("every_days", {"every_days": 731}),
        ("grace_days", {"grace_days": -1}),
        ("grace_days", {"grace_days": 91}),
        ("visits_a_year", {"visits_a_year": 53}),
        ("basis", {"basis": "moon"}),
        ("channels", {"channels": frozenset()}),
        ("channels", {"channels": frozenset({"pigeon"})}),
    ],
)
def test_a_standard_that_cannot_be_kept_is_refused(field, changed):
    with pytest.raises(StandardError) as refused:
        replace(Terms(30), **changed)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("kind", {"kind": "holiday"}),
        ("until_on", {"until_on": MONDAY}),
        ("every_days", {"kind": "rhythm"}),
        ("every_days", {"every_days": 7}),
        ("every_days", {"kind": "rhythm", "every_days": 0}),
        ("channels", {"kind": "only"}),
        ("channels", {"channels": frozenset({"pigeon"})}),
    ],
)
def test_an_exception_that_cannot_hold_is_refused(field, values):
    with pytest.raises(StandardError) as refused:
        Excepted(**{"kind": "pause", "from_on": MONDAY, "until_on": MONDAY + DAY, **values})
    assert refused.value.field == field


def test_exceptions_may_touch_but_not_overlap_and_an_absence_may_fall_into_any():
    known = [Excepted("pause", MONDAY, MONDAY + 10 * DAY), Excepted("away", MONDAY, MONDAY + 5 * DAY)]
    assert overlapping(wanted=rhythm(7, MONDAY + 9 * DAY, MONDAY + 20 * DAY), known=known) == known[0]
    assert overlapping(wanted=rhythm(7, MONDAY + 10 * DAY, MONDAY + 20 * DAY), known=known) is None
    assert overlapping(wanted=Excepted("away", MONDAY + 4 * DAY, MONDAY + 6 * DAY), known=known) == known[1]
    assert overlapping(wanted=Excepted("away", MONDAY + 5 * DAY, MONDAY + 6 * DAY), known=known) is None


def test_before_the_first_version_nothing_is_asked():
    assert terms_on(versions=(standard(30, since=MONDAY),), exceptions=(), day=MONDAY - DAY) is None


# whatever the history


days = st.integers(-400, 0).map(lambda ago: MONDAY + ago * DAY)
channels = st.frozensets(st.sampled_from(CHANNELS), min_size=1, max_size=4)
asked_terms = st.builds(
    Terms, st.integers(1, 90), st.integers(0, 20), st.sampled_from(["contact", "due"]), channels, st.integers(0, 4)
)


@st.composite
def versions_of_a_tier(draw):
    starts = sorted(draw(st.lists(days, max_size=3, unique=True)))
    starts = [ALWAYS, *starts] if draw(st.booleans()) or not starts else starts
    return tuple(
        Version(place + 1, start, draw(asked_terms if place == 0 else st.none() | asked_terms))
        for place, start in enumerate(starts)
    )


@st.composite
def exceptions_of_a_customer(draw):
    found: list[Excepted] = []
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(["rhythm", "only", "pause", "away"]))
        start = draw(days)
        wanted = Excepted(
            kind, start, start + draw(st.integers(1, 80)) * DAY,
            draw(st.integers(1, 60)) if kind == "rhythm" else None,
            draw(channels) if kind == "only" else frozenset(),
        )  # fmt: skip
        if overlapping(wanted=wanted, known=found) is None:
            found.append(wanted)
    return tuple(found)


pasts = st.builds(
    Past,
    spoken=st.lists(st.tuples(st.sampled_from(CHANNELS), days), max_size=12).map(tuple),
    tier_since=st.none() | days,
    theirs_since=st.none() | days,
    opened_on=st.none() | days,
)
calendars = st.sampled_from([PLAIN, EVERY_DAY, workdays("CN")])


class Told:
    """The next contact told day by day, as it would have been kept in a book: an independent account of the rules."""

    def __init__(self, past: Past, asked: Asked, today: date, calendar: WorkCalendar) -> None:
        self.past, self.asked, self.today, self.calendar = past, asked, today, calendar
        away = [each for each in asked.exceptions if each.kind == "away"]
        self.away = sorted(away, key=lambda one: one.from_on)
        self.terms: Terms | None = None  # what is asked since yesterday
        self.before: Terms | None = None  # what was asked before a pause
        self.raw = self.floor = self.least = date.min
        self.known, self.paused = False, 0
        day = past.tier_since or past.opened_on or past.theirs_since or today
        self.begin(day)
        while day < today:
            day += DAY
            self.live(day)

    def asks(self, day: date) -> Terms | None:
        return terms_on(versions=self.asked.versions, exceptions=self.asked.exceptions, day=day)

    def spoken(self, terms: Terms, until: date) -> date | None:
        """The last contact up to and on a day; of who was never spoken to, the day they became their banker's."""
        found = [day for channel, day in self.past.spoken if channel in terms.channels and day <= until]
        theirs = self.past.theirs_since
        return max(found) if found else theirs if theirs and theirs <= until else None

    def since(self, terms: Terms, until: date, otherwise: date) -> date:
        found = [day for day in (self.spoken(terms, until), self.past.tier_since) if day]
        return max(found) if found else self.past.opened_on or otherwise

    def begin(self, day: date) -> None:
        self.terms = self.asks(day)
        if self.terms is None:
            return
        self.known, self.before = True, self.terms
        self.floor = self.since(self.terms, day, self.today)
        self.raw = (day if self.terms.basis == "due" else self.floor) + self.terms.every_days * DAY
        self.answered(self.floor)

    def answered(self, day: date) -> None:
        """A contact: the rhythm moves on while it lies nearer to the date that is due than to the one before."""
        self.floor, self.least = day, date.min
        if self.terms.basis == "contact":
            self.raw = day + self.terms.every_days * DAY
            return
        while abs(self.raw - day) < abs(day - (self.raw - self.terms.every_days * DAY)) or day > self.raw:
            self.raw += self.terms.every_days * DAY

    def live(self, day: date) -> None:
        terms, old = self.asks(day), self.terms
        theirs = old is not None and day == self.past.theirs_since and self.spoken(old, day - DAY) is None
        if theirs and terms != old:  # the new banker's day begins before the new terms do
            self.answered(day)
        if terms is None:
            version = holding(versions=self.asked.versions, day=day)
            if version is None or version.terms is None:
                self.known = False  # no standard: the next one begins anew
            self.paused = 1 if self.terms is not None else self.paused + 1
            self.terms = None
            return
        if terms != self.terms:
            self.change(terms, day)
        self.terms = self.before = terms
        spoke = any(channel in terms.channels and at == day for channel, at in self.past.spoken)
        if spoke or (day == self.past.theirs_since and self.spoken(terms, day) == day):
            self.answered(day)

    def change(self, terms: Terms, day: date) -> None:
        if not self.known:
            self.known, self.raw, self.floor = True, day + terms.every_days * DAY, day
            return
        if self.terms is None:  # the clock stood still
            self.raw, self.floor = self.raw + self.paused * DAY, self.floor + self.paused * DAY
            self.least += self.paused * DAY if self.least > date.min else 0 * DAY
        old = self.before
        on, late = self.worked, self.placed(old.grace_days)[1]
        counted = self.raw - old.every_days * DAY
        if terms.basis == "contact":
            counted = self.since(terms, day - DAY, counted)
        wanted = counted + terms.every_days * DAY
        if on <= day:  # was due
            if wanted >= self.raw:
                self.raw, self.floor = wanted, counted
            self.least = late
            return
        if wanted < self.raw:
            share = Fraction((self.raw - day).days * min(terms.every_days, old.every_days), old.every_days)
            wanted = max(wanted, day + ceil(share) * DAY)
        self.raw, self.floor, self.least = wanted, max(counted, day), date.min

    def placed(self, grace: int) -> tuple[date, date]:
        """The day and the first late one, with the customer's absences."""
        on = self.worked
        late = max(on + (grace + 1) * DAY, self.least)
        for each in self.away:
            back = each.until_on
            while not self.calendar.is_workday(back):
                back += DAY
            if each.from_on <= on < each.until_on:
                on, late = back, max(late, back + (grace + 1) * DAY)
            elif on < each.from_on <= late <= back:
                late = back + DAY
        return on, late

    @property
    def worked(self) -> date:
        on = self.raw
        while not self.calendar.is_workday(on):
            on -= DAY
        if on <= self.floor:
            on = max(self.raw, self.floor + DAY)
            while not self.calendar.is_workday(on):
                on += DAY
        return on

    @property
    def due(self) -> tuple[date, date] | None:
        return self.placed(self.terms.grace_days) if self.terms else None


def told(past, asked, calendar, today=MONDAY):
    return Told(past, asked, today, calendar).due


histories = st.builds(Asked, versions_of_a_tier(), exceptions_of_a_customer())


@given(pasts, histories, calendars)
@settings(max_examples=600)
def test_the_date_is_the_one_a_book_kept_day_by_day_would_show(past, asked, calendar):
    due = dues(past=past, asked=asked, today=MONDAY, calendar=calendar).contact
    assert (due and (due.on, due.late_from)) == told(past, asked, calendar)


@given(pasts, histories, calendars, asked_terms, st.integers(0, 60).map(lambda ago: MONDAY - ago * DAY))
@settings(max_examples=600)
def test_nobody_becomes_overdue_on_the_day_a_version_begins(past, asked, calendar, terms, start):
    """And nobody is due before the day after it who was not due before it began."""
    theirs = past.theirs_since if past.theirs_since and past.theirs_since <= start else None
    past = replace(past, spoken=tuple(each for each in past.spoken if each[1] < start), theirs_since=theirs)
    elsewhere = tuple(each for each in asked.exceptions if start not in {each.from_on, each.until_on})
    asked = replace(asked, exceptions=elsewhere)  # two changes on one day are one change
    before = replace(asked, versions=tuple(each for each in asked.versions if each.from_on < start))
    after = replace(before, versions=(*before.versions, Version(9, start, terms)))
    old = dues(past=past, asked=before, today=start, calendar=calendar).contact
    new = dues(past=past, asked=after, today=start, calendar=calendar).contact
    begun = past.begun_on(start)
    if new is None or begun >= start:
        return  # a customer who comes under the tier that day has a whole standard: shown below
    if is_overdue(due=new, today=start):
        assert old is not None
        assert is_overdue(due=old, today=start)
    if new.on <= start:
        assert old is not None
        assert old.on <= start


@given(pasts, histories, calendars, st.integers(1, 80))
@settings(max_examples=300)
def test_an_exception_that_begins_or_ends_makes_nobody_overdue_on_that_day(past, asked, calendar, length):
    start = MONDAY - length * DAY  # nothing else happens from then on: no contact, no new banker, no new version
    calm = Asked(tuple(each for each in asked.versions if each.from_on < start))
    theirs = past.theirs_since if past.theirs_since and past.theirs_since < start else None
    past = replace(past, spoken=tuple(each for each in past.spoken if each[1] < start), theirs_since=theirs)
    if past.begun_on(MONDAY) >= start:
        return
    for kind in ("rhythm", "pause"):
        excepted = Excepted(kind, start, MONDAY, every_days=1 if kind == "rhythm" else None)
        last = MONDAY - DAY
        during = replace(calm, exceptions=(excepted,))
        before = dues(past=past, asked=during, today=last, calendar=calendar).contact
        after = dues(past=past, asked=during, today=MONDAY, calendar=calendar).contact
        calmly = dues(past=past, asked=calm, today=MONDAY, calendar=calendar).contact
        if after is not None and is_overdue(due=after, today=MONDAY) and kind == "rhythm":
            assert (before is not None and is_overdue(due=before, today=MONDAY)) or is_overdue(due=calmly, today=MONDAY)
        if kind == "pause":
            assert before is None
            assert after is None or calmly is None or calmly.on <= after.on


@given(pasts, histories, calendars, st.sampled_from(CHANNELS))
def test_a_contact_today_leaves_nobody_due_today_who_counts_from_contacts(past, asked, calendar, channel):
    terms = terms_on(versions=asked.versions, exceptions=asked.exceptions, day=MONDAY)
    spoke = replace(past, spoken=(*past.spoken, (channel, MONDAY)))
    due = dues(past=spoke, asked=asked, today=MONDAY, calendar=calendar).contact
    if terms is None:
        assert due is None
    elif channel in terms.channels:
        assert due.on > MONDAY
        assert not is_overdue(due=due, today=MONDAY)


@given(pasts, histories, calendars)
def test_the_last_contact_by_each_channel_between_two_changes_is_enough(past, asked, calendar):
    """What the database sends: the last of each channel in each stretch."""
    edges = sorted(
        {day for each in asked.exceptions for day in (each.from_on, each.until_on)}
        | {each.from_on for each in asked.versions}
    )
    kept: dict[tuple[str, int], date] = {}
    for channel, day in past.spoken:
        place = channel, sum(edge <= day for edge in edges)
        kept[place] = max(kept.get(place, day), day)
    fewer = replace(past, spoken=tuple((channel, day) for (channel, _place), day in kept.items()))
    one, other = (dues(past=each, asked=asked, today=MONDAY, calendar=calendar) for each in (past, fewer))
    assert one == other


@given(pasts, histories, calendars)
def test_every_due_date_is_a_workday_and_late_only_after_its_grace(past, asked, calendar):
    found = dues(past=past, asked=asked, today=MONDAY, calendar=calendar)
    for due in (found.contact, found.visit):
        if due is not None:
            assert calendar.is_workday(due.on)
            assert due.late_from > due.on


@given(histories, days)
def test_stretches_begin_with_the_customer_and_differ_from_one_to_the_next(asked, begun):
    found = stretches(versions=asked.versions, exceptions=asked.exceptions, begun_on=begun, today=MONDAY)
    assert found[0].from_on == begun
    assert all(one.from_on < other.from_on and one.differs(other) for one, other in pairwise(found))
