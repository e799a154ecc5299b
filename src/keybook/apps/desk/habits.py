"""How a customer is best reached, in sentences, each with the tries it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext

from keybook import formats
from keybook.apps.customers.models import Channel
from keybook.apps.desk.timeline import CHANNEL_ICONS
from keybook.apps.reminders.queries import Habits
from keybook.core.habits import GAPS, Belief, Best

MONDAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Told:
    """One habit: what to choose, how likely an answer then is in percent, and the sentence of the evidence."""

    icon: str
    label: str
    what: str
    evidence: str
    tells: bool
    low: int = 0
    high: int = 0


def told(habits: Habits) -> list[Told]:
    """The habits of a customer as a card shows them."""
    channel = habits.channel
    rows = [
        _told("clock", gettext("Hour"), formats.hour_span(habits.hour.cell, get_language()), habits.hour),
        _told("calendar-event", gettext("Half-day"), half_day(habits.half.cell), habits.half),
        _told("repeat", gettext("Pause"), pause(habits.gap.cell), habits.gap),
    ]
    if channel is None:
        return rows
    name = str(Channel(channel.cell).label)
    return [_told(CHANNEL_ICONS.get(channel.cell, "phone"), gettext("Channel"), name, channel), *rows]


def evidence(belief: Belief) -> str:
    """The tries, the chance and its range: "5 of 6 answered; 79 % (52–96 %)"."""
    return gettext("%(answered)s of %(tried)s answered; %(mean)s %% (%(low)s–%(high)s %%)") % {
        "answered": belief.answered, "tried": belief.tried, "mean": round(belief.mean * 100),
        "low": round(belief.low * 100), "high": round(belief.high * 100),
    }  # fmt: skip


def pause(gap: str) -> str:
    """A pause in words: 14–29 days."""
    least, until = GAPS[gap]
    if until is None:
        return gettext("%(days)s days or more") % {"days": least}
    return gettext("%(least)s–%(most)s days") % {"least": least, "most": until - 1}


def half_day(half: str) -> str:
    """A half-day of the week in words: Tuesday morning."""
    weekday = date_format(MONDAY + timedelta(days=int(half[0]) - 1), "l")
    if half[1] == "a":
        return pgettext("half-day", "%(weekday)s morning") % {"weekday": weekday}
    return pgettext("half-day", "%(weekday)s afternoon") % {"weekday": weekday}


def too_soon(habits: Habits) -> str:
    """The sentence that says they are contacted too often; empty when not."""
    if not habits.too_soon:
        return ""
    return gettext("Last contact %(days)s days ago. They answer much better after %(pause)s.") % {
        "days": habits.days, "pause": pause(habits.gap.cell),
    }  # fmt: skip


def _told(icon: str, label: str, what: str, best: Best[str] | Best[int]) -> Told:
    belief = best.belief
    said = evidence(belief)
    if best.stated:
        asked = gettext("asked for")
        said = f"{asked}; {said}" if belief.tried else asked
    low, high = round(belief.low * 100), round(belief.high * 100)
    return Told(icon, label, what, said, best.enough, low, high)
