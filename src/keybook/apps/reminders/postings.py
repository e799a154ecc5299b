"""What the relationship ledger of a customer holds, gathered from wherever it happened; `core.ledger` weighs it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from keybook.apps.ledger.queries import weights_of
from keybook.apps.people.planned import for_many, of_one
from keybook.apps.reminders.queries import Day
from keybook.core import ledger
from keybook.core.ledger import DEFAULT, Posting, Weights

# Not "made in none that is confidential": row security hides such a contact from others, who would then count it.
OPENLY_MADE = (
    "(x.made_in_id IS NULL OR EXISTS (SELECT 1 FROM interactions_interaction i"
    " WHERE i.id = x.made_in_id AND NOT i.confidential))"
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where one sort of posting lies: its table as `x`, the day, what tells its kind (three texts), which rows count."""

    table: str
    on: str
    tells: str
    counts: str
    since: str


# A confidential contact, and the promise made in it, changes no number that others see. `+ 0`: the customer's own
# promises are few; the index by day would walk everybody's.
SOURCES: Mapping[str, Source] = {
    "contact": Source(
        "interactions_interaction", "(x.at AT TIME ZONE %(zone)s)::date", "x.channel, x.outcome, x.effect",
        "NOT x.superseded AND NOT x.confidential", "x.at >=",
    ),
    "promise": Source(
        "reminders_promise", "x.closed_on", "x.state, CASE WHEN x.closed_on > x.due_on THEN 'late' ELSE '' END, ''",
        f"x.state IN ('kept', 'broken') AND {OPENLY_MADE}", "x.closed_on + 0 >=",
    ),
    "signal": Source(
        "reminders_reminder", "x.opens_on", "x.kind, '', ''", "x.cause = 'signal' AND x.kind = ANY(%(signals)s)",
        "x.opens_on >=",
    ),
    "complaint": Source("customers_complaint", "x.opened_on", "'', '', ''", "true", "x.opened_on >="),
    "settled": Source("customers_complaint", "x.settled_on", "'', '', ''", "x.settled_on IS NOT NULL", "x.settled_on >="),
}  # fmt: skip
# Contacts that changed nothing are most of all, and are read only where the weights give them points.
TELLING = {"contact": " AND (x.effect <> 'unchanged' OR (SELECT spoke FROM since))"}


def _of_customers(name: str, source: Source) -> str:
    """SQL: the postings of one source that the ledger of these customers still counts."""
    return (
        f"SELECT x.customer_id, {source.on}, '{name}', {source.tells}, NULL, NULL FROM {source.table} x"
        f" WHERE x.customer_id = ANY(%(ids)s) AND {source.counts} AND {source.since} (SELECT on_ FROM since)"
        f"{TELLING.get(name, '')}"
    )


SINCE = """
    WITH w AS MATERIALIZED (
        SELECT number, from_on, points, half_life_days FROM ledger_weights WHERE from_on <= %(today)s
        ORDER BY from_on DESC LIMIT 1
    ), since AS MATERIALIZED (
        SELECT %(today)s::date - COALESCE((SELECT half_life_days FROM w), %(half_life)s) * %(half_lives)s - %(back)s AS on_,
            COALESCE((SELECT (points->>'spoke')::int <> 0 FROM w), %(spoke)s) AS spoke
    )"""
# One statement, the weights of the day first.
LEDGER = f"""{SINCE}
    SELECT 0::bigint, from_on, 'weights', number::text, half_life_days::text, points::text, NULL::date[], NULL::numeric[]
    FROM w
    UNION ALL {" UNION ALL ".join(_of_customers(*each) for each in SOURCES.items())}
    UNION ALL
    SELECT customer_id, NULL, 'money', '', '', '', array_agg(month ORDER BY month), array_agg(aum ORDER BY month)
    FROM customers_balancemonth
    WHERE customer_id = ANY(%(ids)s) AND month >= (SELECT on_ FROM since) GROUP BY customer_id"""
LEDGER_OF_ONE = of_one(LEDGER)
SIGNALS = [kind.removeprefix("signal_") for kind in ledger.KINDS if kind.startswith("signal_")]


@dataclass(frozen=True, slots=True)
class Entered:
    """The postings of some customers, and the weights that hold on the day."""

    of: Mapping[int, list[Posting]]
    weights: Weights


def entered(*, customer_ids: Sequence[int], day: Day) -> Entered:
    """Read the ledgers of these customers: contacts, promises, signals and months of money; one statement.

    A confidential contact, and the promise made in it, changes no number that others see.
    """
    with for_many(len(customer_ids)) as cursor:
        cursor.execute(LEDGER_OF_ONE if len(customer_ids) == 1 else LEDGER, values_of(customer_ids, day))
        rows = cursor.fetchall()
    found: dict[int, list[Posting]] = defaultdict(list)
    weights = DEFAULT
    for customer_id, on, source, first, second, third, months, assets in rows:
        if source == "weights":
            weights = weights_of(number=int(first), from_on=on, points=json.loads(third), half_life_days=int(second))
        elif source == "money":
            pairs = list(zip(months, assets, strict=True))
            if money := ledger.money_postings(months=pairs, today=day.today):
                found[customer_id] += money
        elif kind := kind_of(source, first, second, third):
            found[customer_id].append(Posting(on, kind))
    return Entered(found, weights)


def values_of(customer_ids: Sequence[int], day: Day) -> dict[str, Any]:
    """What SINCE and the sources ask for."""
    return {
        "ids": list(customer_ids), "id": customer_ids[0] if customer_ids else None, "today": day.today, "zone": day.zone, "signals": SIGNALS,
        "half_life": DEFAULT.half_life_days, "half_lives": ledger.REMEMBERED, "back": ledger.READ_BACK_DAYS,
        "spoke": DEFAULT.points["spoke"] != 0,
    }  # fmt: skip


@cache
def kind_of(source: str, *tells: str) -> str | None:
    """What a row of a source is posted as, as the core says; there are few different ones, and millions of rows."""
    return KIND_OF[source](*tells)


KIND_OF: Mapping[str, Callable[[str, str, str], str | None]] = {
    "contact": lambda channel, outcome, effect: ledger.contact_kind(channel=channel, outcome=outcome, effect=effect),
    "promise": lambda state, late, _none: ledger.promise_kind(state=state, late=bool(late)),
    "signal": lambda kind, _none, _nor: ledger.signal_kind(kind=kind),
    "complaint": lambda *_tells: "complaint_opened",
    "settled": lambda *_tells: "complaint_settled",
}


def postings(*, customer_ids: Sequence[int], day: Day) -> Mapping[int, list[Posting]]:
    """The postings of these customers alone."""
    return entered(customer_ids=customer_ids, day=day).of


def health_of(*, customer_id: int, day: Day, closed: bool = False) -> ledger.Health:
    """How one customer stands, with what it is the sum of."""
    found = entered(customer_ids=[customer_id], day=day)
    return ledger.health(postings=found.of.get(customer_id, ()), today=day.today, weights=found.weights, closed=closed)
