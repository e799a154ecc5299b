"""English text cut into classified words, numbers and signs: the row of characters the grammar's rules match."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keybook.core.reading.english_feasts import holiday
from keybook.core.reading.english_lexicon import (
    CENTURY,
    CLASS,
    DIGITS,
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_NUMBER,
    ORDINALS,
    PIVOT,
    SHAPES,
    SIGNS,
    SIZES,
    TEENS,
    TENS,
    WORDS,
)

_LEX = re.compile("|".join(f"(?P<k{at}>{shape})" for at, (_, shape) in enumerate(SHAPES)), re.IGNORECASE | re.ASCII)
_WORTH = {word: at for at, word in enumerate(DIGITS + TEENS, 1)} | {word: 10 * at for at, word in enumerate(TENS, 2)}
_RANK = {word: at for at, word in enumerate(ORDINALS, 1)} | {"twentieth": 20, "thirtieth": 30}
_MONEY = frozenset(
    [
        "usd",
        "rmb",
        "cny",
        "hkd",
        "eur",
        "gbp",
        "jpy",
        "czk",
        "dollar",
        "dollars",
        "yuan",
        "euro",
        "euros",
        "pound",
        "pounds",
        "k",
        "m",
        "w",
        "bn",
        "mn",
        "million",
        "thousand",
        "wan",
        "%",
        "¥",
        "￥",
        "$",
        "€",
        "£",
        "shares",
        "people",
        "units",
        "percent",
        "deposit",
        "deposits",
        "deposited",
        "balance",
        "amount",
        "worth",
        "paid",
        "pays",
        "pay",
        "transfer",
        "transferred",
        "fee",
        "salary",
        "withdraw",
        "withdrew",
        "principal",
    ]
)
_OFTEN = {
    "biweekly": "P2W", "bimonthly": "P2M", "biannually": "P6M", "biannual": "P6M", "semiannual": "P6M",
    "semiannually": "P6M", "halfyearly": "P6M",
}  # fmt: skip
_DOUBTFUL = frozenset({"sat", "sun", "mar", "march", "may"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word, number or sign of the text: its class and what it is worth."""

    name: str
    value: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A text cut into words, and the row of their classes."""

    text: str
    words: tuple[Word, ...]
    row: str


def line(*, text: str) -> Line:
    """The text as classified words."""
    words = [_word(found) for found in _LEX.finditer(text)]
    words = _without_glued(words)
    words = [_settled(text, words, at) for at in range(len(words))]
    return Line(text, tuple(words), "".join(CLASS[word.name] for word in words))


def full_year(*, digits: str) -> int:
    """The year of two or four digits: 89 is 1989, 07 is 2007."""
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004
        return year
    return year + (2000 if year < PIVOT else 1900)


def _word(found: re.Match[str]) -> Word:
    shape = SHAPES[int((found.lastgroup or "k0")[1:])][0]
    name, value = _READ.get(shape, _plain)(found[0].lower())
    return Word(name or shape, value, found.start(), found.end())


def _plain(text: str) -> tuple[str, Any]:
    return "", text


def _letters(text: str) -> tuple[str, Any]:
    return WORDS.get(text, ("word", text))


def _sign(text: str) -> tuple[str, Any]:
    return SIGNS.get(text, "word"), text


def _number(text: str) -> tuple[str, Any]:
    if len(text) > LONGEST_NUMBER:
        return "word", text
    value = int(text)
    if FIRST_YEAR <= value <= LAST_YEAR:
        return "year", value
    return "n" + _size(value), value


def _size(value: int) -> str:
    return next(str(low) for low, high in SIZES if value <= high)


def _ordinal(text: str) -> tuple[str, Any]:
    return "ordinal", int(text[:-2])


def _ordinalword(text: str) -> tuple[str, Any]:
    tens, _, rank = text.replace("-", " ").rpartition(" ")
    return ("second", "TS") if text == "second" else ("ordinal", _WORTH.get(tens, 0) + _RANK[rank])


def _numberword(text: str) -> tuple[str, Any]:
    value = part = 0
    for word in text.replace("-", " ").split():
        if word == "thousand":
            value, part = value + part * 1000, 0
        elif word == "hundred":
            part *= 100
        else:
            part += _WORTH.get(word, 0)
    value += part
    if FIRST_YEAR <= value <= LAST_YEAR:
        return "year", value
    return "w" + _size(min(value, SIZES[-1][1])), value


def _yearword(text: str) -> tuple[str, Any]:
    century, *rest = text.replace("-", " ").split()
    return "year", _WORTH[century] * CENTURY + sum(_WORTH.get(word, 0) for word in rest)


_READ: dict[str, Callable[[str], tuple[str, Any]]] = {
    "often": lambda text: ("often", _OFTEN[text.replace("-", "").replace(" ", "")]),
    "eob": lambda _: ("eod", "B"),
    "lunch": lambda _: ("lunch", "MEL"),
    "holiday": lambda text: ("holiday", holiday(text)), "letters": _letters, "sign": _sign, "number": _number, "ordinal": _ordinal, "ordinalword": _ordinalword,
    "numberword": _numberword, "yearword": _yearword,
    "money": lambda text: ("word", text),
}  # fmt: skip


def _without_glued(words: list[Word]) -> list[Word]:
    """Letters and digits run together mean something only where each part does: "3pm", "Oct2", but not "4pTx"."""
    words = list(words)
    first = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or words[at].start != words[at - 1].end or _is_sign(words[at]) or _is_sign(words[at - 1]):
            if any(word.name == "word" for word in words[first:at]):
                words[first:at] = [Word("word", word.value, word.start, word.end) for word in words[first:at]]
            first = at
    return words


def _is_sign(word: Word) -> bool:
    return word.end - word.start == 1 and not (str(word.value).isascii() and str(word.value).isalnum())


def _settled(text: str, words: list[Word], at: int) -> Word:
    """The word, or an ordinary one where its neighbours say that it is no date: money, "he sat", "we may"."""
    word = words[at]
    before = words[at - 1] if at else None
    after = words[at + 1] if at + 1 < len(words) else None
    if word.name in ("year", "decimal") or word.name[:-1] in ("n10", "w10"):
        ordinary = any(beside is not None and beside.value in _MONEY for beside in (before, after))
    else:
        ordinary = (text[word.start : word.end] in _DOUBTFUL and _is_verb(before, after)) or _is_asking(
            word, before, after
        )
    return Word("word", word.value, word.start, word.end) if ordinary else word


def _is_verb(before: Word | None, after: Word | None) -> bool:
    return (before is None or before.name in ("word", "clause")) and (after is None or after.name in ("word", "clause"))


def _is_asking(word: Word, before: Word | None, after: Word | None) -> bool:
    """May I, may we: not the month, also where a sentence begins with it."""
    begins = before is None or before.name in ("stop", "period", "comma")
    return word.name == "may" and begins and after is not None and after.name == "clause"
