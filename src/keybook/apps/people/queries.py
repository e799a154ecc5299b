"""Who is asking and what they may see: the one statement that opens every signed-in request, and small look-ups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from keybook.apps.people.models import Bank, Branch, Deputy, Staff
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope


@dataclass(frozen=True, slots=True)
class BankFacts:
    """The bank as one request sees it; `business_date` is "today" everywhere."""

    name: str
    name_zh: str
    currency: str
    zone: str
    calendar: str
    business_date: dt.date
    data_date: dt.date | None


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks, what they may see, and which day it is."""

    staff: Staff
    scope: Scope
    bank: BankFacts


STAFF_FIELDS = [field.attname for field in Staff._meta.concrete_fields]  # noqa: SLF001  Django's documented API
BRANCH_FIELDS = [field.attname for field in Branch._meta.concrete_fields]  # noqa: SLF001
_STAFF_COLUMNS = ", ".join(f"s.{field.column}" for field in Staff._meta.concrete_fields)  # noqa: SLF001
_BRANCH_COLUMNS = ", ".join(f"h.{field.column}" for field in Branch._meta.concrete_fields)  # noqa: SLF001

# The function reads what this person sees and sets the settings that row-level security reads, for the running
# transaction only: people/migrations/0004_access_function.py.
_ACCESS = f"""
SELECT a.everything, a.books, a.branches, a.customers,
       a.bank_name, a.bank_name_zh, a.currency, a.zone, a.calendar, a.business_date, a.data_date,
       {_STAFF_COLUMNS}, {_BRANCH_COLUMNS}
FROM keybook_access(%(staff)s, %(on)s::date) a
JOIN people_staff s ON s.id = a.staff_id JOIN people_branch h ON h.id = s.branch_id
"""
_FIXED = 11  # columns before those of the member of staff
_CLEAR = """
SELECT set_config('keybook.everything', '', true), set_config('keybook.books', '', true),
       set_config('keybook.branches', '', true), set_config('keybook.customers', '', true),
       set_config('keybook.staff', '', true), set_config('pghistory.context_id', '', true),
       set_config('pghistory.context_metadata', '', true)
"""


def access_of(*, staff_id: int, on: dt.date | None = None) -> Access | None:
    """Read who this is and what they may see, and open exactly these rows in PostgreSQL until the transaction ends.

    None when there is no such active member of staff. `on` stands in for the bank's business date.
    """
    with planned() as cursor:
        cursor.execute(_ACCESS, {"staff": staff_id, "on": on})
        row = cursor.fetchone()
    return None if row is None else _read(row)


def _read(row: tuple[Any, ...]) -> Access:
    """Turn the one row into values."""
    everything, books, branches, customers = row[:4]
    cut = _FIXED + len(STAFF_FIELDS)
    staff = Staff.from_db(connection.alias, STAFF_FIELDS, row[_FIXED:cut])
    staff.branch = Branch.from_db(connection.alias, BRANCH_FIELDS, row[cut:])
    scope = Scope(
        staff_id=staff.pk, role=staff.role, everything=everything,
        books=tuple(books), branches=tuple(branches), customers=tuple(customers),
    )  # fmt: skip
    return Access(staff=staff, scope=scope, bank=BankFacts(*row[4:11]))


def scope_of(staff: Staff, on: dt.date | None = None) -> Scope:
    """What this member of staff may see on that day (the business date unless given); see `access_of`."""
    access = access_of(staff_id=staff.pk, on=on)
    return access.scope if access else Scope(staff_id=staff.pk, role=staff.role)


def close_rows() -> None:
    """Take back what `access_of` opened and who makes the changes: from here to the end of the transaction row-level security shows nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR)


def bank() -> BankFacts:
    """The bank and its business date, for those who ask outside a request."""
    row = Bank.objects.get(pk=1)
    return BankFacts(
        name=row.name, name_zh=row.name_zh, currency=row.currency, zone=row.time_zone, calendar=row.calendar,
        business_date=business_date(), data_date=row.data_date,
    )  # fmt: skip


def business_date() -> dt.date:
    """The bank's business date; before the first nightly run the calendar day in the bank's zone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(business_date, (now() AT TIME ZONE time_zone)::date) FROM people_bank WHERE id = 1"
        )
        row = cursor.fetchone()
    if row is None:
        raise Bank.DoesNotExist("This installation has no bank yet: run `keybook migrate`.")
    day: dt.date = row[0]
    return day


def deputies_of(*, principal_id: int, on: dt.date) -> list[Staff]:
    """Who stands in for this member of staff on that day."""
    current = Deputy.objects.filter(principal_id=principal_id, from_on__lte=on).exclude(until_on__lte=on)
    return list(
        Staff.objects.filter(pk__in=current.values("deputy_id"), is_active=True)
        .select_related("branch")
        .order_by("name")
    )


def subtree(branch_id: int) -> list[int]:
    """A branch and all below it."""
    path = Branch.objects.filter(pk=branch_id).values_list("path", flat=True).first()
    return list(Branch.objects.filter(path__startswith=path).values_list("id", flat=True)) if path else []


def branches_seen(*, scope: Scope) -> Sequence[Branch]:
    """The branches a reader may choose from, from the top; one alone is no choice."""
    rows = Branch.objects.order_by("path")
    found = list(rows if scope.everything else rows.filter(pk__in=scope.branches))
    return found if len(found) > 1 else []
