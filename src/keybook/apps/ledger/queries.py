"""Reads of the relationship ledger's settings: the weights that hold on a day, all versions, the drawn sample."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keybook.apps.ledger.models import Drawn, Learning
from keybook.apps.ledger.models import Weights as Stored
from keybook.core.ledger import BAD, DEFAULT, GOOD, RULE_VERSION, Weights


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the weights with who set it, when and why; `number` 0 is the one Keybook came with."""

    weights: Weights
    number: int
    reason: str = ""
    set_by: str = ""
    set_at: dt.datetime | None = None
    learned_id: int | None = None


INSTALLED = Version(DEFAULT, 0)


def weights_of(*, number: int, from_on: dt.date, points: Mapping[str, Any], half_life_days: int) -> Weights:
    """Weights as the database keeps them; a kind that came with a newer Keybook has the points it came with."""
    own = {kind: int(points.get(kind, standard)) for kind, standard in {**GOOD, **BAD}.items()}
    return Weights(own, half_life_days, f"{RULE_VERSION}.{number}", from_on)


def weights_on(day: dt.date) -> Weights:
    """The weights that hold on a day."""
    columns = ("number", "from_on", "points", "half_life_days")
    row = Stored.objects.filter(from_on__lte=day).order_by("-from_on").values(*columns).first()
    return weights_of(**row) if row else DEFAULT


def versions() -> list[Version]:
    """Every version, the newest first, the installed one last."""
    rows = Stored.objects.select_related("set_by").order_by("-from_on")
    return [
        Version(
            weights_of(number=row.number, from_on=row.from_on, points=row.points, half_life_days=row.half_life_days),
            row.number, row.reason, row.set_by.name, row.set_at, row.learned_id,
        )
        for row in rows
    ] + [INSTALLED]  # fmt: skip


def last_learning() -> Learning | None:
    """The newest run of the learned model."""
    return Learning.objects.order_by("-made_at", "-id").first()


def learning(number: int) -> Learning | None:
    """One run of the learned model."""
    return Learning.objects.filter(pk=number).first()


RUNS = 24


def runs() -> list[Learning]:
    """The last runs of the learned model, the newest first."""
    return list(Learning.objects.order_by("-made_at", "-id")[:RUNS])


def drawn() -> tuple[int, int]:
    """How many customers the sample holds, and how many it stands for."""
    of = Drawn.objects.values_list("of", flat=True).first() or 0
    return Drawn.objects.count(), of
