"""Matches are seen by who sees both people, fates by who sees the customer."""

from django.db import migrations

from keybook.apps.people.row_security import on_customer, policies, unbind

APPEND_ONLY = True
BOTH = f"{on_customer('prospect_id')} AND {on_customer('customer_id')}"

TABLES = [
    ("customers_match", BOTH, not APPEND_ONLY),
    ("customers_matchevent", on_customer("prospect_id"), APPEND_ONLY),
    ("customers_fate", on_customer(), not APPEND_ONLY),
    ("customers_fateevent", on_customer(), APPEND_ONLY),
]


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_joining_and_fates")]
    operations = [
        migrations.RunSQL(policies(table=table, inside=inside, append_only=append_only), unbind(table=table))
        for table, inside, append_only in TABLES
    ]
