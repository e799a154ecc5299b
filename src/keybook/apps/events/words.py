"""How events and seats are said on pages: states, and what may be done with a seat."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keybook.apps.events.models import Event, Seat

STATES: Mapping[str, str] = {
    "idea": "", "invited": "half", "accepted": "on", "waiting": "half", "declined": "", "came": "on", "absent": "off",
    "cancelled": "",
}  # fmt: skip
COURSES: Mapping[str, str] = {"planned": "half", "open": "on", "held": "", "cancelled": "off"}


def state(code: str) -> str:
    """A state of a seat by its word."""
    return str(Seat.State(code).label)


def course(code: str) -> str:
    """How far an event has come."""
    return str(Event.State(code).label)


def replies(*, room: bool = True) -> list[tuple[str, str]]:
    """What a customer can answer to an invitation, as a form offers it."""
    more = [
        (
            f"accepted:{count}",
            ngettext("Comes, with %(num)s companion", "Comes, with %(num)s companions", count) % {"num": count},
        )
        for count in range(1, 6)
    ]
    return [
        ("accepted", _("Comes") if room else _("Would come: waiting list")),
        *more,
        ("declined", _("Does not come")),
    ]


def acts(*, code: str, course: str, is_its_day: bool) -> list[tuple[str, str]]:
    """What may be done with a seat in this state."""
    marks = [("came", _("Came")), ("absent", _("Did not come"))] if is_its_day and course in {"open", "held"} else []
    if code in {"came", "absent"}:
        return marks
    if course != "open" or code in {"cancelled", "idea"}:
        return marks if code != "cancelled" else []
    given = replies()
    if code == "declined":
        return given[:-1]
    return [*marks, *given, ("withdrawn", _("Withdraw the invitation"))]
