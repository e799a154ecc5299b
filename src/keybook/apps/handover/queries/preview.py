"""What a handover would do, before it is done: who goes to whom, what moves with them, what speaks against it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keybook.apps.customers.queries import scope_sql
from keybook.apps.customers.rooms import books
from keybook.apps.handover.models import What
from keybook.apps.people.models import Role, Staff
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import NotYoursError
from keybook.apps.reminders.queries import Day
from keybook.core import introductions
from keybook.core.books import RULES, Book, Member, Split, Wanted, key_of, split

DAYS_TO_UNDO = 30
MEMBERS = """
    SELECT c.id, COALESCE(t.code, ''), COALESCE(t.rank, 0), c.district, COALESCE(c.household_id, 0), c.stage = 'closed'
    FROM customers_customer c LEFT JOIN customers_tier t ON t.id = c.tier_id
    WHERE ({scope}) AND c.rm_id = %(from)s AND c.branch_id = ANY(%(branches)s) AND CASE %(what)s
        WHEN 'tier' THEN COALESCE(t.code, '') = ANY(%(which)s::text[]) WHEN 'district' THEN c.district = ANY(%(which)s::text[])
        WHEN 'chosen' THEN c.id = ANY(%(chosen)s::bigint[]) ELSE true END
    ORDER BY c.id"""
# What has an owner of its own and moves with the customer; a promise made in confidence stays with its author.
PROMISES = """reminders_promise p WHERE p.customer_id = ANY(%(ids)s) AND p.staff_id = %(from)s AND p.state = 'open'
    AND NOT EXISTS (SELECT 1 FROM interactions_interaction i WHERE i.id = p.made_in_id AND i.confidential)"""
ENTRIES = "plans_entry e WHERE e.customer_id = ANY(%(ids)s) AND e.staff_id = %(from)s AND e.state = 'planned'"
SEATS = """events_seat g JOIN events_event v ON v.id = g.event_id WHERE g.customer_id = ANY(%(ids)s) AND g.staff_id = %(from)s
    AND v.state IN ('planned', 'open') AND g.state IN ('idea', 'invited', 'accepted', 'waiting')"""
HOSTED = "SELECT id, NULL::date, true FROM events_event WHERE host_id = %s AND state IN ('planned', 'open')"
COUNTS = f"""
    SELECT (SELECT count(*) FROM {PROMISES}), (SELECT count(*) FROM {ENTRIES}),
        (SELECT count(*) FROM reminders_reminder r WHERE r.customer_id = ANY(%(ids)s) AND r.state = 'open' AND r.cause <> 'campaign'),
        (SELECT count(*) FROM reminders_reminder r WHERE r.customer_id = ANY(%(ids)s) AND r.state = 'open' AND r.cause = 'campaign'),
        (SELECT count(*) FROM gifts_gift g WHERE g.customer_id = ANY(%(ids)s) AND g.state IN ('idea', 'to_approve', 'planned')),
        (SELECT count(*) FROM reminders_line l WHERE l.customer_id = ANY(%(ids)s) AND l.handed_to_id IS NOT NULL),
        (SELECT count(*) FROM customers_customer c WHERE c.id = ANY(%(ids)s) AND c.rm_id IS NULL),
        (SELECT count(*) FROM {SEATS})"""
COUNTED = ("promises", "entries", "reminders", "campaign", "gifts", "lines", "without", "seats")
AWAY = """
    SELECT staff_id, min(from_on), false FROM plans_absence WHERE staff_id = ANY(%s) AND from_on < %s AND until_on > %s GROUP BY 1"""


@dataclass(frozen=True, slots=True)
class Introduction:
    """How those of some tiers are introduced: {tier: call or letter}, within how many workdays, in which words."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    within: int = 10
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A handover as somebody asks for it."""

    from_id: int
    to: tuple[int, ...]
    what: str = What.ALL.value
    which: tuple[str, ...] = ()
    chosen: tuple[int, ...] = ()
    rule: str = "evenly"
    named: Mapping[str, int] = field(default_factory=dict)
    leaves: bool = False
    introduction: Introduction = field(default_factory=Introduction)


@dataclass(frozen=True, slots=True)
class Taker:
    """One who takes over: their book now, how many of each tier come, and how many it holds after."""

    staff: Staff
    book: Book
    by_tier: Mapping[str, int]

    @property
    def given(self) -> int:
        """How many customers come."""
        return sum(self.by_tier.values())

    @property
    def after(self) -> int:
        """How many the book holds then."""
        return self.book.count + self.given


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen; refused when `refusals` holds anything: (field, sentence)."""

    asked: Asked
    from_staff: Staff
    places: Mapping[int, int]
    closed: int
    takers: Sequence[Taker]
    households: int
    parted: int
    counts: Mapping[str, int]
    introduced: Mapping[str, int]
    refusals: Sequence[tuple[str, str]]
    warnings: Sequence[str]
    until_on: dt.date
    hosted: Sequence[int] = ()
    """The events to come at which they receive the guests."""

    @property
    def customers(self) -> int:
        """How many customers move; those that are closed move along and are not counted."""
        return len(self.places) - self.closed

    @property
    def last_on(self) -> dt.date:
        """The last day on which it could be handed back."""
        return self.until_on - dt.timedelta(days=1)

    @property
    def seal(self) -> str:
        """The same as long as the same customers go to the same people: what was previewed is what is done."""
        pairs = ",".join(f"{customer}>{staff}" for customer, staff in sorted(self.places.items()))
        return hashlib.sha256(f"{self.asked.from_id}|{self.asked.leaves}|{pairs}".encode()).hexdigest()[:32]


def preview(*, by: Scope, asked: Asked, day: Day, rooms: Mapping[int, Book] | None = None) -> Preview:
    """Work out a handover without changing anything; NotYoursError for a banker outside the head's branches.

    Whoever has read the books of that day gives them as `rooms`.
    """
    staff = {each.pk: each for each in Staff.objects.filter(pk__in={asked.from_id, *asked.to}).select_related("branch")}
    giver = _given(by, staff.get(asked.from_id))
    rows = _members(by, asked)
    members = [Member(*row[:5]) for row in rows if not row[5]]
    closed = [row[0] for row in rows if row[5]]
    takers = [staff[each] for each in dict.fromkeys(asked.to) if each in staff]
    if rooms is None or any(each.pk not in rooms for each in takers):
        rooms = books(staff_ids=[each.pk for each in takers], on=day.today)
    found = split(
        members=members,
        wanted=Wanted(
            [rooms[each.pk] for each in takers], asked.rule if asked.rule in RULES else "evenly", _named(asked)
        ),
    )
    places = {**found.places, **(dict.fromkeys(closed, takers[0].pk) if takers else {})}
    away, hosted = _beside(giver, takers, day)
    refusals = [*_who(by, asked, giver, takers), *_what(by, asked, members, found, takers)]
    return Preview(
        asked=asked, from_staff=giver, places=places, closed=len(closed),
        takers=_takers(takers, rooms, members, found), households=found.households, parted=found.parted,
        counts=counts(customer_ids=list(places), staff_id=giver.pk), introduced=_introduced(asked, members),
        refusals=refusals, warnings=[*_warnings(asked, giver, takers, day, away), *_hosting(asked, giver, takers, hosted)], hosted=hosted,
        until_on=day.today + dt.timedelta(days=DAYS_TO_UNDO),
    )  # fmt: skip


def giver_of(*, by: Scope, staff_id: int) -> Staff:
    """The banker whose book it is, of the branches of the asking; a leaver's too."""
    return _given(by, Staff.objects.select_related("branch").filter(pk=staff_id).first())


def _given(by: Scope, found: Staff | None) -> Staff:
    inside = found is not None and (by.everything or found.branch_id in by.branches)
    if found is None or not inside:
        raise NotYoursError
    return found


def counts(*, customer_ids: Sequence[int], staff_id: int) -> dict[str, int]:
    """How much moves with these customers out of this banker's hands."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"ids": list(customer_ids), "from": staff_id})
        return dict(zip(COUNTED, cursor.fetchone(), strict=True))


def hosted_by(*, staff_id: int) -> list[int]:
    """The events to come at which this banker receives the guests."""
    with connection.cursor() as cursor:
        cursor.execute(HOSTED, [staff_id])
        return sorted(row[0] for row in cursor.fetchall())


def new_host(*, asked: Asked, takers: Sequence[Staff]) -> Staff | None:
    """Who receives the guests in the place of one who hands over everything: the first who takes over."""
    return takers[0] if takers and asked.what == What.ALL else None


def unsettled(*, staff_id: int) -> tuple[int, int]:
    """How many customers this banker has in all, seen or not, and how many notes of their phone wait for them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT customers, notes FROM keybook_unsettled(%s)", [staff_id])
        row = cursor.fetchone()
    return int(row[0]), int(row[1])


def _members(by: Scope, asked: Asked) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {
        "books": list(by.books), "branches": list(by.branches), "customers": list(by.customers), "from": asked.from_id,
        "what": asked.what, "which": list(asked.which), "chosen": list(asked.chosen),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(MEMBERS.format(scope=scope_sql(by)), values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _named(asked: Asked) -> dict[str, int]:
    """Who was named for a tier or district, as far as they take over at all."""
    return {key: staff_id for key, staff_id in asked.named.items() if staff_id in asked.to}


def _who(by: Scope, asked: Asked, giver: Staff, takers: Sequence[Staff]) -> list[tuple[str, str]]:
    """What speaks against the people of this handover."""
    found = []
    if not asked.to:
        found.append(("to", _("Choose who takes over.")))
    if giver.pk in asked.to:
        found.append(("to", _("Nobody hands over to themselves: choose another banker.")))
    if len(takers) < len(set(asked.to)):
        found.append(("to", _("Choose relationship managers of your branches.")))
    for each in takers:
        if not each.is_active:
            found.append(("to", _("%(name)s has left: choose somebody who works here.") % {"name": each.name}))
        elif each.role != Role.RM:
            found.append(("to", _("%(name)s keeps no book: choose a relationship manager.") % {"name": each.name}))
        elif each.branch_id not in by.branches:
            sentence = _("%(name)s works at a branch that is not yours: the head above both of you hands over.")
            found.append(("to", sentence % {"name": each.name}))
    if asked.leaves and giver.pk == by.staff_id:
        found.append(("leaves", _("Nobody ends their own access: the head above you does.")))
    return found


def _what(
    by: Scope, asked: Asked, members: Sequence[Member], found: Split, takers: Sequence[Staff]
) -> list[tuple[str, str]]:
    """What speaks against the customers of this handover."""
    del by
    wrong = []
    if asked.what not in What.values:
        wrong.append(("what", _("Choose what is handed over.")))
    if not members and not asked.leaves:
        wrong.append(("what", _("No customer of this book is meant by that. Choose another part.")))
    if found.left and takers:
        sentence = ngettext(
            "There is no room for %(left)s of %(count)s customer: add somebody with room, or raise a cap.",
            "There is no room for %(left)s of %(count)s customers: add somebody with room, or raise a cap.",
            len(members),
        )
        wrong.append(("to", sentence % {"left": len(found.left), "count": len(members)}))
    if asked.leaves:
        wrong += _leaving(asked, len(members))
    return wrong + _introducing(asked.introduction)


def _leaving(asked: Asked, count: int) -> list[tuple[str, str]]:
    """A leaver's book goes whole: nobody is left without a banker."""
    if asked.what != What.ALL:
        return [("leaves", _("Who leaves hands over the whole book: choose “Whole book”."))]
    closed = 0
    everyone, _notes = unsettled(staff_id=asked.from_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_customer WHERE rm_id = %s AND stage = 'closed'", [asked.from_id])
        closed = cursor.fetchone()[0]
    outside = everyone - closed - count
    if outside <= 0:
        return []
    sentence = ngettext(
        "%(count)s customer of this book belongs to a branch that is not yours: the head above hands over.",
        "%(count)s customers of this book belong to branches that are not yours: the head above hands over.",
        outside,
    )
    return [("leaves", sentence % {"count": outside})]


def _introducing(introduction: Introduction) -> list[tuple[str, str]]:
    """What cannot be of an introduction."""
    if not 1 <= introduction.within <= introductions.MOST_WORKDAYS:
        return [("within", _("1 to 60 workdays are possible."))]
    for kind in set(introduction.kinds.values()):
        if kind not in introductions.KINDS:
            return [("introduction", _("Choose a joint call, a letter, or none."))]
        try:
            introductions.check(text=text_of(introduction, kind))
        except introductions.IntroductionError as error:
            sentences = {
                "empty": _("Write what is to be done."), "long": _("At most 160 characters: say it shorter."),
                "field": _("There is no field %(field)s here. Use {old}, {banker} or {bank}.") % {"field": error.subject},
                "brace": _("A brace stands alone: fields are written {banker}."),
            }  # fmt: skip
            return [(f"text_{kind}", sentences[error.code])]
    return []


def text_of(introduction: Introduction, kind: str, language: str = "en") -> str:
    """The words of an introduction: those that were typed, else ours."""
    return introduction.texts.get(kind, introductions.DEFAULTS[kind, "zh" if language.startswith("zh") else "en"])  # type: ignore[index]


def _introduced(asked: Asked, members: Sequence[Member]) -> dict[str, int]:
    """How many of each tier are introduced."""
    return dict(Counter(member.tier for member in members if member.tier in asked.introduction.kinds))


def _takers(takers: Sequence[Staff], rooms: Mapping[int, Book], members: Sequence[Member], found: Split) -> list[Taker]:
    tiers = {member.id: key_of(member=member, rule="tier") for member in members}
    given: dict[int, Counter[str]] = {each.pk: Counter() for each in takers}
    for customer_id, staff_id in found.places.items():
        given[staff_id][tiers[customer_id]] += 1
    return [Taker(each, rooms[each.pk], given[each.pk]) for each in takers]


def _warnings(
    asked: Asked, giver: Staff, takers: Sequence[Staff], day: Day, away: Mapping[int, dt.date]
) -> list[str]:  # fmt: skip
    """What to know before it is done, though it does not stand in the way."""
    found = []
    for each in takers:
        if each.pk in away:
            sentence = _("%(name)s is away from %(day)s.")
            found.append(sentence % {"name": each.name, "day": day.say(max(away[each.pk], day.today))})
    if asked.leaves:
        _customers, notes = unsettled(staff_id=giver.pk)
        if notes:
            sentence = ngettext(
                "%(count)s note on their phone waits to be confirmed: only they can, before they leave.",
                "%(count)s notes on their phone wait to be confirmed: only they can, before they leave.",
                notes,
            )
            found.append(sentence % {"count": notes})
    return found


def _beside(giver: Staff, takers: Sequence[Staff], day: Day) -> tuple[dict[int, dt.date], list[int]]:
    """Who of those who take over is away soon, from when; and the events at which the giver is to receive guests."""
    soon = day.today + dt.timedelta(days=14)
    with connection.cursor() as cursor:
        cursor.execute(f"{AWAY} UNION ALL {HOSTED}", [[each.pk for each in takers], soon, day.today, giver.pk])
        rows = cursor.fetchall()
    return {row[0]: row[1] for row in rows if not row[2]}, sorted(row[0] for row in rows if row[2])


def _hosting(asked: Asked, giver: Staff, takers: Sequence[Staff], hosted: Sequence[int]) -> list[str]:
    """Who receives the guests of their events then."""
    if not hosted:
        return []
    host = new_host(asked=asked, takers=takers)
    if host is not None:
        sentence = ngettext(
            "%(name)s receives the guests of %(num)s event to come.",
            "%(name)s receives the guests of %(num)s events to come.",
            len(hosted),
        )
        return [sentence % {"name": host.name, "num": len(hosted)}]
    sentence = ngettext(
        "%(name)s still receives the guests of %(num)s event to come: name another host there if they should not.",
        "%(name)s still receives the guests of %(num)s events to come: name another host there if they should not.",
        len(hosted),
    )
    return [sentence % {"name": giver.name, "num": len(hosted)}]
