"""What a message says: the morning digest and the batches of urgent notices, as one person may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from keybook import formats
from keybook.apps.customers.queries import scope_sql
from keybook.apps.gifts.queries import waiting_for
from keybook.apps.interactions.queries import knows_sql
from keybook.apps.notices.models import Kind, Notice
from keybook.apps.notices.words import KINDS, about, counted
from keybook.apps.people.planned import planned
from keybook.apps.people.queries import Access

MOST = 10
OWN = "(c.rm_id = ANY(%(books)s) OR c.id = ANY(%(shared)s){more}) AND ({scope})"
LINES = """
    SELECT c.name, c.name_zh, COALESCE(NULLIF(l.reasons->0->'facts'->>'label', ''), l.reasons->0->>'kind'), count(*) OVER ()
    FROM reminders_line l JOIN customers_customer c ON c.id = l.customer_id
    WHERE {own} AND l."group" IN ('a_late', 'b_due', 'b_today') AND (l.snoozed_until IS NULL OR l.snoozed_until <= %(today)s)
    ORDER BY l."group", l.priority DESC, l.customer_id LIMIT {most}"""
PROMISES = """
    SELECT c.name, c.name_zh, concat_ws(' · ', to_char(p.due_time, 'HH24:MI'), p.text), count(*) OVER ()
    FROM reminders_promise p JOIN customers_customer c ON c.id = p.customer_id
    LEFT JOIN interactions_interaction i ON i.id = p.made_in_id
    WHERE {own} AND p.state = 'open' AND p.due_on <= %(today)s AND (p.made_in_id IS NULL OR {known})
    ORDER BY p.due_on, p.due_time, p.id LIMIT {most}"""
OCCASIONS = """
    SELECT c.name, c.name_zh, COALESCE(NULLIF(r.facts->>'label', ''), r.kind), count(*) OVER ()
    FROM reminders_reminder r JOIN customers_customer c ON c.id = r.customer_id
    LEFT JOIN customers_preference f ON f.customer_id = c.id
    LEFT JOIN reminders_observance k ON k.customer_id = c.id
    WHERE {own} AND r.state = 'open' AND r.cause = 'occasion' AND r.opens_on <= %(today)s
      AND NOT (COALESCE(f.no_congratulation, false) AND r.kind <> 'memorial')
      AND NOT COALESCE(k.mourning_from <= %(today)s AND (k.mourning_until IS NULL OR k.mourning_until > %(today)s), false)
    ORDER BY r.due_on, r.id LIMIT {most}"""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a message: its title, its lines, and how many there are in all."""

    title: str
    lines: tuple[str, ...]
    count: int

    @property
    def head(self) -> str:
        """The title with its number."""
        return _("%(title)s (%(count)s)") % {"title": self.title, "count": self.count}

    @property
    def more(self) -> str:
        """How many are not shown; nothing when all are."""
        left = self.count - len(self.lines)
        return ngettext("and %(count)s more", "and %(count)s more", left) % {"count": left} if left > 0 else ""


def digest(*, access: Access) -> list[Part]:
    """The morning of one person: first lines of Today, promises due, occasions, approvals; empty parts are left out."""
    waiting = waiting_for(scope=access.scope, today=access.bank.business_date)
    gifts = tuple(about(_one_line(_name(row.name, row.name_zh)), _one_line(row.text)) for row in waiting[:MOST])
    found = [
        _part(_("To contact today"), LINES, access),
        _part(_("Promises due"), PROMISES, access),
        _part(_("Occasions"), OCCASIONS, access),
        Part(_("Waiting for your approval"), gifts, len(waiting)),
    ]
    return [part for part in found if part.count]


def urgent(*, access: Access, batch: int) -> list[Part]:
    """The notices of one batch by kind, with the customers this person may still see."""
    rows = Notice.objects.filter(staff_id=access.scope.staff_id, batch=batch, settled_at=None).order_by("pk")
    notices = list(rows.values_list("kind", "customer_id", "key"))
    names = _names(access, [customer_id for _kind, customer_id, _key in notices if customer_id])
    found = []
    for kind, title in Kind.choices:
        mine = [
            (customer_id, key)
            for each, customer_id, key in notices
            if each == kind and (not customer_id or customer_id in names)
        ]
        told = [names[each] for each, _key in mine if each] + [counted(key) for each, key in mine if not each]
        found.append(Part(str(title), tuple(line for line in told if line)[:MOST], len(mine)))
    return [part for part in found if part.count]


def total(parts: list[Part]) -> int:
    """How many things a message speaks of."""
    return sum(part.count for part in parts)


def _values(access: Access) -> dict[str, Any]:
    """What the statements ask for."""
    scope = access.scope
    return {
        "books": list(scope.books), "branches": list(scope.branches), "customers": list(scope.customers),
        "shared": list(scope.customers), "me": scope.staff_id, "today": access.bank.business_date,
    }  # fmt: skip


def _part(title: str, statement: str, access: Access) -> Part:
    """One part of the digest."""
    more = {LINES: " OR l.handed_to_id = %(me)s", PROMISES: " OR p.staff_id = %(me)s"}.get(statement, "")
    own = OWN.format(more=more, scope=scope_sql(access.scope))
    with planned() as cursor:
        cursor.execute(
            statement.format(own=f"{own} AND c.stage <> 'closed'", most=MOST, known=knows_sql()), _values(access)
        )
        rows = cursor.fetchall()
    lines = tuple(
        about(_one_line(_name(name, zh)), _one_line(str(KINDS.get(what or "", what or ""))))
        for name, zh, what, _n in rows
    )
    return Part(title, lines, rows[0][3] if rows else 0)


def _names(access: Access, customer_ids: list[int]) -> Mapping[int, str]:
    """The names of those of these customers who are inside the scope."""
    statement = f"SELECT c.id, c.name, c.name_zh FROM customers_customer c WHERE c.id = ANY(%(ids)s) AND ({scope_sql(access.scope)})"
    with planned() as cursor:
        cursor.execute(statement, {**_values(access), "ids": customer_ids})
        return {row[0]: _one_line(_name(row[1], row[2])) for row in cursor.fetchall()}


def _name(name: str, name_zh: str) -> str:
    return formats.customer_name(name, name_zh, get_language())[0]


def _one_line(text: str) -> str:
    """Text without line ends and control characters, whatever was typed."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
