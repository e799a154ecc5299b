"""Finds the pieces of a memorandum one kind at a time: who, through which channel, at which bank, what, how it went."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from keybook.core import memo_banks as banks
from keybook.core import memo_words as words
from keybook.core.memo import Choice, Part, PartKind
from keybook.core.memo_words import Word
from keybook.core.reading.entity import Entity
from keybook.core.reading.spans import folded

NEAR = 10
HOME_DOLLARS = frozenset({"USD", "HKD", "SGD", "AUD", "CAD", "NZD", "TWD"})
CURRENCIES = {
    "Pound": "GBP", "Franc": "CHF", "Krona": "SEK", "Ruble": "RUB", "Rupee": "INR", "Lira": "TRY", "Riyal": "SAR", "Dirham": "AED",
}  # fmt: skip
LARGEST = 10**15
YEARS = range(1900, 2100)


class Hook(NamedTuple):
    """A word that waits for a day: what it is, and on which side of it the day is expected."""

    kind: PartKind
    start: int
    end: int
    code: str
    act: str = ""
    after: bool = False

    def stands_in(self, spans: Iterable[tuple[int, int]]) -> bool:
        """Whether it overlaps one of these."""
        return any(self.start < end and start < self.end for start, end in spans)


def part(kind: PartKind, text: str, span: tuple[int, int], *choices: Choice, role: str = "", trouble: str = "") -> Part:
    """A part of this slice."""
    start, end = span
    return Part(kind, start, end - start, text[start:end], choices, trouble, role)


def hits(table: Sequence[Word], plain: str) -> Iterator[tuple[Word, int, int]]:
    """Every place of every word; of two at one place the first in the table, and the longer of overlapping ones."""
    taken: list[tuple[int, int]] = []
    found = [(word, match.start(), match.end()) for word in table for match in word.pattern.finditer(plain)]
    for word, start, end in sorted(found, key=lambda hit: hit[1] - hit[2]):
        if end > start and all(end <= left or right <= start for left, right in taken):
            taken.append((start, end))
            yield word, start, end


def coded(kind: PartKind, table: Sequence[Word], text: str, plain: str) -> list[Part]:
    """The parts of one kind that are nothing but a word with a code."""
    return [part(kind, text, (start, end), Choice(word.code)) for word, start, end in hits(table, plain)]


def names(text: str, phones: Sequence[Part]) -> list[Part]:
    """Customers by surname and title, or by a bare name where one is expected; relatives as others."""
    found = [*_titled(text), *_english(text)]
    if not found:
        found = [*_bare(text)]
    others = [
        part("name", text, match.span(), Choice(match[0]), role="other") for match in words.RELATIVE.finditer(text)
    ]
    taken = [(one.start, one.start + one.length) for one in found]
    relatives = [one for one in others if _free(one, taken) and any(_follows(one, phone) for phone in phones)]
    return sorted([*found, *relatives], key=lambda one: one.start)


def _follows(one: Part, phone: Part) -> bool:
    return 0 <= phone.start - one.start - one.length <= NEAR


def _free(one: Part, taken: Iterable[tuple[int, int]]) -> bool:
    return all(one.start + one.length <= start or end <= one.start for start, end in taken)


def _titled(text: str) -> Iterator[Part]:
    for match in words.CHINESE_NAME.finditer(text):
        if (
            match["title"] in {"姐", "哥", "叔", "姨", "伯", "嫂", "总", "董"}
            and match["given"]
            and len(match["given"]) > 1
        ):
            continue
        given = match["given"]
        value = match["who"] if given else match[0]
        yield part("name", text, match.span(), Choice(value), role="customer")
    for match in words.OLD_NAME.finditer(text):
        yield part("name", text, match.span(), Choice(match[0]), role="customer")


def _english(text: str) -> Iterator[Part]:
    for match in words.ENGLISH_NAME.finditer(text):
        who = re.sub(r"['’]s$", "", words.NOT_PART_OF_A_NAME.sub("", match["who"]))
        end = match.start("who") + len(who)
        value = who if " " in who else f"{match['title']} {who}"
        yield part("name", text, (match.start(), end), Choice(value.replace("’", "'")), role="customer")


def _bare(text: str) -> Iterator[Part]:
    for pattern in (words.BARE_NAME, words.FULL_NAME):
        match = pattern.search(text)
        if match and not words.NOT_A_NAME.match(match["who"]) and not words.NOT_A_BANK_NAME.match(match["who"]):
            yield part("name", text, match.span("who"), Choice(match["who"]), role="customer")
            return


def phone_parts(entities: Iterable[Entity], text: str) -> list[Part]:
    """Phones, those of a relative marked as of another."""
    found = []
    for one in entities:
        if one.kind == "phone":
            before = text[max(0, one.start - 16) : one.start]
            other = any(match.end() >= len(before) - 2 for match in words.RELATIVE.finditer(before))
            choices = tuple(Choice(reading.value) for reading in one.readings)
            found.append(
                Part("phone", one.start, one.length, one.text, choices, one.trouble, "other" if other else "customer")
            )
    return found


def institutions(text: str, plain: str) -> list[Part]:
    """Other banks: known by code, named but unknown, or only said to be another."""
    found = [
        part("institution", text, match.span(), Choice(banks.known(match[0])), role="away")
        for match in banks.KNOWN.finditer(plain)
    ]
    taken = [(one.start, one.start + one.length) for one in found]
    for match in banks.NAMED.finditer(text):
        name = part("institution", text, match.span(), Choice(match[0]), role="away", trouble="unknown")
        if _free(name, taken) and not banks.NOT_A_BANK.match(match[0]):
            found.append(name)
            taken.append(match.span())
    elsewhere = (match.span() for match in banks.ELSEWHERE.finditer(plain))
    found += [part("institution", text, span, role="away", trouble="unknown") for span in elsewhere]
    return sorted(found, key=lambda one: one.start)


def amounts(entities: Sequence[Entity], text: str, currency: str, away: Sequence[tuple[int, int]]) -> list[Part]:
    """Money with its currency and role; a bare figure counts after a word such as 存 or deposit."""
    found = [_amount(one, text, currency) for one in entities if one.kind == "money" and one.readings[0].value]
    plain = folded(text)
    taken = [*away, *((one.start, one.start + one.length) for one in found)]
    bare = (_bare_amount(one, text, plain, currency) for one in entities if one.kind == "number" and one.readings)
    found += [one for one in bare if one and _free(one, taken)]
    return sorted(found, key=lambda one: one.start)


def _amount(one: Entity, text: str, currency: str) -> Part:
    choices = tuple(Choice(reading.value, _currency(reading.unit, currency)) for reading in one.readings)
    return part("money", text, (one.start, one.end), *choices, role=_role(text, one.start, one.end))


def _bare_amount(one: Entity, text: str, plain: str, currency: str) -> Part | None:
    value = one.readings[0].amount
    scaled = bool(re.search(r"[a-z]{3}$", plain[one.start : one.end])) and bool(
        re.search(r"million|billion|thousand", one.text.lower())
    )
    said = words.DEPOSITED.search(plain[max(0, one.start - 14) : one.start])
    if value is None or not 1000 <= value < LARGEST or value != value.to_integral_value() or not (said or scaled):  # noqa: PLR2004  less is a count
        return None
    doubtful = value in YEARS and len(one.text) == 4  # noqa: PLR2004  written as a year is
    found = part(
        "money",
        text,
        (one.start, one.end),
        Choice(one.readings[0].value, currency),
        role=_role(text, one.start, one.end),
    )
    return (
        part("money", text, (one.start, one.end), *found.choices, role=found.role, trouble="year")
        if doubtful
        else found
    )


def _currency(unit: str, home: str) -> str:
    """The code of what the text says: home's where it says nothing, home's dollar where home has one."""
    if unit == "Dollar":
        return home if home in HOME_DOLLARS else "USD"
    return CURRENCIES.get(unit, unit) if unit else home


def _role(text: str, start: int, end: int) -> str:
    around = text[max(0, start - 14) : start].lower()
    if words.FLOW.search(around) or re.match(r"[ ]?(?:转出|转走|到)", text[end : end + 4]):
        return "flow"
    if words.HERE.search(text[max(0, start - 14) : end + 16].lower()):
        return "held_here"
    return "asked" if words.ASKED.search(around) else ""


def hooks(plain: str) -> list[Hook]:
    """Every word that waits for a day, the acts among the channels too."""
    found = [_hook("maturity", plain, word, start, end) for word, start, end in hits(words.MATURITY, plain)]
    found += [_hook("occasion", plain, word, start, end) for word, start, end in hits(words.OCCASIONS, plain)]
    acts = [_hook("promise", plain, word, start, end) for word, start, end in hits(words.ACTS, plain)]
    acts = [act for act in acts if not words.NOT_AN_ACT.search(plain[max(0, act.start - 16) : act.start])]
    found += acts
    spans = [(act.start, act.end) for act in acts]
    channels = [_hook("channel", plain, word, start, end) for word, start, end in hits(words.CHANNELS, plain)]
    found += [one for one in channels if not one.stands_in(spans)]
    return sorted(found, key=lambda one: one.start)


def _hook(kind: PartKind, plain: str, word: Word, start: int, end: int) -> Hook:
    return Hook(kind, start, end, word.code, word.act, after=plain[start].isascii())


def offset_days(plain: str) -> list[tuple[int, int, int, str]]:
    """Stretches such as 提前三天 and two weeks before: start, end, count and unit (day, week, month)."""
    found = []
    for match in words.BEFORE_HAND.finditer(plain):
        count = _count(match["zh"] or match["en"])
        unit = match["unit"] or match["span"]
        if match["zh"] == "半":
            found.append((match.start(), match.end(), HALF_A_MONTH, "day"))
            continue
        found.append(
            (
                match.start(),
                match.end(),
                count,
                {"周": "week", "星期": "week", "月": "month"}.get(unit, unit if unit.isascii() else "day"),
            )
        )
    return found


HALF_A_MONTH = 15
COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}


def _count(word: str) -> int:
    from keybook.core.reading.numbers_chinese import at

    if word in COUNTS:
        return COUNTS[word]
    found = at(word, 0)
    return int(found.value) if found else 0
