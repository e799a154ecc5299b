"""Two people log on the same customer at once: both contacts are kept. Two greet at once: one greeting stands."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection

from keybook.apps.interactions.models import Interaction
from keybook.apps.people.queries import bank
from keybook.apps.reminders import commands
from keybook.apps.reminders.commands import Contact, Noted, RefusedError
from keybook.apps.reminders.models import Line, Reminder
from tests.cast import NOON, make_cast, make_reminder, scope


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("round_", range(3))
def test_both_contacts_are_kept(round_):
    cast = make_cast()
    make_reminder(customer=cast.zhang)
    day = commands.day_of(bank())
    commands.rank_all(day=day)
    start, failures = threading.Barrier(4), []
    scopes = [scope(staff) for staff in (cast.alice, cast.bob, cast.dora, cast.alice)]

    def log(by):
        try:
            start.wait()
            contact = Contact(
                channel="call", outcome="reached", at=NOON, client_key=uuid.uuid4(), next_step="x", next_on=day.today
            )
            commands.log_contact(by=by, customer_id=cast.zhang.pk, contact=contact, closes=None, day=day)
        except Exception as error:  # noqa: BLE001  a thread's failure has to reach the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=log, args=(by,)) for by in scopes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert Interaction.objects.count() == 4
    assert Reminder.objects.filter(kind="deposit_maturing", state="done").count() == 1
    assert Line.objects.filter(customer=cast.zhang).count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_who_greet_at_once_both_get_an_answer_and_one_greeting_stands():
    cast = make_cast()
    day = commands.day_of(bank())
    noted = Noted(kind="birthday", month=11, day=26)
    commands.add_occasion(by=scope(cast.alice), customer_id=cast.zhang.pk, noted=noted, day=day)
    reminder, start, answers = Reminder.objects.get(), threading.Barrier(4), []
    scopes = [scope(staff) for staff in (cast.alice, cast.bob, cast.dora, cast.alice)]

    def greet(by):
        try:
            start.wait()
            contact = Contact(
                channel="wechat", outcome="reached", at=NOON, client_key=uuid.uuid4(), content="祝您生日快乐"
            )
            done = commands.greet(by=by, customer_id=cast.zhang.pk, reminder_id=reminder.pk, contact=contact, day=day)
            answers.append(done.sentence)
        except RefusedError as refusal:
            answers.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=greet, args=(by,)) for by in scopes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 4
    assert sum("Once is enough" in said for said in answers) == 3
    assert Interaction.objects.count() == 1
