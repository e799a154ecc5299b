"""Decide the next best contact and store it for the business date; the same by night and by day."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.db import connection, transaction

from keybook.apps.interactions.commands import Contact
from keybook.apps.interactions.models import Interaction
from keybook.apps.interactions.queries import Tries
from keybook.apps.people.beside import read_ahead
from keybook.apps.people.planned import planned
from keybook.apps.proposals.queries.facts import (
    COMING,
    IDLE_FROM,
    LIQUID,
    NEAR,
    PROFILE,
    Subject,
    choice_of,
    now_of,
    subjects,
)
from keybook.apps.reminders.queries import Day
from keybook.apps.standards.queries import IN_FORCE
from keybook.core.gate import DEFAULT
from keybook.core.habits import Belief
from keybook.core.nextbest.allowed import left_alone
from keybook.core.nextbest.choosing import Choice
from keybook.core.nextbest.facts import RULE_VERSION

BATCH = 5_000
COLUMNS = (
    "customer_id", "date", "kind", "theme", "channel", "hour", "due_on", "reminder_id", "value", "share", "chance",
    "urgency", "worth", "currency", "factors", "facts", "rule_version",
)  # fmt: skip
_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
_NEW = ", ".join(f'EXCLUDED."{name}"' for name in COLUMNS[1:])
_OLD = ", ".join(f'proposals_proposal."{name}"' for name in COLUMNS[1:])
_SET = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in COLUMNS[1:])
_CONFLICT = f"ON CONFLICT (customer_id) DO UPDATE SET {_SET} WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})"
# By day one row, for which a table of its own would cost more than the deciding.
UPSERT_ONE = f"INSERT INTO proposals_proposal ({_NAMES}) VALUES ({', '.join(['%s'] * len(COLUMNS))}) {_CONFLICT}"
UPSERT_ALL = f"INSERT INTO proposals_proposal ({_NAMES}) SELECT {_NAMES} FROM decided {_CONFLICT}"
# Whoever has a reason open, or gives cause by what they hold; nobody else is looked at.
WHOM = f"""
    SELECT customer_id AS id FROM reminders_reminder WHERE state = 'open' AND opens_on <= %(today)s
    UNION SELECT c.id FROM customers_customer c LEFT JOIN customers_tier t ON t.id = c.tier_id {IN_FORCE}
    LEFT JOIN customers_tier n ON n.rank = t.rank + 1
    WHERE c.stage = 'customer' AND std.every_days IS NOT NULL AND (c.risk_until <= %(profile)s
        OR c.aum >= n.enter_at * %(near)s AND c.aum < n.enter_at
        OR EXISTS (SELECT 1 FROM customers_holding h WHERE h.customer_id = c.id AND h.matures_on > %(today)s
            AND h.matures_on <= %(coming)s AND h.balance > 0)
        OR GREATEST(%(idle)s, c.aum / 2) <= (SELECT sum(balance) FROM customers_holding h
            WHERE h.customer_id = c.id AND kind IN {LIQUID} AND matures_on IS NULL))
    ORDER BY 1"""


# What is asked before the whole decision: the gate's days, what is open, and whether anything is proposed.
OPEN = """
    SELECT COALESCE((SELECT lately_days FROM gate_ruleset WHERE from_on <= %(today)s ORDER BY from_on DESC LIMIT 1), %(usual)s),
        ARRAY(SELECT kind FROM reminders_reminder
            WHERE customer_id = %(customer)s AND state = 'open' AND opens_on <= %(today)s ORDER BY id),
        ARRAY(SELECT due_on FROM reminders_reminder
            WHERE customer_id = %(customer)s AND state = 'open' AND opens_on <= %(today)s ORDER BY id),
        EXISTS (SELECT 1 FROM proposals_proposal WHERE customer_id = %(customer)s)"""


@transaction.atomic(savepoint=False)
def follow_contact(*, customer_id: int, contact: Contact, day: Day) -> None:
    """Bring the proposal up to date after a contact: decided at once where, having spoken, all of it waits."""
    if contact.spoke and _is_left_alone(customer_id, contact, day):
        return
    propose(customer_ids=[customer_id], day=day)


def follow_correction(*, interaction_id: int, day: Day) -> None:
    """Bring the proposal up to date for whose contact was corrected: it was another one, or none."""
    found = Interaction.objects.filter(pk=interaction_id).values_list("customer_id", flat=True)
    propose(customer_ids=list(found), day=day)


def _is_left_alone(customer_id: int, contact: Contact, day: Day) -> bool:
    """Whether nothing may be proposed after this contact; what was proposed is gone then."""
    with planned() as cursor:
        cursor.execute(OPEN, {"customer": customer_id, "today": day.today, "usual": DEFAULT.lately_days})
        [(lately, kinds, due, proposed)] = cursor.fetchall()
        alone = left_alone(
            days=(day.today - day.at(contact.at)).days, reasons=list(zip(kinds, due, strict=True)), on=day.today,
            lately_days=lately,
        )  # fmt: skip
        if alone and proposed:
            cursor.execute("DELETE FROM proposals_proposal WHERE customer_id = %s", [customer_id])
    return alone


@transaction.atomic(savepoint=False)
def propose(*, customer_ids: Sequence[int], day: Day) -> int:
    """Decide for these few customers anew and store it; of whom nothing is proposed, nothing stays."""
    rows = _decide(customer_ids, day)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM proposals_proposal WHERE customer_id = ANY(%s) AND customer_id <> ALL(%s)",
            [list(customer_ids), [row[0] for row in rows]],
        )
        for row in rows:
            cursor.execute(UPSERT_ONE, row)
    return len(rows)


@transaction.atomic
def propose_all(*, day: Day, readers: int = 0) -> Mapping[str, int]:
    """Decide for everybody with cause, in batches; idempotent: what comes out the same is not touched.

    With `readers` the next batches are read and decided beside this transaction, from what is committed.
    """
    from keybook.apps.interactions.whole import all_tried, tries_of  # numpy is for nights

    values: dict[str, Any] = {
        "today": day.today, "profile": day.today + PROFILE, "coming": day.today + COMING, "idle": IDLE_FROM, "near": NEAR,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(WHOM, values)
        ids = [row[0] for row in cursor.fetchall()]
        _open(cursor)
        tried = tries_of(tried=all_tried(zone=day.zone, since=day.today), customer_ids=ids)
        batches, found = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)], 0
        for rows in read_ahead(batches=batches, read=partial(_decide, day=day, tried=tried), readers=readers):
            _copy(cursor, rows)
            found += len(rows)
        cursor.execute(UPSERT_ALL)
        cursor.execute(
            "DELETE FROM proposals_proposal p WHERE NOT EXISTS "
            "(SELECT 1 FROM decided d WHERE d.customer_id = p.customer_id)"
        )
        cursor.execute("DROP TABLE decided")
    return {"proposed": found, "looked at": len(ids)}


def _open(cursor: Any) -> None:
    cursor.execute("CREATE TEMP TABLE decided (LIKE proposals_proposal) ON COMMIT DROP")
    cursor.execute("ALTER TABLE decided ALTER COLUMN id DROP NOT NULL")


def _decide(ids: Sequence[int], day: Day, tried: Mapping[int, Tries] | None = None) -> list[tuple[Any, ...]]:
    """The rows to store of these customers."""
    now = now_of(day)
    decided = (
        _row(subject, choice_of(subject=subject, now=now), day)
        for subject in subjects(customer_ids=ids, day=day, now=now, tried=tried)
    )
    return [row for row in decided if row]


def _copy(cursor: Any, rows: Sequence[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY decided ({_NAMES}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _row(subject: Subject, choice: Choice, day: Day) -> tuple[Any, ...] | None:
    """The stored columns of a decision, in the order of COLUMNS; none when nothing is proposed."""
    best = choice.best
    if best is None or best.score is None:
        return None
    of, score = best.candidate, best.score
    return (
        subject.id, day.today, of.kind, of.theme, best.channel, subject.hour, of.due_on, of.reminder_id, score.value,
        score.share, round(score.chance, 6), round(score.urgency, 6), score.worth, subject.currency,
        json.dumps({"answer": _belief(score.answer), "taken": _belief(score.taken)}),
        json.dumps(dict(of.facts), ensure_ascii=False), RULE_VERSION,
    )  # fmt: skip


def _belief(belief: Belief) -> list[float]:
    return [belief.tried, belief.answered, round(belief.lent, 6), round(belief.strength, 4)]
