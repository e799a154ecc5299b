"""Handing back restores the rows; what has become of them since is kept."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from keybook.apps.customers.models import Assignment, Customer
from keybook.apps.handover import commands
from keybook.apps.handover.models import Handover
from keybook.apps.handover.queries import Asked, Introduction, ledger
from keybook.apps.notices.models import Notice
from keybook.apps.people.models import BookCap, Staff
from keybook.apps.people.queries import bank
from keybook.apps.plans.models import Entry
from keybook.apps.reminders.commands import NotYoursError, RefusedError, Said, day_of, keep_promise, make_promise
from keybook.apps.reminders.models import Promise
from tests.apps.handover.stage import FRIDAY, furnish, hand, owned
from tests.cast import TODAY, Cast, make_customer, make_staff, scope


@pytest.fixture
def day(cast: Cast):
    return furnish(cast)


def back(cast: Cast, act: int, day, by=None) -> str:
    return commands.hand_back(by=scope(by or cast.dora), handover_id=act, day=day)


def test_every_row_is_as_it_was(cast: Cast, day) -> None:
    before = owned()
    act = hand(cast, day, introduction=Introduction(kinds={"private": "call", "gold": "letter"}))
    assert owned() != before
    back(cast, act, day)
    assert owned() == before


def test_the_ledger_keeps_both_and_the_act_is_undone_once(cast: Cast, day) -> None:
    act = hand(cast, day)
    assert [each.can_be_undone(TODAY) for each in ledger(scope=scope(cast.mei), customer_id=cast.zhang.pk)] == [
        True,
        False,
    ]
    back(cast, act, day)
    rows = list(Assignment.objects.filter(customer=cast.zhang).order_by("id").values_list("staff", "until_on", "cause"))
    assert rows == [(cast.alice.pk, TODAY, "feed"), (cast.bob.pk, TODAY, "handover"), (cast.alice.pk, None, "handback")]
    with pytest.raises(RefusedError, match="already"):
        back(cast, act, day)
    assert not any(each.can_be_undone(TODAY) for each in ledger(scope=scope(cast.mei), customer_id=cast.zhang.pk))


def test_what_was_promised_since_goes_along_and_says_who_promised(cast: Cast, day) -> None:
    act = hand(cast, day)
    make_promise(by=scope(cast.bob), customer_id=cast.osei.pk, said=Said(text="New", on=FRIDAY), day=day)
    Entry.objects.create(
        customer=cast.osei, staff=cast.bob, on=FRIDAY, half="pm", channel="call", minutes=9, cause="hand"
    )
    found = commands.preview_back(by=scope(cast.dora), handover_id=act, day=day)
    assert found.customers == 2
    assert (found.counts["new_promises"], found.counts["new_entries"]) == (
        1,
        1,
    )  # what Bob promised as a deputy is older
    back(cast, act, day)
    promise = Promise.objects.get(text="New")
    assert (promise.staff_id, promise.made_by_id) == (cast.alice.pk, cast.bob.pk)
    assert Entry.objects.get(customer=cast.osei).staff_id == cast.alice.pk


def test_a_promise_kept_since_stays_kept_by_who_kept_it(cast: Cast, day) -> None:
    act = hand(cast, day)
    promise = Promise.objects.get(text="Terms by alice")
    keep_promise(by=scope(cast.bob), customer_id=cast.zhang.pk, promise_id=promise.pk, day=day)
    back(cast, act, day)
    promise.refresh_from_db()
    assert (promise.state, promise.staff_id, promise.made_by_id) == ("kept", cast.bob.pk, cast.alice.pk)


def test_who_has_moved_on_stays_where_they_are(cast: Cast, day) -> None:
    act = hand(cast, day)
    nina = make_staff(code="nina", branch=cast.north)
    commands.hand_over_one(by=scope(cast.dora), customer_id=cast.osei.pk, to_id=nina.pk, day=day)
    found = commands.preview_back(by=scope(cast.dora), handover_id=act, day=day)
    assert (found.customers, found.moved_on) == (1, 1)
    back(cast, act, day)
    assert Customer.objects.get(pk=cast.osei.pk).rm_id == nina.pk
    assert Customer.objects.get(pk=cast.zhang.pk).rm_id == cast.alice.pk


def test_a_leaver_who_comes_back_has_the_account_and_the_book_again(cast: Cast, day) -> None:
    act = hand(cast, day, leaves=True)
    back(cast, act, day)
    assert Staff.objects.get(pk=cast.alice.pk).is_active
    assert Customer.objects.filter(rm=cast.alice).count() == 2


def test_each_hears_of_the_way_back(cast: Cast, day) -> None:
    act = hand(cast, day)
    back(cast, act, day)
    keys = set(Notice.objects.filter(key__contains="back").values_list("staff", "key"))
    assert keys == {(cast.alice.pk, f"handover|back {act}|+2"), (cast.bob.pk, f"handover|back {act}|-2")}


def test_on_the_thirtieth_day_it_can_be_handed_back_and_after_it_cannot(cast: Cast, day) -> None:
    act = hand(cast, day)
    late = day_of(bank(), on=TODAY + dt.timedelta(days=30))
    with pytest.raises(RefusedError, match="30 days"):
        back(cast, act, late)
    back(cast, act, day_of(bank(), on=TODAY + dt.timedelta(days=29)))


def test_a_book_that_has_filled_meanwhile_takes_nobody_back_and_nothing_changes(cast: Cast, day) -> None:
    act = hand(cast, day)
    make_customer(rm=cast.alice)
    BookCap.objects.create(staff=cast.alice, most=2, from_on=TODAY)
    before = owned()
    with pytest.raises(RefusedError, match="room for 1 of 2"):
        back(cast, act, day)
    assert owned() == before


def test_when_everybody_has_moved_on_nothing_is_handed_back(cast: Cast, day) -> None:
    act = hand(cast, day)
    commands.hand_over(
        by=scope(cast.dora), asked=Asked(from_id=cast.bob.pk, to=(cast.alice.pk,)),
        client_key=uuid.uuid4(), day=day,
    )  # fmt: skip
    with pytest.raises(RefusedError, match="moved on"):
        back(cast, act, day)


def test_to_who_has_left_meanwhile_nothing_is_handed_back(cast: Cast, day) -> None:
    act = hand(cast, day)
    Staff.objects.filter(pk=cast.alice.pk).update(is_active=False)
    with pytest.raises(RefusedError, match="has left"):
        back(cast, act, day)


def test_a_stranger_finds_no_such_act(cast: Cast, day) -> None:
    act = hand(cast, day)
    other = make_staff(code="stan", role="head", branch=cast.south)
    with pytest.raises(NotYoursError):
        back(cast, act, day, by=other)
    assert Handover.objects.get().state == "done"
