"""How well a score orders and how honest it is, by hand and against the slow definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.judging import (
    TooFewError,
    auc,
    brier,
    calibration,
    difference,
    placements,
)
from keybook.core.shares import wilson


def floats(*values):
    return np.array(values, dtype=np.float64)


def flags(*values):
    return np.array(values, dtype=bool)


def test_the_share_of_right_pairs_is_what_a_hand_counts():
    """Left: 3, 1. Stayed: 2, 0. Pairs 3>2, 3>0, 1>0 right, 1<2 wrong: 3 of 4."""
    assert auc(scores=floats(3, 1, 2, 0), left=flags(1, 1, 0, 0)).value == 0.75


def test_a_tie_counts_half():
    assert auc(scores=floats(1, 1), left=flags(1, 0)).value == 0.5


def test_the_placements_and_delongs_error_by_hand():
    """Left 3, 1: above 2 of 2 and 1 of 2 stayers; stayed 2, 0: below 1 of 2 and 2 of 2 leavers.

    Each has mean 0.75, variance 0.125, of the mean 0.0625: together 0.125, error 0.3536, so 0.75 ± 0.693.
    """
    gone, stayed = placements(scores=floats(3, 1, 2, 0), left=flags(1, 1, 0, 0))
    assert (gone.tolist(), stayed.tolist()) == ([1.0, 0.5], [0.5, 1.0])
    found = auc(scores=floats(3, 1, 2, 0), left=flags(1, 1, 0, 0))
    assert math.isclose(found.low, 0.75 - 1.96 * math.sqrt(0.125))
    assert found.high == 1.0


def test_a_score_does_not_differ_from_itself_nor_from_its_double():
    scores, left = floats(3, 1, 2, 0, 5), flags(1, 1, 0, 0, 0)
    found = difference(one=scores, other=2 * scores, left=left)
    assert (found.value, found.low, found.high) == (0.0, 0.0, 0.0)


def test_with_one_of_a_kind_the_interval_is_wide():
    found = auc(scores=floats(2, 1, 0), left=flags(1, 0, 0))
    assert (found.value, found.high - found.low > 0.9) == (1.0, True)


def test_brier_by_hand():
    """0.9 said, happened: 0.01; 0.2 said, did not: 0.04; together 0.05 / 2."""
    assert math.isclose(brier(chances=floats(0.9, 0.2), left=flags(1, 0)), 0.025)


def test_wilsons_interval_by_hand():
    """1 of 4: middle 0.25 + 3.8416/8 = 0.7302, half 1.96·√(0.1875/4 + 3.8416/64) = 0.6408, over 1.9604."""
    found = wilson(hits=1, of=4)
    assert found.value == 0.25
    assert math.isclose(found.low, 0.0456, abs_tol=1e-4)
    assert math.isclose(found.high, 0.6994, abs_tol=1e-4)
    assert (wilson(hits=0, of=0).low, wilson(hits=0, of=0).high) == (0.0, 1.0)


def test_calibration_puts_the_safest_first_in_equal_parts():
    found = calibration(chances=floats(0.4, 0.1, 0.2, 0.3), left=flags(1, 0, 0, 0), bins=2)
    assert [(each.count, round(each.said, 2), each.happened.value) for each in found] == [
        (2, 0.15, 0.0),
        (2, 0.35, 0.5),
    ]


def test_fewer_customers_than_parts_make_fewer_parts():
    assert len(calibration(chances=floats(0.4, 0.1), left=flags(1, 0))) == 2


@pytest.mark.parametrize("left", [flags(0, 0), flags(1, 1)])
def test_where_nobody_left_or_nobody_stayed_there_is_nothing_to_judge(left):
    with pytest.raises(TooFewError):
        auc(scores=floats(1, 2), left=left)


@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=2, max_size=40))
def test_the_quick_count_is_the_slow_one(rows):
    gone = [score for score, left in rows if left]
    stayed = [score for score, left in rows if not left]
    scores, left = floats(*[score for score, _ in rows]), flags(*[each for _, each in rows])
    if not gone or not stayed:
        with pytest.raises(TooFewError):
            auc(scores=scores, left=left)
        return
    right = sum((one > other) + 0.5 * (one == other) for one in gone for other in stayed)
    found = auc(scores=scores, left=left)
    assert math.isclose(found.value, right / (len(gone) * len(stayed)))
    assert 0 <= found.low <= found.value <= found.high <= 1
    turned = auc(scores=-scores, left=left)
    assert math.isclose(found.value + turned.value, 1.0)
