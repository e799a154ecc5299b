"""Whose gifts are seen, and what of the limits is used up already."""

from django.db import migrations

from keybook.apps.people.row_security import on_customer, policies, unbind

# The household's and the banker's sums reach beyond the rows the reader sees: a sum says nothing of whose gifts they were.
SUMS = """
CREATE FUNCTION keybook_gift_sums(for_customer bigint, by_banker bigint, since date, until date, without bigint)
RETURNS TABLE (customer numeric, household numeric, banker numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH home AS (SELECT COALESCE(household_id, 0) AS id FROM customers_customer WHERE id = for_customer),
    counted AS (
        SELECT g.* FROM gifts_gift g
        WHERE g.state IN ('planned', 'given') AND g.on > since AND g.on <= until AND g.id <> without)
    SELECT
        COALESCE((SELECT sum(value) FROM counted WHERE customer_id = for_customer), 0),
        COALESCE((SELECT sum(g.value) FROM counted g JOIN customers_customer c ON c.id = g.customer_id, home
                  WHERE g.customer_id = for_customer OR (home.id <> 0 AND c.household_id = home.id)), 0),
        COALESCE((SELECT sum(value) FROM counted WHERE asked_by_id = by_banker), 0)
$$;
"""
APPEND_ONLY = True
TABLES = [
    ("gifts_gift", on_customer(), not APPEND_ONLY),
    ("gifts_official", on_customer(), not APPEND_ONLY),
    ("gifts_giftevent", on_customer(), APPEND_ONLY),
    ("gifts_officialevent", on_customer(), APPEND_ONLY),
]


class Migration(migrations.Migration):
    dependencies = [("gifts", "0001_initial")]
    operations = [
        migrations.RunSQL(SUMS, "DROP FUNCTION keybook_gift_sums(bigint, bigint, date, date, bigint)"),
    ] + [
        migrations.RunSQL(policies(table=table, inside=inside, append_only=append_only), unbind(table=table))
        for table, inside, append_only in TABLES
    ]
