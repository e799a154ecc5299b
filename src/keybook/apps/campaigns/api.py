"""Campaigns for programs, by the same commands and queries as their pages."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.http import Http404
from ninja import Field, Router, Schema

from keybook.apps.campaigns import commands
from keybook.apps.campaigns.commands.launching import chosen_for
from keybook.apps.campaigns.models import Campaign
from keybook.apps.campaigns.queries import shown
from keybook.apps.campaigns.queries.documents import document
from keybook.apps.campaigns.queries.seen import campaign_of
from keybook.apps.customers.asking import Asked
from keybook.apps.reminders.commands import day_of

router = Router(tags=["campaigns"])


class CampaignIn(Schema):
    """A campaign as somebody writes it down; `until_on` is up to, not on, that day."""

    name: str = Field(max_length=80)
    theme: str = Field(max_length=80)
    branch_id: int
    from_on: dt.date
    until_on: dt.date
    channels: list[str] = Field(max_length=6)
    purpose: str = "invitation"
    minutes: int | None = None
    budget: Decimal | None = Field(None, max_digits=16, decimal_places=2)
    cost: Decimal = Field(Decimal(0), max_digits=10, decimal_places=2)
    opening_en: str = Field("", max_length=240)
    opening_zh: str = Field("", max_length=240)
    holdout_percent: int = Field(0, ge=0, le=50)
    per_day: int | None = Field(None, ge=1, le=100)
    ask: dict[str, str] = Field(default_factory=dict)
    chosen: list[int] = Field(default=[], max_length=2000)
    client_key: uuid.UUID


class LaunchIn(Schema):
    """The seal of the preview that was looked at; without one it is launched as it is now."""

    seal: str = ""


class EndIn(Schema):
    """Why it ends."""

    reason: str = Field(max_length=200)


class ResultIn(Schema):
    """What came of a logged contact: interested, reached or declined."""

    result: str


@router.get("/campaigns", url_name="campaigns", summary="Campaigns of my branch or with my customers")
def campaigns(request: Asked) -> list[dict[str, Any]]:
    """Every campaign this person sees, the newest first, with its counts inside the scope."""
    return [{**document(each.campaign), "counts": asdict(each.count)} for each in shown.board(scope=request.scope)]


@router.post("/campaigns", response={201: dict[str, Any]}, url_name="campaigns", summary="Draft a campaign")
def drafted(request: Asked, wanted: CampaignIn) -> tuple[int, dict[str, Any]]:
    """Write a campaign down, once per `client_key`; nobody is contacted until it is launched."""
    given = wanted.dict()
    key = given.pop("client_key")
    draft = commands.Draft(**{**given, "channels": tuple(wanted.channels), "chosen": tuple(wanted.chosen)})
    return 201, document(commands.draft(by=request.scope, wanted=draft, client_key=key, day=day_of(request.bank)))


@router.get("/campaigns/{int:campaign_id}", url_name="campaign", summary="One campaign")
def campaign(request: Asked, campaign_id: int) -> dict[str, Any]:
    """One campaign; of a draft also whom it would contact today, counted, and the seal to launch it with."""
    row = _found(request, campaign_id)
    if row.state != Campaign.State.DRAFT:
        rows = shown.progress(scope=request.scope, campaign_id=campaign_id)
        return {**document(row), "bankers": [asdict(each) for each in rows]}
    found = chosen_for(by=request.scope, campaign=row, day=day_of(request.bank))
    choice = found.choice
    return {
        **document(row), "seal": found.seal,
        "preview": {
            **choice.groups, "warned": choice.warned, "left_out_by": dict(choice.left_out), "refused_by": dict(choice.refusals),
            "cost": choice.cost(each=row.cost),
        },
    }  # fmt: skip


@router.get("/campaigns/{int:campaign_id}/targets", url_name="campaign_targets", summary="The targets of a campaign")
def targets(request: Asked, campaign_id: int, group: str = "", page: int = 1) -> dict[str, Any]:
    """A page of the frozen targets inside the scope, by rank; none before the launch."""
    _found(request, campaign_id)
    page, group = max(1, min(page, 10_000)), group if group in shown.GROUPS else ""
    found = shown.targets(scope=request.scope, campaign_id=campaign_id, group=group, page=page)
    return {
        "counts": dict(found.counts),
        "page": page,
        "more": found.more,
        "targets": [asdict(each) for each in found.rows],
    }


@router.post("/campaigns/{int:campaign_id}/launch", url_name="campaign_launched", summary="Launch a campaign")
def launched(request: Asked, campaign_id: int, given: LaunchIn) -> dict[str, str]:
    """Freeze the targets and open their tasks, once."""
    return {
        "sentence": commands.launch(
            by=request.scope, campaign_id=campaign_id, day=day_of(request.bank), seal=given.seal
        )
    }  # fmt: skip


@router.post("/campaigns/{int:campaign_id}/end", url_name="campaign_ended", summary="End or cancel a campaign")
def ended(request: Asked, campaign_id: int, given: EndIn) -> dict[str, str]:
    """End it now, or cancel the draft; its open tasks are taken off every list."""
    day = day_of(request.bank)
    return {"sentence": commands.end(by=request.scope, campaign_id=campaign_id, reason=given.reason, day=day)}


@router.post("/campaign-targets/{int:target_id}/result", url_name="campaign_result", summary="What came of a contact")
def told(request: Asked, target_id: int, given: ResultIn) -> dict[str, str]:
    """Say what came of a contact that was logged."""
    return {"sentence": commands.tell(by=request.scope, target_id=target_id, result=given.result)}


def _found(request: Asked, campaign_id: int) -> Campaign:
    row = campaign_of(scope=request.scope, campaign_id=campaign_id)
    if row is None:
        raise Http404
    return row
