"""Telephone numbers of any country as people write them; one with a typo is kept as typed and marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from keybook.core.reading.entity import Entity, Reading
from keybook.core.reading.numbers import Language, readable

Known = Callable[[str], str]
"""Turns the digits of a phone into its international form, or nothing when no country has such a number."""
BREAK = r"[ ]?[-/.][ ]?|[ ]{1,2}|[ ]?\)[ ]?[.-]?[ ]?\(?[ ]?|[ ]?\([ ]?"
CANDIDATE = re.compile(
    rf"(?P<head>\([ ]?\+[ ]?|\+[ ]?|\([ ]?)?(?P<body>(?<!\d)\d++(?:(?:{BREAK})\d++){{0,7}})(?P<ext>[ ]?(?:ext\.?|x|转)[ ]?\d{{1,5}})?(?![\d:])"
)
DATE = re.compile(
    r"(?<![\d/.-])(?:\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d{2}|(?:19|20)\d{2}[/.-](?:0?[1-9]|1[0-2])[/.-](?:0?[1-9]|[12]\d|3[01])|(?:19|20)\d{2}[-/](?:19|20)\d{2}"
    r"|\d{1,2}:\d{2}(?::\d{2})?|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?![\d/.-]\d|\d)"
)
SECURITY = re.compile(r"\d{3}-\d{2}-\d{4}")
NOT_A_PHONE = re.compile(
    r"(?:account|acct|card|visa|express|discover|mastercard|invoice|policy|order|contract)[^.;:,\d]{0,16}(?:[ :#]|no\.?|number)[ #:]{0,2}$|\bno\. $|(?:卡号|账号|帐号|身份证号?码?|尾号|保单号?|合同号?|编号|证件)[:： 是为]{0,2}$"
)
PHONE = re.compile(r"(?:phone|tel|mobile|cell|call|fax|number is|italy|电话|手机|联系方式)[^\d]{0,12}$")
SPOILED = re.compile(r"[a-z%*=]|[ ]?[元万亿块]|[ ][a-f]\d|(?:[ ]?(?:usd|rmb|yuan|dollars?)(?![a-z]|[ ]?\d))")
CHINESE = re.compile(
    r"(?<![\d+().-])(?:(?:\+|00)?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?:[ ]?(?:ext\.?|x|转)[ ]?\d{1,5})?(?![\d(]|[-./]\d)"
)
ABROAD = re.compile(r"(?:\+ ?|00 ?)\d{1,3}[ -/]?$")
AMOUNT = re.compile(
    r"[万亿元块kmw千百](?![a-z])|[ ]?(?:usd|rmb|hkd|eur)(?![a-z]|[ ]?\d)|[ ]?[月日号点时年天个岁周]|(?:st|nd|rd|th)\b"
    r"|[ ]?(?:am|pm|days?|weeks?|months?|years?|hours?|o'clock|%)(?![a-z])"
)
LEAST, MOST, LEAST_ABROAD, SHORTEST = 7, 15, 6, 6
MOBILE = re.compile(r"1[3-9]\d{9}")
NEARLY_MOBILE = re.compile(r"1[3-9]\d{7,8}|1[3-9]\d{10,11}")
CUT = re.compile(r"(?<![\d.])1[3-9]\d{1,6}(?:\.{2,}|…|\*{2,}\d{0,4})")


def phones(*, text: str, language: Language, known: Known | None = None) -> tuple[Entity, ...]:
    """Every phone; where `known` is given, a number it does not know is a phone with a typo."""
    folded = DATE.sub(lambda found: "\1" * len(found[0]), readable(text))
    found = [_phone(text, one, language, known) for one in _candidates(folded, language)]
    return tuple(sorted([*found, *_cut(text, folded)], key=lambda one: one.start))


def _cut(text: str, folded: str) -> Iterator[Entity]:
    """138…: a phone somebody meant to write later."""
    for found in CUT.finditer(folded):
        yield Entity("phone", found.start(), len(found[0]), text[found.start() : found.end()], (), trouble="digits")


def _candidates(folded: str, language: Language) -> Iterator[tuple[int, int, str]]:
    """Start, end and digits of what looks like a phone."""
    taken: list[tuple[int, int]] = []
    for found in CHINESE.finditer(folded):
        if _standing(folded, found.start(), found.end()) and not ABROAD.search(folded[: found.start()][-8:]):
            number, _, extension = re.sub(r"[^\d+x]", "", re.sub(r"转|ext\.?", "x", found[0])).partition("x")
            yield found.start(), found.end(), number + (f"x{extension}" if extension else "")
            taken.append(found.span())
    for start, end in taken:
        folded = folded[:start] + "\1" * (end - start) + folded[end:]
    place = 0
    while match := CANDIDATE.search(folded, place):
        found = _without_amount(folded, match) or match
        place = found.end()
        start, end = _balanced(found)
        digits = re.sub(r"\D", "", folded[start : found.end("body")])
        plus = "+" in (found["head"] or "") or digits.startswith("00")
        if not _standing(folded, start, end) or SECURITY.fullmatch(found["body"]):
            continue
        if not _long_enough(folded, start, digits, plus=plus) or _nested(folded, start, end):
            continue
        if language == "zh" and _is_list(found["body"]):
            continue
        extension = re.sub(r"\D", "", found["ext"] or "")
        yield (
            start,
            end,
            ("+" if "+" in (found["head"] or "") else "") + digits + (f"x{extension}" if extension else ""),
        )


def _without_amount(folded: str, found: re.Match[str]) -> re.Match[str] | None:
    """1380013800 30万, 1380013800 2月30日: the last figures are of an amount or a day."""
    gap = folded.rfind(" ", found.start(), found.end())
    if gap <= found.start() or not AMOUNT.match(folded, found.end()):
        return None
    return CANDIDATE.match(folded[:gap], found.start())


def _balanced(found: re.Match[str]) -> tuple[int, int]:
    """Without a bracket that has no partner: `(19 358…` and `19) 358…` begin at their figures."""
    whole, start, end = found[0], found.start(), found.end()
    opened, closed = whole.count("("), whole.count(")")
    if opened > closed and whole.startswith("("):
        return found.start("body"), end
    if closed > opened and (lone := re.match(r"\d+\) ", whole)):
        return start + lone.end(), end
    return start, end


def _nested(folded: str, start: int, end: int) -> bool:
    around = folded[max(0, start - 2) : end + 2]
    depth = worst = 0
    for sign in around:
        depth += (sign == "(") - (sign == ")")
        worst = max(worst, depth)
    return worst > 1


def _standing(folded: str, start: int, end: int) -> bool:
    """Whether nothing around says that it is part of a code, a sum, an account or an amount."""
    before = folded[max(0, start - 40) : start]
    if SPOILED.match(folded, end) or NOT_A_PHONE.search(before):
        return False
    last, first = before[-1:], folded[start]
    if first not in "+(" and (last in "#_*=.$€£¥+/\\" or ("a" <= last <= "z")) and last:
        return last != "" and bool(re.search(r"(?:office|tel|phone|mobile)$", before))
    if last == "-" and first != "(":
        return (len(before) > 1 and before[-2] == "#") or before.endswith(("office-", "tel-", "phone-"))
    return not (last.isdigit() and last.isascii()) and not (last == ")" and first == "+") and last != "+"


def _long_enough(folded: str, start: int, digits: str, *, plus: bool) -> bool:
    count = len(digits)
    if count > MOST + (2 if digits.startswith("00") else plus):
        return False
    if count < LEAST:
        return count >= SHORTEST and digits[0] == "0" and bool(PHONE.search(folded[max(0, start - 40) : start]))
    if re.fullmatch(r"1\d\d-\d{4}", folded[start : start + 8]) and count == LEAST:
        return False
    return not re.match(r"\d+\.\d+(?![\d.-])", folded[start : start + count + 2]) or folded[start + 1] != "."


def _is_list(body: str) -> bool:
    """3.5 2.1 10 in a Chinese line: figures in a row, no phone."""
    groups = re.split(r"\D+", body)
    return len(groups) > 1 and max(map(len, groups)) < 3  # no part of a phone here is shorter


def _phone(text: str, candidate: tuple[int, int, str], language: Language, known: Known | None) -> Entity:
    start, end, digits = candidate
    trouble = language == "zh" and bool(NEARLY_MOBILE.fullmatch(digits))
    value = digits
    if known is not None and not MOBILE.fullmatch(digits):
        value = known(digits)
        trouble = trouble or not value
    readings = () if trouble else (Reading(value),)
    return Entity("phone", start, end - start, text[start:end], readings, trouble="digits" if trouble else "")
