"""Writing contacts down, once each, and correcting them without losing what was written first."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from keybook.apps.customers.queries import who_sees
from keybook.apps.interactions.models import Effect, Interaction, Outcome, Participant
from keybook.apps.people.models import Role
from keybook.apps.people.queries import business_date
from keybook.apps.people.scope import Scope

LONGEST = 10_000


class RefusedError(Exception):
    """The act is refused; `field` names what to change (empty: nothing can be), the sentence says why and how."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class AlreadyUsedError(RefusedError):
    """The key of the sender belongs to something else that was saved: a conflict, and not a repeat."""

    def __init__(self, field: str = "") -> None:
        super().__init__(field, _("Not saved: this form was already used. Open a new one."))


@contextmanager
def used_once() -> Iterator[None]:
    """Refuse a key that is another's, whose row row-level security hides: only the database still knows of it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if diagnosis is None or "client_key" not in (diagnosis.constraint_name or ""):
            raise
        raise AlreadyUsedError from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One contact as somebody logs it; `client_key` makes a repeat of the same log the same row."""

    channel: str
    outcome: str
    at: dt.datetime
    client_key: uuid.UUID
    topic: str = ""
    content: str = ""
    effect: str = Effect.UNCHANGED.value
    next_step: str = ""
    next_on: dt.date | None = None
    next_time: dt.time | None = None
    named: tuple[int, ...] | None = None
    replies: tuple[tuple[int, str], ...] = ()
    """What the customer answered to invitations: (reminder, declined, accepted or accepted:2 with two companions)."""

    @property
    def confidential(self) -> bool:
        """Whether only the author and the colleagues `named` may know it; without names, the author alone."""
        return self.named is not None

    @property
    def spoke(self) -> bool:
        """Whether the customer was there: reached or met."""
        return self.outcome in {Outcome.REACHED.value, Outcome.MET.value}


@dataclass(frozen=True, slots=True)
class Stored:
    """The row a contact became; `repeated` when it had been stored before."""

    id: int
    repeated: bool


INSERT = """
    INSERT INTO interactions_interaction (customer_id, staff_id, at, channel, outcome, topic, content, effect,
        next_step, next_on, next_time, corrects_id, superseded, confidential, client_key, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, false, %s, %s, now())
    ON CONFLICT (client_key) DO NOTHING RETURNING id"""


def store(*, staff_id: int, customer_id: int, contact: Contact, corrects_id: int | None = None) -> Stored:
    """Store the contact, or give the row an earlier try with the same key has stored.

    A key that belongs to another customer's contact is refused: it tells nothing of that row. So is a confidential
    contact that names a colleague who does not see the customer.
    """
    _may_be_named(contact.named or (), customer_id)
    if len(contact.content) > LONGEST:
        raise RefusedError("content", _("At most 10,000 characters can be kept."))
    values: list[Any] = [
        customer_id, staff_id, contact.at, contact.channel, contact.outcome, contact.topic, contact.content,
        contact.effect, contact.next_step, contact.next_on, contact.next_time, corrects_id, contact.confidential, contact.client_key,
    ]  # fmt: skip
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(INSERT, values)
        row = cursor.fetchone()
        if row is not None:
            _name(row[0], contact.named or (), staff_id)
            return Stored(id=row[0], repeated=False)
        cursor.execute(
            "SELECT id FROM interactions_interaction WHERE client_key = %s AND customer_id = %s AND staff_id = %s",
            [contact.client_key, customer_id, staff_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise AlreadyUsedError
    return Stored(id=row[0], repeated=True)


def _may_be_named(named: Sequence[int], customer_id: int) -> None:
    """Refuse to name somebody who would see the contact without seeing its customer."""
    seeing = (
        {staff_id for staff_id, *_names in who_sees(customer_id=customer_id, on=business_date())} if named else set()
    )
    if not seeing.issuperset(named):
        raise RefusedError("named", _("Name colleagues who see this customer."))


def _name(interaction_id: int, named: Sequence[int], author_id: int) -> None:
    """Write down who may know a confidential contact, besides its author."""
    Participant.objects.bulk_create(
        Participant(interaction_id=interaction_id, staff_id=each) for each in sorted({*named} - {author_id})
    )


@transaction.atomic
def correct(*, by: Scope, interaction_id: int, contact: Contact) -> Stored:
    """Store `contact` as the correction of an earlier one, which stays, marked as superseded.

    Only who logged it or the branch head may, and only the newest version of it can be corrected. What was confidential
    stays so, for the same people. The caller has checked that the contact is visible to `by`.
    """
    earlier = (
        Interaction.objects.select_for_update()
        .only("staff_id", "customer_id", "superseded", "confidential")
        .get(pk=interaction_id)
    )
    if earlier.staff_id != by.staff_id and by.role != Role.HEAD:
        raise RefusedError("", _("Only who logged it or the branch head may correct it."))
    if earlier.superseded:
        again = Interaction.objects.filter(corrects_id=interaction_id, client_key=contact.client_key).first()
        if again is not None:
            return Stored(id=again.pk, repeated=True)
        raise RefusedError("", _("It has been corrected already. Correct the newer one."))
    if earlier.confidential:
        knew = Participant.objects.filter(interaction_id=interaction_id).values_list("staff_id", flat=True)
        contact = replace(contact, named=(earlier.staff_id, *knew))
    stored = store(staff_id=by.staff_id, customer_id=earlier.customer_id, contact=contact, corrects_id=interaction_id)
    Interaction.objects.filter(pk=interaction_id).update(superseded=True)
    return stored
