"""A confirmed memo becomes a contact, a promise, evidence and days that matter: in one transaction, once, and back again."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from keybook.apps.customers.commands import Evidence
from keybook.apps.customers.models import Customer, HeldAway
from keybook.apps.interactions.models import Interaction
from keybook.apps.memos import commands
from keybook.apps.memos.commands import Confirmed
from keybook.apps.memos.models import Memo
from keybook.apps.people.queries import bank
from keybook.apps.reminders.commands import Noted, NotYoursError, RefusedError, day_of
from keybook.apps.reminders.models import Line, Occasion, Promise, Reminder
from tests.cast import NOON, TODAY, Cast, make_interaction, make_reminder, scope

SUNDAY = dt.date(2027, 1, 31)
LINE = "张先生 13900139000 一月底海港银行定期到期 45万 提醒他"


def confirmed(**more):
    values = {
        "client_key": uuid.uuid4(), "text": LINE, "at": NOON, "customer": "new", "channel": "branch", "outcome": "met",
        "name": "张先生", "phone": "13900139000", "language": "zh", "promise_step": "Call", "promise_on": SUNDAY,
        "evidence": (
            Evidence(institution="海港银行", confidence="likely", seen_on=TODAY, kind="term_deposit",
                     amount=Decimal(450000), matures_on=SUNDAY),
        ),
    }  # fmt: skip
    return Confirmed(**{**values, **more})


def save(cast: Cast, by=None, **more):
    who = by or cast.alice
    return commands.save(by=scope(who), writer=who, memo=confirmed(**more), day=day_of(bank()))


def test_a_walk_in_becomes_a_prospect_with_all_that_was_said(cast):
    done = save(cast)
    made = Customer.objects.get(pk=done.customer_id)
    assert (made.stage, made.name, made.phone, made.rm_id) == ("prospect", "张先生", "13900139000", cast.alice.pk)
    assert Interaction.objects.get().content == LINE
    held = HeldAway.objects.get()
    assert (held.institution, held.amount, held.source, held.matures_on) == ("海港银行", 450000, "said", SUNDAY)
    promise = Promise.objects.get()
    assert (promise.asked_on, promise.due_on) == (SUNDAY, dt.date(2027, 2, 1))
    assert (promise.hangs_on, promise.hangs_ref, promise.hung_on) == ("held_away", str(held.pk), SUNDAY)
    assert "31 Jan" in done.sentence


def test_the_money_that_falls_due_is_at_stake_in_the_promise_and_the_opening_speaks_of_it(cast):
    save(cast, promise_on=TODAY, evidence=(
        Evidence(institution="海港银行", confidence="likely", seen_on=TODAY, kind="term_deposit",
                 amount=Decimal(450000), matures_on=TODAY),
    ))  # fmt: skip
    line = Line.objects.get(customer__name="张先生")
    assert (line.group, line.stake) == ("b_due", 450000)
    assert ["value", 10] in line.parts  # 18 points for three decades: 18 · log10(45) / 3 = 9.9
    assert "您有一笔 45 万的资金 11月23日到期，之前请我到时提醒您" in line.opening


def test_money_in_another_currency_is_not_at_stake_and_the_promise_says_nothing_of_it(cast):
    save(cast, promise_on=TODAY, evidence=(
        Evidence(institution="Harbour", confidence="likely", seen_on=TODAY, kind="term_deposit",
                 amount=Decimal(450000), matures_on=TODAY, currency="USD"),
    ))  # fmt: skip
    reminder = Reminder.objects.get(cause="promise")
    assert (reminder.stake, "amount" in reminder.facts) == (0, False)


def test_the_line_is_kept_word_for_word_with_what_was_confirmed(cast):
    done = save(cast, fields={"name": "张先生"})
    memo = Memo.objects.get()
    assert (memo.text, memo.confirmed, memo.staff_id) == (LINE, {"name": "张先生"}, cast.alice.pk)
    assert memo.became["interaction"] == Interaction.objects.get().pk == done.became["interaction"]


def test_the_same_key_twice_is_one_memo(cast):
    key = uuid.uuid4()
    first, second = save(cast, client_key=key), save(cast, client_key=key)
    assert (second.repeated, second.memo_id) == (True, first.memo_id)
    assert Customer.objects.filter(stage="prospect").count() == Interaction.objects.count() == 1


def test_a_line_about_a_known_customer_answers_what_waited(cast):
    waiting = make_reminder(customer=cast.zhang)
    done = save(cast, customer=str(cast.zhang.pk), promise_step="", promise_on=None, evidence=())
    waiting.refresh_from_db()
    assert waiting.state == "done"
    assert done.customer_id == cast.zhang.pk


def test_a_day_that_matters_is_noted_and_a_full_birthday_goes_to_the_register(cast):
    done = save(cast, occasions=(Noted(kind="birthday", month=5, day=1, year=1980),
                                 Noted(kind="opening", month=12, day=18, year=2026, yearly=False)))  # fmt: skip
    assert set(Occasion.objects.values_list("kind", flat=True)) == {"birthday", "opening"}
    assert Customer.objects.get(pk=done.customer_id).born_on == dt.date(1980, 5, 1)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": "  "}, "text"), ({"text": "x" * 10_001}, "text"), ({"text": "a\0b"}, "text"), ({"name": ""}, "name"),
        ({"phone": ""}, "phone"), ({"phone": "12"}, "phone"), ({"phone": "call him", "phone_doubt": True}, "phone"),
        ({"promise_on": TODAY - dt.timedelta(days=1)}, "promise_on"), ({"promise_on": None}, "promise_on"),
        ({"customer": "x"}, "customer"), ({"customer": "-1"}, "customer"),
        ({"evidence": (Evidence(institution=" ", confidence="likely", seen_on=TODAY),)}, "away0_institution"),
        ({"evidence": (Evidence(institution="B", confidence="likely", seen_on=TODAY, amount=Decimal(0)),)}, "away0_amount"),
        ({"occasions": (Noted(kind="birthday", month=13, day=1),)}, "day0_on"),
    ],
)  # fmt: skip
def test_what_is_refused_stands_beside_its_field_and_leaves_nothing(cast, more, field):
    with pytest.raises(RefusedError) as refusal:
        save(cast, **more)
    assert refusal.value.field == field
    assert not Customer.objects.filter(stage="prospect").exists()
    assert [model.objects.count() for model in (Interaction, Memo, HeldAway)] == [0, 0, 0]


def test_a_mistyped_phone_is_kept_as_typed_and_marked(cast):
    done = save(cast, phone="1390013900o", phone_doubt=True)
    made = Customer.objects.get(pk=done.customer_id)
    assert (made.phone, made.phone_doubt) == ("1390013900o", True)


def test_a_strangers_customer_is_not_found_and_nothing_changes(cast):
    with pytest.raises(NotYoursError):
        save(cast, customer=str(cast.liu.pk), evidence=())
    assert not Interaction.objects.exists()


def test_undo_takes_everything_back_but_the_line(cast):
    waiting = make_reminder(customer=cast.osei)
    done = save(
        cast, customer=str(cast.osei.pk), occasions=(Noted(kind="opening", month=12, day=18, year=2026, yearly=False),)
    )
    commands.undo(by=scope(cast.alice), token=done.undo, day=day_of(bank()))
    waiting.refresh_from_db()
    assert waiting.state == "open"
    assert Promise.objects.get().state == "withdrawn"
    assert Interaction.objects.get().superseded
    assert [model.objects.count() for model in (HeldAway, Occasion)] == [0, 0]
    assert Memo.objects.get().undone_at is not None
    assert Line.objects.filter(customer=cast.osei).exists()


def test_undo_of_a_walk_in_closes_the_prospect(cast):
    done = save(cast)
    commands.undo(by=scope(cast.alice), token=done.undo, day=day_of(bank()))
    made = Customer.objects.get(pk=done.customer_id)
    assert made.stage == "closed"
    assert not made.search_keys.exists()


def test_undo_is_refused_once_somebody_has_logged_another_contact(cast):
    done = save(cast, customer=str(cast.zhang.pk))
    make_interaction(customer=cast.zhang, staff=cast.bob)
    with pytest.raises(RefusedError):
        commands.undo(by=scope(cast.alice), token=done.undo, day=day_of(bank()))
    assert Promise.objects.get().state == "open"


def test_a_strangers_undo_and_a_forged_one_find_nothing(cast):
    done = save(cast)
    for by, token in ((cast.carol, done.undo), (cast.alice, "forged")):
        with pytest.raises(NotYoursError):
            commands.undo(by=scope(by), token=token, day=day_of(bank()))
    assert Memo.objects.get().undone_at is None


def test_undone_twice_is_refused(cast):
    done = save(cast)
    commands.undo(by=scope(cast.alice), token=done.undo, day=day_of(bank()))
    with pytest.raises(RefusedError):
        commands.undo(by=scope(cast.alice), token=done.undo, day=day_of(bank()))


def test_when_the_maturity_moves_the_promise_moves_with_it(cast):
    from keybook.apps.reminders.commands import move_promises

    done = save(cast)
    HeldAway.objects.update(matures_on=dt.date(2027, 3, 10))
    move_promises(day=day_of(bank()), customer_ids=[done.customer_id])
    assert Promise.objects.get().due_on == dt.date(2027, 3, 10)
    assert Reminder.objects.get(cause="promise").due_on == dt.date(2027, 3, 10)
