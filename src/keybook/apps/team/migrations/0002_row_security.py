"""Whose sums and exports are seen: a book's by its banker and the branch; an export by who took it, and by compliance."""

from django.db import migrations

from keybook.apps.people.row_security import on_columns, policies, take_away, unbind
from keybook.database import WEB_ROLE

READ = on_columns(customer="NULL::bigint")
OWN = "staff_id = (SELECT NULLIF(current_setting('keybook.staff', true), '')::bigint)"
ALL = "(SELECT current_setting('keybook.everything', true)) = 'on'"
EXPORTS = f"""
ALTER TABLE team_export ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope_read ON team_export FOR SELECT TO {WEB_ROLE} USING ({OWN} OR {ALL});
CREATE POLICY scope_append ON team_export FOR INSERT TO {WEB_ROLE} WITH CHECK ({OWN});
REVOKE UPDATE, DELETE ON team_export FROM {WEB_ROLE};
"""


class Migration(migrations.Migration):
    dependencies = [("team", "0001_snapshots_and_exports")]
    operations = [
        migrations.RunSQL(
            policies(table="team_snapshot", inside=READ) + take_away(table="team_snapshot"), unbind(table="team_snapshot")
        ),
        migrations.RunSQL(EXPORTS, unbind(table="team_export")),
    ]
