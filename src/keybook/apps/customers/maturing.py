"""What falls due for a customer about now, here and elsewhere, and what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from keybook.apps.customers.commands import NotSavedError, writable
from keybook.apps.customers.models import Fate, FateOf
from keybook.apps.people.scope import Scope

AHEAD, BEHIND = dt.timedelta(days=45), dt.timedelta(days=180)
MATURING = """
    SELECT 'holding', h.number, COALESCE(NULLIF(h.name, ''), h.kind), h.name_zh, h.balance, h.currency, h.matures_on, COALESCE(f.fate, '')
    FROM customers_holding h LEFT JOIN customers_fate f ON f.customer_id = h.customer_id AND f.place = 'holding'
        AND f.ref = h.number AND f.matured_on = h.matures_on
    WHERE h.customer_id = %(id)s AND h.matures_on BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT 'held_away', a.id::text, a.institution, '', a.amount, a.currency, a.matures_on, COALESCE(f.fate, '')
    FROM customers_heldaway a LEFT JOIN customers_fate f ON f.customer_id = a.customer_id AND f.place = 'held_away'
        AND f.ref = a.id::text AND f.matured_on = a.matures_on
    WHERE a.customer_id = %(id)s AND a.matures_on BETWEEN %(first)s AND %(last)s
    ORDER BY 7, 1, 2"""


@dataclass(frozen=True, slots=True)
class Maturing:
    """One deposit that falls due about now, and its fate where somebody has told it."""

    place: str
    ref: str
    name: str
    name_zh: str
    amount: Decimal | None
    currency: str
    on: dt.date
    fate: str

    @property
    def key(self) -> str:
        """What a form names it by."""
        return f"{self.place}:{self.ref}:{self.on.isoformat()}"


def maturing(*, customer_id: int, today: dt.date) -> list[Maturing]:
    """What of a customer already found inside the scope falls or fell due about now, the earliest first."""
    values: dict[str, int | dt.date] = {"id": customer_id, "first": today - BEHIND, "last": today + AHEAD}
    with connection.cursor() as cursor:
        cursor.execute(MATURING, values)
        return [Maturing(*row) for row in cursor.fetchall()]


@transaction.atomic
def tell_fate(*, scope: Scope, customer_id: int, today: dt.date, told: Sequence[tuple[str, str]]) -> int:
    """Store what became of these deposits: (key of a `Maturing`, fate); told again, the newer one holds."""
    writable(scope=scope, customer_id=customer_id)
    known = {each.key: each for each in maturing(customer_id=customer_id, today=today)}
    for key, fate in told:
        if key not in known:
            raise NotSavedError("fate", _("This deposit does not fall due about now."))
        if fate not in FateOf.values:
            raise NotSavedError("fate", _("Choose what became of it."))
        each = known[key]
        Fate.objects.update_or_create(
            customer_id=customer_id, place=each.place, ref=each.ref, matured_on=each.on,
            defaults={"fate": fate, "amount": each.amount, "currency": each.currency, "told_on": today, "by_id": scope.staff_id},
        )  # fmt: skip
    return len(told)
