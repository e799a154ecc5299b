"""What is kept of the team: how each book stood on a day, for lines over time. Who exported what is kept beside it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from keybook.apps.customers.models import Tier
from keybook.apps.people.models import Branch


class Snapshot(models.Model):
    """How the key customers of one banker, branch and tier stood on a day; sums alone, never a customer."""

    on = models.DateField()
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="+")
    rm = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    tier = models.ForeignKey(Tier, on_delete=models.CASCADE, related_name="+")
    total = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    at_risk = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()
    kept_late = models.PositiveIntegerField()
    broken = models.PositiveIntegerField()
    contacts = models.PositiveIntegerField()
    counted = models.PositiveIntegerField(help_text="Of how many customers the money is known.")
    money = models.DecimalField(max_digits=20, decimal_places=2, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["on", "branch", "rm", "tier"], nulls_distinct=False, name="one_snapshot_a_day"
            ),
        ]


class Export(models.Model):
    """A list of customers that left Keybook as a file: who, when, which, how many, what for. Never changed or deleted."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    request_id = models.UUIDField()
    purpose = models.CharField(max_length=200)
    form = models.CharField(max_length=4)
    asked = models.JSONField(help_text="The filter, as the page's address has it.")
    rows = models.PositiveIntegerField()
    customers = models.JSONField(help_text="The ids, in the order of the file.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["staff", "-at"])]
        constraints: ClassVar = [models.CheckConstraint(condition=~models.Q(purpose=""), name="export_has_a_purpose")]
