"""Five hundred customers with twenty thousand rows change their banker; two hundred times the act is killed on its way.

The act runs in a process of its own, forked from this one, and is killed at a random moment: half of the times the process
(SIGKILL), half of the times its backend in PostgreSQL (pg_terminate_backend). Afterwards either every row of the bank is
as it was, byte for byte, or the whole act is there; then it is handed back and the rows that have an owner are as before.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import statistics
import time
import uuid
from typing import Any

from bench import banks
from bench.report import Row, keep

BANK, CUSTOMERS, ROWS, KILLS, TRIES = 2_000, 500, 20_000, 200, 3
OWNED = (
    "SELECT id, rm_id FROM customers_customer", "SELECT id, rm_id FROM customers_searchkey",
    "SELECT * FROM reminders_promise", "SELECT * FROM reminders_reminder", "SELECT * FROM plans_entry",
    "SELECT * FROM people_share", "SELECT id, is_active FROM people_staff",
    # a line is ranked anew by its day: who has it is what an act may change
    "SELECT customer_id, rm_id, handed_to_id FROM reminders_line",
)  # fmt: skip
ACTS = (
    "SELECT * FROM customers_customer", "SELECT * FROM customers_assignment", "SELECT * FROM handover_handover",
    "SELECT * FROM handover_move", "SELECT * FROM handover_piece", "SELECT * FROM reminders_line",
    "SELECT * FROM notices_notice", "SELECT * FROM reminders_promiseevent",
)  # fmt: skip


def measure() -> list[Row]:
    """Furnish a book, hand it over and back, then kill the act again and again."""
    home = banks.build(BANK, past=False)
    os.environ |= {"KEYBOOK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "keybook.settings.demo"}
    import django

    django.setup()
    from keybook.operate import server

    server.bring_up_to_date()
    stage = furnish()
    there, back = _timed(stage)
    rows = [
        Row(
            f"handover of {CUSTOMERS} customers with {stage['rows']:,} rows", f"{there:.2f} s", "< 5 s", well=there < 5
        ),
        Row("— handed back", f"{back:.2f} s", "< 5 s", well=back < 5),
    ]
    whole, nothing = kills(stage, times=KILLS, longest=there * 1.15)
    rows.append(
        Row(
            f"— {KILLS} kills at random moments",
            f"{nothing} nothing, {whole} all",
            "no half",
            well=whole + nothing == KILLS,
        )
    )
    keep("handover", rows)
    return rows


def furnish(*, customers: int = CUSTOMERS, rows: int = ROWS) -> dict[str, Any]:
    """Two bankers and a head of one new branch, five hundred customers, and twenty thousand rows that hang on them."""
    from keybook.apps.customers.models import Assignment, Customer, Tier
    from keybook.apps.customers.search import refresh_search_keys
    from keybook.apps.people.models import Branch, Staff
    from keybook.apps.people.queries import bank
    from keybook.apps.plans.models import Entry
    from keybook.apps.reminders.commands import day_of, refresh_lines
    from keybook.apps.reminders.models import Promise, Reminder

    day, mark = day_of(bank()), uuid.uuid4().hex[:8]
    top = Branch.objects.filter(parent=None).order_by("pk").first()
    branch = Branch.objects.create(code=f"HO{mark}", name="Handover", parent=top, path="")
    Branch.objects.filter(pk=branch.pk).update(path=f"{top.path if top else '/'}{branch.pk}/")
    people = {
        role: Staff.objects.create_user(f"{role}-{mark}", name=role, role="head" if role == "head" else "rm", branch=branch)
        for role in ("head", "old", "new", "other")
    }  # fmt: skip
    tier = Tier.objects.order_by("-rank").first()
    made = Customer.objects.bulk_create(
        Customer(number=f"{mark}{n}", name=f"Customer {n}", branch=branch, rm=people["old"], tier=tier, aum=1000 + n)
        for n in range(customers)
    )
    ids = [each.pk for each in made]
    Assignment.objects.bulk_create(
        Assignment(customer_id=each, staff=people["old"], from_on=day.today - dt.timedelta(days=90), cause="feed")
        for each in ids
    )
    refresh_search_keys(ids)
    from keybook.apps.customers.models import SearchKey

    made_rows = 2 * customers + SearchKey.objects.filter(customer__in=ids).count()
    each_way = max(0, rows - made_rows) // 3 // customers + 1
    days = [day.today + dt.timedelta(days=n + 1) for n in range(each_way)]
    Promise.objects.bulk_create(
        Promise(customer_id=each, staff=people["old"], text=f"Promise {on}", due_on=on, asked_on=on)
        for each in ids
        for on in days
    )
    Reminder.objects.bulk_create(
        Reminder(customer_id=each, cause="signal", kind="idle_cash", key=f"{mark}{on}", opens_on=day.today, due_on=on, currency="CNY")
        for each in ids for on in days
    )  # fmt: skip
    Entry.objects.bulk_create(
        Entry(customer_id=each, staff=people["old"], on=on, half="am", channel="call", minutes=20, cause="hand")
        for each in ids for on in days
    )  # fmt: skip
    refresh_lines(customer_ids=ids, day=day)
    return {
        "ids": ids, "rows": made_rows + 3 * each_way * customers, "day": day, **{role: one.pk for role, one in people.items()},
    }  # fmt: skip


def act(stage: dict[str, Any]) -> int:
    """Hand the whole book over to two colleagues, with introductions; the number of the act."""
    from keybook.apps.handover.commands import hand_over
    from keybook.apps.handover.queries import Asked, Introduction
    from keybook.apps.people.models import Staff
    from keybook.apps.people.queries import scope_of

    asked = Asked(
        from_id=stage["old"], to=(stage["new"], stage["other"]), introduction=Introduction(kinds={"private": "call"})
    )
    scope = scope_of(Staff.objects.get(pk=stage["head"]))
    return hand_over(by=scope, asked=asked, client_key=uuid.uuid4(), day=stage["day"]).handover_id


def undo(stage: dict[str, Any], number: int) -> None:
    """Hand it back."""
    from keybook.apps.handover.commands import hand_back
    from keybook.apps.people.models import Staff
    from keybook.apps.people.queries import scope_of

    hand_back(by=scope_of(Staff.objects.get(pk=stage["head"])), handover_id=number, day=stage["day"])


def hash_of(statements: tuple[str, ...]) -> str:
    """One hash of all these rows."""
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for each in statements:
            cursor.execute(f"SELECT md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM ({each}) t")
            found.append(str(cursor.fetchone()[0]))
    return "".join(found)


def _timed(stage: dict[str, Any]) -> tuple[float, float]:
    """Seconds of the act and of its way back, the median of three; the rows with an owner are as before each time."""
    there, back, before = [], [], hash_of(OWNED)
    for _ in range(TRIES):
        began = time.perf_counter()
        number = act(stage)
        there.append(time.perf_counter() - began)
        began = time.perf_counter()
        undo(stage, number)
        back.append(time.perf_counter() - began)
        if hash_of(OWNED) != before:
            raise AssertionError("Handed back, the rows are not as they were.")
    return statistics.median(there), statistics.median(back)


def kills(stage: dict[str, Any], *, times: int, longest: float) -> tuple[int, int]:
    """Kill the act so many times; give how often all of it was there, and how often nothing. A half raises."""
    from keybook.apps.handover.models import Handover, Move

    dice, whole, nothing = random.Random(7), 0, 0
    owned, everything = hash_of(OWNED), hash_of(OWNED + ACTS)
    acts = Handover.objects.count()
    for round_ in range(times):
        _kill(stage, dice.uniform(0, longest), by_signal=round_ % 2 == 0)
        if Handover.objects.count() == acts:
            nothing += 1
            if hash_of(OWNED + ACTS) != everything:
                raise AssertionError(f"Kill {round_}: no act, and rows have changed.")
            continue
        whole += 1
        number = Handover.objects.latest("pk").pk
        if Move.objects.filter(handover=number).count() != len(stage["ids"]):
            raise AssertionError(f"Kill {round_}: half an act.")
        undo(stage, number)
        if hash_of(OWNED) != owned:
            raise AssertionError(f"Kill {round_}: handed back, the rows are not as they were.")
        acts, everything = acts + 1, hash_of(OWNED + ACTS)
    return whole, nothing


def _kill(stage: dict[str, Any], after: float, *, by_signal: bool) -> None:
    """Run the act in a child and kill it, or its backend, after so many seconds; wait until PostgreSQL has let go."""
    from django.db import connection

    connection.close()
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                os.write(there, str(cursor.fetchone()[0]).encode())
            act(stage)
        except BaseException:  # noqa: BLE001  the killed one has nothing to say, and must not go on as its parent
            os._exit(1)
        os._exit(0)
    backend = int(os.read(here, 32))
    time.sleep(after)
    with connection.cursor() as cursor:
        if by_signal:
            os.kill(child, signal.SIGKILL)
        else:
            cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
        os.waitpid(child, 0)
        while True:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [backend])
            if not cursor.fetchone()[0]:
                break
            time.sleep(0.02)
    os.close(here)
    os.close(there)
