"""The next best contact of each customer, and what bankers answered to it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.models import Channel, Customer
from keybook.apps.people.history import every_edit
from keybook.apps.reminders.models import Reminder


class Answered(models.TextChoices):
    """What a banker says to a proposal."""

    ACCEPTED = "accepted", _("Accepted")
    LATER = "later", _("Later")
    REJECTED = "rejected", _("Rejected")


class Reason(models.TextChoices):
    """Why a proposal is rejected."""

    NOT_TRUE = "not_true", _("It is not so")
    KNOWN = "known", _("Spoken of already")
    NO_INTEREST = "no_interest", _("The customer does not want it")
    UNSUITABLE = "unsuitable", _("It does not suit them")
    TOO_OFTEN = "too_often", _("We contact them too often")
    OTHER = "other", _("Another reason")


class Proposal(models.Model):
    """The next best contact of one customer, decided by `core.nextbest` and stored for the business date."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="proposal")
    date = models.DateField(help_text="The business date it was decided for.")
    kind = models.CharField(max_length=32)
    theme = models.CharField(max_length=16)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    hour = models.PositiveSmallIntegerField(null=True)
    due_on = models.DateField()
    reminder = models.ForeignKey(Reminder, null=True, on_delete=models.SET_NULL, related_name="+")
    value = models.DecimalField(max_digits=18, decimal_places=2, help_text="What is at stake, in the currency.")
    share = models.DecimalField(max_digits=4, decimal_places=3, null=True, help_text="The share of the assets it is.")
    chance = models.FloatField(help_text="Of an answer × of being taken up.")
    urgency = models.FloatField()
    worth = models.DecimalField(max_digits=18, decimal_places=0, help_text="value × chance × urgency.")
    currency = models.CharField(max_length=3)
    factors = models.JSONField(help_text="{answer|taken: [tried, answered, lent, strength]}: what the chances rest on.")
    facts = models.JSONField(default=dict)
    rule_version = models.CharField(max_length=40)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-worth"])]


@every_edit(index=("customer",))
class Answer(models.Model):
    """What a banker answered to a proposal, as it was then; the chance that a theme is taken up is learned from it."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="proposal_answers")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rm_id = models.BigIntegerField(null=True, help_text="Whose customer it was.")
    branch_id = models.BigIntegerField()
    tier_code = models.CharField(max_length=16, blank=True)
    on = models.DateField()
    kind = models.CharField(max_length=32)
    theme = models.CharField(max_length=16)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    worth = models.DecimalField(max_digits=18, decimal_places=0)
    currency = models.CharField(max_length=3)
    answer = models.CharField(max_length=8, choices=Answered.choices)
    reason = models.CharField(max_length=12, blank=True, choices=Reason.choices)
    words = models.CharField(max_length=200, blank=True)
    silent_until = models.DateField(help_text="Up to, not on, this day the theme is not proposed again.")
    client_key = models.UUIDField(unique=True, help_text="Made by the sender, so that a repeat does nothing twice.")
    rule_version = models.CharField(max_length=40)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "theme"]),
            models.Index(fields=["theme", "answer"]),
            models.Index(fields=["rm_id", "theme"]),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(answer="rejected") | ~models.Q(reason=""), name="rejected_with_a_reason"
            ),
            models.CheckConstraint(condition=models.Q(silent_until__gt=models.F("on")), name="silent_after_the_answer"),
        ]
