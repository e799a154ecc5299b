"""A month planned in one click: within everybody's time, nothing twice, little moved, and why something has no place."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from keybook.apps.customers.models import Complaint, Customer, Preference
from keybook.apps.people.queries import bank
from keybook.apps.plans.commands.becoming import become
from keybook.apps.plans.commands.entries import Where, move_entry
from keybook.apps.plans.commands.planning import ask_plans, plan_month
from keybook.apps.plans.commands.running import NobodyToPlanError, make_asked, plan_for
from keybook.apps.plans.commands.settling import follow_join, settle_entries
from keybook.apps.plans.models import Absence, Capacity, Entry, Plan, Unplaced
from keybook.apps.plans.queries.problem import usual_halves
from keybook.apps.plans.queries.time import times
from keybook.apps.plans.words import quality
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, day_of
from keybook.apps.standards.models import StandardException
from tests.apps.plans.stage import make_entry, spoken
from tests.cast import NOON, TODAY, Cast, as_web, make_customer, make_interaction, make_reminder, scope

pytestmark = pytest.mark.django_db
UNTIL = TODAY + dt.timedelta(days=30)


@pytest.fixture
def day(cast: Cast) -> Day:
    return day_of(bank())


def plan(cast: Cast, day: Day, **more: object) -> Plan:
    values = {"by": scope(cast.alice), "staff_ids": [cast.alice.pk], "period": (TODAY, UNTIL), "day": day}
    (made,) = plan_month(**{**values, **more})  # type: ignore[arg-type]
    return Plan.objects.get(pk=made)


def due(cast: Cast, count: int, on: dt.date = TODAY) -> None:
    """So many customers of Alice whose contact is due on one day."""
    for _number in range(count):
        make_customer(rm=cast.alice, tier=cast.gold, next_due_on=on)


def test_what_is_due_lies_on_workdays_within_the_minutes_kept(cast: Cast, day: Day) -> None:
    due(cast, 60)
    made = plan(cast, day)
    assert (made.state, made.asked, made.placed, made.unplaced) == ("made", 60, 60, 0)
    minutes: dict[tuple[dt.date, str], int] = defaultdict(int)
    for on, half, taken in Entry.objects.values_list("on", "half", "minutes"):
        minutes[on, half] += taken
    rooms = times(staff_ids=[cast.alice.pk], from_on=TODAY, until_on=UNTIL, day=day)[cast.alice.pk].rooms
    assert all(used <= rooms[slot] for slot, used in minutes.items())  # type: ignore[index]
    assert all(day.calendar.is_workday(on) for on, _half in minutes)


def away(cast: Cast, customer: Customer, from_on: dt.date, until_on: dt.date) -> None:
    StandardException.objects.create(
        customer=customer, kind="away", from_on=from_on, until_on=until_on, reason="At sea", given_by=cast.alice
    )


def test_a_customer_who_is_away_is_planned_for_the_return(cast: Cast, day: Day) -> None:
    customer = make_customer(rm=cast.alice, tier=cast.gold)
    make_reminder(customer=customer, due_on=TODAY + dt.timedelta(days=2))
    away(cast, customer, TODAY, TODAY + dt.timedelta(days=8))
    plan(cast, day)
    assert Entry.objects.get(state="planned").on >= TODAY + dt.timedelta(days=8)


def test_a_customer_who_is_away_the_whole_month_has_no_place_and_it_says_so(cast: Cast, day: Day) -> None:
    customer = make_customer(rm=cast.alice, tier=cast.gold)
    make_reminder(customer=customer, due_on=TODAY + dt.timedelta(days=2))
    away(cast, customer, TODAY, UNTIL + dt.timedelta(days=8))
    plan(cast, day)
    assert list(Unplaced.objects.values_list("code", flat=True)) == ["gone"]
    assert not Entry.objects.exists()


def test_planned_twice_it_is_the_same_plan(cast: Cast, day: Day) -> None:
    due(cast, 30)
    plan(cast, day)
    before = set(Entry.objects.filter(state="planned").values_list("pk", "on", "half"))
    again = plan(cast, day)
    assert set(Entry.objects.filter(state="planned").values_list("pk", "on", "half")) == before
    assert (again.stayed, again.moved, again.added, again.dropped) == (30, 0, 0, 0)


def test_what_a_person_has_moved_stays_even_where_it_is_too_much_and_the_rest_makes_way(cast: Cast, day: Day) -> None:
    due(cast, 24)
    plan(cast, day)
    first, *_rest, last = Entry.objects.order_by("on", "half", "place")
    full = Where(first.on, first.half)  # six calls fill it
    move_entry(by=scope(cast.alice), entry_id=last.pk, to=full, because="Leaves at noon", day=day)
    again = plan(cast, day)
    last.refresh_from_db()
    assert (last.on, last.half, last.state, last.pinned) == (first.on, first.half, "planned", True)
    assert last.because == "Leaves at noon"
    assert (again.moved, Entry.objects.filter(state="planned", on=first.on, half=first.half).count()) == (1, 6)


def test_on_leave_the_contacts_of_those_days_move_and_say_from_where(cast: Cast, day: Day) -> None:
    due(cast, 12)
    plan(cast, day)
    Absence.objects.create(staff=cast.alice, from_on=TODAY, until_on=TODAY + dt.timedelta(days=2))
    again = plan(cast, day)
    moved = Entry.objects.filter(state="planned", was_on__isnull=False)
    assert again.moved == moved.count() > 0
    assert set(moved.values_list("was_on", flat=True)) <= {TODAY, TODAY + dt.timedelta(days=1)}
    assert not Entry.objects.filter(state="planned", on__lt=TODAY + dt.timedelta(days=2)).exists()


def test_two_reasons_of_one_week_are_one_contact(cast: Cast, day: Day) -> None:
    make_reminder(customer=cast.zhang, due_on=TODAY)
    make_reminder(customer=cast.zhang, cause="promise", kind="promise", due_on=TODAY + dt.timedelta(days=4))
    plan(cast, day)
    assert Entry.objects.filter(customer=cast.zhang).count() == 1


def test_the_visit_of_the_year_and_another_reason_of_that_week_are_one_visit(cast: Cast, day: Day) -> None:
    make_reminder(customer=cast.zhang, due_on=TODAY + dt.timedelta(days=4))
    type(cast.zhang).objects.filter(pk=cast.zhang.pk).update(visit_due_on=TODAY + dt.timedelta(days=8))
    plan(cast, day)
    entry = Entry.objects.get()
    assert (entry.cause, entry.channel, entry.minutes) == ("visit", "visit", 60)


def test_nobody_is_contacted_through_a_channel_they_refused(cast: Cast, day: Day) -> None:
    Preference.objects.create(customer=cast.zhang, never=["call", "wechat"])
    make_reminder(customer=cast.zhang)
    plan(cast, day)
    assert Entry.objects.get().channel == "email"


def test_who_refused_every_channel_has_no_place_and_the_plan_says_why(cast: Cast, day: Day) -> None:
    Preference.objects.create(customer=cast.zhang, never=["call", "wechat", "email", "letter", "visit"])
    make_reminder(customer=cast.zhang)
    plan(cast, day)
    assert Unplaced.objects.get().code == "channel"
    assert "No channel is left" in as_web(cast.alice).get("/plan/").content.decode()


def test_four_hundred_due_on_one_day_are_placed_as_far_as_there_is_time(cast: Cast, day: Day) -> None:
    due(cast, 400)
    made = plan(cast, day)
    # 22 workdays of twice 120 minutes at 20 a call are 264, and no more than 12 calls a day are 264 too
    assert (made.placed, made.unplaced) == (264, 136)
    assert set(Unplaced.objects.values_list("code", flat=True)) == {"full"}


@pytest.mark.parametrize(
    ("kept", "code"), [({"morning_minutes": 0, "afternoon_minutes": 0}, "shut"), ({"caps": {"call": 1}}, "cap")]
)
def test_without_capacity_nothing_is_placed_and_it_is_said(
    cast: Cast, day: Day, kept: dict[str, object], code: str
) -> None:
    Capacity.objects.create(staff=cast.alice, **kept)
    due(cast, 30)
    made = plan(cast, day)
    assert made.placed == (22 if code == "cap" else 0)
    assert set(Unplaced.objects.values_list("code", flat=True)) == {code}


def test_a_month_without_workdays_places_nothing(cast: Cast, day: Day) -> None:
    Absence.objects.create(staff=cast.alice, from_on=TODAY, until_on=UNTIL)
    due(cast, 3)
    assert plan(cast, day).placed == 0
    assert set(Unplaced.objects.values_list("code", flat=True)) == {"away"}


def test_a_period_that_cannot_be_is_refused(cast: Cast, day: Day) -> None:
    for wrong in (
        {"period": (TODAY - dt.timedelta(days=1), UNTIL)},
        {"period": (TODAY, TODAY)},
        {"period": (TODAY, TODAY + dt.timedelta(days=120))},
    ):
        with pytest.raises(RefusedError):
            plan(cast, day, **wrong)
    assert not Plan.objects.exists()


def test_nobody_plans_for_a_stranger_and_compliance_for_nobody(cast: Cast, day: Day) -> None:
    with pytest.raises(NotYoursError):
        plan(cast, day, by=scope(cast.carol))
    with pytest.raises(PermissionDenied):
        plan(cast, day, by=scope(cast.mei))
    assert not Plan.objects.exists()


def test_a_branch_head_plans_the_branch_in_one_click(cast: Cast, day: Day) -> None:
    due(cast, 5)
    make_customer(rm=cast.carol, tier=cast.gold, next_due_on=TODAY)
    answer = as_web(cast.dora).post("/plan/make/?rm=all", follow=True)
    assert "You can leave this page" in answer.content.decode()
    assert set(Plan.objects.values_list("staff_id", "state")) == {(cast.alice.pk, "asked")}
    assert [make_asked(plan_id=each.pk) for each in Plan.objects.all()] == ["made"]
    assert Entry.objects.filter(staff=cast.alice, state="planned").count() == 5
    assert make_asked(plan_id=Plan.objects.get().pk) == "made"  # again: nothing happens
    assert Plan.objects.get().by_id == cast.dora.pk


def test_while_one_is_on_its_way_another_is_refused_until_it_is_given_up(cast: Cast, day: Day) -> None:
    period = (TODAY, UNTIL)
    ask_plans(by=scope(cast.alice), staff_ids=[cast.alice.pk], period=period, day=day)
    with pytest.raises(RefusedError, match="being planned"):
        plan(cast, day)
    Plan.objects.update(made_at=NOON - dt.timedelta(days=400))
    assert plan(cast, day).state == "made"


def test_a_plan_asked_for_by_somebody_who_has_left_is_refused_with_a_sentence(cast: Cast, day: Day) -> None:
    (asked,) = ask_plans(by=scope(cast.alice), staff_ids=[cast.alice.pk], period=(TODAY, UNTIL), day=day)
    type(cast.alice).objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert make_asked(plan_id=asked) == "refused"
    assert "no longer yours" in Plan.objects.get(pk=asked).said
    assert make_asked(plan_id=asked + 999) == "nothing"


def test_who_was_left_out_last_time_comes_first_the_next(cast: Cast, day: Day) -> None:
    """Two alike and time for one: the one left out yesterday has its place today."""
    Capacity.objects.create(staff=cast.alice, morning_minutes=20, afternoon_minutes=0, caps={"call": 1})
    due(cast, 2)
    until = TODAY + dt.timedelta(days=1)
    plan(cast, day, period=(TODAY, until))
    left = Unplaced.objects.get().customer_id
    Plan.objects.update(made_on=TODAY - dt.timedelta(days=1))
    plan(cast, day, period=(TODAY, until))
    assert Entry.objects.get(state="planned").customer_id == left


def test_the_json_face_plans_a_month_and_says_what_found_no_place_and_why(cast: Cast) -> None:
    Capacity.objects.create(staff=cast.alice, morning_minutes=20, afternoon_minutes=0)
    due(cast, 30)
    answer = as_web(cast.alice).post("/api/v1/plan", {}, content_type="application/json")
    made = answer.json()
    assert (answer.status_code, made["placed"], len(made["unplaced"])) == (
        201,
        len(made["entries"]),
        30 - made["placed"],
    )
    assert made["unplaced"][0]["reason"].startswith("Every half-day")
    assert float(made["value"]) <= float(made["bound"])
    past = as_web(cast.alice).post("/api/v1/plan", {"from_on": "2020-01-01"}, content_type="application/json")
    assert past.status_code == 422


def test_each_contact_says_why_it_lies_where_it_lies(cast: Cast, day: Day) -> None:
    Preference.objects.create(customer=cast.zhang, hour_from=15, hour_until=16)
    make_reminder(customer=cast.zhang, due_on=TODAY + dt.timedelta(days=3))
    old = TODAY - dt.timedelta(days=90)
    late = make_customer(rm=cast.alice, tier=cast.gold, next_due_on=old, late_from=old + dt.timedelta(days=1))
    plan(cast, day)
    why = {row.customer_id: [code for code, _facts in row.reasons] for row in Entry.objects.all()}
    assert why == {cast.zhang.pk: ["window", "asked"], late.pk: ["late"]}
    plan(cast, day)
    assert {row.customer_id: row.reasons[-1][0] for row in Entry.objects.all()} == dict.fromkeys(why, "stayed")
    page = as_web(cast.alice).get(f"/plan/entries/{Entry.objects.get(customer=cast.zhang).pk}/").content.decode()
    assert "Asked to be contacted at 15" in page


def test_what_the_gate_refuses_all_month_has_no_place_and_says_why_and_what_it_warns_of_has_one(
    cast: Cast, day: Day
) -> None:
    birthday = make_reminder(
        customer=cast.zhang, cause="occasion", kind="birthday", due_on=TODAY + dt.timedelta(days=3)
    )
    make_reminder(customer=cast.osei, due_on=TODAY + dt.timedelta(days=3))
    for customer in (cast.zhang, cast.osei):
        Complaint.objects.create(customer=customer, opened_on=TODAY, text="Waited an hour", opened_by=cast.alice)
    plan(cast, day)
    left = Unplaced.objects.get()
    assert (left.reminder_id, left.code) == (birthday.pk, "gate")
    assert "complaint" in as_web(cast.alice).get("/plan/").content.decode()
    assert Entry.objects.get(state="planned").customer_id == cast.osei.pk


def test_a_strangers_month_is_not_planned_by_the_json_face(cast: Cast) -> None:
    body = {"rm": cast.alice.pk}
    assert as_web(cast.carol).post("/api/v1/plan", body, content_type="application/json").status_code == 404
    assert as_web(cast.mei).post("/api/v1/plan", body, content_type="application/json").status_code == 403
    assert not Plan.objects.exists()


def test_the_command_line_plans_as_the_banker_and_refuses_who_does_not_exist(cast: Cast) -> None:
    due(cast, 3)
    (made,) = plan_for(rm_code="ALICE", branch_code="", days=(None, None), seconds=1)
    assert (made["rm"], made["placed"], made["unplaced"]) == ("alice", len(made["entries"]), [])
    for rm, branch, said in (("zoe", "", "no relationship manager"), ("", "MOON", "no branch")):
        with pytest.raises(NobodyToPlanError, match=said):
            plan_for(rm_code=rm, branch_code=branch, days=(None, None), seconds=1)


def test_the_night_takes_out_what_nothing_asks_for_any_more(cast: Cast) -> None:
    gone = make_entry(
        customer=cast.zhang, staff=cast.alice, reminder=make_reminder(customer=cast.zhang, state="dismissed")
    )
    kept = make_entry(customer=cast.osei, staff=cast.alice, reminder=make_reminder(customer=cast.osei))
    left = make_entry(customer=make_customer(rm=cast.alice, stage="closed"), staff=cast.alice, pinned=True)
    assert (settle_entries(), settle_entries()) == (2, 0)
    assert [Entry.objects.get(pk=each.pk).state for each in (gone, kept, left)] == ["dropped", "planned", "dropped"]


def test_what_a_person_placed_is_not_taken_out_by_the_night(cast: Cast) -> None:
    reminder = make_reminder(customer=cast.zhang, state="done")
    make_entry(customer=cast.zhang, staff=cast.alice, reminder=reminder, pinned=True)
    assert settle_entries() == 0


def test_a_joined_prospects_contacts_go_to_the_customer_once_a_day(cast: Cast, day: Day) -> None:
    prospect = make_customer(rm=cast.alice, number=None, stage="prospect")
    first = make_entry(customer=prospect, staff=cast.alice)
    second = make_entry(customer=prospect, staff=cast.alice, on=TODAY + dt.timedelta(days=3))
    make_entry(customer=cast.zhang, staff=cast.alice)
    moved = follow_join(prospect_id=prospect.pk, customer_id=cast.zhang.pk)
    assert moved == {"entries": [first.pk, second.pk], "entries_out": [first.pk]}
    found = {each.pk: each.state for each in Entry.objects.filter(customer=cast.zhang)}
    assert (found[first.pk], found[second.pk]) == ("dropped", "planned")
    contact = make_interaction(customer=cast.zhang, staff=cast.alice)
    assert become(customer_id=cast.zhang.pk, contact=spoken(), interaction_id=contact.pk, closed=(), day=day) == 1


def test_the_weekday_on_which_a_customer_answers_most_is_where_the_plan_lays_them(cast: Cast, day: Day) -> None:
    """By hand: eight calls answered on Thursdays at ten, and none of four on Mondays."""
    for week in range(1, 9):
        make_interaction(customer=cast.zhang, staff=cast.alice, at=NOON - dt.timedelta(days=7 * week - 3, hours=2))
    for week in range(1, 5):
        monday = NOON - dt.timedelta(days=7 * week, hours=2)
        make_interaction(customer=cast.zhang, staff=cast.alice, at=monday, outcome="not_reached")
    assert usual_halves(customer_ids=[cast.zhang.pk, cast.osei.pk], day=day) == {cast.zhang.pk: (3, "am")}


def test_with_too_few_tries_no_weekday_is_preferred(cast: Cast, day: Day) -> None:
    make_interaction(customer=cast.zhang, staff=cast.alice)
    assert usual_halves(customer_ids=[cast.zhang.pk], day=day) == {}


@pytest.mark.parametrize(
    ("status", "gap", "said"),
    [
        ("greedy", "0.0500", "Laid by rule"),
        ("greedy", "0.0060", "No plan can be worth more than 0.6 % above it"),
        ("feasible", "0.0500", "No plan can be worth more than 5 % above it"),
        ("optimal", "0.0000", "No other plan is worth more"),
    ],
)
def test_how_good_a_plan_is_is_told_by_its_bound_and_a_plan_by_rule_says_so_only_where_it_is_far_from_it(
    status: str, gap: str, said: str
) -> None:
    made = Plan(status=status, gap=Decimal(gap), bound=Decimal(100), placed=3, asked=4, seconds=Decimal("1.2"))
    assert said in quality(made).replace("\u00a0", " ").replace("\u202f", " ")
