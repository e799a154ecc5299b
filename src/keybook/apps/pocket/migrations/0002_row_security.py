"""A note from a phone is its author's: nobody else reads it, not even who may read every customer."""

from django.db import migrations

from keybook.apps.people.row_security import policies, unbind

MINE = "staff_id = (SELECT NULLIF(current_setting('keybook.staff', true), '')::bigint)"


class Migration(migrations.Migration):
    dependencies = [("people", "0004_access_function"), ("pocket", "0001_initial")]
    operations = [
        migrations.RunSQL(policies(table="pocket_note", inside=MINE), unbind(table="pocket_note")),
        migrations.RunSQL(
            policies(table="pocket_noteevent", inside=MINE, append_only=True), unbind(table="pocket_noteevent")
        ),
    ]
