"""What is stored of the relationship ledger: its weights by version, what the data said of them, a nameless sample."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from keybook.apps.people.history import every_edit


class Learning(models.Model):
    """One run of the model that learns the weights: never changed, adopted by a person or not at all."""

    until_on = models.DateField(help_text="The last day of data it looked at.")
    made_at = models.DateTimeField(auto_now_add=True)
    model_version = models.CharField(max_length=40)
    facts = models.JSONField(help_text="Cut-offs, customers, measures of both on later data, calibration, suggestion.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-made_at"])]


@every_edit()
class Weights(models.Model):
    """A version of the weights from a day on; the newest that has begun holds. Before the first, `core.ledger.DEFAULT`."""

    number = models.PositiveIntegerField(unique=True)
    from_on = models.DateField(unique=True)
    points = models.JSONField(help_text="{kind: points} for every kind of core.ledger.KINDS.")
    half_life_days = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)
    learned = models.ForeignKey(
        Learning, null=True, on_delete=models.PROTECT, related_name="adopted", help_text="Whose suggestion it took up."
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(half_life_days__gte=30, half_life_days__lte=720), name="weights_halve_in_time"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="weights_have_a_reason"),
        ]


class Drawn(models.Model):
    """The postings of one customer of a sample the night draws, without a name: what a change of weights is tried on."""

    postings = models.JSONField(help_text="[[days before the business date, kind, times] …]")
    of = models.PositiveIntegerField(help_text="How many customers the sample stands for.")
