"""Numbers, money and phones beyond the specifications: how bankers write them, and what is none."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keybook.core.reading import Entity, read
from keybook.core.reading.money import bare_amounts, money
from keybook.core.reading.numbers import numbers, ordinals, percents
from keybook.core.reading.phones import phones

AT = dt.datetime(2026, 11, 23, 10, 32)


def values(found: tuple[Entity, ...]) -> list[tuple[str, str]]:
    return [(one.text, one.readings[0].value) for one in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("零5", [("5", "5")]), ("500十", [("500", "500"), ("十", "10")]), ("1亿3万亿", [("1亿3万", "100030000")]), ("零几万", []), ("三五八万", [("三五八", "358")]), ("二五万", []),
        ("五十万三年", [("五十万", "500000"), ("三", "3")]), ("50万3年期", [("50万", "500000"), ("3", "3")]), ("20万 30万", [("20万", "200000"), ("30万", "300000")]),
        ("二十万 十二月", [("二十万", "200000"), ("十二", "12")]), ("45万 13800138000", [("45万", "450000"), ("13800138000", "13800138000")]),
        ("İ ５0", [("５0", "50")]), ("2026年", [("2026", "2026")]), ("一三八零零", [("一三八零零", "13800")]),
    ],
)  # fmt: skip
def test_chinese_numbers_end_where_they_end(text: str, found: list[tuple[str, str]]) -> None:
    assert values(numbers(text=text, language="zh")) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 3/0", [("1", "1"), ("3", "3"), ("0", "0")]), ("1 thousand 2000 million", [("1 thousand", "1000"), ("2000 million", "2000000000")]), ("2000 hundred", [("2000", "2000"), ("hundred", "100")]),
        ("thirty seconds", [("thirty", "30")]), ("five second", [("five", "5")]), ("2 thousand 3 million", [("2 thousand 3", "2003"), ("million", "1000000")]), ("see https://a.example/5?x=7 for 3", [("3", "3")]), ("1 million and 2 children", [("1 million", "1000000"), ("2", "2")]),
    ],
)  # fmt: skip
def test_english_numbers_end_where_they_end(text: str, found: list[tuple[str, str]]) -> None:
    assert values(numbers(text=text, language="en")) == found


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("￥1.2m", "1200000", "CNY"), ("三千五百块", "3500", "CNY"), ("20万美元", "200000", "USD"), ("HK$5000", "5000", "HKD"), ("人民币10万元", "100000", "CNY"),
        ("三块五", "3.5", "CNY"), ("三块五毛", "3.5", "CNY"), ("10元5角", "10.5", "CNY"), ("一块二毛五", "1.25", "CNY"), ("美金20万", "200000", "USD"), ("5毛", "0.5", "CNY"),
        ("三块12", "3", "CNY"), ("50000元 5", "50000", "CNY"), ("5 SAR", "5", "SAR"), ("2.5亿港元", "250000000", "HKD"), ("€300k", "300000", "EUR"), ("1.5mn USD", "1500000", "USD"),
        ("half a million dollars", "500000", "Dollar"), ("paid 500 dollars 20 Jan", "500", "Dollar"), ("$100 and 3 funds", "100", "Dollar"),
    ],
)  # fmt: skip
def test_money_is_an_amount_and_its_unit(text: str, amount: str, unit: str) -> None:
    [one] = money(text=text, language="zh")
    assert (one.readings[0].value, one.readings[0].unit) == (amount, unit)


@pytest.mark.parametrize("text", ["7 pens", "5 sar", "ALL 5", "call Bob 3 times", "今天下雨", "0.01分手"])
def test_what_is_no_money_is_not_read_as_money(text: str) -> None:
    assert money(text=text, language="en") == ()


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("45万", [["450000"]]), ("450k", [["450000"]]), ("1.2亿", [["120000000"]]), ("三万五", [["35000"]]), ("八十来万", [["800000"]]), ("三四十万", [["300000", "400000"]]),
        ("30-50万", [["300000", "500000"]]), ("20到30k", [["20000", "30000"]]), ("10万人", []), ("三四十", []), ("5", []),
    ],
)  # fmt: skip
def test_a_bare_amount_has_each_of_its_readings_and_people_are_no_money(text: str, amounts: list[list[str]]) -> None:
    found = bare_amounts(text=text, taken=())
    assert [[reading.value for reading in one.readings] for one in found] == amounts


def test_an_amount_already_taken_is_not_read_again() -> None:
    taken = money(text="20万美元", language="zh")
    assert bare_amounts(text="20万美元", taken=taken) == ()


@pytest.mark.parametrize("text", ["第几", "第 天"])
def test_a_sign_without_a_number_is_no_ordinal(text: str) -> None:
    assert ordinals(text=text, language="zh") == ()


@pytest.mark.parametrize(
    ("text", "language"), [("20成", "zh"), ("十折", "zh"), ("百分之二三十", "zh"), ("percent of those 5", "en")]
)
def test_what_is_no_share_has_no_amount(text: str, language: str) -> None:
    found = percents(text=text, language=language)  # type: ignore[arg-type]
    assert all(one.readings[0].amount is None for one in found)


@pytest.mark.parametrize("text", ["12 13 14 15", "账号 12345678", "2026-11-07", "3.1415926"])
def test_figures_that_are_no_phone_are_not_read_as_one(text: str) -> None:
    assert phones(text=text, language="zh") == ()


@pytest.mark.parametrize(
    ("text", "phone", "trouble"),
    [("1380013800 30万", "1380013800", "digits"), ("王总 1380013800 2月30日", "1380013800", "digits"), ("call 5551234 3pm", "5551234", ""), ("138001380001", "138001380001", "digits"), ("138...", "138...", "digits"), ("13800138000 80000元", "13800138000", "")],
)  # fmt: skip
def test_a_phone_with_a_typo_is_kept_as_typed_and_marked(text: str, phone: str, trouble: str) -> None:
    [one] = phones(text=text, language="zh")
    assert (one.text, one.trouble, bool(one.readings)) == (phone, trouble, not trouble)


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(
        alphabet=st.sampled_from(
            "0123456789一二三四五六七八九十百千万亿零点半分之又多几第折成%$€元块角毛.,+-/() and a hundred two fifth"
        ),
        max_size=40,
    )
)
def test_any_row_of_number_signs_is_read_without_a_fault_and_in_its_place(text: str) -> None:
    for one in read(text=text, language="zh", at=AT):
        assert text[one.start : one.end] == one.text
    for one in read(text=text, language="en", at=AT):
        assert text[one.start : one.end] == one.text


@settings(max_examples=100, deadline=None)
@given(number=st.integers(1, 10**12))
def test_a_number_in_figures_is_itself_with_and_without_marks(number: int) -> None:
    for text in (str(number), f"{number:,}"):
        assert values(numbers(text=text, language="en")) == [(text, str(number))]
