"""How promises, occasions and greetings are said on the Customer page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from keybook import formats
from keybook.apps.desk import words
from keybook.apps.desk.queries.customer import Head
from keybook.apps.desk.queries.days import Anchor, Days, Greeted, Marked, Promised
from keybook.apps.desk.timeline import PROMISES
from keybook.apps.people.models import Staff
from keybook.apps.people.queries import BankFacts
from keybook.core import greetings
from keybook.core.address import address
from keybook.core.openings import date_text
from keybook.core.reminding import Kept
from keybook.core.reminding import kept_birthday as choose

KINDS: Mapping[str, Any] = {
    "birthday": lazy("Birthday"), "anniversary": lazy("Anniversary"), "opening": lazy("Opening"),
    "wedding": lazy("Wedding"), "exam": lazy("Exam"), "moving": lazy("Moving house"), "memorial": lazy("Memorial day"),
    "other": lazy("Other"),
}  # fmt: skip
DIRECTIONS: Mapping[str, Any] = {
    "forward": lazy("to the next workday"), "back": lazy("to the workday before"),
    "modified": lazy("to the next workday, within the month"),
}  # fmt: skip
REASONS: Mapping[str, Any] = {
    "moved with its date": lazy("moved with its date"),
    "corrected": lazy("the contact was corrected"),
}
LUNAR_MONTHS = "正二三四五六七八九十冬腊"
LUNAR_TENS = ("初", "十", "廿", "三")
DIGITS = "十一二三四五六七八九"


def kind(code: str) -> str:
    """The name of a kind of occasion."""
    return str(KINDS.get(code, code))


def title(one: Marked) -> str:
    """What an occasion is called."""
    return one.label or kind(one.kind)


def date(one: Marked) -> str:
    """Its day as people say it: 26 Nov, lunar 17th of the 10th month, 农历十月十七."""
    if one.calendar == "lunar":
        return lunar(one.month, one.day, leap=one.leap)
    chinese = formats.is_chinese(get_language())
    day = dt.date(2000, one.month, one.day)
    year = one.year if not one.yearly else None
    said = formats.day_short(day, get_language(), None, compact=not chinese)
    if year is None:
        return said
    return f"{year}年{said}" if chinese else f"{said} {year}"


def lunar(month: int, day: int, *, leap: bool) -> str:
    """A day of the Chinese calendar in the reader's language."""
    if formats.is_chinese(get_language()):
        return f"农历{'闰' if leap else ''}{LUNAR_MONTHS[month - 1]}月{lunar_day(day)}"
    if leap:
        return _("lunar %(month)s/%(day)s in the leap month") % {"month": month, "day": day}
    return _("lunar %(month)s/%(day)s") % {"month": month, "day": day}


def lunar_day(day: int) -> str:
    """初一, 初十, 十五, 二十, 廿三, 三十."""
    if day in {10, 20, 30}:
        return {10: "初十", 20: "二十", 30: "三十"}[day]
    return LUNAR_TENS[day // 10] + DIGITS[day % 10]


def leads(one: Marked) -> str:
    """How long before it one is reminded."""
    if one.gift_days is None or one.kind == "memorial":
        return _("%(days)s days ahead") % {"days": one.lead_days}
    return _("%(days)s days ahead, a gift %(gift)s days") % {"days": one.lead_days, "gift": one.gift_days}


def kept_birthday(head: Head, days: Days) -> int | str | None:
    """Which of the birthdays known is greeted: an occasion's id, or solar or lunar of the bank's own."""
    written = [one for one in days.occasions if one.kind == "birthday"]
    names: list[int | str] = [one.id for one in written]
    known = [Kept(one.calendar, by_banker=True) for one in written]
    for calendar, is_known in (("solar", head.born_on is not None), ("lunar", bool(head.lunar_birthday))):
        if is_known:
            names.append(calendar)
            known.append(Kept(calendar, by_banker=False))
    at = choose(known=known, preferred=head.birthday_by)
    return None if at is None else names[at]


def became(one: Greeted | None, today: dt.date, channels: Mapping[str, Any]) -> str:
    """What became of the latest reminder: greeted by whom, when and how, or silenced and why."""
    if one is None or one.state == "open":
        return ""
    if one.state == "done":
        name = formats.customer_name(one.by, one.by_zh, get_language())[0]
        said = {"name": name, "date": formats.day(one.closed_on or one.due_on, get_language(), today)}
        if one.channel:
            return _("Greeted by %(name)s on %(date)s, %(channel)s.") % {
                **said, "channel": str(channels.get(one.channel, one.channel)),
            }  # fmt: skip
        return _("Settled by %(name)s on %(date)s.") % said
    return ""


def silence(head: Head, today: dt.date) -> str:
    """Why nothing is greeted, given or said by itself; empty when it is."""
    if head.mourns(today):
        if head.mourning_until is None:
            return _("In mourning: no greeting, no gift idea, no word of an occasion.")
        until = formats.day(head.mourning_until, get_language(), today)
        return _("In mourning until %(date)s: no greeting, no gift idea, no word of an occasion.") % {"date": until}
    if head.no_congratulation:
        return _("Does not want to be congratulated: no greeting, no gift idea.")
    return ""


def moved(one: Promised, today: dt.date) -> str:
    """Why a promise does not stand on the day meant."""
    if one.moved_from is None:
        return ""
    said = {
        "meant": formats.day(one.moved_from, get_language(), today), "date": formats.day(one.due_on, get_language(), today),
    }  # fmt: skip
    return _("Moved from %(meant)s to %(date)s: not a workday.") % said


def hangs(one: Promised, today: dt.date) -> str:
    """What a promise hangs on."""
    if not one.hangs_on or one.hung_on is None:
        return ""
    said = {"days": one.lead_days, "date": formats.day(one.hung_on, get_language(), today)}
    if one.hangs_on == "occasion":
        return _("%(days)s days before the occasion on %(date)s; moves with it.") % said
    return _("%(days)s days before the maturity on %(date)s; moves with it.") % said


def state(one: Promised, today: dt.date) -> tuple[str, str]:
    """What became of a promise, and the kind of its chip."""
    code = one.state(today)
    return str(PROMISES[code]), {"late": "late", "broken": "late", "kept": "ok", "kept_late": "line"}.get(code, "line")


def reason(one: Promised) -> str:
    """Why it was moved or withdrawn."""
    return str(REASONS.get(one.reason, one.reason))


def anchor_options(anchors: Sequence[Anchor], today: dt.date) -> list[tuple[str, str]]:
    """The dates a promise can hang on, for a list to choose from."""
    named = {"occasion": _("%(name)s, %(date)s")}
    matures = _("%(name)s matures %(date)s")
    found = [("", _("on a day of its own"))]
    for one in anchors:
        name = formats.customer_name(one.name, one.name_zh, get_language())[0]
        said = {"name": str(KINDS.get(name, name)), "date": formats.day(one.on, get_language(), today)}
        found.append((one.value, named.get(one.kind, matures) % said))
    return found


def greeting(
    *, head: Head, one: Greeted, own: Mapping[tuple[str, str], str], by: Staff, bank: BankFacts, today: dt.date
) -> str:
    """The words offered for a greeting, in the customer's language, with every field filled in."""
    chinese = head.language.lower().startswith("zh")
    name = head.name_zh or head.name if chinese else head.name
    facts = {
        "name": address(name=name, sex=head.sex, chinese=chinese) or name,
        "banker": (by.name_zh or by.name) if chinese else by.name,
        "bank": (bank.name_zh or bank.name) if chinese else bank.name,
        "date": date_text(day=one.on, today=today, chinese=chinese), "label": str(one.facts.get("label") or ""),
    }  # fmt: skip
    text = greetings.words_for(kind=one.kind, language=head.language, own=own)
    return greetings.fill(text=text, facts=facts)


def icon(code: str) -> str:
    """The icon of a kind of occasion."""
    return words.icon(code)
