"""What the pages of the campaigns show: the board, the targets as they were frozen, how far the bankers have come."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from keybook.apps.campaigns.models import Campaign
from keybook.apps.campaigns.queries.choosing import Chosen, belief_json, verdict_json
from keybook.apps.campaigns.queries.seen import visible_campaigns
from keybook.apps.customers.queries import scope_sql
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope

PAGE = 50
MOST_ON_BOARD = 200
GROUPS = ("contact", "holdout", "left_out")


@dataclass(frozen=True, slots=True)
class Count:
    """How far the contacts of a campaign have come, of the customers inside the scope."""

    contact: int = 0
    holdout: int = 0
    left_out: int = 0
    open: int = 0
    done: int = 0
    interested: int = 0
    declined: int = 0
    dismissed: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """One campaign on the board."""

    campaign: Campaign
    count: Count


@dataclass(frozen=True, slots=True)
class Row:
    """One target: the customer, why this rank, by what way, what the gate said, where the task stands."""

    id: int
    rank: int
    group: str
    code: str
    customer_id: int
    name: str
    name_zh: str
    tier: str
    tier_name: str
    tier_name_zh: str
    rm_id: int | None
    rm_name: str
    rm_name_zh: str
    stake: Decimal
    worth: Decimal
    currency: str
    channel: str
    hour: int | None
    evidence: Mapping[str, Any]
    gate: Sequence[Mapping[str, Any]]
    opens_on: dt.date | None
    task: str = ""
    task_reason: str = ""
    closed_on: dt.date | None = None
    result: str = ""
    result_on: dt.date | None = None
    interaction_id: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of targets, and how many each group holds inside the scope."""

    rows: tuple[Row, ...]
    counts: Mapping[str, int]
    group: str
    number: int

    @property
    def total(self) -> int:
        """How many targets there are in the group shown."""
        return self.counts[self.group] if self.group else sum(self.counts.values())

    @property
    def first(self) -> int:
        """The place of the first row shown."""
        return (self.number - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """The place of the last row shown."""
        return self.first + len(self.rows) - 1

    @property
    def more(self) -> bool:
        """Whether a further page follows."""
        return self.last < self.total


@dataclass(frozen=True, slots=True)
class Banker:
    """How far one banker has come."""

    id: int | None
    name: str
    name_zh: str
    count: Count


_COUNTS = """
    count(*) FILTER (WHERE t."group" = 'contact'), count(*) FILTER (WHERE t."group" = 'holdout'),
    count(*) FILTER (WHERE t."group" = 'left_out'), count(*) FILTER (WHERE r.state = 'open'),
    count(*) FILTER (WHERE t.interaction_id IS NOT NULL), count(*) FILTER (WHERE t.result = 'interested'),
    count(*) FILTER (WHERE t.result = 'declined'), count(*) FILTER (WHERE r.state = 'dismissed'),
    count(*) FILTER (WHERE r.state = 'expired')"""
_FROM = """FROM campaigns_target t JOIN customers_customer c ON c.id = t.customer_id
    LEFT JOIN reminders_reminder r ON r.id = t.reminder_id"""
BOARD = f"SELECT t.campaign_id, {_COUNTS} {_FROM} WHERE t.campaign_id = ANY(%(ids)s) AND ({{scope}}) GROUP BY 1"
BANKERS = f"""
    SELECT s.id, COALESCE(s.name, ''), COALESCE(s.name_zh, ''), {_COUNTS} {_FROM} LEFT JOIN people_staff s ON s.id = c.rm_id
    WHERE t.campaign_id = %(campaign)s AND ({{scope}}) GROUP BY s.id, s.name, s.name_zh
    HAVING count(*) FILTER (WHERE t."group" = 'contact') > 0 ORDER BY s.name, s.id"""
GROUPED = f'SELECT t."group", count(*) {_FROM} WHERE t.campaign_id = %(campaign)s AND ({{scope}}) GROUP BY 1'
_WHO = """c.id, c.name, c.name_zh, COALESCE(k.code, ''), COALESCE(k.name, ''), COALESCE(k.name_zh, ''),
        c.rm_id, COALESCE(s.name, ''), COALESCE(s.name_zh, '')"""
_AND_WHO = "LEFT JOIN customers_tier k ON k.id = c.tier_id LEFT JOIN people_staff s ON s.id = c.rm_id"
ROWS = f"""
    SELECT t.id, t.rank, t."group", t.code, {_WHO}, t.stake, t.worth, c.currency, t.channel, t.hour, t.evidence::text,
        t.gate::text, r.opens_on, COALESCE(r.state, ''), COALESCE(r.reason, ''), r.closed_on, t.result, t.result_on, t.interaction_id
    {_FROM} {_AND_WHO}
    WHERE t.campaign_id = %(campaign)s AND ({{scope}}) AND (%(group)s = '' OR t."group" = %(group)s)
    ORDER BY t.rank = 0, t.rank, t.id LIMIT %(limit)s OFFSET %(offset)s"""
NAMES = f"SELECT {_WHO}, c.currency FROM customers_customer c {_AND_WHO} WHERE c.id = ANY(%(ids)s) AND ({{scope}})"


def board(*, scope: Scope) -> list[Card]:
    """The campaigns this person sees, the newest first, each with its counts inside the scope; two statements."""
    rows = list(visible_campaigns(scope).order_by("-from_on", "-id")[:MOST_ON_BOARD])
    found = counts(scope=scope, campaign_ids=[row.pk for row in rows])
    return [Card(row, found[row.pk]) for row in rows]


def counts(*, scope: Scope, campaign_ids: Sequence[int]) -> dict[int, Count]:
    """How far each of these campaigns has come with the customers inside the scope; one statement."""
    with planned() as cursor:
        cursor.execute(BOARD.format(scope=scope_sql(scope)), {**_values(scope), "ids": list(campaign_ids)})
        found = {row[0]: Count(*row[1:]) for row in cursor.fetchall()}
    return {each: found.get(each, Count()) for each in campaign_ids}


def targets(*, scope: Scope, campaign_id: int, group: str = "", page: int = 1) -> Page:
    """A page of the frozen targets inside the scope, by rank; two statements however many there are."""
    values = {**_values(scope), "campaign": campaign_id, "group": group, "limit": PAGE, "offset": (page - 1) * PAGE}
    with planned() as cursor:
        cursor.execute(ROWS.format(scope=scope_sql(scope)), values)
        rows = tuple(_row(row) for row in cursor.fetchall())
        cursor.execute(GROUPED.format(scope=scope_sql(scope)), values)
        found = dict(cursor.fetchall())
    return Page(rows, {name: found.get(name, 0) for name in GROUPS}, group, page)


def would_be(*, scope: Scope, chosen: Chosen, group: str = "", page: int = 1) -> Page:
    """A page of those a draft would contact, as the same rows; one statement."""
    inside = [each for each in chosen.choice.targets if not group or each.group == group]
    shown = inside[(page - 1) * PAGE : page * PAGE]
    with planned() as cursor:
        cursor.execute(
            NAMES.format(scope=scope_sql(scope)), {**_values(scope), "ids": [each.candidate.customer for each in shown]}
        )
        who = {row[0]: row for row in cursor.fetchall()}
    rows = []
    for each in shown:
        one, hour = each.candidate, chosen.hours.get(each.candidate.customer)
        if one.customer not in who:
            continue
        *names, currency = who[one.customer]
        evidence = {"channel": belief_json(one.way.best)} if one.way else {}
        if hour is not None:
            evidence["hour"] = belief_json(hour)
        values = [
            0, each.rank, each.group, each.code, *names, one.stake, one.worth, currency, one.way.channel if one.way else "",
            hour.cell if hour else None, evidence, verdict_json(one.verdict), each.opens_on,
        ]  # fmt: skip
        rows.append(Row(*values))
    return Page(tuple(rows), chosen.choice.groups, group, page)


def progress(*, scope: Scope, campaign_id: int) -> list[Banker]:
    """How far each banker has come, by name; one statement."""
    with planned() as cursor:
        cursor.execute(BANKERS.format(scope=scope_sql(scope)), {**_values(scope), "campaign": campaign_id})
        return [Banker(row[0], row[1], row[2], Count(*row[3:])) for row in cursor.fetchall()]


def _values(scope: Scope) -> dict[str, Any]:
    return {"books": list(scope.books), "branches": list(scope.branches), "customers": list(scope.customers)}


def _row(row: tuple[Any, ...]) -> Row:
    values = list(row)
    for at in (Row.__slots__.index("evidence"), Row.__slots__.index("gate")):
        values[at] = json.loads(values[at])
    return Row(*values)
