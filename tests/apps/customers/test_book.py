"""The Book: whose customers, in which order, under which view."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from keybook.apps.customers.book import (
    HEALTHS,
    SORTS,
    VIEWS,
    Ask,
    AskRefusedError,
    birthdays,
    neighbours,
    read_ask,
    read_book,
)
from keybook.apps.customers.models import Customer
from keybook.apps.customers.search import refresh_search_keys
from keybook.apps.people.models import Staff
from keybook.calendars import workdays
from tests import cast as who
from tests.cast import TODAY, Cast


def ids(staff: Staff, **ask: object) -> list[int]:
    found = read_book(scope=who.scope(staff), ask=Ask(**ask), today=TODAY)  # type: ignore[arg-type]
    return [row.id for row in found.rows]


def update(customer: Customer, **values: object) -> None:
    Customer.objects.filter(pk=customer.pk).update(**values)


def test_the_book_holds_ones_own_customers_the_largest_first(cast: Cast) -> None:
    assert ids(cast.alice) == [cast.zhang.pk, cast.osei.pk]


def test_a_deputy_sees_the_principals_book(cast: Cast) -> None:
    assert ids(cast.bob) == [cast.zhang.pk, cast.osei.pk]


def test_the_head_sees_the_branch_and_the_head_of_all_everyone(cast: Cast) -> None:
    assert ids(cast.dora) == [cast.zhang.pk, cast.osei.pk]
    assert ids(cast.hugo) == [cast.zhang.pk, cast.liu.pk, cast.osei.pk]


def test_a_stranger_is_counted_nowhere(cast: Cast) -> None:
    found = read_book(scope=who.scope(cast.alice), ask=Ask(), today=TODAY)
    assert found.counts["all"] == 2
    assert found.whole_aum == Decimal(9_020_000)


def test_an_administrators_book_is_empty(cast: Cast) -> None:
    assert ids(cast.ada) == []


def test_late_is_past_the_grace_and_no_sooner(cast: Cast) -> None:
    update(cast.zhang, next_due_on=TODAY - dt.timedelta(days=5), late_from=TODAY + dt.timedelta(days=1))
    update(cast.osei, next_due_on=TODAY - dt.timedelta(days=6), late_from=TODAY)
    assert ids(cast.alice, view="late") == [cast.osei.pk]
    (row,) = read_book(scope=who.scope(cast.alice), ask=Ask(view="late"), today=TODAY).rows
    assert row.late_by(TODAY, workdays("CN")) == 4


def test_due_this_week_counts_the_late_ones_too(cast: Cast) -> None:
    update(cast.zhang, next_due_on=TODAY + dt.timedelta(days=6))
    update(cast.osei, next_due_on=TODAY + dt.timedelta(days=7))
    assert ids(cast.alice, view="due") == [cast.zhang.pk]


def test_silent_for_sixty_days_counts_those_never_spoken_to(cast: Cast) -> None:
    update(cast.zhang, last_contact_on=TODAY - dt.timedelta(days=60))
    assert ids(cast.alice, view="silent") == [cast.osei.pk]


def test_a_risk_profile_that_has_expired_expires_no_more(cast: Cast) -> None:
    update(cast.zhang, risk_until=TODAY + dt.timedelta(days=29))
    update(cast.osei, risk_until=TODAY - dt.timedelta(days=1))
    assert ids(cast.alice, view="risk") == [cast.zhang.pk]


def test_a_birthday_in_two_weeks_is_shown(cast: Cast) -> None:
    update(cast.zhang, born_on=dt.date(1970, 12, 7))
    update(cast.osei, born_on=dt.date(1970, 12, 8))
    assert ids(cast.alice, view="birthday") == [cast.zhang.pk]


def test_a_birthday_on_29_february_is_kept_on_the_28th() -> None:
    assert "0229" in birthdays(today=dt.date(2026, 2, 20))
    assert birthdays(today=dt.date(2028, 2, 20)).count("0229") == 1


@given(st.dates(min_value=dt.date(1999, 1, 1), max_value=dt.date(2100, 1, 1)))
def test_two_weeks_of_birthdays_are_fifteen_days(today: dt.date) -> None:
    known = birthdays(today=today)
    assert f"{today:%m%d}" in known
    assert len({day for day in known if day != "0229"}) + ("0229" in known) in {15, 16}


def test_tier_health_banker_and_text_narrow_the_book(cast: Cast) -> None:
    refresh_search_keys([cast.zhang.pk, cast.osei.pk, cast.liu.pk])
    update(cast.osei, health=-3)
    assert ids(cast.alice, tier="gold") == [cast.osei.pk]
    assert ids(cast.alice, health="weak") == [cast.osei.pk]
    assert ids(cast.hugo, rm=cast.carol.pk) == [cast.liu.pk]
    assert ids(cast.alice, text="zhang w") == [cast.zhang.pk]
    assert ids(cast.alice, text="8000") == [cast.zhang.pk]
    assert ids(cast.alice, text="liu") == []
    assert ids(cast.alice, text="%%") == []


@pytest.mark.parametrize("sort", [f"{sign}{name}" for name in SORTS for sign in ("", "-")])
def test_every_column_sorts_both_ways(cast: Cast, sort: str) -> None:
    assert sorted(ids(cast.alice, sort=sort)) == sorted([cast.zhang.pk, cast.osei.pk])


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("health", ["", *HEALTHS])
def test_the_count_of_a_view_is_the_number_of_its_rows(cast: Cast, view: str, health: str) -> None:
    found = read_book(scope=who.scope(cast.hugo), ask=Ask(view=view, health=health), today=TODAY)
    assert found.total == len(found.rows)
    if not health:
        assert found.counts[view] == len(found.rows)


@pytest.mark.parametrize(
    "values",
    [
        {"sort": "phone"}, {"sort": "id; DROP TABLE customers_customer"}, {"sort": "--aum"}, {"view": "secret"},
        {"health": "x"}, {"page": "0"}, {"page": "-1"}, {"page": "nan"}, {"page": "9" * 40}, {"rm": "1 OR 1=1"}, {"tier": "\x00"},
    ],
)  # fmt: skip
def test_what_there_is_not_is_refused_with_a_sentence(cast: Cast, values: dict[str, str]) -> None:
    with pytest.raises(AskRefusedError):
        read_ask(values)
    answer = who.as_web(cast.alice).get("/book/", values)
    assert answer.status_code == 400
    assert "The whole Book" in answer.content.decode()


def test_an_unknown_tier_finds_nobody(cast: Cast) -> None:
    assert ids(cast.alice, tier="' OR 1=1") == []


def test_neighbours_follow_the_order_asked_for(cast: Cast) -> None:
    scope = who.scope(cast.hugo)
    asked = {"scope": scope, "today": TODAY}
    assert neighbours(**asked, ask=Ask(), customer_id=cast.liu.pk) == (cast.zhang.pk, cast.osei.pk, 2, 3)
    assert neighbours(**asked, ask=Ask(sort="aum"), customer_id=cast.zhang.pk) == (cast.liu.pk, None, 3, 3)
    assert neighbours(**asked, ask=Ask(view="late"), customer_id=cast.zhang.pk) == (None, None, 0, 0)


def test_the_page_shows_the_book_and_masks_phones(cast: Cast) -> None:
    text = who.as_web(cast.alice).get("/book/").content.decode()
    assert "Zhang Wei" in text
    assert "138 ···· 8000" in text
    assert "13800138000" not in text
    assert "Liu Yang" not in text


def test_fifty_stand_on_a_page(cast: Cast) -> None:
    for number in range(60):
        who.make_customer(rm=cast.alice, name=f"Person {number}", aum=number)
    client = who.as_web(cast.alice)
    assert client.get("/book/").content.decode().count("<tr data-row") == 50
    assert client.get("/book/?page=2").content.decode().count("<tr data-row") == 12
    assert client.get("/book/?page=99").status_code == 200


def test_the_page_asks_as_much_of_fifty_rows_as_of_two(cast: Cast) -> None:
    machinery = ("SAVEPOINT", "RELEASE", "SET LOCAL", "RESET", "SELECT SET_CONFIG")

    def statements() -> list[str]:
        client = who.as_web(cast.dora)
        client.get("/book/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/book/")
        return [each["sql"] for each in asked if not each["sql"].upper().lstrip().startswith(machinery)]

    few = statements()
    for number in range(60):
        who.make_customer(rm=cast.alice, name=f"Person {number}", aum=number)
    many = statements()
    assert len(many) == len(few) <= 7, many


@pytest.mark.parametrize("address", ["/book/", "/customers/new/", "/search?q=zh"])
def test_nobody_is_sent_to_sign_in(cast: Cast, address: str) -> None:
    answer = who.as_web().get(address)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize("address", ["/book/", "/search?q=zh"])
def test_lists_are_not_posted_to(cast: Cast, address: str) -> None:
    assert who.as_web(cast.alice).post(address).status_code in {403, 405}


def test_the_administrator_has_no_book(cast: Cast) -> None:
    assert who.as_web(cast.ada).get("/book/").status_code == 403


def test_an_empty_book_says_what_to_do_next(cast: Cast) -> None:
    Customer.objects.all().delete()
    assert "prospect" in who.as_web(cast.alice).get("/book/").content.decode()
