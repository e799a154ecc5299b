"""Taking a join back within thirty days: what it moved goes to where it came from, all of it or nothing, recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from keybook.apps.customers.models import Assignment, Customer, Match, Relation, Stage
from keybook.apps.customers.search import refresh_search_keys
from keybook.apps.interactions.models import Interaction
from keybook.apps.memos.commands.moved import ENDS, ROWS, rows_of
from keybook.apps.memos.queries import UNDO_DAYS
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, refresh_lines, restate, settle_days
from keybook.apps.reminders.commands.lines import lock_customer
from keybook.apps.reminders.models import Promise, Reminder

# Sent with `prospect_id`, `customer_id` and `said` (what the hearers of `joined` had given back) in the transaction that
# takes a join back.
parted = Signal()


@transaction.atomic
def part(*, by: Scope, match_id: int, day: Day) -> Customer:
    """Take a join of the last thirty days back: the prospect is open again with their history, and the two are not offered again.

    Refused, with the reason, once something has been built on the join that belongs to both.
    """
    by.require_log()
    match = Match.objects.select_for_update().filter(pk=match_id).first()
    if match is None:
        raise NotYoursError
    prospect_id, customer_id = match.prospect_id, match.customer_id
    for each in sorted((prospect_id, customer_id)):
        lock_customer(by=by, customer_id=each)
    moved = _still_possible(match, day)
    with connection.cursor() as cursor:
        cursor.execute("SELECT keybook_move_back(%s)", [match_id])
    for name, model in ROWS.items():
        model._default_manager.filter(pk__in=moved[name]).update(customer_id=prospect_id)  # noqa: SLF001
    for end in ENDS:
        Relation.objects.filter(pk__in=moved[f"relations.{end}"]).update(**{end: prospect_id})
    _open_again(prospect_id, customer_id, moved)
    parted.send(sender=part, prospect_id=prospect_id, customer_id=customer_id, said=moved["others"])
    match.state, match.undone_by_id, match.undone_on = Match.State.REFUSED, by.staff_id, day.today
    match.save(update_fields=["state", "undone_by", "undone_on"])
    refresh_search_keys([prospect_id])
    restate(customer_ids=[prospect_id, customer_id], day=day)
    for each in (prospect_id, customer_id):
        settle_days(customer_id=each, day=day)
    refresh_lines(customer_ids=[prospect_id, customer_id], day=day)
    return Customer.objects.get(pk=prospect_id)


def _still_possible(match: Match, day: Day) -> Mapping[str, Any]:
    """What the join has moved; refused with the reason when it cannot be taken back any more."""
    moved: Mapping[str, Any] | None = match.moved
    if match.state != Match.State.JOINED or match.settled_on is None:
        raise RefusedError("", _("These two are not joined."))
    if moved is None:
        raise RefusedError("", _("Not taken back: when they were joined, the way back was not kept yet."))
    if match.settled_on + UNDO_DAYS < day.today:
        raise RefusedError("", _("Not taken back: that was possible for 30 days, until %(day)s.") % {
            "day": day.say(match.settled_on + UNDO_DAYS),
        })  # fmt: skip
    prospect = Customer.objects.select_related("rm").get(pk=match.prospect_id)
    if prospect.stage != Stage.CLOSED or prospect.joined_to_id != match.customer_id:
        raise RefusedError("", _("Not taken back: the prospect is no longer joined to this customer."))
    if prospect.rm is None or not prospect.rm.is_active:
        raise RefusedError(
            "", _("Not taken back: the prospect’s banker is no longer here. Hand the prospect over first.")
        )
    now = rows_of(match.customer_id)
    if any(set(ids) - set(now[name]) for name, ids in moved.items() if name in now):
        raise RefusedError("", _("Not taken back: part of what was joined has been removed or moved on since."))
    if _built_upon(moved):
        raise RefusedError(
            "", _("Not taken back: a contact logged since has kept or corrected what was the prospect’s.")
        )
    return moved


def _built_upon(moved: Mapping[str, Any]) -> bool:
    """Whether a contact that stays with the customer keeps, answers or corrects something that would go."""
    history = moved["interactions"]
    kept = Promise.objects.filter(pk__in=moved["promises"], kept_in__isnull=False).exclude(kept_in__in=history)
    answered = Reminder.objects.filter(pk__in=moved["reminders"], closed_in__isnull=False).exclude(
        closed_in__in=history
    )
    corrected = Interaction.objects.filter(corrects__in=history).exclude(pk__in=history)
    return kept.exists() or answered.exists() or corrected.exists()


def _open_again(prospect_id: int, customer_id: int, moved: Mapping[str, Any]) -> None:
    """The prospect as they were; the customer without what they had been lent, unless somebody has changed it since."""
    Customer.objects.filter(pk=prospect_id).update(joined_to=None, **moved["prospect"])
    for name, (old, lent) in moved["customer"].items():
        Customer.objects.filter(pk=customer_id, **{name: lent}).update(**{name: old})
    Assignment.objects.filter(pk__in=moved["assignments"]).update(until_on=None)
    Reminder.objects.filter(pk__in=moved["dismissed"], state="dismissed").update(
        state="open", reason="", closed_on=None
    )
