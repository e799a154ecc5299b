"""The stage of the tests of handover: Alice's book with all that can hang on a customer, and how it is handed over."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import connection

from keybook.apps.customers.models import Assignment
from keybook.apps.customers.search import refresh_search_keys
from keybook.apps.events.models import Event, Seat
from keybook.apps.gifts.models import Gift
from keybook.apps.handover.commands import hand_over
from keybook.apps.handover.queries import Asked
from keybook.apps.people.models import Share
from keybook.apps.people.queries import bank
from keybook.apps.plans.models import Entry
from keybook.apps.reminders.commands import Day, Said, day_of, make_promise, rank_all
from keybook.apps.reminders.commands import hand_over as hand_line
from keybook.apps.reminders.models import Promise
from tests.cast import TODAY, Cast, make_interaction, make_reminder, scope

FRIDAY = TODAY + dt.timedelta(days=4)
# Every table whose rows belong to somebody or follow a customer: as they were, after a hand back.
OWNED = (
    "SELECT id, rm_id FROM customers_customer ORDER BY id",
    "SELECT id, rm_id FROM customers_searchkey ORDER BY id",
    "SELECT to_jsonb(p) FROM reminders_promise p ORDER BY id",
    "SELECT to_jsonb(r) FROM reminders_reminder r ORDER BY id",
    "SELECT to_jsonb(l) FROM reminders_line l ORDER BY id",
    "SELECT to_jsonb(e) FROM plans_entry e ORDER BY id",
    "SELECT to_jsonb(g) FROM gifts_gift g ORDER BY id",
    "SELECT to_jsonb(g) FROM events_seat g ORDER BY id",
    "SELECT to_jsonb(e) FROM events_event e ORDER BY id",
    "SELECT to_jsonb(s) FROM people_share s ORDER BY id",
    "SELECT to_jsonb(d) FROM people_deputy d ORDER BY id",
    "SELECT to_jsonb(i) FROM interactions_interaction i ORDER BY id",
    "SELECT id, is_active FROM people_staff ORDER BY id",
)


def furnish(cast: Cast) -> Day:
    """Give Alice's two customers everything that moves, one thing that does not, and rank Today."""
    day = day_of(bank())
    for customer in (cast.zhang, cast.osei, cast.liu):
        Assignment.objects.create(customer=customer, staff_id=customer.rm_id, from_on=dt.date(2024, 1, 1), cause="feed")
    refresh_search_keys([cast.zhang.pk, cast.osei.pk, cast.liu.pk])
    make_reminder(customer=cast.zhang)
    make_reminder(customer=cast.osei, cause="campaign", kind="campaign", key="autumn", facts={})
    for staff in (cast.alice, cast.bob):
        make_promise(
            by=scope(staff), customer_id=cast.zhang.pk, said=Said(text=f"Terms by {staff.code}", on=FRIDAY), day=day
        )
    secret = make_interaction(customer=cast.zhang, staff=cast.alice, confidential=True)
    Promise.objects.create(
        customer=cast.zhang, staff=cast.alice, text="Quietly", due_on=FRIDAY, asked_on=FRIDAY, made_in=secret
    )
    Promise.objects.create(
        customer=cast.osei, staff=cast.alice, text="Old", due_on=TODAY, state="kept", closed_on=TODAY
    )
    Entry.objects.create(
        customer=cast.zhang, staff=cast.alice, on=FRIDAY, half="am", channel="call", minutes=20, cause="hand"
    )
    Gift.objects.create(
        customer=cast.zhang, text="Orchids", category="flowers", value=1, currency="CNY", on=FRIDAY, state="planned",
        asked_by=cast.alice, edited_by=cast.alice, client_key=uuid.uuid4(),
    )  # fmt: skip
    event = Event.objects.create(
        name="Salon", theme="Tea", place="North", branch=cast.north, starts_at="2026-12-04T07:00Z", ends_at="2026-12-04T09:00Z",
        seats=9, host=cast.dora, state="open", currency="CNY", made_by=cast.dora, made_on=TODAY, client_key=uuid.uuid4(),
    )  # fmt: skip
    Seat.objects.create(
        event=event,
        customer=cast.zhang,
        staff=cast.alice,
        invited_by=cast.dora,
        invited_on=TODAY,
        channel="call",
        state="accepted",
    )
    rank_all(day=day)
    hand_line(by=scope(cast.alice), customer_id=cast.zhang.pk, to=cast.bob.pk, day=day)
    Share.objects.create(customer_id=cast.zhang.pk, staff=cast.carol, reason="holiday")
    return day


def asked(cast: Cast, **more: Any) -> Asked:
    """Alice's whole book to Bob."""
    return Asked(**{"from_id": cast.alice.pk, "to": (cast.bob.pk,), **more})


def hand(cast: Cast, day: Day, **more: Any) -> int:
    """Dora hands over, and the number of the act."""
    key = more.pop("client_key", None) or uuid.uuid4()
    return hand_over(by=scope(cast.dora), asked=asked(cast, **more), client_key=key, day=day).handover_id


def owned() -> list[Any]:
    """Every row of every table that belongs to somebody."""
    found = []
    with connection.cursor() as cursor:
        for statement in OWNED:
            cursor.execute(statement)
            found.append((statement.split()[-4], cursor.fetchall()))
    return found
