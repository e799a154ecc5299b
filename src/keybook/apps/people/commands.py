"""What a member of staff may change about themselves: who stands in for them, and how Keybook looks."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from keybook.apps.people.models import Deputy, Role, Staff

deputy_ended = Signal()  # sent with `today` in the transaction that ends one, for the apps above to hear
KEEPERS = frozenset({Role.RM, Role.HEAD})


class NotAppointedError(Exception):
    """A deputy could not be appointed; the sentence says why, `field` where."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def appoint_deputy(
    *, principal: Staff, deputy_code: str, from_on: dt.date, until_on: dt.date, today: dt.date
) -> Deputy:
    """Let a colleague see and work the principal's book from `from_on` up to, not on, `until_on`.

    Raises NotAppointedError when one of the two keeps no book, the period is out of order or past, or the same
    colleague stands in already on one of these days.
    """
    deputy = Staff.objects.filter(code__iexact=deputy_code.strip(), is_active=True).first()
    if deputy is None or deputy.role not in KEEPERS:
        raise NotAppointedError("deputy", _("There is no relationship manager or branch head of this staff number."))
    if principal.role not in KEEPERS:
        raise NotAppointedError("deputy", _("Only relationship managers and branch heads have deputies."))
    if deputy.pk == principal.pk:
        raise NotAppointedError("deputy", _("Nobody stands in for themselves."))
    if from_on >= until_on:
        raise NotAppointedError("until_on", _("The last day comes before the first."))
    if until_on <= today:
        raise NotAppointedError("until_on", _("This period is over."))
    same = Deputy.objects.select_for_update().filter(principal=principal, deputy=deputy, from_on__lt=until_on)
    if same.exclude(until_on__lte=from_on).exists():
        raise NotAppointedError("from_on", _("This colleague already stands in for you on one of these days."))
    return Deputy.objects.create(principal=principal, deputy=deputy, from_on=from_on, until_on=until_on)


@transaction.atomic
def end_deputy(*, principal: Staff, deputy_id: int, today: dt.date) -> bool:
    """End this stand-in today (one that has not begun is taken back); False when it is not the principal's."""
    row = Deputy.objects.select_for_update().filter(pk=deputy_id, principal=principal).first()
    if row is None:
        return False
    if row.from_on >= today:
        row.delete()
    elif row.until_on is None or row.until_on > today:
        row.until_on = today
        row.save(update_fields=["until_on"])
    deputy_ended.send(sender=Deputy, today=today)
    return True


def choose_look(*, staff: Staff, language: str, theme: str, letter_keys: bool) -> None:
    """Keep language, theme and single-letter keys; an unknown language or theme leaves the old one."""
    if language in {code for code, _name in Staff._meta.get_field("language").choices or ()}:  # noqa: SLF001
        staff.language = language
    if theme in {code for code, _name in Staff._meta.get_field("theme").choices or ()}:  # noqa: SLF001
        staff.theme = theme
    staff.letter_keys = letter_keys
    staff.save(update_fields=["language", "theme", "letter_keys"])
