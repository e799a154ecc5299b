"""What came of some runs of the planning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keybook.apps.plans.models import Plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of them together; `done` when none runs any more."""

    placed: int
    left: int
    done: bool


def outcome(*, plan_ids: Sequence[int]) -> Outcome:
    """How many contacts these plans have placed, and how many not."""
    rows = list(Plan.objects.filter(pk__in=plan_ids).values_list("placed", "unplaced", "state"))
    running = {Plan.State.ASKED, Plan.State.RUNNING}
    return Outcome(sum(row[0] for row in rows), sum(row[1] for row in rows), all(row[2] not in running for row in rows))
