"""Contacts follow the customer; a stored contact is never changed but for its mark of being corrected."""

from django.db import migrations

from keybook.apps.people.row_security import on_customer, policies, unbind

APPEND_ONLY = True

TABLES = [
    ("interactions_interaction", on_customer(), not APPEND_ONLY),
    ("interactions_interactionevent", on_customer(), APPEND_ONLY),
]
MORE = [
    "REVOKE UPDATE, DELETE ON interactions_interaction FROM keybook_web;",
    "GRANT UPDATE (superseded) ON interactions_interaction TO keybook_web;"
]


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_row_security"), ("interactions", "0002_history")]
    operations = [
        migrations.RunSQL(policies(table=table, inside=inside, append_only=append_only), unbind(table=table))
        for table, inside, append_only in TABLES
    ] + [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in MORE]
