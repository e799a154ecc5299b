"""The memo line for programs, by the same commands and queries as the page."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any, Literal

from ninja import Field, Router, Schema

from keybook.apps.customers.asking import Asked
from keybook.apps.customers.commands import Evidence
from keybook.apps.memos import commands, queries
from keybook.apps.memos.drafting import LONGEST, marks_of, read_line, sketch, written_at
from keybook.apps.reminders.commands import Noted, day_of

router = Router(tags=["memo"])


class LineIn(Schema):
    """One line, as it is typed; `customer` when it is about somebody chosen before."""

    text: str = Field(max_length=LONGEST)
    customer: int | None = Field(None, ge=1, lt=2**63)


class AwayIn(Schema):
    """Evidence of an asset at another bank."""

    institution: str = Field(min_length=1, max_length=120)
    amount: Decimal | None = None
    currency: str = Field("", pattern="^([A-Z]{3})?$")
    kind: str = Field("", max_length=16)
    matures_on: dt.date | None = None
    confidence: Literal["sure", "likely", "unsure"] = "likely"


class OccasionIn(Schema):
    """A day that matters."""

    kind: str = Field(max_length=16)
    month: int
    day: int
    year: int | None = None
    calendar: Literal["solar", "lunar"] = "solar"
    leap: bool = False
    yearly: bool = True
    label: str = Field("", max_length=120)


class MemoIn(Schema):
    """A memo as its writer confirmed it: about a customer, or with a name and a phone about somebody new."""

    client_key: uuid.UUID
    text: str = Field(max_length=LONGEST)
    customer: int | None = Field(None, ge=1, lt=2**63)
    refer: bool = False
    name: str = Field("", max_length=160)
    phone: str = Field("", max_length=40)
    phone_doubt: bool = False
    channel: Literal["call", "visit", "branch", "wechat", "sms", "email", "letter"] = "call"
    outcome: Literal["reached", "not_reached", "left_message", "met"] = "reached"
    effect: Literal["strengthened", "unchanged", "weakened", "ended"] = "unchanged"
    topic: str = Field("", max_length=120)
    promise: str = Field("", max_length=200)
    promise_on: dt.date | None = None
    promise_time: dt.time | None = None
    held_away: list[AwayIn] = Field(default_factory=list, max_length=3)
    occasions: list[OccasionIn] = Field(default_factory=list, max_length=3)


class SavedOut(Schema):
    """What was done, and the token that takes it back within a minute."""

    id: int
    sentence: str
    customer: int | None
    undo: str
    repeated: bool
    became: dict[str, Any]


@router.post("/memos/draft", url_name="memo_draft", summary="Read a line; nothing is stored")
def draft(request: Asked, given: LineIn) -> dict[str, Any]:
    """What was understood, part by part with every reading; the questions; whom it may be about."""
    request.scope.require_log()
    day = day_of(request.bank)
    read = read_line(text=given.text, day=day, at=written_at(day))
    first = sketch(draft=read, day=day, is_new=False)
    found = queries.who(
        scope=request.scope, name=first.values["name"], phone=first.values["phone"], customer_id=given.customer
    )
    shown = sketch(draft=read, day=day, is_new=found.suggested == "new", no_account=found.is_prospect(found.suggested))
    return {
        "language": read.language, "parts": [_part(part) for part in read.parts],
        "questions": [{"field": name, "code": one.code, "text": one.text} for name, one in shown.asked.items()],
        "fields": dict(shown.values), "marks": [vars_of(mark) for mark in marks_of(read)],
        "customers": [{"id": one.id, "name": one.name, "phone": one.phone} for one in found.offered],
        "customer": found.certain, "known_to_another_colleague": bool(found.elsewhere),
    }  # fmt: skip


def vars_of(mark: Any) -> dict[str, str]:
    """A stretch of the line."""
    return {"text": mark.text, "kind": mark.kind, "state": mark.state}


def _part(part: Any) -> dict[str, Any]:
    readings = [{"value": one.value, "unit": one.unit, "moved": one.moved, "why": one.why} for one in part.choices]
    return {
        "kind": part.kind, "start": part.start, "length": part.length, "text": part.text, "role": part.role,
        "trouble": part.trouble, "readings": readings,
    }  # fmt: skip


@router.post("/memos", response={201: SavedOut}, url_name="memos", summary="Save a memo, once per client_key")
def save(request: Asked, given: MemoIn) -> tuple[int, dict[str, Any]]:
    """Store the line and what was confirmed of it."""
    day = day_of(request.bank)
    who = commands.REFER if given.refer else str(given.customer or commands.NEW)
    memo = commands.Confirmed(
        client_key=given.client_key, text=given.text, at=written_at(day), customer=who, channel=given.channel,
        outcome=given.outcome, effect=given.effect, topic=given.topic, name=given.name, phone=given.phone,
        phone_doubt=given.phone_doubt, promise_step=given.promise, promise_on=given.promise_on,
        promise_time=given.promise_time,
        evidence=tuple(Evidence(**one.dict(), seen_on=day.today) for one in given.held_away),
        occasions=tuple(Noted(**one.dict()) for one in given.occasions),
        fields=given.model_dump(mode="json", exclude={"text", "client_key"}),
    )  # fmt: skip
    done = commands.save(by=request.scope, writer=request.user, memo=memo, day=day)
    return 201, {
        "id": done.memo_id, "sentence": done.sentence, "customer": done.customer_id, "undo": done.undo,
        "repeated": done.repeated, "became": dict(done.became),
    }  # fmt: skip
