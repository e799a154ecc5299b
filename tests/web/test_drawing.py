from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from keybook.web import drawing

numbers = st.decimals(min_value=0, max_value=10**10, places=2)


@given(numbers, numbers)
def test_a_bar_is_between_nothing_and_full(value, of):
    size = int(drawing.v(value, of)[1:])
    assert 0 <= size <= 100
    assert (size == 0) == (not value or not of)


def test_a_bar_of_a_value_below_nothing_is_empty():
    assert drawing.v(-5) == "v0"
    assert drawing.v(None) == "v0"


@given(st.lists(numbers, max_size=24), st.none() | numbers)
def test_a_sparkline_stays_inside_its_box(values, level):
    drawn = drawing.spark(values, level)
    for point in drawn.line.removeprefix("M").split("L") if drawn.line else []:
        x, y = map(float, point.split(","))
        assert 0 <= x <= 300
        assert 0 <= y <= 44
    assert drawn.at is None or 0 <= drawn.at <= 44


def test_a_threshold_far_above_is_left_out():
    assert drawing.spark([Decimal(10), Decimal(12)], Decimal(1000)).at is None
    assert drawing.spark([Decimal(10), Decimal(12)], Decimal(13)).at is not None


def test_no_more_than_eight_stand_around_the_middle_and_none_on_another():
    assert len(drawing.star(30)) == 8
    places = [(place.x, place.y) for place in drawing.star(8)]
    assert len(set(places)) == 8
    assert drawing.star(0) == []


def test_hours_are_drawn_against_the_most_tried():
    assert drawing.hours_bars([[6, 5], [0, 0], [3, 3]]) == ["t12 a10", "t0 a0", "t6 a6"]
    assert drawing.hours_bars([[1, 1]]) == ["t4 a4"]
