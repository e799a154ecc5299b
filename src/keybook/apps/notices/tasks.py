"""The worker's jobs: each minute plan what is due, then one job for each message; a repeat does nothing twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from procrastinate import JobContext, builtin_tasks
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from keybook.apps.notices.commands import outbox
from keybook.apps.notices.commands.notices import gather
from keybook.apps.notices.sending import send
from keybook.apps.people.queries import bank


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="notices", name="keybook.notices")
def sweep(timestamp: int, **_: Any) -> dict[str, int]:
    """Plan digests and urgent messages, and queue a job for each message whose time has come."""
    at = dt.datetime.fromtimestamp(timestamp, dt.UTC)
    return sweep_at(at=max(at, timezone.now()))


def sweep_at(*, at: dt.datetime) -> dict[str, int]:
    """The same at a moment."""
    facts = bank()
    counts = {
        "noted": gather(today=facts.business_date, at=at), "digests": outbox.plan_digests(bank=facts, at=at),
        "urgent": outbox.plan_urgent(bank=facts, at=at), "queued": 0,
    }  # fmt: skip
    for delivery_id in outbox.due(at=at):
        counts["queued"] += queue(delivery_id=delivery_id)
    return counts


def queue(*, delivery_id: int) -> bool:
    """Queue the job of one message; False when it is queued already.

    Without Procrastinate's `lock`, which the job of a killed worker would hold for ever: the claim on the row is ours.
    """
    try:
        deliver.configure(queueing_lock=f"notice-{delivery_id}").defer(delivery_id=delivery_id)
    except AlreadyEnqueued:
        return False
    return True


@app.task(name="keybook.deliver")
def deliver(delivery_id: int) -> str:
    """Send one message and write down what became of it."""
    delivery = outbox.claim(delivery_id=delivery_id, at=timezone.now())
    if delivery is None:
        return "nothing"
    result = send(delivery=delivery)
    outbox.close(delivery=delivery, result=result, at=timezone.now())
    return result.state


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="old_jobs", pass_context=True, name="keybook.old_jobs")
async def old_jobs(context: JobContext, timestamp: int) -> None:
    """Forget the jobs that ended well three days ago: there is one each minute."""
    del timestamp
    await builtin_tasks.remove_old_jobs(context, max_hours=72)
