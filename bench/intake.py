"""Rows a second from CSV to checked Parquet, beside a bare DuckDB that reads and writes the same without a check."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.report import Row, keep

ROWS, TIMES = 2_000_000, 3


def measure() -> list[Row]:
    """Take the same large file in three times into new lakes; the middle one counts."""
    with tempfile.TemporaryDirectory() as folder:
        took = sorted(_once(Path(folder) / str(number)) for number in range(TIMES))[TIMES // 2]
        bare = min(_bare(Path(folder) / "0") for _ in range(TIMES))
    rate = ROWS / took
    rows = [
        Row(f"intake of CSV to checked Parquet, ten typed columns, {ROWS:,} rows", f"{rate:,.0f} rows/s", "≥ 200,000 rows/s",
            "1,000,000", f"{ROWS / bare:,.0f} rows/s", f"{took / bare:.1f}", rate >= 200_000),
    ]  # fmt: skip
    keep("intake", rows)
    return rows


def _once(folder: Path) -> float:
    from keybook.lake.intake import take
    from keybook.lake.intake_trial import prepare

    order = prepare(folder=folder, rows=ROWS)
    began = time.perf_counter()
    report = take(order)
    spent = time.perf_counter() - began
    if report.loaded != ROWS:
        raise ValueError(f"{report.loaded:,} of {ROWS:,} rows were loaded.")
    return spent


def _bare(folder: Path) -> float:
    import duckdb

    file = next((folder / "files").glob("transaction_*.csv"))
    types = {
        "number": "VARCHAR", "holding": "VARCHAR", "booked_on": "DATE", "amount": "DECIMAL(18,2)", "kind": "VARCHAR",
        "channel": "VARCHAR", "counterparty": "VARCHAR", "counterparty_bank": "VARCHAR", "balance_after": "DECIMAL(18,2)",
        "text": "VARCHAR",
    }  # fmt: skip
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
    began = time.perf_counter()
    duckdb.connect().execute(
        f"COPY (FROM read_csv('{file}', header = true, columns = {{{columns}}})) TO '{folder / 'bare.parquet'}'"
    )
    return time.perf_counter() - began
