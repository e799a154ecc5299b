"""Draft a campaign and change the draft; once launched it stays as it is."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from keybook.apps.campaigns.models import Campaign
from keybook.apps.campaigns.queries.seen import MAKERS, campaign_of, may_change
from keybook.apps.customers.book import AskRefusedError, read_ask
from keybook.apps.interactions.commands import used_once
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError
from keybook.core.campaigns import Terms, TermsError

MOST_BY_HAND = 2_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A campaign as somebody writes it down; `until_on` is up to, not on, that day."""

    name: str
    theme: str
    branch_id: int
    from_on: dt.date
    until_on: dt.date
    channels: tuple[str, ...]
    purpose: str = "invitation"
    minutes: int | None = None
    budget: Decimal | None = None
    cost: Decimal = Decimal(0)
    opening_en: str = ""
    opening_zh: str = ""
    holdout_percent: int = 0
    per_day: int | None = None
    ask: Mapping[str, str] = field(default_factory=dict)
    chosen: tuple[int, ...] = ()


@transaction.atomic
def draft(*, by: Scope, wanted: Draft, client_key: uuid.UUID, day: Day) -> Campaign:
    """Write a campaign down, once per `client_key`; nobody is contacted until it is launched."""
    require_maker(by)
    known = Campaign.objects.filter(client_key=client_key, made_by_id=by.staff_id).first()
    if known is not None:
        return known
    values = _checked(by, wanted, day)
    with used_once():
        return Campaign.objects.create(
            **values, currency=day.currency, made_by_id=by.staff_id, made_on=day.today, client_key=client_key
        )


@transaction.atomic
def change(*, by: Scope, campaign_id: int, wanted: Draft, day: Day) -> Campaign:
    """Change a draft; refused once it was launched, because its targets are frozen."""
    row = own(by=by, campaign_id=campaign_id)
    if row.state != Campaign.State.DRAFT:
        raise RefusedError("", _("A campaign that was launched stays as it is. End it, or draft another."))
    for name, value in _checked(by, wanted, day).items():
        setattr(row, name, value)
    row.save()
    return row


def own(*, by: Scope, campaign_id: int) -> Campaign:
    """The campaign, held until the transaction ends; NotYoursError outside the scope, PermissionDenied for a reader."""
    found = campaign_of(scope=by, campaign_id=campaign_id)
    if found is None:
        raise NotYoursError
    require_maker(by)
    if not may_change(scope=by, campaign=found):
        raise PermissionDenied(_("This campaign is another branch’s."))
    return Campaign.objects.select_for_update(of=("self",)).select_related("branch").get(pk=campaign_id)


def require_maker(by: Scope) -> None:
    """Raise PermissionDenied with one sentence unless this role makes campaigns."""
    if by.role not in MAKERS:
        raise PermissionDenied(_("Campaigns are made by campaign managers and branch heads."))


def refused(error: TermsError) -> RefusedError:
    """What the core refuses, as the sentence for the one who must act."""
    sentences = {
        "until_on": _("The period needs a workday from today on, and lasts a year at the most."),
        "channels": _("Choose at least one channel."),
        "purpose": _("Choose what the contacts are for."),
        "holdout_percent": _("Between 0 and 50 percent can be held out."),
        "budget": _("An amount is zero or more."),
        "per_day": _("One contact a day is the least; leave it empty for no limit."),
    }
    return RefusedError(error.field, sentences[error.field])


def _checked(by: Scope, wanted: Draft, day: Day) -> dict[str, Any]:
    """The columns as they can be stored; refused with the field that has to change."""
    values = asdict(wanted)
    for name, least in (("name", 1), ("theme", 1), ("opening_en", 0), ("opening_zh", 0)):
        values[name] = " ".join(values[name].split())
        if len(values[name]) < least:
            raise RefusedError(name, _("Say it in a few words."))
    if wanted.branch_id not in by.branches:
        raise RefusedError("branch_id", _("Choose a branch that is yours."))
    if wanted.until_on <= day.today:
        raise RefusedError("until_on", _("That day has passed. Choose today or later."))
    if wanted.minutes is not None and not 1 <= wanted.minutes <= 480:  # noqa: PLR2004  a day of contacts
        raise RefusedError("minutes", _("A contact takes 1 to 480 minutes."))
    if len(wanted.chosen) > MOST_BY_HAND:
        raise RefusedError("chosen", _("2,000 customers are the most that can be chosen by hand."))
    try:
        Terms("", wanted.from_on, wanted.until_on, wanted.channels, wanted.purpose, wanted.holdout_percent, wanted.budget, wanted.cost, wanted.per_day)  # type: ignore[arg-type]  # fmt: skip
        read_ask(wanted.ask)
    except TermsError as error:
        raise refused(error) from error
    except AskRefusedError as error:
        raise RefusedError("ask", str(error)) from error
    return {**values, "channels": list(wanted.channels), "chosen": sorted(set(wanted.chosen)), "ask": dict(wanted.ask)}
