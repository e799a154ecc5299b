"""The page of the numbers: a part measured again is written anew, the others stand as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import report


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KEYBOOK_BENCH_HOME", str(tmp_path / "bench"))
    return tmp_path / "bench.md"


def test_what_was_measured_elsewhere_stays_on_the_page_when_one_part_is_measured(page: Path) -> None:
    report.keep("care", [report.Row("all", "55 s", "60 s", well=True)])
    report.keep("plan", [report.Row("one banker", "3 s", "5 s", well=True)])
    report.write(page)
    (report.kept_in() / "care.json").unlink()  # another machine knows nothing of it
    report.keep("plan", [report.Row("one banker", "6 s", "5 s", well=False)])
    report.write(page)
    text = page.read_text()
    assert "| all | 55 s | 60 s |" in text
    assert "| one banker | 6 s | 5 s |" in text
    assert "3 s" not in text
    assert text.count("## care") == text.count("## plan") == text.count("## How it is measured") == 1


def test_a_part_measured_nowhere_has_no_heading(page: Path) -> None:
    report.keep("plan", [report.Row("one banker", "3 s")])
    report.write(page)
    assert "## night" not in page.read_text()
