"""Time that is taken already: meetings typed, and meetings brought in from a calendar file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keybook.apps.people.scope import Scope
from keybook.apps.plans.calendar_file import BadCalendarError, Event, read
from keybook.apps.plans.models import MIDNIGHT, Meeting
from keybook.apps.plans.queries.whose import may_see
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError

AHEAD = dt.timedelta(days=92)
FURTHEST = dt.timedelta(days=400)
MOST_A_DAY = 40


@dataclass(frozen=True, slots=True)
class Imported:
    """What a calendar file brought: new, moved or renamed, gone since, and left as they were."""

    added: int
    changed: int
    removed: int
    same: int
    sentence: str


@transaction.atomic
def add_meeting(*, by: Scope, staff_id: int, on: dt.date, span: tuple[int, int], title: str, day: Day) -> str:
    """Write down time that is taken; [from, until) in minutes from midnight."""
    _may(by, staff_id)
    if on < day.today:
        raise RefusedError("on", _("That day has passed. Choose today or later."))
    if on - day.today > FURTHEST:
        raise RefusedError("on", _("That is more than a year away. Check the year."))
    if not 0 <= span[0] < span[1] <= MIDNIGHT:
        raise RefusedError("until", _("A meeting ends after it begins."))
    if Meeting.objects.filter(staff_id=staff_id, on=on).count() >= MOST_A_DAY:
        raise RefusedError("on", _("Forty meetings are the most for one day."))
    title = " ".join(title.split())[:120]
    Meeting.objects.create(
        staff_id=staff_id, on=on, from_minute=span[0], until_minute=span[1], title=title, source="typed"
    )
    return _("Taken: %(day)s.") % {"day": day.say(on)}


@transaction.atomic
def remove_meeting(*, by: Scope, meeting_id: int) -> str:
    """Free the time again."""
    by.require_log()
    row = Meeting.objects.select_for_update().filter(pk=meeting_id).first()
    if row is None or not may_see(scope=by, staff_id=row.staff_id):
        raise NotYoursError
    row.delete()
    return _("The time is free again.")


@transaction.atomic
def import_calendar(*, by: Scope, staff_id: int, data: bytes, day: Day) -> Imported:
    """Bring in the meetings of a calendar file from today on, three months ahead; a repeat changes nothing.

    What an earlier file had brought and this one does not hold any more is gone; what was typed stays.
    """
    _may(by, staff_id)
    until = day.today + AHEAD
    try:
        events = read(data=data, from_on=day.today, until_on=until, zone=day.zone)
    except BadCalendarError as bad:
        raise RefusedError("file", str(bad)) from bad
    return _store(staff_id, events, day.today, until)


def _store(staff_id: int, events: Sequence[Event], from_on: dt.date, until_on: dt.date) -> Imported:
    """Bring the stored meetings of the period to what the file holds."""
    there = Meeting.objects.filter(staff_id=staff_id, source="ics", on__gte=from_on, on__lt=until_on)
    known = {(row.uid, row.on, row.from_minute): row for row in there.select_for_update()}
    wanted = {(each.uid, each.on, each.span[0]): each for each in events}
    gone = [row.pk for key, row in known.items() if key not in wanted]
    Meeting.objects.filter(pk__in=gone).delete()
    fresh = [each for key, each in wanted.items() if key not in known]
    Meeting.objects.bulk_create(
        Meeting(
            staff_id=staff_id, on=each.on, from_minute=each.span[0], until_minute=each.span[1], title=each.title,
            source="ics", uid=each.uid,
        )
        for each in fresh
    )  # fmt: skip
    changed = [
        row
        for key, row in known.items()
        if key in wanted and (row.until_minute, row.title) != (wanted[key].span[1], wanted[key].title)
    ]
    for row in changed:
        each = wanted[row.uid, row.on, row.from_minute]
        row.until_minute, row.title = each.span[1], each.title
    Meeting.objects.bulk_update(changed, ["until_minute", "title"])
    counts = (len(fresh), len(changed), len(gone), len(known) - len(gone) - len(changed))
    return Imported(*counts, sentence=_said(*counts))


def _said(added: int, changed: int, removed: int, same: int) -> str:
    if not added + changed + removed + same:
        return _("The file holds no meeting in the next three months.")
    new = ngettext("%(num)s meeting new", "%(num)s meetings new", added) % {"num": added}
    return _("%(new)s, %(changed)s changed, %(removed)s gone, %(same)s as before.") % {
        "new": new, "changed": changed, "removed": removed, "same": same,
    }  # fmt: skip


def _may(by: Scope, staff_id: int) -> None:
    by.require_log()
    if not may_see(scope=by, staff_id=staff_id):
        raise NotYoursError
