"""Channel, hour and pause: shrunk by hand, and what no luck may do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from keybook.core.habits import (
    ENOUGH_TO_FIT,
    HOURS,
    LEAST_STRENGTH,
    MOST_STRENGTH,
    USUAL_STRENGTH,
    Belief,
    ImpossibleRateError,
    Levels,
    beliefs,
    best_channel,
    best_gap,
    best_half,
    best_hour,
    gap_of,
    is_overdone,
    strength,
)

BANK = dict.fromkeys(range(9, 18), (100, 40)) | {15: (100, 60)}
ABOVE = Levels({}, BANK)
CHANNELS = Levels({}, {"call": (1000, 500), "wechat": (1000, 600), "visit": (500, 490), "sms": (100, 20)})
PAUSES = Levels(
    {}, {"0": (100, 50), "7": (100, 50), "14": (100, 50), "30": (100, 50), "60": (100, 50), "120": (100, 50)}
)
NOBODY: Levels[int] = Levels({}, {})
rates = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (max(pair), min(pair)))
hours = st.dictionaries(st.integers(8, 19), rates, max_size=9)


# The belief itself


def test_five_of_six_lent_five_tries_at_74_percent_are_79_percent_and_52_to_96():
    """Beta(5 + 0.74·5, 1 + 0.26·5) = Beta(8.7, 2.3); its mean is 8.7 / 11."""
    belief = Belief(6, 5, lent=0.74, strength=5)
    assert (belief.a, belief.b) == (pytest.approx(8.7), pytest.approx(2.3))
    assert (round(belief.mean * 100), round(belief.low * 100), round(belief.high * 100)) == (79, 52, 96)
    assert [belief.low, belief.high] == pytest.approx(list(beta.ppf([0.025, 0.975], 8.7, 2.3)))


def test_the_lent_rate_is_what_a_hand_finds():
    """The bank's whole (380 + 0.5·4) / 904; its 10 o'clock (40 + 20·that) / 120; the tier's (6 + 20·that) / 30."""
    overall = (380 + 2) / 904
    of_bank = (40 + 20 * overall) / 120
    found = beliefs(own={10: (6, 5)}, above=Levels({10: (10, 6)}, BANK, 4.0), cells=HOURS)[10]
    assert found.lent == pytest.approx((6 + 20 * of_bank) / 30)
    assert found.mean == pytest.approx((5 + 4 * found.lent) / 10)


def test_without_own_tries_a_belief_is_what_is_lent():
    assert Belief(0, 0, lent=0.6, strength=9).mean == pytest.approx(0.6)


@pytest.mark.parametrize("rate", [(1, 2), (3, -1)])
def test_more_answers_than_tries_are_refused(rate):
    with pytest.raises(ImpossibleRateError, match="cannot be"):
        Belief(*rate, lent=0.5, strength=4)
    with pytest.raises(ImpossibleRateError):
        best_hour(own={}, above=Levels({}, {10: rate}))


@given(hours, hours, hours, st.floats(1, 50))
def test_a_chance_is_never_certain_and_lies_in_its_range(own, tier, bank, lent):
    for belief in beliefs(own=own, above=Levels(tier, bank, lent), cells=HOURS).values():
        assert 0 < belief.mean < 1
        assert 0 <= belief.low < belief.high <= 1
        assert belief.low < belief.mean < belief.high


@given(hours, hours, hours, st.integers(9, 17))
def test_one_more_answer_makes_an_hour_likelier_and_one_more_try_in_vain_less(own, tier, bank, hour):
    above = Levels(tier, bank)
    tried, answered = own.get(hour, (0, 0))
    before = beliefs(own=own, above=above, cells=HOURS)[hour].mean
    assert beliefs(own=own | {hour: (tried + 1, answered + 1)}, above=above, cells=HOURS)[hour].mean > before
    assert beliefs(own=own | {hour: (tried + 1, answered)}, above=above, cells=HOURS)[hour].mean < before


@given(rates, st.floats(0.01, 0.99), st.floats(1, 50))
def test_the_mean_lies_between_what_they_did_and_what_is_lent(rate, lent, lent_tries):
    belief = Belief(*rate, lent=lent, strength=lent_tries)
    if rate[0]:
        ends = sorted((rate[1] / rate[0], lent))
        assert ends[0] - 1e-12 <= belief.mean <= ends[1] + 1e-12


# The hour


def test_five_of_six_at_ten_beat_the_banks_good_hour():
    best = best_hour(own={10: (6, 5), 15: (2, 0)}, above=ABOVE)
    assert (best.cell, best.belief.answered, best.belief.tried, best.enough, best.stated) == (10, 5, 6, True, False)


def test_one_lucky_answer_does_not_beat_a_proven_hour():
    assert best_hour(own={9: (1, 1), 10: (6, 6)}, above=NOBODY).cell == 10


def test_without_own_tries_the_tier_then_the_bank_say_the_hour():
    assert best_hour(own={}, above=Levels({11: (50, 45)}, BANK)).cell == 11
    assert best_hour(own={}, above=ABOVE).cell == 15


def test_without_any_tries_it_is_the_first_hour_and_not_enough():
    best = best_hour(own={}, above=NOBODY)
    assert (best.cell, best.belief.tried, best.enough) == (9, 0, False)


@pytest.mark.parametrize(("tries", "enough"), [(4, False), (5, True)])
def test_under_five_tries_are_too_few_to_tell(tries, enough):
    assert best_hour(own={10: (tries, tries)}, above=ABOVE).enough is enough


def test_the_hours_a_customer_asked_for_win_over_every_statistic():
    best = best_hour(own={10: (6, 6)}, above=ABOVE, stated=(13, 15))
    assert (best.cell in {13, 14}, best.stated, best.enough) == (True, True, True)


def test_an_evening_asked_for_is_honoured():
    assert best_hour(own={}, above=ABOVE, stated=(19, 21)).cell == 19


def test_only_the_office_hours_of_a_long_wish_are_used():
    assert best_hour(own={}, above=ABOVE, stated=(7, 22)).cell == 15


def test_a_wish_that_ends_before_it_begins_is_ignored():
    assert not best_hour(own={}, above=ABOVE, stated=(12, 12)).stated


# The channel


def test_the_channel_they_named_first_wins_over_every_answer():
    best = best_channel(own={"call": (9, 9)}, above=CHANNELS, stated=("email", "call"))
    assert (best.cell, best.stated, best.enough) == ("email", True, True)


def test_a_channel_they_refuse_is_never_chosen_even_if_they_named_it():
    best = best_channel(own={"call": (9, 9), "wechat": (2, 1)}, above=CHANNELS, stated=("call",), never={"call"})
    assert best.cell == "wechat"


def test_a_channel_that_was_tried_and_is_answered_more_is_chosen():
    """Call (1 + 4·0.5) / 10 = 0.30, WeChat (4 + 4·0.6) / 9 = 0.71."""
    best = best_channel(own={"call": (6, 1), "wechat": (5, 4)}, above=CHANNELS)
    assert best.cell == "wechat"
    assert best.belief.mean == pytest.approx(0.71, abs=0.005)


def test_a_channel_never_tried_with_them_is_not_begun_by_the_banks_average():
    assert best_channel(own={"call": (2, 0)}, above=CHANNELS).cell == "call"
    assert best_channel(own={}, above=CHANNELS).cell == "call"


def test_having_been_met_is_no_sign_of_being_reached_by_a_visit():
    assert best_channel(own={"visit": (3, 3), "call": (6, 2)}, above=CHANNELS).cell == "call"


def test_who_was_met_and_never_answered_a_call_or_message_is_visited():
    assert best_channel(own={"visit": (1, 1), "call": (6, 0)}, above=CHANNELS).cell == "visit"


def test_without_a_call_the_next_channel_not_refused_is_taken():
    assert best_channel(own={}, above=CHANNELS, never={"call", "wechat"}).cell == "sms"
    assert best_channel(own={}, above=CHANNELS, never={"call", "wechat", "sms", "email"}).cell == "letter"


def test_where_a_standard_is_due_a_channel_that_counts_goes_first():
    answered = {"call": (6, 1), "email": (5, 5)}
    assert best_channel(own=answered, above=CHANNELS).cell == "email"
    assert best_channel(own=answered, above=CHANNELS, counting={"call", "wechat"}).cell == "call"
    assert (
        best_channel(own={}, above=CHANNELS, stated=("email", "wechat"), counting={"call", "wechat"}).cell == "wechat"
    )


def test_what_the_customer_asked_for_wins_over_what_a_standard_counts():
    assert best_channel(own={}, above=CHANNELS, stated=("email",), counting={"call"}).cell == "email"
    assert best_channel(own={}, above=CHANNELS, never={"call"}, counting={"call"}).cell == "wechat"


def test_who_refuses_everything_is_contacted_by_nothing():
    assert best_channel(own={}, above=CHANNELS, never={"call", "wechat", "sms", "email", "letter"}) is None


# The half-day and the pause


def test_a_proven_tuesday_morning_is_the_best_half_day():
    best = best_half(own={"2a": (6, 6), "4p": (6, 1)}, above=Levels({}, {}))
    assert (best.cell, best.enough) == ("2a", True)


@pytest.mark.parametrize(
    ("days", "gap"), [(-1, "0"), (0, "0"), (6, "0"), (7, "7"), (29, "14"), (30, "30"), (119, "60"), (900, "120")]
)
def test_a_pause_is_counted_up_to_not_including_its_end(days, gap):
    assert gap_of(days=days) == gap


def test_of_equal_pauses_the_longer_is_the_lesser_burden():
    assert best_gap(own={}, above=PAUSES).cell == "120"


def test_who_answers_after_a_month_and_not_within_a_week_is_overdone_by_another_call_now():
    own = {"0": (12, 0), "30": (12, 12)}
    assert best_gap(own=own, above=PAUSES).cell == "30"
    assert is_overdone(own=own, above=PAUSES, days=3)


@pytest.mark.parametrize("days", [30, 45, 200])
def test_after_their_best_pause_nothing_is_overdone(days):
    assert not is_overdone(own={"0": (12, 0), "30": (12, 12)}, above=PAUSES, days=days)


def test_a_few_tries_in_vain_overdo_nothing():
    assert not is_overdone(own={"0": (2, 0)}, above=PAUSES, days=3)
    assert not is_overdone(own={"0": (3, 1), "30": (3, 2)}, above=PAUSES, days=3)


# How much is lent


def test_the_strength_is_what_a_hand_finds():
    """100 customers of ten tries: N 1000, Σn² 10,000; S 2800 gives ρ = 1800 / 9000 = 0.2, and 1/0.2 - 1 = 4."""
    assert strength(tries=1000, squares=10_000, spread=2800) == pytest.approx(4)


def test_customers_who_differ_no_more_than_by_chance_are_lent_the_most():
    assert strength(tries=1000, squares=10_000, spread=900) == MOST_STRENGTH
    assert strength(tries=1000, squares=10_000, spread=1001) == MOST_STRENGTH


def test_customers_who_have_nothing_in_common_are_lent_the_least():
    assert strength(tries=1000, squares=10_000, spread=9_900) == LEAST_STRENGTH


def test_too_few_tries_fit_nothing():
    assert strength(tries=ENOUGH_TO_FIT - 1, squares=10_000, spread=2800) == USUAL_STRENGTH
    assert strength(tries=1000, squares=1000, spread=900) == USUAL_STRENGTH


def test_a_simulated_bank_gives_its_own_strength_back():
    """Two thousand customers whose rates come from Beta(3, 3) differ by a strength of six."""
    import numpy as np

    dice = np.random.default_rng(7)
    n = dice.integers(3, 20, 2000)
    k = dice.binomial(n, dice.beta(3, 3, 2000))
    rate = k.sum() / n.sum()
    spread = float((((k - n * rate) ** 2) / (rate * (1 - rate))).sum())
    assert strength(tries=int(n.sum()), squares=int((n**2).sum()), spread=spread) == pytest.approx(6, rel=0.15)
