"""The relationship ledger's postings as one more dated feed, appended to and never changed: what the models learn from.

    posting/date=YYYY-MM-DD/<part>.parquet

A file holds what has become known since the one before. A posting that is no longer so (its contact was corrected) is
told again with `times` 0; of rows with the same key the newest counts. Money is not told: the lake knows it itself.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import ibis
import pyarrow as pa

from keybook.lake.engines import Engine, Table

SCHEMA = pa.schema(
    [("customer", pa.string()), ("key", pa.string()), ("on", pa.date32()), ("kind", pa.string()), ("times", pa.int64())]
)
SAID = ("customer", "key", "on", "kind", "times")


def files(lake: Path, until: dt.date) -> list[Path]:
    """The files of the feed told on or before a day, oldest first."""
    found = sorted((lake / "posting").glob("date=*/*.parquet"))
    return [path for path in found if path.parent.name.removeprefix("date=") <= until.isoformat()]


def append(*, engine: Engine, lake: Path, date: dt.date, rows: pa.Table) -> dict[str, int]:
    """Tell what is new or no longer so among all postings known today; gives how many of each, and writes no empty file."""
    now = engine.put("posted_now", rows.select(list(SAID)).cast(SCHEMA))
    known = as_of(engine=engine, lake=lake, until=date)
    new, gone = now, now.limit(0)
    if known is not None:
        new = now.anti_join(known, list(SAID))
        gone = known.filter(known.times > 0).anti_join(now, "key").mutate(times=ibis.literal(0).cast("int64"))
    part = len([path for path in files(lake, date) if path.parent.name == f"date={date}"])
    both = new.select(*SAID).union(gone.select(*SAID))
    told = engine.keep("posted_new", both.mutate(told_on=ibis.literal(date), part=ibis.literal(part).cast("int64")))
    fresh = engine.fetch(told.aggregate(new=(told.times > 0).sum(), gone=(told.times == 0).sum())).to_pylist()[0]
    counts = {"told": int(fresh["new"] or 0), "withdrawn": int(fresh["gone"] or 0)}
    if sum(counts.values()):
        engine.write(told.order_by("customer", "on", "key"), lake / "posting" / f"date={date}" / f"{part:03d}.parquet")
    return counts


def as_of(*, engine: Engine, lake: Path, until: dt.date) -> Table | None:
    """The postings as they were known on a day, those no longer so with `times` 0; none before the first file."""
    told = files(lake, until)
    if not told:
        return None
    rows = engine.read(told)
    newest = ibis.window(group_by=rows.key, order_by=[ibis.desc("told_on"), ibis.desc("part")])
    numbered = rows.mutate(nth=ibis.row_number().over(newest))
    return engine.keep("posted_known", numbered.filter(numbered.nth == 0).select(*SAID))
