"""Views follow the customer and are only ever appended, as are refusals, which no web worker reads."""

from django.db import migrations

from keybook.apps.people.row_security import on_customer, policies, unbind

APPEND_ONLY = True

TABLES = [
    ("audit_view", on_customer(), APPEND_ONLY),
]
MORE = [
    "REVOKE SELECT, UPDATE, DELETE ON audit_refusal FROM keybook_web;",
    "REVOKE UPDATE, DELETE ON people_staffevent, people_deputyevent, people_shareevent FROM keybook_web;",
    "REVOKE UPDATE, DELETE ON customers_tierevent, feeds_signalruleevent FROM keybook_web;",
    "REVOKE INSERT, UPDATE, DELETE ON feeds_feedfile, feeds_nightstep FROM keybook_web;",
]


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_row_security"), ("audit", "0001_initial"), ("people", "0003_history"), ("feeds", "0002_history")]
    operations = [
        migrations.RunSQL(policies(table=table, inside=inside, append_only=append_only), unbind(table=table))
        for table, inside, append_only in TABLES
    ] + [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in MORE]
