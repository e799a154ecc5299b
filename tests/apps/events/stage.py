"""The stage of the tests of events: a salon at North on Friday week, and how customers are invited to it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from keybook.apps.customers.models import Consent, Customer
from keybook.apps.events.commands import Draft, answer, invite, make_event, open_event
from keybook.apps.events.commands.answering import Answer, Kept
from keybook.apps.events.models import Event, Seat
from keybook.apps.people.models import Staff
from keybook.apps.people.queries import bank
from keybook.apps.reminders.commands import Day, day_of
from tests.cast import TODAY, Cast, make_customer, scope

FRIDAY = TODAY + dt.timedelta(days=11)  # 4 December


def today() -> Day:
    """The bank's day."""
    return day_of(bank())


def draft(cast: Cast, **more: Any) -> Draft:
    """A salon at North on Friday week from three to five, two seats, received by Bob."""
    values: dict[str, Any] = {
        "name": "Tea and markets", "theme": "Markets in December", "place": "North, second floor",
        "branch_id": cast.north.pk, "on": FRIDAY, "from_time": dt.time(15), "until_time": dt.time(17), "seats": 2,
        "host_id": cast.bob.pk, "client_key": uuid.uuid4(),
    }  # fmt: skip
    return Draft(**{**values, **more})


def salon(cast: Cast, **more: Any) -> Event:
    """The salon, open."""
    made = make_event(by=scope(cast.dora), draft=draft(cast, **more), day=today())
    open_event(by=scope(cast.dora), event_id=made.id, day=today())
    return Event.objects.get(pk=made.id)


def agreed(*customers: Customer) -> None:
    """They have agreed to be invited."""
    for each in customers:
        Consent.objects.create(
            customer=each, purpose="invitation", channel="", given=True, on=TODAY, source="form", by_id=each.rm_id
        )


def invited(event: Event, customer: Customer, by: Staff) -> Seat:
    """This customer's invitation, by this member of staff."""
    agreed(customer)
    invite(by=scope(by), event_id=event.pk, customer_ids=[customer.pk], channel="call", day=today())
    return Seat.objects.get(event=event, customer=customer)


def said(seat: Seat, by: Staff, reply: str = "accepted", companions: int = 0) -> Kept:
    """What the customer answers."""
    return answer(by=scope(by), seat_id=seat.pk, said=Answer(reply, companions), day=today())


def guest(cast: Cast, rm: Staff | None = None, **more: Any) -> Customer:
    """One more customer of Alice's, or of somebody else."""
    return make_customer(rm=rm or cast.alice, phone="", **more)
