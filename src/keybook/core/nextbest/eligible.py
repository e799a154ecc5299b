"""The first gate: whom a next best contact is proposed for at all.

* A customer of ours: not a prospect, whom the memo line follows, and not one whose business with us is closed.
* A key customer, whose tier has a contact standard; of all others only what we have promised is proposed.
* With a banker who could do it.
* Not one whose relationship has ended, and not in a pause that was agreed; what we have promised is owed even then.
"""

from __future__ import annotations

from datetime import date

from keybook.core.nextbest.facts import Customer, Drop

GATE = "eligible"


def eligible(*, customer: Customer, theme: str, today: date) -> Drop | None:
    """Why this customer is not proposed; none when they are."""
    if customer.stage != "customer":
        return Drop(GATE, "no_customer")
    if not customer.has_banker:
        return Drop(GATE, "no_banker")
    return None if theme == "promise" else _standing(customer, today)


def _standing(customer: Customer, today: date) -> Drop | None:
    """What holds but for what we have promised."""
    if not customer.is_key:
        return Drop(GATE, "not_key")
    if customer.standing == "ended":
        return Drop(GATE, "ended")
    if customer.paused_until is not None and customer.paused_until > today:
        return Drop(GATE, "paused", {"until": customer.paused_until.isoformat()})
    return None
