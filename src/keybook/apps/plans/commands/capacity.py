"""What somebody keeps for contacts, and the days on which they are away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from keybook.apps.customers.models import Channel
from keybook.apps.people.scope import Scope
from keybook.apps.plans.models import MIDNIGHT, Absence, Capacity
from keybook.apps.plans.queries.whose import may_see
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError
from keybook.core.halves import Half, Span

SETTERS = frozenset({"head", "admin"})
LONGEST_CONTACT = 480
MOST_A_DAY = 100
LONGEST_ABSENCE = dt.timedelta(days=400)
HALF_NAMES: Mapping[Half, str] = {"am": "morning", "pm": "afternoon"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A capacity as somebody asks for it; hours in minutes from midnight, a cap left out is none."""

    windows: Mapping[Half, Span]
    kept: Mapping[Half, int]
    channels: Mapping[str, int]
    caps: Mapping[str, int]
    travel: int
    weekdays: tuple[int, ...]


@transaction.atomic
def set_capacity(*, by: Scope, staff_id: int | None, wanted: Wanted) -> str:
    """Store what this member of staff keeps for contacts, or with no staff named what the bank usually does.

    None at all may be kept (then nothing can be planned), but not more than the hours of a half-day hold.
    """
    _may_set(by, staff_id)
    _check(wanted)
    Capacity.objects.update_or_create(
        **({"staff_id": staff_id} if staff_id else {"staff": None}),
        defaults={
            "morning_from": wanted.windows["am"][0], "morning_until": wanted.windows["am"][1],
            "afternoon_from": wanted.windows["pm"][0], "afternoon_until": wanted.windows["pm"][1],
            "morning_minutes": wanted.kept["am"], "afternoon_minutes": wanted.kept["pm"],
            "minutes": dict(wanted.channels), "caps": dict(wanted.caps), "travel_minutes": wanted.travel,
            "weekdays": sorted(set(wanted.weekdays)),
        },
    )  # fmt: skip
    return _("Saved. It holds for the next plan.")


@transaction.atomic
def use_the_banks(*, by: Scope, staff_id: int) -> str:
    """Take an own capacity away: from now on the bank's usual holds."""
    _may_set(by, staff_id)
    Capacity.objects.filter(staff_id=staff_id).delete()
    return _("The bank's usual capacity holds again.")


@transaction.atomic
def add_absence(*, by: Scope, staff_id: int, from_on: dt.date, last_on: dt.date, why: str, day: Day) -> str:
    """Write down days on which somebody is away, both included; contacts planned on them show as in the way."""
    by.require_log()
    if not may_see(scope=by, staff_id=staff_id):
        raise NotYoursError
    if last_on < from_on:
        raise RefusedError("last_on", _("The last day comes before the first."))
    if last_on < day.today:
        raise RefusedError("last_on", _("These days have passed. Choose today or later."))
    if last_on - from_on > LONGEST_ABSENCE:
        raise RefusedError("last_on", _("That is more than a year. Check the year."))
    until_on = last_on + dt.timedelta(days=1)
    if Absence.objects.filter(staff_id=staff_id, from_on__lt=until_on, until_on__gt=from_on).exists():
        raise RefusedError("from_on", _("One of these days is written down already."))
    Absence.objects.create(staff_id=staff_id, from_on=from_on, until_on=until_on, why=why)
    return _("Away from %(first)s to %(last)s.") % {"first": day.say(from_on), "last": day.say(last_on)}


@transaction.atomic
def remove_absence(*, by: Scope, absence_id: int) -> str:
    """Take days of absence back."""
    by.require_log()
    row = Absence.objects.select_for_update().filter(pk=absence_id).first()
    if row is None or not may_see(scope=by, staff_id=row.staff_id):
        raise NotYoursError
    row.delete()
    return _("The days are free again.")


def _may_set(by: Scope, staff_id: int | None) -> None:
    if staff_id is None:
        if by.role not in SETTERS:
            raise PermissionDenied(_("Branch heads and administrators set the bank's usual capacity."))
        return
    by.require_log()
    if not may_see(scope=by, staff_id=staff_id):
        raise NotYoursError


def _check(wanted: Wanted) -> None:
    """Refuse what cannot be, with the field that has to change."""
    for half, name in HALF_NAMES.items():
        start, end = wanted.windows[half]
        if not 0 <= start < end <= MIDNIGHT:
            raise RefusedError(f"{name}_until", _("A half-day ends after it begins."))
        if not 0 <= wanted.kept[half] <= end - start:
            raise RefusedError(
                f"{name}_minutes",
                _("Between 0 and %(most)s minutes: the half-day is no longer.") % {"most": end - start},
            )
    if wanted.windows["am"][1] > wanted.windows["pm"][0]:
        raise RefusedError("afternoon_from", _("The afternoon begins when the morning has ended."))
    _check_channels(wanted)
    if not 0 <= wanted.travel <= LONGEST_CONTACT:
        raise RefusedError("travel", _("Between 0 and 480 minutes."))
    if not set(wanted.weekdays) <= set(range(7)) or not wanted.weekdays:
        raise RefusedError("weekdays", _("Choose at least one weekday."))


def _check_channels(wanted: Wanted) -> None:
    """Refuse a contact that takes no time or a whole day, and a limit that is none."""
    known = {value for value, _label in Channel.choices}
    for channel, minutes in wanted.channels.items():
        if channel not in known or not 1 <= minutes <= LONGEST_CONTACT:
            raise RefusedError(f"minutes_{channel}", _("Between 1 and 480 minutes."))
    for channel, most in wanted.caps.items():
        if channel not in known or not 1 <= most <= MOST_A_DAY:
            raise RefusedError(f"cap_{channel}", _("Between 1 and 100 a day, or empty for no limit."))
