"""What is stored of the contact standards: a version per tier and day, and the exceptions of single customers."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from keybook.apps.customers.models import Channel, Customer, Tier
from keybook.apps.people.history import every_edit
from keybook.core.standards import MOST_DAYS, MOST_GRACE, MOST_VISITS

INSTALLED_ON = dt.date(1900, 1, 1)  # the first version of a tier, there before anybody's first contact


class Basis(models.TextChoices):
    """What the next due date is counted from."""

    CONTACT = "contact", _("the last contact")
    DUE = "due", _("the due date")


class Kind(models.TextChoices):
    """What an exception changes."""

    RHYTHM = "rhythm", _("Another rhythm")
    ONLY = "only", _("Only by some channels")
    PAUSE = "pause", _("Pause")
    AWAY = "away", _("Customer away")


@every_edit()
class Standard(models.Model):
    """A version of a tier's contact standard; the newest whose day has come holds. Without days: no standard from then."""

    tier = models.ForeignKey(Tier, on_delete=models.CASCADE, related_name="standards")
    number = models.PositiveIntegerField(help_text="Counted within the tier, from 1.")
    from_on = models.DateField()
    every_days = models.PositiveSmallIntegerField(null=True, help_text="Contact at least every N days.")
    grace_days = models.PositiveSmallIntegerField(default=5)
    basis = models.CharField(max_length=8, choices=Basis.choices, default=Basis.CONTACT)
    channels = ArrayField(models.CharField(max_length=8, choices=Channel.choices), help_text="Contacts that count.")
    visits_a_year = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="None: installed."
    )
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tier", "from_on"], name="one_standard_begins_a_day"),
            models.UniqueConstraint(fields=["tier", "number"], name="standard_numbered_once"),
            models.CheckConstraint(
                condition=Q(every_days__isnull=True) | Q(every_days__gte=1, every_days__lte=MOST_DAYS),
                name="standard_can_be_kept",
            ),
            models.CheckConstraint(
                condition=Q(grace_days__lte=MOST_GRACE, visits_a_year__lte=MOST_VISITS), name="standard_within_reason"
            ),
            models.CheckConstraint(condition=Q(channels__len__gte=1), name="standard_counts_a_channel"),
        ]


_OF_ONE_CUSTOMER = (
    Func(F("customer_id"), F("customer_id"), Value("[]"), function="int8range"),
    RangeOperators.OVERLAPS,
)
_AT_ONE_TIME = (Func(F("from_on"), F("until_on"), function="daterange"), RangeOperators.OVERLAPS)


@every_edit(index=("customer",))
class StandardException(models.Model):
    """What is asked of one customer in place of the tier's standard, from a day up to, not on, another."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="standard_exceptions")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    from_on = models.DateField()
    until_on = models.DateField()
    every_days = models.PositiveSmallIntegerField(null=True)
    channels = ArrayField(models.CharField(max_length=8, choices=Channel.choices), default=list)
    reason = models.CharField(max_length=300)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["customer", "from_on"]), models.Index(fields=["until_on"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="exception_ends"),
            models.CheckConstraint(condition=~Q(reason=""), name="exception_has_a_reason"),
            models.CheckConstraint(
                condition=Q(every_days__isnull=False, every_days__gte=1, every_days__lte=MOST_DAYS, kind="rhythm")
                | (~Q(kind="rhythm") & Q(every_days__isnull=True)),
                name="exception_can_be_kept",
            ),
            models.CheckConstraint(
                condition=~Q(kind="only") | Q(channels__len__gte=1), name="exception_names_its_channels"
            ),
            ExclusionConstraint(
                name="exceptions_do_not_overlap", expressions=[_OF_ONE_CUSTOMER, _AT_ONE_TIME],
                condition=~Q(kind="away"),
            ),
            ExclusionConstraint(
                name="absences_do_not_overlap", expressions=[_OF_ONE_CUSTOMER, _AT_ONE_TIME], condition=Q(kind="away")
            ),
        ]  # fmt: skip
