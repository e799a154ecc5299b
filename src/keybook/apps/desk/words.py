"""How a reason is said to the banker: a chip of a few words, a sentence with its date, the name of a part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from keybook import formats
from keybook.apps.reminders.kinds import ICONS, KINDS
from keybook.core.address import own_part

TIERS: Mapping[str, Any] = {
    "mass": lazy("Mass"), "gold": lazy("Gold"), "platinum": lazy("Platinum"), "private": lazy("Private"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of one reason, each as a reader of this language wants it; what is missing is empty."""

    facts: Mapping[str, Any]
    due_on: dt.date
    today: dt.date
    currency: str

    def text(self, name: str) -> str:
        """A fact as it stands."""
        return str(self.facts.get(name) or "")

    def name(self, name: str) -> str:
        """A name; of one given in two languages, the reader's part."""
        return own_part(name=self.text(name), chinese=(get_language() or "").startswith("zh"))

    def short(self, name: str) -> str:
        """An amount as a chip says it."""
        amount = _decimal(self.facts.get(name))
        return "" if amount is None else formats.money_short(amount, self.currency, get_language())

    def exact(self, name: str) -> str:
        """An amount as a sentence says it."""
        amount = _decimal(self.facts.get(name))
        return "" if amount is None else formats.money(amount, self.currency)

    def percent(self, name: str) -> str:
        """A whole percentage."""
        share = _decimal(self.facts.get(name))
        return "" if share is None else formats.percent(share, get_language())

    def rate(self, name: str) -> str:
        """A yearly rate kept as a fraction."""
        rate = _decimal(self.facts.get(name))
        return "" if rate is None else formats.percent(rate * 100, get_language(), 2)

    def date(self, name: str) -> str:
        """A date with its weekday."""
        found = self._read(name)
        return "" if found is None else formats.day(found, get_language(), self.today)

    def when(self, name: str) -> str:
        """A date as seen from today."""
        found = self._read(name) or self.due_on
        said = formats.when(found, self.today, get_language())
        return said[:1].lower() + said[1:] if said in {"Today", "Tomorrow", "Yesterday"} else said

    def due(self) -> str:
        """The deadline as seen from today."""
        return formats.day(self.due_on, get_language(), self.today)

    def tier(self, name: str) -> str:
        """A tier by its code."""
        code = self.text(name)
        return str(TIERS.get(code, code))

    def count(self, name: str) -> int:
        """A whole number; 0 when it is missing."""
        number = _decimal(self.facts.get(name))
        return int(number) if number is not None else 0

    def _read(self, name: str) -> dt.date | None:
        value = self.facts.get(name)
        try:
            return dt.date.fromisoformat(str(value)[:10]) if value else None
        except ValueError:
            return None


def _decimal(value: object) -> Decimal | None:
    """An amount that facts hold as text."""
    if value in (None, ""):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _income(told: Told) -> str:
    """Which regular income stopped."""
    kind = told.text("kind")
    return {"salary": _("Salary stopped"), "pension": _("Pension stopped")}.get(kind, _("Regular income stopped"))


def _from(told: Told) -> str:
    """Where money came from, if it is known."""
    return _("From %(name)s.") % {"name": told.name("counterparty")} if told.name("counterparty") else ""


def _to(told: Told) -> str:
    """Where money went, if it is known."""
    return _("To %(name)s.") % {"name": told.name("counterparty")} if told.name("counterparty") else ""


def _due(told: Told) -> str:
    """When a promise is due, with its time if one was said."""
    time = told.text("time")
    return _("%(date)s at %(time)s") % {"date": told.due(), "time": time} if time else told.due()


def _gift_for(told: Told) -> str:
    """What the gift would be for."""
    kind = told.text("for") or "other"
    return told.text("label") or str(KINDS.get(kind, kind))


def _event(told: Told) -> tuple[str, str]:
    """An invitation, or news of an event: what it is about, then when and where, or why."""
    name, when = told.text("label"), _("%(date)s at %(time)s") % {"date": told.date("on"), "time": told.text("at")}
    lead = {
        "up": _("A seat is free at “%(name)s”"), "moved": _("“%(name)s” is moved"), "cancelled": _("“%(name)s” does not take place"),
    }.get(told.text("news"), _("Invite to “%(name)s”"))  # fmt: skip
    rest = _("%(when)s, %(place)s.") % {"when": when, "place": told.text("place")}
    if told.text("news") == "cancelled":
        rest = _("It was to be on %(when)s.") % {"when": when}
    return lead % {"name": name}, " ".join(part for part in (rest, told.text("reason")) if part)


CHIPS: Mapping[str, Callable[[Told], str]] = {
    "promise": lambda t: (
        _("%(time)s · %(text)s") % {"time": t.text("time"), "text": t.text("text")}
        if t.text("time")
        else t.text("text")
    ),
    "deposit_maturing": lambda t: _("Deposit matures %(when)s") % {"when": t.when("matures_on")},
    "large_inflow": lambda t: _("%(amount)s came in") % {"amount": t.short("amount")},
    "large_outflow": lambda t: _("%(amount)s went out") % {"amount": t.short("amount")},
    "outflow_other_bank": lambda t: (
        _("%(amount)s out to %(bank)s") % {"amount": t.short("amount"), "bank": t.name("bank")}
    ),
    "balance_falling": lambda t: _("Balance down %(percent)s") % {"percent": t.percent("percent")},
    "income_stopped": _income,
    "idle_cash": lambda t: (
        _("Idle %(amount)s for %(days)s days") % {"amount": t.short("amount"), "days": t.count("days")}
    ),
    "dormant": lambda t: _("Nothing for %(days)s days") % {"days": t.count("days")},
    "risk_profile_expiring": lambda t: _("Risk profile ends %(when)s") % {"when": t.when("valid_until")},
    "near_next_tier": lambda t: (
        _("%(amount)s short of %(tier)s") % {"amount": t.short("short"), "tier": t.tier("tier")}
    ),
    "below_tier": lambda t: _("%(amount)s below %(tier)s") % {"amount": t.short("short"), "tier": t.tier("tier")},
    "potential_key": lambda t: _("First large deposit: %(amount)s") % {"amount": t.short("amount")},
    "loan_paid_off": lambda t: _("Loan of %(amount)s paid off") % {"amount": t.short("amount")},
    "product_bought": lambda t: _("Bought %(name)s") % {"name": t.name("name")},
    "standard": lambda t: _("%(tier)s standard: %(days)s days") % {"tier": t.tier("tier"), "days": t.count("days")},
    "gift_idea": lambda t: _("Think of a gift: %(what)s %(when)s") % {"what": _gift_for(t), "when": t.when("on")},
    "campaign": lambda t: t.name("label") or str(KINDS["campaign"]).capitalize(),
    "invitation": lambda t: (
        {
            "up": _("Seat free: %(name)s"),
            "moved": _("Moved: %(name)s"),
            "cancelled": _("Cancelled: %(name)s"),
        }.get(t.text("news"), _("Invite: %(name)s"))
        % {"name": t.text("label")}
    ),
    "birthday": lambda t: (
        (_("Lunar birthday %(when)s") if t.text("lunar") else _("Birthday %(when)s")) % {"when": t.when("on")}
    ),
}
SENTENCES: Mapping[str, Callable[[Told], tuple[str, str]]] = {
    "promise": lambda t: (
        _("Promise of %(date)s") % {"date": t.date("made_on")},
        _("“%(text)s”. Due %(due)s, still open.") % {"text": t.text("text"), "due": _due(t)},
    ),
    "deposit_maturing": lambda t: (
        _("%(amount)s matures on %(date)s") % {"amount": t.exact("amount"), "date": t.date("matures_on")},
        _("%(name)s at %(rate)s.") % {"name": t.name("name"), "rate": t.rate("rate")} if t.text("rate") else t.name("name"),
    ),
    "large_inflow": lambda t: (
        _("%(amount)s in on %(date)s") % {"amount": t.exact("amount"), "date": t.date("booked_on")}, _from(t),
    ),
    "large_outflow": lambda t: (
        _("%(amount)s out on %(date)s") % {"amount": t.exact("amount"), "date": t.date("booked_on")}, _to(t),
    ),
    "outflow_other_bank": lambda t: (
        _("%(amount)s out to %(bank)s") % {"amount": t.exact("amount"), "bank": t.name("bank")},
        ngettext("One payment, on %(date)s.", "%(count)s payments this month, the last on %(date)s.", t.count("count"))
        % {"count": t.count("count"), "date": t.date("booked_on")},
    ),
    "balance_falling": lambda t: (
        _("Balance down %(percent)s") % {"percent": t.percent("percent")},
        _("From %(before)s to %(now)s in 90 days.") % {"before": t.exact("before"), "now": t.exact("now")},
    ),
    "income_stopped": lambda t: (
        _income(t), _("Usually %(amount)s, last on %(date)s.") % {"amount": t.exact("amount"), "date": t.date("last_on")},
    ),
    "idle_cash": lambda t: (
        _("%(amount)s lies idle") % {"amount": t.exact("amount")},
        _("Above what is needed, for %(days)s days.") % {"days": t.count("days")},
    ),
    "dormant": lambda t: (
        _("Nothing for %(days)s days") % {"days": t.count("days")},
        _("Last movement or log-in on %(date)s.") % {"date": t.date("last_on")},
    ),
    "risk_profile_expiring": lambda t: (
        _("Risk profile %(level)s ends on %(date)s") % {"level": t.text("level"), "date": t.date("valid_until")},
        _("Then nothing may be recommended."),
    ),
    "near_next_tier": lambda t: (
        _("%(amount)s short of %(tier)s") % {"amount": t.exact("short"), "tier": t.tier("tier")}, "",
    ),
    "below_tier": lambda t: (
        _("%(amount)s below %(tier)s") % {"amount": t.exact("short"), "tier": t.tier("tier")},
        _("The tier is lost if it stays there."),
    ),
    "potential_key": lambda t: (
        _("First large deposit: %(amount)s") % {"amount": t.exact("amount")},
        _("On %(date)s. May become a key customer.") % {"date": t.date("booked_on")},
    ),
    "loan_paid_off": lambda t: (
        _("Loan of %(amount)s paid off") % {"amount": t.exact("amount")}, _("On %(date)s.") % {"date": t.date("paid_on")},
    ),
    "product_bought": lambda t: (
        _("Bought %(name)s") % {"name": t.name("name")},
        _("%(amount)s on %(date)s.") % {"amount": t.exact("amount"), "date": t.date("bought_on")},
    ),
    "standard": lambda t: (
        _("%(tier)s standard: %(days)s days") % {"tier": t.tier("tier"), "days": t.count("days")},
        _("Last spoke on %(date)s.") % {"date": t.date("last_contact_on")} if t.text("last_contact_on") else _("Never spoken yet."),
    ),
    "birthday": lambda t: (
        (_("Lunar birthday on %(date)s") if t.text("lunar") else _("Birthday on %(date)s")) % {"date": t.date("on")},
        _("Turns %(age)s.") % {"age": t.text("age")} if t.text("age") else "",
    ),
    "campaign": lambda t: (
        _("Campaign “%(name)s”") % {"name": t.name("label")},
        _("About %(theme)s. Until %(date)s.") % {"theme": t.name("theme"), "date": t.due()},
    ),
    "invitation": _event,
    "gift_idea": lambda t: (
        _("Think of a gift: %(what)s") % {"what": _gift_for(t)}, _("On %(date)s.") % {"date": t.date("on")},
    ),
}  # fmt: skip


def chip(told: Told, kind: str) -> str:
    """The few words of a chip."""
    said = CHIPS.get(kind)
    if said is not None:
        return said(told)
    label = told.text("label") or str(KINDS.get(kind, kind))
    return _("%(what)s %(when)s") % {"what": label[:1].upper() + label[1:], "when": told.when("on")}


def sentence(told: Told, kind: str) -> tuple[str, str]:
    """The fact in bold and what there is to add, each a clause with its date."""
    said = SENTENCES.get(kind)
    if said is not None:
        return said(told)
    label = told.text("label") or str(KINDS.get(kind, kind))
    return label[:1].upper() + label[1:], _("On %(date)s.") % {"date": told.date("on") or told.due()}


def moved(told: Told) -> str:
    """Why a reminder does not stand on its own day; empty when it does."""
    if not told.text("moved_from"):
        return ""
    return _("Moved from %(meant)s to %(date)s: not a workday.") % {
        "meant": told.date("moved_from"),
        "date": told.due(),
    }


def icon(kind: str) -> str:
    """The icon of a kind."""
    return ICONS.get(kind, "calendar-event")


def part(code: str) -> str:
    """The name of one part of the priority."""
    fixed = {"more": _("more reasons"), "value": _("value"), "tier": _("tier"), "silence": _("silence")}
    if code in fixed:
        return fixed[code]
    if code.endswith("_late"):
        return _("%(what)s late") % {"what": KINDS.get(code[:-5], code)}
    return str(KINDS.get(code, code))
