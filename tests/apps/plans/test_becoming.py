"""A planned contact that is made becomes the interaction; one that is not made, or is nobody's business, does not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keybook.apps.people.queries import bank
from keybook.apps.plans.commands.becoming import become
from keybook.apps.plans.models import Entry
from keybook.apps.reminders.commands import Day, correct_contact, day_of, log_contact
from tests.apps.plans.stage import TOMORROW, make_entry, spoken
from tests.cast import NOON, TODAY, Cast, make_reminder, scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(cast: Cast) -> Day:
    return day_of(bank())


def log(cast: Cast, day: Day, **more: object) -> int:
    return log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=spoken(**more), day=day).interaction_id


def state(entry: Entry) -> tuple[str, int | None]:
    entry.refresh_from_db()
    return entry.state, entry.interaction_id


def test_the_contact_planned_for_today_is_done_by_it(cast: Cast, day: Day) -> None:
    today, later = (make_entry(customer=cast.zhang, staff=cast.alice, on=on) for on in (TODAY, TOMORROW))
    contact = log(cast, day)
    assert state(today) == ("done", contact)
    assert state(later) == ("planned", None)


def test_what_was_missed_before_is_done_with_it(cast: Cast, day: Day) -> None:
    missed = make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY - dt.timedelta(days=3))
    contact = log(cast, day)
    assert state(missed) == ("done", contact)


def test_the_next_one_by_standard_is_done_early(cast: Cast, day: Day) -> None:
    first, second = (
        make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY + dt.timedelta(days=days)) for days in (8, 30)
    )
    contact = log(cast, day)
    assert state(first) == ("done", contact)
    assert state(second) == ("planned", None)


def test_one_that_hangs_on_an_answered_reminder_is_done_wherever_it_lies(cast: Cast, day: Day) -> None:
    reminder = make_reminder(customer=cast.zhang)
    lies = make_entry(
        customer=cast.zhang, staff=cast.alice, on=TODAY + dt.timedelta(days=9), cause="signal", reminder=reminder
    )
    contact = log(cast, day)
    assert state(lies) == ("done", contact)


def test_one_for_another_reason_later_waits(cast: Cast, day: Day) -> None:
    later = make_entry(customer=cast.zhang, staff=cast.alice, cause="promise")
    log(cast, day)
    assert state(later) == ("planned", None)


@pytest.mark.parametrize("outcome", ["not_reached", "left_message"])
def test_a_call_in_which_nobody_was_reached_leaves_it_planned(cast: Cast, day: Day, outcome: str) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY)
    log(cast, day, outcome=outcome)
    assert state(entry) == ("planned", None)


def test_a_letter_that_was_sent_is_done(cast: Cast, day: Day) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY, channel="letter")
    assert state(entry)[0] == "planned"
    contact = log(cast, day, channel="letter", outcome="left_message")
    assert state(entry) == ("done", contact)


def test_a_call_is_not_the_visit_of_the_year(cast: Cast, day: Day) -> None:
    visit = make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY, channel="visit", cause="visit")
    log(cast, day)
    assert state(visit) == ("planned", None)
    met = log(cast, day, channel="visit", outcome="met")
    assert state(visit) == ("done", met)


def test_a_confidential_contact_changes_nothing_that_others_see(cast: Cast, day: Day) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY)
    log(cast, day, named=())
    assert state(entry) == ("planned", None)


def test_anothers_customer_is_left_alone(cast: Cast, day: Day) -> None:
    other = make_entry(customer=cast.osei, staff=cast.alice, on=TODAY)
    log(cast, day)
    assert state(other) == ("planned", None)


def test_a_repeat_of_the_same_log_changes_nothing_more(cast: Cast, day: Day) -> None:
    contact = spoken()
    for _again in range(2):
        log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=contact, day=day)
        later = make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY + dt.timedelta(days=20 + _again))
    assert state(later) == ("planned", None)


def test_it_costs_one_statement(cast: Cast, day: Day) -> None:
    make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY)
    contact = log(cast, day, outcome="not_reached")
    with CaptureQueriesContext(connection) as asked:
        assert become(customer_id=cast.zhang.pk, contact=spoken(), interaction_id=contact, closed=(), day=day) == 1
    assert len(asked) == 1


def test_a_correction_takes_the_done_one_along(cast: Cast, day: Day) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY)
    first = log(cast, day)
    second = correct_contact(
        by=scope(cast.alice), interaction_id=first, contact=spoken(outcome="met", channel="visit"), day=day
    )
    assert state(entry) == ("done", second.interaction_id)


def test_corrected_to_nobody_reached_it_waits_on_its_day_again(cast: Cast, day: Day) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY)
    first = log(cast, day)
    correct_contact(by=scope(cast.alice), interaction_id=first, contact=spoken(outcome="not_reached"), day=day)
    assert state(entry) == ("planned", None)


def test_corrected_after_another_was_planned_on_its_day_it_stays_out(cast: Cast, day: Day) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY)
    first = log(cast, day)
    make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY, cause="hand")
    correct_contact(by=scope(cast.alice), interaction_id=first, contact=spoken(outcome="not_reached", at=NOON), day=day)
    assert state(entry) == ("dropped", None)
