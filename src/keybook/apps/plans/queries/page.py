"""The Plan page: weeks of half-days with what lies in them, what found no place, what the last plan has moved."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from keybook.apps.customers.queries import scope_filter, scope_sql
from keybook.apps.people.models import Deputy
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope
from keybook.apps.plans.models import Entry, Plan, Unplaced
from keybook.apps.plans.queries.time import Slot, Taken, Time, half_of, times
from keybook.apps.reminders.queries import Day
from keybook.apps.standards.queries import IN_FORCE
from keybook.core.halves import HALVES, Half, Placed, used

ONE_DAY, ONE_WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
WEEKS_OF_A_MONTH = 5
SATURDAY = 5
MOST_UNPLACED = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One planned or done contact, as a cell shows it."""

    id: int
    customer_id: int
    name: str
    name_zh: str
    tier: str
    tier_name: str
    tier_name_zh: str
    on: dt.date
    half: Half
    place: int
    hour: int | None
    channel: str
    minutes: int
    cause: str
    kind: str
    theme: str
    due_on: dt.date | None
    late_from: dt.date | None
    state: str
    pinned: bool
    was_on: dt.date | None
    was_half: str
    because: str
    district: str
    value: Decimal
    reasons: Sequence[Any] = ()

    @property
    def slot(self) -> Slot:
        """The half-day it lies on."""
        return self.on, self.half

    @property
    def is_late(self) -> bool:
        """Whether the contact will be late even if it is made as planned."""
        return self.state == "planned" and self.late_from is not None and self.late_from <= self.on

    @property
    def placed(self) -> Placed:
        """As the core counts it."""
        return Placed(self.channel, self.minutes, self.district)


@dataclass(frozen=True, slots=True)
class HalfView:
    """One half-day."""

    half: Half
    items: tuple[Item, ...]
    meetings: tuple[Taken, ...]
    room: int
    used: int


@dataclass(frozen=True, slots=True)
class DayView:
    """One day with its two halves."""

    on: dt.date
    halves: tuple[HalfView, ...]
    away: str
    is_worked: bool

    @property
    def items(self) -> tuple[Item, ...]:
        """The contacts of the day, in order."""
        return tuple(item for half in self.halves for item in half.items)

    @property
    def meetings(self) -> tuple[Taken, ...]:
        """The meetings of the day, each once."""
        found = {each.id: each for half in self.halves for each in half.meetings}
        return tuple(sorted(found.values(), key=lambda each: each.span))

    @property
    def room(self) -> int:
        """Minutes for contacts."""
        return sum(half.room for half in self.halves)

    @property
    def used(self) -> int:
        """Minutes that are planned or done."""
        return sum(half.used for half in self.halves)

    @property
    def mix(self) -> list[tuple[str, int]]:
        """How many contacts by kind, the most first."""
        return Counter(item.kind for item in self.items).most_common()


@dataclass(frozen=True, slots=True)
class WeekView:
    """The days of a week that are shown: those that are worked or have something on them, Monday to Friday always."""

    monday: dt.date
    days: tuple[DayView, ...]

    @property
    def number(self) -> int:
        """The week's number in the year (ISO 8601)."""
        return self.monday.isocalendar().week

    @property
    def room(self) -> int:
        """Minutes for contacts."""
        return sum(day.room for day in self.days)

    @property
    def used(self) -> int:
        """Minutes planned or done."""
        return sum(day.used for day in self.days)

    @property
    def count(self) -> int:
        """Contacts planned or done."""
        return sum(len(day.items) for day in self.days)


@dataclass(frozen=True, slots=True)
class Left:
    """A contact the last plan found no place for."""

    id: int
    customer_id: int
    name: str
    name_zh: str
    tier: str
    tier_name: str
    tier_name_zh: str
    cause: str
    channel: str
    minutes: int
    theme: str
    due_on: dt.date | None
    code: str
    facts: Mapping[str, Any]
    kind: str


@dataclass(frozen=True, slots=True)
class Cover:
    """How many customers of a tier will be within their standard on a day, if the plan is kept."""

    tier: str
    name: str
    name_zh: str
    inside: int
    total: int


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page of one member of staff shows."""

    weeks: tuple[WeekView, ...]
    missed: tuple[Item, ...]
    plan: Plan | None
    running: Plan | None
    left: tuple[Left, ...]
    moved: tuple[Item, ...]
    cover: tuple[Cover, ...]
    time: Time
    deputies: Mapping[dt.date, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Contacts planned or done in what is shown."""
        return sum(week.count for week in self.weeks)

    @property
    def late(self) -> int:
        """Of these, how many will be late even if made as planned."""
        return sum(item.is_late for week in self.weeks for day in week.days for item in day.items)

    @property
    def inside(self) -> int | None:
        """Hundredths of the key customers within their standard at the end; None where there is none."""
        total = sum(each.total for each in self.cover)
        return 100 * sum(each.inside for each in self.cover) // total if total else None


LEFT_FIELDS = (
    "id", "customer_id", "name", "name_zh", "tier", "tier_name", "tier_name_zh", "cause", "channel", "minutes", "theme",
    "due_on", "code", "facts", "kind",
)  # fmt: skip
LEFT = (
    "id", "customer_id", "customer__name", "customer__name_zh", "customer__tier__code", "customer__tier__name",
    "customer__tier__name_zh", "cause", "channel", "minutes", "theme", "due_on", "code", "facts", "reminder__kind",
)  # fmt: skip
ITEM = (
    "id", "customer_id", "customer__name", "customer__name_zh", "customer__tier__code", "customer__tier__name",
    "customer__tier__name_zh", "on", "half", "place", "hour", "channel", "minutes", "cause", "reminder__kind", "theme",
    "due_on", "late_from", "state", "pinned", "was_on", "was_half", "because", "district", "value", "reasons",
)  # fmt: skip


def monday_of(on: dt.date) -> dt.date:
    """The Monday of a day's week."""
    return on - on.weekday() * ONE_DAY


def page(*, scope: Scope, staff_id: int, from_on: dt.date, weeks: int, day: Day) -> Page:
    """The page of one member of staff from a Monday on; the caller has checked that it may be seen."""
    until = from_on + weeks * ONE_WEEK
    time = times(staff_ids=[staff_id], from_on=from_on, until_on=until, day=day)[staff_id]
    items = items_between(scope=scope, staff_id=staff_id, from_on=from_on, until_on=until)
    plans = list(Plan.objects.filter(staff_id=staff_id).order_by("-id")[:5])
    plan = next((each for each in plans if each.state == Plan.State.MADE), None)
    newest = plans[0] if plans else None
    running = newest if newest is not None and newest.state != Plan.State.MADE else None
    return Page(
        weeks=tuple(_week(from_on + each * ONE_WEEK, items, time) for each in range(weeks)),
        missed=missed(scope=scope, staff_id=staff_id, day=day), plan=plan, running=running,
        left=left_over(scope=scope, plan=plan) if plan else (),
        moved=tuple(item for item in items if item.was_on is not None and item.state == "planned"),
        cover=coverage(scope=scope, staff_id=staff_id, until=until, day=day), time=time,
        deputies=_deputies(staff_id, time, from_on, until),
    )  # fmt: skip


def items_between(*, scope: Scope, staff_id: int, from_on: dt.date, until_on: dt.date) -> list[Item]:
    """The contacts planned or done of one plan in a period, in order; those of customers in scope."""
    rows = _visible(scope).filter(staff_id=staff_id, on__gte=from_on, on__lt=until_on, state__in=("planned", "done"))
    return [_item(row) for row in rows.order_by("on", "half", "place", "hour", "id").values_list(*ITEM)]


def _visible(scope: Scope) -> Any:
    inside = scope_filter(scope, prefix="customer__")
    return Entry.objects.all() if inside is None else Entry.objects.filter(inside)


def _item(row: Sequence[Any]) -> Item:
    values = dict(zip(Item.__slots__, row, strict=True))
    values["half"], values["tier"] = half_of(values["half"]), values["tier"] or ""
    values["kind"] = values["kind"] or values["cause"]
    return Item(**values)


def item(*, scope: Scope, entry_id: int) -> Item | None:
    """One entry inside the scope, whatever its state."""
    row = _visible(scope).filter(pk=entry_id).values_list(*ITEM).first()
    return None if row is None else _item(row)


def missed(*, scope: Scope, staff_id: int, day: Day) -> tuple[Item, ...]:
    """What was planned for a day that has passed and has not been done."""
    rows = _visible(scope).filter(staff_id=staff_id, on__lt=day.today, state="planned").order_by("-on", "id")
    return tuple(_item(row) for row in rows.values_list(*ITEM)[:50])


def _week(monday: dt.date, items: Iterable[Item], time: Time) -> WeekView:
    by_slot: dict[Slot, list[Item]] = defaultdict(list)
    for each in items:
        by_slot[each.slot].append(each)
    days = [_day(monday + offset * ONE_DAY, by_slot, time) for offset in range(7)]
    return WeekView(monday, tuple(day for day in days if day.on.weekday() < SATURDAY or day.is_worked or day.items))


def _day(on: dt.date, by_slot: Mapping[Slot, list[Item]], time: Time) -> DayView:
    meetings = [each for each in time.meetings if each.on == on]
    noon, after = time.keeps.windows["am"][1], time.keeps.windows["pm"][0]
    own: Mapping[Half, list[Taken]] = {
        "am": [each for each in meetings if each.span[0] < noon],
        "pm": [each for each in meetings if each.span[1] > after or each.span[0] >= noon],
    }
    halves = tuple(
        HalfView(
            half, tuple(by_slot.get((on, half), ())), tuple(own[half]), time.rooms.get((on, half), 0),
            used(placed=[each.placed for each in by_slot.get((on, half), ())], travel=time.keeps.travel),
        )
        for half in HALVES
    )  # fmt: skip
    return DayView(on, halves, time.why_away(on), is_worked=time.is_open(on))


def left_over(*, scope: Scope, plan: Plan) -> tuple[Left, ...]:
    """What the plan found no place for and nobody has placed or contacted since, the most valuable first."""
    inside = scope_filter(scope, prefix="customer__")
    rows = Unplaced.objects.filter(plan=plan).exclude(entry__state__in=("planned", "done"))
    rows = rows if inside is None else rows.filter(inside)
    return tuple(left_of(row) for row in rows.order_by("-value", "id").values_list(*LEFT)[:MOST_UNPLACED])


def left_of(row: Sequence[Any]) -> Left:
    """A row of LEFT as a value."""
    values = dict(zip(LEFT_FIELDS, row, strict=True))
    values["kind"], values["tier"] = values["kind"] or values["cause"], values["tier"] or ""
    return Left(**values)


COVER = """
    SELECT t.code, t.name, t.name_zh, count(*) FILTER (WHERE c.late_from IS NULL OR c.late_from >= %(until)s
            OR EXISTS (SELECT 1 FROM plans_entry e WHERE e.customer_id = c.id AND e.state = 'planned'
                       AND e."on" >= %(today)s AND e."on" < %(until)s)),
        count(*)
    FROM customers_customer c JOIN customers_tier t ON t.id = c.tier_id {in_force}
    WHERE c.rm_id = %(staff)s AND c.stage <> 'closed' AND std.every_days IS NOT NULL AND ({inside})
    GROUP BY t.code, t.name, t.name_zh, t.rank ORDER BY t.rank DESC"""


def coverage(*, scope: Scope, staff_id: int, until: dt.date, day: Day) -> tuple[Cover, ...]:
    """By tier, how many key customers of this book will be within their standard on that day, if the plan is kept."""
    values = {
        "until": until, "today": day.today, "staff": staff_id, "books": list(scope.books),
        "branches": list(scope.branches), "customers": list(scope.customers),
    }  # fmt: skip
    with planned() as cursor:
        cursor.execute(COVER.format(inside=scope_sql(scope), in_force=IN_FORCE), values)
        return tuple(Cover(*row) for row in cursor.fetchall())


def _deputies(staff_id: int, time: Time, from_on: dt.date, until_on: dt.date) -> dict[dt.date, str]:
    """Who stands in on the days of absence."""
    if not time.away:
        return {}
    rows = Deputy.objects.filter(principal_id=staff_id, from_on__lt=until_on).exclude(until_on__lte=from_on)
    found: dict[dt.date, str] = {}
    for start, end, name in rows.values_list("from_on", "until_on", "deputy__name"):
        for offset in range((until_on - from_on).days):
            on = from_on + offset * ONE_DAY
            if start <= on and (end is None or on < end):
                found.setdefault(on, name)
    return found


def next_planned(*, customer_id: int) -> Item | None:
    """The next planned contact with a customer the caller may see."""
    rows = Entry.objects.filter(customer_id=customer_id, state="planned").order_by("on", "half")
    row = rows.values_list(*ITEM).first()
    return None if row is None else _item(row)
