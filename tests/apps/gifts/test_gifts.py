"""The register of gifts: asked for, decided by another, given in a contact, declined; and what is refused."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from keybook.apps.customers.models import Household
from keybook.apps.gifts import commands, queries
from keybook.apps.gifts.commands import Wish
from keybook.apps.gifts.models import Gift, LimitSet, Official
from keybook.apps.interactions.models import Interaction
from keybook.apps.people.queries import bank
from keybook.apps.reminders.commands import Contact, NotYoursError, RefusedError, day_of
from tests.cast import NOON, TODAY, Cast, as_web, make_cast, make_customer, make_staff, scope


@pytest.fixture
def day(cast: Cast):
    return day_of(bank())


def wish(**more):
    values = {
        "text": "Orchids", "category": "flowers", "value": Decimal(268), "on": TODAY + dt.timedelta(days=3),
        "occasion": "Opening", "client_key": uuid.uuid4(),
    }  # fmt: skip
    return Wish(**{**values, **more})


def ask(cast: Cast, day, by=None, customer=None, **more):
    customer = customer or cast.zhang
    return commands.ask(by=scope(by or cast.alice), customer_id=customer.pk, wish=wish(**more), day=day)


def handed_over(**more):
    values = {"channel": "visit", "outcome": "met", "at": NOON, "client_key": uuid.uuid4(), "effect": "strengthened"}
    return Contact(**{**values, **more})


def test_a_gift_within_the_limits_is_planned_at_once(cast: Cast, day) -> None:
    assert ask(cast, day).state == "planned"


def test_asked_twice_with_one_key_it_stands_in_the_register_once(cast: Cast, day) -> None:
    key = uuid.uuid4()
    assert ask(cast, day, client_key=key).id == ask(cast, day, client_key=key).id
    assert Gift.objects.count() == 1


def test_a_key_of_anothers_gift_is_refused(cast: Cast, day) -> None:
    key = uuid.uuid4()
    ask(cast, day, client_key=key)
    with pytest.raises(RefusedError, match="already used"):
        ask(cast, day, customer=cast.osei, client_key=key)


def test_above_a_limit_it_waits_for_a_second_person_and_cannot_be_given(cast: Cast, day) -> None:
    kept = ask(cast, day, value=Decimal(1280), why="His 60th.")
    assert kept.state == "to_approve"
    with pytest.raises(RefusedError, match="To approve"):
        commands.give(by=scope(cast.alice), gift_id=kept.id, contact=handed_over(), day=day)
    assert not Interaction.objects.exists()


def test_above_a_limit_without_a_reason_it_is_refused(cast: Cast, day) -> None:
    with pytest.raises(RefusedError, match="say why") as refused:
        ask(cast, day, value=Decimal(1280))
    assert refused.value.field == "why"
    assert not Gift.objects.exists()


def test_approved_by_the_branch_head_it_can_be_given_and_the_contact_is_logged(cast: Cast, day) -> None:
    kept = ask(cast, day, value=Decimal(1280), why="His 60th.")
    commands.decide(by=scope(cast.dora), gift_id=kept.id, approve=True, reason="Long relationship")
    commands.give(by=scope(cast.alice), gift_id=kept.id, contact=handed_over(topic="Gift: Orchids"), day=day)
    gift = Gift.objects.get()
    assert (gift.state, gift.on, gift.decided_by_id) == ("given", TODAY, cast.dora.pk)
    assert (gift.given_in.topic, gift.given_in.effect) == ("Gift: Orchids", "strengthened")


def test_refused_it_stays_refused_until_it_is_changed(cast: Cast, day) -> None:
    kept = ask(cast, day, value=Decimal(1280), why="His 60th.")
    commands.decide(by=scope(cast.dora), gift_id=kept.id, approve=False, reason="Too much")
    with pytest.raises(RefusedError, match="Refused"):
        commands.give(by=scope(cast.alice), gift_id=kept.id, contact=handed_over(), day=day)
    assert (
        commands.change(by=scope(cast.alice), gift_id=kept.id, wish=wish(value=Decimal(280)), day=day).state
        == "planned"
    )


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_a_relationship_manager_may_not_decide(cast: Cast, day, who) -> None:
    kept = ask(cast, day, value=Decimal(1280), why="x")
    with pytest.raises(PermissionDenied):
        commands.decide(by=scope(cast.staff[who]), gift_id=kept.id, approve=True, reason="ok")
    assert Gift.objects.get().state == "to_approve"


def test_a_head_who_asked_may_not_decide_and_another_may(cast: Cast, day) -> None:
    kept = ask(cast, day, by=cast.dora, value=Decimal(1280), why="x")
    with pytest.raises(RefusedError, match="by another"):
        commands.decide(by=scope(cast.dora), gift_id=kept.id, approve=True, reason="ok")
    assert commands.decide(by=scope(cast.hugo), gift_id=kept.id, approve=True, reason="ok").state == "planned"


def test_a_head_who_changed_it_last_may_not_decide(cast: Cast, day) -> None:
    kept = ask(cast, day, value=Decimal(1280), why="x")
    commands.change(by=scope(cast.dora), gift_id=kept.id, wish=wish(value=Decimal(1279), why="x"), day=day)
    with pytest.raises(RefusedError, match="by another"):
        commands.decide(by=scope(cast.dora), gift_id=kept.id, approve=True, reason="ok")


def test_changed_after_the_approval_it_waits_again(cast: Cast, day) -> None:
    kept = ask(cast, day, value=Decimal(1280), why="x")
    commands.decide(by=scope(cast.dora), gift_id=kept.id, approve=True, reason="ok")
    assert commands.change(
        by=scope(cast.alice), gift_id=kept.id, wish=wish(value=Decimal(2280), why="x"), day=day
    ).state == ("to_approve")
    assert Gift.objects.get().decided_by is None


def test_a_decision_without_a_reason_is_refused(cast: Cast, day) -> None:
    kept = ask(cast, day, value=Decimal(1280), why="x")
    with pytest.raises(RefusedError, match="Say why"):
        commands.decide(by=scope(cast.dora), gift_id=kept.id, approve=True, reason="  ")


def test_decided_twice_the_second_is_told_it_is_too_late(cast: Cast, day) -> None:
    kept = ask(cast, day, value=Decimal(1280), why="x")
    commands.decide(by=scope(cast.dora), gift_id=kept.id, approve=True, reason="ok")
    with pytest.raises(RefusedError, match="no longer so"):
        commands.decide(by=scope(cast.hugo), gift_id=kept.id, approve=False, reason="no")


def test_the_database_itself_refuses_a_decision_by_who_asked(cast: Cast, day) -> None:
    kept = ask(cast, day, value=Decimal(1280), why="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Gift.objects.filter(pk=kept.id).update(decided_by=cast.alice, state="planned")


def test_split_into_small_gifts_the_year_is_still_held_against_the_limit(cast: Cast, day) -> None:
    for text in ("Orchids", "A photo print"):
        assert ask(cast, day, text=text, category="other", occasion="", value=Decimal(300)).state == "planned"
    kept = ask(cast, day, text="Chess set", category="home", occasion="", value=Decimal("0.01"), why="x")
    assert kept.state == "to_approve"


def test_the_household_is_counted_together_whoever_looks_after_it(cast: Cast, day) -> None:
    home = Household.objects.create(name="Zhang")
    wife = make_customer(rm=cast.carol, number="C9", name="Wu Min", household=home)
    type(cast.zhang).objects.filter(pk=cast.zhang.pk).update(household=home)
    for text in ("Orchids", "Chess set"):
        ask(cast, day, by=cast.carol, customer=wife, text=text, category="other", occasion="", value=Decimal(300))
    ask(cast, day, by=cast.alice, text="Tea tray", category="home", occasion="", value=Decimal(300))
    found = ask(cast, day, text="Lamp", category="book", occasion="", value=Decimal(200), why="x")
    assert {meter.measure for meter in found.verdict.over} == {"household"}


def test_what_was_given_more_than_a_year_ago_no_longer_counts(cast: Cast, day) -> None:
    kept = ask(cast, day, value=Decimal(300))
    Gift.objects.filter(pk=kept.id).update(state="given", on=TODAY - dt.timedelta(days=363))
    found = queries.weigh(asked=queries.Weighing(cast.zhang.pk, cast.alice.pk, Decimal(10), TODAY))
    assert found.meters[1].before == 300
    later = queries.weigh(
        asked=queries.Weighing(cast.zhang.pk, cast.alice.pk, Decimal(10), TODAY + dt.timedelta(days=3))
    )
    assert later.meters[1].before == 0


@pytest.mark.parametrize("state", ["idea", "received"])
def test_an_idea_and_what_we_received_do_not_use_up_the_limit(cast: Cast, day, state) -> None:
    ask(cast, day, value=Decimal(900), state=state, on=TODAY)
    assert ask(cast, day, text="Chess set", category="home", occasion="").state == "planned"


def test_for_a_public_official_every_gift_waits(cast: Cast, day) -> None:
    commands.set_office(by=scope(cast.alice), customer_id=cast.zhang.pk, office="City planning", day=day)
    assert ask(cast, day, value=Decimal(1), why="A book for the city library").state == "to_approve"


def test_an_office_that_has_ended_no_longer_counts(cast: Cast, day) -> None:
    Official.objects.create(customer=cast.zhang, office="Old", from_on=dt.date(2020, 1, 1), until_on=TODAY)
    assert ask(cast, day, value=Decimal(1)).state == "planned"


@pytest.mark.parametrize("text", ["红包", "Gift card", "cash"])
def test_money_is_refused_and_nothing_is_stored(cast: Cast, day, text) -> None:
    with pytest.raises(RefusedError, match="no gift") as refused:
        ask(cast, day, text=text)
    assert refused.value.field == "text"
    assert not Gift.objects.exists()


def test_last_years_gift_again_is_refused_unless_it_is_meant(cast: Cast, day) -> None:
    kept = ask(cast, day)
    Gift.objects.filter(pk=kept.id).update(state="given", on=TODAY - dt.timedelta(days=360))
    with pytest.raises(RefusedError, match="Choose another") as refused:
        ask(cast, day)
    assert refused.value.field == "again"
    assert ask(cast, day, again=True).state == "planned"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"value": Decimal(0)}, "value"), ({"on": TODAY - dt.timedelta(days=1)}, "on"),
        ({"on": TODAY + dt.timedelta(days=401)}, "on"), ({"state": "received"}, "on"),
    ],
)  # fmt: skip
def test_a_gift_that_cannot_be_is_refused_beside_its_field(cast: Cast, day, more, field) -> None:
    with pytest.raises(RefusedError) as refused:
        ask(cast, day, **more)
    assert refused.value.field == field
    assert not Gift.objects.exists()


def test_a_limit_used_up_by_others_since_it_was_planned_stops_the_giving(cast: Cast, day) -> None:
    first = ask(cast, day, value=Decimal(300))
    second = ask(cast, day, text="Chess set", category="home", occasion="", value=Decimal(300))
    Gift.objects.filter(pk=second.id).update(on=TODAY)  # on the day of giving both count
    LimitSet.objects.create(from_on=TODAY, per_gift=300, per_customer=400, per_household=1000, per_banker=9000)
    with pytest.raises(RefusedError, match="used up"):
        commands.give(by=scope(cast.alice), gift_id=first.id, contact=handed_over(), day=day)
    assert set(Gift.objects.values_list("state", flat=True)) == {"planned"}
    assert second.state == "planned"


def test_declined_or_given_back_it_no_longer_counts(cast: Cast, day) -> None:
    kept = ask(cast, day, value=Decimal(300))
    commands.give(by=scope(cast.alice), gift_id=kept.id, contact=handed_over(), day=day)
    commands.decline(by=scope(cast.alice), gift_id=kept.id, reason="Company rule")
    found = queries.weigh(asked=queries.Weighing(cast.zhang.pk, cast.alice.pk, Decimal(10), TODAY))
    assert found.meters[1].before == 0


def test_given_twice_the_contact_is_logged_once(cast: Cast, day) -> None:
    kept = ask(cast, day)
    for _each in range(2):
        commands.give(by=scope(cast.alice), gift_id=kept.id, contact=handed_over(), day=day)
    assert Interaction.objects.count() == 1


def test_a_stranger_may_not_ask_change_decide_or_give(cast: Cast, day) -> None:
    kept = ask(cast, day)
    before = list(Gift.objects.values())
    acts = [
        lambda: ask(cast, day, by=cast.carol),
        lambda: commands.change(by=scope(cast.carol), gift_id=kept.id, wish=wish(), day=day),
        lambda: commands.give(by=scope(cast.carol), gift_id=kept.id, contact=handed_over(), day=day),
        lambda: commands.decline(by=scope(cast.carol), gift_id=kept.id, reason="x"),
        lambda: commands.set_office(by=scope(cast.carol), customer_id=cast.zhang.pk, office="x", day=day),
    ]
    for act in acts:
        with pytest.raises(NotYoursError):
            act()
    assert list(Gift.objects.values()) == before


def test_the_head_of_another_branch_may_not_decide(cast: Cast, day) -> None:
    other = make_staff(code="sven", role="head", branch=cast.south)
    kept = ask(cast, day, value=Decimal(1280), why="x")
    with pytest.raises(NotYoursError):
        commands.decide(by=scope(other), gift_id=kept.id, approve=True, reason="ok")


def test_only_an_administrator_sets_limits_and_only_sensible_ones(cast: Cast) -> None:
    fine = {"per_gift": Decimal(1), "per_customer": Decimal(2), "per_household": Decimal(3), "per_banker": Decimal(0)}
    with pytest.raises(PermissionDenied):
        commands.set_limits(by=scope(cast.dora), limits=fine, from_on=TODAY, today=TODAY)
    for wrong in ({"per_gift": Decimal(-1)}, {"per_gift": Decimal(5)}):
        with pytest.raises(RefusedError):
            commands.set_limits(by=scope(cast.ada), limits=fine | wrong, from_on=TODAY, today=TODAY)
    with pytest.raises(RefusedError, match="passed"):
        commands.set_limits(by=scope(cast.ada), limits=fine, from_on=TODAY - dt.timedelta(days=1), today=TODAY)
    commands.set_limits(by=scope(cast.ada), limits=fine, from_on=TODAY + dt.timedelta(days=1), today=TODAY)
    assert queries.limits_on(TODAY).per_gift == 300
    assert queries.limits_on(TODAY + dt.timedelta(days=1)).per_gift == 1


def test_what_waits_for_a_head_leaves_out_what_they_asked_for_themselves(cast: Cast, day) -> None:
    ask(cast, day, value=Decimal(1280), why="x")
    ask(cast, day, by=cast.dora, customer=cast.osei, value=Decimal(1280), why="x")
    assert [row.asked_by for row in queries.waiting_for(scope=scope(cast.dora), today=TODAY)] == ["Alice Wang"]
    assert queries.waiting_for(scope=scope(cast.alice), today=TODAY) == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_gifts_at_once_do_not_pass_the_limit_together() -> None:
    cast = make_cast()
    today, start, states = day_of(bank()), threading.Barrier(3), []

    def plan(text, category):
        try:
            start.wait()
            asked = wish(text=text, category=category, occasion="", value=Decimal(250), why="x")
            states.append(commands.ask(by=scope(cast.alice), customer_id=cast.zhang.pk, wish=asked, day=today).state)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=plan, args=each) for each in (("Orchids", "flowers"), ("Chess", "home"), ("Tea", "tea"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states) == ["planned", "planned", "to_approve"]


def form(**more):
    values = {
        "text": "Orchids", "category": "flowers", "value": "268", "on": "2026-11-26", "occasion": "Opening",
        "client_key": str(uuid.uuid4()), "state": "planned",
    }  # fmt: skip
    return {**values, **more}


def test_the_form_plans_a_gift_and_the_page_gives_it(cast: Cast) -> None:
    browser = as_web(cast.alice)
    answer = browser.post(f"/customers/{cast.zhang.pk}/gifts/new/", form())
    gift = Gift.objects.get()
    assert answer["Location"] == f"/gifts/{gift.pk}/"
    assert "Given: log the contact" in browser.get(f"/gifts/{gift.pk}/").content.decode()
    handed = {"channel": "visit", "effect": "strengthened", "client_key": str(uuid.uuid4())}
    assert browser.post(f"/gifts/{gift.pk}/given/", handed).status_code == 302
    assert "Gift: Orchids" in browser.get(f"/customers/{cast.zhang.pk}/").content.decode()


def test_the_limits_are_shown_while_the_gift_is_typed(cast: Cast) -> None:
    where = f"/customers/{cast.zhang.pk}/gifts/new/?value=680&text=Tea&on=2026-11-26"
    part = as_web(cast.alice).get(where, headers={"HX-Request": "true"}).content.decode()
    assert "¥80 over" in part
    assert "<html" not in part


def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(cast: Cast) -> None:
    answer = as_web(cast.alice).post(f"/customers/{cast.zhang.pk}/gifts/new/", form(text="红包 500"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Money, cards and vouchers are no gift" in page
    assert "红包 500" in page


def test_the_head_decides_on_the_page_and_the_banker_has_no_such_button(cast: Cast) -> None:
    as_web(cast.alice).post(f"/customers/{cast.zhang.pk}/gifts/new/", form(value="1280", why="His 60th."))
    gift = Gift.objects.get()
    assert b'name="approve"' not in as_web(cast.alice).get(f"/gifts/{gift.pk}/").content
    assert b'name="approve"' in as_web(cast.dora).get(f"/gifts/{gift.pk}/").content
    answer = as_web(cast.dora).post(f"/gifts/{gift.pk}/decision/", {"approve": "yes", "reason": "Long relationship"})
    assert answer.status_code == 302
    assert Gift.objects.get().state == "planned"


def test_compliance_reads_the_register_and_changes_nothing(cast: Cast, day) -> None:
    kept = ask(cast, day, value=Decimal(1280), why="x")
    browser = as_web(cast.mei)
    assert "Orchids" in browser.get("/gifts/").content.decode()
    assert browser.get(f"/gifts/{kept.id}/").status_code == 200
    assert browser.post(f"/gifts/{kept.id}/decision/", {"approve": "yes", "reason": "x"}).status_code == 403


def test_the_register_shows_no_gift_of_another_bankers_customer(cast: Cast, day) -> None:
    ask(cast, day)
    assert "Orchids" not in as_web(cast.carol).get("/gifts/?view=all").content.decode()


@pytest.mark.parametrize("view", ["year", "waiting", "planned", "over", "all", "nonsense"])
def test_every_view_of_the_register_answers_in_a_fixed_number_of_statements(
    cast: Cast, day, view, django_assert_max_num_queries
) -> None:
    for number in range(4):
        ask(cast, day, text=f"Thing {number} {'abcd'[number] * 5}", category="other", occasion="", value=Decimal(1))
    browser = as_web(cast.alice)
    browser.get("/gifts/")
    with django_assert_max_num_queries(12):  # of these, the test's own role and savepoint are five
        assert browser.get(f"/gifts/?view={view}").status_code == 200


def test_the_administrator_sets_limits_on_a_page_that_others_read(cast: Cast) -> None:
    limits = {
        "per_gift": "500",
        "per_customer": "1000",
        "per_household": "2000",
        "per_banker": "9000",
        "from_on": "2026-11-24",
    }
    assert as_web(cast.ada).post("/settings/gifts/", limits).status_code == 302
    assert as_web(cast.dora).post("/settings/gifts/", limits).status_code == 403
    assert "¥300" in as_web(cast.alice).get("/settings/gifts/").content.decode()
    assert as_web(cast.ada).post("/settings/gifts/", limits | {"per_gift": "-3"}).status_code == 422
