"""The second gate: whether the theme is true of the customer today, whatever it was when somebody noticed it.

* Nothing that has expired, and nothing that somebody has said *later* or *no* to until its day.
* An occasion only until its day; a maturity until a week after it; money that has moved within a month.
* Idle cash while it lies there; the next tier while it is above them and within 15 %; the tier they fall below while they do.
* A risk profile while it is missing, expired, or ends within 60 days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from keybook.core.nextbest.facts import Candidate, Customer, Drop

GATE = "applicable"
LONGEST_AFTER = {"occasion": 0, "maturity": 7, "inflow": 30, "outflow": 30}
"""How many days after its deadline a theme is still one."""
NEAR_TIER = Decimal("0.85")
PROFILE_DAYS = timedelta(days=60)


def applicable(*, customer: Customer, candidate: Candidate, today: date) -> Drop | None:
    """Why this theme is not true of the customer today; none when it is."""
    if candidate.silent_until is not None and candidate.silent_until > today:
        return Drop(GATE, "later", {"until": candidate.silent_until.isoformat()})
    if candidate.expires_on is not None and candidate.expires_on <= today:
        return Drop(GATE, "expired", {"on": candidate.expires_on.isoformat()})
    longest = LONGEST_AFTER.get(candidate.theme)
    if longest is not None and (today - candidate.due_on).days > longest:
        return Drop(GATE, "over", {"on": candidate.due_on.isoformat()})
    still = STILL.get(candidate.theme)
    return None if still is None or still(customer, candidate, today) else Drop(GATE, "no_more")


def _idle(customer: Customer, candidate: Candidate, _today: date) -> bool:
    return customer.liquid >= candidate.stake / 2


def _near(customer: Customer, _candidate: Candidate, _today: date) -> bool:
    at = customer.next_tier_at
    return at is not None and at * NEAR_TIER <= customer.aum < at


def _below(customer: Customer, _candidate: Candidate, _today: date) -> bool:
    return customer.tier_leave_at is not None and customer.aum < customer.tier_leave_at


def _profile(customer: Customer, _candidate: Candidate, today: date) -> bool:
    return customer.risk_until is None or customer.risk_until <= today + PROFILE_DAYS


STILL: Mapping[str, Callable[[Customer, Candidate, date], bool]] = {
    "idle_cash": _idle, "next_tier": _near, "below_tier": _below, "risk_profile": _profile,
}  # fmt: skip
