"""A real Chromium against a real `keybook demo`: one small bank for all journeys, one fresh browser context for each.

KEYBOOK_JOURNEY_URL (with KEYBOOK_JOURNEY_HOME, its folder) drives a server that runs already; KEYBOOK_CHROMIUM names
the browser, KEYBOOK_CHROMIUM_SHELL the same without the frame of a window, which takes a quarter less of the processor.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, expect, sync_playwright

UNTIL = "2026-11-23"
CUSTOMERS = "2000"
QUIET, PATIENCE = 0.1, 30.0  # seconds
expect.set_options(timeout=15_000)  # as long as a click waits: the other tests run beside
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-default-apps", "--disable-sync", "--no-first-run", "--disable-dev-shm-usage",
]  # fmt: skip
NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(event.violatedDirective + " " + event.blockedURI + " " + event.sample));
"""
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
OF_COLOURS = ("color-contrast", "link-in-text-block")  # the rules of these that see a colour
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of one journey go to one worker, which has a bank of its own; the look at every page by its theme."""
    for item in items:
        if "journeys" in item.path.parts:
            theme = next((each for each in ("[light", "[dark") if each in item.name), "")
            item.add_marker(pytest.mark.xdist_group(item.path.stem + theme))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes], log: Path, patience: int = 240) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"keybook demo ended with {process.returncode}:\n{log.read_text()[-3000:]}")
        try:
            urllib.request.urlopen(f"{url}/accounts/login/", timeout=2)  # noqa: S310
        except OSError:
            time.sleep(0.3)
        else:
            return
    pytest.fail(f"keybook demo did not answer in {patience} s:\n{log.read_text()[-3000:]}")


class Served(str):
    """The address of a served bank, which knows the folder the bank lies in."""

    __slots__ = ("home",)
    home: Path | None


def _served(url: str, home: Path | None) -> Served:
    address = Served(url)
    address.home = home
    return address


HIDDEN = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "KEYBOOK_SECRET_KEY", "KEYBOOK_TEST_HOME"}
KEYBOOK = str(Path(sys.executable).parent / "keybook")


def _environment(home: Path) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in HIDDEN} | {"KEYBOOK_HOME": str(home)}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo bank as it was made, once for all workers; each serves a copy of its own."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if os.environ.get("PYTEST_XDIST_WORKER") else shared
    made = shared / "made"
    with (shared / "made.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one makes it, the others wait
        if not (made / "ready").exists():
            command = [KEYBOOK, "demo", "--no-serve", "--customers", CUSTOMERS, "--until", UNTIL]
            done = subprocess.run(command, env=_environment(made), capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr[-3000:]
            (made / "ready").touch()
    return made


@contextmanager
def served_bank(folder: Path, *, until: str = UNTIL, customers: str = CUSTOMERS) -> Iterator[Served]:
    """A demo bank made and served in this folder until the test lets go of it."""
    port, log = _free_port(), folder / "log.txt"
    command = [KEYBOOK, "demo", "--port", str(port), "--customers", customers, "--until", until]
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env=_environment(folder / "home"))
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process, log)
        yield _served(url, folder / "home")
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def run_night(bank: Served, date: str) -> None:
    """Run the night of a business date beside the served bank, as its administrator would."""
    assert bank.home is not None
    done = subprocess.run(
        [KEYBOOK, "nightly", "--date", date], env=_environment(bank.home), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Served]:
    """The address of a served demo bank of 2,000 customers."""
    if given := os.environ.get("KEYBOOK_JOURNEY_URL"):
        folder_given = os.environ.get("KEYBOOK_JOURNEY_HOME")
        yield _served(given.rstrip("/"), Path(folder_given) if folder_given else None)
        return
    folder = tmp_path_factory.mktemp("bank")
    made = request.getfixturevalue("built")
    subprocess.run(
        ["cp", "-a", str(made), str(folder / "home")], check=True
    )  # with its owners: PostgreSQL never runs as root
    with served_bank(folder) as address:
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, started once."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The machine's Chromium, without the frame of a window where KEYBOOK_CHROMIUM_SHELL names one that has none."""
    path = os.environ.get("KEYBOOK_CHROMIUM_SHELL") or whole()
    browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield browser
    browser.close()


def whole() -> str | None:
    """Where the whole browser is."""
    return os.environ.get("KEYBOOK_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@dataclass
class Desk:
    """One browser window of one person, that writes down everything that should not happen.

    `first` is the address of the first customer in their Book, once it was looked up.
    """

    page: Page
    context: BrowserContext
    bank: str
    hosts: set[str] = field(default_factory=set)
    flying: set[Request] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    first: str = ""

    def asked(self, request: Request) -> None:
        """Something is on its way."""
        self.hosts.add(request.url.split("/")[2])
        self.flying.add(request)

    def answered(self, request: Request) -> None:
        """It is here, or never will be."""
        self.flying.discard(request)

    def go(self, path: str) -> None:
        """Open a page and wait until it is quiet."""
        self.flying.clear()  # what the page before had asked for concerns nobody now
        self.page.goto(self.bank + path)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing has been on its way for a tenth of a second; Playwright's own quiet is half of one."""
        quiet_since, until = time.monotonic(), time.monotonic() + PATIENCE
        while (now := time.monotonic()) < quiet_since + QUIET:
            assert now < until, f"still loading: {[request.url for request in self.flying]}"
            self.page.wait_for_timeout(20)
            quiet_since = time.monotonic() if self.flying else quiet_since

    def sign_in(self, role: str = "rm") -> None:
        """Enter as the first persona of a role with one click."""
        self.go("/accounts/login/")
        with self.page.expect_navigation():
            self.page.locator(f"[data-role={role}] button.persona, button.persona[data-role={role}]").first.click()
        self.settle()

    def enter(self, code: str) -> None:
        """Enter as one persona by their staff number."""
        self.go("/accounts/login/")
        with self.page.expect_navigation():
            self.page.locator(f"form:has(input[value={code}]) button.persona").click()
        self.settle()

    def violations(self) -> list[str]:
        """What the content policy had to stop on this page."""
        return list(self.page.evaluate("window.violations"))

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def axe(self, *rules: str) -> list[str]:
        """What axe finds against WCAG A and AA, or against these rules, once nothing fades in any more."""
        self.page.evaluate(
            "Promise.race([Promise.allSettled(document.getAnimations().map((each) => each.finished)), "
            "new Promise((done) => setTimeout(done, 2000))])"
        )
        if not self.page.evaluate("window.axe !== undefined"):
            self.page.evaluate(AXE)
        found: dict[str, Any] = self.page.evaluate(
            "(only) => axe.run(document, {runOnly: only, resultTypes: ['violations']})",
            {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": list(WCAG)},
        )
        return [
            f"{one['id']}: {node['target']} {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
            for one in found["violations"]
            for node in one["nodes"][:3]
        ]

    def clean(self) -> None:
        """Nothing was asked of another host, no script failed, the content policy had nothing to stop."""
        assert self.hosts <= {self.bank.removeprefix("http://")}
        assert self.errors == []
        assert self.violations() == []


def _meant(said: str) -> bool:
    """A refusal, or a request that htmx replaced by a newer one (hx-sync), which it calls an error."""
    return "status of 4" in said or said.startswith(("htmx:sendAbort", "htmx:afterRequest"))


def open_desk(chromium: Browser, bank: str, **how: Any) -> Desk:
    """A new window: width, height, color_scheme, locale as Playwright names them."""
    size = {"width": how.pop("width", 1440), "height": how.pop("height", 900)}
    context = chromium.new_context(viewport=size, reduced_motion="reduce", **how)
    context.add_init_script(NOTE_VIOLATIONS)
    context.set_default_timeout(15000)
    desk = Desk(context.new_page(), context, bank)
    desk.page.on("request", desk.asked)
    desk.page.on("requestfinished", desk.answered)
    desk.page.on("requestfailed", desk.answered)
    desk.page.on("pageerror", lambda error: desk.errors.append(str(error)))
    desk.page.on(
        "console",
        lambda said: desk.errors.append(said.text) if said.type == "error" and not _meant(said.text) else None,
    )
    return desk


@pytest.fixture
def desk(chromium: Browser, bank: str) -> Iterator[Desk]:
    """A window of 1440 by 900 that ended clean."""
    opened = open_desk(chromium, bank)
    yield opened
    opened.clean()
    opened.context.close()
