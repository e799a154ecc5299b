"""A campaign as programs and the command line read it."""

from __future__ import annotations

from typing import Any

from keybook.apps.campaigns.models import Campaign


def document(row: Campaign) -> dict[str, Any]:
    """What a campaign is, as plain values."""
    return {
        "id": row.pk, "name": row.name, "theme": row.theme, "purpose": row.purpose, "state": row.state,
        "branch": row.branch.code, "from_on": row.from_on, "until_on": row.until_on, "channels": list(row.channels),
        "minutes": row.minutes, "budget": row.budget, "cost": row.cost, "currency": row.currency,
        "holdout_percent": row.holdout_percent, "per_day": row.per_day, "opening_en": row.opening_en,
        "opening_zh": row.opening_zh, "ask": dict(row.ask), "chosen": list(row.chosen), "made_on": row.made_on,
        "launched_on": row.launched_on, "ended_on": row.ended_on, "reason": row.reason, "rule_version": row.rule_version,
        "data_date": row.data_date,
    }  # fmt: skip
