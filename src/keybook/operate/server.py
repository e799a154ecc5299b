"""The web server and the job worker as processes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keybook.operate.demo import Progress


class _Counted(io.StringIO):
    """Where Django writes what it applies; tells a progress bar how many of the changes have begun."""

    def __init__(self, progress: Progress, total: int) -> None:
        super().__init__()
        self._progress, self._total, self._begun = progress, total, 0

    def write(self, text: str, /) -> int:
        """Count the line of one migration."""
        if "Applying " in text:
            self._begun += 1
            self._progress("tables", self._begun, max(self._total, self._begun))
        return len(text)


def bring_up_to_date(progress: Progress | None = None) -> None:
    """Bring the tables up to the version of the code."""
    from django.core.management import call_command

    if progress is None:
        call_command("migrate", interactive=False, verbosity=0)
    else:
        call_command("migrate", interactive=False, stdout=_Counted(progress, len(pending_migrations())))


def pending_migrations() -> list[str]:
    """The migrations that the database has not had yet, as app.name."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def hand_database_to_workers() -> None:
    """Tell the web workers where the database is, as the role that row-level security binds."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    from keybook import database

    entry = {key: str(value) for key, value in settings.DATABASES["default"].items()}
    address = database.Address(
        name=entry["NAME"], user=entry["USER"], password=entry["PASSWORD"], host=entry["HOST"], port=entry["PORT"]
    )
    os.environ["KEYBOOK_AS_WEB"] = "1"
    if os.environ.get("DATABASE_URL") and not os.environ.get("DATABASE_WEB_URL") and not settings.DEMO:
        raise ImproperlyConfigured(
            "Set DATABASE_WEB_URL: the web server connects as keybook_web, which row-level security binds."
        )
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_WEB_URL"] = database.url_of(address, name=address.name, user=database.WEB_ROLE)
        os.environ["DATABASE_URL"] = database.url_of(address, name=address.name)


def serve(*, host: str, port: int, workers: int, threads: int, pid_file: Path | None = None) -> None:
    """Serve the faces until told to stop; the embedded database stops with this process."""
    from django.conf import settings
    from django.db import connections

    hand_database_to_workers()
    connections.close_all()
    beside = (
        _planner_beside() if settings.DEMO else None
    )  # a bank runs its own worker; the demo has nobody to start one
    try:
        _granian(host=host, port=port, workers=workers, threads=threads, pid_file=pid_file)
    finally:
        if beside is not None:
            beside.terminate()
            beside.wait(20)


def _planner_beside() -> subprocess.Popen[bytes]:
    """A worker of the demo for the plans of a branch only: it sends nothing and runs no night."""
    own = {key: value for key, value in os.environ.items() if key != "KEYBOOK_AS_WEB"}
    return subprocess.Popen([sys.executable, "-m", "keybook", "worker", "--queue", "plans", "--with-parent"], env=own)


def _granian(*, host: str, port: int, workers: int, threads: int, pid_file: Path | None) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "keybook.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        blocking_threads_idle_timeout=600,
        websockets=False,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        pid_file=pid_file,
    ).serve()


def work(*, concurrency: int, wait: bool = True, queue: str = "", with_parent: bool = False) -> None:
    """Run queued and nightly jobs until told to stop; with `wait` off, only those that are queued now.

    `queue` names the only queue to look at; `with_parent` ends the worker when the process that started it has ended,
    however it ended.
    """
    from procrastinate.contrib.django import app

    if with_parent:
        threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]  # a DjangoConnector
    worker.run_worker(
        concurrency=concurrency,
        wait=wait,
        install_signal_handlers=wait,
        name="keybook",
        queues=[queue] if queue else None,
    )


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)
