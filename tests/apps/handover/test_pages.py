"""The pages and the JSON of handover, as the web server's role sees them: row-level security binds."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keybook.apps.customers.models import Customer
from keybook.apps.handover.commands import raise_offers
from keybook.apps.handover.models import Handover, NeglectRule, Offer, Wish
from keybook.apps.people.models import BookCap, Share, Staff
from keybook.apps.reminders.models import Promise
from tests.apps.handover.stage import furnish, hand, owned
from tests.cast import TODAY, Cast, as_web, make_customer, make_staff


@pytest.fixture
def day(cast: Cast):
    return furnish(cast)


def form(cast: Cast, **more):
    return {"what": "all", "to": [cast.bob.pk], "rule": "evenly", "within": "10", "client_key": uuid.uuid4(), **more}


def test_the_head_sees_a_draft_with_its_numbers_and_nothing_moves(cast: Cast, day) -> None:
    before = owned()
    page = as_web(cast.dora).get(f"/handover/{cast.alice.pk}/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "draft, nothing has moved" in text
    assert "Hand over 2" in text
    assert owned() == before


def test_handed_over_with_the_seal_of_the_preview_and_handed_back(cast: Cast, day) -> None:
    browser, before = as_web(cast.dora), owned()
    sent = form(cast, **{"intro-private": "call", "text_call": "Meet {banker}"})
    page = browser.get(f"/handover/{cast.alice.pk}/", sent).content.decode()
    seal = page.split('name="seal" value="')[1].split('"')[0]
    done = browser.post(f"/handover/{cast.alice.pk}/", {**sent, "seal": seal})
    act = Handover.objects.get()
    assert (done.status_code, done.url) == (302, f"/handover/acts/{act.pk}/")
    assert Customer.objects.filter(rm=cast.bob).count() == 2
    assert Promise.objects.get(text="Meet Bob Chen").staff_id == cast.bob.pk
    assert Share.objects.filter(staff=cast.alice, customer_id=cast.zhang.pk).exists()
    assert "Hand back 2" in browser.get(done.url).content.decode()
    browser.post(f"/handover/acts/{act.pk}/back/")
    assert owned() == before
    assert "Handed back on" in browser.get(done.url).content.decode()


def test_a_leaver_signs_in_no_more_from_the_next_request_on(cast: Cast, day) -> None:
    browser = as_web(cast.alice)
    assert browser.get("/book/").status_code == 200
    as_web(cast.dora).post(f"/handover/{cast.alice.pk}/", form(cast, leaves="on"))
    assert browser.get("/book/").status_code == 302
    assert not Staff.objects.get(pk=cast.alice.pk).is_active


def test_a_refused_handover_says_why_keeps_what_was_typed_and_changes_nothing(cast: Cast, day) -> None:
    BookCap.objects.create(staff=cast.bob, most=1, from_on=TODAY)
    before = owned()
    page = as_web(cast.dora).post(f"/handover/{cast.alice.pk}/", form(cast, reason="She leaves us"))
    assert page.status_code == 422
    assert "no room for 1 of 2" in page.content.decode()
    assert "She leaves us" in page.content.decode()
    assert owned() == before


@pytest.mark.parametrize(
    "more", [{}, {"what": "tier", "tier": "private"}, {"what": "district", "district": ""}, {"rule": "tier"},
             {"rule": "district"}, {"chosen": "1,x"}, {"what": "half"}, {"to": ["x"]}, {"within": "x"}, {"intro-gold": "fax"}],
)  # fmt: skip
def test_whatever_the_address_says_the_draft_answers(more, cast: Cast, day) -> None:
    nina = make_staff(code="nina", branch=cast.north)
    sent = {**form(cast, to=[cast.bob.pk, nina.pk]), **more}
    assert as_web(cast.dora).get(f"/handover/{cast.alice.pk}/", sent).status_code == 200


def test_a_book_of_another_branch_is_not_there(cast: Cast, day) -> None:
    browser = as_web(cast.dora)
    for address in (f"/handover/{cast.carol.pk}/", "/handover/999999/", "/handover/acts/999999/"):
        assert browser.get(address).status_code == 404
    for address in (f"/handover/{cast.carol.pk}/", f"/handover/{cast.carol.pk}/leave/", "/handover/acts/9/back/"):
        assert browser.post(address, form(cast)).status_code == 404


def test_a_book_that_is_not_empty_does_not_let_its_banker_leave(cast: Cast, day) -> None:
    as_web(cast.dora).post(f"/handover/{cast.alice.pk}/leave/")
    assert Staff.objects.get(pk=cast.alice.pk).is_active


def test_an_empty_book_does(cast: Cast, day) -> None:
    assert as_web(cast.dora).post(f"/handover/{cast.bob.pk}/leave/").status_code == 302
    assert not Staff.objects.get(pk=cast.bob.pk).is_active


def test_compliance_reads_who_had_whom_and_every_act(cast: Cast, day) -> None:
    act = hand(cast, day)
    browser = as_web(cast.mei)
    page = browser.get("/handover/ledger/").content.decode()
    assert "Zhang Wei" in page
    assert "can be undone" in page
    for address in ("/handover/", "/handover/past/", f"/handover/acts/{act}/", "/handover/offers/",
                    f"/handover/ledger/?rm={cast.bob.pk}&customer={cast.zhang.pk}"):  # fmt: skip
        assert browser.get(address).status_code == 200
    assert browser.post(f"/handover/acts/{act}/back/").status_code == 403


def test_who_takes_over_and_who_gave_see_the_act_and_a_stranger_does_not(cast: Cast, day) -> None:
    act = hand(cast, day)
    assert [as_web(who).get(f"/handover/acts/{act}/").status_code for who in (cast.alice, cast.bob, cast.carol)] == [
        200,
        200,
        404,
    ]


def test_what_a_banker_answers_and_a_head_decides_is_said_on_one_page(cast: Cast, day) -> None:
    Customer.objects.filter(pk=cast.zhang.pk).update(late_from=TODAY - dt.timedelta(days=40))
    raise_offers(day=day)
    offer = Offer.objects.get()
    alice, dora = as_web(cast.alice), as_web(cast.dora)
    assert "40 days past the grace" in alice.get("/handover/offers/").content.decode()
    assert alice.post(f"/handover/offers/{offer.pk}/answer/", {"reason": ""}).status_code == 422
    alice.post(f"/handover/offers/{offer.pk}/answer/", {"reason": "Abroad", "promised_on": "2026-12-01"})
    assert "Abroad" in dora.get("/handover/offers/").content.decode()
    assert dora.post(f"/handover/offers/{offer.pk}/", {"reason": "", "act": "stay"}).status_code == 422
    dora.post(f"/handover/offers/{offer.pk}/", {"reason": "To Bob", "act": "move", "to": cast.bob.pk})
    assert Customer.objects.get(pk=cast.zhang.pk).rm_id == cast.bob.pk
    assert Offer.objects.get().state == "moved"


def test_a_head_lets_a_customer_stay(cast: Cast, day) -> None:
    Customer.objects.filter(pk=cast.zhang.pk).update(late_from=TODAY - dt.timedelta(days=40))
    raise_offers(day=day)
    Offer.objects.update(state="answered", reason="Ill", promised_on=TODAY + dt.timedelta(days=5))
    as_web(cast.dora).post(f"/handover/offers/{Offer.objects.get().pk}/", {"reason": "Right", "act": "stay"})
    assert Offer.objects.get().state == "kept"
    assert as_web(cast.dora).post("/handover/offers/999999/", {"reason": "x"}).status_code == 404


def test_a_banker_asks_and_the_head_answers(cast: Cast, day) -> None:
    alice, dora = as_web(cast.alice), as_web(cast.dora)
    alice.post("/handover/wish/", {"reason": "Too many"})
    alice.post("/handover/wish/", {"reason": "Again"})
    assert "Too many" in dora.get("/handover/").content.decode()
    wish = Wish.objects.get()
    assert alice.post(f"/handover/wishes/{wish.pk}/", {"reason": "x"}).status_code == 403
    assert dora.post("/handover/wishes/999999/", {"reason": "x"}).status_code == 404
    dora.post(f"/handover/wishes/{wish.pk}/", {"reason": "", "act": "done"})
    assert Wish.objects.get().state == "open"
    dora.post(f"/handover/wishes/{wish.pk}/", {"reason": "In May", "act": "refuse"})
    assert Wish.objects.get().state == "refused"


def test_caps_and_the_rule_are_set_by_who_may_and_read_by_all(cast: Cast, day) -> None:
    cap = {"part": "cap", "staff": cast.alice.pk, "most": 200, "from_on": TODAY}
    assert as_web(cast.dora).post("/settings/books/", cap).status_code == 302
    assert as_web(cast.alice).post("/settings/books/", cap).status_code == 403
    assert as_web(cast.dora).post("/settings/books/", {**cap, "most": "many"}).status_code == 422
    assert as_web(cast.dora).post("/settings/books/", {**cap, "staff": cast.carol.pk}).status_code == 422
    rule = {"part": "rule", "days": 20, "missed": 2, "answer_workdays": 3, "rest_days": 10, "from_on": TODAY}
    assert as_web(cast.ada).post("/settings/books/", rule).status_code == 302
    assert as_web(cast.ada).post("/settings/books/", {**rule, "days": 0}).status_code == 422
    assert as_web(cast.dora).post("/settings/books/", rule).status_code == 403
    assert (BookCap.objects.get().most, NeglectRule.objects.get().days) == (200, 20)
    for who in (cast.alice, cast.dora, cast.mei, cast.ada, cast.leo):
        assert as_web(who).get("/settings/books/").status_code == 200


@pytest.mark.usefixtures("day")
class TestJson:
    """The same verbs for programs."""

    def send(self, staff, path, body):
        return as_web(staff).post(f"/api/v1{path}", json.dumps(body, default=str), content_type="application/json")

    def body(self, cast: Cast, **more):
        return {"from_id": cast.alice.pk, "to": [cast.bob.pk], "client_key": str(uuid.uuid4()), **more}

    def test_a_dry_run_gives_the_numbers_and_changes_nothing(self, cast: Cast) -> None:
        before = owned()
        said = self.send(cast.dora, "/handovers", self.body(cast, dry_run=True)).json()
        assert (said["customers"], said["counts"]["promises"], said["takers"][0]["given"]) == (2, 1, 2)
        assert owned() == before

    def test_handed_over_read_and_handed_back(self, cast: Cast) -> None:
        act = self.send(cast.dora, "/handovers", self.body(cast)).json()["id"]
        browser = as_web(cast.mei)
        assert browser.get("/api/v1/handovers").json()[0]["id"] == act
        assert browser.get(f"/api/v1/handovers/{act}").json()["back"]["customers"] == 2
        assert browser.get(f"/api/v1/owners?customer={cast.zhang.pk}").json()[0]["can_be_undone"]
        assert "back with" in self.send(cast.dora, f"/handovers/{act}/back", {}).json()["sentence"]
        assert self.send(cast.dora, f"/handovers/{act}/back", {}).status_code == 422

    def test_refused_it_is_a_problem_with_its_field(self, cast: Cast) -> None:
        answer = self.send(cast.dora, "/handovers", self.body(cast, to=[cast.alice.pk]))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "body/to"
        assert self.send(cast.alice, "/handovers", self.body(cast)).status_code == 403
        assert as_web(cast.carol).get("/api/v1/handovers/999999").status_code == 404

    def test_offers_are_read_answered_and_decided(self, cast: Cast, day) -> None:
        Customer.objects.filter(pk=cast.zhang.pk).update(late_from=TODAY - dt.timedelta(days=40))
        raise_offers(day=day)
        (row,) = as_web(cast.alice).get("/api/v1/offers").json()
        said = {"reason": "Ill", "promised_on": "2026-12-01"}
        assert self.send(cast.alice, f"/offers/{row['id']}/answer", said).status_code == 200
        assert self.send(cast.dora, f"/offers/{row['id']}/decision", {"reason": "Right"}).status_code == 200
        assert (
            self.send(cast.dora, f"/offers/{row['id']}/decision", {"reason": "x", "to_id": cast.bob.pk}).status_code
            == 422
        )


def test_with_many_customers_the_pages_ask_as_often_as_with_two(cast: Cast, day) -> None:
    act = hand(cast, day)
    browser = as_web(cast.dora)
    pages = (
        "/handover/",
        f"/handover/{cast.bob.pk}/",
        "/handover/past/",
        f"/handover/acts/{act}/",
        "/handover/ledger/",
    )

    def asked():
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as ran:
                assert browser.get(page).status_code == 200
            found.append(len(ran))
        return found

    asked()
    few = asked()
    for _ in range(15):
        make_customer(rm=cast.bob)
    for _ in range(4):
        make_staff(code=uuid.uuid4().hex[:6], branch=cast.north)
    assert asked() == few
