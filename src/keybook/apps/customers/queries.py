"""What the register knows: who may be seen, the rows of the Book, its views and their counts."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from keybook.apps.customers.models import Customer, Tier
from keybook.apps.people.models import Role, Staff
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope


def scope_filter(scope: Scope, *, prefix: str = "") -> Q | None:
    """The condition on a customer's columns that keeps a query inside the scope; None when everything is inside."""
    if scope.everything:
        return None
    parts = (("rm_id", scope.books), ("branch_id", scope.branches), ("id", scope.customers))
    inside = Q()
    for column, ids in parts:
        if len(ids) == 1:
            inside |= Q(**{f"{prefix}{column}": ids[0]})
        elif ids:
            inside |= Q(**{f"{prefix}{column}__in": ids})
    return inside or Q(pk__in=())


def visible_to(scope: Scope) -> QuerySet[Customer]:
    """Every customer this scope may see: the start of every query on customers."""
    inside = scope_filter(scope)
    return Customer.objects.all() if inside is None else Customer.objects.filter(inside)


def scope_sql(scope: Scope, *, alias: str = "c") -> str:
    """The same condition as `scope_filter` in SQL, with the parameters books, branches and customers.

    A list of one is asked for as one: see `people.planned.of_one`.
    """
    if scope.everything:
        return "TRUE"
    parts = (
        ("rm_id", "books", scope.books),
        ("branch_id", "branches", scope.branches),
        ("id", "customers", scope.customers),
    )
    conditions = (
        f"{alias}.{column} = " + (f"(%({name})s)[1]" if len(ids) == 1 else f"ANY(%({name})s)")
        for column, name, ids in parts if ids
    )  # fmt: skip
    return " OR ".join(conditions) or "FALSE"


# The rule of keybook_access (people/migrations/0004) seen from the customer; a test holds the two together.
_WHO_SEES = """
    SELECT s.id, s.name, s.name_zh FROM customers_customer c JOIN people_branch b ON b.id = c.branch_id
    JOIN people_staff s ON s.is_active JOIN people_branch h ON h.id = s.branch_id
    WHERE c.id = %(customer)s AND (
        s.role = 'compliance'
        OR s.role IN ('head', 'lobby', 'campaign') AND starts_with(b.path, h.path)
        OR s.role IN ('rm', 'head') AND (
            s.id = c.rm_id
            OR EXISTS (SELECT 1 FROM people_deputy d WHERE d.deputy_id = s.id AND d.principal_id = c.rm_id
                       AND d.from_on <= %(today)s AND (d.until_on IS NULL OR d.until_on > %(today)s))
            OR EXISTS (SELECT 1 FROM people_share h WHERE h.staff_id = s.id AND h.customer_id = c.id
                       AND (h.until_on IS NULL OR h.until_on > %(today)s))))
    ORDER BY s.name, s.id"""


def who_sees(*, customer_id: int, on: dt.date) -> list[tuple[int, str, str]]:
    """The colleagues who see this customer on that day, by name: (id, name, Chinese name)."""
    with planned() as cursor:
        cursor.execute(_WHO_SEES, {"customer": customer_id, "today": on})
        return cursor.fetchall()


def bankers(scope: Scope) -> list[tuple[int, str, str]]:
    """The relationship managers whose customers are inside, by name: (id, name, Chinese name)."""
    return list(Staff.objects.filter(serving(scope)).order_by("name").values_list("id", "name", "name_zh"))


def serving(scope: Scope) -> Q:
    """Of all staff, the relationship managers whose customers are inside."""
    inside = Q() if scope.everything else Q(branch_id__in=scope.branches)
    return Q(role=Role.RM, is_active=True) & inside


def tiers() -> list[tuple[str, str, str]]:
    """The tiers, the highest first: (code, name, Chinese name)."""
    return list(Tier.objects.order_by("-rank").values_list("code", "name", "name_zh"))
