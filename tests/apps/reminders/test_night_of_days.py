"""The night of the bank's own files: a birthday raised, a maturity on a Sunday, a deposit that is rolled, mourning."""

from __future__ import annotations

import datetime as dt

import pytest

from keybook.apps.customers.models import Customer
from keybook.apps.people.queries import bank as bank_facts
from keybook.apps.people.scope import Scope
from keybook.apps.reminders import commands
from keybook.apps.reminders.commands import Said
from keybook.apps.reminders.models import Observance, Promise, Reminder
from keybook.apps.reminders.nightly import run_night
from tests.lake.small_bank import DAY, SmallBank, ago, all_situations, put

NEXT = DAY + dt.timedelta(days=1)
FRIDAY = dt.date(2026, 7, 3)


@pytest.fixture
def night(db, tmp_path, settings):
    """The small bank after its first night."""
    settings.LAKE = tmp_path / "lake"
    made = SmallBank(settings.LAKE)
    made.organisation()
    all_situations(made)
    made.write()
    run_night(date=DAY)
    return made


def recomputed() -> list[int]:
    """How many reminders, promises and standings another run of the night's rules would change."""
    day = commands.day_of(bank_facts())
    return [
        commands.open_occasions(day=day), commands.place_signals(day=day), commands.move_promises(day=day),
        commands.break_promises(day=day), commands.restate_all(day=day),
    ]  # fmt: skip


def test_a_birthday_is_raised_and_a_maturity_on_a_sunday_is_brought_forward(night):
    birthday = Reminder.objects.get(kind="birthday")
    assert (birthday.customer.number, birthday.due_on, birthday.state) == ("K2", FRIDAY, "open")
    maturing = Reminder.objects.get(kind="deposit_maturing")
    assert (maturing.due_on, maturing.facts["moved_from"]) == (FRIDAY, "2026-07-05")
    assert recomputed() == [0, 0, 0, 0, 0]


def test_a_deposit_that_a_feed_rolls_moves_its_call_and_nothing_is_left_to_recompute(night):
    customer = Customer.objects.get(number="K1")
    by = Scope(staff_id=customer.rm_id, role="rm", books=(customer.rm_id,))
    said = Said(text="Call about it", hangs_on="holding", hangs_ref="D1")
    commands.make_promise(by=by, customer_id=customer.pk, said=said, day=commands.day_of(bank_facts()))
    assert Promise.objects.get().due_on == dt.date(2026, 7, 2)
    rolled = {
        "number": "D1", "customer": "K1", "kind": "term_deposit", "currency": "CNY", "amount": 300_000,
        "opened_on": ago(900), "matures_on": dt.date(2027, 7, 5),
    }  # fmt: skip
    put(night.lake, "holding", [rolled], date=NEXT)
    run_night(date=NEXT)
    promise = Promise.objects.get()
    assert (promise.due_on, promise.hung_on, promise.state) == (dt.date(2027, 7, 2), dt.date(2027, 7, 5), "open")
    assert Reminder.objects.get(promise=promise).due_on == promise.due_on
    assert Reminder.objects.get(kind="deposit_maturing").state == "expired"
    assert recomputed() == [0, 0, 0, 0, 0]


def test_in_mourning_the_night_neither_raises_nor_keeps_a_birthday_and_brings_it_back_afterwards(night):
    customer = Customer.objects.get(number="K2")
    mourning = Observance.objects.create(
        customer=customer, mourning_from=DAY, mourning_until=DAY + dt.timedelta(days=2)
    )
    run_night(date=NEXT)
    gone = Reminder.objects.get(kind="birthday")
    assert (gone.state, gone.reason) == ("dismissed", "mourning")
    run_night(date=mourning.mourning_until)
    assert Reminder.objects.get(kind="birthday").state == "open"
    assert recomputed() == [0, 0, 0, 0, 0]
