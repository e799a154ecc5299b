"""The month on the command line: planned by the same verb as on the page, printed as text or as JSON."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from rich.console import Console
from rich.table import Table

Days = tuple[dt.date | None, dt.date | None]


def show(*, rm: str, branch: str, days: Days, seconds: float, as_json: bool) -> None:
    """Plan the month of one relationship manager or of everybody of a branch, and print the plans on standard output."""
    from keybook.apps.plans.commands.running import plan_for

    documents = plan_for(rm_code=rm, branch_code=branch, days=days, seconds=seconds)
    if as_json:
        print(json.dumps(documents[0] if rm else documents, ensure_ascii=False, indent=2, default=str))  # noqa: T201  the face is stdout
        return
    console = Console()
    for document in documents:
        _print(console, document)


def _print(console: Console, document: dict[str, Any]) -> None:
    title = f"{document['rm']} · {document['from_on']} – {document['until_on']}"
    table = Table("Day", "Half", "Customer", "How", "Why", "Due", title=title)
    for each in document["entries"]:
        name = f"{each['customer']['name']} {each['customer']['number'] or ''}"
        table.add_row(str(each["on"]), each["half"], name, each["channel"], each["cause"], str(each["due_on"] or ""))
    console.print(table)
    for each in document["unplaced"]:
        console.print(f"no place: {each['customer']['name']}: {each['reason']}", markup=False, highlight=False)
    console.print(
        f"{document['placed']} placed, {len(document['unplaced'])} not; worth {document['value']} of at most"
        f" {document['bound']} points ({document['gap']:.2%} away), {document['seconds']} s, {document['status']}",
        highlight=False,
    )
