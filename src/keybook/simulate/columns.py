"""Arrow columns from numpy ones: exact money, dates, codes and words, a whole column at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """The day counted from 1970-01-01, as every array of days here is."""
    return day.toordinal() - EPOCH


def day_of(number: int) -> date:
    """The date of a day counted from 1970-01-01."""
    return date.fromordinal(number + EPOCH)


def dates(days: Ints, *, known: Flags | None = None) -> pa.Array:
    """A date column from days since 1970; where `known` is false it is empty."""
    return pa.array(days.astype("datetime64[D]"), mask=None if known is None else ~known)


def moments(days: Ints, seconds: Ints, *, known: Flags | None = None) -> pa.Array:
    """A wall-clock column from days since 1970 and seconds of the day."""
    micros = (days * 86_400 + seconds) * 1_000_000
    return pa.array(micros.astype("datetime64[us]"), mask=None if known is None else ~known)


def money(cents: Ints, *, known: Flags | None = None) -> pa.Array:
    """A decimal(18, 2) column from whole cents, exactly and without a loop."""
    return _decimal(cents, pa.decimal128(18, 2), known)


def rates(millionths: Ints, *, known: Flags | None = None) -> pa.Array:
    """A decimal(9, 6) column from millionths: 21000 is 2.1 %."""
    return _decimal(millionths, pa.decimal128(9, 6), known)


def _decimal(units: Ints, kind: pa.DataType, known: Flags | None) -> pa.Array:
    wide = np.empty((len(units), 2), dtype="<i8")  # 128 bits: the low half, then the sign's half
    wide[:, 0] = units
    wide[:, 1] = units >> 63
    bits = None if known is None else pa.py_buffer(np.packbits(known, bitorder="little").tobytes())
    return pa.Array.from_buffers(kind, len(units), [bits, pa.py_buffer(wide.tobytes())])


def codes(prefix: str, numbers: Ints, width: int, *, known: Flags | None = None) -> pa.Array:
    """Codes like C0000017 from numbers; where `known` is false the code is empty."""
    digits = pc.utf8_lpad(pa.array(numbers, mask=None if known is None else ~known).cast(pa.string()), width, "0")
    return joined(prefix, digits) if prefix else digits


def words(choices: Sequence[str | None], picks: Ints, *, known: Flags | None = None) -> pa.Array:
    """A text column: `choices[picks]`."""
    return pa.array(list(choices), pa.string()).take(pa.array(picks, mask=None if known is None else ~known))


def joined(*parts: Any) -> pa.Array:
    """The texts of several columns (or fixed words) put together, row by row."""
    scalars = [pa.scalar(part, pa.string()) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*scalars, "")


def where(test: Flags, first: Any, second: Any) -> pa.Array:
    """`first` where the test holds, else `second`."""
    return pc.if_else(pa.array(test), first, second)


def pick(rng: np.random.Generator, weights: Sequence[float], size: int) -> Ints:
    """Numbers of choices, drawn by weight."""
    edges = np.cumsum(np.asarray(weights, dtype=float))
    return np.searchsorted(edges / edges[-1], rng.random(size), side="right").clip(max=len(weights) - 1)
