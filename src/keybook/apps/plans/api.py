"""The JSON face of the plans."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema

from keybook.apps.plans.commands import entries as verbs
from keybook.apps.plans.commands.entries import Where, Wish
from keybook.apps.plans.commands.planning import plan_month
from keybook.apps.plans.commands.proposed import plan_proposal
from keybook.apps.plans.queries import page as pages
from keybook.apps.plans.queries.document import document
from keybook.apps.plans.queries.whose import may_see
from keybook.apps.proposals.commands import Said
from keybook.apps.reminders.commands import day_of
from keybook.core.periods import month_after

router = Router(tags=["plans"])
MOST_DAYS = 92


class EntryOut(Schema):
    """One contact of a plan."""

    id: int
    customer_id: int
    name: str
    on: dt.date
    half: str
    place: int
    hour: int | None
    channel: str
    minutes: int
    cause: str
    theme: str
    due_on: dt.date | None
    late_from: dt.date | None
    state: str
    pinned: bool
    reasons: list[Any]


class MoveIn(Schema):
    """Where a contact goes, and why if the half-day asks."""

    on: dt.date
    half: str
    place: int | None = None
    because: str = ""


class DropIn(Schema):
    """Why a contact is taken out."""

    because: str = ""


class KeptOut(Schema):
    """What a verb did."""

    entry_id: int
    sentence: str


@router.get("/plan/entries", response=list[EntryOut], url_name="plan_entries")
def plan_entries(
    request: HttpRequest, from_on: dt.date | None = None, until_on: dt.date | None = None, rm: int = 0
) -> Any:
    """The contacts planned or done of one member of staff (one's own unless `rm` says), in a period of at most 92 days."""
    scope, day = request.scope, day_of(request.bank)  # type: ignore[attr-defined]
    staff_id = rm or scope.staff_id
    if staff_id != scope.staff_id and not may_see(scope=scope, staff_id=staff_id):
        raise Http404
    start = from_on or day.today
    end = min(until_on or start + dt.timedelta(days=31), start + dt.timedelta(days=MOST_DAYS))
    return pages.items_between(scope=scope, staff_id=staff_id, from_on=start, until_on=end)


class MonthIn(Schema):
    """Which days to plan, and for whom: oneself unless `rm` says."""

    from_on: dt.date | None = None
    until_on: dt.date | None = None
    rm: int = 0


@router.post("/plan", response={201: dict[str, Any]}, url_name="plan_made", summary="Plan a month")
def plan_made(request: HttpRequest, asked: MonthIn) -> Any:
    """Plan the days from one up to, not on, another (a month from the business date), and give the plan."""
    scope, day = request.scope, day_of(request.bank)  # type: ignore[attr-defined]
    staff_id = asked.rm or scope.staff_id
    if staff_id != scope.staff_id and not may_see(scope=scope, staff_id=staff_id):
        raise Http404
    first = asked.from_on or day.today
    period = (first, asked.until_on or month_after(on=first))
    (made,) = plan_month(by=scope, staff_ids=[staff_id], period=period, day=day)
    return 201, document(plan_id=made, day=day)


@router.post("/plan/entries/{int:entry_id}/move", response=KeptOut, url_name="plan_move")
def plan_move(request: HttpRequest, entry_id: int, to: MoveIn) -> Any:
    """Put a planned contact on another half-day; refused with the reason, or asked for one in `because`."""
    where = Where(to.on, to.half, to.place)
    by, day = request.scope, day_of(request.bank)  # type: ignore[attr-defined]
    return verbs.move_entry(by=by, entry_id=entry_id, to=where, because=to.because, day=day)


class ProposalIn(Schema):
    """The next best contact that is planned: its theme, the half-day, by which channel, and why if the half-day asks."""

    theme: str = Field(max_length=16)
    client_key: uuid.UUID
    on: dt.date
    half: str
    channel: Literal["call", "visit", "branch", "wechat", "sms", "email", "letter"]
    about: str = Field("", max_length=120)
    because: str = ""


@router.post(
    "/customers/{int:customer_id}/next/plan", response={201: KeptOut}, url_name="customer_next_plan",
    summary="Put the next best contact into the plan",
)  # fmt: skip
def planned(request: HttpRequest, customer_id: int, given: ProposalIn) -> Any:
    """Accept what is proposed and place it on a half-day, in one act; once per client key."""
    by, day = request.scope, day_of(request.bank)  # type: ignore[attr-defined]
    said = Said(answer="accepted", theme=given.theme, client_key=given.client_key)
    wish = Wish(where=Where(given.on, given.half), channel=given.channel, theme=given.about, because=given.because)
    return 201, plan_proposal(by=by, customer_id=customer_id, said=said, wish=wish, day=day)


@router.post("/plan/entries/{int:entry_id}/drop", response=KeptOut, url_name="plan_drop")
def plan_drop(request: HttpRequest, entry_id: int, given: DropIn) -> Any:
    """Take a planned contact out of the plan."""
    by, day = request.scope, day_of(request.bank)  # type: ignore[attr-defined]
    return verbs.drop_entry(by=by, entry_id=entry_id, because=given.because, day=day)
