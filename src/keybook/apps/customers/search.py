"""Finding a customer by the start of a name, its pinyin or initials, a phone's tail, or a customer number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from keybook.apps.customers.models import Customer, SearchKey
from keybook.apps.customers.names import LONGEST, TAIL, folded, keys_for, phone_digits, pressed
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope
from keybook.core import masking

__all__ = ["Found", "folded", "keys_for", "refresh_search_keys", "search", "weight_of"]

_BEYOND = "\U0010ffff"  # sorts after every character under the C collation
_SPARE = 6  # keys read per customer wanted: one customer may match by several
_SPARE_EACH = 3  # the same in each of many branches
_FEW = 3


@dataclass(frozen=True, slots=True)
class Found:
    """One customer that matches, with what may be shown of them in a list."""

    id: int
    number: str | None
    name: str
    name_zh: str
    kind: str
    stage: str
    tier: str
    tier_name: str
    tier_name_zh: str
    phone: str
    branch: str
    aum: Decimal
    currency: str


def weight_of(aum: Decimal) -> int:
    """Minus the assets in thousands: the larger customer comes first."""
    return -min(int(aum / 1000), 2_000_000_000)


def refresh_search_keys(customer_ids: Iterable[int], *, batch: int = 5_000) -> int:
    """Write the search keys of these customers anew; the number of keys written."""
    ids, written = list(customer_ids), 0
    columns = ("id", "name", "name_zh", "phone", "number", "aum", "rm_id", "branch_id")
    for start in range(0, len(ids), batch):
        some = ids[start : start + batch]
        rows = Customer.objects.filter(pk__in=some).values_list(*columns)
        keys = [
            (pk, key, weight_of(aum), rm_id, branch_id)
            for pk, name, name_zh, phone, number, aum, rm_id, branch_id in rows
            for key in keys_for(name=name, name_zh=name_zh, phone=phone, number=number)
        ]
        with transaction.atomic():
            SearchKey.objects.filter(customer_id__in=some).delete()
            _copy(keys)
        written += len(keys)
    return written


def _copy(keys: Sequence[tuple[int, str, int, int | None, int]]) -> None:
    fields = ("customer_id", "key", "weight", "rm_id", "branch_id")
    SearchKey.objects.bulk_create([SearchKey(**dict(zip(fields, key, strict=True))) for key in keys], batch_size=2_000)


def ends_of(text: str) -> tuple[str, str] | None:
    """The first and last key that what was typed may stand for; None when there is nothing to look for.

    Fewer digits than a phone's tail must be a whole customer number, so that nobody pages through phones.
    """
    wanted = pressed(text)[:LONGEST]
    if not wanted:
        return None
    if wanted.isdigit():
        if len(wanted) > TAIL:
            wanted = phone_digits(text) if text.strip().startswith(("+", "0")) else wanted
        if len(wanted) < TAIL:
            return wanted, wanted
    return wanted, wanted + _BEYOND


# Under row-level security only leakproof operators reach an index: ranges on text are, LIKE is not. One ordered walk
# per book, branch and shared customer, each cut short, keeps the commonest name as cheap as the rarest.
_WALK = """(SELECT k.customer_id, k.key, k.weight FROM customers_searchkey k
    WHERE {where} k.key >= %(first)s AND k.key <= %(last)s ORDER BY k.key, k.weight LIMIT %(keys)s)"""
_WALK_EACH = """(SELECT w.customer_id, w.key, w.weight FROM unnest(%({ids})s::bigint[]) AS own(id)
    CROSS JOIN LATERAL (SELECT k.customer_id, k.key, k.weight FROM customers_searchkey k
        WHERE k.{column} = own.id AND k.key >= %(first)s AND k.key <= %(last)s
        ORDER BY k.key, k.weight LIMIT %(keys_each)s) w)"""
_FOUND = """
WITH hits AS ({walks}),
     best AS (SELECT customer_id, min(key) AS key FROM (SELECT * FROM hits ORDER BY key, weight LIMIT %(keys)s) h
              GROUP BY customer_id)
SELECT c.id, c.number, c.name, c.name_zh, c.kind, c.stage, COALESCE(t.code, ''), COALESCE(t.name, ''),
       COALESCE(t.name_zh, ''), c.phone, b.name, c.aum, c.currency
FROM best JOIN customers_customer c ON c.id = best.customer_id
LEFT JOIN customers_tier t ON t.id = c.tier_id JOIN people_branch b ON b.id = c.branch_id
ORDER BY best.key, c.aum DESC, c.id LIMIT %(limit)s"""


def _walks(scope: Scope) -> str:
    if scope.everything:
        return _WALK.format(where="")
    parts = (("books", "rm_id", scope.books), ("branches", "branch_id", scope.branches))
    walks = [_WALK_EACH.format(ids=name, column=column) for name, column, ids in parts if ids]
    if scope.customers:
        walks.append(_WALK_EACH.format(ids="customers", column="customer_id"))
    return " UNION ALL ".join(walks)


def search(*, scope: Scope, text: str, limit: int = 8) -> list[Found]:
    """The customers inside the scope that match the start of what was typed: the nearest key, then the largest, first."""
    ends, walks = ends_of(text), _walks(scope)
    if ends is None or not walks:
        return []
    values: dict[str, Any] = {
        "first": ends[0], "last": ends[1], "limit": limit, "keys": limit * _SPARE,
        "keys_each": limit * (_SPARE if len(scope.books) + len(scope.branches) <= _FEW else _SPARE_EACH),
        "books": list(scope.books), "branches": list(scope.branches), "customers": list(scope.customers),
    }  # fmt: skip
    with planned() as cursor:
        cursor.execute(_FOUND.format(walks=walks), values)
        return [_found(row) for row in cursor.fetchall()]


def _found(row: tuple[Any, ...]) -> Found:
    """One hit, its phone masked."""
    values = list(row)
    at = Found.__slots__.index("phone")
    values[at] = masking.phone(number=values[at])
    return Found(*values)
