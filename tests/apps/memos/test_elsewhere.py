"""A phone outside the scope: yes or no and nothing else, written down, so many an hour; and a referral that leaks nothing."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from keybook.apps.audit.models import View
from keybook.apps.customers.models import Customer
from keybook.apps.customers.search import refresh_search_keys
from keybook.apps.memos import queries
from keybook.apps.memos.models import Lookup, Memo, Referral
from keybook.apps.reminders.models import Promise, Reminder
from tests.apps.memos.test_page import draft, fields, typed
from tests.cast import Cast, as_web, make_customer
from tests.security.test_row_security import as_role

PHONE = "13600136000"
LINE = f"刘女士 {PHONE} 到访 想买基金"


@pytest.fixture
def carols(cast: Cast) -> Customer:
    """Mrs Ma, whom Carol looks after and Alice may not see."""
    found = make_customer(rm=cast.carol, name="Ma Lili", name_zh="马丽丽", phone="+86 136 0013 6000")
    refresh_search_keys(list(Customer.objects.values_list("pk", flat=True)))
    return found


def test_a_colleagues_customer_is_known_without_a_name_an_owner_or_a_branch(cast: Cast, carols: Customer):
    html = draft(as_web(cast.alice), LINE).content.decode()
    assert "Known to another colleague." in html
    for secret in ("Ma Lili", "马丽丽", "Carol", "South", carols.number):
        assert secret not in html


def test_the_look_up_is_written_down_once_and_stands_on_the_customers_record_of_looks(cast: Cast, carols: Customer):
    browser = as_web(cast.alice)
    draft(browser, LINE)
    draft(browser, LINE + " 明天")
    one = Lookup.objects.get()
    assert (one.staff_id, one.tail, one.found) == (cast.alice.pk, "6000", True)
    assert View.objects.get(page="lookup").customer_id == carols.pk


def test_an_unknown_phone_is_answered_in_the_same_way_and_offered_as_a_prospect(cast: Cast, carols: Customer):
    html = draft(as_web(cast.alice), "刘女士 13611136111 到访").content.decode()
    assert "Known to another colleague." not in html
    assert not Lookup.objects.get().found
    assert not View.objects.filter(page="lookup").exists()


def test_ones_own_customer_is_no_look_up(cast: Cast, carols: Customer):
    draft(as_web(cast.carol), LINE)
    assert not Lookup.objects.exists()


@pytest.mark.parametrize("part", ["1360013", "6000", "13600136", "3600136000x", ""])
def test_a_part_of_a_phone_tells_nothing(cast: Cast, carols: Customer, part):
    with as_role(cast.alice), connection.cursor() as cursor:
        cursor.execute("SELECT keybook_known_elsewhere(%s, 30)", [part])
        assert not cursor.fetchone()[0]


def test_after_so_many_look_ups_an_hour_nothing_is_answered(cast: Cast, carols: Customer, monkeypatch):
    monkeypatch.setattr(queries, "LOOKUPS_AN_HOUR", 2)
    browser = as_web(cast.alice)
    for tail in ("6111", "6222"):
        draft(browser, f"刘女士 1361113{tail} 到访")
    html = draft(browser, LINE).content.decode()
    assert "Too many look-ups in an hour" in html
    assert "Known to another colleague." not in html
    assert Lookup.objects.count() == 2


def test_nobody_reads_look_ups_or_writes_them_past_the_function(cast: Cast, carols: Customer):
    draft(as_web(cast.alice), LINE)
    with as_role(cast.alice):
        assert not Lookup.objects.exists()
    with pytest.raises(DatabaseError), as_role(cast.alice):
        Lookup.objects.create(staff_id=1, at="2026-11-23T00:00Z", digest="x", tail="1", found=True)
    with as_role(cast.mei):
        assert Lookup.objects.count() == 1


def test_without_a_signed_in_person_the_functions_answer_nothing(cast: Cast, carols: Customer):
    with as_role(None), connection.cursor() as cursor:
        cursor.execute("SELECT keybook_known_elsewhere(%s, 30)", [PHONE])
        assert cursor.fetchone() == (None,)
        cursor.execute("SELECT keybook_refer(%s, 'x', '2026-11-24', gen_random_uuid())", [PHONE])
        assert cursor.fetchone() == (False,)


def test_referred_it_lies_on_the_bankers_list_and_the_writer_sees_nothing_of_it(cast: Cast, carols: Customer):
    answer = typed(as_web(cast.alice), LINE, customer="refer")
    assert answer.status_code == 200, answer.content.decode()
    promise = Promise.objects.get()
    assert (promise.customer_id, promise.staff_id) == (carols.pk, cast.carol.pk)
    assert "Alice" in promise.text
    assert PHONE not in promise.text
    assert Reminder.objects.get().promise_id == promise.pk
    assert Referral.objects.get().from_staff_id == cast.alice.pk
    assert Memo.objects.get().customer_id is None
    with as_role(cast.alice):
        assert not (Promise.objects.exists() or Referral.objects.exists())  # noqa: PT018
        assert Memo.objects.count() == 1
    assert "Ma Lili" not in answer.content.decode()


def test_what_was_not_looked_up_cannot_be_referred(cast: Cast, carols: Customer):
    with as_role(cast.alice), connection.cursor() as cursor:
        cursor.execute("SELECT keybook_refer(%s, 'x', '2026-11-24', gen_random_uuid())", [PHONE])
        assert cursor.fetchone() == (False,)
    assert not Promise.objects.exists()


def test_a_memos_text_cannot_be_changed_by_the_web_server(cast: Cast):
    typed(as_web(cast.alice), "张先生 13900139000 到访")
    for change in ("text = 'x'", "customer_id = NULL"):
        with pytest.raises(DatabaseError), as_role(cast.alice), connection.cursor() as cursor:
            cursor.execute(f"UPDATE memos_memo SET {change}")
    with as_role(cast.carol):
        assert not Memo.objects.exists()


def test_a_phone_that_two_families_share_can_still_become_a_prospect(cast: Cast, carols: Customer):
    assert "Known" in draft(as_web(cast.alice), LINE).content.decode()
    assert typed(as_web(cast.alice), LINE, customer="new").status_code == 200
    assert fields
    assert Customer.objects.filter(stage="prospect", phone=PHONE).exists()
