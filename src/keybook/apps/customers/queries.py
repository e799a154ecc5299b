"""What the register knows: who may be seen, the rows of the Book, its views and their counts."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from keybook.apps.customers.models import Customer
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
    """The same condition as `scope_filter` in SQL, with the parameters books, branches and customers."""
    if scope.everything:
        return "TRUE"
    parts = (
        (f"{alias}.rm_id = ANY(%(books)s)", scope.books),
        (f"{alias}.branch_id = ANY(%(branches)s)", scope.branches),
        (f"{alias}.id = ANY(%(customers)s)", scope.customers),
    )
    return " OR ".join(sql for sql, ids in parts if ids) or "FALSE"
