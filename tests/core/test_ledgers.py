"""The ledgers of many customers at once say of each what the ledger of one says."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.ledger import DEFAULT, Posting, money_postings, stand
from keybook.core.ledgers import CODE, Postings, stands
from keybook.core.ledgers import money_postings as money_of_many
from tests.core.test_ledger import TODAY, ago, half_lives, postings, weights


def columns(ledgers):
    rows = [
        (place, each.on.toordinal(), CODE[each.kind], each.times)
        for place, ledger in enumerate(ledgers)
        for each in ledger
    ]
    return Postings(*np.array(rows or np.empty((0, 4)), dtype=np.int64).T)


@given(st.lists(postings, max_size=5), half_lives)
def test_many_stand_as_each_would_alone(customers, half_life):
    weighing = weights(half_life_days=half_life)
    found = stands(posted=columns(customers), many=len(customers), today=TODAY, weights=weighing)
    assert found == [stand(postings=ledger, today=TODAY, weights=weighing) for ledger in customers]


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_many_terms_decides_no_rounding(order):
    """A call 180 days ago leaves exactly 3.5; a good and a bad thing of equal weight, over and over, leave it there."""
    around = [ago(days, kind) for days in range(1, 300, 7) for kind in ("met_strengthened", "weakened")]
    flat = weights(met_strengthened=14)
    ledger = [ago(180, "call_strengthened"), *around][::order]
    (found,) = stands(posted=columns([ledger]), many=1, today=TODAY, weights=flat)
    assert found == stand(postings=ledger, today=TODAY, weights=flat)
    assert found.balance == 4


def test_nobody_at_all_is_no_trouble():
    assert stands(posted=columns([]), many=0, today=TODAY, weights=DEFAULT) == []


months = st.dictionaries(
    st.dates(date(2025, 1, 1), date(2026, 12, 31)).map(lambda day: day.replace(day=1)) | st.just(date(2026, 5, 2)),
    st.decimals(0, 3_000_000, places=2) | st.sampled_from([Decimal(1_000_000), Decimal("900000.00"), Decimal(700_000)]),
    max_size=20,
)


@given(st.lists(months, max_size=4), st.integers(0, 400))
def test_the_money_of_many_is_posted_as_each_would_be_alone(customers, back):
    today = TODAY - timedelta(days=back)
    rows = [
        (place, month.toordinal(), int(aum * 100))
        for place, known in enumerate(customers)
        for month, aum in sorted(known.items(), reverse=True)
    ]
    whose, named, cents = np.array(rows or np.empty((0, 3)), dtype=np.int64).T
    found = money_of_many(whose=whose, months=named, cents=cents, today=today)
    told = found.of(np.arange(len(customers)))
    for place, known in enumerate(customers):
        assert told[place] == money_postings(months=sorted(known.items()), today=today)


def test_three_tenths_out_are_posted_on_the_last_day_of_the_month():
    found = money_of_many(
        whose=np.array([0, 0]), months=np.array([date(2026, 9, 1).toordinal(), date(2026, 10, 1).toordinal()]),
        cents=np.array([200_000_000, 130_000_000]), today=TODAY,
    )  # fmt: skip
    assert found.of(np.array([0])) == {0: [Posting(date(2026, 10, 31), "money_out", 3)]}
