"""Writing down who looked at whom, and who was refused what."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import connection, transaction


def record_view(
    *, staff_id: int, customer_id: int, page: str, why: str = "", request_id: uuid.UUID, at: dt.datetime
) -> None:
    """Write down one look at a customer, in the transaction of the page; if this fails, so does the page."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_view (staff_id, customer_id, at, page, why, request_id) VALUES (%s, %s, %s, %s, %s, %s)",
            [staff_id, customer_id, at, page, why, request_id],
        )


@dataclass(frozen=True, slots=True)
class Refused:
    """One refused request: no address and no values, only the name of the route."""

    staff_id: int | None
    method: str
    route: str
    status: int
    request_id: uuid.UUID


def record_refusal(*, refused: Refused, at: dt.datetime) -> None:
    """Write down one refusal, in a transaction of its own, after the one that was rolled back.

    Plain SQL: the web server may append here and not read, so that nothing is returned.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_refusal (staff_id, at, method, route, status, request_id) VALUES (%s, %s, %s, %s, %s, %s)",
            [refused.staff_id, at, refused.method[:8], refused.route[:200], refused.status, refused.request_id],
        )
