"""The ways a name, a phone and a number can be typed: the keys by which search finds a customer."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 80  # the column's width
TAIL = 4  # digits of a phone that people remember
_PERSON = 4  # a Chinese name of more characters is an organisation's or a transcription
_TURNS = 4  # a Latin name of more words is not turned round
_STARTS = 12  # characters of a long Chinese name from which a search may start
_WORDS = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"})

# Surnames that are read in another way than the character elsewhere; the usual reading first.
_SURNAMES: dict[str, tuple[str, ...]] = {
    "单": ("shan",), "單": ("shan",), "曾": ("zeng",), "解": ("xie",), "仇": ("qiu",), "任": ("ren",),
    "查": ("zha",), "区": ("ou",), "區": ("ou",), "盖": ("ge", "gai"), "蓋": ("ge", "gai"), "乐": ("yue", "le"),
    "樂": ("yue", "le"), "尉": ("wei",), "朴": ("piao", "pu"), "翟": ("zhai", "di"), "覃": ("qin", "tan"),
    "缪": ("miao",), "繆": ("miao",), "黑": ("he",), "宓": ("fu", "mi"), "折": ("she",), "员": ("yun",),
    "員": ("yun",), "祭": ("zhai",), "种": ("chong",), "洗": ("xian",), "冼": ("xian",), "繁": ("po",),
    "召": ("shao",), "能": ("nai",), "都": ("du",), "隗": ("wei", "kui"), "訾": ("zi",), "秘": ("bi",),
    "华": ("hua",), "華": ("hua",), "晟": ("cheng",), "车": ("che",), "車": ("che",), "粘": ("nian",),
    "佴": ("nai",), "不": ("fou",), "重": ("chong",), "藏": ("zang",), "长": ("chang",), "卜": ("bu",),
    "阚": ("kan",), "缴": ("jiao",), "适": ("kuo",), "撒": ("sa",), "应": ("ying",), "應": ("ying",),
    "宁": ("ning",), "句": ("gou",), "参": ("shen",), "葛": ("ge",), "哈": ("ha",), "过": ("guo",),
    "欧阳": ("ouyang",), "歐陽": ("ouyang",), "尉迟": ("yuchi",), "单于": ("chanyu",), "万俟": ("moqi",),
    "长孙": ("zhangsun",), "澹台": ("tantai",), "司马": ("sima",), "上官": ("shangguan",), "诸葛": ("zhuge",),
    "夏侯": ("xiahou",), "皇甫": ("huangfu",), "公孙": ("gongsun",), "慕容": ("murong",),
    "令狐": ("linghu",), "司徒": ("situ",), "宇文": ("yuwen",), "东方": ("dongfang",), "独孤": ("dugu",),
    "南宫": ("nangong",), "端木": ("duanmu",), "司空": ("sikong",), "轩辕": ("xuanyuan",), "钟离": ("zhongli",),
    "闻人": ("wenren",), "赫连": ("helian",), "呼延": ("huyan",), "申屠": ("shentu",), "拓跋": ("tuoba",),
}  # fmt: skip


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """Lower case, full-width made half-width, accents off: Wiśniewska becomes wisniewska."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(char for char in parts if not unicodedata.combining(char))
    return unicodedata.normalize("NFKC", kept.translate(_LETTERS))


def pressed(text: str) -> str:
    """Folded, and only its letters and digits: what a key holds and what a typed text is compared as."""
    return "".join(_WORDS.findall(folded(text)))


def keys_for(*, name: str, name_zh: str, phone: str, number: str | None) -> list[str]:
    """Every key under which this customer is stored, in order and each once."""
    keys: dict[str, None] = {}
    for found in (_name_keys(name), _name_keys(name_zh) if name_zh else (), _phone_keys(phone), _number_keys(number)):
        keys.update(dict.fromkeys(found))
    return sorted(key for key in keys if key)


@lru_cache(maxsize=65_536)
def _name_keys(name: str) -> tuple[str, ...]:
    return _chinese_keys(name) if _HAN.search(name) else _latin_keys(name)


def _latin_keys(name: str) -> tuple[str, ...]:
    """From each word on, turned round so that either order finds it, and the initials."""
    words = _WORDS.findall(folded(name).replace("'", "").replace("’", ""))
    turned = len(words) <= _TURNS
    keys = ["".join(words[i:] + (words[:i] if turned else []))[:LONGEST] for i in range(min(len(words), _STARTS))]
    if len(words) > 1:
        keys.append("".join(word[0] for word in words)[:LONGEST])
    return tuple(keys)


def _chinese_keys(name: str) -> tuple[str, ...]:
    """From each character on, as it is written and in pinyin; given name first; and the initials."""
    text = pressed(name)
    keys = [text[i : i + LONGEST] for i in range(min(len(text), _STARTS))]
    for syllables, family in _readings(text):
        keys += ["".join(syllables[i:])[:LONGEST] for i in range(min(len(syllables), _STARTS))]
        if family:
            keys.append("".join(syllables[family:] + syllables[:family])[:LONGEST])
        keys.append("".join(syllable[0] for syllable in syllables)[:LONGEST])
    return tuple(keys)


def _readings(text: str) -> list[tuple[list[str], int]]:
    """The readings of a name as syllables, each with the number of those that are the family name (0: no person's)."""
    from pypinyin import lazy_pinyin  # late: its dictionaries stay out of the processes that only search

    plain: list[str] = lazy_pinyin(text, errors=list)  # type: ignore[arg-type]
    family, starts = _family(text, plain)
    found = [(start + plain[family or 0 :], family) for start in starts] if family else [(plain, 0)]
    return found + [
        ([_without_umlaut(syllable) for syllable in syllables], size)
        for syllables, size in found
        if any(_without_umlaut(syllable) != syllable for syllable in syllables)
    ]


def _family(text: str, plain: list[str]) -> tuple[int, list[list[str]]]:
    """How many characters the family name has, and its readings as syllables."""
    if not 1 < len(text) <= _PERSON or len(plain) != len(text):
        return 0, []
    if text[:2] in _SURNAMES and len(text) > 2:  # noqa: PLR2004 - a compound surname has two characters
        return 2, [_split(reading, plain[:2]) for reading in _SURNAMES[text[:2]]]
    return 1, [[reading] for reading in _SURNAMES.get(text[0], (plain[0],))]


def _split(reading: str, plain: list[str]) -> list[str]:
    """A compound surname's reading as two syllables, cut where its second character's own reading starts if it does."""
    cut = len(reading) - len(plain[1]) if reading.endswith(plain[1]) else len(reading) // 2
    return [reading[:cut], reading[cut:]]


def _without_umlaut(syllable: str) -> str:
    """Lü is typed lv by some and lu by others."""
    return syllable.replace("ü", "u").replace("lv", "lu").replace("nv", "nu")


_PAIRS = (  # the country codes of two digits
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 "
    "60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98"
)


def _country_digits(digits: str) -> int:
    """How many digits of an international number are its country's code (ITU-T E.164)."""
    if digits[:1] in {"1", "7"}:
        return 1
    return 2 if digits[:2] in _PAIRS else 3


def phone_digits(phone: str) -> str:
    """The digits people dial: without the sign, the country's code and the leading 0."""
    text = unicodedata.normalize("NFKC", phone).strip()
    digits = "".join(char for char in text if char.isascii() and char.isdigit())
    if text.startswith("00"):
        text, digits = "+", digits[2:]
    if text.startswith("+"):
        digits = digits[_country_digits(digits) :]
    return digits.lstrip("0")


def _phone_keys(phone: str) -> tuple[str, ...]:
    """The last four digits, the number as it is dialled, and with the country's code."""
    whole = "".join(char for char in phone if char.isascii() and char.isdigit())
    if len(whole) < TAIL:
        return ()
    return whole[-TAIL:], phone_digits(phone)[:LONGEST], whole.lstrip("0")[:LONGEST]


def _number_keys(number: str | None) -> tuple[str, ...]:
    """The customer number, and its digits alone without leading zeros."""
    text = pressed(number or "")
    digits = text.lstrip("abcdefghijklmnopqrstuvwxyz").lstrip("0")
    return text[:LONGEST], digits[:LONGEST] if digits.isdigit() else ""
