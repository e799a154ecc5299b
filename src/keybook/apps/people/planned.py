"""Statements that PostgreSQL plans once a connection: for the reads of the pages, whose planning costs more than they do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


class Reader:
    """A cursor over Django's own connection and transaction whose statements are prepared and kept.

    Values are bound by the server. Row-level security holds as ever: the kept plan reads its settings at each run, and
    a change of role plans anew.
    """

    def __init__(self, cursor: psycopg.Cursor[tuple[Any, ...]]) -> None:
        self._cursor = cursor
        self.fetchone = cursor.fetchone
        self.fetchall = cursor.fetchall

    def execute(self, statement: str, values: Sequence[Any] | Mapping[str, Any] | None = None) -> None:
        """Run a SELECT, counted among Django's queries where these are counted."""
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
