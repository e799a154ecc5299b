"""The JSON face of the handover of books, by the same verbs as the pages."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import Http404
from ninja import Field, Router, Schema

from keybook.apps.customers.asking import Asked as Request
from keybook.apps.handover import commands, queries
from keybook.apps.handover.queries import Asked, Introduction
from keybook.apps.handover.queries.books import PAGE
from keybook.apps.reminders.commands import day_of

router = Router(tags=["handover of books"])


class IntroductionIn(Schema):
    """How those of some tiers are introduced."""

    kinds: dict[str, str] = Field(default_factory=dict)
    within: int = 10
    texts: dict[str, str] = Field(default_factory=dict)


class HandoverIn(Schema):
    """A handover as it should be; `dry_run` only counts."""

    from_id: int
    to: list[int] = Field(max_length=30)
    what: str = "all"
    which: list[str] = Field(default_factory=list)
    chosen: list[int] = Field(default=[], max_length=2000)
    rule: str = "evenly"
    named: dict[str, int] = Field(default_factory=dict)
    leaves: bool = False
    introduction: IntroductionIn = IntroductionIn()
    reason: str = Field(default="", max_length=200)
    client_key: uuid.UUID
    seal: str = ""
    dry_run: bool = False


class AnswerIn(Schema):
    """Why a customer stays, and by when they will have been spoken to."""

    reason: str = Field(max_length=300)
    promised_on: dt.date


class DecisionIn(Schema):
    """What the head says; with `to_id` the customer goes there."""

    reason: str = Field(max_length=300)
    to_id: int | None = None


@router.get("/handovers", response=list[dict[str, Any]], url_name="handovers", summary="Past handovers")
def past(request: Request, page: int = 1) -> list[dict[str, Any]]:
    """The handovers this person may see, the newest first."""
    return [_act(each) for each in queries.past(scope=request.scope, page=max(1, min(page, 1000)))[:PAGE]]


@router.post("/handovers", response=dict[str, Any], url_name="handovers", summary="Hand over, or preview it")
def hand_over(request: Request, wanted: HandoverIn) -> dict[str, Any]:
    """Hand a book or a part of it over in one act, once per `client_key`; a dry run gives the same numbers."""
    day = day_of(request.bank)
    intro = wanted.introduction
    asked = Asked(
        from_id=wanted.from_id, to=tuple(wanted.to), what=wanted.what, which=tuple(wanted.which),
        chosen=tuple(wanted.chosen), rule=wanted.rule, named=wanted.named, leaves=wanted.leaves,
        introduction=Introduction(intro.kinds, intro.within, intro.texts),
    )  # fmt: skip
    if wanted.dry_run:
        return said(queries.preview(by=request.scope, asked=asked, day=day))
    done = commands.hand_over(
        by=request.scope, asked=asked, client_key=wanted.client_key, day=day, seal=wanted.seal, reason=wanted.reason
    )
    return {"id": done.handover_id, "customers": done.customers, "sentence": done.sentence}


@router.get("/handovers/{handover_id}", response=dict[str, Any], url_name="handover", summary="One handover")
def one(request: Request, handover_id: int) -> dict[str, Any]:
    """What it moved, and what handing back would do."""
    act = queries.past_one(scope=request.scope, handover_id=handover_id)
    if act is None:
        raise Http404
    back = commands.preview_back(by=request.scope, handover_id=handover_id, day=day_of(request.bank))
    going = {
        "customers": back.customers,
        "moved_on": back.moved_on,
        "counts": dict(back.counts),
        "refusal": back.refusal,
    }
    return {**_act(act), "counts": act.counts, "back": going}


@router.post("/handovers/{handover_id}/back", response=dict[str, str], url_name="hand_back", summary="Hand back")
def hand_back(request: Request, handover_id: int) -> dict[str, str]:
    """Hand back within 30 days."""
    return {
        "sentence": commands.hand_back(by=request.scope, handover_id=handover_id, day=day_of(request.bank))
    }  # fmt: skip


@router.get("/owners", response=list[dict[str, Any]], url_name="owners", summary="Who had whom")
def owners(request: Request, customer: int | None = None, rm: int | None = None, page: int = 1) -> list[dict[str, Any]]:
    """The ownership ledger: from, until, by which act, and whether that can be undone."""
    today = request.bank.business_date
    rows = queries.ledger(scope=request.scope, customer_id=customer, staff_id=rm, page=max(1, min(page, 1000)))
    return [
        {
            "customer": row.customer_id, "staff": row.staff, "from_on": row.from_on, "until_on": row.until_on,
            "cause": row.cause, "by": row.by, "handover": row.handover_id, "can_be_undone": row.can_be_undone(today),
        }
        for row in rows[:PAGE]
    ]  # fmt: skip


@router.get("/offers", response=list[dict[str, Any]], url_name="offers", summary="Neglected customers that wait")
def offers(request: Request) -> list[dict[str, Any]]:
    """What waits for this person: a banker's answer, or a head's decision."""
    today = request.bank.business_date
    return [
        {
            "id": row.id, "customer": row.customer_id, "rm": row.rm_id, "raised_on": row.raised_on,
            "answer_by": row.answer_by, "why": row.code, "facts": dict(row.facts), "rule_version": row.rule_version,
            "data_date": row.data_date, "state": row.state, "reason": row.reason, "promised_on": row.promised_on,
            "may_be_decided": row.may_be_decided(today),
        }
        for row in queries.waiting(scope=request.scope, today=today)
    ]  # fmt: skip


@router.post(
    "/offers/{offer_id}/answer", response=dict[str, str], url_name="offer_answer", summary="Keep, with a reason"
)
def answer(request: Request, offer_id: int, given: AnswerIn) -> dict[str, str]:
    """The banker says why, and by when they will have spoken."""
    sentence = commands.answer(
        by=request.scope,
        offer_id=offer_id,
        reason=given.reason,
        promised_on=given.promised_on,
        day=day_of(request.bank),
    )
    return {"sentence": sentence}


@router.post("/offers/{offer_id}/decision", response=dict[str, str], url_name="offer_decide", summary="Decide")
def decide(request: Request, offer_id: int, given: DecisionIn) -> dict[str, str]:
    """The head lets the customer stay, or gives them to somebody with room."""
    day = day_of(request.bank)
    if given.to_id is None:
        return {"sentence": commands.let_stay(by=request.scope, offer_id=offer_id, reason=given.reason, day=day)}
    return {
        "sentence": commands.reassign(
            by=request.scope, offer_id=offer_id, to_id=given.to_id, reason=given.reason, day=day
        )
    }  # fmt: skip


def said(found: queries.Preview) -> dict[str, Any]:
    """A preview as JSON: the numbers, who takes how many, and what speaks against it."""
    takers = [
        {"id": each.staff.pk, "code": each.staff.code, "given": each.given, "by_tier": dict(each.by_tier),
         "after": each.after, "most": each.book.most}
        for each in found.takers
    ]  # fmt: skip
    return {
        "from": found.from_staff.code, "customers": found.customers, "closed": found.closed, "takers": takers,
        "households": found.households, "parted": found.parted, "counts": dict(found.counts),
        "introduced": dict(found.introduced), "warnings": list(found.warnings), "until_on": found.until_on,
        "refusals": [{"field": field, "detail": text} for field, text in found.refusals], "seal": found.seal,
    }  # fmt: skip


def _act(act: Any) -> dict[str, Any]:
    return {
        "id": act.pk, "from": act.from_staff.code, "by": act.by.code, "on": act.on, "until_on": act.until_on,
        "what": act.what, "which": act.which, "customers": act.customers, "leaves": act.leaves, "state": act.state,
        "back_on": act.back_on,
    }  # fmt: skip
