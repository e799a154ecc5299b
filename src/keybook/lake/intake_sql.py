"""The checks of the contract as SQL over rows of texts: one typed expression and its refusals for every column.

A refusal is a condition that is never null in effect, a code and a sentence. The same conditions serve the fast pass,
which only asks whether any is true, and the careful pass, which writes down which.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from keybook.lake.contract import Column, Feed
from keybook.lake.mapping import Take
from keybook.lake.reading import Source, identifier, literal

CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
DUCKDB_TYPES = {
    "text": "VARCHAR", "code": "VARCHAR", "currency": "VARCHAR", "date": "DATE", "datetime": "TIMESTAMP",
    "money": "DECIMAL(18,2)", "rate": "DECIMAL(9,6)", "int": "BIGINT", "bool": "BOOLEAN",
}  # fmt: skip
NUMBERS = {
    "money": (r"[+-]?[0-9]{1,16}(\.[0-9]{1,2}0*)?|[+-]?\.[0-9]{1,2}", "a number with at most two decimals"),
    "rate": (r"[+-]?[0-9]{1,3}(\.[0-9]{1,6}0*)?|[+-]?\.[0-9]{1,6}0*", "a fraction with at most six decimals"),
    "int": (r"[+-]?[0-9]{1,18}", "a whole number"),
}
CLOCK = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One way a row can be wrong: a condition over the typed row, and what to tell whoever mends it."""

    code: str
    column: str
    condition: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read one source as one feed: what to join, each column's text and typed value, and the refusals."""

    feed: Feed
    source: Source
    joins: str
    texts: tuple[tuple[str, str], ...]  # column, expression over the raw row
    typed: tuple[tuple[str, str], ...]  # column, expression over the texts
    refusals: tuple[Refusal, ...]

    def rows(self, relation: str, extra: str = "") -> str:
        """SELECT the texts (x_…) and typed values (t_…) of a relation of raw rows, called r; `extra` columns first."""
        texts = ", ".join(f"{sql} AS {identifier('x_' + name)}" for name, sql in self.texts)
        typed = ", ".join(f"{sql} AS {identifier('t_' + name)}" for name, sql in self.typed)
        return f"SELECT *, {typed} FROM (SELECT {extra}{texts} FROM {relation} AS r {self.joins})"

    @property
    def bad(self) -> str:
        """True for a row that any refusal catches."""
        return " OR ".join(f"coalesce({one.condition}, false)" for one in self.refusals) or "false"

    def output(self, date: dt.date) -> str:
        """The columns of the checked file."""
        columns = ", ".join(f"{identifier('t_' + name)} AS {identifier(name)}" for name, _ in self.typed)
        return f"{columns}, DATE '{date.isoformat()}' AS file_date"


def plan(
    *, feed: Feed, source: Source, takes: tuple[Take, ...], date: dt.date, look_ups: Callable[[Take], str]
) -> Plan:
    """Put the SQL of a feed together; `look_ups` gives the alias of the joined relation that a take looks up."""
    made = {take.column: take for take in takes}
    if not takes:
        made = {column.name: Take(column=column.name, source=column.name) for column in feed.columns}
    texts, typed, refusals = [], [], []
    joins: list[str] = []
    for column in feed.columns:
        take = made.get(column.name)
        raw = _made(source, take, look_ups, joins) if take else "NULL::VARCHAR"
        texts.append((column.name, _clean(column, raw, take)))
        typed.append((column.name, _typed(column, take)))
        refusals += _refusals(column, take, date, clean=source.clean and not (take and take.look_up))
    return Plan(feed, source, " ".join(joins), tuple(texts), tuple(typed), tuple(refusals))


def _made(source: Source, take: Take, look_ups: Callable[[Take], str], joins: list[str]) -> str:
    """The text a mapping makes of a raw row, before cleaning."""
    if take.value is not None:
        sql = literal(take.value)
    elif take.first:
        sql = f"coalesce({', '.join(_made(source, one, look_ups, joins) for one in take.first)})"
    elif take.template:
        parts = re.split(r"\{([^{}]+)\}", take.template)
        pieces = [_raw(source, part) if n % 2 else literal(part) for n, part in enumerate(parts)]
        sql = f"nullif(trim(concat({', '.join(pieces)})), '')"
    else:
        sql = _raw(source, take.source)
    if take.look_up:
        alias = f"l{len(joins)}"
        joins.append(f"LEFT JOIN {look_ups(take)} AS {alias} ON {alias}.k = trim({sql})")
        sql = f"{alias}.v"
    if take.values or take.otherwise is not None:
        sql = _mapped(sql, take)
    sql = _converted(sql, take)
    if take.negative:
        wanted = _raw(source, take.negative[0])
        sql = f"CASE WHEN {_one_of(wanted, take.negative[1])} AND {sql} NOT LIKE '-%' THEN '-' || {sql} ELSE {sql} END"
    if take.plus_months:
        months = f"try_cast({_raw(source, take.plus_months)} AS INTEGER)"
        sql = f"CAST(CAST({_day(sql, take.dates)} + to_months({months}) AS DATE) AS VARCHAR)"
    for name, values in take.when:
        sql = f"CASE WHEN {_one_of(_raw(source, name), values)} THEN {sql} END"
    return f"{literal(take.prefix)} || nullif(trim({sql}), '')" if take.prefix else sql


def _raw(source: Source, name: str) -> str:
    column = source.column(name)
    return f"r.{column}" if column else "NULL::VARCHAR"


def _one_of(sql: str, values: tuple[str, ...]) -> str:
    return f"coalesce(trim({sql}), '') IN ({', '.join(map(literal, values))})"


def _mapped(sql: str, take: Take) -> str:
    """CASE over the bank's values; what is not in the map becomes `otherwise` ("" is nothing), or stays as it is."""
    cases = "".join(f" WHEN {literal(old)} THEN {literal(new)}" for old, new in take.values)
    rest = f"nullif(trim({sql}), '')"
    if take.otherwise is not None:
        rest = literal(take.otherwise) if take.otherwise else "NULL"
    if not cases:
        return f"coalesce(nullif(trim({sql}), ''), {rest})"
    return f"CASE coalesce(trim({sql}), ''){cases} ELSE {rest} END"


def _converted(sql: str, take: Take) -> str:
    if take.read == "percent":
        return f"CAST(try_cast(replace(trim({sql}), '%', '') AS DECIMAL(18,8)) / 100 AS DECIMAL(18,8))::VARCHAR"
    if take.read in {"lower", "upper"}:
        return f"{take.read}({sql})"
    if take.read == "birth_number_sex":  # Czech and Slovak: a woman's month is written 50 higher
        return f"CASE WHEN try_cast(substr(trim({sql}), 3, 2) AS INTEGER) > 50 THEN 'f' ELSE 'm' END"
    if take.read == "birth_number_date":
        number = f"trim({sql})"
        month = f"try_cast(substr({number}, 3, 2) AS INTEGER)"
        month = f"lpad(CAST(CASE WHEN {month} > 50 THEN {month} - 50 ELSE {month} END AS VARCHAR), 2, '0')"
        return f"'19' || substr({number}, 1, 2) || '-' || {month} || '-' || substr({number}, 5, 2)"
    return sql


def _clean(column: Column, sql: str, take: Take | None) -> str:
    """The text to be typed: outer blanks off, except in a text, which is kept as the bank wrote it."""
    if column.type == "text":
        return f"CASE WHEN trim({sql}) = '' THEN NULL ELSE {sql} END"
    if column.type in {"money", "rate"} and take:
        if take.thousands:
            sql = f"replace({sql}, {literal(take.thousands)}, '')"
        if take.decimal != ".":  # a point that is left over must not pass for a decimal point
            sql = f"replace(replace({sql}, '.', '?'), {literal(take.decimal)}, '.')"
    sql = f"nullif(trim({sql}), '')"
    if column.choices:
        sql = f"{'upper' if column.choices[0].isupper() else 'lower'}({sql})"
    if column.type == "currency":
        sql = f"upper({sql})"
    return f"coalesce({sql}, {literal(column.default)})" if column.default is not None else sql


def _typed(column: Column, take: Take | None) -> str:
    text = identifier("x_" + column.name)
    if column.type in {"text", "code", "currency"}:
        return text
    if column.type == "date":
        dates = take.dates if take and not (take.plus_months or take.read.startswith("birth_number")) else ""
        return _day(text, dates)
    if column.type == "bool":
        return f"CASE WHEN lower({text}) IN {TRUE} THEN true WHEN lower({text}) IN {FALSE} THEN false END"
    if column.type == "datetime":
        return f"CASE WHEN regexp_full_match({text}, {literal(CLOCK)}) THEN try_cast({text} AS TIMESTAMP) END"
    return f"try_cast({text} AS {DUCKDB_TYPES[column.type]})"


TRUE = "('true', 't', 'yes', 'y', '1', '是')"
FALSE = "('false', 'f', 'no', 'n', '0', '否')"


def _day(sql: str, dates: str) -> str:
    """A text as a day: by the format of the mapping, else YYYY-MM-DD, midnight after it allowed."""
    if dates:
        return f"CAST(try_strptime({sql}, {literal(dates)}) AS DATE)"
    day = f"try_cast({sql} AS DATE)"
    return f"CASE WHEN strlen({sql}) = 10 THEN {day} WHEN {sql} LIKE '__________ 00:00:00%' THEN {day} END"


def _refusals(column: Column, take: Take | None, date: dt.date, *, clean: bool) -> list[Refusal]:
    text, value, name = identifier("x_" + column.name), identifier("t_" + column.name), column.name
    found: list[tuple[str, str, str]] = []
    if column.required:
        found.append(("missing", f"{text} IS NULL", f"{name} is missing; every row of this feed needs it."))
    if column.type in {"text", "code"}:
        if not clean:
            found.append(
                ("control_character", f"regexp_matches({text}, {literal(CONTROL)})",
                 f"{name} holds a control character (such as NUL) that no screen can show; take it out.")
            )  # fmt: skip
        found.append(
            (
                "too_long",
                f"length({text}) > {column.limit}",
                f"{name} is longer than {column.limit} characters; shorten it.",
            )
        )
    if column.choices:
        listed = ", ".join(map(literal, column.choices))
        found.append(
            ("unknown_choice", f"{text} NOT IN ({listed})",
             f"{name} is none of {', '.join(column.choices)}; correct it or map the bank's value to one of them.")
        )  # fmt: skip
    pattern = column.pattern or ("[A-Z]{3}" if column.type == "currency" else "")
    if pattern:
        found.append(
            (
                "bad_form",
                f"NOT regexp_full_match({text}, {literal(pattern)})",
                f"{name} is not written as expected: {column.help}",
            )
        )
    found += _misread(column, take, text, value)
    if column.minimum is not None:
        found.append(("too_small", f"{value} < {column.minimum}", f"{name} is below {column.minimum}; check its sign."))
    if column.past:
        found.append(
            ("after_file", f"CAST({value} AS DATE) > DATE '{date.isoformat()}'",
             f"{name} lies after {date.isoformat()}, the business date of the file; correct one of the two.")
        )  # fmt: skip
    return [Refusal(code, name, condition, sentence) for code, condition, sentence in found]


def _misread(column: Column, take: Take | None, text: str, value: str) -> list[tuple[str, str, str]]:
    """The refusals of a text that is there but cannot be read as the column's type."""
    name, lost = column.name, f"({text} IS NOT NULL AND {value} IS NULL)"
    if column.type == "date":
        form = take.dates if take and take.dates else "YYYY-MM-DD"
        odd = f"{lost} OR {value} < DATE '1800-01-01' OR {value} > DATE '2200-01-01'"
        return [("bad_date", odd, f"{name} is not a day of the calendar written {form}.")]
    if column.type == "datetime":
        return [("bad_time", lost, f"{name} is not a time written YYYY-MM-DD HH:MM:SS in the bank's own clock.")]
    if column.type == "bool":
        return [("bad_flag", lost, f"{name} is neither true nor false.")]
    if column.type in NUMBERS:
        pattern, words = NUMBERS[column.type]
        point = f"decimal {take.decimal!r}" if take and take.decimal != "." else "a decimal point"
        sentence = f"{name} is not {words} and {point}, or could be read in two ways; if the bank writes 1.234,56 say decimal and thousands in the mapping."
        return [("bad_number", f"{lost} OR NOT regexp_full_match({text}, {literal(pattern)})", sentence)]
    return []
