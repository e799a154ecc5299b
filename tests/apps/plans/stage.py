"""What the tests of the plans put on the stage."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from keybook.apps.customers.models import Customer
from keybook.apps.people.models import Staff
from keybook.apps.plans.models import Entry
from keybook.apps.reminders.commands import Contact
from tests.cast import NOON, TODAY

TOMORROW = TODAY + dt.timedelta(days=1)
SATURDAY = TODAY + dt.timedelta(days=5)


def make_entry(*, customer: Customer, staff: Staff, **more: Any) -> Entry:
    """A call of twenty minutes tomorrow morning, by contact standard."""
    values: dict[str, Any] = {
        "on": TOMORROW, "half": "am", "channel": "call", "minutes": 20, "cause": "standard",
        "task": f"standard:{uuid.uuid4().hex[:8]}",
    }  # fmt: skip
    return Entry.objects.create(customer=customer, staff=staff, **{**values, **more})


def spoken(**more: Any) -> Contact:
    """A call at noon in which the customer was reached."""
    values: dict[str, Any] = {"channel": "call", "outcome": "reached", "at": NOON, "client_key": uuid.uuid4()}
    return Contact(**{**values, **more})
