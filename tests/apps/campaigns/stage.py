"""What the tests of the campaigns put on the stage: Nina, who makes campaigns at North, and a draft of hers."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from keybook.apps.campaigns.commands import Draft, draft, launch
from keybook.apps.campaigns.models import Campaign, Target
from keybook.apps.people.models import Role, Staff
from keybook.apps.people.queries import bank
from keybook.apps.reminders.commands import Contact, Day, day_of
from tests.cast import NOON, TODAY, Cast, make_staff, scope

FRIDAY_AFTER = TODAY + dt.timedelta(days=12)


def make_nina(cast: Cast) -> Staff:
    """North's campaign manager."""
    return make_staff(code="nina", name="Nina Vos", role=Role.CAMPAIGN, branch=cast.north)


def the_day() -> Day:
    """The bank's business date."""
    return day_of(bank())


def wanted(cast: Cast, **more: Any) -> Draft:
    """A salon for the whole of North, two weeks of calls."""
    values: dict[str, Any] = {
        "name": "Winter salon", "theme": "Porcelain evening", "branch_id": cast.north.pk, "from_on": TODAY,
        "until_on": FRIDAY_AFTER, "channels": ("call",), "opening_en": "We hold a porcelain evening in December.",
        "budget": Decimal(1000), "cost": Decimal(30),
    }  # fmt: skip
    return Draft(**{**values, **more})


def make_draft(cast: Cast, by: Staff, **more: Any) -> Campaign:
    """The draft of the salon."""
    return draft(by=scope(by), wanted=wanted(cast, **more), client_key=uuid.uuid4(), day=the_day())


def make_running(cast: Cast, by: Staff, **more: Any) -> Campaign:
    """The salon, launched."""
    row = make_draft(cast, by, **more)
    launch(by=scope(by), campaign_id=row.pk, day=the_day())
    row.refresh_from_db()
    return row


def target(campaign: Campaign, customer: Any) -> Target:
    """What was decided of one customer."""
    return Target.objects.select_related("reminder").get(campaign=campaign, customer=customer)


def spoken(**more: Any) -> Contact:
    """A call at noon in which the customer was reached."""
    values: dict[str, Any] = {"channel": "call", "outcome": "reached", "at": NOON, "client_key": uuid.uuid4()}
    return Contact(**{**values, **more})
