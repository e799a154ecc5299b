"""Makes the register follow the bank's data: customers, who looks after them, search keys, holdings, relations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection

from keybook.apps.customers.names import keys_for
from keybook.apps.feeds.assigning import assign
from keybook.apps.feeds.copying import Follow, copy_in, follow, swiftly

NULL = "\\N"
CUSTOMER = {
    "number": "text", "kind": "text", "name": "text", "name_zh": "text", "sex": "text", "born_on": "date",
    "lunar_birthday": "text", "id_number": "text", "phone": "text", "email": "text", "address": "text",
    "district": "text", "language": "text", "occupation": "text", "branch": "text", "rm": "text", "opened_on": "date",
    "need": "numeric", "tier": "text", "tier_before": "text", "since": "date", "aum": "numeric", "aum_30": "numeric",
    "risk_level": "text", "risk_until": "date", "is_key": "boolean", "close": "boolean",
}  # fmt: skip
FED_CUSTOMER = """
    SELECT left(i.number, 40) AS number, i.kind, left(COALESCE(NULLIF(i.name, ''), NULLIF(i.name_zh, ''), i.number), 160)
        AS name, left(COALESCE(i.name_zh, ''), 80) AS name_zh, COALESCE(i.sex, '') AS sex, i.born_on,
        left(COALESCE(i.lunar_birthday, ''), 6) AS lunar_birthday, left(COALESCE(i.id_number, ''), 40) AS id_number,
        left(COALESCE(i.phone, ''), 40) AS phone, left(COALESCE(i.email, ''), 254) AS email,
        left(COALESCE(i.address, ''), 200) AS address, left(COALESCE(i.district, ''), 80) AS district,
        COALESCE(i.language, 'en') AS language, left(COALESCE(i.occupation, ''), 80) AS occupation, i.opened_on,
        b.id AS branch_id, t.id AS tier_id, f.id AS tier_before_id, i.since AS tier_since,
        %(currency)s AS currency, COALESCE(i.aum, 0) AS aum, COALESCE(i.aum - i.aum_30, 0) AS aum_change, i.need,
        COALESCE(i.risk_level, '') AS risk_level, i.risk_until, 'customer' AS stage
    FROM in_customer i JOIN people_branch b ON b.code = i.branch
    LEFT JOIN customers_tier t ON t.code = i.tier LEFT JOIN customers_tier f ON f.code = i.tier_before"""
CUSTOMER_COLUMNS = (
    "number", "kind", "name", "name_zh", "sex", "born_on", "lunar_birthday", "id_number", "phone", "email", "address",
    "district", "language", "occupation", "opened_on", "branch_id", "tier_id", "tier_before_id", "tier_since",
    "currency", "aum", "aum_change", "need", "risk_level", "risk_until", "stage",
)  # fmt: skip
HOLDING = {
    "number": "text", "customer": "text", "kind": "text", "product": "text", "name": "text", "name_zh": "text",
    "risk": "text", "currency": "text", "opened_on": "date", "matures_on": "date", "rate": "numeric",
    "instruction": "text", "balance": "numeric", "as_of": "date",
}  # fmt: skip
FED_HOLDING = """
    SELECT c.id AS customer_id, i.number, i.kind, left(COALESCE(i.product, ''), 40) AS product,
        left(COALESCE(i.name, ''), 120) AS name, left(COALESCE(i.name_zh, ''), 120) AS name_zh,
        COALESCE(i.risk, '') AS risk, i.currency, i.opened_on, i.matures_on, i.rate, i.balance,
        COALESCE(i.instruction, '') AS instruction, i.as_of
    FROM in_holding i JOIN customers_customer c ON c.number = i.customer"""
HOLDING_COLUMNS = (
    "customer_id", "number", "kind", "product", "name", "name_zh", "risk", "currency", "opened_on", "matures_on",
    "rate", "balance", "instruction", "as_of",
)  # fmt: skip
AWAY = {
    "customer": "text", "currency": "text", "seen_on": "date", "institution": "text", "kind": "text",
    "amount": "numeric", "source": "text", "detail": "text", "confidence": "text", "matures_on": "date",
    "expires_on": "date", "key": "text",
}  # fmt: skip
FED_AWAY = """
    SELECT c.id AS customer_id, left(i.institution, 120) AS institution, i.kind, i.amount, i.currency, i.source,
        left(i.detail, 200) AS detail, i.confidence, i.seen_on, i.matures_on, i.expires_on, left(i.key, 120) AS key
    FROM in_away i JOIN customers_customer c ON c.number = i.customer"""
AWAY_COLUMNS = (
    "customer_id", "institution", "kind", "amount", "currency", "source", "detail", "confidence", "seen_on",
    "matures_on", "expires_on", "key",
)  # fmt: skip


RELATION = {
    "customer": "text", "other": "text", "role": "text", "other_role": "text", "share": "numeric",
    "household": "boolean",
}  # fmt: skip
FED_RELATION = """
    SELECT DISTINCT ON (c.id, o.id, r.role) c.id AS customer_id, o.id AS other_id, left(r.role, 24) AS role,
        left(r.other_role, 24) AS other_role, r.household, r.share, 'bank' AS source
    FROM in_relation r JOIN customers_customer c ON c.number = r.customer
    JOIN customers_customer o ON o.number = r.other ORDER BY c.id, o.id, r.role"""
RELATION_COLUMNS = ("customer_id", "other_id", "role", "other_role", "household", "share", "source")


def publish_customers(*, folder: Path, date: dt.date, currency: str) -> dict[str, int]:
    """Store the chosen customers, give those without one a banker, and write the search keys that changed.

    Relations and households come in the same step, so that a first load touches each customer without its indexes.
    """
    filled = ("customers_relation", "customers_customer", "customers_assignment", "customers_searchkey")
    with connection.cursor() as cursor, swiftly(cursor, *filled):
        copy_in(cursor, "in_customer", folder / "customer.parquet", CUSTOMER)
        copy_in(cursor, "in_relation", folder / "relation.parquet", RELATION)
        cursor.execute(
            "CREATE TEMP TABLE before ON COMMIT DROP AS SELECT id, name, name_zh, phone FROM customers_customer"
        )
        plan = Follow(
            "customers_customer", cursor.mogrify(FED_CUSTOMER, {"currency": currency}), ("number",), CUSTOMER_COLUMNS,
            fixed={"health": "0", "rule_version": "''", "updated_at": "now()"},
        )  # fmt: skip
        counts = follow(cursor, plan)
        counts |= assign(cursor, date)
        counts |= _relations(cursor)
        counts["search keys"] = _search_keys(cursor)
        cursor.execute("DROP TABLE in_customer, in_relation, before")
    return counts


def _search_keys(cursor: Any) -> int:
    """Write the keys of customers who are new or renamed; move the others' keys with their banker, branch and assets."""
    cursor.execute(
        "CREATE TEMP TABLE renamed ON COMMIT DROP AS SELECT c.id, c.name, c.name_zh, c.phone, c.number,"
        " -LEAST(trunc(c.aum / 1000), 2000000000)::int AS weight, c.rm_id, c.branch_id"
        " FROM customers_customer c JOIN in_customer i ON i.number = c.number LEFT JOIN before b ON b.id = c.id"
        " WHERE b.id IS NULL OR (b.name, b.name_zh, b.phone) IS DISTINCT FROM (c.name, c.name_zh, c.phone)"
    )
    cursor.execute("DELETE FROM customers_searchkey k USING renamed r WHERE r.id = k.customer_id")
    cursor.execute("SELECT * FROM renamed ORDER BY id")
    rows, written = cursor.fetchall(), 0
    command = "COPY customers_searchkey (customer_id, key, weight, rm_id, branch_id) FROM STDIN"
    with cursor.copy(command) as copy:
        for pk, name, name_zh, phone, number, weight, rm_id, branch_id in rows:
            keys = keys_for(name=name, name_zh=name_zh, phone=phone, number=number)
            rest = f"{weight}\t{rm_id or NULL}\t{branch_id}\n"
            copy.write("".join([f"{pk}\t{key}\t{rest}" for key in keys]))  # a key is letters and digits only
            written += len(keys)
    cursor.execute(
        "UPDATE customers_searchkey k SET weight = -LEAST(trunc(c.aum / 1000), 2000000000)::int, rm_id = c.rm_id,"
        " branch_id = c.branch_id FROM customers_customer c WHERE c.id = k.customer_id AND ("
        " (k.rm_id, k.branch_id) IS DISTINCT FROM (c.rm_id, c.branch_id)"
        " OR abs(k.weight + c.aum / 1000) > 10 + c.aum / 10000)"  # a tenth more or less changes no one's place
    )
    cursor.execute("DROP TABLE renamed")
    return written


def publish_holdings(*, folder: Path) -> dict[str, int]:
    """Make the holdings follow; those no longer held go."""
    with connection.cursor() as cursor, swiftly(cursor, "customers_holding"):
        copy_in(cursor, "in_holding", folder / "holding.parquet", HOLDING)
        cursor.execute(
            "DELETE FROM customers_holding h WHERE NOT EXISTS (SELECT 1 FROM in_holding i WHERE i.number = h.number)"
        )
        gone = cursor.rowcount
        counts = follow(cursor, Follow("customers_holding", FED_HOLDING, ("number",), HOLDING_COLUMNS))
        cursor.execute("DROP TABLE in_holding")
    return counts | {"gone": gone}


def publish_months(*, folder: Path) -> dict[str, int]:
    """Make the monthly assets follow."""
    source = (
        "SELECT c.id AS customer_id, i.month, i.aum FROM in_month i JOIN customers_customer c ON c.number = i.customer"
    )
    with connection.cursor() as cursor, swiftly(cursor, "customers_balancemonth"):
        copy_in(cursor, "in_month", folder / "month.parquet", {"customer": "text", "month": "date", "aum": "numeric"})
        plan = Follow("customers_balancemonth", source, ("customer_id", "month"), ("customer_id", "month", "aum"))
        counts = follow(cursor, plan)
        cursor.execute("DROP TABLE in_month")
    return counts


def _relations(cursor: Any) -> dict[str, int]:
    """Make the bank's relations follow, leave the bankers' own alone, and put households together."""
    cursor.execute(f"CREATE TEMP TABLE told ON COMMIT DROP AS {FED_RELATION}")
    cursor.execute(
        "DELETE FROM customers_relation r WHERE r.source = 'bank' AND NOT EXISTS (SELECT 1 FROM told t WHERE"
        " (t.customer_id, t.other_id, t.role) = (r.customer_id, r.other_id, r.role))"
    )
    gone = cursor.rowcount
    key = ("customer_id", "other_id", "role")
    counts = follow(cursor, Follow("customers_relation", "SELECT * FROM told", key, RELATION_COLUMNS))
    cursor.execute("DROP TABLE told")
    return {
        "relations": counts["new"] + counts["changed"], "relations gone": gone, "households": _households(cursor),
    }  # fmt: skip


def _households(cursor: Any) -> int:
    """Give everyone linked by household edges one household, keeping the oldest of theirs; gives how many moved."""
    cursor.execute("SELECT customer_id, other_id FROM customers_relation WHERE household ORDER BY 1, 2")
    head = _heads(cursor.fetchall())
    cursor.execute("SELECT id, household_id FROM customers_customer WHERE household_id IS NOT NULL")
    held: Mapping[int, int] = dict(cursor.fetchall())
    homes: dict[int, int] = {}
    for member in sorted(head):
        if member in held:
            homes[head[member]] = min(homes.get(head[member], held[member]), held[member])
    homeless = sorted({root for root in head.values() if root not in homes})
    cursor.execute(
        "INSERT INTO customers_household (name) SELECT '' FROM generate_series(1, %s) RETURNING id", [len(homeless)]
    )
    homes |= dict(zip(homeless, sorted(row[0] for row in cursor.fetchall()), strict=True))
    cursor.execute("CREATE TEMP TABLE home (id bigint, household_id bigint) ON COMMIT DROP")
    with cursor.copy("COPY home FROM STDIN") as copy:
        for member, root in head.items():
            copy.write_row((member, homes[root]))
    cursor.execute("ANALYZE home")
    cursor.execute(
        "UPDATE customers_customer c SET household_id = h.household_id FROM customers_customer d"
        " LEFT JOIN home h ON h.id = d.id WHERE d.id = c.id AND c.household_id IS DISTINCT FROM h.household_id"
    )
    moved: int = cursor.rowcount
    cursor.execute("DROP TABLE home")
    return moved


def _heads(edges: list[tuple[int, int]]) -> dict[int, int]:
    """For everyone on an edge the least id of those they are linked to."""
    head: dict[int, int] = {}

    def find(one: int) -> int:
        while head.setdefault(one, one) != one:
            head[one] = head[head[one]]
            one = head[one]
        return one

    for left, right in edges:
        low, high = sorted((find(left), find(right)))
        head[high] = low
    return {one: find(one) for one in list(head)}


def publish_held_away(*, folder: Path) -> dict[str, int]:
    """Make the evidence that the bank's own data gives follow; what bankers were told stays as it is."""
    with connection.cursor() as cursor:
        copy_in(cursor, "in_away", folder / "held_away.parquet", AWAY)
        cursor.execute(f"CREATE TEMP TABLE away ON COMMIT DROP AS {FED_AWAY}")
        cursor.execute(
            "DELETE FROM customers_heldaway h WHERE h.source IN ('transfer', 'order') AND NOT EXISTS"
            " (SELECT 1 FROM away a WHERE (a.customer_id, a.key) = (h.customer_id, h.key))"
            " AND (h.key LIKE 'transfer|%' OR h.key LIKE 'order|%')"
        )
        gone = cursor.rowcount
        plan = Follow("customers_heldaway", "SELECT * FROM away", ("customer_id", "key"), AWAY_COLUMNS)
        counts = follow(cursor, plan)
        cursor.execute("DROP TABLE in_away, away")
    return counts | {"gone": gone}
