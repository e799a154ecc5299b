"""The one form of every signal and of its evidence, and what the signals look at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis

from keybook.lake.engines import Engine, Table, days_before
from keybook.lake.policy import SignalPolicy
from keybook.lake.snapshot import ASSETS, MONEY, Snapshot

SIGNAL = ("kind", "customer", "key", "raised_on", "opens_on", "deadline", "expires_on", "stake")
"""The columns of every signal; facts follow as `fact_…`, the words of its sentence."""
EVIDENCE = ("kind", "customer", "key", "feed", "row", "date", "amount", "text")
HISTORY_DAYS = 400


@dataclass(frozen=True, slots=True)
class Evening:
    """What the signals of a date look at: key customers with features and tier, their holdings and movements."""

    engine: Engine
    snapshot: Snapshot
    policy: SignalPolicy
    features: Table
    watched: Table
    held: Table
    moves: Table

    @property
    def date(self) -> dt.date:
        """The business date."""
        return self.snapshot.date

    def ago(self, days: int) -> dt.date:
        """So many days before the business date, after it if negative."""
        return days_before(self.date, days)


@dataclass(frozen=True, slots=True)
class Raised:
    """The signals of one kind and the rows of the bank's data behind them."""

    signals: Table
    evidence: Table


def look(*, engine: Engine, snapshot: Snapshot, policy: SignalPolicy, features: Table, tiers: Table) -> Evening:
    """Gather what the signals look at; their movements are computed once and kept."""
    marked = tiers.filter(tiers.is_key | tiers.was_key | tiers.fell_from.notnull())
    marked = marked.select(
        "is_key", "tier", "next_tier", "next_enter", "fell_from", "fell_enter", marked=marked.customer
    )
    watched = engine.keep("watched", features.join(marked, features.customer == marked.marked).drop("marked"))
    owners = watched.select(who=watched.customer)
    holding = snapshot.holding.filter(snapshot.holding.currency == snapshot.currency)
    held = engine.keep("held", holding.join(owners, holding.customer == owners.who).drop("who"))
    accounts = held.filter(held.kind.isin(ASSETS)).select(account=held.number, customer=held.customer)
    rows = snapshot.feeds["transaction"]
    rows = rows.filter(rows.booked_on > days_before(snapshot.date, HISTORY_DAYS))
    moves = rows.join(accounts, rows.holding == accounts.account).drop("account", "file_date", "balance_after")
    return Evening(engine, snapshot, policy, features, watched, held, engine.keep("moves", moves))


def signal(rows: Table, kind: str, evening: Evening, /, *, within: int, **columns: Table) -> Table:
    """Signals of a kind from rows with `customer`; `key`, `stake`, `deadline`, `opens_on`, facts come as columns.

    Without a deadline of its own a signal wants an answer `within` so many days of the business date, and is forgotten
    30 days later.
    """
    deadline = columns.pop("deadline", ibis.literal(evening.ago(-within)))
    later = after(deadline, 30)
    fixed = {
        "kind": ibis.literal(kind),
        "customer": rows.customer,
        "key": columns.pop("key").cast("string"),
        "raised_on": ibis.literal(evening.date),
        "opens_on": columns.pop("opens_on", ibis.literal(evening.date)),
        "deadline": deadline,
        "expires_on": columns.pop("expires_on", later),
        "stake": columns.pop("stake").cast(MONEY),
    }
    return rows.select(**fixed, **{f"fact_{name}": column for name, column in columns.items()})


def proof(rows: Table, kind: str, *, feed: str, **columns: Table) -> Table:
    """Evidence of a kind from rows with `customer`; `key`, `row`, `date` and perhaps `amount` and `text` come as columns."""
    return rows.select(
        kind=ibis.literal(kind),
        customer=rows.customer,
        key=columns["key"].cast("string"),
        feed=ibis.literal(feed),
        row=columns["row"].cast("string"),
        date=columns["date"].cast("date"),
        amount=columns.get("amount", ibis.null()).cast(MONEY),
        text=columns.get("text", ibis.null()).cast("string"),
    )


def text(column: Table) -> Table:
    """A value as text: a date in ISO 8601."""
    return column.cast("string")


def month_of(date: dt.date) -> str:
    """The first day of the month as text: the key of what is said once a month."""
    return date.replace(day=1).isoformat()


def after(column: Table, days: int) -> Table:
    """The date so many days after each of a column, before it if negative.

    By way of a timestamp, for a date and an interval make a timestamp in one engine and a date in the other.
    """
    return (column.cast("timestamp") + ibis.interval(days=days)).cast("date")
