"""Handing over: all of it or nothing; who made what stays visible; what is refused changes nothing."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from keybook.apps.customers.models import Assignment, Customer, SearchKey
from keybook.apps.handover import commands
from keybook.apps.handover.models import Handover, Move
from keybook.apps.handover.queries import Introduction, preview
from keybook.apps.notices.models import Notice
from keybook.apps.people.models import BookCap, Deputy, Share, Staff
from keybook.apps.plans.models import Entry
from keybook.apps.reminders.commands import NotYoursError, RefusedError
from keybook.apps.reminders.models import Line, Promise, Reminder
from tests.apps.handover.stage import FRIDAY, asked, furnish, hand, owned
from tests.cast import TODAY, Cast, as_web, make_customer, make_staff, scope


@pytest.fixture
def day(cast: Cast):
    return furnish(cast)


def test_everything_of_the_customer_goes_along(cast: Cast, day) -> None:
    hand(cast, day)
    assert set(Customer.objects.filter(pk__in=[cast.zhang.pk, cast.osei.pk]).values_list("rm", flat=True)) == {
        cast.bob.pk
    }
    assert set(SearchKey.objects.exclude(customer=cast.liu).values_list("rm_id", flat=True)) == {cast.bob.pk}
    assert set(Line.objects.values_list("rm_id", "handed_to")) == {(cast.bob.pk, None)}
    assert Entry.objects.get().staff_id == cast.bob.pk
    assert Promise.objects.get(text="Terms by alice").staff_id == cast.bob.pk


def test_who_made_a_promise_stays_visible(cast: Cast, day) -> None:
    hand(cast, day)
    assert Promise.objects.get(text="Terms by alice").made_by_id == cast.alice.pk
    page = as_web(cast.bob).get(f"/customers/{cast.zhang.pk}/").content.decode()
    assert "Alice Wang" in page


def test_what_was_promised_in_confidence_or_is_closed_stays_with_its_author(cast: Cast, day) -> None:
    hand(cast, day)
    assert set(Promise.objects.filter(text__in=["Quietly", "Old"]).values_list("staff", "made_by")) == {
        (cast.alice.pk, None)
    }


def test_the_ledger_says_who_had_whom_from_when_until_when_by_which_act(cast: Cast, day) -> None:
    act = hand(cast, day)
    rows = list(
        Assignment.objects.filter(customer=cast.zhang).order_by("id").values_list("staff", "until_on", "cause", "by")
    )
    assert rows == [(cast.alice.pk, TODAY, "feed", None), (cast.bob.pk, None, "handover", cast.dora.pk)]
    assert Move.objects.get(handover=act, customer=cast.zhang).since_on == dt.date(2024, 1, 1)


def test_the_deputys_view_ends_and_a_share_that_was_given_stays(cast: Cast, day) -> None:
    hand(cast, day, to=(cast_room := make_staff(code="nina", branch=cast.north)).pk and (cast_room.pk,))
    assert set(Share.objects.values_list("staff", "reason")) == {(cast.carol.pk, "holiday")}


def test_each_hears_of_it_once_and_no_name_is_kept(cast: Cast, day) -> None:
    act = hand(cast, day)
    told = list(Notice.objects.filter(kind="handover").order_by("staff").values_list("staff", "key", "customer_id"))
    assert told == [(cast.alice.pk, f"handover|{act}|-2", None), (cast.bob.pk, f"handover|{act}|+2 1 1", None)]


def test_the_same_key_hands_over_once(cast: Cast, day) -> None:
    key = uuid.uuid4()
    assert hand(cast, day, client_key=key) == hand(cast, day, client_key=key)
    assert Handover.objects.count() == 1


def test_a_tier_alone_goes(cast: Cast, day) -> None:
    hand(cast, day, what="tier", which=("private",))
    assert Customer.objects.get(pk=cast.zhang.pk).rm_id == cast.bob.pk
    assert Customer.objects.get(pk=cast.osei.pk).rm_id == cast.alice.pk


def test_a_district_alone_goes(cast: Cast, day) -> None:
    Customer.objects.filter(pk=cast.osei.pk).update(district="Lakeside")
    hand(cast, day, what="district", which=("Lakeside",))
    assert Customer.objects.get(pk=cast.zhang.pk).rm_id == cast.alice.pk
    assert Customer.objects.get(pk=cast.osei.pk).rm_id == cast.bob.pk


def test_introductions_are_promised_to_the_chosen_tiers_on_workdays(cast: Cast, day) -> None:
    intro = Introduction(kinds={"private": "call"}, within=5, texts={"call": "Call with {old}, I am {banker}"})
    hand(cast, day, introduction=intro)
    made = Promise.objects.get(text__startswith="Call with")
    assert (made.text, made.staff_id, made.customer_id) == (
        "Call with Alice Wang, I am Bob Chen",
        cast.bob.pk,
        cast.zhang.pk,
    )
    assert made.due_on == TODAY + dt.timedelta(days=1)
    assert Reminder.objects.get(promise=made).state == "open"
    view = Share.objects.get(staff=cast.alice)
    assert (view.customer_id, view.until_on) == (cast.zhang.pk, day.calendar.add_workdays(TODAY, 6))


REFUSED = {
    "to nobody": ({"to": ()}, "Choose who takes over"),
    "to themselves": ({"to": "alice"}, "themselves"),
    "to another branch": ({"to": "carol"}, "branch that is not yours"),
    "to a head": ({"to": "dora"}, "keeps no book"),
    "to who does not exist": ({"to": (10**9,)}, "of your branches"),
    "an empty part": ({"what": "tier", "which": ("mass",)}, "No customer"),
    "a strange part": ({"what": "half"}, "what is handed over"),
    "an introduction by fax": ({"introduction": Introduction(kinds={"gold": "fax"})}, "joint call"),
    "an introduction in no days": ({"introduction": Introduction(within=0)}, "1 to 60"),
    "an introduction of an unknown field": (
        {"introduction": Introduction(kinds={"gold": "call"}, texts={"call": "{name}"})}, "no field",
    ),
    "leaving with a part": ({"what": "tier", "which": ("gold",), "leaves": True}, "whole book"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_sentence_and_nothing_changes(case: str, cast: Cast, day) -> None:
    more, sentence = REFUSED[case]
    if isinstance(more.get("to"), str):
        more = {**more, "to": (getattr(cast, more["to"]).pk,)}
    before = owned()
    with pytest.raises(RefusedError, match=sentence):
        hand(cast, day, **more)
    assert owned() == before
    assert not Handover.objects.exists()


def test_to_who_has_left_is_refused(cast: Cast, day) -> None:
    Staff.objects.filter(pk=cast.bob.pk).update(is_active=False)
    with pytest.raises(RefusedError, match="has left"):
        hand(cast, day)


def test_a_full_book_takes_nobody(cast: Cast, day) -> None:
    BookCap.objects.create(staff=cast.bob, most=1, from_on=TODAY)
    before = owned()
    with pytest.raises(RefusedError, match="no room for 1 of 2"):
        hand(cast, day)
    assert owned() == before


def test_the_cap_counts_customers_the_head_does_not_see(cast: Cast, day) -> None:
    make_customer(rm=cast.bob, branch=cast.south)
    BookCap.objects.create(staff=None, most=2, from_on=TODAY)
    with pytest.raises(RefusedError, match="no room"):
        hand(cast, day)


def test_one_customer_is_given_by_the_same_act_and_meets_the_same_cap(cast: Cast, day) -> None:
    BookCap.objects.create(staff=cast.bob, most=1, from_on=TODAY)
    commands.hand_over_one(by=scope(cast.dora), customer_id=cast.zhang.pk, to_id=cast.bob.pk, day=day)
    assert Promise.objects.get(text="Terms by alice").staff_id == cast.bob.pk
    with pytest.raises(RefusedError, match="no room"):
        commands.hand_over_one(by=scope(cast.dora), customer_id=cast.osei.pk, to_id=cast.bob.pk, day=day)


def test_only_the_head_of_the_branch_hands_over(cast: Cast, day) -> None:
    for staff in (cast.alice, cast.mei, cast.leo):
        with pytest.raises((PermissionDenied, NotYoursError)):
            commands.hand_over_one(by=scope(staff), customer_id=cast.zhang.pk, to_id=cast.bob.pk, day=day)
    with pytest.raises(NotYoursError):
        commands.hand_over_one(by=scope(cast.dora), customer_id=cast.liu.pk, to_id=cast.bob.pk, day=day)
    with pytest.raises(NotYoursError):
        preview(by=scope(cast.dora), asked=asked(cast, from_id=cast.carol.pk), day=day)


def test_given_to_who_has_them_is_refused(cast: Cast, day) -> None:
    with pytest.raises(RefusedError, match="already"):
        commands.hand_over_one(by=scope(cast.dora), customer_id=cast.zhang.pk, to_id=cast.alice.pk, day=day)


def test_a_preview_that_no_longer_holds_is_not_done(cast: Cast, day) -> None:
    seal = preview(by=scope(cast.dora), asked=asked(cast), day=day).seal
    make_customer(rm=cast.alice)
    with pytest.raises(RefusedError, match="changed since"):
        commands.hand_over(by=scope(cast.dora), asked=asked(cast), client_key=uuid.uuid4(), day=day, seal=seal)
    assert not Handover.objects.exists()


def test_the_preview_counts_what_moves_and_changes_nothing(cast: Cast, day) -> None:
    before = owned()
    found = preview(by=scope(cast.dora), asked=asked(cast), day=day)
    assert (found.customers, found.refusals) == (2, [])
    assert found.counts == {
        "promises": 1, "entries": 1, "reminders": 3, "campaign": 1, "gifts": 1, "lines": 1, "without": 0, "seats": 1,
    }  # fmt: skip
    assert owned() == before


def test_a_closed_customer_goes_along_and_takes_no_room(cast: Cast, day) -> None:
    gone = make_customer(rm=cast.alice, stage="closed")
    BookCap.objects.create(staff=cast.bob, most=2, from_on=TODAY)
    hand(cast, day)
    assert Customer.objects.get(pk=gone.pk).rm_id == cast.bob.pk


class TestALeaver:
    """Access ends at once, and nobody is left without a banker."""

    def test_the_book_goes_and_the_access_ends_in_one_act(self, cast: Cast, day) -> None:
        browser = as_web(cast.alice)
        assert browser.get("/").status_code == 200
        held = Customer.objects.exclude(rm=None).filter(rm__is_active=True).count()
        hand(cast, day, leaves=True)
        assert not Staff.objects.get(pk=cast.alice.pk).is_active
        assert browser.get("/").status_code == 302
        assert Customer.objects.filter(rm__is_active=True).count() == held
        assert not Deputy.objects.filter(principal=cast.alice, until_on__gt=TODAY).exists()

    def test_with_customers_left_nobody_leaves(self, cast: Cast, day) -> None:
        with pytest.raises(RefusedError, match="2 customers are still"):
            commands.leave(by=scope(cast.dora), staff_id=cast.alice.pk, day=day)
        assert Staff.objects.get(pk=cast.alice.pk).is_active

    def test_with_customers_of_a_branch_that_is_not_the_heads_nobody_leaves(self, cast: Cast, day) -> None:
        make_customer(rm=cast.alice, branch=cast.south)
        with pytest.raises(RefusedError, match="branch that is not yours"):
            hand(cast, day, leaves=True)
        assert Staff.objects.get(pk=cast.alice.pk).is_active

    def test_with_an_empty_book_they_leave(self, cast: Cast, day) -> None:
        hand(cast, day)
        commands.leave(by=scope(cast.dora), staff_id=cast.alice.pk, day=day)
        assert not Staff.objects.get(pk=cast.alice.pk).is_active

    def test_nobody_ends_their_own_access(self, cast: Cast, day) -> None:
        with pytest.raises(RefusedError, match="own access"):
            commands.leave(by=scope(cast.dora), staff_id=cast.dora.pk, day=day)

    def test_what_they_promised_to_anothers_customer_goes_to_that_banker(self, cast: Cast, day) -> None:
        promise = Promise.objects.create(customer=cast.liu, staff=cast.alice, text="Ask", due_on=FRIDAY)
        hand(cast, day, leaves=True)
        promise.refresh_from_db()
        assert (promise.staff_id, promise.made_by_id) == (cast.carol.pk, cast.alice.pk)
