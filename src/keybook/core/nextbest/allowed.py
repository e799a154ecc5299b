"""The fourth gate: whether this contact may be made now. It is the gate before every contact, `core.gate`, asked once more.

* What that gate refuses is not proposed: a refused channel, a withdrawn consent, mourning, a cap, a complaint …
* Some of what it only warns of is enough not to propose what nobody has asked for: somebody has spoken with the customer
  lately, the same was asked already, a cap is reached, a complaint is open. What we have promised by today is owed even then.
* What we speak of is of four kinds: an occasion is a greeting; what ends in a product is marketing; all else is service.
* Who does not want to be congratulated is not; to who holds a public office no gift is thought of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from keybook.core.gate import DEFAULT, Proposal, Purpose, Reason, Rules, judge
from keybook.core.nextbest.facts import OCCASIONS, Candidate, Customer, Drop
from keybook.core.workdays import WorkCalendar

GATE = "allowed"
NOON = time(12)
MARKETING = frozenset({"idle_cash", "inflow", "next_tier", "loan_paid_off", "product_bought", "potential_key"})
ENOUGH_WARNING = frozenset({"lately", "repeated", "cap", "complaint"})


@dataclass(frozen=True, slots=True)
class Now:
    """The business date, and what the gate needs to count from it."""

    today: date
    calendar: WorkCalendar
    zone: str = "Asia/Shanghai"
    rules: Rules = DEFAULT


def allowed(*, customer: Customer, candidate: Candidate, channel: str, now: Now) -> Drop | None:
    """Why this contact may not be made by this channel today; none when it may."""
    if candidate.kind in OCCASIONS and customer.no_congratulation:
        return Drop(GATE, "no_congratulation")
    if candidate.kind == "gift_idea" and customer.official:
        return Drop(GATE, "official")
    owed = candidate.theme == "promise" and candidate.due_on <= now.today
    asked = Proposal(
        at=datetime.combine(now.today, NOON, ZoneInfo(now.zone)), channel=channel, purpose=purpose_of(candidate.theme),
        promised=owed, hour_known=False,
    )  # fmt: skip
    verdict = judge(proposal=asked, customer=customer.gate, calendar=now.calendar, zone=now.zone, rules=now.rules)
    against = next((each for each in verdict.reasons if _stands_against(each, owed=owed)), None)
    return Drop(GATE, against.code, against.facts, against.until) if against else None


def purpose_of(theme: str) -> Purpose:
    """What a contact about this theme is for."""
    if theme == "occasion":
        return "greeting"
    if theme == "campaign":
        return "invitation"
    return "marketing" if theme in MARKETING else "service"


def _stands_against(reason: Reason, *, owed: bool) -> bool:
    return reason.refuses or (reason.code in ENOUGH_WARNING and not owed)
