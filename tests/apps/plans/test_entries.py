"""Placing, moving and taking out a planned contact, undoing it, and what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from keybook.apps.people.queries import bank
from keybook.apps.plans.commands.entries import (
    AsksError,
    Kept,
    Where,
    Wish,
    add_entry,
    drop_entry,
    let_go,
    move_entry,
    place_unplaced,
    undo_entry,
)
from keybook.apps.plans.models import Absence, Entry, Meeting, Plan, Unplaced
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, day_of
from tests.apps.plans.stage import SATURDAY, TOMORROW, make_entry
from tests.cast import TODAY, Cast, make_customer, make_interaction, make_reminder, scope

pytestmark = pytest.mark.django_db
WEDNESDAY = TODAY + dt.timedelta(days=2)


@pytest.fixture
def day(cast: Cast) -> Day:
    return day_of(bank())


def move(cast: Cast, day: Day, entry: Entry, on: dt.date, half: str = "pm", **more: object) -> Kept:
    return move_entry(by=scope(cast.alice), entry_id=entry.pk, to=Where(on, half), day=day, **more)  # type: ignore[arg-type]


def lies(entry: Entry) -> tuple[dt.date, str, bool, str]:
    entry.refresh_from_db()
    return entry.on, entry.half, entry.pinned, entry.state


def fill(cast: Cast, on: dt.date, half: str, count: int) -> None:
    for _number in range(count):
        make_entry(customer=make_customer(rm=cast.alice), staff=cast.alice, on=on, half=half)


def test_a_moved_contact_lies_where_it_was_put_and_planning_leaves_it_there(cast: Cast, day: Day) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    said = move(cast, day, entry, WEDNESDAY)
    assert lies(entry) == (WEDNESDAY, "pm", True, "planned")
    assert "Zhang Wei" in said.sentence
    assert "afternoon" in said.sentence


def test_a_deputy_and_the_branch_head_may_move_it(cast: Cast, day: Day) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    move_entry(by=scope(cast.bob), entry_id=entry.pk, to=Where(WEDNESDAY, "am"), day=day)
    move_entry(by=scope(cast.dora), entry_id=entry.pk, to=Where(WEDNESDAY, "pm"), day=day)
    assert lies(entry)[:2] == (WEDNESDAY, "pm")


def test_a_stranger_may_not_move_it_and_is_told_nothing(cast: Cast, day: Day) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    with pytest.raises(NotYoursError):
        move_entry(by=scope(cast.carol), entry_id=entry.pk, to=Where(WEDNESDAY, "am"), day=day)
    assert lies(entry) == (TOMORROW, "am", False, "planned")


def test_compliance_may_not_move_it(cast: Cast, day: Day) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    with pytest.raises(PermissionDenied):
        move_entry(by=scope(cast.mei), entry_id=entry.pk, to=Where(WEDNESDAY, "am"), day=day)


@pytest.mark.parametrize(
    ("on", "half", "why"),
    [
        (TODAY - dt.timedelta(days=1), "am", "has passed"),
        (SATURDAY, "am", "nobody works"),
        (TODAY + dt.timedelta(days=500), "am", "more than a year"),
        (WEDNESDAY, "night", "morning or the afternoon"),
    ],
)
def test_there_it_may_not_lie(cast: Cast, day: Day, on: dt.date, half: str, why: str) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    with pytest.raises(RefusedError, match=why):
        move(cast, day, entry, on, half)
    assert lies(entry) == (TOMORROW, "am", False, "planned")


def test_on_a_day_of_leave_nothing_can_be_put(cast: Cast, day: Day) -> None:
    Absence.objects.create(staff=cast.alice, from_on=WEDNESDAY, until_on=WEDNESDAY + dt.timedelta(days=1))
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    with pytest.raises(RefusedError, match="they are away"):
        move(cast, day, entry, WEDNESDAY, because="I come in for it")


def test_where_meetings_take_the_whole_half_day_nothing_can_be_put(cast: Cast, day: Day) -> None:
    Meeting.objects.create(staff=cast.alice, on=WEDNESDAY, from_minute=780, until_minute=1080, source="typed")
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    with pytest.raises(RefusedError, match="meetings take this whole half-day"):
        move(cast, day, entry, WEDNESDAY)
    assert move(cast, day, entry, WEDNESDAY, half="am").entry_id == entry.pk


def test_a_second_contact_with_one_customer_on_one_day_is_refused(cast: Cast, day: Day) -> None:
    first = make_entry(customer=cast.zhang, staff=cast.alice)
    second = make_entry(customer=cast.zhang, staff=cast.alice, on=WEDNESDAY)
    with pytest.raises(RefusedError, match="another contact with this customer"):
        move(cast, day, second, TOMORROW)
    assert lies(first)[0] == TOMORROW
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=second.pk).update(on=TOMORROW)


def test_a_full_half_day_asks_for_a_reason_and_keeps_it(cast: Cast, day: Day) -> None:
    fill(cast, WEDNESDAY, "pm", 6)  # six calls of 20 minutes fill the 120
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    with pytest.raises(AsksError, match="140 of 120 minutes") as asked:
        move(cast, day, entry, WEDNESDAY)
    assert (asked.value.answer.code, asked.value.answer.left) == ("full", -20)
    assert lies(entry)[0] == TOMORROW
    move(cast, day, entry, WEDNESDAY, because="She leaves on Thursday")
    entry.refresh_from_db()
    assert (entry.on, entry.because) == (WEDNESDAY, "She leaves on Thursday")


def test_the_cap_of_a_channel_on_a_day_asks_for_a_reason(cast: Cast, day: Day) -> None:
    for half in ("am", "pm"):
        fill(cast, WEDNESDAY, half, 6)  # twelve calls are the most of a day
    Entry.objects.filter(on=WEDNESDAY, half="pm").update(minutes=5)
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    with pytest.raises(AsksError, match="contact 13 of this kind") as asked:
        move(cast, day, entry, WEDNESDAY)
    assert asked.value.answer.code == "cap"


def test_within_a_half_day_the_order_is_kept(cast: Cast, day: Day) -> None:
    first, second, third = (
        make_entry(customer=customer, staff=cast.alice, place=place)
        for place, customer in enumerate([cast.zhang, cast.osei, make_customer(rm=cast.alice)])
    )
    move_entry(by=scope(cast.alice), entry_id=third.pk, to=Where(TOMORROW, "am", 0), day=day)
    assert list(Entry.objects.order_by("place").values_list("pk", flat=True)) == [third.pk, first.pk, second.pk]


def test_a_done_contact_stays_where_it_was(cast: Cast, day: Day) -> None:
    contact = make_interaction(customer=cast.zhang, staff=cast.alice)
    entry = make_entry(customer=cast.zhang, staff=cast.alice, state="done", interaction=contact)
    with pytest.raises(RefusedError, match="has been logged"):
        move(cast, day, entry, WEDNESDAY)


def test_undone_it_lies_where_it_was_and_planning_may_move_it(cast: Cast, day: Day) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    kept = move(cast, day, entry, WEDNESDAY)
    undo_entry(by=scope(cast.alice), token=kept.undo, day=day)
    assert lies(entry) == (TOMORROW, "am", False, "planned")


def test_what_has_been_moved_again_is_not_undone(cast: Cast, day: Day) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    kept = move(cast, day, entry, WEDNESDAY)
    move(cast, day, entry, WEDNESDAY, half="am")
    with pytest.raises(RefusedError, match="moved again since"):
        undo_entry(by=scope(cast.alice), token=kept.undo, day=day)
    assert lies(entry)[:2] == (WEDNESDAY, "am")


def test_an_undo_where_another_is_planned_by_now_is_refused(cast: Cast, day: Day) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    kept = move(cast, day, entry, WEDNESDAY)
    make_entry(customer=cast.zhang, staff=cast.alice)
    with pytest.raises(RefusedError, match="another contact is planned there"):
        undo_entry(by=scope(cast.alice), token=kept.undo, day=day)


@pytest.mark.parametrize("token", ["", "x", "a:b:c"])
def test_a_token_nobody_gave_undoes_nothing(cast: Cast, day: Day, token: str) -> None:
    with pytest.raises(NotYoursError):
        undo_entry(by=scope(cast.alice), token=token, day=day)


def test_anothers_token_undoes_nothing(cast: Cast, day: Day) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    kept = move(cast, day, entry, WEDNESDAY)
    with pytest.raises(NotYoursError):
        undo_entry(by=scope(cast.bob), token=kept.undo, day=day)
    assert lies(entry)[0] == WEDNESDAY


def test_a_token_older_than_its_minute_is_too_late(cast: Cast, day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    kept = move(cast, day, entry, WEDNESDAY)
    monkeypatch.setattr("keybook.apps.plans.commands.entries.UNDO_SECONDS", -1)
    with pytest.raises(RefusedError, match="Too late"):
        undo_entry(by=scope(cast.alice), token=kept.undo, day=day)


def test_taken_out_it_is_kept_with_its_reason_and_comes_back_by_undo(cast: Cast, day: Day) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice)
    kept = drop_entry(by=scope(cast.alice), entry_id=entry.pk, because="On a cruise", day=day)
    assert lies(entry)[3] == "dropped"
    with pytest.raises(RefusedError, match="taken out"):
        drop_entry(by=scope(cast.alice), entry_id=entry.pk, day=day)
    undo_entry(by=scope(cast.alice), token=kept.undo, day=day)
    assert lies(entry) == (TOMORROW, "am", False, "planned")


def test_let_go_planning_may_move_it_again(cast: Cast, day: Day) -> None:
    entry = make_entry(customer=cast.zhang, staff=cast.alice, pinned=True)
    let_go(by=scope(cast.alice), entry_id=entry.pk)
    assert lies(entry)[2] is False


def wish(on: dt.date = WEDNESDAY, half: str = "am", **more: object) -> Wish:
    return Wish(where=Where(on, half), channel="visit", **more)  # type: ignore[arg-type]


def test_a_contact_placed_by_hand_takes_the_minutes_of_its_channel(cast: Cast, day: Day) -> None:
    kept = add_entry(by=scope(cast.alice), staff_id=cast.alice.pk, customer_id=cast.zhang.pk, wish=wish(), day=day)
    entry = Entry.objects.get(pk=kept.entry_id)
    assert (entry.on, entry.minutes, entry.cause, entry.pinned, entry.created_by_id) == (
        WEDNESDAY, 60, "hand", True, cast.alice.pk,
    )  # fmt: skip
    undo_entry(by=scope(cast.alice), token=kept.undo, day=day)
    assert lies(entry)[3] == "dropped"


def test_nobody_places_a_contact_with_a_strangers_customer(cast: Cast, day: Day) -> None:
    with pytest.raises(NotYoursError):
        add_entry(by=scope(cast.alice), staff_id=cast.alice.pk, customer_id=cast.liu.pk, wish=wish(), day=day)
    assert not Entry.objects.exists()


def test_nobody_places_a_contact_on_a_strangers_plan(cast: Cast, day: Day) -> None:
    with pytest.raises(NotYoursError):
        add_entry(by=scope(cast.alice), staff_id=cast.carol.pk, customer_id=cast.zhang.pk, wish=wish(), day=day)


def test_a_colleague_who_does_not_see_the_customer_is_not_planned_for(cast: Cast, day: Day) -> None:
    with pytest.raises(RefusedError, match="does not see the customer"):
        add_entry(by=scope(cast.hugo), staff_id=cast.carol.pk, customer_id=cast.zhang.pk, wish=wish(), day=day)


@pytest.fixture
def left(cast: Cast) -> Unplaced:
    plan = Plan.objects.create(
        staff=cast.alice, from_on=TODAY, until_on=TODAY + dt.timedelta(days=28), made_on=TODAY, state="made"
    )
    return Unplaced.objects.create(
        plan=plan, customer=cast.zhang, cause="signal", task="s:1", channel="call", minutes=20, code="full",
        value=Decimal(9), reminder=make_reminder(customer=cast.zhang),
    )  # fmt: skip


def test_what_found_no_place_is_placed_by_hand_once(cast: Cast, day: Day, left: Unplaced) -> None:
    kept = place_unplaced(by=scope(cast.alice), unplaced_id=left.pk, to=Where(WEDNESDAY, "am"), day=day)
    entry = Entry.objects.get(pk=kept.entry_id)
    left.refresh_from_db()
    assert (entry.cause, entry.task, entry.reminder_id, entry.value) == ("signal", "s:1", left.reminder_id, 9)
    assert left.entry_id == entry.pk
    with pytest.raises(RefusedError, match="placed already"):
        place_unplaced(by=scope(cast.alice), unplaced_id=left.pk, to=Where(TOMORROW, "am"), day=day)


def test_undone_it_has_no_place_again_and_can_be_put_elsewhere(cast: Cast, day: Day, left: Unplaced) -> None:
    kept = place_unplaced(by=scope(cast.alice), unplaced_id=left.pk, to=Where(WEDNESDAY, "am"), day=day)
    undo_entry(by=scope(cast.alice), token=kept.undo, day=day)
    again = place_unplaced(by=scope(cast.alice), unplaced_id=left.pk, to=Where(TOMORROW, "am"), day=day)
    assert Entry.objects.get(state="planned").pk == again.entry_id


def test_what_one_reminder_asks_for_is_not_placed_twice(cast: Cast, day: Day, left: Unplaced) -> None:
    make_entry(customer=cast.zhang, staff=cast.alice, reminder=left.reminder, cause="signal")
    with pytest.raises(RefusedError, match="planned already"):
        place_unplaced(by=scope(cast.alice), unplaced_id=left.pk, to=Where(WEDNESDAY, "am"), day=day)


def test_a_stranger_places_nothing_of_anothers(cast: Cast, day: Day, left: Unplaced) -> None:
    with pytest.raises(NotYoursError):
        place_unplaced(by=scope(cast.carol), unplaced_id=left.pk, to=Where(WEDNESDAY, "am"), day=day)


def test_a_done_entry_without_its_contact_cannot_be(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_entry(customer=cast.zhang, staff=cast.alice, state="done")


def test_one_reminder_has_one_place(cast: Cast) -> None:
    reminder = make_reminder(customer=cast.zhang)
    make_entry(customer=cast.zhang, staff=cast.alice, reminder=reminder)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_entry(customer=cast.zhang, staff=cast.alice, on=WEDNESDAY, reminder=reminder)
