"""A calendar of ten thousand entries: what its reader waits for, beside the bare statement that reads its promises."""

from __future__ import annotations

import datetime as dt
import os
import statistics
import time
from typing import Any

from bench import banks
from bench.report import Row, keep

ENTRIES = 10_000
TRIES = 5


def measure() -> list[Row]:
    """Give one banker ten thousand promises, ask for the calendar, and take everything back."""
    home = banks.build(banks.SMALL)
    os.environ |= {"KEYBOOK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "keybook.settings.demo"}
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.DATABASE_ASSUME_ROLE = True  # as the web server: row-level security binds
    with transaction.atomic():
        token, staff_id = _prepare()
        path = f"/calendar/{token}.ics"
        browser = Client(SERVER_NAME="127.0.0.1")
        browser.get(path)
        took, size = [], 0
        for _ in range(TRIES):
            began = time.perf_counter()
            size = len(browser.get(path).content)
            took.append(time.perf_counter() - began)
        floor = _bare(staff_id)
        with CaptureQueriesContext(connection) as ran:
            browser.get(path)
        transaction.set_rollback(True)
    seconds = statistics.median(took)
    rows = [
        Row(f"calendar of {ENTRIES:,} entries ({size / 1e6:.1f} MB)", f"{seconds:.2f} s", "< 1 s", "0.5 s",
            f"{floor * 1000:.0f} ms statement", f"{seconds / floor:.0f}", seconds < 1),
        Row("— statements", str(len(ran)), "as few for one entry", well=len(ran) < 15),
    ]  # fmt: skip
    keep("notices", rows)
    return rows


def _prepare() -> tuple[str, int]:
    """A banker with the largest book, ten thousand promises in it, and a secret address."""
    from django.db.models import Count
    from django.utils import timezone

    from keybook.apps.customers.models import Customer
    from keybook.apps.notices.commands.feed import make_feed
    from keybook.apps.people.models import Staff
    from keybook.apps.people.queries import business_date
    from keybook.apps.reminders.models import Promise

    found: Any = Customer.objects.exclude(rm=None).values("rm").annotate(n=Count("id")).order_by("-n").first()
    staff, today = Staff.objects.get(pk=found["rm"]), business_date()
    customers = list(Customer.objects.filter(rm=staff).exclude(stage="closed").values_list("pk", flat=True))
    Promise.objects.bulk_create(
        Promise(customer_id=customers[n % len(customers)], staff=staff, text=f"Promise {n}: 回电谈存款, ring back",
                due_on=today + dt.timedelta(days=n % 365))
        for n in range(ENTRIES)
    )  # fmt: skip
    return make_feed(staff=staff, amounts=True, at=timezone.now()), staff.pk


def _bare(staff_id: int) -> float:
    """Seconds PostgreSQL needs to give the promises with their customers, and nothing else."""
    from django.db import connection

    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(
            "SELECT p.id, p.due_on, p.text, c.name, c.name_zh FROM reminders_promise p "
            "JOIN customers_customer c ON c.id = p.customer_id WHERE c.rm_id = %s",
            [staff_id],
        )
        cursor.fetchall()
        return time.perf_counter() - began
