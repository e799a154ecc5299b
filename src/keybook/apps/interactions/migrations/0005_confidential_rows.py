"""A confidential contact is shown to its author and to those it names, and so is what hangs on it."""

from django.db import migrations

from keybook.apps.people.row_security import on_customer, policies, take_away, unbind

# The policy of contacts asks for the participants and that of participants for the contact: a function of the owner's
# ends the circle. It says yes or no about the reader alone.
NAMED = """
CREATE FUNCTION keybook_is_named(contact bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM interactions_participant p WHERE p.interaction_id = contact
        AND p.staff_id = NULLIF(current_setting('keybook.staff', true), '')::bigint)
$$;
"""
ME = "(SELECT NULLIF(current_setting('keybook.staff', true), '')::bigint)"
KNOWN = f"({on_customer()}) AND (NOT confidential OR staff_id = {ME} OR keybook_is_named(id))"


def on_contact(column: str) -> str:
    """SQL: whether the contact a row belongs to may be known; the contact's own policy decides."""
    return f"EXISTS (SELECT 1 FROM interactions_interaction i WHERE i.id = {column})"


def bind(table: str, inside: str, *, append_only: bool = False) -> migrations.RunSQL:
    return migrations.RunSQL(policies(table=table, inside=inside, append_only=append_only), unbind(table=table))


class Migration(migrations.Migration):
    dependencies = [("interactions", "0004_confidential")]
    operations = [
        migrations.RunSQL(NAMED, "DROP FUNCTION keybook_is_named(bigint)"),
        migrations.RunSQL(
            unbind(table="interactions_interaction") + policies(table="interactions_interaction", inside=KNOWN),
            unbind(table="interactions_interaction") + policies(table="interactions_interaction", inside=on_customer()),
        ),
        migrations.RunSQL(
            unbind(table="interactions_interactionevent")
            + policies(table="interactions_interactionevent", inside=on_contact("pgh_obj_id"), append_only=True),
            unbind(table="interactions_interactionevent")
            + policies(table="interactions_interactionevent", inside=on_customer(), append_only=True),
        ),
        bind("interactions_participant", on_contact("interaction_id")),
        bind("interactions_participantevent", on_contact("interaction_id"), append_only=True),
        bind("interactions_attachment", on_contact("interaction_id")),
        migrations.RunSQL(take_away(table="interactions_attachment", rights="UPDATE, DELETE"), migrations.RunSQL.noop),
    ]
