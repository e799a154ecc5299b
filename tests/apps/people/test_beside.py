"""Reading ahead: in order, never more at once than asked, and the night decided so is the night decided in one row."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection

from keybook.apps.customers.models import Customer
from keybook.apps.people.beside import beside, read_ahead
from keybook.apps.people.models import Staff
from keybook.apps.people.queries import bank
from keybook.apps.reminders import commands
from keybook.apps.reminders.commands import ranking, standing
from keybook.apps.reminders.models import Line
from tests.cast import NOON, make_cast, make_customer, make_interaction


@pytest.mark.parametrize("readers", [0, 1, 3])
def test_batches_come_in_order_however_many_read(readers):
    assert list(read_ahead(batches=[[1, 2], [3], [4, 5]], read=sum, readers=readers)) == [3, 3, 9]
    assert list(read_ahead(batches=[], read=sum, readers=readers)) == []


def test_no_more_is_read_ahead_than_is_asked_for():
    begun = []
    gate = threading.Event()

    def read(batch):
        begun.append(batch)
        gate.wait(5)
        return batch

    found = read_ahead(batches=list(range(9)), read=read, readers=2)
    threading.Timer(0.1, gate.set).start()
    assert next(found) == 0
    assert len(begun) <= 3
    assert list(found) == list(range(1, 9))


def test_what_one_reader_cannot_read_is_told_and_not_left_out():
    def read(batch):
        if batch == 2:
            raise ValueError(batch)
        return batch

    with pytest.raises(ValueError, match="2"):
        list(read_ahead(batches=[1, 2, 3], read=read, readers=2))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_night_read_ahead_stores_what_a_night_in_one_row_does(monkeypatch):
    cast, day = make_cast(), commands.day_of(bank())
    for days in range(5, 100, 7):
        customer = make_customer(rm=cast.alice, tier=cast.gold)
        make_interaction(customer=customer, staff=cast.alice, at=NOON - dt.timedelta(days=days))
    columns = (
        "pk",
        "next_due_on",
        "late_from",
        "visit_due_on",
        "last_contact_on",
        "health",
        "standing",
        "rule_version",
    )
    monkeypatch.setattr(standing, "BATCH", 3)
    monkeypatch.setattr(ranking, "BATCH", 2)
    heard: list[tuple[int, int]] = []
    assert commands.restate_all(day=day, readers=2, progress=lambda done, total: heard.append((done, total))) > 10
    assert heard[-1] == (17, 17)
    stored = list(Customer.objects.order_by("pk").values_list(*columns))
    commands.open_standards(day=day)
    assert commands.rank_all(day=day, readers=2, progress=lambda done, total: heard.append((done, total))) > 2
    lines = list(Line.objects.order_by("customer_id").values())
    Customer.objects.update(next_due_on=None, late_from=None, health=0, rule_version="")
    Line.objects.all().delete()
    commands.restate_all(day=day)
    commands.rank_all(day=day)
    assert list(Customer.objects.order_by("pk").values_list(*columns)) == stored
    assert [{**each, "id": 0} for each in Line.objects.order_by("customer_id").values()] == [
        {**each, "id": 0} for each in lines
    ]


def test_inside_a_transaction_that_holds_a_table_nothing_waits_for_it(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE people_staff IN ACCESS EXCLUSIVE MODE")
    assert beside(Staff.objects.count, Staff.objects.count, readers=2) == [0, 0]
