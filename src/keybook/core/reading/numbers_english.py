"""Numbers as English writes them: two hundred and two thousand, 4 thousand 3 hundred, three and a fifth, 13 lakh, 1 4/5."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from keybook.core.reading.entity import Entity, Reading
from keybook.core.reading.numbers_chinese import SUFFIX, Found
from keybook.core.reading.spans import entity

ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
    "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
CARDINAL = {word: value for value, word in enumerate(ONES)} | {word: 10 * at for at, word in enumerate(TENS, 2)}
CARDINAL |= {"nought": 0, "naught": 0, "fourty": 40, "ninty": 90}
SCALES = {
    "hundred": 100, "thousand": 10**3, "lakh": 10**5, "lac": 10**5, "million": 10**6, "mln": 10**6, "crore": 10**7, "billion": 10**9, "bln": 10**9,
    "trillion": 10**12, "tln": 10**12,
}  # fmt: skip
SCALES |= {f"{word}s": value for word, value in tuple(SCALES.items()) if len(word) > 3}
ORDINAL = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "nineth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "twelveth": 12,
    **{f"{word}th": value for value, word in enumerate(ONES[13:], 13)},
    **{f"{word[:-1]}ieth": 10 * at for at, word in enumerate(TENS, 2)},
}  # fmt: skip
ORDINAL_SCALES = {
    f"{word}th": value
    for word, value in SCALES.items()
    if word in {"hundred", "thousand", "million", "billion", "trillion"}
}
PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
DOZENS = {"dozen", "dozens", "dz", "doz", "dzs", "dozs"}
GLYPHS = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5),
          "⅙": (1, 6), "⅚": (5, 6), "⅐": (1, 7), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8), "⅑": (1, 9), "⅒": (1, 10)}  # fmt: skip
ARABIC = (
    r"\d{1,3}(?:,\d{2,3}){1,9},\d{3}(?!\d|,\d)(?:\.\d{1,30})?|\d{1,3}(?:,\d{3}){1,9}(?!\d|,\d)(?:\.\d{1,30})?"
    r"|\d{1,3}(?:\.\d{3}){1,9},\d{1,30}(?![.,]?\d)|[1-9]\d{0,2}(?: \d{3}){1,6}(?![\d,]| \d)(?:\.\d{1,30})?"
    r"|(?<!\d,)\d{1,9},\d{1,2}(?![\d,])|\d{1,40}(?:(?<!\.\d)\.\d{1,30}(?!\.?\d))?|(?<![.\d])\.\d{1,30}"
)
_WORDS = sorted({*CARDINAL, *SCALES, *ORDINAL, *ORDINAL_SCALES, *PARTS, *DOZENS}, key=len, reverse=True)
_PLURAL = "|".join(f"{word}s" for word in [*ORDINAL, *ORDINAL_SCALES])
TOKEN = re.compile(
    rf"(?P<slash>(?<!\d[-/.])(?:\d{{1,9}}[ ]{{1,2}})?\d{{1,9}}/\d{{1,9}}(?![\d/]))|(?P<arabic>{ARABIC})"
    rf"|(?P<glyph>[{''.join(GLYPHS)}])"
    rf"|(?<![a-z])(?P<word>{_PLURAL}|{'|'.join(_WORDS)}|point|and|a|an|of|out of|minus|negative"
    r"|(?:over|in)(?! \S{1,12}(?: \S{1,12})? (?:year|month|week|day|hour|minute)))(?![a-z])"
)
GAP = re.compile(r"[ \t]{0,4}(?:-[ \t]?)?")
POWER = re.compile(r"e([+-]?\d{1,2})(?![\d.])|\^(?:--|\+)?(-?\d{1,2})(?![\d.])|x10\^([+-]?\d{1,2})(?!\d)")
TAIL = re.compile(r"[ ]{0,2}(mil|mm|mn|bln|bn|tln|tn|[kgbt]|m)(?![a-z0-9])", re.IGNORECASE)
GLUED = re.compile(r"[a-z]", re.IGNORECASE)


class Word(NamedTuple):
    """One token: its kind, text and place; `tight` when a hyphen or nothing stands before it."""

    kind: str
    text: str
    start: int
    end: int
    value: Fraction
    tight: bool


@dataclass(frozen=True, slots=True)
class Phrase:
    """Number words in a row; every reader below takes a place in it and gives the value and the place after it."""

    words: tuple[Word, ...]

    def kind(self, at: int) -> str:
        """The kind of the word at a place, empty outside."""
        return self.words[at].kind if 0 <= at < len(self.words) else ""

    def says(self, at: int, *words: str) -> bool:
        """Whether one of these words stands there."""
        return 0 <= at < len(self.words) and self.words[at].text in words


class Read(NamedTuple):
    """A value, the place after it, and the scale it ends with."""

    value: Fraction
    to: int
    scale: int = 1


def scan(text: str, original: str) -> Iterator[Found]:
    """Every number of a folded text, from left to right; `original` tells M from m."""
    for found in every(text, original):
        if not PERCENT.match(text, found.end):
            yield found


def every(text: str, original: str) -> Iterator[Found]:
    """The same with the numbers of percents."""
    for phrase in _phrases(text, original):
        at = 0
        while at < len(phrase.words):
            read = _number(phrase, at)
            if read is None or read.to <= at:
                at += 1
                continue
            found = Found(
                phrase.words[at].start, phrase.words[read.to - 1].end, read.value, phrase.kind(at) == "arabic"
            )
            at = read.to
            if not _is_pronoun(text, found):
                yield _signed(text, found)


def _phrases(text: str, original: str) -> Iterator[Phrase]:
    """Tokens that follow one another with only blanks or a hyphen between."""
    words: list[Word] = []
    place = 0
    while token := TOKEN.search(text, place):
        word = _word(text, original, token, tight=bool(words) and "-" in text[words[-1].end : token.start()])
        gap = GAP.match(text, words[-1].end) if words else None
        if words and (gap is None or gap.end() != word.start or len(words) >= LONGEST):
            yield Phrase(tuple(words))
            words = []
        words.append(word)
        place = word.end
    if words:
        yield Phrase(tuple(words))


def _word(text: str, original: str, token: re.Match[str], *, tight: bool) -> Word:
    kind, word, start, end = str(token.lastgroup), token[0], token.start(), token.end()
    if kind == "slash":
        return _slashed(text, token, tight=tight)
    if kind == "glyph":
        return Word("part", word, start, end, Fraction(*GLYPHS[word]), tight)
    if kind == "word":
        return Word(_sort(word), word, start, end, _worth(word), tight)
    if (before := text[start - 1 : start]) and GLUED.match(before):
        return Word("glued", word, start, end, Fraction(0), tight)
    value, end = _arabic(text, original, word, end)
    kind = "glued" if GLUED.match(text[end : end + 1]) else "arabic"
    return Word(kind, word, start, end, value, tight)


def _slashed(text: str, token: re.Match[str], *, tight: bool) -> Word:
    whole, _, parts = token[0].rpartition(" ")
    above, below = (int(part) for part in parts.split("/"))
    if not below or text[token.start() - 1 : token.start()] in {"/", "."}:
        head = re.match(r"\d+", token[0])
        end = token.start() + (head.end() if head else 1)
        return Word("arabic", text[token.start() : end], token.start(), end, Fraction(text[token.start() : end]), tight)
    return Word("part", token[0], token.start(), token.end(), int(whole or 0) + Fraction(above, below), tight)


def _arabic(text: str, original: str, word: str, end: int) -> tuple[Fraction, int]:
    value = Fraction(_point(word))
    if power := POWER.match(text, end):
        if power[2]:
            return (value ** int(power[2]) if value else value), power.end()
        return value * Fraction(10) ** int(power[1] or power[3]), power.end()
    tail = TAIL.match(text, end)
    if (
        tail
        and not (tail[1] == "m" and original[tail.end() - 1] != "M")
        and not (tail[0] != tail[1] and tail[1] in "gbt" and original[tail.end() - 1].islower())
    ):
        return value * SUFFIX[tail[1]], tail.end()
    return value, end


def _point(word: str) -> str:
    """Groups without their marks and the decimal mark as a point: 1.234,5 and 1,234.5 are the same, 1,3 is 1.3."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+|\d+,\d{1,2}", word):
        return word.replace(".", "").replace(",", ".")
    return word.replace(",", "").replace(" ", "")


def _sort(word: str) -> str:
    single = word.removesuffix("s")
    if word in CARDINAL:
        return "cardinal"
    if word in SCALES:
        return "scale"
    if word in PARTS:
        return "part of"
    if word in DOZENS:
        return "dozen"
    if single in ORDINAL or single in ORDINAL_SCALES:
        return "ordinals" if word.endswith("s") else "ordinal"
    return word


def _worth(word: str) -> Fraction:
    single = word.removesuffix("s")
    for table in (CARDINAL, SCALES, PARTS, ORDINAL, ORDINAL_SCALES):
        if word in table or single in table:
            return Fraction(table.get(word, table.get(single, 0)))
    return Fraction(12 if word in DOZENS else 0)


def integer(phrase: Phrase, at: int, end: int | None = None) -> Read | None:
    """A whole number in words or figures, as far as it goes but not beyond `end`."""
    total, current, scale, start = Fraction(0), None, 0, at
    if phrase.says(at, "a", "an") and phrase.kind(at + 1) in {"scale", "ordinal", "ordinals"}:
        at += 1
    last = len(phrase.words) if end is None else end
    while at < last:
        step = _step(phrase, at, last, (total, current, scale))
        if step is None:
            break
        total, current, scale, at = step
    if at == start or (current is None and not scale):
        return None
    ends = scale if current is None else (100 if phrase.says(at - 1, "hundred", "hundreds") else 1)
    return Read(total + (current or 0), at, ends)


State = tuple[Fraction, Fraction | None, int]
Step = tuple[Fraction, Fraction | None, int, int]


def _step(phrase: Phrase, at: int, last: int, state: State) -> Step | None:
    total, current, scale = state
    word = phrase.words[at]
    if word.text == "and":
        return _and(phrase, at, last, state)
    if word.kind == "scale":
        return _scaled(word, at, state)
    if word.kind == "arabic" and (current is not None or (scale and not _scale_follows(phrase, at, last))):
        return None
    if word.kind not in {"cardinal", "arabic"} or (current is not None and not _fits(current, word.value)):
        return None
    if scale and word.value >= scale:
        return None
    return total, (current or 0) + word.value, scale, at + 1


def _scale_follows(phrase: Phrase, at: int, last: int) -> bool:
    return at + 1 < last and phrase.kind(at + 1) == "scale"


def _fits(current: Fraction, value: Fraction) -> bool:
    """Whether a word may follow within the same thousand: twenty two, three hundred fifty."""
    if not value or current.denominator > 1:
        return False
    return (current % 100 == 0 and current > 0 and value < 100) or (
        current % 10 == 0 and current % 100 >= 20 and value < 10
    )


def _scaled(word: Word, at: int, state: State) -> Step | None:
    total, current, scale = state
    unit = int(word.value)
    if unit == 100:
        if current is not None and current >= 1000:
            return None
        return total, (1 if current is None else current) * Fraction(unit), scale, at + 1
    if current is None and scale:
        return (total * unit, None, scale * unit, at + 1) if scale < unit else None
    if scale and unit >= scale:
        return None
    return total + (1 if current is None else current) * unit, None, unit, at + 1


def _and(phrase: Phrase, at: int, last: int, state: State) -> Step | None:
    """`and` goes on with the number when what follows is smaller than the unit before it."""
    total, current, scale = state
    spelled = phrase.kind(at - 1) != "arabic"
    unit = scale if current is None else 100 if current and current % 100 == 0 and spelled else 0
    after = integer(phrase, at + 1, last) if at + 1 < last and unit else None
    if after is None or not after.value or phrase.says(at + 1, "a", "an", "and"):
        return None
    if after.value < unit and not _too_small(phrase, at + 1, after.value, unit):
        return total, (current or Fraction(0)) + after.value, scale, after.to
    word = phrase.words[at + 1]
    if after.value >= unit and current is not None and word.kind == "cardinal" and after.value >= 1000:
        return total, current + word.value, scale, at + 2
    return None


def _too_small(phrase: Phrase, at: int, value: Fraction, unit: int) -> bool:
    """A million and 2 (children): figures far below the unit are another number."""
    return phrase.kind(at) == "arabic" and (value.denominator > 1 or (unit > 1000 and value * 1000 < unit))


def _number(phrase: Phrase, at: int) -> Read | None:
    if phrase.kind(at) in {"minus", "negative"}:
        read = _number(phrase, at + 1)
        return read and read._replace(value=-read.value)
    return _ratio(phrase, _mixed(phrase, at) or _fraction(phrase, at) or _dozens(phrase, at) or _simple(phrase, at))


def _simple(phrase: Phrase, at: int) -> Read | None:
    if phrase.kind(at) == "part":
        return _more(phrase, Read(phrase.words[at].value, at + 1))
    if phrase.says(at, "half", "quarter") and (phrase.kind(at + 1) == "scale" or phrase.says(at, "half")):
        return _more(phrase, Read(1 / phrase.words[at].value, at + 1))
    if phrase.kind(at) == "point":
        return None
    read = integer(phrase, at)
    return read and _decimals(phrase, read)


def _more(phrase: Phrase, read: Read) -> Read:
    """A fraction of a scale: half a million, two thirds of a million, a dozen halves."""
    at = read.to + phrase.says(read.to, "of")
    at += phrase.says(at, "a", "an")
    if phrase.kind(at) in {"scale", "dozen"}:
        unit = phrase.words[at].value
        return Read(read.value * unit, at + 1, int(unit))
    return read


def _decimals(phrase: Phrase, read: Read) -> Read:
    """Two hundred point zero three; point seventy-one is the same as point seven one."""
    if not phrase.says(read.to, "point"):
        return read
    at, digits = read.to + 1, ""
    while phrase.kind(at) == "cardinal":
        value = int(phrase.words[at].value)
        tens = phrase.kind(at + 1) == "cardinal" and value >= 20 and phrase.words[at + 1].value < 10
        digits += str(value + int(phrase.words[at + 1].value) if tens else value)
        at += 2 if tens else 1
    return Read(read.value + Fraction(int(digits), 10 ** len(digits)), at) if digits else read


def _fraction(phrase: Phrase, at: int) -> Read | None:
    """Three fifths, one hundred thirty fifths (100/35), a half: the longest denominator that leaves a numerator."""
    place = at
    while phrase.kind(place) in {"cardinal", "scale", "and", "a", "an", "arabic"}:
        place += 1
    if phrase.kind(place) not in {"ordinal", "ordinals", "part of"} or place == at:
        return None
    for start in range(at + 1, place + 1):
        above, below = _numerator(phrase, at, start), _denominator(phrase, start, place)
        plural = phrase.kind(place) == "ordinals" or phrase.words[place].text.endswith("s")
        if above and below and (plural or above == 1):
            return _more(phrase, Read(above / below, place + 1))
    return None


def _numerator(phrase: Phrase, at: int, end: int) -> Fraction | None:
    if phrase.says(at, "a", "an") and end == at + 1:
        return Fraction(1)
    read = integer(phrase, at, end)
    return read.value if read and read.to == end else None


def _denominator(phrase: Phrase, start: int, place: int) -> Fraction | None:
    word = phrase.words[place]
    if word.text.removesuffix("s") == "second" and (place == start or not word.tight):
        return None
    if start == place:
        return word.value if word.value > 1 else None
    if phrase.words[start].tight or phrase.kind(start) in {"scale", "and", "a", "an"} or word.kind == "part of":
        return None
    return ordinal(phrase, start, place)


def ordinal(phrase: Phrase, start: int, place: int) -> Fraction | None:
    """The value of an ordinal whose last word stands at `place`: two hundred thirty second."""
    word = phrase.words[place]
    kind = "scale" if word.text.removesuffix("s") in ORDINAL_SCALES else "cardinal"
    cardinal = Phrase(
        (*phrase.words[:place], word._replace(kind=kind, text="hundred" if word.value == 100 else word.text))
    )
    read = integer(cardinal, start)
    return read.value if read and read.to == place + 1 else None


def _mixed(phrase: Phrase, at: int) -> Read | None:
    """One hundred and three quarters: a whole and a proper fraction; a million and a half is a fraction of the million."""
    for place in range(len(phrase.words) - 1, at, -1):
        if not phrase.says(place, "and"):
            continue
        whole = _whole(phrase, at, place)
        part = _fraction(phrase, place + 1) or _glyph(phrase, place + 1) or _dozens(phrase, place + 1)
        if whole and part and (part.value < 1 or part.scale > 1):
            large = whole.scale >= 10**6 and part.scale == 1
            left = whole.value * (part.scale if whole.value < part.scale else 1)  # five and a half million
            return Read(left + part.value * (whole.scale if large else 1), part.to, part.scale)
    return None


def _glyph(phrase: Phrase, at: int) -> Read | None:
    return Read(phrase.words[at].value, at + 1) if phrase.kind(at) == "part" else None


def _whole(phrase: Phrase, at: int, end: int) -> Read | None:
    read = integer(phrase, at, end)
    if read and read.to == end:
        return read
    tens = read and read.to == end - 2 and phrase.says(read.to, "and") and phrase.words[end - 1].value < 10
    return Read(read.value + phrase.words[end - 1].value, end) if read and tens else None


def _dozens(phrase: Phrase, at: int) -> Read | None:
    if phrase.says(at, "a") and phrase.kind(at + 1) == "dozen":
        return Read(Fraction(12), at + 2, 12)
    read = integer(phrase, at)
    return Read(read.value * 12, read.to + 1, 12) if read and phrase.kind(read.to) == "dozen" else None


def _ratio(phrase: Phrase, read: Read | None) -> Read | None:
    """One over three, two out of five hundred; more out of fewer are two numbers."""
    if read is None or not phrase.says(read.to, "over", "out of", "in"):
        return read
    below = _simple(phrase, read.to + 1)
    if phrase.says(read.to, "in") and read.value != 1:
        return read
    if below is None or not below.value or (not phrase.says(read.to, "over") and read.value >= below.value):
        return read
    return Read(read.value / below.value, below.to)


LONGEST = 24
"""No number has more words; a row of them is cut there."""
PERCENT = re.compile(r"[ ]?%")
NO_NUMBER = re.compile(
    r"(?:^|[^a-z])(?:the|this|that|which|what|any|some|every|each|no|next|previous|first|another|right|other|current)[ ]$"
)


def _is_pronoun(text: str, found: Found) -> bool:
    """The one you mentioned."""
    word = text[found.start : found.end]
    return word == "one" and bool(NO_NUMBER.search(text[max(0, found.start - 12) : found.start]))


def _signed(text: str, found: Found) -> Found:
    """The same with the minus before its figures."""
    sign = re.search(r"(?:^|[ (:])(-)$|^(- )$", text[max(0, found.start - 2) : found.start])
    if not sign or text[found.start] not in "0123456789.":
        return found
    if sign[2] and found.start != 2:
        return found
    start = found.start - (2 if sign[2] else 1)
    return found._replace(start=start, value=-found.value)


FIGURES = re.compile(r"(?<![\d.,/])(\d{1,3}(?:,\d{3}){1,4}|\d{1,6}) ?(st|nd|rd|th)(?![a-z0-9])")
RELATIVE = re.compile(
    r"(?<![a-z])(?:(?P<before>the one before the last(?: one)?|the last but one|(?:the )?second to last|next to last|penultimate)|(?P<third>antepenultimate|the third to last)"
    r"|(?P<previous>previous(?: one)?)|(?P<current>current(?: one)?)|(?P<next>next(?: one(?! books))?)|(?P<last>last))(?![a-z])"
)
VALUES = {
    "before": "end-1",
    "third": "end-2",
    "previous": "current-1",
    "current": "current+0",
    "next": "current+1",
    "last": "end+0",
}
OF_TIME = re.compile(
    r" (?:\S{1,9} )?(?:days?|weeks?|weekends?|months?|years?|quarters?|nights?|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,7}(?![a-z])"
)


def ordinals(text: str, plain: str) -> Iterator[Entity]:
    """Every ordinal of a folded text."""
    for figures in FIGURES.finditer(plain):
        yield entity(
            kind="ordinal",
            text=text,
            start=figures.start(),
            end=figures.end(),
            amount=Fraction(figures[1].replace(",", "")),
        )
    for phrase in _phrases(plain, text):
        yield from _spelled(text, phrase)
    for found in RELATIVE.finditer(plain):
        if not OF_TIME.match(plain, found.end()):
            value = VALUES[str(found.lastgroup)]
            yield Entity("ordinal", found.start(), len(found[0]), text[found.start() : found.end()], (Reading(value),))


def _spelled(text: str, phrase: Phrase) -> Iterator[Entity]:
    for place, word in enumerate(phrase.words):
        if word.kind != "ordinal" or (phrase.says(place - 1, "a", "an") and word.text in ORDINAL_SCALES):
            continue
        found = ((start, ordinal(phrase, start, place)) for start in range(place + 1) if _may_start(phrase, start))
        start, value = next(pair for pair in found if pair[1] is not None)
        yield entity(kind="ordinal", text=text, start=phrase.words[start].start, end=word.end, amount=value)


def _may_start(phrase: Phrase, start: int) -> bool:
    """An ordinal begins with a number; an article only before a scale (a hundredth)."""
    return not phrase.says(start, "a", "an", "and") or phrase.kind(start + 1) == "scale"
