"""The JSON face of one customer's contact standard: where the next due date comes from, and the exceptions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Field, Router, Schema

from keybook.apps.customers.asking import Asked
from keybook.apps.desk.queries import customer as queries
from keybook.apps.reminders import commands
from keybook.apps.standards.commands import Wanted
from keybook.apps.standards.models import StandardException
from keybook.apps.standards.queries import exceptions_of, explained
from keybook.core.cadence import RULE_VERSION, Due

router = Router(tags=["contact standards"])


class ExceptionOut(Schema):
    """An exception, up to, not on, its end."""

    id: int
    kind: str
    from_on: dt.date
    until_on: dt.date
    every_days: int | None
    channels: list[str]
    reason: str
    given_by: str
    ended_by: str


class ExceptionIn(Schema):
    """An exception as it should be: rhythm (with every_days), only (with channels), pause or away."""

    kind: str = Field(max_length=8)
    from_on: dt.date
    until_on: dt.date
    reason: str = Field(max_length=300)
    every_days: int | None = None
    channels: list[str] = Field(default_factory=list, max_length=7)


class DueOut(Schema):
    """A due date with what it was counted from."""

    on: dt.date
    late_from: dt.date
    why: str
    since: dt.date | None
    back_on: dt.date | None


class ExceptionsOut(Schema):
    """What is due by which version, and all exceptions, the newest first."""

    next_contact: DueOut | None
    next_visit: DueOut | None
    standard: str
    rule_version: str
    exceptions: list[ExceptionOut]


class SaidOut(Schema):
    """What was done and what follows."""

    sentence: str


@router.get(
    "/customers/{int:customer_id}/exceptions", response=ExceptionsOut, url_name="exceptions",
    summary="The contact standard of one customer",
)  # fmt: skip
def exceptions(request: Asked, customer_id: int) -> dict[str, Any]:
    """Where the next due date comes from, and the exceptions."""
    queries.head_of(scope=request.scope, customer_id=customer_id)
    day = commands.day_of(request.bank)
    found = explained(customer_id=customer_id, today=day.today, zone=day.zone, calendar=day.calendar)
    return {
        "next_contact": _due(found.due), "next_visit": _due(found.visit),
        "standard": f"{found.standard.tier.code} {found.standard.number}" if found.standard else "",
        "rule_version": RULE_VERSION,
        "exceptions": [_said(row) for row in exceptions_of(scope=request.scope, customer_id=customer_id)],
    }  # fmt: skip


@router.post(
    "/customers/{int:customer_id}/exceptions", response={201: SaidOut}, url_name="exceptions",
    summary="Give an exception",
)  # fmt: skip
def give(request: Asked, customer_id: int, wanted: ExceptionIn) -> tuple[int, dict[str, str]]:
    """Ask something else for a time; dates and list follow at once."""
    day = commands.day_of(request.bank)
    sentence = commands.give_exception(
        by=request.scope, customer_id=customer_id, wanted=Wanted(**wanted.dict()), day=day
    )
    return 201, {"sentence": sentence}


@router.delete(
    "/customers/{int:customer_id}/exceptions/{int:exception_id}", response=SaidOut, url_name="exception",
    summary="End an exception",
)  # fmt: skip
def end(request: Asked, customer_id: int, exception_id: int) -> dict[str, str]:
    """End it today, or take back one to come."""
    day = commands.day_of(request.bank)
    sentence = commands.end_exception(by=request.scope, customer_id=customer_id, exception_id=exception_id, day=day)
    return {"sentence": sentence}


def _due(due: Due | None) -> dict[str, Any] | None:
    names = ("on", "late_from", "why", "since", "back_on")
    return {name: getattr(due, name) for name in names} if due else None


def _said(row: StandardException) -> dict[str, Any]:
    names = ("id", "kind", "from_on", "until_on", "every_days", "channels", "reason")
    ended = row.ended_by.name if row.ended_by else ""
    return {name: getattr(row, name) for name in names} | {"given_by": row.given_by.name, "ended_by": ended}
