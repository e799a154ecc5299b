"""Run everything CI checks, part by part; say at the end what had to be left out, and why."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET  # our own test report, not a stranger's file
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

BIN = Path(sys.executable).parent
REPORT = Path(".test-home/report")
SHELL = "chromium-headless-shell"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Run:
    """What was run, what failed, and what was left out and why; `aside` keeps what a part says until it is told."""

    failed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    passed: int = 0
    broken: int = 0
    aside: bool = False
    said: list[str] = field(default_factory=list)

    def part(self, name: str, *command: str, env: dict[str, str] | None = None) -> bool:
        """Run one part and remember whether it held."""
        self._say(f"\n── {name}")
        began = time.monotonic()
        done = subprocess.run(
            command, env={**os.environ, **(env or {})}, check=False, text=True,
            stdout=subprocess.PIPE if self.aside else None, stderr=subprocess.STDOUT if self.aside else None,
        )  # fmt: skip
        if self.aside:
            self._say(done.stdout)
        self._say(f"── {name}: {'ok' if done.returncode == 0 else 'FAILED'}, {time.monotonic() - began:.0f} s")
        if done.returncode:
            self.failed.append(name)
        return done.returncode == 0

    def tell(self, other: Run) -> None:
        """Say what a run aside has said, and count what it found as one's own."""
        print("\n".join(other.said), flush=True)
        self.failed += other.failed
        self.left_out += other.left_out
        self.passed, self.broken = self.passed + other.passed, self.broken + other.broken

    def _say(self, line: str) -> None:
        if self.aside:
            self.said.append(line)
        else:
            print(line, flush=True)

    def tests(self, name: str, *arguments: str, env: dict[str, str] | None = None) -> None:
        """Run one pytest part; each skipped test counts as left out."""
        report = REPORT / f"{name.replace(' ', '-')}.xml"
        report.unlink(missing_ok=True)
        self.part(name, str(BIN / "pytest"), f"--junitxml={report}", *arguments, env=env)
        if not report.exists():
            return
        for case in ET.parse(report).iter("testcase"):  # noqa: S314  written by our own run
            skipped, broken = case.find("skipped"), case.find("failure") is not None or case.find("error") is not None
            self.broken += broken
            self.passed += skipped is None and not broken
            if skipped is not None:
                self.left_out.append(f"{case.get('name')}: {skipped.get('message')}")


def install(package: str, finds: tuple[str, ...]) -> str | None:
    """Find a program, or fetch the Debian package that has it when we may; return where it is."""
    if found := next(filter(None, map(shutil.which, finds)), None):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Fetching {package} …", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package],
            check=False, stdout=subprocess.DEVNULL, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )  # fmt: skip
    return next(filter(None, map(shutil.which, finds)), None)


def chromium() -> str | None:
    """Find Chromium, or fetch it: by Debian's package, else by Playwright."""
    if found := install("chromium", CHROMIUMS):
        install("fonts-noto-cjk", ("fc-nothing",)) if not Path("/usr/share/fonts/opentype/noto").exists() else None
        return found
    subprocess.run([str(BIN / "playwright"), "install", "chromium"], check=False)
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))
    return next((str(path) for path in cache.glob("chromium-*/chrome-linux*/chrome")), None)


def java() -> str | None:
    """Find Java 17 or fetch it by Debian's package."""
    home = os.environ.get("JAVA_HOME")
    if home and (Path(home) / "bin/java").exists():
        return str(Path(home) / "bin/java")
    return install("openjdk-17-jre-headless", ("java",))


def static_checks(run: Run) -> None:
    """Style, size, types, layers, texts."""
    run.part("style", str(BIN / "ruff"), "check", "src", "tests", "scripts", "bench")
    run.part("format", str(BIN / "ruff"), "format", "--check", "-q", "src", "tests", "scripts", "bench")
    run.part("size", sys.executable, "scripts/gates.py")
    run.part("types", str(BIN / "mypy"), "src/keybook", "scripts", env={"DATABASE_URL": "postgresql://nobody@/unused"})
    run.part("layers", str(BIN / "lint-imports"))
    run.part("texts", sys.executable, "-m", "keybook.web.messages", "check")


def spark_checks(run: Run) -> None:
    """The lake on Spark, which starts for half a minute."""
    if java():
        run.tests("spark", "-m", "spark", "tests/lake")
    else:
        run.left_out.append("the tests on Spark: no Java 17 was found (JAVA_HOME or PATH), and none could be fetched")


def dynamic_checks(run: Run) -> None:
    """Unit and app tests with coverage; three at a time on two cores, because many wait for a server or a process."""
    cover = ["--cov=keybook.core", "--cov=keybook.apps", "--cov-branch", "--cov-report="]
    # One reads all tests, so that bytecode lies ready; three at once would each compile everything.
    run.part("collect", str(BIN / "pytest"), "--collect-only", "-qqq", "-m", "not spark and not browser", "tests")
    run.tests("tests", "-n3", "-m", "not spark and not browser", *cover, "tests")
    coverage = str(BIN / "coverage")
    run.part(
        "core covered", coverage, "report", "--include=src/keybook/core/*", "--fail-under=100", "--skip-covered", "-m"
    )
    run.part("apps covered", coverage, "report", "--include=src/keybook/apps/*", "--fail-under=90", "--skip-covered")


def browser_checks(run: Run) -> None:
    """The journeys; three browsers at a time, because each waits for its server and its server for it."""
    if browser := chromium():
        # without the frame of a window it draws the same pages with a quarter less of the processor
        light = install(SHELL, (SHELL,)) or browser
        where = {"KEYBOOK_CHROMIUM": browser, "KEYBOOK_CHROMIUM_SHELL": light}
        run.tests("browser", "-n3", "--dist=loadgroup", "-m", "browser", "tests/journeys", env=where)
    else:
        run.left_out.append("the journeys in the browser: no Chromium was found, and none could be fetched")


def main() -> int:
    """Run all parts and return 0 only if every one held and, in CI, none was left out."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="leave out Spark and the browser")
    options = arguments.parse_args()
    REPORT.mkdir(parents=True, exist_ok=True)
    run = Run()
    beside = Run(aside=True)
    with ThreadPoolExecutor(1) as pool:  # these wait much, for one another and for servers: the tests run meanwhile
        waiting = [pool.submit(static_checks, beside)]
        if not options.quick:
            waiting += [pool.submit(spark_checks, beside), pool.submit(browser_checks, beside)]
        dynamic_checks(run)
        for each in waiting:
            each.result()
    run.tell(beside)
    print("\n" + ("Left out:" if run.left_out else "Nothing was left out."))
    for line in run.left_out:
        print(f"  {line}")
    for name in run.failed:
        print(f"FAILED: {name}")
    strict = os.environ.get("KEYBOOK_NOTHING_LEFT_OUT") == "1"
    print(f"{run.passed} passed, {run.broken} failed, {len(run.left_out)} skipped")
    return 1 if run.failed or (strict and run.left_out) else 0


if __name__ == "__main__":
    sys.exit(main())
