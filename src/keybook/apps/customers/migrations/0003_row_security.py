"""The register: nobody sees or writes a customer outside their scope, nor anything that belongs to one."""

from django.db import migrations

from keybook.apps.people.row_security import on_columns, on_customer, policies, unbind

# Both ends of a relation are customers: seeing one of them shows that there is a relation, not who the other is.
BOTH = f"{on_customer()} OR {on_customer('other_id')}"
# A household is seen through any member.
HOUSE = "EXISTS (SELECT 1 FROM customers_customer c WHERE c.household_id = customers_household.id)"

APPEND_ONLY = True

TABLES = [
    ("customers_customer", on_columns(), not APPEND_ONLY),
    ("customers_searchkey", on_columns(customer="customer_id"), not APPEND_ONLY),
    ("customers_assignment", on_customer(), not APPEND_ONLY),
    ("customers_holding", on_customer(), not APPEND_ONLY),
    ("customers_balancemonth", on_customer(), not APPEND_ONLY),
    ("customers_heldaway", on_customer(), not APPEND_ONLY),
    ("customers_preference", on_customer(), not APPEND_ONLY),
    ("customers_relation", BOTH, not APPEND_ONLY),
    ("customers_household", HOUSE, not APPEND_ONLY),
    ("customers_customerevent", on_customer("pgh_obj_id"), APPEND_ONLY),
    ("customers_assignmentevent", on_customer(), APPEND_ONLY),
    ("customers_heldawayevent", on_customer(), APPEND_ONLY),
    ("customers_preferenceevent", on_customer(), APPEND_ONLY),
    ("customers_relationevent", on_customer(), APPEND_ONLY),
]
# What only the bank's feeds fill, the web server only reads.
MORE = ["REVOKE INSERT, UPDATE, DELETE ON customers_holding, customers_balancemonth FROM keybook_web;"]


class Migration(migrations.Migration):
    dependencies = [("people", "0002_web_role"), ("customers", "0002_history")]
    operations = [
        migrations.RunSQL(policies(table=table, inside=inside, append_only=append_only), unbind(table=table))
        for table, inside, append_only in TABLES
    ] + [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in MORE]
