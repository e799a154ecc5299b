"""Whose campaigns are seen: a target follows its customer; a campaign its branch, or whoever sees one of its targets."""

from django.db import migrations

from keybook.apps.people.row_security import on_branch, on_customer, policies, unbind

APPEND_ONLY = True
# Under the policy of the targets: only those of customers inside the scope are found.
OF_A_TARGET = "EXISTS (SELECT 1 FROM campaigns_target t WHERE t.campaign_id = {column})"
TABLES = [
    ("campaigns_target", on_customer(), not APPEND_ONLY),
    ("campaigns_targetevent", on_customer(), APPEND_ONLY),
    ("campaigns_campaign", f"{on_branch()} OR {OF_A_TARGET.format(column='campaigns_campaign.id')}", not APPEND_ONLY),
    (
        "campaigns_campaignevent",
        f"{on_branch()} OR {OF_A_TARGET.format(column='campaigns_campaignevent.id')}",
        APPEND_ONLY,
    ),
]


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_campaigns_and_targets")]
    operations = [
        migrations.RunSQL(policies(table=table, inside=inside, append_only=append_only), unbind(table=table))
        for table, inside, append_only in TABLES
    ]
