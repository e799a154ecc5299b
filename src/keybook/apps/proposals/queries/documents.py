"""The next best contact as plain values, the same for JSON and the command line: amounts as decimal text."""

from __future__ import annotations

from typing import Any

from keybook.apps.people.models import Staff
from keybook.apps.people.scope import Scope
from keybook.apps.proposals.queries.shown import Next, Other, next_list
from keybook.core.habits import Belief


def book_of(*, staff: Staff) -> list[dict[str, Any]]:
    """The next best contacts of one banker's book, the most worth first."""
    scope = Scope(staff_id=staff.pk, role="rm", everything=True, books=(staff.pk,))
    return [document(found) for found in next_list(scope=scope, rm_id=staff.pk)]


def document(found: Next) -> dict[str, Any]:
    """One next best contact with its three factors."""
    return {
        "customer": {"id": found.customer_id, "number": found.number, "name": found.name, "name_zh": found.name_zh},
        "date": found.date.isoformat(), "theme": found.theme, "kind": found.kind, "channel": found.channel,
        "hour": found.hour, "due_on": found.due_on.isoformat(), "reminder": found.reminder_id,
        "value": f"{found.value:f}", "share": None if found.share is None else f"{found.share:f}",
        "chance": {"answer": _belief(found.answer), "taken_up": _belief(found.taken)}, "urgency": found.urgency,
        "worth": f"{found.worth:f}", "currency": found.currency, "facts": dict(found.facts),
        "rule_version": found.rule_version,
    }  # fmt: skip


def other_document(other: Other) -> dict[str, Any]:
    """One that is not proposed, and why."""
    return {
        "theme": other.theme, "kind": other.kind, "channel": other.channel, "gate": other.gate, "why": other.why,
        "worth": None if other.worth is None else f"{other.worth:f}", "less": None if other.less is None else f"{other.less:f}",
    }  # fmt: skip


def _belief(belief: Belief) -> dict[str, float]:
    return {
        "mean": round(belief.mean, 4), "low": round(belief.low, 4), "high": round(belief.high, 4), "tried": belief.tried,
        "answered": belief.answered, "lent": round(belief.lent, 4), "strength": belief.strength,
    }  # fmt: skip
