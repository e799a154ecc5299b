"""The fourth gate: whether this contact may be made now. It is the gate before every contact, `core.gate`, asked once more.

* What that gate refuses is not proposed: a refused channel, a withdrawn consent, mourning, a cap, a complaint …
* Some of what it only warns of is enough not to propose what nobody has asked for: somebody has spoken with the customer
  lately or plans to within a few days, the same was asked already, a cap is reached, a complaint is open. What we have promised by today is owed even then.
* What we speak of is of four kinds: an occasion is a greeting; what ends in a product is marketing; all else is service.
* Who does not want to be congratulated is not; to who holds a public office no gift is thought of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from keybook.core.gate import DEFAULT, PURPOSES, Proposal, Purpose, Reason, Rules, judge
from keybook.core.nextbest.facts import OCCASIONS, THEME_OF, Candidate, Customer, Drop
from keybook.core.workdays import WorkCalendar

GATE = "allowed"
NOON = time(12)
MARKETING = frozenset({"idle_cash", "inflow", "next_tier", "loan_paid_off", "product_bought", "potential_key"})
ENOUGH_WARNING = frozenset({"lately", "planned", "repeated", "cap", "complaint"})


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
    owed = _is_owed(candidate.theme, candidate.due_on, now.today)
    asked = Proposal(
        at=datetime.combine(now.today, NOON, ZoneInfo(now.zone)), channel=channel, purpose=_purpose(candidate), themes=_own_theme(candidate),
        promised=owed, hour_known=False,
    )  # fmt: skip
    verdict = judge(proposal=asked, customer=customer.gate, calendar=now.calendar, zone=now.zone, rules=now.rules)
    against = next((each for each in verdict.reasons if _stands_against(each, owed=owed)), None)
    return Drop(GATE, against.code, against.facts, against.until) if against else None


def left_alone(*, days: int, reasons: Sequence[tuple[str, date]], on: date, lately_days: int) -> bool:
    """Whether nothing may be proposed to whom we have spoken with so many days ago, whatever else is known of them.

    Within the gate's days all waits but what is owed by now and greetings. `reasons` are the kinds of what is open, each
    with the day it is due; what the register itself gives cause to speak of always waits.
    """
    themes = ((THEME_OF.get(kind, "occasion"), due_on) for kind, due_on in reasons)
    return days < lately_days and all(
        purpose_of(theme) != "greeting" and not _is_owed(theme, due_on, on) for theme, due_on in themes
    )


def _is_owed(theme: str, due_on: date, on: date) -> bool:
    return theme == "promise" and due_on <= on


def purpose_of(theme: str) -> Purpose:
    """What a contact about this theme is for."""
    if theme == "occasion":
        return "greeting"
    if theme == "campaign":
        return "invitation"
    return "marketing" if theme in MARKETING else "service"


def _purpose(candidate: Candidate) -> Purpose:
    """A campaign says itself what its contacts are for."""
    said = next((each for each in PURPOSES if each == candidate.facts.get("purpose")), None)
    return said if said and candidate.theme == "campaign" else purpose_of(candidate.theme)


def _own_theme(candidate: Candidate) -> tuple[str, ...]:
    """What a campaign is about, in its own words; of what it is a repetition the gate can tell by them."""
    return (candidate.facts["theme"],) if candidate.theme == "campaign" and candidate.facts.get("theme") else ()


def _stands_against(reason: Reason, *, owed: bool) -> bool:
    return reason.refuses or (reason.code in ENOUGH_WARNING and not owed)
