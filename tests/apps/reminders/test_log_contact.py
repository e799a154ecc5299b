"""Logging a contact and what follows from it."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from keybook.apps.customers.models import Customer
from keybook.apps.interactions.models import Interaction
from keybook.apps.people.queries import bank
from keybook.apps.reminders import commands
from keybook.apps.reminders.commands import Contact, NotYoursError, RefusedError
from keybook.apps.reminders.models import Line, Promise, Reminder
from tests.cast import NOON, TODAY, Cast, make_reminder, scope

FRIDAY = dt.date(2026, 11, 27)
SATURDAY = dt.date(2026, 11, 28)
MONDAY_AFTER = dt.date(2026, 11, 30)


def day(on=None):
    return commands.day_of(bank(), on=on)


def contact(**more):
    values = {"channel": "call", "outcome": "reached", "at": NOON, "client_key": uuid.uuid4()}
    return Contact(**{**values, **more})


def log(cast: Cast, by=None, customer=None, closes=None, **more):
    return commands.log_contact(
        by=scope(by or cast.alice), customer_id=(customer or cast.zhang).pk, contact=contact(**more), closes=closes,
        day=day(),
    )  # fmt: skip


@pytest.fixture
def waiting(cast: Cast) -> Reminder:
    """Mrs Zhang's deposit, on Alice's list."""
    reminder = make_reminder(customer=cast.zhang)
    commands.refresh_lines(customer_ids=[cast.zhang.pk], day=day())
    return reminder


def test_a_contact_becomes_history_and_answers_what_waited(cast, waiting):
    done = log(cast, topic="Term deposit")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.closed_in_id, waiting.closed_on) == ("done", done.interaction_id, TODAY)
    assert not Line.objects.filter(customer=cast.zhang).exists()
    assert Interaction.objects.get().topic == "Term deposit"


def test_not_reached_leaves_the_line_and_says_it_was_tried(cast, waiting):
    done = log(cast, outcome="not_reached")
    waiting.refresh_from_db()
    assert waiting.state == "open"
    assert done.still_on_list
    assert Line.objects.get(customer=cast.zhang).tried_at == NOON


def test_a_message_left_is_a_greeting_but_no_answer(cast, waiting):
    greeting = make_reminder(customer=cast.zhang, cause="occasion", kind="birthday", key="2026", due_on=TODAY)
    log(cast, outcome="left_message")
    waiting.refresh_from_db()
    greeting.refresh_from_db()
    assert (waiting.state, greeting.state) == ("open", "done")


def test_a_birthday_to_come_stays_when_the_call_was_about_something_else(cast, waiting):
    greeting = make_reminder(customer=cast.zhang, cause="occasion", kind="birthday", key="2026", due_on=FRIDAY)
    log(cast)
    greeting.refresh_from_db()
    assert greeting.state == "open"
    assert Line.objects.get(customer=cast.zhang).reasons[0]["kind"] == "birthday"


def test_only_the_ticked_reasons_are_closed(cast, waiting):
    other = make_reminder(customer=cast.zhang, kind="dormant", key="d")
    log(cast, closes=[other.pk])
    waiting.refresh_from_db()
    other.refresh_from_db()
    assert (waiting.state, other.state) == ("open", "done")


def test_a_next_step_becomes_a_promise_on_the_list_on_its_day(cast):
    done = log(cast, next_step="Send the comparison", next_on=FRIDAY)
    promise = Promise.objects.get()
    assert (promise.text, promise.due_on, promise.state) == ("Send the comparison", FRIDAY, "open")
    reminder = Reminder.objects.get(promise=promise)
    assert (reminder.cause, reminder.opens_on, reminder.facts["text"]) == ("promise", FRIDAY, "Send the comparison")
    assert done.promised_on == FRIDAY
    commands.rank_all(day=day(FRIDAY))
    assert Line.objects.get(customer=cast.zhang).group == "b_due"


def test_a_next_step_on_a_saturday_moves_to_monday_and_says_so(cast):
    done = log(cast, next_step="Call again", next_on=SATURDAY)
    assert (done.promised_on, done.moved_from) == (MONDAY_AFTER, SATURDAY)
    assert "Mon 30 Nov" in done.sentence
    assert Interaction.objects.get().next_on == SATURDAY


def test_speaking_keeps_the_promise_in_time(cast):
    log(cast, next_step="Call again", next_on=TODAY)
    log(cast)
    promise = Promise.objects.get()
    assert (promise.state, promise.closed_on) == ("kept", TODAY)


def test_a_promise_kept_late_is_kept_and_costs_health(cast):
    log(cast, next_step="Call again", next_on=TODAY)
    later = dt.date(2026, 11, 26)
    moment = NOON + dt.timedelta(days=3)
    commands.log_contact(
        by=scope(cast.alice), customer_id=cast.zhang.pk, contact=contact(at=moment), closes=None, day=day(later)
    )
    assert Promise.objects.get().state == "kept"
    cast.zhang.refresh_from_db()
    assert cast.zhang.health == -7


def test_speaking_sets_last_contact_and_the_next_one_by_standard(cast):
    log(cast, effect="strengthened")
    cast.zhang.refresh_from_db()
    assert cast.zhang.last_contact_on == TODAY
    assert cast.zhang.next_due_on == dt.date(2026, 12, 23)  # private: 30 days
    assert cast.zhang.health == 7


def test_an_older_contact_does_not_take_back_the_last_one(cast):
    log(cast)
    log(cast, at=NOON - dt.timedelta(days=5))
    cast.zhang.refresh_from_db()
    assert cast.zhang.last_contact_on == TODAY


def test_the_same_form_sent_twice_is_stored_once(cast, waiting):
    key = uuid.uuid4()
    first = log(cast, client_key=key, next_step="Call again", next_on=FRIDAY)
    second = log(cast, client_key=key, next_step="Call again", next_on=FRIDAY)
    assert (second.repeated, second.interaction_id) == (True, first.interaction_id)
    assert (Interaction.objects.count(), Promise.objects.count()) == (1, 1)


def test_the_deputy_logs_for_the_principal(cast, waiting):
    log(cast, by=cast.bob)
    assert Interaction.objects.get().staff == cast.bob


def test_a_key_used_for_another_customer_is_refused(cast):
    key = uuid.uuid4()
    log(cast, client_key=key)
    with pytest.raises(RefusedError, match="already used"):
        log(cast, customer=cast.osei, client_key=key)


def test_a_strangers_customer_is_refused_and_nothing_is_stored(cast, waiting):
    with pytest.raises(NotYoursError):
        log(cast, by=cast.carol)
    assert not Interaction.objects.exists()


@pytest.mark.parametrize("who", ["mei", "leo", "ada"])
def test_those_who_only_read_may_not_log(cast, who):
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        log(cast, by=getattr(cast, who))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"next_step": "Call", "next_on": TODAY - dt.timedelta(days=1)}, "next_on"),
        ({"next_step": "Call"}, "next_on"),
        ({"next_step": "Call", "next_on": dt.date(2206, 11, 27)}, "next_on"),
        ({"at": NOON + dt.timedelta(days=1)}, "on"),
        ({"content": "x" * 20_000}, "content"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(cast, given, field):
    with pytest.raises(RefusedError) as refusal:
        log(cast, **given)
    assert refusal.value.field == field
    assert not Interaction.objects.exists()


def test_a_correction_keeps_the_original_and_moves_the_promise(cast):
    first = log(cast, content="Wants gold", next_step="Send gold prices", next_on=FRIDAY)
    second = commands.correct_contact(
        by=scope(cast.alice), interaction_id=first.interaction_id, day=day(),
        contact=contact(content="Wants silver", next_step="Send silver prices", next_on=FRIDAY),
    )  # fmt: skip
    old, new = Interaction.objects.get(pk=first.interaction_id), Interaction.objects.get(pk=second.interaction_id)
    assert (old.content, old.superseded, new.corrects_id, new.superseded) == ("Wants gold", True, old.pk, False)
    assert list(Promise.objects.order_by("id").values_list("text", "state")) == [
        ("Send gold prices", "withdrawn"), ("Send silver prices", "open"),
    ]  # fmt: skip


def test_a_correction_of_a_correction_chains(cast):
    first = log(cast)
    second = commands.correct_contact(
        by=scope(cast.alice), interaction_id=first.interaction_id, contact=contact(), day=day()
    )
    third = commands.correct_contact(
        by=scope(cast.dora), interaction_id=second.interaction_id, contact=contact(), day=day()
    )
    assert Interaction.objects.get(pk=third.interaction_id).corrects.corrects_id == first.interaction_id


def test_correcting_to_not_reached_takes_back_the_last_contact(cast):
    first = log(cast)
    commands.correct_contact(
        by=scope(cast.alice), interaction_id=first.interaction_id, contact=contact(outcome="not_reached"), day=day()
    )
    assert Customer.objects.get(pk=cast.zhang.pk).last_contact_on is None


def test_a_colleague_may_not_correct_what_another_logged(cast):
    first = log(cast)
    with pytest.raises(RefusedError, match="branch head"):
        commands.correct_contact(by=scope(cast.bob), interaction_id=first.interaction_id, contact=contact(), day=day())


def test_an_old_version_may_not_be_corrected_again(cast):
    first = log(cast)
    commands.correct_contact(by=scope(cast.alice), interaction_id=first.interaction_id, contact=contact(), day=day())
    with pytest.raises(RefusedError, match="already"):
        commands.correct_contact(
            by=scope(cast.alice), interaction_id=first.interaction_id, contact=contact(), day=day()
        )
    assert Interaction.objects.count() == 2
