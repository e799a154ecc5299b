"""Money: an exact amount with its currency; amounts of two currencies are never added or compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple

MINOR_DIGITS: Mapping[str, int] = MappingProxyType({
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0,
    "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
})  # fmt: skip
"""ISO 4217 minor units that are not the usual two."""
CODE_LENGTH = 3
MILLION, BILLION = Decimal(10**6), Decimal(10**9)
WAN, YI = Decimal(10**4), Decimal(10**8)
Unit = Literal["one", "million", "billion", "wan", "yi"]


class CurrencyError(ValueError):
    """Not a currency's code, or two currencies where one is needed."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217 code)."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if len(self.currency) != CODE_LENGTH or not (self.currency.isascii() and self.currency.isupper()):
            raise CurrencyError(f"{self.currency!r} is not a currency: three capital letters, such as CNY.")
        if not self.amount.is_finite():
            raise ValueError(f"{self.amount} is not an amount of money.")

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(self.amount * factor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def rounded(self) -> Money:
        """To the currency's minor unit, halves to the even digit."""
        digits = MINOR_DIGITS.get(self.currency, 2)
        return Money(self.amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN), self.currency)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise CurrencyError(f"{self.currency} and {other.currency} cannot be added or compared.")
        return other.amount


class Short(NamedTuple):
    """An amount as a sentence says it: a rounded figure and its unit."""

    figure: Decimal
    unit: Unit


def total(*, amounts: Iterable[Money], currency: str) -> Money:
    """The sum of amounts that are all in `currency`; nothing in it when there are none."""
    return sum(amounts, start=Money(Decimal(0), currency))


def short(*, amount: Decimal, chinese: bool) -> Short:
    """The amount to about three digits in the units of a language: 1.8 million, 142000; 180 万, 1.28 亿."""
    return _short_chinese(amount) if chinese else _short_english(amount)


def _short_english(amount: Decimal) -> Short:
    whole = amount.quantize(Decimal(1), ROUND_HALF_EVEN)
    if abs(whole) < MILLION:
        return Short(whole, "one")
    millions = _three_digits(amount / MILLION)
    if abs(millions) < BILLION / MILLION:
        return Short(millions, "million")
    return Short(_three_digits(amount / BILLION), "billion")


def _short_chinese(amount: Decimal) -> Short:
    whole = amount.quantize(Decimal(1), ROUND_HALF_EVEN)
    if abs(whole) < WAN:
        return Short(whole, "one")
    ten_thousands = amount / WAN
    figure = _three_digits(ten_thousands)
    if abs(figure) >= 100:  # noqa: PLR2004 - 264.1 万: a tenth is still a thousand
        figure = ten_thousands.quantize(Decimal("0.1") if abs(figure) < 1_000 else Decimal(1), ROUND_HALF_EVEN)  # noqa: PLR2004
    if abs(figure) < WAN:
        return Short(figure, "wan")
    return Short(_three_digits(amount / YI), "yi")


def _three_digits(figure: Decimal) -> Decimal:
    """Rounded to three significant digits, and never coarser than to one."""
    return figure.quantize(Decimal(1).scaleb(min(figure.adjusted() - 2, 0)), ROUND_HALF_EVEN)
