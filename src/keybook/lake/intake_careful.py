"""The careful pass of intake: numbers the rows, says what is wrong with which, and keeps those aside as they were."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from keybook.lake import store
from keybook.lake.intake_sql import Plan, Refusal
from keybook.lake.reading import NUMBER_OF_FIELDS, SURPLUS, identifier, literal
from keybook.lake.store import Entry, Reason

FORMULA = r"^[=+\-@\t\r]"
NUMBER = r"^[+-]?[0-9.,]+$"
SHOWN = 60


@dataclass(slots=True)
class Careful:
    """One careful pass over one source; `whole` is what keeps every row of the file aside: code, column, sentence."""

    con: duckdb.DuckDBPyConnection
    lake: Path
    plan: Plan
    entry: Entry
    whole: tuple[str, str, str] | None = None
    refusals: list[Refusal] = field(default_factory=list)
    _slipped: str = "SELECT n FROM aside WHERE false"

    def take(self) -> Entry:
        """Write the good rows and the rows kept aside, and return the account of both."""
        self.refusals = list(self.plan.refusals)
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE raw AS SELECT * FROM {self.plan.source.relation}")
        self.con.execute("CREATE OR REPLACE TEMP TABLE aside (n BIGINT, problem INTEGER)")
        numbered = self.plan.rows("(SELECT rowid AS n, * FROM raw)", extra="r.n AS n, ")
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE typed AS {numbered}")
        if self.whole:
            self._keep("SELECT n FROM typed", *self.whole)
        else:
            self._ragged()
            self._wrong_values()
            self._repeated_keys()
            self._references()
        return self._write()

    def _keep(self, rows: str, code: str, column: str, sentence: str) -> None:
        """Keep the rows of a SELECT n aside for one reason."""
        self.refusals.append(Refusal(code, column, "false", sentence))
        self.con.execute(f"INSERT INTO aside SELECT n, {len(self.refusals) - 1} FROM ({rows})")

    def _ragged(self) -> None:
        if not self.plan.source.surplus:
            return
        width = len(self.plan.source.header)
        odd = f"SELECT rowid AS n FROM raw WHERE {NUMBER_OF_FIELDS} <> {width}"
        words = f"more or fewer fields than the {width} of the header; look for a missing quote or delimiter."
        self._keep(odd, "ragged", "", f"The row has {words}")
        self._slipped = f"SELECT n FROM aside WHERE problem = {len(self.refusals) - 1}"

    def _wrong_values(self) -> None:
        conditions = ", ".join(
            f"CASE WHEN coalesce({one.condition}, false) THEN {n} END" for n, one in enumerate(self.plan.refusals)
        )
        self.con.execute(
            f"INSERT INTO aside SELECT n, unnest(list_filter([{conditions or 'NULL'}], lambda p: p IS NOT NULL)) FROM typed"
            f" WHERE ({self.plan.bad}) AND n NOT IN (SELECT n FROM aside)"
        )

    def _repeated_keys(self) -> None:
        key = ", ".join(identifier("t_" + name) for name in self.plan.feed.key)
        good = "SELECT * FROM typed WHERE n NOT IN (SELECT n FROM aside)"
        repeated = (
            f"SELECT n FROM (SELECT n, row_number() OVER (PARTITION BY {key} ORDER BY n) AS nth FROM ({good}) AS g"
            f" SEMI JOIN (SELECT {key} FROM ({good}) GROUP BY ALL HAVING count(*) > 1) AS d USING ({key})) WHERE nth > 1"
        )
        names = " and ".join(self.plan.feed.key)
        self._keep(
            repeated, "duplicate_key", self.plan.feed.key[0], f"Another row above has the same {names}; it was taken."
        )

    def _references(self) -> None:
        for column in self.plan.feed.columns:
            if not column.refers:
                continue
            feed, _, name = column.refers.partition(".")
            value = identifier("t_" + column.name)
            also = f"(SELECT {identifier('t_' + name)} AS {name} FROM typed)" if feed == self.plan.feed.name else ""
            known = known_values(self.lake, column.refers, also=also)
            lost = f"SELECT n FROM typed WHERE {value} IS NOT NULL AND {value} NOT IN ({known})"
            sentence = f"No {feed} with this {name} is known; load the {feed} feed first or correct {column.name}."
            # a row that is wrong elsewhere hears of this too; one whose fields have slipped would hear nonsense
            self._keep(f"{lost} AND n NOT IN ({self._slipped})", "unknown_reference", column.name, sentence)

    def _write(self) -> Entry:
        rows_in = self._count("SELECT count(*) FROM raw")
        kept = self._count("SELECT count(DISTINCT n) FROM aside")
        path = store.checked_path(self.entry.feed, self.entry.date, self.entry.fingerprint, kept)
        loaded = 0
        if self.whole is None:
            with store.written_aside(self.lake / path) as file:
                good = f"SELECT {self.plan.output(self.entry.date)} FROM typed WHERE n NOT IN (SELECT n FROM aside)"
                loaded = self._count(f"COPY ({good}) TO {literal(str(file))} (FORMAT parquet)")
        if rows_in != loaded + kept:
            raise AssertionError(f"{self.entry.source}: {rows_in} rows in, {loaded} loaded, {kept} kept aside.")
        entry = replace(self.entry, rows_in=rows_in, loaded=loaded, kept_aside=kept, path="" if self.whole else path)
        return replace(entry, reasons=self._reasons(), rejected=self._rejected()) if kept else entry

    def _count(self, sql: str) -> int:
        return int(self.con.execute(sql).fetchall()[0][0])

    def _reasons(self) -> tuple[Reason, ...]:
        """The reasons, the commonest first, each with the value of its first row as the example."""
        counted = self.con.execute(
            "SELECT problem, count(DISTINCT n), min(n) FROM aside GROUP BY problem ORDER BY 2 DESC, 1"
        ).fetchall()
        return tuple(self._reason(*one) for one in counted)

    def _reason(self, problem: int, count: int, first: int) -> Reason:
        refusal = self.refusals[problem]
        example = ""
        if refusal.column and refusal.code != "missing_column":
            text = identifier("x_" + refusal.column)
            row = self.con.execute(f"SELECT {text} FROM typed WHERE n = ?", [first]).fetchone()
            example = str(row[0])[:SHOWN] if row and row[0] is not None else ""
        place = f"row {first + 2}"
        return Reason(
            refusal.code, refusal.column, refusal.sentence, count, f"{place}: {example}" if example else place
        )

    def _rejected(self) -> str:
        """Write the rows kept aside, in their own columns and texts, with the row's number and the reasons behind."""
        path = store.rejected_path(self.entry.feed, self.entry.date, self.entry.fingerprint)
        source = self.plan.source
        sentences = ", ".join(f"({n}, {literal(one.sentence)})" for n, one in enumerate(self.refusals))
        columns = [f"c{n}" for n in range(len(source.header))] + ([SURPLUS] if source.surplus else [])
        select = ", ".join(f"{_harmless(column)} AS {column}" for column in columns)
        why = (
            "SELECT n, string_agg(DISTINCT sentence, ' ' ORDER BY sentence) AS why FROM aside"
            f" JOIN (VALUES {sentences}) AS s(problem, sentence) USING (problem) GROUP BY n"
        )
        with store.written_aside(self.lake / path) as file:
            body = file.with_name(file.name + ".body")
            self.con.execute(
                f"COPY (SELECT {select}, r.rowid + 2 AS n, why FROM raw AS r JOIN ({why}) AS w ON w.n = r.rowid"
                f" ORDER BY r.rowid) TO {literal(str(body))} (FORMAT csv, HEADER false, DELIMITER {literal(source.delimiter)})"
            )
            header = [*source.header, *(["keybook_surplus"] if source.surplus else []), "keybook_row", "keybook_reason"]
            with file.open("w", encoding="utf-8-sig", newline="") as whole:
                csv.writer(whole, delimiter=source.delimiter, lineterminator="\n").writerow(header)
                with body.open(encoding="utf-8", newline="") as rows:
                    while chunk := rows.read(1 << 20):
                        whole.write(chunk)
            body.unlink()
        return path


def known_values(lake: Path, refers: str, *, also: str = "") -> str:
    """A SELECT of the values that may be referred to: those of every checked file, and of the relation `also`."""
    feed, _, name = refers.partition(".")
    files = ", ".join(literal(str(path)) for path in store.checked_files(lake, feed, dt.date.max))
    parts = [f"SELECT {identifier(name)} FROM {also} WHERE {identifier(name)} IS NOT NULL"] if also else []
    if files:
        parts.append(f"SELECT {identifier(name)} FROM read_parquet([{files}], hive_partitioning=false)")
    return " UNION ".join(parts) or "SELECT NULL::VARCHAR WHERE false"


def _harmless(column: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe in front of what would be one."""
    formula = f"regexp_matches({column}, {literal(FORMULA)}) AND NOT regexp_matches({column}, {literal(NUMBER)})"
    return f"CASE WHEN {formula} THEN '''' || {column} ELSE {column} END"
