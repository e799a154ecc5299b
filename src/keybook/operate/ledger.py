"""`keybook ledger learn`: what the data says of the weights, as a table or as JSON."""

from __future__ import annotations

import datetime as dt
import json

from rich.console import Console
from rich.table import Table


class LearnInputError(ValueError):
    """A day that cannot be learned up to; the sentence says which can."""


def learn(*, until: dt.date | None, as_json: bool) -> None:
    """Learn up to a day, keep what was found, and print it."""
    from keybook.apps.people.queries import bank
    from keybook.apps.reminders.learning import learn as look

    today = bank().business_date
    if until is not None and until > today:
        raise LearnInputError(f"{until} has not come yet: the bank's business date is {today}.")
    run = look(until=until or today)
    facts = run.facts
    if as_json:
        document = {"run": run.pk, "until": str(run.until_on), "model": run.model_version, **facts}
        print(json.dumps(document, ensure_ascii=False, indent=2))  # noqa: T201  the face is stdout
        return
    console = Console()
    table = Table("", "hand-set", "learned", title=f"judged on {facts['test'][-1]}, after all it learned from")
    hand, learned = facts["hand"], facts["learned"]
    table.add_row("AUC", *(f"{one['auc']:.3f} ({one['low']:.3f}–{one['high']:.3f})" for one in (hand, learned)))
    table.add_row("Brier", *(f"{one['brier']:.4f}" for one in (hand, learned)))
    console.print(table)
    points = Table("posting", "customers", "hand-set", "suggested", "odds of leaving")
    for one in facts["kinds"]:
        said = {"few": "too few to tell", "sign": "against its sign: 0"}.get(one["note"], f"× {one['odds']:.2f}")
        points.add_row(one["kind"], f"{one['customers']:,}", str(one["hand"]), str(one["suggested"]), said)
    console.print(points)
    console.print(f"Nothing has changed. Run {run.pk} is under Settings, Relationship ledger, What the data says.")
