"""Who looks after whom by rule: within the caps, by the nearest with room, and counted where there is none."""

from __future__ import annotations

import pytest
from django.db import connection

from keybook.apps.customers.models import Customer
from keybook.apps.feeds.assigning import assign
from keybook.apps.people.models import BookCap
from tests.cast import TODAY, Cast, make_customer


@pytest.fixture
def bob_and_alice(cast: Cast) -> Cast:
    """Alice has two customers, Bob none; both work at North, Carol at South has one."""
    return cast


def night(*, new, close=True, rm="", relations=()):
    """Assign these customers as the nightly run would."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE in_customer (number text, rm text, close boolean) ON COMMIT DROP")
        cursor.execute("CREATE TEMP TABLE in_relation (customer text, other text) ON COMMIT DROP")
        for each in new:
            cursor.execute("INSERT INTO in_customer VALUES (%s, %s, %s)", [each.number, rm, close])
        for one, other in relations:
            cursor.execute("INSERT INTO in_relation VALUES (%s, %s)", [one.number, other.number])
        counts = assign(cursor, TODAY)
        cursor.execute("DROP TABLE in_customer, in_relation")
    return counts


def holders(rows):
    return sorted(
        Customer.objects.filter(pk__in=[each.pk for each in rows]).values_list("rm__code", flat=True), key=str
    )


def newcomers(cast, count):
    return [make_customer(rm=None, branch=cast.north) for _ in range(count)]


def test_without_caps_the_smallest_book_of_the_branch_takes(bob_and_alice: Cast) -> None:
    new = newcomers(bob_and_alice, 4)
    assert night(new=new) == {"assigned": 4, "no room": 0}
    assert holders(new) == ["alice", "bob", "bob", "bob"]


def test_a_full_book_is_passed_over_and_the_nearest_with_room_takes(bob_and_alice: Cast) -> None:
    BookCap.objects.create(staff=bob_and_alice.bob, most=1, from_on=TODAY)
    BookCap.objects.create(staff=bob_and_alice.alice, most=3, from_on=TODAY)
    new = newcomers(bob_and_alice, 4)
    assert night(new=new) == {"assigned": 4, "no room": 0}
    assert holders(new) == ["alice", "bob", "carol", "carol"]


def test_where_the_whole_bank_is_full_nobody_is_assigned_and_they_are_counted(bob_and_alice: Cast) -> None:
    BookCap.objects.create(staff=None, most=2, from_on=TODAY)
    new = newcomers(bob_and_alice, 5)
    assert night(new=new) == {"assigned": 3, "no room": 2}
    assert holders(new).count(None) == 2


def test_a_household_follows_only_into_a_book_with_room(bob_and_alice: Cast) -> None:
    BookCap.objects.create(staff=bob_and_alice.alice, most=3, from_on=TODAY)
    new = newcomers(bob_and_alice, 2)
    counts = night(new=new, close=False, relations=[(each, bob_and_alice.zhang) for each in new])
    assert counts["assigned"] == 1
    assert holders(new).count("alice") == 1


def test_the_banks_own_word_is_followed_whatever_the_book_holds(bob_and_alice: Cast) -> None:
    BookCap.objects.create(staff=bob_and_alice.bob, most=1, from_on=TODAY)
    new = newcomers(bob_and_alice, 3)
    assert night(new=new, rm="bob")["assigned"] == 3
    assert holders(new) == ["bob", "bob", "bob"]


def test_a_closed_customer_takes_no_room(bob_and_alice: Cast) -> None:
    make_customer(rm=bob_and_alice.bob, stage="closed")
    BookCap.objects.create(staff=None, most=1, from_on=TODAY)
    new = newcomers(bob_and_alice, 1)
    assert night(new=new) == {"assigned": 1, "no room": 0}
    assert holders(new) == ["bob"]
