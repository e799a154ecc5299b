"""What the data says of the ledger's weights: the postings told to the lake, the model learned there, the result kept.

Runs in the worker or on the command line, never in a web server: scikit-learn takes over 100 MB.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction

from keybook.apps.feeds.nightly import ladder
from keybook.apps.ledger.commands import keep_learning
from keybook.apps.ledger.models import Learning
from keybook.apps.ledger.queries import weights_on
from keybook.apps.people.queries import bank
from keybook.apps.reminders.postings import SIGNALS, SOURCES, Source, kind_of

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE = 50_000


class NothingToLearnError(ValueError):
    """The model cannot look; the sentence says what is missing and the way out."""


def learn(*, until: dt.date) -> Learning:
    """Tell the lake what was posted up to a day, learn from it, and keep what was found; no weights change."""
    from keybook.lake import learning, postings
    from keybook.lake.engines import DuckEngine
    from keybook.lake.publish import publish_folder

    here, lake = bank(), Path(settings.LAKE)
    night = _night_of(lake, until)
    with DuckEngine(memory=os.environ.get("KEYBOOK_LAKE_MEMORY", "2GB"), threads=os.cpu_count() or 2) as engine:
        postings.append(engine=engine, lake=lake, date=until, rows=posted(until=until, zone=here.zone))
        told = postings.as_of(engine=engine, lake=lake, until=until)
        known = engine.fetch(told) if told is not None else postings.SCHEMA.empty_table()
        months = engine.fetch(engine.read([publish_folder(lake, night) / "month.parquet"]))
    least = min(float(rung.leave_at) for rung in ladder(until) if rung.key)
    try:
        past = learning.past_of(months=months, posted=known, until=until)
        found = learning.learn(past=past, weights=weights_on(until), least=least)
    except learning.TooLittleError as error:
        raise NothingToLearnError(str(error)) from error
    return keep_learning(until=until, model_version=learning.MODEL_VERSION, facts={**found, "data_date": str(night)})


def _night_of(lake: Path, until: dt.date) -> dt.date:
    """The newest night up to a day whose months of assets are in the lake."""
    nights = sorted(path.parent.name.removeprefix("date=") for path in lake.glob("publish/date=*/month.parquet"))
    known = [night for night in nights if night <= until.isoformat()]
    if not known:
        raise NothingToLearnError(f"No night up to {until} is in the lake. Run keybook nightly first.")
    return dt.date.fromisoformat(known[-1])


def posted(*, until: dt.date, zone: str) -> pa.Table:
    """Every posting up to a day with the customer's number, as `lake.postings` takes them; money apart."""
    import pyarrow as pa

    from keybook.lake.postings import SCHEMA

    batches = [_table(rows, SCHEMA) for rows in _rows(until=until, zone=zone)]
    return pa.concat_tables(batches) if batches else SCHEMA.empty_table()


def _table(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    kept = []
    for number, key, on, source, *tells in rows:
        if kind := kind_of(source, *tells):
            kept.append((number, key, on, kind, 1))
    columns = zip(*kept, strict=True) if kept else ([] for _ in schema)
    return pa.table([list(column) for column in columns], schema=schema)


def _rows(*, until: dt.date, zone: str) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of every source, some at a time."""
    sql = " UNION ALL ".join(_of_everybody(*each) for each in SOURCES.items())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"DECLARE postings NO SCROLL CURSOR FOR {sql}", {"zone": zone, "signals": SIGNALS, "until": until}
        )
        while True:
            cursor.execute(f"FETCH {AT_ONCE} FROM postings")
            rows = cursor.fetchall()
            if not rows:
                break
            yield rows
        cursor.execute("CLOSE postings")


def _of_everybody(name: str, source: Source) -> str:
    return (
        f"SELECT c.number, '{name}|' || x.id, {source.on}, '{name}', {source.tells} FROM {source.table} x"
        f" JOIN customers_customer c ON c.id = x.customer_id AND c.number IS NOT NULL"
        f" WHERE {source.counts} AND {source.on} <= %(until)s"
    )
