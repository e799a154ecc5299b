"""What became of a target: by the contact that was logged, by its correction, by a join, or as somebody says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from keybook.apps.campaigns.models import Target
from keybook.apps.customers.queries import scope_filter
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import Contact, Day, NotYoursError, RefusedError
from keybook.core.campaigns import result_of

DONE = """
    UPDATE campaigns_target SET result = %(result)s, result_on = %(on)s, interaction_id = %(contact)s
    WHERE reminder_id = ANY(%(closed)s::bigint[])"""
# Undone, the task waits again if its reminder does; corrected, the result is what the right contact says.
AGAIN = """
    UPDATE campaigns_target SET interaction_id = %(contact)s, result = %(result)s,
        result_on = CASE WHEN %(contact)s::bigint IS NOT NULL THEN result_on END
    WHERE interaction_id = %(instead_of)s"""
JOINED = """
    UPDATE campaigns_target t SET customer_id = %(to)s WHERE t.customer_id = %(from)s AND NOT EXISTS (
        SELECT 1 FROM campaigns_target o WHERE o.campaign_id = t.campaign_id AND o.customer_id = %(to)s)
    RETURNING t.id"""
PARTED = "UPDATE campaigns_target SET customer_id = %(to)s WHERE id = ANY(%(ids)s) AND customer_id = %(from)s"


def hear_contact(*, contact: Contact, interaction_id: int, closed: Sequence[int], day: Day) -> int:
    """Fill the results of the tasks this contact has closed; give how many. One statement, none if it closed nothing."""
    if not closed:
        return 0
    values = {
        "result": result_of(outcome=contact.outcome), "on": day.at(contact.at), "contact": interaction_id,
        "closed": list(closed),
    }  # fmt: skip
    with planned() as cursor:
        cursor.execute(DONE, values)
        return cursor.rowcount


def hear_correction(*, contact: Contact | None, interaction_id: int | None, instead_of: int) -> None:
    """It was another contact, or none."""
    result = result_of(outcome=contact.outcome) if contact is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(AGAIN, {"contact": interaction_id, "result": result, "instead_of": instead_of})


def hear_join(*, prospect_id: int, customer_id: int) -> dict[str, list[int]]:
    """Give a joined prospect's targets to the customer, but where they are a target of the same campaign themselves."""
    with connection.cursor() as cursor:
        cursor.execute(JOINED, {"from": prospect_id, "to": customer_id})
        return {"campaign_targets": [row[0] for row in cursor.fetchall()]}


def hear_parting(*, prospect_id: int, customer_id: int, said: Mapping[str, Any]) -> None:
    """Give the targets back that joining had moved."""
    with connection.cursor() as cursor:
        cursor.execute(PARTED, {"from": customer_id, "to": prospect_id, "ids": said.get("campaign_targets", [])})


@transaction.atomic
def tell(*, by: Scope, target_id: int, result: str) -> str:
    """Say what came of a contact that was logged: interested, reached or declined. NotYoursError outside the scope."""
    inside = scope_filter(by, prefix="customer__")
    rows = Target.objects.select_for_update(of=("self",)).filter(pk=target_id)
    row = (rows if inside is None else rows.filter(inside)).first()
    if row is None:
        raise NotYoursError
    by.require_write()
    if result not in {"interested", "reached", "declined"}:
        raise RefusedError("result", _("Interested, reached or declined."))
    if row.interaction_id is None or row.result == Target.Result.NONE:
        raise RefusedError("result", _("Log the contact first: a result comes from a contact."))
    Target.objects.filter(pk=row.pk).update(result=result)
    return _("Kept: %(result)s.") % {"result": str(Target.Result(result).label).lower()}
