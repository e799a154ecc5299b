"""Who looks after whom: the banker the bank's file names, else the nearest with the smallest book, in the ledger."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterator
from typing import Any

BY_FEED = """
    INSERT INTO assigned SELECT c.id, s.id, 'feed'
    FROM in_customer i JOIN customers_customer c ON c.number = i.number
    JOIN people_staff s ON s.code = i.rm AND s.is_active AND s.role = 'rm'
    WHERE c.rm_id IS NULL OR (c.rm_id <> s.id AND EXISTS (
        SELECT 1 FROM customers_assignment a
        WHERE a.customer_id = c.id AND a.until_on IS NULL AND a.cause IN ('feed', 'rule', 'household')))"""
UNASSIGNED = """
    SELECT c.id, b.path FROM customers_customer c JOIN in_customer i ON i.number = c.number
    JOIN people_branch b ON b.id = c.branch_id
    WHERE c.rm_id IS NULL AND i.close AND NOT EXISTS (SELECT 1 FROM assigned a WHERE a.customer_id = c.id)
    ORDER BY c.aum DESC, c.number"""
BY_HOUSEHOLD = """
    INSERT INTO assigned
    SELECT DISTINCT ON (c.id) c.id, COALESCE(n.staff_id, o.rm_id), 'household'
    FROM (SELECT customer AS mine, other AS theirs FROM in_relation
          UNION SELECT other, customer FROM in_relation) r
    JOIN customers_customer c ON c.number = r.mine JOIN in_customer i ON i.number = r.mine
    JOIN customers_customer o ON o.number = r.theirs LEFT JOIN assigned n ON n.customer_id = o.id
    WHERE c.rm_id IS NULL AND NOT i.close AND COALESCE(n.staff_id, o.rm_id) IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM assigned a WHERE a.customer_id = c.id)
    ORDER BY c.id, o.aum DESC, o.number"""


def assign(cursor: Any, date: dt.date) -> int:
    """Decide for the customers of `in_customer` and enter it into the ledger; gives how many were assigned.

    Whom a person has handed over stays where they are.
    """
    cursor.execute("CREATE TEMP TABLE assigned (customer_id bigint, staff_id bigint, cause text) ON COMMIT DROP")
    cursor.execute(BY_FEED)
    decided = list(_by_rule(cursor))
    with cursor.copy("COPY assigned FROM STDIN") as copy:
        for customer_id, staff_id in decided:
            copy.write_row((customer_id, staff_id, "rule"))
    cursor.execute("ANALYZE assigned")
    cursor.execute(BY_HOUSEHOLD)
    cursor.execute("UPDATE customers_customer c SET rm_id = a.staff_id FROM assigned a WHERE a.customer_id = c.id")
    count: int = cursor.rowcount
    _enter(cursor, date)
    cursor.execute("DROP TABLE assigned")
    return count


def _enter(cursor: Any, date: dt.date) -> None:
    """Close the open rows of the ledger and open the new ones; one opened the same day is replaced."""
    open_rows = "customers_assignment l USING assigned a WHERE l.customer_id = a.customer_id AND l.until_on IS NULL"
    cursor.execute(f"DELETE FROM {open_rows} AND l.from_on >= %s", [date])
    cursor.execute(
        "UPDATE customers_assignment l SET until_on = %s FROM assigned a"
        " WHERE l.customer_id = a.customer_id AND l.until_on IS NULL",
        [date],
    )
    cursor.execute(
        "INSERT INTO customers_assignment (customer_id, staff_id, from_on, cause)"
        " SELECT customer_id, staff_id, %s, cause FROM assigned ORDER BY customer_id",
        [date],
    )


def _by_rule(cursor: Any) -> Iterator[tuple[int, int]]:
    """Largest customer first: the banker of the branch, or of the nearest branch above, with the smallest book."""
    cursor.execute(
        "SELECT s.id, b.path, COALESCE(c.count, 0) + COALESCE(a.count, 0)"
        " FROM people_staff s JOIN people_branch b ON b.id = s.branch_id"
        " LEFT JOIN (SELECT rm_id, count(*) FROM customers_customer GROUP BY 1) c ON c.rm_id = s.id"
        " LEFT JOIN (SELECT staff_id, count(*) FROM assigned GROUP BY 1) a ON a.staff_id = s.id"
        " WHERE s.is_active AND s.role = 'rm' ORDER BY s.id"
    )
    books: dict[str, list[tuple[int, int]]] = {}
    for staff_id, path, load in cursor.fetchall():
        for place in {path, ""}:
            books.setdefault(place, []).append((load, staff_id))
    for heap in books.values():
        heapq.heapify(heap)
    cursor.execute(UNASSIGNED)
    for customer_id, path in cursor.fetchall():
        heap = books.get(_nearest(path, books), [])
        if heap:
            load, staff_id = heap[0]
            heapq.heapreplace(heap, (load + 1, staff_id))
            yield customer_id, staff_id


def _nearest(path: str, books: dict[str, list[tuple[int, int]]]) -> str:
    """The path itself or the nearest one above that has a banker; the whole bank if none has."""
    while path and path not in books:
        path = path.rstrip("/").rpartition("/")[0]
        path = f"{path}/" if path else ""
    return path
