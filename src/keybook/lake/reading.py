"""Opens what a bank sends, CSV, XLSX or Parquet, as one relation of texts in DuckDB, whatever its dialect.

A CSV is read twice at full speed: once as bytes (encoding, control characters, quotes, line ends), once by DuckDB.
What DuckDB refuses (ragged rows, stray quotes) goes through Python's csv module instead: slower, but every row of it
is accounted for. Both end as columns c0, c1, … of text; `Source.surplus` says that a ragged row keeps its surplus.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from keybook.lake.texts import TextFacts, UnreadableFileError, as_utf8, look_at

BATCH = 50_000
FLOATS = ("DOUBLE", "FLOAT")  # 0.1 + 0.2 is 0.30000000000000004 in them
EXACT = 10**15  # up to here a sheet shows every digit of a number
NUMBER_OF_FIELDS = "fields"  # in an exactly read CSV: how many fields the row had
SURPLUS = "surplus"  # … and those beyond the header, as they stood


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a mapping may say of a CSV; empty means: find out."""

    encoding: str = ""
    delimiter: str = ""
    expected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Source:
    """A file opened: its header, the SQL that reads its rows as texts, and what is known of them beforehand."""

    header: tuple[str, ...]
    relation: str
    delimiter: str = ","
    rows: int | None = None  # None: not counted yet
    clean: bool = False  # certain to hold no control characters
    surplus: bool = False

    def column(self, name: str) -> str | None:
        """The SQL name of the bank's column, compared without case or outer blanks; None if it is not there."""
        names = [one.strip().lower() for one in self.header]
        wanted = name.strip().lower()
        return f"c{names.index(wanted)}" if wanted in names else None


def open_source(con: duckdb.DuckDBPyConnection, *, path: Path, dialect: Dialect, aside: Path) -> Source:
    """Open a file of any known kind; `aside` may take a re-encoded copy. UnreadableFileError says why one cannot be read."""
    with path.open("rb") as file:
        magic = file.read(8)
    if not magic.strip():
        raise UnreadableFileError(path, "it is empty.")
    suffix = path.suffix.lower()
    if suffix == ".parquet" or magic.startswith(b"PAR1"):
        return _parquet(con, path)
    if suffix in {".xlsx", ".xls", ".xlsm", ".ods"} or magic.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _sheet(con, path)
    return _csv(con, path, dialect, aside)


def from_rows(con: duckdb.DuckDBPyConnection, *, name: str, rows: Sequence[dict[str, str]]) -> Source:
    """Rows spelt out in a mapping, as a source like any other."""
    header = tuple(dict.fromkeys(key for row in rows for key in row))
    table = pa.table({f"c{n}": pa.array([row.get(key) for row in rows], pa.string()) for n, key in enumerate(header)})
    con.register(name, table)
    return Source(header=header, relation=name, rows=len(rows))


def _csv(con: duckdb.DuckDBPyConnection, path: Path, dialect: Dialect, aside: Path) -> Source:
    facts = look_at(path, dialect.encoding)
    if facts.encoding not in {"utf-8", "utf-8-sig"}:
        path = as_utf8(path, facts, aside)
        facts = replace(look_at(path, "utf-8"), encoding="utf-8")
    head = _head(path)
    delimiter = dialect.delimiter or _delimiter(head, dialect.expected)
    header = next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])
    if not header:
        raise UnreadableFileError(path, "its first line is blank; the names of the columns belong there.")
    if facts.line_end and len(header) > 1 and not any("\n" in name for name in header):
        fast = _fast_csv(con, path, header, delimiter, facts)
        if fast is not None:
            return fast
    return _exact_csv(con, path, delimiter, facts)


def _head(path: Path) -> str:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return file.read(65_536)


def _delimiter(head: str, expected: frozenset[str]) -> str:
    """The delimiter whose header names most columns we expect; else the one that splits the first rows most evenly."""

    def merit(delimiter: str) -> tuple[int, int, int]:
        csv.field_size_limit(sys.maxsize)
        rows = list(islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), 20))
        names = {name.strip().lower() for name in rows[0]} if rows else set()
        widths = [len(row) for row in rows if row]
        even = sum(width == widths[0] for width in widths) if widths and widths[0] > 1 else 0
        return len(names & expected), even, widths[0] if widths else 0

    return max((",", ";", "\t", "|"), key=merit)


def _fast_csv(
    con: duckdb.DuckDBPyConnection, path: Path, header: list[str], delimiter: str, facts: TextFacts
) -> Source | None:
    columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(header)))
    relation = (
        f"read_csv({literal(str(path))}, columns={{{columns}}}, auto_detect=false, header=true,"
        f" delim={literal(delimiter)}, quote='\"', escape='\"',"
        " strict_mode=true, null_padding=false, max_line_size=16777216)"
    )
    rows = None if facts.quotes else facts.lines - 1
    try:
        if facts.quotes:  # values with line ends in them: only a count tells how many rows there are
            rows = con.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0]
    except duckdb.Error:
        return None
    if not rows and facts.lines > 1:
        return None
    return Source(tuple(header), relation, delimiter=delimiter, rows=rows, clean=not facts.control)


def exact_again(con: duckdb.DuckDBPyConnection, *, path: Path, source: Source, dialect: Dialect, aside: Path) -> Source:
    """The same CSV read row by row, for when the fast reader stumbled in the middle of it."""
    facts = look_at(path, dialect.encoding)
    if facts.encoding not in {"utf-8", "utf-8-sig"}:
        path = as_utf8(path, facts, aside)
    return _exact_csv(con, path, source.delimiter, facts)


def _exact_csv(con: duckdb.DuckDBPyConnection, path: Path, delimiter: str, facts: TextFacts) -> Source:
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = (row for row in csv.reader(file, delimiter=delimiter) if row)
        try:
            header = next(rows, [])
            if not header:
                raise UnreadableFileError(path, "it holds no rows.")
            batches = list(_batches(rows, len(header), delimiter))
        except csv.Error as error:
            raise UnreadableFileError(path, f"it is not CSV: {error}.") from error
    schema = pa.schema([(f"c{n}", pa.string()) for n in range(len(header))])
    schema = schema.append(pa.field(NUMBER_OF_FIELDS, pa.int32())).append(pa.field(SURPLUS, pa.string()))
    table = pa.Table.from_batches(batches, schema) if batches else schema.empty_table()
    name = f"exact_{uuid.uuid4().hex}"
    con.register(name, table)
    return Source(tuple(header), name, delimiter=delimiter, rows=table.num_rows, clean=not facts.control, surplus=True)


def _batches(rows: Iterator[list[str]], width: int, delimiter: str) -> Iterable[pa.RecordBatch]:
    names = [*(f"c{n}" for n in range(width)), NUMBER_OF_FIELDS, SURPLUS]
    while chunk := list(islice(rows, BATCH)):
        fields = [len(row) for row in chunk]
        surplus: list[str | None] = [None] * len(chunk)
        for n, count in enumerate(fields):
            if count == width:
                continue
            if not any(chunk[n][width:]):  # empty fields at the end are a habit, not an error
                fields[n] = min(count, width)
            surplus[n] = delimiter.join(chunk[n][width:])
            chunk[n] = (chunk[n] + [""] * width)[:width]
        arrays = [pa.array(column, pa.string()) for column in zip(*chunk, strict=True)]
        arrays += [pa.array(fields, pa.int32()), pa.array(surplus, pa.string())]
        yield pa.RecordBatch.from_arrays(arrays, names)


def _sheet(con: duckdb.DuckDBPyConnection, path: Path) -> Source:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        rows = book.get_sheet_by_index(0).to_python()
    except (python_calamine.CalamineError, python_calamine.PasswordError, OSError, IndexError) as error:
        raise UnreadableFileError(path, "it is not a workbook that can be opened, or it is cut short.") from error
    rows = [row for row in rows if any(cell not in ("", None) for cell in row)]
    if not rows:
        raise UnreadableFileError(path, "its first sheet is empty.")
    header = tuple(_cell(cell) or "" for cell in rows[0])
    columns = zip(*rows[1:], strict=True) if len(rows) > 1 else ((),) * len(header)
    name = f"sheet_{uuid.uuid4().hex}"
    con.register(name, pa.table({f"c{n}": pa.array(map(_cell, cells), pa.string()) for n, cells in enumerate(columns)}))
    return Source(header, name, rows=len(rows) - 1)


def _cell(value: Any) -> str | None:
    """A cell as a person sees it: dates ISO, whole numbers without a point, fifteen digits as the sheet shows them."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else format(value, ".15g")
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ") if value.time() != dt.time() else value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _parquet(con: duckdb.DuckDBPyConnection, path: Path) -> Source:
    file = f"read_parquet({literal(str(path))}, hive_partitioning=false)"
    try:
        columns = con.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()
        rows = con.execute(f"SELECT count(*) FROM {file}").fetchall()[0][0]
    except duckdb.Error as error:
        raise UnreadableFileError(path, "it is not a Parquet file that can be opened, or it is cut short.") from error
    texts = ", ".join(
        f"CAST({f'round({identifier(name)}, 6)' if kind in FLOATS else identifier(name)} AS VARCHAR) AS c{n}"
        for n, (name, kind, *_) in enumerate(columns)
    )
    return Source(tuple(name for name, *_ in columns), f"(SELECT {texts} FROM {file})", rows=rows)


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
