"""Whom a campaign contacts: worked by hand, and what holds whoever its customers are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.campaigns import (
    Candidate,
    Target,
    Terms,
    TermsError,
    Way,
    best_way,
    choose,
    drawn,
    held_out,
    result_of,
    workdays,
)
from keybook.core.gate import Reason, Verdict
from keybook.core.habits import Belief, Best, Levels
from keybook.core.workdays import WorkCalendar

MONDAY = date(2026, 11, 30)
DAY = timedelta(days=1)
CALENDAR = WorkCalendar()
TERMS = Terms("7", MONDAY, MONDAY + 14 * DAY, ("call", "wechat"))
EVEN: Levels[str] = Levels({}, {})
REFUSED = Verdict((Reason("mourning", refuses=True), Reason("lately", refuses=False)))
WARNED = Verdict((Reason("lately", refuses=False),))


def way(answered: int = 5, tried: int = 10, channel: str = "call") -> Way:
    return Way(channel, Best(channel, Belief(tried, answered, 0.5, 4), enough=True))


def candidate(customer: int, **more) -> Candidate:
    return Candidate(customer, **{"banker": 1, "aum": Decimal(1_000_000), "way": way(), **more})


def chosen(*candidates: Candidate, **terms) -> dict[int, Target]:
    found = choose(candidates=candidates, terms=replace(TERMS, **terms), today=MONDAY, calendar=CALENDAR)
    return {each.candidate.customer: each for each in found.targets}


def test_worth_is_a_tenth_of_the_relationship_times_the_chance_of_an_answer():
    """Seven of ten answered, lent four tries at a half: (7 + 2) / 14 = 0.6429; × 200,000 / 10."""
    assert candidate(1, aum=Decimal(200_000), way=way(7)).worth == Decimal(12_858)
    assert candidate(1, aum=Decimal(-5), way=way(7)).worth == 0
    assert candidate(1, way=None).worth == 0


def test_the_most_worth_goes_first_and_of_equals_the_lower_number():
    found = chosen(candidate(3), candidate(2), candidate(1, aum=Decimal(10)), candidate(4, way=way(9)))
    assert sorted(found, key=lambda each: found[each].rank) == [4, 2, 3, 1]


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (candidate(1, way=None), "no_channel"),
        (candidate(1, verdict=REFUSED), "gate"),
        (candidate(1, banker=None), "no_banker"),
        (candidate(1, elsewhere=True), "other_campaign"),
    ],
)
def test_who_may_not_be_contacted_is_left_out_unranked_and_it_says_why(who, code):
    found = chosen(who)[1]
    assert (found.group, found.code, found.rank, found.opens_on) == ("left_out", code, 0, None)


def test_whom_the_gate_only_warns_of_is_contacted_and_counted():
    found = choose(
        candidates=[candidate(1, verdict=WARNED), candidate(2, verdict=REFUSED), candidate(3)],
        terms=TERMS, today=MONDAY, calendar=CALENDAR,
    )  # fmt: skip
    assert (found.groups, found.warned) == ({"contact": 2, "holdout": 0, "left_out": 1}, 1)
    assert (found.refusals, found.left_out) == ({"mourning": 1}, {"gate": 1})  # what only warns refuses nobody


def test_contacts_beyond_the_budget_are_left_out_the_least_worth_first():
    found = chosen(*(candidate(each) for each in range(1, 7)), budget=Decimal(100), cost=Decimal(30))
    assert [each for each, of in found.items() if of.group == "contact"] == [1, 2, 3]
    assert {found[each].code for each in (4, 5, 6)} == {"budget"}


def test_who_is_held_out_costs_nothing():
    """Three contacts can be paid; of four one is held out, of five still one, which makes four contacts."""
    found = chosen(*(candidate(each) for each in range(1, 9)), budget=Decimal(90), cost=Decimal(30), holdout_percent=25)
    groups = [found[each].group for each in range(1, 9)]
    assert (groups.count("contact"), groups.count("holdout"), groups[4:]) == (3, 1, ["left_out"] * 4)


def test_no_money_is_no_contact_and_a_contact_without_cost_needs_no_budget():
    assert chosen(candidate(1), budget=Decimal(0), cost=Decimal(1))[1].code == "budget"
    assert chosen(candidate(1), budget=Decimal(0), cost=Decimal(0))[1].group == "contact"
    assert chosen(candidate(1), budget=None, cost=Decimal(9))[1].group == "contact"


def test_two_a_day_begin_on_the_next_workday_with_each_banker_for_themselves():
    found = chosen(*(candidate(each, banker=each % 2) for each in range(1, 11)), per_day=2)
    opens = {each: (found[each].opens_on - MONDAY).days for each in found}
    assert opens == {1: 0, 2: 0, 3: 0, 4: 0, 5: 1, 6: 1, 7: 1, 8: 1, 9: 2, 10: 2}


def test_who_ranks_beyond_the_room_of_their_banker_is_left_out():
    """From Saturday on, one a day until Tuesday: Monday and Tuesday."""
    found = choose(
        candidates=[candidate(each) for each in (1, 2, 3)],
        terms=replace(TERMS, per_day=1, until_on=MONDAY + 2 * DAY), today=MONDAY - 2 * DAY, calendar=CALENDAR,
    )  # fmt: skip
    assert [each.code for each in found.targets] == ["", "", "room"]
    assert found.due_on == MONDAY + DAY
    assert found.cost(each=Decimal(30)) == 60


def test_a_campaign_that_has_begun_begins_today():
    assert workdays(terms=TERMS, today=MONDAY + 10 * DAY, calendar=CALENDAR)[0] == MONDAY + 10 * DAY


def test_a_period_without_a_workday_is_refused():
    weekend = replace(TERMS, from_on=MONDAY - 2 * DAY, until_on=MONDAY)
    with pytest.raises(TermsError, match="no workday left") as refusal:
        choose(candidates=[], terms=weekend, today=MONDAY - 5 * DAY, calendar=CALENDAR)
    assert refusal.value.field == "until_on"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("until_on", {"until_on": MONDAY}),
        ("until_on", {"until_on": MONDAY + 367 * DAY}),
        ("channels", {"channels": ()}),
        ("channels", {"channels": ("branch",)}),
        ("purpose", {"purpose": "greeting"}),
        ("purpose", {"purpose": "spam"}),
        ("holdout_percent", {"holdout_percent": 51}),
        ("holdout_percent", {"holdout_percent": -1}),
        ("budget", {"budget": Decimal(-1)}),
        ("budget", {"cost": Decimal(-1)}),
        ("per_day", {"per_day": 0}),
    ],
)
def test_terms_that_cannot_be_are_refused_by_the_field(field, values):
    with pytest.raises(TermsError) as refusal:
        replace(TERMS, **values)
    assert refusal.value.field == field


def test_the_way_is_what_the_customer_asked_for_then_what_they_answer_then_the_campaigns_order():
    own = {"call": (10, 1), "wechat": (10, 9)}
    channels = ("call", "wechat")
    assert best_way(channels=channels, own=own, above=EVEN, stated=["call"]).channel == "call"
    assert best_way(channels=channels, own=own, above=EVEN).channel == "wechat"
    assert best_way(channels=channels, own=own, above=EVEN, never=["wechat"]).channel == "call"
    letters = best_way(channels=("visit", "letter"), own=own, above=EVEN, stated=["sms"])
    assert (letters.channel, letters.best.enough) == ("visit", False)


def test_who_refuses_every_channel_of_the_campaign_has_no_way():
    assert best_way(channels=("call",), own={}, above=EVEN, never=["call"]) is None


@pytest.mark.parametrize(("outcome", "result"), [("reached", "reached"), ("met", "reached"), ("no_answer", "none")])
def test_a_logged_contact_says_whether_somebody_was_spoken_with(outcome, result):
    assert result_of(outcome=outcome) == result


@st.composite
def crowds(draw):
    """Customers of some bankers, refused, warned or neither."""
    many = draw(st.integers(0, 60))
    verdicts = st.sampled_from([Verdict(), REFUSED, WARNED])
    return [
        candidate(
            number, banker=draw(st.sampled_from([1, 2, 3, None])), aum=Decimal(draw(st.integers(0, 10**7))),
            way=draw(st.sampled_from([None, way(2), way(9, channel="wechat")])), verdict=draw(verdicts),
            elsewhere=draw(st.booleans()),
        )
        for number in range(1, many + 1)
    ]  # fmt: skip


terms = st.builds(
    replace, st.just(TERMS), holdout_percent=st.integers(0, 50), per_day=st.none() | st.integers(1, 4),
    budget=st.none() | st.integers(0, 2000).map(Decimal), cost=st.integers(0, 90).map(Decimal),
)  # fmt: skip


@given(crowds(), terms)
def test_everybody_is_decided_once_and_nobody_refused_is_contacted_or_held_out(crowd, asked):
    found = choose(candidates=crowd, terms=asked, today=MONDAY, calendar=CALENDAR)
    assert sorted(each.candidate.customer for each in found.targets) == [each.customer for each in crowd]
    for each in found.targets:
        if each.group == "left_out":
            assert each.code
            continue
        one = each.candidate
        assert one.verdict.answer != "refused"
        assert one.way
        assert one.banker
        assert not one.elsewhere
        assert not each.code
        assert (each.opens_on is not None) == (each.group == "contact")


@given(crowds(), terms)
def test_the_share_held_out_is_exact_and_money_and_days_are_kept(crowd, asked):
    found = choose(candidates=crowd, terms=asked, today=MONDAY, calendar=CALENDAR)
    taken = [each for each in found.targets if each.group != "left_out"]
    assert abs(found.groups["holdout"] * 100 - len(taken) * asked.holdout_percent) <= 50
    if asked.budget is not None and asked.cost:
        assert found.cost(each=asked.cost) <= asked.budget
    days = workdays(terms=asked, today=MONDAY, calendar=CALENDAR)
    for each in taken:
        if each.opens_on:
            assert each.opens_on in days
            assert each.opens_on <= found.due_on < asked.until_on
    if asked.per_day:
        began = [(each.candidate.banker, each.opens_on) for each in taken if each.opens_on]
        assert all(began.count(one) <= asked.per_day for one in set(began))


@given(crowds(), terms, st.randoms())
def test_a_repeat_decides_the_same_whatever_the_order(crowd, asked, dice: Random):
    shuffled = dice.sample(crowd, len(crowd))
    assert choose(candidates=crowd, terms=asked, today=MONDAY, calendar=CALENDAR) == choose(
        candidates=shuffled, terms=asked, today=MONDAY, calendar=CALENDAR
    )


@given(crowds(), terms)
def test_ranks_follow_worth_and_who_is_cut_ranks_behind_who_stays(crowd, asked):
    found = choose(candidates=crowd, terms=asked, today=MONDAY, calendar=CALENDAR)
    ranked = [each for each in found.targets if each.rank]
    assert [each.rank for each in ranked] == list(range(1, len(ranked) + 1))
    assert [each.candidate.worth for each in ranked] == sorted((each.candidate.worth for each in ranked), reverse=True)
    cut = [each.rank for each in ranked if each.code == "budget"]
    assert not cut or min(cut) > max((each.rank for each in ranked if not each.code), default=0)


@given(st.integers(0, 10_000), st.integers(0, 50))
def test_half_or_more_stay_and_more_customers_hold_out_no_fewer(count, percent):
    held = held_out(count=count, percent=percent)
    assert held * 2 <= count + 1
    assert held <= held_out(count=count + 1, percent=percent) <= held + 1


def test_two_campaigns_draw_different_lots():
    asked = replace(TERMS, holdout_percent=50)
    assert drawn(customers=range(100), terms=asked) != drawn(customers=range(100), terms=replace(asked, key="8"))


def test_the_lot_falls_alike_on_high_and_low_ranks():
    held = drawn(customers=range(2000), terms=replace(TERMS, holdout_percent=20))
    assert len(held) == 400
    assert 150 < sum(each < 1000 for each in held) < 250
