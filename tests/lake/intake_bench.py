"""A lake with a branch and the means to put a file into it: what the tests of intake share."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import duckdb

from keybook.lake import intake, store
from keybook.lake.mapping import FileMap, Take, plain

DAY = dt.date(2026, 3, 31)
TODAY = dt.date(2026, 4, 1)


class Bench:
    """One bank's folder and its lake."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "in"
        self.folder.mkdir()
        self.lake = folder / "lake"
        self.put("branch.csv", "code,name\nB1,Lakeside\n")

    def put(self, name: str, content: str | bytes, *, date: dt.date = DAY, **how: object) -> intake.IntakeReport:
        """Write a file and take it in."""
        if isinstance(content, str):
            content = content.encode()
        (self.folder / name).write_bytes(content)
        return self.take(name, date=date, **how)

    def take(
        self, name: str, *, date: dt.date = DAY, feed: str = "", takes: tuple[Take, ...] = ()
    ) -> intake.IntakeReport:
        """Take a file in that is already there."""
        entry = plain(feed or name)
        assert entry is not None
        if takes:
            entry = FileMap(feed=entry.feed, path=name, takes=takes)
        return intake.take(
            intake.Order(lake=self.lake, folder=self.folder, entry=entry, source=name, date=date, today=TODAY)
        )

    def rows(self, feed: str, columns: str = "*", order: str = "1") -> list[tuple[object, ...]]:
        """What the lake holds of a feed."""
        files = [str(path) for path in store.checked_files(self.lake, feed, dt.date.max)]
        if not files:
            return []
        sql = f"SELECT {columns} FROM read_parquet({files!r}, hive_partitioning=false) ORDER BY {order}"
        return duckdb.sql(sql).fetchall()


def rejected(report: intake.IntakeReport, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a report's rejected file."""
    assert report.rejected_path is not None
    with report.rejected_path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def codes(report: intake.IntakeReport) -> dict[str, int]:
    """How many rows were kept aside for what."""
    return dict(sum((Counter({reason.code: reason.count}) for reason in report.reasons), Counter())) | {
        reason.code: 0 for reason in report.reasons if not reason.count
    }
