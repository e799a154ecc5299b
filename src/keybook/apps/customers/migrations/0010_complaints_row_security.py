"""Whose complaints, consents and cares are seen: those of customers inside the scope."""

from django.db import migrations

from keybook.apps.people.row_security import on_customer, policies, unbind

TABLES = [(f"customers_{name}{event}", bool(event)) for name in ("complaint", "vulnerability", "consent") for event in ("", "event")]


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_complaints_consent")]
    operations = [
        migrations.RunSQL(policies(table=table, inside=on_customer(), append_only=append_only), unbind(table=table))
        for table, append_only in TABLES
    ]
