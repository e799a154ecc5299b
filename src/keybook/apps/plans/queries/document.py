"""One plan as plain values, for programs: what lies where, what found no place and why, and how good it is."""

from __future__ import annotations

from typing import Any

from keybook.apps.plans.models import Entry, Plan, Unplaced
from keybook.apps.plans.words import why_unplaced
from keybook.apps.reminders.queries import Day


def document(*, plan_id: int, day: Day) -> dict[str, Any]:
    """The plan with its entries in order and the unplaced with a sentence each; points as decimal numbers."""
    plan = Plan.objects.select_related("staff").get(pk=plan_id)
    fields = ("id", "on", "half", "hour", "channel", "minutes", "cause", "due_on", "late_from", "pinned")
    entries = Entry.objects.filter(plan=plan, state=Entry.State.PLANNED).select_related("customer")
    left = Unplaced.objects.filter(plan=plan, entry=None).select_related("customer").order_by("-value", "id")
    return {
        "plan": plan.pk, "rm": plan.staff.code, "from_on": plan.from_on, "until_on": plan.until_on, "status": plan.status,
        "value": plan.value, "bound": plan.bound, "gap": plan.gap, "seconds": plan.seconds, "placed": plan.placed,
        "stayed": plan.stayed, "moved": plan.moved, "added": plan.added, "dropped": plan.dropped,
        "rule_version": plan.rule_version, "data_date": plan.data_date,
        "entries": [
            {**{name: getattr(row, name) for name in fields}, "customer": _who(row)}
            for row in entries.order_by("on", "half", "place", "id")
        ],
        "unplaced": [
            {
                "customer": _who(row), "cause": row.cause, "channel": row.channel, "due_on": row.due_on,
                "code": row.code, "reason": why_unplaced(row.code, row.facts, day),
            }
            for row in left
        ],
    }  # fmt: skip


def _who(row: Entry | Unplaced) -> dict[str, Any]:
    return {"id": row.customer_id, "number": row.customer.number, "name": row.customer.name}
