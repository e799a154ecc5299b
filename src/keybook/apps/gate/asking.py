"""The contact that an address or a form asks about."""

from __future__ import annotations

from typing import Any

from keybook.apps.customers.models import Channel
from keybook.apps.reminders.commands import Day, moment
from keybook.core.gate import PURPOSES, Proposal, Purpose
from keybook.core.nextbest.allowed import purpose_of
from keybook.core.nextbest.facts import THEME_OF

BY_CAUSE: dict[str, Purpose] = {"occasion": "greeting", "campaign": "invitation"}


def purpose_for(*, cause: str, kind: str = "", purpose: str = "") -> Purpose:
    """What a contact is for: as its campaign says, else by the cause and the kind of the reason it is made for."""
    said = next((each for each in PURPOSES if each == purpose), None)
    return said or BY_CAUSE.get(cause) or purpose_of(THEME_OF.get(kind, ""))


def proposal_of(given: Any, day: Day) -> Proposal:
    """The contact an address or a form asks about; what cannot be read is taken as an ordinary call now."""
    channel, cause, theme = given.get("channel", "call"), given.get("cause", ""), given.get("theme", "")
    purpose = given.get("purpose") or BY_CAUSE.get(cause) or purpose_of(theme)
    themes = (theme, given.get("topic", ""))  # the reason it is made for, and what it is to be about in one's own words
    return Proposal(
        at=moment(day=day), channel=channel if channel in Channel.values else "call",
        purpose=purpose if purpose in PURPOSES else "service", themes=tuple(each[:120] for each in themes if each.strip()),
        promised=cause == "promise",
    )  # fmt: skip
