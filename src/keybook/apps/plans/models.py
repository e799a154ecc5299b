"""Plans with their entries and what did not fit; the meetings, absences and capacity they have to fit into."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.models import Channel, Customer
from keybook.apps.interactions.models import Interaction
from keybook.apps.people.history import edits_by_hand, every_edit
from keybook.apps.reminders.models import Occasion, Promise, Reminder

MIDNIGHT = 24 * 60


class Half(models.TextChoices):
    """The two parts of a workday that contacts are placed on; in this order."""

    AM = "am", _("Morning")
    PM = "pm", _("Afternoon")


class Cause(models.TextChoices):
    """Why a contact is planned."""

    PROMISE = "promise", _("Promise")
    SIGNAL = "signal", _("Signal")
    OCCASION = "occasion", _("Occasion")
    STANDARD = "standard", _("Contact standard")
    CAMPAIGN = "campaign", _("Campaign")
    VISIT = "visit", _("Visit of the year")
    HAND = "hand", _("Placed by hand")


class Plan(models.Model):
    """One run of the planning for one member of staff: what was asked, what came out, and how good it is."""

    class State(models.TextChoices):
        """How far the run has come."""

        ASKED = "asked", _("Asked")
        RUNNING = "running", _("Running")
        MADE = "made", _("Made")
        REFUSED = "refused", _("Refused")

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="plans")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(help_text="Up to, not on, this day.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    made_on = models.DateField(help_text="The business date it was made for.")
    made_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="In hundredths, while it runs.")
    said = models.CharField(max_length=300, blank=True, help_text="Why it was refused, as a sentence.")
    status = models.CharField(max_length=16, blank=True, help_text="What the solver says: optimal, feasible, …")
    value = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    bound = models.DecimalField(max_digits=18, decimal_places=2, default=0, help_text="No plan can be worth more.")
    gap = models.DecimalField(max_digits=7, decimal_places=4, default=0, help_text="(bound − value) / bound.")
    seconds = models.DecimalField(max_digits=8, decimal_places=3, default=0)
    asked = models.PositiveIntegerField(default=0, help_text="Contacts that wanted a place.")
    placed = models.PositiveIntegerField(default=0)
    unplaced = models.PositiveIntegerField(default=0)
    stayed = models.PositiveIntegerField(
        default=0, help_text="Of those placed before, how many stayed where they were."
    )
    moved = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    dropped = models.PositiveIntegerField(default=0)
    replaces = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="replaced_by")
    rule_version = models.CharField(max_length=40, blank=True)
    data_date = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(until_on__gt=models.F("from_on")), name="plan_period_in_order"),
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="plan_progress_in_hundredths"),
        ]
        indexes: ClassVar = [models.Index(fields=["staff", "-id"], name="plan_newest")]


@edits_by_hand("staff", "on", "half", "place", "hour", "channel", "minutes", "pinned", "state", "interaction")
class Entry(models.Model):
    """One contact on one half-day; done when it has become an interaction."""

    class State(models.TextChoices):
        """What became of it."""

        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    plan = models.ForeignKey(Plan, null=True, on_delete=models.SET_NULL, related_name="entries")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="entries")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="entries")
    on = models.DateField()
    half = models.CharField(max_length=2, choices=Half.choices)
    place = models.PositiveSmallIntegerField(default=0, help_text="The order within the half-day.")
    hour = models.PositiveSmallIntegerField(null=True, help_text="The hour to try, if one is known.")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    minutes = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=8, choices=Cause.choices)
    theme = models.CharField(max_length=120, blank=True)
    task = models.CharField(
        max_length=80,
        blank=True,
        help_text="What it is the place of; the same task in the next plan is the same contact.",
    )
    due_on = models.DateField(null=True, help_text="The day by which it is wanted.")
    late_from = models.DateField(null=True, help_text="The first day on which it would be late.")
    reminder = models.ForeignKey(Reminder, null=True, on_delete=models.SET_NULL, related_name="entries")
    promise = models.ForeignKey(Promise, null=True, on_delete=models.SET_NULL, related_name="entries")
    occasion = models.ForeignKey(Occasion, null=True, on_delete=models.SET_NULL, related_name="entries")
    value = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    reasons = models.JSONField(default=list, help_text="[[code, facts] …]: why this contact, why on this day.")
    district = models.CharField(max_length=80, blank=True)
    pinned = models.BooleanField(
        default=False, help_text="Placed or moved by a person: planning leaves it where it is."
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    interaction = models.ForeignKey(Interaction, null=True, on_delete=models.PROTECT, related_name="entries")
    was_on = models.DateField(null=True, help_text="Where it lay before the last plan, if that has moved it.")
    was_half = models.CharField(max_length=2, choices=Half.choices, blank=True)
    because = models.CharField(max_length=200, blank=True, help_text="Why it lies here although the gate asked.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "on"], condition=models.Q(state="planned"), name="entry_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["reminder"], condition=models.Q(state="planned", reminder__isnull=False),
                name="entry_once_a_reminder",
            ),
            models.CheckConstraint(
                condition=models.Q(state="done", interaction__isnull=False)
                | (~models.Q(state="done") & models.Q(interaction__isnull=True)),
                name="entry_done_is_a_contact",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=480), name="entry_minutes_in_a_day"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["staff", "on"], name="entry_by_day"),
            models.Index(fields=["customer"], condition=models.Q(state="planned"), name="entry_open"),
            models.Index(fields=["interaction"], condition=models.Q(interaction__isnull=False), name="entry_contact"),
        ]


class Unplaced(models.Model):
    """A contact that a plan found no place for, and why; `entry` is where somebody put it by hand afterwards."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="left_over")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    cause = models.CharField(max_length=8, choices=Cause.choices)
    task = models.CharField(max_length=80, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    minutes = models.PositiveSmallIntegerField()
    theme = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True)
    value = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    reminder = models.ForeignKey(Reminder, null=True, on_delete=models.SET_NULL, related_name="+")
    code = models.CharField(max_length=24, help_text="Why there was no place; core.planning names the codes.")
    facts = models.JSONField(default=dict, help_text="What its sentence needs: dates as ISO 8601, numbers.")
    entry = models.ForeignKey(Entry, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name_plural = "unplaced"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "customer", "task"], name="unplaced_once"),
        ]


@every_edit(exclude=("title",))
class Meeting(models.Model):
    """Time that is taken already, in minutes from midnight in the bank's zone; its title is its owner's alone."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="meetings")
    on = models.DateField()
    from_minute = models.PositiveSmallIntegerField()
    until_minute = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=5, choices=[("typed", _("Typed")), ("ics", _("From a calendar file"))])
    uid = models.CharField(max_length=64, blank=True, help_text="A hash of the calendar's own number of the event.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_minute__gt=models.F("from_minute"), until_minute__lte=MIDNIGHT),
                name="meeting_in_order",
            ),
            models.UniqueConstraint(
                fields=["staff", "uid", "on", "from_minute"], condition=~models.Q(uid=""), name="meeting_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["staff", "on"], name="meeting_by_day")]


@every_edit()
class Absence(models.Model):
    """Days on which a member of staff is not there, from `from_on` up to, not on, `until_on`."""

    class Why(models.TextChoices):
        """What is said of it; never more."""

        LEAVE = "leave", _("Leave")
        TRAINING = "training", _("Training")
        OTHER = "other", _("Away")

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    from_on = models.DateField()
    until_on = models.DateField()
    why = models.CharField(max_length=8, choices=Why.choices, default=Why.LEAVE)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(until_on__gt=models.F("from_on")), name="absence_in_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["staff", "from_on"], name="absence_by_day")]


def usual_minutes() -> dict[str, int]:
    """How long a contact takes, by channel, unless the bank says otherwise."""
    return {"call": 20, "visit": 60, "branch": 45, "wechat": 10, "sms": 5, "email": 15, "letter": 20}


def usual_caps() -> dict[str, int]:
    """How many contacts of a channel fit into one day at the most, unless the bank says otherwise."""
    return {"call": 12, "visit": 3, "branch": 4}


def usual_weekdays() -> list[int]:
    """Monday to Friday; a make-up day that the bank works counts whatever its weekday."""
    return [0, 1, 2, 3, 4]


@every_edit()
class Capacity(models.Model):
    """What one member of staff can do in a half-day, or the bank's usual where no staff is named."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    morning_minutes = models.PositiveSmallIntegerField(default=120, help_text="For contacts, less meetings.")
    afternoon_minutes = models.PositiveSmallIntegerField(default=120)
    morning_from = models.PositiveSmallIntegerField(default=8 * 60 + 45, help_text="Minutes from midnight.")
    morning_until = models.PositiveSmallIntegerField(default=12 * 60 + 30)
    afternoon_from = models.PositiveSmallIntegerField(default=14 * 60)
    afternoon_until = models.PositiveSmallIntegerField(default=17 * 60 + 30)
    caps = models.JSONField(default=usual_caps, help_text="{channel: most in one day}; a channel left out has none.")
    minutes = models.JSONField(default=usual_minutes, help_text="{channel: minutes of one contact}")
    travel_minutes = models.PositiveSmallIntegerField(default=30, help_text="To a district and back, once a half-day.")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=usual_weekdays, help_text="0 is Monday.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff"], nulls_distinct=False, name="capacity_once"),
            models.CheckConstraint(
                condition=models.Q(morning_until__gt=models.F("morning_from"))
                & models.Q(afternoon_from__gte=models.F("morning_until"))
                & models.Q(afternoon_until__gt=models.F("afternoon_from"))
                & models.Q(afternoon_until__lte=MIDNIGHT),
                name="capacity_halves_in_order",
            ),
        ]
