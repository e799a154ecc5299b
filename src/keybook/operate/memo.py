"""`keybook memo read`: every date, time, number, amount and phone of a text, as JSON or as a table; no bank is needed."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from keybook.core.occasions import LunarTable
from keybook.core.reading import Entity, Language, language_of, read_every

LUNAR = re.compile(
    r"农历|农曆|阴历|陰曆|旧历|除夕|春节|春節|元宵|端午|中秋|重阳|重陽|七夕|腊八|小年|大年|初[一二三四五六七八九十]|廿|[正腊臘冬闰閏]月|年[前后後]|过年|過年|寒食|中元|清明|年三十|端阳|端陽|灯节|燈節|鬼节|鬼節|[上下]元|月[二三]?十[一二三四五六七八九]?(?![日号號一二三四五六七八九])"
    r"|lunar|chinese|spring festival|mid-?autumn|moon|lantern|dragon boat|double ninth|new year",
    re.IGNORECASE,
)
"""Texts that speak of the Chinese calendar; making its table takes half a second, which no other text has to wait for."""
FAMILIES = ("date", "daterange", "time", "timerange", "datetime", "datetimerange", "duration", "set")


class MemoInputError(ValueError):
    """A text, a language or a moment that cannot be used; the sentence says what to write instead."""


def show(*, text: str, lang: str, at: str, as_json: bool) -> None:
    """Print what one text says on standard output."""
    if not text.strip():
        raise MemoInputError("There is no text to read. Write it in quotes, or give a file with --batch.")
    document = document_of(text=text, lang=lang, at=at)
    if as_json:
        _print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _table(document)


def read_file(*, path: Path, lang: str, at: str, progress: Callable[..., None]) -> None:
    """Print one line of JSON for each line of a file; a bad line says what is wrong with it, and the rest goes on."""
    _language(lang, "")
    _moment(at)
    if str(path) == "-":
        _lines(sys.stdin.buffer, lang, at, lambda _done: None)
        return
    if not path.is_file():
        raise MemoInputError(f"There is no file {path}.")
    size = path.stat().st_size
    with path.open("rb") as source:
        _lines(source, lang, at, lambda done: progress("reading, bytes", done, size))


def _lines(source: BinaryIO, lang: str, at: str, progress: Callable[[int], None]) -> None:
    done = 0
    for number, raw in enumerate(source, 1):
        _print(json.dumps(_answer(number, raw, lang, at), ensure_ascii=False))
        done += len(raw)
        if number % 50 == 0:
            progress(done)
    progress(done)


def _answer(number: int, raw: bytes, lang: str, at: str) -> dict[str, Any]:
    """What one line says, or the sentence that says why it cannot be read."""
    named: dict[str, Any] = {}
    try:
        row = _row(raw)
        named = {"id": row["id"]} if "id" in row else {}
        return named | document_of(text=row["text"], lang=row.get("lang") or lang, at=row.get("at") or at)
    except MemoInputError as error:
        return named | {"line": number, "error": str(error)}


def _row(raw: bytes) -> dict[str, Any]:
    try:
        row = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise MemoInputError("The line is not UTF-8.") from None
    except (ValueError, RecursionError):
        raise MemoInputError('The line is not JSON. Write {"text": "…"}.') from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise MemoInputError('The line has no text. Write {"text": "…"}.')
    for name in ("lang", "at"):
        if not isinstance(row.get(name) or "", str):
            raise MemoInputError(f"“{name}” is not a text.")
    return row


def document_of(*, text: str, lang: str, at: str) -> dict[str, Any]:
    """What one text says, as it is printed in JSON."""
    language, moment = _language(lang, text), _moment(at)
    found = read_every(text=text, language=language, at=moment, table=_table_for(text))
    entities = [_entity(one, inside=_is_inside(one, found)) for one in found]
    return {"text": text, "lang": language, "at": moment.isoformat(timespec="minutes"), "entities": entities}


def _language(lang: str, text: str) -> Language:
    if not lang:
        return language_of(text)
    if lang not in {"zh", "en"}:
        raise MemoInputError(f"There is no language “{lang}” here. Use zh or en.")
    return "zh" if lang == "zh" else "en"


def _moment(at: str) -> dt.datetime:
    """The wall clock where the text was written; this machine's when nothing is said."""
    if not at:
        return dt.datetime.now().astimezone().replace(tzinfo=None, second=0, microsecond=0)
    try:
        return dt.datetime.fromisoformat(at).replace(tzinfo=None)
    except ValueError:
        raise MemoInputError(f"“{at}” is not a moment. Write it as 2016-11-07T16:12.") from None


def _table_for(text: str) -> LunarTable | None:
    if not LUNAR.search(text):
        return None
    from keybook.calendars.lunar import lunar_table

    return lunar_table()


def _is_inside(one: Entity, found: tuple[Entity, ...]) -> bool:
    """Whether a longer entity of the same family holds it."""
    if one.kind not in FAMILIES:
        return False
    return any(
        other.kind in FAMILIES and other.length > one.length and other.start <= one.start and one.end <= other.end
        for other in found
    )


def _entity(one: Entity, *, inside: bool) -> dict[str, Any]:
    return {
        "kind": one.kind, "start": one.start, "length": one.length, "text": one.text, "timex": one.timex,
        "trouble": one.trouble, "inside": inside, "readings": [_reading(reading) for reading in one.readings],
    }  # fmt: skip


def _reading(reading: Any) -> dict[str, Any]:
    """The value always; what else the text says only where it says it."""
    more = {"sense": reading.sense, "unit": reading.unit, "calendar": reading.calendar}
    return {"value": reading.value} | {name: value for name, value in more.items() if value}


def _print(line: str) -> None:
    # A lone half of a character (possible in JSON) is printed as its escape, which is JSON again.
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _table(document: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not document["entities"]:
        console.print("Nothing found: no date, time, number, amount or phone.", markup=False, highlight=False)
        return
    table = Table("from", "to", "kind", "text", "readings")
    for one in document["entities"]:
        table.add_row(
            str(one["start"]), str(one["start"] + one["length"]), one["kind"], _safe(one["text"]), "\n".join(_said(one))
        )
    console.print(table)


def _said(one: dict[str, Any]) -> Iterator[str]:
    """Each reading on a line, or what is wrong."""
    if not one["readings"]:
        yield f"cannot be read: {one['trouble'] or 'no such value'}"
    for reading in one["readings"]:
        more = [reading[name] for name in ("unit", "sense", "calendar") if name in reading]
        yield f"{reading['value'] or '(no amount)'}" + (f"  ({', '.join(more)})" if more else "")


def _safe(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("[", "\\[")
