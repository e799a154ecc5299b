"""Share of wallet: a range, because what is elsewhere is hearsay."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.wallet import Piece, Wallet, share, wallet

TODAY = date(2026, 11, 23)
pieces = st.builds(
    Piece,
    amount=st.none() | st.decimals(0, 10**9, places=2),
    confidence=st.sampled_from(["sure", "likely", "unsure"]),
    expires_on=st.dates(TODAY - timedelta(days=99), TODAY + timedelta(days=99)),
)


def piece(amount, confidence="sure", days=30):
    return Piece(None if amount is None else Decimal(amount), confidence, TODAY + timedelta(days=days))


def test_the_range_runs_from_what_is_believed_to_all_that_was_ever_said():
    """6.93m here; 1.8m sure, 0.6m likely, 0.9m unsure and expired: 6.93 / 10.23 to 6.93 / 9.33."""
    known = [piece(1_800_000), piece(600_000, "likely"), piece(900_000, "unsure", days=-1)]
    assert wallet(here=Decimal(6_930_000), pieces=known, today=TODAY) == Wallet(
        away_low=Decimal(2_400_000), away_high=Decimal(3_300_000), low=68, high=74, facts=3, expired=1
    )


def test_an_expired_piece_is_not_believed_on_the_day_it_expires():
    assert wallet(here=Decimal(1), pieces=[piece(5, days=0)], today=TODAY).away_low == 0
    assert wallet(here=Decimal(1), pieces=[piece(5, days=1)], today=TODAY).away_low == 5


def test_a_bank_named_without_an_amount_tells_no_share():
    found = wallet(here=Decimal(100), pieces=[piece(None)], today=TODAY)
    assert (found.low, found.high, found.facts) == (None, None, 0)


@pytest.mark.parametrize(("here", "away"), [(0, 0), (-5, 0)])
def test_a_share_of_nothing_is_refused_a_number(here, away):
    assert share(here=Decimal(here), away=Decimal(away)) is None


def test_an_overdrawn_customer_may_not_have_a_negative_share():
    assert share(here=Decimal(-5), away=Decimal(10)) == 0


@given(st.decimals(0, 10**9, places=2), st.lists(pieces, max_size=6))
def test_the_range_is_in_order_and_within_a_hundred(here, known):
    found = wallet(here=here, pieces=known, today=TODAY)
    assert found.away_low <= found.away_high
    assert found.expired <= found.facts
    if found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.high <= 100
