"""The model that learns the ledger's weights from who later took their money away, judged on later days than it saw.

A customer is *lost* at a cut-off when the assets at the ends of the third to sixth month after it (90 to 180 days) are,
on average, at least FALL below what they were. The features are the ledger's own: how much of each kind of posting is
left at the cut-off. A logistic regression with an L2 penalty gives each kind its weight; one whose sign the data
contradicts is left out, because a rule that punishes visits is no rule. It is calibrated out of fold, by customer. It is
compared with the hand-set weights, calibrated in the same way, at a cut-off after everything it learned from was over.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from keybook.core import judging
from keybook.core.ledger import GOOD, KINDS, MOST, MOST_POINTS, REMEMBERED, Weights, money_postings
from keybook.core.shares import Share

MODEL_VERSION = "learned/1"
FALL = 0.30
FIRST_AFTER, LAST_AFTER = 3, 6  # months after the cut-off: 90 to 180 days
FIRST_CUT = 3  # months of history a cut-off needs before it
FEW = 30  # customers with a kind, below which its weight is not learned
FEWEST_LOST = 8
FOLDS = 5
PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0)
PLACE = {kind: number for number, kind in enumerate(KINDS)}
SIGN = np.array([-1.0 if kind in GOOD else 1.0 for kind in KINDS])  # of a kind's part in the odds of leaving

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class TooLittleError(ValueError):
    """There is too little to learn from; the sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class Past:
    """Assets by customer (row) and whole month (column), and every posting as parallel arrays."""

    months: tuple[dt.date, ...]
    assets: Floats
    who: Ints
    on: Ints  # proleptic ordinals
    kind: Ints
    times: Floats


@dataclass(frozen=True, slots=True)
class Cut:
    """The customers looked at on some cut-offs: what was left of each kind, who was lost, and which customer it was."""

    features: Floats
    lost: Flags
    customer: Ints


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients of the kinds, an intercept, and the two numbers that turn a score into a chance."""

    coefficients: Floats
    slope: float
    intercept: float

    def scores(self, features: Floats) -> Floats:
        """The higher, the likelier to leave."""
        found: Floats = features @ self.coefficients
        return found

    def chances(self, features: Floats) -> Floats:
        """The calibrated chance of leaving."""
        found: Floats = 1 / (1 + np.exp(-(self.slope * self.scores(features) + self.intercept)))
        return found


def past_of(*, months: pa.Table, posted: pa.Table, until: dt.date) -> Past:
    """Put the lake's tables into arrays: `months` with customer, month and aum; `posted` as `lake.postings` has them."""
    names = sorted({*months["customer"].to_pylist()})
    row = {name: number for number, name in enumerate(names)}
    firsts = tuple(sorted({month for month in months["month"].to_pylist() if last_day(month) <= until}))
    column = {month: number for number, month in enumerate(firsts)}
    assets = np.zeros((len(names), len(firsts)))
    by_customer: list[list[tuple[dt.date, Decimal]]] = [[] for _ in names]
    for name, month, aum in zip(*(months[key].to_pylist() for key in ("customer", "month", "aum")), strict=True):
        if month in column:
            assets[row[name], column[month]] = float(aum)
            by_customer[row[name]].append((month, aum))
    entries = [
        (row[name], on.toordinal(), PLACE[kind], times)
        for name, on, kind, times in zip(*(posted[key].to_pylist() for key in ("customer", "on", "kind", "times")), strict=True)
        if times > 0 and name in row and kind in PLACE
    ]  # fmt: skip
    for number, known in enumerate(by_customer):
        money = money_postings(months=sorted(known), today=until)
        entries += [(number, each.on.toordinal(), PLACE[each.kind], each.times) for each in money]
    table = np.array(entries, dtype=np.int64).reshape(-1, 4)
    return Past(firsts, assets, table[:, 0], table[:, 1], table[:, 2], table[:, 3].astype(float))


def last_day(month: dt.date) -> dt.date:
    """The last day of a month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def cut(*, past: Past, at: int, least: float, half_life_days: int) -> Cut:
    """What was known at the end of month `at`, and who was lost after it; of customers with `least` assets then."""
    then = past.assets[:, at]
    later = past.assets[:, at + FIRST_AFTER : at + LAST_AFTER + 1].mean(axis=1)
    asked = np.flatnonzero(then >= least)
    day = last_day(past.months[at]).toordinal()
    ago = day - past.on
    counts = (ago >= 0) & (ago <= REMEMBERED * half_life_days)
    left = np.zeros((len(then), len(KINDS)))
    weight = past.times[counts] * 2.0 ** (-ago[counts] / half_life_days)
    np.add.at(left, (past.who[counts], past.kind[counts]), weight)
    return Cut(left[asked], (later <= (1 - FALL) * then)[asked], asked)


def together(cuts: Sequence[Cut]) -> Cut:
    """Several cut-offs as one."""
    return Cut(
        np.concatenate([each.features for each in cuts]), np.concatenate([each.lost for each in cuts]),
        np.concatenate([each.customer for each in cuts]),
    )  # fmt: skip


def learn(*, past: Past, weights: Weights, least: float, shuffle: np.random.Generator | None = None) -> dict[str, Any]:
    """Learn on the earlier cut-offs, judge on the last, and say all of it as plain values.

    `shuffle` gives everybody somebody else's fate: then nothing can be found, which is how the search is tested.
    """
    train_at, test_at = cut_offs(len(past.months))
    half_life = weights.half_life_days
    cuts = {at: cut(past=past, at=at, least=least, half_life_days=half_life) for at in (*train_at, test_at)}
    if shuffle is not None:
        cuts = {at: Cut(each.features, shuffle.permutation(each.lost), each.customer) for at, each in cuts.items()}
    train, test = together([cuts[at] for at in train_at]), cuts[test_at]
    for what in (train, test):
        if what.lost.sum() < FEWEST_LOST or (~what.lost).sum() < FEWEST_LOST:
            raise TooLittleError(
                f"Too few key customers were lost or kept to learn from: at least {FEWEST_LOST} of each."
            )
    hand_points = np.array([float(weights.points[kind]) for kind in KINDS])
    few = counted(train) < FEW
    learned = fit(train=train, usable=~few)
    hand = calibrated(-np.clip(train.features @ hand_points, -MOST, MOST), train.lost)
    hand_scores = -np.clip(test.features @ hand_points, -MOST, MOST)
    hand_chances = _chance(hand, hand_scores)
    told = {
        "train": [last_day(past.months[at]).isoformat() for at in train_at],
        "test": [last_day(past.months[test_at]).isoformat()], "fall_percent": round(FALL * 100),
        "days_after": [90, 180], "half_life_days": half_life, "least": least,
        "customers": {"train": len(train.lost), "test": len(test.lost)},
        "lost": {"train": int(train.lost.sum()), "test": int(test.lost.sum())},
        "base_brier": judging.brier(chances=np.full(len(test.lost), float(train.lost.mean())), left=test.lost),
        "hand": {"version": weights.version, **judged(hand_scores, hand_chances, test.lost)},
        "learned": {
            "version": MODEL_VERSION, **judged(learned.scores(test.features), learned.chances(test.features), test.lost)
        },
    }  # fmt: skip
    gap = judging.difference(one=learned.scores(test.features), other=hand_scores, left=test.lost)
    suggested = suggestion(learned=learned, hand=hand_points, few=few)
    return told | {
        "difference": {"auc": gap.value, "low": gap.low, "high": gap.high},
        "verdict": "better" if gap.low > 0 else "worse" if gap.high < 0 else "same",
        "suggested": suggested, "kinds": _kinds(learned, hand_points, few, counted(train), suggested),
    }  # fmt: skip


def cut_offs(months: int) -> tuple[list[int], int]:
    """The months to learn at and the one to judge at: after the fates of all the others are over."""
    test = months - 1 - LAST_AFTER
    train = list(range(FIRST_CUT, test - LAST_AFTER + 1))
    if not train:
        need = FIRST_CUT + 2 * LAST_AFTER + 1
        raise TooLittleError(f"The lake knows {months} whole months of assets; learning and judging need {need}.")
    return train, test


def counted(train: Cut) -> Ints:
    """How many different customers have each kind."""
    found: Ints = np.array(
        [len(np.unique(train.customer[train.features[:, place] > 0])) for place in range(len(KINDS))]
    )
    return found


def fit(*, train: Cut, usable: Flags) -> Model:
    """The coefficients, none against its sign, the penalty that does best on customers left out, and the calibration."""
    penalty = min(PENALTIES, key=lambda each: _loss(train, usable, each))
    coefficients = signed(train.features, train.lost, usable, penalty)
    slope, intercept = calibrated(_out_of_fold(train, usable, penalty), train.lost)
    return Model(coefficients, slope, intercept)


def signed(features: Floats, lost: Flags, usable: Flags, penalty: float) -> Floats:
    """The coefficients of a logistic regression; the kind most against its sign is left out, until none is."""
    from sklearn.linear_model import LogisticRegression

    used = np.flatnonzero(usable)
    found = np.zeros(len(KINDS))
    while len(used):
        model = LogisticRegression(C=penalty, max_iter=500).fit(features[:, used], lost)
        against = model.coef_[0] * SIGN[used]
        if against.min() >= 0:
            found[used] = model.coef_[0]
            break
        used = np.delete(used, against.argmin())
    return found


def _folds(train: Cut) -> list[tuple[Ints, Ints]]:
    """The same customer is never on both sides."""
    from sklearn.model_selection import GroupKFold

    return list(GroupKFold(FOLDS).split(train.features, train.lost, train.customer))


def _out_of_fold(train: Cut, usable: Flags, penalty: float) -> Floats:
    scores = np.zeros(len(train.lost))
    for inside, outside in _folds(train):
        own = signed(train.features[inside], train.lost[inside], usable, penalty)
        scores[outside] = train.features[outside] @ own
    return scores


def _loss(train: Cut, usable: Flags, penalty: float) -> float:
    """How surprising what happened is, out of fold, after calibration."""
    scores = _out_of_fold(train, usable, penalty)
    chances = np.clip(_chance(calibrated(scores, train.lost), scores), 1e-9, 1 - 1e-9)
    return float(-np.where(train.lost, np.log(chances), np.log(1 - chances)).mean())


def calibrated(scores: Floats, lost: Flags) -> tuple[float, float]:
    """Platt's scaling: slope and intercept that turn a score into a chance; a score without spread says the average."""
    from sklearn.linear_model import LogisticRegression

    spread = float(scores.std()) or 1.0
    model = LogisticRegression(C=1e6, max_iter=500).fit((scores / spread).reshape(-1, 1), lost)
    return float(model.coef_[0][0]) / spread, float(model.intercept_[0])


def _chance(scale: tuple[float, float], scores: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-(scale[0] * scores + scale[1])))
    return found


def judged(scores: Floats, chances: Floats, lost: Flags) -> dict[str, Any]:
    """Every measure of one model on the later data."""
    area: Share = judging.auc(scores=scores, left=lost)
    bins = judging.calibration(chances=chances, left=lost)
    most = max(*(each.said for each in bins), *(each.happened.value for each in bins))
    return {
        "auc": area.value, "low": area.low, "high": area.high, "brier": judging.brier(chances=chances, left=lost),
        "scale": max(0.05, -(-most * 20 // 1) / 20),
        "calibration": [
            {"count": each.count, "said": each.said, "happened": each.happened.value, "low": each.happened.low,
             "high": each.happened.high}
            for each in bins
        ],
    }  # fmt: skip


def suggestion(*, learned: Model, hand: Floats, few: Flags) -> dict[str, int]:
    """The coefficients as points on the scale of the hand-set ones; kinds too few to tell keep theirs.

    The scale is such that, over the kinds that were learned, the points weigh together as much as the hand-set ones.
    """
    size = float(np.abs(learned.coefficients).sum())
    scale = float(np.abs(hand[~few]).sum()) / size if size else 0.0
    points = np.where(few, hand, np.clip(np.rint(-learned.coefficients * scale), -MOST_POINTS, MOST_POINTS))
    return {kind: int(points[PLACE[kind]]) for kind in KINDS}


def _kinds(
    learned: Model, hand: Floats, few: Flags, customers: Ints, suggested: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Each kind with what is said of it: too few to tell, against its sign, or by how much it turns the odds."""
    return [
        {
            "kind": kind, "customers": int(customers[place]), "hand": int(hand[place]), "suggested": suggested[kind],
            "odds": float(np.exp(learned.coefficients[place] * learned.slope)),
            "note": "few" if few[place] else "" if learned.coefficients[place] else "sign",
        }
        for place, kind in enumerate(KINDS)
    ]  # fmt: skip
