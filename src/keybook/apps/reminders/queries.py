"""What the ranking needs to know, read in bulk: who the customers are and why they are on the list."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from keybook import calendars, formats
from keybook.apps.interactions.queries import (
    COUNTED,
    NEVER_TRIED,
    TRIES,
    Tries,
    tried_values,
    tries,
    tries_by_customer,
)
from keybook.apps.people.planned import for_many, of_one, planned
from keybook.apps.people.queries import BankFacts
from keybook.apps.reminders.models import HabitRate
from keybook.apps.standards.queries import EXCEPTED, IN_FORCE
from keybook.core import habits
from keybook.core.habits import USUAL_STRENGTH, Belief, Best, Levels
from keybook.core.periods import Period
from keybook.core.ranking import Reason
from keybook.core.reminding import silence
from keybook.core.workdays import WorkCalendar

Rate = tuple[int, int]  # tried, answered


@dataclass(frozen=True, slots=True)
class Day:
    """The business date with what counting from it needs: the bank's zone, workdays and currency."""

    today: dt.date
    zone: str
    calendar: WorkCalendar
    currency: str
    data_date: dt.date | None = None

    def say(self, date: dt.date) -> str:
        """The date as a sentence in the reader's language says it."""
        return formats.day(date, get_language(), self.today)

    def at(self, moment: dt.datetime) -> dt.date:
        """The bank's calendar day of a moment."""
        return moment.astimezone(ZoneInfo(self.zone)).date()


def day_of(bank: BankFacts, *, on: dt.date | None = None) -> Day:
    """The bank's business date, or another day seen with the same calendar."""
    return Day(
        today=on or bank.business_date, zone=bank.zone, calendar=calendars.workdays(bank.calendar), currency=bank.currency,
        data_date=bank.data_date,
    )  # fmt: skip


def moment(*, on: dt.date | None = None, day: Day) -> dt.datetime:
    """The clock of the bank's zone, now, on that day or on the business date: when a face says something happened."""
    zone = ZoneInfo(day.zone)
    clock = timezone.now().astimezone(zone).time().replace(microsecond=0)
    return dt.datetime.combine(on or day.today, clock, zone)


def when(on: dt.date, time: dt.time | None, day: Day) -> str:
    """A day, and the time on it if one was said, as a sentence says them."""
    if time is None:
        return day.say(on)
    return _("%(date)s at %(time)s") % {"date": day.say(on), "time": f"{time:%H:%M}"}


def time_fact(time: dt.time | None) -> dict[str, str]:
    """The time of a promise as the facts of its reminder hold it."""
    return {} if time is None else {"time": f"{time:%H:%M}"}


@dataclass(frozen=True, slots=True)
class Facts:
    """One customer with open reasons, as the ranking and the opening sentence need them."""

    customer_id: int
    number: str
    name: str
    name_zh: str
    sex: str
    language: str
    kind: str
    currency: str
    aum: Decimal
    last_contact_on: dt.date | None
    rm_id: int | None
    branch_id: int
    tier_code: str
    tier_rank: int
    late_from: dt.date | None
    channels: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    hour_from: int | None = None
    hour_until: int | None = None
    counting: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    tries: Tries = field(default=NEVER_TRIED)


@dataclass(frozen=True, slots=True)
class Rates:
    """How often customers answer by habit and cell: of each tier, and of the bank under ''; and what is lent to them."""

    by_tier: Mapping[str, Mapping[str, Mapping[str, Rate]]]
    strengths: Mapping[str, float] = field(default_factory=dict)
    hours: dict[str, Levels[int]] = field(default_factory=dict)

    def above(self, habit: str, tier_code: str) -> Levels[str]:
        """What lies above a customer of this tier."""
        of = self.by_tier.get(habit, {})
        return Levels(of.get(tier_code, {}), of.get("", {}), self.strengths.get(habit, USUAL_STRENGTH))

    def above_hours(self, tier_code: str) -> Levels[int]:
        """The same of the hours, which are numbers; read once for each tier."""
        if tier_code not in self.hours:
            found = self.above("hour", tier_code)
            tier, bank = ({int(cell): rate for cell, rate in of.items()} for of in (found.tier, found.bank))
            self.hours[tier_code] = Levels(tier, bank, found.strength)
        return self.hours[tier_code]


WHO = f"""
    SELECT c.id, COALESCE(c.number, ''), c.name, c.name_zh, c.sex, c.language, c.kind, c.currency, c.aum,
           c.last_contact_on, c.rm_id, c.branch_id, COALESCE(t.code, ''), COALESCE(t.rank, 0),
           c.late_from, p.channels, p.never, p.hour_from, p.hour_until,
           COALESCE(NULLIF(exc.channels, '{{}}'), std.channels),
           COALESCE(p.no_congratulation, false), o.mourning_from, o.mourning_until
    FROM customers_customer c {IN_FORCE} {EXCEPTED}
    LEFT JOIN customers_tier t ON t.id = c.tier_id
    LEFT JOIN customers_preference p ON p.customer_id = c.id
    LEFT JOIN reminders_observance o ON o.customer_id = c.id
    WHERE c.id = ANY(%(ids)s) AND c.stage <> 'closed'"""
WHY = """
    SELECT customer_id, id, cause, kind, due_on, opens_on, stake, facts::text
    FROM reminders_reminder
    WHERE customer_id = ANY(%s) AND opens_on <= %s AND (state = 'open' OR closed_on > %s)
    ORDER BY id"""


def facts(*, customer_ids: Sequence[int], day: Day, tried: Mapping[int, Tries] | None = None) -> list[Facts]:
    """Read who these customers are and which reasons were open on the day; three statements whatever their number.

    A night that has counted all tries gives them.
    A customer without an open reason is left out. Who mourns, or does not want to be congratulated, has no such reason.
    """
    ids = list(customer_ids)
    with for_many(len(ids)) as cursor:
        cursor.execute(WHY, [ids, day.today, day.today])
        why: dict[int, list[Reason]] = defaultdict(list)
        for customer_id, reminder_id, cause, kind, due_on, opens_on, stake, known in cursor.fetchall():
            why[customer_id].append(Reason(cause, kind, due_on, opens_on, stake, _loads(known), reminder_id))
        if not why:
            return []
        cursor.execute(WHO, {"ids": list(why), "today": day.today})
        who = cursor.fetchall()
    tried = tries(customer_ids=list(why), zone=day.zone) if tried is None else tried
    found = (_facts(row, why[row[0]], tried.get(row[0], NEVER_TRIED), day.today) for row in who)
    return [each for each in found if each.reasons]


def _facts(row: Sequence[Any], why: Sequence[Reason], tried: Tries, today: dt.date) -> Facts:
    """Put one customer's row, reasons and tries together."""
    *plain, channels, never, hour_from, hour_until, counting, no_congratulation, mourning_from, mourning_until = row
    mourning = Period(mourning_from, mourning_until) if mourning_from else None
    reasons = tuple(
        each
        for each in why
        if each.cause != "occasion"
        or not silence(kind=each.kind, no_congratulation=no_congratulation, mourning=mourning, today=today)
    )
    counted = tuple(counting or ()) if any(each.cause == "standard" for each in reasons) else ()
    rest = (tuple(channels or ()), tuple(never or ()), hour_from, hour_until, counted, reasons, tried)
    return Facts(*[*plain, *rest])


def _loads(text: str) -> dict[str, Any]:
    """Read the facts of a reminder."""
    found: dict[str, Any] = json.loads(text)
    return found


def rates() -> Rates:
    """The answer rates the last nightly run has stored, in one statement."""
    return _rates(HabitRate.objects.values_list("habit", "tier_code", "cell", "tried", "answered", "strength"))


# The customers' own tries, and what the bank knows of others.
AMONG = f"""
    SELECT customer_id, channel, '' AS tier_code, hour::text AS cell, tried, answered, NULL::float AS strength
    FROM ({TRIES}) own
    UNION ALL SELECT NULL, habit, tier_code, cell, tried, answered, strength FROM reminders_habitrate"""


def tries_among(*, customer_ids: Sequence[int], zone: str) -> tuple[dict[int, Tries], Rates]:
    """The tries of these customers by hour and channel, and the answer rates above them, in one statement."""
    own, above = [], []
    with for_many(len(customer_ids)) as cursor:
        cursor.execute(AMONG, {**tried_values(zone), "ids": list(customer_ids)})
        for customer_id, name, tier_code, cell, tried, answered, strength in cursor.fetchall():
            if customer_id is None:
                above.append((name, tier_code, cell, tried, answered, strength))
            else:
                own.append((customer_id, name, int(cell), tried, answered))
    return tries_by_customer(own), _rates(above)


def _rates(rows: Iterable[tuple[Any, ...]]) -> Rates:
    found: dict[str, dict[str, dict[str, Rate]]] = defaultdict(lambda: defaultdict(dict))
    strengths = {}
    for habit, tier_code, cell, tried, answered, strength in rows:
        if strength is not None:
            strengths[habit] = strength
        else:
            found[habit][tier_code][cell] = (tried, answered)
    return Rates(by_tier=found, strengths=strengths)


@dataclass(frozen=True, slots=True)
class Habits:
    """By which channel, at which hour and half-day, after what pause a customer answers, each with its evidence."""

    channel: Best[str] | None
    hour: Best[int]
    half: Best[str]
    gap: Best[str]
    too_soon: bool
    days: int | None
    gaps: tuple[tuple[str, Belief], ...]


# Who it is, what the bank knows of others, and the customer's own tries: three short reads in one.
HABITS_OF = of_one(
    f"""
    SELECT 'who' AS what, '' AS habit, COALESCE(t.code, '') AS tier_code,
        json_build_array(p.channels, p.never, p.hour_from, p.hour_until, c.last_contact_on)::text AS cell,
        0 AS tried, 0 AS answered, NULL::float AS strength
    FROM customers_customer c LEFT JOIN customers_tier t ON t.id = c.tier_id
    LEFT JOIN customers_preference p ON p.customer_id = c.id WHERE c.id = ANY(%(ids)s)
    UNION ALL SELECT 'rate', habit, tier_code, cell, tried, answered, strength FROM reminders_habitrate
    UNION ALL SELECT 'own', habit, '', cell, tried, answered, NULL FROM ({COUNTED}) own"""
)


def habits_of(*, customer_id: int, day: Day) -> Habits:
    """The habits of a customer already found inside the scope, in one statement."""
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    with planned() as cursor:
        cursor.execute(HABITS_OF, {**tried_values(day.zone), "id": customer_id})
        for what, *row in cursor.fetchall():
            rows[what].append(tuple(row))
    _habit, tier, who, *_rest = rows["who"][0]
    said: Any = _loads(who)
    channels, never, hour_from, hour_until, last = said
    last_on = dt.date.fromisoformat(last) if last else None
    own: dict[str, dict[str, Rate]] = defaultdict(dict)
    for habit, _tier, cell, tried, answered, _strength in rows["own"]:
        own[habit][cell] = (tried, answered)
    among = _rates(rows["rate"])
    of_gap, gaps = own["gap"], among.above("gap", tier)
    days = (day.today - last_on).days if last_on else None
    return Habits(
        channel=habits.best_channel(
            own=own["channel"], above=among.above("channel", tier), stated=channels or (), never=never or ()
        ),
        hour=habits.best_hour(
            own={int(cell): rate for cell, rate in own["hour"].items()}, above=among.above_hours(tier),
            stated=asked_hours(hour_from, hour_until),
        ),
        half=habits.best_half(own=own["half"], above=among.above("half", tier)),
        gap=habits.best_gap(own=of_gap, above=gaps),
        too_soon=days is not None and habits.is_overdone(own=of_gap, above=gaps, days=days),
        days=days,
        gaps=tuple(habits.beliefs(own=of_gap, above=gaps, cells=tuple(habits.GAPS)).items()),
    )  # fmt: skip


def asked_hours(hour_from: int | None, hour_until: int | None) -> tuple[int, int] | None:
    """The hours a customer asked for, [from, until); one hour where they said no end."""
    return None if hour_from is None else (hour_from, hour_until or hour_from + 1)
