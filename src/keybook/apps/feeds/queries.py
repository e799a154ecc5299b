"""What came in from the bank, and what of it needs somebody's hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from keybook.apps.feeds.models import FeedFile

FIELDS = ("id", "feed", "date", "name", "rows_in", "loaded", "kept_aside", "reasons", "rejected_path", "loaded_at")


@dataclass(frozen=True, slots=True)
class FileAccount:
    """One file's account: rows in = loaded + kept aside; `reasons` as {code, column, sentence, count, example}."""

    id: int
    feed: str
    date: dt.date
    name: str
    rows_in: int
    loaded: int
    kept_aside: int
    reasons: list[dict[str, object]]
    rejected_path: str
    loaded_at: dt.datetime


def files(*, limit: int = 100) -> list[FileAccount]:
    """The files that count, the latest loaded first."""
    return _accounts(FeedFile.objects.filter(superseded=False), limit)


def problems(*, limit: int = 100) -> list[FileAccount]:
    """The files that count with rows kept aside or something to say about them, the latest loaded first."""
    return _accounts(FeedFile.objects.filter(superseded=False).exclude(reasons=[]), limit)


def newest_by_feed() -> list[FileAccount]:
    """The newest file of each feed that has ever come, by feed."""
    rows = FeedFile.objects.filter(superseded=False).order_by("feed", "-date", "-loaded_at", "-id").distinct("feed")
    return [FileAccount(*row) for row in rows.values_list(*FIELDS)]


def _accounts(rows: QuerySet[FeedFile], limit: int) -> list[FileAccount]:
    found = rows.order_by("-loaded_at", "-id").values_list(*FIELDS)[:limit]
    return [FileAccount(*row) for row in found]
