"""Photos and voice notes to a contact: what is taken, how it is kept, and who reads it back."""

from __future__ import annotations

import hashlib
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from keybook.apps.interactions.commands import AlreadyUsedError, RefusedError, used_once
from keybook.apps.interactions.models import Attachment
from keybook.apps.interactions.queries import knows
from keybook.apps.people.scope import Scope
from keybook.core.media import media_type

LARGEST = 8 * 2**20
MOST = 6


@transaction.atomic
def attach(*, by: Scope, interaction_id: int, data: bytes, client_key: uuid.UUID) -> int:
    """Keep a photo or a voice note with a contact of one's own, once per `client_key`; give its id.

    What it is is told by its first bytes, never by its name. The caller has checked that the customer is visible.
    """
    by.require_log()
    kind = checked(data)
    again = Attachment.objects.filter(client_key=client_key, staff_id=by.staff_id, interaction_id=interaction_id)
    known = again.values_list("id", flat=True).first()
    if known is not None:
        return known
    if not knows(scope=by).filter(pk=interaction_id, staff_id=by.staff_id).exists():
        raise RefusedError("attached", _("Only who logged the contact adds a photo or a voice note to it."))
    if Attachment.objects.filter(interaction_id=interaction_id).count() >= MOST:
        raise RefusedError("attached", _("Six photos and voice notes are the most for one contact."))
    if Attachment.objects.filter(client_key=client_key).exists():
        raise AlreadyUsedError("attached")
    with used_once():
        kept = Attachment.objects.create(
            interaction_id=interaction_id, staff_id=by.staff_id, media_type=kind, size=len(data),
            sha256=hashlib.sha256(data).hexdigest(), data=data, client_key=client_key,
        )  # fmt: skip
    return kept.pk


def checked(data: bytes) -> str:
    """The media type of what is sent; refused when it is none we keep, empty or too large."""
    if len(data) > LARGEST:
        raise RefusedError("attached", _("A photo or a voice note has at most 8 MB."))
    kind = media_type(data=data)
    if kind is None:
        raise RefusedError(
            "attached", _("Photos (JPEG, PNG, WebP, HEIC) and voice notes (WebM, Ogg, MP4, MP3, WAV) are kept.")
        )
    return kind


def attachment(*, scope: Scope, customer_id: int, attachment_id: int) -> tuple[str, bytes] | None:
    """Media type and bytes of one attachment of this customer; None when the reader may not know of it."""
    row = Attachment.objects.filter(
        pk=attachment_id, interaction__in=knows(scope=scope).filter(customer_id=customer_id)
    ).values_list("media_type", "data")
    first = row.first()
    return (first[0], bytes(first[1])) if first else None
