"""The beta distribution against scipy's and against what a hand finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from keybook.core.beta import ImpossibleBetaError, below, quantile

counts = st.floats(0.05, 400)
shares = st.floats(0.001, 0.999)


def test_of_one_and_one_every_share_is_its_own_quantile():
    assert quantile(share=0.3, a=1, b=1) == pytest.approx(0.3)


def test_of_two_and_one_a_hand_finds_the_root():
    """Beta(2, 1) has the share x² below x."""
    assert below(value=0.5, a=2, b=1) == pytest.approx(0.25)
    assert quantile(share=0.25, a=2, b=1) == pytest.approx(0.5)


@given(shares, counts, counts)
def test_it_agrees_with_scipy(value, a, b):
    assert below(value=value, a=a, b=b) == pytest.approx(float(beta.cdf(value, a, b)), abs=1e-10)
    assert quantile(share=value, a=a, b=b) == pytest.approx(float(beta.ppf(value, a, b)), abs=1e-9)


@pytest.mark.parametrize(("value", "share"), [(-1, 0), (0, 0), (1, 1), (2, 1)])
def test_nothing_lies_outside_0_and_1(value, share):
    assert below(value=value, a=3, b=4) == share


def test_a_beta_without_two_positive_numbers_is_refused():
    for a, b in ((0, 1), (1, -1)):
        with pytest.raises(ImpossibleBetaError, match="above zero"):
            quantile(share=0.5, a=a, b=b)


def test_what_is_no_share_is_refused():
    with pytest.raises(ImpossibleBetaError, match="between 0 and 1"):
        quantile(share=1.5, a=1, b=1)


def test_a_sum_that_does_not_come_to_rest_ends():
    """Far in the tails of huge counts the fraction needs many steps and stays a share."""
    assert 0 <= below(value=0.5, a=1e7, b=1e7) <= 1
