"""Each person's channels, wishes and messages are their own; a notice also follows its customer.

The table of feeds is asked before anybody is known and holds hashes only; the push key is sealed.
Triggers note how often an entry of a calendar has changed, so that no path of the code can forget it.
"""

from django.db import migrations

from keybook.apps.people.row_security import on_customer, policies, take_away, unbind
from keybook.database import WEB_ROLE

OWN = "staff_id = (SELECT NULLIF(current_setting('keybook.staff', true), '')::bigint)"
APPEND_ONLY = True
TABLES = [
    ("notices_wish", OWN, not APPEND_ONLY),
    ("notices_wishevent", OWN, APPEND_ONLY),
    ("notices_feedevent", OWN, APPEND_ONLY),
    ("notices_channel", OWN, not APPEND_ONLY),
    ("notices_delivery", OWN, not APPEND_ONLY),
]
# Who asks for an approval tells those who may give it, and who gives it settles it for all of them.
NOTICES = f"""
    ALTER TABLE notices_notice ENABLE ROW LEVEL SECURITY;
    CREATE POLICY scope ON notices_notice TO {WEB_ROLE} USING ({OWN} OR {on_customer()}) WITH CHECK (true);"""
FUNCTION = """
    CREATE FUNCTION notices_note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    BEGIN
        INSERT INTO notices_moved (source, source_id, sequence, changed_at)
        VALUES (TG_ARGV[0], NEW.id, CASE TG_OP WHEN 'INSERT' THEN 0 ELSE 1 END, now())
        ON CONFLICT (source, source_id) DO UPDATE SET sequence = notices_moved.sequence + 1, changed_at = now();
        RETURN NULL;
    END $$;"""
CHANGES = {
    "promise": ("due_on", "text"),
    "reminder": ("due_on",),
    "occasion": ("month", "day", "calendar", "leap", "year", "yearly", "kind", "label"),
}


def trigger(source, columns):
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)
    return (
        f"CREATE TRIGGER notices_changed AFTER UPDATE OF {', '.join(columns)} ON reminders_{source} "
        f"FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION notices_note_change('{source}');"
    )


MADE = (
    "CREATE TRIGGER notices_made AFTER INSERT ON reminders_promise FOR EACH ROW "
    "EXECUTE FUNCTION notices_note_change('promise');"
)


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_initial"), ("people", "0005_unheard"), ("reminders", "0004_row_security"),
    ]
    operations = [
        *[
            migrations.RunSQL(policies(table=table, inside=inside, append_only=append_only), unbind(table=table))
            for table, inside, append_only in TABLES
        ],
        migrations.RunSQL(NOTICES, unbind(table="notices_notice")),
        migrations.RunSQL(take_away(table="notices_moved"), migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION notices_note_change();"),
        *[
            migrations.RunSQL(trigger(source, columns), f"DROP TRIGGER notices_changed ON reminders_{source};")
            for source, columns in CHANGES.items()
        ],
        migrations.RunSQL(MADE, "DROP TRIGGER notices_made ON reminders_promise;"),
    ]
