"""Neglected customers are offered back by rule; nobody is moved without a person."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from keybook.apps.customers.models import Customer
from keybook.apps.handover import commands
from keybook.apps.handover.commands.settings import rule_from
from keybook.apps.handover.models import NeglectRule, Offer, Wish
from keybook.apps.handover.queries import neglect_rule, waiting, wishes
from keybook.apps.notices.models import Notice
from keybook.apps.people.models import BookCap
from keybook.apps.people.queries import bank
from keybook.apps.reminders.commands import NotYoursError, RefusedError, day_of
from keybook.core.neglect import Rule
from tests.apps.handover.stage import owned
from tests.cast import TODAY, Cast, make_staff, scope


@pytest.fixture
def day(cast: Cast):
    Customer.objects.filter(pk=cast.zhang.pk).update(
        late_from=TODAY - dt.timedelta(days=31), last_contact_on=TODAY - dt.timedelta(days=70)
    )
    Customer.objects.filter(pk=cast.osei.pk).update(late_from=TODAY - dt.timedelta(days=15))
    return day_of(bank())


def later(days: int):
    return day_of(bank(), on=TODAY + dt.timedelta(days=days))


def reply(cast: Cast, day, **more) -> str:
    values = {"reason": "She is abroad", "promised_on": TODAY + dt.timedelta(days=9), **more}
    return commands.answer(by=scope(cast.alice), offer_id=Offer.objects.get().pk, day=day, **values)


def test_the_night_offers_whom_the_rule_finds_tells_their_banker_once_and_moves_nobody(cast: Cast, day) -> None:
    before = owned()
    assert commands.raise_offers(day=day) == {"offered": 1, "lapsed offers": 0}
    assert commands.raise_offers(day=day) == {"offered": 0, "lapsed offers": 0}
    offer = Offer.objects.get()
    assert (offer.customer_id, offer.rm_id, offer.code, offer.facts["days"]) == (
        cast.zhang.pk,
        cast.alice.pk,
        "overdue",
        31,
    )
    assert list(Notice.objects.values_list("staff", "kind", "customer_id")) == [(cast.alice.pk, "neglect", None)]
    assert owned() == before


def test_spoken_to_since_it_is_no_longer_so(cast: Cast, day) -> None:
    commands.raise_offers(day=day)
    Customer.objects.filter(pk=cast.zhang.pk).update(late_from=None)
    assert commands.raise_offers(day=later(1))["lapsed offers"] == 1
    assert Offer.objects.get().state == "lapsed"


def test_the_banker_is_asked_first_then_the_head_decides(cast: Cast, day) -> None:
    commands.raise_offers(day=day)
    assert len(waiting(scope=scope(cast.alice), today=TODAY)) == 1
    assert waiting(scope=scope(cast.dora), today=TODAY) == []
    reply(cast, day)
    assert waiting(scope=scope(cast.alice), today=TODAY) == []
    (row,) = waiting(scope=scope(cast.dora), today=TODAY)
    assert (row.reason, row.may_be_decided(TODAY)) == ("She is abroad", True)


def test_without_an_answer_the_head_decides_after_the_workdays(cast: Cast, day) -> None:
    commands.raise_offers(day=day)
    with pytest.raises(RefusedError, match="may answer until"):
        commands.let_stay(by=scope(cast.dora), offer_id=Offer.objects.get().pk, reason="x", day=later(7))
    (row,) = waiting(scope=scope(cast.dora), today=TODAY + dt.timedelta(days=8))
    assert row.may_be_decided(TODAY + dt.timedelta(days=8))
    commands.let_stay(by=scope(cast.dora), offer_id=row.id, reason="Her wish", day=later(8))
    assert Offer.objects.get().rests_until == TODAY + dt.timedelta(days=38)


def test_until_the_promised_day_it_rests_and_then_it_comes_again(cast: Cast, day) -> None:
    commands.raise_offers(day=day)
    reply(cast, day)
    commands.let_stay(by=scope(cast.dora), offer_id=Offer.objects.get().pk, reason="Agreed", day=day)
    assert commands.raise_offers(day=later(8))["offered"] == 0
    assert commands.raise_offers(day=later(9))["offered"] == 1


def test_the_head_gives_the_customer_to_somebody_with_room(cast: Cast, day) -> None:
    commands.raise_offers(day=day)
    reply(cast, day)
    offer = Offer.objects.get()
    BookCap.objects.create(staff=cast.bob, most=1, from_on=TODAY)
    commands.reassign(by=scope(cast.dora), offer_id=offer.pk, to_id=cast.bob.pk, reason="Has time", day=day)
    assert Customer.objects.get(pk=cast.zhang.pk).rm_id == cast.bob.pk
    assert Offer.objects.get().state == "moved"


def test_a_full_book_is_no_way_out_and_nothing_changes(cast: Cast, day) -> None:
    commands.raise_offers(day=day)
    reply(cast, day)
    BookCap.objects.create(staff=cast.bob, most=1, from_on=TODAY - dt.timedelta(days=1))
    Customer.objects.filter(pk=cast.osei.pk).update(rm=cast.bob)
    with pytest.raises(RefusedError, match="no room"):
        commands.reassign(by=scope(cast.dora), offer_id=Offer.objects.get().pk, to_id=cast.bob.pk, reason="x", day=day)
    assert Offer.objects.get().state == "answered"


@pytest.mark.parametrize(
    ("more", "field"),
    [({"reason": " "}, "reason"), ({"reason": "x" * 301}, "reason"), ({"promised_on": None}, "promised_on"),
     ({"promised_on": TODAY}, "promised_on"), ({"promised_on": TODAY + dt.timedelta(days=61)}, "promised_on")],
)  # fmt: skip
def test_an_answer_that_says_nothing_is_refused(more, field, cast: Cast, day) -> None:
    commands.raise_offers(day=day)
    with pytest.raises(RefusedError) as refused:
        reply(cast, day, **more)
    assert refused.value.field == field
    assert Offer.objects.get().state == "raised"


def test_answered_twice_is_refused(cast: Cast, day) -> None:
    commands.raise_offers(day=day)
    reply(cast, day)
    with pytest.raises(RefusedError, match="answered already"):
        reply(cast, day)


def test_strangers_and_colleagues_neither_answer_nor_decide(cast: Cast, day) -> None:
    commands.raise_offers(day=day)
    offer = Offer.objects.get()
    with pytest.raises(NotYoursError):
        commands.answer(
            by=scope(cast.carol), offer_id=offer.pk, reason="x", promised_on=TODAY + dt.timedelta(3), day=day
        )
    with pytest.raises(NotYoursError):
        commands.answer(
            by=scope(cast.dora), offer_id=offer.pk, reason="x", promised_on=TODAY + dt.timedelta(3), day=day
        )
    for staff in (cast.alice, cast.mei):
        with pytest.raises(PermissionDenied):
            commands.let_stay(by=scope(staff), offer_id=offer.pk, reason="x", day=day)
    assert len(waiting(scope=scope(cast.mei), today=TODAY)) == 1
    assert Offer.objects.get().state == "raised"


def test_decided_twice_is_refused(cast: Cast, day) -> None:
    commands.raise_offers(day=day)
    reply(cast, day)
    commands.let_stay(by=scope(cast.dora), offer_id=Offer.objects.get().pk, reason="x", day=day)
    with pytest.raises(RefusedError, match="no longer so"):
        commands.reassign(by=scope(cast.dora), offer_id=Offer.objects.get().pk, to_id=cast.bob.pk, reason="x", day=day)


@pytest.mark.usefixtures("day")
class TestTheRuleAndTheCaps:
    """Set from a day on, by who may."""

    def test_the_newest_rule_that_has_begun_holds(self, cast: Cast) -> None:
        assert neglect_rule(TODAY) == Rule()
        set_rule = commands.set_neglect_rule
        set_rule(by=scope(cast.ada), rule=Rule(days=20), from_on=TODAY + dt.timedelta(days=1), today=TODAY)
        assert neglect_rule(TODAY).days == 30
        assert neglect_rule(TODAY + dt.timedelta(days=1)).days == 20
        with pytest.raises(PermissionDenied):
            set_rule(by=scope(cast.dora), rule=Rule(), from_on=TODAY, today=TODAY)
        with pytest.raises(RefusedError, match="has passed"):
            set_rule(by=scope(cast.ada), rule=Rule(), from_on=TODAY - dt.timedelta(days=1), today=TODAY)
        assert NeglectRule.objects.count() == 1

    def test_a_number_that_cannot_be_names_its_field(self) -> None:
        with pytest.raises(RefusedError) as refused:
            rule_from(days=0, missed=2, answer_workdays=5, rest_days=30)
        assert refused.value.field == "days"

    def test_heads_set_caps_of_their_own_bankers_and_administrators_the_usual(self, cast: Cast) -> None:
        commands.set_cap(by=scope(cast.ada), staff_id=None, most=200, from_on=TODAY, today=TODAY)
        commands.set_cap(by=scope(cast.dora), staff_id=cast.alice.pk, most=150, from_on=TODAY, today=TODAY)
        commands.set_cap(by=scope(cast.dora), staff_id=cast.alice.pk, most=None, from_on=TODAY, today=TODAY)
        assert BookCap.objects.count() == 2
        for by, staff_id in ((cast.dora, None), (cast.alice, cast.alice.pk), (cast.mei, cast.alice.pk)):
            with pytest.raises(PermissionDenied):
                commands.set_cap(by=scope(by), staff_id=staff_id, most=1, from_on=TODAY, today=TODAY)
        for staff_id, most, on in (
            (cast.carol.pk, 9, TODAY),
            (cast.bob.pk, 0, TODAY),
            (cast.bob.pk, 9, dt.date(2026, 1, 1)),
        ):
            with pytest.raises(RefusedError):
                commands.set_cap(by=scope(cast.dora), staff_id=staff_id, most=most, from_on=on, today=TODAY)
        assert BookCap.objects.count() == 2


class TestWishes:
    """A banker may ask, and hands nothing over."""

    def test_asked_once_and_answered_by_the_head(self, cast: Cast, day) -> None:
        commands.wish(by=scope(cast.alice), reason="Maternity leave", day=day)
        with pytest.raises(RefusedError, match="asked already"):
            commands.wish(by=scope(cast.alice), reason="Again", day=day)
        (row,) = wishes(scope=scope(cast.dora))
        stan = make_staff(code="stan", role="head", branch=cast.south)
        assert wishes(scope=scope(stan)) == []
        with pytest.raises(NotYoursError):
            commands.answer_wish(by=scope(stan), wish_id=row.pk, done=True, text="x", day=day)
        commands.answer_wish(by=scope(cast.dora), wish_id=row.pk, done=False, text="In May", day=day)
        with pytest.raises(RefusedError, match="answered already"):
            commands.answer_wish(by=scope(cast.dora), wish_id=row.pk, done=True, text="x", day=day)
        assert Wish.objects.get().state == "refused"

    def test_a_wish_without_words_or_of_a_head_is_refused(self, cast: Cast, day) -> None:
        for by, reason in ((cast.alice, " "), (cast.alice, "x" * 301), (cast.dora, "x")):
            with pytest.raises(RefusedError):
                commands.wish(by=scope(by), reason=reason, day=day)
        assert not Wish.objects.exists()


def test_the_night_does_it_by_itself(cast: Cast, day) -> None:
    from keybook.apps.reminders import nightly

    (verb,) = [verb for name, verb in nightly.LATER if name == "neglect"]
    assert verb(day=day) == {"offered": 1, "lapsed offers": 0}
    assert Offer.objects.get().customer_id == cast.zhang.pk
