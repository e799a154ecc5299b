"""What speaks against one contact on each of many days: the customer's own wishes, mourning, and who was there lately."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from keybook import formats
from keybook.apps.customers.models import Channel
from keybook.apps.interactions.queries import knows_sql
from keybook.apps.people.planned import planned
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.queries import Day
from keybook.core.periods import Period

if TYPE_CHECKING:
    from keybook.apps.plans.queries.answers import Wanted

LATELY = dt.timedelta(days=7)
RULE_VERSION = "plans/1"
FACTS = f"""
    SELECT COALESCE(p.never, '{{}}'), o.mourning_from, o.mourning_until,
        (SELECT json_agg(json_build_array((i.at AT TIME ZONE %(zone)s)::date, s.name, i.channel, i.topic) ORDER BY i.at DESC)::text
         FROM interactions_interaction i JOIN people_staff s ON s.id = i.staff_id
         WHERE i.customer_id = c.id AND NOT i.superseded AND i.outcome IN ('reached', 'met') AND i.at >= %(since)s
             AND {knows_sql()})
    FROM customers_customer c LEFT JOIN customers_preference p ON p.customer_id = c.id
    LEFT JOIN reminders_observance o ON o.customer_id = c.id WHERE c.id = %(customer)s"""


@dataclass(frozen=True, slots=True)
class Word:
    """What is said of one day: it refuses, or it asks first."""

    refuses: bool
    sentences: tuple[str, ...] = ()
    rule_version: str = RULE_VERSION


def words_of_the_gate(*, scope: Scope, wanted: Wanted, days: Sequence[dt.date], day: Day) -> Mapping[dt.date, Word]:
    """The days on which something speaks against the contact; one statement.

    A refused channel, and a greeting in mourning, refuse; somebody who has spoken to the customer within a week asks.
    """
    values: dict[str, Any] = {
        "customer": wanted.customer_id, "zone": day.zone, "me": scope.staff_id, "since": day.today - LATELY,
    }  # fmt: skip
    with planned() as cursor:
        cursor.execute(FACTS, values)
        row = cursor.fetchone()
    if row is None:
        return {}
    never, mourning_from, mourning_until, spoken = row
    if wanted.channel in never:
        said = _("Asked not to be contacted this way: %(channel)s.") % {"channel": Channel(wanted.channel).label}
        return dict.fromkeys(days, Word(refuses=True, sentences=(said,)))
    found = {on: word for on in days if (word := _lately(on, spoken, day))}
    if wanted.cause == "occasion" and mourning_from:
        silent = Period(mourning_from, mourning_until)
        refused = Word(refuses=True, sentences=(_("In mourning: nobody congratulates."),))
        found |= {on: refused for on in days if silent.contains(on)}
    return found


def _lately(on: dt.date, spoken: str | None, day: Day) -> Word | None:
    """Who has spoken to the customer within the week before this day."""
    import json

    said = []
    for text, name, channel, topic in json.loads(spoken or "[]"):
        spoke_on = dt.date.fromisoformat(text)
        if not spoke_on <= on < spoke_on + LATELY:
            continue
        facts = {
            "name": name, "channel": str(Channel(channel).label), "day": formats.day_short(spoke_on, get_language(), day.today),
            "topic": topic,
        }  # fmt: skip
        said.append(
            _("%(day)s: %(name)s, %(channel)s, “%(topic)s”.") % facts
            if topic
            else _("%(day)s: %(name)s, %(channel)s.") % facts
        )
    return Word(refuses=False, sentences=(_("Spoken to within a week."), *said[:3])) if said else None
