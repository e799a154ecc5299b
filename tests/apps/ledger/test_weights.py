"""The weights by version: tried on a sample, set from a day to come with a reason, withdrawn before it, read by all."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection, transaction

from keybook.apps.ledger import commands, queries
from keybook.apps.ledger.models import Drawn, Learning, Weights, WeightsEvent
from keybook.core.ledger import DEFAULT, KINDS
from tests.cast import TODAY, Cast, as_web, scope

PAGE = "/settings/ledger/"
TOMORROW = TODAY + dt.timedelta(days=1)


def draft(from_on=TOMORROW, reason="The complaints of autumn", half_life_days=180, learned_id=None, **points):
    return commands.Draft({**DEFAULT.points, **points}, half_life_days, from_on, reason, learned_id)


def put(cast: Cast, by="ada", **more):
    return commands.set_weights(by=scope(cast.staff[by]), draft=draft(**more), today=TODAY)


def form(act="set", **more):
    values = {**{kind: str(DEFAULT.points[kind]) for kind in KINDS}, "half_life_days": "180", "act": act}
    return {**values, "from_on": TOMORROW.isoformat(), "reason": "The complaints of autumn", **more}


def draw(*ledgers, of=None):
    commands.keep_sample(rows=ledgers, of=of or len(ledgers))


@pytest.mark.parametrize("who", ["ada", "dora", "hugo"])
def test_a_head_or_an_administrator_sets_a_version_from_tomorrow(cast: Cast, who):
    kept = put(cast, by=who, complaint_opened=-20)
    assert (kept.number, kept.set_by.code) == (1, who)
    assert queries.weights_on(TODAY) == DEFAULT
    found = queries.weights_on(TOMORROW)
    assert (found.version, found.of("complaint_opened"), found.from_on) == ("ledger/2.1", -20, TOMORROW)


@pytest.mark.parametrize("who", ["alice", "mei", "leo"])
def test_nobody_else_sets_the_weights(cast: Cast, who):
    with pytest.raises(PermissionDenied):
        put(cast, by=who)
    assert not Weights.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"from_on": TODAY}, "from_on"), ({"from_on": TODAY - dt.timedelta(days=9)}, "from_on"),
        ({"from_on": TODAY + dt.timedelta(days=401)}, "from_on"), ({"reason": "  "}, "reason"),
        ({"half_life_days": 0}, "half_life"), ({"half_life_days": 721}, "half_life"), ({"weakened": 2}, "weakened"),
        ({"spoke": -1}, "spoke"), ({"ended": -41}, "ended"), ({"liked": 3}, "liked"), ({"learned_id": 99}, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_weights_is_refused_by_field_and_nothing_is_stored(cast: Cast, more, field):
    with pytest.raises(commands.NotSetError) as refused:
        put(cast, **more)
    assert refused.value.field == field
    assert not Weights.objects.exists()


def test_two_versions_cannot_begin_on_one_day(cast: Cast):
    put(cast)
    with pytest.raises(commands.NotSetError, match="Another version begins"):
        put(cast, by="dora", complaint_opened=-20)
    assert Weights.objects.count() == 1


def test_a_version_is_withdrawn_before_its_day_and_the_history_keeps_it(cast: Cast):
    put(cast)
    commands.withdraw_weights(by=scope(cast.dora), number=1, today=TODAY)
    assert not Weights.objects.exists()
    assert list(WeightsEvent.objects.values_list("pgh_label", flat=True)) == ["insert", "delete"]


def test_a_version_that_holds_cannot_be_withdrawn(cast: Cast):
    put(cast)
    with pytest.raises(commands.NotSetError, match="holds already"):
        commands.withdraw_weights(by=scope(cast.ada), number=1, today=TOMORROW)
    assert Weights.objects.count() == 1


def test_what_is_not_there_cannot_be_withdrawn_nor_by_an_rm(cast: Cast):
    with pytest.raises(commands.NotSetError, match="no such version"):
        commands.withdraw_weights(by=scope(cast.ada), number=7, today=TODAY)
    put(cast)
    with pytest.raises(PermissionDenied):
        commands.withdraw_weights(by=scope(cast.alice), number=1, today=TODAY)
    assert Weights.objects.count() == 1


def test_the_preview_says_who_would_change_state_as_a_hand_finds(cast: Cast):
    """A complaint today: −14, cooling; at −20 it would be at risk. A call today +7 stays steady. Nobody stored."""
    draw([(0, "complaint_opened", 1)], [(0, "call_strengthened", 1)])
    points = {**DEFAULT.points, "complaint_opened": -20}
    found = commands.preview(points=points, half_life_days=180, today=TODAY)
    assert (found.drawn, found.of, found.changed, found.about, found.interval) == (2, 2, 1, 1, (1, 1))
    assert found.moves == {("cooling", "at_risk"): 1, ("steady", "steady"): 1}
    assert (found.before, found.after) == ({"cooling": 1, "steady": 1}, {"at_risk": 1, "steady": 1})


def test_a_preview_on_a_sample_speaks_of_all_within_an_interval(cast: Cast):
    """1 of 4 drawn of 400: about 100; Wilson's 95 % for 1 of 4 is 4.6 % to 69.9 %: 18 to 280."""
    draw([(0, "complaint_opened", 1)], *[[(0, "call_strengthened", 1)]] * 3, of=400)
    found = commands.preview(points={**DEFAULT.points, "complaint_opened": -20}, half_life_days=180, today=TODAY)
    assert (found.about, found.interval) == (100, (18, 280))


def test_without_a_sample_the_preview_says_so(cast: Cast):
    found = commands.preview(points=DEFAULT.points, half_life_days=180, today=TODAY)
    assert (found.drawn, found.about, found.interval) == (0, 0, (0, 0))
    page = as_web(cast.ada).post(PAGE, form(act="try")).content.decode()
    assert "Nothing to try it on yet." in page


def test_trying_stores_nothing_and_shows_what_it_would_do(cast: Cast):
    draw([(0, "complaint_opened", 1)], [(0, "call_strengthened", 1)])
    page = as_web(cast.ada).post(PAGE, form(act="try", complaint_opened="-20"))
    assert page.status_code == 200
    assert "1 customer changes state." in page.content.decode()
    assert not Weights.objects.exists()


def test_setting_on_the_page_leads_to_the_list_of_versions(cast: Cast):
    answer = as_web(cast.dora).post(PAGE, form(complaint_opened="-20"), follow=True)
    page = answer.content.decode()
    assert "Set: version 1 holds from 2026-11-24." in page
    assert "The complaints of autumn" in page
    assert "to come" in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"weakened": "3"}, "nor what is bad earn any"), ({"weakened": "much"}, "Write a whole number"),
        ({"weakened": ""}, "Write a whole number"), ({"ended": "-41"}, "worth -40 points at the least"),
        ({"met_strengthened": "41"}, "worth 40 points at most"), ({"half_life_days": "0"}, "30 to 720 days"),
        ({"half_life_days": ""}, "Write the days"), ({"reason": ""}, "Say why in a few words"),
        ({"from_on": "2026-11-23"}, "Choose tomorrow or later"), ({"from_on": "soon"}, "date"),
        ({"learned": "99"}, "no longer exists"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_beside_its_field_and_what_was_typed_stays(cast: Cast, wrong, sentence):
    answer = as_web(cast.ada).post(PAGE, form(**wrong))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert not Weights.objects.exists()


@pytest.mark.parametrize("who", ["mei", "alice", "leo"])
def test_those_who_only_read_see_every_weight_and_no_button(cast: Cast, who):
    put(cast)
    page = as_web(cast.staff[who]).get(PAGE).content.decode()
    assert "Complaint settled" in page
    assert 'name="act"' not in page
    assert "Withdraw" not in page
    assert as_web(cast.staff[who]).post(PAGE, form()).status_code == 403
    assert Weights.objects.count() == 1


def test_withdrawing_on_the_page(cast: Cast):
    put(cast)
    page = as_web(cast.ada).post(f"{PAGE}1/withdraw/", follow=True).content.decode()
    assert "Withdrawn: version 1." in page
    assert "no such version" in as_web(cast.ada).post(f"{PAGE}1/withdraw/", follow=True).content.decode()


def as_the_web_server(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE keybook_web")
        cursor.execute(statement)


def test_the_web_server_cannot_change_a_version_nor_write_what_the_night_writes(cast: Cast):
    put(cast)
    statements = (
        "UPDATE ledger_weights SET reason = 'x'", "DELETE FROM ledger_learning", "DELETE FROM ledger_drawn",
        "INSERT INTO ledger_drawn (postings, of) VALUES ('[]', 1)", "DELETE FROM ledger_weightsevent",
    )  # fmt: skip
    for statement in statements:
        with pytest.raises(ProgrammingError, match="permission denied"):
            as_the_web_server(statement)
    assert Weights.objects.get().reason == "The complaints of autumn"


def test_programs_read_the_versions_and_set_one_by_the_same_verb(cast: Cast):
    browser = as_web(cast.ada)
    wanted = {
        "points": {**DEFAULT.points, "complaint_opened": -20}, "half_life_days": 120, "from_on": "2026-12-01",
        "reason": "Tried",
    }  # fmt: skip
    made = browser.post("/api/v1/ledger/weights", json.dumps(wanted), content_type="application/json").json()
    assert (made["version"], made["half_life_days"], made["set_by"]) == ("ledger/2.1", 120, "Ada Kaya")
    numbers = [each["number"] for each in as_web(cast.mei).get("/api/v1/ledger/weights").json()]
    assert numbers == [1, 0]


def test_a_program_is_refused_with_the_field_and_nothing_is_set(cast: Cast):
    wanted = {"points": dict(DEFAULT.points), "half_life_days": 9, "from_on": "2026-12-01", "reason": "x"}
    answer = as_web(cast.ada).post("/api/v1/ledger/weights", json.dumps(wanted), content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "body/half_life")
    assert as_web(cast.alice).post("/api/v1/ledger/weights", "{}", content_type="application/json").status_code == 403
    assert not Weights.objects.exists()


def test_the_customers_ledger_for_programs_adds_up(cast: Cast):
    from tests.cast import make_interaction

    make_interaction(customer=cast.zhang, staff=cast.alice, effect="strengthened")
    found = as_web(cast.alice).get(f"/api/v1/customers/{cast.zhang.pk}/ledger").json()
    assert (found["balance"], found["state"], found["rule_version"]) == (7, "steady", "ledger/2")
    assert [(each["kind"], each["points"]) for each in found["postings"]] == [("call_strengthened", 7)]
    assert as_web(cast.carol).get(f"/api/v1/customers/{cast.zhang.pk}/ledger").status_code == 404


def test_the_customer_page_names_the_steps_the_rule_and_its_version(cast: Cast):
    from tests.cast import make_interaction, make_reminder

    make_interaction(customer=cast.zhang, staff=cast.alice, effect="strengthened", channel="visit", outcome="met")
    make_reminder(customer=cast.zhang, kind="outflow_other_bank")
    page = as_web(cast.alice).get(f"/customers/{cast.zhang.pk}/").content.decode()
    for words in (
        "Met in person, strengthened",
        "Outflow to another bank",
        "2 postings",
        "Rule ledger/2, as installed.",
    ):
        assert words in page


def test_the_book_is_narrowed_by_state_and_refuses_one_there_is_not(cast: Cast):
    type(cast.zhang).objects.filter(pk=cast.zhang.pk).update(standing="at_risk")
    page = as_web(cast.alice).get("/book/?standing=at_risk").content.decode()
    assert ("Zhang Wei" in page, "Kwame Osei" in page) == (True, False)
    assert as_web(cast.alice).get("/book/?standing=fine").status_code == 400
    found = as_web(cast.alice).get("/api/v1/customers?standing=at_risk").json()
    assert [each["standing"] for each in found["items"]] == ["at_risk"]


def test_before_the_model_has_looked_the_page_says_how_it_starts(cast: Cast):
    assert "keybook ledger learn" in as_web(cast.mei).get(f"{PAGE}learned/").content.decode()
    assert as_web(cast.mei).get(f"{PAGE}learned/?run=7").status_code == 404
    assert as_web(cast.mei).get(f"{PAGE}learned/?run=x").status_code == 404


def test_the_sample_names_nobody(cast: Cast):
    draw([(3, "spoke", 1)])
    assert {field.name for field in Drawn._meta.fields} == {"id", "postings", "of"}
    assert not Learning.objects.exists()
