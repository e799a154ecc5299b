"""What the relationship ledgers of a whole bank hold, gathered column by column for `core.ledgers`.

The same rows as `postings` reads of one customer: a bank's are millions, and one value of Python for each would be what a
night spends its time on.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import Any

import numpy as np

from keybook.apps.interactions.whole import TOLD, Contacts
from keybook.apps.ledger.queries import weights_on
from keybook.apps.people.packed import BEGAN, Ints, packed, unpacked
from keybook.apps.reminders.postings import SIGNALS, SINCE, SOURCES, Source, kind_of, values_of
from keybook.apps.reminders.queries import Day
from keybook.core import ledgers
from keybook.core.ledger import Weights
from keybook.core.ledgers import CODE, Postings

NOTHING = -1
ROWS = {"customer_id": "bigint", "day": "integer", "code": "smallint"}
MONTHS = {"customer_id": "bigint", "day": "integer", "cents": "bigint"}
BY_THEMSELVES = {name: source for name, source in SOURCES.items() if name != "contact"}


def _of_source(name: str, source: Source) -> str:
    """SQL: the postings of one source, the kind by its place in KINDS."""
    return f"""
    SELECT {packed(ROWS)} FROM (
        SELECT x.customer_id, {source.on} - date '2000-01-01' AS day, t.code
        FROM {source.table} x JOIN tell t ON t.source = '{name}' AND ({source.tells}) = (t.first, t.second, t.third)
        WHERE {source.counts} AND {source.since} (SELECT on_ FROM since)
    ) found"""


POSTED = f"""{SINCE}, tell AS MATERIALIZED (
        SELECT * FROM unnest(%(sources)s::text[], %(firsts)s::text[], %(seconds)s::text[], %(thirds)s::text[],
            %(codes)s::smallint[]) AS t (source, first, second, third, code)
    ){" UNION ALL ".join(_of_source(*each) for each in BY_THEMSELVES.items())}"""
MONEY = f"""{SINCE}
    SELECT {packed(MONTHS)} FROM (
        SELECT customer_id, month - date '2000-01-01' AS day, (aum * 100)::bigint AS cents
        FROM customers_balancemonth WHERE month >= (SELECT on_ FROM since)
    ) found"""


@cache
def _tells() -> dict[str, list[Any]]:
    """Whatever a row of each source can tell that is posted, and as which kind."""
    told: dict[str, Any] = {
        "promise": product(("kept", "broken"), ("late", ""), ("",)),
        "signal": product(SIGNALS, ("",), ("",)),
        "complaint": [("", "", "")],
        "settled": [("", "", "")],
    }
    found = [(source, *tells, _code(source, *tells)) for source, all_told in told.items() for tells in all_told]
    names = ("sources", "firsts", "seconds", "thirds", "codes")
    return dict(zip(names, (list(each) for each in zip(*found, strict=True)), strict=True))


def _code(source: str, *tells: str) -> int:
    kind = kind_of(source, *tells)
    return NOTHING if kind is None else CODE[kind]


def posted(*, customer_ids: Sequence[int], day: Day) -> tuple[Postings, Weights]:
    """All postings of these customers but contacts, at the places of their ids in order; and the weights that hold."""
    weights, ids, values = weights_on(day.today), np.array(customer_ids, dtype=np.int64), values_of([], day) | _tells()
    ((whose, months, cents),) = unpacked(statement=MONEY, values=values, columns=MONTHS)
    known, place = _placed(ids, whose)
    found = ledgers.money_postings(whose=place, months=months[known] + BEGAN, cents=cents[known], today=day.today)
    for whose, days, kinds in unpacked(statement=POSTED, values=values, columns=ROWS):
        found += _postings(ids, whose, days + BEGAN, kinds)
    return found, weights


def posted_contacts(*, customer_ids: Sequence[int], contacts: Contacts, weights: Weights) -> Postings:
    """The postings of these customers' contacts; what changed nothing and is worth nothing is none, as in `postings`."""
    kinds = np.array([_code("contact", *tells) for tells in TOLD], dtype=np.int64)
    if not weights.of("spoke"):
        kinds[kinds == CODE["spoke"]] = NOTHING
    return _postings(np.array(customer_ids, dtype=np.int64), contacts.customer, contacts.on, kinds[contacts.told])


def _postings(ids: Ints, whose: Ints, on: Ints, kinds: Ints) -> Postings:
    rows = np.flatnonzero(kinds != NOTHING)
    known, place = _placed(ids, whose[rows])
    return Postings(place, on[rows][known], kinds[rows][known], np.ones_like(place))


def _placed(ids: Ints, whose: Ints) -> tuple[Ints, Ints]:
    """Which rows are of these customers, and the places of the customers they are of."""
    place = np.minimum(np.searchsorted(ids, whose), max(len(ids) - 1, 0))
    known = np.flatnonzero(ids[place] == whose) if len(ids) else np.array([], dtype=np.int64)
    return known, place[known]
