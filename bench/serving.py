"""Start and stop servers, and weigh their workers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.report import ROOT

PORT, EMPTY_PORT = (
    int(os.environ.get("KEYBOOK_BENCH_PORT", "8100")),
    int(os.environ.get("KEYBOOK_BENCH_PORT", "8100")) + 1,
)


class NotServingError(Exception):
    """A server did not come up; the sentence says which."""


@contextmanager
def keybook(home: Path, *, port: int = PORT, workers: int = 2) -> Iterator[psutil.Process]:
    """`keybook serve` on the bank in `home`."""
    command = [str(Path(sys.executable).parent / "keybook"), "serve", "--port", str(port), "--workers", str(workers)]
    with _running(
        command, port, {"KEYBOOK_HOME": str(home), "KEYBOOK_SETTINGS": "demo"}, home / "serve.log"
    ) as process:
        yield process


@contextmanager
def empty(home: Path, *, port: int = EMPTY_PORT) -> Iterator[psutil.Process]:
    """The empty view on the same server with the same workers and threads."""
    code = (
        "from granian import Granian; from granian.constants import Interfaces; "
        f"Granian('bench.empty:application', address='127.0.0.1', port={port}, interface=Interfaces.WSGI, workers=2, "
        "blocking_threads=4, log_level='warning').serve()"
    )
    with _running([sys.executable, "-c", code], port, {}, home / "empty.log") as process:
        yield process


@contextmanager
def _running(command: list[str], port: int, more: dict[str, str], log: Path) -> Iterator[psutil.Process]:
    """Run a server in a session of its own until the block ends; then stop it and what it started."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **more}, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            _wait(process, port, log)
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path, patience: float = 120) -> None:
    """Return when the port answers."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            time.sleep(1)  # the second worker
            return
    raise NotServingError(f"{process.args!r} does not serve: {log.read_text()[-400:]}")


def worker_megabytes(server: psutil.Process) -> float:
    """The memory of the web workers together, pages they share counted once; the worker that plans is none of them."""
    workers = [
        child
        for child in server.children(recursive=True)
        if "postgres" not in child.name() and "worker" not in child.cmdline()
    ]
    total: int = sum(worker.memory_full_info().pss for worker in workers)
    return total / 2**20
