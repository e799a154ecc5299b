"""Gifts with what became of them, who is a public official, and the bank's limits."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.models import Customer
from keybook.apps.interactions.models import Interaction
from keybook.apps.people.history import every_edit
from keybook.apps.reminders.models import Occasion


class State(models.TextChoices):
    """How far a gift has come."""

    IDEA = "idea", _("Idea")
    TO_APPROVE = "to_approve", _("To approve")
    PLANNED = "planned", _("Planned")
    REFUSED = "refused", _("Refused")
    GIVEN = "given", _("Given")
    DECLINED = "declined", _("Declined")
    RECEIVED = "received", _("Received")


class Category(models.TextChoices):
    """What kind of thing it is."""

    FLOWERS = "flowers", _("Flowers")
    FOOD = "food", _("Food, sweets")
    TEA = "tea", _("Tea, drinks")
    BOOK = "book", _("Books, stationery")
    CULTURE = "culture", _("Tickets, culture")
    HOME = "home", _("For the home")
    CHILD = "child", _("For a child")
    OTHER = "other", _("Other")
    CASH = "cash", _("Money, cards, vouchers")


@every_edit(index=("customer",))
class Gift(models.Model):
    """One gift: an idea, then planned, then given or declined; or one that was received."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="gifts")
    text = models.CharField(max_length=120)
    category = models.CharField(max_length=8, choices=Category.choices)
    occasion = models.CharField(max_length=80, blank=True, help_text="What it is for, in words.")
    occasion_row = models.ForeignKey(Occasion, null=True, on_delete=models.SET_NULL, related_name="gifts")
    value = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    on = models.DateField(help_text="The day it is meant for; once given, the day it was.")
    state = models.CharField(max_length=10, choices=State.choices)
    why = models.CharField(max_length=300, blank=True, help_text="Why it should be given although above a limit.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=300, blank=True, help_text="What the second person wrote.")
    over = models.DecimalField(max_digits=12, decimal_places=2, default=0, help_text="The largest excess over a limit.")
    given_in = models.ForeignKey(Interaction, null=True, on_delete=models.PROTECT, related_name="gifts")
    rule_version = models.CharField(max_length=40)
    client_key = models.UUIDField(unique=True, help_text="Made by the sender, so that a repeat does nothing twice.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(value__gt=0), name="gift_has_a_value"),
            models.CheckConstraint(condition=~models.Q(category="cash"), name="gift_is_no_money"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | (~models.Q(decided_by=models.F("asked_by")) & ~models.Q(decided_by=models.F("edited_by"))),
                name="gift_decided_by_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-on"]),
            models.Index(fields=["state", "-on"]),
            models.Index(fields=["asked_by", "-on"]),
        ]


@every_edit(index=("customer",))
class Official(models.Model):
    """A customer who holds a public office from `from_on` up to, not on, `until_on`: the limits are zero."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="offices")
    office = models.CharField(max_length=120)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer"], condition=models.Q(until_on=None), name="one_office_at_a_time")
        ]


@every_edit()
class LimitSet(models.Model):
    """The bank's limits from a day on, in the bank's currency; the newest that has begun holds."""

    from_on = models.DateField(unique=True)
    per_gift = models.DecimalField(max_digits=12, decimal_places=2)
    per_customer = models.DecimalField(max_digits=12, decimal_places=2)
    per_household = models.DecimalField(max_digits=12, decimal_places=2)
    per_banker = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(per_gift__gte=0, per_customer__gte=0, per_household__gte=0, per_banker__gte=0),
                name="limits_not_below_zero",
            )
        ]
