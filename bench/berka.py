"""A real Czech bank, all feeds, by its mapping, to Today."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from bench import banks
from bench.report import ROOT, Row, keep, kept_in


def shared() -> Path:
    """The folder of real data, beside the checkout or as KEYBOOK_SHARED_DATA says."""
    return Path(os.environ.get("KEYBOOK_SHARED_DATA", ROOT.parent / "shared" / "data"))


def measure() -> list[Row]:
    """Load and run the night in a new home; its tables are made before."""
    files = shared() / "berka"
    if not files.is_dir():
        rows = [Row("Berka, all feeds, to Today", f"left out: {files} is not here", "< 30 s, < 2 GB", "10 s")]
        keep("berka", rows)
        return rows
    home = kept_in() / "berka"
    if home.exists():
        banks.stop_database(home)
        shutil.rmtree(home)
    home.mkdir()
    banks.keybook(home, "migrate")
    loaded = banks.keybook(home, "feed", "load", str(files), "--map", str(ROOT / "mappings" / "berka.toml"), "--json")
    night = banks.keybook(home, "nightly", "--date", "1994-03-31", "--json")
    steps = {step["step"]: step for step in json.loads(night.said)}
    count = sum(report["loaded"] for report in json.loads(loaded.said))
    seconds, most = loaded.seconds + night.seconds, max(loaded.megabytes, night.megabytes)
    rows = [
        Row(f"Berka, all feeds ({count:,} rows), to Today ({steps['rank']['lines']:,} lines)",
            f"{seconds:.1f} s ({loaded.seconds:.1f} load, {night.seconds:.1f} night), {most:,.0f} MB", "< 30 s, < 2 GB",
            "10 s", well=seconds < 30 and most < 2048),
    ]  # fmt: skip
    keep("berka", rows)
    return rows
