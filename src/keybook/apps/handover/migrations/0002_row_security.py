"""Whose handovers and offers are seen; the history of each; and what ends a leaver's access."""

from django.db import migrations

from keybook.apps.people.row_security import on_customer, on_staff, policies, take_away, unbind

APPEND_ONLY = True
# Of one's own book, of one's branch, or of a customer that is inside: whoever has taken over sees the act.
ACT = f"""{on_staff("from_staff_id")} OR EXISTS (
    SELECT 1 FROM handover_move m WHERE m.handover_id = handover_handover.id)"""
OF_ACT = "EXISTS (SELECT 1 FROM handover_handover h WHERE h.id = pgh_obj_id)"
TABLES = [
    ("handover_handover", ACT, not APPEND_ONLY),
    ("handover_handoverevent", OF_ACT, APPEND_ONLY),
    ("handover_move", on_customer(), not APPEND_ONLY),
    ("handover_piece", on_customer(), not APPEND_ONLY),
    ("handover_offer", on_customer(), not APPEND_ONLY),
    ("handover_offerevent", on_customer(), APPEND_ONLY),
    ("handover_wish", on_staff(), not APPEND_ONLY),
    ("handover_wishevent", on_staff(), APPEND_ONLY),
]
# A person's channels, feed and waiting notes are seen by nobody else: these functions do, for one who has left, what has
# to be done, and say how many without saying what. For somebody who is still there they change nothing.
CLOSE = """
CREATE FUNCTION keybook_close_access(leaver bigint, today date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM people_staff WHERE id = leaver AND is_active) THEN
        RETURN;
    END IF;
    DELETE FROM notices_feed WHERE staff_id = leaver;
    UPDATE notices_channel SET off_at = now() WHERE staff_id = leaver AND off_at IS NULL;
    UPDATE notices_notice SET settled_at = now() WHERE staff_id = leaver AND settled_at IS NULL AND batch IS NULL;
    UPDATE people_deputy SET until_on = GREATEST(today, from_on + 1)
    WHERE leaver IN (principal_id, deputy_id) AND (until_on IS NULL OR until_on > today) AND from_on < today;
    DELETE FROM people_deputy WHERE leaver IN (principal_id, deputy_id) AND from_on >= today;
    DELETE FROM people_share WHERE staff_id = leaver;
    -- what they promised to customers of others goes to those customers' bankers; what was promised in confidence stays
    UPDATE reminders_promise p SET made_by_id = COALESCE(p.made_by_id, p.staff_id), staff_id = c.rm_id
    FROM customers_customer c
    WHERE c.id = p.customer_id AND p.staff_id = leaver AND p.state = 'open' AND c.rm_id <> leaver
      AND NOT EXISTS (SELECT 1 FROM interactions_interaction i WHERE i.id = p.made_in_id AND i.confidential);
    UPDATE reminders_line SET handed_to_id = NULL WHERE handed_to_id = leaver;
END $$;
CREATE FUNCTION keybook_unsettled(asked bigint) RETURNS TABLE (customers bigint, notes bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (SELECT count(*) FROM customers_customer c WHERE c.rm_id = asked),
           (SELECT count(*) FROM pocket_note n WHERE n.staff_id = asked AND n.state = 'waiting')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("handover", "0001_initial"), ("customers", "0008_book_sizes"), ("people", "0006_book_caps"),
        ("reminders", "0009_promises_change_hands"), ("notices", "0004_told_of_handovers"), ("pocket", "0001_initial"),
        ("interactions", "0005_confidential_rows"), ("plans", "0002_row_security"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL(policies(table=table, inside=inside, append_only=append_only), unbind(table=table))
        for table, inside, append_only in TABLES
    ] + [
        migrations.RunSQL(
            CLOSE, "DROP FUNCTION keybook_close_access(bigint, date); DROP FUNCTION keybook_unsettled(bigint);"
        ),
        migrations.RunSQL(
            take_away(table="handover_neglectruleevent, people_bookcapevent", rights="UPDATE, DELETE"),
            migrations.RunSQL.noop,
        ),
    ]
