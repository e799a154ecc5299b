"""Turns a line of a memorandum into a draft: what was understood, and every question its writer must answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from keybook.core import memo_find as find
from keybook.core import memo_words as words
from keybook.core.memo import Choice, Draft, HeldAway, Part, PartKind, Question, Why
from keybook.core.memo_days import Day, LunarSpan, days, grouped, lunar_days, solar_days
from keybook.core.memo_find import Hook
from keybook.core.occasions import LunarTable
from keybook.core.reading import Entity, Language, language_of, read
from keybook.core.reading.phones import Known
from keybook.core.reading.spans import folded
from keybook.core.workdays import SATURDAY, WorkCalendar

__all__ = ["Setting", "draft", "language_of"]

LONGEST = 4000
"""A line beyond this is a document: it is kept, and what its first part says is offered."""
FAR = 30
END = re.compile(r"[。；;！!\n]|\. ")
STOP = re.compile(r"[，,。；;！!\n]")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a draft needs to know besides the line: the bank's calendars, its money, and who knows phones."""

    calendar: WorkCalendar | None = None
    table: LunarTable | None = None
    currency: str = "CNY"
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    """A line while it is read."""

    text: str
    plain: str
    at: datetime
    setting: Setting
    language: Language


def draft(*, text: str, at: datetime, language: Language | None = None, setting: Setting | None = None) -> Draft:
    """Read one memorandum written at a moment (the bank's own clock); nothing in it is ever guessed in silence."""
    setting = setting or Setting()
    spoken = language or language_of(text)
    line = _Line(text[:LONGEST], folded(text[:LONGEST]), at, setting, spoken)
    entities = read(text=line.text, language=spoken, at=at, table=setting.table, known=setting.known)
    parts = _linked(_parts(line, entities))
    asked = _questions(parts)
    if len(text) > LONGEST:
        asked.append(Question("too_long"))
    return Draft(text, spoken, tuple(parts), tuple(asked), tuple(_held_away(parts, at.date())))


def _parts(line: _Line, entities: Sequence[Entity]) -> list[Part]:
    """Everything found, in the order of the text."""
    phones = find.phone_parts(entities, line.text)
    spans = [(one.start, one.start + one.length) for one in phones]
    dated = _Dates.of(line, [one for one in entities if one.kind != "phone"], spans)
    away = [*spans, *((day.start, day.end) for day in dated.days)]
    found = [
        *phones,
        *find.names(line.text, phones),
        *find.institutions(line.text, line.plain),
        *find.amounts(entities, line.text, line.setting.currency, away),
        *find.coded("product", words.PRODUCTS, line.text, line.plain),
        *find.coded("topic", words.TOPICS, line.text, line.plain),
        *find.coded("outcome", words.OUTCOMES, line.text, line.plain),
        *find.coded("sentiment", words.SENTIMENTS, line.text, line.plain),
        *find.coded("effect", words.EFFECTS, line.text, line.plain),
        *dated.parts(),
    ]
    return sorted(found, key=lambda one: (one.start, one.length))


@dataclass(frozen=True, slots=True)
class _Dates:
    """Days and the words that wait for them, joined by nearness."""

    line: _Line
    days: list[Day]
    hooks: list[Hook]
    lunar: list[LunarSpan]
    taken: dict[Hook, Day]
    ahead: list[tuple[int, int, int, str]]

    @classmethod
    def of(cls, line: _Line, entities: Sequence[Entity], phones: list[tuple[int, int]]) -> _Dates:
        """Find and join them."""
        hooks = [hook for hook in find.hooks(line.plain) if not hook.stands_in(phones)]
        lunar = lunar_days(line.plain)
        ahead = find.offset_days(line.plain)
        covered = [*((one.start, one.end) for one in lunar), *((start, end) for start, end, *_ in ahead), *phones]
        known = [day for day in days(entities=entities, text=line.text, at=line.at) if _outside(day, covered)]
        known = [day for day in grouped(known, line.text) if not _is_figure(line, day)]
        return cls(line, known, hooks, lunar, _joined(line, known, hooks), ahead)

    def parts(self) -> list[Part]:
        """Maturities, promises, occasions and channels."""
        matures = [self.taken[hook] for hook in self.hooks if hook.kind == "maturity" and hook in self.taken]
        found = [self._dated("maturity", day, (day.start, day.end)) for day in matures]
        due = matures[0] if matures else None
        for hook in self._occasions():
            found += self._occasion(hook)
        for hook in self.hooks:
            if hook.kind == "promise" or (hook.kind == "channel" and self._is_promise(hook, due)):
                found.append(self._promise(hook, due))
            elif hook.kind == "channel" and not self._only_how(hook):
                span = (hook.start, hook.end)
                found.append(find.part("channel", self.line.text, span, Choice(hook.code)))
        return _one_promise(found, self.line.text)

    def _only_how(self, hook: Hook) -> bool:
        """Whether it says how a contact to come is made and not that one took place."""
        return any(
            one.kind == "promise"
            and one in self.taken
            and 0 <= one.start - hook.end <= find.NEAR
            and self._through(one)
            for one in self.hooks
        )

    def _is_promise(self, hook: Hook, due: Day | None) -> bool:
        """打电话 is promised when a day to come belongs to it, or when it closes a line about what falls due."""
        if words.DONE.match(self.line.plain, hook.end) or not hook.act:
            return False
        last = not self.line.plain[hook.end :].strip(" 。.!！给他她") and not hook.after
        return hook in self.taken or bool(last and due and hook.start > due.start)

    def _promise(self, hook: Hook, due: Day | None) -> Part:
        span = (hook.start, hook.end)
        day: Day | None = self.taken.get(hook) or due
        if before := self._before(hook, due):
            day = before
        elif (own := self.taken.get(hook)) and _gap(own.start, own.end, hook) <= find.NEAR:
            span = (min(span[0], own.start), max(span[1], own.end))
        kind: PartKind = "reminder" if self.line.plain[hook.start : hook.end] in {"提醒我", "remind me"} else "promise"
        role = self._through(hook) or hook.act
        if day is None:
            return find.part(kind, self.line.text, span, role=role)
        if day is due and words.LEAD.search(self.line.plain[max(0, hook.start - find.NEAR) : hook.end + 2 * find.NEAR]):
            day = replace(day, trouble="open")  # before it, but nobody said how long
        return replace(self._dated(kind, day, span), role=role)

    def _through(self, hook: Hook) -> str:
        """微信…联系: the channel named beside a plain 联系 is how."""
        if self.line.plain[hook.start : hook.start + 2] != "联系":
            return ""
        near = [
            one for one in self.hooks if one.kind == "channel" and one.act and 0 <= hook.start - one.end <= find.NEAR
        ]
        return near[-1].act if near else ""

    def _before(self, hook: Hook, due: Day | None) -> Day | None:
        """提前三天: so many days before what falls due."""
        near = [one for one in self.ahead if abs(one[0] - hook.start) <= FAR]
        if not near or due is None or not due.choices or due.is_open:
            return None
        start, end, count, unit = near[0]
        moved = tuple(_earlier(date.fromisoformat(choice[:10]), count, unit).isoformat() for choice in due.choices)
        return Day(start, end, moved, alternatives=due.alternatives)

    def _dated(self, kind: PartKind, day: Day, span: tuple[int, int]) -> Part:
        calendar = self.line.setting.calendar
        choices = tuple(_placed(choice, calendar if kind != "maturity" else None) for choice in day.choices)
        trouble = day.trouble or ("open" if day.is_open else "several" if day.alternatives else "")
        return find.part(kind, self.line.text, span, *choices, trouble=trouble)

    def _occasions(self) -> list[Hook]:
        """One hook for each occasion: 新店开业 is one."""
        kept: list[Hook] = []
        for hook in (hook for hook in self.hooks if hook.kind == "occasion"):
            if kept and kept[-1].code == hook.code and hook.start - kept[-1].end <= FAR:
                if hook in self.taken and kept[-1] not in self.taken:
                    kept[-1] = hook
            else:
                kept.append(hook)
        return kept

    def _occasion(self, hook: Hook) -> list[Part]:
        text = self.line.text
        near = [one for one in self.lunar if _gap(one.start, one.end, hook) <= FAR]
        found = [
            find.part("occasion", text, (one.start, one.end), Choice(one.value, "lunar"), role=hook.code)
            for one in near
        ]
        solar = self._solar(hook, [(one.start, one.end) for one in near])
        return [*found, *solar] or [find.part("occasion", text, (hook.start, hook.end), role=hook.code)]

    def _solar(self, hook: Hook, lunar: list[tuple[int, int]]) -> list[Part]:
        text = self.line.text
        yearly = (
            hook.code in words.YEARLY
            or "周年" in text[hook.start : hook.end]
            or "anniversary" in self.line.plain[hook.start : hook.end + 12]
        )
        if yearly:
            for day, spoken in solar_days(self.line.plain):
                if _gap(day.start, day.end, hook) <= FAR and _outside(day, lunar):
                    return [self._written(hook, day, spoken=spoken)]
        own = self.taken.get(hook)
        return [] if own is None or not _outside(own, lunar) else [self._single(hook, own, yearly=yearly)]

    def _single(self, hook: Hook, day: Day, *, yearly: bool) -> Part:
        """An occasion by a day that was read: with its year where it comes once or the year is said."""
        text = self.line.text
        if day.is_open or not day.choices:
            return find.part("occasion", text, (day.start, day.end), role=hook.code, trouble=day.trouble or "open")
        year = not yearly or re.search(r"(?:19|20)\d\d", text[day.start : day.end])
        choices = [Choice(choice[:10] if year else choice[5:10], "solar") for choice in day.choices]
        return find.part("occasion", text, (day.start, day.end), *choices, role=hook.code)

    def _written(self, hook: Hook, day: Day, *, spoken: bool) -> Part:
        calendar = "阳历" not in self.line.text and spoken
        choices = [
            Choice(choice, unit) for choice in day.choices for unit in (("solar", "lunar") if calendar else ("solar",))
        ]
        trouble = day.trouble or ("calendar" if len(choices) > 1 else "")
        return find.part("occasion", self.line.text, (day.start, day.end), *choices, role=hook.code, trouble=trouble)


def _is_figure(line: _Line, day: Day) -> bool:
    """存了2026: four figures after such a word are an amount as soon as a year."""
    written = line.plain[day.start : day.end]
    return written.isdigit() and bool(words.DEPOSITED.search(line.plain[: day.start][-14:]))


def _outside(day: Day, spans: Iterable[tuple[int, int]]) -> bool:
    return all(day.end <= start or end <= day.start for start, end in spans)


def _gap(start: int, end: int, hook: Hook) -> int:
    return max(hook.start - end, start - hook.end, 0)


def _joined(line: _Line, known: Sequence[Day], hooks: Sequence[Hook]) -> dict[Hook, Day]:
    """Each day to one word and each word to one day, the nearest first; what is past can be no promise."""
    pairs = []
    for number, day in enumerate(known):
        near = [(place, hook) for place, hook in enumerate(hooks) if _gap(day.start, day.end, hook) <= FAR]
        costs = [(_cost(line, day, hook, [other for _, other in near]), place, number) for place, hook in near]
        pairs += [pair for pair in costs if pair[0] <= FAR]
    taken: dict[Hook, Day] = {}
    used: set[int] = set()
    for _, place, number in sorted(pairs):
        if hooks[place] not in taken and number not in used:
            taken[hooks[place]] = known[number]
            used.add(number)
    return taken


def _cost(line: _Line, day: Day, hook: Hook, hooks: Sequence[Hook]) -> int:
    """How far a day stands from a word: characters, marks between, the unusual side; too far when it cannot be."""
    start, end = (day.end, hook.start) if day.end <= hook.start else (hook.end, day.start)
    between = line.text[start:end] if start < end else ""
    cost = len(between) + 6 * len(STOP.findall(between)) + 9 * len(END.findall(between))
    if (day.start >= hook.end) != hook.after:
        cost += 3
    if hook.kind in {"promise", "channel"} and not _to_come(day, line.at, hook):
        return FAR + 1
    if hook.kind == "channel" and (not hook.act or cost > 2 * find.NEAR):
        return FAR + 1
    crossed = sum(1 for other in hooks if other is not hook and start <= other.start and other.end <= end)
    return cost + 8 * crossed


def _to_come(day: Day, at: datetime, hook: Hook) -> bool:
    today = f"{at:%Y-%m-%d}"
    if not day.choices:
        return hook.kind == "promise"
    first = day.choices[-1]
    if hook.kind == "channel":
        return first[:10] > today or ("T" in first and first > f"{at:%Y-%m-%dT%H:%M}")
    return first[-10:] >= today or "T" in first


def _earlier(day: date, count: int, unit: str) -> date:
    if unit != "month":
        return day - timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 - count
    first = date(months // 12, months % 12 + 1, 1)
    following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day.day, (following - first).days) - 1)


def _placed(value: str, calendar: WorkCalendar | None) -> Choice:
    """The day, and the workday it moves to with the reason where the bank does not work on it."""
    if calendar is None or "/" in value:
        return Choice(value)
    day = date.fromisoformat(value[:10])
    if calendar.is_workday(day):
        return Choice(value)
    why: Why = "weekend" if day.weekday() >= SATURDAY and day not in calendar.holidays else "holiday"
    return Choice(value, moved=calendar.next_workday(day).isoformat() + value[10:], why=why)


def _one_promise(found: list[Part], text: str) -> list[Part]:
    """Two words for one promise (约…见面, 微信…联系) are one: the undated one goes into the dated one beside it."""
    promises = [one for one in found if one.kind in {"promise", "reminder"}]
    gone: set[int] = set()
    for first, second in pairwise(promises):
        between = text[first.start + first.length : second.start]
        two = first.choices and second.choices and first.choices != second.choices
        if len(between) <= 2 * find.NEAR and not END.search(between) and first.role == second.role and not two:
            gone.add(id(second if first.choices or not second.choices else first))
    return [one for one in found if id(one) not in gone]


def _linked(parts: list[Part]) -> list[Part]:
    """Phones go to the name before them; banks, products and maturities to the nearest amount."""
    linked = []
    for one in parts:
        if one.kind in {"institution", "product", "maturity"}:
            linked.append(replace(one, of=_nearest(one, parts, "money")))
        elif one.kind == "phone":
            linked.append(replace(one, of=_nearest(one, parts, "name", role=one.role)))
        else:
            linked.append(one)
    return [_held(one, place, linked) for place, one in enumerate(linked)]


def _held(one: Part, place: int, parts: Sequence[Part]) -> Part:
    """An amount at another bank, unless it is said to be ours, asked for or moving."""
    if one.kind != "money" or one.role:
        return one
    away = any(other.kind == "institution" and other.of == place for other in parts)
    return replace(one, role="held_away") if away else one


def _nearest(one: Part, parts: Sequence[Part], kind: PartKind, role: str = "") -> int | None:
    middle = one.start + one.length / 2
    found = [
        (abs(other.start + other.length / 2 - middle), place)
        for place, other in enumerate(parts)
        if other.kind == kind and (not role or other.role == role)
    ]
    return min(found)[1] if found else None


def _held_away(parts: Sequence[Part], on: date) -> Iterable[HeldAway]:
    """Evidence for each other bank; where nobody knows which bank or how much, it is unsure."""
    for place, one in enumerate(parts):
        if one.kind != "institution":
            continue
        money = one.of if one.of is not None and parts[one.of].role in {"held_away", "flow"} else None
        same = [other for other, two in enumerate(parts) if two.of is not None and two.of == money]
        product = next((other for other in same if parts[other].kind == "product"), None)
        maturity = next((other for other in same if parts[other].kind == "maturity"), None)
        clear = bool(one.choices) and money is not None and len(parts[money].choices) == 1 and not parts[money].trouble
        yield HeldAway(place, money, product, maturity, on=on, confidence="likely" if clear else "unsure")


TROUBLES = {
    "no_such_day": "no_such_day", "open": "which_day", "several": "which_date", "calendar": "which_calendar", "year": "amount_or_year",
    "digits": "phone_digits", "unknown": "which_institution",
}  # fmt: skip
SEVERAL = {
    "money": "which_amount",
    "maturity": "which_day",
    "promise": "which_day",
    "reminder": "which_day",
    "occasion": "which_day",
}


def _questions(parts: Sequence[Part]) -> list[Question]:
    """What cannot be decided here, each about its part."""
    if not parts:
        return [Question("unread")]
    asked = [question for place, one in enumerate(parts) if (question := _about(place, one))]
    names = {one.choices[0].value for one in parts if one.kind == "name" and one.role == "customer"}
    phones = {one.choices[0].value for one in parts if one.kind == "phone" and one.role == "customer" and one.choices}
    if len(names) > 1:
        asked.append(Question("which_name", choices=tuple(Choice(name) for name in sorted(names))))
    if len(phones) > 1:
        asked.append(Question("which_phone", choices=tuple(Choice(phone) for phone in sorted(phones))))
    if not names and not any(one.kind == "phone" for one in parts):
        asked.append(Question("who"))
    return asked


def _about(place: int, one: Part) -> Question | None:
    if one.trouble in TROUBLES:
        return Question(TROUBLES[one.trouble], place, one.choices)
    if len(one.choices) > 1 and one.kind in SEVERAL:
        return Question(SEVERAL[one.kind], place, one.choices)
    if not one.choices and one.kind in {"promise", "reminder", "occasion"}:
        return Question("when", place)
    return None
