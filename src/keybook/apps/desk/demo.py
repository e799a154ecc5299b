"""Load the simulator's history of contacts into the register, so that the demo bank has a past."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from keybook.apps.people.queries import bank
from keybook.apps.proposals.commands import propose_all
from keybook.apps.reminders.commands import day_of, draw_sample, open_occasions, open_standards, rank_all, restate_all
from keybook.apps.team.commands.keeping import keep_anew

WHO = "JOIN customers_customer c ON c.number = h.customer JOIN people_staff s ON s.code = h.staff"
CUSTOMER = "JOIN customers_customer c ON c.number = h.customer"

INTERACTIONS = f"""
    INSERT INTO interactions_interaction (customer_id, staff_id, at, channel, outcome, topic, content, effect, next_step,
        next_on, superseded, client_key, created_at)
    SELECT c.id, s.id, h.at AT TIME ZONE b.time_zone, h.channel, h.outcome, h.topic, h.content, h.effect, h.next_step,
        h.next_on, false, h.client_key::uuid, h.at AT TIME ZONE b.time_zone
    FROM history h {WHO} CROSS JOIN people_bank b
    ORDER BY h.at
    ON CONFLICT (client_key) DO NOTHING"""
LAST_CONTACTS = """
    UPDATE customers_customer c SET last_contact_on = l.on_
    FROM (SELECT i.customer_id, max((i.at AT TIME ZONE b.time_zone)::date) AS on_
          FROM interactions_interaction i CROSS JOIN people_bank b
          WHERE i.outcome IN ('reached', 'met') AND NOT i.superseded GROUP BY 1) l
    WHERE l.customer_id = c.id AND (c.last_contact_on IS NULL OR c.last_contact_on < l.on_)"""
PROMISES = f"""
    WITH made AS (
        INSERT INTO reminders_promise (customer_id, staff_id, text, due_on, made_in_id, state, closed_on)
        SELECT c.id, s.id, h.text, h.due_on, i.id, h.state, h.closed_on
        FROM history h {WHO} JOIN interactions_interaction i ON i.client_key = h.made_in::uuid
        ON CONFLICT (made_in_id) DO NOTHING RETURNING id, customer_id, text, due_on, made_in_id, state, closed_on
    )
    INSERT INTO reminders_reminder (customer_id, cause, kind, key, opens_on, due_on, stake, currency, facts, evidence,
        rule_version, state, reason, closed_on, promise_id)
    SELECT m.customer_id, 'promise', 'promise', m.id::text, m.due_on, m.due_on, 0, c.currency,
        jsonb_build_object('text', m.text, 'made_on', (i.at AT TIME ZONE b.time_zone)::date::text), '[]', '',
        CASE m.state WHEN 'open' THEN 'open' ELSE 'done' END, '', m.closed_on, m.id
    FROM made m JOIN customers_customer c ON c.id = m.customer_id
    JOIN interactions_interaction i ON i.id = m.made_in_id CROSS JOIN people_bank b"""
OCCASIONS = f"""
    INSERT INTO reminders_occasion (customer_id, kind, calendar, month, day, leap, year, yearly, label, lead_days)
    SELECT c.id, h.kind, 'solar', h.month, h.day, false, h.year, h.yearly, h.label, 3
    FROM history h {CUSTOMER}
    WHERE NOT EXISTS (SELECT 1 FROM reminders_occasion o
                      WHERE o.customer_id = c.id AND o.kind = h.kind AND o.month = h.month AND o.day = h.day)"""
PREFERENCES = f"""
    INSERT INTO customers_preference (customer_id, channels, never, hour_from, hour_until, topics, avoid, no_congratulation)
    SELECT c.id, h.channels::varchar[], h.never::varchar[], h.hour_from, h.hour_until, h.topics, h.avoid, h.no_congratulation
    FROM history h {CUSTOMER}
    ON CONFLICT (customer_id) DO NOTHING"""
HELD_AWAY = f"""
    INSERT INTO customers_heldaway (customer_id, institution, kind, amount, currency, source, detail, confidence, seen_on,
        matures_on, expires_on, key)
    SELECT c.id, h.institution, h.kind, h.amount, c.currency, h.source, h.detail, h.confidence, h.seen_on, h.matures_on,
        h.expires_on, h.key
    FROM history h {CUSTOMER}
    ON CONFLICT (customer_id, key) DO NOTHING"""
COMPLAINTS = f"""
    INSERT INTO customers_complaint (customer_id, opened_on, text, opened_by_id, settled_on, settled_by_id, outcome)
    SELECT c.id, h.opened_on, h.text, s.id, h.settled_on, CASE WHEN h.settled_on IS NOT NULL THEN s.id END, h.outcome
    FROM history h {WHO}
    WHERE NOT EXISTS (SELECT 1 FROM customers_complaint o WHERE o.customer_id = c.id AND o.opened_on = h.opened_on)"""
MINDED = f"""
    INSERT INTO customers_vulnerability (customer_id, kind, mind, from_on, review_on, by_id)
    SELECT c.id, h.kind, h.mind, h.from_on, h.review_on, s.id FROM history h {WHO}
    WHERE NOT EXISTS (SELECT 1 FROM customers_vulnerability o WHERE o.customer_id = c.id AND o.from_on = h.from_on)"""
CONSENTS = f"""
    INSERT INTO customers_consent (customer_id, purpose, channel, given, "on", source, by_id)
    SELECT c.id, h.purpose, h.channel, h.given, h.on, h.source, s.id FROM history h {WHO}
    WHERE NOT EXISTS (SELECT 1 FROM customers_consent o WHERE o.customer_id = c.id AND o.purpose = h.purpose
                      AND o.channel = h.channel AND o.on = h.on)
    ORDER BY h.on"""
MOURNING = f"""
    INSERT INTO reminders_observance (customer_id, birthday_by, mourning_from, mourning_until)
    SELECT c.id, '', h.from_on, h.until_on FROM history h {CUSTOMER}
    ON CONFLICT (customer_id) DO NOTHING"""
PERSONA, FORTNIGHT = "R001", dt.timedelta(days=14)
STAND_IN = """
    INSERT INTO people_deputy (principal_id, deputy_id, from_on, until_on)
    SELECT p.id, d.id, %(today)s, %(until)s FROM people_staff p
    JOIN people_staff d ON d.branch_id = p.branch_id AND d.role IN ('rm', 'head') AND d.is_active AND d.id <> p.id
    WHERE p.code = %(first)s
      AND NOT EXISTS (SELECT 1 FROM people_deputy x
                      WHERE x.principal_id = p.id AND (x.until_on IS NULL OR x.until_on > %(today)s))
    ORDER BY d.role = 'rm' DESC, d.code DESC LIMIT 1"""
STEPS = (
    ("interaction", INTERACTIONS), ("promise", PROMISES), ("occasion", OCCASIONS), ("preference", PREFERENCES),
    ("held_away", HELD_AWAY), ("complaint", COMPLAINTS), ("vulnerability", MINDED), ("consent", CONSENTS), ("mourning", MOURNING),
)  # fmt: skip

NAMED = "UPDATE people_bank SET name_zh = %(zh)s WHERE name = 'Keybook Demo Bank' AND name_zh = ''"


class NoHistoryError(Exception):
    """The folder holds no history; the sentence names it."""


def load_history(folder: Path) -> dict[str, int]:
    """Add the contacts, promises, occasions, preferences, hearsay and care in `folder`; give how many of each were new.

    Only customers the night has published get a past; loading again adds nothing. Call `settle` afterwards. Each kind
    is stored by itself: a history trigger looks through all checks still deferred, so a million of them must not wait.
    """
    missing = [name for name, _ in STEPS if not (folder / f"{name}.parquet").is_file()]
    if missing:
        raise NoHistoryError(f"{folder} holds no {missing[0]}.parquet; make a demo bank with `keybook simulate`.")
    counts = {}
    for name, insert in STEPS:
        with transaction.atomic(), connection.cursor() as cursor:
            copy_aside(cursor, folder / f"{name}.parquet")
            cursor.execute(insert)
            counts[name] = cursor.rowcount
    with connection.cursor() as cursor:
        cursor.execute(LAST_CONTACTS)
        cursor.execute(NAMED, {"zh": "Keybook 演示银行"})
    return counts


def copy_aside(cursor: Any, path: Path) -> None:
    """Copy a Parquet file into the temporary table `history`, column by column as it is."""
    import pyarrow as pa  # late: the web workers must not carry the lake's libraries
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    names = {pa.string(): "text", pa.date32(): "date", pa.timestamp("us"): "timestamp", pa.bool_(): "boolean"}
    columns = ", ".join(
        f'"{column.name}" {names.get(column.type, "bigint" if pa.types.is_integer(column.type) else "numeric")}'
        for column in table.schema
    )
    cursor.execute("DROP TABLE IF EXISTS pg_temp.history")
    cursor.execute(f"CREATE TEMP TABLE history ({columns}) ON COMMIT DROP")
    with cursor.copy("COPY history FROM STDIN WITH (FORMAT csv)") as copy:
        for batch in table.to_batches(max_chunksize=50_000):
            out = io.BytesIO()
            pc.write_csv(batch, out, pc.WriteOptions(include_header=False))
            copy.write(out.getvalue())
    cursor.execute("ANALYZE history")


def settle() -> int:
    """Decide anew what follows from the past for the bank's business date; give how many lines Today then has."""
    day = day_of(bank())
    restate_all(day=day)
    draw_sample(day=day)
    open_occasions(day=day)
    open_standards(day=day)
    lines = rank_all(day=day)
    propose_all(day=day)
    keep_anew(day=day)
    return lines


def stand_ins() -> int:
    """Give the first banker a deputy for a fortnight, if they have none; give how many are new.

    It is the last banker of the same branch by code, or its head where there is no other: the persona has somebody to
    hand a line to, and no other persona's list is doubled by it.
    """
    today = day_of(bank()).today
    values: dict[str, str | dt.date] = {"first": PERSONA, "today": today, "until": today + FORTNIGHT}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STAND_IN, values)
        return int(cursor.rowcount)
