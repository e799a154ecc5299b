"""What speaks against a contact while it is held: a refused channel, mourning, somebody who was there within the week."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest

from keybook.apps.customers.models import Complaint, Preference
from keybook.apps.people.queries import bank
from keybook.apps.plans.commands.entries import AsksError, Where, move_entry
from keybook.apps.plans.commands.planning import plan_month
from keybook.apps.plans.models import Entry, Unplaced
from keybook.apps.plans.queries.answers import answers, slots_between
from keybook.apps.plans.queries.entries import wanted_of
from keybook.apps.plans.queries.gates import refused_days
from keybook.apps.plans.queries.tasks import tasks
from keybook.apps.reminders.commands import Day, RefusedError, day_of
from keybook.apps.reminders.models import Observance
from tests.apps.plans.stage import make_entry
from tests.cast import NOON, TODAY, Cast, make_interaction, make_reminder, scope

pytestmark = pytest.mark.django_db
WEDNESDAY, NEXT_WEEK = TODAY + dt.timedelta(days=2), TODAY + dt.timedelta(days=9)


@pytest.fixture
def day(cast: Cast) -> Day:
    return day_of(bank())


def kinds(cast: Cast, day: Day, entry: Entry, by: object = None) -> dict[dt.date, tuple[str, str]]:
    slots = slots_between(from_on=TODAY, until_on=NEXT_WEEK + dt.timedelta(days=1))
    found = answers(scope=scope(by or cast.alice), wanted=wanted_of(entry=entry), slots=slots, day=day)  # type: ignore[arg-type]
    return {on: (each.kind, each.code) for (on, half), each in found.items() if half == "am"}


def test_a_channel_the_customer_refused_is_refused_on_every_day(cast: Cast, day: Day) -> None:
    Preference.objects.create(customer=cast.zhang, never=["call"])
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    with pytest.raises(RefusedError, match="not to be contacted this way: Call"):
        move_entry(by=scope(cast.alice), entry_id=entry.pk, to=Where(WEDNESDAY, "am"), because="Still", day=day)
    entry.refresh_from_db()
    assert entry.on != WEDNESDAY


def test_who_was_spoken_to_within_the_week_is_asked_about_and_after_it_is_free(cast: Cast, day: Day) -> None:
    make_interaction(customer=cast.zhang, staff=cast.bob, at=NOON - dt.timedelta(days=1), topic="Steady Income 90")
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    found = kinds(cast, day, entry)
    assert found[WEDNESDAY] == ("asks", "gate")
    assert found[NEXT_WEEK] == ("fits", "")
    with pytest.raises(AsksError, match=r"22 Nov: Bob Chen, Call, “Steady Income 90”, Reached\."):
        move_entry(by=scope(cast.alice), entry_id=entry.pk, to=Where(WEDNESDAY, "am"), day=day)
    move_entry(by=scope(cast.alice), entry_id=entry.pk, to=Where(WEDNESDAY, "am"), because="She asked for it", day=day)
    assert Entry.objects.get(pk=entry.pk).because == "She asked for it"


@pytest.mark.parametrize("more", [{"outcome": "not_reached"}, {"superseded": True}])
def test_who_was_not_reached_asks_nothing(cast: Cast, day: Day, more: dict[str, object]) -> None:
    make_interaction(customer=cast.zhang, staff=cast.bob, **more)
    assert kinds(cast, day, make_entry(customer=cast.zhang, staff=cast.alice))[WEDNESDAY] == ("fits", "")


def test_a_confidential_contact_says_nothing(cast: Cast, day: Day) -> None:
    make_interaction(customer=cast.zhang, staff=cast.alice, confidential=True)
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    assert kinds(cast, day, entry, by=cast.dora)[WEDNESDAY] == ("fits", "")
    assert kinds(cast, day, entry, by=cast.alice)[WEDNESDAY] == ("fits", "")


def test_in_mourning_nobody_congratulates_and_a_promise_is_kept_all_the_same(cast: Cast, day: Day) -> None:
    Observance.objects.create(customer=cast.zhang, mourning_from=TODAY, mourning_until=NEXT_WEEK)
    birthday = make_entry(customer=cast.zhang, staff=cast.alice, cause="occasion")
    found = kinds(cast, day, birthday)
    assert found[WEDNESDAY] == ("refused", "gate")
    assert found[NEXT_WEEK] == ("fits", "")
    Entry.objects.filter(pk=birthday.pk).update(cause="promise")
    assert kinds(cast, day, Entry.objects.get(pk=birthday.pk))[WEDNESDAY] == ("fits", "")


@pytest.mark.parametrize(("kind", "answer"), [("idle_cash", "refused"), ("large_outflow", "asks")])
def test_what_ends_in_a_product_is_an_offer_on_the_plan_as_on_today(
    cast: Cast, day: Day, kind: str, answer: str
) -> None:
    Complaint.objects.create(customer=cast.zhang, text="Waited", opened_on=TODAY, opened_by=cast.alice)
    reminder = make_reminder(customer=cast.zhang, cause="signal", kind=kind)
    entry = make_entry(customer=cast.zhang, staff=cast.alice, cause="signal", reminder=reminder)
    assert kinds(cast, day, entry)[WEDNESDAY] == (answer, "gate")
    made = next(each for each in tasks(staff_ids=[cast.alice.pk], until_on=NEXT_WEEK, day=day)[cast.alice.pk])
    assert made.kind == kind
    refused = refused_days(by_id=cast.alice.pk, wanted=[made], days=[TODAY], ahead={}, day=day)
    assert bool(refused) is (answer == "refused")


def test_two_contacts_of_one_week_are_asked_about_whoever_planned_the_other(cast: Cast, day: Day) -> None:
    make_entry(customer=cast.zhang, staff=cast.bob, on=TODAY + dt.timedelta(days=1))
    entry = make_entry(customer=cast.zhang, staff=cast.alice, on=NEXT_WEEK)
    with pytest.raises(AsksError, match=r"Planned for 24 Nov already: Bob Chen, Call\."):
        move_entry(by=scope(cast.alice), entry_id=entry.pk, to=Where(WEDNESDAY, "am"), day=day)
    assert kinds(cast, day, entry)[NEXT_WEEK] == ("fits", "")


def planned_on(cast: Cast, day: Day) -> set[dt.date]:
    """The days on which planning has laid a contact with the customer."""
    plan_month(by=scope(cast.alice), staff_ids=[cast.alice.pk], period=(TODAY, TODAY + dt.timedelta(days=28)), day=day)
    return set(Entry.objects.filter(customer=cast.zhang, state="planned").values_list("on", flat=True))


def birthday(cast: Cast, offset: int) -> None:
    """A day that matters, so many days from today; it may be greeted from today on."""
    on = TODAY + dt.timedelta(days=offset)
    make_reminder(customer=cast.zhang, kind="birthday", cause="occasion", opens_on=TODAY, due_on=on)


def test_planning_greets_before_the_mourning_that_holds_on_the_day(cast: Cast, day: Day) -> None:
    birthday(cast, 8)
    Observance.objects.create(customer=cast.zhang, mourning_from=TODAY + dt.timedelta(days=4), mourning_until=NEXT_WEEK)
    assert planned_on(cast, day) == {TODAY + dt.timedelta(days=3)}


def test_a_visit_a_colleague_has_planned_counts_and_no_greeting_in_person_is_laid_beside_it(
    cast: Cast, day: Day
) -> None:
    """One visit in seven days: Bob goes on Wednesday, the birthday is six days after."""
    Preference.objects.create(customer=cast.zhang, channels=["visit"])
    make_entry(customer=cast.zhang, staff=cast.bob, channel="visit", on=WEDNESDAY, minutes=60, pinned=True)
    birthday(cast, 8)
    assert planned_on(cast, day) == {WEDNESDAY}
    left = Unplaced.objects.get()
    assert (left.code, len(left.facts["sentences"])) == ("gate", 1)


def test_what_the_plan_itself_has_laid_counts_too(cast: Cast, day: Day) -> None:
    """Five days apart is enough for the plan, but not for the gate: two greetings in person want seven between them."""
    Preference.objects.create(customer=cast.zhang, channels=["visit"])
    birthday(cast, 4)
    birthday(cast, 12)
    Observance.objects.create(
        customer=cast.zhang, mourning_from=TODAY + dt.timedelta(days=10), mourning_until=TODAY + dt.timedelta(days=20)
    )
    days = sorted(planned_on(cast, day))
    assert days
    assert all(later - earlier >= dt.timedelta(days=7) for earlier, later in pairwise(days))


def test_the_gate_is_asked_about_a_whole_month_in_as_many_statements_as_about_a_day(
    cast: Cast, day: Day, django_assert_num_queries: Any
) -> None:
    for customer in (cast.zhang, cast.osei):
        make_reminder(customer=customer)
    wanted = tasks(staff_ids=[cast.alice.pk], until_on=TODAY + dt.timedelta(days=60), day=day)[cast.alice.pk]
    assert wanted
    for count in (1, 60):
        days = [TODAY + dt.timedelta(days=each) for each in range(count)]
        with django_assert_num_queries(2):
            refused_days(by_id=cast.alice.pk, wanted=wanted, days=days, ahead={}, day=day)
