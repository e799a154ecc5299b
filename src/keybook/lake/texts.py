"""What the bytes of a text file say: its encoding, its line ends, its quotes, and whether it is text at all."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 20
CONTROL = bytes(sorted((set(range(32)) - {9, 10, 13}) | {127}))
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class UnreadableFileError(ValueError):
    """A file of which not one row can be read; `sentence` says why."""

    def __init__(self, path: Path, sentence: str) -> None:
        self.name = path.name
        self.sentence = sentence
        super().__init__(f"{path.name} cannot be read: {sentence}")


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What one pass over the bytes tells; `lines` counts line ends, blank lines included."""

    encoding: str
    control: bool
    quotes: bool
    line_end: str  # empty when ends are mixed or of the old kind
    lines: int


def look_at(path: Path, encoding: str = "") -> TextFacts:
    """Read a file once as bytes; `encoding` overrides what would be found. UnreadableFileError if it is not text."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
    if encoding:
        try:
            encoding = codecs.lookup(encoding).name
        except LookupError as error:
            raise UnreadableFileError(path, f"there is no encoding called {encoding!r}.") from error
    found = encoding or _by_mark(head)
    if not found.startswith("utf-16"):
        _refuse_binary(path, head)
    facts = _count(path)
    if not found:
        found = "utf-8" if facts.encoding == "utf-8" else _legacy(path)
    return TextFacts(found, facts.control, facts.quotes, facts.line_end, facts.lines)


def as_utf8(path: Path, facts: TextFacts, aside: Path) -> Path:
    """Write the file anew in UTF-8 into the folder `aside`, under its own name."""
    aside.mkdir(parents=True, exist_ok=True)
    target = aside / path.name
    try:
        with (
            path.open(encoding=facts.encoding, newline="") as old,
            target.open("w", encoding="utf-8", newline="") as new,
        ):
            while chunk := old.read(CHUNK):
                new.write(chunk)
    except UnicodeError as error:
        raise UnreadableFileError(path, f"it is not written in {facts.encoding}, or it is cut short.") from error
    return target


def _by_mark(head: bytes) -> str:
    for mark, name in BOMS:
        if head.startswith(mark):
            return name
    sample = head[:4096]
    # without a mark: Latin letters in UTF-16 have a zero byte each
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    if second > len(sample) * 0.35 and not first:
        return "utf-16-le"
    if first > len(sample) * 0.35 and not second:
        return "utf-16-be"
    return ""


def _refuse_binary(path: Path, head: bytes) -> None:
    sample = head[:65_536]
    strange = len(sample) - len(sample.translate(None, CONTROL))
    if strange > max(8, len(sample) // 20):
        raise UnreadableFileError(path, "it is not a text, nor a workbook, nor Parquet.")


def _count(path: Path) -> TextFacts:
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, control, quotes = True, False, False
    returns = feeds = pairs = 0
    last = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if utf8:
                utf8 = _decodes(decoder, chunk)
            control = control or len(chunk.translate(None, CONTROL)) != len(chunk)
            quotes = quotes or b'"' in chunk
            feeds += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
            last = chunk[-1:]
    utf8 = utf8 and _decodes(decoder, b"", final=True)
    line_end = "\n" if not returns else "\r\n" if returns == pairs == feeds else ""
    return TextFacts("utf-8" if utf8 else "", control, quotes, line_end, feeds + (last not in (b"\n", b"")))


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _legacy(path: Path) -> str:
    """GB 18030 or Windows' Latin: Chinese comes in pairs of high bytes, an accented letter stands among ASCII.

    Guessers by statistics (charset-normalizer, chardet) fail on files with three Chinese names; this does not.
    """
    decoder = codecs.getincrementaldecoder("gb18030")()
    even = odd = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            rest, fours = re.subn(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]", b"", chunk)  # the rare characters of GB 18030
            even += fours
            for run in re.findall(rb"[\x80-\xff]+", rest):
                even, odd = (even, odd + 1) if len(run) % 2 else (even + 1, odd)
            if not _decodes(decoder, chunk):
                return "cp1252" if _fits(path, "cp1252") else "latin-1"
    if even > odd:
        return "gb18030"
    return "cp1252" if _fits(path, "cp1252") else "latin-1"


def _fits(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(CHUNK):
                pass
    except UnicodeDecodeError:
        return False
    return True
