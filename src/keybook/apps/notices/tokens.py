"""The signed address that stops one digest and does nothing else."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

SALT = "keybook.notices.unsubscribe"


def unsubscribe_path(*, staff_id: int, channel_id: int) -> str:
    """The address that stops the digest of this channel."""
    return reverse("notices:unsubscribe", args=[signing.Signer(salt=SALT).sign(f"{staff_id}.{channel_id}")])


def unsubscribed(token: str) -> tuple[int, int] | None:
    """The person and the channel a token was made for; None for any other text."""
    try:
        staff_id, _dot, channel_id = signing.Signer(salt=SALT).unsign(token).partition(".")
        return int(staff_id), int(channel_id)
    except (signing.BadSignature, ValueError):
        return None
