"""The words of a greeting and their closed fields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.greetings import DEFAULTS, FIELDS, KINDS, GreetingError, check, fill, words_for

FACTS = {"name": "陈女士", "banker": "王爱丽", "bank": "示范银行", "date": "11月26日", "label": "开业"}


def test_a_greeting_is_filled_in():
    text = words_for(kind="birthday", language="zh-hans", own={})
    assert fill(text=text, facts=FACTS) == "陈女士，生日快乐！祝您身体健康、万事顺意。示范银行王爱丽敬贺"


def test_every_kind_has_its_words_in_both_languages_and_they_pass_their_own_check():
    assert set(DEFAULTS) == {(kind, language) for kind in KINDS for language in ("en", "zh")}
    for text in DEFAULTS.values():
        check(text=text)
        assert "{" not in fill(text=text, facts=FACTS)


def test_the_banks_own_words_come_first():
    assert words_for(kind="birthday", language="en", own={("birthday", "en"): "Well, {name}!"}) == "Well, {name}!"


def test_an_unknown_occasion_gets_the_words_of_any_other():
    assert words_for(kind="harvest", language="en", own={}) == DEFAULTS["other", "en"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"), ("  \n", "empty"), ("x" * 1001, "long"), ("{age}", "field"), ("{name.__class__}", "field"),
        ("{name!r}", "field"), ("{name:>9}", "field"), ("{}", "field"), ("{0}", "field"), ("{name", "brace"), ("a } b", "brace"),
    ],
)  # fmt: skip
def test_what_is_no_greeting_is_refused(text, code):
    with pytest.raises(GreetingError) as refusal:
        check(text=text)
    assert refusal.value.code == code


@given(st.text(alphabet="{}!:.[]0 nameworldx年{}", max_size=40))
def test_whatever_is_typed_is_filled_in_or_refused_and_never_reaches_into_a_value(text):
    try:
        said = fill(text=text, facts=FACTS)
    except GreetingError:
        return
    assert len(said) <= len(text) + 40


def test_the_fields_are_closed():
    assert FIELDS == ("name", "banker", "bank", "date", "label")
