"""Handovers with all they moved, so that they can be handed back; neglected customers offered back; the rule for them."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.models import Customer
from keybook.apps.people.history import every_edit
from keybook.core.books import RULES


class What(models.TextChoices):
    """Which part of a book is handed over."""

    ALL = "all", _("Whole book")
    TIER = "tier", _("A tier")
    DISTRICT = "district", _("A district")
    CHOSEN = "chosen", _("Chosen customers")


@every_edit()
class Handover(models.Model):
    """One act: a book or a part of it moved from one banker to others, with its numbers; undone once at the most."""

    class State(models.TextChoices):
        """Whether it still holds."""

        DONE = "done", _("Handed over")
        BACK = "back", _("Handed back")

    from_staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(help_text="The business date.")
    at = models.DateTimeField(auto_now_add=True)
    until_on = models.DateField(help_text="It can be handed back up to, not on, this day.")
    what = models.CharField(max_length=8, choices=What.choices)
    which = ArrayField(models.CharField(max_length=80), default=list, help_text="The tiers' codes or the districts.")
    rule = models.CharField(max_length=8, choices=[(rule, rule) for rule in RULES], default="evenly")
    leaves = models.BooleanField(default=False, help_text="Whether their access ended in the same act.")
    customers = models.PositiveIntegerField()
    counts = models.JSONField(default=dict, help_text="{what: how many moved}")
    introduction = models.JSONField(default=dict, help_text="{tier: call or letter}, within, text of each")
    reason = models.CharField(max_length=200, blank=True)
    rule_version = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DONE)
    back_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    back_on = models.DateField(null=True)
    back_counts = models.JSONField(default=dict)
    last_promise = models.BigIntegerField(default=0, help_text="What has a higher number was promised since.")
    last_entry = models.BigIntegerField(default=0, help_text="What has a higher number was planned since.")
    hosted = ArrayField(
        models.BigIntegerField(), default=list, help_text="The events whose guests the first who took over receives."
    )
    client_key = models.UUIDField(unique=True, help_text="Made by the sender, so that a repeat does nothing twice.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["from_staff", "-id"]), models.Index(fields=["-on"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(until_on__gt=models.F("on")), name="handover_can_be_undone"),
            models.CheckConstraint(
                condition=models.Q(state="done", back_by__isnull=True, back_on__isnull=True)
                | models.Q(state="back", back_by__isnull=False, back_on__isnull=False),
                name="handed_back_by_somebody",
            ),
        ]

    @property
    def last_on(self) -> dt.date:
        """The last day on which it can be handed back."""
        return self.until_on - dt.timedelta(days=1)


class Move(models.Model):
    """One customer of a handover: from whom, who had them since when, to whom, and whether they went back."""

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="moves")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="handovers")
    from_staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to_staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since_on = models.DateField(null=True, help_text="From when the one before had them.")
    went_back = models.BooleanField(null=True, help_text="None: not asked; false: had moved on meanwhile.")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["handover", "customer"], name="moved_once_an_act")]
        indexes: ClassVar = [models.Index(fields=["customer", "-id"]), models.Index(fields=["to_staff"])]


class Piece(models.Model):
    """One row that changed its owner with a customer, or that the handover has made: what handing back puts right."""

    class Kind(models.TextChoices):
        """Which row it is."""

        PROMISE = "promise", _("Promise")
        ENTRY = "entry", _("Planned contact")
        SEAT = "seat", _("Seat at an event")
        LINE = "line", _("Line with a deputy")
        SHARE = "share", _("View of a deputy")
        INTRO = "intro", _("Introduction")
        VIEW = "view", _("View of the banker before")

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="pieces")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    row_id = models.BigIntegerField()
    was = models.BigIntegerField(null=True, help_text="The member of staff before.")
    became = models.BigIntegerField(null=True, help_text="The member of staff after.")
    facts = models.JSONField(default=dict, help_text="What else handing back has to know.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handover", "kind", "row_id"], name="piece_once_an_act"),
        ]


@every_edit()
class Wish(models.Model):
    """A banker asks that their book, or a part of it, be handed over; the head answers."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    asked_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff"], condition=models.Q(state="open"), name="one_wish_at_a_time")
        ]


@every_edit(index=("customer",))
class Offer(models.Model):
    """A neglected customer offered back to the branch: why, what the banker answers, what the head decides."""

    class State(models.TextChoices):
        """How far it has come."""

        RAISED = "raised", _("The banker is asked")
        ANSWERED = "answered", _("Answered")
        KEPT = "kept", _("Stays")
        MOVED = "moved", _("Moved")
        LAPSED = "lapsed", _("No longer so")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="offers")
    rm = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_on = models.DateField()
    answer_by = models.DateField(help_text="The last day on which the banker answers first.")
    code = models.CharField(max_length=8, choices=[("overdue", "overdue"), ("missed", "missed")])
    facts = models.JSONField(help_text="{late_from, last_contact_on, every_days, days, missed}")
    rule_version = models.CharField(max_length=40)
    data_date = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RAISED)
    reason = models.CharField(max_length=300, blank=True, help_text="What the banker answered.")
    promised_on = models.DateField(null=True, help_text="By when they will have spoken.")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField(null=True)
    decision = models.CharField(max_length=300, blank=True, help_text="What the head wrote.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True)
    rests_until = models.DateField(null=True, help_text="Not offered again before this day.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(state__in=["raised", "answered"]), name="offered_once_at_a_time"
            ),
            models.UniqueConstraint(fields=["customer", "raised_on"], name="offered_once_a_day"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["rm"], condition=models.Q(state__in=["raised", "answered"]), name="offer_open"),
        ]


@every_edit()
class NeglectRule(models.Model):
    """When a customer counts as neglected, from a day on; the newest that has begun holds (core.neglect)."""

    from_on = models.DateField(unique=True)
    days = models.PositiveSmallIntegerField(help_text="More days than this past the grace.")
    missed = models.PositiveSmallIntegerField(help_text="So many whole standards without a contact.")
    answer_workdays = models.PositiveSmallIntegerField()
    rest_days = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
