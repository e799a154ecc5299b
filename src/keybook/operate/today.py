"""Today on the command line: the same query as the page, as text or as JSON."""

from __future__ import annotations

import datetime as dt
import json

from rich.console import Console
from rich.table import Table


def show(*, rm_code: str, date: dt.date | None, as_json: bool) -> None:
    """Print one relationship manager's ranked list for a day on standard output."""
    from keybook.apps.desk.queries.today import ranked

    document = ranked(rm_code=rm_code, date=date)
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=2, default=str))  # noqa: T201  the face is stdout
        return
    console = Console()
    table = Table(
        "#", "Customer", "Why", "At stake", "By", "How", "Points", title=f"{document['rm']} · {document['date']}"
    )
    for line in document["lines"]:
        why = ", ".join(f"{reason['kind']} {reason['points']}" for reason in line["reasons"])
        how = f"{line['channel']} {line['hour'] or ''}".strip()
        table.add_row(
            str(line["rank"]), f"{line['customer']['name']} {line['customer']['number'] or ''}", why,
            f"{line['stake']} {line['currency']}", str(line["due_on"]), how, str(line["priority"]),
        )  # fmt: skip
    console.print(table)
