"""Make a bank: draw who, what they hold and what moved, and write the feeds of one night with the truth beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from keybook.lake.contract import FEEDS
from keybook.simulate import bonds, flows, lobby, positions, register
from keybook.simulate.care import write_care
from keybook.simulate.columns import dates, day_number, money, words
from keybook.simulate.habits import make_habits
from keybook.simulate.history import HABITS, as_care, make_contacts, write_history
from keybook.simulate.people import People, make_people
from keybook.simulate.plan import Plan, PlanError, Progress, big_plan, demo_plan, silent
from keybook.simulate.stories import NAMES, RISK, Stories, make_stories
from keybook.simulate.words import OTHER_BANKS

SMALL = frozenset({"branch", "staff", "product", "relation", "standing_order"})  # written as CSV, the rest as Parquet


@dataclass(frozen=True, slots=True)
class Made:
    """Where the bank lies and how many rows each feed has."""

    out: Path
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class World:
    """All that was drawn, before it is written."""

    plan: Plan
    people: People
    stories: Stories
    positions: positions.Positions
    ledger: flows.Ledger
    bonds: bonds.Bonds


def simulate(
    *, seed: int, customers: int, until: date, out: Path, profile: str = "demo", progress: Progress = silent
) -> Made:
    """Write a bank's feeds and its truth into `out`: same arguments, same bytes.

    The profile `demo` has everything and two years of it, with a history of contacts; `bench` is a big bank, a tenth
    of it key, ten transactions a customer and ten contacts a key customer. PlanError says why a bank cannot be.
    """
    if profile == "demo":
        plan = demo_plan(seed=seed, customers=customers, until=until)
    elif profile == "bench":
        plan = big_plan(seed=seed, customers=customers, until=until)
    else:
        raise PlanError(f"There is no profile {profile}; use demo or bench.")
    return write_bank(plan, out, progress=progress)


def draw(plan: Plan) -> World:
    """Draw the whole bank of a plan; each part has a stream of its own."""
    rng = [np.random.default_rng([plan.seed, part]) for part in range(5)]
    people = make_people(plan, rng[0])
    stories = make_stories(plan, people, rng[1])
    held = positions.make_positions(plan, people, stories, rng[2])
    past = np.random.default_rng([plan.seed, HABITS])  # the same draws again as where the history is written
    habits = make_habits(people, past)
    recent = as_care(make_contacts(plan, people, stories, habits, past))
    bound = bonds.make_bonds(plan, people, habits, recent, rng[4])
    ledger = flows.make_ledger(plan, people, held, stories, bonds.taken(people, bound), rng[3])
    return World(plan, people, stories, held, ledger, bound)


def write_bank(plan: Plan, out: Path, *, progress: Progress = silent) -> Made:
    """Draw the bank of this plan and write every feed, the truth and the history."""
    total = len(FEEDS) + 3 - 1  # no holder feed: every holding names its owner
    progress("draw", 0, total)
    world = draw(plan)
    out.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    for number, (feed, tables) in enumerate(_feeds(world), start=1):
        rows[feed] = _write(out, feed, plan.until, tables())
        progress(feed, number, total)
    _write_truth(world, out / "truth")
    progress("truth", total - 1, total)
    bonds.write_truth(world.people, world.bonds, out / "truth")
    rows |= write_history(plan, world.people, world.stories, world.bonds, out / "history")
    rows |= write_care(plan, world.people, world.stories, out / "history")
    progress("history", total, total)
    return Made(out, rows)


def _feeds(world: World) -> Iterator[tuple[str, Callable[[], Iterable[pa.Table]]]]:
    """Each feed and what makes its tables, in the contract's order."""
    plan, people, stories, held, ledger = world.plan, world.people, world.stories, world.positions, world.ledger

    def stream(part: int) -> np.random.Generator:
        return np.random.default_rng([plan.seed, 10 + part])

    yield "branch", lambda: [register.branch_table(plan)]
    yield "staff", lambda: [register.staff_table(plan)]
    yield "customer", lambda: [register.customer_table(plan, people, stream(0))]
    yield "relation", lambda: [register.relation_table(people, stream(1))]
    yield "product", lambda: [positions.product_table(plan)]
    yield "holding", lambda: [positions.holding_table(held, stream(2))]
    yield "balance", lambda: _balance_tables(world)
    yield "transaction", lambda: flows.transaction_tables(ledger)
    yield "standing_order", lambda: [lobby.standing_order_table(plan, people, ledger, stream(3))]
    risk = stories.rows(RISK)
    yield "risk_profile", lambda: [register.risk_profile_table(plan, people, risk, stream(4))]
    yield "channel_event", lambda: [lobby.channel_event_table(plan, people, stories, stream(5))]
    yield "ticket", lambda: [lobby.ticket_table(plan, people, stream(6))]


def _balance_tables(world: World) -> Iterator[pa.Table]:
    """Balances of the key customers' holdings at the ends of months and on the last day."""
    plan, held = world.plan, world.positions
    until = day_number(plan.until)
    month = np.datetime64(plan.until, "M")
    ends = [int((month - back).astype("datetime64[D]").astype(np.int64)) - 1 for back in range(plan.balance_months)]
    key = world.people.key[held.owner]
    accounts = np.flatnonzero(key[: world.people.size])
    others = np.flatnonzero(key)
    others = others[others >= world.people.size]
    for day in [*reversed(ends), until]:
        living = others[(held.opened[others] <= day) & ((held.closed[others] < 0) | (held.closed[others] + 31 > day))]
        rows = np.r_[accounts, living]
        cents = np.r_[
            flows.balances_at(world.ledger, held, accounts, day), positions.value_on(held, living, day, until)
        ]
        yield pa.table({
            "holding": positions.holding_numbers(rows), "date": dates(np.full(len(rows), day)), "amount": money(cents),
        })  # fmt: skip


def _write(out: Path, feed: str, until: date, tables: Iterable[pa.Table]) -> int:
    """Write one feed in the contract's columns, a part at a time; return its rows."""
    if feed in SMALL:
        table = pa.concat_tables(list(tables))
        pyarrow.csv.write_csv(table, out / f"{feed}_{until.isoformat()}.csv")
        return int(table.num_rows)
    columns = FEEDS[feed].arrow_schema
    path, count = out / f"{feed}_{until.isoformat()}.parquet", 0
    writer: pq.ParquetWriter | None = None
    for table in tables:
        schema = pa.schema([columns.field(name) for name in table.column_names])
        writer = writer or pq.ParquetWriter(path, schema)
        writer.write_table(table.cast(schema))
        count += table.num_rows
    if writer:
        writer.close()
    return count


def _write_truth(world: World, folder: Path) -> None:
    """Keep what only the simulator knows, one row a customer, for later tests."""
    plan, people, stories = world.plan, world.people, world.stories
    rng = np.random.default_rng([plan.seed, 30])
    n = people.size
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.table({
        "customer": register.numbers_of(np.arange(n)), "tier": words(["mass", "gold", "platinum", "private"], people.tier),
        "wealth_here": money(stories.wealth), "wealth_elsewhere": money(people.elsewhere),
        "work": words(["employee", "pensioner", "owner", "private_means", "company"], people.work),
        "monthly_income": money(people.income), "story": words(NAMES, stories.story),
        "story_on": dates(day_number(plan.until) - stories.ago, known=stories.story > 0),
        "other_bank": words(OTHER_BANKS, stories.bank, known=stories.story > 0),
        "renewal_intention": pa.array(rng.beta(4, 2, n)), "churn_hazard": pa.array(rng.beta(1.2, 40, n)),
        "uplift_of_contact": pa.array(rng.normal(0.03, 0.05, n)),
    }), folder / "customers.parquet")  # fmt: skip
