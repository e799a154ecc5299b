"""What the gate says, as sentences in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from keybook import formats
from keybook.apps.customers.models import Channel, ConsentFor
from keybook.apps.interactions.models import Outcome
from keybook.apps.reminders.queries import Day
from keybook.core.gate import Reason

Facts = Mapping[str, str]
ALL_CHANNELS = lazy("all channels")
GIFT = lazy("Gift")


def channel(code: str) -> str:
    """A channel by its word; `all` and gifts too."""
    if code in Channel.values:
        return str(Channel(code).label)
    return str({"all": ALL_CHANNELS, "gift": GIFT}.get(code, code))


def purpose(code: str) -> str:
    """What a contact is for."""
    return str(ConsentFor(code).label) if code in ConsentFor.values else code


def sentence(reason: Reason, day: Day) -> str:
    """One reason, and until when it holds where that is known."""
    said = SENTENCES[reason.code](reason.facts, day)
    if reason.until is None or reason.code in {"repeated", "lately"}:
        return said
    return said + " " + _("Free from %(day)s.") % {"day": _on(reason.until, day)}


def _on(text: str | dt.date, day: Day) -> str:
    on = text if isinstance(text, dt.date) else dt.date.fromisoformat(text)
    return formats.day_short(on, get_language(), day.today)


def _spoken(facts: Facts, day: Day) -> dict[str, Any]:
    outcome = str(Outcome(facts["outcome"]).label) if facts.get("outcome") in Outcome.values else ""
    return {
        "day": _on(facts["on"], day), "name": facts["by"], "channel": channel(facts["channel"]), "theme": facts["theme"],
        "outcome": outcome,
    }  # fmt: skip


def _lately(facts: Facts, day: Day) -> str:
    said = _spoken(facts, day)
    if said["theme"]:
        return _("Spoken to on %(day)s: %(name)s, %(channel)s, “%(theme)s”, %(outcome)s.") % said
    return _("Spoken to on %(day)s: %(name)s, %(channel)s, %(outcome)s.") % said


SENTENCES: Mapping[str, Callable[[Facts, Day], str]] = {
    "closed": lambda _f, _d: _("No longer a customer of ours."),
    "never": lambda f, _d: _("Asked not to be contacted this way: %(channel)s.") % {"channel": channel(f["channel"])},
    "consent": lambda f, _d: _("Consent withdrawn: %(purpose)s, %(channel)s.") % {"purpose": purpose(f["purpose"]), "channel": channel(f["channel"])},
    "no_consent": lambda f, _d: _("No consent is known: %(purpose)s, %(channel)s.") % {"purpose": purpose(f["purpose"]), "channel": channel(f["channel"])},
    "quiet": lambda f, _d: _("It is %(hour)s o’clock where they live: quiet until %(until)s.") % {"hour": f["hour"], "until": f["until_hour"]},
    "holiday": lambda _f, _d: _("Nobody works on this day."),
    "mourning": lambda _f, _d: _("In mourning: nobody congratulates or sells."),
    "complaint": lambda f, d: _("A complaint of %(day)s is open.") % {"day": _on(f["since"], d)},
    "vulnerable": lambda f, _d: _("To be minded: %(mind)s.") % {"mind": f["mind"].rstrip(".。")},
    "ended": lambda _f, _d: _("The relationship has ended."),
    "cap": lambda f, _d: _("%(channel)s: %(count)s within %(days)s days, %(most)s at the most.") % {**f, "channel": channel(f["channel"])},
    "repeated": lambda f, d: _("Asked already on %(day)s: %(name)s, %(channel)s, “%(theme)s”, %(outcome)s.") % _spoken(f, d),
    "lately": _lately,
}  # fmt: skip
