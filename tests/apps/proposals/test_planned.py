"""The next best contact put into the plan, sent twice, and filtered by branch and period."""

import datetime as dt
import json
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from keybook.apps.gate.words import THEMES as THEME_WORDS
from keybook.apps.interactions.commands import AlreadyUsedError
from keybook.apps.people.queries import bank
from keybook.apps.plans.commands.entries import Where, Wish, drop_entry, move_entry, undo_entry
from keybook.apps.plans.commands.planning import plan_month
from keybook.apps.plans.commands.proposed import plan_proposal
from keybook.apps.plans.models import Absence, Entry
from keybook.apps.proposals import commands, words
from keybook.apps.proposals.apps import _propose
from keybook.apps.proposals.commands import Said
from keybook.apps.proposals.models import Answer, Proposal
from keybook.apps.proposals.queries import report
from keybook.apps.proposals.queries.shown import others_of
from keybook.apps.reminders.commands import NotYoursError, RefusedError, correct_contact, day_of, log_contact
from keybook.apps.reminders.nightly import LATER
from keybook.core.nextbest.facts import THEMES, Drop
from keybook.core.periods import month_after
from tests.apps.plans.stage import spoken
from tests.cast import TODAY, Cast, as_web, make_reminder, scope

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
THURSDAY = TODAY + 3 * DAY


def day(on=None):
    return day_of(bank(), on=on)


@pytest.fixture
def due(cast: Cast) -> Cast:
    """Mrs Zhang has a deposit that falls due in two weeks, and has gone quiet."""
    make_reminder(customer=cast.zhang, kind="deposit_maturing", key="D1", due_on=TODAY + 14 * DAY, stake=450_000)
    make_reminder(customer=cast.zhang, kind="dormant", key="x", due_on=TODAY + 30 * DAY, stake=100)
    commands.propose_all(day=day())
    return cast


def said(answer="accepted", theme="maturity", **more):
    return Said(answer=answer, theme=theme, client_key=uuid.uuid4(), **more)


def put(cast, who="alice", one=None, on=THURSDAY, half="am", **more):
    wish = Wish(where=Where(on, half), channel="call", theme="A deposit falls due", **more)
    return plan_proposal(
        by=scope(getattr(cast, who)), customer_id=cast.zhang.pk, said=one or said(), wish=wish, day=day()
    )


# Put into the plan


def test_planned_it_is_accepted_and_lies_on_the_half_day(due: Cast):
    put(due)
    entry, answered = Entry.objects.get(), Answer.objects.get()
    assert (entry.on, entry.half, entry.cause, entry.pinned, entry.staff_id) == (
        THURSDAY,
        "am",
        "signal",
        True,
        due.alice.pk,
    )
    assert (answered.answer, answered.silent_until) == ("accepted", TODAY + 7 * DAY)


def proposed(cast: Cast) -> str:
    """The theme that is proposed for Mrs Zhang; empty for none, and a night would decide the same."""
    found = Proposal.objects.filter(customer=cast.zhang).values_list("theme", flat=True).first() or ""
    commands.propose_all(day=day())
    assert (Proposal.objects.filter(customer=cast.zhang).values_list("theme", flat=True).first() or "") == found
    return found


def test_while_a_contact_is_planned_within_the_week_nothing_else_is_proposed_and_it_says_so(due: Cast):
    put(due)
    assert proposed(due) == ""
    why = {other.theme: other.why for other in others_of(customer_id=due.zhang.pk, day=day())}
    assert "26 Nov" in why["dormant"]
    assert "Alice" in why["dormant"]


def test_planned_in_eight_days_something_else_is_still_proposed(due: Cast):
    put(due, on=TODAY + 8 * DAY)
    assert proposed(due) == "dormant"


def test_moved_out_of_the_week_or_taken_out_it_no_longer_stands_in_the_way(due: Cast):
    entry_id = put(due).entry_id
    kept = move_entry(by=scope(due.alice), entry_id=entry_id, to=Where(TODAY + 8 * DAY, "am"), day=day())
    assert proposed(due) == "dormant"
    undo_entry(by=scope(due.alice), token=kept.undo, day=day())
    assert proposed(due) == ""
    drop_entry(by=scope(due.alice), entry_id=entry_id, day=day())
    assert proposed(due) == "dormant"


def test_what_is_owed_today_is_proposed_whatever_is_planned(due: Cast):
    put(due)
    make_reminder(customer=due.zhang, kind="promise", cause="promise", key="P", due_on=TODAY)
    commands.propose_all(day=day())
    assert proposed(due) == "promise"


def test_the_month_planned_proposes_nothing_more_for_whom_it_places_within_the_week(due: Cast):
    make_reminder(customer=due.zhang, kind="large_inflow", key="I", due_on=TODAY + 2 * DAY, stake=80_000)
    plan_month(by=scope(due.alice), staff_ids=[due.alice.pk], period=(TODAY, TODAY + 7 * DAY), day=day())
    assert Entry.objects.filter(customer=due.zhang, state="planned").exists()
    assert proposed(due) == ""


def test_an_e_mail_that_was_planned_and_is_sent_stands_in_the_way_no_longer(due: Cast):
    put(due, on=TODAY)
    assert proposed(due) == ""
    sent = spoken(channel="email", outcome="left_message")
    stored = log_contact(by=scope(due.alice), customer_id=due.zhang.pk, contact=sent, day=day())
    assert Entry.objects.get().state == "done"
    assert proposed(due) == "dormant"
    unmade = replace(sent, channel="call", outcome="not_reached", client_key=uuid.uuid4())
    correct_contact(by=scope(due.alice), interaction_id=stored.interaction_id, contact=unmade, day=day())
    assert Entry.objects.get().state == "planned"
    assert proposed(due) == ""


def test_planned_for_a_later_day_it_rests_until_the_day_after(due: Cast):
    put(due, on=TODAY + 11 * DAY)
    assert Answer.objects.get().silent_until == TODAY + 12 * DAY


def test_the_month_planned_afterwards_places_its_reminder_no_second_time(due: Cast):
    put(due)
    plan_month(by=scope(due.alice), staff_ids=[due.alice.pk], period=(TODAY, month_after(on=TODAY)), day=day())
    reminder = Entry.objects.get(pinned=True).reminder_id
    assert reminder is not None
    assert Entry.objects.filter(reminder_id=reminder, state="planned").count() == 1


def test_the_same_form_sent_twice_is_planned_once(due: Cast):
    one = said()
    put(due, one=one)
    assert put(due, one=one).sentence == "Already saved."
    assert Entry.objects.count() == Answer.objects.count() == 1


def test_a_half_day_on_which_nobody_works_leaves_the_proposal_unanswered(due: Cast):
    Absence.objects.create(staff=due.alice, from_on=THURSDAY, until_on=THURSDAY + DAY)
    with pytest.raises(RefusedError):
        put(due)
    assert not Answer.objects.exists()
    assert not Entry.objects.exists()
    assert Proposal.objects.get(customer=due.zhang).theme == "maturity"


def test_what_is_no_longer_proposed_is_not_planned(due: Cast):
    with pytest.raises(RefusedError, match="something else is proposed"):
        put(due, one=said(theme="inflow"))
    assert not Entry.objects.exists()


def test_a_stranger_plans_nothing(due: Cast):
    with pytest.raises(NotYoursError):
        put(due, who="carol")
    assert not Entry.objects.exists()


def test_the_page_proposes_a_half_day_and_puts_it_there(due: Cast):
    browser = as_web(due.alice)
    assert (
        f"/customers/{due.zhang.pk}/plan/?proposal=maturity"
        in browser.get(f"/customers/{due.zhang.pk}/next/").content.decode()
    )
    address = f"/customers/{due.zhang.pk}/plan/?proposal=maturity"
    text = browser.get(address).content.decode()
    assert "A deposit falls due" in text
    assert '<option value="2026-11-24am" selected>' in text
    form = {
        "to": "2026-11-24am", "channel": "call", "theme": "The deposit", "proposal": "maturity",
        "client_key": str(uuid.uuid4()),
    }  # fmt: skip
    assert browser.post(address, form).status_code == 302
    assert Entry.objects.get().theme == "The deposit"
    assert "Something else is proposed by now" in browser.get(address).content.decode()


def test_a_proposal_without_the_key_of_its_form_is_not_planned(due: Cast):
    form = {"to": "2026-11-24am", "channel": "call", "proposal": "maturity"}
    assert as_web(due.alice).post(f"/customers/{due.zhang.pk}/plan/?proposal=maturity", form).status_code == 422
    assert not Entry.objects.exists()


def test_programs_plan_it_too_and_hear_of_a_reason_that_is_missing(due: Cast):
    browser, address = as_web(due.alice), f"/api/v1/customers/{due.zhang.pk}/next/plan"
    given = {"theme": "maturity", "client_key": str(uuid.uuid4()), "on": "2026-11-28", "half": "am", "channel": "call"}
    assert browser.post(address, json.dumps(given), content_type="application/json").status_code == 422
    made = browser.post(address, json.dumps({**given, "on": "2026-11-24"}), content_type="application/json")
    assert (made.status_code, made.json()["entry_id"]) == (201, Entry.objects.get().pk)


# The key of the sender


@pytest.mark.parametrize(
    "more",
    [{"answer": "rejected", "reason": "known"}, {"answer": "later", "until_on": TODAY + DAY}, {"words": "other"}],
)
def test_a_key_used_for_another_answer_is_a_conflict_and_nothing_changes(due: Cast, more):
    one = said()
    commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=one, day=day())
    before = list(Answer.objects.values())
    with pytest.raises(AlreadyUsedError):
        commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=replace(one, **more), day=day())
    assert list(Answer.objects.values()) == before


def test_a_key_of_somebody_whose_answers_are_hidden_is_a_conflict_for_programs(due: Cast):
    make_reminder(customer=due.liu, kind="deposit_maturing", key="D9", due_on=TODAY + 14 * DAY, stake=450_000)
    commands.propose_all(day=day())
    given = {"answer": "accepted", "theme": "maturity", "client_key": str(uuid.uuid4())}
    for who, customer, status in ((due.carol, due.liu, 201), (due.alice, due.zhang, 409)):
        sent = as_web(who).post(
            f"/api/v1/customers/{customer.pk}/next", json.dumps(given), content_type="application/json"
        )
        assert sent.status_code == status
    assert "already used" in sent.json()["detail"]
    assert Answer.objects.count() == 1


# Learned from


def test_a_customer_contacted_too_often_is_left_alone_for_a_month(due: Cast):
    commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=said("rejected", reason="too_often"), day=day())
    assert not Proposal.objects.filter(customer=due.zhang).exists()
    commands.propose_all(day=day(TODAY + 29 * DAY))
    assert not Proposal.objects.filter(customer=due.zhang).exists()
    commands.propose_all(day=day(TODAY + 30 * DAY))
    assert Proposal.objects.filter(customer=due.zhang).exists()


def test_the_night_decides_for_everybody_after_the_ranking(due: Cast):
    assert ("next best", _propose) in LATER
    Proposal.objects.all().delete()
    assert _propose(day=day()) == {"proposed": 1, "looked at": 1}


# What became of them


def test_the_report_is_of_a_branch_and_a_period_within_the_scope(due: Cast):
    commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=said(), day=day())

    def counted(who, **more):
        return sum(line.total for line in report.lines(scope=scope(who), ask=report.Ask(on=TODAY, **more)))

    assert counted(due.hugo, branch=due.north.pk, since_on=TODAY) == 1
    assert counted(due.hugo, branch=due.head_office.pk) == 1
    assert counted(due.hugo, branch=due.south.pk) == 0
    assert counted(due.hugo, since_on=TODAY + DAY) == 0
    assert counted(due.carol, branch=due.north.pk) == 0


def test_the_counts_leave_as_the_page_shows_them(due: Cast):
    commands.answer(by=scope(due.alice), customer_id=due.zhang.pk, said=said(), day=day())
    browser, address = as_web(due.hugo), f"/next/results/?branch={due.south.pk}&since=2026-11-01"
    page = browser.get(address).content.decode()
    assert f"branch={due.south.pk}&amp;form=csv" in page
    assert "A deposit" not in browser.get(f"{address}&form=csv").content.decode()
    assert "A deposit" in browser.get(f"/next/results/?branch={due.north.pk}&form=csv").content.decode()


def test_a_period_that_ends_before_it_begins_is_said_and_leaves_as_no_file(due: Cast):
    answer = as_web(due.hugo).get("/next/results/?since=2026-11-20&on=2026-11-10&form=csv")
    assert answer.status_code == 422
    assert "before the first one" in answer.content.decode()


# Today and words


def test_today_names_the_best_contacts_of_ones_own_customers(due: Cast):
    assert f"/customers/{due.zhang.pk}/next/" in as_web(due.alice).get("/").content.decode()
    assert f"/customers/{due.zhang.pk}/next/" not in as_web(due.carol).get("/").content.decode()


FACTS = {"until": "2026-12-01", "on": "2026-12-01", "amount": "9000", "risk": "R2", "level": "C1"}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_reason_to_drop_and_every_theme_has_its_words(cast: Cast, language):
    with translation.override(language):
        said = [words.dropped(Drop("allowed", code, FACTS), day=day(), currency="CNY") for code in words.DROPS]
        themes = [str(THEME_WORDS[theme]) for theme in THEMES]
        source = words.source_of_value(None), words.source_of_value(Decimal("0.05"))
    assert all(each and "%(" not in each for each in said)
    assert len(set(said)) == len(words.DROPS)
    assert len(set(themes)) == len(THEMES)
    assert all(
        any("\u4e00" <= sign <= "\u9fff" for sign in text) == (language != "en") for text in (*said, *themes, *source)
    )
