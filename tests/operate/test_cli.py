"""The command line: help for every command, and one clear sentence with exit code 2 for bad input."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from keybook import cli

COMMANDS = [
    "demo", "serve", "worker", "migrate", "simulate", "feed", "feed load", "staff", "staff add", "staff password", "nightly",
    "today", "doctor",
]  # fmt: skip


def keybook(*arguments: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the keybook command in a home of its own, as a person would."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("KEYBOOK_", "DJANGO_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "-m", "keybook", *arguments],
        env={**env, "KEYBOOK_HOME": str(home), "COLUMNS": "200", **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    done = CliRunner().invoke(cli.app, [*command.split(), "--help"])
    assert done.exit_code == 0
    assert "Usage" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nightly", "--date", "1994-02-30"], "is not a date"),
        (["nightly"], "Missing option"),
        (["feed", "load", "nowhere"], "There is no folder or file nowhere"),
        (["feed", "load", ".", "--map", "no.toml"], "There is no mapping no.toml"),
        (["simulate", "--profile", "grand"], "There is no profile"),
        (["simulate", "--until", "tomorrow"], "is not a date"),
        (["serve", "--port", "99999"], "less than or equal to 65535"),
        (["today", "--rm", "X", "--date", "31.3.1994"], "is not a date"),
        (["dance"], "No such command"),
    ],
)
def test_bad_input_is_refused_with_one_sentence_and_exit_code_two(
    arguments: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["keybook", *arguments])
    monkeypatch.setattr(cli, "start", lambda *_where, **_how: pytest.fail("it began to work"))
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    said = capsys.readouterr()
    assert stopped.value.code == 2
    assert sentence in " ".join((said.err + said.out).split())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nightly", "--date", "2999-01-01"], "has not come yet"),
        (["serve", "--host", "0.0.0.0"], "for this machine only"),  # noqa: S104  refused is the point
        (["dance"], "No such command"),
    ],
)
def test_what_only_the_running_program_can_tell_is_refused_in_the_same_way(
    arguments: list[str], sentence: str, tmp_path: Path, installed: Callable[[Path], Path]
) -> None:
    done = keybook(*arguments, home=installed(tmp_path / "home"))
    assert done.returncode == 2, done.stderr
    assert sentence in " ".join((done.stderr + done.stdout).split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("sqlite:///bank.db", "must begin with postgresql://"),
        ("postgresql://owner:a/b@db:5432/keybook", "The port in DATABASE_URL is no number"),
        ("postgresql://owner:hidden@127.0.0.1:1/keybook", "The database does not answer"),
    ],
)
def test_a_database_that_cannot_be_reached_is_one_sentence_without_the_password(
    address: str, sentence: str, tmp_path: Path
) -> None:
    done = keybook("today", "--rm", "X", home=tmp_path, DATABASE_URL=address, KEYBOOK_SETTINGS="demo")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert sentence in done.stderr
    assert "hidden" not in done.stderr


def test_a_home_that_cannot_be_made_is_refused_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = keybook("doctor", home=tmp_path / "file" / "home")
    assert done.returncode == 2
    assert "cannot be made" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_load_ends_with_its_sum_and_the_file_of_rejected_rows(
    tmp_path: Path, installed: Callable[[Path], Path]
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "branch_2026-11-20.csv").write_text("code,name\nB1,North\n,Nameless\n")
    (files / "product_2026-11-20.csv").write_text("code,name,kind\n")
    done = keybook("feed", "load", str(files), home=installed(tmp_path / "home"))
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "2 files: 2 rows in = 1 loaded + 1 kept aside."
    assert "product_2026-11-20.csv: it holds no rows." in done.stderr
    said = next(line for line in done.stderr.splitlines() if "the rows kept aside are in" in line)
    assert "Nameless" in Path(said.rpartition(" in ")[2]).read_text()
