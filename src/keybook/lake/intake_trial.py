"""A large file of ten typed columns and a lake that knows its holdings: what intake is timed with."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from keybook.lake.intake import Order, take
from keybook.lake.mapping import plain
from keybook.lake.reading import literal

DAY = dt.date(2026, 1, 31)
HOLDINGS = 200_000
TEXTS = {
    "branch": "SELECT 'B1' AS code, 'One' AS name",
    "customer": f"SELECT 'C' || i AS number, 'Name ' || i AS name, 'B1' AS branch FROM range({HOLDINGS}) AS r(i)",
    "holding": (
        "SELECT 'H' || i AS number, 'C' || i AS customer, 'current' AS kind, 'CNY' AS currency"
        f" FROM range({HOLDINGS}) AS r(i)"
    ),
}
POSTINGS = """
SELECT 'T' || lpad(CAST(i AS VARCHAR), 9, '0') AS number, 'H' || (i % {holdings}) AS holding,
    DATE '2024-01-01' + CAST(i % 700 AS INTEGER) AS booked_on,
    CAST(((i * 7919) % 1000000 - 500000) / 100.0 AS DECIMAL(18, 2)) AS amount,
    ['salary', 'cash', 'transfer', 'card'][1 + i % 4] AS kind, ['branch', 'mobile', 'web', 'atm'][1 + i % 4] AS channel,
    'Counterparty ' || (i % 1000) AS counterparty, 'Bank ' || (i % 20) AS counterparty_bank,
    CAST(((i * 104729) % 10000000) / 100.0 AS DECIMAL(18, 2)) AS balance_after, 'Statement text ' || (i % 50) AS text
FROM range({rows}) AS r(i)
"""


def prepare(*, folder: Path, rows: int) -> Order:
    """Write the files, load all but the large one, and return the order to take that in: `take(order)` is to be timed."""
    files = folder / "files"
    files.mkdir(parents=True, exist_ok=True)
    for feed, sql in {**TEXTS, "transaction": POSTINGS.format(holdings=HOLDINGS, rows=rows)}.items():
        duckdb.sql(f"COPY ({sql}) TO {literal(str(files / f'{feed}_{DAY}.csv'))} (HEADER)")
    for feed in TEXTS:
        take(_order(folder, feed))
    return _order(folder, "transaction")


def _order(folder: Path, feed: str) -> Order:
    name = f"{feed}_{DAY}.csv"
    entry = plain(name)
    if entry is None:
        raise KeyError(feed)
    return Order(lake=folder / "lake", folder=folder / "files", entry=entry, source=name, date=DAY, today=DAY)
