"""Reads of the contacts: a customer's history, the hours they answered, the last time we spoke."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from keybook.apps.interactions.models import Interaction, Outcome, Participant
from keybook.apps.people.planned import for_many, planned
from keybook.apps.people.scope import Scope
from keybook.core.habits import GAPS

SPOKE = (Outcome.REACHED.value, Outcome.MET.value)
TIMELESS = ("letter", "branch")  # channels without an hour at which one is answered
PAGE = 25
# What counts as a try, for every rule that learns from tries. Letters and walk-ins are not answered at an hour we chose; a
# confidential contact changes no number that others see. The database works out only the columns that are asked for.
TRIED = """
    SELECT customer_id, channel, extract(hour FROM there)::int AS hour, answered,
        extract(isodow FROM there)::text || CASE WHEN extract(hour FROM there) < 12 THEN 'a' ELSE 'p' END AS half,
        there::date - lag(there::date) OVER (PARTITION BY customer_id ORDER BY there, id) AS days
    FROM (
        SELECT id, customer_id, channel, at AT TIME ZONE %(zone)s AS there, outcome = ANY(%(spoke)s) AS answered
        FROM interactions_interaction
        WHERE {whose} AND NOT superseded AND NOT confidential AND channel <> ALL(%(timeless)s)
    ) made"""
GAP = (
    "CASE "
    + " ".join(f"WHEN days < {until} THEN '{name}'" for name, (_from, until) in GAPS.items() if until)
    + (f" WHEN days IS NOT NULL THEN '{list(GAPS)[-1]}' END")
)
CELLS = f"""
    SELECT customer_id, habit, cell, count(*) AS tried, count(*) FILTER (WHERE answered) AS answered
    FROM ({{tried}}) t CROSS JOIN LATERAL (VALUES ('hour', hour::text), ('channel', channel), ('half', half),
        ('gap', {GAP})) AS c (habit, cell)
    WHERE cell IS NOT NULL GROUP BY 1, 2, 3"""

# For statements of other apps: customer_id, habit, cell, tried, answered of the customers in `ids`.
COUNTED = CELLS.format(tried=TRIED.format(whose="customer_id = ANY(%(ids)s)"))
# Likewise customer_id, channel, hour, tried, answered: what `tries_by_customer` folds.
TRIES = f"""
    SELECT customer_id, channel, hour, count(*) AS tried, count(*) FILTER (WHERE answered) AS answered
    FROM ({TRIED.format(whose="customer_id = ANY(%(ids)s)")}) made GROUP BY 1, 2, 3"""


@dataclass(frozen=True, slots=True)
class Attached:
    """One photo or voice note of a contact, as a list shows it."""

    id: int
    media_type: str
    size: int

    @property
    def is_image(self) -> bool:
        """Whether it can be looked at; otherwise it is listened to."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Past:
    """One contact as the timeline shows it; corrected ones are kept and shown struck through.

    `known_to` holds who may know a confidential one, each by both names; None for all others.
    """

    id: int
    at: dt.datetime
    staff_id: int
    staff_name: str
    staff_name_zh: str
    channel: str
    outcome: str
    topic: str
    content: str
    effect: str
    next_step: str
    next_on: dt.date | None
    next_time: dt.time | None
    corrects_id: int | None
    superseded: bool
    known_to: tuple[str, ...] | None = None
    attachments: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """A page of a customer's contacts, the newest first, and whether there are older ones."""

    contacts: tuple[Past, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a customer was tried and answered, by hour of the day and by channel."""

    hours: Mapping[int, tuple[int, int]]
    channels: Mapping[str, tuple[int, int]]


NEVER_TRIED = Tries(hours={}, channels={})


def knows(*, scope: Scope) -> QuerySet[Interaction]:
    """The contacts this reader may know of: all but confidential ones of others that do not name them."""
    own = Participant.objects.filter(interaction_id=OuterRef("pk"), staff_id=scope.staff_id)
    return Interaction.objects.filter(Q(confidential=False) | Q(staff_id=scope.staff_id) | Exists(own))


def knows_sql(*, alias: str = "i") -> str:
    """The same condition in SQL, with the parameter `me`."""
    return (
        f"(NOT {alias}.confidential OR {alias}.staff_id = %(me)s OR EXISTS (SELECT 1 FROM interactions_participant n "
        f"WHERE n.interaction_id = {alias}.id AND n.staff_id = %(me)s))"
    )


def history(*, scope: Scope, customer_id: int, before: dt.datetime | None = None, limit: int = PAGE) -> History:
    """Give a page of the customer's contacts older than `before`, corrected ones included.

    Confidential ones are there for their author and the colleagues they name.
    """
    older = "" if before is None else "AND i.at < %(before)s"
    with planned() as cursor:
        cursor.execute(
            f"""SELECT i.id, i.at, i.staff_id, s.name, s.name_zh, i.channel, i.outcome, i.topic, i.content, i.effect, i.next_step,
            i.next_on, i.next_time, i.corrects_id, i.superseded, CASE WHEN i.confidential THEN trim(s.name || ' ' || s.name_zh) || ARRAY(
                SELECT trim(k.name || ' ' || k.name_zh) FROM interactions_participant n JOIN people_staff k ON k.id = n.staff_id
                WHERE n.interaction_id = i.id ORDER BY k.name) END,
            (SELECT json_agg(json_build_array(a.id, a.media_type, a.size) ORDER BY a.id)::text
             FROM interactions_attachment a WHERE a.interaction_id = i.id)
            FROM interactions_interaction i JOIN people_staff s ON s.id = i.staff_id
            WHERE i.customer_id = %(customer)s AND {knows_sql()} {older} ORDER BY i.at DESC, i.id DESC LIMIT %(most)s""",
            {"customer": customer_id, "before": before, "most": limit + 1, "me": scope.staff_id},
        )
        contacts = tuple(_past(row) for row in cursor.fetchall())
    return History(contacts=contacts[:limit], more=len(contacts) > limit)


def _past(row: tuple[Any, ...]) -> Past:
    """One row of the history as a value."""
    known_to, attached = row[-2:]
    attachments = tuple(Attached(*each) for each in json.loads(attached)) if attached else ()
    return Past(*[*row[:-2], tuple(known_to) if known_to else None, attachments])


def tries(*, customer_ids: Sequence[int], zone: str) -> dict[int, Tries]:
    """Count, in one grouped query, tries and answers of each customer by hour (in `zone`) and by channel."""
    with for_many(len(customer_ids)) as cursor:
        cursor.execute(TRIES, {**tried_values(zone), "ids": list(customer_ids)})
        return tries_by_customer(cursor.fetchall())


def counted(*, customer_ids: Sequence[int], zone: str) -> dict[int, dict[str, dict[str, tuple[int, int]]]]:
    """Count tries and answers of each customer by habit (hour, channel, half, gap) and its cell, in one statement."""
    sql = f"SELECT * FROM ({COUNTED}) cells"
    found: dict[int, dict[str, dict[str, tuple[int, int]]]] = defaultdict(lambda: defaultdict(dict))
    with planned() as cursor:
        cursor.execute(sql, {**tried_values(zone), "ids": list(customer_ids)})
        for customer_id, habit, cell, tried, answered in cursor.fetchall():
            found[customer_id][habit][cell] = (tried, answered)
    return found


def tried_values(zone: str) -> dict[str, Any]:
    """What TRIED asks for."""
    return {"zone": zone, "spoke": list(SPOKE), "timeless": list(TIMELESS)}


def tries_by_customer(rows: Sequence[tuple[Any, ...]]) -> dict[int, Tries]:
    """Fold the rows of TRIES into one `Tries` per customer."""
    hours: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    channels: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    for customer_id, channel, hour, tried, answered in rows:
        own = hours[customer_id]
        before = own.get(hour, (0, 0))
        own[hour] = (before[0] + tried, before[1] + answered)
        by_channel = channels[customer_id]
        before = by_channel.get(channel, (0, 0))
        by_channel[channel] = (before[0] + tried, before[1] + answered)
    return {key: Tries(hours=hours[key], channels=channels[key]) for key in hours}
