"""The best hour: shrunk by hand, and what no luck may do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.hours import HOURS, ImpossibleRateError, best_hour, likelihoods, wilson

BANK = dict.fromkeys(range(9, 18), (100, 40)) | {15: (100, 60)}
rates = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (max(pair), min(pair)))
histories = st.dictionaries(st.integers(8, 19), rates, max_size=9)


def test_five_of_six_at_ten_beat_the_banks_good_hour():
    best = best_hour(own={10: (6, 5), 15: (2, 0)}, tier={}, bank=BANK)
    assert (best.hour, best.answered, best.tried, best.enough, best.stated) == (10, 5, 6, True, False)


def test_the_shrunk_rate_is_what_a_hand_finds():
    """Bank overall (380 + 0.5·4) / (900 + 4); its 10 o'clock (40 + 20·that) / 120; no tier; own (5 + 4·that) / 10."""
    overall = (380 + 0.5 * 4) / 904
    of_bank = (40 + 20 * overall) / 120
    bank = BANK
    found = likelihoods(own={10: (6, 5)}, tier={}, bank=bank)[10]
    assert found == pytest.approx((5 + 4 * of_bank) / 10)


def test_one_lucky_answer_does_not_beat_a_proven_hour():
    assert best_hour(own={9: (1, 1), 10: (6, 6)}, tier={}, bank={}).hour == 10


def test_without_own_tries_the_tier_then_the_bank_say_the_hour():
    assert best_hour(own={}, tier={11: (50, 45)}, bank=BANK).hour == 11
    assert best_hour(own={}, tier={}, bank=BANK).hour == 15


def test_without_any_tries_it_is_the_first_hour_and_not_enough():
    best = best_hour(own={}, tier={}, bank={})
    assert (best.hour, best.tried, best.low, best.high, best.enough) == (9, 0, 0.0, 1.0, False)


@pytest.mark.parametrize(("tries", "enough"), [(4, False), (5, True)])
def test_under_five_tries_are_too_few_to_tell(tries, enough):
    assert best_hour(own={10: (tries, tries)}, tier={}, bank=BANK).enough is enough


def test_the_hours_a_customer_asked_for_win_over_every_statistic():
    best = best_hour(own={10: (6, 6)}, tier={}, bank=BANK, stated=(13, 15))
    assert best.hour in {13, 14}
    assert best.stated
    assert best.enough


def test_an_evening_asked_for_is_honoured():
    assert best_hour(own={}, tier={}, bank=BANK, stated=(19, 21)).hour == 19


def test_only_the_office_hours_of_a_long_wish_are_used():
    assert best_hour(own={}, tier={}, bank=BANK, stated=(7, 22)).hour == 15


def test_a_wish_that_ends_before_it_begins_is_ignored():
    assert not best_hour(own={}, tier={}, bank=BANK, stated=(12, 12)).stated


def test_wilsons_interval_is_the_published_one():
    """5 of 6: Wilson 1927, as in any table: 0.4365 … 0.9699."""
    low, high = wilson(tried=6, answered=5)
    assert (round(low, 4), round(high, 4)) == (0.4365, 0.9699)


@pytest.mark.parametrize("rate", [(1, 2), (3, -1)])
def test_more_answers_than_tries_are_refused(rate):
    with pytest.raises(ImpossibleRateError, match="cannot be"):
        wilson(tried=rate[0], answered=rate[1])
    with pytest.raises(ImpossibleRateError):
        best_hour(own={10: rate}, tier={}, bank={})


@given(st.integers(0, 400).flatmap(lambda tried: st.tuples(st.just(tried), st.integers(0, tried))))
def test_the_interval_holds_the_rate_within_0_and_1(pair):
    tried, answered = pair
    low, high = wilson(tried=tried, answered=answered)
    assert 0 <= low <= high <= 1
    assert not tried or low - 1e-12 <= answered / tried <= high + 1e-12


@given(histories, histories, histories)
def test_a_likelihood_is_never_certain(own, tier, bank):
    found = likelihoods(own=own, tier=tier, bank=bank)
    assert list(found) == list(HOURS)
    assert all(0 < rate < 1 for rate in found.values())


@given(histories, histories, histories, st.integers(9, 17))
def test_one_more_answer_never_makes_an_hour_less_likely(own, tier, bank, hour):
    tried, answered = own.get(hour, (0, 0))
    more = own | {hour: (tried + 1, answered + 1)}
    before = likelihoods(own=own, tier=tier, bank=bank)[hour]
    assert likelihoods(own=more, tier=tier, bank=bank)[hour] > before
