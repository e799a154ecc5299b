"""What head and administrator set for all: how reminders are placed, when a promise is broken, the greetings' words."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands.refusals import RefusedError
from keybook.apps.reminders.models import Direction, Greeting, Rule
from keybook.core import greetings, reminding

SETTERS = frozenset({"head", "admin"})
FEWEST, MOST = 1, reminding.LONGEST_PATIENCE


def _require(by: Scope) -> None:
    if by.role not in SETTERS:
        raise PermissionDenied(_("This is set by branch heads and administrators."))


@transaction.atomic
def set_rule(*, by: Scope, kind: str, lead_days: int, direction: str, broken_after: int | None = None) -> None:
    """Set how reminders of one kind are placed; it holds from the next night, and at once for what is new."""
    _require(by)
    if kind not in reminding.DEFAULTS:
        raise RefusedError("kind", _("There is no such kind of reminder."))
    if direction not in Direction.values:
        raise RefusedError("direction", _("Choose where it goes from a day nobody works."))
    try:
        reminding.check_lead(days=lead_days)
    except reminding.LeadError:
        raise RefusedError("lead_days", _("0 to 365 days ahead are possible.")) from None
    if broken_after is not None and not FEWEST <= broken_after <= MOST:
        raise RefusedError("broken_after", _("A promise is broken after 1 to 60 workdays."))
    Rule.objects.update_or_create(
        kind=kind, defaults={"lead_days": lead_days, "direction": direction, "broken_after": broken_after}
    )


@transaction.atomic
def set_greeting(*, by: Scope, kind: str, language: str, text: str) -> None:
    """Set the bank's own words for one kind of occasion in one language; an empty text brings ours back."""
    _require(by)
    if (kind, language) not in greetings.DEFAULTS:
        raise RefusedError("kind", _("There is no such greeting."))
    tidy = text.strip()
    if not tidy or tidy == greetings.DEFAULTS[kind, language]:
        Greeting.objects.filter(kind=kind, language=language).delete()
        return
    try:
        greetings.check(text=tidy)
    except greetings.GreetingError as error:
        raise RefusedError("text", _why(error)) from None
    Greeting.objects.update_or_create(kind=kind, language=language, defaults={"text": tidy})


def _why(error: greetings.GreetingError) -> str:
    """Why a text cannot be a greeting, as a sentence."""
    if error.code == "field":
        known = ", ".join(f"{{{field}}}" for field in greetings.FIELDS)
        return _("There is no field %(field)s. These exist: %(known)s.") % {"field": error.subject, "known": known}
    if error.code == "long":
        return _("At most 1,000 characters can be kept: it has %(count)s.") % {"count": error.subject}
    return _("A brace stands alone. Fields are written as {name}.")
