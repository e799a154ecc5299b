"""The record of who looked at which customer. Changes are kept by pghistory beside each model."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class View(models.Model):
    """One look at a customer: who, when, on which page, why, in which request. Never changed, never deleted."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    customer_id = models.BigIntegerField()
    at = models.DateTimeField()
    page = models.CharField(max_length=60)
    why = models.CharField(max_length=200, blank=True)
    request_id = models.UUIDField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer_id", "-at"]), models.Index(fields=["staff", "-at"])]


class Refusal(models.Model):
    """One request that was refused: who asked for which page, and the answer. Written after the rollback."""

    staff_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    method = models.CharField(max_length=8)
    route = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField()
    request_id = models.UUIDField()
