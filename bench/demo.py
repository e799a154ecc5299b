"""`make demo` in a fresh clone without an environment, to its first page; and again."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench.report import ROOT, Row, keep
from bench.serving import PORT

PATIENCE = 900


class NoPageError(Exception):
    """`make demo` showed no page in time, or ended; the sentence holds what it said last."""


def measure() -> list[Row]:
    """Clone what is committed, make the demo, take its first page, stop it, and do so again."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "keybook"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        first, again = _until_the_first_page(clone), _until_the_first_page(clone)
    rows = [
        Row("`make demo`, first time, to the first page", f"{first:.0f} s", "< 180 s", "90 s", well=first < 180),
        Row("`make demo`, again", f"{again:.1f} s", "< 20 s", "8 s", well=again < 20),
    ]
    keep("demo", rows)
    return rows


def _until_the_first_page(clone: Path) -> float:
    """Seconds from the command to the first whole page."""
    clean = {
        key: value for key, value in os.environ.items() if not key.startswith(("KEYBOOK_", "DJANGO_", "VIRTUAL_ENV"))
    }
    log = clone / "demo.log"
    began = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["make", "demo", f"PORT={PORT}"],
            cwd=clone,
            env=clean,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while time.perf_counter() - began < PATIENCE and process.poll() is None:
            if _answers():
                return time.perf_counter() - began
            time.sleep(0.1)
        raise NoPageError(f"make demo showed no page: {log.read_text()[-600:]}")
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers() -> bool:
    """Whether a page is there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=5) as answer:
            return b"</html>" in answer.read()
    except (urllib.error.URLError, OSError):
        return False
