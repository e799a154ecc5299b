"""Contacts with customers, as they were logged; a correction is a new row that points at the old one."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.models import Channel, Customer
from keybook.apps.people.history import edits_by_hand, every_edit


class Outcome(models.TextChoices):
    """How far the contact got."""

    REACHED = "reached", _("Reached")
    NOT_REACHED = "not_reached", _("Not reached")
    LEFT_MESSAGE = "left_message", _("Left a message")
    MET = "met", _("Met")


class Effect(models.TextChoices):
    """What the contact did to the relationship."""

    STRENGTHENED = "strengthened", _("Strengthened")
    UNCHANGED = "unchanged", _("Unchanged")
    WEAKENED = "weakened", _("Weakened")
    ENDED = "ended", _("Ended")


@edits_by_hand("staff", "channel", "outcome", "effect", "corrects", "superseded", "confidential")
class Interaction(models.Model):
    """One contact: channel, time, topic, content, outcome, effect, next step."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="interactions")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    channel = models.CharField(max_length=8, choices=Channel.choices)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    topic = models.CharField(max_length=120, blank=True)
    content = models.TextField(blank=True, max_length=10_000)
    effect = models.CharField(max_length=12, choices=Effect.choices, default=Effect.UNCHANGED)
    next_step = models.CharField(max_length=200, blank=True)
    next_on = models.DateField(null=True, blank=True)
    next_time = models.TimeField(null=True, blank=True, help_text="By the bank's clock; none: some time that day.")
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    superseded = models.BooleanField(default=False)
    confidential = models.BooleanField(
        default=False, db_default=False, help_text="Only who wrote it and the participants named know it."
    )
    client_key = models.UUIDField(unique=True, help_text="Made by the sender, so that a repeat does nothing twice.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-at"]),
            models.Index(fields=["staff", "-at"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(next_on__isnull=True) | ~models.Q(next_step=""), name="next_date_has_a_step"
            ),
        ]


@every_edit()
class Participant(models.Model):
    """One colleague who may know a confidential contact; who wrote it needs no row."""

    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="participants")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["interaction", "staff"], name="participant_once")]


class Attachment(models.Model):
    """A photo or a voice note to a contact, kept in the database: the same rows, backup and transaction as the contact."""

    interaction = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="attachments")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    client_key = models.UUIDField(unique=True, help_text="Made by the sender, so that a repeat does nothing twice.")
    created_at = models.DateTimeField(auto_now_add=True)
