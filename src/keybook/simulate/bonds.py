"""Why customers leave: how they were looked after before, and the money that went to another bank because of it.

Each key customer has contacts from the first day of the record to where the history proper begins. What they did to the
bond adds up to a pull, by weights that only the simulator knows and that halve in HALF_LIFE days:

    pull = Σ WEIGHTS[kind] · 2^(−days since / HALF_LIFE)

In each month the customer leaves with the chance 1 − exp(−HAZARD · exp(−pull)), once, and then takes 38 to 75 % of the
assets along in one transfer to another bank. All of it is written into `truth/bonds.parquet` and
`truth/bond_weights.parquet`. What a customer holds on the last day is untouched: who left had more before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from keybook.simulate import sentences as s
from keybook.simulate.columns import Flags, Floats, Ints, dates, day_number, pick, words
from keybook.simulate.habits import Habits
from keybook.simulate.people import People
from keybook.simulate.plan import Plan
from keybook.simulate.register import cast_rows, numbers_of
from keybook.simulate.words import OTHER_BANKS

HISTORY_DAYS = 240  # where the history proper begins, before the last day
INTERVAL = np.array([60, 45, 30, 14])  # days between contacts: by tier
HALF_LIFE = 180
HAZARD = 0.010  # a month, of a customer without any pull
MOST_A_MONTH = 0.3
SETTLED = 150  # nobody leaves in the first days of the record
QUIET = 100  # nor in the last, which belong to the stories
WEIGHTS = {
    "met_strengthened": 2.2, "call_strengthened": 0.7, "text_strengthened": 0.0, "weakened": -1.8,
    "promise_kept": 0.1, "promise_late": -2.0, "promise_broken": -3.0,
}  # fmt: skip
CHANNELS = [0.55, 0.12, 0.10, 0.15, 0.03, 0.05]  # call, visit, branch, WeChat, text message, e-mail
REACHED, NOT_REACHED, LEFT_MESSAGE, MET = range(4)
VISIT, BRANCH = 1, 2
STRENGTHENED, UNCHANGED, WEAKENED = range(3)
TIMELY, LATE, BROKEN = range(3)


@dataclass(frozen=True, slots=True)
class Care:
    """The older contacts, one array a trait, in order of time for each customer, and what became of each promise."""

    customer: Ints
    day: Ints
    hour: Ints
    channel: Ints
    outcome: Ints
    talk: Ints
    effect: Ints
    due: Ints  # the day the next step is promised for; -1 for none
    closed: Ints
    fate: Ints  # TIMELY, LATE or BROKEN


@dataclass(frozen=True, slots=True)
class Bonds:
    """The older contacts, and of each customer whether they left, when and with how much."""

    care: Care
    left: Ints  # the day; -1 for none
    share: Floats  # of the assets they took
    pull: Floats  # when they left, or at the end


def make_bonds(plan: Plan, people: People, habits: Habits, recent: Care, rng: np.random.Generator) -> Bonds:
    """Draw how the key customers were looked after, and who left for it; none in a bank made for benchmarks.

    `recent` is the history proper, which pulls too.
    """
    key = np.flatnonzero(people.key) if plan.contacts is None else np.empty(0, dtype=np.int64)
    start = day_number(plan.start)
    room = plan.days - HISTORY_DAYS - 20
    interval = INTERVAL[people.tier[key]]
    count = np.maximum((room / interval * rng.uniform(0.5, 1.3, len(key))).astype(np.int64), 1)
    customer = np.repeat(key, count)
    day = start + 10 + (rng.random(len(customer)) * room).astype(np.int64)
    day = day[np.lexsort((day, customer))]  # in order of time for each customer
    day -= np.maximum((day + 3) % 7 - 4, 0)
    there = day >= people.since[customer] + 10
    customer, day = customer[there], day[there]
    n = len(customer)
    warmth = rng.normal(0, 1, people.size)[customer]
    channel = pick(rng, CHANNELS, n)
    person = np.isin(channel, (VISIT, BRANCH))
    hour = np.where(rng.random(n) < 0.45, habits.peak[customer] + rng.integers(-1, 2, n), rng.integers(9, 18, n)).clip(
        9, 17
    )
    answered = rng.random(n) < habits.likelihood(customer, hour)
    outcome = np.where(
        person, MET, np.where(answered, REACHED, np.where(rng.random(n) < 0.6, NOT_REACHED, LEFT_MESSAGE))
    )
    spoke = person | answered
    draw = rng.random(n)
    good, bad = np.clip(0.26 + 0.12 * warmth, 0.03, 0.7), np.clip(0.08 - 0.06 * warmth, 0.01, 0.35)
    effect = np.where(draw < good, STRENGTHENED, np.where(draw > 1 - bad, WEAKENED, UNCHANGED))
    effect = np.where(spoke, effect, UNCHANGED)
    talk = rng.integers(0, len(s.TALKS), n)
    has_step = np.array([bool(each.step[0]) for each in s.TALKS])[talk]
    due = np.where(spoke & has_step & (rng.random(n) < 0.3), day + rng.integers(3, 12, n), -1)
    due = np.where(due >= 0, due + np.where((due + 3) % 7 > 4, 7 - (due + 3) % 7, 0), -1)
    careless = np.clip(0.12 - 0.08 * warmth, 0.02, 0.5)
    draw = rng.random(n)
    fate = np.where(draw < careless * 0.35, BROKEN, np.where(draw < careless, LATE, TIMELY))
    closed = due + np.array([0, 4, 14])[fate]
    care = Care(customer, day, hour, channel, outcome, talk, effect, due, closed, fate)
    return _leave(plan, people, (care, recent), rng)


def _pulling(care: Care) -> Iterator[tuple[Ints, Ints, float]]:
    """The postings that pull: customer, day and weight of each kind."""
    promised, good = care.due >= 0, care.effect == STRENGTHENED
    for name, rows, on in (
        ("met_strengthened", good & (care.outcome == MET), care.day),
        ("call_strengthened", good & (care.outcome == REACHED) & (care.channel == 0), care.day),
        ("weakened", care.effect == WEAKENED, care.day),
        ("promise_kept", promised & (care.fate == TIMELY), care.closed),
        ("promise_late", promised & (care.fate == LATE), care.closed),
        ("promise_broken", promised & (care.fate == BROKEN), care.closed),
    ):
        yield care.customer[rows], on[rows], WEIGHTS[name]


def _leave(plan: Plan, people: People, cares: tuple[Care, Care], rng: np.random.Generator) -> Bonds:
    """Month by month: who leaves, by the pull of what was known then."""
    start, until = day_number(plan.start), day_number(plan.until)
    may = people.key & (plan.contacts is None)
    may[cast_rows(people)] = False
    left, pull = np.full(people.size, -1, dtype=np.int64), np.zeros(people.size)
    share = rng.uniform(0.38, 0.75, people.size)
    postings = [each for care in cares for each in _pulling(care)]
    for month in range(start + SETTLED, until - QUIET, 30):
        now = np.zeros(people.size)
        for who, on, weight in postings:
            known = on < month
            np.add.at(now, who[known], weight * 2.0 ** (-(month - on[known]) / HALF_LIFE))
        pull = np.where(left < 0, now, pull)
        chance = np.minimum(1 - np.exp(-HAZARD * np.exp(-now)), MOST_A_MONTH)
        goes = may & (left < 0) & (people.since < month - 90) & (rng.random(people.size) < chance)
        days = month + rng.integers(0, 28, people.size)
        left = np.where(goes, days - np.maximum((days + 3) % 7 - 4, 0), left)
    return Bonds(cares[0], left=left, share=share, pull=pull)


def taken(people: People, bonds: Bonds) -> tuple[Ints, Ints, Ints, Ints]:
    """The transfers of those who left: account, day, cents and which other bank."""
    rows = np.flatnonzero(bonds.left >= 0)
    share = bonds.share[rows]
    cents = (people.wealth[rows] * share / (1 - share)).astype(np.int64) // 1_000_000 * 1_000_000
    return rows, bonds.left[rows], -cents, 1 + rows % len(OTHER_BANKS)


def write_truth(people: People, bonds: Bonds, folder: Path) -> None:
    """Keep who left, when, with how much and under which pull, and the weights of the pull."""
    gone: Flags = bonds.left >= 0
    pq.write_table(
        pa.table({
            "customer": numbers_of(np.arange(people.size)), "left_on": dates(bonds.left, known=gone),
            "share": pa.array(bonds.share, mask=~gone), "pull": pa.array(bonds.pull),
        }), folder / "bonds.parquet",
    )  # fmt: skip
    pq.write_table(
        pa.table({"kind": words(list(WEIGHTS), np.arange(len(WEIGHTS))), "weight": pa.array(list(WEIGHTS.values()))}),
        folder / "bond_weights.parquet",
    )
