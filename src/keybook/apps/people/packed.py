"""Millions of rows read as a few columns of numbers: for nights, which would spend their time on a value for each cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import psycopg
from django.db import connection
from numpy.typing import NDArray

Ints = NDArray[np.int64]
# How PostgreSQL writes the bytes of a number, and how they are read; moments as microseconds since 2000 began.
SENT = {
    "bigint": ("int8send", ">i8"), "integer": ("int4send", ">i4"), "smallint": ("int2send", ">i2"),
    "moment": ("timestamp_send", ">i8"),
}  # fmt: skip
A_DAY, AN_HOUR = 86_400_000_000, 3_600_000_000
BEGAN = 730_120
"""The ordinal of the day from which PostgreSQL counts: 1 January 2000."""


def packed(columns: Mapping[str, str]) -> str:
    """SQL: each column (its expression, never NULL, and its sort) of all rows as one string of bytes."""
    return ", ".join(f"string_agg({SENT[sort][0]}({column}), ''::bytea)" for column, sort in columns.items())


def unpacked(*, statement: str, values: Mapping[str, Any], columns: Mapping[str, str]) -> list[tuple[Ints, ...]]:
    """For each row of a statement that selects `packed(columns)`, these columns as arrays of equal length."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values, binary=True)
        rows = cursor.fetchall()
    return [tuple(_numbers(*pair) for pair in zip(columns.values(), row, strict=True)) for row in rows]


def _numbers(sort: str, column: bytes | None) -> Ints:
    return np.frombuffer(column or b"", dtype=SENT[sort][1]).astype(np.int64)
