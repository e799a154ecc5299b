"""What the night opens, ends and ranks."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keybook.apps.customers.models import Assignment, Customer, Preference
from keybook.apps.people.queries import bank
from keybook.apps.reminders import commands
from keybook.apps.reminders.models import Line, Occasion, Promise, Reminder
from tests.cast import NOON, TODAY, Cast, make_customer, make_interaction, make_reminder

DAY = dt.timedelta(days=1)


def day(on=None):
    return commands.day_of(bank(), on=on)


def lines():
    return list(Line.objects.order_by("customer_id").exclude(pk=None).values())


def without_ids(rows):
    return [{key: value for key, value in row.items() if key != "id"} for row in rows]


# standards


def spoke(customer, on):
    """Somebody of the bank called them on that day."""
    return make_interaction(customer=customer, staff=customer.rm, at=NOON + (on - TODAY))


def test_a_standard_that_is_due_puts_the_customer_on_the_list_once(cast: Cast):
    spoke(cast.osei, TODAY - 90 * DAY)
    commands.restate_all(day=day())
    assert commands.open_standards(day=day()) >= 1
    assert commands.open_standards(day=day()) == 0
    reminder = Reminder.objects.get(customer=cast.osei)
    assert (reminder.cause, reminder.stake, reminder.facts["days"]) == ("standard", cast.osei.aum, "90")


def test_a_standard_not_yet_due_opens_nothing(cast):
    for customer in (cast.zhang, cast.osei, cast.liu):
        spoke(customer, TODAY - 10 * DAY)
    commands.restate_all(day=day())
    assert commands.open_standards(day=day()) == 0


def test_a_standard_met_elsewhere_is_closed(cast):
    spoke(cast.osei, TODAY - 100 * DAY)
    commands.restate_all(day=day())
    commands.open_standards(day=day())
    spoke(cast.osei, TODAY)
    commands.restate_all(day=day())
    commands.open_standards(day=day())
    assert Reminder.objects.get(customer=cast.osei).state == "done"


def test_a_dismissed_standard_keeps_quiet_for_thirty_days(cast):
    spoke(cast.osei, TODAY - 100 * DAY)
    commands.restate_all(day=day())
    commands.open_standards(day=day())
    Reminder.objects.filter(customer=cast.osei).update(state="dismissed", closed_on=TODAY)
    commands.open_standards(day=day(TODAY + 29 * DAY))
    assert Reminder.objects.filter(customer=cast.osei, state="open").count() == 0
    commands.open_standards(day=day(TODAY + 31 * DAY))
    assert Reminder.objects.filter(customer=cast.osei, state="open").count() == 1


def test_who_was_never_spoken_to_is_due_a_standard_after_the_assignment(cast):
    Assignment.objects.create(customer=cast.osei, staff=cast.alice, from_on=TODAY, cause="rule")
    commands.restate_all(day=day())
    cast.osei.refresh_from_db()
    assert cast.osei.next_due_on == dt.date(2027, 2, 19)  # 90 days on is a Sunday


def test_a_mass_customer_has_no_standard(cast):
    nobody = make_customer(rm=cast.alice, tier=cast.mass)
    commands.restate_all(day=day())
    commands.open_standards(day=day())
    nobody.refresh_from_db()
    assert nobody.next_due_on is None
    assert not nobody.reminders.exists()


# occasions


def birthday(customer, **more):
    return Occasion.objects.create(customer=customer, kind="birthday", **{"month": 11, "day": 26, "year": 1968, **more})


def test_a_birthday_is_reminded_of_three_days_ahead_once_a_year(cast):
    birthday(cast.zhang)
    assert commands.open_occasions(day=day(TODAY - 4 * DAY)) == 0
    assert commands.open_occasions(day=day()) == 1
    assert commands.open_occasions(day=day(TODAY + DAY)) == 0
    reminder = Reminder.objects.get()
    assert (reminder.due_on, reminder.facts["age"], reminder.key) == (dt.date(2026, 11, 26), "58", "2026")


def test_the_banks_birthday_and_the_bankers_are_one(cast):
    make_reminder(customer=cast.zhang, cause="occasion", kind="birthday", key="2026", due_on=TODAY + 3 * DAY)
    birthday(cast.zhang)
    assert commands.open_occasions(day=day()) == 0


def test_a_lunar_birthday_follows_the_moon(cast):
    Customer.objects.filter(pk=cast.zhang.pk).update(lunar_birthday="10-17")
    assert commands.open_occasions(day=day()) == 1
    reminder = Reminder.objects.get()
    assert (reminder.due_on, reminder.facts["lunar"]) == (dt.date(2026, 11, 25), "10-17")


def test_a_lunar_birthday_takes_the_place_of_the_solar_one(cast):
    solar = make_reminder(
        customer=cast.zhang, cause="occasion", kind="birthday", key="2026", facts={"on": "2026-11-26"}
    )
    Customer.objects.filter(pk=cast.zhang.pk).update(lunar_birthday="10-17")
    commands.open_occasions(day=day())
    solar.refresh_from_db()
    assert solar.state == "dismissed"


def test_who_may_not_be_congratulated_is_not_reminded_of(cast):
    Preference.objects.create(customer=cast.zhang, no_congratulation=True)
    birthday(cast.zhang)
    known = make_reminder(customer=cast.zhang, cause="occasion", kind="birthday", key="2026")
    assert commands.open_occasions(day=day()) == 0
    known.refresh_from_db()
    assert (known.state, known.reason) == ("dismissed", "do not congratulate")


def test_a_wish_not_to_be_congratulated_is_refused_a_line_at_once(cast):
    make_reminder(customer=cast.zhang, cause="occasion", kind="birthday", key="2026")
    Preference.objects.create(customer=cast.zhang, no_congratulation=True)
    commands.rank_all(day=day())
    assert not Line.objects.exists()


def test_a_birthday_missed_for_a_week_expires(cast):
    birthday(cast.zhang)
    commands.open_occasions(day=day())
    assert commands.expire(day=day(dt.date(2026, 12, 3))) == 0
    assert commands.expire(day=day(dt.date(2026, 12, 4))) == 1
    assert Reminder.objects.get().state == "expired"


# promises


def test_a_promise_is_broken_after_ten_workdays_and_stays_on_the_list(cast):
    promise = Promise.objects.create(customer=cast.zhang, staff=cast.alice, text="Call", due_on=TODAY)
    reminder = make_reminder(customer=cast.zhang, cause="promise", kind="promise", promise=promise, due_on=TODAY)
    assert commands.break_promises(day=day(dt.date(2026, 12, 7))) == 0
    assert commands.break_promises(day=day(dt.date(2026, 12, 8))) == 1
    reminder.refresh_from_db()
    assert reminder.state == "open"


# ranking


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """Three customers with reasons, contacts and preferences of several kinds."""
    make_reminder(customer=cast.zhang)
    make_reminder(customer=cast.zhang, cause="occasion", kind="birthday", key="2026", facts={"on": "2026-11-26"})
    make_reminder(
        customer=cast.osei, kind="large_inflow", key="T1", facts={"amount": "90000.00", "booked_on": "2026-11-20"}
    )
    make_reminder(customer=cast.liu, kind="dormant", key="x", opens_on=TODAY + 5 * DAY)
    Preference.objects.create(customer=cast.osei, channels=["email"], never=["call"], hour_from=14, hour_until=16)
    for hour in range(8):
        make_interaction(customer=cast.zhang, staff=cast.alice, at=NOON - dt.timedelta(days=hour, hours=hour % 3))
    commands.restate_all(day=day())
    commands.rank_all(day=day())
    return cast


def test_one_line_a_customer_with_all_reasons_together(busy):
    line = Line.objects.get(customer=busy.zhang)
    assert [reason["kind"] for reason in line.reasons] == ["deposit_maturing", "birthday"]
    assert sum(points for _code, points in line.parts) == line.priority


def test_a_reason_that_has_not_opened_makes_no_line(busy):
    assert not Line.objects.filter(customer=busy.liu).exists()


def test_what_the_customer_said_of_channel_and_hour_wins(busy):
    line = Line.objects.get(customer=busy.osei)
    assert (line.channel, line.hour) == ("email", 14)


def test_stored_equals_recomputed(busy):
    """The stored lines are what the core says of today's facts, whichever way they are computed."""
    stored = without_ids(lines())
    commands.rank_all(day=day())
    assert without_ids(lines()) == stored
    commands.refresh_lines(customer_ids=[busy.zhang.pk, busy.osei.pk, busy.liu.pk], day=day())
    assert without_ids(lines()) == stored
    Line.objects.all().delete()
    commands.rank_all(day=day())
    assert without_ids(lines()) == stored


def test_standing_recomputed_changes_nothing(busy):
    assert commands.restate_all(day=day()) == 0


def test_ranking_anew_keeps_what_people_did_to_a_line(busy):
    Line.objects.filter(customer=busy.zhang).update(snoozed_until=TODAY + DAY, handed_to=busy.bob)
    Reminder.objects.filter(customer=busy.zhang).update(stake=1)
    commands.rank_all(day=day())
    line = Line.objects.get(customer=busy.zhang)
    assert (line.snoozed_until, line.handed_to_id) == (TODAY + DAY, busy.bob.pk)


def test_a_line_without_an_open_reason_goes(busy):
    Reminder.objects.filter(customer=busy.osei).update(state="done", closed_on=TODAY)
    commands.rank_all(day=day())
    assert not Line.objects.filter(customer=busy.osei).exists()


def test_facts_that_are_missing_or_odd_never_stop_the_ranking(cast):
    for place, kind in enumerate(
        ["deposit_maturing", "outflow_other_bank", "unheard_of", "birthday", "standard", "promise"]
    ):
        make_reminder(
            customer=cast.zhang,
            kind=kind,
            key=f"odd{place}",
            facts={"amount": "much", "on": "30 February", "bank": "<b>"},
        )
    assert commands.rank_all(day=day()) == 1


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    stakes=st.lists(st.decimals(0, 10**9, places=2), min_size=1, max_size=6),
    ahead=st.lists(st.integers(-30, 60), min_size=6, max_size=6),
)
def test_every_priority_is_the_sum_of_its_parts(cast, stakes, ahead):
    Reminder.objects.all().delete()
    for place, stake in enumerate(stakes):
        make_reminder(customer=cast.zhang, key=f"k{place}", stake=stake, due_on=TODAY + ahead[place] * DAY)
    commands.rank_all(day=day())
    line = Line.objects.get()
    assert sum(points for _code, points in line.parts) == line.priority
    assert 0 <= line.priority <= 100
