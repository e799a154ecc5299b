"""The holidays the English grammar knows: the names people write, and how the day is found in a year.

`day?` may stand for a following "day", `day!` must be followed by it: a memorial, a mother and labour are more often
something else.
"""

from __future__ import annotations

import re
from types import MappingProxyType

# Month and day.
FIXED = MappingProxyType({
    "christmas eve|xmas eve": (12, 24), "christmas day?|xmas day?|x-mas day?": (12, 25), "boxing day!": (12, 26),
    "new years? eve": (12, 31), "new years day!|new year day!|yuandan": (1, 1), "valentines day?": (2, 14),
    "saint patricks day?|st patricks day?|st. patricks day?": (3, 17), "april fools? day!|april fools": (4, 1),
    "earth day!": (4, 22), "may day!|intl workers day!|international workers day!": (5, 1), "cinco de mayo": (5, 5),
    "juneteenth": (6, 19), "independence day!|fourth of july": (7, 4), "national day!": (10, 1),
    "halloween day?": (10, 31), "all saints day!": (11, 1), "all souls day!": (11, 2), "veterans day!": (11, 11),
    "singles day!|double eleven": (11, 11), "guy fawkes day?": (11, 5), "womens day!|international womens day!": (3, 8),
    "childrens day!": (6, 1), "white day!": (3, 14), "bastille day!": (7, 14), "inauguration day!": (1, 20),
    "groundhog day!|groundhogs? day!": (2, 2), "teachers day!": (9, 10), "youth day!": (5, 4), "girls day!": (3, 7),
    "tree planting day!|arbor day!": (3, 12), "maos birthday": (12, 26),
})  # fmt: skip
# Month, weekday from Monday 1, the how many-eth (-1 the last), and so many days after it.
FLOATING = MappingProxyType({
    "thanksgiving day?|thanks giving day?": (11, 4, 4, 0), "black friday": (11, 4, 4, 1), "cyber monday": (11, 4, 4, 4),
    "martin luther king day!|mlk day!|martin luther king jr day!|martin luther king jr. day!": (1, 1, 3, 0),
    "presidents day!|washingtons birthday": (2, 1, 3, 0), "memorial day!": (5, 1, -1, 0),
    "labor day!|labour day!": (9, 1, 1, 0), "columbus day!|indigenous peoples day!": (10, 1, 2, 0),
    "mothers day!": (5, 7, 2, 0), "fathers day!": (6, 7, 3, 0),
})  # fmt: skip
# Days after Easter Sunday.
FROM_EASTER = MappingProxyType({
    "easter monday": 1, "easter sunday|easter day?": 0, "good friday": -2, "palm sunday": -7, "ash wednesday": -46,
    "maundy thursday": -3, "ascension day!": 39, "pentecost|whit sunday": 49, "whit monday": 50, "corpus christi": 60,
    "trinity sunday": 56, "mardi gras|fat tuesday": -47,
})  # fmt: skip
# Lunar month and day, and so many days after it.
LUNAR = MappingProxyType({
    "chinese new years? eve|lunar new years? eve": (1, 1, -1),
    "chinese new years? day?|lunar new years? day?|spring festival|cny": (1, 1, 0),
    "lantern festival": (1, 15, 0), "dragon boat festival|dragon boat day!": (5, 5, 0), "qixi festival|qixi": (7, 7, 0),
    "mid autumn festival|mid autumn|mid-autumn festival|mid-autumn|moon festival": (8, 15, 0),
    "double ninth festival|chongyang festival|chongyang": (9, 9, 0),
})  # fmt: skip
# Month and day of the Islamic calendar.
ISLAMIC = MappingProxyType({
    "ramadan|ramazan|ramzan|ramadhan|ramathan": (9, 1),
    "eid al-fitr|eid al fitr|eidul fitr|festival of breaking the fast": (10, 1),
    "eid al-adha|eid al adha|eid al-azha|eidul azha|feast of sacrifice|festival of sacrifice": (12, 10),
    "islamic new years?|hijri new years?|arabic new years?": (1, 1),
})  # fmt: skip
SOLAR_TERM = "qingming festival|qingming|tomb sweeping day!|tomb-sweeping day!"
NAMES = (*LUNAR, *ISLAMIC, SOLAR_TERM, *FIXED, *FLOATING, *FROM_EASTER)


def _pattern(names: str) -> str:
    """The names with an apostrophe wherever people put one, and the spaces of a line."""
    names = names.replace(".", r"\.").replace("intl", "int['’]?l")
    names = re.sub(r"s(\??)(?= |$|\|)", lambda found: "['’]?s" + found[1] + "['’]?", names)
    return names.replace(" day?", r"(?:\s?day)?").replace(" day!", r"\s?day").replace(" ", r"\s")


PATTERNS = MappingProxyType({re.compile(_pattern(names), re.IGNORECASE): names for names in NAMES})
SHAPE = r"\b(?:" + "|".join(_pattern(names) for names in NAMES) + r")\b"


def holiday(text: str) -> str:
    """The names of the holiday a text is one of."""
    return next(names for pattern, names in PATTERNS.items() if pattern.fullmatch(text))
