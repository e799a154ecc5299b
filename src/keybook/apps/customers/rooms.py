"""How many customers a book holds and may hold, and the lock by which two who fill one book follow one another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import connection

from keybook.core.books import Book

# In one place for everybody who puts a customer into a book: the one assignment, the bank's file and the handover.
HOLD = "SELECT pg_advisory_xact_lock(hashtextextended('book', id)) FROM unnest(%s::bigint[]) WITH ORDINALITY t(id, n) ORDER BY n"


def hold(*, staff_ids: Iterable[int]) -> None:
    """Let acts on one of these books follow one another until the transaction ends; always in the same order."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [sorted(set(staff_ids))])


def books(*, staff_ids: Iterable[int], on: dt.date) -> dict[int, Book]:
    """The books of these bankers on that day by id, all of their customers counted, seen or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT staff_id, customers, most FROM keybook_books(%s, %s)", [sorted(set(staff_ids)), on])
        return {row[0]: Book(*row) for row in cursor.fetchall()}


def book(*, staff_id: int, on: dt.date) -> Book:
    """The book of one banker on that day."""
    return books(staff_ids=[staff_id], on=on)[staff_id]
