"""The next best contacts on the command line: the same query as the page, as text or as JSON."""

from __future__ import annotations

import json

from rich.console import Console
from rich.table import Table


def show(*, rm_code: str, as_json: bool) -> None:
    """Print what is proposed for one relationship manager's book, the most worth first."""
    from keybook.apps.desk.queries.today import NoSuchBankerError
    from keybook.apps.people.models import Staff
    from keybook.apps.proposals.queries.documents import book_of

    staff = Staff.objects.filter(code__iexact=rm_code).first()
    if staff is None:
        raise NoSuchBankerError(f"Nobody here has the code {rm_code}.")
    found = book_of(staff=staff)
    if as_json:
        print(json.dumps({"rm": rm_code, "next": found}, ensure_ascii=False, indent=2))  # noqa: T201  the face is stdout
        return
    table = Table("Customer", "Theme", "How", "At stake", "Chance", "Urgency", "Worth", title=rm_code)
    for one in found:
        chance = one["chance"]["answer"]["mean"] * one["chance"]["taken_up"]["mean"]
        table.add_row(
            one["customer"]["name"], one["theme"], f"{one['channel']} {one['hour'] or ''}".strip(),
            f"{one['value']} {one['currency']}", f"{chance:.0%}", f"{one['urgency']:.2f}", one["worth"],
        )  # fmt: skip
    Console().print(table)
