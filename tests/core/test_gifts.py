"""What is within the limits for gifts, what a second person decides, and what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.gifts import (
    MEASURES,
    Earlier,
    GiftError,
    Limits,
    alike,
    is_cash,
    may_decide,
    repeated,
    rolling_from,
    verdict,
)  # fmt: skip

LIMITS = Limits(Decimal(300), Decimal(600), Decimal(1000), Decimal(6000))
ON = dt.date(2026, 12, 9)
AMOUNTS = st.decimals(min_value="0", max_value="99999", places=2)


def held(value, *, official=False, **before):
    return verdict(
        value=Decimal(value),
        before={name: Decimal(amount) for name, amount in before.items()},
        official=official,
        limits=LIMITS,
    )


def test_a_gift_within_every_limit_is_the_bankers_own_to_give() -> None:
    found = held(268, customer=268, household=536, banker=2140)
    assert not found.needs_second
    assert [(meter.measure, meter.left) for meter in found.meters] == [
        ("gift", 32), ("customer", 64), ("household", 196), ("banker", 3592),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "before", "over"),
    [
        (301, {}, {"gift": 1}),
        (300, {"customer": "300.01"}, {"customer": Decimal("0.01")}),
        (200, {"customer": 0, "household": 900}, {"household": 100}),
        (100, {"banker": 5950}, {"banker": 50}),
        (1280, {"customer": 0}, {"gift": 980, "customer": 680, "household": 280}),
    ],
)
def test_above_any_limit_a_second_person_decides(value, before, over) -> None:
    found = held(value, **before)
    assert {meter.measure: meter.over for meter in found.over} == over
    assert found.needs_second
    assert found.over[0].over == max(over.values())


def test_exactly_at_a_limit_it_is_still_within() -> None:
    assert not held(300, customer=300, household=700, banker=5700).needs_second


def test_for_a_public_official_no_value_is_within_the_limits() -> None:
    found = held("0.01", official=True)
    assert {meter.measure for meter in found.over} == {"gift", "customer", "household"}


@pytest.mark.parametrize("value", [0, -1])
def test_a_gift_without_a_value_is_refused(value) -> None:
    with pytest.raises(GiftError, match="above zero"):
        held(value)


@given(value=AMOUNTS.filter(bool), before=st.fixed_dictionaries(dict.fromkeys(MEASURES, AMOUNTS)))
def test_what_is_over_and_what_is_left_add_up_to_the_limit(value, before) -> None:
    for meter in verdict(value=value, before=before, official=False, limits=LIMITS).meters:
        assert meter.before + meter.this - meter.over + meter.left == meter.limit
        assert not (meter.over and meter.left)


@given(value=AMOUNTS.filter(bool), before=AMOUNTS, more=AMOUNTS)
def test_more_given_before_never_makes_a_gift_permitted(value, before, more) -> None:
    less, later = (dict.fromkeys(MEASURES, amount) for amount in (before, before + more))
    first = verdict(value=value, before=less, official=False, limits=LIMITS)
    second = verdict(value=value, before=later, official=False, limits=LIMITS)
    assert not first.needs_second or second.needs_second


@pytest.mark.parametrize(
    "text",
    [
        "Cash in an envelope",
        "¥500 红包",
        "JD gift card",
        "Amazon voucher",
        "购物卡",
        "a red packet",
        "10 g 金条",
        "礼金",
        "Prepaid card",
    ],
)
def test_money_and_what_is_as_good_as_money_is_refused(text) -> None:
    assert is_cash(text=text, category="other")


def test_the_kind_money_is_refused_whatever_it_is_called() -> None:
    assert is_cash(text="A small thing", category="cash")


@pytest.mark.parametrize(
    "text", ["Orchids", "龙井茶 250 克", "Cashmere scarf", "Photo print", "月饼", "Monet exhibition tickets"]
)
def test_other_things_are_not_taken_for_money(text) -> None:
    assert not is_cash(text=text, category="other")


def earlier(**more):
    values = {"on": dt.date(2025, 12, 9), "text": "Pu'er tea, 357 g", "category": "tea", "occasion": "Birthday"}
    return Earlier(**{**values, **more})


def repeats(past, **more):
    values = {"text": "Orchids", "category": "flowers", "occasion": "Birthday", "on": ON}
    return repeated(**{**values, **more}, earlier=past)


def test_last_years_gift_again_is_a_repetition() -> None:
    assert repeats([earlier()], text="Pu'er tea 357 g", category="food", occasion="Opening") == earlier()


def test_the_same_kind_for_the_same_occasion_is_a_repetition() -> None:
    assert repeats([earlier()], text="Longjing", category="tea") == earlier()


def test_the_latest_of_several_is_named() -> None:
    past = [earlier(on=dt.date(2025, 1, 1)), earlier(on=dt.date(2026, 1, 1)), earlier(on=dt.date(2025, 6, 1))]
    assert repeats(past, category="tea").on == dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    "more", [{"category": "flowers"}, {"category": "tea", "occasion": "Opening"}, {"category": "tea", "occasion": ""}]
)
def test_another_kind_or_another_occasion_is_not_a_repetition(more) -> None:
    past = [earlier(occasion=more.get("occasion") and "Birthday")]
    assert repeats(past, **more) is None


def test_what_was_given_more_than_two_years_ago_may_be_given_again() -> None:
    assert repeats([earlier(on=dt.date(2024, 12, 9))], category="tea") is None


def test_words_are_compared_and_chinese_by_character() -> None:
    assert alike("普洱茶饼 357g", "普洱茶饼")
    assert not alike("普洱茶饼", "碧螺春")
    assert not alike("", "tea")


@pytest.mark.parametrize(("staff", "may"), [(1, False), (2, False), (3, True)])
def test_neither_who_asked_nor_who_changed_it_last_may_decide(staff, may) -> None:
    assert may_decide(staff_id=staff, asked_by=1, edited_by=2) is may


def test_the_rolling_year_of_29_february_begins_on_the_28th() -> None:
    assert rolling_from(dt.date(2028, 2, 29)) == dt.date(2027, 2, 28)
    assert rolling_from(ON) == dt.date(2025, 12, 9)
