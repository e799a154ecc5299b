"""The contact that an address or a form asks about."""

from __future__ import annotations

from typing import Any

from keybook.apps.customers.models import Channel
from keybook.apps.reminders.commands import Day, moment
from keybook.core.gate import PURPOSES, Proposal, Purpose

BY_CAUSE: dict[str, Purpose] = {"occasion": "greeting", "campaign": "invitation"}


def proposal_of(given: Any, day: Day) -> Proposal:
    """The contact an address or a form asks about; what cannot be read is taken as an ordinary call now."""
    channel = given.get("channel", "call")
    purpose = given.get("purpose") or BY_CAUSE.get(given.get("cause", ""), "service")
    return Proposal(
        at=moment(day=day), channel=channel if channel in Channel.values else "call",
        purpose=purpose if purpose in PURPOSES else "service", theme=given.get("theme", "")[:120],
        promised=given.get("cause") == "promise",
    )  # fmt: skip
