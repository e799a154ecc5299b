"""How an app below the notices says that somebody is to be told: `notify` and `settle`, heard by `notices`.

Both belong into the transaction of what happened. What is told carries no text and no amount: a kind, a cause, a customer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.dispatch import Signal

notified = Signal()  # staff_ids, kind, key, on, customer_id
settled = Signal()  # kind, key


def notify(*, staff_ids: Iterable[int], kind: str, key: str, on: dt.date, customer_id: int | None = None) -> None:
    """Tell these members of staff once, soon, and by the channels they chose.

    `kind` is one of notices.models.Kind (outflow, broken, gift, handover, neglect); the same person, kind and `key` is the same notice, so
    that a repeat tells nobody twice. `on` is the business date.
    """
    notified.send(sender=notify, staff_ids=tuple(staff_ids), kind=kind, key=key, on=on, customer_id=customer_id)


def settle(*, kind: str, key: str) -> None:
    """Nothing of this cause waits any more: who was not told of it yet is not told."""
    settled.send(sender=settle, kind=kind, key=key)
