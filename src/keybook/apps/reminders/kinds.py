"""The kinds of reasons as every page names and draws them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as lazy

ICONS: Mapping[str, str] = {
    "promise": "bookmark", "deposit_maturing": "calendar-dollar", "large_inflow": "arrow-down-right",
    "large_outflow": "arrow-up-right", "outflow_other_bank": "arrow-up-right", "balance_falling": "trending-down",
    "income_stopped": "trending-down", "idle_cash": "coin", "dormant": "moon", "risk_profile_expiring": "scale",
    "near_next_tier": "trending-up", "below_tier": "trending-down", "potential_key": "star", "loan_paid_off": "check",
    "birthday": "cake", "product_bought": "file-text", "standard": "repeat", "anniversary": "cake",
    "opening": "building-bank", "memorial": "calendar-event", "other": "calendar-event",
    "campaign": "speakerphone", "invitation": "mail-opened", "wedding": "cake", "exam": "book", "moving": "home", "gift_idea": "gift",
}  # fmt: skip
KINDS: Mapping[str, Any] = {
    "promise": lazy("promise"), "deposit_maturing": lazy("maturity"), "large_inflow": lazy("inflow"),
    "large_outflow": lazy("outflow"), "outflow_other_bank": lazy("outflow"), "balance_falling": lazy("falling balance"),
    "income_stopped": lazy("income stopped"), "idle_cash": lazy("idle cash"), "dormant": lazy("dormant"),
    "risk_profile_expiring": lazy("risk profile"), "near_next_tier": lazy("near the next tier"),
    "below_tier": lazy("below the tier"), "potential_key": lazy("potential key customer"),
    "loan_paid_off": lazy("loan paid off"), "birthday": lazy("birthday"), "product_bought": lazy("new product"),
    "standard": lazy("contact standard"), "anniversary": lazy("anniversary"), "opening": lazy("opening"),
    "memorial": lazy("memorial day"), "other": lazy("occasion"), "campaign": lazy("campaign"), "invitation": lazy("invitation"),
    "wedding": lazy("wedding"), "exam": lazy("exam"), "moving": lazy("moving house"), "gift_idea": lazy("gift idea"),
}  # fmt: skip
