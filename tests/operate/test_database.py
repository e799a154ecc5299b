"""The private PostgreSQL: it starts, is joined, and comes back from a kill -9 of everything."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from keybook import database

WRITER = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from keybook import database
    address = database.start_embedded(Path(sys.argv[1]))
    database.ensure_database(address, "keybook")
    connection = database.connect(address, "keybook")
    connection.execute("CREATE TABLE IF NOT EXISTS said (n int PRIMARY KEY)")
    n = connection.execute("SELECT coalesce(max(n), 0) FROM said").fetchone()[0]
    while True:
        n += 1
        connection.execute("INSERT INTO said VALUES (%s)", (n,))
        print(n, flush=True)
""")


def kill_everything(writer: subprocess.Popen[str], folder: Path) -> None:
    """Send SIGKILL to the writer, the server and all its backends, as a power cut would."""
    postmaster = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
    for process in [postmaster, *postmaster.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):  # a backend may end by itself once the postmaster is gone
            process.send_signal(signal.SIGKILL)
    os.kill(writer.pid, signal.SIGKILL)


def test_what_was_acknowledged_survives_killing_everything_three_times(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("pg") / "postgres"
    acknowledged = 0
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            first = int(writer.stdout.readline())
            assert acknowledged < first <= acknowledged + 2, "one row may be stored whose acknowledgement was cut off"
            for _ in range(200):
                acknowledged = int(writer.stdout.readline())
            kill_everything(writer, folder)
            acknowledged = max([acknowledged, *(int(line) for line in writer.stdout.read().split() if line)])
    address = database.start_embedded(folder)
    with database.connect(address, "keybook") as connection:
        row = connection.execute("SELECT count(*), max(n) FROM said").fetchone()
    assert row is not None
    assert row[0] == row[1]
    assert row[1] >= acknowledged


def test_two_that_begin_at_once_make_one_database(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("pg") / "postgres"
    code = (
        "import sys; from pathlib import Path; from keybook import database as d; "
        "d.connect(d.start_embedded(Path(sys.argv[1])), 'postgres').close()"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, str(folder)]) for _ in range(2)]
    assert [each.wait(120) for each in both] == [0, 0]


def test_a_pid_file_with_another_programs_number_does_not_stop_the_start(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "postmaster.pid").write_text(f"{os.getpid()}\n")
    database._forget_the_dead(folder)
    assert not (folder / "postmaster.pid").exists()


def test_a_lock_file_that_is_just_being_written_is_not_taken_from_a_starting_server(tmp_path: Path) -> None:
    lock = tmp_path / "postmaster.pid"
    lock.write_text("")
    database._forget_the_dead(tmp_path)
    assert lock.exists()
    os.utime(lock, (0, 0))
    database._forget_the_dead(tmp_path)
    assert not lock.exists()


def test_a_server_that_is_just_dying_is_not_waited_for_until_the_patience_ends(tmp_path: Path) -> None:
    dying = tmp_path / "postgres"
    shutil.copy(shutil.which("sleep") or "", dying)
    lock, deadline = tmp_path / "postmaster.pid", time.monotonic() + 60
    address = database.Address(name="bank", user="anna", password="", host=str(tmp_path), port="")
    with subprocess.Popen([dying, "0.5"]) as process:
        lock.write_text(f"{process.pid}\n")
        with pytest.raises(psycopg.OperationalError):
            database._wait_until_it_answers(address, lock, deadline)
    assert time.monotonic() < deadline


@pytest.mark.parametrize("url", ["mysql://u@h/d", "sqlite:///x.db", "keybook"])
def test_any_other_database_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match="must begin with postgresql://"):
        database.parse(url)


def test_an_address_is_read_and_written_the_same_with_a_socket_folder() -> None:
    address = database.parse("postgresql://anna:s%40crt@/bank?host=/run/postgresql")
    assert address == database.Address(name="bank", user="anna", password="s@crt", host="/run/postgresql", port="")
    assert database.parse(database.url_of(address, name="bank")) == address


def test_an_address_is_read_and_written_the_same_over_tcp() -> None:
    address = database.parse("postgres://anna:x@db.example:6432/bank")
    assert database.parse(database.url_of(address, name="bank")) == address


def test_the_web_roles_address_never_carries_the_owners_password() -> None:
    address = database.parse("postgresql://owner:secret@db.example/bank")
    assert "secret" not in database.url_of(address, name="bank", user=database.WEB_ROLE)
