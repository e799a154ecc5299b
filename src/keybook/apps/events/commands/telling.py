"""The lines an event puts on bankers' lists: to invite, to say that a seat came free, that it is moved or cancelled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from keybook.apps.customers.models import Customer
from keybook.apps.events.models import Event, Seat
from keybook.apps.reminders.commands import Day, refresh_lines
from keybook.apps.reminders.models import Reminder
from keybook.core.seats import RULE_VERSION, tell_by

KIND = "invitation"


def starts(event: Event, day: Day) -> dt.datetime:
    """When it begins, by the bank's clock."""
    return event.starts_at.astimezone(ZoneInfo(day.zone))


def facts(event: Event, day: Day, *, channel: str, news: str = "") -> dict[str, Any]:
    """What a line says of the event; news is up, moved or cancelled, and is of service: it invites nobody."""
    at = starts(event, day)
    return {
        "event": event.pk, "label": event.name, "event_name": event.name, "theme": event.theme, "place": event.place, "on": at.date().isoformat(),
        "at": f"{at:%H:%M}", "purpose": "service" if news else "invitation", "news": news, "channel": channel,
        "reason": event.reason if news in {"moved", "cancelled"} else "",
    }  # fmt: skip


def ask_to_invite(*, event: Event, seat: Seat, customer: Customer, day: Day) -> Reminder:
    """Put it on the banker's list to invite this customer, by the workday before the event; done anew it is the same line."""
    on = starts(event, day).date()
    due_on = tell_by(on=on, today=day.today, calendar=day.calendar)
    values = {
        "cause": Reminder.Cause.CAMPAIGN, "opens_on": day.today, "due_on": due_on, "expires_on": on, "stake": 0,
        "currency": customer.currency, "facts": facts(event, day, channel=seat.channel), "rule_version": RULE_VERSION, "state": "open", "reason": "",
        "closed_by": None, "closed_on": None, "closed_in": None,
    }  # fmt: skip
    reminder, _made = Reminder.objects.update_or_create(
        customer_id=seat.customer_id, kind=KIND, key=f"event:{event.pk}", defaults=values
    )
    return reminder


def tell(*, event: Event, seats: Iterable[Seat], news: str, day: Day) -> list[int]:
    """Put a line about the news on the list of each of these guests' bankers; give the customers."""
    on, told = starts(event, day).date(), []
    for seat in seats:
        due_on = tell_by(on=on, today=day.today, calendar=day.calendar)
        Reminder.objects.update_or_create(
            customer_id=seat.customer_id, kind=KIND, key=_key(event, seat, news, day),
            defaults={
                "cause": Reminder.Cause.CAMPAIGN, "opens_on": day.today, "due_on": day.calendar.next_workday(day.today)
                if news != "up" else min(day.calendar.add_workdays(day.today, 1), due_on),
                "expires_on": max(on, due_on), "currency": event.currency, "facts": facts(event, day, channel=seat.channel, news=news),
                "rule_version": RULE_VERSION, "state": "open",
            },
        )  # fmt: skip
        told.append(seat.customer_id)
    return told


def _key(event: Event, seat: Seat, news: str, day: Day) -> str:
    """The same news is the same line; a seat may come free, and an event be moved, more than once."""
    again = {
        "up": f"{seat.waits_since:%Y%m%d%H%M%S}" if seat.waits_since else "",
        "moved": f"{starts(event, day):%Y%m%d%H%M}",
    }
    return f"event:{event.pk}:{news}:{again.get(news, '')}"[:120]


def close(*, seats: Sequence[Seat], day: Day, reason: str) -> list[int]:
    """Take the tasks to invite these guests off the lists; give the customers."""
    open_ = Reminder.objects.filter(pk__in=[each.reminder_id for each in seats if each.reminder_id], state="open")
    found = list(open_.values_list("customer_id", flat=True))
    open_.update(state=Reminder.State.EXPIRED, closed_on=day.today, reason=reason[:200])
    return found


def refresh(*, customer_ids: Iterable[int], day: Day) -> None:
    """Draw the lines of these customers anew."""
    ids = sorted(set(customer_ids))
    if ids:
        refresh_lines(customer_ids=ids, day=day)
