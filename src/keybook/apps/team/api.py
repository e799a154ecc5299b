"""The JSON face of the team: the numbers, and the customers behind them, by the same queries as the pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from ninja import Router, Schema

from keybook.apps.customers.asking import Asked
from keybook.apps.reminders.commands import day_of
from keybook.apps.team.asking import read_ask
from keybook.apps.team.queries.looked import Sums, looked, opened

router = Router(tags=["team"])


class SumsOut(Schema):
    """The numbers of some key customers."""

    total: int
    inside: int
    late: int
    at_risk: int
    kept: int
    kept_late: int
    broken: int
    contacts: int
    money: Decimal
    money_counted: int


class BookOut(Schema):
    """One banker, by tier."""

    rm: int | None
    name: str
    all: SumsOut
    tiers: dict[str, SumsOut]


class TeamOut(Schema):
    """The numbers as of a day."""

    on: dt.date
    money_from: dt.date
    all: SumsOut
    books: list[BookOut]


class CustomerOut(Schema):
    """One customer behind a number."""

    id: int
    name: str
    name_zh: str
    tier: str
    rm_name: str
    next_due_on: dt.date | None
    late: bool
    last_contact_on: dt.date | None
    health: int
    standing: str
    contacts: int
    money: Decimal | None


class CustomersOut(Schema):
    """A page of them, with how many there are and what the number sums to."""

    count: int
    sum: Decimal
    customers: list[CustomerOut]


def _sums(sums: Sums) -> dict[str, Any]:
    return {
        "total": sums.total, "inside": sums.total - sums.late, "late": sums.late, "at_risk": sums.at_risk,
        "kept": sums.kept, "kept_late": sums.kept_late, "broken": sums.broken, "contacts": sums.contacts,
        "money": sums.money, "money_counted": sums.counted,
    }  # fmt: skip


@router.get("/team", response=TeamOut, url_name="team")
def team(request: Asked, on: str = "", months: str = "", branch: str = "", rm: str = "", tier: str = "") -> Any:
    """The numbers by banker and tier as of a day."""
    asked = {"on": on, "months": months, "branch": branch, "rm": rm, "tier": tier}
    ask = read_ask(asked, today=request.bank.business_date)
    found = looked(scope=request.scope, ask=ask, day=day_of(request.bank))
    codes = {tier.pk: tier.code for tier in found.tiers}
    books = [
        {
            "rm": book.rm_id, "name": book.name, "all": _sums(book.all),
            "tiers": {codes[tier_id]: _sums(sums) for tier_id, sums in book.tiers.items()},
        }
        for book in found.books
    ]  # fmt: skip
    return {"on": ask.on, "money_from": found.over.begins_on, "all": _sums(found.all), "books": books}


@router.get("/team/customers", response=CustomersOut, url_name="team_customers")
def team_customers(request: Asked) -> Any:
    """The customers behind a number: `kind` and the filters as in the address of the page."""
    ask = read_ask(request.GET.dict(), today=request.bank.business_date)
    found = opened(scope=request.scope, ask=ask, day=day_of(request.bank))
    return {"count": found.count, "sum": found.sum, "customers": [_plain(row) for row in found.rows]}


def _plain(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in CustomerOut.model_fields}
