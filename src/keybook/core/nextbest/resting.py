"""What an answer does to the proposals that follow: the theme rests, and the chance of it is learned.

* **Accepted**: rests a week, in which the contact is expected; planned for a later day, it rests until the day after that one.
  It counts as taken up.
* **Later**: rests until the day that was chosen, at most half a year ahead. It counts as nothing: nobody has said yes or no.
* **Rejected**: rests by its reason, and counts as a try in vain (`scoring`), most for this customer, a little for the banker's
  others, the tier and the bank:
  spoken of already, two weeks · it is not so, we contact them too often, another reason, a month · the customer does not want
  it, it does not suit them, three months.
* Where the customer is contacted too often, it is not the theme that is wrong: whatever else we could speak of rests as long, but
  for what we have promised.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

ACCEPTED_FOR = timedelta(days=7)
LONGEST_LATER = timedelta(days=180)
REJECTED_DAYS: Mapping[str, int] = MappingProxyType(
    {"not_true": 30, "known": 14, "no_interest": 90, "unsuitable": 90, "too_often": 30, "other": 30}
)
TOO_OFTEN = "too_often"
"""The reason that rests every theme."""
PROMISED = "promise"


def rests_until(*, answer: str, today: date, reason: str = "", until: date | None = None) -> date:
    """Up to, not on, which day the theme is not proposed again; `until` is the day that was chosen or planned."""
    if answer == "rejected":
        return today + timedelta(days=REJECTED_DAYS[reason])
    if answer == "later" and until is not None:
        return until
    after = until + timedelta(days=1) if until is not None else today
    return min(max(after, today + ACCEPTED_FOR), today + LONGEST_LATER)


def silent_until(*, theme: str, own: date | None, too_often: date | None) -> date | None:
    """Until when a theme rests: by what was answered to it, and by a customer who is contacted too often."""
    both = [each for each in (own, None if theme == PROMISED else too_often) if each is not None]
    return max(both, default=None)
