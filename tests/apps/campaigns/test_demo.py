"""The three campaigns of the demo bank."""

from __future__ import annotations

import datetime as dt

import pytest

from keybook.apps.campaigns.demo import seed
from keybook.apps.campaigns.models import Campaign, Target
from keybook.apps.reminders.models import Reminder
from tests.apps.campaigns.stage import the_day
from tests.cast import NOON, Cast, make_customer, make_interaction, make_staff

pytestmark = pytest.mark.django_db


def test_the_demo_bank_has_one_that_ended_one_that_runs_and_a_draft_with_what_was_spoken_since(cast: Cast) -> None:
    make_staff(code="M001", role="campaign", branch=cast.head_office)
    glad = make_customer(rm=cast.alice, tier=cast.platinum)
    make_interaction(customer=glad, staff=cast.alice, at=NOON - dt.timedelta(days=60), effect="strengthened")
    assert (seed(day=the_day()), seed(day=the_day())) == (3, 0)
    assert list(Campaign.objects.order_by("id").values_list("state", flat=True)) == ["ended", "running", "draft"]
    assert Target.objects.get(customer=glad, campaign__state="ended").result == "interested"
    assert not Reminder.objects.filter(campaign_target__campaign__state="ended", state="open").exists()
    assert Reminder.objects.get(customer=cast.zhang, state="open").facts["label"].startswith("Porcelain salon")


def test_a_bank_without_a_campaign_manager_gets_none(cast: Cast) -> None:
    assert (seed(day=the_day()), Campaign.objects.count()) == (0, 0)
