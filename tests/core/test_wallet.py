"""Share of wallet, worked by hand and by property."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.wallet import Piece, share, wallet

TODAY = dt.date(2026, 11, 23)
LATER, PAST = dt.date(2027, 2, 20), dt.date(2026, 7, 1)
AMOUNTS = st.decimals(min_value=0, max_value=10**10, places=2)
PIECES = st.lists(
    st.builds(
        Piece, st.none() | AMOUNTS, st.sampled_from(["sure", "likely", "unsure"]), st.sampled_from([LATER, PAST])
    ),
    max_size=6,
)


def test_what_is_believed_is_the_least_and_all_hearsay_the_most() -> None:
    pieces = [
        Piece(Decimal(1_800_000), "sure", LATER), Piece(Decimal(600_000), "likely", LATER),
        Piece(Decimal(900_000), "unsure", PAST),
    ]  # fmt: skip
    found = wallet(here=Decimal(6_930_000), pieces=pieces, today=TODAY)
    assert (found.away_low, found.away_high) == (Decimal(2_400_000), Decimal(3_300_000))
    assert (found.low, found.high, found.facts, found.expired) == (68, 74, 3, 1)


def test_nothing_known_is_not_a_share_of_a_hundred() -> None:
    found = wallet(here=Decimal(100), pieces=[], today=TODAY)
    assert (found.low, found.high, found.facts) == (None, None, 0)


def test_evidence_is_valid_up_to_its_expiry_and_not_on_it() -> None:
    assert wallet(here=Decimal(1), pieces=[Piece(Decimal(1), "sure", TODAY)], today=TODAY).expired == 1


def test_a_fact_without_an_amount_moves_nothing() -> None:
    assert wallet(here=Decimal(1), pieces=[Piece(None, "sure", LATER)], today=TODAY).facts == 0


@pytest.mark.parametrize(
    ("here", "away", "percent"), [(0, 0, None), (-5, 0, None), (-5, 10, 0), (1, 1, 50), (1, 0, 100)]
)
def test_a_share_of_nothing_is_refused_and_debts_are_no_share(here: int, away: int, percent: int | None) -> None:
    assert share(here=Decimal(here), away=Decimal(away)) == percent


@given(AMOUNTS, PIECES)
def test_the_range_is_in_order_and_within_a_hundred(here: Decimal, pieces: list[Piece]) -> None:
    found = wallet(here=here, pieces=pieces, today=TODAY)
    assert found.away_low <= found.away_high
    assert found.expired <= found.facts <= len(pieces)
    if found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.high <= 100
