"""Whose exceptions are seen, and what of the versions the web server may write: a new one, a withdrawal before its day."""

from django.db import migrations

from keybook.apps.people.row_security import on_customer, policies, take_away, unbind

EXCEPTIONS, THEIR_HISTORY = "standards_standardexception", "standards_standardexceptionevent"


class Migration(migrations.Migration):
    dependencies = [("standards", "0002_from_the_tiers")]
    operations = [
        migrations.RunSQL(policies(table=EXCEPTIONS, inside=on_customer()), unbind(table=EXCEPTIONS)),
        migrations.RunSQL(
            policies(table=THEIR_HISTORY, inside=on_customer(), append_only=True), unbind(table=THEIR_HISTORY)
        ),
        migrations.RunSQL(take_away(table="standards_standard", rights="UPDATE"), migrations.RunSQL.noop),
        migrations.RunSQL(
            take_away(table="standards_standardevent", rights="UPDATE, DELETE"), migrations.RunSQL.noop
        ),
    ]
