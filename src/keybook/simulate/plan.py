"""How large a bank to make, and how fine: every number that shapes a simulated bank stands here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol


class PlanError(ValueError):
    """There can be no such bank; the sentence says why."""


class Progress(Protocol):
    """Is told after each step of the work: its name, how many are done, of how many."""

    def __call__(self, step: str, done: int, total: int, /) -> None:
        """Say that `done` of `total` steps are done, the last one being `step`."""


def silent(_step: str, _done: int, _total: int, /) -> None:
    """Tell nobody how far the work has come."""


FEWEST = 100
GOLD, PLATINUM, PRIVATE = 300_000_00, 1_000_000_00, 6_000_000_00  # fen: where the tiers begin


@dataclass(frozen=True, slots=True)
class Plan:
    """One bank to be made; the same plan gives the same bytes."""

    seed: int
    customers: int
    key: int
    until: date
    days: int = 730
    branches: int = 5
    rms: int = 24
    card_payments: tuple[int, int] = (1, 4)  # a month: of the many, of the key customers
    incomes: int = 24  # months of regular income written as transactions
    balance_months: int = 24
    lobby_days: int = 45
    log_ins: tuple[int, int] = (4, 24)  # in the last half year: of the many, of the key customers
    contacts: int | None = None  # of each key customer in the history; by their tier when not given
    stories: float = 0.11  # share of key customers to whom something happens in the last days

    def __post_init__(self) -> None:
        """Refuse a bank that cannot be."""
        if self.seed < 0:
            raise PlanError("The seed must be 0 or more.")
        if self.customers < FEWEST or not 0 < self.key <= self.customers:
            raise PlanError(
                f"A bank needs at least {FEWEST} customers, some of them and not more than all of them key."
            )
        if self.days < 365:
            raise PlanError("The bank must go back at least one year.")

    @property
    def start(self) -> date:
        """The first day of the bank's record."""
        return self.until - timedelta(days=self.days)


def demo_plan(*, seed: int, customers: int, until: date, years: int = 2) -> Plan:
    """A bank as it is: twelve customers in a hundred are key, a hundred of these to each relationship manager."""
    key = round(customers * 0.12)
    rms = max(2, round(key / 100))
    months = years * 12
    return Plan(
        seed=seed, customers=customers, key=key, until=until, days=365 * years, rms=rms,
        branches=max(2, min(40, round(rms / 5))), incomes=months, balance_months=months,
    )  # fmt: skip


def big_plan(*, seed: int, customers: int, until: date, key: int | None = None, per_customer: int = 10) -> Plan:
    """A bank for benchmarks: as many customers as you like, a tenth of them key, `per_customer` transactions each."""
    key = customers // 10 if key is None else key
    rms = max(2, key // 400)
    months = max(1, per_customer // 2)
    return Plan(
        seed=seed, customers=customers, key=key, until=until, days=365, rms=rms, branches=max(2, min(40, rms // 6)),
        card_payments=(1, 1), incomes=months, balance_months=3, lobby_days=5, log_ins=(0, 3), stories=0.10, contacts=10,
    )  # fmt: skip
