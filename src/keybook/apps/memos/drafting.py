"""From a draft of the core to the fields of the form: what each holds, what must be asked, where in the line it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from keybook import calendars
from keybook.apps.reminders.queries import Day, moment
from keybook.core.memo import Choice, Draft, Part
from keybook.core.memo_draft import Setting
from keybook.core.memo_draft import draft as core_draft

LONGEST = 10_000
LONGEST_WAIT = dt.timedelta(days=60)
MOST_OCCASIONS, MOST_AWAY = 3, 3
LEAVE = "-"
"""The answer to a question that leaves its part in the text and stores nothing of it."""
MET = frozenset({"branch", "visit"})
TOPICS: Mapping[str, Any] = {
    "complaint": lazy("Complaint"), "rate": lazy("Rates"), "fee": lazy("Fees"), "transfer": lazy("Transfer"),
    "exchange": lazy("Foreign exchange"), "renewal": lazy("Renewal"), "redemption": lazy("Redemption"),
    "account": lazy("Account"), "online": lazy("Online banking"), "property": lazy("Buying a home"),
    "study": lazy("Studies"), "retirement": lazy("Retirement"), "inheritance": lazy("Inheritance"), "tax": lazy("Tax"),
    "salary": lazy("Salaries"), "event": lazy("Event"), "deposit": lazy("Deposit"), "term_deposit": lazy("Term deposit"),
    "fund": lazy("Fund"), "wealth": lazy("Wealth product"), "insurance": lazy("Insurance"), "metal": lazy("Metal"),
    "loan": lazy("Loan"), "card": lazy("Card"), "birthday": lazy("Birthday"), "opening": lazy("Opening"),
    "anniversary": lazy("Anniversary"), "wedding": lazy("Wedding"), "exam": lazy("Exam"), "moving": lazy("Moving house"),
    "memorial": lazy("Memorial day"),
}  # fmt: skip
PRODUCTS = ("", "deposit", "term_deposit", "fund", "wealth", "insurance", "metal", "loan", "card")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the line: plain, understood, or with more than one reading (or none)."""

    text: str
    kind: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question beside its field: the code of `core.memo.Question`, the readings to choose from, the part in words."""

    code: str
    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Sketch:
    """A line as the form shows it: the draft, a value for each field, the questions by field, the sources by row."""

    draft: Draft
    values: Mapping[str, str]
    asked: Mapping[str, Asked] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    away: int = 0
    occasions: int = 0
    left: tuple[str, ...] = ()
    understood: int = 0
    parts: int = 0

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The line in its stretches."""
        return tuple(marks_of(self.draft))


def written_at(day: Day, *, written: str = "") -> dt.datetime:
    """When the line was written, by the bank's clock: now on the business date, or as long before as `written` is.

    A line from the phone is confirmed later than it was written: its "tomorrow" is the day after it was written. What is
    no moment of the last sixty days (ISO 8601 with its zone) is taken as now.
    """
    now = moment(day=day)
    try:
        ago = timezone.now() - dt.datetime.fromisoformat(written)
    except (ValueError, TypeError):
        return now
    return now - ago if dt.timedelta(0) <= ago <= LONGEST_WAIT else now


def read_line(*, text: str, day: Day, at: dt.datetime) -> Draft:
    """What the core understands of a line."""
    setting = Setting(calendar=day.calendar, table=calendars.lunar_table(), currency=day.currency)
    return core_draft(text=text, at=at.replace(tzinfo=None), setting=setting)


def marks_of(draft: Draft) -> Iterator[Mark]:
    """The line cut at its parts, in order and without loss; a part inside another is marked with it."""
    place = 0
    for part in sorted(draft.parts, key=lambda one: (one.start, -one.length)):
        start, end = max(part.start, place), part.start + part.length
        if start >= end:
            continue
        if start > place:
            yield Mark(draft.original[place:start])
        yield Mark(draft.original[start:end], part.kind, _state(part))
        place = end
    if place < len(draft.original):
        yield Mark(draft.original[place:])


def _state(part: Part) -> str:
    if len(part.choices) > 1:
        return "two"
    return "sure" if part.choices and part.trouble not in {"year", "digits"} else "unread"


def sketch(*, draft: Draft, day: Day, is_new: bool, no_account: bool = False) -> Sketch:
    """Every field with what was understood; `is_new` says that nobody knows them yet, `no_account` that they are a prospect."""
    making = _Making(draft, day, is_new, is_new or no_account)
    making.who()
    making.elsewhere()
    making.promise()
    making.occasions()
    making.contact()
    return making.done()


class _Making:
    """A sketch while it is made: fields are filled row by row, each part used is ticked off."""

    def __init__(self, draft: Draft, day: Day, is_new: bool, no_account: bool) -> None:  # noqa: FBT001  inside this module only
        self.draft, self.day, self.is_new, self.no_account = draft, day, is_new, no_account
        self.values: dict[str, str] = {}
        self.asked: dict[str, Asked] = {}
        self.sources: dict[str, list[Part]] = {}
        self.used: set[int] = set()
        self.away = self.noted = 0

    def done(self) -> Sketch:
        """The finished sketch."""
        parts = self.draft.parts
        left = tuple(part.text for place, part in enumerate(parts) if place not in self.used)
        sources = {row: self._quoted(found) for row, found in self.sources.items()}
        return Sketch(
            self.draft, self.values, self.asked, sources, self.away, self.noted, left, len(self.used), len(parts)
        )

    def _quoted(self, parts: Sequence[Part]) -> str:
        ordered = sorted(parts, key=lambda one: one.start)
        return " ".join(dict.fromkeys(one.text for one in ordered))

    def _use(self, row: str, part: Part) -> None:
        self.used.add(self.draft.parts.index(part))
        self.sources.setdefault(row, []).append(part)

    def _first(self, row: str, part: Part | None, name: str, code: str) -> str:
        """The value of a part with one reading; with several or none the field stays empty and the question is asked."""
        if part is None:
            return ""
        self._use(row, part)
        if len(part.choices) == 1 and part.trouble not in {"year", "several", "open", "no_such_day"}:
            return part.choices[0].value
        self.asked[name] = Asked(code, part.text, part.choices)
        return ""

    def who(self) -> None:
        """Name and phone; a phone that is none is kept as typed."""
        names = [part for part in self.draft.all("name") if part.role != "other"]
        phones = [part for part in self.draft.all("phone") if part.role != "other"]
        self.values |= {"name": "", "phone": "", "phone_doubt": ""}
        for field_, code, parts in (("name", "which_name", names), ("phone", "which_phone", phones)):
            values = list(dict.fromkeys(_said(part) for part in parts))
            for part in parts:
                self._use("who", part)
            if len(values) == 1:
                self.values[field_] = values[0]
            elif values:
                self.asked[field_] = Asked(code, " · ".join(values), tuple(Choice(value) for value in values))
        self.values["phone_doubt"] = "on" if len(phones) == 1 and not phones[0].choices else ""

    def elsewhere(self) -> None:
        """Evidence of assets at other banks; of somebody new, what matures lies elsewhere even if no bank is named."""
        parts = self.draft.parts
        for held in self.draft.held_away[:MOST_AWAY]:
            places = (held.institution, held.money, held.product, held.maturity)
            found = [None if place is None else parts[place] for place in places]
            self._away(found, held.confidence)
        if self.away or not self.no_account:
            return
        money = next((one for one in self.draft.all("money") if one.role in {"", "held_away"}), None)
        maturity = next(iter(self.draft.all("maturity")), None)
        if money is not None and (maturity is not None or self.draft.all("product")):
            self._away([None, money, next(iter(self.draft.all("product")), None), maturity], "unsure")

    def _away(self, found: Sequence[Part | None], confidence: str) -> None:
        row = f"away{self.away}"
        bank, money, product, maturity = found
        if bank is not None:
            self._use(row, bank)
        if product is not None:
            self._use(row, product)
        codes = {"year": "amount_or_year"}
        amount_code = codes.get(money.trouble, "which_amount") if money else ""
        due_code = "no_such_day" if maturity and maturity.trouble == "no_such_day" else "which_day"
        self.values |= {
            f"{row}_keep": "on",
            f"{row}_institution": _bank(bank) if bank else _("Another bank"),
            f"{row}_amount": self._first(row, money, f"{row}_amount", amount_code),
            f"{row}_currency": money.choices[0].unit if money and money.choices and money.choices[0].unit else "",
            f"{row}_kind": product.choices[0].value if product and product.choices else "",
            f"{row}_matures_on": self._first(row, maturity, f"{row}_matures_on", due_code)[:10],
            f"{row}_confidence": confidence,
        }
        self.away += 1

    def promise(self) -> None:
        """The promise with its day; a promise without a day asks for it."""
        self.values |= {"promise_step": "", "promise_on": "", "promise_time": ""}
        part = next(iter([*self.draft.all("promise"), *self.draft.all("reminder")]), None)
        if part is None:
            return
        if not part.choices:
            self._use("promise", part)
            self.asked["promise_on"] = Asked(part.trouble if part.trouble == "no_such_day" else "when", part.text)
        else:
            self.values["promise_on"] = self._first("promise", part, "promise_on", "which_day")[:10]
        self.values["promise_time"] = _time(part)
        self.values["promise_step"] = _step(part.role, bool(self.draft.all("maturity")))

    def occasions(self) -> None:
        """The dates that matter, at most three."""
        for part in self.draft.all("occasion")[:MOST_OCCASIONS]:
            row = f"day{self.noted}"
            code = {"calendar": "which_calendar", "no_such_day": "no_such_day"}.get(part.trouble, "which_day")
            self._use(row, part)
            one = part.choices[0] if len(part.choices) == 1 else None
            if one is None:
                self.asked[f"{row}_on"] = Asked(code if part.choices else "when", part.text, part.choices)
            self.values |= {
                f"{row}_keep": "on", f"{row}_kind": part.role or "other",
                f"{row}_on": occasion_value(one) if one else "",
            }  # fmt: skip
            self.noted += 1

    def contact(self) -> None:
        """How it was and how it went; who is there is met, who is known was called, unless the line says otherwise."""
        channel = self._code("channel") or ("branch" if self.is_new else "call")
        outcome = self._code("outcome") or ("met" if channel in MET else "reached")
        self.values |= {
            "channel": channel, "outcome": outcome, "effect": self._code("effect") or "unchanged",
            "topic": self._topic(),
        }  # fmt: skip
        for part in self.draft.all("sentiment"):
            self._use("contact", part)

    def _code(self, kind: str) -> str:
        found = self.draft.all(kind)  # type: ignore[arg-type]
        values = {choice.value for part in found for choice in part.choices}
        if len(values) != 1:
            return ""
        for part in found:
            self._use("contact", part)
        return values.pop()

    def _topic(self) -> str:
        """What was spoken of, in the reader's language; words nobody knows stay in the text."""
        for part in (*self.draft.all("topic"), *self.draft.all("product")):
            if self.draft.parts.index(part) not in self.used:
                self._use("contact", part)
        return _(", ").join(str(TOPICS[code]) for code in self.draft.topics() if code in TOPICS)[:120]


def _said(part: Part) -> str:
    """The one value of a part, else its text as typed."""
    return part.choices[0].value if len(part.choices) == 1 else part.text


def _bank(part: Part) -> str:
    """The bank as it was written: its code is for machines."""
    return part.text.strip()


def _time(part: Part) -> str:
    """The time that was said, where every reading has the same one; a part of the day is none."""
    times = {choice.value[11:16] if "T" in choice.value and "/" not in choice.value else "" for choice in part.choices}
    return times.pop() if len(times) == 1 else ""


def _step(role: str, matures: bool) -> str:  # noqa: FBT001  inside this module only
    """What was promised, in a few words."""
    words = {
        "call": _("Call"), "visit": _("Visit"), "wechat": _("Write on WeChat"), "sms": _("Send a text message"),
        "email": _("Write an e-mail"), "letter": _("Write a letter"), "send": _("Send what was promised"),
        "meet": _("Meet"), "remind": _("Call to remind"),
    }  # fmt: skip
    step = words.get(role, _("Contact again"))
    return _("%(step)s: the deposit falls due") % {"step": step} if matures else step


def occasion_value(choice: Choice) -> str:
    """An occasion as the field holds it: 08-05, L08-05 leap, 2026-12-18, with 农 before a lunar one."""
    return f"lunar {choice.value}" if choice.unit == "lunar" else choice.value
