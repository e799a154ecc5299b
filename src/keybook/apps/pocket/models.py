"""What came from a phone: one row for each note for ever, so that none is taken twice."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from keybook.apps.people.history import edits_by_hand


@edits_by_hand("state", "settled_at", inserts=False, index=("staff",))
class Note(models.Model):
    """One note of one person's phone; `client_key` was made on the phone and is never used again."""

    class Kind(models.TextChoices):
        """What it is."""

        MEMO = "memo", _("Memo")
        CONTACT = "contact", _("Contact")
        CORRECTION = "correct", _("Correction")

    class State(models.TextChoices):
        """What became of it: a memo waits until its author has confirmed it, everything else is done at once."""

        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_key = models.UUIDField(unique=True, help_text="Made on the phone; a repeat does nothing twice.")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    digest = models.CharField(
        max_length=64, help_text="SHA-256 of what it says: the same key never says another thing."
    )
    written_at = models.DateTimeField(help_text="By the phone's clock.")
    received_at = models.DateTimeField()
    text = models.TextField(blank=True, max_length=10_000, help_text="A memo as it was written, for ever.")
    interaction_id = models.BigIntegerField(null=True, help_text="The contact it became.")
    state = models.CharField(max_length=8, choices=State.choices)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["staff", "id"], condition=models.Q(state="waiting"), name="note_waiting"),
        ]


class File(models.Model):
    """A photo or a voice note of a memo that waits; with the memo's contact it becomes one of its attachments."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="files")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_key = models.UUIDField(unique=True)
    media_type = models.CharField(max_length=40, help_text="Told by its first bytes.")
    data = models.BinaryField()
