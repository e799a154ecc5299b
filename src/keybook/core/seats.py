"""Who has a seat at an event, who waits for one and in which order, and what may still be done with a seat.

* A customer and everyone they bring are one party; a party sits together or waits together.
* Only seats that were accepted, and those of whoever came, count against the room. An invitation holds no seat.
* Who accepts while there is room for the whole party has a seat; else the party waits, in the order in which they accepted.
* When seats come free, the waiting move up in that order. A party too large for what is free is passed over and keeps its
  place, so that no chair stays empty for its sake.
* Nobody is seated beyond the room, whoever is asked first; fewer chairs than guests take nobody's seat away.
* A seat is given and given back until the event begins; who came is marked from its day on, and may be put right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from keybook.core.workdays import WorkCalendar

RULE_VERSION = "seats/1"
MOST_COMPANIONS = 5
MOST_SEATS = 5_000
LONGEST = timedelta(days=3)
TOLD_AHEAD = 1
"""An invitation is to have been spoken of so many days before the event at the latest."""
State = Literal["idea", "invited", "accepted", "declined", "waiting", "came", "absent", "cancelled"]
Course = Literal["planned", "open", "held", "cancelled"]
Act = Literal["invite", "accept", "decline", "withdraw", "mark"]
SEATED: frozenset[State] = frozenset({"accepted", "came"})
COMING: frozenset[State] = frozenset({"idea", "invited", "accepted", "waiting"})
"""What still waits for the event, and goes along with the customer when their banker changes."""
FROM: dict[Act, frozenset[State]] = {
    "invite": frozenset({"idea", "cancelled"}),
    "accept": frozenset({"invited", "declined", "accepted", "waiting"}),
    "decline": frozenset({"invited", "accepted", "waiting"}),
    "withdraw": frozenset({"idea", "invited", "accepted", "waiting"}),
    "mark": frozenset({"invited", "accepted", "waiting", "came", "absent"}),
}
"""From which states of a seat each act may be done."""
Refusal = Literal["", "not_open", "cancelled", "begun", "not_yet", "state"]


class SeatsError(ValueError):
    """Numbers that cannot be: more companions than can be brought, a room without chairs."""


@dataclass(frozen=True, slots=True)
class Party:
    """A customer with those they bring, as the room counts them."""

    seat: int
    state: State
    companions: int = 0

    def __post_init__(self) -> None:
        check_companions(count=self.companions)

    @property
    def people(self) -> int:
        """How many chairs they need."""
        return 1 + self.companions


@dataclass(frozen=True, slots=True)
class Held:
    """An event as its seats see it: how far it has come, and when it takes place."""

    course: Course
    starts_at: datetime
    ends_at: datetime


def check_companions(*, count: int) -> None:
    """Refuse fewer companions than none and more than five."""
    if not 0 <= count <= MOST_COMPANIONS:
        raise SeatsError(f"{count} companions are not possible: 0 to {MOST_COMPANIONS} are.")


def check_room(*, seats: int, during: tuple[datetime, datetime]) -> None:
    """Refuse a room without chairs, and an event that ends before it begins or lasts longer than three days."""
    if not 1 <= seats <= MOST_SEATS:
        raise SeatsError(f"{seats} seats are not possible: 1 to {MOST_SEATS} are.")
    if not timedelta(0) < during[1] - during[0] <= LONGEST:
        raise SeatsError(f"An event ends after it begins, within {LONGEST.days} days.")


def taken(*, parties: Iterable[Party]) -> int:
    """How many chairs are taken."""
    return sum(each.people for each in parties if each.state in SEATED)


def answered(*, people: int, seats: int, others: Iterable[Party]) -> Literal["accepted", "waiting"]:
    """What becomes of a party that accepts: a seat while there is room for all of them, else a place on the waiting list."""
    return "accepted" if people <= seats - taken(parties=others) else "waiting"


def moving_up(*, seats: int, parties: Sequence[Party]) -> list[int]:
    """The seats that move up, given everybody's in the order of the waiting list; none beyond the room."""
    return list(_moving_up(seats - taken(parties=parties), parties))


def _moving_up(free: int, parties: Sequence[Party]) -> Iterator[int]:
    for each in parties:
        if each.state == "waiting" and each.people <= free:
            free -= each.people
            yield each.seat


def may(*, act: Act, state: State, held: Held, now: datetime, today: date, on: date) -> Refusal:
    """Why this may not be done with a seat in this state; empty when it may. `on` is the bank's day of the event."""
    if held.course == "cancelled":
        return "cancelled"
    if state not in FROM[act]:
        return "state"
    if act == "mark":
        return "" if today >= on and held.course in {"open", "held"} else "not_yet"
    if held.course != "open" and act != "withdraw":
        return "not_open" if held.course == "planned" else "begun"
    return "begun" if now >= held.starts_at or held.course == "held" else ""


def tell_by(*, on: date, today: date, calendar: WorkCalendar) -> date:
    """The workday by which an invitation is to be spoken of: one before the event, today if that has passed."""
    last = on - timedelta(days=TOLD_AHEAD)
    while not calendar.is_workday(last) and last > today:
        last -= timedelta(days=1)
    return max(last, today)
