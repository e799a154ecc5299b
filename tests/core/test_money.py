"""Money: exact, of one currency, and short as a sentence says it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook import formats
from keybook.core.money import CurrencyError, Money, Short, short, total
from keybook.core.openings import money_text

amounts = st.decimals(-(10**13), 10**13, places=2)


def cny(amount):
    return Money(Decimal(amount), "CNY")


def test_money_of_one_currency_is_added_taken_away_and_multiplied():
    assert cny("1.10") + cny("2.20") == cny("3.30")
    assert cny(1) - cny(3) == -cny(2)
    assert cny("1.5") * 2 == cny("3.0")
    assert total(amounts=[cny(1), cny(2)], currency="CNY") == cny(3)
    assert total(amounts=[], currency="CNY") == cny(0)


def test_money_of_one_currency_is_compared():
    assert cny(1) < cny(2)
    assert cny(2) <= cny(2)


@pytest.mark.parametrize("act", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a <= b])
def test_two_currencies_are_refused(act):
    with pytest.raises(CurrencyError, match="CNY and CZK"):
        act(cny(1), Money(Decimal(1), "CZK"))


@pytest.mark.parametrize("code", ["cny", "CN", "元元元", "CNYY", ""])
def test_what_is_no_currency_is_refused(code):
    with pytest.raises(CurrencyError, match="three capital letters"):
        Money(Decimal(1), code)


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(ValueError, match="not an amount"):
        cny(amount)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("0.125", "CNY", "0.12"), ("0.135", "CNY", "0.14"), ("2.5", "JPY", "2"), ("1.0005", "KWD", "1.000")],
)
def test_halves_are_rounded_to_the_even_digit_of_the_minor_unit(amount, currency, rounded):
    assert Money(Decimal(amount), currency).rounded() == Money(Decimal(rounded), currency)


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        ("142000", Short(Decimal(142_000), "one"), Short(Decimal("14.2"), "wan")),
        ("1800000", Short(Decimal("1.80"), "million"), Short(Decimal("180.0"), "wan")),
        ("128000000", Short(Decimal(128), "million"), Short(Decimal("1.28"), "yi")),
        ("999999999", Short(Decimal(1), "billion"), Short(Decimal(10), "yi")),
        ("12480000", Short(Decimal("12.5"), "million"), Short(Decimal(1248), "wan")),
        ("850.40", Short(Decimal(850), "one"), Short(Decimal(850), "one")),
    ],
)
def test_an_amount_is_short_in_the_units_of_its_language(amount, english, chinese):
    assert short(amount=Decimal(amount), chinese=False) == english
    assert short(amount=Decimal(amount), chinese=True) == chinese


@given(amounts, st.sampled_from(["CNY", "CZK", "USD", "XAU"]))
def test_what_is_said_to_a_customer_is_what_the_screen_shows(amount, currency):
    """The screen's narrow space after a currency's code is an ordinary one in a spoken sentence."""
    screen = [formats.money_short(amount, currency, language).replace("\u202f", " ") for language in ("en", "zh")]
    assert [money_text(amount=amount, currency=currency, chinese=chinese) for chinese in (False, True)] == screen


@given(amounts, st.booleans())
def test_a_short_amount_is_within_one_percent_of_the_exact_one(amount, chinese):
    figure, unit = short(amount=amount, chinese=chinese)
    factor = {"one": 1, "wan": 10**4, "million": 10**6, "yi": 10**8, "billion": 10**9}[unit]
    assert abs(figure * factor - amount) <= max(abs(amount) / 100, Decimal("0.5"))
