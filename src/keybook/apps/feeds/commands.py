"""Loads a folder of the bank's files into the lake and keeps the account of it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from keybook.apps.customers.models import Tier
from keybook.apps.feeds.models import FeedFile, SignalRule
from keybook.apps.people.models import Bank
from keybook.apps.standards.commands import install_standard

if TYPE_CHECKING:  # the lake's libraries stay out of the web workers
    from keybook.lake.intake import IntakeReport, Order
    from keybook.lake.mapping import FileMap, Mapping
    from keybook.lake.policy_tables import BankPolicy, TierRow


class Progress(Protocol):
    """Hears how far the load has come."""

    def __call__(self, what: str, done: float = 0, total: float | None = None) -> None:
        """`done` of `total` of `what` is finished."""


class LoadRefusedError(ValueError):
    """Nothing could be loaded; the sentence says why."""


def load(*, folder: Path, mapping: Path | None, today: dt.date, progress: Progress | None = None) -> list[IntakeReport]:
    """Load every file of a folder (or one file) that is a feed, and store the mapping's policy; one report a file.

    An entry of the mapping that no file matches is a report too. A second load of the same files changes nothing. A file of a later date than `today` is kept aside as a whole.
    MappingError or LoadRefusedError, with one sentence, when there is nothing to go by; a bad file is a report.
    """
    from keybook.lake.intake import take
    from keybook.lake.mapping import Mapping, read_mapping

    rules = read_mapping(path=mapping) if mapping else Mapping()
    orders = _orders(folder, rules, today)
    if not orders:
        raise LoadRefusedError(_nothing(folder, mapping))
    store_policy(policy=rules.policy)
    reports = []
    for done, order in enumerate(orders):
        if progress:
            progress(order.source, done, len(orders))
        report = take(order)
        _account(report, rules.name)
        reports.append(report)
    if progress:
        progress("", len(orders), len(orders))
    return reports + _absent(folder, rules, orders, today)


def _absent(folder: Path, rules: Mapping, orders: list[Order], today: dt.date) -> list[IntakeReport]:
    """What a mapping names and a folder does not hold; one file by itself lacks nothing."""
    from keybook.lake.intake import absent

    found = {id(order.entry) for order in orders}
    missing = [entry for entry in rules.files if id(entry) not in found] if folder.is_dir() else []
    return [absent(entry=entry, mapping=rules.name, date=entry.date or rules.date or today) for entry in missing]


@transaction.atomic
def store_policy(*, policy: BankPolicy) -> None:
    """Make what a mapping says of the bank, its tiers and its signals the stored policy; what it leaves out stays."""
    if policy.bank:
        Bank.objects.update_or_create(pk=1, defaults=dict(policy.bank))
    if policy.tiers:
        _store_tiers(policy.tiers)
    for kind, thresholds in policy.rules:
        SignalRule.objects.update_or_create(kind=kind, defaults={"settings": thresholds, "on": kind not in policy.off})


def _store_tiers(tiers: tuple[TierRow, ...]) -> None:
    known = {tier.code: tier for tier in Tier.objects.all()}
    gone = [tier for code, tier in known.items() if code not in {row.code for row in tiers}]
    for tier in gone:
        if tier.customers.exists():
            raise LoadRefusedError(f"The mapping leaves out the tier {tier.code}, and customers are still in it.")
        tier.delete()
    wanted = {row.code: asdict(row) for row in tiers}
    if any(tier.code in wanted and tier.rank != wanted[tier.code]["rank"] for tier in known.values()):
        for tier in Tier.objects.order_by("-rank"):  # ranks are unique: make room before they change places
            Tier.objects.filter(pk=tier.pk).update(rank=tier.rank + 1000)
    for code, fields in wanted.items():
        every_days, grace_days = fields.pop("standard_days"), fields.pop("grace_days")
        tier, _made = Tier.objects.update_or_create(code=code, defaults=fields)
        install_standard(tier_id=tier.pk, every_days=every_days, grace_days=grace_days)


def _orders(folder: Path, rules: Mapping, today: dt.date) -> list[Order]:
    """What is to be taken in, in an order in which what is referred to comes first."""
    from keybook.lake.intake import Order, feed_order
    from keybook.lake.mapping import FileMap, date_in

    lake = Path(settings.LAKE)
    base = folder if folder.is_dir() else folder.parent
    orders = [
        Order(lake, base, FileMap(feed, "rows"), f"{rules.name}#{feed.name}", rules.date or today, today, rows)
        for feed, rows in rules.rows
    ]
    seen: set[tuple[str, str]] = set()
    for number, (entry, name) in enumerate(_matches(folder, base, rules), 1):
        again = (entry.feed.name, name) in seen
        seen.add((entry.feed.name, name))
        source = f"{name}#{number}" if again else name
        date = entry.date or date_in(name) or rules.date or _date_before(lake, entry, source) or today
        orders.append(Order(lake, base, entry, source, date, today, file=name))
    return sorted(orders, key=lambda order: (feed_order(order.entry), order.rows is None, order.date, order.source))


def _matches(folder: Path, base: Path, rules: Mapping) -> Iterator[tuple[FileMap, str]]:
    from keybook.lake.mapping import plain

    for name in _names(folder, base):
        if rules.files:
            yield from ((entry, name) for entry in rules.files if Path(name).match(entry.path))
        elif entry := plain(name):
            yield entry, name


def _names(folder: Path, base: Path) -> list[str]:
    paths = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
    names = [path.relative_to(base).as_posix() for path in paths if path.is_file()]
    return [name for name in names if not any(part.startswith((".", "~$")) for part in name.split("/"))]


def _date_before(lake: Path, entry: FileMap, source: str) -> dt.date | None:
    """The date under which a file without one was taken before, so that a second load is the same load."""
    from keybook.lake.store import entries

    return next((one.date for one in reversed(entries(lake, entry.feed.name)) if one.source == source), None)


def _nothing(folder: Path, mapping: Path | None) -> str:
    if mapping:
        return f"No file in {folder} matches a path of {mapping.name}."
    return (
        f"No file in {folder} is named after a feed, like transaction_2026-03-31.csv; "
        "say with a mapping which file is which."
    )


@transaction.atomic
def _account(report: IntakeReport, mapping: str) -> None:
    """Keep one row for the file as it is now; the rows of files it replaced are marked."""
    fingerprint = report.fingerprint or hashlib.sha256(f"{report.source}|{report.reasons!r}".encode()).hexdigest()
    same: dict[str, Any] = {"feed": report.feed, "date": report.date, "sha256": fingerprint}
    name = report.source[-200:]
    if report.status == "unchanged" and FeedFile.objects.filter(**same, superseded=False).exists():
        return
    FeedFile.objects.update_or_create(
        **same,
        defaults={
            "name": name,
            "mapping": mapping,
            "rows_in": report.rows_in,
            "loaded": report.loaded,
            "kept_aside": report.kept_aside,
            "reasons": [asdict(reason) for reason in report.reasons],
            "rejected_path": str(report.rejected_path or ""),
            "loaded_at": timezone.now(),
            "superseded": False,
        },
    )
    if report.status != "refused":
        earlier = FeedFile.objects.filter(feed=report.feed, date=report.date, name=name, superseded=False)
        earlier.exclude(sha256=fingerprint).update(superseded=True)
