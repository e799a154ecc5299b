"""Where the lake keeps its files, and the manifest that says which of them count.

    raw/ checked/<feed>/date=YYYY-MM-DD/<sha12>.parquet rejected/ snapshot/date=… features/date=… signals/date=…

A file is written aside and renamed, and only then entered into `manifest/<feed>.json`, which is itself renamed into
place: a reader that asks `checked_files` never sees half a file, nor a file and its correction together. A crash
leaves at most a file that nobody asks for.

A file is known by `feed`, `date` and `source` (its name): another content under the same three replaces the earlier
one. Its `fingerprint` covers the bytes, the mapping entry and the look-up files: the same fingerprint changes nothing.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from keybook.lake.contract import FEEDS


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rows were kept aside: a code for programs, a sentence for people, how many, and one example."""

    code: str
    column: str
    sentence: str
    count: int
    example: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One source file in the lake and what became of its rows; paths are relative to the lake, empty if there is none."""

    feed: str
    date: dt.date
    source: str
    fingerprint: str
    rows_in: int
    loaded: int
    kept_aside: int
    reasons: tuple[Reason, ...] = ()
    path: str = ""
    rejected: str = ""

    @property
    def slot(self) -> str:
        """What a corrected file replaces."""
        return f"{self.date.isoformat()}|{self.source}"


def checked_files(lake: Path, feed: str, until: dt.date) -> list[Path]:
    """The checked Parquet files of a feed with a business date on or before `until`, oldest first.

    Each has the columns of `FEEDS[feed].arrow_schema` and one more, `file_date` (date32): the business date of the
    file, the same as in the folder `date=…`. Read them as a list of files, with hive partitioning off: the `balance`
    feed has a column `date` of its own.
    """
    return [lake / entry.path for entry in entries(lake, feed) if entry.path and entry.date <= until]


def entries(lake: Path, feed: str) -> list[Entry]:
    """What the manifest of a feed holds, by date and then source."""
    if feed not in FEEDS:
        raise KeyError(feed)
    return sorted(_manifest(lake, feed).values(), key=lambda entry: (entry.date, entry.source))


def entry_for(lake: Path, feed: str, date: dt.date, source: str) -> Entry | None:
    """The entry that a file of this feed, date and name would replace."""
    return _manifest(lake, feed).get(f"{date.isoformat()}|{source}")


def file_date(path: Path) -> dt.date:
    """The business date in the path of a checked file."""
    return dt.date.fromisoformat(path.parent.name.removeprefix("date="))


def checked_path(feed: str, date: dt.date, fingerprint: str, kept_aside: int = 0) -> str:
    """Where a checked file goes, relative to the lake: another name for every other content."""
    less = f"-{kept_aside}" if kept_aside else ""
    return f"checked/{feed}/date={date.isoformat()}/{fingerprint[:12]}{less}.parquet"


def rejected_path(feed: str, date: dt.date, fingerprint: str) -> str:
    """Where the rows of a file that were kept aside go, relative to the lake."""
    return f"rejected/{feed}/date={date.isoformat()}/{fingerprint[:12]}.csv"


def record(lake: Path, entry: Entry) -> Entry | None:
    """Enter a file whose Parquet is in place, and return the entry it replaced; the replaced file is removed."""
    with _locked(lake, entry.feed):
        manifest = _manifest(lake, entry.feed)
        before = manifest.get(entry.slot)
        manifest[entry.slot] = entry
        text = json.dumps([asdict(one) for one in manifest.values()], default=str, ensure_ascii=False, indent=0)
        with written_aside(lake / "manifest" / f"{entry.feed}.json") as aside:
            aside.write_text(text, encoding="utf-8")
    if before is not None:
        kept = {entry.path, entry.rejected}
        for path in {before.path, before.rejected} - kept - {""}:
            (lake / path).unlink(missing_ok=True)
    return before


@contextmanager
def written_aside(target: Path) -> Iterator[Path]:
    """Give a path to write to, and rename what was written to `target` when the block ends well and left it there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.parent / f".{target.name}.{uuid.uuid4().hex}"
    try:
        yield aside
        if aside.exists():
            with aside.open("rb") as written:
                os.fsync(written.fileno())
            aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def _manifest(lake: Path, feed: str) -> dict[str, Entry]:
    path = lake / "manifest" / f"{feed}.json"
    if not path.exists():
        return {}
    manifest = {}
    for fields in json.loads(path.read_text(encoding="utf-8")):
        fields["date"] = dt.date.fromisoformat(fields["date"])
        fields["reasons"] = tuple(Reason(**reason) for reason in fields["reasons"])
        entry = Entry(**fields)
        manifest[entry.slot] = entry
    return manifest


@contextmanager
def _locked(lake: Path, feed: str) -> Iterator[None]:
    folder = lake / "manifest"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f".{feed}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
