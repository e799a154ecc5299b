"""Numbers as Chinese writes them: 两千四百五, 4.78万亿, 25万6千, 十多万, 五分之一, 三又二分之一, 2.5e3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

DIGITS = {
    "零": 0, "〇": 0, "一": 1, "壹": 1, "二": 2, "贰": 2, "两": 2, "俩": 2, "倆": 2, "三": 3, "叁": 3, "四": 4, "肆": 4, "五": 5, "伍": 5,
    "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9,
}  # fmt: skip
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
BIG = {"万": 10**4, "亿": 10**8, "兆": 10**12}
SUFFIX = {
    "k": 10**3, "m": 10**6, "mm": 10**6, "mil": 10**6, "mn": 10**6, "g": 10**9, "b": 10**9, "bn": 10**9, "bln": 10**9, "t": 10**12,
    "tn": 10**12, "tln": 10**12, "w": 10**4,
}  # fmt: skip
_D, _S, _B = "".join(DIGITS), "".join(SMALL), "".join(BIG)
HALF = re.compile(r"半(?=[百千万亿])")
GAP = re.compile(r"[ \t]{0,3}")
TOKEN = re.compile(
    r"(?P<arabic>(?:\d{1,3}(?:,\d{3}){1,9}(?!\d)|\d{1,40})(?:(?<!\.\d)(?<!\.\d\d)(?<!\.\d{3})(?<!\.\d{4})(?<!\.\d{5})\.\d{1,30}(?!\.?\d))?|(?<![.\d])\.\d{1,30})"
    rf"|(?P<digit>[{_D}])|(?P<small>[{_S}])|(?P<big>[{_B}])"
    rf"|(?P<few>[多余几来](?=[ \t]{{0,3}}[{_B}]))"
)
START = re.compile(rf"{HALF.pattern}|{TOKEN.pattern}")
POINT = re.compile(rf"[ \t]{{0,3}}点[ \t]{{0,3}}((?:[零〇一二三四五六七八九叁伍陆柒捌玖贰肆壹][ \t]?){{0,29}}[零〇一二三四五六七八九叁伍陆柒捌玖贰肆壹])(?![{_S}{_B}两])")  # fmt: skip
POWER = re.compile(r"(?:e([+-]?\d{1,2})|\^(?:--|\+)?(-?\d{1,2}))(?![\d.])")
TAIL = re.compile(r"[ \t]?(mil|mm|mn|bln|bn|tln|tn|[kmgbtw])(?![a-z0-9])")
OVER = re.compile(r"[ \t]{0,3}分[ \t]{0,3}之[ \t]{0,3}")
AND = re.compile(r"[ \t]{0,3}又[ \t]{0,3}")
SLASH = re.compile(r"(?:(\d{1,9}) )?(\d{1,9})/(\d{1,9})(?![\d/.])")
MEASURED = re.compile(
    r"[ \t]?(?:年|个?[月日天周季]|个|号|星期|礼拜|点|时|分(?![ \t]{0,3}之)|期|成|折|倍|%|次|位|家|张|笔|岁|口|人|套|只|层|楼)"
)
DOZEN = re.compile(r"[ \t]?打(?![电算听扰折开动印包造击理断发招磨])")


MOST_DIGITS = 40


class Found(NamedTuple):
    """A number and where it stands."""

    start: int
    end: int
    value: Fraction
    plain: bool = True
    """A written integer or decimal, not a fraction or a power."""


@dataclass(slots=True)
class _Sum:
    """A number while it is read: what is summed up, the section under the next 万, the digit before its unit."""

    parts: list[tuple[int, Fraction]] = field(default_factory=list)
    section: Fraction = Fraction(0)
    digit: Fraction | None = None
    last: str = ""
    unit: int = 0
    smallest: int = 10**5
    spelled: str = ""
    elided: bool = False
    gap: bool = False

    def take(self, kind: str, word: str) -> bool:
        """Add one token; refuse what cannot follow."""
        return bool(getattr(self, f"_{kind}")(word))

    def _digit(self, word: str) -> bool:
        value = DIGITS[word]
        if self.last in {"digit", "zero"} and self.unit == 0:
            return self._spell(word)
        if self.last in {"digit", "arabic"} or (value == 0 and self.last == "zero"):
            return False
        self.elided = self.last in {"small", "big"} and value > 0
        self.spelled, self.last = word, "digit" if value else "zero"
        self.digit = Fraction(value) if value or not self.unit else None
        return True

    def _spell(self, word: str) -> bool:
        if len(self.spelled) >= MOST_DIGITS or word in "两俩倆" or self.spelled[-1:] in {"两", "俩", "倆"} or self.gap:
            return False
        self.spelled += word
        self.digit, self.last = Fraction(int("".join(str(DIGITS[one]) for one in self.spelled))), "digit"
        return True

    def _arabic(self, word: str) -> bool:
        value = Fraction(word.replace(",", ""))
        if self.last and (self.last in {"digit", "arabic", "few"} or value >= self.unit or not word.isdigit()):
            return False
        self.elided = self.last in {"small", "big"} and len(word) == 1
        self.digit, self.last = value, "arabic"
        return True

    def _small(self, word: str) -> bool:
        unit = SMALL[word]
        if self.last in {"small", "few"} or unit >= self.smallest or len(self.spelled) > 1:
            return False
        if self.last == "arabic" and self.digit is not None and self.digit >= unit * 10:
            return False
        self.section += (Fraction(1) if self.digit is None or self.last == "zero" else self.digit) * unit
        self._unit("small", unit)
        self.smallest = unit
        return True

    def _big(self, word: str) -> bool:
        unit = BIG[word]
        value = self.section + (self.digit or 0)
        if self.last == "zero" or (not value and (self.last != "big" or self.unit > unit)):
            return False
        if value and len(self.spelled) > 1 and self.section == 0:
            return False
        parts = list(self.parts)
        while parts and (parts[-1][0] < unit or (parts[-1][0] == unit and not value)):
            value += parts.pop()[1]
        if parts and parts[-1][0] <= unit:
            return False
        self.parts = parts
        self.parts.append((unit * (self.unit if self.last == "big" else 1), value * unit))
        self.section = Fraction(0)
        self._unit("big", unit)
        self.smallest = 10**5
        return True

    def _few(self, _word: str) -> bool:
        if not self.last or (self.last == "zero" and not self.unit):
            return False
        self.section += self.digit or 0
        self.digit, self.last = None, "few"
        return True

    def _unit(self, kind: str, unit: int) -> None:
        self.digit, self.spelled, self.last, self.unit, self.elided = None, "", kind, unit, False

    @property
    def value(self) -> Fraction:
        """What has been read, a bare last digit standing for the next smaller unit (四百五 is 450)."""
        last = self.digit or Fraction(0)
        if self.elided and self.unit:
            last *= Fraction(self.unit, 10)
        return sum((value for _, value in self.parts), self.section + last)


def scan(text: str) -> Iterator[Found]:
    """Every number of a folded text, from left to right, none within another."""
    for found in every(text):
        if not (PERCENT.match(text, found.end) or _is_word(text, found)):
            yield found


def every(text: str) -> Iterator[Found]:
    """The same with what is part of a word or of a percent."""
    place = 0
    while token := START.search(text, place):
        found = at(text, token.start())
        if found:
            yield _signed(text, found, place)
        place = found.end if found else token.end()


def _signed(text: str, found: Found, least: int) -> Found:
    """The same with the sign before it."""
    head = found.start - 1
    if head < least or text[head] not in "负-+" or (text[head] != "负" and _joins(text, head, found)):
        return found
    return found._replace(start=head, value=found.value if text[head] == "+" else -found.value)


def _joins(text: str, head: int, found: Found) -> bool:
    """Whether a hyphen or plus joins two things and is no sign."""
    before = text[head - 1] if head else " "
    return text[found.start] not in "0123456789." or not (
        before.isspace() or before in "(:：（，,;“负" or before > "一"
    )


def at(text: str, start: int) -> Found | None:
    """The number that starts at this place."""
    if fraction := _slash(text, start):
        return fraction
    first = _plain(text, start)
    if first is None:
        return None
    if (joint := AND.match(text, first.end)) and (part := _over(text, _plain(text, joint.end()))):
        return Found(start, part.end, first.value + part.value, plain=False)
    if fraction := _over(text, first):
        return fraction
    return first


def _slash(text: str, start: int) -> Found | None:
    found = SLASH.match(text, start)
    if not found or not int(found[3]) or text[max(start - 1, 0) : start] in {"/", "."}:
        return None
    return Found(start, found.end(), int(found[1] or 0) + Fraction(int(found[2]), int(found[3])), plain=False)


def _over(text: str, below: Found | None) -> Found | None:
    """三分之二: the denominator comes first."""
    if below is None or not below.value or text[below.start : below.end] in {"百", "千", "万", "佰", "仟"}:
        return None
    joint = OVER.match(text, below.end)
    if not joint:
        return None
    minus = text.startswith("负", joint.end())
    above = _plain(text, joint.end() + minus)
    return above and Found(below.start, above.end, (-1 if minus else 1) * above.value / below.value, plain=False)


def _plain(text: str, start: int) -> Found | None:
    """An integer or decimal at this place, with its power, suffix or dozen."""
    summed, end = _tokens(text, start)
    if not end or not (summed.section or summed.parts or summed.digit is not None):
        return None
    value = summed.value
    if point := POINT.match(text, end):
        digits = "".join(str(DIGITS[one]) for one in point[1] if one in DIGITS)
        return Found(start, point.end(), value + Fraction(int(digits), 10 ** len(digits)))
    if summed.last == "arabic" and (power := POWER.match(text, end)):
        return _power(start, power, value)
    if summed.last == "arabic" and (tail := TAIL.match(text, end)):
        return Found(start, tail.end(), value * SUFFIX[tail[1]])
    if dozen := DOZEN.match(text, end):
        return Found(start, dozen.end(), value * 12)
    return Found(start, end, value)


def _power(start: int, power: re.Match[str], value: Fraction) -> Found:
    if power[1]:
        return Found(start, power.end(), value * Fraction(10) ** int(power[1]))
    raised = int(power[2])
    whole = value**raised if value else Fraction(0)
    return Found(start, power.end(), whole, plain=False)


def _tokens(text: str, start: int) -> tuple[_Sum, int]:
    """Read on while the next token fits; the sum and where it ends (0: nothing there)."""
    summed, end, place = _Sum(), 0, start
    if HALF.match(text, start):
        place, summed.digit, summed.last = start + 1, Fraction(1, 2), "digit"
    while (token := TOKEN.match(text, place)) and _fits(text, token, end, summed):
        if summed.last not in {"zero", "few"} or (summed.last == "zero" and not summed.unit):
            end = token.end()
        place = _past_gap(text, token.end())
    return summed, end


def _past_gap(text: str, place: int) -> int:
    gap = GAP.match(text, place)
    return gap.end() if gap else place


def _fits(text: str, token: re.Match[str], end: int, summed: _Sum) -> bool:
    """Whether the token belongs to the number: a loose last digit counts only where nothing else can claim it."""
    kind, word = str(token.lastgroup), token[0]
    if summed.last == "big" and kind in {"digit", "arabic", "small"} and _starts_anew(text, token, summed):
        return False
    summed.gap = bool(end) and token.start() > end and text[token.start() - 1] in " \t"
    if kind in {"digit", "arabic"} and summed.unit and summed.last in {"small", "big"} and DIGITS.get(word, 1):
        follower = TOKEN.match(text, _past_gap(text, token.end()))
        loose = not follower or follower.lastgroup not in {"small", "big", "few"}
        if loose and summed.unit > 10 and _claimed(text, token, summed):
            return False
    return summed.take(kind, word)


ANEW = re.compile(rf"(?:[{_D}{_S}]|\d[\d,.]*|[ \t])*([{_B}]|[年月日号期天]|个月)")


def _starts_anew(text: str, token: re.Match[str], summed: _Sum) -> bool:
    """20万 30万 and 20万30万 are two amounts; 一万五千亿 is one."""
    rest = ANEW.match(text, token.start())
    if rest is None or rest[1] not in BIG:
        return rest is not None
    return BIG[rest[1]] == summed.unit or (BIG[rest[1]] > summed.unit and text[token.start() - 1] in " \t")


def _claimed(text: str, token: re.Match[str], summed: _Sum) -> bool:
    """50万3年期, 五十万 三个月: the 3 is of the years, not of the amount."""
    if MEASURED.match(text, token.end()) and not POINT.match(text, token.end()):
        return True
    after = text[token.end() : token.end() + 1]
    return summed.gap and (token.lastgroup == "arabic" or ("一" <= after <= "鿿" and after not in "点又"))


WORDS = re.compile(
    r"[一壹](?:切|看|起|样|定|般|直|些|下|旦|致|律|共|向|生|方|边|再|味|线|流|块钱|提|听|说|早|会儿|时|贯|同|心|路|对一)"
    r"|四(?:川|周|处|季|海|肢)|五(?:官|金|谷)|三(?:亚|角|明治|峡|星)|六(?:安|合)|九(?:江|龙|寨)|七夕|八(?:卦|宝)|百(?:姓|货|度|合)|千(?:万别|万不)|万(?:一|科|达|能|事)"
    r"|十(?:分|足)|两(?:口子|岸|者)|零(?:售|钱|食|花)|伍(?!$)|陆(?!$)|拾(?!$)|肆(?!$)|贰(?!$)|玖(?!$)|捌(?!$)|柒(?!$)|仟(?!$)|佰(?!$)"
)
BEFORE = re.compile(r"(?:[队入退落行登着大内海朝夕收放捡统唯万周期][一-鿿]?|礼拜|星期|部队)$")
PERCENT = re.compile(r"[ \t]?%|折")
UNITS_OF_MONEY = re.compile(r"[ \t]?(?:美元|美刀|美金|刀|块钱|人民币|港币|港元|欧元|日元|英镑|元)")


def _is_word(text: str, found: Found) -> bool:
    """A single character that is part of a word (一切, 四川, 队伍) and no number."""
    word = text[found.start : found.end]
    if not found.plain:
        return False
    if len(word) != 1 or word in "0123456789":
        return len(word) == 2 and all(DIGITS.get(one) for one in word)  # 九九 is a name more often than 99
    if word in "万亿兆零百千" or WORDS.match(text, found.start) or UNITS_OF_MONEY.match(text, found.end):
        return True
    return word in "伍陆拾肆一十" and bool(BEFORE.search(text[max(0, found.start - 2) : found.start]))


def digit(word: str) -> int:
    """The value of one digit, Chinese or not."""
    return DIGITS[word] if word in DIGITS else int(word)


def ends_in_number(text: str, place: int) -> bool:
    """Whether number signs stand right before this place."""
    return place > 0 and bool(TOKEN.match(text, place - 1))
