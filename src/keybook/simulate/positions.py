"""What the customers hold: accounts, deposits that roll, products, loans and cards, with their values over time."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from keybook.lake.contract import HOLDING_KINDS
from keybook.simulate.columns import Flags, Floats, Ints, codes, dates, day_number, money, pick, rates, words
from keybook.simulate.people import GOLD_T, People
from keybook.simulate.plan import Plan
from keybook.simulate.register import numbers_of
from keybook.simulate.stories import BOUGHT, DORMANT, IDLE, INFLOW, PAID, POTENTIAL, Stories

CURRENT, TERM, FUND, WEALTH, INSURANCE, METAL, LOAN, CARD = (
    HOLDING_KINDS.index(kind)
    for kind in ("current", "term_deposit", "fund", "wealth", "insurance", "metal", "loan", "card")
)
NEVER = -1


class Product(NamedTuple):
    """One product on the shelf; rates in millionths a year, the minimum in yuan."""

    code: str
    name: str
    name_zh: str
    kind: int
    risk: str
    term: int
    low: int
    high: int
    minimum: int


PRODUCTS = (
    Product("CA", "Current account", "活期账户", CURRENT, "R1", 0, 1_000, 1_000, 0),
    Product("TD3", "Term deposit, 3 months", "定期存款 3个月", TERM, "R1", 90, 12_500, 12_500, 50),
    Product("TD6", "Term deposit, 6 months", "定期存款 6个月", TERM, "R1", 180, 14_500, 14_500, 50),
    Product("TD12", "Term deposit, 12 months", "定期存款 12个月", TERM, "R1", 365, 17_500, 17_500, 50),
    Product("TD24", "Term deposit, 24 months", "定期存款 24个月", TERM, "R1", 730, 21_000, 21_000, 50),
    Product("SI90", "Steady Income 90", "稳盈 90 天", WEALTH, "R2", 90, 28_000, 32_000, 10_000),
    Product("SI180", "Steady Income 180", "稳盈 180 天", WEALTH, "R2", 180, 30_000, 34_000, 10_000),
    Product("GR365", "Growth Plus 365", "增利 365 天", WEALTH, "R3", 365, 33_000, 42_000, 50_000),
    Product("FB", "Pure Bond Fund", "纯债基金", FUND, "R2", 0, 20_000, 40_000, 100),
    Product("FM", "Balanced Fund", "平衡混合基金", FUND, "R3", 0, -50_000, 90_000, 100),
    Product("FE", "Equity Select Fund", "精选股票基金", FUND, "R4", 0, -150_000, 180_000, 100),
    Product("IA", "Pension Annuity", "养老年金险", INSURANCE, "R1", 0, 25_000, 25_000, 10_000),
    Product("IL", "Whole Life", "终身寿险", INSURANCE, "R1", 0, 22_000, 22_000, 10_000),
    Product("AU", "Accumulated Gold", "积存金", METAL, "R3", 0, -80_000, 150_000, 1_000),
    Product("HM", "Home mortgage", "住房按揭", LOAN, "R1", 0, 38_000, 38_000, 0),
    Product("BL", "Business loan", "经营贷款", LOAN, "R1", 0, 42_000, 42_000, 0),
    Product("CC", "Platinum credit card", "白金信用卡", CARD, "R1", 0, 0, 0, 0),
)
OF = {product.code: number for number, product in enumerate(PRODUCTS)}
TERMS = np.array([product.term for product in PRODUCTS])
RATES = np.array([(product.low + product.high) // 2 for product in PRODUCTS])
KIND_OF = np.array([product.kind for product in PRODUCTS])


@dataclass(frozen=True, slots=True)
class Positions:
    """The holdings, one array a trait; row i below `customers` is the current account of customer i."""

    owner: Ints
    product: Ints
    opened: Ints
    closed: Ints  # NEVER while open
    matures: Ints  # NEVER if open-ended
    amount: Ints  # cents: principal or limit
    value: Ints  # cents on the last day; negative for what is owed
    rolled: Flags  # bought with the money of the deposit before it

    @property
    def kind(self) -> Ints:
        """Index into the contract's kinds of holding."""
        return KIND_OF[self.product]


class Block(NamedTuple):
    """Some holdings of one sort, before all are put together."""

    owner: Ints
    product: Ints
    opened: Ints
    closed: Ints
    matures: Ints
    amount: Ints
    value: Ints
    rolled: Flags


def product_table(plan: Plan) -> pa.Table:
    """The product feed."""
    return pa.Table.from_pylist([
        {"code": p.code, "name": p.name, "name_zh": p.name_zh, "kind": HOLDING_KINDS[p.kind], "risk": p.risk,
         "term_days": p.term or None, "yield_low": p.low / 1e6, "yield_high": p.high / 1e6, "minimum": p.minimum,
         "currency": "CNY", "sale_from": plan.start, "sale_until": None}
        for p in PRODUCTS
    ])  # fmt: skip


def make_positions(plan: Plan, people: People, stories: Stories, rng: np.random.Generator) -> Positions:
    """Spread each customer's wealth over an account, deposits and products, and add loans and cards."""
    until = day_number(plan.until)
    cash = _cash(people, stories, rng)
    rest = np.maximum(stories.wealth - cash, 0)
    share = _shares(people, stories, rng)
    rows = np.arange(people.size)
    blocks = [Block(rows, np.full(people.size, OF["CA"]), people.since, *_open(rows), cash, cash, rows < 0)]
    deposits = (rest * share[:, 0]).astype(np.int64)
    blocks += _deposits(plan, people, stories, deposits, rng)
    for column, choices in ((1, ("SI90", "SI180", "GR365")), (2, ("FB", "FM", "FE")), (3, ("IA", "IL")), (4, ("AU",))):
        amount = (rest * share[:, column]).astype(np.int64) // 100_000 * 100_000
        blocks.append(_products(until, amount, np.array([OF[code] for code in choices]), stories, rng))
    blocks += [_loans(until, people, stories, rng), _cards(until, people, rng)]
    kept = [np.concatenate(parts) for parts in zip(*blocks, strict=True)]
    short = stories.wealth - np.bincount(kept[0], np.where(_counts(kept[1]), kept[6], 0), people.size).astype(np.int64)
    kept[5][: people.size] += np.maximum(short, 0)  # what rounding left lies on the account
    kept[6][: people.size] = kept[5][: people.size]
    np.minimum.at(people.since, kept[0], kept[2])  # nobody holds anything before being a customer
    kept[2][: people.size] = people.since
    return Positions(**dict(zip([field.name for field in fields(Positions)], kept, strict=True)))


def _counts(product: Ints) -> Flags:
    """Which holdings are assets (a loan and a card are not)."""
    kind = KIND_OF[product]
    asset: Flags = (kind != LOAN) & (kind != CARD)
    return asset


def _open(rows: Ints) -> tuple[Ints, Ints]:
    """Never closed, never matures."""
    return np.full(len(rows), NEVER), np.full(len(rows), NEVER)


def _cash(people: People, stories: Stories, rng: np.random.Generator) -> Ints:
    """Cents on the current account on the last day: little at the key customers, save where it lies idle."""
    n = people.size
    wealth = stories.wealth
    cash = np.minimum(rng.integers(15_000_00, 150_000_00, n), wealth // 3)
    cash = np.where(people.company, np.minimum(people.income * 2 // 3, wealth // 2), cash)
    cash = np.where(
        stories.story == IDLE, np.maximum(people.income + 230_000_00, (wealth * 0.35).astype(np.int64)), cash
    )
    cash = np.where(stories.story == INFLOW, stories.moved + 20_000_00, cash)
    cash = np.where(stories.story == POTENTIAL, wealth, cash)
    return np.where(people.key, np.minimum(cash, wealth), np.where(rng.random(n) < 0.6, wealth, cash))


def _shares(people: People, stories: Stories, rng: np.random.Generator) -> Floats:
    """What part of the rest goes into deposits, wealth products, funds, insurance and metal."""
    n = people.size
    weights = np.array([0.48, 0.27, 0.12, 0.09, 0.04]) * rng.lognormal(0, 0.5, (n, 5))
    likely = np.array([0.86, 0.60, 0.38, 0.28, 0.14])
    has = rng.random((n, 5)) < np.where(people.key[:, None], likely, likely * 0.55)
    has[stories.story == BOUGHT, 1] = True
    has[stories.story == DORMANT, 1] = False
    has[:, 0] |= ~has.any(axis=1)
    weights *= has
    share: Floats = weights / weights.sum(axis=1, keepdims=True)
    return share


def _deposits(plan: Plan, people: People, stories: Stories, total: Ints, rng: np.random.Generator) -> list[Block]:
    """One to four term deposits a customer, each the last of a chain that has rolled over the years."""
    n = people.size
    count = np.where(people.key, 1 + (rng.random(n) < 0.25 * people.tier) + (people.tier > GOLD_T), 1)
    blocks: list[Block] = []
    for slot in range(3):
        rows = np.flatnonzero((count > slot) & (total >= 1_000_00))
        amount = total[rows] // count[rows] // 100_000 * 100_000
        rows, amount = rows[amount > 0], amount[amount > 0]
        blocks += _chain(plan, rows, amount, stories.story[rows] == DORMANT, rng)
    return blocks


def _chain(plan: Plan, rows: Ints, amount: Ints, quiet: Flags, rng: np.random.Generator) -> list[Block]:
    """The open deposits of these customers and, for most, the ones they were rolled from."""
    until = day_number(plan.until)
    product = OF["TD3"] + pick(rng, [0.12, 0.25, 0.45, 0.18], len(rows))
    product = np.where(quiet, OF["TD24"], product)
    term = TERMS[product]
    opened = until - 15 - (rng.random(len(rows)) * (term - 16)).astype(np.int64)
    soon = (opened + term <= until + 32) & (rng.random(len(rows)) < 0.72)
    opened = np.where(soon, until - 15 - (rng.random(len(rows)) * (term - 50)).astype(np.int64), opened)
    opened = np.where(quiet, until - 380 - rng.integers(0, 250, len(rows)), opened)
    rolls = (rng.random(len(rows)) < 0.7) & ~quiet
    none = np.full(len(rows), NEVER)
    blocks = [Block(rows, product, opened, none, opened + term, amount, amount, rolls)]
    start = day_number(plan.start)
    while len(rows):
        again = rolls & (opened > start)
        rows, product, amount, term = rows[again], product[again], amount[again], term[again]
        matured = opened[again]
        opened = matured - term
        rolls = rng.random(len(rows)) < 0.85
        blocks.append(Block(rows, product, opened, matured, matured, amount, amount * 0, rolls))
    return blocks


def _products(until: int, value: Ints, choices: Ints, stories: Stories, rng: np.random.Generator) -> Block:
    """Wealth products, funds, insurance or metal of that value today."""
    rows = np.flatnonzero(value >= 10_000_00)
    value = value[rows]
    product = choices[rng.integers(0, len(choices), len(rows))]
    term = TERMS[product]
    age = np.where(term > 0, 16 + rng.random(len(rows)) * np.maximum(term - 60, 10), rng.integers(20, 1100, len(rows)))
    bought = (stories.story[rows] == BOUGHT) & (KIND_OF[product] == WEALTH)
    age = np.where(bought, stories.ago[rows], age).astype(np.int64)
    opened = until - age
    amount = (value / (1 + RATES[product] / 1e6 * age / 365)).astype(np.int64) // 100_000 * 100_000
    matures = np.where(term > 0, opened + term, NEVER)
    return Block(rows, product, opened, np.full(len(rows), NEVER), matures, amount, value, rows < 0)


def _loans(until: int, people: People, stories: Stories, rng: np.random.Generator) -> Block:
    """Mortgages and business loans, some way repaid; those of the story are repaid in full."""
    n = people.size
    paid = stories.story == PAID
    has = (rng.random(n) < np.where(people.key, 0.14, 0.06)) & (people.born < until - 25 * 365) | paid
    rows = np.flatnonzero(has | (people.company & (rng.random(n) < 0.2)))
    amount = (people.income[rows] * rng.uniform(20, 60, len(rows))).astype(np.int64) // 1_000_000 * 1_000_000
    amount = np.maximum(amount, 80_000_00)
    age = rng.integers(400, 3000, len(rows))
    left = np.where(paid[rows], 0.0, 1 - age / 5475)
    closed = np.where(paid[rows], until - stories.ago[rows], NEVER)
    opened = until - age
    product = np.where(people.company[rows], OF["BL"], OF["HM"])
    return Block(rows, product, opened, closed, opened + 5475, amount, -(amount * left).astype(np.int64), rows < 0)


def _cards(until: int, people: People, rng: np.random.Generator) -> Block:
    """Credit cards with what was spent on them this month."""
    n = people.size
    rows = np.flatnonzero(~people.company & (rng.random(n) < np.where(people.key, 0.5, 0.1)))
    limit = np.maximum(people.income[rows] * 3 // 1_000_000 * 1_000_000, 20_000_00)
    spent = (people.income[rows] * rng.uniform(0, 0.4, len(rows))).astype(np.int64)
    opened = until - rng.integers(60, 2500, len(rows))
    return Block(rows, np.full(len(rows), OF["CC"]), opened, *_open(rows), limit, -spent, rows < 0)


def holding_numbers(rows: Ints) -> pa.Array:
    """The numbers of these holdings."""
    return codes("A", rows + 1, 9)


def holding_table(positions: Positions, rng: np.random.Generator) -> pa.Table:
    """The holding feed."""
    n = len(positions.owner)
    kind = positions.kind
    deposit = kind == TERM
    asked = pick(rng, [0.55, 0.2, 0.25], n)
    return pa.table({
        "number": holding_numbers(np.arange(n)), "customer": numbers_of(positions.owner),
        "kind": words(HOLDING_KINDS, kind), "product": words([p.code for p in PRODUCTS], positions.product),
        "name": words([p.name for p in PRODUCTS], positions.product),
        "currency": words(["CNY"], np.zeros(n, dtype=np.int64)), "opened_on": dates(positions.opened),
        "closed_on": dates(positions.closed, known=positions.closed >= 0),
        "matures_on": dates(positions.matures, known=positions.matures >= 0),
        "rate": rates(RATES[positions.product]), "amount": money(positions.amount), "balance": money(positions.value),
        "instruction": words(["roll", "pay_out", "ask"], asked, known=deposit),
    })  # fmt: skip


def value_on(positions: Positions, rows: Ints, day: int, until: int) -> Ints:
    """Cents of these holdings (not current accounts) at the end of a day, on a straight line to today's value."""
    opened, closed = positions.opened[rows], positions.closed[rows]
    here = (opened <= day) & ((closed < 0) | (closed > day))
    amount, value = positions.amount[rows], positions.value[rows]
    kind = positions.kind[rows]
    first = np.where(kind == LOAN, -amount, amount)
    last = np.where(closed >= 0, np.where(kind == LOAN, -(amount // 2), amount), value)
    end = np.where(closed >= 0, closed, until)
    part = np.clip((day - opened) / np.maximum(end - opened, 1), 0, 1)
    grown = np.where(kind == CARD, value, (first + (last - first) * part).astype(np.int64))
    return np.where(here, grown, 0)
