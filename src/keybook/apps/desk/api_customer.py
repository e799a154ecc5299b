"""One customer for programs: the head of the page, share of wallet, holdings and relations."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone
from ninja import Router, Schema

from keybook.apps.audit.commands import record_view
from keybook.apps.customers.asking import Asked
from keybook.apps.desk.queries import customer as queries
from keybook.apps.reminders.postings import health_of
from keybook.apps.reminders.queries import day_of, habits_of
from keybook.core.habits import RULE_VERSION, Best

router = Router(tags=["customers"])


class Position(Schema):
    """One holding."""

    kind: str
    name: str
    currency: str
    balance: Decimal
    matures_on: dt.date | None
    rate: Decimal | None
    as_of: dt.date


class Elsewhere(Schema):
    """One piece of evidence of an asset at another bank."""

    institution: str
    kind: str
    amount: Decimal | None
    currency: str
    source: str
    confidence: str
    seen_on: dt.date
    matures_on: dt.date | None
    expires_on: dt.date
    expired: bool


class RelatedTo(Schema):
    """The other end of a relation; id and name are empty for another banker's customer."""

    id: int | None
    name: str
    role: str
    other_role: str
    household: bool


class CustomerOut(Schema):
    """One customer; phone, e-mail and identity number are masked."""

    id: int
    number: str | None
    kind: str
    stage: str
    name: str
    name_zh: str
    born_on: dt.date | None
    phone: str
    email: str
    language: str
    occupation: str
    opened_on: dt.date | None
    currency: str
    aum: Decimal
    aum_change: Decimal
    tier: str
    tier_since: dt.date | None
    risk_level: str
    risk_until: dt.date | None
    last_contact_on: dt.date | None
    next_due_on: dt.date | None
    health: int
    standing: str
    rm_name: str
    branch_name: str
    channels: list[str]
    never: list[str]
    wallet_low: int | None
    wallet_high: int | None
    holdings: list[Position]
    elsewhere: list[Elsewhere]
    relations: list[RelatedTo]


@router.get("/customers/{int:customer_id}", response=CustomerOut, url_name="customer", summary="One customer")
def customer(request: Asked, customer_id: int) -> dict[str, object]:
    """One customer inside the scope; the look is recorded."""
    today = request.bank.business_date
    head = queries.head_of(scope=request.scope, customer_id=customer_id)
    record_view(
        staff_id=request.user.pk, customer_id=customer_id, page="api customer", request_id=request.request_id,
        at=timezone.now(),
    )  # fmt: skip
    wallet = queries.wallet_of(head, today=today)
    values = {name: getattr(head, name) for name in CustomerOut.model_fields if hasattr(head, name)}
    return {
        **values, "wallet_low": wallet.low, "wallet_high": wallet.high, "elsewhere": head.away,
        "holdings": queries.holdings_of(customer_id),
        "relations": queries.related_to(scope=request.scope, customer_id=customer_id),
    }  # fmt: skip


class PostingOut(Schema):
    """One posting of the relationship ledger, with what it was worth and what is left of it."""

    on: dt.date
    kind: str
    times: int
    points: int
    left: float


class LedgerOut(Schema):
    """How a customer stands: the balance, the state, the postings they are the sum of, and the rule's version."""

    balance: int
    state: str
    balance_60_days_ago: int
    rule_version: str
    half_life_days: int
    data_date: dt.date | None
    postings: list[PostingOut]


@router.get(
    "/customers/{int:customer_id}/ledger",
    response=LedgerOut,
    url_name="customer_ledger",
    summary="The relationship ledger",
)
def ledger(request: Asked, customer_id: int) -> dict[str, object]:
    """The ledger of one customer inside the scope; the look is recorded."""
    head = queries.head_of(scope=request.scope, customer_id=customer_id)
    record_view(
        staff_id=request.user.pk, customer_id=customer_id, page="api ledger", request_id=request.request_id,
        at=timezone.now(),
    )  # fmt: skip
    day = day_of(request.bank)
    stands = health_of(customer_id=customer_id, day=day, closed=head.stage == "closed")
    return {
        "balance": stands.balance, "state": stands.state, "balance_60_days_ago": stands.before,
        "rule_version": stands.weights.version, "half_life_days": stands.weights.half_life_days,
        "data_date": day.data_date,
        "postings": [
            {"on": step.posting.on, "kind": step.posting.kind, "times": step.posting.times, "points": step.points,
             "left": step.left}
            for step in stands.steps
        ],
    }  # fmt: skip


class HabitOut(Schema):
    """What to choose, how likely an answer then is with its 95 % range, and the tries it rests on.

    `enough` says whether it can be told, `stated` that the customer asked for it.
    """

    choice: str
    chance: float
    low: float
    high: float
    tried: int
    answered: int
    lent: float
    strength: float
    enough: bool
    stated: bool


class HabitsOut(Schema):
    """The habits of a customer; `too_soon` that a contact now would come too soon for them."""

    channel: HabitOut | None
    hour: HabitOut
    half: HabitOut
    pause: HabitOut
    too_soon: bool
    days_since_contact: int | None
    rule_version: str
    data_date: dt.date | None


@router.get(
    "/customers/{int:customer_id}/habits",
    response=HabitsOut,
    url_name="customer_habits",
    summary="By which channel, at which hour and after what pause a customer answers",
)
def habits(request: Asked, customer_id: int) -> dict[str, object]:
    """The habits of one customer inside the scope; the look is recorded."""
    queries.head_of(scope=request.scope, customer_id=customer_id)
    record_view(
        staff_id=request.user.pk, customer_id=customer_id, page="api habits", request_id=request.request_id,
        at=timezone.now(),
    )  # fmt: skip
    day = day_of(request.bank)
    found = habits_of(customer_id=customer_id, day=day)
    return {
        "channel": _habit(found.channel) if found.channel else None, "hour": _habit(found.hour),
        "half": _habit(found.half), "pause": _habit(found.gap), "too_soon": found.too_soon,
        "days_since_contact": found.days, "rule_version": RULE_VERSION, "data_date": day.data_date,
    }  # fmt: skip


def _habit(best: Best[str] | Best[int]) -> dict[str, object]:
    belief = best.belief
    return {
        "choice": str(best.cell), "chance": belief.mean, "low": belief.low, "high": belief.high, "tried": belief.tried,
        "answered": belief.answered, "lent": belief.lent, "strength": belief.strength, "enough": best.enough,
        "stated": best.stated,
    }  # fmt: skip
