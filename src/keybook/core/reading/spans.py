"""What all readers share: the text folded to one width and case without moving a character, values, and overlaps."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal
from fractions import Fraction
from typing import Protocol, TypeVar

from keybook.core.reading.entity import Entity, Kind, Reading

SIGNIFICANT = Context(prec=15)
"""Fractions that do not end are written to fifteen digits."""
EXACT = Context(prec=60)
LARGEST = 10**40
"""A number beyond this is a joke or an attack; it is left alone."""
WIDE, NARROW = 0xFF01, 0x21
_FOLD = {code: code - WIDE + NARROW for code in range(WIDE, 0xFF5F)} | {
    0x3000: 0x20, 0xA0: 0x20, 0x202F: 0x20, 0x2009: 0x20, 0x2212: 0x2D, 0xFFE5: 0xA5, 0xFFE1: 0xA3,
    **{ord(old): ord(new) for old, new in zip("萬億點負兩貳陸參叄幾餘對個雙塊數", "万亿点负两贰陆叁叁几余对个双块数", strict=True)},
}  # fmt: skip


def folded(text: str) -> str:
    """The text in narrow, small, simplified characters; every character stays at its place."""
    wide = text.translate(_FOLD)
    return wide.lower() if len(wide.lower()) == len(wide) else "".join(_small(one) for one in wide)


def _small(one: str) -> str:
    return one.lower() if len(one.lower()) == 1 else one


def decimal_of(value: Fraction) -> Decimal:
    """The number as a decimal: exact where it ends, else to fifteen digits."""
    exact = EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return exact if Fraction(exact) == value else SIGNIFICANT.plus(exact)


def plain(value: Decimal) -> str:
    """The decimal as people write it, without exponent and idle zeros."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def entity(*, kind: Kind, text: str, start: int, end: int, amount: Fraction | None, unit: str = "") -> Entity:
    """An entity with one amount, or with none where only the unit is said."""
    number = None if amount is None else decimal_of(amount)
    reading = Reading("" if number is None else plain(number), unit=unit, amount=number)
    return Entity(kind, start, end - start, text[start:end], (reading,))


class Placed(Protocol):
    """What stands somewhere in a text."""

    @property
    def start(self) -> int:
        """The place of its first character."""

    @property
    def end(self) -> int:
        """The place after its last character."""


Something = TypeVar("Something", bound=Placed)


def apart(found: Iterable[Something]) -> tuple[Something, ...]:
    """The longest of those that overlap, in the order of the text."""
    taken: set[int] = set()
    kept = []
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        places = range(one.start, one.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.start))


def apart_from(found: Iterable[Something], taken: Iterable[Placed]) -> list[Something]:
    """Those that overlap none of the others."""
    places = {place for one in taken for place in range(one.start, one.end)}
    return [one for one in found if places.isdisjoint(range(one.start, one.end))]
