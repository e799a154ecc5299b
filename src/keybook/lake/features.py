"""What the signals and the tiers look at: per customer assets now and before, cash, flows, and the last sign of life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import ibis
import pyarrow as pa

from keybook.core.tiers import Rung, next_above, tier_of
from keybook.lake.engines import Engine, Table, days_before
from keybook.lake.snapshot import ASSETS, CASH, MONEY, Snapshot

PREVIOUS = pa.schema(
    [("customer", pa.string()), ("tier", pa.string()), ("tier_before", pa.string()), ("since", pa.date32())]
)
"""What was decided last time: everyone in the register, with an empty tier where there was none."""
MONEY_TYPE = pa.decimal128(18, 2)
TIERS = pa.schema([
    ("customer", pa.string()), ("tier", pa.string()), ("tier_before", pa.string()), ("since", pa.date32()),
    ("is_key", pa.bool_()), ("was_key", pa.bool_()), ("next_tier", pa.string()), ("next_enter", MONEY_TYPE),
    ("fell_from", pa.string()), ("fell_enter", MONEY_TYPE), ("known", pa.bool_()),
])  # fmt: skip


def write_features(*, engine: Engine, snapshot: Snapshot, lake: Path) -> Table:
    """Compute the features of every customer into `features/date=…` and return them."""
    path = features_path(lake, snapshot.date)
    engine.write(features(snapshot=snapshot), path)
    return engine.read([path])


def features_path(lake: Path, date: dt.date) -> Path:
    """Where the features of a date lie."""
    return lake / "features" / f"date={date}" / "customer.parquet"


def features(*, snapshot: Snapshot) -> Table:
    """One row per customer: money in the bank's currency only, for without a rate nothing else can be added."""
    customer, date = snapshot.feeds["customer"], snapshot.date
    customer = customer.filter(customer.opened_on.isnull() | (customer.opened_on <= date))
    money = _money(snapshot)
    seen = snapshot.feeds["channel_event"]
    seen = seen.group_by(who=seen.customer).aggregate(seen_on=seen["at"].cast("date").max())
    rows = customer.select("number", "branch", "kind", "need")
    rows = rows.left_join(money, rows.number == money.customer).drop("customer")
    rows = rows.left_join(seen, rows.number == seen.who).drop("who")
    zero = {name: rows[name].fill_null(0).cast(MONEY) for name in money.columns if name not in {"customer", "moved_on"}}
    active = ibis.greatest(ibis.coalesce(rows.moved_on, rows.seen_on), ibis.coalesce(rows.seen_on, rows.moved_on))
    return rows.mutate(**zero, active_on=active).rename(customer="number").drop("moved_on", "seen_on")


def _money(snapshot: Snapshot) -> Table:
    """Per owner the sums over the holdings in the bank's currency."""
    rows = snapshot.holding
    rows = rows.filter((rows.currency == snapshot.currency) & rows.customer.notnull())
    asset, cash = rows.kind.isin(ASSETS), rows.kind.isin(CASH)
    sums: dict[str, Table] = {"aum": rows.value.sum(where=asset)}
    for days in (30, 90):
        sums[f"aum_{days}"] = rows[f"value_{days}"].sum(where=asset)
        sums[f"cash_{days}"] = rows[f"value_{days}"].sum(where=cash)
        sums[f"in_{days}"] = rows[f"in_{days}"].sum(where=asset)
        sums[f"out_{days}"] = rows[f"out_{days}"].sum(where=asset)
    sums["cash"] = rows.value.sum(where=cash)
    sums["invested"] = rows.value.sum(where=rows.kind.isin(("fund", "wealth", "insurance", "metal")))
    return rows.group_by("customer").aggregate(**sums, moved_on=rows.acted_on.max())


def decide_tiers(
    *, engine: Engine, rows: Table, ladder: Sequence[Rung], previous: pa.Table, date: dt.date, fresh_days: int
) -> pa.Table:
    """The tier of everyone who is, was or may be a key customer, by `core.tiers`; ordered by customer.

    Who is new, or has no tier yet, is taken to have held what the assets of 30 days ago earn.
    """
    known = engine.put("known_before", previous.rename_columns(["known", *PREVIOUS.names[1:]]))
    keys = [rung for rung in ladder if rung.key]
    low, high = min(rung.leave_at for rung in keys), min(rung.enter_at for rung in keys)
    joined = rows.left_join(known, rows.customer == known.known)
    asked = joined.filter((joined.aum >= low) | (joined.aum_30 >= high) | joined.known.notnull())
    asked = asked.select("customer", "aum", "aum_30", "known", "tier", "tier_before", "since").order_by("customer")
    facts = engine.fetch(asked).to_pydict()
    columns = zip(*(facts[name] for name in facts), strict=True)
    decided = [_decided(row, ladder, date, days_before(date, fresh_days)) for row in columns]
    return pa.Table.from_pylist(decided, schema=TIERS)


def _decided(row: tuple[object, ...], ladder: Sequence[Rung], date: dt.date, fresh: dt.date) -> dict[str, object]:
    customer, aum, aum_30, known, held, before, since = row
    assert isinstance(aum, Decimal)  # noqa: S101 - the type of the column
    assert isinstance(aum_30, Decimal)  # noqa: S101
    rungs = {rung.code: rung for rung in ladder}
    held = held if known and held in rungs else tier_of(aum=aum_30, ladder=ladder).code
    tier = tier_of(aum=aum, ladder=ladder, before=str(held))
    if tier.code != held:
        before, since = held, date
    above = next_above(rung=tier, ladder=ladder)
    fell = _fell_from(tier, rungs.get(str(before)), recent=isinstance(since, dt.date) and since > fresh, aum_30=aum_30)
    return {
        "customer": customer, "tier": tier.code, "tier_before": before, "since": since,
        "is_key": tier.key, "was_key": rungs[str(held)].key,
        "next_tier": above.code if above else None, "next_enter": above.enter_at if above else None,
        "fell_from": fell.code if fell and aum < fell.enter_at else None,
        "fell_enter": fell.enter_at if fell else None,
        "known": known is not None,
    }  # fmt: skip


def _fell_from(tier: Rung, before: Rung | None, *, recent: bool, aum_30: Decimal) -> Rung | None:
    """The tier whose entry the assets no longer reach: lost lately, or kept for now though reached 30 days ago."""
    if before and recent and before.rank > tier.rank:
        return before if before.key else None
    return tier if tier.key and aum_30 >= tier.enter_at else None
