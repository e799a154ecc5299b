"""The Team page of a branch head, a whole-bank head and compliance: a hundred thousand key customers, two million contacts."""

from __future__ import annotations

import datetime as dt
import os
import statistics
import time
from collections.abc import Callable

from bench import care
from bench.report import Row, keep, kept_in

CUSTOMERS = 100_000
ASKED = 0.1
TIMES = 7


def measure() -> list[Row]:
    """Make the bank once, then read the numbers as the web server's role does."""
    home = kept_in() / "team"
    home.mkdir(exist_ok=True)
    os.environ |= {"KEYBOOK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "keybook.settings.demo"}
    care.CUSTOMERS, care.VALUES["customers"] = CUSTOMERS, CUSTOMERS
    import django

    django.setup()
    from keybook.apps.people.models import Branch, Staff
    from keybook.apps.people.queries import bank
    from keybook.apps.reminders import commands
    from keybook.apps.team.asking import Ask
    from keybook.apps.team.commands.keeping import keep_day
    from keybook.apps.team.queries.looked import looked, opened

    care._make()
    day = commands.day_of(bank(), on=care.TODAY)
    commands.restate_all(day=day)
    care._tidy()  # noqa: SLF001
    branch = Branch.objects.get(pk=1)
    head, reader = (
        Staff.objects.get_or_create(pk=pk, defaults={"code": code, "name": code, "role": code, "branch": branch})[0]
        for pk, code in ((901, "head"), (902, "compliance"))
    )
    now = Ask(on=care.TODAY, today=care.TODAY)
    then = now.but(on=care.TODAY - dt.timedelta(days=60))
    seen = _as(head.pk, lambda scope: looked(scope=scope, ask=now, day=day).all.total)[1]
    cases = [
        (f"the numbers of a branch, {seen:,} key customers", head.pk, lambda s: looked(scope=s, ask=now, day=day), True),
        ("the customers behind a number of it", head.pk, lambda s: opened(scope=s, ask=now.but(kind="late"), day=day), True),
        ("the same branch as of sixty days ago, decided anew", head.pk, lambda s: looked(scope=s, ask=then, day=day), None),
        ("the numbers of the whole bank, for compliance", reader.pk, lambda s: looked(scope=s, ask=now, day=day), None),
    ]  # fmt: skip
    rows = []
    for what, staff_id, act, asked in cases:
        took = statistics.median(_as(staff_id, act)[0] for _ in range(TIMES if asked else 3))
        told = (f"{ASKED * 1000:.0f} ms", took <= ASKED) if asked else ("", None)
        rows.append(Row(what, f"{took * 1000:.0f} ms", told[0], well=told[1]))
    began = time.perf_counter()
    done = keep_day(day=day)
    rows.append(Row(f"the night keeps the day ({done['kept']:,} customers)", f"{time.perf_counter() - began:.1f} s"))
    keep("team", rows)
    return rows


def _as(staff_id: int, act: Callable[..., object]) -> tuple[float, object]:
    """Seconds and result of one read as this member of staff, bound by row-level security."""
    from django.db import connection, transaction

    from keybook.apps.people.queries import access_of

    with transaction.atomic():
        access = access_of(staff_id=staff_id)
        if access is None:
            raise LookupError(staff_id)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE keybook_web")
        began = time.perf_counter()
        found = act(access.scope)
        return time.perf_counter() - began, found
