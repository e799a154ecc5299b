"""The money that moved: every posting on the current accounts, which add up to the balances to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from keybook.lake.contract import CHANNELS, TRANSACTION_KINDS
from keybook.simulate import words as w
from keybook.simulate.columns import Flags, Ints, codes, dates, day_number, money, words
from keybook.simulate.people import PENSIONER, People
from keybook.simulate.plan import Plan
from keybook.simulate.positions import FUND, INSURANCE, LOAN, METAL, RATES, TERM, WEALTH, Positions, holding_numbers
from keybook.simulate.stories import BELOW, DORMANT, FALLING, INFLOW, MOVED, POTENTIAL, SHOP, STOPPED, Stories

KIND = {kind: number for number, kind in enumerate(TRANSACTION_KINDS)}
BY = {channel: number for number, channel in enumerate(CHANNELS)}
PARTIES = (
    "",
    *w.EMPLOYERS,
    "Social Insurance Fund 社保基金",
    *w.SHOPS,
    *w.SUPPLIERS,
    *w.PAYERS,
    "own account 本人账户",
    "Keybook Demo Bank",
)
EMPLOYER, FUND_OFFICE = 1, 1 + len(w.EMPLOYERS)
SHOP_PARTY = FUND_OFFICE + 1
SUPPLIER = SHOP_PARTY + len(w.SHOPS)
PAYER = SUPPLIER + len(w.SUPPLIERS)
OWN, BANK = PAYER + len(w.PAYERS), PAYER + len(w.PAYERS) + 1
BANKS = (None, *w.OTHER_BANKS)
TEXTS = (
    "Salary 工资", "Pension 养老金", "Interest 利息", "Cash 现金", "Transfer 转账", "Card payment 刷卡消费", "Fee 手续费",
    "Loan payment 还款", "Purchase 购买", "Redemption 到期赎回", "Other 其他",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flow:
    """Some postings of one sort; scalars stand for a whole column."""

    account: Ints
    day: Ints
    cents: Ints
    kind: str
    channel: str
    party: Ints | int = 0
    bank: Ints | int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """All postings by account and day, with the balance after each."""

    account: NDArray[np.int32]
    day: NDArray[np.int32]
    cents: Ints
    after: Ints
    kind: NDArray[np.int8]
    channel: NDArray[np.int8]
    party: NDArray[np.int16]
    bank: NDArray[np.int8]


Taken = tuple[Ints, Ints, Ints, Ints]


def make_ledger(
    plan: Plan, people: People, positions: Positions, stories: Stories, taken: Taken, rng: np.random.Generator
) -> Ledger:
    """Draw all postings, sort them, and carry the balances so that the last is what the position says.

    `taken` is what those who left took along: account, day, cents, other bank.
    """
    flows = [
        *_regular(plan, people, stories, rng), *_spending(plan, people, rng),
        *_trades(plan, positions), *_loans(plan, positions), *_moves(plan, people, positions, rng), *_told(plan, stories),
        Flow(*taken[:3], "transfer", "web", OWN, taken[3]),
    ]  # fmt: skip
    start, until = day_number(plan.start), day_number(plan.until)
    account = np.concatenate([flow.account for flow in flows]).astype(np.int32)
    day = np.concatenate([flow.day for flow in flows]).astype(np.int32)
    cents = np.concatenate([flow.cents for flow in flows]).astype(np.int64)
    kind = _spread(flows, [KIND[flow.kind] for flow in flows], np.int8)
    channel = _spread(flows, [BY[flow.channel] for flow in flows], np.int8)
    party = _spread(flows, [flow.party for flow in flows], np.int16)
    bank = _spread(flows, [flow.bank for flow in flows], np.int8)
    keep = (day > start) & (day <= until) & (cents != 0) & (day >= people.since[account])
    keep &= ~((stories.story[account] == DORMANT) & (day > until - 190 - account % 60))
    order = np.flatnonzero(keep)
    order = order[np.argsort(account[order].astype(np.int64) << 20 | day[order], kind="stable")]
    account, cents = account[order], cents[order]
    return Ledger(
        account=account, day=day[order], cents=cents, after=_balances(account, cents, positions),
        kind=kind[order], channel=channel[order], party=party[order], bank=bank[order],
    )  # fmt: skip


def _spread(flows: list[Flow], values: list[Ints | int], kind: type[np.signedinteger]) -> NDArray[np.signedinteger]:
    """One value a posting from one (or one a posting) per flow."""
    parts = [
        np.broadcast_to(np.asarray(value, dtype=kind), len(flow.account))
        for flow, value in zip(flows, values, strict=True)
    ]
    together: NDArray[np.signedinteger] = np.concatenate(parts)
    return together


def _balances(account: NDArray[np.int32], cents: Ints, positions: Positions) -> Ints:
    """Balance after each posting; the last is today's, raised where an account would once have been overdrawn.

    The rise is written back into the positions, so that feed and postings agree.
    """
    if len(account) == 0:
        return cents
    total = np.cumsum(cents)
    first = np.flatnonzero(np.r_[True, account[1:] != account[:-1]])
    lengths = np.diff(np.r_[first, len(account)])
    before = total[first] - cents[first]
    running = total - np.repeat(before, lengths)
    lowest = np.minimum(np.minimum.reduceat(running, first), 0)
    owners = account[first]
    wanted = positions.value[owners] - running[first + lengths - 1]
    opening = np.maximum(wanted, 200_00 - lowest)
    after: Ints = running + np.repeat(opening, lengths)
    positions.value[owners] = after[first + lengths - 1]
    positions.amount[owners] = positions.value[owners]
    return after


def _workday(day: Ints) -> Ints:
    """The day itself, or the Friday before a weekend."""
    workday: Ints = day - np.maximum((day + 3) % 7 - 4, 0)
    return workday


def _months(plan: Plan) -> Ints:
    """The first days of the months in which income is written, the last being the one of the last day."""
    last = np.datetime64(plan.until, "M")
    return (last - np.arange(plan.incomes)[::-1]).astype("datetime64[D]").astype(np.int64)


def _regular(plan: Plan, people: People, stories: Stories, rng: np.random.Generator) -> Iterator[Flow]:
    """What comes in each month: salaries, pensions, and the turnover of those who live of it."""
    months, n = _months(plan), people.size
    until = day_number(plan.until)
    payday = rng.integers(4, 26, n)
    raised = 1 + 0.04 * (np.arange(len(months)) // 12)
    ends = np.where(stories.story == STOPPED, until - 47 - stories.ago, until + 1)
    for work, kind, party in ((0, "salary", EMPLOYER), (PENSIONER, "pension", FUND_OFFICE)):
        rows = np.flatnonzero(people.work == work)
        account = np.repeat(rows, len(months))
        day = _workday((months[None, :] + np.where(kind == "pension", 14, payday[rows])[:, None] - 0).ravel())
        amount = (people.income[rows][:, None] * raised[None, :]).astype(np.int64).ravel() // 100 * 100
        here = day <= ends[account]
        who = party + (account % len(w.EMPLOYERS) if kind == "salary" else 0)
        yield Flow(account[here], day[here], amount[here], kind, "other", np.broadcast_to(who, len(account))[here])
    rows = np.flatnonzero(people.work > PENSIONER)
    account = np.repeat(rows, len(months))
    day = _workday((months[None, :] + rng.integers(0, 28, (len(rows), len(months)))).ravel())
    amount = (people.income[account] * rng.lognormal(-0.05, 0.25, len(account))).astype(np.int64)
    amount = np.minimum(amount, 180_000_00)
    yield Flow(account, day, amount, "transfer", "web", PAYER + rng.integers(0, len(w.PAYERS), len(account)))


def _spending(plan: Plan, people: People, rng: np.random.Generator) -> Iterator[Flow]:
    """What goes out each month in shops, a little less than what comes in."""
    months = _months(plan)
    for flag, times in zip((False, True), plan.card_payments, strict=True):
        rows = np.flatnonzero(people.key == flag)
        shape = (len(rows), len(months), times)
        account = np.repeat(rows, len(months) * times)
        day = np.broadcast_to(months[None, :, None], shape).ravel() + rng.integers(0, 29, len(account))
        part = rng.gamma(4, 0.97 / 4 / times, len(account))
        amount = np.minimum((people.income[account] * part).astype(np.int64), 170_000_00)
        yield Flow(account, day, -amount, "card", "pos", SHOP_PARTY + rng.integers(0, len(w.SHOPS), len(account)))


def _trades(plan: Plan, positions: Positions) -> Iterator[Flow]:
    """Deposits and products come back to the account with interest, and are bought out of it: in this order on one day."""
    start = day_number(plan.start)
    kind = positions.kind
    traded = np.isin(kind, (TERM, FUND, WEALTH, INSURANCE, METAL))
    back = np.flatnonzero(traded & (positions.closed > start))
    yield Flow(positions.owner[back], positions.closed[back], positions.amount[back], "redemption", "other", BANK)
    days = positions.closed[back] - positions.opened[back]
    interest = (positions.amount[back] * (RATES[positions.product[back]] / 1e6) * days / 365).astype(np.int64)
    yield Flow(positions.owner[back], positions.closed[back], interest, "interest", "other", BANK)
    bought = np.flatnonzero(traded & (positions.opened > start))
    yield Flow(positions.owner[bought], positions.opened[bought], -positions.amount[bought], "purchase", "mobile", BANK)


def _loans(plan: Plan, positions: Positions) -> Iterator[Flow]:
    """Monthly payments on loans, and the last large one where the loan is repaid."""
    months = _months(plan)
    loan = np.flatnonzero(positions.kind == LOAN)
    account = np.repeat(positions.owner[loan], len(months))
    day = _workday(np.tile(months + 19, len(loan)))
    monthly = np.repeat(positions.amount[loan] // 120, len(months))
    end = np.repeat(np.where(positions.closed[loan] >= 0, positions.closed[loan], 2**40), len(months))
    here = (day < end) & (day >= np.repeat(positions.opened[loan], len(months)))
    yield Flow(account[here], day[here], -monthly[here], "loan", "other", BANK)
    paid = loan[positions.closed[loan] >= 0]
    yield Flow(positions.owner[paid], positions.closed[paid], -(positions.amount[paid] // 2), "loan", "branch", BANK)


def _moves(plan: Plan, people: People, positions: Positions, rng: np.random.Generator) -> Iterator[Flow]:
    """Older movements of key customers: money that came in to buy something, money that left, savings elsewhere."""
    start, until = day_number(plan.start), day_number(plan.until)
    fresh = ~positions.rolled & (positions.opened > start + 10) & (positions.opened < until - 45)
    fresh &= people.key[positions.owner] & np.isin(positions.kind, (TERM, WEALTH, FUND))
    bought = np.flatnonzero(fresh & (rng.random(len(fresh)) < 0.25))
    owner = positions.owner[bought]
    source = PAYER + owner % len(w.PAYERS)
    yield Flow(
        owner,
        _workday(positions.opened[bought] - 2),
        positions.amount[bought],
        "transfer",
        "web",
        source,
        1 + owner % 6,
    )
    key = np.flatnonzero(people.key & (rng.random(people.size) < 0.15))
    day = _workday(until - 45 - (rng.random(len(key)) * max(plan.days - 60, 1)).astype(np.int64))
    amount = (people.wealth[key] * rng.uniform(0.06, 0.25, len(key))).astype(np.int64) // 1_000_000 * 1_000_000
    yield Flow(key, day, -amount, "transfer", "mobile", OWN, 1 + rng.integers(0, len(w.OTHER_BANKS), len(key)))
    savers = np.flatnonzero(people.key & (rng.random(people.size) < 0.08))
    months = _months(plan)
    account = np.repeat(savers, len(months))
    regular = np.minimum(people.income[account] // 10 // 10_000 * 10_000, 5_000_00)
    yield Flow(account, _workday(np.tile(months + 9, len(savers))), -regular, "transfer", "web", OWN, 1 + account % 6)


def _told(plan: Plan, stories: Stories) -> Iterator[Flow]:
    """The traces of the stories of the last days."""
    until = day_number(plan.until)
    moved, day = stories.moved, _workday(until - stories.ago)
    rows = stories.rows(INFLOW)
    yield Flow(rows, day[rows], moved[rows], "transfer", "web", PAYER + rows % len(w.PAYERS), 1 + rows % 6)
    rows = stories.rows(SHOP)
    yield Flow(rows, day[rows], -moved[rows], "transfer", "branch", SUPPLIER + rows % len(w.SUPPLIERS))
    for story in (MOVED, BELOW):
        rows = stories.rows(story)
        yield Flow(rows, day[rows], -moved[rows], "transfer", "mobile", OWN, 1 + stories.bank[rows])
    rows = stories.rows(FALLING)
    part = np.minimum(stories.wealth[rows] // 8, 190_000_00) // 100_000 * 100_000
    for step in range(6):
        day_ = _workday(until - 2 - 4 * step - rows % 3)
        yield Flow(rows, day_, -part, "transfer", "web", SUPPLIER + (rows + step) % len(w.SUPPLIERS))
    rows = stories.rows(POTENTIAL)
    yield Flow(rows, day[rows], moved[rows], "transfer", "branch", PAYER + rows % len(w.PAYERS))


def balances_at(ledger: Ledger, positions: Positions, accounts: Ints, day: int) -> Ints:
    """Cents on these current accounts at the end of a day."""
    keys = ledger.account.astype(np.int64) << 20 | ledger.day
    spot = np.searchsorted(keys, (accounts << 20) | day, side="right") - 1
    spot_ok = (spot >= 0) & (ledger.account[np.maximum(spot, 0)] == accounts)
    first = np.searchsorted(ledger.account, accounts, side="left")
    has = (first < len(ledger.account)) & (ledger.account[np.minimum(first, len(ledger.account) - 1)] == accounts)
    first = np.minimum(first, len(ledger.account) - 1)
    opening = np.where(has, ledger.after[first] - ledger.cents[first], positions.value[accounts])
    return np.where(spot_ok, ledger.after[np.maximum(spot, 0)], opening)


def transaction_tables(ledger: Ledger, rows_at_once: int = 1_000_000) -> Iterator[pa.Table]:
    """The transaction feed in order of booking, a part at a time."""
    order = np.argsort(ledger.day, kind="stable")
    names = ("", *(party or None for party in PARTIES[1:]))
    for start in range(0, len(order), rows_at_once):
        part = order[start : start + rows_at_once]
        kind = ledger.kind[part].astype(np.int64)
        party = ledger.party[part].astype(np.int64)
        bank = ledger.bank[part].astype(np.int64)
        yield pa.table({
            "number": codes("T", np.arange(start, start + len(part)) + 1, 9),
            "holding": holding_numbers(ledger.account[part].astype(np.int64)),
            "booked_on": dates(ledger.day[part].astype(np.int64)), "amount": money(ledger.cents[part]),
            "kind": words(TRANSACTION_KINDS, kind), "channel": words(CHANNELS, ledger.channel[part].astype(np.int64)),
            "counterparty": words(names, party, known=party > 0), "counterparty_bank": words(BANKS, bank),
            "balance_after": money(ledger.after[part]), "text": words(TEXTS, kind),
        })  # fmt: skip


def savers_of(ledger: Ledger) -> Flags:
    """Which postings are the small regular ones to another bank."""
    small: Flags = (ledger.bank > 0) & (ledger.cents < 0) & (ledger.cents > -6_000_00)
    return small
