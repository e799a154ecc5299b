"""Reading back who saw and who changed a customer."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection

HIDDEN = frozenset({"id_number", "phone", "email", "address"})


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at a customer."""

    at: dt.datetime
    code: str
    name: str
    name_zh: str
    page: str
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change: `what` is the kind of row, `action` insert, update or delete; `values` are those after it."""

    at: dt.datetime
    what: str
    action: str
    row: int
    name: str
    name_zh: str
    request: str
    values: dict[str, Any] = field(default_factory=dict)


def views_of(*, customer_id: int, limit: int = 50) -> list[Seen]:
    """The last looks at this customer, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.at, s.code, s.name, s.name_zh, v.page, v.why FROM audit_view v "
            "JOIN people_staff s ON s.id = v.staff_id WHERE v.customer_id = %s ORDER BY v.at DESC, v.id DESC LIMIT %s",
            [customer_id, limit],
        )
        return [Seen(*row) for row in cursor.fetchall()]


@cache
def _histories() -> tuple[tuple[str, str, str], ...]:
    """Every history that hangs on a customer: the kind of row, its table, the column of the customer."""
    found = []
    for model in apps.get_models():
        tracked = getattr(model, "pgh_tracked_model", None)
        if tracked is None:
            continue
        columns = {item.column for item in model._meta.concrete_fields}  # noqa: SLF001  Django's documented API
        kind = tracked._meta.model_name  # noqa: SLF001
        column = "pgh_obj_id" if kind == "customer" else "customer_id"
        if column in columns and (kind == "customer" or "customer_id" in columns):
            found.append((kind, model._meta.db_table, column))  # noqa: SLF001
    return tuple(sorted(found))


def changes_of(*, customer_id: int, limit: int = 50) -> list[Change]:
    """The last changes made by people to this customer and to what belongs to it, newest first.

    Values that are masked elsewhere (phone, ID number, e-mail, address) are left out: that they changed is shown.
    """
    one = (
        "(SELECT e.pgh_created_at AS at, '{kind}' AS what, e.pgh_label, e.pgh_obj_id, e.pgh_context, to_jsonb(e) AS v "
        "FROM {table} e WHERE e.{column} = %s ORDER BY e.pgh_id DESC LIMIT %s)"
    )
    parts = [one.format(kind=kind, table=table, column=column) for kind, table, column in _histories()]
    statement = (
        "SELECT u.at, u.what, u.pgh_label, u.pgh_obj_id, COALESCE(s.name, ''), COALESCE(s.name_zh, ''), "
        "COALESCE(u.pgh_context->>'request', ''), u.v FROM (" + " UNION ALL ".join(parts) + ") u "
        "LEFT JOIN people_staff s ON s.id = (u.pgh_context->>'user')::bigint ORDER BY u.at DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*([customer_id, limit] * len(parts)), limit])
        return [_change(row) for row in cursor.fetchall()]


def _change(row: tuple[Any, ...]) -> Change:
    """One row of `changes_of` as a value."""
    at, what, action, key, name, name_zh, request, stored = row
    return Change(at, what, action, key, name, name_zh, request, _values(stored))


def _values(stored: Any) -> dict[str, Any]:
    """The values of a history row without its own columns and without what is masked."""
    row = json.loads(stored) if isinstance(stored, str) else stored
    kept = {name: value for name, value in row.items() if not name.startswith("pgh_") and name != "id"}
    return {name: "····" if name in HIDDEN and value else value for name, value in kept.items()}
