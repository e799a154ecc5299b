"""What waits for a second person, in one place; and who may answer."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from keybook.apps.gifts.models import Gift
from keybook.apps.handover.models import Offer, Wish
from tests.apps.team.stage import a_story
from tests.apps.team.test_pages import text
from tests.cast import TODAY, Cast, as_web

pytestmark = pytest.mark.django_db
PAGE = "/team/approvals/"


def gift(cast: Cast, **more: object) -> Gift:
    values = {
        "customer": cast.zhang, "text": "Tea set", "category": "tea", "value": 1280, "over": 680, "currency": "CNY",
        "on": "2026-11-26", "state": "to_approve", "why": "Twenty years with us", "asked_by": cast.alice,
        "edited_by": cast.alice, "client_key": uuid.uuid4(), "rule_version": "gifts/1",
    }  # fmt: skip
    return Gift.objects.create(**{**values, **more})


def offer(cast: Cast, **more: object) -> Offer:
    values = {
        "customer": cast.osei, "rm": cast.alice, "raised_on": TODAY - dt.timedelta(days=9), "code": "overdue",
        "answer_by": TODAY - dt.timedelta(days=2), "facts": {"days": 80, "missed": 1, "every_days": 90, "late_from": "2026-09-04"}, "rule_version": "neglect/1",
    }  # fmt: skip
    return Offer.objects.create(**{**values, **more})


def test_a_head_finds_gifts_and_offers_in_one_list_and_their_count_in_the_menu(cast: Cast) -> None:
    a_story(cast)
    gift(cast)
    offer(cast)
    page = text(as_web(cast.dora).get(PAGE))
    assert "2 wait for you" in page
    assert "Gift, ¥1,280: Tea set" in page
    assert "80 days past the grace, late since Fri 4 Sep. The banker has not answered." in page
    assert as_web(cast.dora).get("/team/count/").content.startswith(b"2<")
    assert "Tea set" in text(as_web(cast.dora).get("/team/"))


@pytest.mark.parametrize(("yes", "state"), [("yes", "planned"), ("no", "refused")])
def test_a_gift_is_approved_or_refused_in_place_with_the_reason(cast: Cast, yes: str, state: str) -> None:
    one = gift(cast)
    answer = as_web(cast.dora).post(f"{PAGE}gift/{one.pk}/", {"yes": yes, "reason": "A round birthday"})
    assert answer.status_code == 302
    one.refresh_from_db()
    assert (one.state, one.decided_by_id, one.decision) == (state, cast.dora.pk, "A round birthday")
    assert as_web(cast.dora).get("/team/count/").content == b""


def test_a_customer_offered_back_is_let_stay_in_place(cast: Cast) -> None:
    a_story(cast)
    one = offer(cast)
    assert (
        as_web(cast.dora).post(f"{PAGE}offer/{one.pk}/", {"yes": "yes", "reason": "Back on Monday"}).status_code == 302
    )
    one.refresh_from_db()
    assert (one.state, one.decided_by_id) == ("kept", cast.dora.pk)


@pytest.mark.parametrize("kind", ["gift", "offer"])
def test_without_a_reason_nothing_is_decided_and_the_sentence_stands_beside_it(cast: Cast, kind: str) -> None:
    one = {"gift": gift, "offer": offer}[kind](cast)
    state = one.state
    answer = as_web(cast.dora).post(f"{PAGE}{kind}/{one.pk}/", {"yes": "yes", "reason": " "})
    assert answer.status_code == 422
    assert "Say why in a few words" in text(answer)
    one.refresh_from_db()
    assert one.state == state


def test_ones_own_request_is_neither_listed_nor_decided_by_oneself(cast: Cast) -> None:
    one = gift(cast, asked_by=cast.dora, edited_by=cast.dora)
    assert "nothing waits for you" in text(as_web(cast.dora).get(PAGE))
    answer = as_web(cast.dora).post(f"{PAGE}gift/{one.pk}/", {"yes": "yes", "reason": "My own"})
    assert answer.status_code == 422
    assert "Decided by another" in text(answer)
    one.refresh_from_db()
    assert (one.state, one.decided_by_id) == ("to_approve", None)


def test_what_one_changed_last_is_not_decided_by_oneself_either(cast: Cast) -> None:
    one = gift(cast, edited_by=cast.dora)
    assert as_web(cast.dora).post(f"{PAGE}gift/{one.pk}/", {"yes": "yes", "reason": "Changed it"}).status_code == 422
    one.refresh_from_db()
    assert one.state == "to_approve"


def test_a_head_does_not_decide_on_a_customer_of_the_own_book(cast: Cast) -> None:
    a_story(cast)
    type(cast.osei).objects.filter(pk=cast.osei.pk).update(rm=cast.dora)
    one = offer(cast, rm=cast.dora)
    assert "nothing waits for you" in text(as_web(cast.dora).get(PAGE))
    answer = as_web(cast.dora).post(f"{PAGE}offer/{one.pk}/", {"yes": "yes", "reason": "Mine to keep"})
    assert answer.status_code == 422
    assert "Decided by another" in text(answer)
    one.refresh_from_db()
    assert one.state == "raised"
    assert as_web(cast.hugo).post(f"{PAGE}offer/{one.pk}/", {"yes": "yes", "reason": "Let stay"}).status_code == 302


def test_while_the_banker_may_still_answer_an_offer_does_not_wait_for_the_head(cast: Cast) -> None:
    a_story(cast)
    one = offer(cast, answer_by=TODAY)
    assert "nothing waits for you" in text(as_web(cast.dora).get(PAGE))
    assert as_web(cast.dora).post(f"{PAGE}offer/{one.pk}/", {"yes": "yes", "reason": "Too soon"}).status_code == 422


def test_a_head_of_another_branch_is_told_of_nothing(cast: Cast) -> None:
    from tests.cast import make_staff

    one, far = gift(cast, customer=cast.liu, asked_by=cast.carol, edited_by=cast.carol), cast.dora
    near = make_staff(code="sven", role="head", branch=cast.south)
    assert "nothing waits for you" in text(as_web(far).get(PAGE))
    assert as_web(far).post(f"{PAGE}gift/{one.pk}/", {"yes": "yes", "reason": "Not mine"}).status_code == 404
    one.refresh_from_db()
    assert one.state == "to_approve"
    assert as_web(near).get("/team/count/").content.startswith(b"1<")


@pytest.mark.parametrize("address", ["nothing/1/", "offer/999999/", "gift/999999/"])
def test_what_is_not_there_is_not_decided(cast: Cast, address: str) -> None:
    assert as_web(cast.dora).post(f"{PAGE}{address}", {"yes": "yes", "reason": "It is so"}).status_code == 404


def test_who_gets_a_customer_is_not_decided_by_a_plain_no(cast: Cast) -> None:
    one = offer(cast)
    assert as_web(cast.dora).post(f"{PAGE}offer/{one.pk}/", {"yes": "no", "reason": "Move them"}).status_code == 404
    one.refresh_from_db()
    assert one.state == "raised"


@pytest.mark.parametrize("who", ["alice", "mei"])
def test_bankers_and_compliance_decide_nothing(cast: Cast, who: str) -> None:
    one = gift(cast)
    assert as_web(cast.staff[who]).post(f"{PAGE}gift/{one.pk}/", {"yes": "yes", "reason": "Yes, do"}).status_code == 403
    assert as_web(cast.staff[who]).get("/team/count/").content == b""
    one.refresh_from_db()
    assert one.state == "to_approve"


@pytest.mark.parametrize(("yes", "state"), [("yes", "done"), ("no", "refused")])
def test_what_a_banker_asks_to_be_relieved_of_is_answered_in_place(cast: Cast, yes: str, state: str) -> None:
    one = Wish.objects.create(staff=cast.alice, reason="Moving to South", asked_on=TODAY)
    assert "Moving to South" in text(as_web(cast.dora).get(PAGE))
    assert as_web(cast.dora).post(f"{PAGE}wish/{one.pk}/", {"yes": yes, "reason": "In May"}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.answer) == (state, "In May")


def test_compliance_reads_where_things_are_decided(cast: Cast) -> None:
    gift(cast)
    assert "Branch heads decide here" in text(as_web(cast.mei).get(PAGE))
    assert as_web(cast.alice).get(PAGE).status_code == 403
