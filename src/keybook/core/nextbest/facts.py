"""What the next best contact is decided from: the customer, the themes that could be spoken of, what was answered before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from keybook.core import gate
from keybook.core.habits import Belief

RULE_VERSION = "next/2"
NOTHING_AGAINST = gate.Customer()
OCCASIONS = ("birthday", "anniversary", "opening", "wedding", "exam", "moving", "memorial", "other")
THEME_OF: Mapping[str, str] = MappingProxyType(
    {
        "promise": "promise", "standard": "standard", "deposit_maturing": "maturity", "large_inflow": "inflow",
        "large_outflow": "outflow", "outflow_other_bank": "outflow", "balance_falling": "outflow",
        "income_stopped": "outflow", "idle_cash": "idle_cash", "dormant": "dormant",
        "risk_profile_expiring": "risk_profile", "near_next_tier": "next_tier", "below_tier": "below_tier",
        "potential_key": "potential_key", "loan_paid_off": "loan_paid_off", "product_bought": "product_bought",
        "gift_idea": "occasion", "campaign": "campaign", "invitation": "campaign", **dict.fromkeys(OCCASIONS, "occasion"),
    }
)  # fmt: skip
"""The theme that each kind of reminder is about."""
THEMES = tuple(dict.fromkeys(THEME_OF.values()))


@dataclass(frozen=True, slots=True)
class Customer:
    """Who the customer is to the bank today; `gate` is what the gate before every contact looks at."""

    stage: str
    standing: str
    is_key: bool
    has_banker: bool
    aum: Decimal
    liquid: Decimal = Decimal(0)
    next_tier_at: Decimal | None = None
    tier_leave_at: Decimal | None = None
    risk_level: str = ""
    risk_until: date | None = None
    paused_until: date | None = None
    official: bool = False
    no_congratulation: bool = False
    gate: gate.Customer = NOTHING_AGAINST


@dataclass(frozen=True, slots=True)
class Candidate:
    """One theme that could be spoken of: by which kind of reason, until when, about how much."""

    kind: str
    due_on: date
    stake: Decimal = Decimal(0)
    reminder_id: int | None = None
    expires_on: date | None = None
    silent_until: date | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def theme(self) -> str:
        """The theme of it."""
        return THEME_OF.get(self.kind, "occasion")


@dataclass(frozen=True, slots=True)
class Way:
    """A channel with the chance that the customer answers by it."""

    channel: str
    answer: Belief


@dataclass(frozen=True, slots=True)
class Drop:
    """At which gate something was dropped and why: a code with the facts of its sentence, and until when if it is known."""

    gate: str
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)
    until: date | None = None
