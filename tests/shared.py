"""Where the folder of real data lies, if it is there at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def shared(name: str) -> Path:
    """A folder of the shared data; the test is skipped, and says so, when it is absent."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    path = Path(os.environ.get("KEYBOOK_SHARED_DATA", beside)) / name
    if not path.exists():
        pytest.skip(f"the shared data folder has no {name} here")
    return path
