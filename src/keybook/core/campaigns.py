"""Whom a campaign contacts, whom it leaves out and why, and who is left in peace so that its effect can be measured.

It is decided once, on the day the campaign is launched, in this order:

1. Left out is who cannot be contacted by any of its channels (`no_channel`), whom the gate refuses on its first day
   (`gate`), who already has an open task of another campaign (`other_campaign`), and who has no banker (`no_banker`).
   What the gate only warns of is kept beside the customer and leaves nobody out.
2. The others are ranked by what is at stake × the chance that they answer. At stake is a tenth of all they hold with us,
   the same for all, as on Today. Of equals the one whose number is lower goes first, so that a repeat ranks alike.
3. Left out is who ranks beyond the room of their banker (`room`): so many contacts a day, on the workdays of the
   campaign, where it says so.
4. Left out is who ranks beyond the budget (`budget`): the cost of one contact, for all that are contacted.
5. Of those who remain a share is held out, drawn by lot over all ranks alike: held out and contacted differ by nothing
   but luck. The lot is a hash of the campaign's key and the customer's number; nobody chooses it, anybody can repeat it.
6. The rest are contacted, in their order, from the first workday of the campaign; where there is a number a day, the next
   begin on the next workday. All are due by its last workday.

Room and budget are counted for held out and contacted together where the room is meant, for the contacted alone where
the money is: who is held out costs nothing, but would have taken a place.

By channel and hour: what the customer asked for goes first, then what they answer (`core.habits`, as on Today), among
the campaign's channels; where they have said and answered nothing, the first of the campaign's that they do not refuse.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Literal

from keybook.core.gate import PURPOSES, Purpose, Verdict
from keybook.core.habits import Best, Levels, Rate, beliefs, best_channel
from keybook.core.workdays import WorkCalendar

RULE_VERSION = "campaigns/1"
Group = Literal["contact", "holdout", "left_out"]
LeftOut = Literal["", "no_channel", "gate", "other_campaign", "no_banker", "room", "budget"]
RESULTS = ("interested", "reached", "declined", "none")
"""What came of a contact: interested, spoken with and nothing decided, declined, nobody spoken with."""
CHANNELS = ("call", "visit", "wechat", "sms", "email", "letter")
"""What a campaign can be contacted by; who comes to the branch has begun it themselves."""
TENTH = 10
MOST_HELD_OUT = 50
LONGEST = timedelta(days=366)
NOTHING = Verdict()


class TermsError(ValueError):
    """A campaign that cannot be: no channel, no day, more held out than contacted. `field` says where."""

    def __init__(self, field: str, said: str) -> None:
        self.field = field
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a campaign is: when, by what, for what purpose, at what cost; the period is [from_on, until_on)."""

    key: str
    from_on: date
    until_on: date
    channels: tuple[str, ...]
    purpose: Purpose = "invitation"
    holdout_percent: int = 0
    budget: Decimal | None = None
    cost: Decimal = Decimal(0)
    per_day: int | None = None

    def __post_init__(self) -> None:
        if self.until_on <= self.from_on:
            raise TermsError("until_on", "A campaign ends after it begins.")
        if self.until_on - self.from_on > LONGEST:
            raise TermsError("until_on", "A campaign lasts a year at the most.")
        if not self.channels or not set(self.channels) <= set(CHANNELS):
            raise TermsError("channels", "A campaign needs a channel the bank itself can begin.")
        if self.purpose not in PURPOSES or self.purpose == "greeting":
            raise TermsError("purpose", "A campaign invites, sells or serves.")
        if not 0 <= self.holdout_percent <= MOST_HELD_OUT:
            raise TermsError("holdout_percent", "Half of the customers is the most that can be held out.")
        if self.cost < 0 or (self.budget is not None and self.budget < 0):
            raise TermsError("budget", "Money spent is not below nothing.")
        if self.per_day is not None and self.per_day < 1:
            raise TermsError("per_day", "A banker makes one contact a day, or more.")


@dataclass(frozen=True, slots=True)
class Way:
    """By which channel a customer is contacted, and what it rests on."""

    channel: str
    best: Best[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer who could be contacted: their banker, all they hold with us, the way to them, what the gate says."""

    customer: int
    banker: int | None
    aum: Decimal
    way: Way | None
    verdict: Verdict = NOTHING
    elsewhere: bool = False
    """Whether another campaign has an open task with them."""

    @property
    def stake(self) -> Decimal:
        """What is at stake: a tenth of the relationship, never below nothing."""
        return max(self.aum, Decimal(0)) / TENTH

    @property
    def worth(self) -> Decimal:
        """What is at stake × the chance that they answer, in whole units of the currency."""
        chance = Decimal(str(round(self.way.best.belief.mean, 4))) if self.way else Decimal(0)
        return (self.stake * chance).quantize(Decimal(1))


@dataclass(frozen=True, slots=True)
class Target:
    """What is decided of one customer: rank (0: never ranked), group, why left out, and when their contact begins."""

    candidate: Candidate
    rank: int
    group: Group
    code: LeftOut = ""
    opens_on: date | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything that is decided of a campaign's customers, the ranked first in their order."""

    targets: tuple[Target, ...]
    due_on: date
    rule_version: str = RULE_VERSION

    @property
    def groups(self) -> Mapping[str, int]:
        """How many are contacted, held out and left out."""
        counted = Counter(each.group for each in self.targets)
        return {group: counted[group] for group in ("contact", "holdout", "left_out")}

    @property
    def left_out(self) -> Mapping[str, int]:
        """How many are left out, by why."""
        return Counter(each.code for each in self.targets if each.group == "left_out")

    @property
    def warned(self) -> int:
        """How many are contacted although the gate asks first."""
        return sum(each.group == "contact" and bool(each.candidate.verdict.reasons) for each in self.targets)

    @property
    def refusals(self) -> Mapping[str, int]:
        """How many the gate refuses, by rule; one whom several rules refuse counts with each."""
        refused = [each for each in self.targets if each.code == "gate"]
        return Counter(
            code
            for each in refused
            for code in dict.fromkeys(reason.code for reason in each.candidate.verdict.reasons if reason.refuses)
        )

    def cost(self, *, each: Decimal) -> Decimal:
        """What the contacts cost when one costs so much."""
        return self.groups["contact"] * each


def choose(*, candidates: Sequence[Candidate], terms: Terms, today: date, calendar: WorkCalendar) -> Choice:
    """Decide of every candidate whether they are contacted, held out or left out, and why."""
    days = workdays(terms=terms, today=today, calendar=calendar)
    if not days:
        raise TermsError("until_on", "There is no workday left in this period.")
    against = {each.customer: screened(each) for each in candidates}
    ranked = sorted((each for each in candidates if not against[each.customer]), key=_order)
    ranks = {each.customer: rank for rank, each in enumerate(ranked, 1)}
    roomy = _within_room(ranked, terms, len(days), against)
    chosen = roomy[: _affordable(len(roomy), terms)]
    for each in roomy[len(chosen) :]:
        against[each.customer] = "budget"
    held = drawn(customers=[each.customer for each in chosen], terms=terms)
    opens = _openings([each for each in chosen if each.customer not in held], terms, days)
    targets = [_target(each, ranks.get(each.customer, 0), against[each.customer], held, opens) for each in candidates]
    return Choice(
        tuple(sorted(targets, key=lambda each: (not each.rank, each.rank, each.candidate.customer))), days[-1]
    )


def screened(candidate: Candidate) -> LeftOut:
    """Why this customer is not contacted, whatever their rank; empty when nothing speaks against it."""
    if candidate.way is None:
        return "no_channel"
    if candidate.verdict.answer == "refused":
        return "gate"
    if candidate.banker is None:
        return "no_banker"
    return "other_campaign" if candidate.elsewhere else ""


def best_way(
    *,
    channels: Sequence[str],
    own: Mapping[str, Rate],
    above: Levels[str],
    stated: Sequence[str] = (),
    never: Collection[str] = (),
) -> Way | None:
    """The channel of the campaign to contact a customer by; none when they refuse all of them."""
    usable = [each for each in channels if each not in never]
    if not usable:
        return None
    others = {*never, "branch", *(each for each in CHANNELS if each not in usable)}
    best = best_channel(own=own, above=above, stated=stated, never=others)
    if best is None or not (best.stated or best.cell in own):  # nothing they said or did: the campaign's own order
        best = Best(usable[0], beliefs(own=own, above=above, cells=usable)[usable[0]], enough=False)
    return Way(best.cell, best)


def workdays(*, terms: Terms, today: date, calendar: WorkCalendar) -> list[date]:
    """The workdays of the campaign from today on; none when it is over or has none."""
    first = max(terms.from_on, today)
    days = (first + timedelta(days=ahead) for ahead in range((terms.until_on - first).days))
    return [each for each in days if calendar.is_workday(each)]


def held_out(*, count: int, percent: int) -> int:
    """How many of so many are held out: the share, rounded half up."""
    return (count * percent + 50) // 100


def drawn(*, customers: Iterable[int], terms: Terms) -> frozenset[int]:
    """Who of these is held out; the same whatever their order."""
    lots = sorted(customers, key=lambda each: (lot(key=terms.key, customer=each), each))
    return frozenset(lots[: held_out(count=len(lots), percent=terms.holdout_percent)])


def lot(*, key: str, customer: int) -> str:
    """A customer's lot in one campaign."""
    return sha256(f"{key}/{customer}".encode()).hexdigest()


def result_of(*, outcome: str) -> str:
    """What a logged contact says of its target by itself: somebody was spoken with, or nobody."""
    return "reached" if outcome in {"reached", "met"} else "none"


def _order(candidate: Candidate) -> tuple[Decimal, int]:
    return (-candidate.worth, candidate.customer)


def _within_room(ranked: Sequence[Candidate], terms: Terms, days: int, against: dict[int, LeftOut]) -> list[Candidate]:
    """The ranked that their bankers have room for; the others are marked."""
    if terms.per_day is None:
        return list(ranked)
    room, taken, kept = terms.per_day * days, Counter[int | None](), []
    for each in ranked:
        if taken[each.banker] < room:
            taken[each.banker] += 1
            kept.append(each)
        else:
            against[each.customer] = "room"
    return kept


def _affordable(count: int, terms: Terms) -> int:
    """How many of so many ranked can be taken before the contacts among them cost more than the budget."""
    if terms.budget is None or not terms.cost:
        return count
    most = int(terms.budget // terms.cost)
    fits = (many for many in range(count, 0, -1) if many - held_out(count=many, percent=terms.holdout_percent) <= most)
    return next(fits, 0)


def _openings(contacted: Sequence[Candidate], terms: Terms, days: Sequence[date]) -> dict[int, date]:
    """The workday on which each contact begins, so many a day with each banker."""
    before: dict[int | None, int] = defaultdict(int)
    opens = {}
    for each in contacted:
        opens[each.customer] = days[before[each.banker] // terms.per_day] if terms.per_day else days[0]
        before[each.banker] += 1
    return opens


def _target(
    candidate: Candidate, rank: int, code: LeftOut, held: frozenset[int], opens: Mapping[int, date]
) -> Target:  # fmt: skip
    if code:
        return Target(candidate, rank, "left_out", code)
    if candidate.customer in held:
        return Target(candidate, rank, "holdout")
    return Target(candidate, rank, "contact", opens_on=opens[candidate.customer])
