"""The gate's answer for one customer or for thousands: the same facts in one statement, the same rules of the core."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Q

from keybook.apps.customers.queries import visible_to
from keybook.apps.gate.models import RuleSet
from keybook.apps.gate.planned import SOURCES, noon
from keybook.apps.people.planned import for_many
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.models import Promise
from keybook.apps.reminders.queries import Day
from keybook.core.gate import (
    DEFAULT,
    VERSION,
    Customer,
    Past,
    Proposal,
    Purpose,
    Rules,
    Verdict,
    judge,
    plain,
    refused_days,
)
from keybook.core.nextbest.allowed import purpose_of
from keybook.core.nextbest.facts import THEME_OF
from keybook.core.periods import Period

FURTHEST = dt.timedelta(days=366)
"""How far back contacts are read: no window of the rules is longer than a year."""
ASKS_MOST: tuple[Purpose, ...] = ("invitation", "marketing", "service", "greeting")
HIDDEN = Customer(closed=True)
"""A customer row security hides: nobody is told anything but no."""
# A confidential contact is nobody else's business: it neither speaks nor counts (decision 54). A withdrawal or a consent
# holds by the day it was said on; of those of one day the one written down last.
FACTS = """
    SELECT c.id, c.stage = 'closed', c.standing = 'ended', COALESCE(NULLIF(p.zone, ''), %(zone)s), COALESCE(p.never, '{}'),
        o.mourning_from, o.mourning_until,
        (SELECT min(k.opened_on) FROM customers_complaint k WHERE k.customer_id = c.id AND k.settled_on IS NULL),
        (SELECT json_build_array(string_agg(v.mind, '; ' ORDER BY v.id), min(COALESCE(v.review_on, v.from_on)))::text
         FROM customers_vulnerability v
         WHERE v.customer_id = c.id AND v.from_on <= %(today)s AND (v.until_on IS NULL OR v.until_on > %(today)s)),
        (SELECT json_agg(json_build_array(n.purpose, n.channel, n.given))::text FROM (
            SELECT DISTINCT ON (w.purpose, w.channel) w.purpose, w.channel, w.given FROM customers_consent w
            WHERE w.customer_id = c.id ORDER BY w.purpose, w.channel, w.on DESC, w.id DESC) n),
        (SELECT json_agg(json_build_array(i.id, i.at, i.channel, TRIM(s.name || ' ' || s.name_zh), i.staff_id, i.topic, i.outcome) ORDER BY i.at)::text
         FROM interactions_interaction i JOIN people_staff s ON s.id = i.staff_id
         WHERE i.customer_id = c.id AND NOT i.superseded AND NOT i.confidential AND i.at >= %(since)s),
        (SELECT json_agg(g.on)::text FROM gifts_gift g
         WHERE g.customer_id = c.id AND g.state IN ('given', 'planned') AND g.on >= %(since)s::date),
        (SELECT json_agg(json_build_array(r.closed_in_id, r.kind, r.facts->>'purpose', r.facts->>'theme'))::text FROM reminders_reminder r
         WHERE r.customer_id = c.id AND r.closed_in_id IS NOT NULL AND r.closed_on >= %(since)s::date),
        (SELECT t.code FROM customers_tier t WHERE t.id = c.tier_id)
    FROM customers_customer c LEFT JOIN customers_preference p ON p.customer_id = c.id
    LEFT JOIN reminders_observance o ON o.customer_id = c.id
    WHERE c.id = ANY(%(ids)s)"""


@dataclass(frozen=True, slots=True)
class Asking:
    """A contact somebody would like to make with one customer."""

    customer_id: int
    proposal: Proposal


def answer(*, scope: Scope, asking: Asking, day: Day) -> Verdict | None:
    """What the gate says to one contact; None for a customer outside the scope."""
    if not visible_to(scope).filter(pk=asking.customer_id).exists():
        return None
    (verdict,) = answers(by_id=scope.staff_id, asked=[honest(asking)], day=day)
    return verdict


def honest(asking: Asking) -> Asking:
    """The same, taken for what keeps a promise only where one is open: a word in an address lifts no cap."""
    known = Promise.objects.filter(customer_id=asking.customer_id, state="open")
    openly = known.filter(Q(made_in=None) | Q(made_in__confidential=False))  # one made in confidence lifts nothing
    if not asking.proposal.promised or openly.exists():
        return asking
    return replace(asking, proposal=replace(asking.proposal, promised=False))


def answers(
    *, by_id: int, asked: Sequence[Asking], day: Day, planned: Mapping[int, Sequence[Past]] | None = None
) -> list[Verdict]:  # fmt: skip
    """What the gate says to each of these contacts, in a fixed number of statements however many there are.

    What is planned already is read from whoever plans; who moves what is planned gives in `planned` what stays.
    Row security hides strangers' customers: a contact with one is refused.
    """
    ids = sorted({each.customer_id for each in asked})
    known, rules = facts(customer_ids=ids, by_id=by_id, day=day), rules_on(day.today)
    ahead = _planned(ids, by_id, day) if planned is None else planned
    return [
        judge(
            proposal=each.proposal, customer=_with(known.get(each.customer_id, HIDDEN), ahead.get(each.customer_id, ())),
            calendar=day.calendar, zone=day.zone, rules=rules,
        )
        for each in asked
    ]  # fmt: skip


def refusals(
    *, by_id: int, asked: Sequence[tuple[Asking, Sequence[Past]]], days: Sequence[dt.date], day: Day
) -> list[dict[dt.date, Verdict]]:  # fmt: skip
    """On which of these days the gate refuses each contact, given what is planned with its customer, and why.

    Two statements however many contacts and days.
    """
    known = facts(customer_ids=sorted({each.customer_id for each, _ahead in asked}), by_id=by_id, day=day)
    rules = rules_on(day.today)
    return [
        refused_days(
            proposal=each.proposal, customer=_with(known.get(each.customer_id, HIDDEN), ahead), days=days,
            calendar=day.calendar, zone=day.zone, rules=rules,
        )
        for each, ahead in asked
    ]  # fmt: skip


def _planned(customer_ids: Sequence[int], by_id: int, day: Day) -> Mapping[int, Sequence[Past]]:
    """What is planned with these customers, by everybody; one statement for each who plans."""
    found: dict[int, list[Past]] = defaultdict(list)
    for source in SOURCES:
        for customer_id, ahead in source(customer_ids=customer_ids, by_id=by_id, day=day).items():
            found[customer_id] += ahead
    return found


def facts(*, customer_ids: Sequence[int], by_id: int, day: Day, rules: Rules | None = None) -> dict[int, Customer]:
    """What the rules look at, of each of these customers; one statement.

    Given the rules, no contact is read that says nothing to one asked about from the business date on.
    """
    back = dt.timedelta(days=rules.reach_days + 1) if rules else FURTHEST  # and a day, for the zone's sake
    since = dt.datetime.combine(day.today - back, dt.time(), dt.UTC)
    values = {"ids": list(customer_ids), "zone": day.zone, "today": day.today, "since": since}
    with for_many(len(customer_ids)) as cursor:
        cursor.execute(FACTS, values)
        return {row[0]: _customer(row, by_id, day) for row in cursor.fetchall()}


def facts_with_planned(
    *, customer_ids: Sequence[int], by_id: int, day: Day, rules: Rules | None = None
) -> dict[int, Customer]:
    """The same with the contacts that are planned; one statement more for each who plans."""
    ahead = _planned(customer_ids, by_id, day)
    known = facts(customer_ids=customer_ids, by_id=by_id, day=day, rules=rules)
    return {each: _with(customer, ahead.get(each, ())) for each, customer in known.items()}


def _customer(row: tuple[Any, ...], by_id: int, day: Day) -> Customer:
    _id, closed, ended, zone, never, mourning_from, mourning_until, complaint, minded, consents, *more = row
    contacts, gifts, answered, tier = more
    about: dict[int, set[str]] = defaultdict(set)
    purposes: dict[int, set[Purpose]] = defaultdict(set)
    for interaction_id, kind, purpose, theme in json.loads(answered or "[]"):
        # A campaign says itself what it is about and for; two campaigns are no repetition of one another.
        is_campaign = bool(purpose and theme)
        about[interaction_id].add(plain(theme) if is_campaign else THEME_OF.get(kind, "occasion"))
        purposes[interaction_id].add(purpose if is_campaign else purpose_of(THEME_OF.get(kind, "occasion")))
    past = [
        Past(
            dt.datetime.fromisoformat(at), channel, by, own=staff_id == by_id, theme=topic or "", outcome=outcome,
            spoke=outcome in {"reached", "met"}, about=frozenset(about[number]), purpose=purpose_among(purposes[number]),
        )
        for number, at, channel, by, staff_id, topic, outcome in json.loads(contacts or "[]")
    ]  # fmt: skip
    past += [Past(noon(dt.date.fromisoformat(on), day), "gift", spoke=False) for on in json.loads(gifts or "[]")]
    said = {(channel or "all", purpose): given for purpose, channel, given in json.loads(consents or "[]")}
    mind, review = json.loads(minded)
    mourning = Period(mourning_from, mourning_until) if mourning_from else None
    return Customer(
        past=tuple(past), never=frozenset(never), consents=said, complaint_since=complaint, mourning=mourning,
        vulnerable=mind or "", review_since=dt.date.fromisoformat(review) if review else None, ended=ended, closed=closed, tier=tier or "", zone=zone if is_zone(zone) else day.zone,
    )  # fmt: skip


def purpose_among(found: Collection[Purpose]) -> Purpose:
    """What a contact was for that answered reasons of these purposes; the one that asks most of the customer counts."""
    return next((each for each in ASKS_MOST if each in found), "service")


@lru_cache(maxsize=1_024)
def is_zone(name: str) -> bool:
    """Whether the clocks of this place are known."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _with(customer: Customer, ahead: Sequence[Past]) -> Customer:
    return replace(customer, past=(*customer.past, *ahead)) if ahead else customer


def rules_on(today: dt.date) -> Rules:
    """The rules in force on a day: the bank's newest numbers, else the core's."""
    row = RuleSet.objects.filter(from_on__lte=today).order_by("-from_on").first()
    return DEFAULT if row is None else rules_of(row)


def rules_of(row: RuleSet) -> Rules:
    """A stored set of numbers as the core takes it."""
    caps: Mapping[str, Any] = row.caps
    return Rules(
        caps={name: tuple((int(days), int(most)) for days, most in pairs) for name, pairs in caps.items()},
        quiet_from=row.quiet_from, quiet_until=row.quiet_until, same_days=row.same_days, lately_days=row.lately_days,
        version=f"{VERSION} of {row.from_on}",
    )  # fmt: skip


def rule_sets() -> list[RuleSet]:
    """Every version of the numbers, the newest first."""
    return list(RuleSet.objects.select_related("set_by").order_by("-from_on"))
