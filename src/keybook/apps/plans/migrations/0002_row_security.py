"""Whose plans are seen: an entry follows its customer; a plan, a meeting and an absence follow the member of staff."""

from django.db import migrations

from keybook.apps.people.row_security import on_customer, on_staff, policies, unbind

APPEND_ONLY = True
ANYBODY_OR_OWN = f"staff_id IS NULL OR {on_staff()}"  # the bank's usual capacity is nobody's secret
TABLES = [
    ("plans_entry", on_customer(), not APPEND_ONLY),
    ("plans_entryevent", on_customer(), APPEND_ONLY),
    ("plans_unplaced", on_customer(), not APPEND_ONLY),
    ("plans_plan", on_staff(), not APPEND_ONLY),
    ("plans_meeting", on_staff(), not APPEND_ONLY),
    ("plans_meetingevent", on_staff(), APPEND_ONLY),
    ("plans_absence", on_staff(), not APPEND_ONLY),
    ("plans_absenceevent", on_staff(), APPEND_ONLY),
    ("plans_capacity", ANYBODY_OR_OWN, not APPEND_ONLY),
    ("plans_capacityevent", ANYBODY_OR_OWN, APPEND_ONLY),
]


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]
    operations = [
        migrations.RunSQL(policies(table=table, inside=inside, append_only=append_only), unbind(table=table))
        for table, inside, append_only in TABLES
    ]
