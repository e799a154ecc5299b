"""What is stored of the gate before a contact: the bank's own numbers by day, and contacts made although it warned."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from keybook.apps.customers.models import Channel, Customer
from keybook.apps.interactions.models import Interaction
from keybook.apps.people.history import every_edit


@every_edit()
class RuleSet(models.Model):
    """The numbers of the rules from a day on; the newest whose day has come holds, before the first those of `core.gate`."""

    from_on = models.DateField(unique=True)
    caps = models.JSONField(help_text="{channel, purpose or all, after the code of a tier or alone: [[days, most], …]}")
    quiet_from = models.PositiveSmallIntegerField(default=20)
    quiet_until = models.PositiveSmallIntegerField(default=9)
    same_days = models.PositiveSmallIntegerField(default=14)
    lately_days = models.PositiveSmallIntegerField(default=7)
    reason = models.CharField(max_length=300)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


@every_edit(index=("customer",))
class GoAhead(models.Model):
    """Somebody went on although the gate warned, and why; `interaction` is the contact it has become."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    channel = models.CharField(max_length=8, choices=Channel.choices)
    codes = models.JSONField(help_text="What the gate had said.")
    because = models.CharField(max_length=200)
    rule_version = models.CharField(max_length=40)
    interaction = models.OneToOneField(Interaction, null=True, on_delete=models.PROTECT, related_name="went_ahead")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer", "-on"], name="go_ahead_newest")]
