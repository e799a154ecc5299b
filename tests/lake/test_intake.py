"""Every row of every file is loaded or kept aside with a reason that a person can act on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keybook.lake import store
from keybook.lake.contract import CUSTOMER
from keybook.lake.intake import take
from keybook.lake.intake_trial import prepare
from keybook.lake.mapping import Take
from tests.lake.intake_bench import DAY, Bench, codes, rejected

HEAD = "number,name,branch,born_on\n"


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def with_holding(bench):
    bench.put("customer.csv", HEAD + "C1,Zhang Wei,B1,1970-05-01\n")
    bench.put("holding.csv", "number,customer,kind,currency\nH1,C1,current,CNY\n")
    return bench


def test_a_plain_file_is_loaded_with_the_contracts_types(bench):
    report = bench.put("customer.csv", HEAD + "C1,Zhang Wei,B1,1970-05-01\nC2,,B1,\n")
    assert (report.rows_in, report.loaded, report.kept_aside, report.status) == (2, 2, 0, "loaded")
    path = store.checked_files(bench.lake, "customer", DAY)[0]
    schema = pq.read_schema(path)
    assert schema.names == [*CUSTOMER.arrow_schema.names, "file_date"]
    assert [schema.field(name).type for name in CUSTOMER.arrow_schema.names] == CUSTOMER.arrow_schema.types
    assert bench.rows("customer", "number, name, born_on, kind, language, file_date") == [
        ("C1", "Zhang Wei", dt.date(1970, 5, 1), "person", "en", DAY),
        ("C2", None, None, "person", "en", DAY),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_delimiter_line_end_and_byte_order_mark_is_understood(bench, delimiter, line_end, mark):
    text = mark + HEAD + 'C1,"Wei, Zhang; | \t",B1,1970-05-01\nC2,"two\nlines ""here""",B1,1971-05-01\n'
    head = text.split("\n", 1)[0]
    cells = [["C1", "Wei, Zhang; | \t", "B1", "1970-05-01"], ["C2", 'two\nlines "here"', "B1", "1971-05-01"]]
    lines = [head.replace(",", delimiter)]
    lines += [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells]
    report = bench.put("customer.csv", line_end.join(lines) + line_end)
    assert (report.loaded, report.kept_aside) == (2, 0)
    assert bench.rows("customer", "name") == [("Wei, Zhang; | \t",), ('two\nlines "here"',)]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "张伟 · Müller"), ("gbk", "欧阳娜娜"), ("gb18030", "阿不都热依木·㐂"), ("latin-1", "Müller-Lüdenscheidt"),
        ("cp1252", "Zoë “the” O’Hara"), ("utf-16", "张伟"), ("utf-16-le", "Zhang Wei"), ("utf-16-be", "Zhang Wei"),
    ],
)  # fmt: skip
def test_the_encoding_is_found(bench, encoding, name):
    report = bench.put("customer.csv", (HEAD + f"C1,{name},B1,\n").encode(encoding))
    assert (report.loaded, report.kept_aside) == (1, 0), report.reasons
    assert bench.rows("customer", "name") == [(name,)]


def test_missing_optional_and_extra_columns_are_said_and_do_no_harm(bench):
    report = bench.put("customer.csv", "Branch , shoe_size,NUMBER\nB1,44,C1\n")
    assert (report.loaded, codes(report)) == (1, {"extra_column": 0})
    assert "shoe_size" in report.reasons[0].sentence


def test_a_missing_required_column_keeps_the_whole_file_aside_in_one_sentence(bench):
    report = bench.put("customer.csv", "number,name\nC1,Zhang\nC2,Li\n")
    assert (report.rows_in, report.loaded, report.kept_aside) == (2, 0, 2)
    assert report.reasons[0].sentence == "The file has no column branch, which branch is made of."
    assert bench.rows("customer") == []


def test_bad_rows_are_kept_aside_as_they_stood_and_good_ones_loaded(bench):
    lines = [
        "C1,Good,B1,1970-05-01", "C2,Thirtieth of February,B1,1970-02-30", "C3,No branch,,1970-05-01",
        "C4,Unknown branch,B9,1970-05-01", "C1,Again,B1,1970-05-01", "C5,Born tomorrow,B1,2026-04-01",
        ",No number,B1,1970-05-01", "C6,American,B1,05/01/1970", f"C7,{'x' * 161},B1,", "C8,\x00NUL,B1,", "C9,\x1b[31m,B1,",
    ]  # fmt: skip
    report = bench.put("customer.csv", HEAD + "\n".join(lines) + "\n")
    assert (report.rows_in, report.loaded, report.kept_aside) == (11, 1, 10)
    assert codes(report) == {
        "bad_date": 2, "control_character": 2, "missing": 2, "too_long": 1, "after_file": 1, "duplicate_key": 1,
        "unknown_reference": 1,
    }  # fmt: skip
    kept = rejected(report)
    assert kept[0]["keybook_row"] == "3"
    assert kept[0]["born_on"] == "1970-02-30"
    assert "not a day of the calendar" in kept[0]["keybook_reason"]
    assert bench.rows("customer", "name") == [("Good",)]
    assert "No branch with this code is known" in kept[2]["keybook_reason"]


def test_a_row_hears_of_everything_that_is_wrong_with_it(bench):
    report = bench.put("customer.csv", HEAD + "C1,Zhang,B9,1970-02-30\nC2,short\n")
    (first, second) = rejected(report)
    assert "No branch with this code" in first["keybook_reason"]
    assert "not a day of the calendar" in first["keybook_reason"]
    assert "fields" in second["keybook_reason"]
    assert "missing" not in second["keybook_reason"].replace("a missing quote", "")
    assert report.kept_aside == 2


@pytest.mark.parametrize(
    ("amount", "read"),
    [("1234.56", Decimal("1234.56")), ("-0.5", Decimal("-0.50")), ("+7", Decimal(7)), (" 12 ", Decimal(12)), ("12.3400", Decimal("12.34")),
     ("1.234,56", None), ("1,234.56", None), ("1.234", None), ("1e5", None), ("12,5", None), ("NaN", None), ("", None),
     ("99999999999999999", None), ("1_000", None), ("½", None), ("١٢", None)],
)  # fmt: skip
def test_an_amount_is_read_exactly_or_not_at_all(bench, amount, read):
    with_holding(bench)
    report = bench.put("balance.csv", f'holding,date,amount\nH1,2026-03-01,"{amount}"\n')
    assert bench.rows("balance", "amount") == ([(read,)] if read is not None else [])
    assert report.rows_in == 1 == report.loaded + report.kept_aside
    if read is None and amount:
        assert codes(report) == {"bad_number": 1}
        assert rejected(report)[0]["amount"] == amount


def test_a_decimal_comma_is_read_where_the_mapping_says_so(bench):
    with_holding(bench)
    takes = tuple(Take(column=name, source=name, decimal=",", thousands=".") for name in ("holding", "date", "amount"))
    text = 'holding,date,amount\nH1,2026-03-01,"1.234,56"\nH1,2026-03-02,"1234.56"\nH1,2026-03-03,"-3,5"\n'
    bench.put("balance.csv", text, takes=takes)
    assert bench.rows("balance", "amount", "date") == [
        (Decimal("1234.56"),), (Decimal("123456.00"),), (Decimal("-3.50"),),
    ]  # fmt: skip


def test_ragged_rows_are_kept_aside_with_their_surplus(bench):
    report = bench.put(
        "customer.csv", HEAD + "C1,Good,B1,\nC2,Short\nC3,Long,B1,1970-05-01,and,more\nC4,Trailing,B1,,,\n"
    )
    assert (report.rows_in, report.loaded, codes(report)) == (4, 2, {"ragged": 2})
    assert [row["keybook_surplus"] for row in rejected(report)] == ["", "and,more"]


def test_a_quote_never_closed_loses_no_row_silently(bench):
    report = bench.put("customer.csv", HEAD + 'C1,Good,B1,\nC2,"Open,B1,\nC3,Swallowed,B1,\n')
    assert (report.rows_in, report.loaded, codes(report)) == (2, 1, {"ragged": 1})
    assert "Swallowed" in rejected(report)[0]["name"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("customer.csv", b"", "it is empty"),
        ("customer.csv", b"\n \n", "it is empty"),
        ("customer.csv", bytes(range(256)) * 40, "not a text"),
        ("customer.csv", b"\xff\xfea", "cut short"),
        ("customer.parquet", b"PAR1\x00\x00\x00\x00", "cut short"),
        ("customer.csv", b"PAR1\x00\x00\x00\x00", "cut short"),
        ("customer.xlsx", b"PK\x03\x04 no workbook", "cut short"),
        ("customer.xlsx", b"not a workbook", "not a workbook"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(bench, name, content, words):
    report = bench.put(name, content)
    assert (report.status, report.rows_in, len(report.reasons)) == ("refused", 0, 1)
    assert words in report.reasons[0].sentence
    assert name in report.reasons[0].sentence


def test_a_truncated_parquet_is_refused_and_takes_nothing_away(bench):
    table = pa.table({"number": ["C1"], "branch": ["B1"]})
    pq.write_table(table, bench.folder / "customer.parquet")
    whole = (bench.folder / "customer.parquet").read_bytes()
    assert bench.put("customer.parquet", whole).loaded == 1
    assert bench.put("customer.parquet", whole[:-20]).status == "refused"
    assert bench.rows("customer", "number") == [("C1",)]


def test_a_file_for_a_future_date_is_kept_aside_whole_until_its_day(bench):
    report = bench.put("customer.csv", HEAD + "C1,Zhang,B1,\n", date=dt.date(2026, 4, 2))
    assert (report.loaded, codes(report)) == (0, {"future_file": 1})
    assert rejected(report)[0]["name"] == "Zhang"
    assert bench.rows("customer") == []


def test_a_correction_of_which_no_row_may_be_loaded_does_not_take_the_good_file_away(bench):
    bench.put("customer.csv", HEAD + "C1,Zhang,B1,\n")
    report = bench.put("customer.csv", "number,name\nC1,Zhang\n")
    assert (report.status, report.kept_aside) == ("refused", 1)
    assert rejected(report)[0]["name"] == "Zhang"
    assert bench.rows("customer", "number") == [("C1",)]


def test_parquet_of_a_banks_own_types_is_read(bench):
    with_holding(bench)
    table = pa.table(
        {"holding": ["H1", "H1"], "date": [dt.date(2026, 3, 1), dt.date(2026, 3, 2)], "amount": [0.1 + 0.2, 1e6]}
    )
    pq.write_table(table, bench.folder / "balance.parquet")
    assert bench.take("balance.parquet").loaded == 2
    assert bench.rows("balance", "date, amount") == [
        (dt.date(2026, 3, 1), Decimal("0.30")), (dt.date(2026, 3, 2), Decimal(1_000_000)),
    ]  # fmt: skip


def test_a_workbook_is_read_as_a_person_sees_it(bench):
    book = openpyxl.Workbook()
    book.active.append(["number", "name", "branch", "born_on", "phone", "need"])
    book.active.append(["C1", "张伟", "B1", dt.datetime(1970, 5, 1), 13800138000, 1500.5])
    book.active.append(["C2", "=1+1", "B1", "1970-02-30", None, None])
    book.save(bench.folder / "customer.xlsx")
    report = bench.take("customer.xlsx")
    assert (report.loaded, codes(report)) == (1, {"bad_date": 1})
    assert bench.rows("customer", "name, born_on, phone, need") == [
        ("张伟", dt.date(1970, 5, 1), "13800138000", Decimal("1500.50"))
    ]


def test_the_same_file_again_changes_nothing(bench):
    bench.put("customer.csv", HEAD + "C1,Zhang,B1,\n")
    path = store.checked_files(bench.lake, "customer", DAY)[0]
    before = path.stat().st_mtime_ns
    assert bench.take("customer.csv").status == "unchanged"
    assert path.stat().st_mtime_ns == before


def test_a_corrected_file_of_the_same_date_replaces_the_earlier_one(bench):
    first = bench.put("customer.csv", HEAD + "C1,Zhang,B1,1970-02-30\nC2,Li,B1,\n")
    second = bench.put("customer.csv", HEAD + "C1,Zhang,B1,1970-02-28\n")
    assert (second.status, second.loaded) == ("replaced", 1)
    assert bench.rows("customer", "number") == [("C1",)]
    assert not first.rejected_path.exists()
    assert len(list((bench.lake / "checked" / "customer").rglob("*.parquet"))) == 1


def test_files_of_another_day_stand_beside_each_other(bench):
    bench.put("customer.csv", HEAD + "C1,Zhang,B1,\n", date=dt.date(2026, 3, 30))
    bench.put("customer.csv", HEAD + "C1,Zhang Wei,B1,\n")
    assert len(store.checked_files(bench.lake, "customer", DAY)) == 2
    assert len(store.checked_files(bench.lake, "customer", dt.date(2026, 3, 30))) == 1


def test_rows_that_referred_to_nothing_are_tried_again_when_it_has_come(bench):
    text = HEAD + "C1,Zhang,B2,\n"
    assert codes(bench.put("customer.csv", text)) == {"unknown_reference": 1}
    bench.put("branch_two.csv", "code,name\nB2,Hillside\n", feed="branch")
    report = bench.take("customer.csv")
    assert (report.loaded, report.kept_aside) == (1, 0)
    assert bench.rows("customer", "number") == [("C1",)]


def test_a_branch_may_name_a_parent_of_its_own_file_but_no_unknown_one(bench):
    report = bench.put(
        "branch_tree.csv", "code,name,parent\nN,North,TOP\nTOP,Head office,\nX,Lost,NOWHERE\n", feed="branch"
    )
    assert (report.loaded, codes(report)) == (2, {"unknown_reference": 1})


def test_formulas_in_the_rejected_file_open_as_text(bench):
    report = bench.put("customer.csv", HEAD + "C1,\"=cmd|' /C calc'!A0\",B9,\nC2,@SUM(A1),B9,\nC3,-12.5,B9,\n")
    assert [row["name"] for row in rejected(report)] == ["'=cmd|' /C calc'!A0", "'@SUM(A1)", "-12.5"]


def test_unknown_choices_flags_and_times_are_refused_with_what_is_allowed(bench):
    with_holding(bench)
    report = bench.put(
        "holding_more.csv",
        "number,customer,kind,currency\nH2,C1,piggy bank,CNY\nH3,C1,FUND,yuan\nH4,C1,fund,cny\n",
        feed="holding",
    )
    assert (report.loaded, codes(report)) == (1, {"unknown_choice": 1, "bad_form": 1})
    assert "term_deposit" in report.reasons[0].sentence + report.reasons[1].sentence
    bench.put("customer_two.csv", HEAD + "C2,Li,B1,\n", feed="customer")
    report = bench.put(
        "relation.csv", "customer,other,role,other_role,household\nC1,C2,wife,husband,是\nC2,C1,husband,wife,maybe\n"
    )
    assert codes(report) == {"bad_flag": 1}
    report = bench.put(
        "channel_event.csv",
        "customer,at,channel,action\nC1,2026-03-01 10:00:00,mobile,login\nC1,2026-03-01T10:00:00Z,mobile,login\nC1,25:00,mobile,login\n",
    )
    assert (report.loaded, codes(report)) == (1, {"bad_time": 2})


def test_the_file_that_intake_is_timed_with_is_loaded_whole(tmp_path):
    report = take(prepare(folder=tmp_path, rows=1000))
    assert (report.rows_in, report.loaded, report.reasons) == (1000, 1000, ())
