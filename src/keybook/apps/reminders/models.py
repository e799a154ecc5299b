"""Promises, occasions, reminders with their cause, and the stored lines of Today."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.models import Channel, Customer
from keybook.apps.interactions.models import Interaction
from keybook.apps.people.history import edits_by_hand, every_edit


class Direction(models.TextChoices):
    """Where a reminder goes from a day nobody works; `core.workdays` knows what each means."""

    FORWARD = "forward", _("to the next workday")
    BACK = "back", _("to the workday before")
    MODIFIED = "modified", _("to the next workday, within the month")


@every_edit()
class Rule(models.Model):
    """How reminders of one kind are placed, where the bank differs from `core.reminding.DEFAULTS`."""

    kind = models.CharField(max_length=16, unique=True)
    lead_days = models.PositiveSmallIntegerField(default=0)
    direction = models.CharField(max_length=8, choices=Direction.choices, default=Direction.FORWARD)
    broken_after = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of promises: how many workdays past its day one is broken rather than late."
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(lead_days__lte=365), name="rule_lead_within_a_year")
        ]


@every_edit()
class Greeting(models.Model):
    """The bank's own words for one kind of occasion in one language, with closed merge fields."""

    kind = models.CharField(max_length=16)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("zh", "中文")])
    text = models.TextField(max_length=1000)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "language"], name="greeting_once")]


@every_edit(index=("customer",))
class Observance(models.Model):
    """How a customer keeps their days: by which calendar the birthday, and the mourning that silences all of them."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="observance")
    birthday_by = models.CharField(
        max_length=5, blank=True, choices=[("solar", _("Solar")), ("lunar", _("Lunar"))],
        help_text="Empty: the lunar one where it is known.",
    )  # fmt: skip
    mourning_from = models.DateField(null=True, blank=True)
    mourning_until = models.DateField(null=True, blank=True, help_text="Up to, not on, this day.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(mourning_until__isnull=True)
                | models.Q(mourning_until__gt=models.F("mourning_from")),
                name="mourning_in_order",
            )
        ]


@edits_by_hand(
    "made_by", "text", "asked_on", "due_on", "due_time", "hangs_on", "hangs_ref", "state", "reason", "closed_on"
)
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
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+",
        help_text="Who promised it, where `staff` has taken it over.",
    )  # fmt: skip
    text = models.CharField(max_length=200)
    asked_on = models.DateField(null=True, help_text="The day meant, before it was moved off a day nobody works.")
    due_on = models.DateField()
    due_time = models.TimeField(
        null=True, help_text="By the bank's clock; none: some time that day. It stays when the day moves."
    )
    direction = models.CharField(
        max_length=8, choices=Direction.choices, default=Direction.FORWARD, db_default="forward"
    )
    hangs_on = models.CharField(
        max_length=9, blank=True, default="", db_default="",
        choices=[("holding", _("A maturity here")), ("held_away", _("A maturity elsewhere")), ("occasion", _("An occasion"))],
    )  # fmt: skip
    hangs_ref = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text="The holding's number, else the row's id."
    )
    hung_on = models.DateField(null=True, help_text="The date it hangs on, as it was last seen.")
    lead_days = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="How many days before that date.")
    reason = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="Why it was moved or withdrawn."
    )
    made_in = models.OneToOneField(Interaction, null=True, on_delete=models.PROTECT, related_name="promise")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    kept_in = models.ForeignKey(Interaction, null=True, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["staff", "due_on"], condition=models.Q(state="open"), name="promise_open"),
            models.Index(fields=["staff", "closed_on"], name="promise_closed"),
            models.Index(fields=["customer"], name="promise_customer"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(lead_days__lte=365), name="promise_lead_within_a_year"),
            models.CheckConstraint(
                condition=models.Q(hangs_on="") | ~models.Q(hangs_ref=""), name="promise_hangs_on_something"
            ),
        ]


@edits_by_hand(
    "kind", "calendar", "month", "day", "leap", "leap_day", "year", "yearly", "label", "lead_days", "gift_days"
)
class Occasion(models.Model):
    """A date that matters to the customer, solar or lunar, each year or once."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="occasions")
    kind = models.CharField(
        max_length=16,
        choices=[
            ("birthday", _("Birthday")),
            ("anniversary", _("Anniversary")),
            ("opening", _("Opening")),
            ("wedding", _("Wedding")),
            ("exam", _("Exam")),
            ("moving", _("Moving house")),
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
    leap_day = models.CharField(
        max_length=5, default="feb28", db_default="feb28", choices=[("feb28", _("28 February")), ("mar1", _("1 March"))],
        help_text="When 29 February is kept in other years.",
    )  # fmt: skip
    label = models.CharField(max_length=120, blank=True)
    lead_days = models.PositiveSmallIntegerField(default=3)
    gift_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Days before it to think of a gift.")
    next_on = models.DateField(null=True, blank=True, help_text="+ the next day it falls on.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(lead_days__lte=365)
                & (models.Q(gift_days__isnull=True) | models.Q(gift_days__lte=365)),
                name="occasion_lead_within_a_year",
            ),
        ]


@edits_by_hand("kind", "key", "state", "reason", "closed_by", inserts=False)
class Reminder(models.Model):
    """A dated entry with its cause, which puts its customer on an RM's list from `opens_on` on.

    That of an occasion outlives it: what was greeted once is not greeted again because somebody writes it down anew.
    """

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
    occasion = models.ForeignKey(Occasion, null=True, on_delete=models.SET_NULL, related_name="reminders")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["customer", "kind", "key"], name="reminder_once")]
        indexes: ClassVar = [
            models.Index(fields=["customer"], condition=models.Q(state="open"), name="reminder_open"),
        ]


@edits_by_hand("snoozed_until", "snoozed_by", "handed_to", inserts=False)
class Line(models.Model):
    """One customer on Today: all open reasons together, ranked by `core.ranking` and stored for the business date."""

    class Group(models.TextChoices):
        """The four parts of the list."""

        LATE = "a_late", _("Late")
        DUE = "b_due", _("Promised for today")
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


class HabitRate(models.Model):
    """How often the customers of one tier (none: of the bank) answered by hour, channel, half-day or pause.

    Counted by the nightly run. The row of the bank without a cell holds how strongly a customer's own rate is shrunk.
    """

    habit = models.CharField(max_length=8)
    tier_code = models.CharField(max_length=16, blank=True)
    cell = models.CharField(max_length=12, blank=True)
    tried = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    strength = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["habit", "tier_code", "cell"], name="habit_rate_once"),
            models.CheckConstraint(condition=models.Q(answered__lte=models.F("tried")), name="habit_answers_are_tries"),
        ]
