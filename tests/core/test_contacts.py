"""What a logged contact settles."""

from datetime import date, timedelta

import pytest

from keybook.core.contacts import answers, meant

CAUSES = ["promise", "signal", "occasion", "standard", "campaign"]
TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("outcome", ["reached", "met"])
def test_having_spoken_settles_every_cause(outcome, cause):
    assert answers(outcome=outcome, cause=cause)


def test_a_message_left_settles_a_greeting():
    assert answers(outcome="left_message", cause="occasion")


@pytest.mark.parametrize("cause", [each for each in CAUSES if each != "occasion"])
def test_a_message_left_may_not_settle_what_wants_an_answer(cause):
    assert not answers(outcome="left_message", cause=cause)


@pytest.mark.parametrize("cause", CAUSES)
def test_not_having_reached_anyone_may_not_settle_anything(cause):
    assert not answers(outcome="not_reached", cause=cause)


def test_a_birthday_still_to_come_may_not_be_used_up_by_a_call_about_something_else():
    assert not meant(cause="occasion", due_on=TOMORROW, today=TODAY, alone=False)


def test_a_call_is_about_the_birthday_when_it_is_today_or_the_only_reason():
    assert meant(cause="occasion", due_on=TODAY, today=TODAY, alone=False)
    assert meant(cause="occasion", due_on=TOMORROW, today=TODAY, alone=True)
    assert meant(cause="signal", due_on=TOMORROW, today=TODAY, alone=False)
