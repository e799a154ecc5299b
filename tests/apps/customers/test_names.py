"""The keys by which a customer is found."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.apps.customers.names import LONGEST, folded, keys_for, phone_digits, pressed


def keys(name: str = "", name_zh: str = "", phone: str = "", number: str | None = None) -> list[str]:
    return keys_for(name=name, name_zh=name_zh, phone=phone, number=number)


def found(typed: str, **who: str) -> bool:
    return any(key.startswith(pressed(typed)) for key in keys(**who))


@pytest.mark.parametrize(
    "typed", ["zhang wei", "zhangwei", "Zhang", "wei", "wei zhang", "zw", "伟", "张", "张伟", "ＺＨＡＮＧ"]
)
def test_a_chinese_name_is_found_by_pinyin_initials_and_characters(typed: str) -> None:
    assert found(typed, name="张伟", name_zh="张伟")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单雄信", "shan"), ("曾国藩", "zeng"), ("解晓东", "xie"), ("仇英", "qiu"), ("任盈盈", "ren"), ("区志明", "ou"),
        ("尉迟恭", "yuchi"), ("欧阳秀文", "ouyang"), ("欧阳秀文", "xiuwen"), ("万俟卨", "moqi"), ("查良镛", "zha"),
        ("吕布", "lv"), ("吕布", "lu"), ("朴志成", "piao"), ("重庆银行", "chongqing"), ("银行", "yinhang"),
    ],
)  # fmt: skip
def test_a_surname_is_read_as_a_surname(name: str, typed: str) -> None:
    assert found(typed, name_zh=name)


@pytest.mark.parametrize(
    "typed", ["wisniewska", "Wiśniewska", "kowalczyk", "awk", "aleksandra wisn", "kowalczyk aleks"]
)
def test_accents_and_hyphens_do_not_hide_a_name(typed: str) -> None:
    assert found(typed, name="Aleksandra Wiśniewska-Kowalczyk")


@pytest.mark.parametrize(
    ("name", "plain"), [("Łukasz", "lukasz"), ("Søren", "soren"), ("Straße", "strasse"), ("O'Neil", "oneil")]
)
def test_letters_of_other_alphabets_are_typed_plainly(name: str, plain: str) -> None:
    assert found(plain, name=name)


def test_a_phone_is_found_by_its_tail_and_whole() -> None:
    assert {"8000", "13800138000", "8613800138000"} <= set(keys(phone="+86 138 0013 8000"))
    assert {"0958", "2079460958"} <= set(keys(phone="+44 20 7946 0958"))


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [("+8613800138000", "13800138000"), ("0044 20 7946 0958", "2079460958"), ("020 7946 0958", "2079460958"),
     ("+1 415 555 2671", "4155552671"), ("+852 9123 4567", "91234567")],
)  # fmt: skip
def test_the_country_and_the_leading_nought_are_left_out(typed: str, dialled: str) -> None:
    assert phone_digits(typed) == dialled


def test_a_customer_number_is_found_with_and_without_its_letters() -> None:
    assert {"c000123", "123"} <= set(keys(number="C-000123"))


def test_the_middle_of_a_phone_is_no_key() -> None:
    assert not found("0013", phone="13800138000")


def test_a_phone_of_three_digits_is_no_key() -> None:
    assert keys(phone="110") == []


def test_a_name_of_signs_alone_has_no_key() -> None:
    assert keys(name="-- !!", name_zh="··") == []


@given(st.text(max_size=200), st.text(max_size=80), st.text(max_size=40), st.text(max_size=40))
def test_keys_fit_their_column_and_hold_letters_and_digits_only(name: str, zh: str, phone: str, number: str) -> None:
    made = keys(name, zh, phone, number)
    assert len(made) == len(set(made))
    assert all(0 < len(key) <= LONGEST and "\x00" not in key and " " not in key for key in made)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert pressed(pressed(text)) == pressed(text)
    assert folded(text.upper()) == folded(text.upper().upper())


def test_a_hundred_thousand_customers_are_keyed_in_ten_seconds() -> None:
    start = time.process_time()
    for number in range(5_000):
        keys(
            name=f"Zhang Wei {number}",
            name_zh="张伟芳欧阳"[number % 3 :][:3],
            phone=f"138{number:08}",
            number=f"C{number}",
        )
    assert time.process_time() - start < 0.5
