"""Going ahead is seen with its customer; the bank's numbers by everybody who works with them."""

from django.db import migrations

from keybook.apps.people.row_security import on_customer, policies, unbind


class Migration(migrations.Migration):
    dependencies = [("gate", "0001_initial"), ("customers", "0010_complaints_row_security")]
    operations = [
        migrations.RunSQL(policies(table="gate_goahead", inside=on_customer()), unbind(table="gate_goahead")),
        migrations.RunSQL(
            policies(table="gate_goaheadevent", inside=on_customer(), append_only=True), unbind(table="gate_goaheadevent")
        ),
    ]
