"""A promise made in a confidential contact is seen by who may see that contact, and by nobody else."""

from django.db import migrations

# The contact's own policy decides: a contact that is not seen hides its promise.
INSIDE = """EXISTS (SELECT 1 FROM customers_customer c WHERE c.id = customer_id)
    AND (made_in_id IS NULL OR EXISTS (SELECT 1 FROM interactions_interaction i WHERE i.id = made_in_id))"""
BEFORE = "EXISTS (SELECT 1 FROM customers_customer c WHERE c.id = customer_id)"
WITH_PROMISE = "EXISTS (SELECT 1 FROM reminders_promise p WHERE p.id = pgh_obj_id)"
EVENTS = "ALTER POLICY scope_read ON reminders_promiseevent USING ({inside})"
ALTER = "ALTER POLICY scope ON reminders_promise USING ({inside}) WITH CHECK ({inside})"


class Migration(migrations.Migration):
    dependencies = [("interactions", "0005_confidential_rows"), ("reminders", "0006_days_row_security")]
    operations = [
        migrations.RunSQL(ALTER.format(inside=INSIDE), ALTER.format(inside=BEFORE)),
        migrations.RunSQL(EVENTS.format(inside=WITH_PROMISE), EVENTS.format(inside=BEFORE)),
    ]
