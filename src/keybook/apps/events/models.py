"""Events, and the seats of the customers invited to them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from keybook.apps.campaigns.models import Campaign
from keybook.apps.customers.models import Channel, Customer
from keybook.apps.interactions.models import Interaction
from keybook.apps.people.history import every_edit
from keybook.apps.people.models import Branch
from keybook.apps.reminders.models import Reminder
from keybook.core.seats import MOST_COMPANIONS, MOST_SEATS


@every_edit()
class Event(models.Model):
    """A salon, a lecture, an exhibition: when and where it takes place, for how many, and who receives the guests."""

    class State(models.TextChoices):
        """How far it has come."""

        PLANNED = "planned", _("Planned")
        OPEN = "open", _("Open to guests")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    name = models.CharField(max_length=80)
    theme = models.CharField(max_length=80, help_text="What it is about: the gate knows a repetition by it.")
    place = models.CharField(max_length=120)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="events")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seats = models.PositiveSmallIntegerField()
    host = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="events",
        help_text="The campaign it belongs to, if any.",
    )  # fmt: skip
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    note = models.TextField(max_length=1000, blank=True)
    budget = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True, help_text="What it came to.")
    currency = models.CharField(max_length=3)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was moved last, or cancelled.")
    client_key = models.UUIDField(unique=True, help_text="Made by the sender, so that a repeat does nothing twice.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="event_in_order"),
            models.CheckConstraint(condition=models.Q(seats__gte=1, seats__lte=MOST_SEATS), name="event_has_seats"),
            models.CheckConstraint(
                condition=(models.Q(budget__isnull=True) | models.Q(budget__gte=0))
                & (models.Q(cost__isnull=True) | models.Q(cost__gte=0)),
                name="event_money_not_below_nothing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["starts_at"], name="event_by_day"),
            models.Index(fields=["host"], condition=models.Q(state__in=["planned", "open"]), name="event_hosted"),
        ]


@every_edit(index=("customer",))
class Seat(models.Model):
    """A customer's invitation to an event and what became of it, once per event and customer."""

    class State(models.TextChoices):
        """How far it has come."""

        IDEA = "idea", _("Idea")
        INVITED = "invited", _("Invited")
        ACCEPTED = "accepted", _("Comes")
        DECLINED = "declined", _("Declined")
        WAITING = "waiting", _("Waiting list")
        CAME = "came", _("Came")
        ABSENT = "absent", _("Did not come")
        CANCELLED = "cancelled", _("Withdrawn")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="guests")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="event_seats")
    state = models.CharField(max_length=9, choices=State.choices, default=State.INVITED)
    companions = models.PositiveSmallIntegerField(default=0)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+",
        help_text="Who looks after them there: their banker.",
    )  # fmt: skip
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_on = models.DateField()
    channel = models.CharField(max_length=8, choices=Channel.choices)
    because = models.CharField(max_length=200, blank=True, help_text="Why all the same, where the gate warned.")
    rule_version = models.CharField(max_length=40, blank=True, help_text="Of the gate, when they were invited.")
    told_in = models.ForeignKey(
        Interaction, null=True, on_delete=models.PROTECT, related_name="+", help_text="The contact that invited them."
    )
    answered_in = models.ForeignKey(Interaction, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    waits_since = models.DateTimeField(null=True, help_text="Their place on the waiting list.")
    reminder = models.OneToOneField(
        Reminder, null=True, on_delete=models.SET_NULL, related_name="event_seat", help_text="The task to invite them."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "customer"], name="seat_once"),
            models.CheckConstraint(condition=models.Q(companions__lte=MOST_COMPANIONS), name="seat_with_five_at_most"),
            models.CheckConstraint(
                condition=~models.Q(state="waiting") | models.Q(waits_since__isnull=False), name="seat_waits_in_line"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["staff"], condition=models.Q(state__in=["idea", "invited", "accepted", "waiting"]),
                name="seat_looked_after",
            ),
            models.Index(fields=["told_in"], condition=models.Q(told_in__isnull=False), name="seat_told_in"),
            models.Index(fields=["answered_in"], condition=models.Q(answered_in__isnull=False), name="seat_answered_in"),
        ]  # fmt: skip
