"""Taking a join back: the contacts and memos it had moved go to where they came from, and no others."""

from importlib import import_module

from django.db import migrations

from keybook.apps.people.row_security import WEB_ROLE

BEFORE = import_module("keybook.apps.memos.migrations.0002_row_security")
NAME = "keybook_move_back(bigint)"
BACK = f"""
CREATE FUNCTION keybook_move_back(which bigint) RETURNS integer {BEFORE.HEAD}
DECLARE
    one customers_match%ROWTYPE;
    moved integer;
    more integer;
BEGIN
    SELECT * INTO one FROM customers_match m WHERE m.id = which AND m.state = 'joined' AND m.moved IS NOT NULL;
    IF one.id IS NULL
       OR (SELECT count(*) FROM customers_customer c WHERE c.id IN (one.prospect_id, one.customer_id) AND ({BEFORE.INSIDE})) <> 2 THEN
        RAISE EXCEPTION 'These two are not joined.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE interactions_interaction SET customer_id = one.prospect_id WHERE customer_id = one.customer_id
        AND id IN (SELECT value::bigint FROM jsonb_array_elements_text(one.moved->'interactions'));
    GET DIAGNOSTICS moved = ROW_COUNT;
    UPDATE memos_memo SET customer_id = one.prospect_id WHERE customer_id = one.customer_id
        AND id IN (SELECT value::bigint FROM jsonb_array_elements_text(one.moved->'memos'));
    GET DIAGNOSTICS more = ROW_COUNT;
    RETURN moved + more;
END $$;
"""
GRANT = f"REVOKE ALL ON FUNCTION {NAME} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {NAME} TO {WEB_ROLE};"


class Migration(migrations.Migration):
    dependencies = [("memos", "0002_row_security"), ("customers", "0012_joins_undone")]
    operations = [
        migrations.RunSQL(BACK, f"DROP FUNCTION {NAME}"),
        migrations.RunSQL(GRANT, migrations.RunSQL.noop),
    ]
