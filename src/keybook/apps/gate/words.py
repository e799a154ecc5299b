"""What the gate says, as sentences in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from keybook import formats
from keybook.apps.customers.models import Channel, ConsentFor, Tier
from keybook.apps.interactions.models import Outcome
from keybook.apps.reminders.queries import Day
from keybook.core.address import own_part
from keybook.core.gate import Reason

Facts = Mapping[str, str]
ALL_CHANNELS = lazy("all channels")
GIFT = lazy("Gift")
THEMES: Mapping[str, Any] = {
    "promise": lazy("Keep our promise"), "standard": lazy("Contact by the standard"),
    "maturity": lazy("A deposit falls due"), "inflow": lazy("Money came in"), "outflow": lazy("Money leaves"),
    "idle_cash": lazy("Cash lies idle"), "dormant": lazy("Has gone quiet"), "risk_profile": lazy("Renew the risk profile"),
    "next_tier": lazy("Near the next tier"), "below_tier": lazy("Falls below the tier"),
    "potential_key": lazy("Could be a key customer"), "loan_paid_off": lazy("A loan is paid off"),
    "product_bought": lazy("After the purchase"), "occasion": lazy("A day that matters"), "campaign": lazy("Campaign"),
}  # fmt: skip
RULES: Mapping[str, Any] = {
    "closed": lazy("no longer a customer"), "never": lazy("channel refused"), "consent": lazy("consent withdrawn"),
    "no_consent": lazy("no consent known"), "quiet": lazy("quiet hours"), "holiday": lazy("nobody works"),
    "mourning": lazy("mourning"), "complaint": lazy("complaint open"), "vulnerable": lazy("something to be minded"),
    "ended": lazy("relationship ended"), "cap": lazy("as many as allowed"), "repeated": lazy("asked already"),
    "planned": lazy("planned already"), "lately": lazy("spoken to lately"),
}  # fmt: skip
"""Each rule in two or three words, for lists."""


def channel(code: str) -> str:
    """A channel by its word; `all` and gifts too."""
    if code in Channel.values:
        return str(Channel(code).label)
    return str({"all": ALL_CHANNELS, "gift": GIFT}.get(code, code))


def capped(name: str, tiers: Mapping[str, str]) -> str:
    """What a cap counts: a channel or a purpose, of a tier that has its own or of everybody."""
    tier, _space, rest = name.rpartition(" ")
    counted = channel(rest) if rest not in ConsentFor.values else purpose(rest)
    return _("%(tier)s: %(what)s") % {"tier": tiers.get(tier, tier), "what": counted} if tier else counted


def tiers() -> dict[str, str]:
    """The tiers by their code."""
    rows = Tier.objects.values_list("code", "name", "name_zh")
    return {code: formats.customer_name(name, name_zh, get_language())[0] for code, name, name_zh in rows}


def rules(codes: Sequence[str]) -> str:
    """Rules by their words, one after the other."""
    return _(", ").join(str(RULES.get(each, each)) for each in codes)


def theme(said: str) -> str:
    """A theme: a known one by its word, else as somebody wrote it."""
    return str(THEMES.get(said) or own_part(name=said, chinese=formats.is_chinese(get_language())))


def purpose(code: str) -> str:
    """What a contact is for."""
    return str(ConsentFor(code).label) if code in ConsentFor.values else code


def sentence(reason: Reason, day: Day) -> str:
    """One reason, and until when it holds where that is known."""
    said = SENTENCES[reason.code](reason.facts, day)
    if reason.until is None or reason.code in {"repeated", "lately", "planned"}:
        return said
    return said + " " + _("Free from %(day)s.") % {"day": _on(reason.until, day)}


def _on(text: str | dt.date, day: Day) -> str:
    on = text if isinstance(text, dt.date) else dt.date.fromisoformat(text)
    return formats.day_short(on, get_language(), day.today)


def _spoken(facts: Facts, day: Day) -> dict[str, Any]:
    outcome = str(Outcome(facts["outcome"]).label) if facts.get("outcome") in Outcome.values else ""
    name = own_part(name=facts["by"], chinese=formats.is_chinese(get_language()))
    return {
        "day": _on(facts["on"], day), "name": name, "channel": channel(facts["channel"]),
        "theme": theme(facts["theme"]), "outcome": outcome,
    }  # fmt: skip


def _minded(facts: Facts, day: Day) -> str:
    said = _("To be minded: %(mind)s.") % {"mind": facts["mind"].rstrip(".。")}
    if not facts.get("review"):
        return said
    return said + " " + _("Ask whether it still is so: that was due on %(day)s.") % {"day": _on(facts["review"], day)}


def _planned(facts: Facts, day: Day) -> str:
    said = _spoken(facts, day)
    if said["theme"]:
        return _("Planned for %(day)s already: %(name)s, %(channel)s, “%(theme)s”.") % said
    return _("Planned for %(day)s already: %(name)s, %(channel)s.") % said


def _cap(facts: Facts, _day: Day) -> str:
    counted = {**facts, "channel": capped(facts["channel"], {})}
    return _("%(channel)s: %(count)s within %(days)s days, %(most)s at the most.") % counted


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
    "vulnerable": _minded,
    "ended": lambda _f, _d: _("The relationship has ended."),
    "cap": _cap,
    "repeated": lambda f, d: _("Asked already on %(day)s: %(name)s, %(channel)s, “%(theme)s”, %(outcome)s.") % _spoken(f, d),
    "planned": _planned, "lately": _lately,
}  # fmt: skip
