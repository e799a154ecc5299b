"""When a customer counts as neglected, worked by hand; and how a new banker is introduced."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core import introductions
from keybook.core.introductions import IntroductionError
from keybook.core.neglect import NeglectError, Rule, Standing, answer_by, neglect, rests_after
from keybook.core.workdays import WorkCalendar

TODAY = dt.date(2026, 11, 23)  # a Monday
RULE = Rule()


def ago(days):
    return TODAY - dt.timedelta(days=days)


def why(late=None, last=None, every=90, rests=None):
    standing = Standing(ago(late) if late is not None else None, ago(last) if last is not None else None, every, rests)
    return neglect(standing=standing, rule=RULE, today=TODAY)


def test_thirty_days_past_grace_are_patience_and_thirty_one_are_neglect():
    assert why(late=30) is None
    found = why(late=31)
    assert (found.code, found.days, found.rule_version) == ("overdue", 31, "neglect/1")


def test_two_whole_standards_without_a_contact_are_neglect_whatever_the_grace():
    # contact every 30 days, the last 60 days ago: 60 // 30 = 2 standards went by
    assert why(late=5, last=59, every=30) is None
    assert (why(late=5, last=60, every=30).code, why(late=5, last=60, every=30).missed) == ("missed", 2)


def test_who_is_not_late_is_not_neglected_however_long_ago_the_last_word_was():
    assert why(last=400) is None
    assert why(late=-1, last=400) is None


def test_who_was_never_spoken_to_counts_by_the_days_alone():
    assert why(late=20, every=5) is None
    assert why(late=31, every=5).missed == 0


def test_until_the_promised_day_nobody_is_offered_again():
    assert why(late=90, rests=TODAY + dt.timedelta(days=1)) is None
    assert why(late=90, rests=TODAY).code == "overdue"


def test_the_banker_answers_within_workdays_and_the_head_rests_days():
    assert answer_by(today=TODAY, rule=RULE, calendar=WorkCalendar()) == dt.date(2026, 11, 30)
    assert rests_after(today=TODAY, rule=RULE) == dt.date(2026, 12, 23)


@pytest.mark.parametrize("more", [{"days": 0}, {"missed": 13}, {"answer_workdays": 0}, {"rest_days": 366}])
def test_a_rule_that_cannot_be_meant_is_refused(more):
    with pytest.raises(NeglectError) as refused:
        Rule(**more)
    assert refused.value.field == next(iter(more))


@given(st.integers(0, 400), st.integers(0, 400), st.integers(1, 365))
def test_who_is_neglected_today_is_neglected_tomorrow_if_nothing_happens(late, last, every):
    standing = Standing(ago(late), ago(last), every)
    if neglect(standing=standing, rule=RULE, today=TODAY):
        assert neglect(standing=standing, rule=RULE, today=TODAY + dt.timedelta(days=1))


def test_introductions_are_spread_over_the_workdays_and_begin_tomorrow():
    # 4 within 10 workdays: places 0, 10*1//4=2, 5, 7 → the 1st, 3rd, 6th and 8th workday after Monday the 23rd
    on = list(introductions.days(count=4, within=10, today=TODAY, calendar=WorkCalendar()))
    assert on == [dt.date(2026, 11, 24), dt.date(2026, 11, 26), dt.date(2026, 12, 1), dt.date(2026, 12, 3)]


@given(st.integers(1, 300), st.integers(1, 60))
def test_every_introduction_is_on_a_workday_after_today_and_within_the_days(count, within):
    calendar = WorkCalendar()
    on = list(introductions.days(count=count, within=within, today=TODAY, calendar=calendar))
    assert len(on) == count
    assert min(on) > TODAY
    assert max(on) <= calendar.add_workdays(TODAY, within)
    assert all(calendar.is_workday(day) for day in on)


@pytest.mark.parametrize("within", [0, 61])
def test_introductions_within_no_days_or_a_quarter_are_refused(within):
    with pytest.raises(IntroductionError):
        list(introductions.days(count=1, within=within, today=TODAY, calendar=WorkCalendar()))


def test_the_words_are_filled_in_and_a_missing_fact_leaves_no_gap():
    assert (
        introductions.fill(text="Letter from {old}  and {banker}", facts={"banker": "Wu Xin"})
        == "Letter from and Wu Xin"
    )


@pytest.mark.parametrize(("text", "code"), [("", "empty"), ("x" * 161, "long"), ("{name}", "field"), ("{old", "brace")])
def test_words_that_cannot_be_are_refused(text, code):
    with pytest.raises(IntroductionError) as refused:
        introductions.check(text=text)
    assert refused.value.code == code


def test_our_own_words_are_all_well_formed():
    for text in introductions.DEFAULTS.values():
        introductions.check(text=text)
