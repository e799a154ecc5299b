"""The forms of the Customer page: what is kept, what is refused beside the field, who may not."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from keybook.apps.audit.models import View
from keybook.apps.customers.models import Assignment, Customer, HeldAway, Preference, Relation
from keybook.apps.customers.search import refresh_search_keys
from tests import cast as who
from tests.cast import Cast

GOOD: dict[str, dict[str, Any]] = {
    "likes/": {"channels": ["call", "wechat"], "never": ["email"], "hour_from": "10", "hour_until": "11", "topics": "Tea"},
    "elsewhere/": {
        "institution": "Harbour Bank", "amount": "60万", "source": "said", "confidence": "likely", "seen_on": "2026-11-20",
    },
    "relations/": {"role": "wife", "other": "osei"},
    "unmask/": {"field": "phone", "why": "Calls back at noon"},
}  # fmt: skip
FORMS = ["likes/", "elsewhere/", "relations/", "banker/"]


def address(customer: Customer, form: str) -> str:
    return f"/customers/{customer.pk}/{form}"


def everything() -> str:
    """All rows of the register, as one text."""
    tables = ("customer", "preference", "heldaway", "relation", "assignment")
    with connection.cursor() as cursor:
        parts = []
        for table in tables:
            cursor.execute(f"SELECT COALESCE(string_agg(t::text, '|' ORDER BY t.id), '') FROM customers_{table} t")
            parts.append(cursor.fetchone()[0])
    return "\n".join(parts)


@pytest.fixture
def keyed(cast: Cast) -> Cast:
    refresh_search_keys(Customer.objects.values_list("pk", flat=True))
    return cast


@pytest.mark.parametrize("form", FORMS)
def test_each_form_opens(keyed: Cast, form: str) -> None:
    assert who.as_web(keyed.dora).get(address(keyed.zhang, form)).status_code == 200


def test_what_is_typed_well_is_kept(keyed: Cast) -> None:
    client = who.as_web(keyed.alice)
    for form in ("likes/", "elsewhere/", "relations/"):
        answer = client.post(address(keyed.zhang, form), GOOD[form])
        assert answer.status_code == 302, answer.content.decode()
    assert Preference.objects.get().channels == ["call", "wechat"]
    assert HeldAway.objects.get().amount == 600_000
    assert Relation.objects.get().other_id == keyed.osei.pk
    text = client.get(address(keyed.zhang, "")).content.decode()
    assert "Harbour Bank" in text
    assert "Tea" in text


def test_a_mistake_stands_beside_its_field_and_nothing_typed_is_lost(keyed: Cast) -> None:
    wrong: dict[str, Any] = {
        **GOOD["elsewhere/"],
        "amount": "about a lot",
        "seen_on": "2026-02-30",
        "detail": "her sister",
    }
    before = everything()
    answer = who.as_web(keyed.alice).post(address(keyed.zhang, "elsewhere/"), wrong)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "about a lot" in text
    assert "2026-02-30" in text
    assert "her sister" in text
    assert text.count('aria-invalid="true"') == 2
    assert everything() == before


def test_a_name_that_fits_several_asks_which_one(keyed: Cast) -> None:
    twin = who.make_customer(rm=keyed.alice, name="Kofi Osei")
    refresh_search_keys([twin.pk])
    client = who.as_web(keyed.alice)
    answer = client.post(address(keyed.zhang, "relations/"), GOOD["relations/"])
    assert answer.status_code == 422
    assert f'value="{twin.pk}"' in answer.content.decode()
    answer = client.post(address(keyed.zhang, "relations/"), {**GOOD["relations/"], "chosen": str(twin.pk)})
    assert answer.status_code == 302
    assert Relation.objects.get().other_id == twin.pk


def test_a_strangers_customer_cannot_be_chosen_as_a_relation(keyed: Cast) -> None:
    for other in ("liu yang", "C0003", "7222"):
        chosen = {"role": "wife", "other": other, "chosen": str(keyed.liu.pk)}
        answer = who.as_web(keyed.alice).post(address(keyed.zhang, "relations/"), chosen)
        assert answer.status_code == 422
        assert "Yang" not in answer.content.decode().replace("liu yang", "")
    assert not Relation.objects.exists()


def test_the_number_is_shown_once_the_reason_is_given_and_recorded(keyed: Cast) -> None:
    answer = who.as_web(keyed.alice).post(address(keyed.zhang, "unmask/"), GOOD["unmask/"])
    assert "13800138000" in answer.content.decode()
    look = View.objects.get()
    assert (look.page, look.why, look.staff_id) == ("unmask phone", "Calls back at noon", keyed.alice.pk)


@pytest.mark.parametrize("why", ["", "   ", "x" * 201, "a\x00b"])
def test_without_a_reason_nothing_is_shown(keyed: Cast, why: str) -> None:
    answer = who.as_web(keyed.alice).post(address(keyed.zhang, "unmask/"), {"field": "phone", "why": why})
    assert answer.status_code == 422
    assert "13800138000" not in answer.content.decode()
    assert not View.objects.exists()


@pytest.mark.parametrize("field", ["", "aum", "password", "id_number; --"])
def test_other_fields_are_not_unmasked(keyed: Cast, field: str) -> None:
    answer = who.as_web(keyed.alice).post(address(keyed.zhang, "unmask/"), {"field": field, "why": "x"})
    assert answer.status_code == 404


@pytest.mark.parametrize("form", GOOD)
@pytest.mark.parametrize("name", ["carol", "mei", "leo", "ada"])
def test_strangers_and_readers_change_nothing(keyed: Cast, form: str, name: str) -> None:
    before = everything()
    answer = who.as_web(keyed.staff[name]).post(address(keyed.zhang, form), GOOD[form])
    reads = form == "unmask/" and name in {"mei", "leo"}
    assert answer.status_code == (200 if reads else 404 if name == "carol" else answer.status_code)
    assert reads or answer.status_code in {403, 404}
    assert everything() == before


@pytest.mark.parametrize("form", GOOD)
def test_nobody_is_sent_to_sign_in(keyed: Cast, form: str) -> None:
    before = everything()
    assert who.as_web().post(address(keyed.zhang, form), GOOD[form]).status_code == 302
    assert everything() == before


@pytest.mark.parametrize("form", GOOD)
def test_without_the_forms_token_nothing_is_kept(keyed: Cast, form: str) -> None:
    before = everything()
    assert who.as_web(keyed.alice, csrf=True).post(address(keyed.zhang, form), GOOD[form]).status_code == 403
    assert everything() == before


def test_a_relation_is_removed(keyed: Cast) -> None:
    kept = Relation.objects.create(
        customer=keyed.zhang, other=keyed.osei, role="wife", other_role="husband", source="banker"
    )
    path = address(keyed.zhang, f"relations/{kept.pk}/remove/")
    assert who.as_web(keyed.carol).post(path).status_code == 404
    assert who.as_web(keyed.alice).get(path).status_code == 405
    assert who.as_web(keyed.alice).post(path).status_code == 302
    assert not Relation.objects.exists()


def test_the_head_gives_a_customer_to_another_banker(keyed: Cast) -> None:
    path = address(keyed.zhang, "banker/")
    assert who.as_web(keyed.alice).post(path, {"to": keyed.bob.pk}).status_code == 403
    assert who.as_web(keyed.dora).post(path, {"to": keyed.carol.pk}).status_code == 422
    assert who.as_web(keyed.dora).post(path, {"to": "x"}).status_code == 422
    assert who.as_web(keyed.dora).post(path, {"to": keyed.bob.pk}).status_code == 302
    assert Assignment.objects.get(until_on=None).staff_id == keyed.bob.pk


def test_a_prospect_is_written_down_in_one_form(keyed: Cast) -> None:
    client = who.as_web(keyed.alice)
    answer = client.post("/customers/new/", {"name": "张先生", "phone": "13900001111"})
    made = Customer.objects.get(stage="prospect")
    assert answer["Location"] == f"/customers/{made.pk}/"
    assert client.get(answer["Location"]).status_code == 200
    wrong = client.post("/customers/new/", {"name": "李女士", "phone": "12"})
    assert wrong.status_code == 422
    assert "李女士" in wrong.content.decode()
    assert who.as_web(keyed.mei).post("/customers/new/", {"name": "x", "phone": "13900001111"}).status_code == 403


def test_who_changed_what_stands_under_access(keyed: Cast) -> None:
    client = who.as_web(keyed.alice)
    client.post(address(keyed.zhang, "likes/"), GOOD["likes/"])
    client.post(address(keyed.zhang, "unmask/"), GOOD["unmask/"])
    text = who.as_web(keyed.mei).get(address(keyed.zhang, "access/")).content.decode()
    assert "How they like it, added" in text
    assert "Phone number shown" in text
    assert "Calls back at noon" in text
    assert "Alice Wang" in text
