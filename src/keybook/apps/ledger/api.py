"""The JSON face of the relationship ledger's settings, by the same verbs as the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from ninja import Field, Router, Schema

from keybook.apps.customers.asking import Asked
from keybook.apps.ledger import commands, queries

router = Router(tags=["relationship ledger"])


class WeightsOut(Schema):
    """A version of the weights."""

    version: str
    number: int
    from_on: dt.date | None
    half_life_days: int
    points: dict[str, int]
    reason: str
    set_by: str


class WeightsIn(Schema):
    """A version as it should be."""

    points: dict[str, int]
    half_life_days: int
    from_on: dt.date
    reason: str = Field(max_length=300)
    learned_id: int | None = None


class LearnedOut(Schema):
    """One run of the model that learns the weights, with all that it found."""

    id: int
    until_on: dt.date
    model_version: str
    facts: dict[str, Any]


@router.get("/ledger/weights", response=list[WeightsOut], url_name="weights", summary="The weights, by version")
def weights(request: Asked) -> list[dict[str, Any]]:
    """Every version, the newest first; the one Keybook came with is number 0."""
    del request
    return [_said(each) for each in queries.versions()]


@router.post("/ledger/weights", response=WeightsOut, url_name="weights", summary="Set a version of the weights")
def set_weights(request: Asked, wanted: WeightsIn) -> dict[str, Any]:
    """A version from tomorrow or later, with the reason; the night before decides everybody anew."""
    draft = commands.Draft(wanted.points, wanted.half_life_days, wanted.from_on, wanted.reason, wanted.learned_id)
    kept = commands.set_weights(by=request.scope, draft=draft, today=request.bank.business_date)
    return next(_said(each) for each in queries.versions() if each.number == kept.number)


@router.get("/ledger/learned", response=list[LearnedOut], url_name="learned", summary="What the data says")
def learned(request: Asked) -> Sequence[object]:
    """The last runs of the learned model, the newest first."""
    del request
    return queries.runs()


def _said(version: queries.Version) -> dict[str, Any]:
    known = version.weights
    return {
        "version": known.version, "number": version.number, "from_on": known.from_on,
        "half_life_days": known.half_life_days, "points": dict(known.points), "reason": version.reason,
        "set_by": version.set_by,
    }  # fmt: skip
