"""English text as a row of classified words: each word, number or sign has one class, written as one character.

The grammar matches regular expressions over that row of characters, so that a rule reads "the? ordinal of? month" and
the width of a space, the case and the length of a word no longer matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from types import MappingProxyType
from typing import Any

from keybook.core.reading.english_feasts import SHAPE as FEAST

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DIGITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
]
DECADES = [
    "noughties",
    "tens",
    "twenties",
    "thirties",
    "forties",
    "fifties",
    "sixties",
    "seventies",
    "eighties",
    "nineties",
]

# Words that stand for themselves: the class, then the words that have it.
PLAIN = {
    "the": "the", "a": "a an", "my": "my", "of": "of", "in": "in", "on": "on", "at": "at", "for": "for", "from": "from",
    "to": "to thru through", "until": "until till til", "between": "between", "and": "and", "by": "by", "before": "before prior",
    "after": "after", "since": "since", "around": "around about circa approximately", "every": "every each",
    "this": "this current", "next": "next following", "last": "last previous", "past": "past",
    "coming": "coming upcoming", "that": "that", "same": "same", "other": "other alternate", "another": "another",
    "ago": "ago", "later": "later", "hence": "hence", "now": "now", "within": "within", "rest": "rest remainder",
    "early": "early start", "beginning": "beginning", "mid": "mid middle", "late": "late end", "earlier": "earlier",
    "than": "than", "more": "more", "less": "less fewer", "full": "all whole full entire", "half": "half",
    "future": "future", "business": "business working", "once": "once twice", "clock": "oclock",
    "starting": "starting commencing", "ish": "ish", "or": "or", "no": "no not", "be": "is be", "latest": "latest", "date": "date",
    "clause": "with please i we he she they you but so if when which was are were will would can could then sometime",
}  # fmt: skip
UNITS = {
    "weekw": ("W", "week weeks wk wks"), "weekendw": ("WE", "weekend weekends"),
    "monthw": ("M", "month months mo mos mth mths"), "yearw": ("Y", "year years yr yrs ys"), "dayw": ("D", "day days"),
    "hourw": ("TH", "hour hours hr hrs h"), "minutew": ("TM", "minute minutes min mins"),
    "secondw": ("TS", "seconds sec secs"), "decadew": ("10Y", "decade decades"),
    "centuryw": ("100Y", "century centuries"), "fortnightw": ("2W", "fortnight fortnights"),
    "quarterw": ("3M", "quarter quarters"),
}  # fmt: skip
VALUED: Mapping[str, Mapping[str, Any]] = {
    "month": {name[:cut]: at for at, name in enumerate(MONTHS, 1) for cut in (3, 9) if at != 5} | {"sept": 9},  # noqa: PLR2004
    "may": {"may": 5},
    "weekday": {name[:cut]: at for at, name in enumerate(WEEKDAYS, 1) for cut in (3, 9)}
    | {"tues": 2, "wedn": 3, "weds": 3, "thur": 4, "thurs": 4},
    "weekdays": {name + "s": number for number, name in enumerate(WEEKDAYS, 1)},
    "few": {"few": 3, "several": 3, "some": 3},
    "couple": {"couple": 2},
    "today": {"today": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1, "tomo": 1, "yesterday": -1},
    "tonight": {"tonight": "NI"},
    "daypart": {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "daytime": "DT"},
    "dayparts": {"mornings": "MO", "afternoons": "AF", "evenings": "EV", "nights": "NI"},
    "season": {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"},
    "noon": {"noon": time(12), "midday": time(12), "noontime": time(12), "midnight": time(0), "midmorning": time(10), "midafternoon": time(14), "noonish": time(12)},
    "lunch": {"lunchtime": "MEL", "lunch": "MEL"},
    "often": {
        "daily": "P1D", "everyday": "P1D", "weekly": "P1W", "biweekly": "P2W", "fortnightly": "P2W", "monthly": "P1M",
        "bimonthly": "P2M", "quarterly": "P3M", "annually": "P1Y", "yearly": "P1Y", "annual": "P1Y",
    },
    "decade": {name: 10 * at for at, name in enumerate(DECADES)},
    "eod": {"eod": "D", "eob": "B", "cob": "B"},
    "eom": {"eom": "M", "eoy": "Y", "eoq": "3M"},
}  # fmt: skip
WORDS: Mapping[str, tuple[str, Any]] = MappingProxyType(
    {word: (name, word) for name, words in PLAIN.items() for word in words.split()}
    | {word: (name, unit) for name, (unit, words) in UNITS.items() for word in words.split()}
    | {word: (name, value) for name, valued in VALUED.items() for word, value in valued.items()}
    | {"second": ("second", "TS")}
)
SIGNS = MappingProxyType({
    ",": "comma", ".": "period", "-": "dash", "–": "dash", "—": "dash", "~": "dash", "/": "slash", "(": "lparen",
    ")": "rparen", "!": "stop", "?": "stop", ";": "stop", ":": "stop",
})  # fmt: skip

# Numbers by how large they are: a day of a month, an hour and a minute are told apart by their class alone.
SIZES = ((0, 0), (1, 12), (13, 24), (25, 31), (32, 59), (60, 99), (100, 9999))
FIRST_YEAR, LAST_YEAR, PIVOT, CENTURY = 1500, 2100, 40, 100
LONGEST_NUMBER = 4
NAMES = sorted(
    {*PLAIN, *UNITS, *VALUED, *SIGNS.values(), "second", "ordinal", "fulldate", "slashday", "yearmonth", "clocktime",
     "decimal", "ampm", "quarter", "halfyear", "yy", "era", "possessive", "word", "year", "compact", "holiday", "glueda"}
    | {kind + str(low) for low, _ in SIZES for kind in "nw"}
)  # fmt: skip
CLASS: Mapping[str, str] = MappingProxyType({name: chr(0xE000 + place) for place, name in enumerate(NAMES)})
SETS: Mapping[str, str] = {
    "months": "month may", "ordinals": "ordinal second", "day": "n1 n13 n25 w1 w13 w25", "hour": "n0 n1 n13 w1 w13",
    "unit": "weekw monthw yearw dayw hourw minutew secondw second decadew fortnightw quarterw",
    "longunit": "weekw monthw yearw dayw decadew fortnightw quarterw",
    "minute": "n0 n1 n13 n25 n32 w1 w13 w25 w32", "wordminute": "w1 w13 w25 w32", "low": "n1 n13 n25",
    "number": "n0 n1 n13 n25 n32 n60 n100 w1 w13 w25 w32 w60 w100",
    "amount": "n0 n1 n13 n25 n32 n60 n100 w1 w13 w25 w32 w60 w100 few decimal",
    "sign": "comma period stop", "start": "early beginning",
}  # fmt: skip


def _any(words: list[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_UNDER_100 = rf"(?:{_any(TENS)}(?:[ -]{_any(DIGITS)})?|{_any(TEENS)}|{_any(DIGITS)})\b"
# Tried in this order at each place: dates and times in figures before plain numbers, numbers in words before words.
SHAPES = (
    ("holiday", FEAST),
    ("compact", r"(?<![0-9])(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])"),
    ("fulldate", r"(?<![0-9][-/.])[0-9]{4}(?P<s1>[-/.])[0-9]{1,2}(?P=s1)[0-9]{1,2}(?![0-9])"),
    ("fulldate", r"(?<![0-9][-/.])[0-9]{1,2}(?P<s2>[-/.])[0-9]{1,2}(?P=s2)(?:[0-9]{4}|[0-9]{2})(?![0-9]|[-./][0-9])"),
    ("fulldate", r"(?<![0-9][-/.])[0-9]{1,2}/[0-9]{1,2},\s?(?:[0-9]{4}|[0-9]{2})(?![0-9:])"),
    ("clocktime", r"t?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,7})?)?z?(?![0-9])"),
    ("clocktime", r"[0-9]{1,2}\s?h\s?[0-9]{2}(?!\w)"),
    ("yearmonth", r"(?<![0-9][-/.])[12][0-9]{3}\s?[-/.]\s?(?:1[0-2]|0?[1-9])(?![0-9])(?!\s?[-/.:][0-9])"),
    ("yearmonth", r"(?<![0-9][-/.])(?:1[0-2]|0?[1-9])\s?[-/]\s?[12][0-9]{3}(?![0-9])"),
    ("slashday", r"(?<![0-9][-/.])[0-9]{1,2}/[0-9]{1,2}(?![0-9/]|\s?(?:of\b|%|(?:years?|months?|weeks?|days?|hours?|hrs?)\b))"),
    ("quarter", r"q[1-4](?![0-9a-z])"),
    ("halfyear", r"h[12](?![0-9a-z])"),
    ("era", r"['’]?[0-9]{2,4}['’]?s\b"),
    ("ordinal", r"[0-9]{1,2}(?:st|nd|rd|th)\b"),
    ("money", r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])"),
    ("decimal", r"[0-9]{1,9}\.[0-9]{1,9}"),
    ("number", r"[0-9]+"),
    ("glueda", r"(?<=[0-9])a\b(?!\.?\s?m)"),
    ("ampm", r"(?<=[0-9])p\b(?!\.\s?m)|(?<=[0-9])\.[ap]m\b|(?:[ap]\.\s?m\b\.?|[ap]\s?m\b)|ampm\b"),
    ("yearword", rf"(?:nineteen|twenty)[ -](?:hundred|(?:zero|oh) {_any(DIGITS)}|(?:{_any(TENS)}(?:[ -]{_any(DIGITS)})?|{_any(TEENS)}))\b"),
    ("ordinalword", rf"(?:{_any(TENS[:2])}[ -]{_any(ORDINALS[:9])}|{_any(ORDINALS)}|twentieth|thirtieth)\b"),
    ("numberword", rf"{_any(DIGITS + TEENS)}(?=ish\b)"),
    ("numberword", rf"{_UNDER_100}(?: (?:hundred|thousand)\b(?: (?:and )?{_UNDER_100})?){{0,3}}"),
    ("clock", r"o['’]?\s?clock\b"),
    ("eob", r"(?:close|end) of business\b"),
    ("often", r"bi[- ]?(?:weekly|monthly|annually|annual)\b|semi[- ]?annual(?:ly)?\b|half[- ]yearly\b"),
    ("lunch", r"lunch[- ]time\b"),
    ("yy", r"['’][0-9]{2}\b"),
    ("possessive", r"['’]s?(?!\w)"),
    ("letters", r"[a-z]+"),
    ("sign", r"[^\w\s]"),
    ("word", r"\w+|_"),
)  # fmt: skip
