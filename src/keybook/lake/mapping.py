"""A bank's mapping file: which of its files is which feed, and how its columns become the contract's.

The file is TOML; `docs/operate/feeds.md` shows every key. `read_mapping` turns it into frozen values and refuses, with
one sentence that names the file and the key, what it does not understand; `plain` is the mapping of a bank that
already writes the contract's own names.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keybook.lake.contract import FEEDS, Feed
from keybook.lake.policy_tables import BankPolicy, MappingError, read_policy

CONVERTERS = ("birth_number_date", "birth_number_sex", "percent", "lower", "upper")
DATED = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class LookUp:
    """Take `take` from another file of the folder, from the first row whose `key` is this row's value."""

    file: str
    key: str
    take: str
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Take:
    """How one column of the contract is made from a bank's row; exactly one of source, value, template, first is set."""

    column: str = ""
    source: str = ""
    value: str | None = None
    template: str = ""
    first: tuple[Take, ...] = ()
    look_up: LookUp | None = None
    read: str = ""
    prefix: str = ""
    values: tuple[tuple[str, str], ...] = ()
    otherwise: str | None = None
    dates: str = ""
    decimal: str = "."
    thousands: str = ""
    negative: tuple[str, tuple[str, ...]] | None = None
    when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    plus_months: str = ""

    @property
    def needs(self) -> set[str]:
        """The bank's columns this is made from."""
        names = {self.source, self.plus_months, *(name for name, _ in self.when)}
        names |= set(re.findall(r"\{([^{}]+)\}", self.template))
        names |= {self.negative[0]} if self.negative else set()
        return names.union(*(one.needs for one in self.first)) - {""}


@dataclass(frozen=True, slots=True)
class FileMap:
    """One entry [[file]]: the files that match `path` are this feed; no takes mean the contract's own names."""

    feed: Feed
    path: str
    date: dt.date | None = None
    takes: tuple[Take, ...] = ()
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping file: its entries, the rows it spells out itself, and the bank's policy."""

    name: str = ""
    files: tuple[FileMap, ...] = ()
    rows: tuple[tuple[Feed, tuple[dict[str, str], ...]], ...] = ()
    date: dt.date | None = None
    policy: BankPolicy = field(default_factory=BankPolicy)


def read_mapping(*, path: Path) -> Mapping:
    """Read a mapping file; MappingError with one sentence for what is wrong in it."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MappingError(f"{path}: the mapping file cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path.name}: this is not TOML: {error}.") from error
    reader = _Reader(path.name)
    reader.only(table, "the file", {"date", "format", "file", "rows", "bank", "tiers", "signals"})
    style = reader.style(table.get("format", {}), "format")
    return Mapping(
        name=path.name,
        files=tuple(reader.file(entry, n, style) for n, entry in enumerate(reader.tables(table, "file"), 1)),
        rows=tuple(reader.rows(feed, rows) for feed, rows in table.get("rows", {}).items()),
        date=reader.date(table.get("date"), "date"),
        policy=read_policy(path.name, table),
    )


def date_in(name: str) -> dt.date | None:
    """The last calendar date written in a path as 2026-03-31 or 20260331, if there is one."""
    for year, month, day in reversed(DATED.findall(name)):
        try:
            return dt.date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def plain(name: str) -> FileMap | None:
    """The entry for a file named after its feed, like transaction_2026-03-31.csv; None if it is none of ours."""
    parts = Path(name).parts
    stem = Path(parts[-1]).name.split(".")[0]
    for word in (stem, *reversed(parts[:-1])):
        bare = DATED.sub("", word).strip("-_ .").lower()
        if bare in FEEDS:
            return FileMap(feed=FEEDS[bare], path=name)
    return None


class _Reader:
    """Turns TOML tables into values and knows which file to blame."""

    def __init__(self, name: str) -> None:
        self.name = name

    def fail(self, key: str, sentence: str) -> MappingError:
        return MappingError(f"{self.name}: {key}: {sentence}")

    def only(self, table: object, key: str, allowed: set[str]) -> None:
        if not isinstance(table, dict):
            raise self.fail(key, "this must be a table.")
        for name in table:
            if name not in allowed:
                raise self.fail(key, f"there is no key {name!r}; known are {', '.join(sorted(allowed))}.")

    def tables(self, table: Table[str, Any], key: str) -> list[dict[str, Any]]:
        entries = table.get(key, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise self.fail(key, f"write each as [[{key}]].")
        return entries

    def date(self, value: object, key: str) -> dt.date | None:
        if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
            return value
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError as error:
            raise self.fail(key, f"{value!r} is not a date written YYYY-MM-DD.") from error

    def feed(self, name: object, key: str) -> Feed:
        if name not in FEEDS:
            raise self.fail(key, f"there is no feed {name!r}; known are {', '.join(FEEDS)}.")
        return FEEDS[str(name)]

    def style(self, table: object, key: str) -> dict[str, str]:
        self.only(table, key, {"dates", "decimal", "thousands", "encoding", "delimiter"})
        return {name: self.text(value, f"{key}.{name}") for name, value in table.items()}  # type: ignore[attr-defined]

    def file(self, entry: dict[str, Any], number: int, style: dict[str, str]) -> FileMap:
        key = f"file {number}"
        self.only(
            entry, key, {"feed", "path", "date", "columns", "encoding", "delimiter", "dates", "decimal", "thousands"}
        )
        feed = self.feed(entry.get("feed"), f"{key}.feed")
        key = f"{key} ({feed.name})"
        own = {**style, **{n: self.text(v, f"{key}.{n}") for n, v in entry.items() if n in style_keys}}
        columns = entry.get("columns", {})
        if not isinstance(columns, dict):
            raise self.fail(f"{key}.columns", "this must be a table.")
        takes = tuple(self.column(feed, name, spec, key, own) for name, spec in columns.items())
        self.complete(feed, takes, key)
        return FileMap(
            feed=feed,
            path=self.text(entry.get("path", ""), f"{key}.path") or f"{feed.name}*",
            date=self.date(entry.get("date"), f"{key}.date"),
            takes=takes,
            encoding=own.get("encoding", ""),
            delimiter=own.get("delimiter", ""),
        )

    def complete(self, feed: Feed, takes: tuple[Take, ...], key: str) -> None:
        made = {take.column for take in takes}
        for column in feed.columns:
            if takes and column.required and column.name not in made:
                raise self.fail(f"{key}.columns", f"{column.name} is required and nothing is mapped to it.")

    def column(self, feed: Feed, name: str, spec: object, key: str, style: dict[str, str]) -> Take:
        key = f"{key}.columns.{name}"
        if name not in {column.name for column in feed.columns}:
            known = ", ".join(column.name for column in feed.columns)
            raise self.fail(key, f"the feed {feed.name} has no column {name!r}; it has {known}.")
        return self.take(name, spec, key, style)

    def take(self, name: str, spec: object, key: str, style: dict[str, str]) -> Take:
        if isinstance(spec, str):
            spec = {"from": spec}
        self.only(spec, key, take_keys)
        assert isinstance(spec, dict)  # noqa: S101  only() has refused all else
        origins = [one for one in ("from", "value", "template", "first") if one in spec]
        if len(origins) != 1:
            raise self.fail(key, "say exactly one of from, value, template or first.")
        read = spec.get("read", "")
        if read and read not in CONVERTERS:
            raise self.fail(f"{key}.read", f"there is no converter {read!r}; known are {', '.join(CONVERTERS)}.")
        text = {n: self.text(spec.get(n, style.get(n, "")), f"{key}.{n}") for n in ("dates", "decimal", "thousands")}
        return Take(
            column=name,
            source=self.text(spec.get("from", ""), f"{key}.from"),
            value=self.text(spec["value"], f"{key}.value") if "value" in spec else None,
            template=self.text(spec.get("template", ""), f"{key}.template"),
            first=tuple(self.take(name, one, f"{key}.first", style) for one in spec.get("first", [])),
            look_up=self.look_up(spec.get("look_up"), f"{key}.look_up"),
            read=read,
            prefix=self.text(spec.get("prefix", ""), f"{key}.prefix"),
            values=tuple((str(a), self.text(b, f"{key}.map")) for a, b in spec.get("map", {}).items()),
            otherwise=self.text(spec["otherwise"], f"{key}.otherwise") if "otherwise" in spec else None,
            dates=text["dates"],
            decimal=text["decimal"] or ".",
            thousands=text["thousands"],
            negative=self.sign(spec.get("sign"), f"{key}.sign"),
            when=self.conditions(spec.get("when", {}), f"{key}.when"),
            plus_months=self.text(spec.get("plus_months", ""), f"{key}.plus_months"),
        )

    def look_up(self, spec: object, key: str) -> LookUp | None:
        if spec is None:
            return None
        self.only(spec, key, {"file", "key", "take", "where"})
        assert isinstance(spec, dict)  # noqa: S101
        for name in ("file", "key", "take"):
            if not spec.get(name):
                raise self.fail(key, f"{name} is missing.")
        where = self.conditions(spec.get("where", {}), f"{key}.where")
        return LookUp(file=str(spec["file"]), key=str(spec["key"]), take=str(spec["take"]), where=where)

    def sign(self, spec: object, key: str) -> tuple[str, tuple[str, ...]] | None:
        if spec is None:
            return None
        self.only(spec, key, {"from", "negative"})
        assert isinstance(spec, dict)  # noqa: S101
        if "from" not in spec or not isinstance(spec.get("negative"), list):
            raise self.fail(key, 'write { from = "a column", negative = ["values", "that mean out"] }.')
        return str(spec["from"]), tuple(str(one) for one in spec["negative"])

    def conditions(self, spec: object, key: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if not isinstance(spec, dict):
            raise self.fail(key, 'write { column = "value" } or { column = ["one", "other"] }.')
        return tuple(
            (name, tuple(str(one) for one in (values if isinstance(values, list) else [values])))
            for name, values in spec.items()
        )

    def rows(self, feed: str, rows: object) -> tuple[Feed, tuple[dict[str, str], ...]]:
        known = self.feed(feed, f"rows.{feed}")
        if not isinstance(rows, list):
            raise self.fail(f"rows.{feed}", f"write each row as [[rows.{feed}]].")
        columns = {column.name for column in known.columns}
        for row in rows:
            self.only(row, f"rows.{feed}", columns)
        return known, tuple(
            {name: self.text(value, f"rows.{feed}.{name}") for name, value in row.items()} for row in rows
        )

    def text(self, value: object, key: str) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str | int | float | dt.date):
            return str(value)
        raise self.fail(key, "this must be a text.")


style_keys = frozenset({"dates", "decimal", "thousands", "encoding", "delimiter"})
take_keys = {
    "from", "value", "template", "first", "look_up", "read", "prefix", "map", "otherwise", "dates", "decimal",
    "thousands", "sign", "when", "plus_months",
}  # fmt: skip
