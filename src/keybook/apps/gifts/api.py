"""The register of gifts for programs, by the same commands and queries as its pages."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Literal

from django.http import Http404
from ninja import Field, Router, Schema

from keybook.apps.customers.asking import Asked
from keybook.apps.customers.queries import visible_to
from keybook.apps.gifts import commands, queries
from keybook.apps.gifts.forms import GivenForm
from keybook.apps.reminders.commands import day_of

router = Router(tags=["gifts"])


class WishIn(Schema):
    """A gift as somebody asks for it; `again` says that a repetition is meant."""

    text: str = Field(min_length=1, max_length=120)
    category: str = Field(max_length=12)
    value: Decimal = Field(ge=0, max_digits=12, decimal_places=2)
    on: dt.date
    occasion: str = Field("", max_length=60)
    why: str = Field("", max_length=300)
    state: Literal["idea", "planned", "received"] = "planned"
    again: bool = False
    client_key: uuid.UUID


class DecisionIn(Schema):
    """What the second person says, and why."""

    approve: bool
    reason: str = Field(min_length=1, max_length=300)


class GivenIn(Schema):
    """How it was handed over."""

    channel: Literal["visit", "branch", "letter"]
    effect: Literal["unchanged", "strengthened", "weakened"] = "unchanged"
    content: str = Field("", max_length=1000)
    client_key: uuid.UUID


class ReasonIn(Schema):
    """Why it was declined."""

    reason: str = Field("", max_length=300)


class KeptOut(Schema):
    """The gift, where it stands now, and the sentence of it."""

    id: int
    state: str
    sentence: str


@router.get("/gifts", url_name="gifts", summary="The register of gifts, those that wait for a second person first")
def gifts(request: Asked, view: str = "year", page: int = 1) -> dict[str, Any]:
    """A page of the gifts inside the scope: year, waiting, planned, over or all."""
    page = max(1, min(page, 10_000))
    found = queries.register(scope=request.scope, today=request.bank.business_date, view=view, page=page)
    return {
        "view": found.view, "page": found.page, "more": found.more, "counts": dict(found.counts),
        "gifts": [asdict(row) for row in found.rows],
    }  # fmt: skip


@router.get("/gifts/{int:gift_id}", url_name="gift", summary="One gift")
def gift(request: Asked, gift_id: int) -> dict[str, Any]:
    """One gift inside the scope."""
    row = queries.gift(scope=request.scope, gift_id=gift_id, today=request.bank.business_date)
    if row is None:
        raise Http404
    return asdict(row)


@router.post(
    "/customers/{int:customer_id}/gifts", response={201: KeptOut}, url_name="gift_asked", summary="Ask for a gift"
)
def asked(request: Asked, customer_id: int, given: WishIn) -> tuple[int, commands.Kept]:
    """Put a gift into the register; above a limit it waits for a second person."""
    if not visible_to(request.scope).filter(pk=customer_id).exists():
        raise Http404
    wish = commands.Wish(**given.dict())
    return 201, commands.ask(by=request.scope, customer_id=customer_id, wish=wish, day=day_of(request.bank))


@router.post("/gifts/{int:gift_id}/decision", response=KeptOut, url_name="gift_decided", summary="Approve or refuse")
def decided(request: Asked, gift_id: int, given: DecisionIn) -> commands.Kept:
    """A second person says yes or no, and why."""
    return commands.decide(by=request.scope, gift_id=gift_id, approve=given.approve, reason=given.reason)


@router.post("/gifts/{int:gift_id}/given", response=KeptOut, url_name="gift_given", summary="It was handed over")
def handed_over(request: Asked, gift_id: int, given: GivenIn) -> commands.Kept:
    """It was handed over; the contact in which it was is logged."""
    row = queries.gift(scope=request.scope, gift_id=gift_id, today=request.bank.business_date)
    if row is None:
        raise Http404
    form, day = GivenForm(given.dict()), day_of(request.bank)
    form.full_clean()
    contact = form.contact(gift=row.text, day=day)
    return commands.give(by=request.scope, gift_id=gift_id, contact=contact, day=day)


@router.post("/gifts/{int:gift_id}/declined", response=KeptOut, url_name="gift_declined", summary="It was declined")
def declined(request: Asked, gift_id: int, given: ReasonIn) -> commands.Kept:
    """The customer declined it, or gave it back."""
    return commands.decline(by=request.scope, gift_id=gift_id, reason=given.reason)
