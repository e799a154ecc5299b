"""The gate with the bank's facts under it: what it says before a contact, who may go ahead, what is kept, and for whom it is silent."""

from __future__ import annotations

import datetime as dt
import html
import re
import uuid
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keybook.apps.customers.models import Complaint, Consent, Customer, Preference, Vulnerability
from keybook.apps.gate import commands
from keybook.apps.gate.commands import Minded, Said
from keybook.apps.gate.models import GoAhead, RuleSet
from keybook.apps.gate.queries.answers import Asking, answer, answers, rules_on
from keybook.apps.gifts.models import Gift
from keybook.apps.people.queries import bank
from keybook.apps.plans.models import Entry
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, correct_contact, day_of, log_contact
from keybook.apps.reminders.models import Observance, Promise, Reminder
from keybook.core.gate import Proposal
from tests.apps.plans.stage import make_entry, spoken
from tests.cast import NOON, TODAY, Cast, as_web, make_customer, make_interaction, make_line, scope

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


def hearing(**more) -> Minded:
    return Minded(**{"what": "Hard of hearing", "kind": "senses", "review_on": TODAY + dt.timedelta(days=180), **more})


def test_a_colleagues_call_about_the_same_says_who_when_and_with_what_result(cast: Cast, day: Day) -> None:
    make_interaction(customer=cast.zhang, staff=cast.bob, at=NOON - dt.timedelta(days=2), topic="Deposit")
    assert says(cast, day, themes=("deposit",)) == {"repeated": False}
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
    commands.mind(by=scope(cast.alice), customer_id=zhang.pk, minded=hearing(), day=day)
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


def test_a_consent_written_down_late_outweighs_no_later_word_in_the_gate_or_on_the_page(cast: Cast, day: Day) -> None:
    """The withdrawal was said today; the form of last year comes in afterwards and is the newer row, not the later word."""
    said = {"customer": cast.zhang, "purpose": "marketing", "by": cast.alice}
    Consent.objects.create(**said, given=False, on=TODAY, source="A call")
    Consent.objects.create(**said, given=True, on=TODAY - dt.timedelta(days=300), source="A form found")
    assert says(cast, day, purpose="marketing") == {"consent": True}
    (last,) = as_web(cast.alice).get(f"/api/v1/customers/{cast.zhang.pk}/care").json()["consents"]
    assert (last["given"], last["source"]) == (False, "A call")


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


def test_what_a_colleague_has_planned_is_said_before_somebody_dials(cast: Cast, day: Day) -> None:
    on = TODAY + dt.timedelta(days=2)
    make_entry(customer=cast.zhang, staff=cast.bob, on=on, channel="visit", theme="Her pension")
    assert says(cast, day) == {"planned": False}
    text = as_web(cast.alice).get(f"/customers/{cast.zhang.pk}/gate/", headers={"HX-Request": "true"}).content.decode()
    assert all(part in text for part in ("25 Nov", "Bob Chen", "Visit", "Her pension"))
    assert says(cast, day, promised=True) == {"planned": False}  # no promise is open
    Entry.objects.update(state="dropped")
    assert says(cast, day) == {}


def test_ones_own_entry_of_today_is_the_contact_itself_but_a_colleagues_is_not(cast: Cast, day: Day) -> None:
    make_entry(customer=cast.zhang, staff=cast.alice, on=TODAY)
    assert says(cast, day) == {}
    assert says(cast, day, by=cast.dora) == {"planned": False}


def test_today_and_the_customer_ask_about_the_theme_of_the_first_reason(cast: Cast, day: Day) -> None:
    """A colleague has spoken about the deposit in Chinese; what tells is that the contact answered the maturity."""
    done = make_interaction(customer=cast.zhang, staff=cast.bob, at=NOON - dt.timedelta(days=9), topic="定期")
    Reminder.objects.create(
        customer=cast.zhang, cause="signal", kind="deposit_maturing", key="old", opens_on=TODAY, due_on=TODAY,
        facts={}, state="done", closed_in=done, closed_on=TODAY - dt.timedelta(days=9), currency="CNY",
    )  # fmt: skip
    reason = {"id": None, "cause": "signal", "kind": "deposit_maturing", "due_on": "2026-11-23", "stake": "1", "points": 9,
              "late": False, "facts": {}}  # fmt: skip
    make_line(customer=cast.zhang, reasons=[reason], channel="email")
    browser = as_web(cast.alice)
    for page in (f"/today/{cast.zhang.pk}/", f"/customers/{cast.zhang.pk}/"):
        address = re.search(r'hx-get="(/customers/\d+/gate/[^"]+)"', browser.get(page).content.decode())
        assert address is not None
        said = browser.get(html.unescape(address[1]), headers={"HX-Request": "true"}).content.decode()
        assert "Asked already" in said, page
        assert "定期" in said


def test_an_invitation_is_counted_by_the_campaign_it_answered(cast: Cast, day: Day) -> None:
    for number in (12, 20):
        done = make_interaction(
            customer=cast.zhang, staff=cast.bob, channel="letter" if number == 12 else "email", outcome="left_message",
            at=NOON - dt.timedelta(days=number),
        )  # fmt: skip
        Reminder.objects.create(
            customer=cast.zhang, cause="campaign", kind="campaign", key=str(number), opens_on=TODAY, due_on=TODAY,
            facts={}, state="done", closed_in=done, closed_on=TODAY - dt.timedelta(days=number), currency="CNY",
        )  # fmt: skip
    commands.set_consent(
        by=scope(cast.alice),
        customer_id=cast.zhang.pk,
        said=Said("invitation", "", given=True, source="A form"),
        day=day,
    )
    assert says(cast, day, purpose="invitation") == {"cap": True}
    assert says(cast, day) == {}


def test_a_review_that_is_due_is_said_and_asked_anew_it_is_not(cast: Cast, day: Day) -> None:
    alice, here = scope(cast.alice), f"/customers/{cast.zhang.pk}/care/"
    number = commands.mind(by=alice, customer_id=cast.zhang.pk, minded=hearing(), day=day)
    Vulnerability.objects.update(from_on=TODAY - dt.timedelta(days=200), review_on=TODAY)
    assert "still is so" in as_web(cast.alice).get(f"/customers/{cast.zhang.pk}/gate/").content.decode()
    assert "review due" in as_web(cast.alice).get(here).content.decode()
    form = {"part": "still", "mind": number, "review_on": "2027-05-01"}
    assert as_web(cast.alice).post(here, {**form, "review_on": ""}).status_code == 422
    assert as_web(cast.alice).post(here, form).status_code == 302
    assert "review due" not in as_web(cast.alice).get(here).content.decode()
    commands.mind_no_more(by=alice, customer_id=cast.zhang.pk, vulnerability_id=number, day=day)
    with pytest.raises(RefusedError, match="anew"):
        commands.still_mind(
            by=alice, customer_id=cast.zhang.pk, vulnerability_id=number, review_on=dt.date(2027, 6, 1), day=day
        )


def test_who_needs_care_is_listed_to_those_who_see_the_customer_until_it_is_done(cast: Cast, day: Day) -> None:
    alice = scope(cast.alice)
    number = commands.open_complaint(by=alice, customer_id=cast.zhang.pk, text="Waited an hour", day=day)
    commands.mind(by=alice, customer_id=cast.osei.pk, minded=hearing(), day=day)
    assert [each["what"] for each in as_web(cast.alice).get("/api/v1/care").json()] == ["complaint"]
    Vulnerability.objects.update(from_on=TODAY - dt.timedelta(days=200), review_on=TODAY)
    Observance.objects.create(customer=cast.osei, mourning_from=TODAY, mourning_until=TODAY + dt.timedelta(days=9))
    page = as_web(cast.mei).get("/care/").content.decode()
    assert all(text in page for text in ("Waited an hour", "Hard of hearing", "In mourning", "Alice Wang"))
    assert "2 complaints or reviews wait" in as_web(cast.alice).get("/").content.decode()
    assert "Waited" not in as_web(cast.carol).get("/care/").content.decode()
    assert "reviews wait" not in as_web(cast.carol).get("/").content.decode()
    commands.settle_complaint(by=alice, customer_id=cast.zhang.pk, complaint_id=number, outcome="Done", day=day)
    assert [each["what"] for each in as_web(cast.alice).get("/api/v1/care").json()] == ["mourning", "review"]


def test_programs_write_and_end_complaints_consents_and_care_by_the_same_verbs(cast: Cast, day: Day) -> None:
    here, browser = f"/api/v1/customers/{cast.zhang.pk}", as_web(cast.alice)

    def send(verb: str, place: str, status: int, **body):
        answered = getattr(browser, verb)(f"{here}/{place}", body, content_type="application/json")
        assert answered.status_code == status, (place, answered.content)
        return answered.json().get("id")

    complaint = send("post", "complaints", 201, text="Waited an hour")
    consent = {"purpose": "marketing", "source": "By letter"}
    send("post", "consents", 201, given=True, **consent)
    send("post", "consents", 201, given=False, **consent)
    care = {"what": "Hard of hearing", "kind": "senses", "review_on": "2027-03-01"}
    mind = send("post", "minds", 201, **care)
    for wrong in ({"kind": "owl"}, {"review_on": "2026-11-23"}, {"what": " "}, {"review_on": None}):
        send("post", "minds", 422, **{**care, **wrong})
    assert says(cast, day, purpose="marketing") == {"consent": True, "complaint": True, "vulnerable": True}
    told = browser.get(f"{here}/care").json()
    assert [told["complaints"][0]["settled_on"], told["consents"][0]["given"], told["minds"][0]["review_due"]] == [
        None,
        False,
        False,
    ]
    send("post", f"complaints/{complaint}/settle", 422, outcome=" ")
    send("post", f"complaints/{complaint}/settle", 200, outcome="Apologised")
    send("patch", f"minds/{mind}", 200, review_on="2027-06-01")
    send("delete", f"minds/{mind}", 200)
    send("patch", f"minds/{mind + 1}", 404, review_on="2027-06-01")
    assert says(cast, day, purpose="marketing") == {"consent": True}
    assert as_web(cast.carol).get(f"{here}/care").status_code == 404


def test_what_need_not_be_minded_any_more_says_nothing_and_is_kept(cast: Cast, day: Day) -> None:
    number = commands.mind(by=scope(cast.alice), customer_id=cast.zhang.pk, minded=hearing(), day=day)
    commands.mind_no_more(by=scope(cast.alice), customer_id=cast.zhang.pk, vulnerability_id=number, day=day)
    assert says(cast, day) == {}
    assert Vulnerability.objects.get().until_on == TODAY


def test_a_confidential_contact_speaks_to_nobody_and_leaves_no_trace_in_what_is_kept(cast: Cast, day: Day) -> None:
    make_interaction(customer=cast.zhang, staff=cast.alice, confidential=True, at=NOON - dt.timedelta(days=1))
    assert says(cast, day, by=cast.dora) == {}
    assert says(cast, day) == {}
    asking = Asking(cast.zhang.pk, Proposal(AT, "call"))
    with pytest.raises(RefusedError, match="Nothing speaks against"):
        commands.go_ahead(by=scope(cast.alice), asking=asking, because="Agreed so", day=day)
    assert not GoAhead.objects.exists()


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


def test_thousands_are_answered_in_three_statements(cast: Cast, day: Day) -> None:
    many = [make_customer(rm=cast.alice) for _number in range(30)]
    for count in (1, 30):
        asked = [Asking(each.pk, Proposal(AT, "call")) for each in many[:count]]
        with CaptureQueriesContext(connection) as queries:
            assert len(answers(by_id=cast.alice.pk, asked=asked, day=day)) == count
        assert len(queries) == 3


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
        "gate/2",
    )


def test_the_contact_somebody_went_ahead_with_is_tied_to_the_reason_and_only_that_one(cast: Cast, day: Day) -> None:
    make_interaction(customer=cast.zhang, staff=cast.bob, at=NOON - dt.timedelta(days=1))
    asking, written = Asking(cast.zhang.pk, Proposal(AT, "email")), {"channel": "email"}  # what never rings at night
    commands.go_ahead(by=scope(cast.alice), asking=asking, because="She waits for it", day=day)
    for staff, more in ((cast.bob, written), (cast.alice, {}), (cast.alice, {**written, "named": ()})):
        log_contact(by=scope(staff), customer_id=cast.zhang.pk, contact=spoken(**more), day=day)
        assert GoAhead.objects.get().interaction_id is None
    here = f"/customers/{cast.zhang.pk}/gate/?channel=email"
    page = as_web(cast.alice).get(here, headers={"HX-Request": "true"})
    assert "She waits for it" in page.content.decode()
    done = log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=spoken(**written), day=day)
    assert GoAhead.objects.get().interaction_id == done.interaction_id
    page = as_web(cast.alice).get(here, headers={"HX-Request": "true"})
    assert "She waits for it" not in page.content.decode()  # the next contact is another one
    log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=spoken(**written), day=day)
    assert GoAhead.objects.get().interaction_id == done.interaction_id
    put_right = correct_contact(
        by=scope(cast.alice), interaction_id=done.interaction_id, contact=spoken(outcome="not_reached"), day=day
    )
    assert GoAhead.objects.get().interaction_id == put_right.interaction_id
    assert "Not reached" in as_web(cast.mei).get(f"/customers/{cast.zhang.pk}/care/").content.decode()


def test_with_nothing_against_it_going_ahead_is_refused_and_nothing_kept(cast: Cast) -> None:
    here = f"/customers/{cast.zhang.pk}/gate/"
    answered = as_web(cast.alice).post(here, {"channel": "email", "because": "x"}, headers={"HX-Request": "true"})
    assert answered.status_code == 422
    assert "needs no reason" in answered.content.decode()
    told = as_web(cast.alice).post(
        f"/api/v1{here.rstrip('/')}", {"channel": "email", "because": "x"}, content_type="application/json"
    )
    assert told.status_code == 422
    assert not GoAhead.objects.exists()


def test_without_a_reason_nobody_goes_ahead_and_what_is_refused_nobody_at_all(cast: Cast, day: Day) -> None:
    make_interaction(customer=cast.zhang, staff=cast.bob, at=NOON - dt.timedelta(days=1))
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


CARE = {"kind": "senses", "review_on": "2027-03-01"}


def test_the_page_of_a_customer_keeps_each_part_and_says_what_is_missing(cast: Cast) -> None:
    here, browser = f"/customers/{cast.zhang.pk}/care/", as_web(cast.alice)
    parts = [
        ({"part": "complaint", "text": "Waited an hour"}, 302), ({"part": "complaint", "text": ""}, 422),
        ({"part": "mind", "text": "Uses a stick", **CARE, "until_on": "2026-12-31"}, 302),
        ({"part": "mind", "text": "x", **CARE, "until_on": "2020-01-01"}, 422), ({"part": "mind", "text": "x", **CARE, "until_on": "soon"}, 422),
        ({"part": "mind", "text": "x", **CARE, "kind": "owl"}, 422), ({"part": "mind", "text": "x", "kind": "health"}, 422),
        ({"part": "mind", "text": "x", **CARE, "review_on": "2026-11-23"}, 422), ({"part": "mind", "text": "x", **CARE, "review_on": "2029-01-01"}, 422),
        ({"part": "still", "mind": "999999", "review_on": "2027-01-01"}, 404),
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
    "quiet_from": "21", "quiet_until": "8", "same_days": "10", "lately_days": "2", "cap:call": "1/1, 2/7", "cap:invitation": "1/30", "cap:all": "9/30", "cap:visit": "", "new_tier": "private", "new_of": "call", "new_cap": "3/7",
    "reason": "As the regulator asks", "from_on": "2026-12-01",
}  # fmt: skip


def test_the_rules_change_from_a_day_to_come_and_the_earlier_ones_hold_until_then(cast: Cast) -> None:
    assert as_web(cast.dora).post("/settings/gate/", RULES).status_code == 302
    assert rules_on(TODAY).version == "gate/2"
    later = rules_on(dt.date(2026, 12, 1))
    assert (later.quiet_from, later.version) == (21, "gate/2 of 2026-12-01")
    assert later.caps == {
        "call": ((1, 1), (7, 2)),
        "invitation": ((30, 1),),
        "all": ((30, 9),),
        "private call": ((7, 3),),
    }
    assert "As the regulator asks" in as_web(cast.mei).get("/settings/gate/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"from_on": "2026-11-23"}, "day to come"), ({"cap:call": "3"}, "cannot be read"), ({"new_cap": "often"}, "cannot be read"), ({"cap:owl": "1/1"}, "by the name “owl”"), ({"new_tier": "royal"}, "by the name “royal call”"),
        ({"cap:call": "1/0"}, "one day or more"), ({"quiet_from": "25"}, "24"), ({"reason": " "}, "required"),
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
