"""Reads of the contact standards: what holds, what it counts from, the exceptions, and whose they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, models

from keybook.apps.customers.models import Customer, Stage, Tier
from keybook.apps.customers.queries import visible_to
from keybook.apps.interactions.models import Interaction
from keybook.apps.interactions.queries import SPOKE
from keybook.apps.people.acting import counting_all
from keybook.apps.people.planned import for_many
from keybook.apps.people.scope import Scope
from keybook.apps.standards.models import Kind, Standard, StandardException
from keybook.core.cadence import Asked, Due, Dues, Past, dues
from keybook.core.standards import Excepted, Terms, Version, holding, terms_on
from keybook.core.workdays import WorkCalendar

# For statements of other apps: the version that holds today beside a customer `c`; without `every_days` none does.
IN_FORCE = """LEFT JOIN LATERAL (
        SELECT n.number, n.every_days, n.grace_days, n.channels FROM standards_standard n
        WHERE n.tier_id = c.tier_id AND n.from_on <= %(today)s ORDER BY n.from_on DESC LIMIT 1) std ON true"""
# The exception that stands in its place today, if one does; a pause has neither days nor channels.
EXCEPTED = """LEFT JOIN LATERAL (
        SELECT x.kind, x.every_days, x.channels, x.until_on FROM standards_standardexception x
        WHERE x.customer_id = c.id AND x.kind <> 'away' AND x.from_on <= %(today)s AND x.until_on > %(today)s LIMIT 1
    ) exc ON true"""

_WHO = """
    WITH chain AS MATERIALIZED (
        SELECT tier_id, array_agg(from_on ORDER BY from_on) AS days, string_agg(concat_ws('|', number, from_on,
            COALESCE(every_days, 0), grace_days, basis, array_to_string(channels, ','), visits_a_year), ';'
            ORDER BY from_on) AS text
        FROM standards_standard WHERE from_on <= %(today)s GROUP BY tier_id
    ), who AS MATERIALIZED (
        SELECT c.id, {tier_since} AS tier_since, a.from_on, c.opened_on, c.stage = 'closed' AS closed, h.text AS versions,
            x.text AS exceptions, CASE WHEN x.days IS NULL THEN h.days
                ELSE ARRAY(SELECT each FROM unnest(x.days || h.days) each ORDER BY 1) END AS days
        FROM customers_customer c LEFT JOIN chain h ON h.tier_id = {tier}
        {theirs}
        LEFT JOIN (
            SELECT customer_id, string_agg(concat_ws('|', kind, from_on, until_on, COALESCE(every_days, 0),
                array_to_string(channels, ',')), ';' ORDER BY from_on, id) AS text,
                array_agg(from_on) || array_agg(until_on) AS days
            FROM standards_standardexception WHERE customer_id = ANY(%(ids)s) GROUP BY customer_id
        ) x ON x.customer_id = c.id
        WHERE c.id = ANY(%(ids)s)
    )"""
# Contacts come as the last of each channel between two days on which something else began to be asked.
_KNOWN = (
    _WHO
    + """, spoken AS (
        SELECT l.id, string_agg(l.channel || '|' || l.day, ';') AS text
        FROM (
            SELECT w.id, i.channel, max((i.at AT TIME ZONE %(zone)s)::date) AS day
            FROM who w JOIN interactions_interaction i ON i.customer_id = w.id
            WHERE NOT i.superseded AND NOT i.confidential AND i.outcome = ANY(%(spoke)s){until}
            GROUP BY w.id, i.channel, width_bucket((i.at AT TIME ZONE %(zone)s)::date, w.days)
        ) l GROUP BY l.id
    )
    SELECT w.id, w.tier_since, w.from_on, w.opened_on, w.closed, COALESCE(w.versions, ''), COALESCE(w.exceptions, ''),
        COALESCE(k.text, '')
    FROM who w LEFT JOIN spoken k ON k.id = w.id"""
)
NOW = {
    "tier": "c.tier_id", "tier_since": "c.tier_since",
    "theirs": "LEFT JOIN customers_assignment a ON a.customer_id = c.id AND a.until_on IS NULL",
}  # fmt: skip
ASKED = (
    _WHO.format(**NOW)
    + """
    SELECT id, tier_since, from_on, opened_on, closed, COALESCE(versions, ''), COALESCE(exceptions, '') FROM who
    ORDER BY id"""
)
KNOWN = _KNOWN.format(**NOW, until="")
# The tier a customer was in on a day, one step back, and since when; a step further back nothing is kept.
TIER_THEN = "CASE WHEN c.tier_since > %(today)s THEN c.tier_before_id ELSE c.tier_id END"
KNOWN_THEN = _KNOWN.format(
    tier=TIER_THEN, tier_since="CASE WHEN c.tier_since <= %(today)s THEN c.tier_since END",
    until=" AND (i.at AT TIME ZONE %(zone)s)::date <= %(today)s",
    theirs="""LEFT JOIN LATERAL (
        SELECT from_on FROM customers_assignment WHERE customer_id = c.id AND from_on <= %(today)s
            AND (until_on IS NULL OR until_on > %(today)s) ORDER BY from_on DESC LIMIT 1) a ON true""",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """One customer as `core.cadence` asks: the past, what is asked, the last contact of any channel."""

    id: int
    past: Past
    asked: Asked
    closed: bool

    @property
    def last_contact_on(self) -> dt.date | None:
        """The last day on which we spoke, by whatever channel."""
        return max((day for _channel, day in self.past.spoken), default=None)


def known(*, customer_ids: Sequence[int], today: dt.date, zone: str) -> list[Known]:
    """Read what the due dates of these customers follow from; one statement. Confidential contacts do not count."""
    return _known(KNOWN, customer_ids, today, zone)


def known_then(*, customer_ids: Sequence[int], on: dt.date, zone: str) -> list[Known]:
    """The same as it was on a day that has passed: contacts up to it, and whose the customer was and in which tier then."""
    return _known(KNOWN_THEN, customer_ids, on, zone)


def known_with(
    *, customer_ids: Sequence[int], spoken: Mapping[int, Sequence[tuple[str, dt.date]]], today: dt.date
) -> Iterator[Known]:
    """The same of thousands whose contacts have been read, by the order of their ids; one by one."""
    with connection.cursor() as cursor:
        cursor.execute(ASKED, {"ids": list(customer_ids), "today": today})
        rows = cursor.fetchall()
    return (_one(*row, spoken=spoken.get(row[0], ())) for row in rows)


def _known(statement: str, customer_ids: Sequence[int], today: dt.date, zone: str) -> list[Known]:
    values = {"ids": list(customer_ids), "today": today, "zone": zone, "spoke": list(SPOKE)}
    with for_many(len(customer_ids)) as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return [_one(*row, spoken=_spoken(spoken)) for *row, spoken in rows]


def _one(customer_id: int, *rest: Any, spoken: Sequence[tuple[str, dt.date]]) -> Known:
    tier_since, theirs_since, opened_on, closed, versions, exceptions = rest
    past = Past(spoken, tier_since, theirs_since, opened_on)
    return Known(customer_id, past, Asked(_versions(versions), _exceptions(exceptions)), closed)


def _spoken(text: str) -> list[tuple[str, dt.date]]:
    return [(channel, dt.date.fromisoformat(day)) for channel, _bar, day in (e.partition("|") for e in _parts(text))]


def _parts(text: str) -> list[str]:
    return text.split(";") if text else []


@lru_cache(maxsize=256)
def _versions(text: str) -> tuple[Version, ...]:
    found = []
    for part in _parts(text):
        number, from_on, every, grace, basis, channels, visits = part.split("|")
        terms = (
            Terms(int(every), int(grace), basis, frozenset(channels.split(",")), int(visits)) if int(every) else None
        )
        found.append(Version(int(number), dt.date.fromisoformat(from_on), terms))
    return tuple(found)


@lru_cache(maxsize=4096)
def _exceptions(text: str) -> tuple[Excepted, ...]:
    found = []
    for part in _parts(text):
        kind, from_on, until_on, every, channels = part.split("|")
        named = frozenset(channels.split(",")) if channels else frozenset[str]()
        days = dt.date.fromisoformat(from_on), dt.date.fromisoformat(until_on)
        found.append(Excepted(kind, *days, int(every) or None, named))
    return tuple(found)


def version_of(row: Standard) -> Version:
    """A stored version as the core knows it."""
    if row.every_days is None:
        return Version(row.number, row.from_on, None)
    terms = Terms(row.every_days, row.grace_days, row.basis, frozenset(row.channels), row.visits_a_year)
    return Version(row.number, row.from_on, terms)


def excepted_of(row: StandardException) -> Excepted:
    """A stored exception as the core knows it."""
    return Excepted(row.kind, row.from_on, row.until_on, row.every_days, frozenset(row.channels))


def terms_today(*, customer_id: int, day: dt.date) -> Terms | None:
    """What the tier's standard asks of this customer's banker on a day, exceptions aside."""
    rows = Standard.objects.filter(tier__customers=customer_id, from_on__lte=day).order_by("-from_on")[:1]
    return next((version_of(row).terms for row in rows), None)


@dataclass(frozen=True, slots=True)
class TierStandard:
    """A tier with all its versions, the oldest first, and the one that holds."""

    tier: Tier
    rows: tuple[Standard, ...]
    now: Standard | None

    @property
    def holds(self) -> bool:
        """Whether the tier asks for contact today, so that its customers are key customers."""
        return self.now is not None and self.now.every_days is not None


def tier_standards(*, today: dt.date) -> list[TierStandard]:
    """Every tier with its versions, the highest tier first."""
    rows: dict[int, list[Standard]] = {}
    for row in Standard.objects.select_related("set_by", "tier").order_by("from_on"):
        rows.setdefault(row.tier_id, []).append(row)
    found = []
    for tier in Tier.objects.order_by("-rank"):
        own = tuple(rows.get(tier.pk, ()))
        now = holding(versions=[version_of(row) for row in own], day=today)
        found.append(TierStandard(tier, own, next((row for row in own if now and row.number == now.number), None)))
    return found


def key_tiers(*, today: dt.date) -> frozenset[int]:
    """The ids of the tiers that ask for contact on a day."""
    return frozenset(each.tier.pk for each in tier_standards(today=today) if each.holds)


def exceptions_seen(*, scope: Scope, today: dt.date) -> list[StandardException]:
    """The exceptions that run or are to come, of the customers this reader sees; the next to end first."""
    rows = StandardException.objects.filter(until_on__gt=today, customer__in=visible_to(scope))
    return list(rows.select_related("customer", "given_by").order_by("until_on", "id"))


def exceptions_of(*, scope: Scope, customer_id: int) -> list[StandardException]:
    """All exceptions of one customer this reader sees, the newest first."""
    rows = StandardException.objects.filter(customer_id=customer_id, customer__in=visible_to(scope))
    return list(rows.select_related("given_by", "ended_by").order_by("-from_on", "-id"))


def tier_id_of(code: str) -> int:
    """The tier of a code; 0, which is none's, for one there is not."""
    return Tier.objects.filter(code=code).values_list("pk", flat=True).first() or 0


def customers_of_tiers() -> dict[int, int]:
    """How many customers each tier has in the whole bank, whoever asks."""
    with counting_all():
        rows = Customer.objects.filter(stage=Stage.CUSTOMER, tier__isnull=False).values_list("tier_id")
        return dict(rows.annotate(models.Count("id")))


@dataclass(frozen=True, slots=True)
class Explained:
    """Where a customer's next due date comes from: the dates, what holds, and the last contact that counted."""

    due: Due | None
    visit: Due | None
    standard: Standard | None
    exception: StandardException | None
    last: tuple[dt.datetime, str, str, str] | None


def explained(*, customer_id: int, today: dt.date, zone: str, calendar: WorkCalendar) -> Explained:
    """Decide one customer's dates anew and say what from; the customer has been found inside the scope."""
    (each,) = known(customer_ids=[customer_id], today=today, zone=zone)
    found = Dues() if each.closed else dues(past=each.past, asked=each.asked, today=today, calendar=calendar)
    rows = Standard.objects.filter(tier__customers=customer_id, from_on__lte=today).select_related("tier", "set_by")
    held = StandardException.objects.filter(customer_id=customer_id, from_on__lte=today, until_on__gt=today)
    terms = terms_on(versions=each.asked.versions, exceptions=each.asked.exceptions, day=today)
    last = Interaction.objects.filter(
        customer_id=customer_id, superseded=False, confidential=False, outcome__in=SPOKE,
        channel__in=terms.channels if terms else (),
    ).order_by("-at")  # fmt: skip
    return Explained(
        found.contact, found.visit, rows.order_by("-from_on").first(), held.exclude(kind=Kind.AWAY).first(),
        last.values_list("at", "channel", "staff__name", "staff__name_zh").first(),
    )  # fmt: skip
