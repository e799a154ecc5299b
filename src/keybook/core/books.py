"""Books: how many customers one banker looks after at most, and how a book is split among several who take it over.

The cap is a number of customers that are not closed. From nine tenths of it on a book is *near* it, at the cap it is
*full*: nobody is added to a full book, neither by hand nor by rule nor by a handover. Who is in it already stays, even
where the cap has been set below the book.

A book is split by one of three rules. *Evenly*: every tier by itself, so that each who takes over has the same number of
the large and of the small customers, give or take one household. *By tier* and *by district*: whoever was named for a tier
or a district takes all of it, and what nobody was named for is split evenly. Households stay together as long as
somebody has room for all of them; a household is parted before a customer is left over.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

RULE_VERSION = "books/1"
NEAR_TENTHS = 9
Rule = Literal["evenly", "tier", "district"]
RULES: tuple[Rule, ...] = ("evenly", "tier", "district")
Fullness = Literal["free", "near", "full"]


@dataclass(frozen=True, slots=True)
class Book:
    """One banker's book: how many customers are in it, and how many may be; none: no cap is set."""

    staff_id: int
    count: int
    most: int | None = None

    @property
    def room(self) -> int | None:
        """How many more may come; none: as many as will."""
        return None if self.most is None else max(0, self.most - self.count)

    def holds(self, more: int) -> bool:
        """Whether so many more may come; nobody at all may always come."""
        return more <= 0 or self.room is None or more <= self.room


def fullness(*, book: Book) -> Fullness:
    """How full a book is: free, near its cap (nine tenths of it), or full."""
    if book.most is None or book.count * 10 < book.most * NEAR_TENTHS:
        return "free"
    return "full" if book.count >= book.most else "near"


@dataclass(frozen=True, slots=True)
class Member:
    """A customer of the book that is split; households of zero are none."""

    id: int
    tier: str = ""
    rank: int = 0
    district: str = ""
    household: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who takes over, in the order they were named, by which rule, and who was named for a tier or district."""

    takers: Sequence[Book]
    rule: Rule = "evenly"
    named: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Split:
    """Who goes to whom; `left` found no room, `parted` counts the households that could not stay together."""

    places: Mapping[int, int]
    left: tuple[int, ...]
    households: int
    parted: int

    def given(self, staff_id: int) -> int:
        """How many go to this banker."""
        return sum(taker == staff_id for taker in self.places.values())


def split(*, members: Iterable[Member], wanted: Wanted) -> Split:
    """Split a book: every member is placed once or left over for want of room, and no cap is passed."""
    taking = _Taking(wanted)
    homes = _homes(members)
    for home in sorted(homes, key=lambda home: (-_first(home).rank, -len(home), _first(home).id)):
        taking.take(home)
    kept = [home for home in homes if len(home) > 1]
    parted = sum(len({taking.places.get(each.id) for each in home}) > 1 for home in kept)
    return Split(taking.places, tuple(sorted(taking.left)), len(kept), parted)


def key_of(*, member: Member, rule: Rule) -> str:
    """What a taker is named for under this rule; nothing when the book is split evenly."""
    return {"evenly": "", "tier": member.tier, "district": member.district}[rule]


def _homes(members: Iterable[Member]) -> list[list[Member]]:
    """The members by household, each who has none for themselves."""
    homes: dict[tuple[str, int], list[Member]] = defaultdict(list)
    for member in members:
        homes["home" if member.household else "alone", member.household or member.id].append(member)
    return list(homes.values())


def _first(home: Sequence[Member]) -> Member:
    """Who speaks for a household: the one of the highest tier."""
    return min(home, key=lambda member: (-member.rank, member.id))


class _Taking:
    """The books as they fill while a book is split."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.places: dict[int, int] = {}
        self.left: list[int] = []
        self._given: Counter[int] = Counter()
        self._by_tier: Counter[tuple[int, str]] = Counter()

    def take(self, home: Sequence[Member]) -> None:
        """Place a household whole, else one by one; who finds no room is left over."""
        named = self._named(_first(home))
        if self._put(home, named):
            return
        for member in home:
            if not self._put([member], named):
                self.left.append(member.id)

    def _named(self, member: Member) -> list[Book]:
        """Who may take: the one named for this tier or district, else everybody."""
        name = self.wanted.named.get(key_of(member=member, rule=self.wanted.rule))
        return [book for book in self.wanted.takers if name in {None, book.staff_id}]

    def _put(self, home: Sequence[Member], among: Sequence[Book]) -> bool:
        """Give the household to who has had the fewest of its tier, then in all, then has the smallest book."""
        able = [book for book in among if book.holds(self._given[book.staff_id] + len(home))]
        if not able:
            return False
        tier = _first(home).tier
        to = min(able, key=lambda book: (self._by_tier[book.staff_id, tier], self._given[book.staff_id], book.count))
        self.places |= {member.id: to.staff_id for member in home}
        self._given[to.staff_id] += len(home)
        self._by_tier[to.staff_id, tier] += len(home)
        return True
