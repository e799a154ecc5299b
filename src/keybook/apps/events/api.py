"""Events and seats for programs, by the same verbs as the pages."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Literal

from django.http import Http404
from ninja import Field, Router, Schema

from keybook.apps.customers.asking import Asked as Request
from keybook.apps.events import commands
from keybook.apps.events.commands import Answer, Draft
from keybook.apps.events.queries import shown
from keybook.apps.reminders.commands import day_of, moment

router = Router(tags=["events"])


class EventIn(Schema):
    """An event as somebody writes it down; the hours are the bank's."""

    name: str = Field(min_length=1, max_length=80)
    theme: str = Field(min_length=1, max_length=80)
    place: str = Field(min_length=1, max_length=120)
    branch_id: int
    on: dt.date
    from_time: dt.time
    until_time: dt.time
    seats: int
    host_id: int
    until_on: dt.date | None = None
    campaign_id: int | None = None
    note: str = Field("", max_length=1000)
    budget: Decimal | None = Field(None, ge=0, max_digits=12, decimal_places=2)
    cost: Decimal | None = Field(None, ge=0, max_digits=12, decimal_places=2)
    reason: str = Field("", max_length=200)
    client_key: uuid.UUID


class InvitationsIn(Schema):
    """Whom to invite, by which channel, and why all the same where the gate warns."""

    customers: list[int] = Field(min_length=1, max_length=200)
    channel: str = Field(max_length=8)
    because: str = Field("", max_length=200)


class AnswerIn(Schema):
    """What became of an invitation."""

    reply: Literal["accepted", "declined", "withdrawn", "came", "absent"]
    companions: int = 0


class ReasonIn(Schema):
    """Why it does not take place."""

    reason: str = Field(min_length=1, max_length=200)


class MadeOut(Schema):
    """The event, and the sentence of what was done."""

    id: int
    sentence: str


class InvitedOut(Schema):
    """Who was invited, whom the gate refused, and the sentence of it."""

    invited: list[int]
    refused: list[int]
    sentence: str


class KeptOut(Schema):
    """The seat's state now, how many of the waiting list moved up, and the sentence of it."""

    state: str
    moved_up: int
    sentence: str


def _event(row: shown.Event) -> dict[str, Any]:
    numbers = row.numbers
    return {name: value for name, value in asdict(row).items() if name != "numbers"} | {
        "taken": numbers.taken, "free": numbers.free, "by_state": {state: count for state, (count, _) in numbers.by_state.items()},
    }  # fmt: skip


@router.get("/events", url_name="events", summary="Events to come, or those that are over")
def events(request: Request, past: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002  ninja reads it from the address
    """The events this person knows of, with their seats as numbers."""
    rows = shown.events(scope=request.scope, past=past, now=moment(day=day_of(request.bank)))
    return {"events": [_event(row) for row in rows]}


@router.post("/events", response={201: MadeOut}, url_name="event_made", summary="Plan an event")
def made(request: Request, given: EventIn) -> tuple[int, commands.Made]:
    """Write an event down, once per `client_key`."""
    return 201, commands.make_event(by=request.scope, draft=Draft(**given.dict()), day=day_of(request.bank))


@router.get("/events/{int:event_id}", url_name="event", summary="One event with its guests")
def event(request: Request, event_id: int) -> dict[str, Any]:
    """One event: guests inside the scope by name, all others as numbers."""
    row = shown.event(scope=request.scope, event_id=event_id)
    if row is None:
        raise Http404
    return _event(row) | {"guests": [asdict(each) for each in shown.guests(scope=request.scope, event_id=event_id)]}


@router.put("/events/{int:event_id}", response=MadeOut, url_name="event_changed", summary="Change or move an event")
def changed(request: Request, event_id: int, given: EventIn) -> commands.Made:
    """Change it; who knows of it is told when it moves."""
    draft, day = Draft(**given.dict()), day_of(request.bank)
    return commands.change_event(by=request.scope, event_id=event_id, draft=draft, day=day)


@router.post(
    "/events/{int:event_id}/open", response=MadeOut, url_name="event_opened", summary="Open it for invitations"
)
def opened(request: Request, event_id: int) -> commands.Made:
    """Customers can be invited from now on."""
    return commands.open_event(by=request.scope, event_id=event_id, day=day_of(request.bank))


@router.post(
    "/events/{int:event_id}/cancel", response=MadeOut, url_name="event_cancelled", summary="It does not take place"
)
def cancelled(request: Request, event_id: int, given: ReasonIn) -> commands.Made:
    """It does not take place; who knows of it is told."""
    return commands.cancel_event(by=request.scope, event_id=event_id, reason=given.reason, day=day_of(request.bank))


@router.post(
    "/events/{int:event_id}/invitations", response=InvitedOut, url_name="event_invited", summary="Invite customers"
)
def invited(request: Request, event_id: int, given: InvitationsIn) -> commands.Invited:
    """Invite them; the gate is asked first, and whom it refuses is not."""
    return commands.invite(
        by=request.scope, event_id=event_id, customer_ids=given.customers, channel=given.channel, because=given.because,
        day=day_of(request.bank),
    )  # fmt: skip


@router.post(
    "/events/{int:event_id}/seats/{int:seat_id}", response=KeptOut, url_name="event_seat", summary="What became of it"
)
def seat(request: Request, event_id: int, seat_id: int, given: AnswerIn) -> commands.Kept:
    """The answer, the invitation withdrawn, or whether they came."""
    del event_id
    by, day = request.scope, day_of(request.bank)
    if given.reply == "withdrawn":
        return commands.withdraw(by=by, seat_id=seat_id, day=day)
    if given.reply in {"came", "absent"}:
        return commands.mark(by=by, seat_id=seat_id, state=given.reply, day=day)
    return commands.answer(by=by, seat_id=seat_id, said=Answer(given.reply, given.companions), day=day)
