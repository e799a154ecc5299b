"""What a contact answers."""

from __future__ import annotations

import datetime as dt

import pytest

from keybook.core.contacts import answers, meant

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize("outcome", ["reached", "met"])
@pytest.mark.parametrize("cause", ["promise", "signal", "occasion", "standard"])
def test_having_spoken_answers_everything(outcome, cause):
    assert answers(outcome=outcome, cause=cause)


def test_a_message_left_is_a_greeting():
    assert answers(outcome="left_message", cause="occasion")


@pytest.mark.parametrize(("outcome", "cause"), [("left_message", "promise"), ("not_reached", "occasion")])
def test_a_silent_contact_may_not_answer_what_wants_a_voice(outcome, cause):
    assert not answers(outcome=outcome, cause=cause)


def test_a_coming_occasion_is_meant_only_when_it_stands_alone():
    tomorrow = TODAY + dt.timedelta(days=1)
    assert meant(cause="occasion", due_on=tomorrow, today=TODAY, alone=True)
    assert not meant(cause="occasion", due_on=tomorrow, today=TODAY, alone=False)
    assert meant(cause="occasion", due_on=TODAY, today=TODAY, alone=False)
    assert meant(cause="signal", due_on=tomorrow, today=TODAY, alone=False)
