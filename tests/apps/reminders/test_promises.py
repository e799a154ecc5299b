"""Promises: made, moved with a reason or with the date they hang on, kept, withdrawn, broken by the bank's own rule."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from keybook.apps.customers.models import Customer, HeldAway, Holding
from keybook.apps.interactions.commands import Contact
from keybook.apps.people.history import made_by
from keybook.apps.people.queries import bank
from keybook.apps.reminders import commands
from keybook.apps.reminders.commands import NotYoursError, RefusedError, Said
from keybook.apps.reminders.models import Line, Occasion, Promise, Reminder, Rule
from keybook.apps.reminders.postings import postings
from tests.cast import NOON, TODAY, Cast, make_customer, make_reminder, scope

DAY = dt.timedelta(days=1)
SATURDAY, FRIDAY, MONDAY = dt.date(2026, 11, 28), dt.date(2026, 11, 27), dt.date(2026, 11, 30)


def day(on=None):
    return commands.day_of(bank(), on=on)


def holding(customer: Customer, matures_on: dt.date, number: str = "D1") -> Holding:
    return Holding.objects.create(
        customer=customer, number=number, kind="term_deposit", currency="CNY", balance=Decimal(450_000),
        matures_on=matures_on, as_of=TODAY,
    )  # fmt: skip


def promise(cast: Cast, said: Said, on=None, **more) -> Promise:
    done = commands.make_promise(
        by=scope(more.get("by", cast.alice)), customer_id=cast.zhang.pk, said=said, day=day(on)
    )
    return Promise.objects.get(pk=done.promise_id)


def reminder_of(made: Promise) -> Reminder:
    return Reminder.objects.get(promise=made)


def refused(field: str, act, **given) -> None:
    """The act is refused beside this field, and nothing is stored."""
    before = list(Promise.objects.order_by("pk").values()), list(Reminder.objects.order_by("pk").values())
    with pytest.raises(RefusedError) as refusal:
        act(day=day(), **given)
    assert refusal.value.field == field
    assert (list(Promise.objects.order_by("pk").values()), list(Reminder.objects.order_by("pk").values())) == before


# made


def test_a_promise_for_a_saturday_lies_on_monday_and_says_why(cast):
    done = commands.make_promise(
        by=scope(cast.alice), customer_id=cast.zhang.pk, said=Said(text="Call her", on=SATURDAY), day=day()
    )
    assert (done.due_on, done.moved_from) == (MONDAY, SATURDAY)
    assert done.sentence == "Kept. Call her: Mon 30 Nov, because Sat 28 Nov is no workday."
    found = reminder_of(Promise.objects.get())
    assert (found.due_on, found.opens_on, found.facts["moved_from"]) == (MONDAY, MONDAY, "2026-11-28")


def test_a_promise_for_today_is_on_the_list_at_once(cast):
    promise(cast, Said(text="Call", on=TODAY))
    assert Line.objects.get().reasons[0]["kind"] == "promise"


def test_the_bank_may_say_that_promises_go_back(cast):
    Rule.objects.create(kind="promise", direction="back")
    assert promise(cast, Said(text="Call", on=SATURDAY)).due_on == FRIDAY
    contact = Contact(
        channel="call", outcome="reached", at=NOON, client_key=uuid.uuid4(), next_step="Write", next_on=SATURDAY
    )
    logged = commands.log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=contact, day=day())
    assert (logged.promised_on, logged.moved_from) == (FRIDAY, SATURDAY)
    stored = Promise.objects.get(text="Write")
    assert (stored.asked_on, stored.due_on, stored.direction) == (SATURDAY, FRIDAY, "back")


def test_one_promise_may_go_another_way_than_the_rest(cast):
    assert promise(cast, Said(text="Call", on=SATURDAY, direction="back")).due_on == FRIDAY


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("text", Said(text="", on=TODAY)), ("text", Said(text="x" * 10_000, on=TODAY)), ("on", Said(text="Call")),
        ("on", Said(text="Call", on=TODAY - DAY)), ("on", Said(text="Call", on=TODAY + 800 * DAY)),
        ("direction", Said(text="Call", on=TODAY, direction="sideways")),
        ("lead_days", Said(text="Call", on=TODAY, lead_days=-1)), ("lead_days", Said(text="Call", on=TODAY, lead_days=400)),
        ("hangs", Said(text="Call", hangs_on="holding", hangs_ref="nobody's")), ("hangs", Said(text="Call", hangs_on="moon")),
    ],
)  # fmt: skip
def test_what_is_no_promise_is_refused_beside_its_field(cast, field, said):
    refused(field, commands.make_promise, by=scope(cast.alice), customer_id=cast.zhang.pk, said=said)


def test_a_promise_may_not_hang_on_a_date_that_has_passed_or_on_another_customers(cast):
    holding(cast.zhang, TODAY - DAY, "old")
    holding(cast.osei, TODAY + 30 * DAY, "osei")
    for ref in ("old", "osei"):
        said = Said(text="Call", hangs_on="holding", hangs_ref=ref)
        refused("hangs", commands.make_promise, by=scope(cast.alice), customer_id=cast.zhang.pk, said=said)


def test_nobody_else_may_promise_and_a_stranger_finds_no_customer(cast):
    said = Said(text="Call", on=TODAY)
    with pytest.raises(PermissionDenied):
        commands.make_promise(by=scope(cast.mei), customer_id=cast.zhang.pk, said=said, day=day())
    with pytest.raises(NotYoursError):
        commands.make_promise(by=scope(cast.carol), customer_id=cast.zhang.pk, said=said, day=day())
    assert not Promise.objects.exists()


# hanging on a date


def test_a_call_before_a_maturity_is_three_days_ahead_and_on_the_workday_before(cast):
    holding(cast.zhang, dt.date(2026, 12, 9))  # three days ahead is a Sunday
    made = promise(cast, Said(text="Call", hangs_on="holding", hangs_ref="D1"))
    assert (made.due_on, made.asked_on, made.lead_days, made.direction) == (
        dt.date(2026, 12, 4),
        dt.date(2026, 12, 6),
        3,
        "back",
    )


def test_when_the_deposit_is_rolled_the_call_moves(cast):
    held = holding(cast.zhang, dt.date(2026, 12, 9))
    made = promise(cast, Said(text="Call", hangs_on="holding", hangs_ref="D1"))
    assert commands.move_promises(day=day()) == 0
    Holding.objects.filter(pk=held.pk).update(matures_on=dt.date(2027, 12, 9))
    assert commands.move_promises(day=day(TODAY + DAY)) == 1
    made.refresh_from_db()
    assert (made.due_on, made.hung_on, made.reason) == (
        dt.date(2027, 12, 6),
        dt.date(2027, 12, 9),
        "moved with its date",
    )
    assert (reminder_of(made).due_on, reminder_of(made).opens_on) == (made.due_on, made.due_on)
    assert commands.move_promises(day=day(TODAY + DAY)) == 0


def test_the_money_of_the_deposit_is_at_stake_follows_it_and_goes_with_it(cast):
    held = holding(cast.zhang, dt.date(2026, 12, 9))
    made = promise(cast, Said(text="Call", hangs_on="holding", hangs_ref="D1"))
    assert (reminder_of(made).stake, reminder_of(made).facts["matures_on"]) == (held.balance, "2026-12-09")
    Holding.objects.filter(pk=held.pk).update(balance=Decimal("99.50"))
    commands.move_promises(day=day())
    assert (reminder_of(made).stake, reminder_of(made).facts["amount"]) == (Decimal("99.50"), "99.50")
    Holding.objects.filter(pk=held.pk).delete()
    commands.move_promises(day=day())
    assert (reminder_of(made).stake, set(reminder_of(made).facts) & {"amount", "matures_on"}) == (0, set())


def test_a_late_call_follows_a_deposit_that_was_rolled(cast):
    held = holding(cast.zhang, TODAY + 3 * DAY)
    made = promise(cast, Said(text="Call", hangs_on="holding", hangs_ref="D1"))
    Holding.objects.filter(pk=held.pk).update(matures_on=TODAY + 40 * DAY)
    assert commands.move_promises(day=day(TODAY + 2 * DAY)) == 1
    made.refresh_from_db()
    assert made.due_on > TODAY + 30 * DAY


def test_a_deposit_that_is_gone_leaves_the_call_where_it_was(cast):
    held = holding(cast.zhang, dt.date(2026, 12, 9))
    made = promise(cast, Said(text="Call", hangs_on="holding", hangs_ref="D1"))
    held.delete()
    assert commands.move_promises(day=day()) == 0
    assert Promise.objects.get().due_on == made.due_on


def test_a_maturity_elsewhere_and_an_occasion_move_their_promises_too(cast):
    away = HeldAway.objects.create(
        customer=cast.zhang, institution="Harbour Bank", currency="CNY", source="said", confidence="likely", seen_on=TODAY,
        matures_on=dt.date(2026, 12, 31), expires_on=dt.date(2026, 12, 31), key="1",
    )  # fmt: skip
    noted = commands.Noted(kind="opening", month=12, day=20, year=2026, yearly=False)
    kept = commands.add_occasion(by=scope(cast.alice), customer_id=cast.zhang.pk, noted=noted, day=day())
    first = promise(cast, Said(text="Call", hangs_on="held_away", hangs_ref=str(away.pk), lead_days=7))
    second = promise(cast, Said(text="Flowers", hangs_on="occasion", hangs_ref=str(kept.occasion_id), lead_days=1))
    assert [first.due_on, second.due_on] == [dt.date(2026, 12, 24), dt.date(2026, 12, 18)]
    HeldAway.objects.update(matures_on=dt.date(2027, 1, 29))
    commands.change_occasion(
        by=scope(cast.alice),
        customer_id=cast.zhang.pk,
        occasion_id=kept.occasion_id,
        noted=replace(noted, day=30),
        day=day(),
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert [first.due_on, second.due_on] == [dt.date(2027, 1, 22), dt.date(2026, 12, 29)]


# a new calendar


def test_a_new_holiday_moves_what_is_open_and_leaves_what_is_late(cast):
    late = promise(cast, Said(text="Late", on=TODAY), on=TODAY)
    made = promise(cast, Said(text="Call", on=FRIDAY))
    later = day(TODAY + 2 * DAY)
    closed = replace(later.calendar, holidays=later.calendar.holidays | {FRIDAY, TODAY})
    assert commands.move_promises(day=replace(later, calendar=closed)) == 1
    made.refresh_from_db()
    late.refresh_from_db()
    assert (made.due_on, reminder_of(made).facts["moved_from"]) == (MONDAY, "2026-11-27")
    assert late.due_on == TODAY
    assert commands.move_promises(day=later) == 1  # and back again with the old one
    assert "moved_from" not in reminder_of(made).facts


def test_a_maturity_on_a_weekend_is_brought_forward_to_friday_and_says_so(cast):
    made = make_reminder(customer=cast.zhang, due_on=SATURDAY, opens_on=TODAY)
    assert commands.place_signals(day=day()) == 1
    assert commands.place_signals(day=day()) == 0
    made.refresh_from_db()
    assert (made.due_on, made.facts["moved_from"]) == (FRIDAY, "2026-11-28")
    Rule.objects.create(kind="maturity", lead_days=3, direction="forward")
    assert commands.place_signals(day=day()) == 1
    made.refresh_from_db()
    assert made.due_on == MONDAY


# changed


def test_another_day_needs_a_reason_and_the_old_day_stays_in_the_history(cast):
    made = promise(cast, Said(text="Call", on=FRIDAY))
    about = {"by": scope(cast.alice), "customer_id": cast.zhang.pk, "promise_id": made.pk}
    refused("reason", commands.change_promise, **about, said=Said(text="Call", on=MONDAY), reason=" ")
    with transaction.atomic():
        made_by(staff_id=cast.alice.pk, request_id=uuid.uuid4(), page="customer")
        commands.change_promise(**about, said=Said(text="Call", on=MONDAY), reason="She travels", day=day())
    made.refresh_from_db()
    assert (made.due_on, made.reason, reminder_of(made).due_on) == (MONDAY, "She travels", MONDAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label, due_on, reason FROM reminders_promiseevent WHERE pgh_obj_id = %s", [made.pk])
        assert cursor.fetchall() == [("update", MONDAY, "She travels")]


def test_other_words_need_no_reason_and_move_nothing(cast):
    made = promise(cast, Said(text="Call", on=SATURDAY))
    commands.change_promise(
        by=scope(cast.alice), customer_id=cast.zhang.pk, promise_id=made.pk, said=Said(text="Ring her", on=SATURDAY),
        reason="", day=day(),
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.text, made.due_on, reminder_of(made).facts["text"]) == ("Ring her", MONDAY, "Ring her")
    assert reminder_of(made).facts["moved_from"] == "2026-11-28"


def test_a_closed_promise_may_not_be_changed_withdrawn_or_kept_again(cast):
    made = promise(cast, Said(text="Call", on=FRIDAY))
    about = {"by": scope(cast.alice), "customer_id": cast.zhang.pk, "promise_id": made.pk}
    commands.keep_promise(**about, day=day())
    refused("", commands.change_promise, **about, said=Said(text="x", on=MONDAY), reason="y")
    refused("", commands.withdraw_promise, **about, reason="y")
    refused("", commands.keep_promise, **about)


def test_a_promise_of_another_customer_is_not_found(cast):
    made = promise(cast, Said(text="Call", on=FRIDAY))
    with pytest.raises(NotYoursError):
        commands.keep_promise(by=scope(cast.alice), customer_id=cast.osei.pk, promise_id=made.pk, day=day())


def test_withdrawn_with_its_reason_it_leaves_the_list_and_costs_nothing(cast):
    made = promise(cast, Said(text="Call", on=TODAY))
    about = {"by": scope(cast.alice), "customer_id": cast.zhang.pk, "promise_id": made.pk}
    refused("reason", commands.withdraw_promise, **about, reason="")
    refused("reason", commands.withdraw_promise, **about, reason="x" * 201)
    commands.withdraw_promise(**about, reason="She asked us not to", day=day())
    made.refresh_from_db()
    assert (made.state, made.reason, made.closed_on) == ("withdrawn", "She asked us not to", TODAY)
    assert not Line.objects.exists()
    assert postings(customer_ids=[cast.zhang.pk], day=day()) == {}


# kept, late, broken


def test_kept_late_and_broken_promises_feed_the_ledger(cast):
    made = [promise(cast, Said(text=text, on=TODAY)) for text in ("kept", "late", "broken")]
    about = {"by": scope(cast.alice), "customer_id": cast.zhang.pk}
    commands.keep_promise(**about, promise_id=made[0].pk, day=day())
    commands.keep_promise(**about, promise_id=made[1].pk, day=day(TODAY + 3 * DAY))
    later = day(TODAY + 30 * DAY)
    assert commands.break_promises(day=later) == 1
    kinds = [one.kind for one in postings(customer_ids=[cast.zhang.pk], day=later)[cast.zhang.pk]]
    assert sorted(kinds) == ["promise_broken", "promise_kept", "promise_late"]
    cast.zhang.refresh_from_db()
    assert cast.zhang.health < 0
    assert commands.restate(customer_ids=[cast.zhang.pk], day=later) == 0


@pytest.mark.parametrize(("patience", "broken"), [(3, 1), (20, 0)])
def test_how_late_a_promise_is_broken_is_the_banks_own_rule(cast, patience, broken):
    promise(cast, Said(text="Call", on=TODAY))
    commands.set_rule(by=scope(cast.hugo), kind="promise", lead_days=0, direction="forward", broken_after=patience)
    assert commands.break_promises(day=day(TODAY + 7 * DAY)) == broken
    assert commands.break_promises(day=day(TODAY + 7 * DAY)) == 0


def test_the_night_again_after_a_kill_opens_moves_and_breaks_nothing_twice(cast):
    held = holding(cast.zhang, dt.date(2026, 12, 9))
    promise(cast, Said(text="Call", hangs_on="holding", hangs_ref="D1"))
    promise(cast, Said(text="Old", on=TODAY))
    Occasion.objects.create(customer=cast.zhang, kind="birthday", month=12, day=10, gift_days=14)
    make_reminder(customer=cast.osei, due_on=SATURDAY)
    Holding.objects.filter(pk=held.pk).update(matures_on=dt.date(2026, 12, 30))
    later = day(dt.date(2026, 12, 9))

    def night():
        with transaction.atomic():
            return [
                commands.open_occasions(day=later), commands.place_signals(day=later), commands.move_promises(day=later),
                commands.break_promises(day=later), commands.restate_all(day=later),
            ]  # fmt: skip

    class KilledError(Exception):
        """The night was killed."""

    def killed():
        with transaction.atomic():
            night()
            raise KilledError

    with pytest.raises(KilledError):
        killed()
    first = night()
    stored = list(Reminder.objects.order_by("pk").values())
    assert first[:4] == [2, 1, 1, 1]
    assert night() == [0, 0, 0, 0, 0]
    assert list(Reminder.objects.order_by("pk").values()) == stored


# rules


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("kind", {"kind": "whim"}), ("direction", {"direction": "up"}), ("lead_days", {"lead_days": -1}),
        ("lead_days", {"lead_days": 400}), ("broken_after", {"broken_after": 0}), ("broken_after", {"broken_after": 61}),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused(cast, field, given):
    with pytest.raises(RefusedError) as refusal:
        commands.set_rule(by=scope(cast.ada), **{"kind": "promise", "lead_days": 0, "direction": "back", **given})
    assert refusal.value.field == field
    assert not Rule.objects.exists()


def test_an_rm_may_not_set_the_rules(cast):
    with pytest.raises(PermissionDenied):
        commands.set_rule(by=scope(cast.alice), kind="promise", lead_days=0, direction="back")
    with pytest.raises(PermissionDenied):
        commands.set_greeting(by=scope(cast.alice), kind="birthday", language="en", text="Hi")


# in confidence


def test_a_promise_made_in_confidence_is_its_authors_alone(cast):
    contact = Contact(
        channel="call", outcome="reached", at=NOON, client_key=uuid.uuid4(), next_step="Secret", next_on=FRIDAY,
        named=(),
    )  # fmt: skip
    commands.log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=contact, day=day())
    made = Promise.objects.get()
    with pytest.raises(NotYoursError):
        commands.keep_promise(by=scope(cast.dora), customer_id=cast.zhang.pk, promise_id=made.pk, day=day())
    commands.keep_promise(by=scope(cast.alice), customer_id=cast.zhang.pk, promise_id=made.pk, day=day())
    assert postings(customer_ids=[cast.zhang.pk], day=day()) == {}


def test_who_has_no_customer_of_that_kind_promises_nothing(cast):
    nobody = make_customer(rm=cast.carol)
    with pytest.raises(NotYoursError):
        commands.make_promise(by=scope(cast.bob), customer_id=nobody.pk, said=Said(text="x", on=TODAY), day=day())
