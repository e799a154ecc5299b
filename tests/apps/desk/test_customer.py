"""The Customer page: what it shows, what it costs, who may see it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import keybook.apps
from keybook.apps.audit.models import View
from keybook.apps.audit.queries import changes_of
from keybook.apps.customers.models import BalanceMonth, Customer, HeldAway, Holding, Relation
from keybook.apps.desk.faces_customer import trace_words
from tests import cast as who
from tests.cast import Cast

TABS = ["", "timeline/", "holdings/", "household/", "access/"]
MACHINERY = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET LOCAL", "RESET", "SELECT SET_CONFIG")


def page(customer: Customer, tab: str = "") -> str:
    return f"/customers/{customer.pk}/{tab}"


def statements(client: Client, address: str) -> list[str]:
    """What the page itself asks the database, without the transaction's own statements."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    found = [query["sql"] for query in asked]
    return [sql for sql in found if not sql.upper().lstrip().startswith(MACHINERY)]


def holding(customer: Customer, number: str, **more: Any) -> Holding:
    values = {
        "kind": "term", "name": "Term deposit, 12 months", "currency": "CNY", "balance": Decimal("1200000.00"),
        "matures_on": dt.date(2026, 12, 18), "rate": Decimal("0.021"), "as_of": dt.date(2026, 11, 22),
    }  # fmt: skip
    return Holding.objects.create(customer=customer, number=number, **{**values, **more})


def away(customer: Customer, key: str, **more: Any) -> HeldAway:
    values = {
        "institution": "Harbour Bank", "amount": Decimal("600000.00"), "currency": "CNY", "source": "said",
        "confidence": "likely", "seen_on": dt.date(2026, 5, 3), "expires_on": dt.date(2027, 1, 28),
    }  # fmt: skip
    return HeldAway.objects.create(customer=customer, key=key, **{**values, **more})


@pytest.mark.parametrize("tab", TABS)
def test_each_tab_opens_for_the_banker(cast: Cast, tab: str) -> None:
    who.make_interaction(customer=cast.zhang, staff=cast.alice)
    who.make_reminder(customer=cast.zhang)
    holding(cast.zhang, "H1")
    away(cast.zhang, "1")
    answer = who.as_web(cast.alice).get(page(cast.zhang, tab))
    assert answer.status_code == 200
    assert "Zhang Wei" in answer.content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_each_tab_opens_in_chinese(cast: Cast, tab: str) -> None:
    cast.alice.language = "zh-hans"
    cast.alice.save()
    answer = who.as_web(cast.alice).get(page(cast.zhang, tab))
    assert answer.status_code == 200
    assert "张伟" in answer.content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_a_stranger_is_told_there_is_no_such_customer(cast: Cast, tab: str) -> None:
    assert who.as_web(cast.carol).get(page(cast.zhang, tab)).status_code == 404
    assert not View.objects.exists()


@pytest.mark.parametrize("tab", TABS)
def test_nobody_is_sent_to_sign_in(cast: Cast, tab: str) -> None:
    answer = who.as_web().get(page(cast.zhang, tab))
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize("tab", TABS)
def test_a_page_is_not_posted_to(cast: Cast, tab: str) -> None:
    assert who.as_web(cast.alice).post(page(cast.zhang, tab)).status_code in {403, 405}


def test_the_administrator_sees_no_customer(cast: Cast) -> None:
    assert who.as_web(cast.ada).get(page(cast.zhang)).status_code in {403, 404}


def test_compliance_reads_and_finds_no_way_to_write(cast: Cast) -> None:
    text = who.as_web(cast.mei).get(page(cast.zhang)).content.decode()
    assert "likes/" not in text
    assert "elsewhere/" not in text


def test_the_phone_is_masked_until_it_is_asked_for(cast: Cast) -> None:
    text = who.as_web(cast.alice).get(page(cast.zhang)).content.decode()
    assert "138 ···· 8000" in text
    assert "13800138000" not in text


def test_every_look_is_recorded(cast: Cast) -> None:
    who.as_web(cast.alice).get(page(cast.zhang))
    who.as_web(cast.mei).get(page(cast.zhang, "holdings/"))
    found = list(View.objects.order_by("id").values_list("staff__code", "customer_id", "page"))
    assert found == [("alice", cast.zhang.pk, "customer"), ("mei", cast.zhang.pk, "customer_holdings")]


def fill(cast: Cast, count: int) -> None:
    for number in range(count):
        who.make_interaction(customer=cast.zhang, staff=cast.alice, at=who.NOON - dt.timedelta(days=number + 1))
        holding(cast.zhang, f"H{number}")
        away(cast.zhang, f"{number}")
        other = who.make_customer(rm=cast.alice)
        Relation.objects.create(customer=cast.zhang, other=other, role="friend", other_role="friend")
        if number < 24:
            month = dt.date(2024 + (11 + number) // 12, (11 + number) % 12 + 1, 1)
            BalanceMonth.objects.create(customer=cast.zhang, month=month, aum=1000 * number)


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_asks_as_much_of_two_hundred_rows_as_of_one(cast: Cast, tab: str) -> None:
    fill(cast, 1)
    few = statements(who.as_web(cast.alice), page(cast.zhang, tab))
    Holding.objects.all().delete()
    HeldAway.objects.all().delete()
    Relation.objects.all().delete()
    BalanceMonth.objects.all().delete()
    fill(cast, 200)
    many = statements(who.as_web(cast.alice), page(cast.zhang, tab))
    assert len(many) == len(few), many
    assert len(many) <= {"": 12}.get(tab, 9), many


def test_the_walk_goes_through_the_book_as_it_was_asked_for(cast: Cast) -> None:
    text = who.as_web(cast.alice).get(page(cast.zhang) + "?from=book").content.decode()
    assert f'href="/customers/{cast.osei.pk}/?from=book"' in text
    assert "1 of 2" in text


def test_a_walk_does_not_lead_to_a_stranger(cast: Cast) -> None:
    text = who.as_web(cast.alice).get(page(cast.osei) + "?from=book").content.decode()
    assert f"/customers/{cast.liu.pk}/" not in text


def test_the_other_end_of_a_relation_outside_the_scope_has_no_name(cast: Cast) -> None:
    Relation.objects.create(customer=cast.zhang, other=cast.liu, role="wife", other_role="husband")
    for tab in ("", "household/"):
        text = who.as_web(cast.alice).get(page(cast.zhang, tab)).content.decode()
        assert "Liu Yang" not in text
        assert "刘洋" not in text
        assert f"/customers/{cast.liu.pk}/" not in text
        assert "other banker" in text.lower() or "another banker" in text.lower()


def test_share_of_wallet_is_a_range_with_its_evidence(cast: Cast) -> None:
    Customer.objects.filter(pk=cast.zhang.pk).update(aum=Decimal(6_930_000))
    away(cast.zhang, "a", institution="Eastgate Bank", amount=Decimal(1_800_000), confidence="sure")
    away(cast.zhang, "b")
    away(cast.zhang, "c", amount=Decimal(900_000), confidence="unsure", expires_on=dt.date(2026, 7, 1))
    text = who.as_web(cast.alice).get(page(cast.zhang)).content.decode()
    assert "68–74" in text
    assert "3 facts" in text


def test_what_falls_due_stands_in_its_month(cast: Cast) -> None:
    holding(cast.zhang, "H1")
    text = who.as_web(cast.alice).get(page(cast.zhang, "holdings/")).content.decode()
    assert "<em>1.2m</em>" in text
    assert "2.1" in text


def test_the_timeline_is_paged(cast: Cast) -> None:
    for number in range(30):
        at = who.NOON - dt.timedelta(days=number + 1)
        who.make_interaction(customer=cast.zhang, staff=cast.alice, at=at, topic=f"Talk {number}.")
    client = who.as_web(cast.alice)
    first = client.get(page(cast.zhang, "timeline/")).content.decode()
    assert "Talk 24." in first
    assert "Talk 25." not in first
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(older).content.decode()
    assert "Talk 25." in second
    assert "Talk 24." not in second


@pytest.mark.parametrize("before", ["nonsense", "2026-13-45T00:00:00Z", "2026-11-01T00:00", "' OR 1=1"])
def test_a_wrong_page_of_the_timeline_shows_the_newest(cast: Cast, before: str) -> None:
    answer = who.as_web(cast.alice).get(page(cast.zhang, "timeline/"), {"before": before})
    assert answer.status_code == 200


def test_what_was_typed_by_others_is_not_run(cast: Cast) -> None:
    nasty = "<script>alert(1)</script>"
    Customer.objects.filter(pk=cast.zhang.pk).update(name=nasty, occupation=nasty, address=nasty)
    who.make_interaction(customer=cast.zhang, staff=cast.alice, topic=nasty, content=nasty, next_step=nasty)
    away(cast.zhang, "x", institution=nasty, detail=nasty)
    for tab in TABS:
        assert nasty not in who.as_web(cast.alice).get(page(cast.zhang, tab)).content.decode()


def test_what_is_planned_stands_above_what_was(cast: Cast) -> None:
    who.make_interaction(customer=cast.zhang, staff=cast.alice, topic="Yesterday’s call")
    who.make_reminder(customer=cast.zhang, opens_on=dt.date(2026, 10, 1), due_on=dt.date(2026, 10, 5))
    text = who.as_web(cast.alice).get(page(cast.zhang, "timeline/")).content.decode()
    assert text.index("matures on") < text.index("Yesterday’s call")


def test_a_corrected_contact_is_kept_and_struck_through(cast: Cast) -> None:
    first = who.make_interaction(customer=cast.zhang, staff=cast.alice, content="Wrong words", superseded=True)
    who.make_interaction(customer=cast.zhang, staff=cast.alice, content="Right words", corrects=first)
    text = who.as_web(cast.alice).get(page(cast.zhang, "timeline/")).content.decode()
    assert '<p class="struck">Wrong words</p>' in text
    assert "Right words" in text


def test_if_the_look_cannot_be_recorded_the_page_is_not_shown(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_view ADD CONSTRAINT never CHECK (page = 'never') NOT VALID")
    browser = who.as_web(cast.alice)
    browser.raise_request_exception = False
    answer = browser.get(page(cast.zhang))
    assert answer.status_code == 500
    assert "Zhang Wei" not in answer.content.decode()


def test_every_look_and_every_change_is_told_in_words_and_never_by_its_code(cast: Cast):
    source = "".join(path.read_text("utf-8") for path in Path(keybook.apps.__path__[0]).rglob("*.py"))
    pages = {
        *re.findall(r'\bseen\(\w+, \w+, "([\w ]+)"', source),
        *re.findall(r'\bpage="([\w ]+)", request_id', source),
    }
    pages |= set(re.findall(r'"(customer_[a-z]+)"', source)) & {f"customer_{tab.strip('/')}" for tab in TABS[1:]}
    assert len(pages) > 10
    assert pages - trace_words()["pages"].keys() == set()
    with CaptureQueriesContext(connection) as asked:
        changes_of(customer_id=cast.zhang.pk)
    rows = set(re.findall(r"'(\w+)' AS what", asked[0]["sql"]))
    assert len(rows) > 15
    assert rows - trace_words()["rows"].keys() == set()
