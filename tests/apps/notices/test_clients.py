"""Calendar programs that others keep read our calendar over HTTP: vdirsyncer fetches it, khal and icalendar read it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from keybook.apps.notices.commands.feed import make_feed
from keybook.apps.reminders.models import Occasion, Promise
from tests.cast import NOON, make_cast, make_reminder

BIN = Path(sys.executable).parent
VDIRSYNCER = """
[general]
status_path = "{folder}/status/"
[pair keybook]
a = "there"
b = "here"
collections = null
[storage there]
type = "http"
url = "{url}"
[storage here]
type = "filesystem"
path = "{folder}/events/"
fileext = ".ics"
"""
KHAL = """
[calendars]
[[keybook]]
path = {folder}/events/
readonly = True
[locale]
local_timezone = Asia/Shanghai
default_timezone = Asia/Shanghai
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """One of the programs, with no home but the folder."""
    environment = {
        "HOME": str(folder),
        "PATH": str(BIN),
        "LC_ALL": "C.UTF-8",
        "LANG": "C.UTF-8",
        "VDIRSYNCER_CONFIG": f"{folder}/v",
    }
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_vdirsyncer_fetches_the_calendar_and_khal_lists_it_without_complaint(live_server, tmp_path: Path) -> None:
    cast = make_cast()
    Promise.objects.create(
        customer=cast.zhang, staff=cast.alice, text="Call back; 带上 合同, 复印件", due_on=dt.date(2026, 11, 27)
    )
    Promise.objects.create(customer=cast.osei, staff=cast.alice, text="长" * 150, due_on=dt.date(2026, 11, 28))
    Occasion.objects.create(customer=cast.osei, kind="opening", month=12, day=1, label="Opening")
    make_reminder(customer=cast.zhang)
    token = make_feed(staff=cast.alice, amounts=True, at=NOON)
    (tmp_path / "v").write_text(VDIRSYNCER.format(folder=tmp_path, url=f"{live_server.url}/calendar/{token}.ics"))
    (tmp_path / "k").write_text(KHAL.format(folder=tmp_path))
    (tmp_path / "events").mkdir()
    for step in ("discover", "sync"):
        done = run(str(BIN / "vdirsyncer"), step, folder=tmp_path)
        assert done.returncode == 0, done.stderr
    assert not [line for line in done.stderr.splitlines() if line.startswith(("warning", "error"))], done.stderr
    assert len(list((tmp_path / "events").glob("*.ics"))) == 5
    listed = run(str(BIN / "khal"), "-c", str(tmp_path / "k"), "list", "2026-11-23", "30d", folder=tmp_path)
    assert listed.returncode == 0, listed.stderr
    assert listed.stderr == ""
    for said in (
        "Zhang Wei: Call back; 带上 合同, 复印件",
        "Kwame Osei: Opening",
        "Zhang Wei: maturity",
        "Zhang Wei: birthday",
        "长" * 20,
    ):
        assert said in listed.stdout
    Promise.objects.all().delete()
    assert run(str(BIN / "vdirsyncer"), "sync", folder=tmp_path).returncode == 0
    assert len(list((tmp_path / "events").glob("*.ics"))) == 3
