"""What the next best contact of many customers is decided from, read in bulk."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from keybook.apps.gate.queries.answers import facts_with_planned, rules_on
from keybook.apps.interactions.queries import NEVER_TRIED, Tries
from keybook.apps.people.planned import for_many
from keybook.apps.reminders.queries import Day, Rates, asked_hours, rates, tries_among
from keybook.apps.standards.queries import EXCEPTED, IN_FORCE
from keybook.core import habits
from keybook.core.gate import Customer as Gate
from keybook.core.nextbest.allowed import Now
from keybook.core.nextbest.choosing import Choice, choose
from keybook.core.nextbest.facts import THEME_OF, THEMES, Candidate, Customer, Way
from keybook.core.nextbest.resting import TOO_OFTEN, silent_until
from keybook.core.nextbest.scoring import Taken

LIQUID = "('current', 'saving', 'savings', 'deposit')"
NOBODY = 0  # what is stored for all is decided by nobody's secrets
COMING = dt.timedelta(days=45)  # a maturity is thought of before the signal of it opens
PROFILE = dt.timedelta(days=60)
MONTH = dt.timedelta(days=30)
IDLE_FROM = Decimal(100_000)
NEAR = Decimal("0.85")
WHO = f"""
    SELECT c.id, c.rm_id, c.branch_id, COALESCE(t.code, ''), c.currency, p.channels, p.hour_from, p.hour_until,
        h.number, h.matures_on, h.balance,
        c.stage, c.standing, std.every_days IS NOT NULL, c.rm_id IS NOT NULL, c.aum, COALESCE(l.liquid, 0), n.enter_at,
        t.leave_at, c.risk_level, c.risk_until, CASE WHEN exc.kind = 'pause' THEN exc.until_on END, f.customer_id IS NOT NULL,
        COALESCE(p.no_congratulation, false)
    FROM customers_customer c LEFT JOIN customers_tier t ON t.id = c.tier_id {IN_FORCE} {EXCEPTED}
    LEFT JOIN customers_tier n ON n.rank = t.rank + 1
    LEFT JOIN customers_preference p ON p.customer_id = c.id
    LEFT JOIN gifts_official f ON f.customer_id = c.id AND f.from_on <= %(today)s AND (f.until_on IS NULL OR f.until_on > %(today)s)
    LEFT JOIN LATERAL (SELECT sum(balance) AS liquid FROM customers_holding
        WHERE customer_id = c.id AND kind IN {LIQUID} AND matures_on IS NULL) l ON true
    LEFT JOIN LATERAL (SELECT number, matures_on, balance FROM customers_holding
        WHERE customer_id = c.id AND matures_on > %(today)s AND matures_on <= %(coming)s AND balance > 0
        ORDER BY matures_on, number LIMIT 1) h ON true
    WHERE c.id = ANY(%(ids)s)"""
WHY = """
    SELECT customer_id, id, kind, due_on, stake, expires_on, facts::text FROM reminders_reminder
    WHERE customer_id = ANY(%(ids)s) AND opens_on <= %(today)s AND state = 'open' ORDER BY id"""
# What these customers' bankers answered; then all answers, whoever reads: a count says nothing of whose customers they were.
ANSWERED = """
    SELECT customer_id, '' AS level, '' AS name, theme, max(silent_until), count(*) FILTER (WHERE answer <> 'later'),
        count(*) FILTER (WHERE answer = 'accepted'), max(silent_until) FILTER (WHERE reason = %(too_often)s)
    FROM proposals_answer WHERE customer_id = ANY(%(ids)s) GROUP BY 1, 4
    UNION ALL SELECT NULL, level, name, theme, NULL, tried, taken, NULL FROM keybook_taken_up()"""


@dataclass(frozen=True, slots=True)
class Subject:
    """One customer as the core decides on them, with what is stored beside the decision."""

    id: int
    rm_id: int | None
    branch_id: int
    tier_code: str
    currency: str
    hour: int | None
    customer: Customer
    candidates: tuple[Candidate, ...]
    ways: tuple[Way, ...]
    taken: Mapping[str, Taken]


def subjects(
    *, customer_ids: Sequence[int], day: Day, now: Now, tried: Mapping[int, Tries] | None = None
) -> Iterator[Subject]:
    """Read these customers with everything that could be spoken of; six statements whatever their number.

    A night that has counted all tries gives them.
    """
    values = {"ids": list(customer_ids), "today": day.today, "coming": day.today + COMING, "too_often": TOO_OFTEN}
    with for_many(len(customer_ids)) as cursor:
        cursor.execute(WHO, values)
        who = cursor.fetchall()
        cursor.execute(WHY, values)
        why = defaultdict(list)
        for customer_id, *reason in cursor.fetchall():
            why[customer_id].append(reason)
        cursor.execute(ANSWERED, values)
        own: dict[int, dict[str, tuple[Any, ...]]] = defaultdict(dict)
        levels: dict[tuple[str, str, str], tuple[int, int]] = {}
        for customer_id, level, name, theme, *rest in cursor.fetchall():
            if customer_id is None:
                levels[level, name, theme] = (rest[1], rest[2])
            else:
                own[customer_id][theme] = tuple(rest)
    gates = facts_with_planned(customer_ids=customer_ids, by_id=NOBODY, day=day, rules=now.rules)
    if tried is None:
        tried, among = tries_among(customer_ids=customer_ids, zone=day.zone)
    else:
        among = rates()
    for row in who:
        answers = own.get(row[0], {})
        yield _subject(
            row, why.get(row[0], []), answers, (levels, tried.get(row[0], NEVER_TRIED), among, gates[row[0]]), day
        )


def now_of(day: Day) -> Now:
    """The day as the gates count from it, with the rules in force."""
    return Now(day.today, day.calendar, day.zone, rules_on(day.today))


def choice_of(*, subject: Subject, now: Now) -> Choice:
    """What the core decides for one customer."""
    return choose(
        customer=subject.customer,
        candidates=subject.candidates,
        ways=subject.ways,
        taken=subject.taken,
        now=now,
    )


def _subject(
    row: Sequence[Any], why: Sequence[Sequence[Any]], answers: Mapping[str, tuple[Any, ...]],
    known: tuple[Mapping[tuple[str, str, str], tuple[int, int]], Tries, Rates, Gate], day: Day,
) -> Subject:  # fmt: skip
    (
        customer_id,
        rm_id,
        branch_id,
        tier,
        currency,
        stated,
        hour_from,
        hour_until,
        number,
        matures_on,
        balance,
        *plain,
    ) = row
    levels, tried, among, gate = known
    customer = Customer(*[*plain, gate])
    silent = _silent(answers)
    found = [_reminder(each, silent) for each in why]
    found += _coming(customer, (number, matures_on, balance), {each.theme for each in found}, silent, day.today)
    best = habits.best_hour(
        own=tried.hours, above=among.above_hours(tier), stated=asked_hours(hour_from, hour_until)
    )  # fmt: skip
    return Subject(
        customer_id, rm_id, branch_id, tier, currency, best.cell if best.enough else None, customer, tuple(found),
        ways=_ways(stated or (), customer.gate.never, tried, among, tier),
        taken={each.theme: _taken(each.theme, levels, rm_id, tier, answers) for each in found},
    )  # fmt: skip


def _silent(answers: Mapping[str, tuple[Any, ...]]) -> dict[str, dt.date]:
    """Until when each theme rests; one that never was answered may rest too."""
    too_often = max((of[3] for of in answers.values() if of[3] is not None), default=None)
    until = {
        theme: silent_until(theme=theme, own=answers[theme][0] if theme in answers else None, too_often=too_often)
        for theme in THEMES
    }
    return {theme: on for theme, on in until.items() if on is not None}


def _taken(
    theme: str, levels: Mapping[tuple[str, str, str], tuple[int, int]], rm_id: int | None, tier: str,
    answers: Mapping[str, tuple[Any, ...]],
) -> Taken:  # fmt: skip
    names = (("bank", ""), ("tier", tier), ("rm", str(rm_id or "")))
    own = answers.get(theme)
    return Taken(
        tuple(levels.get((level, name, theme), habits.NONE) for level, name in names),
        (own[1], own[2]) if own else habits.NONE,
    )


def _reminder(reason: Sequence[Any], silent: Mapping[str, dt.date]) -> Candidate:
    reminder_id, kind, due_on, stake, expires_on, facts = reason
    until = silent.get(THEME_OF.get(kind, "occasion"))
    return Candidate(kind, due_on, stake, reminder_id, expires_on, until, json.loads(facts))


def _coming(
    customer: Customer, holding: tuple[str | None, dt.date, Decimal], known: set[str], silent: Mapping[str, dt.date],
    today: dt.date,
) -> Iterator[Candidate]:  # fmt: skip
    """What the register itself gives cause to speak of, where no reminder of the theme is open."""
    number, matures_on, balance = holding
    if number and "maturity" not in known:
        facts = {"holding": number, "amount": f"{balance:f}", "matures_on": matures_on.isoformat()}
        yield Candidate("deposit_maturing", matures_on, balance, silent_until=silent.get("maturity"), facts=facts)
    if "idle_cash" not in known and customer.liquid >= max(IDLE_FROM, customer.aum / 2):
        facts = {"amount": f"{customer.liquid:f}"}
        stake = customer.liquid - customer.aum / 5
        yield Candidate("idle_cash", today + MONTH, stake, silent_until=silent.get("idle_cash"), facts=facts)
    at = customer.next_tier_at
    if at is not None and "next_tier" not in known and at * NEAR <= customer.aum < at:
        facts = {"missing": f"{at - customer.aum:f}"}
        yield Candidate(
            "near_next_tier", today + MONTH, at - customer.aum, silent_until=silent.get("next_tier"), facts=facts
        )
    if customer.risk_until and "risk_profile" not in known and customer.risk_until <= today + PROFILE:
        facts = {"valid_until": customer.risk_until.isoformat()}
        yield Candidate(
            "risk_profile_expiring", customer.risk_until, silent_until=silent.get("risk_profile"), facts=facts
        )


def _ways(stated: Sequence[str], never: Collection[str], tried: Tries, among: Rates, tier: str) -> tuple[Way, ...]:
    """The channels to weigh: the first they asked for; else a call and what was tried; in need a letter."""
    wish = next((each for each in stated if each not in never), None)
    channels = [wish] if wish else [each for each in habits.REMOTE if each == "call" or each in tried.channels]
    if all(each in never for each in channels):
        channels += [each for each in (*habits.REMOTE, "letter") if each not in never and each not in channels][:1]
    found = habits.beliefs(own=tried.channels, above=among.above("channel", tier), cells=channels)
    return tuple(Way(channel, belief) for channel, belief in found.items())
