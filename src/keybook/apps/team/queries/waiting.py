"""Everything that waits for a second person, in one list. Each kind keeps its verb in its own app.

A kind tells three things: what waits for this person, how it is decided, and in what words. To add one, add a Kind here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from keybook.apps.gifts import queries as gifts
from keybook.apps.handover.queries import offers
from keybook.apps.handover.queries.books import wishes
from keybook.apps.handover.words import why
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.queries import Day
from keybook.formats import customer_name, money


@dataclass(frozen=True, slots=True)
class About:
    """The customer it is about."""

    name: str
    name_zh: str
    tier: str
    tier_name: str
    tier_name_zh: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: what, about whom, why it needs a second person, who asks; and where all of it is told."""

    kind: str
    id: int
    icon: str
    title: str
    why: str
    asked_by: str
    asked_on: dt.date
    href: str
    yes: str
    no: str = ""  # where only one answer is given in place, the other begins at `href`
    about: About | None = None


Listing = Callable[[Scope, Day], Sequence[Waiting]]


def waiting_for(*, scope: Scope, day: Day) -> list[Waiting]:
    """All that this person may decide now, the oldest first; nothing they asked for themselves."""
    if scope.role != "head":
        return []
    return sorted((each for listed in KINDS.values() for each in listed(scope, day)), key=lambda each: each.asked_on)


def _gifts(scope: Scope, day: Day) -> Sequence[Waiting]:
    return [
        Waiting(
            "gift", row.id, "gift",
            _("Gift, %(value)s: %(text)s") % {"value": money(row.value, row.currency), "text": row.text},
            _("%(amount)s over a limit. %(why)s") % {"amount": money(row.over, row.currency), "why": row.why},
            row.asked_by, row.on, reverse("gifts:gift", args=[row.id]), _("Approve"), _("Refuse"), _about(row),
        )
        for row in gifts.waiting_for(scope=scope, today=day.today)
    ]  # fmt: skip


def _offers(scope: Scope, day: Day) -> Sequence[Waiting]:
    """Those the banker has answered, or has let the time for it pass; one's own customers are another's to decide."""
    return [
        Waiting(
            "offer", row.id, "switch-horizontal", _("Offered back to the branch"), _offered(row, day),
            customer_name(row.rm_name, row.rm_name_zh, get_language())[0], row.raised_on, reverse("handover:offers"),
            _("Let stay"), "", _about(row),
        )
        for row in offers.waiting(scope=scope, today=day.today)
        if row.may_be_decided(day.today) and row.rm_id != scope.staff_id
    ]  # fmt: skip


def _offered(row: offers.Waiting, day: Day) -> str:
    said = (
        _("The banker says: %(reason)s") % {"reason": row.reason} if row.reason else _("The banker has not answered.")
    )
    return _("%(why)s. %(said)s") % {"why": why(row, day), "said": said}


def _wishes(scope: Scope, _day: Day) -> Sequence[Waiting]:
    """What bankers ask to be relieved of; it is handed over at the handover and answered here."""
    return [
        Waiting(
            "wish", row.pk, "users", _("Asks for a handover"), row.reason,
            customer_name(row.staff.name, row.staff.name_zh, get_language())[0], row.asked_on,
            reverse("handover:hand", args=[row.staff_id]), _("It is done"), _("Not now"),
        )
        for row in wishes(scope=scope) if row.staff_id != scope.staff_id
    ]  # fmt: skip


def _about(row: gifts.Row | offers.Waiting) -> About:
    return About(row.name, row.name_zh, row.tier, row.tier_name, row.tier_name_zh)


KINDS: Mapping[str, Listing] = {"gift": _gifts, "offer": _offers, "wish": _wishes}
