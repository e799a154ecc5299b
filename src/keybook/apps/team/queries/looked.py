"""The books of the team as of a day: the numbers by banker and tier, and the customers behind each of them.

One statement makes one row a customer (`facts`); the numbers sum these rows and the lists show them, so that a number and
its list cannot differ. Only where a row comes from differs: the stored columns for today, `then` for a day before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Q, When

from keybook.apps.customers.models import Tier
from keybook.apps.customers.queries import scope_sql, serving
from keybook.apps.customers.rooms import books
from keybook.apps.interactions.queries import SPOKE
from keybook.apps.people.models import Role, Staff
from keybook.apps.people.planned import planned
from keybook.apps.people.queries import subtree
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.postings import OPENLY_MADE
from keybook.apps.reminders.queries import Day
from keybook.apps.standards.queries import TierStandard, tier_standards
from keybook.apps.team.asking import KINDS, SORTS, Ask
from keybook.apps.team.queries.then import MOST, stood_then
from keybook.core.cadence import Coverage
from keybook.core.newmoney import Window, since, window
from keybook.core.shares import Share, wilson

PAGE = 50
FEW = 30  # of fewer promises the interval is shown beside the share
COLUMNS = {
    "id": "bigint", "rm_id": "bigint", "tier_id": "bigint", "next_due_on": "date", "late_from": "date",
    "last_contact_on": "date", "health": "smallint", "standing": "text",
}  # fmt: skip
STORED = f"""
    SELECT {", ".join(f"c.{name}" for name in COLUMNS)}, c.branch_id, c.opened_on FROM customers_customer c
    WHERE c.stage = 'customer' AND c.tier_id = ANY(%(tiers)s) AND ({{scope}}) {{which}}"""
GIVEN = f"""
    SELECT v.*, c.branch_id, c.opened_on
    FROM unnest({", ".join(f"%({name}s)s::{kind}[]" for name, kind in COLUMNS.items())}) AS v ({", ".join(COLUMNS)})
    JOIN customers_customer c ON c.id = v.id"""
# A promise is counted when it was settled in the period, or fell due in it and was open still. What a confidential
# contact holds changes no number. The money is core.newmoney's rule; a test holds the two together.
FACTS = f"""
    WITH stood AS MATERIALIZED ({{source}}),
    facts AS (
        SELECT s.*, COALESCE(s.late_from <= %(on)s, false) AS late, s.standing = 'at_risk' AS at_risk,
            COALESCE(p.kept, 0) AS kept, COALESCE(p.kept_late, 0) AS kept_late, COALESCE(p.broken, 0) AS broken,
            COALESCE(k.contacts, 0) AS contacts,
            CASE WHEN m.before IS NOT NULL OR s.opened_on >= %(begins)s THEN m.after - COALESCE(m.before, 0) END AS money
        FROM stood s
        LEFT JOIN (
            SELECT x.customer_id,
                count(*) FILTER (WHERE x.closed_on <= %(on)s AND x.state = 'kept' AND x.closed_on <= x.due_on) AS kept,
                count(*) FILTER (WHERE x.closed_on IS NULL OR x.closed_on > %(on)s
                    OR (x.state = 'kept' AND x.closed_on > x.due_on)) AS kept_late,
                count(*) FILTER (WHERE x.closed_on <= %(on)s AND x.state = 'broken') AS broken
            FROM stood s JOIN reminders_promise x ON x.customer_id = s.id
            WHERE (x.state IN ('kept', 'broken') AND x.closed_on > %(since)s AND x.closed_on <= %(on)s
                OR (x.closed_on IS NULL OR x.closed_on > %(on)s) AND x.due_on < %(on)s AND x.due_on > %(since)s)
              AND {OPENLY_MADE}
            GROUP BY 1) p ON p.customer_id = s.id
        LEFT JOIN (
            SELECT i.customer_id, count(*) AS contacts FROM stood s JOIN interactions_interaction i ON i.customer_id = s.id
            WHERE i.at >= %(from_at)s AND i.at < %(until_at)s AND i.outcome = ANY(%(spoke)s) AND NOT i.superseded
              AND NOT i.confidential
            GROUP BY 1) k ON k.customer_id = s.id
        LEFT JOIN (
            SELECT b.customer_id, max(b.aum) FILTER (WHERE b.month = %(base)s) AS before,
                max(b.aum) FILTER (WHERE b.month = %(last)s) AS after
            FROM stood s JOIN customers_balancemonth b ON b.customer_id = s.id AND b.month IN (%(base)s, %(last)s)
            GROUP BY 1) m ON m.customer_id = s.id
    )"""
SUMS = """ SELECT {by}f.rm_id, f.tier_id, count(*), count(*) FILTER (WHERE f.late), count(*) FILTER (WHERE f.at_risk),
        sum(f.kept)::int, sum(f.kept_late)::int, sum(f.broken)::int, sum(f.contacts)::int, count(f.money),
        COALESCE(sum(f.money), 0)
    FROM facts f GROUP BY {by}f.rm_id, f.tier_id"""
LIST = """ SELECT c.id, c.name, c.name_zh, t.code, t.name, t.name_zh, COALESCE(s.name, ''), COALESCE(s.name_zh, ''),
        f.next_due_on, f.late_from, f.late, f.last_contact_on, f.health, f.standing, f.kept, f.kept_late, f.broken,
        f.contacts, f.money, c.aum, c.currency, count(*) OVER (), sum({sum}) OVER ()
    FROM facts f JOIN customers_customer c ON c.id = f.id JOIN customers_tier t ON t.id = f.tier_id
    LEFT JOIN people_staff s ON s.id = f.rm_id
    WHERE {kind} ORDER BY {sort} LIMIT %(limit)s OFFSET %(offset)s"""
SUMMED = {
    "kept": "f.kept",
    "kept_late": "f.kept_late",
    "broken": "f.broken",
    "contacts": "f.contacts",
    "money": "f.money",
}


@dataclass(frozen=True, slots=True)
class Sums:
    """The numbers of some key customers: how they stand, and what was done for them in the period."""

    total: int = 0
    late: int = 0
    at_risk: int = 0
    kept: int = 0
    kept_late: int = 0
    broken: int = 0
    contacts: int = 0
    counted: int = 0
    money: Decimal = Decimal(0)

    def __add__(self, other: Sums) -> Sums:
        """Both together."""
        return Sums(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Sums)))

    @property
    def coverage(self) -> Coverage:
        """How many are inside their standard."""
        return Coverage(self.total - self.late, self.total)

    @property
    def promises(self) -> int:
        """How many promises were settled, or fell due and are open."""
        return self.kept + self.kept_late + self.broken

    @property
    def kept_share(self) -> Share | None:
        """The share kept, with its interval; none of no promises."""
        return wilson(hits=self.kept, of=self.promises) if self.promises else None

    @property
    def few(self) -> bool:
        """Whether the interval belongs beside the share."""
        return 0 < self.promises < FEW


@dataclass(frozen=True, slots=True)
class BookOf:
    """One banker (none: nobody) with the sums by tier, and how full the book is today."""

    rm_id: int | None
    name: str
    name_zh: str
    is_active: bool
    tiers: Mapping[int, Sums]
    size: int | None = None
    most: int | None = None

    @property
    def all(self) -> Sums:
        """Every tier together."""
        return sum(self.tiers.values(), Sums())


@dataclass(frozen=True, slots=True)
class Looked:
    """The page: the tiers that are key on the day, the bankers, all together; and whom a filter may choose from."""

    tiers: tuple[Tier, ...]
    books: tuple[BookOf, ...]
    by_tier: Mapping[int, Sums]
    over: Window
    since: dt.date
    every_tier: tuple[tuple[str, str, str], ...] = ()
    bankers: tuple[tuple[int, str, str], ...] = ()

    @property
    def all(self) -> Sums:
        """Everybody together."""
        return sum(self.by_tier.values(), Sums())


@dataclass(frozen=True, slots=True)
class Row:
    """One customer behind a number."""

    id: int
    name: str
    name_zh: str
    tier: str
    tier_name: str
    tier_name_zh: str
    rm_name: str
    rm_name_zh: str
    next_due_on: dt.date | None
    late_from: dt.date | None
    late: bool
    last_contact_on: dt.date | None
    health: int
    standing: str
    kept: int
    kept_late: int
    broken: int
    contacts: int
    money: Decimal | None
    aum: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A page of the customers behind a number: how many they are, and what the number sums to over all of them."""

    rows: tuple[Row, ...]
    count: int
    sum: Decimal
    page: int

    @property
    def more(self) -> bool:
        """Whether a further page follows."""
        return self.page * PAGE < self.count


def looked(*, scope: Scope, ask: Ask, day: Day) -> Looked:
    """The numbers of the page, by banker and tier."""
    found: dict[int | None, dict[int, Sums]] = {}
    known = tier_standards(today=ask.on)
    shown = _key(known, ask)
    for rm_id, tier_id, *values in _run(scope, ask, day, SUMS.format(by=""), tiers=[each.pk for each in shown]):
        found.setdefault(rm_id, {})[tier_id] = Sums(*values)
    by_tier = {
        tier_id: sum((tiers[tier_id] for tiers in found.values() if tier_id in tiers), Sums())
        for tier_id in {each for tiers in found.values() for each in tiers}
    }
    people = _people(scope, found)
    return Looked(
        shown, tuple(_books(people, found, ask)), by_tier, window(on=ask.on, months=ask.months),
        since(on=ask.on, months=ask.months),
        tuple((each.tier.code, each.tier.name, each.tier.name_zh) for each in known),
        tuple((each, name, name_zh) for each, name, name_zh, _active, serves in people if serves),
    )  # fmt: skip


def _tiers(ask: Ask) -> tuple[Tier, ...]:
    """The tiers whose customers are key on the day, the highest first; the one asked for alone."""
    return _key(tier_standards(today=ask.on), ask)


def _key(known: Iterable[TierStandard], ask: Ask) -> tuple[Tier, ...]:
    return tuple(each.tier for each in known if each.holds and ask.tier in {"", each.tier.code})


def _people(scope: Scope, found: Iterable[int | None]) -> list[tuple[Any, ...]]:
    """Whose books were found and whom a filter may choose from, by name: (id, name, Chinese name, active, serves)."""
    serves = serving(scope)
    rows = Staff.objects.filter(serves | Q(pk__in=[each for each in found if each])).order_by("name", "id")
    rows = rows.annotate(serves=Case(When(serves, then=True), default=False))
    return list(rows.values_list("id", "name", "name_zh", "is_active", "serves"))


def _books(
    people: Iterable[Sequence[Any]], found: Mapping[int | None, Mapping[int, Sums]], ask: Ask
) -> Iterable[BookOf]:
    """The bankers by name, nobody last; of today with how full their books are."""
    full = books(staff_ids=[each for each in found if each], on=ask.today) if ask.is_today else {}
    for staff_id, name, name_zh, is_active, _serves in people:
        if staff_id in found:
            book = full.get(staff_id)
            room = (book.count, book.most) if book else (None, None)
            yield BookOf(staff_id, name, name_zh, is_active, found[staff_id], *room)
    if None in found:
        yield BookOf(None, "", "", True, found[None])


def opened(*, scope: Scope, ask: Ask, day: Day, most: int = PAGE) -> Opened:
    """A page of the customers behind a number, by the same rows that the number sums."""
    way = "DESC" if ask.sort.startswith("-") else "ASC"
    sort = f"{SORTS[ask.sort.removeprefix('-')]} {way} NULLS LAST, c.id"
    statement = LIST.format(kind=KINDS[ask.kind], sort=sort, sum=SUMMED.get(ask.kind, "1"))
    rows = _run(scope, ask, day, statement, limit=most, offset=(ask.page - 1) * PAGE)
    count, total = (int(rows[0][-2]), Decimal(rows[0][-1])) if rows else (0, Decimal(0))
    return Opened(tuple(Row(*row[:-2]) for row in rows), count, total, ask.page)


def sums_of_books(*, scope: Scope, ask: Ask, day: Day) -> list[tuple[int, int | None, int, Sums]]:
    """The sums by branch, banker and tier, for the night: (branch, banker, tier, sums)."""
    rows = _run(scope, ask, day, SUMS.format(by="f.branch_id, "), most=None)
    return [(branch_id, rm_id, tier_id, Sums(*values)) for branch_id, rm_id, tier_id, *values in rows]


def _run(
    scope: Scope, ask: Ask, day: Day, statement: str, *, most: int | None = MOST, **more: Any
) -> list[tuple[Any, ...]]:
    """Run a statement over the facts of what is asked."""
    values = {**_values(scope, ask, day), **more}
    if "tiers" not in values:
        values["tiers"] = [each.pk for each in _tiers(ask)]
    if ask.is_today:
        source = STORED.format(**_where(scope, ask, "c"))
    else:
        then = Day(ask.on, day.zone, day.calendar, day.currency, day.data_date)
        rows = stood_then(where=_where(scope, ask, "w"), values={**values, "today": ask.on}, day=then, most=most)
        values |= {f"{name}s": [getattr(each, name) for each in rows] for name in COLUMNS}
        source = GIVEN
    with planned() as cursor:
        cursor.execute(FACTS.format(source=source) + statement, values)
        return cursor.fetchall()


def _where(scope: Scope, ask: Ask, alias: str) -> dict[str, str]:
    """The conditions of a filter, for whichever table holds the banker of the day."""
    parts = []
    if ask.branch:
        parts.append(f"AND {alias}.branch_id = ANY(%(subtree)s)")
    if ask.rm is not None:
        parts.append(f"AND {alias}.rm_id = %(rm)s" if ask.rm else f"AND {alias}.rm_id IS NULL")
    if scope.role == Role.RM:  # a customer shared by a colleague is in the colleague's book
        parts.append(f"AND {alias}.rm_id = ANY(%(books)s)")
    return {"scope": scope_sql(scope), "which": " ".join(parts)}


def _values(scope: Scope, ask: Ask, day: Day) -> dict[str, Any]:
    over, zone = window(on=ask.on, months=ask.months), ZoneInfo(day.zone)
    begin = since(on=ask.on, months=ask.months) + dt.timedelta(days=1)
    return {
        "books": list(scope.books), "branches": list(scope.branches), "customers": list(scope.customers),
        "on": ask.on, "since": begin - dt.timedelta(days=1), "spoke": list(SPOKE),
        "from_at": dt.datetime.combine(begin, dt.time(), zone),
        "until_at": dt.datetime.combine(ask.on + dt.timedelta(days=1), dt.time(), zone),
        "base": over.base, "last": over.last, "begins": over.begins_on, "rm": ask.rm,
        "subtree": subtree(ask.branch) if ask.branch else [],
    }  # fmt: skip
