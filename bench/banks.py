"""The banks the numbers are measured on, and commands run with their time and memory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.report import ROOT, kept_in

UNTIL = "2026-11-20"
LARGE, SMALL = 1_000_000, 100_000


class FailedError(Exception):
    """A command of the bench ended badly; the sentence holds the end of what it said."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command said, how long it took, and its largest memory (MB, children in, PostgreSQL out)."""

    said: str
    seconds: float
    megabytes: float


def keybook(home: Path, *arguments: str) -> Done:
    """Run `keybook …` on the bank in `home`."""
    return run(
        [str(Path(sys.executable).parent / "keybook"), *arguments], KEYBOOK_HOME=str(home), KEYBOOK_SETTINGS="demo"
    )


def run(command: list[str], *, cwd: Path = ROOT, **more: str) -> Done:
    """Run a command to its end, looking at its memory ten times a second."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=cwd, env={**os.environ, **more}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    watched, most = psutil.Process(process.pid), 0.0
    while True:
        try:
            said, errors = process.communicate(timeout=0.1)
            break
        except subprocess.TimeoutExpired:
            most = max(most, _weigh(watched))
    if process.returncode:
        raise FailedError(f"{' '.join(command[-4:])} ended with {process.returncode}: {errors[-600:]}")
    return Done(said, time.perf_counter() - began, most)


def _weigh(process: psutil.Process) -> float:
    """Resident megabytes of a process and its children but PostgreSQL."""
    total = 0
    try:
        for each in [process, *process.children(recursive=True)]:
            if "postgres" not in each.name():
                total += each.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total / 2**20


def facts(home: Path) -> dict[str, Any]:
    """What is known of the bank in `home`; empty when it is not finished."""
    path = home / "bench.json"
    return json.loads(path.read_text()) if path.exists() else {}


def build(customers: int, *, fresh: bool = False, past: bool = True) -> Path:
    """A bank of the profile `bench`, made, loaded, published and (unless told not to) given its past."""
    home = kept_in() / f"bank-{customers}"
    known = facts(home)
    if fresh or not known:
        say(f"making a bank of {customers:,} customers")
        if home.exists():
            stop_database(home)
            shutil.rmtree(home)
        home.mkdir(parents=True)
        files = str(home / "files")
        hold_database(home)
        made = keybook(
            home, "simulate", "--profile", "bench", "--customers", str(customers), "--until", UNTIL, "--out", files
        )
        keybook(home, "migrate")
        say("loading it")
        loaded = keybook(home, "feed", "load", files, "--json")
        say("the night")
        night = keybook(home, "nightly", "--date", UNTIL, "--json")
        known = {
            "made": [made.seconds, made.megabytes], "loaded": [loaded.seconds, loaded.megabytes],
            "night": [night.seconds, night.megabytes], "steps": json.loads(night.said), "past": False,
        }  # fmt: skip
        (home / "bench.json").write_text(json.dumps(known))
    hold_database(home)
    keybook(home, "migrate")  # a kept bank may be older than the tables of today
    if past and not known["past"]:
        say("a million contacts")
        code = (
            "import django; django.setup(); from pathlib import Path; "
            "from keybook.apps.desk.demo import load_history, settle; "
            f"load_history(Path({str(home / 'files' / 'history')!r})); settle()"
        )
        run([sys.executable, "-c", code], KEYBOOK_HOME=str(home), DJANGO_SETTINGS_MODULE="keybook.settings.demo")
        (home / "bench.json").write_text(json.dumps({**known, "past": True}))
    return home


def hold_database(home: Path) -> None:
    """Start the private PostgreSQL of this bank for as long as the bench runs, so that commands need not."""
    from keybook import database

    database.start_embedded(home / "postgres")


def stop_database(home: Path) -> None:
    """Stop the private PostgreSQL of this folder, should one run."""
    try:
        number = int((home / "postgres" / "postmaster.pid").read_text().split()[0])
        process = psutil.Process(number)
        if "postgres" in process.name():
            process.terminate()
            process.wait(30)
    except (OSError, ValueError, IndexError, psutil.Error):
        return


def say(what: str) -> None:
    """Tell whoever waits what is being done."""
    print(f"  … {what}", file=sys.stderr, flush=True)
