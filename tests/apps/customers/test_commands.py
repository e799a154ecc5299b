"""The verbs that write in the register, and what they refuse."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from keybook.apps.customers import commands
from keybook.apps.customers.commands import Evidence, Liking, NotSavedError
from keybook.apps.customers.forms import AmountField
from keybook.apps.customers.models import Assignment, Customer, HeldAway, Preference, Relation
from keybook.apps.customers.search import search
from keybook.apps.people.models import Share, Staff
from tests import cast as who
from tests.cast import TODAY, Cast

YESTERDAY = TODAY - dt.timedelta(days=1)


def prospect(staff: Staff, name: str = "张先生", phone: str = "138 0013 8000") -> Customer:
    return commands.create_prospect(scope=who.scope(staff), by=staff, today=TODAY, name=name, phone=phone)


def test_a_prospect_is_in_the_writers_book_and_found_at_once(cast: Cast) -> None:
    made = prospect(cast.alice)
    assert (made.stage, made.rm_id, made.branch_id, made.language) == (
        "prospect",
        cast.alice.pk,
        cast.north.pk,
        "zh-hans",
    )
    assert [one.id for one in search(scope=who.scope(cast.alice), text="zhang")] == [made.pk]
    assert Assignment.objects.filter(customer=made, staff=cast.alice, until_on=None).count() == 1


@pytest.mark.parametrize(
    ("field", "name", "phone"),
    [
        ("name", "", "13800138000"), ("name", "  ", "13800138000"), ("name", "x" * 161, "13800138000"),
        ("name", "a\x00b", "13800138000"), ("name", "a\u202eb", "13800138000"), ("phone", "Ann", ""),
        ("phone", "Ann", "1380"), ("phone", "Ann", "1" * 16), ("phone", "Ann", "call me"), ("phone", "Ann", "138\x0000138"),
    ],
)  # fmt: skip
def test_a_prospect_without_name_or_phone_is_refused(cast: Cast, field: str, name: str, phone: str) -> None:
    with pytest.raises(NotSavedError) as refusal:
        prospect(cast.alice, name, phone)
    assert refusal.value.field == field
    assert Customer.objects.count() == 3


@pytest.mark.parametrize("name", ["mei", "leo", "ada"])
def test_who_only_reads_may_not_write_a_prospect(cast: Cast, name: str) -> None:
    with pytest.raises(PermissionDenied):
        prospect(cast.staff[name])


def test_a_preference_replaces_what_was_known(cast: Cast) -> None:
    for liking in (
        Liking(channels=("call",), topics="Tea"),
        Liking(channels=("wechat",), never=("call",), hour_from=9, hour_until=11),
    ):
        commands.set_preference(scope=who.scope(cast.alice), customer_id=cast.zhang.pk, liking=liking)
    kept = Preference.objects.get(customer=cast.zhang)
    assert (kept.channels, kept.never, kept.hour_from, kept.topics) == (["wechat"], ["call"], 9, "")


@pytest.mark.parametrize(
    "liking",
    [
        Liking(channels=("fax",)), Liking(never=("fax",)), Liking(channels=("call",), never=("call",)),
        Liking(hour_from=9), Liking(hour_from=11, hour_until=9), Liking(hour_from=9, hour_until=9),
        Liking(hour_from=-1, hour_until=9), Liking(hour_from=9, hour_until=25), Liking(topics="x" * 201),
    ],
)  # fmt: skip
def test_a_preference_that_cannot_be_is_refused(cast: Cast, liking: Liking) -> None:
    with pytest.raises(NotSavedError):
        commands.set_preference(scope=who.scope(cast.alice), customer_id=cast.zhang.pk, liking=liking)
    assert not Preference.objects.exists()


def relate(staff: Staff, customer: Customer, other: Customer, role: str = "wife") -> Relation:
    return commands.add_relation(scope=who.scope(staff), customer_id=customer.pk, other_id=other.pk, role=role)


def test_a_relation_has_a_role_at_both_ends(cast: Cast) -> None:
    kept = relate(cast.alice, cast.zhang, cast.osei)
    assert (kept.role, kept.other_role, kept.household, kept.source) == ("wife", "husband", True, "banker")


def test_every_role_has_its_other_end(cast: Cast) -> None:
    assert set(commands.ROLES.values()) <= set(commands.ROLES)


def test_two_are_not_related_twice(cast: Cast) -> None:
    relate(cast.alice, cast.zhang, cast.osei)
    with pytest.raises(NotSavedError):
        relate(cast.alice, cast.osei, cast.zhang, "friend")


def test_a_relation_to_a_strangers_customer_is_refused_and_tells_nothing(cast: Cast) -> None:
    with pytest.raises(NotSavedError) as hidden:
        relate(cast.alice, cast.zhang, cast.liu)
    with pytest.raises(NotSavedError) as missing:
        commands.add_relation(scope=who.scope(cast.alice), customer_id=cast.zhang.pk, other_id=10**9, role="wife")
    assert str(hidden.value) == str(missing.value)


def test_nobody_is_related_to_themselves_or_in_an_unknown_way(cast: Cast) -> None:
    with pytest.raises(NotSavedError):
        relate(cast.alice, cast.zhang, cast.zhang)
    with pytest.raises(NotSavedError):
        relate(cast.alice, cast.zhang, cast.osei, "nemesis")


def test_a_relation_of_the_bank_is_not_removed_here(cast: Cast) -> None:
    kept = relate(cast.alice, cast.zhang, cast.osei)
    Relation.objects.filter(pk=kept.pk).update(source="bank")
    scope = who.scope(cast.alice)
    with pytest.raises(NotSavedError):
        commands.remove_relation(scope=scope, customer_id=cast.zhang.pk, relation_id=kept.pk)
    Relation.objects.filter(pk=kept.pk).update(source="banker")
    commands.remove_relation(scope=scope, customer_id=cast.osei.pk, relation_id=kept.pk)
    assert not Relation.objects.exists()


def test_a_relation_of_others_is_not_removed_through_ones_own_customer(cast: Cast) -> None:
    other = who.make_customer(rm=cast.carol)
    kept = relate(cast.carol, cast.liu, other)
    with pytest.raises(Http404):
        commands.remove_relation(scope=who.scope(cast.alice), customer_id=cast.zhang.pk, relation_id=kept.pk)


def tell(staff: Staff, customer: Customer, **more: Any) -> HeldAway:
    values = {"institution": "Harbour Bank", "confidence": "likely", "seen_on": YESTERDAY, "amount": Decimal(600_000)}
    evidence = Evidence(**{**values, **more})
    return commands.add_held_away(scope=who.scope(staff), customer_id=customer.pk, today=TODAY, evidence=evidence)


def test_evidence_expires_by_how_sure_it_is_or_when_it_falls_due(cast: Cast) -> None:
    assert tell(cast.alice, cast.zhang).expires_on == YESTERDAY + dt.timedelta(days=240)
    due = dt.date(2027, 1, 28)
    assert tell(cast.alice, cast.zhang, institution="Other", matures_on=due).expires_on == due


def test_the_same_evidence_twice_is_one(cast: Cast) -> None:
    assert tell(cast.alice, cast.zhang).pk == tell(cast.alice, cast.zhang, institution=" harbour  bank ").pk


@pytest.mark.parametrize(
    "more",
    [
        {"institution": " "}, {"institution": "x" * 121}, {"detail": "x" * 201}, {"amount": Decimal(0)},
        {"amount": Decimal(-5)}, {"amount": Decimal(10) ** 14}, {"confidence": "perhaps"}, {"source": "transfer"},
        {"seen_on": TODAY + dt.timedelta(days=1)}, {"matures_on": YESTERDAY - dt.timedelta(days=1)},
    ],
)  # fmt: skip
def test_evidence_that_cannot_be_is_refused(cast: Cast, more: dict[str, Any]) -> None:
    with pytest.raises(NotSavedError):
        tell(cast.alice, cast.zhang, **more)
    assert not HeldAway.objects.exists()


def show(staff: Staff, customer: Customer, to: Staff, until_on: dt.date | None = None) -> Share:
    return commands.share(
        scope=who.scope(staff), customer_id=customer.pk, with_id=to.pk, until_on=until_on, today=TODAY
    )


def test_a_shared_customer_is_seen_until_the_day(cast: Cast) -> None:
    show(cast.carol, cast.liu, cast.alice, TODAY + dt.timedelta(days=3))
    assert cast.liu.pk in who.scope(cast.alice).customers
    assert cast.liu.pk not in who.scope(cast.alice, TODAY + dt.timedelta(days=3)).customers


def test_what_is_shared_with_me_i_may_not_share_on(cast: Cast) -> None:
    show(cast.carol, cast.liu, cast.alice)
    with pytest.raises(PermissionDenied):
        show(cast.alice, cast.liu, cast.bob)


@pytest.mark.parametrize("name", ["ada", "mei", "leo", "carol"])
def test_sharing_with_who_looks_after_nobody_is_refused(cast: Cast, name: str) -> None:
    with pytest.raises(NotSavedError):
        show(cast.carol, cast.liu, cast.staff[name])


def test_sharing_until_today_is_refused(cast: Cast) -> None:
    with pytest.raises(NotSavedError):
        show(cast.carol, cast.liu, cast.alice, TODAY)


@pytest.mark.parametrize("name", ["carol", "mei", "leo", "ada"])
def test_strangers_and_readers_may_not_write(cast: Cast, name: str) -> None:
    staff = cast.staff[name]
    deeds: list[Any] = [
        lambda: commands.set_preference(scope=who.scope(staff), customer_id=cast.zhang.pk, liking=Liking()),
        lambda: relate(staff, cast.zhang, cast.osei), lambda: tell(staff, cast.zhang),
        lambda: show(staff, cast.zhang, cast.carol),
    ]  # fmt: skip
    for deed in deeds:
        with pytest.raises((Http404, PermissionDenied)):
            deed()
    assert not any(model.objects.exists() for model in (Preference, Relation, HeldAway))


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1,800,000", 1_800_000),
        ("45万", 450_000),
        ("1.2亿", 120_000_000),
        ("1.8m", 1_800_000),
        ("¥600 000", 600_000),
        ("600k", 600_000),
    ],
)
def test_an_amount_is_read_as_bankers_type_it(typed: str, amount: int) -> None:
    assert AmountField().clean(typed) == amount


@given(st.text(max_size=30))
def test_no_text_breaks_the_amount(text: str) -> None:
    from django.core.exceptions import ValidationError

    try:
        amount = AmountField(required=False).clean(text)
    except ValidationError:
        return
    assert amount is None or amount >= 0
