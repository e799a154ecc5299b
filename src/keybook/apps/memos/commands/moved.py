"""What joining a prospect moves and changes, as plain values beside the join: the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model

from keybook.apps.customers.models import (
    Assignment,
    Complaint,
    Consent,
    Customer,
    Fate,
    HeldAway,
    Preference,
    Relation,
    Vulnerability,
)
from keybook.apps.gifts.models import Gift, Official
from keybook.apps.interactions.models import Interaction
from keybook.apps.memos.models import Memo
from keybook.apps.people.models import Share
from keybook.apps.reminders.models import Observance, Occasion, Promise, Reminder

HISTORY: Mapping[str, type[Model]] = {"interactions": Interaction, "memos": Memo}
"""Append-only: the database's own functions move them."""
ROWS: Mapping[str, type[Model]] = {
    "promises": Promise, "occasions": Occasion, "reminders": Reminder, "observances": Observance, "held_away": HeldAway,
    "fates": Fate, "preferences": Preference, "complaints": Complaint, "vulnerabilities": Vulnerability,
    "consents": Consent, "gifts": Gift, "offices": Official, "shares": Share,
}  # fmt: skip
ENDS = ("customer_id", "other_id")
CHANGED = ("stage", "health", "standing", "next_due_on", "late_from", "visit_due_on")
FILLED = ("household_id", "lunar_birthday")

Ids = dict[str, list[int]]


def rows_of(customer_id: int) -> Ids:
    """The ids of everything that joining may move, by table; relations by the end that names the customer."""
    found = {name: _ids(model, customer_id=customer_id) for name, model in (*HISTORY.items(), *ROWS.items())}
    return found | {f"relations.{end}": _ids(Relation, **{end: customer_id}) for end in ENDS}


def before_joining(*, prospect_id: int, customer_id: int) -> dict[str, Any]:
    """How both stand before they are joined."""
    prospect = Customer.objects.filter(pk=prospect_id).values(*CHANGED).get()
    return {
        "rows": rows_of(prospect_id),
        "prospect": {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in prospect.items()},
        "customer": Customer.objects.filter(pk=customer_id).values(*FILLED).get(),
        "assignments": _ids(Assignment, customer_id=prospect_id, until_on__isnull=True),
        "open": _ids(Reminder, customer_id=prospect_id, state="open"),
    }  # fmt: skip


def moved_by_joining(
    *, before: Mapping[str, Any], prospect_id: int, customer_id: int, others: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:  # fmt: skip
    """What has moved and changed since: ids by table, old values by column, and what the apps above have said."""
    now = rows_of(customer_id)
    rows = {name: sorted(set(ids) & set(now[name])) for name, ids in before["rows"].items()}
    filled = Customer.objects.filter(pk=customer_id).values(*FILLED).get()
    others_said: dict[str, Any] = {}
    for said in others:
        others_said |= said
    return {
        **rows, "prospect": before["prospect"], "assignments": before["assignments"],
        "customer": {name: [old, filled[name]] for name, old in before["customer"].items() if old != filled[name]},
        "dismissed": sorted(set(before["open"]) & set(_ids(Reminder, customer_id=prospect_id, state="dismissed"))),
        "others": others_said,
    }  # fmt: skip


def _ids(model: type[Model], **which: Any) -> list[int]:
    return list(model._default_manager.filter(**which).order_by("pk").values_list("pk", flat=True))  # noqa: SLF001
