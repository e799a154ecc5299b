"""Promises, occasions, reminders with their cause, and the stored lines of Today."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.models import Channel, Customer
from keybook.apps.interactions.models import Interaction
from keybook.apps.people.history import edits_by_hand


@edits_by_hand("text", "due_on", "state", "closed_on")
class Promise(models.Model):
    """What we said we would do, by when; kept, late or broken."""

    class State(models.TextChoices):
        """Whether we did."""

        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Broken")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="promises")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=200)
    due_on = models.DateField()
    made_in = models.OneToOneField(Interaction, null=True, on_delete=models.PROTECT, related_name="promise")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    kept_in = models.ForeignKey(Interaction, null=True, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["staff", "due_on"], condition=models.Q(state="open"), name="promise_open"),
            models.Index(fields=["staff", "closed_on"], name="promise_closed"),
        ]


@edits_by_hand("kind", "calendar", "month", "day", "leap", "year", "yearly", "label", "lead_days")
class Occasion(models.Model):
    """A date that matters to the customer, solar or lunar, each year or once."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="occasions")
    kind = models.CharField(
        max_length=16,
        choices=[
            ("birthday", _("Birthday")),
            ("anniversary", _("Anniversary")),
            ("opening", _("Opening")),
            ("memorial", _("Memorial day")),
            ("other", _("Other")),
        ],
    )
    calendar = models.CharField(max_length=5, default="solar", choices=[("solar", _("Solar")), ("lunar", _("Lunar"))])
    month = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField()
    leap = models.BooleanField(default=False, help_text="A leap lunar month.")
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="First year, if known; the only one if not yearly."
    )
    yearly = models.BooleanField(default=True)
    label = models.CharField(max_length=120, blank=True)
    lead_days = models.PositiveSmallIntegerField(default=3)


@edits_by_hand("kind", "key", "state", "reason", "closed_by", inserts=False)
class Reminder(models.Model):
    """A dated entry with its cause, which puts its customer on an RM's list from `opens_on` on."""

    class Cause(models.TextChoices):
        """Why the customer is on the list."""

        PROMISE = "promise", _("Promise")
        SIGNAL = "signal", _("Signal")
        OCCASION = "occasion", _("Occasion")
        STANDARD = "standard", _("Contact standard")
        CAMPAIGN = "campaign", _("Campaign")

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DISMISSED = "dismissed", _("Dismissed")
        EXPIRED = "expired", _("Expired")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="reminders")
    cause = models.CharField(max_length=8, choices=Cause.choices)
    kind = models.CharField(max_length=32, help_text="The signal's or occasion's kind; 'promise', 'standard'.")
    key = models.CharField(max_length=120, help_text="Same customer, kind and key: same reminder, never twice.")
    opens_on = models.DateField()
    due_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    stake = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    currency = models.CharField(max_length=3)
    facts = models.JSONField(default=dict, help_text="What its sentence needs: amounts as text, dates as ISO 8601.")
    evidence = models.JSONField(default=list, help_text="[{feed, row, date, amount, text}] behind a signal.")
    rule_version = models.CharField(max_length=40, blank=True)
    data_date = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was dismissed.")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True, blank=True)
    closed_in = models.ForeignKey(Interaction, null=True, on_delete=models.PROTECT, related_name="closed_reminders")
    promise = models.OneToOneField(Promise, null=True, on_delete=models.CASCADE, related_name="reminder")
    occasion = models.ForeignKey(Occasion, null=True, on_delete=models.CASCADE, related_name="reminders")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer", "kind", "key"], name="reminder_once")]
        indexes: ClassVar = [
            models.Index(fields=["customer"], condition=models.Q(state="open"), name="reminder_open"),
        ]


@edits_by_hand("snoozed_until", "snoozed_by", "handed_to", inserts=False)
class Line(models.Model):
    """One customer on Today: all open reasons together, ranked by `core.ranking` and stored for the business date."""

    class Group(models.TextChoices):
        """The three parts of the list."""

        LATE = "a_late", _("Late")
        TODAY = "b_today", _("Today")
        LATER = "c_later", _("If time allows")

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="line")
    rm_id = models.BigIntegerField(null=True)
    branch_id = models.BigIntegerField()
    date = models.DateField(help_text="The business date it was ranked for.")
    group = models.CharField(max_length=8, choices=Group.choices)
    priority = models.SmallIntegerField()
    due_on = models.DateField()
    workdays_late = models.PositiveSmallIntegerField(default=0)
    stake = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3)
    parts = models.JSONField(default=list, help_text="[[code, points] …]: what the priority is the sum of.")
    reasons = models.JSONField(help_text="What core.ranking said: causes with facts and points, most first.")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    hour = models.PositiveSmallIntegerField(null=True)
    hours = models.JSONField(default=list, help_text="[[tried, answered] …] for 9–17 h.")
    opening = models.TextField(help_text="The opening sentence, in the customer's language.")
    tried_at = models.DateTimeField(null=True, blank=True, help_text="The last try without an answer.")
    snoozed_until = models.DateField(null=True, blank=True)
    snoozed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    handed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="handed_lines"
    )
    rule_version = models.CharField(max_length=40)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["rm_id", "group", "-priority"]),
            models.Index(fields=["branch_id", "group", "-priority"]),
            models.Index(fields=["group", "-priority"]),
        ]


class AnswerRate(models.Model):
    """How often the customers of one tier (none: of the bank) answered at one hour, counted by the nightly run."""

    tier_code = models.CharField(max_length=16, blank=True)
    hour = models.PositiveSmallIntegerField()
    tried = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tier_code", "hour"], name="answer_rate_once"),
            models.CheckConstraint(condition=models.Q(answered__lte=models.F("tried")), name="answers_are_tries"),
        ]
