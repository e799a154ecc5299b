"""Gifts to customers: what is within the limits, what a second person decides, what is refused, what would be a repetition.

A gift counts against four limits: by itself, and with everything given or planned within the rolling year before it, to
the customer, to the household, and by the banker. One limit passed is enough for a second person to decide. For a public
official each limit is zero. Money and what is as good as money is refused whoever decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

RULE_VERSION = "gifts/1"
Measure = Literal["gift", "customer", "household", "banker"]
MEASURES: tuple[Measure, ...] = ("gift", "customer", "household", "banker")
ZERO = Decimal(0)
FEBRUARY, LEAP_DAY = 2, 29
CASH_LIKE = re.compile(
    r"\bcash\b|\bmoney\b|gift ?cards?\b|\bvouchers?\b|prepaid|red (?:packet|envelope)s?|\bcoupons?\b|store credit|bitcoin"
    r"|现金|現金|红包|紅包|礼金|禮金|购物卡|購物卡|购物券|储值卡|儲值卡|礼品卡|禮品卡|代金券|转账|轉賬|加油卡|金条|金條",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[a-z]{3,}|[\u3400-\u9fff]")
SAME = 0.6
"""The share of words two descriptions have in common from which they mean the same thing (Jaccard, 1912)."""


class GiftError(ValueError):
    """A gift that cannot be: the sentence says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The bank's limits in its own currency, and their version."""

    per_gift: Decimal
    per_customer: Decimal
    per_household: Decimal
    per_banker: Decimal
    version: str = RULE_VERSION

    def of(self, measure: Measure, *, official: bool) -> Decimal:
        """The limit of one measure; none at all for a public official, but for what the banker gives in all."""
        if official and measure != "banker":
            return ZERO
        return {
            "gift": self.per_gift, "customer": self.per_customer, "household": self.per_household,
            "banker": self.per_banker,
        }[measure]  # fmt: skip


class Meter(NamedTuple):
    """How much of one limit is used: before this gift, by it, and the limit."""

    measure: Measure
    before: Decimal
    this: Decimal
    limit: Decimal

    @property
    def over(self) -> Decimal:
        """The part beyond the limit; zero inside it."""
        return max(ZERO, self.before + self.this - self.limit)

    @property
    def left(self) -> Decimal:
        """What would be left after this gift; zero beyond the limit."""
        return max(ZERO, self.limit - self.before - self.this)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the limits say of a gift: its four meters, and whether a second person decides."""

    meters: tuple[Meter, ...]
    official: bool
    rule_version: str

    @property
    def over(self) -> tuple[Meter, ...]:
        """The limits it passes, the largest excess first."""
        return tuple(sorted((meter for meter in self.meters if meter.over), key=lambda meter: -meter.over))

    @property
    def needs_second(self) -> bool:
        """Whether somebody else has to decide before it may be given."""
        return bool(self.over)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A gift of before: when, what, for which occasion."""

    on: date
    text: str
    category: str
    occasion: str


def verdict(*, value: Decimal, before: Mapping[Measure, Decimal], official: bool, limits: Limits) -> Verdict:
    """Hold a gift of this value against the limits; `before` is what the rolling year holds already, by measure."""
    if value <= 0:
        raise GiftError("A gift has a value above zero.")
    meters = tuple(
        Meter(measure, before.get(measure, ZERO), value, limits.of(measure, official=official)) for measure in MEASURES
    )
    return Verdict(meters, official, limits.version)


def is_cash(*, text: str, category: str) -> bool:
    """Whether this is money or as good as money: cash, red packets, cards, vouchers, bullion."""
    return category == "cash" or bool(CASH_LIKE.search(text))


def repeated(*, text: str, category: str, occasion: str, on: date, earlier: Iterable[Earlier]) -> Earlier | None:
    """The latest earlier gift that this one would repeat: the same thing, or the same kind for the same occasion.

    Only the two years before count: what was given long ago may be given again.
    """
    found = [
        each
        for each in earlier
        if years_before(on, 2) < each.on <= on
        and (alike(text, each.text) or (category == each.category and occasion == each.occasion != ""))
    ]
    return max(found, key=lambda each: each.on, default=None)


def alike(one: str, other: str) -> bool:
    """Whether two descriptions share most of their words; Chinese is compared by character."""
    mine, theirs = set(_WORDS.findall(one.lower())), set(_WORDS.findall(other.lower()))
    return bool(mine and theirs) and len(mine & theirs) >= SAME * len(mine | theirs)


def may_decide(*, staff_id: int, asked_by: int, edited_by: int) -> bool:
    """Whether this person is a second one: neither who asked nor who changed it last."""
    return staff_id not in {asked_by, edited_by}


def rolling_from(on: date) -> date:
    """The first day of the rolling year that ends on this day."""
    return years_before(on, 1)


def years_before(on: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes the 28th."""
    day = 28 if (on.month, on.day) == (FEBRUARY, LEAP_DAY) else on.day
    return date(on.year - years, on.month, day)
