"""Who knows of contacts that are planned: the apps above the gate enter themselves here when they are ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Protocol
from zoneinfo import ZoneInfo

from keybook.apps.reminders.queries import Day
from keybook.core.gate import Past

NOON = dt.time(12)


class Source(Protocol):
    """Gives what is planned with these customers, in one statement however many they are."""

    def __call__(self, *, customer_ids: Sequence[int], by_id: int, day: Day) -> Mapping[int, Sequence[Past]]:
        """The contacts to come by customer; those of `by_id` are their own."""


SOURCES: list[Source] = []


def noon(on: dt.date, day: Day) -> dt.datetime:
    """The moment that stands for a day of which no hour is known."""
    return dt.datetime.combine(on, NOON, ZoneInfo(day.zone))
