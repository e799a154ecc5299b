"""A prospect and the customer the bank has brought: offered, joined with the whole history, or refused for good."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from keybook.apps.customers.matching import find_matches
from keybook.apps.customers.models import (
    Complaint,
    Consent,
    Customer,
    HeldAway,
    Match,
    Preference,
    SearchKey,
    Vulnerability,
)
from keybook.apps.customers.search import refresh_search_keys
from keybook.apps.interactions.models import Interaction
from keybook.apps.memos.commands import joining
from keybook.apps.memos.models import Memo
from keybook.apps.reminders.models import Line, Occasion, Promise, Reminder
from tests.apps.memos.test_page import typed
from tests.cast import TODAY, Cast, as_web, make_customer, make_interaction

LINE = "张伟 13900139000 八月底海港银行定期到期 45万 提醒他，生日八月初五"


@pytest.fixture
def prospect(cast: Cast) -> Customer:
    """A walk-in of Alice's with everything a memo can leave."""
    answer = typed(as_web(cast.alice), LINE)
    assert answer.status_code == 200, answer.content.decode()
    found = Customer.objects.get(stage="prospect")
    Preference.objects.create(customer=found, channels=["wechat"])
    return found


def brought(cast: Cast, **more) -> Customer:
    """The same person as the bank's feed brings them."""
    values = {"rm": cast.alice, "name": "Zhang Wei", "name_zh": "张伟", "phone": "+86 139-0013-9000", **more}
    found = make_customer(**values)
    refresh_search_keys([found.pk])
    return found


def joined(cast: Cast, by=None, verb="join"):
    return as_web(by or cast.alice).post(f"/same/{Match.objects.get().pk}/", {"verb": verb})


def test_the_night_offers_and_never_joins(cast: Cast, prospect: Customer):
    customer = brought(cast)
    assert find_matches(today=TODAY) == 1
    assert find_matches(today=TODAY) == 0
    match = Match.objects.get()
    assert (match.prospect_id, match.customer_id, match.why, match.state) == (
        prospect.pk,
        customer.pk,
        "phone",
        "offered",
    )
    assert Interaction.objects.get().customer_id == prospect.pk


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"phone": "13900139000"}, "phone"), ({"phone": "", "id_number": "X1"}, "id"),
        ({"phone": "", "born_on": dt.date(1980, 5, 1)}, "birthday"), ({"phone": "13700009000"}, "tail"),
        ({"phone": "13700009001"}, None), ({"phone": "", "name": "Zhang Li", "name_zh": "张丽", "born_on": dt.date(1980, 5, 1)}, None),
    ],
)  # fmt: skip
def test_what_makes_two_the_same(cast: Cast, prospect: Customer, more, why):
    Customer.objects.filter(pk=prospect.pk).update(id_number="X1", born_on=dt.date(1980, 5, 1))
    if why != "id":
        Customer.objects.filter(pk=prospect.pk).update(id_number="")
    if why == "tail":
        Customer.objects.filter(pk=prospect.pk).update(born_on=None)
    brought(cast, **more)
    find_matches(today=TODAY)
    assert list(Match.objects.values_list("why", flat=True)) == ([why] if why else [])


def test_joining_moves_the_whole_history_and_keeps_the_prospect_as_a_pointer(cast: Cast, prospect: Customer):
    customer = brought(cast)
    find_matches(today=TODAY)
    assert joined(cast).status_code == 302
    for model in (Interaction, Promise, Occasion, HeldAway, Memo, Preference):
        assert set(model.objects.values_list("customer_id", flat=True)) == {customer.pk}, model
    assert set(Reminder.objects.filter(state="open").values_list("customer_id", flat=True)) == {customer.pk}
    prospect.refresh_from_db()
    assert (prospect.stage, prospect.joined_to_id) == ("closed", customer.pk)
    assert not SearchKey.objects.filter(customer=prospect).exists()
    assert not Line.objects.filter(customer=prospect).exists()
    match = Match.objects.get()
    assert (match.state, match.settled_by_id, match.settled_on) == ("joined", cast.alice.pk, TODAY)
    customer.refresh_from_db()
    assert customer.last_contact_on == TODAY
    assert Decimal(HeldAway.objects.get().amount) == 450000


def test_what_a_prospect_complained_of_needs_and_agreed_to_goes_with_them(cast: Cast, prospect: Customer):
    customer = brought(cast)
    told = {"customer": prospect, "by": cast.alice}
    Complaint.objects.create(customer=prospect, opened_on=TODAY, text="Waited an hour", opened_by=cast.alice)
    Vulnerability.objects.create(**told, mind="Hard of hearing", from_on=TODAY)
    Consent.objects.create(customer=customer, by=cast.alice, purpose="marketing", given=True, on=TODAY, source="Form")
    Consent.objects.create(**told, purpose="marketing", given=False, on=TODAY, source="Said so")
    find_matches(today=TODAY)
    assert joined(cast).status_code == 302
    for model in (Complaint, Vulnerability, Consent):
        assert set(model.objects.values_list("customer_id", flat=True)) == {customer.pk}, model
    assert Consent.objects.order_by("-id")[0].given is False


def test_the_page_of_a_joined_prospect_leads_to_the_customer(cast: Cast, prospect: Customer):
    customer = brought(cast)
    find_matches(today=TODAY)
    assert f"/same/?customer={prospect.pk}" in as_web(cast.alice).get(f"/customers/{prospect.pk}/").content.decode()
    joined(cast)
    assert f'href="/customers/{customer.pk}/"' in as_web(cast.alice).get(f"/customers/{prospect.pk}/").content.decode()


def test_what_the_customer_has_already_wins_over_the_prospects(cast: Cast, prospect: Customer):
    customer = brought(cast)
    Preference.objects.create(customer=customer, channels=["call"])
    find_matches(today=TODAY)
    joined(cast)
    assert Preference.objects.get(customer=customer).channels == ["call"]


def test_refused_it_is_never_offered_again_and_nothing_has_moved(cast: Cast, prospect: Customer):
    brought(cast)
    find_matches(today=TODAY)
    joined(cast, verb="refuse")
    assert find_matches(today=TODAY + dt.timedelta(days=1)) == 0
    assert Match.objects.get().state == "refused"
    assert Interaction.objects.get().customer_id == prospect.pk
    assert "Nobody waits" in as_web(cast.alice).get("/same/").content.decode()


def test_settled_once_it_cannot_be_joined(cast: Cast, prospect: Customer):
    brought(cast)
    find_matches(today=TODAY)
    joined(cast, verb="refuse")
    joined(cast)
    assert Interaction.objects.get().customer_id == prospect.pk


def test_a_pair_whose_other_end_is_a_strangers_is_neither_shown_nor_joined(cast: Cast, prospect: Customer):
    customer = brought(cast, rm=cast.carol)
    find_matches(today=TODAY)
    for who in (cast.alice, cast.carol):
        assert customer.name not in as_web(who).get("/same/").content.decode().split("<main")[1]
        assert joined(cast, by=who).status_code == 404
    assert Interaction.objects.get().customer_id == prospect.pk
    assert joined(cast, by=cast.hugo).status_code == 302
    assert Interaction.objects.get().customer_id == customer.pk


def test_the_book_and_today_keep_working_after_a_join(cast: Cast, prospect: Customer):
    brought(cast)
    find_matches(today=TODAY)
    assert "may be a customer of the bank by now" in as_web(cast.alice).get("/").content.decode()
    joined(cast)
    browser = as_web(cast.alice)
    assert "may be a customer" not in browser.get("/").content.decode()
    assert f"/customers/{prospect.pk}/" not in browser.get("/book/").content.decode()


def test_every_table_that_names_a_customer_has_its_fate_in_a_join():
    named = {
        each.get_accessor_name()
        for each in Customer._meta.related_objects
        if not each.related_model.__name__.endswith("Event")
    }
    assert named == joining.MOVED | joining.STAYS


def test_a_join_that_fails_half_way_leaves_everything_as_it_was(cast: Cast, prospect: Customer, monkeypatch):
    brought(cast)
    find_matches(today=TODAY)

    def broken(*_more):
        raise RuntimeError

    monkeypatch.setattr(joining, "_close", broken)
    with pytest.raises(RuntimeError):
        joined(cast)
    assert Interaction.objects.get().customer_id == prospect.pk
    assert make_interaction
    assert Match.objects.get().state == "offered"
