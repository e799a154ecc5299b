"""What is unsafe does not start, and says why in one sentence."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

GOOD = {
    "KEYBOOK_SECRET_KEY": "k3yb00k-9f8e7d6c5b4a-Zq1Ws2Xe3Dc4Rf5Vt6Gb7Yh8Nu9Jm0Kl", "KEYBOOK_HOSTS": "keybook.bank.example",
    "DATABASE_URL": "postgresql://owner@db/keybook", "DATABASE_WEB_URL": "postgresql://keybook_web@db/keybook",
}  # fmt: skip


def start(settings: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load these settings in a process of their own."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("KEYBOOK", "DATABASE", "DJANGO"))
    }
    return subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DEBUG; print('started')"],
        env={**clean, "DJANGO_SETTINGS_MODULE": settings, **environment},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_a_bank_starts_with_all_that_is_needed() -> None:
    assert start("keybook.settings.production", **GOOD).stdout == "started\n"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"KEYBOOK_SECRET_KEY": ""}, "Set KEYBOOK_SECRET_KEY"),
        ({"KEYBOOK_SECRET_KEY": "django-insecure-" + GOOD["KEYBOOK_SECRET_KEY"]}, "is an example key"),
        ({"KEYBOOK_SECRET_KEY": "short-but-random-1a2b3c"}, "is shorter than 50"),
        ({"KEYBOOK_SECRET_KEY": "xy" * 40}, "repeats a few characters"),
        ({"KEYBOOK_DEBUG": "1"}, "KEYBOOK_DEBUG"),
        ({"KEYBOOK_DEMO": "true"}, "KEYBOOK_DEMO"),
        ({"KEYBOOK_HOSTS": ""}, "Set KEYBOOK_HOSTS"),
        ({"KEYBOOK_HOSTS": "*"}, "may not be open"),
        ({"KEYBOOK_HOSTS": "a.example,.bank.example"}, "may not be open"),
        ({"DATABASE_URL": ""}, "Set DATABASE_URL"),
        ({"DATABASE_WEB_URL": "", "KEYBOOK_AS_WEB": "1"}, "Set DATABASE_WEB_URL"),
        ({"DATABASE_URL": "sqlite:///x.db"}, "postgresql://"),
    ],
)
def test_a_bank_is_refused_a_start_with(changed: dict[str, str], sentence: str) -> None:
    ended = start("keybook.settings.production", **{**GOOD, **changed})
    assert ended.returncode != 0
    assert "started" not in ended.stdout
    assert sentence in ended.stderr.strip().splitlines()[-1]


def test_the_key_of_the_demo_is_random_kept_and_readable_by_its_user_only(tmp_path: Path) -> None:
    from keybook.settings.demo import key_kept_in

    file = tmp_path / "home" / "demo.key"
    first = key_kept_in(file)
    assert len(first) > 60
    assert key_kept_in(file) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert key_kept_in(tmp_path / "other.key") != first
