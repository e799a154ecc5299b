"""The standards the tiers have had become their first versions, as they were: every channel counts, no visits asked."""

import datetime as dt

from django.db import migrations

CHANNELS = ["call", "visit", "branch", "wechat", "sms", "email", "letter"]


def forth(apps, editor):
    """A first version for each tier that had a standard."""
    del editor
    tiers = apps.get_model("customers", "Tier")
    standards = apps.get_model("standards", "Standard")
    for tier in tiers.objects.filter(standard_days__gte=1).order_by("rank"):
        standards.objects.create(
            tier=tier, number=1, from_on=dt.date(2000, 1, 1), every_days=min(tier.standard_days, 730),
            grace_days=min(tier.grace_days, 90), channels=CHANNELS,
        )  # fmt: skip


def back(apps, editor):
    """The newest version of each tier becomes the tier's again."""
    del editor
    standards = apps.get_model("standards", "Standard")
    for row in standards.objects.select_related("tier").order_by("from_on"):
        row.tier.standard_days, row.tier.grace_days = row.every_days, row.grace_days
        row.tier.save(update_fields=["standard_days", "grace_days"])


class Migration(migrations.Migration):
    dependencies = [("standards", "0001_versions_and_exceptions")]
    operations = [migrations.RunPython(forth, back)]
