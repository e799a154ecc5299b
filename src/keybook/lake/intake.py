"""Takes one file of the bank into the lake: every row is loaded, or kept aside with a reason. No row is lost.

A clean file takes the fast pass: one statement reads, types, checks and writes it. Only if that loses a row, repeats a
key or refers to nothing, the careful pass reads it again, numbers the rows and writes down what is wrong with which.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from keybook.lake import store
from keybook.lake.contract import FEEDS, Feed
from keybook.lake.intake_careful import Careful, known_values
from keybook.lake.intake_sql import Plan, plan
from keybook.lake.mapping import FileMap, LookUp, Take
from keybook.lake.policy_tables import MappingError
from keybook.lake.reading import Dialect, Source, exact_again, from_rows, identifier, literal, open_source
from keybook.lake.store import Entry, Reason
from keybook.lake.texts import UnreadableFileError

RULES = "intake/1"  # a new version reads every file again
WORTH_ANOTHER_TRY = frozenset({"unknown_reference", "future_file"})
"""What may have mended itself since: these files are read again although they are known."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to take in: a file of a folder (or rows of a mapping) as a feed, for a business date."""

    lake: Path
    folder: Path
    entry: FileMap
    source: str
    date: dt.date
    today: dt.date
    rows: tuple[dict[str, str], ...] | None = None
    file: str = ""  # the path in the folder, where `source` says more than that

    @property
    def feed(self) -> Feed:
        """The feed the rows become."""
        return self.entry.feed

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self.folder / (self.file or self.source)


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What became of one file: rows in = loaded + kept aside. `status`: loaded, replaced, unchanged, refused or absent."""

    feed: str
    source: str
    date: dt.date
    fingerprint: str
    status: str
    rows_in: int = 0
    loaded: int = 0
    kept_aside: int = 0
    reasons: tuple[Reason, ...] = field(default=())
    rejected_path: Path | None = None


def take(order: Order) -> IntakeReport:
    """Take a file in; what cannot be read at all comes back as refused, with the sentence in its reasons."""
    try:
        fingerprint = fingerprint_of(order)
        before = store.entry_for(order.lake, order.feed.name, order.date, order.source)
        if before and before.fingerprint == fingerprint and not _worth_another_try(order.lake, before):
            return _report(order, before, "unchanged")
        with _workspace(order.lake) as (con, aside):
            entry = _take(con, order, fingerprint, aside)
    except UnreadableFileError as error:
        reason = Reason("unreadable", "", str(error), 0)
        return IntakeReport(order.feed.name, order.source, order.date, "", "refused", reasons=(reason,))
    if not entry.path and before is not None and before.path:  # a refused file must not take a good one away
        return _report(order, entry, "refused")
    replaced = store.record(order.lake, entry)
    if replaced == entry:
        return _report(order, entry, "unchanged")
    return _report(
        order, entry, "refused" if not entry.path else "replaced" if replaced and replaced.path else "loaded"
    )


def fingerprint_of(order: Order) -> str:
    """SHA-256 over the bytes of the file and of those it looks things up in, its entry in the mapping, and our rules."""
    digest = hashlib.sha256(f"{RULES}|{order.source}|{order.entry!r}".encode())
    if order.rows is not None:
        digest.update(json.dumps(order.rows, sort_keys=True).encode())
        return digest.hexdigest()
    looked_up = sorted({look.file for look in _look_ups(order.entry.takes)})
    for path in [order.path, *(order.folder / name for name in looked_up)]:
        try:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise UnreadableFileError(path, f"it cannot be opened ({error.strerror}).") from error
    return digest.hexdigest()


def _worth_another_try(lake: Path, before: Entry) -> bool:
    written = [path for path in (before.path, before.rejected) if path]
    gone = any(not (lake / path).exists() for path in written)
    return gone or any(reason.code in WORTH_ANOTHER_TRY for reason in before.reasons)


def _take(con: duckdb.DuckDBPyConnection, order: Order, fingerprint: str, aside: Path) -> Entry:
    dialect = Dialect(order.entry.encoding, order.entry.delimiter, frozenset(_expected(order.entry)))
    if order.rows is None:
        source = open_source(con, path=order.path, dialect=dialect, aside=aside)
    else:
        source = from_rows(con, name="spelt_out", rows=order.rows)
    entry = Entry(order.feed.name, order.date, order.source, fingerprint, 0, 0, 0)
    whole = _whole_file(order, source)
    notes = _notes(order, source)
    planned = _plan(con, order, source, aside)
    if whole is None and not source.surplus:
        try:
            loaded = _fast(con, order, planned, entry)
        except duckdb.Error:
            if order.rows is not None or order.path.suffix.lower() in {".parquet", ".xlsx"}:
                raise
            source = exact_again(con, path=order.path, source=source, dialect=dialect, aside=aside)
            planned = _plan(con, order, source, aside)
            loaded = None
        if loaded is not None:
            return replace(loaded, reasons=notes)
    careful = Careful(con, order.lake, planned, entry, whole)
    taken = careful.take()
    return replace(taken, reasons=taken.reasons + notes)


def _fast(con: duckdb.DuckDBPyConnection, order: Order, planned: Plan, entry: Entry) -> Entry | None:
    """Write the good rows in one statement; None if not every row was good, and then nothing is kept."""
    target = store.checked_path(entry.feed, entry.date, entry.fingerprint)
    with store.written_aside(order.lake / target) as file:
        copy = (
            f"COPY (SELECT {planned.output(entry.date)} FROM ({planned.rows(planned.source.relation)})"
            f" WHERE NOT ({planned.bad})) TO {literal(str(file))} (FORMAT parquet)"
        )
        loaded = con.execute(copy).fetchall()[0][0]
        fine = loaded == planned.source.rows and not _repeats(con, planned.feed, file)
        if not fine or _dangles(con, order, planned.feed, file):
            file.unlink()
            return None
    return replace(entry, rows_in=loaded, loaded=loaded, path=target)


def _repeats(con: duckdb.DuckDBPyConnection, feed: Feed, file: Path) -> bool:
    """Whether two rows may have the same key: compared by a hash, so a false alarm is possible and harmless."""
    key = ", ".join(map(identifier, feed.key))
    rows = f"read_parquet({literal(str(file))}, hive_partitioning=false)"
    distinct = con.execute(f"SELECT count(*), count(DISTINCT hash({key})) FROM {rows}").fetchall()[0]
    return bool(distinct[0] != distinct[1])


def _dangles(con: duckdb.DuckDBPyConnection, order: Order, feed: Feed, file: Path) -> bool:
    """Whether a row refers to something the lake does not know."""
    rows = f"read_parquet({literal(str(file))}, hive_partitioning=false)"
    for column in feed.columns:
        if not column.refers:
            continue
        known = known_values(order.lake, column.refers, also=rows if column.refers.startswith(f"{feed.name}.") else "")
        name = identifier(column.name)
        lost = f"SELECT 1 FROM {rows} WHERE {name} IS NOT NULL AND {name} NOT IN ({known}) LIMIT 1"
        if con.execute(lost).fetchall():
            return True
    return False


def _plan(con: duckdb.DuckDBPyConnection, order: Order, source: Source, aside: Path) -> Plan:
    def look_up(take: Take) -> str:
        return _looked_up(con, order, take, aside)

    return plan(feed=order.feed, source=source, takes=order.entry.takes, date=order.date, look_ups=look_up)


def _looked_up(con: duckdb.DuckDBPyConnection, order: Order, take: Take, aside: Path) -> str:
    """A table k, v of another file of the folder, the first row of a key only."""
    look = take.look_up
    if look is None:
        raise MappingError(f"{take.column} looks nothing up.")
    wanted = frozenset({look.key.lower(), look.take.lower()})
    other = open_source(con, path=order.folder / look.file, dialect=Dialect(expected=wanted), aside=aside)
    columns = {name: other.column(name) for name in (look.key, look.take, *(name for name, _ in look.where))}
    for name, column in columns.items():
        if column is None:
            raise UnreadableFileError(
                order.path, f"the mapping looks up {name} in {look.file}, which has no such column."
            )
    where = " AND ".join(
        f"coalesce(trim({columns[name]}), '') IN ({', '.join(map(literal, values))})" for name, values in look.where
    )
    table = f"look_{take.column}_{len(con.execute('SHOW TABLES').fetchall())}"
    con.execute(
        f"CREATE TEMP TABLE {table} AS SELECT trim({columns[look.key]}) AS k, arg_min({columns[look.take]}, n) AS v"
        f" FROM (SELECT *, row_number() OVER () AS n FROM {other.relation}) WHERE {where or 'true'} GROUP BY 1"
    )
    return table


def _whole_file(order: Order, source: Source) -> tuple[str, str, str] | None:
    """What is wrong with the file as a whole: code, column, sentence."""
    if order.date > order.today:
        return "future_file", "", f"The file is dated {order.date}, after today ({order.today}); correct its date."
    takes = {take.column: take for take in order.entry.takes}
    for column in order.feed.columns:
        if not column.required:
            continue
        needs = takes[column.name].needs if column.name in takes else {column.name}
        for name in sorted(needs):
            if source.column(name) is None:
                return "missing_column", column.name, f"The file has no column {name}, which {column.name} is made of."
    return None


def _notes(order: Order, source: Source) -> tuple[Reason, ...]:
    """What is worth saying although no row suffers: columns that the file lacks, and those nobody reads."""
    takes = order.entry.takes
    required = {column.name for column in order.feed.columns if column.required}  # without these nothing is loaded
    needed = {name for take in takes if take.column not in required for name in take.needs}
    lacking = sorted(name for name in needed if source.column(name) is None)
    notes = [Reason("absent_column", name, f"The file has no column {name}; it stays empty.", 0) for name in lacking]
    if not takes:
        known = {column.name for column in order.feed.columns}
        extra = [name for name in source.header if name.strip().lower() not in known]
        if extra:
            notes.append(Reason("extra_column", "", f"Columns that nothing is made of: {', '.join(extra)}.", 0))
    return tuple(notes)


def _expected(entry: FileMap) -> Iterator[str]:
    for take in entry.takes:
        yield from (name.lower() for name in take.needs)
    if not entry.takes:
        yield from (column.name for column in entry.feed.columns)


def _look_ups(takes: tuple[Take, ...]) -> Iterator[LookUp]:
    for one in takes:
        if one.look_up:
            yield one.look_up
        yield from _look_ups(one.first)


def _report(order: Order, entry: Entry, status: str) -> IntakeReport:
    return IntakeReport(
        feed=entry.feed,
        source=entry.source,
        date=entry.date,
        fingerprint=entry.fingerprint,
        status=status,
        rows_in=entry.rows_in,
        loaded=entry.loaded,
        kept_aside=entry.kept_aside,
        reasons=entry.reasons,
        rejected_path=order.lake / entry.rejected if entry.rejected else None,
    )


@contextmanager
def _workspace(lake: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A DuckDB of its own and a folder for what is only needed meanwhile."""
    folder = lake / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder))
    con = duckdb.connect()
    try:
        con.execute(f"SET temp_directory = {literal(str(aside / 'spill'))}")
        con.execute("SET memory_limit = '2GB'")
        yield con, aside
    finally:
        con.close()
        shutil.rmtree(aside, ignore_errors=True)


def absent(*, entry: FileMap, mapping: str, date: dt.date) -> IntakeReport:
    """The report of an entry of a mapping that no file matches: nothing is wrong with a row, but somebody should know."""
    reason = Reason(
        "absent_file", "", f"No file matches {entry.path}, which {mapping} names for the feed {entry.feed.name}.", 0
    )
    return IntakeReport(entry.feed.name, entry.path, date, "", "absent", reasons=(reason,))


def feed_order(entry: FileMap) -> int:
    """Where a feed stands in the order of loading: what is referred to comes first."""
    return list(FEEDS).index(entry.feed.name)
