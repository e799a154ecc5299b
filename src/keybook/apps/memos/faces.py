"""What the templates of a memo ask for: rows with their words, questions as sentences, the toast."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from keybook import calendars, formats
from keybook.apps.customers.models import Channel, Confidence
from keybook.apps.interactions.models import Effect, Outcome
from keybook.apps.memos.drafting import Asked, Sketch
from keybook.apps.memos.forms import noted
from keybook.apps.memos.queries import Who
from keybook.apps.reminders.queries import Day, when
from keybook.core import occasions, reminding
from keybook.core.memo import Choice


def question(asked: Asked) -> str:
    """The question beside its field."""
    words = {
        "which_day": _("“%(text)s”: which day?"), "which_date": _("“%(text)s”: which of the dates?"),
        "no_such_day": _("“%(text)s” is in no calendar. Which day is meant?"),
        "amount_or_year": _("“%(text)s”: an amount, or a year?"), "which_amount": _("“%(text)s”: how much?"),
        "which_calendar": _("“%(text)s”: by which calendar?"), "when": _("“%(text)s”: when?"),
        "which_name": _("%(text)s: whom is it about?"), "which_phone": _("%(text)s: which number is theirs?"),
    }  # fmt: skip
    return words.get(asked.code, _("“%(text)s”: what is meant?")) % {"text": asked.text}


def reading(name: str, choice: Choice, day: Day, code: str = "") -> tuple[str, str]:
    """One reading in words, and what there is to add."""
    if code == "amount_or_year" or name.endswith("_amount"):
        return formats.money(Decimal(choice.value), choice.unit or day.currency), _("an amount")
    if name.endswith("_on") and name.startswith("day"):
        kind = _("by the lunar calendar") if choice.unit == "lunar" else _("by the solar calendar")
        return choice.value, kind
    if name.endswith("_on"):
        on = dt.date.fromisoformat(choice.value[:10])
        at = choice.value[11:16]
        ahead = (on - day.today).days
        said = formats.day(on, get_language(), day.today) + (f" {at}" if at else "")
        return said, ngettext("in %(num)s day", "in %(num)s days", ahead) % {"num": ahead} if ahead > 0 else ""
    return choice.value, ""


def stored(name: str, choice: Choice) -> str:
    """What the form sends for this reading."""
    if name.startswith("day") and choice.unit == "lunar":
        return f"lunar {choice.value}"
    if name == "promise_on" and "/" not in choice.value:
        return choice.value[:16]
    return choice.value[:10] if name.endswith("_on") and not name.startswith("day") else choice.value


def _time(text: str) -> dt.time | None:
    try:
        return dt.time.fromisoformat(text)
    except ValueError:
        return None


def promised(values: Mapping[str, str], day: Day) -> tuple[str, str]:
    """The promise in words, and where it is moved from and why."""
    try:
        on = dt.date.fromisoformat(values.get("promise_on", "")[:10])
    except ValueError:
        return values.get("promise_step", ""), ""
    placed = reminding.promised(asked_on=on, direction="forward", calendar=day.calendar, today=day.today)
    said = _("%(step)s, %(date)s") % {
        "step": values.get("promise_step") or _("Contact again"),
        "date": when(placed.on, _time(values.get("promise_time", "")), day),
    }
    if placed.moved_from is None:
        return said, ""
    return said, _("moved from %(date)s, which is no workday") % {"date": day.say(on)}


def away(values: Mapping[str, str], row: str, day: Day) -> tuple[str, str]:
    """Evidence in words: how much and what, then where, when due and how far it is believed."""
    amount = values.get(f"{row}_amount", "")
    try:
        money = (
            formats.money(Decimal(amount), values.get(f"{row}_currency") or day.currency)
            if amount
            else _("amount not said")
        )
    except InvalidOperation:
        money = amount
    kind = dict(products()).get(values.get(f"{row}_kind", ""), "")
    parts = [values.get(f"{row}_institution", "")]
    due = values.get(f"{row}_matures_on", "")
    if len(due) == 10:  # noqa: PLR2004  an ISO date
        parts.append(_("due %(date)s") % {"date": _day(due, day)})
    parts += [_("said so today"), str(dict(Confidence.choices).get(values.get(f"{row}_confidence", ""), "")).lower()]
    return " ".join(part for part in (money, kind) if part), " · ".join(part for part in parts if part)


def _day(text: str, day: Day) -> str:
    try:
        return day.say(dt.date.fromisoformat(text))
    except ValueError:
        return text


def occasion(values: Mapping[str, str], row: str, day: Day) -> tuple[str, str]:
    """A day that matters in words, and when it comes next."""
    kind = dict(kinds()).get(values.get(f"{row}_kind", ""), "")
    value = values.get(f"{row}_on", "")
    try:
        read = noted(kind=values.get(f"{row}_kind", ""), text=value)
        when = occasions.Occasion(
            month=read.month,
            day=read.day,
            year=read.year,
            yearly=read.yearly,
            lunar=read.calendar == "lunar",
            leap=read.leap,
        )
        coming = occasions.next_on(occasion=when, today=day.today, table=calendars.lunar_table())
    except (occasions.OccasionError, occasions.LunarRangeError):
        return kind, value
    plain = value.removeprefix("lunar ")
    said = (
        _("%(kind)s, lunar %(day)s") % {"kind": kind, "day": plain} if read.calendar == "lunar" else f"{kind}, {plain}"
    )
    return said, _("next %(date)s") % {"date": day.say(coming.on)} if coming else _("is past")


def contact(values: Mapping[str, str]) -> tuple[str, str]:
    """The contact in words."""
    channel = str(dict(Channel.choices).get(values.get("channel", ""), ""))
    outcome = str(dict(Outcome.choices).get(values.get("outcome", ""), ""))
    effect = str(dict(Effect.choices).get(values.get("effect", ""), ""))
    rest = [outcome, _("relationship: %(effect)s") % {"effect": effect.lower()}, values.get("topic", "")]
    return _("%(channel)s, just now") % {"channel": channel}, " · ".join(part for part in rest if part)


def products() -> list[tuple[str, str]]:
    """What may lie at another bank."""
    return [
        ("", _("not said")), ("deposit", _("Deposit")), ("term_deposit", _("Term deposit")), ("fund", _("Fund")),
        ("wealth", _("Wealth product")), ("insurance", _("Insurance")), ("metal", _("Metal")), ("loan", _("Loan")),
        ("card", _("Card")),
    ]  # fmt: skip


def kinds() -> list[tuple[str, str]]:
    """The days that matter."""
    return [
        ("birthday", _("Birthday")), ("opening", _("Opening")), ("exam", _("Exam")), ("wedding", _("Wedding")),
        ("moving", _("Moving house")), ("memorial", _("Memorial day")), ("anniversary", _("Anniversary")),
        ("other", _("Other")),
    ]  # fmt: skip


def confidences() -> list[tuple[str, str]]:
    """How far hearsay is believed."""
    return [(code, str(name)) for code, name in Confidence.choices]


def channels() -> list[tuple[str, str]]:
    """How one was in touch."""
    return [(code, str(name)) for code, name in Channel.choices]


def outcomes() -> list[tuple[str, str]]:
    """How it went."""
    return [(code, str(name)) for code, name in Outcome.choices]


def effects() -> list[tuple[str, str]]:
    """What it did to the relationship."""
    return [(code, str(name)) for code, name in Effect.choices]


def understood(sketch: Sketch) -> str:
    """How much of the line was understood."""
    if not sketch.parts:
        return _("nothing understood: it is kept as a note")
    if sketch.understood == sketch.parts:
        return ngettext("understood %(num)s part", "understood all %(num)s parts", sketch.parts) % {"num": sketch.parts}
    return _("understood %(done)s of %(all)s parts") % {"done": sketch.understood, "all": sketch.parts}


def why_offered(who: Who) -> str:
    """Why these customers are offered."""
    return _("same phone") if who.by_phone else _("by name")
