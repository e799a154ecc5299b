"""Campaigns, and their targets as they were frozen at the launch."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.models import Channel, Customer
from keybook.apps.interactions.models import Interaction
from keybook.apps.people.history import edits_by_hand, every_edit
from keybook.apps.people.models import Branch
from keybook.apps.reminders.models import Reminder


class Purpose(models.TextChoices):
    """What a campaign's contacts are for, as the gate asks it."""

    INVITATION = "invitation", _("Invitation")
    MARKETING = "marketing", _("Marketing")
    SERVICE = "service", _("Service")


@every_edit()
class Campaign(models.Model):
    """An action with a theme, a period, a method and a budget for customers of a branch and those below it."""

    class State(models.TextChoices):
        """How far it has come."""

        DRAFT = "draft", _("Draft")
        RUNNING = "running", _("Under way")
        ENDED = "ended", _("Ended")
        CANCELLED = "cancelled", _("Cancelled")

    name = models.CharField(max_length=80)
    theme = models.CharField(max_length=80, help_text="What it is about: the gate knows a repetition by it.")
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.INVITATION)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="campaigns")
    from_on = models.DateField()
    until_on = models.DateField(help_text="Up to, not on, this day.")
    channels = ArrayField(models.CharField(max_length=8, choices=Channel.choices), help_text="In order of preference.")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="None: as long as its channel takes.")
    budget = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, default=0, help_text="Of one contact.")
    currency = models.CharField(max_length=3)
    opening_en = models.CharField(max_length=240, blank=True, help_text="The sentence to open with.")
    opening_zh = models.CharField(max_length=240, blank=True)
    holdout_percent = models.PositiveSmallIntegerField(default=0)
    per_day = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Contacts of one banker a day.")
    ask = models.JSONField(
        default=dict, help_text="The view and filters of the Book it chooses from, as in its address."
    )
    chosen = ArrayField(models.BigIntegerField(), default=list, help_text="Customers chosen by hand, instead of `ask`.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField()
    launched_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    launched_on = models.DateField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="None: its time."
    )
    ended_on = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was ended early or cancelled.")
    rule_version = models.CharField(max_length=80, blank=True)
    data_date = models.DateField(null=True)
    client_key = models.UUIDField(unique=True, help_text="Made by the sender, so that a repeat does nothing twice.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(until_on__gt=models.F("from_on")), name="campaign_in_order"),
            models.CheckConstraint(condition=models.Q(holdout_percent__lte=50), name="campaign_holds_out_half"),
            models.CheckConstraint(
                condition=models.Q(cost__gte=0) & (models.Q(budget__isnull=True) | models.Q(budget__gte=0)),
                name="campaign_money_not_below_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "cancelled"])
                | models.Q(launched_by__isnull=False, launched_on__isnull=False),
                name="campaign_runs_once_launched",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-from_on"], name="campaign_board")]

    @property
    def last_on(self) -> dt.date:
        """Its last day."""
        return self.until_on - dt.timedelta(days=1)


@edits_by_hand("group", "result", "interaction", "reminder", inserts=False)
class Target(models.Model):
    """A customer of a campaign as they stood at the launch: rank and why, group, what the gate said, and the outcome."""

    class Group(models.TextChoices):
        """What is done with them."""

        CONTACT = "contact", _("Contacted")
        HOLDOUT = "holdout", _("Held out")
        LEFT_OUT = "left_out", _("Left out")

    class Result(models.TextChoices):
        """What came of the contact."""

        INTERESTED = "interested", _("Interested")
        REACHED = "reached", _("Reached")
        DECLINED = "declined", _("Declined")
        NONE = "none", _("Not reached")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="targets")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="campaign_targets")
    rank = models.PositiveIntegerField(help_text="0: left out before anybody was ranked.")
    group = models.CharField(max_length=8, choices=Group.choices)
    code = models.CharField(max_length=16, blank=True, help_text="Why left out; core.campaigns names the codes.")
    stake = models.DecimalField(max_digits=18, decimal_places=2, help_text="A tenth of what they held with us.")
    worth = models.DecimalField(max_digits=18, decimal_places=0, help_text="stake × the chance of an answer.")
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)
    hour = models.PositiveSmallIntegerField(null=True)
    evidence = models.JSONField(
        default=dict, help_text="{channel|hour: [tried, answered, mean, low, high, stated]}: what the way rests on."
    )
    gate = models.JSONField(default=list, help_text="[{code, refuses, facts, until}]: the gate's answer at the launch.")
    gate_version = models.CharField(max_length=40, blank=True)
    reminder = models.OneToOneField(Reminder, null=True, on_delete=models.SET_NULL, related_name="campaign_target")
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    result_on = models.DateField(null=True)
    interaction = models.ForeignKey(Interaction, null=True, on_delete=models.PROTECT, related_name="campaign_targets")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "customer"], name="target_once"),
            models.CheckConstraint(
                condition=models.Q(group="contact") | models.Q(reminder__isnull=True),
                name="target_held_out_has_no_task",
            ),
            models.CheckConstraint(
                condition=models.Q(group="left_out") | models.Q(code=""), name="target_left_out_says_why"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "group", "rank"], name="target_by_rank"),
            models.Index(fields=["interaction"], condition=models.Q(interaction__isnull=False), name="target_contact"),
        ]
