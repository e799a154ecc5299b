"""The table: what was measured, what is asked, what is aimed at, and the floor beside it."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
PARTS = (
    "demo",
    "memo",
    "pages",
    "first",
    "notices",
    "berka",
    "intake",
    "night",
    "care",
    "team",
    "plan",
    "pocket",
    "handover",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `well` is whether the least asked is reached, None where nothing is asked."""

    what: str
    measured: str
    asked: str = ""
    aim: str = ""
    floor: str = ""
    ratio: str = ""
    well: bool | None = None


def kept_in() -> Path:
    """The folder of the bench's banks and results."""
    folder = Path(os.environ.get("KEYBOOK_BENCH_HOME", ROOT / "var" / "bench"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep(part: str, rows: Iterable[Row]) -> None:
    """Keep the rows of one part, so that the table stays whole when only a part is run again."""
    stamp = dt.datetime.now(tz=dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
    (kept_in() / f"{part}.json").write_text(
        json.dumps({"measured_at": stamp, "rows": [asdict(row) for row in rows]}, ensure_ascii=False, indent=1)
    )


def known() -> list[tuple[str, str, list[Row]]]:
    """Part, time and rows of everything measured so far."""
    found = []
    for part in PARTS:
        path = kept_in() / f"{part}.json"
        if path.exists():
            data = json.loads(path.read_text())
            found.append((part, data["measured_at"], [Row(**row) for row in data["rows"]]))
    return found


def show() -> None:
    """Print the table."""
    table = Table("what", "measured", "at least", "aim", "floor", "ratio", "")
    for _part, _at, rows in known():
        for row in rows:
            mark = {True: "✓", False: "✗", None: ""}[row.well]
            table.add_row(row.what, row.measured, row.asked, row.aim, row.floor, row.ratio, mark)
        table.add_section()
    Console(width=150).print(table)


def write(path: Path = ROOT / "docs" / "bench.md") -> None:
    """Write the table and the machine into docs/bench.md; parts that were not measured here stay as they are."""
    lines = [
        "# The numbers", "",
        "Written by `make bench` (`python -m bench`; parts: " + ", ".join(f"`{part}`" for part in PARTS) + ").",
        "Only ratios to a floor taken in the same run travel between machines.", "", f"Machine: {machine()}.", "",
    ]  # fmt: skip
    measured, before = {part: (at, rows) for part, at, rows in known()}, sections(path)
    for part in PARTS:
        if part not in measured:  # not measured on this machine: what the page says of it stands
            lines += before.get(part, [])
            continue
        at, rows = measured[part]
        lines += [f"## {part}", "", f"Measured {at}.", ""]
        lines += ["| what | measured | at least | aim | floor | ratio | |", "|---|---|---|---|---|---|---|"]
        lines += [
            f"| {row.what} | {row.measured} | {row.asked} | {row.aim} | {row.floor} | {row.ratio} | "
            f"{ {True: 'reached', False: '**missed**', None: ''}[row.well] } |"
            for row in rows
        ]
        lines.append("")
    path.write_text("\n".join([*lines, (ROOT / "bench" / "method.md").read_text()]))


def sections(path: Path) -> dict[str, list[str]]:
    """The lines of the page under each part's heading, the heading included."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in path.read_text().splitlines() if path.exists() else ():
        name = line[3:] if line.startswith("## ") else name
        if name in PARTS:
            found.setdefault(name, []).append(line)
    return found


def machine() -> str:
    """What the numbers were measured on."""
    cpu = ""
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    version = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    return (
        f"{os.cpu_count()} cores ({cpu or platform.machine()}), {memory:.0f} GB, {platform.system()} "
        f"{platform.release().split('-')[0]}, Python {platform.python_version()}, commit {version or 'unknown'}"
    )
