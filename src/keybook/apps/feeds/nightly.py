"""The night up to the register: the lake's steps, publishing, and the record that lets a killed night go on.

A step is written down in the transaction of its own effects, so that it either counts or never was. Steps of the
lake only write files, aside and renamed; doing one twice does nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from keybook.apps.customers.matching import find_matches
from keybook.apps.customers.models import Customer, Tier
from keybook.apps.feeds import organisation, register
from keybook.apps.feeds.models import NightStep, SignalRule
from keybook.apps.people.models import Bank
from keybook.apps.standards.commands import install_standard
from keybook.apps.standards.queries import key_tiers
from keybook.core.tiers import Rung, ladder_of

if TYPE_CHECKING:
    import pyarrow as pa

    from keybook.lake.engines import DuckEngine, Table
    from keybook.lake.policy import SignalPolicy
    from keybook.lake.snapshot import Snapshot

Counts = Mapping[str, int]
USUAL_TIERS = (  # code, name, Chinese name, enter at, leave at, contact every, grace
    ("mass", "Mass", "普通", 0, 0, None, 0),
    ("gold", "Gold", "黄金", 300_000, 270_000, 90, 10),
    ("platinum", "Platinum", "铂金", 1_000_000, 900_000, 60, 7),
    ("private", "Private", "私行", 6_000_000, 5_400_000, 30, 5),
)


class Progress(Protocol):
    """Hears how far the night has come."""

    def __call__(self, what: str, done: float = 0, total: float | None = None) -> None:
        """`done` of `total` of `what` is finished."""


class NightRefusedError(ValueError):
    """The night cannot run for this date; the sentence says why."""


@dataclass(frozen=True, slots=True)
class StepDone:
    """One step of the night: how long it took and what it counted; no time when an earlier run had done it."""

    step: str
    seconds: float
    counts: Counts


@dataclass(frozen=True, slots=True)
class Step:
    """A step to do: its name, what it does, and whether it writes to PostgreSQL."""

    name: str
    act: Callable[[], Counts]
    stored: bool = True


class LakeNight:
    """The lake's steps of one night, sharing an engine that is opened when first needed."""

    def __init__(self, *, date: dt.date, lake: Path, currency: str) -> None:
        from keybook.lake.policy import with_rules

        self.date, self.lake, self.currency = date, lake, currency
        self.ladder = ladder(self.date)
        rules = {rule.kind: rule.settings for rule in SignalRule.objects.order_by("kind")}
        off = frozenset(SignalRule.objects.filter(on=False).values_list("kind", flat=True))
        self.policy: SignalPolicy = with_rules(_policy(), rules, off)
        self._engine: DuckEngine | None = None
        self._snapshot: Snapshot | None = None

    @property
    def engine(self) -> DuckEngine:
        """DuckDB, with the memory that KEYBOOK_LAKE_MEMORY allows (2GB)."""
        if self._engine is None:
            from keybook.lake.engines import DuckEngine

            memory = os.environ.get("KEYBOOK_LAKE_MEMORY", "2GB")
            self._engine = DuckEngine(memory=memory, threads=os.cpu_count() or 2)
        return self._engine

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot of this night, reopened when an earlier run has taken it."""
        from keybook.lake import snapshot

        if self._snapshot is None:
            self._snapshot = snapshot.reopen(engine=self.engine, lake=self.lake, date=self.date, currency=self.currency)
        return self._snapshot

    def close(self) -> None:
        """Give the engine's memory back."""
        if self._engine is not None:
            self._engine.close()
        self._engine = self._snapshot = None

    def fingerprint(self) -> str:
        """Everything the lake's results follow from: the files that count, the thresholds, the tiers."""
        from keybook.lake.contract import FEEDS
        from keybook.lake.store import checked_files

        files = [str(path) for feed in FEEDS for path in checked_files(self.lake, feed, self.date)]
        return hashlib.sha256(repr((files, self.policy, self.ladder, self.currency)).encode()).hexdigest()

    def take_snapshot(self) -> Counts:
        """Take the snapshot of the date."""
        from keybook.lake import snapshot

        self._snapshot = snapshot.take(engine=self.engine, lake=self.lake, date=self.date, currency=self.currency)
        return {"holdings": int(self._count(self._snapshot.holding))}

    def write_features(self) -> Counts:
        """Compute the features of every customer and decide the tiers."""
        import pyarrow.parquet as pq

        from keybook.lake import features
        from keybook.lake.store import written_aside

        rows = features.write_features(engine=self.engine, snapshot=self.snapshot, lake=self.lake)
        tiers = features.decide_tiers(
            engine=self.engine, rows=rows, ladder=self.ladder, previous=self._previous(), date=self.date,
            fresh_days=self.policy.below_tier_days,
        )  # fmt: skip
        with written_aside(self._tiers_path) as aside:
            pq.write_table(tiers, aside)
        return {"customers": int(self._count(rows)), "key": sum(tiers["is_key"].to_pylist())}

    def raise_signals(self) -> Counts:
        """Raise the signals of every kind that is on."""
        from keybook.lake import signals

        tiers = self.engine.put("tiers", self._tiers())
        evening = signals.look(
            engine=self.engine, snapshot=self.snapshot, policy=self.policy, features=self._features(), tiers=tiers
        )
        kinds = signals.raise_signals(evening=evening, lake=self.lake)
        folder = signals.signals_folder(self.lake, self.date)
        return {kind: int(self._count(self.engine.read([folder / f"{kind}.parquet"]))) for kind in kinds}

    def prepare(self) -> Counts:
        """Write what goes to PostgreSQL, and close the engine."""
        from keybook.lake import publish

        folder = publish.prepare(
            engine=self.engine, snapshot=self.snapshot, policy=self.policy, ladder=self.ladder, tiers=self._tiers(),
            lake=self.lake,
        )  # fmt: skip
        counts = {path.stem: int(self._count(self.engine.read([path]))) for path in sorted(folder.glob("*.parquet"))}
        self.close()
        return counts

    @property
    def publish_folder(self) -> Path:
        """Where `prepare` puts its tables."""
        return self.lake / "publish" / f"date={self.date}"

    @property
    def _tiers_path(self) -> Path:
        return self.lake / "tiers" / f"date={self.date}" / "customer.parquet"

    def _tiers(self) -> pa.Table:
        import pyarrow.parquet as pq

        return pq.read_table(self._tiers_path)

    def _features(self) -> Table:
        from keybook.lake.features import features_path

        return self.engine.read([features_path(self.lake, self.date)])

    def _count(self, table: Table) -> Any:
        return self.engine.fetch(table.count().as_table()).column(0)[0].as_py()

    def _previous(self) -> pa.Table:
        """The tiers as they were before this date: kept in the lake, so that a second run of a date starts the same."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        from keybook.lake.features import PREVIOUS
        from keybook.lake.store import written_aside

        path = self.lake / "tiers" / f"date={self.date}" / "before.parquet"
        kept = pq.read_table(path).to_pylist() if path.exists() else []
        known = {row["customer"] for row in kept}
        fields = ("number", "tier__code", "tier_before__code", "tier_since")
        rows = Customer.objects.filter(number__isnull=False).order_by("number").values_list(*fields)
        now = [dict(zip(PREVIOUS.names, row, strict=True)) for row in rows.iterator(chunk_size=20_000)]
        if path.exists():  # who came with an earlier run of this date had no tier before it
            now = [{**row, "tier": None, "tier_before": None, "since": None} for row in now]
        before = pa.Table.from_pylist(kept + [row for row in now if row["customer"] not in known], schema=PREVIOUS)
        with written_aside(path) as aside:
            pq.write_table(before, aside)
        return before


def _policy() -> SignalPolicy:
    from keybook.lake.policy import SignalPolicy

    return SignalPolicy()


def ladder(date: dt.date) -> tuple[Rung, ...]:
    """The tiers as the core knows them on a date, key where a contact standard holds; the usual ones are stored first where there are none."""
    if not Tier.objects.exists():
        for rank, (code, name, name_zh, enter, leave, days, grace) in enumerate(USUAL_TIERS):
            tier = Tier.objects.create(
                code=code, name=name, name_zh=name_zh, rank=rank, enter_at=Decimal(enter), leave_at=Decimal(leave)
            )
            install_standard(tier_id=tier.pk, every_days=days, grace_days=grace)
    key = key_tiers(today=date)
    rungs = [
        Rung(tier.code, tier.rank, tier.enter_at, tier.leave_at, key=tier.pk in key)
        for tier in Tier.objects.order_by("rank")
    ]
    found = ladder_of(rungs=rungs)
    if not any(rung.key for rung in found):
        raise NightRefusedError(
            "No tier has a contact standard, so nobody would be a key customer; give one to a tier."
        )
    return found


def register_steps(night: LakeNight) -> list[Step]:
    """The steps from the checked files to the register."""
    folder = night.publish_folder
    return [
        Step("snapshot", night.take_snapshot, stored=False),
        Step("features", night.write_features, stored=False),
        Step("signals", night.raise_signals, stored=False),
        Step("prepare", night.prepare, stored=False),
        Step("organisation", lambda: organisation.publish_organisation(lake=night.lake, date=night.date)),
        Step(
            "customers",
            lambda: register.publish_customers(folder=folder, date=night.date, currency=night.currency),
        ),
        Step("matches", lambda: {"offered": find_matches(today=night.date)}),
        Step("holdings", lambda: register.publish_holdings(folder=folder)),
        Step("months", lambda: register.publish_months(folder=folder)),
        Step("held_away", lambda: register.publish_held_away(folder=folder)),
    ]


def open_night(date: dt.date) -> LakeNight:
    """The night of a date; refused when the bank is already past it."""
    bank = Bank.objects.get_or_create(pk=1)[0]
    if bank.business_date and date < bank.business_date:
        raise NightRefusedError(f"The bank's business date is {bank.business_date}; a night before it cannot be run.")
    return LakeNight(date=date, lake=Path(settings.LAKE), currency=bank.currency)


def run_steps(*, date: dt.date, fingerprint: str, steps: Sequence[Step], progress: Progress) -> list[StepDone]:
    """Do the steps in order; what an earlier run on the same input has finished is not done again."""
    with connection.cursor() as cursor:  # two nights at once would undo each other
        cursor.execute("SELECT pg_try_advisory_lock(7203)")
        if not cursor.fetchone()[0]:
            raise NightRefusedError("Another nightly run is going on; wait for it to end.")
        try:
            return _run(date, fingerprint, steps, progress)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(7203)")


def _run(date: dt.date, fingerprint: str, steps: Sequence[Step], progress: Progress) -> list[StepDone]:
    finished = _finished(date, fingerprint)
    done = []
    for number, step in enumerate(steps):
        progress(step.name, 0, 1)
        counts = finished.get(step.name)
        began, seconds = time.perf_counter(), 0.0
        if counts is None:
            counts = _do(date, step)
            seconds = time.perf_counter() - began
        done.append(StepDone(step.name, seconds, counts))
        progress(step.name, 1, 1)
        progress("night", number + 1, len(steps))
    return done


def _finished(date: dt.date, fingerprint: str) -> dict[str, Counts]:
    """The counts of the steps finished on the same input; other input starts the date over."""
    inputs = {"fingerprint": fingerprint}
    known = NightStep.objects.filter(date=date, step="inputs").first()
    if known is None or known.counts != inputs:
        with transaction.atomic():
            NightStep.objects.filter(date=date).delete()
            now = timezone.now()
            NightStep.objects.create(date=date, step="inputs", counts=inputs, started_at=now, finished_at=now)
    return dict(NightStep.objects.filter(date=date, finished_at__isnull=False).values_list("step", "counts"))


def _do(date: dt.date, step: Step) -> Counts:
    """Do one step and write it down, in one transaction when it writes to PostgreSQL."""
    started = timezone.now()
    if not step.stored:
        counts = step.act()
    with transaction.atomic():
        if step.stored:
            counts = step.act()
        NightStep.objects.update_or_create(
            date=date, step=step.name,
            defaults={"started_at": started, "finished_at": timezone.now(), "counts": dict(counts)},
        )  # fmt: skip
    return counts
