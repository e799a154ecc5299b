"""Loading the bank's files from the command line."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from keybook.operate.home import current

if TYPE_CHECKING:
    from keybook.lake.intake import IntakeReport
    from keybook.operate.demo import Progress


def bank_of(mapping: Path | None) -> str | None:
    """The home of the bank that a mapping speaks of; None to stay with the bank used last.

    A mapping for another bank never pours its files into the demo bank: it gets a folder named after the mapping.
    """
    if mapping is None or current() == mapping.stem:
        return None
    return mapping.stem.lower() if current() in {"demo", "bank"} else None


def day_at_the_bank() -> dt.date:
    """The calendar day where the bank is; this machine's day as long as no bank is known."""
    from keybook.apps.people.models import Bank

    zone = Bank.objects.filter(pk=1).values_list("time_zone", flat=True).first()
    return dt.datetime.now(ZoneInfo(zone) if zone else None).date()


def load(*, folder: Path, mapping: Path | None, progress: Progress) -> Sequence[IntakeReport]:
    """Load the files of a folder, or one file, as of the calendar day where the bank is."""
    from keybook.apps.feeds.commands import load as load_files

    return load_files(folder=folder, mapping=mapping, today=day_at_the_bank(), progress=progress)


def print_reports(reports: Sequence[IntakeReport], *, as_json: bool, console: Console) -> None:
    """Print what became of each file, and where the rejected rows are."""
    if as_json:
        rows = [
            {
                "feed": report.feed, "date": report.date.isoformat(), "file": report.source, "rows_in": report.rows_in,
                "loaded": report.loaded, "kept_aside": report.kept_aside, "status": report.status,
                "rejected": str(report.rejected_path or ""),
                "reasons": [{"code": r.code, "sentence": r.sentence, "count": r.count} for r in report.reasons],
            }
            for report in reports
        ]  # fmt: skip
        print(json.dumps(rows, ensure_ascii=False, indent=2))  # noqa: T201  standard output is the face here
        return
    table = Table("Feed", "File", "Date", "In", "Loaded", "Aside", "")
    for column in table.columns[3:6]:
        column.justify = "right"
    for report in reports:
        table.add_row(
            report.feed, report.source, str(report.date), f"{report.rows_in:,}", f"{report.loaded:,}",
            f"{report.kept_aside:,}", report.status,
        )  # fmt: skip
    console.print(table)
    for report in reports:
        if not report.rows_in and {reason.code for reason in report.reasons} <= {"absent_column", "extra_column"}:
            console.print(f"{report.source}: it holds no rows.", markup=False, highlight=False, soft_wrap=True)
        for reason in report.reasons:
            often = f"{reason.count:,} × " if reason.count else ""
            console.print(f"{report.source}: {often}{reason.sentence}", markup=False, highlight=False, soft_wrap=True)
        if report.rejected_path:
            console.print(
                f"{report.source}: the rows kept aside are in {report.rejected_path}",
                markup=False, highlight=False, soft_wrap=True,
            )  # fmt: skip
    console.print(summary(reports), markup=False, highlight=False)


def summary(reports: Sequence[IntakeReport]) -> str:
    """One sentence on all files: every row that came in was loaded or kept aside."""
    rows_in, loaded, aside = (
        sum(getattr(report, name) for report in reports) for name in ("rows_in", "loaded", "kept_aside")
    )
    files = "1 file" if len(reports) == 1 else f"{len(reports)} files"
    return f"{files}: {rows_in:,} rows in = {loaded:,} loaded + {aside:,} kept aside."
