"""The contacts of the whole bank as columns of numbers, read once in a night instead of for one customer after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from keybook.apps.customers.models import Channel
from keybook.apps.interactions.models import Effect, Outcome
from keybook.apps.interactions.queries import SPOKE, TIMELESS, Tries
from keybook.apps.people.packed import A_DAY, AN_HOUR, BEGAN, Ints, packed, unpacked
from keybook.core.habits import GAPS

TOLD = tuple(product(Channel.values, Outcome.values, Effect.values))
"""Whatever a contact can tell: by which channel, how far it got, what it did. Forms let nothing else in."""
COLUMNS = {"customer_id": "bigint", "there": "moment", "told": "smallint"}
ALL = f"""
    SELECT {packed(COLUMNS)} FROM (
        SELECT i.customer_id, i.at AT TIME ZONE %(zone)s AS there, t.told
        FROM interactions_interaction i
        JOIN unnest(%(channels)s::text[], %(outcomes)s::text[], %(effects)s::text[], %(codes)s::smallint[])
            AS t (channel, outcome, effect, told) ON (t.channel, t.outcome, t.effect) = (i.channel, i.outcome, i.effect)
        WHERE NOT i.superseded AND NOT i.confidential
    ) found"""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contacts that count for everybody: whose, on which day (its ordinal), and what they tell, by its place in TOLD."""

    customer: Ints
    on: Ints
    told: Ints


def all_contacts(*, zone: str) -> Contacts:
    """All but the corrected and the confidential; one statement."""
    channels, outcomes, effects = (list(each) for each in zip(*TOLD, strict=True))
    values = {
        "zone": zone,
        "channels": channels,
        "outcomes": outcomes,
        "effects": effects,
        "codes": list(range(len(TOLD))),
    }
    ((customer, there, told),) = unpacked(statement=ALL, values=values, columns=COLUMNS)
    return Contacts(customer, there // A_DAY + BEGAN, told)


def spoken(*, contacts: Contacts) -> dict[int, list[tuple[str, dt.date]]]:
    """Of each customer, by which channel and on which days we spoke."""
    channels = [Channel.values.index(channel) if outcome in SPOKE else -1 for channel, outcome, _effect in TOLD]
    channel = np.array(channels, dtype=np.int64)[contacts.told]
    rows = np.flatnonzero(channel >= 0)
    rows = rows[np.argsort(contacts.customer[rows], kind="stable")]
    pairs, which = np.unique(contacts.on[rows] * len(Channel.values) + channel[rows], return_inverse=True)
    names = [
        (Channel.values[pair % len(Channel.values)], dt.date.fromordinal(pair // len(Channel.values)))
        for pair in pairs.tolist()
    ]
    listed = [names[each] for each in which.tolist()]
    customers, starts = np.unique(contacts.customer[rows], return_index=True)
    ends = [*starts.tolist(), len(listed)][1:]
    return {
        customer: listed[start:end]
        for customer, start, end in zip(customers.tolist(), starts.tolist(), ends[: len(customers)], strict=True)
    }


TRIED = {"id": "bigint", "customer_id": "bigint", "there": "moment", "told": "smallint"}
ALL_TRIED = f"""
    SELECT {packed(TRIED)} FROM (
        SELECT i.id, i.customer_id, i.at AT TIME ZONE %(zone)s AS there,
            (t.channel * 4 + (i.outcome = ANY(%(spoke)s))::int * 2 + (i.at >= %(since)s)::int)::smallint AS told
        FROM interactions_interaction i
        JOIN unnest(%(channels)s::text[], %(codes)s::smallint[]) AS t (name, channel) ON t.name = i.channel
        WHERE NOT i.superseded AND NOT i.confidential
    ) found"""
CHANNELS = tuple(channel for channel in Channel.values if channel not in TIMELESS)
CELLS: Mapping[str, tuple[str, ...]] = {
    "hour": tuple(str(hour) for hour in range(24)), "channel": CHANNELS,
    "half": tuple(f"{weekday}{half}" for weekday in range(1, 8) for half in "ap"), "gap": tuple(GAPS),
}  # fmt: skip
NOON = 12
MOST_CELLS = 32


@dataclass(frozen=True, slots=True)
class Tried:
    """Every try of the bank, by customer and then by time: whose, its cell of each habit (-1: none), how it went.

    The same habits as `queries.CELLS` counts of one customer. `recent` tells those the rates are counted from: a pause
    is one between two of them.
    """

    customer: Ints
    cells: Mapping[str, Ints]
    answered: Ints
    recent: Ints


def all_tried(*, zone: str, since: dt.date) -> Tried:
    """All tries, and which are of this day or later; one statement."""
    values = {
        "zone": zone, "since": since, "spoke": list(SPOKE), "channels": list(CHANNELS), "codes": list(range(len(CHANNELS)))
    }  # fmt: skip
    ((ids, customer, there, told),) = unpacked(statement=ALL_TRIED, values=values, columns=TRIED)
    order = np.lexsort((ids, there, customer))
    customer, there, told = customer[order], there[order], told[order]
    on, hour, recent = there // A_DAY, there % A_DAY // AN_HOUR, told & 1
    weekday = (on + BEGAN - 1) % 7
    cells = {
        "hour": hour,
        "channel": told >> 2,
        "half": weekday * 2 + (hour >= NOON),
        "gap": _gaps(customer, on, recent),
    }
    return Tried(customer, cells, told >> 1 & 1, recent)


def _gaps(customer: Ints, on: Ints, recent: Ints) -> Ints:
    """The pause before each try since the one before it; none before the first that is recent."""
    found = np.full(len(customer), -1, dtype=np.int64)
    follows = np.flatnonzero((customer[1:] == customer[:-1]) & (recent[:-1] == 1)) + 1
    edges = [until for _from, until in GAPS.values() if until]
    found[follows] = np.searchsorted(edges, on[follows] - on[follows - 1], side="right")
    return found


def tries_of(*, tried: Tried, customer_ids: Sequence[int]) -> dict[int, Tries]:
    """Of each of these customers who was ever tried, what `queries.tries` counts."""
    rows = np.flatnonzero(np.isin(tried.customer, np.array(customer_ids, dtype=np.int64)))
    hours, channels = (_counted(tried, rows, habit) for habit in ("hour", "channel"))
    return {
        customer: Tries(
            hours={int(cell): rate for cell, rate in of.items()}, channels=channels[customer]
        )
        for customer, of in hours.items()
    }  # fmt: skip


def _counted(tried: Tried, rows: Ints, habit: str) -> dict[int, dict[str, tuple[int, int]]]:
    """Tries and answers of these rows by customer and cell."""
    keys, which, times = np.unique(
        tried.customer[rows] * MOST_CELLS + tried.cells[habit][rows], return_inverse=True, return_counts=True
    )
    answers = np.bincount(which, weights=tried.answered[rows], minlength=len(keys)).astype(np.int64)
    rates = list(zip(times.tolist(), answers.tolist(), strict=True))
    names = [CELLS[habit][each] for each in (keys % MOST_CELLS).tolist()]
    customers, starts = np.unique(keys // MOST_CELLS, return_index=True)
    ends = [*starts.tolist(), len(keys)][1:]
    return {
        customer: dict(zip(names[start:end], rates[start:end], strict=True))
        for customer, start, end in zip(customers.tolist(), starts.tolist(), ends[: len(customers)], strict=True)
    }


@dataclass(frozen=True, slots=True)
class Shares:
    """How often one habit's cells were tried and answered in the bank and in each tier, and how much customers differ."""

    bank: Mapping[str, tuple[int, int]]
    tiers: Mapping[str, Mapping[str, tuple[int, int]]]
    tries: int
    answers: int
    squares: int
    spread: float


def shares(*, tried: Tried, tiers: Mapping[int, str], habit: str) -> Shares:
    """Count one habit of the recent tries of customers with a tier (`tiers`: theirs by id).

    `spread` is the sum over customers and cells of (answers - tries · rate)² / (rate · (1 - rate)), rate being that of
    the tier's cell, where it is neither none nor all; `tries` and the others are summed over the same.
    """
    codes = sorted(set(tiers.values()))
    tier_of = {code: place for place, code in enumerate(codes)}
    customers, whose = np.unique(tried.customer, return_inverse=True)
    tier = np.array([tier_of.get(tiers.get(each, ""), -1) for each in customers.tolist()], dtype=np.int64)
    cells, wide = tried.cells[habit], len(CELLS[habit])
    rows = np.flatnonzero((tried.recent == 1) & (cells >= 0) & (tier[whose] >= 0)) if len(customers) else cells
    size = len(customers) * wide
    place = whose[rows] * wide + cells[rows]
    times = np.bincount(place, minlength=size).reshape(-1, wide)
    answers = np.bincount(place, weights=tried.answered[rows], minlength=size).astype(np.int64).reshape(-1, wide)
    by_tier = [(times[tier == each].sum(axis=0), answers[tier == each].sum(axis=0)) for each in range(len(codes))]
    totals = [0, 0, 0, 0.0]
    for each, (tried_all, answered_all) in enumerate(by_tier):
        mixed = np.flatnonzero((answered_all > 0) & (answered_all < tried_all))
        rate = answered_all[mixed] / tried_all[mixed]
        own, answered = times[tier == each][:, mixed], answers[tier == each][:, mixed]
        off = (answered - own * rate) ** 2 / (rate * (1 - rate))
        for at, sum_ in enumerate((own.sum(), answered.sum(), (own**2).sum(), off.sum())):
            totals[at] += sum_.item()
    return Shares(
        _named(habit, times.sum(axis=0), answers.sum(axis=0)),
        {code: _named(habit, *by_tier[each]) for each, code in enumerate(codes)},
        int(totals[0]), int(totals[1]), int(totals[2]), float(totals[3]),
    )  # fmt: skip


def _named(habit: str, times: Ints, answers: Ints) -> dict[str, tuple[int, int]]:
    rows = zip(CELLS[habit], times.tolist(), answers.tolist(), strict=True)
    return {cell: (tried, answered) for cell, tried, answered in rows if tried}
