"""The API: the same rows as the pages, the same refusals, as problem details."""

from __future__ import annotations

from typing import Any

import pytest

from keybook.apps.audit.models import View
from keybook.apps.customers.models import Customer, Relation
from keybook.apps.customers.search import refresh_search_keys
from keybook.apps.people.models import Staff
from tests import cast as who
from tests.cast import Cast


def get(staff: Staff | None, path: str, status: int = 200) -> Any:
    answer = who.as_web(staff).get(f"/api/v1/{path}")
    assert answer.status_code == status, answer.content
    if status >= 400:
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status
    return answer.json()


def test_the_book_is_paged_and_scoped(cast: Cast) -> None:
    body = get(cast.alice, "customers")
    assert [row["id"] for row in body["items"]] == [cast.zhang.pk, cast.osei.pk]
    assert (body["total"], body["page"], body["pages"]) == (2, 1, 1)
    assert body["items"][0]["phone"] == "138 ···· 8000"


def test_a_stranger_is_in_no_total(cast: Cast) -> None:
    body = get(cast.carol, "customers")
    assert (body["total"], body["counts"]["all"]) == (1, 1)


def test_one_customer_is_told_and_recorded(cast: Cast) -> None:
    body = get(cast.alice, f"customers/{cast.zhang.pk}")
    assert (body["name_zh"], body["aum"], body["tier"]) == ("张伟", "8600000.00", "private")
    assert "13800138000" not in str(body)
    assert View.objects.get().page == "api customer"


def test_a_strangers_customer_does_not_exist(cast: Cast) -> None:
    there = get(cast.carol, f"customers/{cast.zhang.pk}", 404)
    assert there == get(cast.carol, "customers/999999999", 404)
    assert not View.objects.exists()


def test_a_relation_outside_the_scope_has_no_name(cast: Cast) -> None:
    Relation.objects.create(customer=cast.zhang, other=cast.liu, role="wife", other_role="husband")
    (other,) = get(cast.alice, f"customers/{cast.zhang.pk}")["relations"]
    assert (other["id"], other["name"]) == (None, "")


def test_search_finds_by_pinyin_and_never_a_stranger(cast: Cast) -> None:
    refresh_search_keys(Customer.objects.values_list("pk", flat=True))
    assert [one["id"] for one in get(cast.alice, "search?q=zw")] == [cast.zhang.pk]
    assert get(cast.carol, "search?q=zw") == []


@pytest.mark.parametrize("query", ["sort=phone", "view=x", "page=0", "page=x", "health=x", "rm=x", "tier=%00"])
def test_what_there_is_not_is_a_problem(cast: Cast, query: str) -> None:
    assert get(cast.alice, f"customers?{query}", 400)["detail"]


def test_a_search_without_a_text_finds_nobody_and_a_wrong_limit_is_a_problem(cast: Cast) -> None:
    assert get(cast.alice, "search") == []
    assert get(cast.alice, "search?q=zw&limit=many", 422)["errors"]


@pytest.mark.parametrize("path", ["customers", "customers/1", "search?q=zw"])
def test_nobody_is_told_to_sign_in(cast: Cast, path: str) -> None:
    get(None, path, 401)


@pytest.mark.parametrize("path", ["customers", "customers/1", "search?q=zw"])
def test_the_administrator_sees_no_customer(cast: Cast, path: str) -> None:
    get(cast.ada, path, 404 if path == "customers/1" else 403)


@pytest.mark.parametrize("path", ["customers", "search?q=zw"])
def test_lists_are_not_posted_to(cast: Cast, path: str) -> None:
    assert who.as_web(cast.alice).post(f"/api/v1/{path}").status_code == 405


def test_the_api_describes_itself_as_openapi(cast: Cast) -> None:
    body = get(cast.alice, "openapi.json")
    assert body["openapi"].startswith("3.1")
    assert set(body["paths"]) >= {"/api/v1/customers", "/api/v1/customers/{customer_id}", "/api/v1/search"}
