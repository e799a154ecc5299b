"""The next best contact: decided, stored, shown with its reasons, answered and learned from."""

import datetime as dt
import json
import uuid
from dataclasses import replace
from itertools import combinations

import pytest
from django.core.exceptions import PermissionDenied

from keybook.apps.customers.models import Complaint, Customer, Holding, Preference, Tier
from keybook.apps.desk.queries.today import NoSuchBankerError
from keybook.apps.gate.models import RuleSet
from keybook.apps.people.queries import bank
from keybook.apps.proposals import commands
from keybook.apps.proposals.commands import Said
from keybook.apps.proposals.models import Answer, Proposal
from keybook.apps.proposals.queries import report, shown
from keybook.apps.reminders.commands import Contact, NotYoursError, RefusedError, correct_contact, day_of, log_contact
from keybook.operate import next_best
from tests.cast import NOON, TODAY, Cast, as_web, make_customer, make_interaction, make_reminder, scope

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def day(on=None):
    return day_of(bank(), on=on)


@pytest.fixture
def due(cast: Cast) -> Cast:
    """Mrs Zhang has a deposit that falls due and has been gone quiet; Mr Osei has an inflow and no risk profile."""
    make_reminder(customer=cast.zhang, kind="deposit_maturing", key="D1", due_on=TODAY + 14 * DAY, stake=450_000)
    make_reminder(customer=cast.zhang, kind="dormant", key="x", due_on=TODAY + 30 * DAY, stake=100)
    make_reminder(customer=cast.osei, kind="large_inflow", key="T1", due_on=TODAY + 5 * DAY, stake=90_000)
    type(cast.osei).objects.filter(pk=cast.osei.pk).update(risk_level="", risk_until=None)
    commands.propose_all(day=day())
    return cast


def said(answer="rejected", theme="maturity", **more):
    reason = {"reason": "no_interest"} if answer == "rejected" else {}
    return Said(answer=answer, theme=theme, client_key=uuid.uuid4(), **{**reason, **more})


def proposal(customer):
    return Proposal.objects.filter(customer=customer).first()


# Deciding


def test_the_deposit_that_falls_due_is_proposed_with_its_factors(due: Cast):
    found = proposal(due.zhang)
    assert (found.theme, found.channel, found.value, found.urgency) == ("maturity", "call", 450_000, 0.5)
    assert found.worth == round(450_000 * found.chance * 0.5)


def test_money_that_came_in_is_not_proposed_without_a_risk_profile_and_says_so(due: Cast):
    assert proposal(due.osei) is None
    others = {each.theme: (each.gate, each.why) for each in shown.others_of(customer_id=due.osei.pk, day=day())}
    assert others["inflow"] == ("suitable", "There is no risk profile yet.")


def test_deciding_twice_changes_nothing(due: Cast):
    before = list(Proposal.objects.order_by("customer_id").values())
    commands.propose_all(day=day())
    assert list(Proposal.objects.order_by("customer_id").values()) == before


def test_by_day_and_by_night_the_decision_is_the_same(due: Cast):
    before = list(Proposal.objects.order_by("customer_id").values())
    commands.propose(customer_ids=[due.zhang.pk, due.osei.pk], day=day())
    assert list(Proposal.objects.order_by("customer_id").values()) == before


def test_a_deposit_that_falls_due_in_six_weeks_is_proposed_before_its_signal_opens(cast: Cast):
    Holding.objects.create(
        customer=cast.zhang, number="H1", kind="deposit", currency="CNY", balance=300_000, matures_on=TODAY + 40 * DAY,
        as_of=TODAY,
    )  # fmt: skip
    commands.propose_all(day=day())
    assert (proposal(cast.zhang).theme, proposal(cast.zhang).reminder_id) == ("maturity", None)


def test_what_a_customer_holds_gives_cause_without_any_signal(cast: Cast):
    Customer.objects.filter(pk=cast.zhang.pk).update(
        tier=Tier.objects.get(rank=1), aum=900_000, risk_level="C3", risk_until=TODAY + 30 * DAY
    )  # fmt: skip
    Holding.objects.create(
        customer=cast.zhang, number="H2", kind="current", currency="CNY", balance=700_000, as_of=TODAY
    )
    commands.propose_all(day=day())
    others = {each.theme for each in shown.others_of(customer_id=cast.zhang.pk, day=day())}
    assert others | {proposal(cast.zhang).theme} >= {"idle_cash", "risk_profile", "next_tier"}
    assert proposal(cast.zhang).value in {700_000 - 900_000 // 5, 100_000}


def test_all_channels_refused_leave_a_letter(due: Cast):
    Preference.objects.create(customer=due.zhang, never=["call", "wechat", "sms", "email"])
    commands.propose_all(day=day())
    assert proposal(due.zhang).channel == "letter"


def test_a_corrected_contact_brings_the_proposal_back(due: Cast):
    contact = Contact(channel="call", outcome="reached", at=NOON, client_key=uuid.uuid4())
    made = log_contact(by=scope(due.alice), customer_id=due.zhang.pk, contact=contact, closes=[], day=day())
    assert proposal(due.zhang) is None
    right = replace(contact, outcome="not_reached", client_key=uuid.uuid4())
    correct_contact(by=scope(due.alice), interaction_id=made.interaction_id, contact=right, day=day())
    assert proposal(due.zhang).theme == "maturity"


def test_a_complaint_that_is_open_is_no_time_for_a_proposal(due: Cast):
    Complaint.objects.create(customer=due.zhang, text="Waited an hour", opened_on=TODAY, opened_by=due.alice)
    commands.propose_all(day=day())
    assert proposal(due.zhang) is None
    others = [each.why for each in shown.others_of(customer_id=due.zhang.pk, day=day())]
    assert any("complaint" in why for why in others)


def test_the_command_line_prints_the_same_as_the_page(due: Cast, capsys):
    next_best.show(rm_code="alice", as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert [(each["customer"]["id"], each["theme"]) for each in found["next"]] == [(due.zhang.pk, "maturity")]
    next_best.show(rm_code="alice", as_json=False)
    assert "maturity" in capsys.readouterr().out


def test_a_code_nobody_has_is_refused_on_the_command_line(cast: Cast):
    with pytest.raises(NoSuchBankerError, match="Nobody here"):
        next_best.show(rm_code="zzz", as_json=True)


def test_a_channel_the_customer_named_is_the_one_proposed(due: Cast):
    Preference.objects.create(customer=due.zhang, channels=["wechat"], never=["call"])
    commands.propose_all(day=day())
    assert proposal(due.zhang).channel == "wechat"


def test_who_was_spoken_to_within_a_week_is_left_alone(due: Cast):
    contact = Contact(channel="call", outcome="reached", at=NOON, client_key=uuid.uuid4())
    log_contact(by=scope(due.alice), customer_id=due.zhang.pk, contact=contact, closes=[], day=day())
    assert proposal(due.zhang) is None
    assert {each.gate for each in shown.others_of(customer_id=due.zhang.pk, day=day())} == {"allowed"}


OPEN = (
    {"cause": "promise", "kind": "promise", "due_on": TODAY}, {"cause": "promise", "kind": "promise", "due_on": TODAY + DAY},
    {"cause": "occasion", "kind": "birthday", "due_on": TODAY + 2 * DAY}, {"kind": "risk_profile_expiring", "due_on": TODAY + 9 * DAY},
    {"cause": "occasion", "kind": "gift_idea", "due_on": TODAY + 2 * DAY},
)  # fmt: skip


@pytest.mark.parametrize("waits", [(), *combinations(OPEN, 1), OPEN])
@pytest.mark.parametrize("days_ago", [6, 7])
@pytest.mark.parametrize("outcome", ["reached", "not_reached"])
def test_after_a_contact_the_stored_proposal_is_the_one_the_night_would_decide(due: Cast, waits, days_ago, outcome):
    for number, more in enumerate(waits):
        make_reminder(customer=due.zhang, key=f"w{number}", opens_on=TODAY, **more)
    commands.propose_all(day=day())
    contact = Contact(channel="call", outcome=outcome, at=NOON - days_ago * DAY, client_key=uuid.uuid4())
    log_contact(by=scope(due.alice), customer_id=due.zhang.pk, contact=contact, closes=[], day=day())
    stored = list(Proposal.objects.values())
    commands.propose_all(day=day())
    assert list(Proposal.objects.values()) == stored


def test_a_bank_that_leaves_nobody_alone_is_proposed_to_after_a_contact_too(due: Cast):
    RuleSet.objects.create(from_on=TODAY, caps={}, lately_days=0, reason="Trial", set_by=due.ada)
    contact = Contact(channel="call", outcome="reached", at=NOON, client_key=uuid.uuid4())
    log_contact(by=scope(due.alice), customer_id=due.zhang.pk, contact=contact, closes=[], day=day())
    assert proposal(due.zhang) is not None


def test_a_confidential_contact_changes_no_proposal(due: Cast):
    before = list(Proposal.objects.values())
    make_interaction(customer=due.zhang, staff=due.alice, confidential=True)
    commands.propose_all(day=day())
    assert list(Proposal.objects.values()) == before


# Answering


def test_a_rejection_rests_the_theme_and_the_next_one_comes_up(due: Cast):
    kept = commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=said(), day=day())
    assert "Not proposed again before" in kept.sentence
    assert proposal(due.zhang).theme == "dormant"
    assert Answer.objects.get().silent_until == TODAY + 90 * DAY


def test_the_reason_is_learned_from_most_for_this_customer_and_weakly_for_others(due: Cast):
    make_reminder(customer=due.osei, kind="deposit_maturing", key="D2", due_on=TODAY + 14 * DAY, stake=450_000)
    commands.propose_all(day=day())
    before = proposal(due.osei).chance
    commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=said(), day=day())
    after_rest = day(TODAY + 91 * DAY)
    Proposal.objects.all().delete()
    commands.propose(customer_ids=[due.osei.pk], day=day())
    weakly = proposal(due.osei).chance
    assert 0.8 * before < weakly < before
    found = {each.id: each for each in _subjects([due.zhang.pk], after_rest)}
    from keybook.core.nextbest.scoring import taken_up

    assert taken_up(taken=found[due.zhang.pk].taken["maturity"]).mean < 0.34


def _subjects(ids, on):
    from keybook.apps.proposals.queries.facts import now_of, subjects

    return list(subjects(customer_ids=ids, day=on, now=now_of(on)))


def test_put_off_it_comes_back_on_its_day(due: Cast):
    until = TODAY + 3 * DAY
    commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=said("later", until_on=until), day=day())
    assert proposal(due.zhang).theme == "dormant"
    commands.propose_all(day=day(until))
    assert proposal(due.zhang).theme == "maturity"


def test_put_off_teaches_nothing(due: Cast):
    commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=said("later", until_on=TODAY + DAY), day=day())
    assert _subjects([due.zhang.pk], day())[0].taken["maturity"].own == (0, 0)


def test_the_same_form_sent_twice_is_kept_once(due: Cast):
    one = said("accepted")
    commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=one, day=day())
    assert commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=one, day=day()).repeated
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    ("answer", "more", "field"),
    [
        ("rejected", {"reason": ""}, "reason"), ("rejected", {"reason": "other"}, "words"),
        ("later", {}, "until_on"), ("later", {"until_on": TODAY}, "until_on"),
        ("later", {"until_on": TODAY + 181 * DAY}, "until_on"), ("perhaps", {}, "answer"), ("accepted", {"theme": "inflow"}, ""),
    ],
)  # fmt: skip
def test_an_answer_that_says_too_little_is_refused_and_nothing_changes(due: Cast, answer, more, field):
    before = proposal(due.zhang)
    with pytest.raises(RefusedError) as refusal:
        commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=said(answer, **more), day=day())
    assert refusal.value.field == field
    assert not Answer.objects.exists()
    assert proposal(due.zhang) == before


def test_a_form_used_for_one_customer_is_refused_for_another(due: Cast):
    one = said()
    commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=one, day=day())
    with pytest.raises(RefusedError, match="already used"):
        commands.answer(by=scope(due.alice), customer_id=due.osei.pk, said=one, day=day())


def test_a_stranger_may_not_answer_and_nothing_changes(due: Cast):
    with pytest.raises(NotYoursError):
        commands.answer(by=scope(due.carol), customer_id=due.zhang.pk, said=said(), day=day())
    assert not Answer.objects.exists()


def test_compliance_reads_and_answers_nothing(due: Cast):
    assert as_web(due.mei).get(f"/customers/{due.zhang.pk}/next/").status_code == 200
    with pytest.raises(PermissionDenied):
        commands.answer(by=scope(due.mei), customer_id=due.zhang.pk, said=said(), day=day())


# The faces


def test_the_page_says_why_and_why_not_the_others(due: Cast):
    text = as_web(due.alice).get(f"/customers/{due.zhang.pk}/next/").content.decode()
    assert "A deposit falls due" in text
    assert "Has gone quiet" in text
    assert "less." in text
    assert "Next best contact" in as_web(due.alice).get(f"/customers/{due.zhang.pk}/").content.decode()


def test_accepting_opens_the_log(due: Cast):
    form = {"answer": "accepted", "theme": "maturity", "client_key": uuid.uuid4()}
    answer = as_web(due.alice).post(f"/customers/{due.zhang.pk}/next/", form)
    assert answer["Location"].startswith(f"/customers/{due.zhang.pk}/log/")


def test_rejecting_without_a_reason_is_said_beside_it(due: Cast):
    form = {"answer": "rejected", "theme": "maturity", "client_key": uuid.uuid4()}
    answer = as_web(due.alice).post(f"/customers/{due.zhang.pk}/next/", form)
    assert answer.status_code == 422
    assert "Choose why" in answer.content.decode()
    assert not Answer.objects.exists()


def test_the_list_shows_ones_own_customers_only(due: Cast):
    make_reminder(customer=due.liu, kind="deposit_maturing", key="D9", due_on=TODAY + 14 * DAY, stake=450_000)
    commands.propose_all(day=day())
    assert [each.customer_id for each in shown.next_list(scope=scope(due.alice))] == [due.zhang.pk]
    assert due.liu.name not in as_web(due.alice).get("/next/").content.decode()


def test_the_list_asks_as_much_for_many_as_for_one(due: Cast, django_assert_num_queries):
    for number in range(2):
        with django_assert_num_queries(2):  # one, and how it is planned
            assert len(shown.next_list(scope=scope(due.alice))) == 1 + 12 * number
        for key in range(12):
            customer = make_customer(rm=due.alice)
            make_reminder(customer=customer, kind="promise", cause="promise", key=str(key))
        commands.propose_all(day=day())


def test_programs_read_and_answer_the_same(due: Cast):
    browser = as_web(due.alice)
    found = browser.get(f"/api/v1/customers/{due.zhang.pk}/next").json()
    assert (found["next"]["theme"], found["next"]["value"]) == ("maturity", "450000.00")
    assert found["others"][0]["theme"] == "dormant"
    body = {"answer": "rejected", "theme": "maturity", "reason": "known", "client_key": str(uuid.uuid4())}
    made = browser.post(f"/api/v1/customers/{due.zhang.pk}/next", json.dumps(body), content_type="application/json")
    assert made.status_code == 201
    assert browser.get("/api/v1/next").json()[0]["theme"] == "dormant"


# What became of them


def test_the_report_counts_by_theme_with_the_reasons_as_of_a_day(due: Cast):
    commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=said(), day=day())
    commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=said("accepted", theme="dormant"), day=day())
    found = {line.theme: line for line in report.lines(scope=scope(due.hugo), ask=report.Ask(on=TODAY))}
    assert (found["maturity"].answers, found["maturity"].reasons) == ({"rejected": 1}, {"no_interest": 1})
    assert found["dormant"].chance == pytest.approx(11 / 21)
    assert not report.lines(scope=scope(due.hugo), ask=report.Ask(on=TODAY - DAY))
    assert not report.lines(scope=scope(due.carol), ask=report.Ask(on=TODAY))
    assert not report.lines(scope=scope(due.hugo), ask=report.Ask(on=TODAY, rm_id=due.carol.pk))


def test_each_number_opens_its_rows_and_leaves_as_csv_without_a_name(due: Cast):
    commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=said(words="Bought a flat"), day=day())
    text = as_web(due.alice).get("/next/results/?theme=maturity&answer=rejected").content.decode()
    assert "Bought a flat" in text
    sheet = as_web(due.alice).get("/next/results/?form=csv").content.decode()
    assert "A deposit falls due,0,0,1" in sheet
    assert due.zhang.name not in sheet


def test_a_day_that_cannot_be_read_is_said(due: Cast):
    assert as_web(due.alice).get("/next/results/?on=someday").status_code == 422
