"""The postings as a feed of the lake: appended, never changed, true of any day it is asked about."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from keybook.lake.engines import DuckEngine
from keybook.lake.postings import SCHEMA, append, as_of, files

FIRST, SECOND = dt.date(2026, 10, 31), dt.date(2026, 11, 30)
CALL = ("C1", "contact|1", dt.date(2026, 10, 2), "call_strengthened", 1)
VISIT = ("C2", "contact|2", dt.date(2026, 10, 9), "met_strengthened", 1)
KEPT = ("C1", "promise|1", dt.date(2026, 11, 5), "promise_kept", 1)


@pytest.fixture
def engine():
    with DuckEngine() as found:
        yield found


def told(engine, lake, date, *rows):
    columns = list(zip(*rows, strict=True)) or [[]] * len(SCHEMA)
    table = pa.table([list(column) for column in columns], schema=SCHEMA)
    return append(engine=engine, lake=lake, date=date, rows=table)


def known(engine, lake, until):
    return sorted(tuple(row.values()) for row in engine.fetch(as_of(engine=engine, lake=lake, until=until)).to_pylist())


def test_only_what_is_new_is_told(engine, tmp_path):
    assert told(engine, tmp_path, FIRST, CALL, VISIT) == {"told": 2, "withdrawn": 0}
    assert told(engine, tmp_path, SECOND, CALL, VISIT, KEPT) == {"told": 1, "withdrawn": 0}
    assert known(engine, tmp_path, SECOND) == [CALL, KEPT, VISIT]


def test_telling_again_writes_no_file(engine, tmp_path):
    told(engine, tmp_path, FIRST, CALL)
    assert told(engine, tmp_path, FIRST, CALL) == {"told": 0, "withdrawn": 0}
    assert len(files(tmp_path, SECOND)) == 1


def test_a_corrected_contact_is_withdrawn_and_an_earlier_day_stays_as_it_was(engine, tmp_path):
    told(engine, tmp_path, FIRST, CALL, VISIT)
    assert told(engine, tmp_path, SECOND, VISIT) == {"told": 0, "withdrawn": 1}
    assert known(engine, tmp_path, SECOND) == [(*CALL[:4], 0), VISIT]
    assert known(engine, tmp_path, FIRST) == [CALL, VISIT]


def test_what_was_withdrawn_may_come_back_the_same_day(engine, tmp_path):
    told(engine, tmp_path, FIRST, CALL)
    assert told(engine, tmp_path, FIRST) == {"told": 0, "withdrawn": 1}
    assert told(engine, tmp_path, FIRST, CALL) == {"told": 1, "withdrawn": 0}
    assert known(engine, tmp_path, FIRST) == [CALL]
    assert [path.name for path in files(tmp_path, FIRST)] == ["000.parquet", "001.parquet", "002.parquet"]


def test_no_file_is_ever_written_over(engine, tmp_path):
    told(engine, tmp_path, FIRST, CALL)
    before = files(tmp_path, FIRST)[0].read_bytes()
    told(engine, tmp_path, FIRST, CALL, VISIT)
    told(engine, tmp_path, SECOND, VISIT)
    assert files(tmp_path, FIRST)[0].read_bytes() == before


def test_before_the_first_file_nothing_is_known(engine, tmp_path):
    assert as_of(engine=engine, lake=tmp_path, until=FIRST) is None
    told(engine, tmp_path, SECOND, KEPT)
    assert as_of(engine=engine, lake=tmp_path, until=FIRST) is None
