"""What happens to a few customers in the last days: the causes whose traces the signals should find."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keybook.simulate.columns import Ints, pick
from keybook.simulate.people import EMPLOYEE, MASS_T, PENSIONER, PLATINUM_T, People
from keybook.simulate.plan import GOLD, PLATINUM, PRIVATE, Plan
from keybook.simulate.register import cast_rows

NONE, INFLOW, SHOP, MOVED, FALLING, STOPPED, IDLE, DORMANT, RISK, NEAR, BELOW, PAID, BOUGHT, POTENTIAL = range(14)
NAMES = (
    "", "inflow", "shop_opened", "moved_to_another_bank", "falling", "income_stopped", "idle_cash", "dormant",
    "risk_profile_expiring", "near_next_tier", "below_tier", "loan_paid_off", "product_bought", "first_large_deposit",
)  # fmt: skip
WEIGHTS = (0, 10, 8, 16, 8, 8, 10, 8, 9, 8, 6, 5, 8, 0)
CAST_STORIES = (MOVED, RISK, IDLE, NEAR, STOPPED, IDLE, INFLOW, DORMANT, PAID)


@dataclass(frozen=True, slots=True)
class Stories:
    """The story of each customer: when (days before the end), which other bank, how much moved, the wealth after."""

    story: Ints
    ago: Ints
    bank: Ints
    moved: Ints  # cents
    wealth: Ints  # cents

    def rows(self, story: int) -> Ints:
        """The customers of one story."""
        return np.flatnonzero(self.story == story)


def make_stories(plan: Plan, people: People, rng: np.random.Generator) -> Stories:
    """Choose who lives through what, and bend their wealth where the story needs it."""
    n = people.size
    story = np.where(people.key & (rng.random(n) < plan.stories), pick(rng, WEIGHTS, n), NONE)
    earns = (people.work == EMPLOYEE) | (people.work == PENSIONER)
    story = np.where((story == STOPPED) & ~earns, INFLOW, story)
    story = np.where((story == NEAR) & (people.tier > PLATINUM_T), IDLE, story)
    story = np.where(story == BELOW, MOVED, story)
    story = np.where((story > NONE) & (people.tier == PLATINUM_T) & (rng.random(n) < 0.15), BELOW, story)
    story[cast_rows(people)] = CAST_STORIES[: len(cast_rows(people))]
    small = np.flatnonzero((people.tier == MASS_T) & ~people.company & (people.wealth < GOLD // 4))
    story[rng.permutation(small)[: max(2, plan.key // 100)]] = POTENTIAL
    ago = np.minimum(1 + rng.exponential(5, n).astype(np.int64), 12)
    wealth = people.wealth.copy()
    near = story == NEAR
    following = np.array([GOLD, PLATINUM, PRIVATE, PRIVATE])[people.tier]
    wealth = np.where(near, (following * rng.uniform(0.957, 0.995, n)).astype(np.int64), wealth)
    entered = np.array([0, GOLD, PLATINUM, PRIVATE])[people.tier]
    wealth = np.where(story == BELOW, (entered * rng.uniform(0.76, 0.87, n)).astype(np.int64), wealth)
    wealth = np.where(story == POTENTIAL, rng.integers(130_000_00, 240_000_00, n), wealth)
    moved = np.maximum((wealth * rng.uniform(0.18, 0.42, n)).astype(np.int64) // 1_000_000 * 1_000_000, 210_000_00)
    moved = np.where(story == BELOW, wealth * 35 // 100, moved)
    moved = np.where(story == POTENTIAL, wealth * 7 // 10, moved)
    bank = pick(rng, [30, 22, 15, 13, 12, 8], n)
    return Stories(story=story, ago=ago, bank=bank, moved=moved, wealth=wealth)
