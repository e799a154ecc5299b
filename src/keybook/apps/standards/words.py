"""The contact standards in words: what a version asks, what an exception changes, what a date was counted from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keybook.apps.customers.models import Channel
from keybook.apps.standards.models import Kind, Standard, StandardException
from keybook.core.cadence import Due
from keybook.core.standards import CHANNELS

Say = Callable[[dt.date], str]


def channels(codes: Iterable[str]) -> str:
    """The channels that count, in words; few that do not are named instead."""
    counted = set(codes)
    missing = [code for code in CHANNELS if code not in counted]
    if not missing:
        return _("every channel")
    if len(missing) <= 2:  # noqa: PLR2004  two are named sooner than five
        return _("any but %(channels)s") % {"channels": _listed(missing)}
    return _listed(code for code in CHANNELS if code in counted)


def _listed(codes: Iterable[str]) -> str:
    return _(", ").join(str(Channel(code).label) for code in codes)


def every(days: int | None) -> str:
    """How often, in words."""
    if days is None:
        return _("no standard")
    return ngettext("every day", "every %(days)s days", days) % {"days": days}


def exception(row: StandardException) -> str:
    """What an exception changes."""
    if row.kind == Kind.RHYTHM:
        own = every(row.every_days)
        return (
            own
            if not row.channels
            else _("%(every)s, by %(channels)s") % {"every": own, "channels": _listed(row.channels)}
        )
    if row.kind == Kind.ONLY:
        return _("only by %(channels)s") % {"channels": _listed(row.channels)}
    return _("no contact by standard") if row.kind == Kind.PAUSE else _("away, due on the return")


def standard(row: Standard) -> str:
    """A version in one line."""
    if row.every_days is None:
        return every(None)
    visits = ngettext("%(count)s visit a year", "%(count)s visits a year", row.visits_a_year) % {
        "count": row.visits_a_year
    }
    said = _("%(every)s, %(grace)s days of grace, counted from %(basis)s, %(channels)s count") % {
        "every": every(row.every_days), "grace": row.grace_days, "basis": row.get_basis_display(),
        "channels": channels(row.channels),
    }  # fmt: skip
    return said + _(", ") + visits if row.visits_a_year else said


def counted(due: Due, say: Say) -> str:
    """What a due date was counted from, where it was not a contact."""
    since = say(due.since) if due.since else ""
    sentences = {
        "tier": _("counted from %(day)s, when the customer came into the tier"),
        "theirs": _("counted from %(day)s, when the customer came to their banker: nobody has spoken to them yet"),
        "opened": _("counted from %(day)s, when the account was opened: nobody has spoken to them yet"),
        "unknown": _("counted from today: nothing is known before"),
        "changed": _("the date the customer already had, brought over on %(day)s when something else began to be asked"),
        "begun": _("a whole standard from %(day)s, when it began"),
    }  # fmt: skip
    return sentences.get(due.why, "") % {"day": since} if due.why in sentences else ""
