"""What the templates of Today ask for: reasons in words, errors beside fields, a contact as it was typed."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.template import loader
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from keybook.apps.desk import words
from keybook.apps.desk.forms import LogForm
from keybook.apps.desk.queries.today import Reason, Row
from keybook.apps.reminders.commands import Contact, Day
from keybook.core.contacts import meant
from keybook.core.nextbest.facts import THEME_OF

CHANNEL_ICONS: Mapping[str, str] = {
    "call": "phone", "visit": "map-pin", "branch": "building-bank", "wechat": "brand-wechat", "sms": "message",
    "email": "mail", "letter": "file-text",
}  # fmt: skip
CHANNELS: Mapping[str, Any] = {
    "call": lazy("Call"), "visit": lazy("Visit"), "branch": lazy("At the branch"), "wechat": lazy("WeChat"),
    "sms": lazy("Text message"), "email": lazy("E-mail"), "letter": lazy("Letter"),
}  # fmt: skip
GROUPS: Mapping[str, Any] = {
    "a_late": lazy("Late"), "b_due": lazy("Promised for today"), "b_today": lazy("Today"), "c_later": lazy("If time allows"),
}  # fmt: skip
CHIPS = 2


def told(reason: Reason, row: Row, day: Day) -> words.Told:
    """The facts of one reason for its sentence."""
    return words.Told(reason.facts, reason.due_on, day.today, row.currency)


def chips(row: Row, day: Day) -> list[tuple[str, str, str]]:
    """At most two chips of a line, the main one first: text, icon, kind."""
    return [
        (
            words.chip(told(reason, row, day), reason.kind),
            words.icon(reason.kind),
            "late" if reason.late else "main" if place == 0 else "",
        )
        for place, reason in enumerate(row.reasons[:CHIPS])
    ]


def facts(row: Row, day: Day) -> list[tuple[str, str, str]]:
    """All reasons of an opened line: icon, the fact in bold, what there is to add."""
    return [(words.icon(each.kind), *_said(told(each, row, day), each.kind)) for each in row.reasons]


def _said(told_: words.Told, kind: str) -> tuple[str, str]:
    """The fact and what there is to add, with the reason of a move."""
    lead, rest = words.sentence(told_, kind)
    return lead, " ".join(part for part in (rest, words.moved(told_)) if part)


def theme(row: Row) -> str:
    """What the contact is about: the theme of the first reason, in the words of the gate."""
    if not row.reasons:
        return ""
    first = row.reasons[0]
    own = str(first.facts.get("theme") or "") if first.cause == "campaign" else ""
    return own or THEME_OF.get(first.kind, "occasion")


def purpose(row: Row | None, cause: str = "campaign") -> str:
    """What a contact for this cause is for, where a campaign says it; empty where its theme does."""
    if row is None or not row.reasons:
        return ""
    first = row.reasons[0]
    return str(first.facts.get("purpose") or "") if first.cause == cause == "campaign" else ""


def greetings(row: Row) -> list[int]:
    """The greetings that wait on a line: the ids of their reminders."""
    return [
        each.id
        for each in row.reasons
        if each.cause == "occasion" and each.id is not None and each.kind not in {"gift_idea", "memorial"}
    ]


def because(row: Row) -> str:
    """The parts of the priority as a sum: promise late 38 · outflow 31 = 69."""
    said = " · ".join(f"{words.part(code)} {points}" for code, points in row.parts)
    return f"{said} = {row.priority}"


_SHUT: dict[tuple[Any, ...], str] = {}
MOST_SHUT = 8192  # about 20 MB in a process


def shut_line(row: Row, day: Day, several: bool, query: str) -> str:  # noqa: FBT001  Jinja calls it by position
    """The HTML of a shut line, remembered by the fingerprint of everything it is made from.

    It holds nothing of the request, so a line that has not changed need not be drawn again for the next page.
    """
    key = (row.print, row.rank, day.today, day.zone, get_language(), several, query)
    drawn = _SHUT.get(key)
    if drawn is None:
        context = {
            "row": row,
            "day": day,
            "several": several,
            "query": query,
            "opened": False,
            "faces": sys.modules[__name__],
        }
        drawn = mark_safe(loader.render_to_string("desk/today_line.html", context))  # noqa: S308  our own template
        if len(_SHUT) >= MOST_SHUT:
            _SHUT.clear()
        _SHUT[key] = drawn
    return drawn


def group(code: str) -> str:
    """The name of a part of the list."""
    return str(GROUPS[code])


def channel(code: str) -> str:
    """The name of a channel."""
    return str(CHANNELS.get(code, code))


def channel_icon(code: str) -> str:
    """The icon of a channel."""
    return CHANNEL_ICONS.get(code, "message")


def channels() -> list[tuple[str, str]]:
    """All channels with their names."""
    return [(code, str(name)) for code, name in CHANNELS.items()]


def outcomes() -> list[tuple[str, str, str, str]]:
    """The outcomes as picks with their keys."""
    return [
        ("reached", _("Reached"), "", "1"), ("not_reached", _("Not reached"), "", "2"),
        ("left_message", _("Left a message"), "", "3"), ("met", _("Met"), "", "4"),
    ]  # fmt: skip


def outcome(code: str) -> str:
    """The name of an outcome."""
    return next((name for each, name, *_keys in outcomes() if each == code), code)


def effects() -> list[tuple[str, str, str, str]]:
    """The effects as picks; how many points each is worth hangs on the channel and the weights of the day."""
    return [
        ("unchanged", _("Unchanged"), "", ""), ("strengthened", _("Strengthened"), "+", ""),
        ("weakened", _("Weakened"), "−", ""), ("ended", _("Ended"), "− −", ""),
    ]  # fmt: skip


def usual_reasons() -> list[str]:
    """Why a line is usually dismissed."""
    return [_("Spoken already"), _("Not relevant now"), _("The data is wrong"), _("Asked not to be contacted")]


def laters(day: Day) -> list[tuple[str, dt.date]]:
    """The usual days to put a line off to, each a workday."""
    calendar, one = day.calendar, dt.timedelta(days=1)
    tomorrow = calendar.next_workday(day.today + one)
    return [
        (_("Next workday"), tomorrow),
        (_("In three days"), calendar.next_workday(day.today + 3 * one)),
        (_("In a week"), calendar.next_workday(day.today + 7 * one)),
    ]


def ticked(row: Row | None, day: Day, form: LogForm | None) -> frozenset[int]:
    """Which reasons the form takes the contact to be about: those ticked before, else those it is meant for."""
    if form is not None:
        return frozenset(int(each) for each, _name in form.chosen)
    if row is None:
        return frozenset()
    alone = len(row.reasons) == 1
    return frozenset(
        each.id
        for each in row.reasons
        if each.id is not None and meant(cause=each.cause, due_on=each.due_on, today=day.today, alone=alone)
    )


def errors(form: forms.Form | None) -> dict[str, str]:
    """The first sentence of each field; what belongs to no field stands under `all`."""
    if form is None:
        return {}
    found = {field: str(said[0]) for field, said in form.errors.items()}
    if "__all__" in found:
        found["all"] = found.pop("__all__")
    if "client_key" in found:
        found["all"] = found.pop("client_key")
    return found


def typed(earlier: Mapping[str, Any]) -> dict[str, Any]:
    """A stored contact as the form shows it for correction."""
    names = ("channel", "outcome", "effect", "topic", "content", "next_step")
    found = {name: earlier[name] for name in names}
    found["next_on"] = earlier["next_on"].isoformat() if earlier["next_on"] else ""
    found["next_time"] = f"{earlier['next_time']:%H:%M}" if earlier["next_time"] else ""
    return found


def as_of(form: LogForm, earlier: Mapping[str, Any], day: Day) -> Contact:
    """The corrected contact, at the time of the one it corrects."""
    from dataclasses import replace

    return replace(form.contact(day=day), at=earlier["at"].astimezone(ZoneInfo(day.zone)))
