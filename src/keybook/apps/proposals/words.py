"""The next best contact in words: themes, why this one, why not the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from keybook import formats
from keybook.apps.gate.words import sentence
from keybook.apps.reminders.queries import Day
from keybook.core.gate import Reason as GateReason
from keybook.core.nextbest.facts import Drop

GATES: Mapping[str, Any] = {
    "eligible": lazy("Not for this customer"), "applicable": lazy("Not true now"), "suitable": lazy("Does not suit"),
    "allowed": lazy("Not allowed now"),
}  # fmt: skip
DROPS: Mapping[str, Any] = {
    "no_customer": lazy("Not a customer of ours yet, or no longer."), "no_banker": lazy("Nobody has this customer."),
    "not_key": lazy("The tier has no contact standard."), "ended": lazy("The relationship has ended."),
    "paused": lazy("Contact is paused until %(until)s."), "later": lazy("Answered before: not again before %(until)s."),
    "expired": lazy("Expired on %(on)s."), "over": lazy("Its day was %(on)s."), "no_more": lazy("It is no longer so."),
    "small": lazy("%(amount)s are too little for a product."), "no_profile": lazy("There is no risk profile yet."),
    "profile_over": lazy("The risk profile ended on %(on)s: renew it first."),
    "too_risky": lazy("The product is %(risk)s, the profile only %(level)s."),
    "not_liquid": lazy("Less than a fifth of the assets would stay liquid."),
    "no_congratulation": lazy("Does not want to be congratulated."), "official": lazy("Holds a public office: no gifts."),
}  # fmt: skip


def dropped(drop: Drop, *, day: Day, currency: str) -> str:
    """Why something was dropped, in a sentence; what the gate before every contact says, in its own."""
    if drop.code not in DROPS:
        return sentence(GateReason(drop.code, refuses=True, facts=drop.facts, until=drop.until), day)
    return str(DROPS[drop.code]) % {name: _fact(name, value, day.today, currency) for name, value in drop.facts.items()}


def _fact(name: str, value: str, today: dt.date, currency: str) -> str:
    if name in {"on", "until"}:
        return formats.day(dt.date.fromisoformat(value), get_language(), today)
    if name == "amount":
        return formats.money_short(Decimal(value), currency, get_language())
    return value


def source_of_value(share: Decimal | None) -> str:
    """Where the value at stake comes from."""
    if share is None:
        return _("the money it is about")
    return _("%(share)s %% of the assets here") % {"share": f"{share * 100:.0f}"}
