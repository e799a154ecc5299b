"""The role of the web server, and the bank itself, which the web server only reads."""

from django.db import migrations

from keybook.apps.people import row_security


def one_bank(apps, editor):
    """There is one bank from the first migration on."""
    apps.get_model("people", "Bank").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [
        migrations.RunPython(row_security.make_role, migrations.RunPython.noop),
        migrations.RunPython(one_bank, migrations.RunPython.noop),
        migrations.RunSQL(row_security.take_away(table="people_bank"), migrations.RunSQL.noop),
    ]
