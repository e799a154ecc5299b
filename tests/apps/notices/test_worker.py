"""The worker as a process: the mail server is down, then up; and the worker is killed between sending and marking."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils import timezone

from keybook import database
from keybook.apps.notices import tasks
from keybook.apps.notices.commands import channels as verbs
from keybook.apps.notices.commands import outbox
from keybook.apps.notices.models import Delivery
from keybook.apps.people.models import Staff
from keybook.apps.people.queries import bank
from tests.apps.notices.conftest import PostOffice
from tests.cast import Cast, make_cast, make_line

WORKER = """
import django
django.setup()
from keybook.operate.server import work
work(concurrency=1, wait=False)
"""
NINE = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)


def start_worker(office: PostOffice) -> subprocess.Popen[bytes]:
    """What is queued, run in a process of its own, as `keybook worker` does, with its settings from the environment."""
    entry = {key: str(value) for key, value in connection.settings_dict.items()}
    address = database.Address(entry["NAME"], entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"])
    environment = {
        **os.environ, "DATABASE_URL": database.url_of(address, name=address.name),
        "KEYBOOK_EMAIL_URL": f"smtp://127.0.0.1:{office.port}?tls=none", "KEYBOOK_OUTBOUND_ALLOW": f"127.0.0.1:{office.port}",
        "KEYBOOK_URL": "https://keybook.bank.example",
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-c", WORKER], env=environment)


def sweep(at: dt.datetime) -> None:
    """Plan as of a morning at the bank, and queue what is due now."""
    outbox.plan_digests(bank=bank(), at=at)
    Delivery.objects.filter(state="waiting").update(next_try_at=timezone.now(), made_at=timezone.now())
    for delivery_id in outbox.due(at=timezone.now()):
        assert tasks.queue(delivery_id=delivery_id)


@pytest.fixture
def alice(transactional_db: None) -> Iterator[Staff]:
    cast: Cast = make_cast()
    cast.alice.email = "alice@bank.example"
    cast.alice.save()
    make_line(customer=cast.zhang, reasons=[{"kind": "dormant"}])
    verbs.add_email(staff=cast.alice, at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    return cast.alice


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_worker_killed_between_sending_and_marking_sends_again_under_the_same_name_and_not_a_third_time(
    alice: Staff, office: PostOffice
) -> None:
    office.shut()
    sweep(NINE)
    assert start_worker(office).wait(60) == 0
    assert Delivery.objects.get().state == "waiting"  # the mail server is down
    office.open()
    sweep(NINE)
    worker = start_worker(office)
    office.on_arrival = lambda: os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait(60) == -signal.SIGKILL
    assert Delivery.objects.get().state == "sending"
    office.on_arrival = None
    assert outbox.due(at=timezone.now()) == []  # within ten minutes nobody takes it for dead
    assert len(office.taken) == 1
    Delivery.objects.update(claimed_at=timezone.now() - dt.timedelta(minutes=11))
    sweep(NINE)
    assert start_worker(office).wait(60) == 0
    sweep(NINE)
    assert Delivery.objects.get().state == "sent"
    assert Delivery.objects.get().tries == 3
    assert len(office.taken) == 2
    assert len({message["Message-ID"] for message in office.taken}) == 1
