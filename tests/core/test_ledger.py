"""The relationship ledger: points that halve in 180 days, by hand and by law."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.ledger import POINTS, Posting, UnknownPostingError, balance, curve, decay, health

TODAY = date(2026, 11, 23)
postings = st.lists(
    st.builds(Posting, on=st.dates(date(2023, 1, 1), TODAY), kind=st.sampled_from(sorted(POINTS))), max_size=30
)


def ago(days, kind):
    return Posting(TODAY - timedelta(days=days), kind)


def test_a_point_halves_in_180_days():
    assert decay(days=0) == 1
    assert decay(days=180) == 0.5
    assert decay(days=360) == 0.25


def test_the_balance_is_what_a_hand_finds():
    """7 today, 7 · ½, −14 · ¼, and a promise late today: 7 + 3.5 − 3.5 − 7 = 0; without the promise 7."""
    entries = [ago(0, "strengthened"), ago(180, "strengthened"), ago(360, "weakened")]
    assert health(postings=entries, today=TODAY).balance == 7
    assert health(postings=[*entries, ago(0, "promise_late")], today=TODAY).balance == 0


def test_the_steps_say_what_each_was_worth_and_what_is_left_newest_first():
    found = health(postings=[ago(180, "weakened"), ago(0, "strengthened"), ago(1, "unchanged")], today=TODAY)
    assert [(step.posting.kind, step.points, step.left) for step in found.steps] == [
        ("strengthened", 7, 7.0),
        ("weakened", -14, -7.0),
    ]
    assert found.rule_version == "ledger/1"


def test_what_happens_tomorrow_does_not_count_today():
    assert health(postings=[ago(-1, "ended")], today=TODAY).balance == 0
    assert balance(postings=[ago(-1, "ended")], today=TODAY) == 0


def test_the_balance_never_leaves_a_hundred():
    assert balance(postings=[ago(0, "strengthened")] * 50, today=TODAY) == 100
    assert balance(postings=[ago(0, "ended")] * 50, today=TODAY) == -100


def test_the_curve_ends_on_the_day_itself():
    found = curve(postings=[ago(10, "strengthened")], start=TODAY - timedelta(days=15), today=TODAY)
    assert [day for day, _ in found] == [TODAY - timedelta(days=each) for each in (15, 8, 1, 0)]
    assert [points for _, points in found] == [0, 7, 7, 7]


def test_a_curve_that_starts_today_is_one_point():
    assert curve(postings=[], start=TODAY, today=TODAY) == ((TODAY, 0),)


def test_an_unknown_posting_is_refused():
    with pytest.raises(UnknownPostingError, match="'liked'"):
        health(postings=[ago(0, "liked")], today=TODAY)


def test_a_curve_may_not_stand_still():
    with pytest.raises(ValueError, match="at least a day"):
        curve(postings=[], start=TODAY, today=TODAY, every_days=0)


@given(postings)
def test_the_stored_balance_is_the_explained_one(entries):
    found = health(postings=entries, today=TODAY)
    assert found.balance == balance(postings=entries, today=TODAY)
    assert -100 <= found.balance <= 100


@given(postings, st.integers(0, 2000))
def test_a_good_contact_never_lowers_the_balance(entries, days):
    assert balance(postings=[*entries, ago(days, "strengthened")], today=TODAY) >= balance(
        postings=entries, today=TODAY
    )


@given(postings, st.randoms())
def test_the_order_of_the_postings_does_not_matter(entries, random):
    shuffled = random.sample(entries, len(entries))
    assert health(postings=entries, today=TODAY).steps == health(postings=shuffled, today=TODAY).steps
    assert abs(balance(postings=entries, today=TODAY) - balance(postings=shuffled, today=TODAY)) <= 1
