"""Promises, occasions and reminders follow the customer; a line of Today carries its own RM and branch."""

from django.db import migrations

from keybook.apps.people.row_security import on_columns, on_customer, policies, unbind

APPEND_ONLY = True

TABLES = [
    ("reminders_promise", on_customer(), not APPEND_ONLY),
    ("reminders_occasion", on_customer(), not APPEND_ONLY),
    ("reminders_reminder", on_customer(), not APPEND_ONLY),
    ("reminders_line", on_columns(customer="customer_id"), not APPEND_ONLY),
    ("reminders_promiseevent", on_customer(), APPEND_ONLY),
    ("reminders_occasionevent", on_customer(), APPEND_ONLY),
    ("reminders_reminderevent", on_customer(), APPEND_ONLY),
    ("reminders_lineevent", on_customer(), APPEND_ONLY),
]
MORE = []


class Migration(migrations.Migration):
    dependencies = [("interactions", "0003_row_security"), ("reminders", "0003_history")]
    operations = [
        migrations.RunSQL(policies(table=table, inside=inside, append_only=append_only), unbind(table=table))
        for table, inside, append_only in TABLES
    ] + [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in MORE]
