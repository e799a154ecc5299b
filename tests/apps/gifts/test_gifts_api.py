"""The register of gifts by its JSON face: the same verbs and the same refusals as its pages."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from keybook.apps.gifts.models import Gift
from keybook.apps.interactions.models import Interaction
from tests.cast import TODAY, Cast, as_web

ON = (TODAY + dt.timedelta(days=3)).isoformat()


def post(who, path: str, **body: Any):
    return as_web(who).post(f"/api/v1{path}", body, content_type="application/json")


def ask(cast: Cast, who=None, customer=None, **more: Any):
    body = {"text": "Orchids", "category": "flowers", "value": "268", "on": ON, "client_key": str(uuid.uuid4())}
    return post(who or cast.alice, f"/customers/{(customer or cast.zhang).pk}/gifts", **{**body, **more})


def test_a_gift_is_asked_for_given_and_logged(cast: Cast) -> None:
    made = ask(cast)
    assert (made.status_code, made.json()["state"]) == (201, "planned")
    given = post(cast.alice, f"/gifts/{made.json()['id']}/given", channel="visit", client_key=str(uuid.uuid4()))
    assert (given.status_code, given.json()["state"]) == (200, "given")
    assert Interaction.objects.get().outcome == "met"
    listed = as_web(cast.alice).get("/api/v1/gifts").json()
    assert [row["text"] for row in listed["gifts"]] == ["Orchids"]
    assert listed["counts"]["year"] == 1


def test_above_the_limit_another_person_decides_and_not_the_one_who_asked(cast: Cast) -> None:
    number = ask(cast, value="90000", why="Ten million moved in").json()["id"]
    assert Gift.objects.get().state == "to_approve"
    assert post(cast.alice, f"/gifts/{number}/decision", approve=True, reason="x").status_code == 403
    decided = post(cast.dora, f"/gifts/{number}/decision", approve=False, reason="Too much for an opening")
    assert (decided.status_code, decided.json()["state"]) == (200, "refused")


def test_without_a_reason_nothing_is_decided(cast: Cast) -> None:
    number = ask(cast, value="90000", why="Ten million moved in").json()["id"]
    assert post(cast.dora, f"/gifts/{number}/decision", approve=True, reason="").status_code == 422
    assert Gift.objects.get().state == "to_approve"


def test_declined_it_stays_in_the_register(cast: Cast) -> None:
    number = ask(cast).json()["id"]
    assert post(cast.alice, f"/gifts/{number}/declined", reason="Allergic").json()["state"] == "declined"
    assert as_web(cast.alice).get(f"/api/v1/gifts/{number}").json()["why"] == "Allergic"


@pytest.mark.parametrize(
    ("more", "field"),
    [({"category": "cash"}, "text"), ({"text": "Red envelope 红包"}, "text"), ({"value": "-1"}, "value")],
)
def test_money_and_impossible_amounts_are_refused_with_the_field(cast: Cast, more: dict[str, str], field: str) -> None:
    refused = ask(cast, **more)
    assert refused.status_code == 422
    assert field in str(refused.json())
    assert not Gift.objects.exists()


def test_a_strangers_gift_is_not_found_by_any_verb(cast: Cast) -> None:
    number = ask(cast).json()["id"]
    key = str(uuid.uuid4())
    assert ask(cast, who=cast.carol).status_code == 404
    assert as_web(cast.carol).get(f"/api/v1/gifts/{number}").status_code == 404
    assert post(cast.carol, f"/gifts/{number}/given", channel="visit", client_key=key).status_code == 404
    assert post(cast.carol, f"/gifts/{number}/declined", reason="x").status_code == 404
    assert Gift.objects.get().state == "planned"


def test_compliance_reads_and_changes_nothing(cast: Cast) -> None:
    number = ask(cast).json()["id"]
    reader = cast.staff["mei"]
    assert as_web(reader).get(f"/api/v1/gifts/{number}").status_code == 200
    assert post(reader, f"/gifts/{number}/declined", reason="x").status_code == 403
