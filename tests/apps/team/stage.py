"""What the tests of the team put on the stage: assignments, months of money, promises, contacts; and the night's decisions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from keybook.apps.customers.models import Assignment, BalanceMonth, Customer
from keybook.apps.people.queries import bank
from keybook.apps.reminders.commands import Day, day_of
from keybook.apps.reminders.commands.standing import restate_all
from keybook.apps.reminders.models import Promise
from keybook.apps.team.asking import Ask
from tests.cast import TODAY, Cast, make_customer, make_interaction

LONG_AGO = dt.date(2024, 1, 2)


def days_ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def at(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(4), dt.UTC)


def assign(customer: Customer, staff: Any, *, from_on: dt.date = LONG_AGO, until_on: dt.date | None = None) -> None:
    Assignment.objects.create(customer=customer, staff=staff, from_on=from_on, until_on=until_on, cause="feed")


def spoke(customer: Customer, staff: Any, days: int, **more: Any) -> None:
    make_interaction(customer=customer, staff=staff, at=at(days_ago(days)), **more)


def promised(customer: Customer, staff: Any, *, due: int, state: str = "open", closed: int | None = None) -> Promise:
    return Promise.objects.create(
        customer=customer, staff=staff, text="Send the terms", due_on=days_ago(due), state=state,
        closed_on=None if closed is None else days_ago(closed),
    )  # fmt: skip


def money(customer: Customer, **months: int) -> None:
    """m07=100 is the end of July 2026."""
    for name, aum in months.items():
        BalanceMonth.objects.create(customer=customer, month=dt.date(2026, int(name[1:]), 1), aum=aum)


def today(cast: Cast) -> Day:
    del cast
    return day_of(bank())


def ask(**more: Any) -> Ask:
    return Ask(**{"on": TODAY, "today": TODAY, **more})


def settle(cast: Cast) -> Day:
    """What the night decides."""
    day = today(cast)
    restate_all(day=day)
    return day


def a_story(cast: Cast) -> Day:
    """Zhang (private, 30 days, grace 5) was called 10 days ago, Osei (gold, 90 days) 200 days ago; Liu is Carol's."""
    for customer, staff in ((cast.zhang, cast.alice), (cast.osei, cast.alice), (cast.liu, cast.carol)):
        assign(customer, staff)
    spoke(cast.zhang, cast.alice, 10)
    spoke(cast.zhang, cast.bob, 50)
    spoke(cast.osei, cast.alice, 200)
    spoke(cast.liu, cast.carol, 20)
    promised(cast.zhang, cast.alice, due=20, state="kept", closed=20)
    promised(cast.zhang, cast.alice, due=20, state="kept", closed=19)
    promised(cast.osei, cast.alice, due=40, state="broken", closed=30)
    promised(cast.osei, cast.alice, due=3)
    money(cast.zhang, m07=8_000_000, m10=8_600_000, m11=9_000_000)
    money(cast.osei, m07=500_000, m10=420_000)
    return settle(cast)


def a_bank(cast: Cast, *, customers: int = 12) -> Day:
    """Several customers of three bankers with histories that differ."""
    bankers = [cast.alice, cast.bob, cast.carol]
    tiers = [cast.gold, cast.platinum, cast.private]
    for number in range(customers):
        rm = bankers[number % 3]
        one = make_customer(
            rm=rm, number=f"B{number:03}", tier=tiers[number % 2 + number % 2 // 2], aum=number * 100_000 + 200_000
        )
        assign(one, rm)
        for step in range(number % 4):
            spoke(one, rm, 15 + 37 * step + number, effect=("unchanged", "weakened", "strengthened")[number % 3])
        promised(
            one, rm, due=10 + number, state=("kept", "broken", "open")[number % 3], closed=(9, 5, None)[number % 3]
        )
        money(one, m07=100_000 * number, m10=100_000 + 90_000 * number)
    return settle(cast)
