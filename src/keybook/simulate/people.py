"""Who the customers are: kind, age, family, wealth, work, branch and banker, before any of them has a name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keybook.simulate.columns import Flags, Floats, Ints, day_number, pick
from keybook.simulate.plan import GOLD, PLATINUM, PRIVATE, Plan

CHINESE, WESTERN, UYGHUR = 0, 1, 2
EMPLOYEE, PENSIONER, OWNER, PRIVATE_MEANS, COMPANY = 0, 1, 2, 3, 4
ALONE, SPOUSE, CHILD, PARENT = 0, 1, 2, 3

MASS_T, GOLD_T, PLATINUM_T, PRIVATE_T = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class People:
    """The customers, one array a trait; row i is customer i everywhere."""

    company: Flags
    world: Ints  # CHINESE, WESTERN or UYGHUR
    woman: Flags
    born: Ints
    tier: Ints
    wealth: Ints  # cents, all assets here on the last day
    elsewhere: Ints  # cents, assets at other banks: the latent truth
    work: Ints
    branch: Ints
    rm: Ints  # -1 when the bank has named none
    since: Ints
    head: Ints  # the family head's row, or the owner's of a company
    place: Ints  # ALONE, SPOUSE, CHILD, PARENT of the head
    income: Ints  # cents a month

    @property
    def size(self) -> int:
        """How many customers."""
        return len(self.born)

    @property
    def key(self) -> Flags:
        """Which of them are key customers."""
        return self.tier > MASS_T


def make_people(plan: Plan, rng: np.random.Generator) -> People:
    """Draw the customers of the plan."""
    n = plan.customers
    tier = _tiers(plan, rng)
    key = tier > MASS_T
    rm = np.full(n, -1, dtype=np.int64)
    rm[rng.permutation(np.flatnonzero(key))] = np.arange(int(key.sum())) % plan.rms
    branch = np.where(rm >= 0, rm % plan.branches, rng.integers(0, plan.branches, n))
    company = rng.random(n) < np.where(tier >= PLATINUM_T, 0.10, 0.04)
    world = pick(rng, [0.80, 0.175, 0.025], n)
    age = _ages(rng, tier, company)
    work = _work(rng, age, company, tier)
    woman = rng.random(n) < 0.5
    head, place = _families(rng, np.where(company, -1, branch * 3 + world))
    woman, age = _fit_family(rng, woman, age, head, place, key)
    work = np.where(place != ALONE, _work(rng, age, company, tier), work)
    head, work = _give_owners(rng, company, branch, head, work)
    wealth = _wealth(rng, tier)
    until = day_number(plan.until)
    born = until - age * 365 - age // 4 - rng.integers(0, 365, n)
    since = np.maximum(until - rng.integers(400, 365 * 15, n), born)
    return People(
        company=company, world=world, woman=woman, born=born, tier=tier, wealth=wealth,
        elsewhere=(wealth * rng.lognormal(-0.9, 0.9, n)).astype(np.int64), work=work, branch=branch, rm=rm,
        since=since, head=head, place=place, income=_income(rng, tier, work),
    )  # fmt: skip


def _tiers(plan: Plan, rng: np.random.Generator) -> Ints:
    """Exactly as many key customers as planned: 73 % gold, 23 % platinum, 4 % private."""
    tier = np.zeros(plan.customers, dtype=np.int64)
    private, platinum = round(plan.key * 0.042), round(plan.key * 0.229)
    who = rng.permutation(plan.customers)[: plan.key]
    tier[who] = GOLD_T
    tier[who[: private + platinum]] = PLATINUM_T
    tier[who[:private]] = PRIVATE_T
    return tier


def _wealth(rng: np.random.Generator, tier: Ints) -> Ints:
    """Cents: log-normal for the many, a heavy (Pareto) tail within each tier of key customers."""
    n = len(tier)
    mass = np.minimum(np.exp(rng.normal(np.log(18_000_00), 1.3, n)), 210_000_00)
    bounds = {
        GOLD_T: (GOLD, PLATINUM, 1.1),
        PLATINUM_T: (PLATINUM, PRIVATE, 1.2),
        PRIVATE_T: (PRIVATE, 30 * PRIVATE, 1.4),
    }
    wealth = mass
    uniform = rng.random(n)
    for number, (low, high, alpha) in bounds.items():
        inside = 1.04 * low * (1 - uniform * (1 - (low * 1.1 / high) ** alpha)) ** (-1 / alpha)
        wealth = np.where(tier == number, inside, wealth)
    return wealth.astype(np.int64)


def _ages(rng: np.random.Generator, tier: Ints, company: Flags) -> Ints:
    """Whole years: customers 20–88, the richer older; companies 1–30."""
    n = len(tier)
    person = 20 + 68 * rng.beta(2.0 + 0.6 * tier, 2.8, n)
    return np.where(company, rng.integers(1, 30, n), person).astype(np.int64)


def _work(rng: np.random.Generator, age: Ints, company: Flags, tier: Ints) -> Ints:
    """What they live of."""
    owner = rng.random(len(age)) < np.array([0.08, 0.22, 0.32, 0.5])[tier]
    idle = rng.random(len(age)) < 0.08
    work = np.where(idle, PRIVATE_MEANS, np.where(owner, OWNER, EMPLOYEE))
    work = np.where((age >= 60) & (rng.random(len(age)) < 0.92), PENSIONER, work)
    return np.where(company, COMPANY, work)


def _income(rng: np.random.Generator, tier: Ints, work: Ints) -> Ints:
    """Cents a month that come in regularly (a company's turnover)."""
    middle = np.array([7_500.0, 17_000.0, 34_000.0, 90_000.0])[tier]
    factor = np.array([1.0, 0.55, 1.3, 0.4, 5.0])[work]
    yuan: Ints = (middle * factor * rng.lognormal(0, 0.35, len(tier))).astype(np.int64) // 10 * 10
    return yuan * 100


def _families(rng: np.random.Generator, group: Ints) -> tuple[Ints, Ints]:
    """Put neighbours of one branch and world into families: the head's row and the place in the family."""
    n = len(group)
    order = np.lexsort((rng.random(n), group))
    sizes = 1 + pick(rng, [0.70, 0.18, 0.10, 0.02], n)
    family = np.repeat(np.arange(n), sizes)[:n]
    first = np.searchsorted(family, family, side="left")  # position of the family's head
    place_sorted = np.arange(n) - first
    head_sorted = order[first]
    member = order
    broken = (group[member] != group[head_sorted]) | (group[member] < 0)
    head = np.empty(n, dtype=np.int64)
    place = np.empty(n, dtype=np.int64)
    head[member] = np.where(broken, member, head_sorted)
    place[member] = np.where(broken, ALONE, place_sorted)
    return head, place


def _fit_family(
    rng: np.random.Generator, woman: Flags, age: Ints, head: Ints, place: Ints, key: Flags
) -> tuple[Flags, Ints]:
    """A husband and a wife of like age; children a generation younger (grown, if they are key), parents one older."""
    n = len(age)
    middle = np.clip(age, 30, 66)
    has_family = np.bincount(head, minlength=n) > 1
    age = np.where(has_family & (place == ALONE), middle, age)
    woman = np.where(place == SPOUSE, ~woman[head], woman)
    near = age[head] + rng.integers(-5, 6, n)
    age = np.where(place == SPOUSE, near, age)
    age = np.where(place == CHILD, np.maximum(age[head] - rng.integers(23, 36, n), np.where(key, 24, 16)), age)
    age = np.where(place == PARENT, np.minimum(age[head] + rng.integers(22, 34, n), 95), age)
    return woman, age


def _give_owners(rng: np.random.Generator, company: Flags, branch: Ints, head: Ints, work: Ints) -> tuple[Ints, Ints]:
    """Each company belongs to a person of the same branch, who then lives of it."""
    head, work = head.copy(), work.copy()
    for number in range(int(branch.max()) + 1):
        firms = np.flatnonzero(company & (branch == number))
        people = np.flatnonzero(~company & (branch == number) & ((work == OWNER) | (work == EMPLOYEE)))
        if len(people) == 0:
            continue
        owners = rng.choice(people, size=len(firms), replace=len(people) < len(firms))
        head[firms] = owners
        work[owners] = OWNER
    return head, work


def ages_on(people: People, day: int) -> Floats:
    """Years of age on a day."""
    return (day - people.born) / 365.25
