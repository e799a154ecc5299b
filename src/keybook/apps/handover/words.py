"""How handovers and neglected customers are said, on every face."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keybook.apps.handover.models import Handover
from keybook.apps.handover.queries import Waiting
from keybook.apps.reminders.queries import Day


def why(offer: Waiting, day: Day) -> str:
    """Why a customer counts as neglected, with its facts."""
    facts = offer.facts
    if offer.code == "missed":
        text = ngettext(
            "%(count)s standard of %(every)s days has passed without a contact",
            "%(count)s standards of %(every)s days have passed without a contact",
            facts["missed"],
        )
        return text % {"count": facts["missed"], "every": facts["every_days"]}
    text = ngettext("%(count)s day past the grace", "%(count)s days past the grace", facts["days"])
    since = _("late since %(day)s") % {"day": day.say(dt.date.fromisoformat(facts["late_from"]))}
    return f"{text % {'count': facts['days']}}{_(', ')}{since}"


def cause(code: str) -> str:
    """By which act somebody came to have a customer."""
    names: Mapping[str, Any] = {
        "feed": _("the bank’s data"), "rule": _("assigned by rule"), "household": _("with the household"),
        "handover": _("handover"), "handback": _("handed back"), "capture": _("written down as a prospect"),
    }  # fmt: skip
    return str(names.get(code, code))


def part(act: Handover) -> str:
    """What was handed over, in words."""
    if act.what == "all":
        return _("the whole book")
    if act.what == "chosen":
        return _("chosen customers")
    return _(", ").join(act.which)
