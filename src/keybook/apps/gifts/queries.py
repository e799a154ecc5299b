"""Reads of the register of gifts: the list, one gift, what the limits say, what was given before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keybook.apps.customers.queries import scope_sql
from keybook.apps.gifts.models import Gift, LimitSet, Official
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope
from keybook.core.gifts import Earlier, Limits, Meter, Verdict, rolling_from, verdict, years_before

PAGE = 50
FIRST_LIMITS = Limits(Decimal(300), Decimal(600), Decimal(1000), Decimal(24_000), "gifts/1, as installed")
VIEWS: Mapping[str, str] = {
    "year": "g.on > %(since)s",
    "waiting": "g.state = 'to_approve'",
    "planned": "g.state IN ('idea', 'planned')",
    "over": "g.over > 0 OR g.state = 'refused'",
    "all": "TRUE",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One gift as the register shows it, with what the year holds for this customer."""

    id: int
    customer_id: int
    name: str
    name_zh: str
    tier: str
    tier_name: str
    tier_name_zh: str
    text: str
    category: str
    occasion: str
    value: Decimal
    currency: str
    on: dt.date
    state: str
    why: str
    over: Decimal
    asked_by_id: int
    edited_by_id: int
    asked_by: str
    edited_by: str
    decided_by: str
    decision: str
    official: str
    year: Decimal


@dataclass(frozen=True, slots=True)
class Register:
    """A page of the register, and how many gifts each view holds."""

    rows: tuple[Row, ...]
    counts: Mapping[str, int]
    view: str
    page: int
    limits: Limits

    @property
    def more(self) -> bool:
        """Whether a further page follows."""
        return self.page * PAGE < self.counts[self.view]


_ROW = """
    SELECT g.id, c.id, c.name, c.name_zh, COALESCE(t.code, ''), COALESCE(t.name, ''), COALESCE(t.name_zh, ''), g.text,
           g.category, g.occasion, g.value, g.currency, g.on, g.state, g.why, g.over, g.asked_by_id, g.edited_by_id,
           a.name, e.name, COALESCE(d.name, ''), g.decision, COALESCE(o.office, ''),
           COALESCE((SELECT sum(y.value) FROM gifts_gift y WHERE y.customer_id = c.id AND y.id <> g.id
                     AND y.state IN ('planned', 'given') AND y.on > %(since)s), 0)
    FROM gifts_gift g JOIN customers_customer c ON c.id = g.customer_id LEFT JOIN customers_tier t ON t.id = c.tier_id
    JOIN people_staff a ON a.id = g.asked_by_id JOIN people_staff e ON e.id = g.edited_by_id
    LEFT JOIN people_staff d ON d.id = g.decided_by_id
    LEFT JOIN gifts_official o ON o.customer_id = c.id AND o.from_on <= %(today)s
        AND (o.until_on IS NULL OR o.until_on > %(today)s)
    WHERE ({scope})"""
_PAGE = f"""{_ROW} AND ({{view}})
    ORDER BY g.state <> 'to_approve', g.on DESC, g.id DESC LIMIT %(limit)s OFFSET %(offset)s"""


def register(*, scope: Scope, today: dt.date, view: str = "year", page: int = 1) -> Register:
    """A page of the gifts inside the scope: those that wait for a second person first, then the newest."""
    view = view if view in VIEWS else "year"
    values = _values(scope, today, page=page)
    counts = ", ".join(f"count(*) FILTER (WHERE {where})" for where in VIEWS.values())
    with planned() as cursor:
        cursor.execute(_PAGE.format(scope=scope_sql(scope), view=VIEWS[view]), values)
        rows = tuple(Row(*row) for row in cursor.fetchall())
        cursor.execute(
            f"SELECT {counts} FROM gifts_gift g JOIN customers_customer c ON c.id = g.customer_id "
            f"WHERE ({scope_sql(scope)})",
            values,
        )
        found = dict(zip(VIEWS, cursor.fetchone() or (), strict=True))
    return Register(rows, found, view, page, limits_on(today))


def gift(*, scope: Scope, gift_id: int, today: dt.date) -> Row | None:
    """One gift inside the scope; None when there is none to see."""
    with planned() as cursor:
        cursor.execute(
            f"{_ROW.format(scope=scope_sql(scope))} AND g.id = %(gift)s", {**_values(scope, today), "gift": gift_id}
        )
        row = cursor.fetchone()
    return Row(*row) if row else None


def waiting_for(*, scope: Scope, today: dt.date) -> list[Row]:
    """The gifts that wait for this person's decision: neither asked for nor last changed by them."""
    if scope.role != "head":
        return []
    with planned() as cursor:
        cursor.execute(_PAGE.format(scope=scope_sql(scope), view=VIEWS["waiting"]), _values(scope, today, page=1))
        rows = [Row(*row) for row in cursor.fetchall()]
    return [row for row in rows if scope.staff_id not in {row.asked_by_id, row.edited_by_id}]


def _values(scope: Scope, today: dt.date, page: int = 1) -> dict[str, Any]:
    return {
        "books": list(scope.books), "branches": list(scope.branches), "customers": list(scope.customers),
        "today": today, "since": rolling_from(today), "limit": PAGE, "offset": (page - 1) * PAGE,
    }  # fmt: skip


def limits_on(day: dt.date) -> Limits:
    """The limits that hold on a day; until an administrator has set some, those Keybook comes with."""
    row = LimitSet.objects.filter(from_on__lte=day).order_by("-from_on").first()
    if row is None:
        return FIRST_LIMITS
    return Limits(row.per_gift, row.per_customer, row.per_household, row.per_banker, f"gifts/1 of {row.from_on}")


def office_of(*, customer_id: int, today: dt.date) -> str:
    """The public office the customer holds on that day; empty when none."""
    held = Official.objects.filter(customer_id=customer_id, from_on__lte=today).exclude(until_on__lte=today)
    return held.values_list("office", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class Weighing:
    """What a gift is held against the limits with."""

    customer_id: int
    banker_id: int
    value: Decimal
    on: dt.date
    without: int = 0  # the gift itself, when it stands in the register already


def weigh(*, asked: Weighing) -> Verdict:
    """Hold a gift against the limits, everything given or planned in its rolling year counted, seen or not."""
    with planned() as cursor:
        cursor.execute(
            "SELECT customer, household, banker FROM keybook_gift_sums(%s, %s, %s, %s, %s)",
            [asked.customer_id, asked.banker_id, rolling_from(asked.on), asked.on, asked.without],
        )
        sums = dict(zip(("customer", "household", "banker"), cursor.fetchone() or (), strict=True))
    official = bool(office_of(customer_id=asked.customer_id, today=asked.on))
    return verdict(value=asked.value, before=sums, official=official, limits=limits_on(asked.on))  # type: ignore[arg-type]


def earlier(*, customer_id: int, on: dt.date, without: int = 0) -> list[Earlier]:
    """What this customer was given or is to be given in the two years before."""
    rows = Gift.objects.filter(
        customer_id=customer_id, state__in=("planned", "given", "declined"), on__gt=years_before(on, 2), on__lte=on
    ).exclude(pk=without)
    return [Earlier(*row) for row in rows.order_by("-on").values_list("on", "text", "category", "occasion")]


def meter_name(meter: Meter) -> str:
    """What a meter measures, in words."""
    names = {
        "gift": _("One gift"), "customer": _("This customer, within a year"),
        "household": _("The household, within a year"), "banker": _("All by this banker, within a year"),
    }  # fmt: skip
    return names[meter.measure]


def of_customer(*, scope: Scope, customer_id: int, today: dt.date) -> Sequence[Row]:
    """The last gifts of one customer."""
    with planned() as cursor:
        cursor.execute(
            f"{_ROW.format(scope=scope_sql(scope))} AND c.id = %(customer)s ORDER BY g.on DESC, g.id DESC LIMIT 20",
            {**_values(scope, today), "customer": customer_id},
        )
        return [Row(*row) for row in cursor.fetchall()]
