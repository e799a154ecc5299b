"""What one member of staff may see, as a function: PostgreSQL plans it once a connection and not once a request."""

from django.db import migrations

CREATE = """
CREATE FUNCTION keybook_access(asked bigint, asked_on date)
RETURNS TABLE (staff_id bigint, everything boolean, books bigint[], branches bigint[], customers bigint[],
               bank_name varchar, bank_name_zh varchar, currency varchar, zone varchar, calendar varchar,
               business_date date, data_date date)
LANGUAGE plpgsql VOLATILE ROWS 1 AS $$
#variable_conflict use_column
DECLARE
    bank people_bank%ROWTYPE;
    who record;
    today date;
    seen_books bigint[] := '{}';
    seen_branches bigint[] := '{}';
    seen_customers bigint[] := '{}';
BEGIN
    SELECT * INTO bank FROM people_bank WHERE id = 1;
    SELECT s.id, s.role, b.path INTO who FROM people_staff s JOIN people_branch b ON b.id = s.branch_id
    WHERE s.id = asked AND s.is_active;
    IF bank.id IS NULL OR who.id IS NULL THEN
        RETURN;
    END IF;
    today := COALESCE(asked_on, bank.business_date, (now() AT TIME ZONE bank.time_zone)::date);
    IF who.role IN ('rm', 'head') THEN
        seen_books := ARRAY(
            SELECT who.id UNION SELECT d.principal_id FROM people_deputy d
            WHERE d.deputy_id = who.id AND d.from_on <= today AND (d.until_on IS NULL OR d.until_on > today)
            ORDER BY 1);
        seen_customers := ARRAY(
            SELECT c.customer_id FROM people_share c
            WHERE c.staff_id = who.id AND (c.until_on IS NULL OR c.until_on > today) ORDER BY 1);
    END IF;
    IF who.role IN ('head', 'lobby', 'campaign') THEN
        seen_branches := ARRAY(SELECT p.id FROM people_branch p WHERE starts_with(p.path, who.path) ORDER BY 1);
    END IF;
    PERFORM set_config('keybook.everything', CASE WHEN who.role = 'compliance' THEN 'on' ELSE 'off' END, true),
            set_config('keybook.books', seen_books::text, true),
            set_config('keybook.branches', seen_branches::text, true),
            set_config('keybook.customers', seen_customers::text, true),
            set_config('keybook.staff', who.id::text, true);
    RETURN QUERY SELECT who.id, who.role = 'compliance', seen_books, seen_branches, seen_customers,
        bank.name, bank.name_zh, bank.currency, bank.time_zone, bank.calendar, today, bank.data_date;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_history")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION keybook_access(bigint, date)")]
