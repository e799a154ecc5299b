"""The words of the page on feeds: each reason of a row kept aside, in the reader's language, with its way out.

The lake writes its reasons in English with a stable code; the figures in them are read back from the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from keybook.apps.feeds.queries import FileAccount

FEED_NAMES = {
    "branch": gettext_lazy("Branches"), "staff": gettext_lazy("Staff"), "customer": gettext_lazy("Customers"),
    "relation": gettext_lazy("Relations"), "product": gettext_lazy("Products"), "holding": gettext_lazy("Holdings"),
    "holder": gettext_lazy("Holders"), "balance": gettext_lazy("Balances"),
    "transaction": gettext_lazy("Transactions"), "standing_order": gettext_lazy("Standing orders"),
    "risk_profile": gettext_lazy("Risk profiles"), "channel_event": gettext_lazy("Channel events"),
    "ticket": gettext_lazy("Queue tickets"),
}  # fmt: skip

# code: what is so, the way out, and where the figures of both stand in the lake's sentence
REASONS: Mapping[str, tuple[object, object, str]] = {
    "missing": (gettext_lazy("%(column)s is missing"), gettext_lazy("Every row of this feed needs it: have the bank fill it in."), ""),
    "control_character": (gettext_lazy("%(column)s holds a character that no screen can show"), gettext_lazy("Take it out of the file."), ""),
    "too_long": (gettext_lazy("%(column)s is longer than %(one)s characters"), gettext_lazy("Shorten it."), r"longer than (?P<one>\d+) characters"),
    "unknown_choice": (gettext_lazy("%(column)s is none of the words known"), gettext_lazy("Known are %(one)s. Correct it, or map the bank's word to one of them."), r"is none of (?P<one>.*?); correct"),
    "bad_form": (gettext_lazy("%(column)s is not written as the contract says"), gettext_lazy("Correct it, or convert it in the mapping."), ""),
    "bad_date": (gettext_lazy("%(column)s is no day of the calendar"), gettext_lazy("Written %(one)s. Correct it, or name the bank's way of writing dates in the mapping."), r"written (?P<one>.+)\.$"),
    "bad_time": (gettext_lazy("%(column)s is no time"), gettext_lazy("Written YYYY-MM-DD HH:MM:SS, in the bank's own clock."), ""),
    "bad_flag": (gettext_lazy("%(column)s is neither true nor false"), gettext_lazy("Write true or false, or map the bank's words to them."), ""),
    "bad_number": (gettext_lazy("%(column)s is no number, or could be read in two ways"), gettext_lazy("If the bank writes 1.234,56, say decimal and thousands in the mapping."), ""),
    "too_small": (gettext_lazy("%(column)s is below %(one)s"), gettext_lazy("Look at its sign."), r"is below (?P<one>.+?); check"),
    "after_file": (gettext_lazy("%(column)s lies after the business date of the file"), gettext_lazy("The file is of %(one)s. Correct one of the two."), r"lies after (?P<one>[\d-]+),"),
    "duplicate_key": (gettext_lazy("Another row above has the same %(column)s"), gettext_lazy("The first one was taken. Send each only once."), ""),
    "unknown_reference": (gettext_lazy("%(column)s is not known"), gettext_lazy("Load the feed %(one)s first, then this file again; or correct it."), r"^No (?P<one>\w+) with"),
    "ragged": (gettext_lazy("The row has more or fewer fields than the header"), gettext_lazy("The header has %(one)s. Look for a missing quote or delimiter."), r"than the (?P<one>\d+) of"),
    "future_file": (gettext_lazy("The file is of a day that has not come"), gettext_lazy("It is dated %(one)s. Correct its date and load it again."), r"dated (?P<one>[\d-]+), after"),
    "missing_column": (gettext_lazy("The file has no column %(one)s"), gettext_lazy("%(column)s is made of it. Add it, or name another one in the mapping."), r"no column (?P<one>.+), which"),
    "absent_column": (gettext_lazy("The file has no column %(one)s"), gettext_lazy("What is made of it stays empty."), r"no column (?P<one>.+); it stays"),
    "extra_column": (gettext_lazy("Columns that nothing is made of"), gettext_lazy("%(one)s. Nothing needs doing, or map them."), r"made of: (?P<one>.*)\.$"),
    "absent_file": (gettext_lazy("A file that the mapping names did not come"), gettext_lazy("None matches %(one)s. Ask the bank, then load the folder again."), r"matches (?P<one>.+), which"),
    "unreadable": (gettext_lazy("The file cannot be read"), gettext_lazy("Not one row came in. Send it anew as CSV, XLSX or Parquet, and load it again."), ""),
}  # fmt: skip
SHOWABLE = frozenset({  # other columns may hold what would tell of a person: their values stay in the file
    "kind", "role", "other_role", "currency", "product", "risk", "rate", "opened_on", "matures_on", "instruction",
    "branch", "parent", "amount", "balance", "channel", "action", "level", "date", "every", "queue", "counter",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One reason in the reader's words; `row` is the first row's number, `value` what stands there if it may be shown."""

    code: str
    head: str
    way_out: str
    count: int
    row: str
    value: str


@dataclass(frozen=True, slots=True)
class SaidFile:
    """One file with its reasons said."""

    file: FileAccount
    reasons: list[Said]


def feed_name(feed: str) -> str:
    """The feed's word for people."""
    return str(FEED_NAMES.get(feed, feed))


def state(file: FileAccount) -> tuple[str, str]:
    """How a file fared, in a word, and the mark of it."""
    if file.kept_aside:
        return _("%(count)s kept aside") % {"count": f"{file.kept_aside:,}"}, "half" if file.loaded else "bad"
    codes = {str(reason["code"]) for reason in file.reasons}
    if "absent_file" in codes:
        return _("did not come"), "bad"
    return (_("cannot be read"), "bad") if "unreadable" in codes else (_("loaded"), "on")


def said(file: FileAccount) -> SaidFile:
    """A file's reasons in the reader's language."""
    return SaidFile(file, [_reason(reason) for reason in file.reasons])


def _reason(reason: Mapping[str, object]) -> Said:
    code, column, sentence = (str(reason.get(key) or "") for key in ("code", "column", "sentence"))
    place, _colon, value = str(reason.get("example") or "").partition(": ")
    head, way_out = _words(code, column, sentence)
    return Said(
        code, head, way_out, int(str(reason.get("count") or 0)), place.removeprefix("row "),
        value if column in SHOWABLE else "",
    )  # fmt: skip


def _words(code: str, column: str, sentence: str) -> tuple[str, str]:
    """What is so and the way out; a code that this page does not know is said as the lake says it."""
    known = REASONS.get(code)
    found = re.search(known[2], sentence, re.DOTALL) if known else None
    if known is None or found is None:
        return sentence, ""
    one = found.groupdict().get("one", "")
    values = {"column": column, "one": one.replace(", ", "、") if get_language() == "zh-hans" else one}
    return str(known[0]) % values, str(known[1]) % values
