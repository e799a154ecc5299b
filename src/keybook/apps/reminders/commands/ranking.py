"""Ranking the customers with open reasons and storing the lines of Today."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from keybook.apps.customers.models import Customer
from keybook.apps.interactions.queries import Tries
from keybook.apps.people.beside import read_ahead
from keybook.apps.people.planned import planned
from keybook.apps.reminders.models import HabitRate
from keybook.apps.reminders.queries import Day, Facts, Rates, asked_hours, facts, rates
from keybook.core import habits, openings
from keybook.core.ranking import Ranked, Standing, rank

if TYPE_CHECKING:
    from keybook.apps.interactions.whole import Tried

Progress = Callable[[int, int], None]
BATCH = 5_000
HOURS = range(9, 18)
LEARNED_FROM = dt.timedelta(days=730)
COLUMNS = (
    "customer_id", "rm_id", "branch_id", "date", "group", "priority", "due_on", "workdays_late", "stake", "currency",
    "parts", "reasons", "channel", "hour", "hours", "opening", "rule_version",
)  # fmt: skip
_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
_NEW = ", ".join(f'EXCLUDED."{name}"' for name in COLUMNS[1:])
_OLD = ", ".join(f'reminders_line."{name}"' for name in COLUMNS[1:])
_SET = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in COLUMNS[1:])
_CONFLICT = f"ON CONFLICT (customer_id) DO UPDATE SET {_SET} WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})"
UPSERT_ONE = f"INSERT INTO reminders_line ({_NAMES}) VALUES ({', '.join(['%s'] * len(COLUMNS))}) {_CONFLICT}"
UPSERT_ALL = f"INSERT INTO reminders_line ({_NAMES}) SELECT {_NAMES} FROM ranked {_CONFLICT}"


@dataclass(frozen=True, slots=True)
class Ready:
    """A line ready to be stored or shown: the facts it was made from and what the core decided."""

    facts: Facts
    ranked: Ranked
    channel: str
    hour: int | None
    hours: tuple[tuple[int, int], ...]
    opening: str


def ready(*, known: Facts, day: Day, among: Rates) -> Ready:
    """Decide one line: rank, channel, hour and opening sentence, all by the core."""
    standing = Standing(
        tier_rank=known.tier_rank, tier_key=known.tier_code, aum=known.aum, last_contact_on=known.last_contact_on,
        late_from=known.late_from,
    )  # fmt: skip
    ranked = rank(reasons=known.reasons, standing=standing, today=day.today, calendar=day.calendar)
    hour = best_hour(known, among)
    name = known.name_zh or known.name if known.language.lower().startswith("zh") else known.name
    opening = openings.say(
        reasons=[each.reason for each in ranked.reasons], name=name, language=known.language, sex=known.sex,
        today=day.today, currency=known.currency,
    )  # fmt: skip
    own = tuple(known.tries.hours.get(each, (0, 0)) for each in HOURS)
    return Ready(known, ranked, best_channel(known, among), hour, own, opening)


@transaction.atomic(savepoint=False)
def refresh_lines(*, customer_ids: Sequence[int], day: Day) -> int:
    """Rank these customers anew; a line without an open reason goes. Gives the number of lines that remain.

    What people did to a line (later, handed over, tried) stays.
    """
    found = facts(customer_ids=customer_ids, day=day)
    among = rates() if found else Rates(by_tier={})
    lines = [ready(known=known, day=day, among=among) for known in found]
    with connection.cursor() as cursor:
        kept = [line.facts.customer_id for line in lines]
        cursor.execute(
            "DELETE FROM reminders_line WHERE customer_id = ANY(%s) AND customer_id <> ALL(%s)",
            [list(customer_ids), kept],
        )
        for line in lines:
            cursor.execute(UPSERT_ONE, values_of(line, day))
    return len(lines)


def drop_line(*, customer_id: int) -> None:
    """Take a customer without an open reason off the list."""
    with planned() as cursor:
        cursor.execute("DELETE FROM reminders_line WHERE customer_id = %s", [customer_id])


@transaction.atomic
def rank_all(*, day: Day, progress: Progress | None = None, readers: int = 0) -> int:
    """Count the answer rates and rank every customer with an open reason, in batches; give the number of lines.

    Idempotent: lines that come out the same are not touched. Lines without an open reason go. With `readers` the next
    batches are read and decided beside this transaction, from what is committed.
    """
    from keybook.apps.interactions.whole import tries_of  # numpy is for nights

    tried = _count_rates(day)
    among = rates()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT customer_id FROM reminders_reminder WHERE state = 'open' AND opens_on <= %s ORDER BY 1",
            [day.today],
        )
        ids = [row[0] for row in cursor.fetchall()]
        own = tries_of(tried=tried, customer_ids=ids)
        cursor.execute("CREATE TEMP TABLE ranked (LIKE reminders_line) ON COMMIT DROP")
        cursor.execute("ALTER TABLE ranked ALTER COLUMN id DROP NOT NULL")
        batches, done = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)], 0
        read = partial(_ready_all, day=day, among=among, own=own)
        for lines in read_ahead(batches=batches, read=read, readers=readers):
            _copy(cursor, lines, day)
            done = min(done + BATCH, len(ids))
            if progress:
                progress(done, len(ids))
        cursor.execute(UPSERT_ALL)
        cursor.execute(
            "DELETE FROM reminders_line l WHERE NOT EXISTS (SELECT 1 FROM ranked r WHERE r.customer_id = l.customer_id)"
        )
        cursor.execute("SELECT count(*) FROM ranked")
        kept: int = cursor.fetchone()[0]
        cursor.execute("DROP TABLE ranked")
    return kept


def _ready_all(ids: Sequence[int], day: Day, among: Rates, own: Mapping[int, Tries]) -> list[Ready]:
    """Decide the lines of one batch, whole before any is copied: both use the same connection."""
    return [ready(known=known, day=day, among=among) for known in facts(customer_ids=ids, day=day, tried=own)]


def _copy(cursor: Any, lines: Sequence[Ready], day: Day) -> None:
    """Stream decided lines into the temporary table."""
    with cursor.copy(f"COPY ranked ({_NAMES}) FROM STDIN") as copy:
        for line in lines:
            copy.write_row(values_of(line, day))


def _count_rates(day: Day) -> Tried:
    """Store how often each tier, and the whole bank, answers, and how strongly a customer's own rate is shrunk.

    From the tries of the last two years: habits change. Gives all tries.
    """
    from keybook.apps.interactions.whole import CELLS, all_tried, shares

    tried = all_tried(zone=day.zone, since=day.today - LEARNED_FROM)
    tiers = dict(Customer.objects.filter(tier__isnull=False).values_list("pk", "tier__code"))
    rows = []
    for habit in CELLS:
        found = shares(tried=tried, tiers=tiers, habit=habit)
        rows += [
            HabitRate(habit=habit, tier_code=code, cell=cell, tried=times, answered=answered)
            for code, of in {"": found.bank, **found.tiers}.items()
            for cell, (times, answered) in of.items()
        ]
        if found.tries:
            strength = habits.strength(tries=found.tries, squares=found.squares, spread=found.spread)
            rows.append(HabitRate(habit=habit, tried=found.tries, answered=found.answers, strength=strength))
    HabitRate.objects.all().delete()
    HabitRate.objects.bulk_create(rows)
    return tried


def values_of(line: Ready, day: Day) -> tuple[Any, ...]:
    """The stored columns of a decided line, in the order of COLUMNS."""
    ranked, known = line.ranked, line.facts
    return (
        known.customer_id, known.rm_id, known.branch_id, day.today, ranked.group, ranked.priority, ranked.due_on,
        ranked.workdays_late, ranked.stake, known.currency, json.dumps([list(part) for part in ranked.parts]),
        reasons_json(ranked), line.channel, line.hour, json.dumps(line.hours), line.opening, ranked.rule_version,
    )  # fmt: skip


def reasons_json(ranked: Ranked) -> str:
    """What the core said of each reason, most first, as it is stored and shown."""
    return json.dumps(
        [
            {
                "id": each.reason.reminder_id, "cause": each.reason.cause, "kind": each.reason.kind,
                "due_on": each.reason.due_on.isoformat(), "stake": str(each.reason.stake), "points": each.points,
                "late": each.late, "facts": each.reason.facts,
            }
            for each in ranked.reasons
        ],
        ensure_ascii=False,
    )  # fmt: skip


def best_hour(known: Facts, among: Rates) -> int | None:
    """The hour to try, by what the customer said or answered; none when there are too few tries to tell."""
    best = habits.best_hour(
        own=known.tries.hours, above=among.above_hours(known.tier_code),
        stated=asked_hours(known.hour_from, known.hour_until),
    )  # fmt: skip
    return best.cell if best.enough else None


def best_channel(known: Facts, among: Rates) -> str:
    """The channel to use; where all that a banker could begin are refused, they come to the branch."""
    best = habits.best_channel(
        own=known.tries.channels, above=among.above("channel", known.tier_code), stated=known.channels,
        never=known.never, counting=known.counting,
    )  # fmt: skip
    return best.cell if best else "branch"
