"""Masks: what they show, and that they never show more for less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.masking import HIDDEN, email, id_number, phone


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800138000", "138 ···· 8000"),
        ("138-0013-8000", "138 ···· 8000"),
        ("+44 7700 900958", "+44 ···· 0958"),
        ("88226655", "···· 55"),
        ("110", "····"),
        ("+4912345", "···· 45"),
        ("", ""),
        ("none", ""),
    ],
)
def test_a_phone_shows_its_start_and_its_tail_when_it_is_long_enough(number, masked):
    assert phone(number=number) == masked


@pytest.mark.parametrize(
    ("number", "masked"), [("310101196501011234", "3····4"), ("E12345", "E····5"), ("E1234", "····"), ("  ", "")]
)
def test_an_identity_number_shows_its_ends_when_it_is_long_enough(number, masked):
    assert id_number(number=number) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [("anna@example.com", "a····@example.com"), ("a@example.com", "····@example.com"), ("anna", "····"), ("", "")],
)
def test_an_e_mail_shows_its_domain_and_at_most_a_letter(address, masked):
    assert email(address=address) == masked


@given(st.text("0123456789", max_size=20), st.sampled_from(["", "+"]))
def test_at_least_four_digits_of_a_phone_may_not_be_seen(digits, plus):
    shown = [each for each in phone(number=plus + digits) if each.isdigit()]
    assert len(shown) <= max(len(digits) - 4, 0)
    assert len(shown) <= 7


@given(st.text(min_size=1, max_size=30))
def test_at_least_four_characters_of_an_identity_number_may_not_be_seen(text):
    shown = id_number(number=text).replace(HIDDEN, "")
    assert len(shown) <= max(len(text.strip()) - 4, 0)
    assert len(shown) <= 2


@given(st.text(st.characters(exclude_characters="@"), max_size=30))
def test_an_e_mails_name_may_not_be_seen_beyond_a_letter(name):
    assert len(email(address=f"{name}@example.com").partition("@")[0].replace(HIDDEN, "")) <= 1


@given(st.text(min_size=1, max_size=40))
def test_what_is_no_address_may_not_be_shown(text):
    if "@" not in text:
        assert email(address=text) in {"", HIDDEN}


def test_a_mainland_mobile_reads_the_same_with_and_without_its_country() -> None:
    assert phone(number="+86 138 0013 8000") == phone(number="13800138000") == "138 ···· 8000"
