"""The form of a memo: what was confirmed, each mistake one sentence beside its field, and what was typed stays."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from keybook.apps.customers.commands import Evidence
from keybook.apps.customers.models import Channel, Confidence
from keybook.apps.interactions.models import Effect, Outcome
from keybook.apps.memos.commands import Confirmed
from keybook.apps.memos.drafting import LEAVE, MOST_AWAY, MOST_OCCASIONS, PRODUCTS
from keybook.apps.reminders.commands import Day, Noted
from keybook.core.occasions import Occasion, OccasionError

DAY_TEXT = re.compile(
    r"(?:(?P<lunar>lunar|农历|农)\s*)?(?:(?P<year>(?:19|20)\d\d)-)?(?P<leap>L?)(?P<month>\d{1,2})-(?P<day>\d{1,2})",
    re.ASCII | re.IGNORECASE,
)
ONCE = frozenset({"opening", "exam", "moving", "wedding"})
NOT_KEPT = frozenset({"text", "csrfmiddlewaretoken", "client_key", "over", "then", "asked"})
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
LONGEST = {"name": 160, "phone": 40, "topic": 120, "promise_step": 200}


class Reading:
    """A form as it was sent: `confirmed` when everything can be read, else `errors` by field."""

    def __init__(self, *, given: Mapping[str, str], asked: list[str], day: Day, at: dt.datetime) -> None:
        self.given, self.day, self.at = given, day, at
        self.errors: dict[str, str] = {}
        self.open = set(asked)
        self.confirmed = self._read()

    def _value(self, name: str) -> str:
        return self.given.get(name, "").strip()

    def _answered(self, name: str) -> str:
        """The value of a field; one with a question has to be answered, if only by leaving it in the text."""
        value = self._value(name)
        if value == LEAVE:
            return ""
        if not value and name in self.open:
            self.errors[name] = _("Choose a reading, or leave it in the text.")
        return value

    def _one_of(self, name: str, known: list[str], default: str) -> str:
        value = self._value(name) or default
        if value not in known:
            self.errors[name] = _("Choose one of those offered.")
        return value

    def _date(self, name: str) -> dt.date | None:
        value = self._answered(name)[:10]
        if not value:
            return None
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.errors[name] = _("That is no date. Write it as 2026-11-27.")
            return None

    def _time(self) -> dt.time | None:
        """The time of the promise: in its field, or in the reading that was chosen."""
        value = self._value("promise_time") or self._value("promise_on")[11:]
        if not value:
            return None
        try:
            return dt.time.fromisoformat(value)
        except ValueError:
            self.errors["promise_time"] = _("That is no time. Write it as 15:00.")
            return None

    def _amount(self, name: str) -> Decimal | None:
        value = self._answered(name).replace(",", "").replace("，", "").replace(" ", "")
        if not value:
            return None
        try:
            amount = Decimal(value)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite():
            self.errors[name] = _("Write the amount in figures: 450000.")
            return None
        return amount.quantize(Decimal("0.01")) if abs(amount) < Decimal(10) ** 14 else amount

    def _key(self) -> uuid.UUID:
        try:
            return uuid.UUID(self._value("client_key"))
        except ValueError:
            self.errors["all"] = _("Read the line first, then save.")
            return uuid.uuid4()

    def _text(self, name: str) -> str:
        value = self._answered(name)
        if len(value) > LONGEST[name]:
            self.errors[name] = _("Say it shorter: at most %(count)s characters.") % {"count": LONGEST[name]}
        return value

    def _read(self) -> Confirmed | None:
        who = self._value("customer")
        if not who:
            self.errors["customer"] = _("Say who it is about.")
        step, on = self._text("promise_step"), self._date("promise_on")
        time = self._time()
        if self._value("promise_on") == LEAVE or not (step or on):
            step, on, time = "", None, None
        found = Confirmed(
            client_key=self._key(), text=self.given.get("text", ""), at=self.at, customer=who,
            channel=self._one_of("channel", Channel.values, "call"),
            outcome=self._one_of("outcome", Outcome.values, "reached"),
            effect=self._one_of("effect", Effect.values, "unchanged"), topic=self._text("topic"),
            name=self._text("name"), phone=self._text("phone"), phone_doubt=self._value("phone_doubt") == "on",
            language="zh" if self._value("language") == "zh" else "en", promise_step=step, promise_on=on, promise_time=time,
            evidence=tuple(held for place in range(MOST_AWAY) if (held := self._evidence(place))),
            occasions=tuple(one for place in range(MOST_OCCASIONS) if (one := self._occasion(place))),
            fields={name: value for name, value in self.given.items() if name not in NOT_KEPT and not name.startswith("was-")},
        )  # fmt: skip
        return None if self.errors else found

    def _evidence(self, place: int) -> Evidence | None:
        row = f"away{place}"
        if self._value(f"{row}_keep") != "on":
            return None
        currency = self._value(f"{row}_currency").upper()
        if currency and not CURRENCY.fullmatch(currency):
            self.errors[f"{row}_currency"] = _("A currency has three letters: CNY, USD.")
        return Evidence(
            institution=self._value(f"{row}_institution"), seen_on=self.day.today, currency=currency,
            amount=self._amount(f"{row}_amount"), matures_on=self._date(f"{row}_matures_on"),
            confidence=self._one_of(f"{row}_confidence", Confidence.values, "likely"),
            kind=self._one_of(f"{row}_kind", list(PRODUCTS), ""),
        )  # fmt: skip

    def _occasion(self, place: int) -> Noted | None:
        row = f"day{place}"
        value = self._answered(f"{row}_on")
        if self._value(f"{row}_keep") != "on" or not value:
            return None
        try:
            return noted(kind=self._value(f"{row}_kind"), text=value, label=self._value(f"{row}_label"))
        except OccasionError:
            self.errors[f"{row}_on"] = _("No such day. Write 12-18, 2026-12-18, or lunar 08-05.")
            return None


def noted(*, kind: str, text: str, label: str = "") -> Noted:
    """An occasion as it is written: 12-18 each year, 2026-12-18, lunar 08-05, lunar L08-05 in a leap month."""
    found = DAY_TEXT.fullmatch(text.strip())
    if not found:
        raise OccasionError(f"{text!r} is no day.")
    lunar, leap, year = bool(found["lunar"]), bool(found["leap"]), found["year"]
    Occasion(month=int(found["month"]), day=int(found["day"]), lunar=lunar)
    if year and not lunar:
        _exists(int(year), int(found["month"]), int(found["day"]))
    return Noted(
        kind=kind or "other", month=int(found["month"]), day=int(found["day"]), year=int(year) if year else None,
        yearly=not (year and kind in ONCE), calendar="lunar" if lunar else "solar", leap=leap and lunar,
        label=label,
    )  # fmt: skip


def _exists(year: int, month: int, day: int) -> None:
    try:
        dt.date(year, month, day)
    except ValueError as error:
        raise OccasionError(f"{year} has no such day.") from error
