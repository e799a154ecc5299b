"""Memos as they were written, for ever; the look-ups of people outside the scope; referrals to their bankers."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from keybook.apps.customers.models import Customer


class Memo(models.Model):
    """One line as it was written, the draft as its writer confirmed it, and what it became. Its text never changes."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="memos")
    text = models.TextField(max_length=10_000)
    language = models.CharField(max_length=2)
    written_at = models.DateTimeField()
    confirmed = models.JSONField(help_text="The draft as confirmed: every field with its value.")
    became = models.JSONField(help_text="What it became: ids of the contact, promise, evidence, occasions, prospect.")
    undone_at = models.DateTimeField(null=True)
    client_key = models.UUIDField(unique=True, help_text="Made by the sender, so that a repeat does nothing twice.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-written_at"]),
            models.Index(fields=["staff", "-written_at"]),
        ]


class Lookup(models.Model):
    """Somebody asked whether a phone is known outside their scope: who, when, its last digits, and the answer."""

    staff_id = models.BigIntegerField()
    at = models.DateTimeField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the digits: the same question soon again is one.")
    tail = models.CharField(max_length=4)
    found = models.BooleanField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["staff_id", "-at"])]


class Referral(models.Model):
    """A customer of another banker was sent to that banker; only they and those above them see it."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="referrals")
    from_staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    promise_id = models.BigIntegerField(null=True)
    client_key = models.UUIDField(unique=True)
