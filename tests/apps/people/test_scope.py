"""Who sees which rows: the rule in Python, and what the one statement reads for it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from keybook.apps.people.models import Deputy, Share
from keybook.apps.people.queries import access_of
from tests.cast import TODAY, Cast, make_customer, scope


def test_an_rm_sees_the_own_book(cast: Cast) -> None:
    seen = scope(cast.alice)
    assert (seen.everything, seen.books, seen.branches, seen.customers) == (False, (cast.alice.pk,), (), ())


def test_a_deputy_sees_the_principals_book(cast: Cast) -> None:
    assert scope(cast.bob).books == (cast.alice.pk, cast.bob.pk)


def test_a_deputy_sees_nothing_on_the_day_the_period_ends(cast: Cast) -> None:
    last = Deputy.objects.get().until_on
    assert last is not None
    assert cast.alice.pk in scope(cast.bob, last - dt.timedelta(days=1)).books
    assert cast.alice.pk not in scope(cast.bob, last).books


def test_a_deputy_may_not_see_before_the_period_begins(cast: Cast) -> None:
    first = Deputy.objects.get().from_on
    assert cast.alice.pk in scope(cast.bob, first).books
    assert cast.alice.pk not in scope(cast.bob, first - dt.timedelta(days=1)).books


def test_a_branch_head_sees_the_branch_and_below(cast: Cast) -> None:
    assert scope(cast.dora).branches == (cast.north.pk,)
    assert set(scope(cast.hugo).branches) == {cast.head_office.pk, cast.north.pk, cast.south.pk}


def test_compliance_sees_everything_and_may_not_write(cast: Cast) -> None:
    seen = scope(cast.mei)
    assert seen.everything
    assert not seen.may_write
    with pytest.raises(PermissionDenied):
        seen.require_write()


def test_the_lobby_may_not_log(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        scope(cast.leo).require_log()


def test_an_administrator_may_not_see_any_customer(cast: Cast) -> None:
    assert not scope(cast.ada).sees_customers


def test_someone_who_left_may_not_see_anything(cast: Cast) -> None:
    cast.alice.is_active = False
    cast.alice.save()
    assert access_of(staff_id=cast.alice.pk) is None
    assert not scope(cast.alice).sees_customers


def test_a_share_shows_one_customer_until_its_end(cast: Cast) -> None:
    Share.objects.create(customer_id=cast.liu.pk, staff=cast.alice, until_on=TODAY + dt.timedelta(days=2))
    assert scope(cast.alice).customers == (cast.liu.pk,)
    assert scope(cast.alice, TODAY + dt.timedelta(days=2)).customers == ()


def test_covers_is_true_by_book_branch_share_or_everything(cast: Cast) -> None:
    zhang = {"customer_id": cast.zhang.pk, "rm_id": cast.alice.pk, "branch_id": cast.north.pk}
    nobodys = make_customer(rm=None, branch=cast.south)
    for staff in (cast.alice, cast.bob, cast.dora, cast.hugo, cast.mei, cast.leo):
        assert scope(staff).covers(**zhang)
    for staff in (cast.carol, cast.ada):
        assert not scope(staff).covers(**zhang)
    assert not scope(cast.carol).covers(customer_id=nobodys.pk, rm_id=None, branch_id=cast.south.pk)


def test_the_statement_opens_the_same_rows_in_postgresql(cast: Cast) -> None:
    scope(cast.bob)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('keybook.everything'), current_setting('keybook.books')")
        assert cursor.fetchone() == ("off", f"{{{cast.alice.pk},{cast.bob.pk}}}")


def test_today_is_the_banks_business_date(cast: Cast) -> None:
    access = access_of(staff_id=cast.alice.pk)
    assert access is not None
    assert access.bank.business_date == TODAY
    assert access.staff.branch == cast.north
