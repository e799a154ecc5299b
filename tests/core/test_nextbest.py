"""The four gates and the score of the next best contact, worked by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.calendars import workdays
from keybook.core.gate import Customer as GateCustomer
from keybook.core.gate import Past
from keybook.core.habits import Belief
from keybook.core.nextbest.allowed import Now, allowed, left_alone, purpose_of
from keybook.core.nextbest.applicable import applicable
from keybook.core.nextbest.choosing import choose
from keybook.core.nextbest.eligible import eligible
from keybook.core.nextbest.facts import THEME_OF, Candidate, Customer, Way
from keybook.core.nextbest.resting import REJECTED_DAYS, rests_until, silent_until
from keybook.core.nextbest.scoring import Taken, score, taken_up, urgency, value_of
from keybook.core.nextbest.suitable import suitable
from keybook.core.periods import Period

TODAY = date(2026, 11, 23)
NOW = Now(TODAY, workdays("CN"))
DAY = timedelta(days=1)
ZHANG = Customer(
    stage="customer", standing="steady", is_key=True, has_banker=True, aum=Decimal(2_000_000), liquid=Decimal(900_000),
    next_tier_at=Decimal(2_200_000), tier_leave_at=Decimal(1_000_000), risk_level="C3", risk_until=TODAY + 200 * DAY,
)  # fmt: skip
CALL = Way("call", Belief(6, 5, 0.74, 5))
WECHAT = Way("wechat", Belief(4, 1, 0.5, 4))
MATURING = Candidate("deposit_maturing", TODAY + 14 * DAY, Decimal(450_000), 1)
IDLE = Candidate("idle_cash", TODAY + 28 * DAY, Decimal(500_000), 2)
PROMISE = Candidate("promise", TODAY, reminder_id=3)
TEA = Candidate("campaign", TODAY + 14 * DAY, Decimal(50_000), 5)
BIRTHDAY = Candidate("birthday", TODAY + DAY, reminder_id=4)


def code(drop):
    return None if drop is None else drop.code


# Eligible


def test_a_key_customer_with_a_banker_is_eligible():
    assert eligible(customer=ZHANG, theme="maturity", today=TODAY) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"stage": "prospect"}, "no_customer"), ({"stage": "closed"}, "no_customer"), ({"has_banker": False}, "no_banker"),
        ({"is_key": False}, "not_key"), ({"standing": "ended"}, "ended"), ({"paused_until": TODAY + DAY}, "paused"),
    ],
)  # fmt: skip
def test_who_is_not_eligible_and_why(change, why):
    assert code(eligible(customer=replace(ZHANG, **change), theme="maturity", today=TODAY)) == why


@pytest.mark.parametrize("change", [{"is_key": False}, {"standing": "ended"}, {"paused_until": TODAY + DAY}])
def test_what_we_promised_is_owed_even_then(change):
    assert eligible(customer=replace(ZHANG, **change), theme="promise", today=TODAY) is None


def test_a_pause_that_ends_today_is_over():
    assert eligible(customer=replace(ZHANG, paused_until=TODAY), theme="standard", today=TODAY) is None


# Applicable


@pytest.mark.parametrize(
    ("candidate", "why"),
    [
        (MATURING, None),
        (replace(MATURING, silent_until=TODAY + DAY), "later"),
        (replace(MATURING, silent_until=TODAY), None),
        (replace(MATURING, expires_on=TODAY), "expired"),
        (replace(MATURING, due_on=TODAY - 7 * DAY), None),
        (replace(MATURING, due_on=TODAY - 8 * DAY), "over"),
        (replace(BIRTHDAY, due_on=TODAY), None),
        (replace(BIRTHDAY, due_on=TODAY - DAY), "over"),
        (replace(IDLE, stake=Decimal(1_800_000)), None),
        (replace(IDLE, stake=Decimal(1_800_001)), "no_more"),
        (replace(PROMISE, due_on=TODAY - 300 * DAY), None),
    ],
)
def test_a_theme_is_true_only_as_long_as_it_is(candidate, why):
    assert code(applicable(customer=ZHANG, candidate=candidate, today=TODAY)) == why


@pytest.mark.parametrize(("aum", "why"), [(1_870_000, None), (1_869_999, "no_more"), (2_200_000, "no_more")])
def test_the_next_tier_is_near_from_85_percent_of_it(aum, why):
    candidate = Candidate("near_next_tier", TODAY)
    assert code(applicable(customer=replace(ZHANG, aum=Decimal(aum)), candidate=candidate, today=TODAY)) == why


def test_the_highest_tier_has_no_next():
    candidate = Candidate("near_next_tier", TODAY)
    assert code(applicable(customer=replace(ZHANG, next_tier_at=None), candidate=candidate, today=TODAY)) == "no_more"


def test_who_is_back_above_the_threshold_falls_below_no_tier():
    candidate = Candidate("below_tier", TODAY)
    assert code(applicable(customer=ZHANG, candidate=candidate, today=TODAY)) == "no_more"
    assert applicable(customer=replace(ZHANG, aum=Decimal(900_000)), candidate=candidate, today=TODAY) is None


@pytest.mark.parametrize(
    ("until", "why"), [(None, None), (TODAY, None), (TODAY + 60 * DAY, None), (TODAY + 61 * DAY, "no_more")]
)
def test_a_risk_profile_is_renewed_from_60_days_before_its_end(until, why):
    candidate = Candidate("risk_profile_expiring", TODAY)
    assert code(applicable(customer=replace(ZHANG, risk_until=until), candidate=candidate, today=TODAY)) == why


# Suitable


@pytest.mark.parametrize(
    ("change", "candidate", "why"),
    [
        ({}, IDLE, None), ({}, PROMISE, None),
        ({}, replace(IDLE, stake=Decimal(9_999)), "small"),
        ({"risk_until": None}, IDLE, "no_profile"), ({"risk_level": ""}, IDLE, "no_profile"),
        ({"risk_until": TODAY - DAY}, IDLE, "profile_over"), ({"risk_until": TODAY}, IDLE, None),
        ({"risk_level": "C1"}, IDLE, "too_risky"), ({"risk_level": "C2"}, IDLE, None),
        ({"liquid": Decimal(399_999)}, IDLE, "not_liquid"), ({"liquid": Decimal(400_000)}, IDLE, None),
        ({"risk_until": None, "liquid": Decimal(0)}, MATURING, None),
    ],
)  # fmt: skip
def test_a_product_suits_by_profile_amount_and_liquidity(change, candidate, why):
    assert code(suitable(customer=replace(ZHANG, **change), candidate=candidate, today=TODAY)) == why


# Allowed


def spoke(days):
    return Past(datetime(2026, 11, 23, 4, tzinfo=UTC) - timedelta(days=days), "wechat", by="Bob", outcome="reached")


def planned(days):
    return Past(
        datetime(2026, 11, 23, 4, tzinfo=UTC) + timedelta(days=days), "call", by="Bob", spoke=False, planned=True
    )


@pytest.mark.parametrize(
    ("gate", "candidate", "why"),
    [
        ({}, MATURING, None),
        ({"never": frozenset({"call"})}, PROMISE, "never"),
        ({"consents": {("all", "marketing"): False}}, IDLE, "consent"),
        ({"consents": {("all", "marketing"): False}}, MATURING, None),
        ({"mourning": Period(TODAY)}, IDLE, "mourning"), ({"mourning": Period(TODAY)}, BIRTHDAY, "mourning"),
        ({"mourning": Period(TODAY)}, MATURING, None),
        ({"complaint_since": TODAY}, MATURING, "complaint"), ({"complaint_since": TODAY}, PROMISE, None),
        ({"vulnerable": "Hard of hearing"}, MATURING, None), ({"vulnerable": "Hard of hearing"}, IDLE, "vulnerable"),
        ({"past": (spoke(6),)}, MATURING, "lately"), ({"past": (spoke(7),)}, MATURING, None),
        ({"past": (planned(3),)}, MATURING, "planned"), ({"past": (planned(7),)}, MATURING, None),
        ({"past": (planned(0),)}, PROMISE, None), ({"past": (planned(0),)}, BIRTHDAY, None),
        ({"past": (spoke(0),)}, PROMISE, None),
        ({"past": (spoke(0),)}, replace(PROMISE, due_on=TODAY + DAY), "lately"),
        ({"mourning": Period(TODAY)}, TEA, "mourning"),  # a campaign invites, unless it says that it sells or serves
        ({"mourning": Period(TODAY)}, replace(TEA, facts={"purpose": "service"}), None),
        ({"consents": {("all", "marketing"): False}}, replace(TEA, facts={"purpose": "marketing"}), "consent"),
        ({"consents": {("all", "marketing"): False}}, replace(TEA, facts={"purpose": "gossip"}), None),
        ({"past": (replace(spoke(9), theme="tea  TASTING"),)}, replace(TEA, facts={"theme": "Tea tasting"}), "repeated"),
        ({"past": (replace(spoke(9), theme="Golf"),)}, replace(TEA, facts={"theme": "Tea tasting"}), None),
    ],
)  # fmt: skip
def test_what_the_gate_before_every_contact_says_is_asked_once_more(gate, candidate, why):
    customer = replace(ZHANG, gate=GateCustomer(**gate))
    assert code(allowed(customer=customer, candidate=candidate, channel="call", now=NOW)) == why


@pytest.mark.parametrize(
    ("days", "reasons", "alone"),
    [
        (0, [], True), (6, [], True), (7, [], False),
        (0, [("deposit_maturing", TODAY), ("standard", TODAY)], True),
        (0, [("birthday", TODAY)], False), (0, [("gift_idea", TODAY)], False), (0, [("of their own", TODAY)], False),
        (0, [("promise", TODAY)], False), (0, [("promise", TODAY + DAY)], True),
    ],
)  # fmt: skip
def test_whoever_was_spoken_to_is_left_alone_but_for_greetings_and_what_is_owed(days, reasons, alone):
    assert left_alone(days=days, reasons=reasons, on=TODAY, lately_days=7) is alone


KINDS = st.sampled_from([*THEME_OF, "of their own"])
OPEN = st.lists(st.tuples(KINDS, st.dates(TODAY - 9 * DAY, TODAY + 9 * DAY)), max_size=4)


@given(
    days=st.integers(0, 12),
    reasons=OPEN,
    lately=st.integers(0, 12),
    channel=st.sampled_from(["call", "email", "visit"]),
)
def test_of_whoever_is_left_alone_the_whole_gate_would_let_nothing_pass(days, reasons, lately, channel):
    spoken = GateCustomer(past=(spoke(days),))
    now = replace(NOW, rules=replace(NOW.rules, lately_days=lately))
    passed = [
        candidate for candidate in (MATURING, IDLE, *(Candidate(kind, due_on) for kind, due_on in reasons))
        if allowed(customer=replace(ZHANG, gate=spoken), candidate=candidate, channel=channel, now=now) is None
    ]  # fmt: skip
    if left_alone(days=days, reasons=reasons, on=TODAY, lately_days=lately):
        assert passed == []


@pytest.mark.parametrize(
    ("change", "candidate", "why"),
    [
        ({"no_congratulation": True}, BIRTHDAY, "no_congratulation"), ({"no_congratulation": True}, MATURING, None),
        ({"official": True}, Candidate("gift_idea", TODAY), "official"), ({"official": True}, BIRTHDAY, None),
    ],
)  # fmt: skip
def test_wishes_and_offices_are_respected(change, candidate, why):
    assert code(allowed(customer=replace(ZHANG, **change), candidate=candidate, channel="call", now=NOW)) == why


def test_a_campaign_invites():
    assert purpose_of("campaign") == "invitation"


# The score


def test_the_score_of_a_maturity_is_what_a_hand_finds():
    """450,000 × (8.7/11 · 0.5) × 0.5, because fourteen days are left: 88,977."""
    made = score(customer=ZHANG, candidate=MATURING, way=CALL, taken=Taken(), today=TODAY)
    assert (made.value, made.share, made.urgency) == (Decimal(450_000), None, 0.5)
    assert made.chance == pytest.approx(8.7 / 11 * 0.5)
    assert made.worth == 88_977


def test_what_means_the_whole_relationship_is_a_share_of_it():
    assert value_of(customer=ZHANG, candidate=Candidate("dormant", TODAY, Decimal(2_000_000))) == (
        100_000,
        Decimal("0.05"),
    )
    assert value_of(customer=ZHANG, candidate=PROMISE) == (100_000, Decimal("0.05"))
    assert value_of(customer=replace(ZHANG, aum=Decimal(-5)), candidate=PROMISE)[0] == 0


@pytest.mark.parametrize(("days", "expected"), [(-5, 1), (0, 1), (14, 0.5), (28, 0.25)])
def test_urgency_is_whole_on_the_deadline_and_halves_every_fourteen_days_before(days, expected):
    assert urgency(due_on=TODAY + days * DAY, today=TODAY) == pytest.approx(expected)


def test_ones_own_no_weighs_more_than_a_no_of_the_bank():
    """Own: (0.5·2 + 0) / 3. Of the bank: (0.5·20 + 0) / 21."""
    assert taken_up(taken=Taken(own=(1, 0))).mean == pytest.approx(1 / 3)
    assert taken_up(taken=Taken(((1, 0),))).mean == pytest.approx(10 / 21)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (max(pair), min(pair))), max_size=3),
    st.integers(0, 20), st.integers(0, 20),
)  # fmt: skip
def test_each_no_lowers_the_chance_and_it_is_never_nothing(levels, tried, answered):
    own = (max(tried, answered), min(tried, answered))
    before = taken_up(taken=Taken(tuple(levels), own)).mean
    after = taken_up(taken=Taken(tuple(levels), (own[0] + 1, own[1]))).mean
    assert 0 < after < before < 1


# The choice


def test_the_most_worth_is_proposed_and_the_others_say_by_how_much_they_lost():
    choice = choose(customer=ZHANG, candidates=[IDLE, MATURING, PROMISE], ways=[CALL], taken={}, now=NOW)
    assert choice.best.candidate == MATURING
    assert [each.candidate.theme for each in choice.others] == ["idle_cash", "promise"]
    assert all(each.drop is None and 0 <= each.worth < choice.best.worth for each in choice.others)


def test_the_better_channel_of_a_theme_is_taken_and_a_refused_one_told():
    choice = choose(
        customer=replace(ZHANG, gate=GateCustomer(never=frozenset({"call"}))),
        candidates=[MATURING],
        ways=[CALL, WECHAT],
        taken={},
        now=NOW,
    )
    assert choice.best.channel == "wechat"
    assert [(each.channel, each.drop.code) for each in choice.others] == [("call", "never")]


def test_each_dropped_theme_names_its_gate():
    customer = replace(ZHANG, risk_level="C1", gate=GateCustomer(mourning=Period(TODAY)))
    late = replace(MATURING, due_on=TODAY - 30 * DAY)
    choice = choose(customer=customer, candidates=[IDLE, late, BIRTHDAY], ways=[CALL, WECHAT], taken={}, now=NOW)
    assert choice.best is None
    assert {each.candidate.theme: each.drop.gate for each in choice.others} == {
        "idle_cash": "suitable", "maturity": "applicable", "occasion": "allowed",
    }  # fmt: skip


def test_a_theme_they_said_no_to_falls_behind():
    twice_no = {"maturity": Taken(own=(4, 0))}
    choice = choose(customer=ZHANG, candidates=[MATURING, PROMISE], ways=[CALL], taken=twice_no, now=NOW)
    assert choice.best.candidate == PROMISE


def test_without_a_cause_or_a_way_nothing_is_proposed():
    assert choose(customer=ZHANG, candidates=[], ways=[CALL], taken={}, now=NOW).best is None
    assert choose(customer=ZHANG, candidates=[PROMISE], ways=[], taken={}, now=NOW).best is None


kinds = st.sampled_from(sorted(THEME_OF))
several = st.lists(
    st.builds(
        Candidate, kinds, st.integers(-40, 90).map(lambda days: TODAY + days * DAY),
        st.integers(0, 10_000_000).map(Decimal), st.integers(1, 9),
    ),
    max_size=6,
)  # fmt: skip


@given(several, several)
def test_the_order_in_which_themes_come_changes_nothing_and_the_best_passes_every_gate(first, second):
    def choose_of(candidates):
        return choose(customer=ZHANG, candidates=candidates, ways=[CALL, WECHAT], taken={}, now=NOW)

    choice, again = choose_of([*first, *second]), choose_of([*second, *first])
    assert (choice.best is None) == (again.best is None)
    if choice.best is not None:
        assert (choice.best.worth, choice.best.candidate.kind) == (again.best.worth, again.best.candidate.kind)
        assert choice.best.drop is None
        assert all(other.worth <= choice.best.worth for other in choice.others)
        assert eligible(customer=ZHANG, theme=choice.best.candidate.theme, today=TODAY) is None


# Resting


def test_each_answer_rests_as_it_says():
    rests = {reason: rests_until(answer="rejected", reason=reason, today=TODAY) - TODAY for reason in REJECTED_DAYS}
    assert rests == {reason: days * DAY for reason, days in REJECTED_DAYS.items()}
    assert rests_until(answer="later", until=TODAY + 3 * DAY, today=TODAY) == TODAY + 3 * DAY
    assert rests_until(answer="accepted", today=TODAY) == TODAY + 7 * DAY
    assert rests_until(answer="accepted", until=TODAY + 20 * DAY, today=TODAY) == TODAY + 21 * DAY


@given(st.integers(0, 600))
def test_what_is_planned_rests_at_least_a_week_and_at_most_half_a_year(days):
    until = rests_until(answer="accepted", until=TODAY + days * DAY, today=TODAY)
    assert TODAY + 7 * DAY <= until <= TODAY + 180 * DAY


def test_contacted_too_often_rests_every_theme_but_what_we_promised():
    until = TODAY + 30 * DAY
    assert silent_until(theme="maturity", own=None, too_often=until) == until
    assert silent_until(theme="maturity", own=until + DAY, too_often=until) == until + DAY
    assert silent_until(theme="promise", own=None, too_often=until) is None


def test_a_theme_rejected_again_and_again_is_worth_less_each_time():
    worth = [
        score(customer=ZHANG, candidate=MATURING, way=CALL, taken=Taken(own=(tries, 0)), today=TODAY).worth
        for tries in range(5)
    ]
    assert worth == sorted(worth, reverse=True)
    assert len(set(worth)) == 5
