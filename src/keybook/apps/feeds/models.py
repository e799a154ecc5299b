"""What the bank sent and what became of it, the nightly runs, and the thresholds of the signals."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from keybook.apps.people.history import every_edit


class FeedFile(models.Model):
    """One file of one feed, known by its content: rows in = loaded + kept aside, always."""

    feed = models.CharField(max_length=24)
    date = models.DateField()
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping = models.CharField(max_length=120, blank=True)
    rows_in = models.BigIntegerField()
    loaded = models.BigIntegerField()
    kept_aside = models.BigIntegerField()
    reasons = models.JSONField(default=list, help_text="[{code, sentence, count, example}], the commonest first.")
    rejected_path = models.CharField(max_length=400, blank=True)
    loaded_at = models.DateTimeField()
    superseded = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["feed", "date", "sha256"], name="feed_file_once"),
            models.CheckConstraint(
                condition=models.Q(rows_in=models.F("loaded") + models.F("kept_aside")), name="every_row_accounted_for"
            ),
        ]


@every_edit()
class SignalRule(models.Model):
    """The threshold of one signal, as an administrator set it: {"days": 30, "amount": "50000"}."""

    kind = models.CharField(max_length=32, unique=True)
    on = models.BooleanField(default=True)
    settings = models.JSONField(default=dict)


class NightStep(models.Model):
    """One step of the nightly run for one business date; a repeat after a kill starts at the first unfinished one."""

    date = models.DateField()
    step = models.CharField(max_length=24)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["date", "step"], name="night_step_once")]
