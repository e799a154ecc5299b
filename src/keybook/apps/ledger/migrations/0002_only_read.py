"""What of the ledger's settings the web server may write: a new version, and the withdrawal of one still to come."""

from django.db import migrations

from keybook.apps.people.row_security import take_away


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_weights_learning_sample")]
    operations = [
        migrations.RunSQL(take_away(table=table, rights=rights), migrations.RunSQL.noop)
        for table, rights in (
            ("ledger_weights", "UPDATE"),
            ("ledger_weightsevent", "UPDATE, DELETE"),
            ("ledger_learning", "INSERT, UPDATE, DELETE"),
            ("ledger_drawn", "INSERT, UPDATE, DELETE"),
        )
    ]
