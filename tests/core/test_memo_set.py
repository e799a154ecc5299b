"""Two hundred lines as relationship managers write them: every field right, no date and no amount silently wrong."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keybook.calendars import lunar_table
from keybook.core.memo import Draft, Part
from keybook.core.memo_draft import Setting, draft

AT = dt.datetime(2026, 11, 23, 10, 32)
LINES = [
    json.loads(line) for line in (Path(__file__).parent / "memo_set.jsonl").read_text(encoding="utf-8").splitlines()
]
FIELDS = (
    "name",
    "phone",
    "channel",
    "money",
    "institution",
    "product",
    "maturity",
    "promise",
    "occasion",
    "effect",
    "topic",
    "questions",
)
LEAST = 0.98


def read(text: str) -> Draft:
    return draft(text=text, at=AT, setting=Setting(table=lunar_table()))


def once(values: list[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


def days(part: Part) -> list[str]:
    """Days and moments as they are, an interval as its two ends."""
    return [end for choice in part.choices for end in choice.value.split("/")]


def occasion(part: Part) -> dict[str, Any]:
    return {"kind": part.role, "days": [{"calendar": one.unit, "day": one.value} for one in part.choices]}


def understood(line: Draft) -> dict[str, Any]:
    """A draft in the words of the set."""
    effects = once([part.choices[0].value for part in line.all("effect")])
    return {
        "name": once([part.choices[0].value for part in line.all("name") if part.role == "customer"]),
        "phone": [part.choices[0].value for part in line.all("phone") if part.role == "customer" and part.choices],
        "channel": once([part.choices[0].value for part in line.all("channel")]),
        "money": [
            {"amounts": [choice.value for choice in part.choices], "currency": part.choices[0].unit}
            for part in line.all("money")
        ],
        "institution": [part.choices[0].value if part.choices else None for part in line.all("institution")],
        "product": once([part.choices[0].value for part in line.all("product")]),
        "maturity": [days(part) for part in line.all("maturity") if part.trouble != "no_such_day"],
        "promise": [{"act": part.role, "on": days(part)} for part in (*line.all("promise"), *line.all("reminder"))],
        "occasion": sorted((occasion(part) for part in line.all("occasion")), key=str),
        "effect": ["ended"] if "ended" in effects else effects,
        "topic": list(line.topics()),
        "questions": sorted({question.code for question in line.questions}),
    }


def expected(row: dict[str, Any]) -> dict[str, Any]:
    wanted = {field: row["expected"].get(field, []) for field in FIELDS}
    return wanted | {"occasion": sorted(wanted["occasion"], key=str)}


def outcome(part: str) -> Iterator[tuple[str, str, Any, Any]]:
    """Text, field, what was understood and what is right, of one part of the set."""
    for row in LINES:
        if row["part"] == part:
            found, wanted = understood(read(row["text"])), expected(row)
            yield from ((row["text"], field, found[field], wanted[field]) for field in FIELDS)


@pytest.mark.parametrize("part", ["seen", "held out"])
def test_the_lines_are_understood(part: str, capsys: pytest.CaptureFixture[str]) -> None:
    fields = list(outcome(part))
    wrong = [row for row in fields if row[2] != row[3]]
    with capsys.disabled():
        right = len(fields) - len(wrong)
        print(f"\n  memo set, {part}: {right}/{len(fields)} fields ({right / len(fields):.1%})", end="")  # noqa: T201
    assert 1 - len(wrong) / len(fields) >= LEAST, wrong


def test_no_date_and_no_amount_is_silently_wrong() -> None:
    """A wrong value that is not asked about would be kept as a fact."""
    silent = [
        row
        for part in ("seen", "held out")
        for row in outcome(part)
        if row[1] in {"money", "maturity", "promise", "occasion"} and row[2] != row[3] and not read(row[0]).questions
    ]
    assert silent == []


def test_the_set_is_two_hundred_lines_and_half_of_them_chinese() -> None:
    assert len(LINES) == 200
    assert sum(bool(re.search("[一-鿿]", row["text"])) for row in LINES) >= 100
    assert sum(row["part"] == "held out" for row in LINES) == 60
