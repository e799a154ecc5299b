"""The JSON face of the next best contact."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from django.http import Http404
from django.utils import timezone
from ninja import Field, Router, Schema

from keybook.apps.audit.commands import record_view
from keybook.apps.customers.asking import Asked
from keybook.apps.customers.queries import visible_to
from keybook.apps.proposals import commands
from keybook.apps.proposals.queries import documents, shown
from keybook.apps.reminders.commands import day_of

router = Router(tags=["next best contact"])


class AnswerIn(Schema):
    """What is said to a proposal: accepted, later until a day, or rejected with a reason."""

    answer: Literal["accepted", "later", "rejected"]
    theme: str = Field(max_length=16)
    client_key: uuid.UUID
    reason: str = Field("", max_length=12)
    words: str = Field("", max_length=200)
    until_on: dt.date | None = None


class KeptOut(Schema):
    """The sentence of what was done."""

    sentence: str
    repeated: bool
    channel: str


@router.get("/next", url_name="next", summary="The next best contacts of the reader's customers")
def following(request: Asked) -> list[dict[str, Any]]:
    """The most worth first."""
    own = request.user.pk if request.scope.role == "rm" else None
    return [documents.document(each) for each in shown.next_list(scope=request.scope, rm_id=own)]


@router.get(
    "/customers/{int:customer_id}/next", url_name="customer_next", summary="What is next, and why not the others"
)
def customer(request: Asked, customer_id: int) -> dict[str, Any]:
    """The next best contact of one customer inside the scope, and why not the others; the look is recorded."""
    if not visible_to(request.scope).filter(pk=customer_id).exists():
        raise Http404
    record_view(
        staff_id=request.user.pk, customer_id=customer_id, page="api next best", request_id=request.request_id,
        at=timezone.now(),
    )  # fmt: skip
    found = shown.next_of(scope=request.scope, customer_id=customer_id)
    day = day_of(request.bank)
    return {
        "next": documents.document(found) if found else None,
        "others": [documents.other_document(each) for each in shown.others_of(customer_id=customer_id, day=day)],
        "data_date": day.data_date,
    }


@router.post(
    "/customers/{int:customer_id}/next", response={201: KeptOut}, url_name="customer_next", summary="Answer it"
)
def answered(request: Asked, customer_id: int, given: AnswerIn) -> tuple[int, commands.answering.Kept]:
    """Accept, put off or reject; once per client key."""
    said = commands.Said(**given.dict())
    return 201, commands.answer(by=request.scope, customer_id=customer_id, said=said, day=day_of(request.bank))
