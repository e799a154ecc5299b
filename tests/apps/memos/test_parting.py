"""A join taken back within thirty days: everything it moved goes to where it came from, or nothing does."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from keybook.apps.campaigns.models import Target
from keybook.apps.customers.matching import find_matches
from keybook.apps.customers.models import (
    Assignment,
    Complaint,
    Customer,
    HeldAway,
    Match,
    Preference,
    Relation,
    SearchKey,
)
from keybook.apps.events.models import Seat
from keybook.apps.interactions.models import Interaction
from keybook.apps.memos.commands import join, joining, part, parting
from keybook.apps.memos.commands.moved import HISTORY, ROWS, rows_of
from keybook.apps.memos.models import Memo
from keybook.apps.people.models import Bank, Share
from keybook.apps.people.queries import bank
from keybook.apps.plans.models import Entry
from keybook.apps.reminders.commands import Contact, RefusedError, day_of, log_contact, restate
from keybook.apps.reminders.models import Occasion, Promise, Reminder
from tests.apps.memos.test_joining import brought, prospect
from tests.apps.plans.stage import make_entry
from tests.cast import NOON, TODAY, Cast, as_web, scope

assert prospect  # a fixture
MONTH = dt.timedelta(days=30)
MOVED = (Interaction, Memo, Promise, Occasion, HeldAway, Preference, Complaint)


def day(on=None):
    return day_of(bank(), on=on)


@pytest.fixture
def pair(cast: Cast, prospect: Customer) -> Match:
    """A prospect with everything a prospect can have, joined to the bank's customer, who has something of their own."""
    customer = brought(cast)
    Complaint.objects.create(customer=prospect, opened_on=TODAY, text="Waited an hour", opened_by=cast.alice)
    Relation.objects.create(customer=prospect, other=cast.osei, role="friend", other_role="friend")
    Share.objects.create(customer_id=prospect.pk, staff=cast.bob)
    make_entry(customer=prospect, staff=cast.alice)
    make_entry(customer=customer, staff=cast.alice)  # on the same day: joining takes the prospect's out
    Occasion.objects.create(customer=customer, kind="opening", month=12, day=1)
    find_matches(today=TODAY)
    restate(customer_ids=[prospect.pk, customer.pk], day=day())
    return Match.objects.get()


def state_of(customer_id: int):
    """Everything of one customer that joining could touch."""
    plain = Customer.objects.filter(pk=customer_id).values(
        "stage", "joined_to_id", "household_id", "lunar_birthday", "health", "next_due_on", "last_contact_on"
    )
    entries = Entry.objects.filter(customer_id=customer_id).order_by("pk").values_list("pk", "state", "on")
    open_ = Reminder.objects.filter(customer_id=customer_id, state="open").order_by("pk").values_list("pk", "kind")
    return (
        rows_of(customer_id),
        list(plain),
        list(entries),
        list(open_),
        SearchKey.objects.filter(customer_id=customer_id).count(),
    )


def test_taken_back_both_stand_as_they_stood(cast: Cast, pair: Match):
    before = [state_of(each) for each in (pair.prospect_id, pair.customer_id)]
    join(by=scope(cast.alice), match_id=pair.pk, day=day())
    for model in MOVED:
        assert not model.objects.filter(customer_id=pair.prospect_id).exists(), model
    part(by=scope(cast.alice), match_id=pair.pk, day=day())
    assert [state_of(each) for each in (pair.prospect_id, pair.customer_id)] == before
    assert Assignment.objects.get(customer_id=pair.prospect_id).until_on is None


def test_it_is_recorded_and_the_two_are_not_offered_again(cast: Cast, pair: Match):
    join(by=scope(cast.alice), match_id=pair.pk, day=day())
    part(by=scope(cast.alice), match_id=pair.pk, day=day(TODAY + MONTH))
    pair.refresh_from_db()
    assert (pair.state, pair.settled_by_id, pair.undone_by_id, pair.undone_on) == (
        "refused", cast.alice.pk, cast.alice.pk, TODAY + MONTH,
    )  # fmt: skip
    assert find_matches(today=TODAY + MONTH) == 0


def test_what_was_logged_since_stays_with_the_customer(cast: Cast, pair: Match):
    join(by=scope(cast.alice), match_id=pair.pk, day=day())
    contact = Contact(channel="call", outcome="reached", at=NOON, client_key=uuid.uuid4(), topic="Since")
    log_contact(by=scope(cast.alice), customer_id=pair.customer_id, contact=contact, closes=[], day=day())
    part(by=scope(cast.alice), match_id=pair.pk, day=day())
    assert Interaction.objects.get(topic="Since").customer_id == pair.customer_id
    assert Interaction.objects.exclude(topic="Since").get().customer_id == pair.prospect_id


def keep_the_promise(cast: Cast, pair: Match) -> None:
    contact = Contact(channel="call", outcome="reached", at=NOON, client_key=uuid.uuid4())
    Reminder.objects.filter(kind="promise").update(opens_on=TODAY)
    closes = list(Reminder.objects.filter(kind="promise").values_list("pk", flat=True))
    log_contact(by=scope(cast.alice), customer_id=pair.customer_id, contact=contact, closes=closes, day=day())


def remove_evidence(cast: Cast, pair: Match) -> None:
    HeldAway.objects.filter(customer_id=pair.customer_id).delete()


def dismiss_banker(cast: Cast, pair: Match) -> None:
    Customer.objects.filter(pk=pair.prospect_id).update(rm=cast.bob)
    type(cast.bob).objects.filter(pk=cast.bob.pk).update(is_active=False)


def forget_the_way(cast: Cast, pair: Match) -> None:
    Match.objects.filter(pk=pair.pk).update(moved=None)


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (keep_the_promise, "has kept or corrected"), (remove_evidence, "removed or moved on"),
        (dismiss_banker, "banker is no longer here"), (forget_the_way, "was not kept yet"),
    ],
)  # fmt: skip
def test_what_makes_it_impossible_is_said_and_nothing_moves(cast: Cast, pair: Match, happens, said):
    join(by=scope(cast.alice), match_id=pair.pk, day=day())
    happens(cast, pair)
    before = [state_of(each) for each in (pair.prospect_id, pair.customer_id)]
    with pytest.raises(RefusedError, match=said):
        part(by=scope(cast.hugo), match_id=pair.pk, day=day())
    assert [state_of(each) for each in (pair.prospect_id, pair.customer_id)] == before


def test_after_thirty_days_it_is_too_late(cast: Cast, pair: Match):
    join(by=scope(cast.alice), match_id=pair.pk, day=day())
    with pytest.raises(RefusedError, match="for 30 days"):
        part(by=scope(cast.alice), match_id=pair.pk, day=day(TODAY + MONTH + dt.timedelta(days=1)))
    assert Match.objects.get().state == "joined"


@pytest.mark.parametrize("verb", ["", "refuse"])
def test_what_is_not_joined_is_not_taken_back(cast: Cast, pair: Match, verb):
    if verb:
        as_web(cast.alice).post(f"/same/{pair.pk}/", {"verb": verb})
    with pytest.raises(RefusedError, match="not joined"):
        part(by=scope(cast.alice), match_id=pair.pk, day=day())


def test_taking_back_that_fails_half_way_leaves_the_join(cast: Cast, pair: Match, monkeypatch):
    join(by=scope(cast.alice), match_id=pair.pk, day=day())
    before = [state_of(each) for each in (pair.prospect_id, pair.customer_id)]

    def broken(*_more):
        raise RuntimeError

    monkeypatch.setattr(parting, "refresh_search_keys", broken)
    with pytest.raises(RuntimeError):
        part(by=scope(cast.alice), match_id=pair.pk, day=day())
    assert [state_of(each) for each in (pair.prospect_id, pair.customer_id)] == before


def test_a_stranger_may_not_take_it_back(cast: Cast, pair: Match):
    as_web(cast.alice).post(f"/same/{pair.pk}/", {"verb": "join"})
    assert as_web(cast.carol).post(f"/same/{pair.pk}/", {"verb": "part"}).status_code == 404
    assert as_web(cast.mei).post(f"/same/{pair.pk}/", {"verb": "part"}).status_code in {403, 404}
    assert Match.objects.get().state == "joined"


def test_the_page_offers_it_for_thirty_days_and_does_it(cast: Cast, pair: Match):
    browser = as_web(cast.alice)
    browser.post(f"/same/{pair.pk}/", {"verb": "join"})
    assert "Take the join back" in browser.get("/same/").content.decode()
    assert f"/same/?customer={pair.prospect_id}" in browser.get(f"/customers/{pair.prospect_id}/").content.decode()
    done = browser.post(f"/same/{pair.pk}/", {"verb": "part"})
    assert done["Location"] == f"/customers/{pair.prospect_id}/"
    assert Interaction.objects.get().customer_id == pair.prospect_id
    assert "Take the join back" not in browser.get("/same/").content.decode()
    browser.post(f"/same/{pair.pk}/", {"verb": "part"})
    assert "not joined" in browser.get("/same/").content.decode()


def test_a_months_old_join_is_no_longer_offered(cast: Cast, pair: Match):
    browser = as_web(cast.alice)
    browser.post(f"/same/{pair.pk}/", {"verb": "join"})
    Bank.objects.update(business_date=TODAY + MONTH + dt.timedelta(days=1))
    assert "Take the join back" not in browser.get("/same/").content.decode()


def test_every_table_that_joining_moves_has_a_way_back():
    moved = {each.related_model for each in Customer._meta.related_objects if each.get_accessor_name() in joining.MOVED}
    assert moved == {*HISTORY.values(), *ROWS.values(), Relation, Entry, Target, Seat} - {
        Share
    }  # shares name no customer in the schema
