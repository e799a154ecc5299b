"""Finding prospects whom the bank's data has brought in the meantime; they are offered for joining, never merged."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from keybook.apps.customers.models import Customer, Match, SearchKey, Stage
from keybook.apps.customers.names import TAIL, phone_digits, pressed

FEWEST = 7  # digits of a phone that says who somebody is
REASONS = ("phone", "id", "birthday", "tail")  # the strongest first


@dataclass(frozen=True, slots=True)
class Known:
    """What of a person may be the same as of another one."""

    id: int
    phone: str
    id_number: str
    names: frozenset[str]
    born_on: dt.date | None

    def same(self, other: Known) -> str:
        """Why these two may be the same person; empty when nothing says so."""
        named = bool(self.names & other.names)
        reasons = {
            "phone": self.phone == other.phone and len(self.phone) >= FEWEST,
            "id": bool(self.id_number) and self.id_number == other.id_number,
            "birthday": named and self.born_on is not None and self.born_on == other.born_on,
            "tail": named and len(self.phone) >= TAIL and self.phone[-TAIL:] == other.phone[-TAIL:],
        }
        return next((why for why in REASONS if reasons[why]), "")


COLUMNS = ("id", "phone", "id_number", "name", "name_zh", "born_on")


def _known(row: Sequence[object]) -> Known:
    pk, phone, id_number, name, name_zh, born_on = row
    names = frozenset(pressed(str(each)) for each in (name, name_zh) if each)
    return Known(int(str(pk)), phone_digits(str(phone)), str(id_number), names, born_on)  # type: ignore[arg-type]


@transaction.atomic
def find_matches(*, today: dt.date, customer_ids: Sequence[int] | None = None) -> int:
    """Offer every prospect (or these) who may be a customer of the bank by now; give how many are new.

    A pair that was joined or refused before is not offered again.
    """
    waiting = Customer.objects.filter(stage=Stage.PROSPECT)
    if customer_ids is not None:
        waiting = waiting.filter(pk__in=customer_ids)
    prospects = [_known(row) for row in waiting.order_by("pk").values_list(*COLUMNS)]
    others = _candidates(prospects)
    found = [
        Match(prospect_id=each.id, customer_id=other.id, why=why, found_on=today)
        for each in prospects
        for other in others.get(each.id, ())
        if (why := each.same(other))
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_match")
        before = int(cursor.fetchone()[0])
        Match.objects.bulk_create(found, ignore_conflicts=True)
        cursor.execute("SELECT count(*) FROM customers_match")
        return int(cursor.fetchone()[0]) - before


def _candidates(prospects: Iterable[Known]) -> Mapping[int, list[Known]]:
    """The customers that share a phone, an identity number or a name with each prospect."""
    by_key: dict[str, set[int]] = defaultdict(set)
    by_number: dict[str, set[int]] = defaultdict(set)
    for each in prospects:
        for key in {each.phone, *each.names} - {""}:
            by_key[key].add(each.id)
        by_number[each.id_number].add(each.id)
    by_number.pop("", None)
    pairs: set[tuple[int, int]] = set()
    hits = SearchKey.objects.filter(key__in=list(by_key), customer__stage=Stage.CUSTOMER)
    for key, customer_id in hits.values_list("key", "customer_id"):
        pairs |= {(prospect_id, customer_id) for prospect_id in by_key[key]}
    numbered = Customer.objects.filter(stage=Stage.CUSTOMER, id_number__in=list(by_number))
    for number, customer_id in numbered.values_list("id_number", "pk"):
        pairs |= {(prospect_id, customer_id) for prospect_id in by_number[number]}
    rows = Customer.objects.filter(pk__in={customer_id for _prospect, customer_id in pairs}).values_list(*COLUMNS)
    known = {each.id: each for each in map(_known, rows)}
    found: dict[int, list[Known]] = defaultdict(list)
    for prospect_id, customer_id in sorted(pairs):
        found[prospect_id].append(known[customer_id])
    return found
