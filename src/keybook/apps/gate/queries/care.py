"""What is known of one customer that every contact minds: complaints, what to mind, consents, and who went ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from keybook.apps.customers.models import Complaint, Consent, Customer, Preference, Vulnerability
from keybook.apps.customers.queries import visible_to
from keybook.apps.gate.models import GoAhead
from keybook.apps.gate.queries.answers import Asking
from keybook.apps.people.scope import Scope

MOST = 50


@dataclass(frozen=True, slots=True)
class Care:
    """Everything of it, the newest first."""

    customer: Customer
    complaints: list[Complaint]
    minds: list[Vulnerability]
    consents: list[Consent]
    said: list[Consent]
    """The last word for each purpose and channel."""
    ahead: list[GoAhead]
    zone: str
    reviews: frozenset[int]
    """Of what is minded, what somebody has to ask about again by today."""


def care_of(*, scope: Scope, customer_id: int, today: dt.date) -> Care | None:
    """What is known; None for a customer outside the scope."""
    customer = visible_to(scope).filter(pk=customer_id).first()
    if customer is None:
        return None
    consents = list(Consent.objects.filter(customer_id=customer_id).select_related("by").order_by("-on", "-id")[:MOST])
    last: dict[tuple[str, str], Consent] = {}
    for each in consents:
        last.setdefault((each.purpose, each.channel), each)
    minds = list(
        Vulnerability.objects.filter(customer_id=customer_id)
        .exclude(until_on__lte=today).select_related("by").order_by("-id")
    )  # fmt: skip
    return Care(
        customer=customer,
        complaints=list(
            Complaint.objects.filter(customer_id=customer_id).select_related("opened_by", "settled_by").order_by("-id")[:MOST]
        ),
        minds=minds, reviews=frozenset(each.pk for each in minds if each.review_on is None or each.review_on <= today),
        consents=consents, said=list(last.values()),
        ahead=list(GoAhead.objects.filter(customer_id=customer_id).select_related("staff", "interaction").order_by("-id")[:MOST]),
        zone=Preference.objects.filter(customer_id=customer_id).values_list("zone", flat=True).first() or "",
    )  # fmt: skip


def went_ahead(*, scope: Scope, asking: Asking, codes: Collection[str], today: dt.date) -> str:
    """Why the reader goes ahead with this contact today, if they have said so of all that speaks against it."""
    kept = GoAhead.objects.filter(
        customer_id=asking.customer_id,
        staff_id=scope.staff_id,
        on=today,
        channel=asking.proposal.channel,
        interaction=None,
    ).order_by("-id")
    return next((each.because for each in kept if set(codes) <= set(each.codes)), "")
