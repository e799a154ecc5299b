"""Who knows of time that is taken: the apps above the plans enter themselves here when they are ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from keybook.apps.plans.queries.time import Taken
    from keybook.apps.reminders.queries import Day


class Source(Protocol):
    """Gives the hours taken from these members of staff, in one statement however many they are."""

    def __call__(
        self, *, staff_ids: Sequence[int], from_on: dt.date, until_on: dt.date, day: Day
    ) -> Mapping[int, Sequence[Taken]]:
        """What is taken from a day on up to, not on, another."""


SOURCES: list[Source] = []
