"""What the branches and the channels see: queue tickets, log-ins, standing orders."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keybook.simulate import words as w
from keybook.simulate.columns import codes, dates, day_number, moments, money, pick, words
from keybook.simulate.flows import Ledger, savers_of
from keybook.simulate.people import WESTERN, People
from keybook.simulate.plan import Plan
from keybook.simulate.positions import holding_numbers
from keybook.simulate.register import branch_code, numbers_of
from keybook.simulate.stories import DORMANT, Stories


def ticket_table(plan: Plan, people: People, rng: np.random.Generator) -> pa.Table:
    """Queue tickets of the last weeks, with the rush at ten and at two."""
    until = day_number(plan.until)
    days = until - np.arange(plan.lobby_days)[::-1]
    days = days[(days + 3) % 7 < 5]
    count = rng.integers(70, 140, (plan.branches, len(days)))
    branch = np.repeat(np.repeat(np.arange(plan.branches), len(days)), count.ravel())
    day = np.repeat(np.tile(days, plan.branches), count.ravel())
    rush = rng.random(len(day)) < 0.55
    hour = np.where(rush, rng.normal(10, 0.9, len(day)), rng.normal(14.4, 1.2, len(day)))
    taken = (np.clip(hour, 8.51, 16.9) * 3600).astype(np.int64)
    order = np.lexsort((taken, day, branch))
    branch, day, taken = branch[order], day[order], taken[order]
    first = np.flatnonzero(np.r_[True, (branch[1:] != branch[:-1]) | (day[1:] != day[:-1])])
    slip = np.arange(len(day)) - np.repeat(first, np.diff(np.r_[first, len(day)])) + 1
    vip = rng.random(len(day)) < 0.09
    wait = rng.gamma(1.6, np.where(vip, 240, 560))
    called = taken + wait.astype(np.int64)
    served = called + rng.gamma(2.2, 210, len(day)).astype(np.int64)
    local = [np.flatnonzero(people.branch == number) for number in range(plan.branches)]
    who = np.array([local[b][pickled % max(len(local[b]), 1)] if len(local[b]) else 0 for b, pickled in
                    zip(branch, rng.integers(0, 2**31, len(day)), strict=True)], dtype=np.int64)  # fmt: skip
    return pa.table({
        "branch": words([branch_code(b) for b in range(plan.branches)], branch), "number": codes("A", slip, 3),
        "taken_at": moments(day, taken), "called_at": moments(day, called), "served_at": moments(day, served),
        "counter": codes("", 1 + rng.integers(0, 6, len(day)), 1),
        "queue": words(["general", "vip"], vip.astype(np.int64)),
        "customer": _known(numbers_of(who), rng),
    })  # fmt: skip


def _known(numbers: pa.Array, rng: np.random.Generator) -> pa.Array:
    """Four in ten have shown a card or a phone number at the machine."""
    import pyarrow.compute as pc

    return pc.if_else(pa.array(rng.random(len(numbers)) < 0.4), numbers, pa.scalar(None, pa.string()))


def channel_event_table(plan: Plan, people: People, stories: Stories, rng: np.random.Generator) -> pa.Table:
    """Log-ins of the last half year; the dormant have none."""
    until = day_number(plan.until)
    mean = np.where(people.key, plan.log_ins[1], plan.log_ins[0]) * rng.gamma(1.5, 1 / 1.5, people.size)
    count = np.where(stories.story == DORMANT, 0, rng.poisson(mean))
    who = np.repeat(np.arange(people.size), count)
    day = until - rng.integers(0, 182, len(who))
    seconds = (np.clip(rng.normal(15, 4, len(who)), 6, 23.5) * 3600).astype(np.int64)
    order = np.lexsort((seconds, who, day))
    return pa.table({
        "customer": numbers_of(who[order]), "at": moments(day[order], seconds[order]),
        "channel": words(["mobile", "web", "phone"], pick(rng, [0.85, 0.12, 0.03], len(who))),
        "action": words(["login", "view", "apply", "complain"], pick(rng, [0.8, 0.16, 0.035, 0.005], len(who))),
    })  # fmt: skip


def standing_order_table(plan: Plan, people: People, ledger: Ledger, rng: np.random.Generator) -> pa.Table:
    """The orders behind the regular savings at other banks, and household payments of some."""
    postings = np.flatnonzero(savers_of(ledger))
    savers, where_ = np.unique(ledger.account[postings], return_index=True)
    rows = postings[where_]
    house = np.flatnonzero(people.key & ~people.company & (rng.random(people.size) < 0.3))
    account = np.r_[savers.astype(np.int64), house]
    amount = np.r_[-ledger.cents[rows], people.income[house] // 8 // 10_000 * 10_000]
    bank = np.r_[ledger.bank[rows].astype(np.int64), np.zeros(len(house), dtype=np.int64)]
    lets = np.where(people.world[account] == WESTERN, 0, 1)
    return pa.table({
        "number": codes("S", np.arange(len(account)) + 1, 7), "holding": holding_numbers(account),
        "amount": money(amount), "every": words(["month"], account * 0),
        "kind": words(["household", "savings"], (bank > 0).astype(np.int64)),
        "counterparty": words(["Property management", "物业管理", "own account 本人账户"], np.where(bank > 0, 2, lets)),
        "counterparty_bank": words([None, *w.OTHER_BANKS], bank),
        "from_date": dates(np.full(len(account), day_number(plan.start))),
    })  # fmt: skip
