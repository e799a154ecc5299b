"""The pages, the JSON and the command line of the campaigns: who sees what, and what a program is told."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keybook.apps.campaigns.models import Campaign, Target
from keybook.apps.customers.models import Preference
from keybook.apps.people.models import Staff
from keybook.apps.reminders.commands import log_contact
from keybook.apps.reminders.models import Reminder
from keybook.operate import campaigns as face
from tests.apps.campaigns.stage import FRIDAY_AFTER, make_draft, make_nina, make_running, spoken, target, the_day
from tests.cast import TODAY, Cast, as_web, make_customer, scope

MACHINERY = ("SAVEPOINT", "RELEASE", "SET LOCAL", "RESET", "SELECT SET_CONFIG")
pytestmark = pytest.mark.django_db
FORM: dict[str, Any] = {
    "name": "Winter salon", "theme": "Porcelain evening", "purpose": "invitation", "from_on": TODAY.isoformat(),
    "last_on": "2026-12-04", "channel_1": "call", "channel_2": "wechat", "budget": "1000", "cost": "30", "holdout_percent": "0",
    "ask_view": "all",
}  # fmt: skip


@pytest.fixture
def nina(cast: Cast) -> Staff:
    return make_nina(cast)


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def test_a_manager_drafts_looks_launches_and_the_banker_has_it_on_today(cast: Cast, nina: Staff) -> None:
    web = as_web(nina)
    answer = web.post("/campaigns/new/", {**FORM, "branch_id": cast.north.pk, "client_key": uuid.uuid4()})
    row = Campaign.objects.get()
    assert answer["Location"] == f"/campaigns/{row.pk}/"
    assert (row.until_on, row.channels) == (FRIDAY_AFTER - (FRIDAY_AFTER - row.until_on), ["call", "wechat"])
    page = read(web, f"/campaigns/{row.pk}/")
    assert "Launch: 2 contacts" in page
    seal = re.search(r'name="seal" value="(\w+)"', page)
    assert seal is not None
    answer = web.post(f"/campaigns/{row.pk}/launch/", {"seal": seal[1]}, follow=True)
    assert "Launched: 2 contacts, 0 held out, 0 left out." in answer.content.decode()
    assert "Winter salon" in read(as_web(cast.alice), "/")


def test_the_filters_and_the_chosen_of_the_book_come_along(cast: Cast, nina: Staff) -> None:
    web = as_web(nina)
    assert 'href="/campaigns/new/?view=all&amp;tier=gold"' in read(web, "/book/?tier=gold")
    assert f'name="customer" value="{cast.osei.pk}"' in read(web, "/book/?pick=1")
    assert "2 customers chosen by hand" in read(
        web, f"/campaigns/new/?customer={cast.osei.pk}&customer={cast.zhang.pk}"
    )
    assert 'value="gold" selected' in read(web, "/campaigns/new/?tier=gold")
    assert "Choose by hand for a campaign" not in read(as_web(cast.alice), "/book/?pick=1")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("last_on", "2026-11-20", "That day has passed."),
        ("name", "", "Say it in a few words."),
        ("channel_1", "", "Choose at least one channel."),
        ("branch_id", "9999999", "Choose a branch that is yours."),
        ("budget", "much", "Write an amount"),
        ("holdout_percent", "60", "Between 0 and 50 percent"),
        ("per_day", "0", "Write a whole number."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    cast: Cast, nina: Staff, field: str, value: str, sentence: str
) -> None:
    typed = {**FORM, "branch_id": cast.north.pk, "client_key": uuid.uuid4(), field: value}
    answer = as_web(nina).post("/campaigns/new/", typed)
    page = answer.content.decode()
    assert (answer.status_code, Campaign.objects.count()) == (422, 0)
    assert sentence in page
    assert field == "theme" or 'value="Porcelain evening"' in page


def test_a_draft_is_changed_on_its_page_and_a_launched_one_is_not(cast: Cast, nina: Staff) -> None:
    row = make_draft(cast, nina)
    web, typed = as_web(nina), {**FORM, "branch_id": cast.north.pk, "name": "Spring salon"}
    assert 'value="Winter salon"' in read(web, f"/campaigns/{row.pk}/change/")
    assert web.post(f"/campaigns/{row.pk}/change/", typed).status_code == 302
    web.post(f"/campaigns/{row.pk}/launch/", {})
    answer = web.post(f"/campaigns/{row.pk}/change/", {**typed, "name": "Too late"})
    row.refresh_from_db()
    assert (answer.status_code, row.name, row.state) == (422, "Spring salon", "running")


def test_a_banker_sees_only_targets_of_the_own_book(cast: Cast) -> None:
    row = make_running(cast, cast.hugo, branch_id=cast.head_office.pk)
    page = read(as_web(cast.carol), f"/campaigns/{row.pk}/targets/")
    assert "Liu Yang" in page
    assert "Zhang Wei" not in page
    assert "Kwame Osei" not in page
    found = as_web(cast.carol).get(f"/api/v1/campaigns/{row.pk}/targets").json()
    assert [each["customer_id"] for each in found["targets"]] == [cast.liu.pk]
    assert found["counts"] == {"contact": 1, "holdout": 0, "left_out": 0}
    assert [each["counts"]["contact"] for each in as_web(cast.carol).get("/api/v1/campaigns").json()] == [1]


@pytest.mark.parametrize("part", ["", "targets/", "progress/"])
def test_a_campaign_without_a_customer_of_ones_own_is_not_there(cast: Cast, nina: Staff, part: str) -> None:
    row = make_running(cast, nina)
    assert as_web(cast.carol).get(f"/campaigns/{row.pk}/{part}").status_code == 404
    assert as_web(cast.carol).get(f"/campaigns/{row.pk + 99}/{part}").status_code == 404
    assert "Winter salon" not in read(as_web(cast.carol), "/campaigns/")


def test_compliance_reads_all_and_changes_nothing(cast: Cast, nina: Staff) -> None:
    row, web = make_draft(cast, nina), as_web(cast.mei)
    for part in ("", "targets/", "progress/"):
        read(web, f"/campaigns/{row.pk}/{part}")
    assert web.get(f"/campaigns/{row.pk}/change/")["Location"] == f"/campaigns/{row.pk}/"
    for part in ("launch/", "end/", "change/"):
        assert web.post(f"/campaigns/{row.pk}/{part}", {"reason": "x"}).status_code == 403
    row.refresh_from_db()
    assert row.state == "draft"


@pytest.mark.parametrize("who", ["leo", "ada"])
def test_who_has_nothing_to_do_with_campaigns_is_refused(cast: Cast, nina: Staff, who: str) -> None:
    row = make_running(cast, nina)
    assert as_web(getattr(cast, who)).get("/campaigns/").status_code == 403
    assert as_web(getattr(cast, who)).get(f"/campaigns/{row.pk}/").status_code in {403, 404}


def test_a_target_says_its_evidence_the_gates_answer_and_where_it_stands(cast: Cast, nina: Staff) -> None:
    Preference.objects.create(customer=cast.osei, never=["call"])
    row = make_running(cast, nina)
    page = read(as_web(nina), f"/campaigns/{row.pk}/targets/")
    assert "never tried: as their tier answers" in page
    assert "no consent known" in page
    assert "refuses every channel of it" in page
    assert "Kwame Osei" not in read(as_web(nina), f"/campaigns/{row.pk}/targets/?group=contact")


def test_the_banker_says_what_came_of_a_contact_and_the_manager_reads_it(cast: Cast, nina: Staff) -> None:
    row = make_running(cast, nina)
    log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=spoken(), day=the_day())
    found = target(row, cast.zhang)
    as_web(cast.alice).post(f"/campaigns/targets/{found.pk}/result/", {"result": "interested", "campaign": row.pk})
    page = read(as_web(nina), f"/campaigns/{row.pk}/progress/")
    assert re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page)).count("Alice Wang 2 1 1 1 0 0 0") == 1
    assert "Cost so far: ¥30.00" in page or "Cost so far: ¥30 " in page
    assert as_web(cast.carol).post(f"/campaigns/targets/{found.pk}/result/", {"result": "declined"}).status_code == 404
    found.refresh_from_db()
    assert found.result == "interested"


def test_ending_asks_why_and_says_how_many_tasks_went(cast: Cast, nina: Staff) -> None:
    row, web = make_running(cast, nina), as_web(nina)
    answer = web.post(f"/campaigns/{row.pk}/end/", {"reason": ""})
    assert (answer.status_code, "Say why in a few words" in answer.content.decode()) == (422, True)
    answer = web.post(f"/campaigns/{row.pk}/end/", {"reason": "The hall burned"}, follow=True)
    assert "Ended: 2 open tasks are off the lists." in answer.content.decode()


def test_every_page_asks_twelve_times_at_most_and_no_more_often_for_many(cast: Cast, nina: Staff) -> None:
    """The session's and the reader's two included; a draft asks the gate, in three, and chooses, in five."""
    draft, row, web = make_draft(cast, nina), make_running(cast, nina, chosen=(cast.zhang.pk,)), as_web(nina)
    pages = {
        "/campaigns/": 4, f"/campaigns/{row.pk}/": 4, f"/campaigns/{row.pk}/targets/": 5, f"/campaigns/{row.pk}/progress/": 4,
        f"/campaigns/{draft.pk}/": 11, f"/campaigns/{draft.pk}/targets/": 12, "/campaigns/new/": 5,
        f"/campaigns/{draft.pk}/change/": 6,
    }  # fmt: skip
    for _many in (2, 42):
        assert {address: len(asked(web, address)) for address in pages} == pages
        for number in range(40):
            one = make_customer(rm=cast.alice, name=f"Customer {number}")
            Target.objects.create(
                campaign=row, customer=one, rank=number + 2, group="contact", stake=1, worth=1, channel="call"
            )


def asked(web: Client, address: str) -> list[str]:
    """The page's statements at the second look, without those that open and close the request."""
    read(web, address)
    with CaptureQueriesContext(connection) as ran:
        read(web, address)
    return [query["sql"] for query in ran if not query["sql"].lstrip().upper().startswith(MACHINERY)]


def test_a_program_drafts_previews_launches_and_ends_it(cast: Cast, nina: Staff) -> None:
    web = as_web(nina)

    def post(address: str, **body: Any) -> Any:
        return web.post(address, json.dumps(body, default=str), content_type="application/json")

    wanted = {
        "name": "Salon", "theme": "Tea", "branch_id": cast.north.pk, "from_on": TODAY, "until_on": FRIDAY_AFTER,
        "channels": ["call"], "client_key": uuid.uuid4(),
    }  # fmt: skip
    made = post("/api/v1/campaigns", **wanted)
    assert (made.status_code, post("/api/v1/campaigns", **wanted).json()["id"]) == (201, made.json()["id"])
    here = f"/api/v1/campaigns/{made.json()['id']}"
    preview = web.get(here).json()
    assert preview["preview"]["contact"] == 2
    assert post(f"{here}/launch", seal="another").status_code == 422
    assert Reminder.objects.count() == 0
    assert post(f"{here}/launch", seal=preview["seal"]).status_code == 200
    assert web.get(here).json()["bankers"][0]["count"]["open"] == 2
    assert post(f"{here}/end", reason="Enough").json()["sentence"].startswith("Ended: 2")
    refused = post("/api/v1/campaigns", **{**wanted, "channels": [], "client_key": uuid.uuid4()})
    assert (refused.status_code, "channel" in refused.json()["detail"]) == (422, True)


def test_the_command_line_prints_them_and_says_which_there_is_not(cast: Cast, nina: Staff, capsys) -> None:
    row = make_running(cast, nina)
    face.board(as_json=True)
    assert json.loads(capsys.readouterr().out)[0]["counts"]["open"] == 2
    face.show(campaign_id=row.pk, as_json=True)
    assert json.loads(capsys.readouterr().out)["bankers"][0]["name"] == "Alice Wang"
    face.board(as_json=False)
    face.show(campaign_id=row.pk, as_json=False)
    assert "Winter salon" in capsys.readouterr().out
    with pytest.raises(face.NoSuchCampaignError, match="There is no campaign"):
        face.show(campaign_id=row.pk + 99_000_000, as_json=False)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_speaks_both_languages(cast: Cast, nina: Staff, language: str) -> None:
    Staff.objects.filter(pk=nina.pk).update(language=language)
    draft, row, web = (
        make_draft(cast, nina, holdout_percent=10),
        make_running(cast, nina, chosen=(cast.zhang.pk,)),
        as_web(nina),
    )
    here, there = f"/campaigns/{row.pk}/", f"/campaigns/{draft.pk}/"
    for address in (
        "/campaigns/", "/campaigns/new/", here, f"{here}targets/", f"{here}progress/", there, f"{there}change/",
        f"{there}targets/", "/book/?pick=1",
    ):  # fmt: skip
        page = read(web, address)
        assert ("活动" in page) is (language == "zh-hans"), address
    refused = web.post(
        "/campaigns/new/", {**FORM, "branch_id": cast.north.pk, "holdout_percent": "60", "minutes": "999"}
    )
    assert refused.status_code == 422
