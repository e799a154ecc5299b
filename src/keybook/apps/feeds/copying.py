"""Streams the lake's Parquet into temporary tables of PostgreSQL, and makes a target follow them row by row."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BATCH = 65_536
FEW = 1_000
INDEXES = """
    SELECT format('DROP INDEX %%I', c.relname), pg_get_indexdef(i.indexrelid)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = %s::regclass AND NOT i.indisunique
      AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
    ORDER BY c.relname"""
REFERENCES = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f' ORDER BY conname"""


@dataclass(frozen=True, slots=True)
class Follow:
    """How a table follows a query: rows of `source` (with these columns) are known again by `key`."""

    table: str
    source: str
    key: Sequence[str]
    columns: Sequence[str]
    fixed: Mapping[str, str] = None  # type: ignore[assignment]  # columns a new row also needs: SQL by name


def copy_in(cursor: Any, name: str, path: Path, columns: Mapping[str, str]) -> int:
    """Copy columns of a Parquet file into a new temporary table, with their SQL types; gives the number of rows."""
    import pyarrow.csv as pc  # stays out of the web workers
    import pyarrow.parquet as pq

    ddl = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    cursor.execute(f'CREATE TEMP TABLE "{name}" ({ddl}) ON COMMIT DROP')
    options = pc.WriteOptions(include_header=False)
    rows = 0
    with pq.ParquetFile(path) as file, cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT csv)') as copy:
        for batch in file.iter_batches(batch_size=BATCH, columns=list(columns)):
            ordered = batch.select(list(columns))
            out = io.BytesIO()
            pc.write_csv(ordered, out, options)
            copy.write(out.getbuffer())
            rows += len(ordered)
    cursor.execute(f'ANALYZE "{name}"')
    return rows


def follow(cursor: Any, plan: Follow) -> dict[str, int]:
    """Update what differs, insert what is new, and leave alone what is the same; gives the counts."""
    names = ", ".join(f'"{column}"' for column in plan.columns)
    same = " AND ".join(f't."{column}" = s."{column}"' for column in plan.key)
    others = [column for column in plan.columns if column not in plan.key]
    old = ", ".join(f't."{column}"' for column in others)
    new = ", ".join(f's."{column}"' for column in others)
    sets = ", ".join(f'"{column}" = s."{column}"' for column in others)
    cursor.execute(f"CREATE TEMP TABLE followed ON COMMIT DROP AS {plan.source}")
    cursor.execute("ANALYZE followed")
    cursor.execute(
        f'UPDATE "{plan.table}" t SET {sets} FROM followed s WHERE {same} AND ROW({old}) IS DISTINCT FROM ROW({new})'
    )
    changed = cursor.rowcount
    fixed = plan.fixed or {}
    more_names = "".join(f', "{column}"' for column in fixed)
    more_values = "".join(f", {value}" for value in fixed.values())
    order = ", ".join(f's."{column}"' for column in plan.key)
    cursor.execute(
        f'INSERT INTO "{plan.table}" ({names}{more_names}) SELECT {names}{more_values} FROM followed s '
        f'WHERE NOT EXISTS (SELECT 1 FROM "{plan.table}" t WHERE {same}) ORDER BY {order}'
    )
    new_rows = cursor.rowcount
    cursor.execute("DROP TABLE followed")
    return {"new": new_rows, "changed": changed}


@contextmanager
def swiftly(cursor: Any, *tables: str) -> Iterator[None]:
    """Fill tables that are still empty without their indexes and references, which are built and checked at the end.

    Only the very first load meets empty tables. All of it lies in the caller's transaction: a crash leaves the tables
    as they were. Keys and uniqueness stay on throughout.
    """
    again: list[str] = []
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f"SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT {FEW}) few")
        if cursor.fetchone()[0] == FEW:
            continue
        for query in (REFERENCES, INDEXES):
            cursor.execute(query, [table])
            for drop, build in cursor.fetchall():
                cursor.execute(drop)
                again.append(build)
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for build in again:
        cursor.execute(build)
