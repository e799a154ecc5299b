"""How a customer keeps their days follows the customer; promises made before this know the day they asked for."""

from django.db import migrations

from keybook.apps.people.row_security import on_customer, policies, unbind

APPEND_ONLY = True

TABLES = [
    ("reminders_observance", on_customer(), not APPEND_ONLY),
    ("reminders_observanceevent", on_customer(), APPEND_ONLY),
]
ASKED = "UPDATE reminders_promise SET asked_on = due_on WHERE asked_on IS NULL"


class Migration(migrations.Migration):
    dependencies = [("reminders", "0005_promises_and_occasions")]
    operations = [
        migrations.RunSQL(policies(table=table, inside=inside, append_only=append_only), unbind(table=table))
        for table, inside, append_only in TABLES
    ] + [migrations.RunSQL(ASKED, migrations.RunSQL.noop)]
