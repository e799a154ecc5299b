"""One planned contact, or one without a place, as something that looks for a half-day; inside the scope only."""

from __future__ import annotations

from keybook.apps.customers.queries import scope_filter
from keybook.apps.people.scope import Scope
from keybook.apps.plans.models import Entry, Unplaced
from keybook.apps.plans.queries.answers import Wanted
from keybook.apps.plans.queries.page import LEFT, Left, left_of
from keybook.apps.plans.queries.whose import may_see
from keybook.apps.reminders.models import Reminder


def wanted(*, scope: Scope, entry_id: int) -> Wanted | None:
    """The entry as something that looks for a place; None when customer or plan is out of scope."""
    inside = scope_filter(scope, prefix="customer__")
    rows = Entry.objects.select_related("reminder").filter(pk=entry_id)
    row = (rows if inside is None else rows.filter(inside)).first()
    if row is None or not may_see(scope=scope, staff_id=row.staff_id):
        return None
    return wanted_of(entry=row)


def wanted_of(*, entry: Entry) -> Wanted:
    """The same of a row that was read already."""
    return Wanted(
        customer_id=entry.customer_id, staff_id=entry.staff_id, channel=entry.channel, minutes=entry.minutes,
        theme=entry.theme, cause=entry.cause, district=entry.district, entry_id=entry.pk or 0,
        kind=entry.reminder.kind if entry.reminder else "", purpose=_purpose(entry.reminder),
    )  # fmt: skip


def left(*, scope: Scope, unplaced_id: int) -> Left | None:
    """What found no place, and why."""
    inside = scope_filter(scope, prefix="customer__")
    rows = Unplaced.objects.filter(pk=unplaced_id)
    row = (rows if inside is None else rows.filter(inside)).values_list(*LEFT).first()
    return None if row is None else left_of(row)


def wanted_unplaced(*, scope: Scope, unplaced_id: int) -> Wanted | None:
    """It as something that looks for a place; None when customer or plan is out of scope."""
    inside = scope_filter(scope, prefix="customer__")
    rows = Unplaced.objects.select_related("plan", "customer", "reminder").filter(pk=unplaced_id)
    row = (rows if inside is None else rows.filter(inside)).first()
    if row is None or not may_see(scope=scope, staff_id=row.plan.staff_id):
        return None
    return Wanted(
        customer_id=row.customer_id, staff_id=row.plan.staff_id, channel=row.channel, minutes=row.minutes,
        theme=row.theme, cause=row.cause, district=row.customer.district, kind=row.reminder.kind if row.reminder else "",
        purpose=_purpose(row.reminder),
    )  # fmt: skip


def _purpose(reminder: Reminder | None) -> str:
    """What a campaign's contact is for; empty for any other."""
    return str(reminder.facts.get("purpose", "")) if reminder is not None and reminder.cause == "campaign" else ""


def staff_of(*, entry_id: int) -> int:
    """Whose plan an entry is on."""
    return Entry.objects.values_list("staff_id", flat=True).get(pk=entry_id)
