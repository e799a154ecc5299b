"""A thousand random schedules without a line: the real outbox in a real Chromium against a real server.

Most run in one page with a failing line in front of the real one; some kill the tab while it sends, some the server.
What counts is read from the database: every note that was kept is there once, in order, under its author's name.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench import serving
from bench.report import Row, keep, kept_in

SCRIPT = (Path(__file__).parent / "pocket_schedules.js").read_text("utf-8")
IN_PAGE, TABS, SERVERS = 900, 80, 20
TOGETHER = 6  # schedules after which the line is good once
PORT = serving.PORT + 2
CUSTOMERS = "2000"
PEOPLE = """
    SELECT s.id, s.code, (SELECT array_agg(c.id) FROM (SELECT id FROM customers_customer c WHERE c.rm_id = s.id
    ORDER BY id LIMIT 6) c) FROM people_staff s WHERE s.role = 'rm' AND s.is_active
    AND EXISTS (SELECT 1 FROM customers_customer c WHERE c.rm_id = s.id) ORDER BY s.id LIMIT 2"""
ARRIVED = "SELECT client_key::text, staff_id, id FROM pocket_note WHERE client_key = ANY(%s::uuid[]) ORDER BY id"
CONTACTS = """
    SELECT count(*), count(*) FILTER (WHERE i.staff_id <> n.staff_id) FROM pocket_note n
    LEFT JOIN interactions_interaction i ON i.client_key = n.client_key
    WHERE n.kind = 'contact' AND n.client_key = ANY(%s::uuid[]) AND i.id IS NOT NULL"""


@dataclass
class Server:
    """`keybook serve` on a bank, in a process group of its own that can be killed and started again."""

    home: Path
    port: int = PORT
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it answers."""
        hidden = {"DATABASE_URL", "DATABASE_WEB_URL", "DJANGO_SETTINGS_MODULE", "KEYBOOK_SECRET_KEY", "KEYBOOK_AS_WEB"}
        environment = {key: value for key, value in os.environ.items() if key not in hidden}
        command = [str(Path(sys.executable).parent / "keybook"), "serve", "--port", str(self.port), "--workers", "1"]
        with (self.home / "pocket.log").open("ab") as said:
            self.process = subprocess.Popen(
                command, stdout=said, stderr=said, start_new_session=True,
                env=environment | {"KEYBOOK_HOME": str(self.home), "KEYBOOK_SETTINGS": "demo"},
            )  # fmt: skip
        until = time.monotonic() + 90
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.url}/accounts/login/", timeout=2)  # noqa: S310
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise serving.NotServingError(f"No server on port {self.port}: {(self.home / 'pocket.log').read_text()[-400:]}")

    def kill(self) -> None:
        """SIGKILL, in the middle of whatever it does."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """End it in order."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


@dataclass
class Run:
    """What the schedules wrote and what became of it."""

    schedules: int = 0
    wrote: list[tuple[str, int]] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def verdict(self, connection: Any) -> dict[str, int]:
        """Count what was lost, doubled, out of order or under another name."""
        with connection.cursor() as cursor:
            cursor.execute(ARRIVED, [[key for key, _staff in self.wrote]])
            arrived = cursor.fetchall()
            cursor.execute(CONTACTS, [[key for key, _staff in self.wrote]])
            contacts, under_another = cursor.fetchone()
        place = {key: at for at, (key, _staff, _id) in enumerate(arrived)}
        author = {key: staff for key, staff, _id in arrived}
        known = [(key, staff) for key, staff in self.wrote if key in place]
        swapped = sum(
            place[one] > place[two]
            for staff in {staff for _key, staff in known}
            for one, two in pairwise([key for key, who in known if who == staff])
        )
        return {
            "schedules": self.schedules, "notes": len(self.wrote), "contacts": contacts,
            "lost": sum(key not in place for key, _staff in self.wrote), "left": len(self.left),
            "twice": len(arrived) - len(place), "out of order": swapped,
            "under another name": under_another + sum(author[key] != staff for key, staff in known),
        }  # fmt: skip


def people(connection: Any) -> list[dict[str, Any]]:
    """Two relationship managers, each with a few customers of their own."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE)
        return [{"staff": staff, "code": code, "customers": ids} for staff, code, ids in cursor.fetchall()]


def connect(home: Path) -> Any:
    """A connection to the bank's own PostgreSQL, as its owner."""
    import psycopg

    from keybook import database

    address = database.start_embedded(home / "postgres")
    return psycopg.connect(
        dbname="keybook", user=address.user, password=address.password, host=address.host, port=address.port or None,
        autocommit=True,
    )  # fmt: skip


def _page(context: Any, url: str) -> Any:
    """The page without a line, with the schedules in it."""
    page = context.new_page()
    page.goto(f"{url}/pocket/")
    page.evaluate(SCRIPT)
    return page


def in_page(page: Any, run: Run, who: list[dict[str, Any]], seeds: range) -> None:
    """Schedules in one page, a failing line in front of the real one."""
    for seed in seeds:
        made = page.evaluate("([seed, who]) => schedules.run(seed, who)", [seed, who])
        run.wrote += [(one["key"], one["staff"]) for one in made["wrote"]]
        run.faults.update(made["faults"])
        run.schedules += 1
        if run.schedules % TOGETHER == 0:  # what one left waiting meets the next one's faults
            _end(page, who)
    run.left = _end(page, who)


def _end(page: Any, who: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everybody comes back with a good line, as often as a minute's tries would be; what still waits then is left."""
    for _again in range(5):
        left: list[dict[str, Any]] = page.evaluate("who => schedules.end(who)", who)
        if not left:
            break
    return left


def cut_short(context: Any, url: str, run: Run, who: list[dict[str, Any]], seeds: range, server: Server | None) -> None:
    """Schedules in which the tab, or the server, is killed while something is being written and sent."""
    for seed in seeds:
        page = _page(context, url)
        heard: list[tuple[str, int]] = []
        page.expose_function("told", lambda key, staff, heard=heard: heard.append((key, staff)))
        page.evaluate("([seed, who]) => { schedules.run(seed, who, told).catch(() => {}); }", [seed, who])
        page.wait_for_timeout(random.Random(seed).uniform(20, 400))
        if server:
            server.kill()
            page.wait_for_timeout(30)
        page.close()
        if server:
            server.start()
        run.faults["server killed" if server else "tab killed"] += 1
        run.schedules += 1
        page = _page(context, url)
        run.left = _end(page, who)
        page.close()
        run.wrote += heard


def schedules(browser: Any, server: Server, counts: tuple[int, int, int], *, seed: int) -> dict[str, int]:
    """Run so many schedules in a page, with killed tabs and with killed servers; give the verdict."""
    began, run = time.perf_counter(), Run()
    with connect(server.home) as connection:
        who = people(connection)
        context = browser.new_context(service_workers="block")
        page = _page(context, server.url)
        in_page(page, run, who, range(seed, seed + counts[0]))
        page.close()
        cut_short(context, server.url, run, who, range(seed + 10_000, seed + 10_000 + counts[1]), None)
        cut_short(context, server.url, run, who, range(seed + 20_000, seed + 20_000 + counts[2]), server)
        context.close()
        run.seconds = time.perf_counter() - began
        print(f"{run.schedules} schedules in {run.seconds:.0f} s: {dict(run.faults)}", file=sys.stderr)
        return run.verdict(connection)


def measure() -> list[Row]:
    """A thousand schedules on a small demo bank."""
    from playwright.sync_api import sync_playwright

    home = kept_in() / "pocket"
    home.mkdir(exist_ok=True)
    _bank(home)
    server = Server(home)
    server.start()
    try:
        with sync_playwright() as engine:
            browser = engine.chromium.launch(executable_path=os.environ.get("KEYBOOK_CHROMIUM") or None)
            found = schedules(browser, server, (IN_PAGE, TABS, SERVERS), seed=1)
            browser.close()
    finally:
        server.stop()
    wrong = {name: found[name] for name in ("lost", "left", "twice", "out of order", "under another name")}
    rows = [
        Row("random schedules without a line", f"{found['schedules']:,} with {found['notes']:,} notes", "1,000",
            "1,000", well=found["schedules"] >= 1000),
        *[Row(f"notes {name}", str(count), "0", "0", well=count == 0) for name, count in wrong.items()],
    ]  # fmt: skip
    keep("pocket", rows)
    return rows


def _bank(home: Path) -> None:
    """Make the small bank once: serve the demo until it answers, then stop it."""
    if (home / "pocket.ready").exists():
        return
    command = [str(Path(sys.executable).parent / "keybook"), "demo", "--port", str(PORT), "--customers", CUSTOMERS]
    with serving._running(command, PORT, {"KEYBOOK_HOME": str(home), "KEYBOOK_SETTINGS": "demo"}, home / "demo.log"):  # noqa: SLF001
        (home / "pocket.ready").touch()
