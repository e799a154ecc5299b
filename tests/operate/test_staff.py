"""`keybook staff` on a bank of its own, with nothing loaded: the first administrator, asked at a real terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

LONG = "a-heron-on-the-quay"
Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(home: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("KEYBOOK_", "DJANGO_", "DATABASE_"))}
    return {**kept, "KEYBOOK_HOME": str(home), "COLUMNS": "200"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, installed: Callable[[Path], Path]) -> Path:
    """A new installation with its first administrator."""
    folder = installed(tmp_path_factory.mktemp("staff") / "home")
    done = run(folder, "add", "A1", "--name", "Ida Berg", "--role", "admin", "--branch", "HQ")
    assert done.returncode == 0, done.stderr
    assert "keybook staff password A1" in done.stderr
    return folder


def run(home: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "keybook", "staff", *arguments], env=environment(home), input=typed,
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def at_a_terminal(home: Path, *answers: str) -> tuple[int, str]:
    """Answer the questions of `staff password A1` at a pseudo-terminal; gives the exit code and all that was shown."""
    pid, line = pty.fork()
    if pid == 0:  # the child: the command itself
        os.execve(sys.executable, [sys.executable, "-m", "keybook", "staff", "password", "A1"], environment(home))  # noqa: S606
    shown, waiting = "", list(answers)
    while True:
        try:
            shown += os.read(line, 4096).decode()
        except OSError:  # the terminal closes when the command ends
            break
        if waiting and shown.rstrip(" ").endswith(":"):
            os.write(line, waiting.pop(0).encode() + b"\n")
            shown += "\n"
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown


def test_the_password_is_asked_twice_and_never_shown(home: Path) -> None:
    code, shown = at_a_terminal(home, LONG, LONG)
    assert code == 0, shown
    assert "New password of A1:" in shown
    assert "The same again:" in shown
    assert "The password of A1 is changed." in shown
    assert LONG not in shown


def test_two_passwords_that_differ_are_refused(home: Path) -> None:
    code, shown = at_a_terminal(home, LONG, LONG + "x")
    assert code == 2
    assert "Not changed: the two passwords differ." in shown


def test_one_line_of_standard_input_is_a_password(home: Path) -> None:
    done = run(home, "password", "a1", "--stdin", typed=LONG + "\nand more\n")
    assert (done.returncode, done.stderr) == (0, "The password of A1 is changed.\n")


@pytest.mark.parametrize(
    ("arguments", "typed", "sentence"),
    [
        (["password", "A9", "--stdin"], LONG, "There is no staff number A9."),
        (["password", "A1", "--stdin"], "short", "Not changed: This password is too short."),
        (["password", "A1", "--stdin"], "", "Standard input holds no password"),
        (["password", "A1"], LONG, "There is no terminal to ask on."),
        (["add", "A1", "--name", "Ida", "--role", "admin", "--branch", "HQ"], "", "The staff number A1 is taken."),
        (["add", "A2", "--name", "Ida", "--role", "king", "--branch", "HQ"], "", "There is no role “king”."),
        (["add", "A2", "--name", "Ida", "--role", "rm", "--branch", "B7"], "", "There is no branch “B7”."),
    ],
)  # fmt: skip
def test_a_refusal_is_one_sentence_and_exit_code_two(
    home: Path, arguments: list[str], typed: str, sentence: str
) -> None:
    done = run(home, *arguments, typed=typed)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert LONG not in done.stderr
