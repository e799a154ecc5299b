"""What the gate says of one contact on each of many days, as the plans need it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keybook.apps.people.scope import Scope
from keybook.apps.reminders.queries import Day

if TYPE_CHECKING:
    from keybook.apps.plans.queries.answers import Wanted


@dataclass(frozen=True, slots=True)
class Word:
    """One thing the gate has to say: it refuses, or it asks first."""

    refuses: bool
    sentences: tuple[str, ...] = ()
    rule_version: str = ""


def words_of_the_gate(*, scope: Scope, wanted: Wanted, days: Sequence[dt.date], day: Day) -> Mapping[dt.date, Word]:
    """The days on which the gate has something to say."""
    del scope, wanted, days, day
    return {}
