"""Search on the page: the fragment, the page of its own, and who is not in them."""

from __future__ import annotations

import pytest

from keybook.apps.customers.models import Customer
from keybook.apps.customers.search import refresh_search_keys
from tests import cast as who
from tests.cast import Cast


@pytest.fixture
def keyed(cast: Cast) -> Cast:
    refresh_search_keys(Customer.objects.values_list("pk", flat=True))
    return cast


def part(staff: object, text: str) -> str:
    answer = who.as_web(staff).get("/search", {"q": text}, headers={"HX-Request": "true"})  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", ["alice", "bob", "dora", "hugo", "mei"])
def test_zhang_wei_is_found_under_row_level_security(keyed: Cast, name: str) -> None:
    text = part(keyed.staff[name], "zhang wei")
    assert f"/customers/{keyed.zhang.pk}/" in text
    assert "<html" not in text


@pytest.mark.parametrize("typed", ["zhang", "8000", "张", "C0001"])
def test_a_strangers_customer_is_in_no_hit(keyed: Cast, typed: str) -> None:
    text = part(keyed.carol, typed)
    assert "Zhang" not in text
    assert "8000" not in text or typed == "8000"
    assert f"/customers/{keyed.zhang.pk}/" not in text


def test_the_page_works_without_script(keyed: Cast) -> None:
    text = who.as_web(keyed.alice).get("/search", {"q": "zw"}).content.decode()
    assert "<html" in text
    assert f"/customers/{keyed.zhang.pk}/" in text


def test_nothing_found_says_so_and_repeats_it_harmlessly(keyed: Cast) -> None:
    text = part(keyed.alice, "<script>alert(1)</script>")
    assert "<script>" not in text
    assert "Nobody" in text


def test_an_endless_text_is_cut(keyed: Cast) -> None:
    assert who.as_web(keyed.alice).get("/search", {"q": "x" * 5000}).status_code == 200


def test_a_nul_character_is_overlooked(keyed: Cast) -> None:
    assert f"/customers/{keyed.zhang.pk}/" in part(keyed.alice, "zh\x00ang")
