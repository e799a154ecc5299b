"""The fourth gate: whether this contact may be made now. Whoever plans or dials is asked the same by the gate of the bank.

* Never by a channel the customer refuses.
* In mourning nobody congratulates and nobody sells; what we have promised, and money that falls due, is still spoken of.
* Who does not want to be congratulated is not.
* To who holds a public office no gift is thought of.
* Nobody is contacted again within a week of having been spoken to, but for what we promised by today.
"""

from __future__ import annotations

from datetime import date, timedelta

from keybook.core.nextbest.facts import OCCASIONS, Candidate, Customer, Drop

GATE = "allowed"
BETWEEN = timedelta(days=7)
IN_MOURNING = frozenset({"promise", "maturity"})


def allowed(*, customer: Customer, candidate: Candidate, channel: str, today: date) -> Drop | None:
    """Why this contact may not be made by this channel today; none when it may."""
    if channel in customer.never:
        return Drop(GATE, "refused_channel", {"channel": channel})
    if customer.mourning and candidate.theme not in IN_MOURNING:
        return Drop(GATE, "mourning")
    if candidate.kind in OCCASIONS and customer.no_congratulation:
        return Drop(GATE, "no_congratulation")
    if candidate.kind == "gift_idea" and customer.official:
        return Drop(GATE, "official")
    owed = candidate.theme == "promise" and candidate.due_on <= today
    if customer.spoke_on is not None and customer.spoke_on + BETWEEN > today and not owed:
        return Drop(GATE, "spoken", {"on": customer.spoke_on.isoformat()})
    return None
