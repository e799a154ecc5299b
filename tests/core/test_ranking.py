"""Today's scorecard: worked by hand, and what must hold for every list."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.ranking import (
    KIND_POINTS,
    NothingToRankError,
    Part,
    Reason,
    Standing,
    Weights,
    at_stake,
    order_key,
    rank,
)
from keybook.core.workdays import WorkCalendar

MONDAY = date(2026, 11, 23)
CALENDAR = WorkCalendar()
CHEN = Standing(tier_rank=3, tier_key="private", aum=Decimal(6_930_000), last_contact_on=date(2026, 11, 17))
PROMISE = Reason("promise", "promise", date(2026, 11, 20), date(2026, 11, 20), facts={"text": "fees"}, reminder_id=1)
OUTFLOW = Reason(
    "signal", "outflow_other_bank", date(2026, 11, 25), MONDAY, Decimal("1800000.00"), {"bank": "Eastgate"}, 2
)


def line(*reasons, standing=CHEN, today=MONDAY, weights=None):
    return rank(reasons=reasons, standing=standing, today=today, calendar=CALENDAR, weights=weights or Weights())


def signal(kind="idle_cash", days=0, stake="0", number=None):
    return Reason("signal", kind, MONDAY + timedelta(days=days), MONDAY, Decimal(stake), {}, number)


reasons = st.builds(
    Reason,
    cause=st.sampled_from(["promise", "signal", "occasion", "standard", "campaign"]),
    kind=st.sampled_from([*KIND_POINTS, "something new"]),
    due_on=st.dates(date(2026, 9, 1), date(2027, 2, 1)),
    opens_on=st.dates(date(2026, 9, 1), MONDAY),
    stake=st.decimals(0, 10**9, places=2),
    facts=st.dictionaries(st.sampled_from("ab"), st.sampled_from("xy")),
    reminder_id=st.none() | st.integers(1, 99),
)
standings = st.builds(
    Standing,
    tier_rank=st.integers(0, 9),
    tier_key=st.just("gold"),
    aum=st.decimals(0, 10**9, places=2),
    last_contact_on=st.none() | st.dates(date(2024, 1, 1), MONDAY),
    late_from=st.none() | st.dates(date(2026, 9, 1), date(2026, 12, 20)),
)
several = st.lists(reasons, min_size=1, max_size=7)


def test_the_worked_example_adds_up_as_it_is_printed():
    """Promise 20 + 16 + 2 for one workday late; outflow (18 + 14 − 2 days) · 0.7; 18 · log 180 / log 1000; tier 3 · 2."""
    ranked = line(OUTFLOW, PROMISE)
    assert ranked.parts == (
        Part("promise_late", 38),
        Part("outflow_other_bank", 21),
        Part("value", 14),
        Part("tier", 6),
    )
    assert (ranked.priority, ranked.group, ranked.workdays_late) == (79, "a_late", 1)
    assert ranked.due_on == date(2026, 11, 20)
    assert ranked.stake == Decimal("1800000.00")
    assert ranked.rule_version == "today/1"


def test_the_most_pressing_reason_comes_first_with_its_points():
    ranked = line(OUTFLOW, PROMISE, signal("idle_cash"))
    assert [(each.reason.kind, each.points, each.late) for each in ranked.reasons] == [
        ("promise", 38, True),
        ("outflow_other_bank", 21, False),
        ("idle_cash", 2, False),
    ]
    assert ranked.parts[2] == Part("more", 2)


def test_further_reasons_add_two_each_and_four_at_most():
    ranked = line(*(signal("idle_cash", number=each) for each in range(1, 7)))
    assert [each.points for each in ranked.reasons] == [22, 15, 2, 2, 0, 0]


def test_a_promise_over_the_weekend_is_one_workday_late_on_monday():
    assert line(PROMISE).workdays_late == 1


def test_a_promise_due_today_is_not_late():
    ranked = line(Reason("promise", "promise", MONDAY, MONDAY))
    assert (ranked.group, ranked.workdays_late, ranked.parts[0]) == ("b_due", 0, Part("promise", 34))


def test_what_is_promised_for_today_comes_before_anything_nobody_has_promised_but_not_before_what_is_late():
    promised = line(Reason("promise", "promise", MONDAY, MONDAY))
    richer = line(signal("large_outflow", stake="9000000"), signal("deposit_maturing", stake="5000000"))
    late = line(Reason("promise", "promise", MONDAY - timedelta(days=4), MONDAY - timedelta(days=4)))
    assert richer.priority > promised.priority
    in_order = sorted([richer, late, promised], key=lambda each: order_key(ranked=each, customer_id=1))
    assert in_order == [late, promised, richer]


def test_a_promise_for_tomorrow_is_not_promised_for_today():
    assert line(Reason("promise", "promise", MONDAY + timedelta(days=1), MONDAY)).group == "b_today"


@pytest.mark.parametrize(("overdue", "group"), [(5, "b_today"), (6, "a_late")])
def test_a_standard_is_late_only_once_its_grace_is_over(overdue, group):
    late_from = MONDAY - timedelta(days=overdue) + timedelta(days=6)  # five days of grace
    standing = Standing(2, "platinum", Decimal(2_640_500), date(2026, 10, 13), late_from)
    standard = Reason("standard", "standard", MONDAY - timedelta(days=overdue), MONDAY - timedelta(days=overdue))
    assert line(standard, standing=standing).group == group


def test_a_signal_whose_deadline_is_past_is_urgent_but_not_our_fault():
    ranked = line(signal("deposit_maturing", days=-4))
    assert (ranked.group, ranked.parts[0].points) == ("b_today", 32)


@pytest.mark.parametrize(("days", "group"), [(0, "b_today"), (4, "b_today"), (5, "c_later"), (11, "c_later")])
def test_what_falls_due_within_four_workdays_belongs_to_today(days, group):
    assert line(signal(days=days)).group == group


def test_much_money_belongs_to_today_even_with_a_late_deadline():
    """An inflow of 3.48m due in nine days: 15 + 14 − 9, value 15, tier 6 = 41; idle cash adds 7, a third reason 2."""
    inflow = signal("large_inflow", days=9, stake="3480000")
    assert (line(inflow).priority, line(inflow).group) == (41, "c_later")
    both = line(inflow, signal("idle_cash", days=12, stake="1561000"), signal("near_next_tier", days=20))
    assert (both.priority, both.group) == (50, "b_today")


def test_the_same_money_seen_by_two_signals_is_counted_once():
    out = [signal("large_outflow", stake="1800000"), signal("outflow_other_bank", stake="2000000")]
    assert at_stake(reasons=[*out, signal("deposit_maturing", stake="820000")]) == Decimal(2_820_000)


def test_the_whole_relationship_is_not_added_to_a_part_of_it():
    assert at_stake(reasons=[signal("standard", stake="500"), signal("large_inflow", stake="400")]) == Decimal(500)


def test_a_tenth_of_the_relationship_is_at_stake_where_a_reason_has_no_money_of_its_own():
    """1,000,000 here: a tenth is 100,000, a third of the way from 10,000 to 10 million: 6 of 18."""
    standing = Standing(0, "", Decimal(1_000_000), MONDAY)
    whole = signal("standard", stake="1000000")
    assert line(signal("birthday"), standing=standing).parts[-1] == Part("value", 6)
    ranked = line(whole, standing=standing)
    assert (ranked.parts[-1], ranked.stake) == (Part("value", 6), Decimal(1_000_000))


def test_a_late_promise_without_money_may_not_fall_behind_a_late_standard():
    standing = Standing(1, "gold", Decimal(800_000), date(2026, 8, 1), date(2026, 10, 7))
    standard = Reason("standard", "standard", date(2026, 10, 1), date(2026, 10, 1), Decimal(800_000))
    assert line(PROMISE, standing=standing).priority > line(standard, standing=standing).priority


def test_a_customer_never_spoken_to_counts_as_the_longest_silence():
    standing = Standing(0, "", Decimal(0), None)
    assert line(signal(), standing=standing).parts[-1] == Part("silence", 4)


def test_ties_go_to_the_earlier_deadline_then_to_the_larger_stake():
    early = Reason("promise", "promise", MONDAY - timedelta(days=30), MONDAY - timedelta(days=30), reminder_id=9)
    later = Reason("promise", "promise", MONDAY - timedelta(days=20), MONDAY - timedelta(days=20), reminder_id=8)
    rich, poor = signal(stake="50", number=7), signal(stake="20", number=6)
    assert [each.reason.reminder_id for each in line(later, early).reasons] == [9, 8]
    assert [each.reason.reminder_id for each in line(poor, rich).reasons] == [7, 6]


def test_a_list_is_sorted_by_group_priority_deadline_stake_and_customer():
    late, today = line(PROMISE), line(OUTFLOW)
    keys = [order_key(ranked=today, customer_id=1), order_key(ranked=late, customer_id=3)]
    assert min([*keys, order_key(ranked=late, customer_id=2)])[-1] == 2


def test_weights_of_the_banks_own_carry_their_version():
    ranked = line(OUTFLOW, weights=Weights(version="today/9", kinds={"outflow_other_bank": 1}))
    assert (ranked.rule_version, ranked.parts[0].points) == ("today/9", 13)


def test_a_customer_without_a_reason_is_refused_a_line():
    with pytest.raises(NothingToRankError, match="no reason"):
        line()


def test_a_reason_that_opens_tomorrow_may_not_count_today():
    tomorrow = MONDAY + timedelta(days=1)
    with pytest.raises(NothingToRankError):
        line(Reason("signal", "idle_cash", tomorrow, tomorrow))
    assert len(line(PROMISE, Reason("signal", "idle_cash", tomorrow, tomorrow)).reasons) == 1


def test_a_negative_stake_may_not_lower_what_is_at_stake():
    assert at_stake(reasons=[signal("deposit_maturing", stake="-5"), signal("promise", stake="7")]) == Decimal(7)


@given(several, standings)
def test_the_parts_sum_to_the_priority_which_stays_within_a_hundred(found, standing):
    ranked = line(*found, standing=standing)
    assert sum(part.points for part in ranked.parts) == ranked.priority
    assert 0 <= ranked.priority <= 100
    assert sum(each.points for each in ranked.reasons) == sum(
        part.points for part in ranked.parts if part.label_code not in {"value", "tier", "silence"}
    )


@given(several, standings, st.randoms())
def test_the_order_of_the_reasons_does_not_matter(found, standing, random):
    shuffled = random.sample(found, len(found))
    assert line(*found, standing=standing) == line(*shuffled, standing=standing)


@given(several, standings, st.decimals(0, 10**9, places=2), st.integers(0, 6))
def test_more_money_at_stake_never_lowers_the_priority(found, standing, more, place):
    changed = list(found)
    old = changed[place % len(found)]
    changed[place % len(found)] = Reason(
        old.cause, old.kind, old.due_on, old.opens_on, old.stake + more, old.facts, old.reminder_id
    )
    assert line(*changed, standing=standing).priority >= line(*found, standing=standing).priority


@given(several, standings, st.integers(1, 60), st.integers(0, 6))
def test_an_earlier_deadline_never_lowers_the_priority(found, standing, days, place):
    changed = list(found)
    old = changed[place % len(found)]
    due = old.due_on - timedelta(days=days)
    changed[place % len(found)] = Reason(old.cause, old.kind, due, old.opens_on, old.stake, old.facts, old.reminder_id)
    before, after = line(*found, standing=standing), line(*changed, standing=standing)
    assert after.priority >= before.priority
    assert after.workdays_late >= before.workdays_late
    assert after.group <= before.group


@given(several, standings, reasons)
def test_one_more_reason_never_lowers_the_priority(found, standing, more):
    assert line(*found, more, standing=standing).priority >= line(*found, standing=standing).priority
