"""Whose proposals and answers are seen, and how often each theme was taken up."""

from django.db import migrations

from keybook.apps.people.row_security import on_customer, policies, unbind

# The levels above a customer reach beyond the rows the reader sees: a count of a tier, a bank or a banker says nothing of
# which customers they were.
TAKEN = """
CREATE FUNCTION keybook_taken_up() RETURNS TABLE (level text, name text, theme text, tried bigint, taken bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN grouping(a.tier_code) = 0 THEN 'tier' WHEN grouping(a.rm_id) = 0 THEN 'rm' ELSE 'bank' END,
        COALESCE(a.tier_code, a.rm_id::text, ''), a.theme, count(*), count(*) FILTER (WHERE a.answer = 'accepted')
    FROM proposals_answer a WHERE a.answer <> 'later'
    GROUP BY GROUPING SETS ((a.theme), (a.theme, a.tier_code), (a.theme, a.rm_id))
$$;
"""
APPEND_ONLY = True
TABLES = [
    ("proposals_proposal", on_customer(), not APPEND_ONLY),
    ("proposals_answer", on_customer(), not APPEND_ONLY),
    ("proposals_answerevent", on_customer(), APPEND_ONLY),
]


class Migration(migrations.Migration):
    dependencies = [("proposals", "0001_next_best"), ("people", "0006_book_caps"), ("gifts", "0002_rows_sums_limits")]
    operations = [
        migrations.RunSQL(TAKEN, "DROP FUNCTION keybook_taken_up()"),
    ] + [
        migrations.RunSQL(policies(table=table, inside=inside, append_only=append_only), unbind(table=table))
        for table, inside, append_only in TABLES
    ]
