"""The learned weights: found where there is something to find, not where there is not, and judged on later days only."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest

from keybook.core.ledger import DEFAULT, KINDS, Posting, components
from keybook.lake import learning
from keybook.lake.learning import (
    FEW,
    PLACE,
    Cut,
    Past,
    TooLittleError,
    cut,
    cut_offs,
    learn,
    past_of,
    signed,
    suggestion,
)
from tests.lake import simulated_past

LEAST = 270_000.0
MONTHS = tuple(dt.date(2026, month, 1) for month in range(1, 11))


@pytest.fixture(scope="module")
def past() -> Past:
    return simulated_past.past_of(simulated_past.world(seed=9))


@pytest.fixture(scope="module")
def found(past: Past) -> dict:
    return learn(past=past, weights=DEFAULT, least=LEAST)


def small(assets, entries=()):
    table = np.array(
        [(who, on.toordinal(), PLACE[kind], times) for who, on, kind, times in entries], dtype=np.int64
    ).reshape(-1, 4)
    return Past(
        MONTHS[: len(assets[0])],
        np.array(assets, float),
        table[:, 0],
        table[:, 1],
        table[:, 2],
        table[:, 3].astype(float),
    )


def test_on_later_days_the_learned_weights_tell_who_leaves(found: dict):
    assert found["learned"]["low"] > 0.6
    assert found["learned"]["brier"] < found["base_brier"]


def test_the_learned_weights_are_those_of_the_simulators_truth(found: dict):
    """In truth a meeting weighs 2.2, a call 0.7, a message nothing; a broken promise −3, a late one −2, a kept one 0.1."""
    points = found["suggested"]
    assert points["met_strengthened"] > points["call_strengthened"] > points["text_strengthened"]
    assert points["promise_kept"] < points["met_strengthened"]
    for kind in ("weakened", "promise_late", "promise_broken"):
        assert points[kind] < -4


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_with_everybody_elses_fate_nothing_is_found(past: Past, seed: int):
    nothing = learn(past=past, weights=DEFAULT, least=LEAST, shuffle=np.random.default_rng(seed))
    assert nothing["learned"]["low"] < 0.5 < nothing["learned"]["high"]
    assert nothing["verdict"] != "better"


def test_the_same_data_gives_the_same_answer(past: Past, found: dict):
    assert learn(past=past, weights=DEFAULT, least=LEAST) == found


@pytest.mark.parametrize("months", range(16, 40))
def test_everything_it_learned_from_was_over_before_the_day_it_is_judged_at(months: int):
    train, test = cut_offs(months)
    assert max(train) + learning.LAST_AFTER <= test
    assert test + learning.LAST_AFTER == months - 1
    assert min(train) >= learning.FIRST_CUT


@pytest.mark.parametrize("months", [0, 1, 15])
def test_a_young_lake_is_told_how_much_is_missing(months: int):
    with pytest.raises(TooLittleError, match="need 16"):
        cut_offs(months)


def test_what_happens_after_the_judging_day_changes_no_weight(past: Past, found: dict):
    _, test = cut_offs(len(past.months))
    later = past.on > learning.last_day(past.months[test]).toordinal()
    other = replace(past, times=np.where(later, 3.0, past.times), assets=past.assets.copy())
    other.assets[:, test + 1 :] *= np.random.default_rng(5).uniform(0.2, 1.1, other.assets[:, test + 1 :].shape)
    again = learn(past=other, weights=DEFAULT, least=LEAST)
    assert (again["suggested"], again["train"]) == (found["suggested"], found["train"])
    assert again["learned"]["auc"] != found["learned"]["auc"]


def test_a_cut_off_by_hand():
    """At the end of February: a call on 1 September 2025 is 180 days old, half is left; two tenths out on the day itself.

    Assets 100 then; 80, 70, 60, 50 at the ends of May to August are 65 on average: lost. 90 throughout: not lost.
    """
    known = small(
        [[100, 100, 100, 100, 80, 70, 60, 50], [100, 100, 90, 90, 90, 90, 90, 90], [1, 1, 9, 9, 9, 9, 9, 9]],
        [
            (0, dt.date(2025, 9, 1), "call_strengthened", 1), (0, dt.date(2026, 2, 28), "money_out", 2),
            (0, dt.date(2026, 3, 1), "ended", 1), (1, dt.date(2020, 1, 1), "weakened", 1),
        ],
    )  # fmt: skip
    at = cut(past=known, at=1, least=50, half_life_days=180)
    assert (at.lost.tolist(), at.customer.tolist()) == ([True, False], [0, 1])
    assert (at.features[0, PLACE["call_strengthened"]], at.features[0, PLACE["money_out"]]) == (0.5, 2.0)
    assert (at.features[0, PLACE["ended"]], at.features[1].sum()) == (0.0, 0.0)


def test_exactly_thirty_percent_less_is_lost():
    at = cut(past=small([[100] * 4 + [70] * 4, [100] * 4 + [71] * 4]), at=1, least=1, half_life_days=180)
    assert at.lost.tolist() == [True, False]


def test_the_features_are_the_ledgers_own_components(past: Past):
    at = cut(past=past, at=8, least=0, half_life_days=180)
    day = learning.last_day(past.months[8])
    for who in range(0, len(past.assets), 397):
        own = past.who == who
        entries = [
            Posting(dt.date.fromordinal(int(on)), KINDS[kind], int(times))
            for on, kind, times in zip(past.on[own], past.kind[own], past.times[own], strict=True)
        ]
        left = components(postings=entries, today=day, half_life_days=180)
        assert all(math.isclose(at.features[who, PLACE[kind]], left.get(kind, 0.0), abs_tol=1e-9) for kind in KINDS)


def test_a_kind_the_data_contradicts_is_left_out_rather_than_turned_round():
    rng = np.random.default_rng(4)
    features = np.zeros((4000, len(KINDS)))
    visits, broken = PLACE["met_strengthened"], PLACE["promise_broken"]
    features[:, visits] = rng.integers(0, 3, 4000)
    features[:, broken] = rng.integers(0, 3, 4000)
    lost = rng.random(4000) < 1 / (1 + np.exp(-(features[:, visits] + features[:, broken] - 3)))  # visits drive away
    found = signed(features, lost, np.ones(len(KINDS), dtype=bool), 1.0)
    assert found[visits] == 0.0
    assert found[broken] > 0.5


def test_points_are_suggested_on_the_scale_of_the_hand_set_ones():
    """Coefficients −2 and +1 for 9 and −14 points: 23 points over 3 is 7.67 a unit: 15 and −8; the rest keep theirs."""
    coefficients, few = np.zeros(len(KINDS)), np.ones(len(KINDS), dtype=bool)
    for kind, value in (("met_strengthened", -2.0), ("weakened", 1.0)):
        coefficients[PLACE[kind]], few[PLACE[kind]] = value, False
    hand = np.array([float(DEFAULT.points[kind]) for kind in KINDS])
    points = suggestion(learned=learning.Model(coefficients, 1.0, 0.0), hand=hand, few=few)
    assert points == {**DEFAULT.points, "met_strengthened": 15, "weakened": -8}


def test_where_nothing_was_learned_nothing_is_made_up():
    hand = np.array([float(DEFAULT.points[kind]) for kind in KINDS])
    points = suggestion(
        learned=learning.Model(np.zeros(len(KINDS)), 1.0, 0.0), hand=hand, few=np.ones(len(KINDS), dtype=bool)
    )
    assert points == dict(DEFAULT.points)


def test_a_kind_of_too_few_customers_keeps_its_points(found: dict):
    notes = {each["kind"]: each for each in found["kinds"]}
    assert notes["complaint_opened"]["note"] == "few"
    assert notes["complaint_opened"]["customers"] < FEW
    assert found["suggested"]["complaint_opened"] == DEFAULT.points["complaint_opened"]


def test_too_few_who_left_are_too_few_to_learn_from(past: Past):
    with pytest.raises(TooLittleError, match="at least 8 of each"):
        learn(past=replace(past, assets=np.full_like(past.assets, 1e6)), weights=DEFAULT, least=LEAST)


def test_the_lakes_tables_make_the_same_arrays(past: Past):
    few = Past(
        past.months, past.assets[:40], *(each[past.who < 40] for each in (past.who, past.on, past.kind, past.times))
    )
    months, posted = simulated_past.tables_of(few)
    read = past_of(months=months, posted=posted, until=simulated_past.UNTIL)
    assert read.months == few.months
    assert np.allclose(read.assets, few.assets, atol=0.01)
    told = len(few.who)
    assert sorted(zip(read.who[:told], read.on[:told], read.kind[:told], strict=True)) == sorted(
        zip(few.who, few.on, few.kind, strict=True)
    )
    assert set(read.kind[told:].tolist()) <= {PLACE["money_in"], PLACE["money_out"]}


def test_a_month_that_has_not_ended_and_a_withdrawn_posting_are_not_read():
    months, posted = simulated_past.tables_of(small([[1, 2]], [(0, dt.date(2026, 1, 3), "spoke", 0)]))
    read = past_of(months=months, posted=posted, until=dt.date(2026, 2, 27))
    assert (read.months, len(read.who)) == (MONTHS[:1], 0)


def test_the_calibration_covers_every_customer_once(found: dict):
    for model in ("hand", "learned"):
        bins = found[model]["calibration"]
        assert sum(each["count"] for each in bins) == found["customers"]["test"]
        assert [each["said"] for each in bins] == sorted(each["said"] for each in bins)


def test_customers_are_never_on_both_sides_of_a_fold():
    rng = np.random.default_rng(1)
    train = Cut(rng.random((60, len(KINDS))), rng.random(60) < 0.5, np.arange(60) % 20)
    for inside, outside in learning._folds(train):
        assert not set(train.customer[inside]) & set(train.customer[outside])
