"""Today's scorecard: one line per customer, a priority of 0–100 that is the exact sum of the parts it prints.

The most pressing reason counts whole (at most 40: 20 for its kind, 20 for its urgency), the second by seven tenths
(28), each further one by 2 (4 in all); then the money at stake on a logarithmic scale (18), the tier (6) and the
silence since the last contact (4). That is 100 at most, so nothing is ever cut off and the parts always add up.

A promise or a standard has no money of its own: a tenth of the relationship is taken to be at stake, for all alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import floor, log10
from types import MappingProxyType
from typing import Literal, NamedTuple

from keybook.core.workdays import WorkCalendar

Group = Literal["a_late", "b_due", "b_today", "c_later"]
"""Late; promised for today, which comes before anything nobody has promised; today; if time allows."""
KIND_POINTS: Mapping[str, int] = MappingProxyType(
    {
        "promise": 20,
        "outflow_other_bank": 18,
        "deposit_maturing": 18,
        "large_outflow": 17,
        "income_stopped": 15,
        "large_inflow": 15,
        "potential_key": 14,
        "balance_falling": 12,
        "birthday": 12,
        "opening": 12,
        "wedding": 12,
        "below_tier": 11,
        "risk_profile_expiring": 10,
        "standard": 10,
        "loan_paid_off": 10,
        "dormant": 9,
        "anniversary": 9,
        "near_next_tier": 8,
        "idle_cash": 8,
        "campaign": 8,
        "invitation": 8,
        "product_bought": 6,
        "exam": 8,
        "moving": 8,
        "memorial": 4,
    }
)
SAME_MONEY: Mapping[str, str] = MappingProxyType(
    {
        "large_outflow": "out",
        "outflow_other_bank": "out",
        "balance_falling": "out",
        "large_inflow": "in",
        "idle_cash": "in",
        "potential_key": "in",
    }
)
"""Kinds that see the same money: of each family only the largest stake counts."""
WHOLE_RELATIONSHIP = frozenset({"standard", "dormant", "risk_profile_expiring", "below_tier"})
"""Kinds whose stake is everything the customer holds: compared with the rest, never added to it."""


class NothingToRankError(ValueError):
    """The customer has no reason that has opened: there is no line."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a customer is on the list: cause, kind, deadline, money at stake in the bank's currency, facts."""

    cause: str
    kind: str
    due_on: date
    opens_on: date
    stake: Decimal = Decimal(0)
    facts: Mapping[str, str] = field(default_factory=dict)
    reminder_id: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Who the customer is to the bank: tier, assets, last contact, and the day from which the standard is overdue."""

    tier_rank: int
    tier_key: str
    aum: Decimal
    last_contact_on: date | None
    late_from: date | None = None


class Part(NamedTuple):
    """One term of the sum: a reason's kind (`promise_late` when late), `more`, `value`, `tier` or `silence`."""

    label_code: str
    points: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reason, the points it adds to the priority, and whether we are late with it."""

    reason: Reason
    points: int
    late: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """One customer's line: its group, its priority with the parts that sum to it, its reasons, most first."""

    group: Group
    priority: int
    due_on: date
    stake: Decimal
    parts: tuple[Part, ...]
    reasons: tuple[Weighed, ...]
    workdays_late: int
    rule_version: str


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of the scorecard and their version; amounts in the bank's currency."""

    version: str = "today/1"
    kinds: Mapping[str, int] = field(default_factory=lambda: KIND_POINTS)
    other_kind: int = 6
    due_today: int = 14
    late_first: int = 16
    late_each: int = 2
    urgency_most: int = 20
    second_tenths: int = 7
    more_each: int = 2
    more_most: int = 4
    value_most: int = 18
    value_from: Decimal = Decimal(10_000)
    value_to: Decimal = Decimal(10_000_000)
    relationship_tenths: int = 1
    tier_each: int = 2
    tier_most: int = 6
    silence_most: int = 4
    silence_days: int = 90
    near_workdays: int = 4
    today_from: int = 45


class _Scored(NamedTuple):
    """A reason with its own points, before its place among the others is known."""

    reason: Reason
    raw: int
    workdays_late: int


DEFAULT_WEIGHTS = Weights()


def rank(
    *,
    reasons: Iterable[Reason],
    standing: Standing,
    today: date,
    calendar: WorkCalendar,
    weights: Weights = DEFAULT_WEIGHTS,
) -> Ranked:
    """The customer's line for `today`; reasons that open later do not count, and without any it is refused."""
    scored = _in_order(
        _score(reason, standing, today, calendar, weights) for reason in reasons if reason.opens_on <= today
    )
    if not scored:
        raise NothingToRankError("This customer has no reason for a contact yet, so there is no line to rank.")
    weighed = _weigh(scored, weights)
    own, whole = _stakes(each.reason for each in scored)
    parts = _parts(weighed, own, standing, today, weights)
    workdays_late = max(each.workdays_late for each in scored)
    due_on = min(each.reason.due_on for each in scored)
    priority = sum(part.points for part in parts)
    pressing = priority >= weights.today_from or due_on <= calendar.add_workdays(today, weights.near_workdays)
    return Ranked(
        group="a_late" if workdays_late else _group(scored, today, pressing=pressing),
        priority=priority,
        due_on=due_on,
        stake=max(own, whole),
        parts=parts,
        reasons=weighed,
        workdays_late=workdays_late,
        rule_version=weights.version,
    )


def _group(scored: list[_Scored], today: date, *, pressing: bool) -> Group:
    """The part of the list for a customer whom we are not late with."""
    if any(each.reason.cause == "promise" and each.reason.due_on == today for each in scored):
        return "b_due"
    return "b_today" if pressing else "c_later"


def order_key(*, ranked: Ranked, customer_id: int) -> tuple[str, int, date, Decimal, int]:
    """What a list of lines is sorted by: group, priority, due date, stake, and the customer's id for a last tie."""
    return (ranked.group, -ranked.priority, ranked.due_on, -ranked.stake, customer_id)


def at_stake(*, reasons: Iterable[Reason]) -> Decimal:
    """The money these reasons are about, the same money counted once."""
    return max(_stakes(reasons))


def _stakes(reasons: Iterable[Reason]) -> tuple[Decimal, Decimal]:
    """The money that may come or go, the same money counted once; and the relationship whose whole is meant."""
    added, whole = Decimal(0), Decimal(0)
    families: dict[str, Decimal] = {}
    for reason in reasons:
        if reason.kind in WHOLE_RELATIONSHIP:
            whole = max(whole, reason.stake)
        elif reason.kind in SAME_MONEY:
            family = SAME_MONEY[reason.kind]
            families[family] = max(families.get(family, Decimal(0)), reason.stake)
        else:
            added += max(reason.stake, Decimal(0))
    return added + sum(families.values()), whole


def _score(reason: Reason, standing: Standing, today: date, calendar: WorkCalendar, weights: Weights) -> _Scored:
    late = _workdays_late(reason, standing, today, calendar)
    kind = min(weights.kinds.get(reason.kind, weights.other_kind), weights.urgency_most)
    return _Scored(reason, kind + _urgency((reason.due_on - today).days, late, weights), late)


def _workdays_late(reason: Reason, standing: Standing, today: date, calendar: WorkCalendar) -> int:
    """Workdays since the deadline of what we owe: a promise at once, a standard only once its grace is over."""
    if reason.cause not in {"promise", "standard"} or today <= reason.due_on:
        return 0
    if reason.cause == "standard" and (standing.late_from is None or today < standing.late_from):
        return 0
    return calendar.workdays_late(reason.due_on, today)


def _urgency(days_left: int, late: int, weights: Weights) -> int:
    """One point less for each day still left; more for each workday late, from `late_first` to `urgency_most`."""
    if late:
        return min(weights.late_first + weights.late_each * late, weights.urgency_most)
    return max(0, weights.due_today - max(days_left, 0))


def _in_order(scored: Iterable[_Scored]) -> list[_Scored]:
    found = list(scored)
    if len(found) > 1:
        found.sort(key=_tie)
    return found


def _tie(scored: _Scored) -> tuple[int, date, Decimal, str, int, str]:
    """Ties go to the earlier deadline, the larger stake, the kind's name, the older reminder, then to anything fixed."""
    reason = scored.reason
    last = f"{reason.cause} {reason.opens_on} {sorted(reason.facts.items())}"
    return (-scored.raw, reason.due_on, -reason.stake, reason.kind, reason.reminder_id or 0, last)


def _weigh(scored: list[_Scored], weights: Weights) -> tuple[Weighed, ...]:
    return tuple(
        Weighed(each.reason, _share(place, each.raw, weights), each.workdays_late > 0)
        for place, each in enumerate(scored)
    )


def _share(place: int, raw: int, weights: Weights) -> int:
    """The first reason counts whole, the second by tenths rounded half up, the others a little, up to a limit."""
    if place == 0:
        return raw
    if place == 1:
        return (raw * weights.second_tenths + 5) // 10
    left = weights.more_most - weights.more_each * (place - 2)
    return max(0, min(weights.more_each, left))


def _parts(
    weighed: tuple[Weighed, ...], own: Decimal, standing: Standing, today: date, weights: Weights
) -> tuple[Part, ...]:
    named = [Part(_label(each), each.points) for each in weighed[:2]]
    found = [
        *named,
        Part("more", sum(each.points for each in weighed[2:])),
        Part("value", _value(max(own, standing.aum * weights.relationship_tenths / 10), weights)),
        Part("tier", min(weights.tier_each * max(standing.tier_rank, 0), weights.tier_most)),
        Part("silence", _silence(standing.last_contact_on, today, weights)),
    ]
    return tuple(part for part in found if part.points)


def _label(weighed: Weighed) -> str:
    return f"{weighed.reason.kind}_late" if weighed.late else weighed.reason.kind


def _value(stake: Decimal, weights: Weights) -> int:
    """Points for the money at stake: none up to `value_from`, all from `value_to` on, by the logarithm between."""
    if stake <= weights.value_from:
        return 0
    decades = log10(weights.value_to / weights.value_from)
    share = log10(stake / weights.value_from) / decades
    return min(weights.value_most, floor(weights.value_most * share + 0.5))


def _silence(last_contact_on: date | None, today: date, weights: Weights) -> int:
    if last_contact_on is None:
        return weights.silence_most
    days = max((today - last_contact_on).days, 0)
    return min(weights.silence_most, weights.silence_most * days // weights.silence_days)
