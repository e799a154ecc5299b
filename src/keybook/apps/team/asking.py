"""What the Team page is asked for: the day, the branch, banker and tier, over how long, and which number is opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from keybook.apps.customers.book import AskRefusedError

__all__ = ["KINDS", "NOBODY", "PERIODS", "SORTS", "Ask", "AskRefusedError", "read_ask"]
PERIODS = (3, 6, 12)
EARLIEST = dt.timedelta(days=366 * 3)
# The number that is opened, and which customers are behind it: columns of `facts` in queries/looked.py.
KINDS: Mapping[str, str] = {
    "all": "TRUE", "inside": "NOT f.late", "late": "f.late", "at_risk": "f.at_risk", "kept": "f.kept > 0",
    "kept_late": "f.kept_late > 0", "broken": "f.broken > 0", "contacts": "f.contacts > 0", "money": "f.money IS NOT NULL",
}  # fmt: skip
SORTS: Mapping[str, str] = {
    "name": "c.name", "tier": "t.rank", "rm": "s.name", "due": "f.next_due_on", "last": "f.last_contact_on",
    "health": "f.health", "contacts": "f.contacts", "money": "f.money", "aum": "c.aum",
}  # fmt: skip
MOST_PAGES = 10_000
NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to the team's books; `rm` 0 is nobody, None is anybody."""

    on: dt.date
    today: dt.date
    months: int = 3
    branch: int | None = None
    rm: int | None = None
    tier: str = ""
    kind: str = "all"
    sort: str = "due"
    page: int = 1

    @property
    def is_today(self) -> bool:
        """Whether the stored columns answer it."""
        return self.on == self.today

    def but(self, **other: Any) -> Ask:
        """The same with something else; a change begins at the first page."""
        return replace(self, **{"page": 1, **other})

    def query(self) -> dict[str, str]:
        """As the address has it, without what is usual."""
        found = {
            "on": "" if self.is_today else self.on.isoformat(), "months": "" if self.months == PERIODS[0] else str(self.months),
            "branch": str(self.branch or ""), "rm": "" if self.rm is None else str(self.rm or NOBODY), "tier": self.tier,
            "kind": "" if self.kind == "all" else self.kind, "sort": "" if self.sort == "due" else self.sort,
            "page": "" if self.page == 1 else str(self.page),
        }  # fmt: skip
        return {name: value for name, value in found.items() if value}


def read_ask(given: Mapping[str, str], *, today: dt.date) -> Ask:
    """Read an address; AskRefusedError says what cannot be meant."""
    months = _number(given.get("months", ""), _("Choose 3, 6 or 12 months.")) or PERIODS[0]
    if months not in PERIODS:
        raise AskRefusedError(_("Choose 3, 6 or 12 months."))
    kind, sort = given.get("kind") or "all", given.get("sort") or "due"
    if kind not in KINDS or sort.removeprefix("-") not in SORTS:
        raise AskRefusedError(_("There is no such list. Open it from a number on the Team page."))
    rm = given.get("rm", "")
    return Ask(
        on=_day(given.get("on", ""), today), today=today, months=months, tier=given.get("tier", "")[:16], kind=kind,
        sort=sort, branch=_number(given.get("branch", ""), _("There is no such branch.")),
        rm=0 if rm == NOBODY else _number(rm, _("There is no such banker.")),
        page=min(_number(given.get("page", ""), _("There is no such page.")) or 1, MOST_PAGES),
    )  # fmt: skip


def _number(text: str, refusal: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text)):  # noqa: PLR2004  an id of 32 bits
        raise AskRefusedError(refusal)
    return int(text)


def _day(text: str, today: dt.date) -> dt.date:
    if not text:
        return today
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        raise AskRefusedError(_("Write the day as 2026-11-23.")) from None
    if found > today:
        raise AskRefusedError(_("That day is still to come. Choose today or earlier."))
    if today - found > EARLIEST:
        raise AskRefusedError(_("Three years back at the most."))
    return found
