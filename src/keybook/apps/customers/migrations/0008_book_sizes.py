"""How large each book is, and its cap: numbers only, of customers the reader may not see too."""

from django.db import migrations

# A head hands over to a colleague whose book reaches into branches the head does not see; the cap counts all of it.
BOOKS = """
CREATE FUNCTION keybook_cap(asked bigint, asked_on date) RETURNS integer
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT COALESCE(
        (SELECT most FROM people_bookcap WHERE staff_id = asked AND from_on <= asked_on ORDER BY from_on DESC LIMIT 1),
        (SELECT most FROM people_bookcap WHERE staff_id IS NULL AND from_on <= asked_on ORDER BY from_on DESC LIMIT 1))
$$;
CREATE FUNCTION keybook_books(asked bigint[], asked_on date)
RETURNS TABLE (staff_id bigint, customers bigint, most integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id, (SELECT count(*) FROM customers_customer c WHERE c.rm_id = s.id AND c.stage <> 'closed'),
        keybook_cap(s.id, asked_on)
    FROM people_staff s WHERE s.id = ANY(asked) ORDER BY s.id
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_standards_moved_out"), ("people", "0006_book_caps")]
    operations = [migrations.RunSQL(BOOKS, "DROP FUNCTION keybook_books(bigint[], date); DROP FUNCTION keybook_cap(bigint, date)")]
