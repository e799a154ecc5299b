"""Whom a campaign would contact today: the Book's own rows, the gate's own answers, the core's decision."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from keybook.apps.campaigns.models import Campaign
from keybook.apps.campaigns.queries.seen import of_branch
from keybook.apps.customers.book import ids_of, read_ask
from keybook.apps.customers.queries import scope_sql
from keybook.apps.gate.planned import noon
from keybook.apps.gate.queries.answers import Asking, answers
from keybook.apps.interactions.queries import NEVER_TRIED, Tries, tries
from keybook.apps.people.planned import for_many
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.queries import Day, Rates, asked_hours, rates
from keybook.core import campaigns, habits
from keybook.core.campaigns import Candidate, Choice, Terms, Way
from keybook.core.gate import Proposal, Purpose, Verdict
from keybook.core.habits import Best

MOST = 20_000
"""More customers than this are no campaign: they are asked to be narrowed down."""
WHO = """
    SELECT c.id, c.rm_id, c.aum, COALESCE(t.code, ''), COALESCE(p.channels, '{{}}'), COALESCE(p.never, '{{}}'),
        p.hour_from, p.hour_until, EXISTS (
            SELECT 1 FROM campaigns_target o JOIN reminders_reminder r ON r.id = o.reminder_id
            WHERE o.customer_id = c.id AND r.state = 'open')
    FROM customers_customer c LEFT JOIN customers_tier t ON t.id = c.tier_id
    LEFT JOIN customers_preference p ON p.customer_id = c.id
    WHERE c.id = ANY(%(ids)s) AND c.stage <> 'closed' AND ({scope}) ORDER BY c.id"""


class TooManyError(ValueError):
    """The filters choose more customers than a campaign can have."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The core's decision, with the hour of each customer for whom one can be told."""

    choice: Choice
    hours: Mapping[int, Best[int]] = field(default_factory=dict)

    @property
    def seal(self) -> str:
        """What a launch is held against: whoever has looked at this has looked at what is launched."""
        rows = [
            (each.candidate.customer, each.rank, each.group, each.code, str(each.opens_on))
            for each in self.choice.targets
        ]
        return hashlib.sha256(repr((rows, self.choice.due_on)).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class _Known:
    """One customer before the gate is asked."""

    customer: int
    banker: int | None
    aum: Decimal
    way: Way | None
    hour: Best[int]
    elsewhere: bool


def terms_of(campaign: Campaign) -> Terms:
    """A stored campaign as the core takes it."""
    return Terms(
        key=str(campaign.client_key), from_on=campaign.from_on, until_on=campaign.until_on,
        channels=tuple(campaign.channels), purpose=cast("Purpose", campaign.purpose), holdout_percent=campaign.holdout_percent,
        budget=campaign.budget, cost=campaign.cost, per_day=campaign.per_day,
    )  # fmt: skip


def choose_for(*, scope: Scope, campaign: Campaign, day: Day) -> Chosen:
    """Decide of every customer the campaign is for; a fixed number of statements however many there are.

    TermsError or TooManyError say in a sentence why it cannot be.
    """
    inside, terms = of_branch(scope=scope, campaign=campaign), terms_of(campaign)
    days = campaigns.workdays(terms=terms, today=day.today, calendar=day.calendar)
    ids = list(campaign.chosen) or ids_of(scope=inside, ask=read_ask(campaign.ask), today=day.today)
    if len(ids) > MOST:
        raise TooManyError(f"{len(ids)}")
    known = _known(inside, ids, terms, day)
    asked = [each for each in known if each.way is not None]
    first = days[0] if days else day.today
    verdicts = _gate(scope, campaign, {each.customer: each.way.channel for each in asked if each.way}, (first, day))
    candidates = [
        Candidate(
            each.customer, each.banker, each.aum, each.way, verdicts.get(each.customer, campaigns.NOTHING), each.elsewhere
        )
        for each in known
    ]  # fmt: skip
    choice = campaigns.choose(candidates=candidates, terms=terms, today=day.today, calendar=day.calendar)
    return Chosen(choice, {each.customer: each.hour for each in known if each.hour.enough})


def _known(inside: Scope, ids: Sequence[int], terms: Terms, day: Day) -> list[_Known]:
    """Who they are and the way to them, in three statements."""
    values = {
        "ids": list(ids), "books": list(inside.books), "branches": list(inside.branches), "customers": list(inside.customers)
    }  # fmt: skip
    with for_many(len(ids)) as cursor:
        cursor.execute(WHO.format(scope=scope_sql(inside)), values)
        rows = cursor.fetchall()
    tried = tries(customer_ids=[row[0] for row in rows], zone=day.zone) if rows else {}
    among = rates()
    return [_one(row, tried.get(row[0], NEVER_TRIED), among, terms) for row in rows]


def _one(row: tuple[Any, ...], tried: Tries, among: Rates, terms: Terms) -> _Known:
    customer, banker, aum, tier, stated, never, hour_from, hour_until, elsewhere = row
    way = campaigns.best_way(
        channels=terms.channels, own=tried.channels, above=among.above("channel", tier), stated=stated, never=never
    )
    hour = habits.best_hour(
        own=tried.hours, above=among.above_hours(tier), stated=asked_hours(hour_from, hour_until)
    )  # fmt: skip
    return _Known(customer, banker, aum, way, hour, elsewhere)


def _gate(scope: Scope, campaign: Campaign, channels: Mapping[int, str], when: tuple[Any, Day]) -> dict[int, Verdict]:
    """What the gate says to each on the campaign's first day; as many statements for one as for thousands."""
    first, day = when
    asked = [
        Asking(
            customer,
            Proposal(
                at=noon(first, day), channel=channel, purpose=cast("Purpose", campaign.purpose), themes=(campaign.theme,), hour_known=False
            ),
        )
        for customer, channel in channels.items()
    ]  # fmt: skip
    found = answers(by_id=scope.staff_id, asked=asked, day=day) if asked else []
    return {each.customer_id: verdict for each, verdict in zip(asked, found, strict=True)}


def belief_json(best: Best[Any]) -> list[Any]:
    """What a channel or an hour rests on, as it is kept: tried, answered, lent, strength, asked for."""
    of = best.belief
    return [of.tried, of.answered, round(of.lent, 4), round(of.strength, 2), best.stated]


def verdict_json(verdict: Verdict) -> list[dict[str, Any]]:
    """The gate's reasons as they are kept."""
    return [
        {
            "code": each.code, "refuses": each.refuses, "facts": dict(each.facts),
            "until": each.until.isoformat() if each.until else None,
        }
        for each in verdict.reasons
    ]  # fmt: skip
