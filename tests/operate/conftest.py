"""An installation with its tables, made once a run for whoever needs one of their own."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

OURS = ("KEYBOOK_", "DJANGO_", "DATABASE_")


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Gives a fresh installation at a place: a copy of one that `keybook migrate` has made."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if os.environ.get("PYTEST_XDIST_WORKER") else shared
    made = shared / "installed"
    with (shared / "installed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one makes it, the others wait
        if not (made / "ready").exists():
            own = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
            subprocess.run(
                [sys.executable, "-m", "keybook", "migrate"], env={**own, "KEYBOOK_HOME": str(made)}, check=True,
                capture_output=True,
            )  # fmt: skip
            (made / "ready").touch()

    def install(at: Path) -> Path:
        subprocess.run(["cp", "-a", str(made), str(at)], check=True)  # with its owners: PostgreSQL never runs as root
        return at

    return install
