"""Let a list of customers leave Keybook as a file: who may, with what purpose, how many; kept with every id."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import RefusedError
from keybook.apps.reminders.queries import Day
from keybook.apps.team.asking import Ask
from keybook.apps.team.models import Export
from keybook.apps.team.queries.looked import Row, opened

EXPORTERS = frozenset({"rm", "head", "compliance"})
MOST = 5_000
LEAST_WORDS, LONGEST = 8, 200
FORMS = ("csv", "xlsx")


@dataclass(frozen=True, slots=True)
class Leaving:
    """What somebody wants to take along: as which kind of file, what for, when, in which request."""

    form: str
    purpose: str
    at: dt.datetime
    request_id: uuid.UUID


@transaction.atomic
def export(*, by: Scope, ask: Ask, leaving: Leaving, day: Day) -> tuple[Row, ...]:
    """The rows of a list for a file, kept in the record of exports; refused without a purpose or when there are too many.

    Nothing is cut off: a file that says less than the page would be believed.
    """
    if by.role not in EXPORTERS:
        raise PermissionDenied(_("Your role takes no list of customers along."))
    purpose = " ".join(leaving.purpose.split())
    if not LEAST_WORDS <= len(purpose) <= LONGEST:
        raise RefusedError("purpose", _("Say what the list is for, in 8 to 200 characters: it is kept in the record."))
    if leaving.form not in FORMS:
        raise RefusedError("form", _("Choose CSV or Excel."))
    found = opened(scope=by, ask=ask.but(), day=day, most=MOST)
    if found.count > MOST:
        raise RefusedError(
            "form", _("%(count)s customers are more than %(most)s: choose a banker or a tier.")
            % {"count": found.count, "most": MOST},
        )  # fmt: skip
    Export.objects.create(
        staff_id=by.staff_id, at=leaving.at, request_id=leaving.request_id, purpose=purpose, form=leaving.form,
        asked=ask.query(), rows=len(found.rows), customers=[row.id for row in found.rows],
    )  # fmt: skip
    return found.rows
