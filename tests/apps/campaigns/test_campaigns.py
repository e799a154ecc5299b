"""Choosing, launching and ending a campaign; what becomes of its tasks wherever they are heard of."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from keybook.apps.campaigns.commands import change, draft, end, launch, tell
from keybook.apps.campaigns.commands.ending import end_over
from keybook.apps.campaigns.commands.launching import chosen_for
from keybook.apps.campaigns.models import Campaign, Target
from keybook.apps.campaigns.queries.choosing import choose_for
from keybook.apps.customers.models import Consent, Preference
from keybook.apps.gate.queries.answers import Asking, answers
from keybook.apps.handover.commands.back import hand_back
from keybook.apps.handover.commands.moving import hand_over_one
from keybook.apps.handover.models import Handover
from keybook.apps.memos.commands.joining import join
from keybook.apps.memos.commands.parting import part
from keybook.apps.notices.models import Notice
from keybook.apps.notices.words import counted
from keybook.apps.people.models import Staff
from keybook.apps.plans.commands.planning import plan_month
from keybook.apps.plans.models import Entry
from keybook.apps.plans.queries.tasks import tasks as tasks_of
from keybook.apps.reminders.commands import NotYoursError, RefusedError, expire, log_contact, rank_all
from keybook.apps.reminders.commands.contacts import correct_contact
from keybook.apps.reminders.models import Line, Observance, Reminder
from keybook.apps.reminders.nightly import night_opened
from keybook.core.gate import Proposal
from tests.apps.campaigns.stage import (
    FRIDAY_AFTER,
    make_draft,
    make_nina,
    make_running,
    spoken,
    target,
    the_day,
    wanted,
)
from tests.cast import NOON, TODAY, Cast, make_customer, make_interaction, make_reminder, make_staff, scope

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def nina(cast: Cast) -> Staff:
    return make_nina(cast)


def tasks(campaign: Campaign) -> list[str]:
    return sorted(Reminder.objects.filter(cause="campaign", key=str(campaign.pk)).values_list("state", flat=True))


# Drafting


def test_a_draft_contacts_nobody(cast: Cast, nina: Staff) -> None:
    row = make_draft(cast, nina)
    found = choose_for(scope=scope(nina), campaign=row, day=the_day())
    assert found.choice.groups == {"contact": 2, "holdout": 0, "left_out": 0}
    assert not Target.objects.exists()
    assert not Reminder.objects.exists()


def test_a_repeat_of_a_draft_makes_no_second(cast: Cast, nina: Staff) -> None:
    key = uuid.uuid4()
    first, second = (draft(by=scope(nina), wanted=wanted(cast), client_key=key, day=the_day()) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": "  "}),
        ("theme", {"theme": ""}),
        ("until_on", {"from_on": TODAY - 9 * DAY, "until_on": TODAY}),
        ("until_on", {"until_on": TODAY}),
        ("channels", {"channels": ()}),
        ("minutes", {"minutes": 0}),
        ("budget", {"budget": Decimal(-1)}),
        ("holdout_percent", {"holdout_percent": 51}),
        ("per_day", {"per_day": 0}),
        ("purpose", {"purpose": "greeting"}),
        ("ask", {"ask": {"view": "no such view"}}),
        ("chosen", {"chosen": tuple(range(2001))}),
    ],
)
def test_a_draft_that_cannot_be_is_refused_by_its_field(cast: Cast, nina: Staff, field: str, values: dict) -> None:
    with pytest.raises(RefusedError) as refusal:
        make_draft(cast, nina, **values)
    assert (refusal.value.field, Campaign.objects.count()) == (field, 0)


def test_a_campaign_of_anothers_branch_is_refused(cast: Cast, nina: Staff) -> None:
    with pytest.raises(RefusedError, match="a branch that is yours"):
        make_draft(cast, nina, branch_id=cast.south.pk)


@pytest.mark.parametrize("who", ["alice", "mei", "leo", "ada"])
def test_who_makes_no_campaigns_neither_drafts_nor_launches_one(cast: Cast, nina: Staff, who: str) -> None:
    row = make_draft(cast, nina)
    by = scope(getattr(cast, who))
    with pytest.raises(PermissionDenied):
        draft(by=by, wanted=wanted(cast), client_key=uuid.uuid4(), day=the_day())
    with pytest.raises((PermissionDenied, NotYoursError)):
        launch(by=by, campaign_id=row.pk, day=the_day())
    assert not Reminder.objects.exists()


def test_a_stranger_finds_no_campaign_and_the_branch_above_launches_it(cast: Cast, nina: Staff) -> None:
    row = make_draft(cast, nina)
    with pytest.raises(NotYoursError):
        launch(by=scope(make_staff(code="olga", role="head", branch=cast.south)), campaign_id=row.pk, day=the_day())
    assert "2 contacts" in launch(by=scope(cast.hugo), campaign_id=row.pk, day=the_day())


def test_a_reader_of_a_target_may_not_end_the_campaign(cast: Cast) -> None:
    """North's head sees the bank's campaign by her customers; it is the bank's."""
    row = make_running(cast, cast.hugo, branch_id=cast.head_office.pk)
    with pytest.raises(PermissionDenied, match="another branch"):
        end(by=scope(cast.dora), campaign_id=row.pk, reason="No", day=the_day())
    row.refresh_from_db()
    assert row.state == "running"


# Choosing


def test_the_books_own_filters_choose(cast: Cast, nina: Staff) -> None:
    row = make_running(cast, nina, ask={"tier": "private"})
    assert list(row.targets.values_list("customer_id", flat=True)) == [cast.zhang.pk]


def test_customers_chosen_by_hand_are_those_and_never_a_strangers(cast: Cast, nina: Staff) -> None:
    row = make_running(cast, nina, chosen=(cast.osei.pk, cast.liu.pk))
    assert list(row.targets.values_list("customer_id", flat=True)) == [cast.osei.pk]


def test_the_bank_contacts_customers_of_all_branches_below_it(cast: Cast) -> None:
    row = make_running(cast, cast.hugo, branch_id=cast.head_office.pk)
    assert set(row.targets.values_list("customer_id", flat=True)) == {cast.zhang.pk, cast.osei.pk, cast.liu.pk}


def test_whom_the_gate_refuses_gets_no_task_and_it_says_by_which_rule(cast: Cast, nina: Staff) -> None:
    Observance.objects.create(customer=cast.zhang, mourning_from=TODAY - DAY, mourning_until=TODAY + 60 * DAY)
    Consent.objects.create(
        customer=cast.osei, purpose="invitation", channel="call", given=False, on=TODAY - DAY, by=cast.alice
    )
    free = make_customer(rm=cast.bob, name="Eva Kim")
    row = make_running(cast, nina)
    assert [each["code"] for each in target(row, cast.zhang).gate if each["refuses"]] == ["mourning"]
    assert [each["code"] for each in target(row, cast.osei).gate if each["refuses"]] == ["consent"]
    assert list(Reminder.objects.values_list("customer_id", flat=True)) == [free.pk]


def test_a_service_campaign_asks_for_service_and_is_not_refused_in_mourning(cast: Cast, nina: Staff) -> None:
    Observance.objects.create(customer=cast.zhang, mourning_from=TODAY - DAY, mourning_until=TODAY + 60 * DAY)
    row = make_running(cast, nina, purpose="service")
    assert (target(row, cast.zhang).group, [each["code"] for each in target(row, cast.zhang).gate]) == (
        "contact", ["mourning"],
    )  # fmt: skip


def test_who_refuses_its_channels_is_left_out_and_a_second_campaign_waits_for_the_first(
    cast: Cast, nina: Staff
) -> None:
    Preference.objects.create(customer=cast.zhang, never=["call"])
    first = make_running(cast, nina)
    second = make_running(cast, nina, name="Second", chosen=(cast.zhang.pk, cast.osei.pk), channels=("wechat",))
    assert target(first, cast.zhang).code == "no_channel"
    assert (target(second, cast.zhang).group, target(second, cast.osei).code) == ("contact", "other_campaign")


def test_the_channel_and_hour_are_what_today_would_say_with_their_evidence(cast: Cast, nina: Staff) -> None:
    for days in range(1, 7):
        make_interaction(customer=cast.zhang, staff=cast.alice, at=NOON - days * DAY - 8 * DAY, channel="wechat")
    found = target(make_running(cast, nina, channels=("call", "wechat")), cast.zhang)
    assert (found.channel, found.hour) == ("wechat", 12)
    assert found.evidence["channel"][:2] == found.evidence["hour"][:2] == [6, 6]


def test_choosing_asks_equally_often_for_few_and_for_many(cast: Cast, nina: Staff, django_assert_num_queries) -> None:
    by, day = scope(nina), the_day()
    row = Campaign.objects.select_related("branch").get(pk=make_draft(cast, nina).pk)
    for many in (2, 42):
        with django_assert_num_queries(8):
            assert len(choose_for(scope=by, campaign=row, day=day).choice.targets) == many
        for number in range(40):
            make_customer(rm=cast.alice, name=f"Customer {number}")


# Launching


def test_a_launch_opens_one_task_a_contact_that_says_its_campaign(cast: Cast, nina: Staff) -> None:
    row = make_running(cast, nina, minutes=15)
    task = target(row, cast.zhang).reminder
    assert task is not None
    assert (task.cause, task.kind, task.key) == ("campaign", "campaign", str(row.pk))
    assert (task.opens_on, task.due_on, task.expires_on) == (TODAY, dt.date(2026, 12, 4), FRIDAY_AFTER - DAY)
    assert task.stake == Decimal("860000.00")
    assert task.facts == {
        "campaign": row.pk, "label": "Winter salon", "theme": "Porcelain evening", "purpose": "invitation",
        "minutes": 15, "channel": "call", "opening_en": "We hold a porcelain evening in December.",
    }  # fmt: skip


def test_today_ranks_it_and_opens_with_its_sentence_in_the_customers_language(cast: Cast, nina: Staff) -> None:
    make_running(cast, nina, opening_zh="十二月我们有一场瓷器之夜。")
    lines = {line.customer_id: line for line in Line.objects.all()}
    assert "We hold a porcelain evening in December." in lines[cast.osei.pk].opening
    assert "十二月我们有一场瓷器之夜。" in lines[cast.zhang.pk].opening
    assert lines[cast.zhang.pk].reasons[0]["facts"]["label"] == "Winter salon"


def test_without_a_sentence_in_the_customers_language_the_usual_one_is_said(cast: Cast, nina: Staff) -> None:
    make_running(cast, nina)
    assert "有一个活动想邀请您" in Line.objects.get(customer=cast.zhang).opening


def test_launched_twice_is_launched_once(cast: Cast, nina: Staff) -> None:
    row = make_running(cast, nina)
    assert launch(by=scope(nina), campaign_id=row.pk, day=the_day()) == "Already done."
    assert tasks(row) == ["open", "open"]


def test_a_preview_that_no_longer_holds_launches_nothing(cast: Cast, nina: Staff) -> None:
    row = make_draft(cast, nina)
    seal = chosen_for(by=scope(nina), campaign=row, day=the_day()).seal
    Preference.objects.create(customer=cast.zhang, never=["call"])
    with pytest.raises(RefusedError, match="has changed since this preview"):
        launch(by=scope(nina), campaign_id=row.pk, day=the_day(), seal=seal)
    assert (Target.objects.count(), tasks(row)) == (0, [])


def test_held_out_and_left_out_have_no_task(cast: Cast, nina: Staff) -> None:
    for number in range(8):
        make_customer(rm=cast.alice, name=f"Customer {number}")
    row = make_running(cast, nina, holdout_percent=25, budget=Decimal(150))
    groups = row.targets.values_list("group", "reminder_id")
    assert sorted(group for group, _task in groups) == ["contact"] * 5 + ["holdout"] * 2 + ["left_out"] * 3
    assert all((task is not None) == (group == "contact") for group, task in groups)


def test_a_campaign_that_would_contact_nobody_is_not_launched(cast: Cast, nina: Staff) -> None:
    row = make_draft(cast, nina, budget=Decimal(1))
    with pytest.raises(RefusedError, match="Nobody would be contacted"):
        launch(by=scope(nina), campaign_id=row.pk, day=the_day())
    row.refresh_from_db()
    assert row.state == "draft"


def test_a_launched_campaign_does_not_change(cast: Cast, nina: Staff) -> None:
    row = make_running(cast, nina)
    with pytest.raises(RefusedError, match="stays as it is"):
        change(by=scope(nina), campaign_id=row.pk, wanted=replace(wanted(cast), name="Other"), day=the_day())
    row.refresh_from_db()
    assert row.name == "Winter salon"


def test_a_draft_changes_and_keeps_who_changed_it(cast: Cast, nina: Staff) -> None:
    row = make_draft(cast, nina)
    change(by=scope(nina), campaign_id=row.pk, wanted=replace(wanted(cast), name="Spring salon"), day=the_day())
    assert list(Campaign.pgh_event_model.objects.order_by("pgh_id").values_list("name", flat=True)) == [
        "Winter salon", "Spring salon",
    ]  # fmt: skip


# The gate on the day


def asked_again(cast: Cast, by: Staff, theme: str, purpose: str = "invitation") -> list[str]:
    proposal = Proposal(at=NOON, channel="call", purpose=purpose, themes=(theme,), hour_known=False)  # type: ignore[arg-type]
    (verdict,) = answers(by_id=by.pk, asked=[Asking(cast.zhang.pk, proposal)], day=the_day())
    return [each.code for each in verdict.reasons]


def test_a_contact_of_a_campaign_counts_as_what_the_campaign_was_for_and_about(cast: Cast, nina: Staff) -> None:
    """Two invitations within thirty days are the most; a third is refused, a colleague's of the same theme warned of."""
    make_running(cast, nina)
    log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=spoken(), day=the_day())
    assert "repeated" in asked_again(cast, cast.bob, "porcelain  EVENING")
    assert "repeated" not in asked_again(cast, cast.bob, "Golf day")
    assert "cap" not in asked_again(cast, cast.alice, "Golf day")
    make_interaction(customer=cast.zhang, staff=cast.alice, at=NOON - 3 * DAY)
    make_reminder(
        customer=cast.zhang, cause="campaign", kind="campaign", key="9", state="done", closed_on=TODAY - 3 * DAY,
        closed_in=cast.zhang.interactions.earliest("at"), facts={"purpose": "invitation", "theme": "Tea"},
    )  # fmt: skip
    assert "cap" in asked_again(cast, cast.alice, "Golf day")


# The plan


def test_the_plan_places_it_by_the_targets_channel_for_its_minutes_and_says_its_theme(cast: Cast, nina: Staff) -> None:
    make_running(cast, nina, minutes=35, channels=("email",))
    plan_month(by=scope(cast.alice), staff_ids=[cast.alice.pk], period=(TODAY, FRIDAY_AFTER), day=the_day(), seconds=2)
    entry = Entry.objects.get(customer=cast.osei, cause="campaign")
    assert (entry.channel, entry.minutes, entry.theme) == ("email", 35, "Porcelain evening")


def test_the_plan_does_not_place_what_the_gate_refuses_for_the_campaigns_purpose(cast: Cast, nina: Staff) -> None:
    make_running(cast, nina, purpose="marketing")
    Consent.objects.create(customer=cast.osei, purpose="marketing", channel="", given=False, on=TODAY, by=cast.alice)
    plan_month(by=scope(cast.alice), staff_ids=[cast.alice.pk], period=(TODAY, FRIDAY_AFTER), day=the_day(), seconds=2)
    assert not Entry.objects.filter(customer=cast.osei, cause="campaign").exists()


@pytest.mark.parametrize(
    ("purpose", "kinds"), [("invitation", ["deposit_maturing", "campaign"]), ("service", ["deposit_maturing"])]
)
def test_an_invitation_does_not_ride_along_with_what_the_gate_lets_pass(
    cast: Cast, nina: Staff, purpose: str, kinds: list[str]
) -> None:
    make_reminder(customer=cast.osei, due_on=dt.date(2026, 12, 1))
    make_running(cast, nina, purpose=purpose)
    wanted_of = tasks_of(staff_ids=[cast.alice.pk], until_on=FRIDAY_AFTER, day=the_day())[cast.alice.pk]
    assert [each.kind for each in wanted_of if each.customer_id == cast.osei.pk and each.kind] == kinds


# What becomes of it


def test_logging_closes_the_task_and_says_the_result(cast: Cast, nina: Staff) -> None:
    row = make_running(cast, nina)
    done = log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=spoken(), day=the_day())
    found = target(row, cast.zhang)
    assert (found.result, found.result_on, found.interaction_id) == ("reached", TODAY, done.interaction_id)
    assert found.reminder is not None
    assert found.reminder.state == "done"
    assert tell(by=scope(cast.alice), target_id=found.pk, result="interested") == "Kept: interested."
    assert target(row, cast.zhang).result == "interested"


def test_a_try_without_an_answer_leaves_the_task_open(cast: Cast, nina: Staff) -> None:
    row = make_running(cast, nina)
    log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=spoken(outcome="no_answer"), day=the_day())
    assert (target(row, cast.zhang).result, tasks(row)) == ("", ["open", "open"])


def test_a_corrected_contact_takes_the_result_along(cast: Cast, nina: Staff) -> None:
    row = make_running(cast, nina)
    done = log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=spoken(), day=the_day())
    right = correct_contact(
        by=scope(cast.alice), interaction_id=done.interaction_id, contact=spoken(outcome="no_answer"), day=the_day()
    )
    found = target(row, cast.zhang)
    assert (found.result, found.interaction_id) == ("none", right.interaction_id)


def test_no_result_without_a_contact_and_none_by_a_stranger(cast: Cast, nina: Staff) -> None:
    found = target(make_running(cast, nina), cast.zhang)
    with pytest.raises(RefusedError, match="Log the contact first"):
        tell(by=scope(cast.alice), target_id=found.pk, result="interested")
    with pytest.raises(NotYoursError):
        tell(by=scope(cast.carol), target_id=found.pk, result="interested")
    with pytest.raises(PermissionDenied):
        tell(by=scope(cast.mei), target_id=found.pk, result="interested")
    with pytest.raises(RefusedError, match="Interested, reached or declined"):
        tell(by=scope(cast.alice), target_id=found.pk, result="married")
    found.refresh_from_db()
    assert found.result == ""


def test_ending_takes_the_open_tasks_off_every_list_and_keeps_what_was_done(cast: Cast, nina: Staff) -> None:
    row = make_running(cast, nina)
    log_contact(by=scope(cast.alice), customer_id=cast.zhang.pk, contact=spoken(), day=the_day())
    plan_month(by=scope(cast.alice), staff_ids=[cast.alice.pk], period=(TODAY, FRIDAY_AFTER), day=the_day(), seconds=2)
    assert "1 open task" in end(by=scope(nina), campaign_id=row.pk, reason="The hall burned", day=the_day())
    assert tasks(row) == ["done", "expired"]
    assert not Line.objects.filter(customer=cast.osei).exists()
    assert not Entry.objects.filter(cause="campaign", state="planned").exists()
    assert target(row, cast.zhang).result == "reached"
    with pytest.raises(RefusedError, match="over already"):
        end(by=scope(nina), campaign_id=row.pk, reason="Again", day=the_day())


def test_ending_wants_a_reason(cast: Cast, nina: Staff) -> None:
    row = make_running(cast, nina)
    with pytest.raises(RefusedError, match="Say why"):
        end(by=scope(nina), campaign_id=row.pk, reason=" ", day=the_day())
    assert tasks(row) == ["open", "open"]


def test_a_cancelled_draft_cannot_be_launched(cast: Cast, nina: Staff) -> None:
    row = make_draft(cast, nina)
    end(by=scope(nina), campaign_id=row.pk, reason="No room", day=the_day())
    with pytest.raises(RefusedError, match="draft another"):
        launch(by=scope(nina), campaign_id=row.pk, day=the_day())
    assert (Campaign.objects.get().state, Reminder.objects.count()) == ("cancelled", 0)


def test_the_night_after_its_last_day_ends_it_once(cast: Cast, nina: Staff) -> None:
    row = make_running(cast, nina)
    after = replace(the_day(), today=FRIDAY_AFTER)
    expire(day=replace(after, today=FRIDAY_AFTER - DAY))
    assert tasks(row) == ["open", "open"]
    expire(day=after)
    night_opened.send(sender=None, day=after)
    row.refresh_from_db()
    assert (row.state, row.ended_on, tasks(row)) == ("ended", FRIDAY_AFTER, ["expired", "expired"])
    assert end_over(day=after) == {"ended": 0, "closed": 0}


def test_the_night_closes_the_task_of_a_closed_customer(cast: Cast, nina: Staff) -> None:
    row = make_running(cast, nina)
    type(cast.zhang).objects.filter(pk=cast.zhang.pk).update(stage="closed")
    assert end_over(day=the_day()) == {"ended": 0, "closed": 1}
    assert tasks(row) == ["expired", "open"]


def test_tasks_open_on_their_own_days_where_there_is_a_number_a_day(cast: Cast, nina: Staff) -> None:
    make_running(cast, nina, per_day=1)
    assert list(Line.objects.values_list("customer_id", flat=True)) == [cast.zhang.pk]
    rank_all(day=replace(the_day(), today=TODAY + DAY))
    assert Line.objects.count() == 2


# Customers who move


def test_a_handed_over_customer_takes_the_task_along_counted_and_back(cast: Cast, nina: Staff) -> None:
    row = make_running(cast, nina)
    done = hand_over_one(by=scope(cast.dora), customer_id=cast.zhang.pk, to_id=cast.bob.pk, day=the_day())
    assert "1 campaign task came along." in done.sentence
    assert Notice.objects.get(staff=cast.bob).key.endswith("|+1 1")
    assert counted(Notice.objects.get(staff=cast.bob).key).endswith("with 1 campaign task")
    assert Line.objects.get(customer=cast.zhang).rm_id == cast.bob.pk
    assert tasks(row) == ["open", "open"]
    assert Handover.objects.get().counts["campaign"] == 1
    hand_back(by=scope(cast.dora), handover_id=done.handover_id, day=the_day())
    assert Handover.objects.get().back_counts["campaign"] == 1
    assert Line.objects.get(customer=cast.zhang).rm_id == cast.alice.pk
    assert tasks(row) == ["open", "open"]


def test_a_joined_prospect_gives_its_target_and_has_it_back_when_parted(cast: Cast, nina: Staff) -> None:
    from keybook.apps.customers.models import Match

    prospect = make_customer(rm=cast.alice, number=None, stage="prospect", name="Zhang W")
    match = Match.objects.create(prospect=prospect, customer=cast.osei, why="phone", found_on=TODAY)
    row = make_running(cast, nina, chosen=(prospect.pk, cast.zhang.pk))
    join(by=scope(cast.alice), match_id=match.pk, day=the_day())
    found = target(row, cast.osei)
    assert found.reminder is not None
    assert (found.reminder.customer_id, found.reminder.state) == (cast.osei.pk, "open")
    part(by=scope(cast.alice), match_id=match.pk, day=the_day())
    assert target(row, prospect).reminder is not None


def test_a_prospect_joined_to_another_target_of_the_same_campaign_leaves_one_task(cast: Cast, nina: Staff) -> None:
    from keybook.apps.customers.models import Match

    prospect = make_customer(rm=cast.alice, number=None, stage="prospect", name="Zhang W")
    match = Match.objects.create(prospect=prospect, customer=cast.osei, why="phone", found_on=TODAY)
    row = make_running(cast, nina, chosen=(prospect.pk, cast.osei.pk))
    join(by=scope(cast.alice), match_id=match.pk, day=the_day())
    assert tasks(row) == ["dismissed", "open"]
