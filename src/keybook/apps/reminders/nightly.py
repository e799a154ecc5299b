"""The whole night for a business date: the lake, the register, the signals as reminders, and Today ranked."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection
from django.dispatch import Signal

from keybook.apps.feeds.nightly import LakeNight, Progress, Step, StepDone, open_night, register_steps, run_steps
from keybook.apps.people.beside import READERS
from keybook.apps.people.models import Bank
from keybook.apps.people.queries import bank as bank_facts
from keybook.apps.reminders import commands
from keybook.core import reminding

night_opened = (
    Signal()
)  # sent with `day` once the reminders of the night are open or closed, for the apps above to hear
EVIDENCE_ROWS = 12
COLUMNS = ("customer", "kind", "key", "cause", "opens_on", "due_on", "expires_on", "stake", "facts", "evidence")
TABLE = """
    CREATE TEMP TABLE raised (customer text, kind text, key text, cause text, opens_on date, due_on date,
        expires_on date, stake numeric, facts jsonb, evidence jsonb) ON COMMIT DROP"""
RESOLVE = """
    CREATE TEMP TABLE fresh ON COMMIT DROP AS
    SELECT c.id AS customer_id, r.kind, left(r.key, 120) AS key, r.cause, r.opens_on, r.due_on, r.expires_on, r.stake,
        r.facts, r.evidence
    FROM raised r JOIN customers_customer c ON c.number = r.customer
    LEFT JOIN customers_preference p ON p.customer_id = c.id
    LEFT JOIN reminders_observance o ON o.customer_id = c.id
    WHERE NOT (r.kind = 'birthday' AND (COALESCE(p.no_congratulation, false) OR (
        COALESCE(o.mourning_from <= %(date)s AND COALESCE(o.mourning_until > %(date)s, true), false))))"""
# The day it was moved from is ours, not the bank's: it stays beside what the data says.
UPDATE = """
    UPDATE reminders_reminder t
    SET stake = f.stake, facts = f.facts || MOVED, evidence = f.evidence, expires_on = GREATEST(t.expires_on, f.expires_on),
        rule_version = %(version)s, data_date = %(date)s
    FROM fresh f
    WHERE (t.customer_id, t.kind, t.key) = (f.customer_id, f.kind, f.key) AND t.state = 'open'
      AND t.occasion_id IS NULL AND t.rule_version <> %(placed)s
      AND (t.stake, t.facts, t.evidence, t.rule_version) IS DISTINCT FROM
          (f.stake, f.facts || MOVED, f.evidence, %(version)s)""".replace(
    "MOVED", "jsonb_strip_nulls(jsonb_build_object('moved_from', t.facts->'moved_from'))"
)
INSERT = """
    INSERT INTO reminders_reminder (customer_id, cause, kind, key, opens_on, due_on, expires_on, stake, currency, facts,
        evidence, rule_version, data_date, state, reason)
    SELECT f.customer_id, f.cause, f.kind, f.key, f.opens_on, f.due_on, f.expires_on, f.stake, %(currency)s, f.facts,
        f.evidence, %(version)s, %(date)s, 'open', ''
    FROM fresh f WHERE NOT EXISTS (
        SELECT 1 FROM reminders_reminder t
        WHERE (t.customer_id, t.kind, t.key) = (f.customer_id, f.kind, f.key))
    ORDER BY f.customer_id, f.kind, f.key"""
OVER = """
    UPDATE reminders_reminder t SET state = 'expired', closed_on = %(date)s
    WHERE t.state = 'open' AND t.cause = 'signal' AND t.kind = ANY(%(lasting)s) AND NOT EXISTS (
        SELECT 1 FROM fresh f WHERE (f.customer_id, f.kind, f.key) = (t.customer_id, t.kind, t.key))"""

# What the apps above decide once Today is ranked: the step's name and its verb, told at the start (`AppConfig.ready`).
LATER: list[tuple[str, Callable[..., Mapping[str, int]]]] = []


def run_night(*, date: dt.date, progress: Progress | None = None) -> list[StepDone]:
    """Run the night of a business date and give its steps with their seconds and counts.

    A night that was killed goes on at its first unfinished step; one that was finished does nothing more unless the
    bank's files, the tiers or the thresholds have changed. NoDataError, PolicyError, LadderError or NightRefusedError
    say in a sentence why it cannot run.
    """
    night = open_night(date)
    hear = progress or _silent
    try:
        steps = [*register_steps(night), *_reminder_steps(night, hear)]
        return run_steps(date=date, fingerprint=night.fingerprint(), steps=steps, progress=hear)
    finally:
        night.close()


def _silent(what: str, done: float = 0, total: float | None = None) -> None:
    """Nobody listens."""


def _reminder_steps(night: LakeNight, hear: Progress) -> list[Step]:
    """The steps from the signals to Today."""
    day = commands.day_of(bank_facts(), on=night.date)

    def ranked() -> Mapping[str, int]:
        return {
            "lines": commands.rank_all(day=day, progress=lambda done, total: hear("rank", done, total), readers=READERS)
        }

    def opened() -> Mapping[str, int]:
        counts = {
            "occasions": commands.open_occasions(day=day), "standards": commands.open_standards(day=day),
            "rolled": commands.close_rolled(day=day), "placed": commands.place_signals(day=day), "moved": commands.move_promises(day=day),
            "broken promises": commands.break_promises(day=day), "expired": commands.expire(day=day),
            "given back": commands.take_back(today=day.today),
        }  # fmt: skip
        night_opened.send(sender=run_night, day=day)
        return counts

    return [
        Step("reminders", lambda: publish_signals(lake=night.lake, date=night.date, currency=night.currency)),
        Step(
            "standing",
            lambda: {
                "restated": commands.restate_all(day=day, readers=READERS),
                "drawn": commands.draw_sample(day=day),
            },
        ),
        Step("opening", opened),
        Step("rank", ranked),
        *(Step(name, partial(verb, day=day)) for name, verb in LATER),
        Step("date", lambda: _turn_the_page(night.date)),
    ]


def _turn_the_page(date: dt.date) -> Mapping[str, int]:
    """Make the date the bank's business date."""
    Bank.objects.filter(pk=1).update(business_date=date, data_date=date)
    return {}


def publish_signals(*, lake: Path, date: dt.date, currency: str) -> dict[str, int]:
    """Store the signals of the date as reminders.

    A new one opens; an open one follows the data but keeps its dates; one that was answered, dismissed or has expired
    stays so. An open condition that holds no more expires.
    """
    from keybook.lake.policy import LASTING, SignalPolicy

    values: dict[str, Any] = {
        "date": date,
        "currency": currency,
        "version": SignalPolicy().version,
        "lasting": sorted(LASTING),
        "placed": reminding.RULE_VERSION,
    }
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        with cursor.copy(f"COPY raised ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in raised(lake=lake, date=date):
                copy.write_row(row)
        cursor.execute(RESOLVE, values)
        cursor.execute("ANALYZE fresh")
        counts = {}
        for name, statement in (("changed", UPDATE), ("new", INSERT), ("over", OVER)):
            cursor.execute(statement, values)
            counts[name] = cursor.rowcount
        cursor.execute("DROP TABLE raised, fresh")
    return counts


def raised(*, lake: Path, date: dt.date) -> Iterator[tuple[Any, ...]]:
    """The signals of the date in the order of COLUMNS, ordered by kind, customer and key."""
    import pyarrow.parquet as pq

    from keybook.lake.signals import KINDS, signals_folder

    folder = signals_folder(lake, date)
    for kind in KINDS:
        path = folder / f"{kind}.parquet"
        if not path.exists():
            continue
        proof = _evidence(folder / f"{kind}.evidence.parquet")
        rows = pq.read_table(path).sort_by([("customer", "ascending"), ("key", "ascending")])
        cause = "occasion" if kind == "birthday" else "signal"
        for batch in rows.to_batches(10_000):
            for row in batch.to_pylist():
                facts = {name[5:]: _plain(value) for name, value in row.items() if name.startswith("fact_")}
                yield (
                    row["customer"], kind, row["key"], cause, row["opens_on"], row["deadline"], row["expires_on"],
                    row["stake"], _json(facts), _json(proof.get((row["customer"], row["key"]), [])),
                )  # fmt: skip


def _evidence(path: Path) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The newest rows behind each signal of a file, by customer and key."""
    import pyarrow.parquet as pq

    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    rows = pq.read_table(path).sort_by([("date", "descending"), ("row", "ascending")])
    for row in rows.to_pylist():
        kept = found[row["customer"], row["key"]]
        if len(kept) < EVIDENCE_ROWS:
            kept.append({name: _plain(row[name]) for name in ("feed", "row", "date", "amount", "text")})
    return found


def _plain(value: Any) -> str:
    """A fact as text: amounts as they are counted, dates in ISO 8601, nothing as nothing."""
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\\u0000", "")
