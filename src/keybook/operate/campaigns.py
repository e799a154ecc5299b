"""Campaigns on the command line: what the board and one campaign show, as text or as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table


class NoSuchCampaignError(Exception):
    """Nobody here sees a campaign of that number; the sentence says so."""


def board(*, as_json: bool) -> None:
    """Print every campaign of the bank, the newest first, with its counts."""
    from keybook.apps.campaigns.queries.documents import document
    from keybook.apps.campaigns.queries.shown import board as read

    cards = read(scope=_everybody())
    if as_json:
        _print_json([{**document(each.campaign), "counts": asdict(each.count)} for each in cards])
        return
    table = Table("No.", "Campaign", "State", "From", "Until", "Contacts", "Done", "Open", "Interested", "Held out")
    for each in cards:
        row, count = each.campaign, each.count
        numbers = (count.contact, count.done, count.open, count.interested, count.holdout)
        table.add_row(str(row.pk), row.name, row.state, str(row.from_on), str(row.until_on), *map(str, numbers))
    Console().print(table)


def show(*, campaign_id: int, as_json: bool) -> None:
    """Print one campaign and how far each banker has come."""
    from keybook.apps.campaigns.queries.documents import document
    from keybook.apps.campaigns.queries.seen import campaign_of
    from keybook.apps.campaigns.queries.shown import progress

    scope = _everybody()
    row = campaign_of(scope=scope, campaign_id=campaign_id)
    if row is None:
        raise NoSuchCampaignError(f"There is no campaign {campaign_id}.")
    bankers = progress(scope=scope, campaign_id=campaign_id)
    if as_json:
        _print_json({**document(row), "bankers": [asdict(each) for each in bankers]})
        return
    title = f"{row.name} · {row.state} · {row.from_on} – {row.until_on}"
    table = Table("Banker", "Contacts", "Done", "Open", "Interested", "Declined", "Not now", "In vain", title=title)
    for each in bankers:
        count = each.count
        numbers = (
            count.contact,
            count.done,
            count.open,
            count.interested,
            count.declined,
            count.dismissed,
            count.expired,
        )
        table.add_row(each.name, *map(str, numbers))
    Console().print(table)


def _everybody() -> Any:
    """Who runs commands on the server sees all of it."""
    from keybook.apps.people.scope import Scope

    return Scope(staff_id=0, role="", everything=True)


def _print_json(found: Any) -> None:
    print(json.dumps(found, ensure_ascii=False, indent=2, default=str))  # noqa: T201  the face is stdout
