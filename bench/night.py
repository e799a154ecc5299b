"""The night at a million customers, each step beside the bare scan or the bare COPY; and ten times the rows."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from bench import banks
from bench.report import Row, keep

READS = frozenset({"snapshot", "features", "signals", "prepare"})


def measure() -> list[Row]:
    """Make both banks anew, the large one last so that its floors are taken on a warm machine, and give the rows."""
    small = banks.build(banks.SMALL, fresh=True, past=False)
    large = banks.build(banks.LARGE, fresh=True, past=False)
    known, tenth = banks.facts(large), banks.facts(small)
    scan, copied = _scan(large), _copy(large)
    seconds = sum(step["seconds"] for step in known["steps"])
    before = sum(step["seconds"] for step in tenth["steps"])
    rows = [
        Row("simulate 1,000,000 customers, 10 transactions each", f"{known['made'][0]:.0f} s, {known['made'][1]:,.0f} MB",
            "< 180 s", well=known["made"][0] < 180),
        Row("load it (every feed, checked)", f"{known['loaded'][0]:.0f} s, {known['loaded'][1]:,.0f} MB"),
        Row("nightly, 1,000,000 customers / 11,300,000 transactions / 100,000 key", f"{seconds:.1f} s, {known['night'][1]:,.0f} MB",
            "< 90 s, < 4 GB", "30 s", f"{scan + copied:.1f} s", f"{seconds / (scan + copied):.1f}",
            seconds < 90 and known["night"][1] < 4096),
        Row("ten times the rows", f"{seconds / before:.1f} × the time ({before:.1f} s at a tenth)", "≤ 11 ×",
            well=seconds / before <= 11),
    ]  # fmt: skip
    rows += [_step(step, scan, copied) for step in known["steps"]]
    keep("night", rows)
    return rows


def _step(step: dict[str, Any], scan: float, copied: float) -> Row:
    """One step beside its floor."""
    floor, what = (scan, "scan") if step["step"] in READS else (copied, "COPY")
    seconds = float(step["seconds"])
    return Row(f"— {step['step']}", f"{seconds:.2f} s", floor=f"{floor:.2f} s {what}", ratio=f"{seconds / floor:.1f}")


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


def _copy(home: Path) -> float:
    """Seconds PostgreSQL needs to take what the night published, into tables without an index."""
    os.environ |= {"KEYBOOK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "keybook.settings.demo"}
    import django

    django.setup()
    from django.db import connection, transaction

    from keybook.apps.desk.demo import copy_aside

    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for path in sorted((home / "lake" / "publish").rglob("*.parquet")):
            copy_aside(cursor, path)
    return time.perf_counter() - began
