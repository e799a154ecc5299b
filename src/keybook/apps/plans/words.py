"""How an answer, a reason and a contact without a place are said to the banker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from keybook import formats
from keybook.apps.customers.models import Channel
from keybook.apps.plans.models import Absence, Half
from keybook.apps.reminders.kinds import ICONS, KINDS
from keybook.core.address import own_part
from keybook.solving.planner import GAP

if TYPE_CHECKING:
    from keybook.apps.plans.models import Plan
    from keybook.apps.plans.queries.answers import Answer
    from keybook.apps.plans.queries.page import Item, Left
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


NOON = 12
OWN_ICONS: Mapping[str, str] = {
    "visit": "map-pin",
    "hand": "pencil",
    "occasion": "cake",
    "signal": "trending-up",
}
OWN_KINDS: Mapping[str, Any] = {
    "visit": lazy("visit of the year"),
    "hand": lazy("placed by hand"),
    "signal": lazy("signal"),
    "occasion": lazy("occasion"),
}


def icon(kind: str) -> str:
    """The icon of a kind of contact."""
    return OWN_ICONS.get(kind) or ICONS.get(kind, "calendar-event")


def kind(code: str) -> str:
    """The name of a kind of contact, in small letters."""
    return str(OWN_KINDS.get(code) or KINDS.get(code, code))


def channel(code: str) -> str:
    """The name of a channel."""
    return str(Channel(code).label) if code in Channel.values else code


def channel_small(code: str) -> str:
    """The name of a channel within a line: small letters, but for proper names."""
    label = channel(code)
    return label if code == "wechat" else label[:1].lower() + label[1:]


def clock(minute: int) -> str:
    """Minutes from midnight as a clock says them: 8:45; midnight at the end is 24:00."""
    return f"{minute // 60}:{minute % 60:02d}"


def span(value: tuple[int, int]) -> str:
    """The hours of a meeting."""
    return f"{clock(value[0])}–{clock(value[1])}"


def half(code: str) -> str:
    """Morning or afternoon."""
    return str(Half(code).label)


def away(code: str) -> str:
    """Why somebody is away."""
    return str(Absence.Why(code).label) if code in Absence.Why.values else code


def district(name: str) -> str:
    """The reader's part of a district's name."""
    return own_part(name=name, chinese=formats.is_chinese(get_language()))


def hour_there(item: Item) -> bool:
    """Whether the hour to try lies in the half-day the contact lies in."""
    return item.hour is not None and (item.hour < NOON) == (item.half == "am")


def how(item: Item) -> str:
    """When and how, in a few words: 10–11, call; or: call, 20 min."""
    if item.hour is not None and hour_there(item):
        return _("%(hour)s · %(channel)s") % {
            "hour": formats.hour_span(item.hour, get_language()),
            "channel": channel_small(item.channel),
        }
    return _("%(channel)s · %(minutes)s min") % {"channel": channel_small(item.channel), "minutes": item.minutes}


WEEKDAYS = (
    lazy("Monday"),
    lazy("Tuesday"),
    lazy("Wednesday"),
    lazy("Thursday"),
    lazy("Friday"),
    lazy("Saturday"),
    lazy("Sunday"),
)


def weekdays() -> list[str]:
    """The names of the weekdays, Monday first."""
    return [str(each) for each in WEEKDAYS]


def weekdays_short() -> list[str]:
    """The short names, Monday first: Mon, 周一."""
    return list(formats.DAYS_ZH if formats.is_chinese(get_language()) else formats.DAYS)


def day_brief(on: dt.date) -> str:
    """A day in a narrow cell: Mon 23 Nov, 11/23 周一."""
    said = formats.day_short(on, get_language())
    name = weekdays_short()[on.weekday()]
    return f"{said} {name}" if formats.is_chinese(get_language()) else f"{name} {said}"


def period(first: dt.date, last: dt.date, today: dt.date) -> str:
    """From a day to another, with the year of the last: 23 to 27 Nov 2026."""
    language = get_language()
    end = f"{formats.day_short(last, language)} {last.year}"
    if formats.is_chinese(language):
        return f"{last.year}年 {formats.day_short(first, language)} – {formats.day_short(last, language)}"
    del today
    start = str(first.day) if first.month == last.month else formats.day_short(first, language)
    return _("%(first)s to %(last)s") % {"first": start, "last": end}


def week_head(monday: dt.date, today: dt.date) -> dict[str, str]:
    """The head of a week's column."""
    return {"text": formats.day_short(monday, get_language(), today), "cls": "num"}


def quality(plan: Plan) -> str:
    """How good a plan is, against a bound no plan can pass."""
    gap = float(plan.gap) * 100
    placed = _("%(placed)s of %(asked)s contacts placed in %(seconds)s s.") % {
        "placed": plan.placed, "asked": plan.asked, "seconds": f"{plan.seconds:.1f}",
    }  # fmt: skip
    if not plan.bound:
        return placed
    space = "" if formats.is_chinese(get_language()) else " "
    if plan.status == "greedy" and plan.gap > GAP:  # nearer than that the search would have ended too
        return (
            placed
            + space
            + _("Laid by rule: the search for a better plan gave no answer in time. Planned again, it may be better.")
        )
    if gap < 0.05:  # noqa: PLR2004  shown as 0.0
        return placed + space + _("No other plan is worth more.")
    return placed + space + _("No plan can be worth more than %(gap)s above it.") % {
        "gap": formats.percent(gap, get_language(), 1)
    }  # fmt: skip


def why(one: Item | Left, day: Day) -> list[tuple[str, str]]:
    """Why this contact, and why on this day: icon and sentence."""
    name = kind(one.kind)
    found = [(icon(one.kind), name[:1].upper() + name[1:])]
    if one.due_on is not None:
        said = _("Was due on %(day)s.") if one.due_on < day.today else _("Due by %(day)s.")
        found.append(("clock", said % {"day": day.say(one.due_on)}))
    return found


def why_there(one: Item, day: Day) -> list[tuple[str, str]]:
    """Why it lies on its day."""
    found = [("check", said) for code, facts in one.reasons if (said := because(code, facts, day))]
    if one.was_on is not None:
        said = _("The last plan moved it here from %(day)s.") % {"day": day.say(one.was_on)}
        found.append(("switch-horizontal", said))
    if one.because:
        found.append(("pencil", _("“%(text)s”") % {"text": one.because}))
    return found


Facts = Mapping[str, Any]


def _on(facts: Facts, name: str, day: Day) -> str:
    """A date of the facts; empty when it is missing."""
    value = facts.get(name)
    return day.say(dt.date.fromisoformat(str(value)[:10])) if value else ""


REASONS: Mapping[str, Callable[[Facts, Day], str]] = {
    "late": lambda f, day: _("Late since %(day)s: placed first.") % {"day": _on(f, "late_from", day)},
    "window": lambda f, day: _("Wanted between %(from)s and %(until)s.") % {"from": _on(f, "from_on", day), "until": _on(f, "until_on", day)},
    "hour": lambda f, _day: _("Answers most often at %(hour)s.") % {"hour": formats.hour_span(int(f["hour"]), get_language())},
    "asked": lambda f, _day: _("Asked to be contacted at %(hour)s.") % {"hour": formats.hour_span(int(f["hour"]), get_language())},
    "district": lambda f, _day: _("One way with other visits in %(district)s.") % {"district": district(str(f.get("district", "")))},
    "pinned": lambda _f, _day: _("Placed by hand: planning leaves it there."),
    "stayed": lambda _f, _day: _("Stayed where it was."),
}  # fmt: skip
UNPLACED: Mapping[str, Callable[[Facts, Day], str]] = {
    "full": lambda f, day: _("Every half-day that would do is full, from %(from)s to %(until)s.") % {"from": _on(f, "from_on", day), "until": _on(f, "until_on", day)},
    "cap": lambda f, _day: _("The most of this kind a day (%(most)s) is reached on each day that would do.") % {"most": f.get("most", "")},
    "away": lambda f, day: _("You are away on every day that would do, until %(until)s.") % {"until": _on(f, "until_on", day)},
    "gate": lambda f, day: " ".join(f.get("sentences") or ()) or (_("The gate refuses it until %(day)s.") % {"day": _on(f, "free_on", day)} if f.get("free_on") else _("The gate refuses it on every day that would do.")),
    "gap": lambda f, day: _("Too soon after the last contact: free from %(day)s.") % {"day": _on(f, "free_on", day)},
    "channel": lambda _f, _day: _("No channel is left: each is refused or not consented to."),
    "capacity": lambda _f, _day: _("No minutes are kept for contacts. Set the capacity first."),
    "shut": lambda _f, _day: _("No workday lies in its window."),
    "late": lambda _f, _day: _("Its day is over before there is time: nobody is congratulated late."),
    "ways": lambda _f, _day: _("Two other districts are visited on each day that would do."),
    "gone": lambda _f, _day: _("The customer is away on every day that would do."),
}  # fmt: skip


def because(code: str, facts: Mapping[str, Any], day: Day) -> str:
    """One reason for a day as a sentence; empty for a code nobody has words for."""
    said = REASONS.get(code)
    return said(facts, day) if said else ""


def unplaced(left: Left, day: Day) -> str:
    """Why there was no place for it, as a sentence."""
    return why_unplaced(left.code, left.facts, day)


def why_unplaced(code: str, facts: Mapping[str, Any], day: Day) -> str:
    """The same by its code and facts."""
    said = UNPLACED.get(code)
    return said(facts, day) if said else _("No half-day in the period takes it.")
