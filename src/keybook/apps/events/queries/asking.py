"""The gate's answer to inviting many customers to one event, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from keybook.apps.events.models import Event, Seat
from keybook.apps.gate.planned import SOURCES, noon
from keybook.apps.gate.queries.answers import Asking, answers
from keybook.apps.reminders.commands import moment
from keybook.apps.reminders.queries import Day
from keybook.core.gate import Past, Proposal, Verdict


def asked_of(
    *, event: Event, customer_ids: Sequence[int], by_id: int, channel: str, day: Day
) -> dict[int, Verdict]:  # fmt: skip
    """What the gate says to inviting each of these customers: by this channel, about the event's theme, today.

    An invitation to another event that nobody has spoken of yet counts like one that is planned.
    """
    proposal = Proposal(
        at=moment(day=day), channel=channel, purpose="invitation", themes=(event.theme,), hour_known=False
    )
    ahead: dict[int, list[Past]] = defaultdict(list)
    for source in SOURCES:
        for customer_id, planned in source(customer_ids=customer_ids, by_id=by_id, day=day).items():
            ahead[customer_id] += planned
    for customer_id, past in _untold(event, customer_ids, by_id, day):
        ahead[customer_id].append(past)
    asked = [Asking(each, proposal) for each in customer_ids]
    found = answers(by_id=by_id, asked=asked, day=day, planned=ahead)
    return dict(zip(customer_ids, found, strict=True))


def _untold(event: Event, customer_ids: Sequence[int], by_id: int, day: Day) -> list[tuple[int, Past]]:
    """Open invitations to other events, but those a plan has placed on a day already."""
    rows = (
        Seat.objects.filter(customer_id__in=customer_ids, state="invited", told_in=None, reminder__state="open")
        .exclude(event=event)
        .exclude(reminder__entries__state="planned")
        .values_list(
            "customer_id", "channel", "event__theme", "reminder__due_on", "staff_id", "staff__name", "staff__name_zh"
        )
    )
    return [
        (customer_id, Past(
            noon(due_on, day), channel, f"{name} {name_zh}".strip(), own=staff_id == by_id, theme=theme, purpose="invitation",
            spoke=False, planned=True,
        ))
        for customer_id, channel, theme, due_on, staff_id, name, name_zh in rows
    ]  # fmt: skip
