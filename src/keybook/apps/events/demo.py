"""Three events for the demo bank: one that was held, an exhibition and a salon to come, with seats in every state."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import connection, transaction

from keybook.apps.events.commands import Answer, Draft, answer, invite, make_event, mark, open_event
from keybook.apps.events.models import Event, Seat
from keybook.apps.people.models import Staff
from keybook.apps.people.queries import scope_of
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import Day, RefusedError
from keybook.apps.reminders.models import Reminder

MAKER = "M001"
SPACE = uuid.UUID("0b0f6f52-6c0a-4c8e-8a6e-3f9f3e0b9d51")
PAST = (("accepted", 0), ("accepted", 1), ("accepted", 0), ("declined", 0), ("accepted", 0), ("", 0))
TO_COME = (
    ("accepted", 1),
    ("", 0),
    ("accepted", 0),
    ("declined", 0),
    ("", 0),
    ("accepted", 2),
    ("accepted", 0),
    ("accepted", 1),
)
# Key customers with a banker, no complaint, no mourning, in an order that has nothing to do with money.
GUESTS = """
    SELECT c.id FROM customers_customer c JOIN customers_tier t ON t.id = c.tier_id JOIN people_staff s ON s.id = c.rm_id
    WHERE c.stage = 'customer' AND t.rank >= 2 AND s.is_active AND s.role = 'rm'
      AND EXISTS (SELECT 1 FROM customers_consent n WHERE n.customer_id = c.id AND n.purpose = 'invitation' AND n.given)
      AND (%(code)s = '' OR s.code = %(code)s)
    ORDER BY md5(c.number || %(key)s), c.id LIMIT %(most)s"""


@dataclass(frozen=True, slots=True)
class Plan:
    """One event of the demo bank: in how many days, how many chairs, whom of, and what they answer."""

    key: str
    name: str
    theme: str
    place: str
    days: int
    hours: tuple[int, int]
    seats: int
    guests: tuple[tuple[str, int], ...]
    of: str = ""
    budget: int = 20_000


PLANS = (
    Plan("tea", "Tea and markets", "Markets in winter", "Head office, tea room", -26, (15, 17), 8, PAST),
    Plan("metal", "Precious metals exhibition", "Precious metals", "Head office, ground floor", 10, (14, 17), 6, TO_COME, "R001", 60_000),
    Plan("year", "Year-end tea salon", "Outlook for the year to come", "North branch, second floor", 17, (15, 17), 12, TO_COME[:5]),
)  # fmt: skip


def seed(*, day: Day) -> int:
    """Make, open and fill them as of days that have passed; give how many are new."""
    maker = Staff.objects.select_related("branch").filter(code=MAKER, is_active=True).first()
    if maker is None or Event.objects.exists():
        return 0
    for plan in PLANS:
        with transaction.atomic():
            _make(maker, plan, day)
    return len(PLANS)


def _make(maker: Staff, plan: Plan, day: Day) -> None:
    on = day.calendar.next_workday(day.today + dt.timedelta(days=plan.days))
    then = replace(
        day, today=day.calendar.previous_workday(min(day.today, on) - dt.timedelta(days=12 if plan.days < 0 else 0))
    )
    by = scope_of(maker)
    draft = Draft(
        name=plan.name, theme=plan.theme, place=plan.place, branch_id=maker.branch_id, on=on, from_time=dt.time(plan.hours[0]),
        until_time=dt.time(plan.hours[1]), seats=plan.seats, host_id=maker.pk, budget=Decimal(plan.budget),
        client_key=uuid.uuid5(SPACE, plan.key),
    )  # fmt: skip
    event_id = make_event(by=by, draft=draft, day=then).id
    open_event(by=by, event_id=event_id, day=then)
    seats = list(_invited(by, event_id, plan, then))
    for seat, (reply, companions) in zip(seats, plan.guests, strict=False):
        if reply:
            answer(by=by, seat_id=seat.pk, said=Answer(reply, companions), day=then)
    if plan.days < 0:
        _hold(by, event_id, seats, on, day)


def _invited(by: Scope, event_id: int, plan: Plan, day: Day) -> Iterator[Seat]:
    """As many as there are answers, of those the gate lets be invited."""
    found = 0
    for customer_id in _guests(plan):
        if found == len(plan.guests):
            return
        try:
            done = invite(by=by, event_id=event_id, customer_ids=[customer_id], channel="call", day=day)
        except RefusedError:  # the gate warns: whoever it says nothing of is enough for a demo
            continue
        if done.invited:
            found += 1
            yield Seat.objects.get(event_id=event_id, customer_id=customer_id)


def _guests(plan: Plan) -> Sequence[int]:
    with connection.cursor() as cursor:
        cursor.execute(GUESTS, {"code": plan.of, "key": plan.key, "most": 10 * len(plan.guests)})
        return [row[0] for row in cursor.fetchall()]


def _hold(by: Scope, event_id: int, seats: Sequence[Seat], on: dt.date, day: Day) -> None:
    """It took place: who had accepted came but for one, and nothing of it waits any more."""
    then = replace(day, today=on)
    rows = list(Seat.objects.filter(pk__in=[each.pk for each in seats], state="accepted").order_by("pk"))
    for place, seat in enumerate(rows):
        mark(by=by, seat_id=seat.pk, state="absent" if place == 1 else "came", day=then)
    Event.objects.filter(pk=event_id).update(state="held", cost=Decimal(14_300))
    Reminder.objects.filter(event_seat__event_id=event_id, state="open").update(state="expired", closed_on=on)
