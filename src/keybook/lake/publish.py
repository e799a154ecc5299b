"""What of the lake goes to PostgreSQL: key customers and who belongs to them, their holdings, months and hearsay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import pyarrow as pa

from keybook.core.tiers import Rung
from keybook.lake.engines import Engine, Table, days_before
from keybook.lake.features import TIERS, decide_tiers
from keybook.lake.policy import SignalPolicy
from keybook.lake.signals import signals_folder
from keybook.lake.signals.shape import after
from keybook.lake.snapshot import ASSETS, MONEY, OWN_MONEY, Snapshot

MONTHS = 24
ORDERED = {"loan": "loan", "lease": "loan", "insurance": "insurance", "savings": "savings"}
"""What a standing order to another bank says the customer has there."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who is published: everyone with their tier, and of them `core`, who are looked at closely."""

    everyone: Table
    core: Table


def publish_folder(lake: Path, date: dt.date) -> Path:
    """Where the tables that go to PostgreSQL lie."""
    return lake / "publish" / f"date={date}"


def prepare(
    *, engine: Engine, snapshot: Snapshot, policy: SignalPolicy, ladder: Sequence[Rung], tiers: pa.Table, lake: Path
) -> Path:
    """Write customer, holding, month, relation and held_away of the chosen into `publish/date=…`; gives the folder."""
    folder = publish_folder(lake, snapshot.date)
    features = engine.read([lake / "features" / f"date={snapshot.date}" / "customer.parquet"])
    chosen = choose(engine=engine, snapshot=snapshot, features=features, ladder=ladder, tiers=tiers, lake=lake)
    tables = {
        "customer": customers(snapshot=snapshot, features=features, chosen=chosen),
        "holding": _holdings(snapshot, chosen),
        "month": months(engine=engine, snapshot=snapshot, features=features, chosen=chosen),
        "relation": _relations(snapshot, chosen),
        "held_away": held_away(snapshot=snapshot, policy=policy, chosen=chosen),
    }
    for name, table in tables.items():
        engine.write(table, folder / f"{name}.parquet")
    return folder


def choose(
    *, engine: Engine, snapshot: Snapshot, features: Table, ladder: Sequence[Rung], tiers: pa.Table, lake: Path
) -> Chosen:
    """Key customers, who was one, who may become one, everyone already in the register, and whom they are related to."""
    decided = engine.put("decided", tiers)
    core = decided.filter(decided.is_key | decided.was_key | decided.known).select(who=decided.customer)
    potential = signals_folder(lake, snapshot.date) / "potential_key.parquet"
    if potential.exists():
        core = core.union(engine.read([potential]).select(who="customer"), distinct=True)
    core = engine.keep("core", core)
    edges = snapshot.feeds["relation"]
    out = edges.semi_join(core, edges.customer == core.who).select(who="other")
    back = edges.semi_join(core, edges.other == core.who).select(who="customer")
    ends = out.union(back, distinct=True)
    everyone = engine.keep("everyone", core.union(ends, distinct=True))
    rest = features.semi_join(everyone, features.customer == everyone.who)
    rest = rest.anti_join(decided, rest.customer == decided.customer)
    held = engine.fetch(rest.select("customer"))["customer"]
    nothing = pa.nulls(len(held), pa.string())
    asked = pa.table([held, nothing, nothing, pa.nulls(len(held), pa.date32())], names=["customer", "tier", "tier_before", "since"])  # fmt: skip
    more = decide_tiers(engine=engine, rows=rest, ladder=ladder, previous=asked, date=snapshot.date, fresh_days=0)
    both = pa.concat_tables([tiers, more.cast(TIERS)])
    ranked = engine.put("all_tiers", both)
    everyone = engine.keep(
        "everyone_tier", everyone.inner_join(ranked, everyone.who == ranked.customer).drop("customer")
    )
    return Chosen(everyone=everyone, core=core)


def customers(*, snapshot: Snapshot, features: Table, chosen: Chosen) -> Table:
    """The customer rows as the register keeps them, with tier, assets and risk profile."""
    rows = snapshot.feeds["customer"].drop("file_date")
    tier = chosen.everyone.select("who", "tier", "tier_before", "since", "is_key")
    rows = rows.inner_join(tier, rows.number == tier.who).drop("who")
    money = features.select(who="customer", aum="aum", aum_30="aum_30")
    rows = rows.left_join(money, rows.number == money.who).drop("who")
    risk = snapshot.feeds["risk_profile"]
    risk = risk.filter(risk.assessed_on <= snapshot.date)
    risk = risk.select(who=risk.customer, risk_level=risk.level, risk_until=risk.valid_until)
    rows = rows.left_join(risk, rows.number == risk.who).drop("who")
    core = chosen.core.select(key_number=chosen.core.who)
    rows = rows.left_join(core, rows.number == core.key_number)
    return rows.mutate(close=rows.key_number.notnull()).drop("key_number")


def _holdings(snapshot: Snapshot, chosen: Chosen) -> Table:
    rows = snapshot.holding
    rows = rows.filter(rows.live)
    rows = rows.semi_join(chosen.everyone, rows.customer == chosen.everyone.who)
    return rows.select(
        "number", "customer", "kind", "product", "name", "name_zh", "risk", "currency", "opened_on", "matures_on",
        "rate", "instruction", "as_of", balance="value",
    )  # fmt: skip


def _relations(snapshot: Snapshot, chosen: Chosen) -> Table:
    rows, everyone = snapshot.feeds["relation"], chosen.everyone
    rows = rows.semi_join(everyone, rows.customer == everyone.who)
    others = everyone.view()
    rows = rows.semi_join(others, rows.other == others.who)
    return rows.filter(rows.customer != rows.other).select(
        "customer", "other", "role", "other_role", "share", household=rows.household.fill_null(False)
    )


def months(*, engine: Engine, snapshot: Snapshot, features: Table, chosen: Chosen) -> Table:
    """Assets at the end of each of the last 24 months of the core, the current one to date.

    What the balance feed tells counts; else the value now less what moved later; else the value while it was held.
    """
    grid = engine.put("month_grid", pa.table(_grid(snapshot.date)))
    rows = snapshot.holding
    rows = rows.filter(rows.kind.isin(ASSETS) & (rows.currency == snapshot.currency))
    rows = engine.keep("month_holding", rows.semi_join(chosen.core, rows.customer == chosen.core.who))
    told = snapshot.feeds["balance"]
    told = told.semi_join(rows, told.holding == rows.number)
    has_told = told.select(told_of=told.holding).distinct()
    rows = rows.left_join(has_told, rows.number == has_told.told_of)
    rows = engine.keep("month_kind", rows.mutate(told=rows.told_of.notnull()).drop("told_of"))
    parts = _told_months(rows, told, grid)
    parts = parts.union(_ledger_months(rows.filter(~rows.told & rows.moved_on.notnull()), snapshot, grid))
    parts = parts.union(_held_months(rows.filter(~rows.told & rows.moved_on.isnull()), grid))
    parts = parts.filter(parts.month < snapshot.date.replace(day=1))
    parts = parts.group_by("customer", "month").aggregate(aum=parts.aum.sum())
    now = features.semi_join(chosen.core, features.customer == chosen.core.who)
    this = ibis.literal(snapshot.date.replace(day=1))
    now = now.select(customer=now.customer, month=this, aum=now.aum)
    return parts.select("customer", "month", aum=parts.aum.cast(MONEY)).union(now)


def _grid(date: dt.date) -> dict[str, pa.Array]:
    """The first days of the last 24 months, and of the months after them."""
    count = date.year * 12 + date.month - 1
    firsts = [dt.date(number // 12, number % 12 + 1, 1) for number in range(count - MONTHS + 1, count + 2)]
    return {"month": pa.array(firsts[:-1], pa.date32()), "following": pa.array(firsts[1:], pa.date32())}


def _told_months(rows: Table, told: Table, grid: Table) -> Table:
    """From the balance feed: the last word of a month holds until the next one."""
    told = told.mutate(said=ibis.date(told.date.year(), told.date.month(), ibis.literal(1)))
    last = told.group_by("holding", "said").aggregate(amount=told.amount.argmax(told.date))
    order = ibis.window(group_by=last.holding, order_by=last.said)
    last = last.mutate(until=last.said.lead().over(order))
    owner = rows.select(number="number", customer="customer", closed_on="closed_on")
    last = last.join(owner, last.holding == owner.number)
    spread = last.join(grid, [last.said <= grid.month, last.until.isnull() | (grid.month < last.until)])
    spread = spread.filter(spread.closed_on.isnull() | (spread.closed_on >= spread.following))
    return spread.select("customer", "month", aum=spread.amount.cast(MONEY))


def _ledger_months(rows: Table, snapshot: Snapshot, grid: Table) -> Table:
    """From the transactions: the value now less everything that moved after the month."""
    owner = rows.select(number="number", customer="customer")
    moved = snapshot.feeds["transaction"]
    moved = moved.filter(moved.booked_on >= ibis.literal(_grid(snapshot.date)["month"][0].as_py()))
    moved = moved.join(owner, moved.holding == owner.number)
    moved = moved.mutate(booked=ibis.date(moved.booked_on.year(), moved.booked_on.month(), ibis.literal(1)))
    net = moved.group_by("customer", "booked").aggregate(net=moved.amount.sum())
    net = net.select("net", "booked", mover=net.customer)
    base = rows.group_by("customer").aggregate(base=rows.value.sum()).cross_join(grid)
    dense = base.left_join(net, [base.customer == net.mover, base.month == net.booked])
    later = ibis.window(group_by=dense.customer, order_by=dense.month.desc(), preceding=(None, 1))
    gone = dense.net.fill_null(0).sum().over(later).fill_null(0)
    return dense.select("customer", "month", aum=(dense.base - gone).cast(MONEY))


def _held_months(rows: Table, grid: Table) -> Table:
    """What nothing is told of counts with its value from its opening to its end."""
    worth = rows.live.ifelse(rows.value, ibis.coalesce(rows.balance, rows.amount, ibis.literal(0)).cast(MONEY))
    rows = rows.select("customer", "opened_on", "closed_on", worth=worth)
    spread = rows.join(
        grid,
        [
            rows.opened_on.isnull() | (rows.opened_on < grid.following),
            rows.closed_on.isnull() | (rows.closed_on >= grid.following),
        ],
    )
    return spread.select("customer", "month", aum=spread.worth.cast(MONEY))


def held_away(*, snapshot: Snapshot, policy: SignalPolicy, chosen: Chosen) -> Table:
    """Evidence of assets at other banks: a year's transfers there above the threshold, and standing orders to them."""
    accounts = snapshot.holding.filter(snapshot.holding.customer.notnull())
    accounts = accounts.semi_join(chosen.core, accounts.customer == chosen.core.who)
    accounts = accounts.select(account=accounts.number, customer=accounts.customer, currency=accounts.currency)
    return _transfers(snapshot, policy, accounts).union(_orders(snapshot, accounts))


def _transfers(snapshot: Snapshot, policy: SignalPolicy, accounts: Table) -> Table:
    rows = snapshot.feeds["transaction"]
    rows = rows.filter(
        (rows.amount < 0)
        & rows.counterparty_bank.notnull()
        & rows.kind.notin(OWN_MONEY)
        & (rows.booked_on > days_before(snapshot.date, 365))
    )
    rows = rows.join(accounts, rows.holding == accounts.account)
    sums = rows.group_by("customer", "counterparty_bank", "currency").aggregate(
        amount=(-rows.amount).sum(), seen_on=rows.booked_on.max(), times=rows.count()
    )
    sums = sums.filter(sums.amount >= policy.outflow_other_bank_amount)
    return sums.select(
        "customer", "currency", "seen_on",
        institution="counterparty_bank", kind=ibis.literal(""), amount=sums.amount.cast(MONEY),
        source=ibis.literal("transfer"), detail=sums.times.cast("string"),
        confidence=ibis.literal("likely"), matures_on=ibis.null("date"), expires_on=after(sums.seen_on, 365),
        key=ibis.literal("transfer|").concat(sums.counterparty_bank, "|", sums.currency),
    )  # fmt: skip


def _orders(snapshot: Snapshot, accounts: Table) -> Table:
    rows = snapshot.feeds["standing_order"]
    rows = rows.filter(
        rows.counterparty_bank.notnull()
        & (rows.from_date.isnull() | (rows.from_date <= snapshot.date))
        & (rows.until_date.isnull() | (rows.until_date > snapshot.date))
    )
    rows = rows.join(accounts, rows.holding == accounts.account)
    kind = ibis.cases(*((rows.kind == paid, has) for paid, has in ORDERED.items()), else_="")
    return rows.select(
        "customer", "currency", seen_on=rows.file_date,
        institution="counterparty_bank", kind=kind, amount=ibis.null(MONEY),
        source=ibis.literal("order"), detail=rows.amount.cast("string").concat(" / ", rows.every.fill_null("month")),
        confidence=(kind == "").ifelse("unsure", "likely"), matures_on=rows.until_date,
        expires_on=after(rows.file_date, 400), key=ibis.literal("order|").concat(rows.number),
    ).select(
        "customer", "currency", "seen_on", "institution", "kind", "amount", "source", "detail", "confidence",
        "matures_on", "expires_on", "key",
    )  # fmt: skip
