"""The third gate: whether the product behind a theme suits the customer. A theme without a product always does.

* Cash that lies idle, money that came in and a loan paid off lead to a product of risk R2 at the least; a maturing deposit can be
  renewed as R1, for which no risk profile is asked.
* From R2 on the risk profile must be valid today and its level (C1–C5) at least the product's (R1–R5).
* Under 10,000 no product is worth the talk. A fifth of all assets here stays liquid: what would go into the product must leave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from keybook.core.nextbest.facts import Candidate, Customer, Drop

GATE = "suitable"
RISK_OF: Mapping[str, int] = MappingProxyType({"maturity": 1, "idle_cash": 2, "inflow": 2, "loan_paid_off": 2})
FROM_LIQUID = frozenset({"idle_cash", "inflow"})
LEAST_AMOUNT = Decimal(10_000)
STAYS_LIQUID = Decimal("0.2")


def suitable(*, customer: Customer, candidate: Candidate, today: date) -> Drop | None:
    """Why the product behind this theme does not suit; none when it does or there is none."""
    risk = RISK_OF.get(candidate.theme)
    if risk is None:
        return None
    if candidate.stake < LEAST_AMOUNT:
        return Drop(GATE, "small", {"amount": f"{candidate.stake:f}"})
    drop = _profile(customer, risk, today) if risk > 1 else None
    if drop is None and candidate.theme in FROM_LIQUID and customer.liquid < customer.aum * STAYS_LIQUID:
        return Drop(GATE, "not_liquid")
    return drop


def _profile(customer: Customer, risk: int, today: date) -> Drop | None:
    """What of the risk profile stands against a product of this risk."""
    if customer.risk_until is None or not customer.risk_level:
        return Drop(GATE, "no_profile")
    if customer.risk_until < today:
        return Drop(GATE, "profile_over", {"on": customer.risk_until.isoformat()})
    if int(customer.risk_level[1:]) < risk:
        return Drop(GATE, "too_risky", {"level": customer.risk_level, "risk": f"R{risk}"})
    return None
