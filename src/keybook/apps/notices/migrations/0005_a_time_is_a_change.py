"""A promise whose time changes is a changed entry of the calendar."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("keybook.apps.notices.migrations.0002_row_security")
DROP = "DROP TRIGGER notices_changed ON reminders_promise;"


class Migration(migrations.Migration):
    dependencies = [("notices", "0004_told_of_handovers"), ("reminders", "0011_a_time_of_the_day")]
    operations = [
        migrations.RunSQL(
            DROP + BEFORE.trigger("promise", ("due_on", "due_time", "text")),
            DROP + BEFORE.trigger("promise", BEFORE.CHANGES["promise"]),
        ),
    ]
