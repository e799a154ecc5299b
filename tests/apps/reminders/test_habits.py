"""By which channel, at which hour and after what pause a customer answers: counted, shrunk, shown with its tries."""

import datetime as dt

import pytest

from keybook.apps.customers.models import Customer, Preference
from keybook.apps.people.queries import bank
from keybook.apps.reminders import commands
from keybook.apps.reminders.models import HabitRate
from keybook.apps.reminders.queries import habits_of, rates
from tests import cast as who
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db
AT_TEN = dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC)  # half past ten in Shanghai, a Friday


def day():
    return commands.day_of(bank())


def tries(
    cast: Cast, customer: Customer, *, outcomes: str, at: dt.datetime = AT_TEN, step: int = 7, channel: str = "call"
):
    for number, answered in enumerate(outcomes):
        who.make_interaction(
            customer=customer, staff=cast.alice, at=at - dt.timedelta(days=step * number), channel=channel,
            outcome="reached" if answered == "y" else "not_reached",
        )  # fmt: skip


def test_five_of_six_calls_between_ten_and_eleven(cast: Cast):
    tries(cast, cast.zhang, outcomes="yyyyyn")
    commands.rank_all(day=day())
    found = habits_of(customer_id=cast.zhang.pk, day=day())
    assert (found.hour.cell, found.hour.belief.answered, found.hour.belief.tried, found.hour.enough) == (10, 5, 6, True)
    assert found.hour.belief.low < found.hour.belief.mean < found.hour.belief.high


def test_a_weekly_call_is_a_pause_of_seven_days_and_the_first_one_has_none(cast: Cast):
    tries(cast, cast.zhang, outcomes="yyyyyn")
    found = habits_of(customer_id=cast.zhang.pk, day=day())
    counts = {gap: (belief.tried, belief.answered) for gap, belief in found.gaps}
    assert counts["7"] == (5, 5)
    assert sum(tried for tried, _answered in counts.values()) == 5


def test_the_half_day_is_the_banks_friday_morning(cast: Cast):
    tries(cast, cast.zhang, outcomes="yyyyy")
    assert habits_of(customer_id=cast.zhang.pk, day=day()).half.cell == "5a"


def test_what_a_customer_asked_for_wins_with_its_own_evidence(cast: Cast):
    tries(cast, cast.zhang, outcomes="yyyyyy")
    Preference.objects.create(customer=cast.zhang, channels=["email"], never=["call"], hour_from=14)
    found = habits_of(customer_id=cast.zhang.pk, day=day())
    assert (found.channel.cell, found.channel.stated, found.channel.belief.tried) == ("email", True, 0)
    assert (found.hour.cell, found.hour.stated) == (14, True)


def test_a_confidential_contact_changes_no_habit(cast: Cast):
    before = habits_of(customer_id=cast.zhang.pk, day=day())
    who.make_interaction(customer=cast.zhang, staff=cast.alice, at=AT_TEN, confidential=True)
    commands.rank_all(day=day())
    assert habits_of(customer_id=cast.zhang.pk, day=day()) == before


def test_the_bank_and_the_tier_are_counted_by_habit(cast: Cast):
    tries(cast, cast.zhang, outcomes="yyn")
    tries(cast, cast.osei, outcomes="yn", channel="wechat")
    commands.rank_all(day=day())
    among = rates()
    assert among.above("hour", "").bank == {"10": (5, 3)}
    assert among.above("channel", "").bank == {"call": (3, 2), "wechat": (2, 1)}
    assert among.above_hours(cast.zhang.tier.code).tier[10][0] in {3, 5}


def test_what_is_older_than_two_years_is_no_longer_learned_from(cast: Cast):
    tries(cast, cast.zhang, outcomes="y", at=AT_TEN - dt.timedelta(days=800))
    commands.rank_all(day=day())
    assert not HabitRate.objects.filter(tier_code="").exclude(cell="").exists()


def test_counting_twice_gives_the_same(cast: Cast):
    tries(cast, cast.zhang, outcomes="yyn")
    commands.rank_all(day=day())
    columns = ("habit", "tier_code", "cell", "tried", "answered", "strength")
    first = list(HabitRate.objects.order_by(*columns).values_list(*columns))
    commands.rank_all(day=day())
    assert list(HabitRate.objects.order_by(*columns).values_list(*columns)) == first
    assert first


def test_the_card_says_the_tries_and_the_range(cast: Cast):
    tries(cast, cast.zhang, outcomes="yyyyyn")
    commands.rank_all(day=day())
    text = who.as_web(cast.alice).get(f"/customers/{cast.zhang.pk}/").content.decode()
    belief = habits_of(customer_id=cast.zhang.pk, day=day()).hour.belief
    assert f"5 of 6 answered; {belief.mean * 100:.0f} % ({belief.low * 100:.0f}–{belief.high * 100:.0f} %)" in text


def test_programs_read_the_same(cast: Cast):
    tries(cast, cast.zhang, outcomes="yyyyyn")
    found = who.as_web(cast.alice).get(f"/api/v1/customers/{cast.zhang.pk}/habits").json()
    assert (found["hour"]["choice"], found["hour"]["answered"], found["hour"]["tried"]) == ("10", 5, 6)


def test_a_strangers_habits_are_not_there(cast: Cast):
    assert who.as_web(cast.alice).get(f"/api/v1/customers/{cast.liu.pk}/habits").status_code == 404


def test_who_is_called_again_within_days_and_answers_after_a_month_is_called_too_often(cast: Cast):
    for number in range(12):
        at = AT_TEN - dt.timedelta(days=40 * number)
        tries(cast, cast.zhang, outcomes="n", at=at + dt.timedelta(days=2))
        tries(cast, cast.zhang, outcomes="y", at=at)
    commands.restate_all(day=day())
    found = habits_of(customer_id=cast.zhang.pk, day=day())
    assert (found.gap.cell, found.days, found.too_soon) == ("30", (TODAY - AT_TEN.date()).days, True)
    assert "much better after 30–59 days" in who.as_web(cast.alice).get(f"/customers/{cast.zhang.pk}/").content.decode()
