"""What the bank's data said on a date: the newest row of every key, and the value of every holding then and before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import ibis
import pyarrow.parquet as pq
from ibis import _

from keybook.lake.contract import FEEDS
from keybook.lake.engines import Engine, Table, days_before, read_feed
from keybook.lake.store import checked_files

MONEY = "decimal(18, 2)"
ASSETS = ("current", "savings", "term_deposit", "fund", "wealth", "insurance", "metal")
CASH = ("current", "savings")
OWN_MONEY = ("purchase", "redemption", "interest")
"""Kinds of transaction that only move a customer's own money, or are the bank's doing."""
BANKS_DOING = ("interest", "fee")
ROUNDED = "0.20"  # banks have rounded balances to a tenth
WHEN = {"transaction": "booked_on", "balance": "date", "channel_event": "at"}


class NoDataError(ValueError):
    """The lake holds nothing for the date; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The lake as of `date`: the newest rows of each feed, and `holding` with owner and values in `currency`."""

    date: dt.date
    currency: str
    feeds: Mapping[str, Table]
    holding: Table


def take(*, engine: Engine, lake: Path, date: dt.date, currency: str) -> Snapshot:
    """The snapshot of a date, its holdings written to `snapshot/date=…`; NoDataError if no customer is known yet."""
    if not checked_files(lake, "customer", date):
        raise NoDataError(f"There are no customers in the lake up to {date}; load the bank's files first.")
    feeds = {feed: _as_of(engine, lake, feed, date) for feed in FEEDS if feed != "ticket"}
    path = lake / "snapshot" / f"date={date}" / "holding.parquet"
    engine.write(holdings(engine=engine, feeds=feeds, date=date), path)
    return Snapshot(date=date, currency=currency, feeds=feeds, holding=engine.read([path]))


def reopen(*, engine: Engine, lake: Path, date: dt.date, currency: str) -> Snapshot:
    """The snapshot that `take` wrote for the date."""
    feeds = {feed: _as_of(engine, lake, feed, date) for feed in FEEDS if feed != "ticket"}
    path = lake / "snapshot" / f"date={date}" / "holding.parquet"
    return Snapshot(date=date, currency=currency, feeds=feeds, holding=engine.read([path]))


def _as_of(engine: Engine, lake: Path, feed: str, date: dt.date) -> Table:
    """The rows of a feed known on the date; of rows with the same key only the one of the newest file."""
    files = checked_files(lake, feed, date)
    rows = read_feed(engine, feed, files)
    column = WHEN.get(feed)
    if column:
        rows = rows.filter(rows[column].cast("date") <= date)
    if may_overlap(files, FEEDS[feed].key):
        rows = engine.keep(f"newest_{feed}", _newest(rows, FEEDS[feed].key))
    return rows


def may_overlap(files: Sequence[Path], key: Sequence[str]) -> bool:
    """Whether two of the files may hold the same key, judged by the least and the greatest value of each key column."""
    if len(files) < 2:  # noqa: PLR2004 - two make a pair
        return False
    return all(_ranges_meet([_range(path, column) for path in files]) for column in key)


def _range(path: Path, column: str) -> tuple[object, object] | None:
    meta = pq.read_metadata(path)
    index = meta.schema.to_arrow_schema().get_field_index(column)
    groups = [meta.row_group(number).column(index).statistics for number in range(meta.num_row_groups)]
    if any(one is None or not one.has_min_max for one in groups):
        return None
    return (min(one.min for one in groups), max(one.max for one in groups)) if groups else None


def _ranges_meet(ranges: Sequence[tuple[object, object] | None]) -> bool:
    known = sorted((one for one in ranges if one is not None), key=lambda one: one[0])  # type: ignore[arg-type,return-value]
    return None in ranges or any(left[1] >= right[0] for left, right in pairwise(known))  # type: ignore[operator]


def _newest(rows: Table, key: Sequence[str]) -> Table:
    others = [name for name in rows.columns if name not in (*key, "file_date")]
    order = [ibis.desc("file_date"), *(ibis.desc(name) for name in others)]
    numbered = rows.mutate(nth=ibis.row_number().over(ibis.window(group_by=list(key), order_by=order)))
    return numbered.filter(numbered.nth == 0).drop("nth")


def holdings(*, engine: Engine, feeds: Mapping[str, Table], date: dt.date) -> Table:
    """Every holding opened by the date with its owner, and its value on the date, 30 and 90 days before.

    The newest evidence wins: the balance feed, else the last transaction's balance, else the holding's own balance,
    else its amount. Before the date: the balance feed, else the value less what moved since, else the value itself.
    """
    moved = engine.keep("moved", _movements(feeds["transaction"], date))
    closing = engine.keep("closing", closing_balances(engine, feeds["transaction"], moved))
    told = _told(feeds["balance"], date)
    rows = _described(feeds).filter(_.opened_on.isnull() | (_.opened_on <= date))
    rows = rows.left_join(moved, rows.number == moved.holding).drop("holding")
    rows = rows.left_join(closing, rows.number == closing.holding).drop("holding")
    rows = rows.left_join(told, rows.number == told.holding).drop("holding")
    return _valued(rows, date).drop("told", "told_30", "told_90", "told_on", "closing", "net_30", "net_90")


def _movements(rows: Table, date: dt.date) -> Table:
    """Per holding: the last day it moved, and what went in and out in the last 30 and 90 days."""
    outside = rows.kind.notin(OWN_MONEY)
    measures: dict[str, Table] = {
        "moved_on": rows.booked_on.max(),
        "acted_on": rows.booked_on.max(where=rows.kind.notin(BANKS_DOING)),
    }
    for days in (30, 90):
        recent = rows.booked_on > days_before(date, days)
        measures[f"net_{days}"] = rows.amount.sum(where=recent)
        measures[f"in_{days}"] = rows.amount.sum(where=recent & outside & (rows.amount > 0))
        measures[f"out_{days}"] = (-rows.amount).sum(where=recent & outside & (rows.amount < 0))
    money = {name: measure.fill_null(0).cast(MONEY) for name, measure in measures.items() if name[-1] == "0"}
    return rows.group_by("holding").aggregate(**{**measures, **money})


def closing_balances(engine: Engine, rows: Table, moved: Table) -> Table:
    """Per holding the balance after its last transaction.

    Postings of one day carry no order, so the last is the one whose balance no other posting of that day starts from;
    where the chain closes on itself, the greatest number decides.
    """
    last = rows.join(moved, (rows.holding == moved.holding) & (rows.booked_on == moved.moved_on))
    last = last.filter(last.balance_after.notnull())
    last = last.select("holding", "number", "balance_after", start=last.balance_after - last.amount)
    last = engine.keep("last_day", last.mutate(start=last.start.cast(MONEY)))
    after = last.view()
    ends = last.anti_join(
        after,
        [
            last.holding == after.holding,
            last.number != after.number,
            (last.balance_after - after.start).abs() < Decimal(ROUNDED),
        ],
    )
    ended = ends.group_by("holding").aggregate(ended=_.balance_after.argmax(_.number))
    fallback = last.group_by("holding").aggregate(greatest=_.balance_after.argmax(_.number))
    both = fallback.left_join(ended, fallback.holding == ended.holding)
    return both.select("holding", closing=ibis.coalesce(both.ended, both.greatest))


def _told(rows: Table, date: dt.date) -> Table:
    """Per holding what the balance feed said last, and 30 and 90 days before."""
    return rows.group_by("holding").aggregate(
        told_on=rows.date.max(),
        told=rows.amount.argmax(rows.date),
        told_30=rows.amount.argmax(rows.date, where=rows.date <= days_before(date, 30)),
        told_90=rows.amount.argmax(rows.date, where=rows.date <= days_before(date, 90)),
    )


def _described(feeds: Mapping[str, Table]) -> Table:
    """Holdings with their owner, and the name and risk of their product."""
    rows, holder, product = feeds["holding"], feeds["holder"], feeds["product"]
    owner = holder.filter(holder.role == "owner").group_by("holding").aggregate(owner=_.customer.min())
    shelf = product.select(code=product.code, shelf_name=product.name, name_zh=product.name_zh, risk=product.risk)
    rows = rows.left_join(owner, rows.number == owner.holding)
    rows = rows.mutate(customer=ibis.coalesce(rows.customer, rows.owner)).drop("owner", "holding")
    rows = rows.left_join(shelf, rows.product == shelf.code)
    return rows.mutate(name=ibis.coalesce(rows.name, rows.shelf_name)).drop("shelf_name", "code")


def _valued(rows: Table, date: dt.date) -> Table:
    """Add `value`, `value_30` and `value_90`, and whether the holding is still `live`."""
    never = ibis.literal(dt.date(1, 1, 1))
    closed = (rows.closed_on <= date).fill_null(False)
    own = rows.balance.notnull()
    told_on, moved_on = rows.told_on.fill_null(never), rows.moved_on.fill_null(never)
    own_on = own.ifelse(rows.file_date, never)
    face = ibis.coalesce(rows.balance, rows.amount, ibis.literal(0)).cast(MONEY)
    rows = rows.mutate(
        live=~closed,
        face=face,
        as_of=ibis.greatest(told_on, moved_on, own_on).nullif(never).fill_null(rows.file_date),
        value=ibis.cases(
            (closed, ibis.literal(0).cast(MONEY)),
            (rows.told.notnull() & (told_on >= moved_on) & (told_on >= own_on), rows.told),
            (rows.closing.notnull() & (moved_on >= own_on), rows.closing),
            else_=face,
        ),
    )
    return rows.mutate(value_30=_back(rows, date, 30), value_90=_back(rows, date, 90)).drop("face")


def _back(rows: Table, date: dt.date, days: int) -> Table:
    """The value so many days before."""
    then = days_before(date, days)
    nothing = ibis.literal(0).cast(MONEY)
    there = ((rows.opened_on <= then) | rows.opened_on.isnull()) & ((rows.closed_on > then) | rows.closed_on.isnull())
    return ibis.cases(
        (~there.fill_null(False), nothing),
        (rows[f"told_{days}"].notnull(), rows[f"told_{days}"]),
        (rows.moved_on.notnull(), (rows.value - rows[f"net_{days}"]).cast(MONEY)),
        (rows.live, rows.value),
        else_=rows.face,
    )
