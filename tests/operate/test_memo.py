"""`keybook memo read`: one text or a file of them, without a bank; bad options are one sentence."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from keybook.operate import memo
from tests.operate.test_cli import keybook

AT = "2016-11-07T16:12"


def read(text: str, capsys: pytest.CaptureFixture[str], **more: str) -> dict[str, Any]:
    memo.show(text=text, lang=more.get("lang", ""), at=more.get("at", AT), as_json=True)
    return json.loads(capsys.readouterr().out)


def test_a_line_is_printed_with_every_entity_and_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    said = read("下周三给张先生13800138000回电，45万", capsys)
    found = {(one["kind"], one["text"]): one for one in said["entities"]}
    assert said["lang"] == "zh"
    assert said["at"] == AT
    assert found["date", "下周三"]["readings"] == [{"value": "2016-11-16"}]
    assert found["phone", "13800138000"]["readings"] == [{"value": "13800138000"}]
    assert found["money", "45万"]["readings"] == [{"value": "450000"}]
    assert all(said["text"][one["start"] :][: one["length"]] == one["text"] for one in said["entities"])


def test_money_has_its_unit_and_a_day_both_its_readings(capsys: pytest.CaptureFixture[str]) -> None:
    said = read("USD 1.2m matures 15/8", capsys)
    found = {one["kind"]: one for one in said["entities"]}
    assert found["money"]["readings"] == [{"value": "1200000", "unit": "USD"}]
    assert {one["sense"] for one in found["date"]["readings"]} == {"past", "future"}


def test_what_no_calendar_has_is_printed_with_its_trouble_and_without_a_reading(
    capsys: pytest.CaptureFixture[str],
) -> None:
    one = next(one for one in read("2月30日到期", capsys)["entities"] if one["kind"] == "date")
    assert (one["trouble"], one["readings"]) == ("no_such_day", [])


def test_the_day_within_a_moment_is_marked_as_inside(capsys: pytest.CaptureFixture[str]) -> None:
    found = {
        one["text"]: one["inside"]
        for one in read("下周三下午三点", capsys)["entities"]
        if one["kind"].startswith("date")
    }
    assert found["下周三下午三点"] is False
    assert found["下周三"] is True


def test_a_lunar_day_is_turned_into_a_solar_one(capsys: pytest.CaptureFixture[str]) -> None:
    said = read("农历八月十五", capsys)
    values = [reading for one in said["entities"] for reading in one["readings"]]
    assert any(reading.get("calendar") == "lunar" and reading["value"] == "2017-10-04" for reading in values)


def test_without_json_it_is_a_table(capfd: pytest.CaptureFixture[str]) -> None:
    memo.show(text="三块五 [b] 2月30日 10", lang="", at=AT, as_json=False)
    said = capfd.readouterr().out
    assert "3.5" in said
    assert "no_such_day" in said


def test_a_text_that_says_nothing_is_told_so(capfd: pytest.CaptureFixture[str]) -> None:
    memo.show(text="hello", lang="", at="", as_json=False)
    assert "Nothing found" in capfd.readouterr().out


def test_a_file_gives_a_line_for_each_line_and_bad_ones_do_not_stop_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rows = [
        b'{"text": "450k", "id": 7}', b"not json", b"", b'{"id": "x"}', b"\xff", b'{"text": "a", "lang": "fr"}', b'{"text": "a", "at": "soon"}',
        b'{"text": "a", "lang": 3}', b"[" * 100_000, '{"text": "明天", "at": "2016-11-07"}'.encode(), b'{"text": "\\ud800 5%"}',
    ]  # fmt: skip
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"\n".join(rows))
    seen: list[float] = []
    memo.read_file(path=path, lang="", at=AT, progress=lambda _what, done, _total: seen.append(done))
    said = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert len(said) == len(rows)
    assert said[0]["id"] == 7
    assert [("error" in one) for one in said] == [False, *[True] * 8, False, False]
    assert said[1]["line"] == 2
    assert said[9]["entities"][0]["readings"] == [{"value": "2016-11-08"}]
    assert seen[-1] == path.stat().st_size


def test_many_lines_show_how_far_it_is(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"text": "5"}\n' * 120)
    seen: list[float] = []
    memo.read_file(path=path, lang="en", at=AT, progress=lambda _what, done, _total: seen.append(done))
    assert len(seen) == 3
    assert len(capfd.readouterr().out.splitlines()) == 120


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["memo", "read"], "There is no text to read"),
        (["memo", "read", "--lang", "fr", "x"], "There is no language “fr” here"),
        (["memo", "read", "--at", "yesterday", "x"], "“yesterday” is not a moment"),
        (["memo", "read", "--batch", "nowhere.jsonl"], "There is no file nowhere.jsonl"),
        (["memo", "read", "--batch", "nowhere.jsonl", "x"], "not both"),
        (["memo", "read", "--batch", "x", "--lang", "fr"], "There is no language “fr” here"),
    ],
)
def test_bad_options_are_refused_with_one_sentence(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    done = keybook(*arguments, home=tmp_path)
    assert done.returncode == 2
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []  # no bank is made for it


def test_the_command_reads_from_the_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    path = tmp_path / "in"
    path.write_text('{"text": "20万美元"}\n', encoding="utf-8")
    with path.open(encoding="utf-8") as source:
        monkeypatch.setattr("sys.stdin", source)
        memo.read_file(path=Path("-"), lang="", at=AT, progress=lambda *_: None)
    assert json.loads(capfd.readouterr().out)["entities"][0]["readings"] == [{"value": "200000", "unit": "USD"}]


def test_a_long_hostile_text_is_read_in_time() -> None:
    memo.document_of(text="load the grammars 明天", lang="", at=AT)
    for text in (
        "1" * 10_000,
        "一二" * 5_000,
        "(" * 3_000,
        "1 " * 1_000,
        "+1-" * 1_000,
        "one and " * 300,
        "💰" * 9_000,
        "$5 " * 700,
    ):
        begin = time.process_time()
        memo.document_of(text=text, lang="", at=AT)
        assert time.process_time() - begin < 5, text[:8]


def test_a_bad_option_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(memo.MemoInputError, match="There is no text"):
        memo.show(text=" ", lang="", at="", as_json=True)
    with pytest.raises(memo.MemoInputError, match="There is no file"):
        memo.read_file(path=tmp_path / "none", lang="", at="", progress=lambda *_: None)
