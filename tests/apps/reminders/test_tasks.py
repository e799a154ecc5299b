"""The worker's jobs, queued in PostgreSQL and run by a real worker."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import pytest
from django.db import connection

from keybook import database
from keybook.apps.feeds.models import NightStep
from keybook.apps.people.models import Bank
from keybook.apps.reminders.tasks import night_due, night_of
from tests.lake.small_bank import DAY, SmallBank, all_situations

WORKER = """
import django, sys
django.setup()
from django.conf import settings
settings.LAKE = sys.argv[1]
from keybook.operate.server import work
work(concurrency=1, wait=False)
"""


def run_worker(lake: object) -> None:
    """Run what is queued in a process of its own, as `keybook worker` does."""
    entry = {key: str(value) for key, value in connection.settings_dict.items()}
    address = database.Address(entry["NAME"], entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"])
    environment = {**os.environ, "DATABASE_URL": database.url_of(address, name=address.name)}
    subprocess.run([sys.executable, "-c", WORKER, str(lake)], env=environment, check=True, timeout=120)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_queued_night_is_run_by_the_worker_and_a_second_one_does_nothing_more(tmp_path, settings) -> None:
    settings.LAKE = tmp_path / "lake"
    bank = SmallBank(settings.LAKE)
    bank.organisation()
    all_situations(bank)
    bank.write()
    night_of.defer(date=DAY.isoformat())
    run_worker(settings.LAKE)
    finished = dict(NightStep.objects.filter(date=DAY).values_list("step", "finished_at"))
    assert Bank.objects.get(pk=1).business_date == DAY
    assert all(finished.values())
    night_of.defer(date=DAY.isoformat())
    run_worker(settings.LAKE)
    assert dict(NightStep.objects.filter(date=DAY).values_list("step", "finished_at")) == finished


@pytest.mark.parametrize(
    ("at", "zone", "date"),
    [
        ("2026-11-22T18:30:00+00:00", "Asia/Shanghai", dt.date(2026, 11, 23)),
        ("2026-11-23T01:30:00+00:00", "Europe/Prague", dt.date(2026, 11, 23)),
        ("2026-11-23T08:30:00+00:00", "America/Denver", None),
        ("2026-11-22T17:30:00+00:00", "Asia/Shanghai", None),
    ],
)
def test_the_night_is_due_at_half_past_two_by_the_banks_own_clock_and_never_else(at, zone, date) -> None:
    assert night_due(at=dt.datetime.fromisoformat(at), zone=zone) == date
