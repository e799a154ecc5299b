"""The jobs of the worker: the nightly run at its hour, once a business date however often it is asked for.

Once a month the model that learns the ledger's weights looks at the data.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from procrastinate.contrib.django import app

from keybook.apps.people.queries import bank
from keybook.apps.reminders.learning import NothingToLearnError, learn
from keybook.apps.reminders.nightly import run_night

NIGHT_HOUR = 2


def night_due(*, at: dt.datetime, zone: str) -> dt.date | None:
    """The business date whose night should run at this moment, by the bank's own clock; None outside its hour."""
    local = at.astimezone(ZoneInfo(zone))
    return local.date() if local.hour == NIGHT_HOUR else None


@app.periodic(cron="30 * * * *")
@app.task(queueing_lock="nightly", lock="nightly", name="keybook.nightly")
def nightly(timestamp: int, **_: Any) -> dict[str, int]:
    """Run the night if it is the bank's 02:30; a repeat after a kill goes on where the last one stopped."""
    date = night_due(at=dt.datetime.fromtimestamp(timestamp, dt.UTC), zone=bank().zone)
    return {} if date is None else {step.step: round(step.seconds * 1000) for step in run_night(date=date)}


@app.task(lock="nightly", name="keybook.night_of")
def night_of(date: str) -> dict[str, int]:
    """Run the night of one business date, ISO 8601, as an administrator asked for it."""
    return {step.step: round(step.seconds * 1000) for step in run_night(date=dt.date.fromisoformat(date))}


@app.periodic(cron="15 4 3 * *")
@app.task(queueing_lock="learning", lock="learning", name="keybook.learn_weights")
def learn_weights(timestamp: int, **_: Any) -> dict[str, Any]:
    """Look, on the third of the month, at what the data says of the ledger's weights; a young bank is told so."""
    del timestamp
    return look(until=bank().business_date)


def look(*, until: dt.date) -> dict[str, Any]:
    """Learn once for a business date, and say what came of it."""
    try:
        run = learn(until=until)
    except NothingToLearnError as error:
        return {"learned": False, "why": str(error)}
    return {"learned": True, "run": run.pk, "verdict": run.facts["verdict"]}
