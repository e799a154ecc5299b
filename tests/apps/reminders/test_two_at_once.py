"""Two people log on the same customer at once: both contacts are kept."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection

from keybook.apps.interactions.models import Interaction
from keybook.apps.people.queries import bank
from keybook.apps.reminders import commands
from keybook.apps.reminders.commands import Contact
from keybook.apps.reminders.models import Line, Reminder
from tests.cast import NOON, make_cast, make_reminder, scope


@pytest.mark.django_db(transaction=True)
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
