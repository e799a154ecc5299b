"""The JSON face of the contact standards, by the same verbs as the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Field, Router, Schema

from keybook import calendars
from keybook.apps.customers.asking import Asked
from keybook.apps.standards import commands, queries
from keybook.apps.standards.models import Standard
from keybook.apps.standards.preview import preview
from keybook.core.cadence import RULE_VERSION

router = Router(tags=["contact standards"])


class StandardOut(Schema):
    """A version of a tier's standard; without days the tier asks for none."""

    id: int
    tier: str
    number: int
    from_on: dt.date
    every_days: int | None
    grace_days: int
    basis: str
    channels: list[str]
    visits_a_year: int
    reason: str
    set_by: str
    holds: bool


class StandardIn(Schema):
    """A version as it should be, from tomorrow or later."""

    tier: str = Field(max_length=16)
    from_on: dt.date
    reason: str = Field(max_length=300)
    every_days: int | None
    grace_days: int = 5
    basis: str = Field("contact", max_length=8)
    channels: list[str] = Field(default_factory=lambda: [str(each) for each in commands.USUAL_CHANNELS], max_length=7)
    visits_a_year: int = 0


class PreviewOut(Schema):
    """What a version would do on the day it begins; counts of those looked at."""

    of: int
    looked_at: int
    earlier: int
    later: int
    same: int
    begins: int
    ends: int
    outside_as_before: int
    no_longer_outside: int
    becomes_overdue: int
    first_on: dt.date | None
    rule_version: str
    data_date: dt.date | None


class SaidOut(Schema):
    """What was done."""

    sentence: str


@router.get("/standards", response=list[StandardOut], url_name="standards", summary="Contact standards, by version")
def standards(request: Asked) -> list[dict[str, Any]]:
    """Every version of every tier, the highest tier and the newest version first."""
    found = queries.tier_standards(today=request.bank.business_date)
    return [_said(row, holds=row is each.now) for each in found for row in reversed(each.rows)]


@router.post("/standards", response={201: StandardOut}, url_name="standards", summary="Set a version of a standard")
def set_standard(request: Asked, wanted: StandardIn) -> tuple[int, dict[str, Any]]:
    """A version from tomorrow or later, with the reason; nobody becomes overdue by it."""
    kept = commands.set_standard(by=request.scope, draft=_draft(wanted), today=request.bank.business_date)
    return 201, _said(kept, holds=False)


@router.post("/standards/preview", response=PreviewOut, url_name="standards_preview", summary="Try a standard")
def try_standard(request: Asked, wanted: StandardIn) -> dict[str, Any]:
    """What the version would do on the day it begins; nothing is changed."""
    calendar = calendars.workdays(request.bank.calendar)
    told = preview(draft=_draft(wanted), today=request.bank.business_date, zone=request.bank.zone, calendar=calendar)
    names = ("of", "looked_at", "earlier", "later", "same", "begins", "ends", "becomes_overdue", "first_on")
    return {name: getattr(told, name) for name in names} | {
        "outside_as_before": told.outside, "no_longer_outside": told.relieved, "rule_version": RULE_VERSION,
        "data_date": request.bank.data_date,
    }  # fmt: skip


@router.delete("/standards/{int:standard_id}", response=SaidOut, url_name="standard", summary="Withdraw a version")
def withdraw(request: Asked, standard_id: int) -> dict[str, str]:
    """Take back a version that has not begun."""
    today = request.bank.business_date
    return {"sentence": commands.withdraw_standard(by=request.scope, standard_id=standard_id, today=today)}


def _draft(wanted: StandardIn) -> commands.Draft:
    values = wanted.dict()
    return commands.Draft(tier_id=queries.tier_id_of(values.pop("tier")), **values)


def _said(row: Standard, *, holds: bool) -> dict[str, Any]:
    names = ("id", "number", "from_on", "every_days", "grace_days", "basis", "channels", "visits_a_year", "reason")
    set_by = row.set_by.name if row.set_by else ""
    return {name: getattr(row, name) for name in names} | {"tier": row.tier.code, "set_by": set_by, "holds": holds}
