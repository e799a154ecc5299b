"""What the lake would know of a simulated bank: assets at the ends of months, and the postings of its history."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from keybook.core.ledger import KINDS, contact_kind, promise_kind
from keybook.lake.learning import PLACE, Past, last_day
from keybook.simulate import flows, history, positions
from keybook.simulate.bank import World, draw
from keybook.simulate.columns import day_number, day_of
from keybook.simulate.plan import Plan

UNTIL = dt.date(2026, 11, 23)
MONTHS = 23


def world(*, seed: int = 7, key: int = 2400) -> World:
    """A bank of key customers alone, as the demo's are."""
    return draw(Plan(seed=seed, customers=key + 100, key=key, until=UNTIL))


def past_of(bank: World) -> Past:
    """The arrays the model is given, read from the simulator instead of from Parquet."""
    firsts = [dt.date(*divmod_month(2026 * 12 + 9 - back)) for back in reversed(range(MONTHS))]
    key = np.flatnonzero(bank.people.key)
    assets = np.stack([assets_on(bank, last_day(month)) for month in firsts], axis=1)[key] / 100
    row = {int(customer): number for number, customer in enumerate(key)}
    entries = [(row[who], on, PLACE[kind]) for who, on, kind in entries_of(bank) if who in row]
    table = np.array(entries, dtype=np.int64).reshape(-1, 3)
    return Past(tuple(firsts), assets, table[:, 0], table[:, 1], table[:, 2], np.ones(len(table)))


def divmod_month(number: int) -> tuple[int, int, int]:
    year, month = divmod(number, 12)
    return year, month + 1, 1


def assets_on(bank: World, day: dt.date) -> np.ndarray:
    """Cents of each customer in accounts, deposits and products at the end of a day."""
    people, held, number = bank.people, bank.positions, day_number(day)
    accounts = np.arange(people.size)
    found = flows.balances_at(bank.ledger, held, accounts, number).astype(float)
    others = np.flatnonzero(
        np.isin(held.kind, (positions.TERM, positions.FUND, positions.WEALTH, positions.INSURANCE, positions.METAL))
    )
    others = others[others >= people.size]
    np.add.at(found, held.owner[others], positions.value_on(held, others, number, day_number(UNTIL)))
    return found


def entries_of(bank: World) -> list[tuple[int, int, str]]:
    """Customer, day and kind of every posting of the simulated history: what is older, then the last eight months."""
    habits = history.make_habits(bank.people, rng := np.random.default_rng([bank.plan.seed, history.HABITS]))
    recent = history.make_contacts(bank.plan, bank.people, bank.stories, habits, rng)
    found = []
    for contacts in (history.older(bank.bonds.care), recent):
        columns = (contacts.customer, contacts.day, contacts.channel, contacts.outcome, contacts.effect)
        for who, day, channel, outcome, effect in zip(*(each.tolist() for each in columns), strict=True):
            kind = contact_kind(
                channel=history.CHANNELS[channel], outcome=history.OUTCOMES[outcome], effect=history.EFFECTS[effect]
            )
            if kind:
                found.append((who, day_of(day).toordinal(), kind))
    care = bank.bonds.care
    for who, due, closed, fate in zip(
        *(each.tolist() for each in (care.customer, care.due, care.closed, care.fate)), strict=True
    ):
        if due >= 0:
            kind = promise_kind(state="broken" if fate == 2 else "kept", late=closed > due)
            found.append((who, day_of(closed).toordinal(), kind))
    return found


def tables_of(past: Past) -> tuple[pa.Table, pa.Table]:
    """The same as the tables `learning.past_of` reads: customers by number, months of assets, postings told."""
    names = [f"C{number:07d}" for number in range(len(past.assets))]
    months = pa.table({
        "customer": [name for name in names for _ in past.months], "month": list(past.months) * len(names),
        "aum": pa.array([f"{amount:.2f}" for row in past.assets for amount in row]).cast(pa.decimal128(18, 2)),
    })  # fmt: skip
    posted = pa.table({
        "customer": [names[who] for who in past.who], "key": [f"k{number}" for number in range(len(past.who))],
        "on": [dt.date.fromordinal(int(on)) for on in past.on], "kind": [KINDS[kind] for kind in past.kind],
        "times": past.times.astype(np.int64),
    })  # fmt: skip
    return months, posted
