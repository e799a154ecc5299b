"""Reading in the worker as the web server would for one member of staff, row-level security included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import ProgrammingError, connection, transaction

from keybook.apps.people.queries import Access, access_of, close_rows
from keybook.database import WEB_ROLE


@contextmanager
def as_seen_by(*, staff_id: int, on: dt.date | None = None) -> Iterator[Access | None]:
    """A transaction that sees what this member of staff may see; None for one who left.

    Where the database lets this user step down to the web server's role, row-level security binds as it does on a page;
    elsewhere every query's own filter holds alone.
    """
    with transaction.atomic():
        bound = _step_down()
        try:
            yield access_of(staff_id=staff_id, on=on)
        finally:
            if not connection.needs_rollback:
                with connection.cursor() as cursor:
                    if bound:
                        cursor.execute("RESET ROLE")
                close_rows()


def _step_down() -> bool:
    """Take the web server's role until the transaction ends, if this user may."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {WEB_ROLE}")
    except ProgrammingError:
        return False
    return True


@contextmanager
def counting_all() -> Iterator[None]:
    """Let the rest of this transaction's block count over every customer, whoever asks.

    For a bank-wide setting, whose effect is told in numbers: nothing of a single customer may leave the block. Row-level
    security is as it was before once it ends, an error included.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(current_setting('keybook.everything', true), '')")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('keybook.everything', 'on', true)")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SELECT set_config('keybook.everything', %s, true)", [before])
