"""Search: who is found, by what, and who is never found."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keybook.apps.customers.models import Customer, SearchKey
from keybook.apps.customers.search import Found, refresh_search_keys, search
from keybook.apps.people.models import Share, Staff
from tests import cast as who
from tests.cast import Cast


@pytest.fixture
def keyed(cast: Cast) -> Cast:
    refresh_search_keys(Customer.objects.values_list("pk", flat=True))
    return cast


def find(staff: Staff, text: str, limit: int = 8) -> list[Found]:
    return search(scope=who.scope(staff), text=text, limit=limit)


@pytest.mark.parametrize(
    "text", ["zhang wei", "zw", "伟", "张伟", "8000", "c0001", "C0001", "13800138000", "+8613800138000", " WEI "]
)
def test_zhang_wei_is_found_by_name_pinyin_initials_tail_and_number(keyed: Cast, text: str) -> None:
    assert keyed.zhang.pk in [one.id for one in find(keyed.alice, text)]


@pytest.mark.parametrize("text", ["", "   ", "--", "%", "_", "0013", "138001", "x' OR 1=1"])
def test_what_is_nobodys_start_finds_nobody(keyed: Cast, text: str) -> None:
    expected = [keyed.zhang.pk] if text == "138001" else []
    assert [one.id for one in find(keyed.alice, text)] == expected


@pytest.mark.parametrize("text", ["80", "800", "13"])
def test_fewer_than_four_digits_of_a_phone_are_refused(keyed: Cast, text: str) -> None:
    assert find(keyed.alice, text) == []


@pytest.mark.parametrize("text", ["liu yang", "刘", "7222", "C0003", "ly"])
def test_a_strangers_customer_is_not_found(keyed: Cast, text: str) -> None:
    assert find(keyed.alice, text) == []
    assert [one.id for one in find(keyed.carol, text)] == [keyed.liu.pk]


def test_a_deputy_finds_the_principals_customers(keyed: Cast) -> None:
    assert [one.id for one in find(keyed.bob, "zhang wei")] == [keyed.zhang.pk]


def test_the_head_of_all_and_compliance_find_everybody(keyed: Cast) -> None:
    for staff in (keyed.hugo, keyed.mei):
        assert [one.id for one in find(staff, "liu")] == [keyed.liu.pk]


def test_an_administrator_finds_nobody(keyed: Cast) -> None:
    assert find(keyed.ada, "zhang") == []


def test_a_shared_customer_is_found(keyed: Cast) -> None:
    Share.objects.create(customer_id=keyed.liu.pk, staff=keyed.alice)
    assert [one.id for one in find(keyed.alice, "liu")] == [keyed.liu.pk]


def test_what_is_found_shows_a_masked_phone(keyed: Cast) -> None:
    (one,) = find(keyed.alice, "zhang wei")
    assert (one.phone, one.tier, one.name_zh) == ("138 ···· 8000", "private", "张伟")


def test_the_larger_of_two_with_one_name_comes_first_and_each_once(keyed: Cast) -> None:
    small = who.make_customer(rm=keyed.alice, name="Zhang Wei", name_zh="张伟", aum="10.00")
    large = who.make_customer(rm=keyed.alice, name="Zhang Wei", name_zh="张伟", aum="99000000.00")
    refresh_search_keys([small.pk, large.pk])
    assert [one.id for one in find(keyed.alice, "zhangwei")] == [large.pk, keyed.zhang.pk, small.pk]


def test_no_more_are_found_than_asked_for(keyed: Cast) -> None:
    many = [who.make_customer(rm=keyed.alice, name="Li Na", name_zh="李娜").pk for _ in range(20)]
    refresh_search_keys(many)
    assert len(find(keyed.alice, "li na")) == 8
    assert len(find(keyed.alice, "li na", limit=3)) == 3


def test_the_hits_take_one_statement(keyed: Cast) -> None:
    scope = who.scope(keyed.hugo)
    with CaptureQueriesContext(connection) as asked:
        search(scope=scope, text="zhang")
    assert len(asked) == 1


def test_keys_written_anew_replace_the_old_ones(keyed: Cast) -> None:
    Customer.objects.filter(pk=keyed.zhang.pk).update(name="Sun Li", name_zh="孙丽")
    refresh_search_keys([keyed.zhang.pk])
    assert find(keyed.alice, "zhang") == []
    assert [one.id for one in find(keyed.alice, "sunli")] == [keyed.zhang.pk]
    assert not SearchKey.objects.filter(customer=keyed.zhang, key="zw").exists()
