"""What others collected to break readers of CSV, and what hypothesis makes up."""

from __future__ import annotations

import csv
import io
import json
import string

import duckdb
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from keybook.lake.reading import Dialect, exact_again, open_source
from tests.lake.intake_bench import Bench, rejected
from tests.shared import shared

QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
SPECTRUM = (
    "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "location_coordinates", "newlines",
    "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8",
)  # fmt: skip


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def texts(con, source):
    columns = ", ".join(f"c{n}" for n in range(len(source.header)))
    rows = con.execute(f"SELECT {columns} FROM {source.relation}").fetchall()
    return [["" if cell is None else cell for cell in row] for row in rows]


@pytest.mark.shared
@pytest.mark.parametrize("name", SPECTRUM)
def test_the_csv_spectrum_is_read_as_its_json_says(tmp_path, name):
    folder = shared("csv_spectrum")
    path = folder / "csvs" / f"{name}.csv"
    expected = json.loads((folder / "json" / f"{name}.json").read_text(encoding="utf-8"))
    expected = expected if isinstance(expected, list) else [expected]
    if name == "location_coordinates":  # the suite's JSON has another telephone number than its CSV
        expected[0]["Contact Phone Number"] = "2095257564"
    con = duckdb.connect()
    fast = open_source(con, path=path, dialect=Dialect(), aside=tmp_path)
    for source in (fast, exact_again(con, path=path, source=fast, dialect=Dialect(), aside=tmp_path)):
        rows = [dict(zip(source.header, row, strict=True)) for row in texts(con, source)]
        assert rows == expected


@pytest.mark.shared
def test_a_customer_may_bear_any_naughty_name_or_is_kept_aside_with_it(bench):
    names = json.loads((shared("naughty") / "blns.json").read_text(encoding="utf-8"))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["number", "branch", "name"])
    writer.writerows([f"C{n}", "B1", name] for n, name in enumerate(names))
    report = bench.put("customer.csv", text.getvalue())
    assert report.rows_in == len(names) == report.loaded + report.kept_aside
    held = dict(bench.rows("customer", "number, name"))
    aside = {row["number"]: row for row in rejected(report)}
    for n, name in enumerate(names):
        if f"C{n}" in held:
            assert held[f"C{n}"] == (name if name.strip(" ") else None)
        else:
            row = aside[f"C{n}"]
            assert row["name"] in {name, "'" + name}
            assert "longer than" in row["keybook_reason"] or "control character" in row["keybook_reason"]
    assert report.loaded > 480


CELL = st.text(alphabet=st.sampled_from("ab1,;\"\n\r\t |'=é张\x00 "), max_size=6)


@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8), line_end=st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=80, **QUIET)
def test_what_a_correct_writer_writes_is_read_back_byte_for_byte(tmp_path_factory, rows, line_end):
    assume(
        sum(cell.count("\x00") for row in rows for cell in row) <= 8
    )  # more of them, and the file is taken for no text
    folder = tmp_path_factory.mktemp("csv")
    path = folder / "some.csv"
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=line_end, quoting=csv.QUOTE_ALL)  # bare \r is a known fault of the writer
    writer.writerow(["alpha", "beta", "gamma"])
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode())
    con = duckdb.connect()
    source = open_source(con, path=path, dialect=Dialect(encoding="utf-8"), aside=folder)
    assert texts(con, source) == rows


LINE = st.text(alphabet=st.sampled_from(string.ascii_lowercase[:3] + ',,,"\n\r0-.;'), max_size=40)


@given(body=LINE)
@settings(max_examples=100, **QUIET)
def test_the_fast_reader_and_the_exact_one_agree_on_anything(tmp_path_factory, body):
    folder = tmp_path_factory.mktemp("csv")
    path = folder / "some.csv"
    path.write_bytes(b"alpha,beta,gamma\n" + body.encode())
    con = duckdb.connect()
    fast = open_source(con, path=path, dialect=Dialect(delimiter=","), aside=folder)
    if fast.surplus:
        return
    try:
        rows = texts(con, fast)
    except duckdb.Error:
        return  # intake reads it again, exactly
    exact = exact_again(con, path=path, source=fast, dialect=Dialect(delimiter=","), aside=folder)
    assert rows == texts(con, exact)


FIELD = st.one_of(
    st.sampled_from(["C1", "C2", "B1", "B9", "1970-02-30", "1970-05-01", "", "f", "x", "en", "1.234,56", "12.5"]),
    st.text(max_size=8),
)


@given(
    rows=st.lists(st.lists(FIELD, min_size=0, max_size=7), max_size=12),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
@settings(max_examples=30, **QUIET)
def test_rows_in_are_rows_loaded_and_rows_kept_aside_whatever_comes(tmp_path_factory, rows, quoting):
    bench = Bench(tmp_path_factory.mktemp("bank"))
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=quoting)
    writer.writerow(["number", "branch", "born_on", "sex", "need"])
    writer.writerows(rows)
    report = bench.put("customer.csv", text.getvalue().encode("utf-8", "replace"))
    assert report.rows_in == report.loaded + report.kept_aside
    assert len(bench.rows("customer")) == report.loaded
    if report.status == "refused":  # so many control characters that the file is taken for no text, and refused whole
        assert sum(each < " " and each not in "\t\r\n" for each in text.getvalue()) > 8
        return
    assert report.rows_in == sum(bool(row) for row in csv.reader(io.StringIO(text.getvalue(), newline=""))) - 1
    if report.kept_aside:
        assert len(rejected(report)) == report.kept_aside


@given(garbage=st.binary(max_size=300))
@settings(max_examples=40, **QUIET)
def test_no_garbage_ends_in_anything_but_a_report(tmp_path_factory, garbage):
    bench = Bench(tmp_path_factory.mktemp("bank"))
    report = bench.put("customer.csv", garbage)
    assert report.rows_in == report.loaded + report.kept_aside
