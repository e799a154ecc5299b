"""The register for programs: the Book and search, by the same queries as the pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ninja import Query, Router, Schema

from keybook.apps.customers import book as books
from keybook.apps.customers.asking import Asked
from keybook.apps.customers.search import search as find

router = Router(tags=["customers"])
MOST_HITS = 50


class BookRow(Schema):
    """One customer of the Book; the phone is masked."""

    id: int
    number: str | None
    name: str
    name_zh: str
    kind: str
    stage: str
    tier: str
    aum: Decimal
    currency: str
    aum_change: Decimal
    health: int
    standing: str
    last_contact_on: dt.date | None
    next_due_on: dt.date | None
    risk_level: str
    risk_until: dt.date | None
    phone: str
    rm_id: int | None
    rm_name: str


class BookPage(Schema):
    """One page of the Book, and how much there is."""

    items: list[BookRow]
    total: int
    page: int
    pages: int
    counts: dict[str, int]


class Hit(Schema):
    """One customer that a search has found; the phone is masked."""

    id: int
    number: str | None
    name: str
    name_zh: str
    kind: str
    stage: str
    tier: str
    phone: str
    branch: str
    aum: Decimal
    currency: str


class AskQuery(Schema):
    """What the Book may be asked for; a wrong value is a problem with status 400."""

    view: str = "all"
    tier: str = ""
    health: str = ""
    standing: str = ""
    text: str = ""
    rm: str = ""
    sort: str = "-aum"
    page: str = "1"


@router.get("/customers", response=BookPage, url_name="customers", summary="The customers I look after")
def customers(request: Asked, asked: Query[AskQuery]) -> dict[str, object]:
    """Fifty customers a page, inside the scope, under a view and filters, in an order."""
    ask = books.read_ask(asked.dict())
    found = books.read_book(scope=request.scope, ask=ask, today=request.bank.business_date)
    pages = max(1, -(-found.total // books.PAGE))
    return {"items": found.rows, "total": found.total, "page": ask.page, "pages": pages, "counts": found.counts}


@router.get("/search", response=list[Hit], url_name="search", summary="Find customers")
def search(request: Asked, q: str = "", limit: int = 8) -> list[object]:
    """Customers inside the scope by the start of a name, pinyin, initials, a phone's last four digits, or a number."""
    return list(find(scope=request.scope, text=q[:60], limit=max(1, min(limit, MOST_HITS))))
