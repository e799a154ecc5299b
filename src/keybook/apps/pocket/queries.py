"""What has changed since a phone last saw a customer, how things stand now, and the memos that wait for their author."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q

from keybook.apps.customers.queries import visible_to
from keybook.apps.interactions.models import Interaction
from keybook.apps.interactions.queries import knows
from keybook.apps.people.scope import Scope
from keybook.apps.pocket.models import File, Note
from keybook.apps.reminders.models import Promise

ROUTE = "pocket:items"  # what the author's own phone changed is no conflict with the author's own phone
TOLD = ("outcome", "channel", "topic", "content", "next_step", "next_on")
_NOT_MINE = """
    e.pgh_created_at > %(seen)s AND NOT (
        COALESCE(e.pgh_context->>'user', '') = %(me)s AND COALESCE(e.pgh_context->>'page', '') = %(route)s)"""
# Joined to the row itself, whose own policy hides what is told in confidence; deleted ones count for nobody.
_PROMISES = f"""
    SELECT s.name, max(e.pgh_created_at) FROM reminders_promiseevent e JOIN reminders_promise p ON p.id = e.pgh_obj_id
    LEFT JOIN people_staff s ON s.id::text = e.pgh_context->>'user'
    WHERE e.customer_id = %(customer)s AND {_NOT_MINE} GROUP BY 1 ORDER BY 2 DESC LIMIT 1"""
_HANDED = f"""
    SELECT s.name, max(e.pgh_created_at) FROM customers_assignmentevent e
    LEFT JOIN people_staff s ON s.id::text = e.pgh_context->>'user'
    WHERE e.customer_id = %(customer)s AND {_NOT_MINE} GROUP BY 1 ORDER BY 2 DESC LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed something and when."""

    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand at the bank now, beside what the phone says."""

    banker: str
    promises: tuple[tuple[str, dt.date], ...]
    contact: dict[str, Any] | None = None


def promise_changed(*, by: Scope, customer_id: int, seen_at: dt.datetime) -> Change | None:
    """Who last changed a promise to the customer after that moment, other than this person's own phone."""
    return _change(_PROMISES, by, customer_id, seen_at)


def handed_over(*, by: Scope, customer_id: int, seen_at: dt.datetime) -> Change | None:
    """Who gave the customer to another banker after that moment."""
    return _change(_HANDED, by, customer_id, seen_at)


def _change(statement: str, by: Scope, customer_id: int, seen_at: dt.datetime) -> Change | None:
    values: dict[str, Any] = {"customer": customer_id, "seen": seen_at, "me": str(by.staff_id), "route": ROUTE}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return Change(by=row[0] or "", at=row[1]) if row else None


def standing(*, by: Scope, customer_id: int, instead_of: int | None = None) -> Standing | None:
    """How things stand with a customer of this scope; with the newest correction of a contact, if one is named."""
    who = visible_to(by).filter(pk=customer_id).values_list("rm__name", flat=True)
    if not who:
        return None
    promises = (
        Promise.objects.filter(customer_id=customer_id, state=Promise.State.OPEN)
        .order_by("due_on", "id")
        .values_list("text", "due_on")
    )
    return Standing(banker=who[0] or "", promises=tuple(promises[:5]), contact=_newest(by, instead_of))


def _newest(by: Scope, interaction_id: int | None) -> dict[str, Any] | None:
    """The correction that now stands in place of a contact; None when it was not corrected."""
    found: dict[str, Any] | None = None
    while interaction_id is not None:
        row: Any = knows(scope=by).filter(corrects_id=interaction_id).values("id", *TOLD).first()
        found, interaction_id = row or found, row["id"] if row else None
    return found


def customer_of(*, by: Scope, interaction_id: int) -> int | None:
    """The customer of a contact inside the scope."""
    known = knows(scope=by).filter(pk=interaction_id, customer__in=visible_to(by))
    found: int | None = known.values_list("customer_id", flat=True).first()
    return found


def arrived(*, by: Scope, client_key: uuid.UUID) -> bool:
    """Whether the page had sent this contact already and only its answer was lost."""
    return contact_of(by=by, client_key=client_key) is not None


def contact_of(*, by: Scope, client_key: uuid.UUID) -> int | None:
    """The contact of this person that carries a note's key."""
    rows = Interaction.objects.filter(client_key=client_key, staff_id=by.staff_id).values_list("id", flat=True)
    return rows.first()


def waiting_memos(*, by: Scope) -> list[Note]:
    """The memos from this person's phone that wait, the oldest first, each with `saved` and the ids of its `pictures`.

    One that has become a contact and has nothing more to give is done.
    """
    contacts = Interaction.objects.filter(client_key=OuterRef("client_key"), staff_id=by.staff_id)
    notes = Note.objects.filter(staff_id=by.staff_id, state=Note.State.WAITING).annotate(
        saved=Exists(contacts), sounds=Count("files", filter=Q(files__media_type__startswith="audio")),
        pictures=ArrayAgg("files__id", filter=Q(files__media_type__startswith="image"), default=[]),
    )  # fmt: skip
    return [note for note in notes.order_by("id") if not note.saved or note.sounds or note.pictures]


def file_of(*, by: Scope, file_id: int) -> tuple[str, bytes] | None:
    """Media type and bytes of a file of one's own memo that waits."""
    row = File.objects.filter(pk=file_id, staff_id=by.staff_id).values_list("media_type", "data").first()
    return (row[0], bytes(row[1])) if row else None
