"""A banker asks that customers be taken from them; the head answers."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from keybook.apps.handover.commands.moving import may_hand_over
from keybook.apps.handover.models import Wish
from keybook.apps.people.models import Role
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError

LONGEST = 300


def wish(*, by: Scope, reason: str, day: Day) -> str:
    """Ask the head to hand over one's own book or a part of it: which, and why."""
    by.require_log()
    if by.role != Role.RM:
        raise RefusedError("reason", _("A branch head hands over, and need not ask."))
    try:
        with transaction.atomic():
            Wish.objects.create(staff_id=by.staff_id, reason=_tidy(reason), asked_on=day.today)
    except IntegrityError:
        raise RefusedError("reason", _("You have asked already: the head of the branch answers.")) from None
    return _("Asked. The head of the branch answers.")


@transaction.atomic
def answer_wish(*, by: Scope, wish_id: int, done: bool, text: str, day: Day) -> str:
    """Say that it was done, or why not."""
    may_hand_over(by)
    row = Wish.objects.select_for_update().filter(pk=wish_id, staff__branch__in=by.branches).first()
    if row is None:
        raise NotYoursError
    if row.state != Wish.State.OPEN:
        raise RefusedError("", _("This was answered already."))
    Wish.objects.filter(pk=wish_id).update(
        state=Wish.State.DONE if done else Wish.State.REFUSED, answer=_tidy(text), answered_by=by.staff_id,
        answered_on=day.today,
    )  # fmt: skip
    return _("Answered.")


def _tidy(text: str) -> str:
    tidy = " ".join(text.split())
    if not tidy:
        raise RefusedError("reason", _("Say it in a few words."))
    if len(tidy) > LONGEST:
        raise RefusedError("reason", _("At most 300 characters: say it shorter."))
    return tidy
