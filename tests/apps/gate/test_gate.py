"""The gate with the bank's facts under it: what it says before a contact, who may go ahead, what is kept, and for whom it is silent."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keybook.apps.customers.models import Complaint, Consent, Customer, Preference, Vulnerability
from keybook.apps.gate import commands
from keybook.apps.gate.commands import Said
from keybook.apps.gate.models import GoAhead, RuleSet
from keybook.apps.gate.queries.answers import Asking, answer, answers, rules_on
from keybook.apps.gifts.models import Gift
from keybook.apps.people.queries import bank
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, day_of, log_contact
from keybook.apps.reminders.models import Observance, Promise
from keybook.core.gate import Proposal
from tests.apps.plans.stage import spoken
from tests.cast import NOON, TODAY, Cast, as_web, make_customer, make_interaction, scope

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def day(cast: Cast) -> Day:
    return day_of(bank())


def says(cast: Cast, day: Day, by=None, customer=None, **more) -> dict[str, bool]:
    proposal = Proposal(**{"at": AT, "channel": "call", **more})
    verdict = answer(scope=scope(by or cast.alice), asking=Asking((customer or cast.zhang).pk, proposal), day=day)
    assert verdict is not None
    return {each.code: each.refuses for each in verdict.reasons}


def test_a_colleagues_call_about_the_same_says_who_when_and_with_what_result(cast: Cast, day: Day) -> None:
    make_interaction(customer=cast.zhang, staff=cast.bob, at=NOON - dt.timedelta(days=2), topic="Deposit")
    assert says(cast, day, theme="deposit") == {"repeated": False}
    page = as_web(cast.alice).get(
        f"/customers/{cast.zhang.pk}/gate/?channel=call&theme=Deposit", headers={"HX-Request": "true"}
    )
    text = page.content.decode()
    assert "Bob Chen" in text
    assert "21 Nov" in text
    assert "Reached" in text


def test_every_fact_of_the_register_reaches_the_rules(cast: Cast, day: Day) -> None:
    zhang = cast.zhang
    Preference.objects.create(customer=zhang, never=["visit"], zone="America/New_York")
    Observance.objects.create(customer=zhang, mourning_from=TODAY, mourning_until=TODAY + dt.timedelta(days=9))
    Gift.objects.create(
        customer=zhang, text="Tea", category="food", value=Decimal(1), currency="CNY", on=TODAY, state="given",
        asked_by=cast.alice, edited_by=cast.alice, client_key=uuid.uuid4(),
    )  # fmt: skip
    commands.open_complaint(by=scope(cast.alice), customer_id=zhang.pk, text="Waited an hour", day=day)
    commands.mind(by=scope(cast.alice), customer_id=zhang.pk, what="Hard of hearing", until_on=None, day=day)
    commands.set_consent(
        by=scope(cast.alice), customer_id=zhang.pk, said=Said("marketing", "", given=False, source="Letter"), day=day
    )
    Customer.objects.filter(pk=zhang.pk).update(standing="ended")
    assert says(cast, day, purpose="marketing") == {
        "consent": True, "quiet": True, "mourning": True, "complaint": True, "vulnerable": True, "ended": True,
    }  # fmt: skip
    assert says(cast, day, channel="visit")["never"] is True


def test_the_last_word_of_a_consent_holds_and_the_earlier_stay(cast: Cast, day: Day) -> None:
    for given in (True, False, True):
        said = Said("marketing", "", given=given, source="A form")
        commands.set_consent(by=scope(cast.alice), customer_id=cast.zhang.pk, said=said, day=day)
    assert says(cast, day, purpose="marketing") == {}
    assert Consent.objects.count() == 3


def test_a_settled_complaint_says_nothing_more_and_both_stand_in_the_ledger(cast: Cast, day: Day) -> None:
    number = commands.open_complaint(by=scope(cast.alice), customer_id=cast.zhang.pk, text="Waited", day=day)
    low = Customer.objects.get(pk=cast.zhang.pk).health
    assert says(cast, day) == {"complaint": False}
    commands.settle_complaint(
        by=scope(cast.alice), customer_id=cast.zhang.pk, complaint_id=number, outcome="Sorry said", day=day
    )
    assert says(cast, day) == {}
    assert low < Customer.objects.get(pk=cast.zhang.pk).health <= 0
    commands.settle_complaint(
        by=scope(cast.alice), customer_id=cast.zhang.pk, complaint_id=number, outcome="Again", day=day
    )
    assert Complaint.objects.get().outcome == "Sorry said"


def test_what_need_not_be_minded_any_more_says_nothing_and_is_kept(cast: Cast, day: Day) -> None:
    number = commands.mind(by=scope(cast.alice), customer_id=cast.zhang.pk, what="Widowed", until_on=None, day=day)
    commands.mind_no_more(by=scope(cast.alice), customer_id=cast.zhang.pk, vulnerability_id=number, day=day)
    assert says(cast, day) == {}
    assert Vulnerability.objects.get().until_on == TODAY


def test_a_confidential_contact_speaks_to_nobody_and_leaves_no_trace_in_what_is_kept(cast: Cast, day: Day) -> None:
    make_interaction(customer=cast.zhang, staff=cast.alice, confidential=True, at=NOON - dt.timedelta(days=1))
    assert says(cast, day, by=cast.dora) == {}
    assert says(cast, day) == {}
    asking = Asking(cast.zhang.pk, Proposal(AT, "call"))
    commands.go_ahead(by=scope(cast.alice), asking=asking, because="Agreed so", day=day)
    assert GoAhead.objects.get().codes == []


def test_a_promise_that_does_not_exist_lifts_no_cap(cast: Cast, day: Day) -> None:
    for hour in range(1, 9):
        make_interaction(
            customer=cast.zhang, staff=cast.alice, at=NOON - dt.timedelta(hours=hour), outcome="not_reached"
        )
    assert says(cast, day, promised=True) == {"cap": False}
    secret = make_interaction(customer=cast.zhang, staff=cast.bob, confidential=True)
    Promise.objects.create(customer=cast.zhang, staff=cast.bob, text="Call", due_on=TODAY, made_in=secret)
    assert says(cast, day, promised=True) == {"cap": False}
    Promise.objects.create(customer=cast.zhang, staff=cast.alice, text="Call", due_on=TODAY)
    assert says(cast, day, promised=True) == {}


def test_a_customer_hidden_by_row_security_is_refused_not_allowed(cast: Cast, day: Day) -> None:
    (verdict,) = answers(by_id=cast.alice.pk, asked=[Asking(999_999_999, Proposal(AT, "call"))], day=day)
    assert verdict.answer == "refused"


def test_the_zone_of_a_customer_is_written_down_and_one_that_does_not_exist_refused(cast: Cast, day: Day) -> None:
    here = f"/customers/{cast.zhang.pk}/care/"
    assert as_web(cast.alice).post(here, {"part": "zone", "text": "Europe/Zurich"}).status_code == 302
    assert as_web(cast.alice).post(here, {"part": "zone", "text": "Mars/Olympus"}).status_code == 422
    assert Preference.objects.get().zone == "Europe/Zurich"
    Preference.objects.update(zone="Gone/Away")  # a zone the system has forgotten: the bank's own
    assert says(cast, day) == {}


def test_thousands_are_answered_in_two_statements(cast: Cast, day: Day) -> None:
    many = [make_customer(rm=cast.alice) for _number in range(30)]
    for count in (1, 30):
        asked = [Asking(each.pk, Proposal(AT, "call")) for each in many[:count]]
        with CaptureQueriesContext(connection) as queries:
            assert len(answers(by_id=cast.alice.pk, asked=asked, day=day)) == count
        assert len(queries) == 2


def test_going_ahead_is_kept_with_what_the_gate_had_said(cast: Cast, day: Day) -> None:
    make_interaction(customer=cast.zhang, staff=cast.bob, at=NOON - dt.timedelta(days=1))
    form = {"channel": "email", "because": "She asked me to"}
    answered = as_web(cast.alice).post(f"/customers/{cast.zhang.pk}/gate/", form, headers={"HX-Request": "true"})
    assert "Kept: you go ahead" in answered.content.decode()
    kept = GoAhead.objects.get()
    assert (kept.codes, kept.because, kept.staff_id, kept.rule_version) == (
        ["lately"],
        "She asked me to",
        cast.alice.pk,
        "gate/1",
    )


def test_without_a_reason_nobody_goes_ahead_and_what_is_refused_nobody_at_all(cast: Cast, day: Day) -> None:
    asking = Asking(cast.zhang.pk, Proposal(AT, "call"))
    with pytest.raises(RefusedError, match="few words"):
        commands.go_ahead(by=scope(cast.alice), asking=asking, because=" ", day=day)
    Preference.objects.create(customer=cast.zhang, never=["call"])
    with pytest.raises(RefusedError, match="refuses this contact"):
        commands.go_ahead(by=scope(cast.alice), asking=asking, because="But still", day=day)
    assert not GoAhead.objects.exists()


def test_a_contact_that_has_taken_place_is_written_down_whatever_the_gate_says(cast: Cast, day: Day) -> None:
    Preference.objects.create(customer=cast.zhang, never=["call"])
    done = log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=spoken(), day=day)
    assert done.interaction_id


def test_the_json_face_says_the_same_with_facts_and_sentences(cast: Cast) -> None:
    Preference.objects.create(customer=cast.zhang, never=["email"])
    said = as_web(cast.alice).get(f"/api/v1/customers/{cast.zhang.pk}/gate?channel=email").json()
    assert (said["answer"], said["reasons"][0]["code"]) == ("refused", "never")
    assert "E-mail" in said["reasons"][0]["sentence"]


def test_the_page_of_a_customer_keeps_each_part_and_says_what_is_missing(cast: Cast) -> None:
    here, browser = f"/customers/{cast.zhang.pk}/care/", as_web(cast.alice)
    parts = [
        ({"part": "complaint", "text": "Waited an hour"}, 302), ({"part": "complaint", "text": ""}, 422),
        ({"part": "mind", "text": "Uses a stick", "until_on": "2026-12-31"}, 302), ({"part": "mind", "text": "x", "until_on": "2020-01-01"}, 422),
        ({"part": "mind", "text": "x", "until_on": "soon"}, 422),
        ({"part": "consent", "purpose": "marketing", "channel": "email", "given": "no", "text": "By letter"}, 302),
        ({"part": "consent", "purpose": "marketing", "channel": "email", "given": "no", "text": ""}, 422),
        ({"part": "consent", "purpose": "war", "text": "x"}, 422), ({"part": "consent", "purpose": "service", "channel": "owl", "text": "x"}, 422),
        ({"part": "nothing"}, 422), ({"part": "settle", "complaint": "999999", "text": "x"}, 404), ({"part": "no_more", "mind": "999999"}, 404),
    ]  # fmt: skip
    for form, status in parts:
        assert browser.post(here, form).status_code == status, form
    browser.post(here, {"part": "settle", "complaint": Complaint.objects.get().pk, "text": "Apologised"})
    browser.post(here, {"part": "no_more", "mind": Vulnerability.objects.get().pk})
    page = browser.get(here).content.decode()
    for text in ("Waited an hour", "Apologised", "By letter"):
        assert text in page
    assert "Uses a stick" not in page


def test_strangers_find_nothing_and_readers_change_nothing(cast: Cast, day: Day) -> None:
    assert answer(scope=scope(cast.carol), asking=Asking(cast.zhang.pk, Proposal(AT, "call")), day=day) is None
    assert as_web(cast.carol).get(f"/customers/{cast.zhang.pk}/care/").status_code == 404
    with pytest.raises(NotYoursError):
        commands.open_complaint(by=scope(cast.carol), customer_id=cast.zhang.pk, text="x", day=day)
    with pytest.raises(PermissionDenied):
        commands.open_complaint(by=scope(cast.mei), customer_id=cast.zhang.pk, text="x", day=day)
    assert not Complaint.objects.exists()


RULES = {
    "quiet_from": "21", "quiet_until": "8", "same_days": "10", "lately_days": "2", "caps": "call: 1/1, 2/7\nall: 9/30",
    "reason": "As the regulator asks", "from_on": "2026-12-01",
}  # fmt: skip


def test_the_rules_change_from_a_day_to_come_and_the_earlier_ones_hold_until_then(cast: Cast) -> None:
    assert as_web(cast.dora).post("/settings/gate/", RULES).status_code == 302
    assert rules_on(TODAY).version == "gate/1"
    later = rules_on(dt.date(2026, 12, 1))
    assert (later.caps["call"], later.quiet_from, later.version) == (((1, 1), (7, 2)), 21, "gate/1 of 2026-12-01")
    assert "As the regulator asks" in as_web(cast.mei).get("/settings/gate/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"from_on": "2026-11-23"}, "day to come"), ({"caps": "call 3"}, "cannot be read"), ({"caps": "owl: 1/1"}, "cannot be read"),
        ({"caps": "call: 1/0"}, "at least one day"), ({"quiet_from": "25"}, "24"), ({"reason": " "}, "required"),
    ],
)  # fmt: skip
def test_rules_that_cannot_hold_are_refused_and_nothing_typed_is_lost(
    cast: Cast, wrong: dict[str, str], said: str
) -> None:
    answered = as_web(cast.dora).post("/settings/gate/", {**RULES, **wrong})
    assert answered.status_code == 422
    assert said in answered.content.decode()
    assert not RuleSet.objects.exists()


def test_a_banker_reads_the_rules_and_may_not_set_them(cast: Cast) -> None:
    assert as_web(cast.alice).get("/settings/gate/").status_code == 200
    assert as_web(cast.alice).post("/settings/gate/", RULES).status_code == 403
