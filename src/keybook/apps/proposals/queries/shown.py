"""The next best contact as it is shown: the stored decision with its factors, and on request why not the others."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from keybook.apps.customers.queries import scope_sql
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope
from keybook.apps.proposals import words
from keybook.apps.proposals.queries.facts import Subject, choice_of, now_of, subjects
from keybook.apps.reminders.queries import Day
from keybook.core.habits import Belief
from keybook.core.nextbest.choosing import Choice, Weighed
from keybook.core.nextbest.facts import Drop

MOST = 200
_NEXT = """
    SELECT p.customer_id, COALESCE(c.number, ''), c.name, c.name_zh, COALESCE(t.code, ''), p.date, p.kind, p.theme,
        p.channel, p.hour, p.due_on, p.reminder_id, p.value, p.share, p.urgency, p.worth, p.currency, p.factors::text,
        p.facts::text, p.rule_version
    FROM proposals_proposal p JOIN customers_customer c ON c.id = p.customer_id
    LEFT JOIN customers_tier t ON t.id = c.tier_id WHERE ({scope})"""


@dataclass(frozen=True, slots=True)
class Next:
    """One customer's next best contact: theme, channel, hour, and the three factors with what they rest on."""

    customer_id: int
    number: str
    name: str
    name_zh: str
    tier: str
    date: dt.date
    kind: str
    theme: str
    channel: str
    hour: int | None
    due_on: dt.date
    reminder_id: int | None
    value: Decimal
    share: Decimal | None
    urgency: float
    worth: Decimal
    currency: str
    answer: Belief
    taken: Belief
    facts: Mapping[str, str]
    rule_version: str


@dataclass(frozen=True, slots=True)
class Other:
    """Something that is not proposed: the gate and the sentence of it, or by how much it lost."""

    theme: str
    kind: str
    channel: str
    gate: str
    why: str
    worth: Decimal | None
    less: Decimal | None


def next_of(*, scope: Scope, customer_id: int) -> Next | None:
    """What is proposed for one customer inside the scope; none when nothing is."""
    found = _read(scope, "AND p.customer_id = %(customer)s", {"customer": customer_id})
    return found[0] if found else None


def next_list(*, scope: Scope, rm_id: int | None = None, limit: int = MOST) -> list[Next]:
    """The next best contacts inside the scope, or of one banker's book, the most worth first; one statement."""
    of = "AND c.rm_id = %(rm)s" if rm_id else ""
    return _read(scope, f"{of} ORDER BY p.worth DESC, p.customer_id LIMIT %(most)s", {"rm": rm_id, "most": limit})


def _read(scope: Scope, rest: str, values: Mapping[str, Any]) -> list[Next]:
    bound = {"books": list(scope.books), "branches": list(scope.branches), "customers": list(scope.customers)}
    with planned() as cursor:
        cursor.execute(f"{_NEXT.format(scope=scope_sql(scope))} {rest}", {**bound, **values})
        return [_next(row) for row in cursor.fetchall()]


def _next(row: Sequence[Any]) -> Next:
    *plain, factors, facts, version = row
    known = json.loads(factors)
    return Next(*[*plain, Belief(*known["answer"]), Belief(*known["taken"]), json.loads(facts), version])


def others_of(*, customer_id: int, day: Day) -> list[Other]:
    """Why not the others, for a customer already found inside the scope: decided anew from what is so now."""
    now = now_of(day)
    for subject in subjects(customer_ids=[customer_id], day=day, now=now):
        return _others(subject, choice_of(subject=subject, now=now), day)
    return []


def _others(subject: Subject, choice: Choice, day: Day) -> list[Other]:
    best = choice.best.worth if choice.best else Decimal(0)
    return [_other(each, each.drop, best, subject.currency, day) for each in choice.others]


def _other(each: Weighed, drop: Drop | None, best: Decimal, currency: str, day: Day) -> Other:
    of = each.candidate
    if drop is not None:
        why = words.dropped(drop, day=day, currency=currency)
        return Other(of.theme, of.kind, each.channel, drop.gate, why, None, None)
    return Other(of.theme, of.kind, each.channel, "", "", each.worth, best - each.worth)
