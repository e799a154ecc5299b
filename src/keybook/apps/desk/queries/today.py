"""Today: the ranked list of whom to contact, read from the stored lines or, for another day, ranked live."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from keybook.apps.customers.queries import visible_to
from keybook.apps.interactions.queries import knows
from keybook.apps.people.models import Role, Staff
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands.ranking import Ready, ready
from keybook.apps.reminders.models import Reminder
from keybook.apps.reminders.queries import Day, facts, rates
from keybook.core.occasions import age
from keybook.core.ranking import order_key

FIRST = 25
MOST = 200
GROUPS = ("a_late", "b_due", "b_today", "c_later")


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause on a line, with the points it added."""

    id: int | None
    cause: str
    kind: str
    due_on: dt.date
    stake: Decimal
    points: int
    late: bool
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One customer on the list: who, why, how much by when, how; `print` is the fingerprint of all of it."""

    customer_id: int
    number: str
    name: str
    name_zh: str
    kind: str
    stage: str
    tier: str
    tier_name: str
    tier_name_zh: str
    born_on: dt.date | None
    occupation: str
    last_contact_on: dt.date | None
    aum: Decimal
    phone: str
    language: str
    currency: str
    group: str
    priority: int
    due_on: dt.date
    workdays_late: int
    stake: Decimal
    parts: Sequence[tuple[str, int]]
    reasons: Sequence[Reason]
    channel: str
    hour: int | None
    hours: Sequence[tuple[int, int]]
    opening: str
    tried_at: dt.datetime | None
    handed_to_id: int | None
    snoozed_until: dt.date | None
    rm_id: int | None
    rm_name: str
    rm_name_zh: str
    rule_version: str
    deputies: Sequence[tuple[int, str, str]] = ()
    rank: int = 0
    print: bytes = b""

    def age(self, today: dt.date) -> int | None:
        """Whole years, of a person whose birthday is known."""
        if self.born_on is None or self.kind != "person" or self.born_on > today:
            return None
        return age(born_on=self.born_on, today=today)

    @property
    def tried(self) -> int:
        """How often the customer was tried, at any hour."""
        return sum(tried for tried, _answered in self.hours)

    @property
    def answered(self) -> int:
        """How often they answered."""
        return sum(answered for _tried, answered in self.hours)


@dataclass(frozen=True, slots=True)
class Count:
    """How many customers a part of the list holds, and the money at stake among them."""

    customers: int = 0
    stake: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Today:
    """One page of somebody's list for one day."""

    date: dt.date
    lines: tuple[Row, ...]
    counts: Mapping[str, Count]
    offset: int = 0

    @property
    def total(self) -> int:
        """All customers on the list, shown here or not."""
        return sum(count.customers for count in self.counts.values())

    @property
    def late(self) -> int:
        """How many of them are late."""
        return self.counts["a_late"].customers

    @property
    def stake(self) -> Decimal:
        """All the money at stake."""
        return sum((count.stake for count in self.counts.values()), Decimal(0))

    @property
    def more(self) -> int:
        """How many follow after this page."""
        return max(0, self.total - self.offset - len(self.lines))


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose list is asked for: my own (nothing set), one RM's, or that of everyone in my scope."""

    rm_id: int | None = None
    everyone: bool = False


MINE = Whose()

LINES = """
    WITH top AS (
        SELECT l.* FROM reminders_line l WHERE {where} {only}
        ORDER BY l."group", l.priority DESC, l.due_on, l.stake DESC, l.customer_id LIMIT %(limit)s OFFSET %(offset)s
    )
    SELECT c.id, COALESCE(c.number, ''), c.name, c.name_zh, c.kind, c.stage, COALESCE(t.code, ''),
           COALESCE(t.name, ''), COALESCE(t.name_zh, ''), c.born_on, c.occupation, c.last_contact_on, c.aum, c.phone,
           c.language, l.currency, l."group", l.priority, l.due_on, l.workdays_late, l.stake, l.parts, l.reasons,
           l.channel, l.hour, l.hours, l.opening, l.tried_at, l.handed_to_id, l.snoozed_until, l.rm_id,
           COALESCE(s.name, ''), COALESCE(s.name_zh, ''), l.rule_version,
           (SELECT json_agg(json_build_array(d.deputy_id, n.name, n.name_zh) ORDER BY n.name)
            FROM people_deputy d JOIN people_staff n ON n.id = d.deputy_id AND n.is_active
            WHERE d.principal_id = l.rm_id AND d.from_on <= %(today)s
              AND (d.until_on IS NULL OR d.until_on > %(today)s))
    FROM top l
    JOIN customers_customer c ON c.id = l.customer_id
    LEFT JOIN customers_tier t ON t.id = c.tier_id
    LEFT JOIN people_staff s ON s.id = l.rm_id
    ORDER BY l."group", l.priority DESC, l.due_on, l.stake DESC, l.customer_id"""
COUNTS = """SELECT l."group", count(*), COALESCE(sum(l.stake), 0) FROM reminders_line l WHERE {where} GROUP BY 1"""
INSIDE = """(%(everything)s OR l.rm_id = ANY(%(books)s) OR l.branch_id = ANY(%(branches)s)
             OR l.customer_id = ANY(%(customers)s) OR l.handed_to_id = %(me)s)"""
AWAKE = "(l.snoozed_until IS NULL OR l.snoozed_until <= %(today)s)"


def whose_list(*, scope: Scope, whose: Whose) -> Whose:
    """What a reader sees when they ask for nothing in particular: an RM their own list, all others their scope's."""
    if whose == MINE and scope.role != Role.RM:
        return Whose(everyone=True)
    return whose


def today(*, scope: Scope, day: Day, whose: Whose = MINE, offset: int = 0, limit: int = FIRST) -> Today:
    """Read a page of the stored list, and its counts, in two statements whatever the number of lines."""
    where, values = _where(scope, whose_list(scope=scope, whose=whose), day)
    values |= {"limit": min(limit, MOST), "offset": offset}
    with planned() as cursor:
        cursor.execute(LINES.format(where=where, only=""), values)
        rows = tuple(_row(row, offset + place) for place, row in enumerate(cursor.fetchall(), start=1))
        cursor.execute(COUNTS.format(where=where), values)
        counts = {group: Count(customers, stake) for group, customers, stake in cursor.fetchall()}
    return Today(day.today, rows, {group: counts.get(group, Count()) for group in GROUPS}, offset)


def line_of(*, scope: Scope, customer_id: int, day: Day, at: int = 0) -> Row | None:
    """Read one line of the scope, snoozed or not, to be shown in place `at`; None when there is none to see."""
    where, values = _where(scope, Whose(everyone=True), day, asleep_too=True)
    values |= {"limit": 1, "offset": 0, "customer": customer_id}
    with planned() as cursor:
        cursor.execute(LINES.format(where=where, only="AND l.customer_id = %(customer)s"), values)
        row = cursor.fetchone()
    return _row(row, at) if row else None


def walk(*, scope: Scope, day: Day, whose: Whose = MINE) -> list[int]:
    """The customers of the whole list in its order, for walking from one to the next."""
    where, values = _where(scope, whose_list(scope=scope, whose=whose), day)
    sql = f"""SELECT l.customer_id FROM reminders_line l WHERE {where}
              ORDER BY l."group", l.priority DESC, l.due_on, l.stake DESC, l.customer_id LIMIT 1000"""
    with planned() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def _where(scope: Scope, whose: Whose, day: Day, *, asleep_too: bool = False) -> tuple[str, dict[str, Any]]:
    """The condition that picks the lines, always inside the scope, and its values."""
    values: dict[str, Any] = {
        "everything": scope.everything, "books": list(scope.books), "branches": list(scope.branches),
        "customers": list(scope.customers), "me": scope.staff_id, "today": day.today, "rm": whose.rm_id,
    }  # fmt: skip
    if whose.everyone:
        picked = "TRUE" if scope.everything else INSIDE
    elif whose.rm_id is not None and whose.rm_id != scope.staff_id:
        picked = f"l.rm_id = %(rm)s AND {INSIDE}"
    else:
        picked = "((l.rm_id = %(me)s AND l.handed_to_id IS NULL) OR l.handed_to_id = %(me)s)"
    return picked if asleep_too else f"{picked} AND {AWAKE}", values


def _row(row: Sequence[Any], rank: int) -> Row:
    """One line of the database as the page needs it."""
    values = list(row)
    values[21] = [(code, points) for code, points in _json(row[21])]
    values[22] = [_reason(each) for each in _json(row[22])]
    values[25] = [(tried, answered) for tried, answered in _json(row[25])]
    values[34] = [(deputy, name, name_zh) for deputy, name, name_zh in _json(row[34]) or ()]
    return Row(*[*values, rank, blake2b(repr(row).encode(), digest_size=20).digest()])


def _json(value: Any) -> Any:
    """A JSON column as Django's cursor gives it: text."""
    import json

    return json.loads(value) if isinstance(value, str) else value


def _reason(stored: Mapping[str, Any]) -> Reason:
    """One stored cause as a value."""
    return Reason(
        id=stored["id"], cause=stored["cause"], kind=stored["kind"], due_on=dt.date.fromisoformat(stored["due_on"]),
        stake=Decimal(stored["stake"]), points=stored["points"], late=stored["late"], facts=stored["facts"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Banker:
    """Whose list can be asked for, and how many customers stand on it."""

    id: int
    name: str
    name_zh: str
    customers: int


@dataclass(frozen=True, slots=True)
class Subject:
    """The customer a form is about."""

    id: int
    name: str
    name_zh: str
    tier: str
    phone: str


def bankers(*, scope: Scope, day: Day) -> tuple[Banker, ...]:
    """Whose lists this reader can ask for: none for an RM who stands in for nobody."""
    if scope.role == Role.RM and len(scope.books) < 2:  # noqa: PLR2004 - only their own
        return ()
    where, values = _where(scope, Whose(everyone=True), day)
    sql = f"""SELECT s.id, s.name, s.name_zh, count(*) FROM reminders_line l JOIN people_staff s ON s.id = l.rm_id
              WHERE {where} GROUP BY s.id, s.name, s.name_zh ORDER BY s.name"""
    with planned() as cursor:
        cursor.execute(sql, values)
        return tuple(Banker(*row) for row in cursor.fetchall())


def sums(*, scope: Scope, day: Day, whose: Whose = MINE) -> Today:
    """The counts and stakes of the list alone."""
    where, values = _where(scope, whose_list(scope=scope, whose=whose), day)
    with planned() as cursor:
        cursor.execute(COUNTS.format(where=where), values)
        counts = {group: Count(customers, stake) for group, customers, stake in cursor.fetchall()}
    return Today(day.today, (), {group: counts.get(group, Count()) for group in GROUPS})


def subject(*, scope: Scope, customer_id: int) -> Subject | None:
    """The customer, if the scope shows them."""
    row = visible_to(scope).filter(pk=customer_id).values_list("id", "name", "name_zh", "tier__code", "phone").first()
    return Subject(*row[:3], row[3] or "", row[4]) if row else None


def contact(*, scope: Scope, customer_id: int, interaction_id: int) -> dict[str, Any] | None:
    """A contact of this customer as it was logged, as far as the reader may know of it."""
    row: Any = (
        knows(scope=scope)
        .filter(pk=interaction_id, customer_id=customer_id)
        .values(
            "id",
            "at",
            "channel",
            "outcome",
            "topic",
            "content",
            "effect",
            "next_step",
            "next_on",
            "next_time",
            "superseded",
        )
        .first()
    )
    found: dict[str, Any] | None = row
    return found


class NoSuchBankerError(ValueError):
    """No member of staff has this code."""


def ranked(*, rm_code: str, date: dt.date | None = None) -> dict[str, Any]:
    """One RM's list as a document of plain values, for the command line and the API.

    For the business date it is the stored list; for any other date it is ranked live, by the same core function, from
    the reminders that were open on that day.
    """
    from keybook.apps.people.queries import bank
    from keybook.apps.reminders.queries import day_of

    staff = Staff.objects.filter(code__iexact=rm_code).first()
    if staff is None:
        raise NoSuchBankerError(f"Nobody here has the code {rm_code}.")
    day = day_of(bank(), on=date)
    stored = date is None or date == bank().business_date
    scope = Scope(staff_id=staff.pk, role=Role.RM.value, everything=True, books=(staff.pk,))
    rows = list(today(scope=scope, day=day, limit=MOST).lines) if stored else live(rm_id=staff.pk, day=day)
    return document(rm=staff.code, day=day, rows=rows)


def live(*, rm_id: int, day: Day) -> list[Row]:
    """Rank one RM's customers for any day from the reminders that were open on it."""
    ids = list(
        Reminder.objects.filter(customer__rm_id=rm_id, opens_on__lte=day.today)
        .values_list("customer_id", flat=True)
        .distinct()
    )
    among = rates()
    lines = [ready(known=known, day=day, among=among) for known in facts(customer_ids=ids, day=day)]
    lines.sort(key=lambda line: order_key(ranked=line.ranked, customer_id=line.facts.customer_id))
    return [_live_row(line, place) for place, line in enumerate(lines, start=1)]


def _live_row(line: Ready, rank: int) -> Row:
    """A line that is not stored, as the page needs it."""
    known, ranked = line.facts, line.ranked
    return Row(
        customer_id=known.customer_id, number=known.number, name=known.name, name_zh=known.name_zh, kind=known.kind,
        stage="", tier=known.tier_code, tier_name="", tier_name_zh="", born_on=None, occupation="",
        last_contact_on=known.last_contact_on, aum=known.aum, phone="", language=known.language,
        currency=known.currency, group=ranked.group, priority=ranked.priority, due_on=ranked.due_on,
        workdays_late=ranked.workdays_late, stake=ranked.stake, parts=[(part.label_code, part.points) for part in ranked.parts],
        reasons=[
            Reason(
                id=each.reason.reminder_id, cause=each.reason.cause, kind=each.reason.kind, due_on=each.reason.due_on,
                stake=each.reason.stake, points=each.points, late=each.late, facts=each.reason.facts,
            )
            for each in ranked.reasons
        ],
        channel=line.channel, hour=line.hour, hours=line.hours, opening=line.opening, tried_at=None,
        handed_to_id=None, snoozed_until=None, rm_id=known.rm_id, rm_name="", rm_name_zh="", rule_version=ranked.rule_version,
        rank=rank,
    )  # fmt: skip


def document(*, rm: str, day: Day, rows: Sequence[Row]) -> dict[str, Any]:
    """The list as plain values: amounts as decimal text, dates as ISO 8601."""
    return {
        "rm": rm,
        "date": day.today.isoformat(),
        "data_date": day.data_date.isoformat() if day.data_date else None,
        "lines": [line_document(row) for row in rows],
    }


def line_document(row: Row) -> dict[str, Any]:
    """One line as plain values, with its parts and reasons."""
    return {
        "rank": row.rank, "customer": {"id": row.customer_id, "number": row.number, "name": row.name, "name_zh": row.name_zh},
        "group": row.group, "priority": row.priority, "parts": [list(part) for part in row.parts],
        "due_on": row.due_on.isoformat(), "workdays_late": row.workdays_late, "stake": str(row.stake),
        "currency": row.currency, "channel": row.channel, "hour": row.hour, "opening": row.opening,
        "rule_version": row.rule_version,
        "reasons": [
            {
                "id": each.id, "cause": each.cause, "kind": each.kind, "due_on": each.due_on.isoformat(), "stake": str(each.stake),
                "points": each.points, "late": each.late, "facts": dict(each.facts),
            }
            for each in row.reasons
        ],
    }  # fmt: skip
