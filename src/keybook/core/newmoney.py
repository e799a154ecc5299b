"""Net new money: what customers have brought to the bank, less what they have taken away, over whole months.

It is the change of a customer's assets here from the end of one month to the end of another. A customer who opened their
first account in between counts from nothing. One whose assets at the first month's end are not known is left out, and so
is one without a figure for the last: a missing number is not a zero. A month that has not ended on the day asked for does
not count, so that the same day asked for later gives the same answer.

The source is the assets at the ends of months that the bank's data publishes each night. They hold interest paid, fees and
changes of price too: the movement of money by itself is only in the lake. So this is what a banker is told of a book, not
what anyone is paid by.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

RULE_VERSION = "net new money/1"
MONTHS_IN_A_YEAR = 12
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From the end of one month to the end of another, each named by its first day."""

    base: date
    last: date

    @property
    def begins_on(self) -> date:
        """The first day whose money counts: that after the end of the first month."""
        return month_after(month=self.base)


def month_after(*, month: date, months: int = 1) -> date:
    """The first day of the month so many months after that of a day; before it when negative."""
    count = month.year * MONTHS_IN_A_YEAR + month.month - 1 + months
    return date(count // MONTHS_IN_A_YEAR, count % MONTHS_IN_A_YEAR + 1, 1)


def window(*, on: date, months: int) -> Window:
    """The last so many whole months that had ended on a day."""
    last = month_after(month=on + ONE_DAY, months=-1)
    return Window(month_after(month=last, months=-months), last)


def net_new(*, before: Decimal | None, after: Decimal | None, opened_on: date | None, over: Window) -> Decimal | None:
    """What one customer has brought over a window; none where it is not known."""
    if after is None:
        return None
    if before is None and (opened_on is None or opened_on < over.begins_on):
        return None
    return after - (before or Decimal(0))


def since(*, on: date, months: int) -> date:
    """The day so many months before, or the last of its month where that has fewer days."""
    first = month_after(month=on, months=-months)
    return min(first + timedelta(days=on.day - 1), month_after(month=first) - ONE_DAY)
