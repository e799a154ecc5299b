"""Taking back a memo within its minute, where nothing has been built upon it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keybook.apps.customers.models import Assignment, Customer, HeldAway, SearchKey, Stage
from keybook.apps.interactions.models import Interaction
from keybook.apps.memos.commands.saving import SALT
from keybook.apps.memos.models import Memo
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import (
    Day,
    NotYoursError,
    RefusedError,
    contact_corrected,
    refresh_lines,
    remove_occasion,
    restate,
    withdraw_promise,
)
from keybook.apps.reminders.commands.lines import lock_customer
from keybook.apps.reminders.commands.ranking import drop_line
from keybook.apps.reminders.models import Promise, Reminder

UNDO_SECONDS = 60  # the toast shows ten; a slow network gets the rest


@transaction.atomic
def undo(*, by: Scope, token: str, day: Day) -> Memo:
    """Take back what a memo became: the line itself is kept, the contact stands struck through.

    Refused, with the way to correct it, once the promise is closed or somebody has logged another contact.
    """
    by.require_log()
    memo = _memo(by, token)
    customer_id = memo.customer_id
    if customer_id is None:
        raise RefusedError("", _("A referral stands: tell their banker if it was a mistake."))
    lock_customer(by=by, customer_id=customer_id)
    became = memo.became
    _still_safe(customer_id, became)
    for occasion_id in became["occasions"]:
        remove_occasion(by=by, customer_id=customer_id, occasion_id=occasion_id, day=day)
    if became["promise"]:
        withdraw_promise(by=by, customer_id=customer_id, promise_id=became["promise"], reason=_("Undone"), day=day)
    HeldAway.objects.filter(pk__in=became["held_away"], customer_id=customer_id).delete()
    _reopen(became)
    Interaction.objects.filter(pk=became["interaction"]).update(superseded=True)
    contact_corrected.send(sender=undo, contact=None, interaction_id=None, instead_of=became["interaction"], day=day)
    if became["made"]:
        _unmake(customer_id, day)
    restate(customer_ids=[customer_id], day=day)
    refresh_lines(customer_ids=[customer_id], day=day)
    memo.undone_at = timezone.now()
    memo.save(update_fields=["undone_at"])
    return memo


def _memo(by: Scope, token: str) -> Memo:
    try:
        given = signing.loads(token, salt=SALT, max_age=UNDO_SECONDS)
    except signing.SignatureExpired as error:
        raise RefusedError("", _("Too late to undo. Correct the contact on the customer's page.")) from error
    except signing.BadSignature as error:
        raise NotYoursError from error
    memo = Memo.objects.filter(pk=given["memo"], staff_id=by.staff_id).first()
    if memo is None or given["by"] != by.staff_id:
        raise NotYoursError
    if memo.undone_at is not None:
        raise RefusedError("", _("It has been undone already."))
    return memo


def _still_safe(customer_id: int, became: Mapping[str, Any]) -> None:
    later = Interaction.objects.filter(customer_id=customer_id, pk__gt=became["interaction"]).exists()
    corrected = Interaction.objects.filter(pk=became["interaction"], superseded=True).exists()
    closed = became["promise"] and not Promise.objects.filter(pk=became["promise"], state="open").exists()
    if later or corrected or closed:
        raise RefusedError(
            "", _("Not undone: something has happened since. Correct the contact on the customer's page.")
        )


def _reopen(became: Mapping[str, Any]) -> None:
    """What the contact had answered waits again."""
    mine = {"closed_in_id": became["interaction"], "pk__in": became["closed"]}
    Promise.objects.filter(kept_in_id=became["interaction"]).update(state="open", closed_on=None, kept_in=None)
    Reminder.objects.filter(**mine).update(state="open", closed_by=None, closed_on=None, closed_in=None)


def _unmake(customer_id: int, day: Day) -> None:
    """A prospect made a moment ago leaves the book and the search; the row stays, closed."""
    Customer.objects.filter(pk=customer_id, stage=Stage.PROSPECT).update(stage=Stage.CLOSED)
    Assignment.objects.filter(customer_id=customer_id, until_on__isnull=True).update(until_on=day.today)
    SearchKey.objects.filter(customer_id=customer_id).delete()
    drop_line(customer_id=customer_id)
