"""The demo bank: made once, kept in its own folder, made again only when asked or when it was cut short."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

SATURDAY = 5


class Progress(Protocol):
    """Hears how far something has come."""

    def __call__(self, what: str, done: float = 0, total: float | None = None) -> None:
        """`done` of `total` of `what` is finished."""


class NotADemoError(Exception):
    """The folder holds something else than a demo bank, so it is not thrown away."""


def newest_workday(today: dt.date) -> dt.date:
    """Today, or the Friday before a weekend: the demo should open on a working day."""
    return today - dt.timedelta(days=max(0, today.weekday() - SATURDAY + 1))


def throw_away(folder: Path) -> None:
    """Delete the demo bank in `folder`, and only a demo bank."""
    if not any(folder.iterdir()):
        return
    if not (folder / "demo.json").exists():
        raise NotADemoError(f"{folder} is no demo bank, so it stays. Remove it by hand if you mean it.")
    shutil.rmtree(folder)
    folder.mkdir(parents=True)


def simulate(*, out: Path, seed: int, customers: int, until: dt.date, profile: str, progress: Progress) -> None:
    """Write the files of an invented bank into `out`."""
    from keybook.simulate import bank

    bank.simulate(seed=seed, customers=customers, until=until, out=out, profile=profile, progress=progress)


def build(*, folder: Path, seed: int, customers: int, until: dt.date, progress: Progress) -> None:
    """Make the demo bank in `folder` step by step; what is finished is not done twice."""
    marker = folder / "demo.json"
    state = json.loads(marker.read_text()) if marker.exists() else {}
    wanted = {"seed": seed, "customers": customers}
    if state and {key: state[key] for key in wanted} != wanted:
        raise NotADemoError(
            f"The demo bank in {folder} has {state['customers']:,} customers by seed {state['seed']}. "
            "Add --fresh to make another."
        )
    state = {**wanted, "until": until.isoformat(), "done": []} | state
    last = dt.date.fromisoformat(state["until"])
    if "tables" in state["done"]:  # made by an older version: its tables follow, its bank stays
        _follow(progress)
    for name, step in _steps(folder, seed, customers, last, progress):
        if name not in state["done"]:
            step()
            state["done"].append(name)
            marker.write_text(json.dumps(state))


def _follow(progress: Progress) -> None:
    """Bring the tables of a demo bank that was made before up to this version."""
    from keybook.operate import server

    if server.pending_migrations():
        server.bring_up_to_date(progress)


def _steps(
    folder: Path, seed: int, customers: int, last: dt.date, progress: Progress
) -> list[tuple[str, Callable[[], object]]]:
    """The steps from an empty folder to a bank that can be worked in."""
    from keybook.operate import server

    bank = folder / "bank"
    return [
        ("tables", lambda: server.bring_up_to_date(progress)),
        (
            "files",
            lambda: simulate(out=bank, seed=seed, customers=customers, until=last, profile="demo", progress=progress),
        ),
        ("load", lambda: _load(bank, last, progress)),
        ("night", lambda: _night(last, progress)),
        ("history", lambda: _history(bank)),
    ]


def _load(bank: Path, last: dt.date, progress: Progress) -> None:
    from keybook.apps.feeds.commands import load

    load(folder=bank, mapping=None, today=last, progress=progress)


def _night(last: dt.date, progress: Progress) -> None:
    from keybook.apps.reminders.nightly import run_night

    run_night(date=last, progress=progress)


def _history(bank: Path) -> None:
    """Tell the demo bank its past, then decide anew what follows from it for Today."""
    from keybook.apps.campaigns.demo import seed
    from keybook.apps.desk.demo import load_history, settle, stand_ins
    from keybook.apps.events.demo import seed as seed_events
    from keybook.apps.people.queries import bank as bank_facts
    from keybook.apps.reminders.commands import day_of

    load_history(folder=bank / "history")
    stand_ins()
    seed(day=day_of(bank_facts()))
    seed_events(day=day_of(bank_facts()))
    settle()
