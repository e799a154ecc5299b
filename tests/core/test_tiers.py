"""Tiers rise at once and fall only below the lower threshold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.tiers import LadderError, Rung, ladder_of, next_above, tier_of


def rung(code: str, rank: int, enter: int, leave: int) -> Rung:
    return Rung(code, rank, Decimal(enter), Decimal(leave), key=rank > 0)


LADDER = ladder_of(
    rungs=[
        rung("private", 3, 6_000_000, 5_400_000),
        rung("mass", 0, 0, 0),
        rung("gold", 1, 300_000, 270_000),
        rung("platinum", 2, 1_000_000, 900_000),
    ]
)
MONEY = st.decimals(min_value=-1_000, max_value=10_000_000, places=2)
CODES = st.sampled_from([None, "mass", "gold", "platinum", "private", "bronze"])


@pytest.mark.parametrize(
    ("aum", "before", "tier"),
    [
        (300_000, None, "gold"),
        (299_999, None, "mass"),
        (6_000_000, "mass", "private"),
        (270_000, "gold", "gold"),
        (269_999, "gold", "mass"),
        (900_000, "private", "platinum"),
        (899_999, "private", "gold"),
        (280_000, "private", "gold"),
        (1_000_000, "gold", "platinum"),
        (-5, "gold", "mass"),
        (280_000, "bronze", "mass"),
    ],
)
def test_a_tier_is_entered_at_once_and_left_below_the_lower_threshold(aum, before, tier):
    assert tier_of(aum=Decimal(aum), ladder=LADDER, before=before).code == tier


@given(MONEY, CODES)
def test_the_tier_held_never_lowers_the_tier_earned(aum, before):
    assert tier_of(aum=aum, ladder=LADDER, before=before).rank >= tier_of(aum=aum, ladder=LADDER).rank


@given(MONEY, MONEY, CODES)
def test_more_assets_never_mean_a_lower_tier(one, other, before):
    low, high = sorted((one, other))
    ranks = [tier_of(aum=aum, ladder=LADDER, before=before).rank for aum in (low, high)]
    assert ranks[0] <= ranks[1]


@given(MONEY, CODES)
def test_deciding_twice_decides_the_same(aum, before):
    once = tier_of(aum=aum, ladder=LADDER, before=before)
    assert tier_of(aum=aum, ladder=LADDER, before=once.code) == once


def test_the_next_tier_is_the_one_above_and_the_highest_has_none():
    assert next_above(rung=LADDER[1], ladder=LADDER) == LADDER[2]
    assert next_above(rung=LADDER[3], ladder=LADDER) is None


def test_no_tier_at_all_is_refused():
    with pytest.raises(LadderError, match="no tier"):
        ladder_of(rungs=[])


def test_a_higher_tier_that_is_not_dearer_is_refused():
    with pytest.raises(LadderError, match="gold is not entered above tier mass"):
        ladder_of(rungs=[rung("mass", 0, 5, 5), rung("gold", 1, 5, 5)])


def test_a_tier_left_above_its_own_entry_is_refused():
    with pytest.raises(LadderError, match="gold would be left above its own entry"):
        ladder_of(rungs=[rung("mass", 0, 0, 0), rung("gold", 1, 5, 6)])
