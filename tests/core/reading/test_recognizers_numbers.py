"""The third-party specifications of numbers, ordinals, percents, money and phones, as they stand, with their pass rates."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest

from keybook.core.reading.entity import Entity
from keybook.core.reading.money import money
from keybook.core.reading.numbers import Language, numbers, ordinals, percents
from keybook.core.reading.phones import phones
from tests.shared import shared

WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x202F: 0x20}
FLOORS = {
    ("Chinese", "Number"): 0.99, ("Chinese", "Ordinal"): 1.0, ("Chinese", "Percent"): 0.99,
    ("English", "Number"): 0.99, ("English", "Ordinal"): 0.98, ("English", "Percent"): 1.0,
    ("English", "Currency"): 0.98, ("English", "PhoneNumber"): 0.99,
}  # fmt: skip
READERS: dict[str, Callable[..., tuple[Entity, ...]]] = {
    "Number": numbers, "Ordinal": ordinals, "Percent": percents, "Currency": money, "PhoneNumber": phones,
}  # fmt: skip


def cases(language: str, model: str) -> list[dict[str, Any]]:
    return json.loads((shared("recognizers") / language / f"{model}Model.json").read_text(encoding="utf-8-sig"))


def narrow(text: str) -> str:
    return text.translate(WIDE).lower()


def close(ours: str, theirs: str | None) -> bool:
    """Equal as numbers to twelve digits: the specifications print doubles."""
    if theirs in {None, "null"}:
        return not ours
    try:
        mine, other = Decimal(ours), Decimal(str(theirs).rstrip("%"))
    except InvalidOperation:
        return ours == theirs
    return abs(mine - other) <= Decimal("1e-12") * max(abs(mine), abs(other))


def same(entity: Entity, wanted: dict[str, Any], model: str) -> bool:
    resolution = wanted.get("Resolution") or {}
    place = wanted.get("Start")
    if narrow(entity.text) != narrow(wanted["Text"]) or (place is not None and place != entity.start):
        return False
    [reading] = entity.readings
    if model == "PhoneNumber":  # as typed there, digits here
        return re.sub(r"\D", "", reading.value) == re.sub(r"\D", "", resolution["value"])
    if model == "Currency" and reading.unit.lower() != (resolution.get("isoCurrency") or resolution["unit"]).lower():
        return False
    return close(reading.value, resolution.get("value"))


def passes(case: dict[str, Any], language: Language, model: str) -> bool:
    found = [one for one in READERS[model](text=case["Input"], language=language) if one.readings]
    wanted = case["Results"]
    return len(found) == len(wanted) and all(map(lambda one, other: same(one, other, model), found, wanted))


def rates(language: str, model: str) -> Iterator[tuple[str, int, int]]:
    """Of seven in ten and of three in ten, parted by a checksum; the latter were read too, but nothing was made for them."""
    code: Language = "zh" if language == "Chinese" else "en"
    outcome = [
        (zlib.crc32(case["Input"].encode()) % 10 < 3, passes(case, code, model)) for case in cases(language, model)
    ]
    for name, held in (("seven in ten", False), ("three in ten", True)):
        part = [well for out, well in outcome if out is held]
        yield name, sum(part), len(part)


@pytest.mark.shared
@pytest.mark.parametrize(("language", "model"), FLOORS, ids=lambda name: name)
def test_the_specification_is_met(language: str, model: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = list(rates(language, model))
    with capsys.disabled():
        said = ", ".join(f"{name} {good}/{count} ({good / max(count, 1):.1%})" for name, good, count in found)
        print(f"\n  {language} {model}: {said}", end="")  # noqa: T201  the rates are to be read
    good, count = sum(row[1] for row in found), sum(row[2] for row in found)
    assert good / count >= FLOORS[language, model]
