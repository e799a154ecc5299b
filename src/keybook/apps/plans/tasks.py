"""The worker's job: one plan of a branch that is planned in one click, while whoever clicked goes on."""

from __future__ import annotations

from procrastinate.contrib.django import app

from keybook.apps.plans.commands.running import make_asked


@app.task(queue="plans", name="keybook.plan")
def make(plan_id: int) -> str:
    """Make a plan that was asked for; made already, nothing happens."""
    return make_asked(plan_id=plan_id)
