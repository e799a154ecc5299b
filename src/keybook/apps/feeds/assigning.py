"""Who looks after whom: the banker the bank's file names, else the nearest with the smallest book, in the ledger.

The bank's own word is followed whatever the book holds. By rule nobody is put into a full book: the next nearest banker
takes over, and who finds none in the whole bank stays without one and is counted.
"""

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
    INSERT INTO assigned SELECT f.id, f.staff_id, 'household' FROM (
    SELECT h.*, row_number() OVER (PARTITION BY h.staff_id ORDER BY h.id) AS place FROM (
    SELECT DISTINCT ON (c.id) c.id, COALESCE(n.staff_id, o.rm_id) AS staff_id
    FROM (SELECT customer AS mine, other AS theirs FROM in_relation
          UNION SELECT other, customer FROM in_relation) r
    JOIN customers_customer c ON c.number = r.mine JOIN in_customer i ON i.number = r.mine
    JOIN customers_customer o ON o.number = r.theirs LEFT JOIN assigned n ON n.customer_id = o.id
    WHERE c.rm_id IS NULL AND NOT i.close AND COALESCE(n.staff_id, o.rm_id) IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM assigned a WHERE a.customer_id = c.id)
    ORDER BY c.id, o.aum DESC, o.number) h) f
    JOIN in_books k ON k.staff_id = f.staff_id
    WHERE k.most IS NULL
        OR k.load + (SELECT count(*) FROM assigned a WHERE a.staff_id = f.staff_id AND a.cause = 'rule') + f.place <= k.most"""
# What each book holds after the bank's own word, and may hold; a closed customer takes no room.
BOOKS = """
    CREATE TEMP TABLE in_books ON COMMIT DROP AS
    SELECT s.id AS staff_id, b.path, COALESCE(c.count, 0) + COALESCE(a.count, 0) AS load, keybook_cap(s.id, %s) AS most
    FROM people_staff s JOIN people_branch b ON b.id = s.branch_id
    LEFT JOIN (SELECT rm_id, count(*) FROM customers_customer WHERE stage <> 'closed' GROUP BY 1) c ON c.rm_id = s.id
    LEFT JOIN (SELECT staff_id, count(*) FROM assigned GROUP BY 1) a ON a.staff_id = s.id
    WHERE s.is_active AND s.role = 'rm'"""


def assign(cursor: Any, date: dt.date) -> dict[str, int]:
    """Decide for the customers of `in_customer` and enter it into the ledger.

    Gives how many were assigned, and how many key customers found no banker with room. Whom a person has handed over
    stays where they are.
    """
    cursor.execute("CREATE TEMP TABLE assigned (customer_id bigint, staff_id bigint, cause text) ON COMMIT DROP")
    cursor.execute(BY_FEED)
    cursor.execute(BOOKS, [date])
    decided = list(_by_rule(cursor))
    with cursor.copy("COPY assigned FROM STDIN") as copy:
        for customer_id, staff_id in decided:
            if staff_id is not None:
                copy.write_row((customer_id, staff_id, "rule"))
    cursor.execute("ANALYZE assigned")
    cursor.execute(BY_HOUSEHOLD)
    cursor.execute("UPDATE customers_customer c SET rm_id = a.staff_id FROM assigned a WHERE a.customer_id = c.id")
    counts = {"assigned": cursor.rowcount, "no room": sum(staff_id is None for _customer, staff_id in decided)}
    _enter(cursor, date)
    cursor.execute("DROP TABLE assigned, in_books")
    return counts


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


def _by_rule(cursor: Any) -> Iterator[tuple[int, int | None]]:
    """Largest customer first: the banker with room in the branch, or nearest above, with the smallest book; or nobody."""
    cursor.execute("SELECT staff_id, path, load, most FROM in_books ORDER BY staff_id")
    books: dict[str, list[tuple[int, int]]] = {}
    caps: dict[int, int | None] = {}
    for staff_id, path, load, most in cursor.fetchall():
        caps[staff_id] = most
        for place in {path, ""}:
            books.setdefault(place, []).append((load, staff_id))
    for heap in books.values():
        heapq.heapify(heap)
    loads = {staff_id: load for load, staff_id in books.get("", [])}
    cursor.execute(UNASSIGNED)
    for customer_id, path in cursor.fetchall():
        heap = _nearest(path, books, loads, caps)
        if heap:
            _load, staff_id = heap[0]
            loads[staff_id] += 1
            heapq.heapreplace(heap, (loads[staff_id], staff_id))
            yield customer_id, staff_id
        elif caps:
            yield customer_id, None


def _nearest(
    path: str, books: dict[str, list[tuple[int, int]]], loads: dict[int, int], caps: dict[int, int | None]
) -> list[tuple[int, int]]:
    """The bankers of this branch or of the nearest above that has one with room; of the whole bank if none has.

    Full books are taken off; a load that has grown in another heap is put right first, so that the head is the smallest.
    """
    while True:
        heap = books.get(path, [])
        while heap:
            load, staff_id = heap[0]
            most = caps[staff_id]
            if most is not None and loads[staff_id] >= most:
                heapq.heappop(heap)
            elif load != loads[staff_id]:
                heapq.heapreplace(heap, (loads[staff_id], staff_id))
            else:
                return heap
        if not path:
            return []
        path = path.rstrip("/").rpartition("/")[0]
        path = f"{path}/" if path else ""
