"""How a campaign, its targets and their evidence are said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from keybook import formats
from keybook.apps.campaigns.models import Target
from keybook.apps.campaigns.queries.shown import Row
from keybook.apps.gate import words as gate
from keybook.apps.reminders.commands import Day
from keybook.core.gate import Reason
from keybook.core.habits import Belief

LEFT_OUT: Mapping[str, Any] = {
    "no_channel": lazy("refuses every channel of it"), "gate": lazy("the gate refuses"),
    "other_campaign": lazy("has an open task of another campaign"), "no_banker": lazy("has no banker"),
    "room": lazy("no room with their banker"), "budget": lazy("beyond the budget"),
}  # fmt: skip
"""Why somebody is left out, in a few words."""


def left_out(code: str) -> str:
    """Why somebody is left out."""
    return str(LEFT_OUT.get(code, code))


def evidence(of: Sequence[Any]) -> str:
    """What a channel or an hour rests on: 5 of 6, 79 % (52–96 %); or that they asked for it."""
    tried, answered, lent, strength, stated = of
    if stated:
        return _("asked for")
    belief, language = Belief(tried, answered, lent, strength), get_language()
    if not tried:
        return _("never tried: as their tier answers, %(mean)s") % {"mean": _share(belief.mean, language)}
    return _("%(answered)s of %(tried)s, %(mean)s (%(low)s–%(high)s)") % {
        "answered": answered, "tried": tried, "mean": _share(belief.mean, language),
        "low": f"{belief.low * 100:.0f}", "high": _share(belief.high, language),
    }  # fmt: skip


def _share(share: float, language: str | None) -> str:
    return formats.percent(share * 100, language)


def verdict(row: Row, day: Day) -> list[tuple[bool, str, str]]:
    """What the gate said at the launch: whether it refuses, the rule in a few words, the whole sentence."""
    return [
        (each["refuses"], gate.rules([each["code"]]), gate.sentence(_reason(each), day)) for each in row.gate
    ]  # fmt: skip


def _reason(each: Mapping[str, Any]) -> Reason:
    until = dt.date.fromisoformat(each["until"]) if each["until"] else None
    return Reason(each["code"], each["refuses"], each["facts"], until)


def state(row: Row, day: Day) -> str:
    """Where the task of a target stands, in a few words."""
    if row.result:
        return str(Target.Result(row.result).label)
    if row.group != "contact":
        return left_out(row.code) if row.code else _("left in peace")
    if row.task == "dismissed":
        return _("Not now: %(reason)s") % {"reason": row.task_reason} if row.task_reason else _("Not now")
    if row.task in {"expired", "done"}:
        return _("Not reached in time")
    if row.opens_on and row.opens_on > day.today:
        return _("Opens on %(day)s") % {"day": formats.day_short(row.opens_on, get_language(), day.today)}
    return _("Open") if row.task else _("Would be contacted")
