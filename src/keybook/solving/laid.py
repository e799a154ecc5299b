"""A plan in the making that is bettered by small steps: a contact is laid better, and those in its way are laid elsewhere.

No step breaks a rule and none makes the plan worth less: what does not pay is taken back. Everything here is counted, nothing
drawn or timed, so that the same steps lead to the same plan on every machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

NOWHERE = -1
BEST_FEW = 12
"""How many of the half-days it likes best are tried for a contact that has to make way."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact that wants a place, the half-days that take it, the best first, and the others of its customer."""

    minutes: int
    channel: str
    district: str
    points: dict[int, int]
    slots: tuple[int, ...]
    siblings: tuple[int, ...] = ()

    @property
    def is_visit(self) -> bool:
        """Whether it takes a way."""
        return self.channel == "visit"

    @property
    def best(self) -> int:
        """What it earns where it earns most."""
        return self.points[self.slots[0]] if self.slots else 0


@dataclass(slots=True)
class Laid:
    """Which contact lies where, and what is left of every half-day and day; `log` is what can be taken back."""

    contacts: list[Contact]
    rooms: list[int]
    days: list[int]
    caps: dict[tuple[int, str], int]
    travel: int
    way: int
    apart: int
    most_districts: int
    at: list[int] = field(default_factory=list)
    here: list[list[int]] = field(default_factory=list)
    visits: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    """How many visits lead to a district in a half-day, those that lie already among them."""
    districts: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    """The same by day."""
    worth: int = 0
    log: list[tuple[int, int]] = field(default_factory=list)

    @classmethod
    def empty(cls, given: dict[str, Any]) -> Self:
        """The problem with nothing laid yet."""
        laid = cls(
            contacts=_contacts(given["tasks"]), rooms=list(given["rooms"]), days=given["days"],
            caps={(day, channel): most for day, channel, most in given["caps"]}, travel=given["travel"], way=given["way"],
            apart=given["apart"], most_districts=given["most_districts"], at=[NOWHERE] * len(given["tasks"]),
            here=[[] for _slot in given["rooms"]],
        )  # fmt: skip
        for slot, district in given["visited"]:
            laid._visit(slot, district, 1)
        return laid

    @classmethod
    def of_places(cls, given: dict[str, Any], at: Sequence[int]) -> Self:
        """The problem with these contacts laid."""
        laid = cls.empty(given)
        for which, slot in enumerate(at):
            if slot != NOWHERE:
                laid.put(which, slot)
        return laid

    def fits(self, which: int, slot: int) -> bool:
        """Whether a contact that lies nowhere keeps every rule here."""
        return self._needs(which, slot) <= self.rooms[slot] and self._may(which, slot)

    def earns(self, which: int, slot: int) -> int:
        """What it adds here, its way taken off where nobody goes there yet."""
        contact = self.contacts[which]
        return contact.points[slot] - (self.way if self._is_new_way(contact, slot) else 0)

    def put(self, which: int, slot: int) -> None:
        """Lay it here."""
        self.log.append((which, NOWHERE))
        self._put(which, slot)

    def take(self, which: int) -> None:
        """Take it up."""
        self.log.append((which, self.at[which]))
        self._take(which)

    def back(self, mark: int) -> None:
        """Take back all that was done since the log was so long."""
        while len(self.log) > mark:
            which, before = self.log.pop()
            if self.at[which] != NOWHERE:
                self._take(which)
            if before != NOWHERE:
                self._put(which, before)

    def fill(self) -> None:
        """Lay what lies nowhere and fits somewhere, the most points a minute first."""
        left = [which for which, slot in enumerate(self.at) if slot == NOWHERE and self.contacts[which].slots]
        for which in sorted(left, key=lambda each: -self.contacts[each].best / self.contacts[each].minutes):
            self._lay(which, self._free(which))

    def insert(self, which: int, slot: int, *, deep: bool) -> bool:
        """Lay it here if the plan is worth more then; who is in the way goes elsewhere, when deep in place of one more."""
        self.log.clear()
        before, out = self.worth, list[int]()
        if self.at[which] != NOWHERE:
            self.take(which)
        if self._may_after(which, slot, out) and self._make_room(which, slot, before, out):
            self.put(which, slot)
            for each in sorted(out, key=lambda each: -self.contacts[each].best / self.contacts[each].minutes):
                self._settle(each, slot, deep=deep)
        if self.at[which] == slot and self.worth > before:
            return True
        self.back(0)
        return False

    def _may_after(self, which: int, slot: int, out: list[int]) -> bool:
        """Whether it may lie here, once the least of its channel that day has made way where the cap is reached."""
        if self._may(which, slot):
            return True
        day, channel = self.days[slot], self.contacts[which].channel
        if self.caps.get((day, channel), 1) > 0:
            return False
        halves = (each for each in range(max(slot - 1, 0), min(slot + 2, len(self.rooms))) if self.days[each] == day)
        same = [each for half in halves for each in self.here[half] if self.contacts[each].channel == channel]
        if not same:
            return False
        out.append(min(same, key=lambda each: self.contacts[each].points[self.at[each]]))
        self.take(out[0])
        return self._may(which, slot)

    def _make_room(self, which: int, slot: int, before: int, out: list[int]) -> bool:
        """Take up those who cost least for the minutes that are missing; false where that cannot pay."""
        missing = self._needs(which, slot) - self.rooms[slot]
        if missing > 0:
            chosen = self._cheapest([(self._loss(each, slot), each) for each in self.here[slot]], missing)
            cost = sum(loss for loss, _each in chosen)
            # Deeper down a loss may be made good: what is short by less than half a contact is tried.
            if not chosen or self.earns(which, slot) - (before - self.worth) - cost <= -self.contacts[which].best // 2:
                return False
            for _loss, each in chosen:
                self.take(each)
                out.append(each)
        return self.fits(which, slot)

    def _cheapest(self, losses: list[tuple[int, int]], missing: int) -> list[tuple[int, int]]:
        """Whose minutes make up what is missing, by loss a minute, without one too many; or the one who does alone."""
        chosen: list[tuple[int, int]] = []
        got = 0
        for loss, each in sorted(losses, key=lambda pair: pair[0] / self.contacts[pair[1]].minutes):
            if got >= missing:
                break
            chosen.append((loss, each))
            got += self.contacts[each].minutes
        if got < missing:
            return []
        for pair in sorted(chosen, reverse=True):
            if got - self.contacts[pair[1]].minutes >= missing:
                chosen.remove(pair)
                got -= self.contacts[pair[1]].minutes
        alone = min((pair for pair in losses if self.contacts[pair[1]].minutes >= missing), default=None)
        return [alone] if alone is not None and alone[0] < sum(loss for loss, _each in chosen) else chosen

    def _loss(self, which: int, slot: int) -> int:
        """What is lost when it leaves this half-day for the best other one that is free."""
        contact = self.contacts[which]
        there = next((self.earns(which, each) for each in contact.slots if each != slot and self.fits(which, each)), 0)
        return max(0, contact.points[slot] - there)

    def _settle(self, which: int, but: int, *, deep: bool) -> None:
        """Lay one that had to make way where it earns most: where it is free, or when deep in place of one other."""
        free = self._free(which, but=but)
        gain = self.earns(which, free) if free != NOWHERE else 0
        found = self._instead(which, but, gain) if deep else None
        if found is None:
            self._lay(which, free)
            return
        slot, other, there = found
        self.take(other)
        self.put(which, slot)
        self._lay(other, there)

    def _instead(self, which: int, but: int, least: int) -> tuple[int, int, int] | None:
        """Where it adds more than that in place of one other, who that is, and where that one goes."""
        contact, found = self.contacts[which], None
        for slot in contact.slots[:BEST_FEW]:
            if contact.points[slot] <= least:
                break
            for other in list(self.here[slot]) if slot != but else ():
                if self._pays_at_most(which, other, slot) <= least:
                    continue
                mark, before = len(self.log), self.worth
                self.take(other)
                if self.fits(which, slot):
                    self.put(which, slot)
                    there = self._free(other, but=slot)
                    self._lay(other, there)
                    if self.worth - before > least:
                        least, found = self.worth - before, (slot, other, there)
                self.back(mark)
        return found

    def _pays_at_most(self, which: int, other: int, slot: int) -> int:
        """What is gained at the most by the one in place of the other; nothing where even that gives too little room."""
        new, old = self.contacts[which], self.contacts[other]
        if self.rooms[slot] + old.minutes + (self.travel if old.is_visit else 0) < new.minutes:
            return 0
        return new.points[slot] - old.points[slot] + old.best

    def _free(self, which: int, *, but: int = NOWHERE) -> int:
        """The half-day that takes it as it is and adds most; none where it would add nothing."""
        contact, best, most = self.contacts[which], NOWHERE, 0
        for slot in contact.slots:
            if contact.points[slot] <= most:
                break
            if slot != but and self.earns(which, slot) > most and self.fits(which, slot):
                best, most = slot, self.earns(which, slot)
        return best

    def _lay(self, which: int, slot: int) -> None:
        if slot != NOWHERE:
            self.put(which, slot)

    def _may(self, which: int, slot: int) -> bool:
        """Whether the day takes it: cap, distance from the customer's other contacts, districts."""
        contact, day = self.contacts[which], self.days[slot]
        if self.caps.get((day, contact.channel), 1) < 1:
            return False
        for each in contact.siblings:
            if self.at[each] != NOWHERE and abs(self.days[self.at[each]] - day) < self.apart:
                return False
        if not contact.is_visit or self.districts[day].get(contact.district):
            return True
        return sum(count > 0 for count in self.districts[day].values()) < self.most_districts

    def _is_new_way(self, contact: Contact, slot: int) -> bool:
        return contact.is_visit and not self.visits.get((slot, contact.district))

    def _needs(self, which: int, slot: int) -> int:
        contact = self.contacts[which]
        return contact.minutes + (self.travel if self._is_new_way(contact, slot) else 0)

    def _put(self, which: int, slot: int) -> None:
        contact = self.contacts[which]
        self.worth += self.earns(which, slot)
        self.rooms[slot] -= self._needs(which, slot)
        self._count(contact, slot, 1)
        self.at[which] = slot
        self.here[slot].append(which)

    def _take(self, which: int) -> None:
        contact, slot = self.contacts[which], self.at[which]
        self._count(contact, slot, -1)
        self.rooms[slot] += self._needs(which, slot)
        self.worth -= self.earns(which, slot)
        self.at[which] = NOWHERE
        self.here[slot].remove(which)

    def _count(self, contact: Contact, slot: int, by: int) -> None:
        if contact.is_visit:
            self._visit(slot, contact.district, by)
        if (self.days[slot], contact.channel) in self.caps:
            self.caps[self.days[slot], contact.channel] -= by

    def _visit(self, slot: int, district: str, by: int) -> None:
        self.visits[slot, district] += by
        self.districts[self.days[slot]][district] += by


def _contacts(tasks: Sequence[dict[str, Any]]) -> list[Contact]:
    of: dict[int, list[int]] = defaultdict(list)
    for which, task in enumerate(tasks):
        of[task["customer"]].append(which)
    found = []
    for which, task in enumerate(tasks):
        points: dict[int, int] = dict(task["options"])
        slots = tuple(sorted(points, key=lambda slot, points=points: (-points[slot], slot)))  # type: ignore[misc]
        siblings = tuple(each for each in of[task["customer"]] if each != which)
        found.append(Contact(task["minutes"], task["channel"], task["district"], points, slots, siblings))
    return found
