"""Statements that PostgreSQL plans once a connection: for those of the pages, whose planning costs more than they do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, transaction


class Reader:
    """A cursor over Django's own connection and transaction whose statements are prepared and kept.

    Values are bound by the server. Row-level security holds as ever: the kept plan reads its settings at each run, and
    a change of role plans anew.
    """

    def __init__(self, cursor: psycopg.Cursor[tuple[Any, ...]]) -> None:
        self._cursor = cursor
        self.fetchone = cursor.fetchone
        self.fetchall = cursor.fetchall

    @property
    def rowcount(self) -> int:
        """How many rows the last statement gave or changed."""
        return self._cursor.rowcount

    def execute(self, statement: str, values: Sequence[Any] | Mapping[str, Any] | None = None) -> None:
        """Run one statement, counted among Django's queries where these are counted."""
        with connection.wrap_database_errors:
            self._cursor.execute(statement, values, prepare=True)
        if connection.queries_logged:
            connection.queries_log.append({"sql": statement, "time": "0"})


@contextmanager
def planned() -> Iterator[Reader]:
    """Open a reader; Django's connection is opened first if it is not yet."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        yield Reader(cursor)


def of_one(statement: str) -> str:
    """A statement about `ids` as one about `id`.

    For a list PostgreSQL thinks of ten, takes a plan made for the one in hand to be better, and so plans at every run.
    """
    return statement.replace("= ANY(%(ids)s)", "= %(id)s")


FEW = 500


@contextmanager
def for_many(rows: int) -> Iterator[Any]:
    """A reader for a statement about few rows; about many a cursor that has it planned for just these.

    A kept plan is made for a handful: it would fetch the past of a hundred thousand customers row by row.
    """
    with planned() if rows <= FEW else connection.cursor() as cursor:
        yield cursor


@contextmanager
def one_transaction() -> Iterator[None]:
    """The running transaction, or one of its own where none runs.

    For verbs whose every refusal comes before their first change: they need no savepoint, which would cost two round
    trips. What fails later fails the whole request.
    """
    if connection.in_atomic_block:
        yield
    else:
        with transaction.atomic():
            yield
