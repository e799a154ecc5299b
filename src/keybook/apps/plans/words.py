"""How an answer, a reason and a contact without a place are said to the banker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from keybook.apps.plans.queries.answers import Answer
    from keybook.apps.plans.queries.time import Slot
    from keybook.apps.reminders.queries import Day


def said(*, answer: Answer) -> str:
    """An answer as the target of a drop says it: a few words."""
    if answer.kind == "fits":
        return _("Fits, %(left)s min left") % {"left": answer.left}
    short = {
        "past": _("Passed"), "same": _("Already planned that day"), "away": _("Away"), "busy": _("Meetings"),
        "shut": _("No workday"), "full": _("Full: %(used)s of %(room)s min"), "cap": _("%(count)s of %(most)s a day"),
        "gate": _("Refused") if answer.kind == "refused" else _("Asks first"),
    }[answer.code]  # fmt: skip
    return short % {"used": answer.room - answer.left, "room": answer.room, "count": answer.count, "most": answer.most}


def refusal(*, answer: Answer, slot: Slot, day: Day) -> str:
    """An answer that is not yes, as a whole sentence with the way out."""
    if answer.gate is not None and answer.code == "gate":
        return " ".join(answer.gate.sentences)
    sentence = {
        "past": _("%(day)s has passed. Choose today or later."),
        "same": _("On %(day)s another contact with this customer is planned. Choose another day."),
        "away": _("On %(day)s they are away. Choose another day."),
        "busy": _("On %(day)s meetings take this whole half-day. Choose another one."),
        "shut": _("On %(day)s nobody works. Choose another day."),
        "full": _("That half-day of %(day)s would be full: %(used)s of %(room)s minutes. Say why it is worth it, or choose another."),
        "cap": _("It would be contact %(count)s of this kind on %(day)s; %(most)s are the most. Say why, or choose another day."),
    }[answer.code]  # fmt: skip
    return sentence % {
        "day": day.say(slot[0]), "used": answer.room - answer.left, "room": answer.room, "count": answer.count,
        "most": answer.most,
    }  # fmt: skip
