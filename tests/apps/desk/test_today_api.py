"""Today and its verbs in JSON, and on the command line."""

from __future__ import annotations

import json
import uuid

import pytest

from keybook.apps.desk.queries.today import NoSuchBankerError, ranked
from keybook.apps.people.queries import bank
from keybook.apps.reminders import commands
from keybook.apps.reminders.models import Line, Reminder
from tests.cast import TODAY, Cast, as_web, make_reminder


@pytest.fixture
def listed(cast: Cast) -> Cast:
    """Mrs Zhang's deposit on Alice's list."""
    make_reminder(customer=cast.zhang)
    commands.rank_all(day=commands.day_of(bank()))
    return cast


def send(client, address, **body):
    return client.post(address, json.dumps(body), content_type="application/json")


def contact(**more):
    return {"client_key": str(uuid.uuid4()), "channel": "call", "outcome": "reached", **more}


def test_the_list_comes_with_reasons_and_parts(listed):
    found = as_web(listed.alice).get("/api/v1/today").json()
    assert found["total"] == 1
    line = found["lines"][0]
    assert line["customer"]["number"] == "C0001"
    assert sum(points for _code, points in line["parts"]) == line["priority"]
    assert line["reasons"][0]["kind"] == "deposit_maturing"


def test_a_contact_is_logged_once_for_one_key(listed):
    client, body = as_web(listed.alice), contact(next_step="Call", next_on="2026-11-28")
    first = send(client, f"/api/v1/customers/{listed.zhang.pk}/contacts", **body)
    second = send(client, f"/api/v1/customers/{listed.zhang.pk}/contacts", **body)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["promised_on"] == "2026-11-30"
    assert (second.json()["id"], second.json()["repeated"]) == (first.json()["id"], True)


def test_later_and_undo(listed):
    client = as_web(listed.alice)
    done = send(client, f"/api/v1/customers/{listed.zhang.pk}/later", until="2026-11-27").json()
    assert client.get("/api/v1/today").json()["total"] == 0
    assert send(client, "/api/v1/undo", token=done["undo"]).status_code == 200
    assert client.get("/api/v1/today").json()["total"] == 1


def test_not_now_and_deputy(listed):
    client = as_web(listed.alice)
    assert send(client, f"/api/v1/customers/{listed.zhang.pk}/deputy", to=listed.bob.pk).status_code == 200
    assert Line.objects.get().handed_to == listed.bob
    assert send(client, f"/api/v1/customers/{listed.zhang.pk}/not-now", reason="Spoken already").status_code == 200
    assert Reminder.objects.get().reason == "Spoken already"


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"outcome": "vanished"}, "outcome"), ({"next_step": "x", "next_on": "2026-11-01"}, "passed"),
        ({"content": "x" * 20_000}, "content"), ({"channel": None}, "channel"), ({"next_on": "2026-02-30"}, "next_on"),
    ],
)  # fmt: skip
def test_a_bad_contact_is_refused_with_a_problem(listed, more, word):
    answer = send(as_web(listed.alice), f"/api/v1/customers/{listed.zhang.pk}/contacts", **contact(**more))
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert word in answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [("carol", 404), ("mei", 403), ("leo", 403), ("ada", 403)])
@pytest.mark.parametrize(
    ("verb", "body"),
    [("contacts", {}), ("later", {"until": "2026-11-27"}), ("not-now", {"reason": "x"}), ("deputy", {"to": 1})],
)
def test_others_are_refused_and_nothing_changes(listed, who, status, verb, body):
    before = list(Line.objects.values())
    given = contact() if verb == "contacts" else body
    answer = send(as_web(getattr(listed, who)), f"/api/v1/customers/{listed.zhang.pk}/{verb}", **given)
    assert answer.status_code == status
    assert list(Line.objects.values()) == before


def test_the_anonymous_is_refused(listed):
    assert as_web(None).get("/api/v1/today").status_code == 401


# the command line's document


def test_the_stored_list_and_the_live_one_say_the_same(listed):
    stored = ranked(rm_code="ALICE")
    live = ranked(rm_code="alice", date=TODAY)
    assert stored["lines"] == live["lines"]
    from keybook.apps.desk.queries.today import document
    from keybook.apps.desk.queries.today import live as rank_live

    day = commands.day_of(bank())
    again = document(rm="alice", day=day, rows=rank_live(rm_id=listed.alice.pk, day=day))
    assert again["lines"] == stored["lines"]


def test_another_day_is_ranked_live(listed):
    friday = ranked(rm_code="alice", date=TODAY.replace(day=27))
    assert friday["date"] == "2026-11-27"
    assert friday["lines"][0]["group"] == "b_today"
    assert friday["lines"][0]["priority"] > ranked(rm_code="alice")["lines"][0]["priority"]


def test_a_day_before_the_reason_opened_has_no_line(listed):
    assert ranked(rm_code="alice", date=TODAY.replace(day=1))["lines"] == []


def test_a_code_nobody_has_is_refused_with_a_sentence(cast):
    with pytest.raises(NoSuchBankerError, match="Nobody here has the code nobody"):
        ranked(rm_code="nobody")
