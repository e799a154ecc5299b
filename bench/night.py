"""The night at a million customers, each step beside the bare scan or the bare COPY; and ten times the rows."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from bench import banks
from bench.report import Row, keep

KEYS = "search keys"
READS = frozenset({"snapshot", "features", "signals", "prepare"})
WRITES = {
    "customers": ("customer", "relation", KEYS),
    "holdings": ("holding",),
    "months": ("month",),
    "held_away": ("held_away",),
}


def measure() -> list[Row]:
    """Make both banks anew, the large one last so that its floors are taken on a warm machine, and give the rows."""
    small = banks.build(banks.SMALL, fresh=True, past=False)
    large = banks.build(banks.LARGE, fresh=True, past=False)
    known, tenth = banks.facts(large), banks.facts(small)
    scan, copies = _scan(large), _copy(large)
    floor = scan + sum(copies.values())
    seconds = sum(step["seconds"] for step in known["steps"])
    before = sum(step["seconds"] for step in tenth["steps"])
    rows = [
        Row("simulate 1,000,000 customers, 10 transactions each", f"{known['made'][0]:.0f} s, {known['made'][1]:,.0f} MB",
            "< 180 s", well=known["made"][0] < 180),
        Row("load it (every feed, checked)", f"{known['loaded'][0]:.0f} s, {known['loaded'][1]:,.0f} MB"),
        Row("nightly, 1,000,000 customers / 11,300,000 transactions / 100,000 key", f"{seconds:.1f} s, {known['night'][1]:,.0f} MB",
            "< 90 s, < 4 GB", "30 s", f"{floor:.1f} s", f"{seconds / floor:.1f}",
            seconds < 90 and known["night"][1] < 4096),
        Row("ten times the rows", f"{seconds / before:.1f} × the time ({before:.1f} s at a tenth)", "≤ 11 ×",
            well=seconds / before <= 11),
    ]  # fmt: skip
    rows += [_step(step, scan, copies) for step in known["steps"]]
    keep("night", rows)
    return rows


def _step(step: dict[str, Any], scan: float, copies: dict[str, float]) -> Row:
    """One step beside its floor: the scan if it reads the lake, the COPY of its tables if it fills them."""
    name, seconds = step["step"], float(step["seconds"])
    if name in READS:
        floor, what = scan, "scan"
    else:
        floor, what = sum(copies[table] for table in WRITES.get(name, ())), "COPY"
    if not floor:
        return Row(f"— {name}", f"{seconds:.2f} s")
    return Row(f"— {name}", f"{seconds:.2f} s", floor=f"{floor:.2f} s {what}", ratio=f"{seconds / floor:.1f}")


def _scan(home: Path) -> float:
    """Seconds DuckDB needs to look at every column of every checked file of the bank."""
    import duckdb

    lake = home / "lake"
    began = time.perf_counter()
    with duckdb.connect() as con:
        for feed in sorted((lake / "checked").iterdir()):
            files = f"read_parquet('{feed}/**/*.parquet', hive_partitioning = false)"
            names = [row[0] for row in con.execute(f"DESCRIBE FROM {files}").fetchall()]
            con.execute(
                "SELECT " + ", ".join(f'min("{name}"), max("{name}")' for name in names) + f" FROM {files}"
            ).fetchall()
    return time.perf_counter() - began


def _copy(home: Path) -> dict[str, float]:
    """Seconds PostgreSQL needs to take each table that the night published, without an index."""
    os.environ |= {"KEYBOOK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "keybook.settings.demo"}
    import django

    django.setup()
    from django.db import connection, transaction

    from keybook.apps.desk.demo import copy_aside

    took = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for path in sorted((home / "lake" / "publish").rglob("*.parquet")):
            began = time.perf_counter()
            copy_aside(cursor, path)
            took[path.stem] = time.perf_counter() - began
        with cursor.copy("COPY customers_searchkey TO STDOUT") as out:
            keys = [bytes(part) for part in out]
        cursor.execute("CREATE TEMP TABLE keys (LIKE customers_searchkey) ON COMMIT DROP")
        began = time.perf_counter()
        with cursor.copy("COPY keys FROM STDIN") as copy:
            for part in keys:
                copy.write(part)
        took[KEYS] = time.perf_counter() - began
    return took
