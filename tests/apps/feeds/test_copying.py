"""What a table follows, and what a first load leaves behind."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from keybook.apps.feeds.copying import INDEXES, REFERENCES, Follow, follow, swiftly
from keybook.apps.people.models import Branch


def built(cursor) -> set[str]:
    found = set()
    for query in (INDEXES, REFERENCES):
        cursor.execute(query, ["customers_customer"])
        found |= {row[1] for row in cursor.fetchall()}
    return found


@pytest.mark.django_db
def test_a_first_load_leaves_every_index_and_reference_as_it_was():
    with connection.cursor() as cursor:
        before = built(cursor)
        with swiftly(cursor, "customers_customer"):
            assert built(cursor) == set()
        assert built(cursor) == before
    assert len(before) > 5


@pytest.mark.django_db
def test_a_first_load_that_fails_leaves_every_index_too():
    class HaltedError(Exception):
        pass

    with connection.cursor() as cursor:
        before = built(cursor)
        with pytest.raises(HaltedError), transaction.atomic(), swiftly(cursor, "customers_customer"):
            raise HaltedError
        assert built(cursor) == before


@pytest.mark.django_db
def test_rows_that_are_the_same_are_not_touched():
    Branch.objects.create(code="A", name="Same", path="/1/")
    Branch.objects.create(code="B", name="Old", path="/2/")
    source = "SELECT * FROM (VALUES ('A', 'Same'), ('B', 'New'), ('C', 'More')) v (code, name)"
    plan = Follow(
        "people_branch", source, ("code",), ("code", "name"), {"path": "'/'", "name_zh": "''", "district": "''"}
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text FROM people_branch WHERE code = 'A'")
        place = cursor.fetchone()
        assert follow(cursor, plan) == {"new": 1, "changed": 1}
        cursor.execute("SELECT name FROM people_branch ORDER BY code")
        assert [row[0] for row in cursor.fetchall()] == ["Same", "New", "More"]
        cursor.execute("SELECT ctid::text FROM people_branch WHERE code = 'A'")
        assert cursor.fetchone() == place
