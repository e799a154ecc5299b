"""The books of a branch, the handovers that were, and the ledger of who had whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from keybook.apps.customers.queries import scope_sql
from keybook.apps.customers.rooms import books
from keybook.apps.handover.models import Handover, Wish
from keybook.apps.people.models import BookCap, Role, Staff
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope
from keybook.core.books import Book, fullness

PAGE = 50
SIZES = """
    SELECT c.rm_id, count(*) FROM customers_customer c
    WHERE ({scope}) AND c.rm_id IS NOT NULL AND c.stage <> 'closed' GROUP BY 1"""
# A book by tier, then by district: which of the two, its name or code, the names of the tier, how many.
PARTS = """
    WITH book AS (SELECT c.tier_id, c.district FROM customers_customer c
        WHERE ({scope}) AND c.rm_id = %(rm)s AND c.stage <> 'closed')
    (SELECT true, COALESCE(t.code, ''), COALESCE(t.name, ''), COALESCE(t.name_zh, ''), count(*), -COALESCE(t.rank, 0)
     FROM book LEFT JOIN customers_tier t ON t.id = book.tier_id GROUP BY 2, 3, 4, 6)
    UNION ALL (SELECT false, district, '', '', count(*), -count(*) FROM book GROUP BY 2 ORDER BY 5 DESC, 2 LIMIT 60)
    ORDER BY 1 DESC, 6, 2"""
# A row of the assignment ledger, with the act that began it where a handover did. An act of the same day and hand.
LEDGER = """
    SELECT a.customer_id, c.name, c.name_zh, s.name, s.name_zh, a.from_on, a.until_on, a.cause, COALESCE(b.name, ''),
        m.handover_id, m.state, m.until_on
    FROM customers_assignment a JOIN customers_customer c ON c.id = a.customer_id JOIN people_staff s ON s.id = a.staff_id
    LEFT JOIN people_staff b ON b.id = a.by_id
    LEFT JOIN LATERAL (
        SELECT m.handover_id, h.state, h.until_on FROM handover_move m JOIN handover_handover h ON h.id = m.handover_id
        WHERE m.customer_id = a.customer_id AND (
            (a.cause = 'handover' AND m.to_staff_id = a.staff_id AND h.on = a.from_on)
            OR (a.cause = 'handback' AND m.from_staff_id = a.staff_id AND h.back_on = a.from_on))
        ORDER BY m.id DESC LIMIT 1) m ON true
    WHERE ({scope}) {which} ORDER BY a.from_on DESC, a.id DESC LIMIT {most} OFFSET %(offset)s"""


@dataclass(frozen=True, slots=True)
class Person:
    """A banker by both names."""

    id: int
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class BookRow:
    """One banker of the branch with their book: how many the reader sees of it, how many it holds, and its cap."""

    person: Person
    is_active: bool
    role: str
    branch_id: int
    seen: int
    book: Book

    @property
    def fullness(self) -> str:
        """free, near or full."""
        return fullness(book=self.book)


@dataclass(frozen=True, slots=True)
class Past:
    """One line of the ownership ledger: who had this customer, from when, until when, by which act."""

    customer_id: int
    name: str
    name_zh: str
    staff: str
    staff_zh: str
    from_on: dt.date
    until_on: dt.date | None
    cause: str
    by: str
    handover_id: int | None
    state: str | None
    undo_until: dt.date | None

    def can_be_undone(self, today: dt.date) -> bool:
        """Whether the act that began this may still be taken back."""
        return self.state == "done" and self.undo_until is not None and today < self.undo_until


def book_rows(*, scope: Scope, today: dt.date) -> list[BookRow]:
    """The bankers inside the scope with their books, those who have left and still have one first."""
    with planned() as cursor:
        cursor.execute(SIZES.format(scope=scope_sql(scope)), _values(scope))
        seen = dict(cursor.fetchall())
    staff = Staff.objects.filter(Q(role=Role.RM) | Q(pk__in=list(seen)))
    if not scope.everything:
        staff = staff.filter(branch_id__in=scope.branches)
    found = list(staff.filter(Q(is_active=True) | Q(pk__in=list(seen))).order_by("is_active", "name"))
    held = books(staff_ids=[each.pk for each in found], on=today)
    return [
        BookRow(
            Person(each.pk, each.name, each.name_zh), each.is_active, each.role, each.branch_id, seen.get(each.pk, 0),
            held[each.pk],
        )
        for each in found
    ]  # fmt: skip


def parts_of(*, scope: Scope, staff_id: int) -> tuple[list[tuple[str, str, str, int]], list[tuple[str, int]]]:
    """The tiers of a book, (code, name, Chinese name, count), and its districts, (name, count), the largest first."""
    with planned() as cursor:
        cursor.execute(PARTS.format(scope=scope_sql(scope)), {**_values(scope), "rm": staff_id})
        rows = cursor.fetchall()
    tiers = [(code, name, name_zh, count) for of_tier, code, name, name_zh, count, _place in rows if of_tier]
    return tiers, [(name, count) for of_tier, name, _name, _name_zh, count, _place in rows if not of_tier]


def past(*, scope: Scope, page: int = 1) -> list[Handover]:
    """The handovers this person may see, the newest first, one more than a page holds."""
    rows = _visible(scope).select_related("from_staff", "by", "back_by").order_by("-id")
    return list(rows[(page - 1) * PAGE : page * PAGE + 1])


def past_one(*, scope: Scope, handover_id: int) -> Handover | None:
    """One handover, if this person may see it."""
    return _visible(scope).select_related("from_staff", "by", "back_by").filter(pk=handover_id).first()


def _visible(scope: Scope) -> QuerySet[Handover]:
    """Acts of one's own book or branch, or by which a customer came to oneself; compliance sees all."""
    rows = Handover.objects.all()
    if scope.everything:
        return rows
    own = Q(from_staff__in=scope.books) | Q(from_staff__branch__in=scope.branches)
    return rows.filter(own | Q(pk__in=Handover.objects.filter(moves__to_staff=scope.staff_id).values("pk")))


def ledger(
    *, scope: Scope, customer_id: int | None = None, staff_id: int | None = None, page: int = 1, most: int = PAGE
) -> list[Past]:
    """Who had whom: of one customer, of one banker, or of all, the newest first."""
    which = ("AND a.customer_id = %(customer)s " if customer_id else "") + (
        "AND a.staff_id = %(staff)s" if staff_id else ""
    )
    values: Mapping[str, Any] = {
        **_values(scope), "customer": customer_id, "staff": staff_id, "offset": (page - 1) * most,
    }  # fmt: skip
    with planned() as cursor:
        cursor.execute(LEDGER.format(scope=scope_sql(scope), which=which, most=most + 1), values)
        return [Past(*row) for row in cursor.fetchall()]


def wishes(*, scope: Scope) -> list[Wish]:
    """The open wishes of bankers that a head may answer, or one's own."""
    rows = Wish.objects.filter(state=Wish.State.OPEN).select_related("staff").order_by("asked_on", "pk")
    if scope.everything:
        return list(rows)
    return list(rows.filter(Q(staff=scope.staff_id) | Q(staff__branch__in=scope.branches)))


def caps() -> Sequence[BookCap]:
    """Every cap that was set, the bank's usual first, then by banker, the newest first."""
    return list(BookCap.objects.select_related("staff", "set_by").order_by("staff__name", "-from_on"))


def _values(scope: Scope) -> dict[str, Any]:
    return {"books": list(scope.books), "branches": list(scope.branches), "customers": list(scope.customers)}
