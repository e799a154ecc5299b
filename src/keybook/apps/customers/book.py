"""The Book: the customers somebody looks after, as rows, under saved views and filters, with their counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keybook.apps.customers.models import Standing
from keybook.apps.customers.queries import scope_sql
from keybook.apps.customers.search import ends_of
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope
from keybook.core import masking
from keybook.core.workdays import WorkCalendar

PAGE = 50
SILENT_DAYS = 60
EXPIRING_DAYS = 30
BIRTHDAY_DAYS = 14
DUE_DAYS = 7
AT_RISK = -10

# Each view is a condition on the row; the words are the faces' business.
VIEWS: Mapping[str, str] = {
    "all": "TRUE",
    "late": "c.late_from <= %(today)s",
    "due": "c.next_due_on < %(today)s + %(due_days)s",
    "silent": "(c.last_contact_on IS NULL OR c.last_contact_on < %(today)s - %(silent_days)s)",
    "risk": "c.risk_until >= %(today)s AND c.risk_until < %(today)s + %(expiring_days)s",
    "birthday": "to_char(c.born_on, 'MMDD') = ANY(%(birthdays)s)",
    "weak": "c.health < 0",
    "prospect": "c.stage = 'prospect'",
}
SORTS: Mapping[str, str] = {
    "name": "c.name", "tier": "t.rank", "aum": "c.aum", "change": "c.aum_change", "health": "c.health",
    "last": "c.last_contact_on", "next": "c.next_due_on", "rm": "s.name",
}  # fmt: skip
HEALTHS: Mapping[str, str] = {
    "good": "c.health >= 20",
    "fair": "c.health >= 0 AND c.health < 20",
    "weak": "c.health < 0",
}
STANDINGS: Mapping[str, Any] = dict(Standing.choices)


class AskRefusedError(ValueError):
    """What the Book was asked for does not exist; the sentence says what does."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What the Book is asked for: a view, filters, an order (a leading - turns it round) and a page from 1."""

    view: str = "all"
    tier: str = ""
    health: str = ""
    standing: str = ""
    text: str = ""
    rm: int | None = None
    sort: str = "-aum"
    page: int = 1

    def but(self, **other: Any) -> Ask:
        """The same question with something else asked, from the first page."""
        return replace(self, **{"page": 1, **other})

    def query(self) -> dict[str, str]:
        """What stands in the address for it: only what differs from the plain Book."""
        plain = Ask()
        names = ("view", "tier", "health", "standing", "text", "rm", "sort", "page")
        return {name: str(getattr(self, name)) for name in names if getattr(self, name) != getattr(plain, name)}


@dataclass(frozen=True, slots=True)
class Row:
    """One customer of the Book; the phone is masked already."""

    id: int
    number: str | None
    name: str
    name_zh: str
    kind: str
    stage: str
    tier: str
    tier_name: str
    tier_name_zh: str
    aum: Decimal
    currency: str
    aum_change: Decimal
    health: int
    standing: str
    last_contact_on: dt.date | None
    next_due_on: dt.date | None
    late_from: dt.date | None
    risk_level: str
    risk_until: dt.date | None
    phone: str
    rm_id: int | None
    rm_name: str
    rm_name_zh: str

    def late_by(self, today: dt.date, calendar: WorkCalendar) -> int:
        """Workdays since the contact was due, once the grace is over; else 0."""
        if self.next_due_on is None or self.late_from is None or self.late_from > today:
            return 0
        return calendar.workdays_late(self.next_due_on, today)


@dataclass(frozen=True, slots=True)
class Book:
    """One page of the Book, and what its head says."""

    ask: Ask
    rows: tuple[Row, ...]
    counts: Mapping[str, int]
    total: int
    aum: Decimal
    change: Decimal
    whole_aum: Decimal
    whole_change: Decimal

    @property
    def first(self) -> int:
        """The place of the first row shown."""
        return (self.ask.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """The place of the last row shown."""
        return self.first + len(self.rows) - 1


def read_ask(values: Mapping[str, str]) -> Ask:
    """Read what an address asks for; AskRefusedError with one sentence for a view, filter, order or page there is not."""
    ask = Ask(
        view=values.get("view") or "all", tier=values.get("tier", "")[:16], health=values.get("health", ""),
        text=values.get("text", "").strip()[:60], sort=values.get("sort") or "-aum", standing=values.get("standing", ""),
        rm=_number(values, "rm"), page=_number(values, "page") or 1,
    )  # fmt: skip
    if not ask.tier.isprintable():
        raise AskRefusedError(_("There is no tier of that name."))
    if ask.view not in VIEWS:
        raise AskRefusedError(_("There is no view of that name."))
    if ask.sort.removeprefix("-") not in SORTS:
        raise AskRefusedError(_("The Book cannot be sorted by that."))
    if ask.health and ask.health not in HEALTHS:
        raise AskRefusedError(_("Health is good, fair or weak."))
    if ask.standing and ask.standing not in STANDINGS:
        raise AskRefusedError(_("A relationship is growing, steady, cooling, at risk or ended."))
    return ask


def _number(values: Mapping[str, str], name: str) -> int | None:
    text = values.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:12]) < 10_000_000:  # noqa: PLR2004 - any more is none of ours
        raise AskRefusedError(_("A page is a number from 1."))
    return int(text)


_FROM = """FROM customers_customer c
LEFT JOIN customers_tier t ON t.id = c.tier_id LEFT JOIN people_staff s ON s.id = c.rm_id
WHERE c.stage <> 'closed' AND c.rm_id IS NOT NULL AND ({scope})"""
_COLUMNS = """c.id, c.number, c.name, c.name_zh, c.kind, c.stage, COALESCE(t.code, ''), COALESCE(t.name, ''),
    COALESCE(t.name_zh, ''), c.aum, c.currency, c.aum_change, c.health, c.standing,
    c.last_contact_on, c.next_due_on, c.late_from, c.risk_level, c.risk_until, c.phone, c.rm_id, COALESCE(s.name, ''),
    COALESCE(s.name_zh, '')"""


def birthdays(*, today: dt.date, days: int = BIRTHDAY_DAYS) -> list[str]:
    """Month and day of each of the coming days; 29 February is kept on the 28th in other years."""
    dates = [today + dt.timedelta(days=ahead) for ahead in range(days + 1)]
    known = [f"{date:%m%d}" for date in dates]
    return [*known, "0229"] if "0228" in known and "0229" not in known else known


def _values(ask: Ask, *, scope: Scope, today: dt.date) -> dict[str, Any]:
    ends = ends_of(ask.text) or ("", "")
    return {
        "today": today, "due_days": DUE_DAYS, "silent_days": SILENT_DAYS, "expiring_days": EXPIRING_DAYS,
        "birthdays": birthdays(today=today), "tier": ask.tier, "rm": ask.rm, "standing": ask.standing, "first": ends[0], "last": ends[1],
        "books": list(scope.books), "branches": list(scope.branches), "customers": list(scope.customers),
    }  # fmt: skip


def _filters(ask: Ask) -> str:
    """The conditions of the filters, without the view."""
    parts = ["TRUE"]
    if ask.tier:
        parts.append("t.code = %(tier)s")
    if ask.health:
        parts.append(HEALTHS[ask.health])
    if ask.standing:
        parts.append("c.standing = %(standing)s")
    if ask.rm:
        parts.append("c.rm_id = %(rm)s")
    if ask.text:
        found = "SELECT k.customer_id FROM customers_searchkey k WHERE k.key >= %(first)s AND k.key <= %(last)s"
        parts.append(f"c.id IN ({found})" if ends_of(ask.text) else "FALSE")
    return " AND ".join(parts)


def read_book(*, scope: Scope, ask: Ask, today: dt.date) -> Book:
    """One page of the Book inside the scope, in two statements: the rows, and every count."""
    source, values = _FROM.format(scope=scope_sql(scope)), _values(ask, scope=scope, today=today)
    chosen = f"({VIEWS[ask.view]}) AND {_filters(ask)}"
    order = SORTS[ask.sort.removeprefix("-")] + (" DESC" if ask.sort.startswith("-") else " ASC")
    rows = f"""SELECT {_COLUMNS} {source} AND {chosen} ORDER BY {order} NULLS LAST, c.id
        LIMIT {PAGE} OFFSET {(ask.page - 1) * PAGE}"""
    if ask.sort == "-aum":  # an index is in this order, without the NULLS LAST that a column never null needs not
        rows = rows.replace(" NULLS LAST", "")
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in VIEWS.values())
    sums = f"""SELECT count(*) FILTER (WHERE {chosen}), COALESCE(sum(c.aum) FILTER (WHERE {chosen}), 0),
        COALESCE(sum(c.aum_change) FILTER (WHERE {chosen}), 0), COALESCE(sum(c.aum), 0),
        COALESCE(sum(c.aum_change), 0), {counts} {source}"""
    with planned() as cursor:
        cursor.execute(rows, values)
        found = tuple(_row(row) for row in cursor.fetchall())
        cursor.execute(sums, values)
        total, aum, change, whole_aum, whole_change, *each = cursor.fetchall()[0]
    known = dict(zip(VIEWS, each, strict=True))
    return Book(ask, found, known, total, aum, change, whole_aum, whole_change)


def ids_of(*, scope: Scope, ask: Ask, today: dt.date) -> list[int]:
    """Every customer of the Book as asked, on whatever page; one statement."""
    source, values = _FROM.format(scope=scope_sql(scope)), _values(ask, scope=scope, today=today)
    with planned() as cursor:
        cursor.execute(f"SELECT c.id {source} AND ({VIEWS[ask.view]}) AND {_filters(ask)} ORDER BY c.id", values)
        return [row[0] for row in cursor.fetchall()]


def _row(row: tuple[Any, ...]) -> Row:
    values = list(row)
    at = Row.__slots__.index("phone")
    values[at] = masking.phone(number=values[at])
    return Row(*values)


def neighbours(*, scope: Scope, ask: Ask, today: dt.date, customer_id: int) -> tuple[int | None, int | None, int, int]:
    """Who stands before and after this customer in the Book as asked, their place from 1 (0: not in it), of how many."""
    source, values = _FROM.format(scope=scope_sql(scope)), _values(ask, scope=scope, today=today)
    order = SORTS[ask.sort.removeprefix("-")] + (" DESC" if ask.sort.startswith("-") else " ASC")
    window = f"OVER (ORDER BY {order} NULLS LAST, c.id)"
    sql = f"""SELECT before, after, place, total FROM (SELECT c.id, lag(c.id) {window} AS before,
        lead(c.id) {window} AS after, row_number() {window} AS place, count(*) OVER () AS total
        {source} AND ({VIEWS[ask.view]}) AND {_filters(ask)}) walk WHERE id = %(customer)s"""
    with planned() as cursor:
        cursor.execute(sql, {**values, "customer": customer_id})
        found = cursor.fetchone()
    return found or (None, None, 0, 0)
