"""Today and the verbs of the RM's day for programs, by the same commands and queries as the pages."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from ninja import Field, Router, Schema

from keybook.apps.customers.asking import Asked
from keybook.apps.desk.queries import today as lists
from keybook.apps.interactions.commands import LONGEST
from keybook.apps.reminders import commands
from keybook.apps.reminders.commands import Contact, moment

router = Router(tags=["today"])


class ContactIn(Schema):
    """One contact; sent again with the same client_key it is stored once."""

    client_key: uuid.UUID
    channel: Literal["call", "visit", "branch", "wechat", "sms", "email", "letter"]
    outcome: Literal["reached", "not_reached", "left_message", "met"]
    effect: Literal["strengthened", "unchanged", "weakened", "ended"] = "unchanged"
    topic: str = Field("", max_length=120)
    content: str = Field("", max_length=LONGEST)
    next_step: str = Field("", max_length=200)
    next_on: dt.date | None = None
    next_time: dt.time | None = None
    on: dt.date | None = None
    closes: list[int] | None = None
    fates: dict[str, Literal["rolled", "moved_in", "moved_out", "spent"]] = Field(default_factory=dict, max_length=20)
    replies: dict[int, Annotated[str, Field(pattern="^(declined|accepted(:[0-5])?)$")]] = Field(
        default_factory=dict,
        max_length=20,
        description="Answers to invitations, by reminder; accepted:2 with two companions.",
    )
    named: list[int] | None = Field(
        None, max_length=50, description="Confidential to the author and these; [] to the author."
    )


class LoggedOut(Schema):
    """What logging did."""

    id: int
    sentence: str
    repeated: bool
    closed: list[int]
    promised_on: dt.date | None
    moved_from: dt.date | None
    still_on_list: bool


class DoneOut(Schema):
    """What a verb did, and the token that takes it back within a minute."""

    sentence: str
    undo: str


class LaterIn(Schema):
    """The day on which the line comes back."""

    until: dt.date


class NotNowIn(Schema):
    """Why the customer comes off the list."""

    reason: str = Field(min_length=1, max_length=200)


class DeputyIn(Schema):
    """The deputy who takes the line."""

    to: int


class UndoIn(Schema):
    """The token a verb was answered with."""

    token: str = Field(max_length=4000)


@router.get("/today", url_name="today", summary="Whom to contact, in which order and why")
def today(request: Asked, rm: int | None = None, after: int = 0, limit: int = lists.FIRST) -> dict[str, Any]:
    """A page of the ranked list: mine, or that of one RM of my scope."""
    day = commands.day_of(request.bank)
    found = lists.today(
        scope=request.scope, day=day, whose=lists.Whose(rm_id=rm), offset=max(0, min(after, 10_000)),
        limit=max(1, limit),
    )  # fmt: skip
    counts = {group: {"customers": each.customers, "stake": str(each.stake)} for group, each in found.counts.items()}
    return {**lists.document(rm="", day=day, rows=found.lines), "counts": counts, "total": found.total}


@router.post(
    "/customers/{int:customer_id}/contacts", response={201: LoggedOut}, url_name="log", summary="Log a contact"
)
def log(request: Asked, customer_id: int, given: ContactIn) -> tuple[int, dict[str, Any]]:
    """Store the contact and what follows from it."""
    day = commands.day_of(request.bank)
    plain = given.dict(exclude={"on", "closes", "named", "fates", "replies"})
    named = None if given.named is None else tuple(given.named)
    contact = Contact(**plain, named=named, replies=tuple(given.replies.items()), at=moment(on=given.on, day=day))
    done = commands.log_contact(
        by=request.scope,
        customer_id=customer_id,
        contact=contact,
        closes=given.closes,
        day=day,
        fates=tuple(given.fates.items()),
    )
    return 201, {
        "id": done.interaction_id, "sentence": done.sentence, "repeated": done.repeated, "closed": list(done.closed),
        "promised_on": done.promised_on, "moved_from": done.moved_from, "still_on_list": done.still_on_list,
    }  # fmt: skip


@router.post(
    "/customers/{int:customer_id}/later", response=DoneOut, url_name="later", summary="Hide a line until a day"
)
def later(request: Asked, customer_id: int, given: LaterIn) -> commands.Done:
    """Hide the line until that day."""
    day = commands.day_of(request.bank)
    return commands.snooze(by=request.scope, customer_id=customer_id, until=given.until, day=day)


@router.post("/customers/{int:customer_id}/not-now", response=DoneOut, url_name="not_now", summary="Take off the list")
def not_now(request: Asked, customer_id: int, given: NotNowIn) -> commands.Done:
    """Take the customer off Today, with a reason."""
    day = commands.day_of(request.bank)
    return commands.dismiss(by=request.scope, customer_id=customer_id, reason=given.reason, day=day)


@router.post("/customers/{int:customer_id}/deputy", response=DoneOut, url_name="deputy", summary="Hand to a deputy")
def deputy(request: Asked, customer_id: int, given: DeputyIn) -> commands.Done:
    """Put the line on a deputy's list."""
    day = commands.day_of(request.bank)
    return commands.hand_over(by=request.scope, customer_id=customer_id, to=given.to, day=day)


@router.post("/undo", response=DoneOut, url_name="undo", summary="Take the last verb back")
def undo(request: Asked, given: UndoIn) -> commands.Done:
    """Take back the verb the token was given for."""
    return commands.undo(by=request.scope, token=given.token, day=commands.day_of(request.bank))
