"""The Customer page: who this is, how we stand, what is next; a fixed number of statements whatever they hold."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.http import Http404

from keybook.apps.customers.queries import scope_sql
from keybook.apps.interactions.queries import knows_sql
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope
from keybook.apps.standards.queries import EXCEPTED, IN_FORCE
from keybook.core import masking
from keybook.core.nextbest.facts import THEME_OF
from keybook.core.occasions import age
from keybook.core.periods import Period
from keybook.core.wallet import Piece, Wallet, wallet

MONTHS = 24
LADDER = 12


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the head of a customer's page; phone, e-mail and identity number are masked already."""

    id: int
    number: str | None
    kind: str
    stage: str
    name: str
    name_zh: str
    sex: str
    born_on: dt.date | None
    lunar_birthday: str
    id_number: str
    phone: str
    email: str
    address: str
    district: str
    language: str
    occupation: str
    opened_on: dt.date | None
    currency: str
    aum: Decimal
    aum_change: Decimal
    risk_level: str
    risk_until: dt.date | None
    last_contact_on: dt.date | None
    next_due_on: dt.date | None
    health: int
    standing: str
    rule_version: str
    tier_since: dt.date | None
    tier: str
    tier_name: str
    tier_name_zh: str
    standard_days: int | None
    standard_number: int | None
    exception: str
    exception_until: dt.date | None
    late_from: dt.date | None
    visit_due_on: dt.date | None
    counted_on: dt.date | None
    counted_channel: str
    counted_by: str
    counted_by_zh: str
    before_name: str
    before_name_zh: str
    next_tier: str
    next_name: str
    next_name_zh: str
    next_at: Decimal | None
    branch_id: int
    branch_name: str
    branch_name_zh: str
    rm_id: int | None
    rm_name: str
    rm_name_zh: str
    rm_since: dt.date | None
    channels: Sequence[str]
    never: Sequence[str]
    hour_from: int | None
    hour_until: int | None
    topics: str
    avoid: str
    no_congratulation: bool
    birthday_by: str
    mourning_from: dt.date | None
    mourning_until: dt.date | None
    line_group: str
    line_due_on: dt.date | None
    line_channel: str
    line_hour: int | None
    line_hours: Sequence[Sequence[int]]
    opening: str
    line_cause: str
    line_theme: str
    line_purpose: str
    phone_doubt: bool
    joined_to: int | None
    offered: int
    contacts: int
    holdings: int
    relations: int
    months: Sequence[Decimal]
    months_from: dt.date | None
    planned_id: int | None
    planned_on: dt.date | None
    planned_half: str | None
    away: Sequence[Away]

    def mourns(self, today: dt.date) -> bool:
        """Whether this is a time of mourning, in which nothing is greeted, given or said by itself."""
        if self.mourning_from is None:
            return False
        return Period(self.mourning_from, self.mourning_until).contains(today)

    def age(self, today: dt.date) -> int | None:
        """Whole years, of a person whose birthday is known."""
        if self.born_on is None or self.kind != "person" or self.born_on > today:
            return None
        return age(born_on=self.born_on, today=today)

    @property
    def months_to_date(self) -> list[Decimal]:
        """Assets at the ends of the months, the oldest first."""
        return list(reversed(self.months))


_HEAD = """
SELECT c.id, c.number, c.kind, c.stage, c.name, c.name_zh, c.sex, c.born_on, c.lunar_birthday, c.id_number, c.phone,
       c.email, c.address, c.district, c.language, c.occupation, c.opened_on, c.currency, c.aum, c.aum_change,
       c.risk_level, c.risk_until, c.last_contact_on, c.next_due_on, c.health, c.standing, c.rule_version, c.tier_since,
       COALESCE(t.code, ''), COALESCE(t.name, ''), COALESCE(t.name_zh, ''),
       CASE WHEN std.every_days IS NOT NULL AND exc.kind IS DISTINCT FROM 'pause'
            THEN COALESCE(exc.every_days, std.every_days) END,
       std.number, COALESCE(exc.kind, ''), exc.until_on, c.late_from, c.visit_due_on, k.on_, COALESCE(k.channel, ''), COALESCE(k.name, ''),
       COALESCE(k.name_zh, ''), COALESCE(w.name, ''), COALESCE(w.name_zh, ''),
       COALESCE(n.code, ''), COALESCE(n.name, ''), COALESCE(n.name_zh, ''), n.enter_at,
       c.branch_id, b.name, b.name_zh, c.rm_id, COALESCE(s.name, ''), COALESCE(s.name_zh, ''),
       (SELECT a.from_on FROM customers_assignment a WHERE a.customer_id = c.id AND a.until_on IS NULL LIMIT 1),
       COALESCE(p.channels, '{{}}'), COALESCE(p.never, '{{}}'), p.hour_from, p.hour_until, COALESCE(p.topics, ''),
       COALESCE(p.avoid, ''), COALESCE(p.no_congratulation, false),
       COALESCE(o.birthday_by, ''), o.mourning_from, o.mourning_until,
       COALESCE(l."group", ''), l.due_on, COALESCE(l.channel, ''), l.hour, COALESCE(l.hours, '[]')::text,
       COALESCE(l.opening, ''), COALESCE(l.reasons->0->>'cause', ''), COALESCE(l.reasons->0->>'kind', ''),
       CASE WHEN l.reasons->0->>'cause' = 'campaign' THEN l.reasons->0->'facts' END::text, c.phone_doubt, c.joined_to_id,
       (SELECT count(*) FROM customers_match m
        WHERE m.state = 'offered' AND (m.prospect_id = c.id OR m.customer_id = c.id)),
       (SELECT count(*) FROM interactions_interaction i WHERE i.customer_id = c.id AND {known}),
       (SELECT count(*) FROM customers_holding h WHERE h.customer_id = c.id),
       (SELECT count(*) FROM customers_relation r WHERE r.customer_id = c.id OR r.other_id = c.id),
       ARRAY(SELECT m.aum FROM customers_balancemonth m WHERE m.customer_id = c.id ORDER BY m.month DESC LIMIT 24),
       (SELECT min(m.month) FROM (SELECT month FROM customers_balancemonth WHERE customer_id = c.id
                                  ORDER BY month DESC LIMIT 24) m),
       e.id, e."on", e.half,
       (SELECT COALESCE(json_agg(a), '[]')::text FROM ({away}) a)
FROM customers_customer c
JOIN people_branch b ON b.id = c.branch_id
LEFT JOIN people_staff s ON s.id = c.rm_id
LEFT JOIN customers_tier t ON t.id = c.tier_id
{asked}
LEFT JOIN LATERAL (SELECT (i.at AT TIME ZONE (SELECT time_zone FROM people_bank WHERE id = 1))::date AS on_, i.channel,
                          k.name, k.name_zh
                   FROM interactions_interaction i JOIN people_staff k ON k.id = i.staff_id
                   WHERE i.customer_id = c.id AND NOT i.superseded AND NOT i.confidential
                     AND i.outcome IN ('reached', 'met')
                     AND i.channel = ANY(COALESCE(NULLIF(exc.channels, '{{}}'), std.channels))
                   ORDER BY i.at DESC LIMIT 1) k ON true
LEFT JOIN customers_tier w ON w.id = c.tier_before_id
LEFT JOIN customers_tier n ON n.rank = COALESCE(t.rank, 0) + 1
LEFT JOIN customers_preference p ON p.customer_id = c.id
LEFT JOIN reminders_observance o ON o.customer_id = c.id
LEFT JOIN reminders_line l ON l.customer_id = c.id
LEFT JOIN LATERAL (SELECT id, "on", half FROM plans_entry WHERE customer_id = c.id AND state = 'planned'
                   ORDER BY "on", half LIMIT 1) e ON true
WHERE c.id = %(id)s AND ({scope})"""
# The evidence of assets elsewhere: valid ones first, the newest first.
_AWAY = """SELECT h.id, h.institution, h.kind, h.amount, h.currency, h.source, h.detail, h.confidence, h.seen_on, h.matures_on,
    h.expires_on, h.expires_on <= (SELECT business_date FROM people_bank WHERE id = 1) AS expired
    FROM customers_heldaway h WHERE h.customer_id = c.id ORDER BY expired, h.seen_on DESC, h.id DESC LIMIT 100"""
_ASKED = f"{IN_FORCE} {EXCEPTED}".replace("%(today)s", "(SELECT business_date FROM people_bank WHERE id = 1)")
_NAMES = [field.name for field in fields(Head)]


def _values(scope: Scope, customer_id: int) -> dict[str, Any]:
    return {
        "id": customer_id, "books": list(scope.books), "branches": list(scope.branches),
        "customers": list(scope.customers), "me": scope.staff_id,
    }  # fmt: skip


def _loads(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def head_of(*, scope: Scope, customer_id: int) -> Head:
    """The head of one customer's page, in one statement; Http404 outside the scope."""
    with planned() as cursor:
        cursor.execute(
            _HEAD.format(scope=scope_sql(scope), known=knows_sql(), asked=_ASKED, away=_AWAY),
            _values(scope, customer_id),
        )
        row = cursor.fetchone()
    if row is None:
        raise Http404
    values: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    values["phone"] = masking.phone(number=values["phone"])
    values["id_number"] = masking.id_number(number=values["id_number"])
    values["email"] = masking.email(address=values["email"])
    campaign = json.loads(values["line_purpose"] or "{}")  # it says itself what it is about and for
    theme = values["line_theme"] and THEME_OF.get(values["line_theme"], "occasion")
    values["line_theme"], values["line_purpose"] = campaign.get("theme") or theme, campaign.get("purpose", "")
    values["line_hours"] = _loads(values["line_hours"])
    values["away"] = [_away(each) for each in json.loads(values["away"], parse_float=Decimal)]
    return Head(**values)


@dataclass(frozen=True, slots=True)
class Held:
    """One position here."""

    id: int
    kind: str
    name: str
    name_zh: str
    product: str
    risk: str
    currency: str
    opened_on: dt.date | None
    matures_on: dt.date | None
    rate: Decimal | None
    balance: Decimal
    as_of: dt.date


def holdings_of(customer_id: int) -> list[Held]:
    """The positions of a customer already found inside the scope: assets first, the largest first."""
    sql = """SELECT id, kind, name, name_zh, product, risk, currency, opened_on, matures_on, rate, balance, as_of
        FROM customers_holding WHERE customer_id = %s ORDER BY kind IN ('loan', 'card'), balance DESC, id"""
    with planned() as cursor:
        cursor.execute(sql, [customer_id])
        return [Held(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Away:
    """One piece of evidence of an asset at another bank."""

    id: int
    institution: str
    kind: str
    amount: Decimal | None
    currency: str
    source: str
    detail: str
    confidence: str
    seen_on: dt.date
    matures_on: dt.date | None
    expires_on: dt.date
    expired: bool


def _away(found: Mapping[str, Any]) -> Away:
    """One row of _AWAY; PostgreSQL's JSON has neither days nor amounts of its own."""
    days = {
        name: dt.date.fromisoformat(found[name]) if found[name] else None
        for name in ("seen_on", "matures_on", "expires_on")
    }
    return Away(**{**found, **days, "amount": None if found["amount"] is None else Decimal(found["amount"])})


def wallet_of(head: Head, *, today: dt.date) -> Wallet:
    """Our share of what this customer owns, as a range, from evidence in the customer's own currency."""
    pieces = [Piece(one.amount, one.confidence, one.expires_on) for one in head.away if one.currency == head.currency]
    return wallet(here=head.aum, pieces=pieces, today=today)


@dataclass(frozen=True, slots=True)
class Rung:
    """What falls due in one month, here and elsewhere."""

    month: dt.date
    here: Decimal
    away: Decimal


def ladder_of(holdings: Sequence[Held], away: Sequence[Away], *, today: dt.date) -> list[Rung]:
    """What falls due in this month and the eleven after it."""
    rungs = []
    for ahead in range(LADDER):
        years, month = divmod(today.month - 1 + ahead, 12)
        first = dt.date(today.year + years, month + 1, 1)
        here = sum((one.balance for one in holdings if _in(first, one.matures_on, today)), Decimal(0))
        there = sum((one.amount or Decimal(0) for one in away if _in(first, one.matures_on, today)), Decimal(0))
        rungs.append(Rung(first, here, there))
    return rungs


def _in(first: dt.date, day: dt.date | None, today: dt.date) -> bool:
    return day is not None and day >= today and (day.year, day.month) == (first.year, first.month)


@dataclass(frozen=True, slots=True)
class Related:
    """The other end of one relation; one outside the scope has no id and no name."""

    relation_id: int
    id: int | None
    role: str
    other_role: str
    household: bool
    share: Decimal | None
    source: str
    name: str
    name_zh: str
    kind: str
    tier: str
    tier_name: str
    tier_name_zh: str
    born_on: dt.date | None
    aum: Decimal
    currency: str


_RELATED = """
SELECT r.id, o.id, r.role, r.other_role, r.household, r.share, r.source, COALESCE(o.name, ''),
       COALESCE(o.name_zh, ''), COALESCE(o.kind, ''), COALESCE(t.code, ''), COALESCE(t.name, ''),
       COALESCE(t.name_zh, ''), o.born_on, COALESCE(o.aum, 0), COALESCE(o.currency, '')
FROM (SELECT id, other_id, role, other_role, household, share, source FROM customers_relation
      WHERE customer_id = %(id)s
      UNION ALL
      SELECT id, customer_id, other_role, role, household, share, source FROM customers_relation
      WHERE other_id = %(id)s) r
LEFT JOIN LATERAL (SELECT * FROM customers_customer c WHERE c.id = r.other_id AND ({scope})) o ON true
LEFT JOIN customers_tier t ON t.id = o.tier_id
ORDER BY r.household DESC, o.aum DESC NULLS LAST, r.id LIMIT 40"""


def related_to(*, scope: Scope, customer_id: int) -> list[Related]:
    """Who belongs to this customer, the household first; `role` is what this customer is to them."""
    with planned() as cursor:
        cursor.execute(_RELATED.format(scope=scope_sql(scope)), _values(scope, customer_id))
        return [Related(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Cause:
    """A reminder as the timeline and "what is next" show it."""

    id: int
    cause: str
    kind: str
    opens_on: dt.date
    due_on: dt.date
    stake: Decimal
    currency: str
    facts: dict[str, Any]
    state: str
    closed_on: dt.date | None
    closed_in: int | None
    reason: str
    promise: str
    kept_on: dt.date | None


_CAUSE = [field.name for field in fields(Cause)]


def causes_of(customer_id: int, *, today: dt.date, limit: int = 60) -> list[Cause]:
    """The reminders of a customer, open ones first, then the newest."""
    sql = """SELECT r.id, r.cause, r.kind, r.opens_on, r.due_on, r.stake, r.currency, r.facts::text, r.state,
        r.closed_on, r.closed_in_id, r.reason, COALESCE(p.state, ''), p.closed_on
        FROM reminders_reminder r LEFT JOIN reminders_promise p ON p.id = r.promise_id
        WHERE r.customer_id = %s AND (r.opens_on <= %s OR r.cause = 'promise')
        ORDER BY r.state = 'open' DESC, r.opens_on DESC, r.id DESC LIMIT %s"""
    with planned() as cursor:
        cursor.execute(sql, [customer_id, today, limit])
        rows = [dict(zip(_CAUSE, row, strict=True)) for row in cursor.fetchall()]
    return [Cause(**{**row, "facts": _loads(row["facts"])}) for row in rows]


UNMASKABLE = {"phone": "phone", "email": "email", "id_number": "id_number"}


def unmasked(*, scope: Scope, customer_id: int, field: str) -> str:
    """One field in full: the caller records who asked and why. Http404 outside the scope or for another field."""
    if field not in UNMASKABLE:
        raise Http404
    sql = f"SELECT c.{UNMASKABLE[field]} FROM customers_customer c WHERE c.id = %(id)s AND ({scope_sql(scope)})"
    with planned() as cursor:
        cursor.execute(sql, _values(scope, customer_id))
        row = cursor.fetchone()
    if row is None:
        raise Http404
    return str(row[0])
