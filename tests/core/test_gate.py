"""The gate before a contact: each rule of its table, the rolling caps, the hours where the customer lives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.gate import ALL, PURPOSES, Customer, Past, Proposal, Rules, RulesError, is_quiet, judge
from keybook.core.periods import Period
from keybook.core.workdays import WorkCalendar

SHANGHAI = "Asia/Shanghai"
NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo(SHANGHAI))  # a Monday
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
CALENDAR = WorkCalendar()
SERVICE = Proposal(NOON, "call", themes=("Deposit",))


def said(proposal: Proposal = SERVICE, **customer) -> dict[str, bool]:
    """The codes of the reasons, and whether each refuses."""
    verdict = judge(proposal=proposal, customer=Customer(**customer), calendar=CALENDAR, zone=SHANGHAI)
    return {each.code: each.refuses for each in verdict.reasons}


def by_purpose(**customer) -> dict[str, bool | None]:
    """What the one reason does for each purpose; None where it says nothing. Consent to be sold to is given."""
    agreed = {(ALL, purpose): True for purpose in ("invitation", "marketing")}
    given_ = {"consents": agreed, **customer}
    found = {}
    for purpose in PURPOSES:
        reasons = said(replace(SERVICE, purpose=purpose), **given_)
        assert len(reasons) <= 1
        found[purpose] = next(iter(reasons.values()), None)
    return found


def past(days: int = 1, **more) -> Past:
    return Past(**{"at": NOON - days * DAY, "channel": "call", "by": "Wang Li", "theme": "Deposit", **more})


def test_with_nothing_against_it_a_contact_is_allowed():
    assert judge(proposal=SERVICE, customer=Customer(), calendar=CALENDAR, zone=SHANGHAI).answer == "allowed"


@pytest.mark.parametrize(
    ("customer", "service", "greeting", "selling"),
    [
        ({"closed": True}, True, True, True),
        ({"never": frozenset({"call"})}, True, True, True),
        ({"mourning": Period(TODAY, TODAY + DAY)}, False, True, True),
        ({"complaint_since": TODAY}, False, True, True),
        ({"vulnerable": "Bring her daughter"}, False, False, True),
        ({"ended": True}, False, True, True),
        ({"past": (past(1, spoke=False), past(2, spoke=False), past(3, spoke=False))}, False, True, True),
        ({"past": (past(5),)}, False, False, False),
        ({"past": (past(1, theme="Weather"),)}, False, None, False),
    ],
    ids=["closed", "never", "mourning", "complaint", "vulnerable", "ended", "cap", "repeated", "lately"],
)
def test_each_rule_refuses_or_warns_as_its_line_of_the_table_says(customer, service, greeting, selling):
    assert by_purpose(**customer) == {
        "service": service,
        "greeting": greeting,
        "invitation": selling,
        "marketing": selling,
    }


def test_mourning_that_is_over_or_has_not_begun_says_nothing():
    assert said(replace(SERVICE, purpose="greeting"), mourning=Period(TODAY - DAY, TODAY)) == {}
    assert said(replace(SERVICE, purpose="greeting"), mourning=Period(TODAY + DAY)) == {}


@pytest.mark.parametrize("purpose", ["service", "greeting"])
def test_a_consent_withdrawn_refuses_its_own_purpose_and_no_other(purpose):
    proposal = replace(SERVICE, purpose=purpose)
    assert said(proposal, consents={("call", purpose): False}) == {"consent": True}
    assert said(proposal, consents={(ALL, purpose): False}) == {"consent": True}
    assert said(proposal, consents={("email", purpose): False, ("call", "marketing"): False}) == {}


def test_nobody_is_sold_to_without_a_consent_unless_somebody_means_it():
    assert said(replace(SERVICE, purpose="marketing")) == {"no_consent": False}
    assert said(replace(SERVICE, purpose="marketing"), consents={(ALL, "marketing"): True}) == {}
    assert said(
        replace(SERVICE, purpose="marketing"), consents={(ALL, "marketing"): True, ("call", "marketing"): False}
    ) == {"consent": True}


@pytest.mark.parametrize(("hour", "quiet"), [(8, True), (9, False), (19, False), (20, True), (23, True), (0, True)])
def test_it_is_quiet_from_eight_in_the_evening_until_nine(hour, quiet):
    assert is_quiet(hour=hour, rules=Rules()) is quiet


def test_quiet_hours_within_one_day_are_quiet_between_them():
    assert [is_quiet(hour=hour, rules=Rules(quiet_from=12, quiet_until=14)) for hour in (11, 12, 13, 14)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_noon_in_shanghai_is_night_in_new_york_and_only_what_rings_disturbs():
    assert said(zone="America/New_York") == {"quiet": True}
    assert said(replace(SERVICE, channel="email"), zone="America/New_York") == {}
    assert said(replace(SERVICE, hour_known=False), zone="America/New_York") == {}
    assert said(replace(SERVICE, promised=True), zone="America/New_York") == {"quiet": False}


@pytest.mark.parametrize(
    ("month", "day", "quiet"), [(3, 27, True), (3, 29, False), (10, 24, False), (10, 26, True)],
)  # fmt: skip
def test_the_quiet_hours_follow_the_clocks_of_the_customer_when_these_change(month, day, quiet):
    """07:30 UTC is 8:30 in Zürich's winter, which is quiet, and 9:30 in its summer: its clocks change on 28 March 2027
    and on 25 October 2026."""
    at = datetime(2027 if month == 3 else 2026, month, day, 7, 30, tzinfo=UTC)
    assert ("quiet" in said(replace(SERVICE, at=at), zone="Europe/Zurich")) is quiet


def test_on_a_day_nobody_works_a_call_warns_and_says_the_next_workday():
    saturday = replace(SERVICE, at=NOON + 5 * DAY)
    verdict = judge(proposal=saturday, customer=Customer(), calendar=CALENDAR, zone=SHANGHAI)
    assert [(each.code, each.refuses, each.until) for each in verdict.reasons] == [("holiday", False, TODAY + 7 * DAY)]
    assert said(replace(saturday, purpose="greeting")) == {}
    assert said(replace(saturday, channel="email")) == {}


def test_the_same_theme_by_a_colleague_says_who_when_how_and_with_what_result():
    verdict = judge(
        proposal=SERVICE, customer=Customer(past=(past(2, theme=" deposit ", outcome="reached"),)), calendar=CALENDAR,
        zone=SHANGHAI,
    )  # fmt: skip
    (reason,) = verdict.reasons
    assert (reason.code, verdict.answer, reason.until) == ("repeated", "warns", TODAY + 12 * DAY)
    assert dict(reason.facts) == {
        "on": "2026-11-21", "by": "Wang Li", "channel": "call", "theme": " deposit ", "outcome": "reached",
    }  # fmt: skip


def test_ones_own_theme_is_no_repetition_and_after_the_window_nobodys_is():
    assert said(past=(past(8, own=True),)) == {}
    assert said(past=(past(14),)) == {}


def test_what_keeps_a_promise_is_no_repetition_and_under_no_cap():
    crowded = tuple(past(0, at=NOON - timedelta(hours=each)) for each in range(1, 9))
    assert said(replace(SERVICE, promised=True), past=crowded) == {}


def test_who_walks_in_fills_no_cap_and_is_under_none():
    assert said(past=tuple(past(each, channel="branch", spoke=False) for each in range(9))) == {}
    crowded = tuple(past(each, spoke=False) for each in range(9))
    assert "cap" not in said(replace(SERVICE, channel="branch"), past=crowded)


def test_a_cap_says_how_many_within_how_long_and_when_it_is_free_again():
    """Two calls a day: the third of the day is over it, tomorrow it is free."""
    twice = (past(0, spoke=False), past(0, spoke=False))
    verdict = judge(proposal=SERVICE, customer=Customer(past=twice), calendar=CALENDAR, zone=SHANGHAI)
    assert dict(verdict.reasons[0].facts) == {"channel": "call", "count": "2", "days": "1", "most": "2"}
    assert verdict.reasons[0].until == TODAY + DAY


def test_the_day_it_is_free_from_breaks_no_longer_cap_either():
    """Three calls today: tomorrow the day is free, the week (three) only on the seventh day after."""
    thrice = tuple(past(0, spoke=False) for _number in range(3))
    verdict = judge(proposal=SERVICE, customer=Customer(past=thrice), calendar=CALENDAR, zone=SHANGHAI)
    assert verdict.reasons[0].until == TODAY + 7 * DAY
    there = replace(SERVICE, at=NOON + 7 * DAY)
    assert "cap" not in said(there, past=thrice)


def test_contacts_far_before_and_behind_do_not_fill_one_window():
    """Two calls six days before and one six days behind: no seven days hold four."""
    assert "cap" not in said(past=(past(6, spoke=False), past(6, spoke=False), past(-6, planned=True)))


def test_contacts_of_all_channels_together_are_under_a_cap_too_and_gifts_count():
    mixed = [
        past(each, channel=name, spoke=False)
        for each, name in enumerate(("visit", "wechat", "sms", "email", "letter", "gift"))
    ]
    assert said(past=tuple(mixed)) == {"cap": False}
    assert said(past=tuple(mixed[:5])) == {}


def test_what_is_planned_counts_before_and_behind():
    ahead = tuple(past(-each, planned=True) for each in (2, 3, 4))
    assert said(past=ahead) == {"cap": False, "planned": False}


@pytest.mark.parametrize(
    ("days", "own", "says"), [(6, False, True), (7, False, False), (3, True, True), (0, False, True), (0, True, False)],
)  # fmt: skip
def test_what_somebody_plans_within_a_week_is_said_but_not_what_one_has_planned_for_this_very_day(days, own, says):
    verdict = judge(
        proposal=SERVICE, calendar=CALENDAR, zone=SHANGHAI,
        customer=Customer(past=(past(-days, own=own, planned=True, spoke=False, theme="Review"),)),
    )  # fmt: skip
    assert [each.code for each in verdict.reasons] == (["planned"] if says else [])
    if says:
        (reason,) = verdict.reasons
        assert (reason.refuses, reason.facts["by"], reason.facts["theme"]) == (False, "Wang Li", "Review")
        assert reason.facts["on"] == (TODAY + days * DAY).isoformat()


def test_what_one_has_planned_for_the_day_itself_fills_no_cap_of_the_day():
    twice = tuple(past(0, own=True, planned=True, spoke=False) for _number in range(2))
    assert said(past=twice) == {}
    assert said(past=tuple(replace(each, own=False) for each in twice)) == {"cap": False, "planned": False}


def test_a_theme_is_the_same_by_what_the_contact_answered_whatever_was_written():
    spoken = past(2, theme="定期到期", about=frozenset({"maturity"}))
    assert said(replace(SERVICE, themes=("maturity",)), past=(spoken,)) == {"repeated": False}
    assert said(replace(SERVICE, themes=("inflow", " 定期到期 ")), past=(spoken,)) == {"repeated": False}
    assert said(replace(SERVICE, themes=("inflow", "")), past=(spoken,)) == {"lately": False}
    assert said(replace(SERVICE, themes=()), past=(spoken,)) == {"lately": False}


def test_invitations_are_capped_by_what_they_are_for_whatever_the_channel():
    """Two invitations in thirty days, one by letter and one by call: the third, by e-mail, is over the cap."""
    invited = tuple(
        past(9 + each, channel=name, purpose="invitation", spoke=False) for each, name in enumerate(("letter", "call"))
    )
    agreed = {(ALL, "invitation"): True}
    asked = replace(SERVICE, purpose="invitation", channel="email")
    verdict = judge(
        proposal=asked, customer=Customer(past=invited, consents=agreed), calendar=CALENDAR, zone=SHANGHAI
    )  # fmt: skip
    assert [(each.code, each.refuses, dict(each.facts)) for each in verdict.reasons] == [
        ("cap", True, {"channel": "invitation", "count": "2", "days": "30", "most": "2"})
    ]
    assert said(replace(asked, purpose="service"), past=invited) == {}


def test_a_tier_with_a_cap_of_its_own_is_under_that_one_alone():
    rules = Rules(caps={"call": ((7, 1),), "private call": ((7, 3),)})
    once = (past(2, spoke=False),)
    found = {
        tier: judge(
            proposal=SERVICE, customer=Customer(past=once, tier=tier), calendar=CALENDAR, zone=SHANGHAI, rules=rules
        ).answer
        for tier in ("gold", "private")
    }  # fmt: skip
    assert found == {"gold": "warns", "private": "allowed"}


@pytest.mark.parametrize(("review", "due"), [(TODAY, "2026-11-23"), (TODAY + DAY, ""), (None, "")])
def test_what_is_to_be_minded_says_when_somebody_should_have_asked_whether_it_still_is_so(review, due):
    customer = Customer(vulnerable="Hard of hearing", review_since=review)
    (reason,) = judge(proposal=SERVICE, customer=customer, calendar=CALENDAR, zone=SHANGHAI).reasons
    assert dict(reason.facts) == {"mind": "Hard of hearing", "review": due}


def test_a_cap_of_none_is_never_free():
    rules = Rules(caps={"call": ((7, 0),)})
    verdict = judge(proposal=SERVICE, customer=Customer(), calendar=CALENDAR, zone=SHANGHAI, rules=rules)
    assert (verdict.reasons[0].code, verdict.reasons[0].until) == ("cap", None)


@pytest.mark.parametrize(
    "wrong",
    [{"quiet_from": 25}, {"quiet_until": -1}, {"caps": {"call": ((0, 1),)}}, {"caps": {"call": ((7, -1),)}}, {"same_days": -1}, {"lately_days": -1}],
)  # fmt: skip
def test_rules_that_cannot_hold_are_refused(wrong):
    with pytest.raises(RulesError):
        Rules(**wrong)


moments = st.integers(-40 * 24, 40 * 24).map(lambda hours: NOON + timedelta(hours=hours))
pasts = st.builds(
    Past, at=moments, channel=st.sampled_from(["call", "visit", "wechat", "sms", "email", "letter", "gift", "branch"]),
    own=st.booleans(), theme=st.sampled_from(["", "Deposit", "Fund"]), spoke=st.booleans(), planned=st.booleans(),
    about=st.sampled_from([frozenset(), frozenset({"maturity"})]), purpose=st.sampled_from(PURPOSES),
)  # fmt: skip
proposals = st.builds(
    Proposal, at=moments, channel=st.sampled_from(["call", "visit", "wechat", "sms", "email", "letter"]),
    purpose=st.sampled_from(PURPOSES), themes=st.sampled_from([(), ("Deposit",), ("maturity", "")]), promised=st.booleans(),
)  # fmt: skip
STRICTER = {"allowed": 0, "warns": 1, "refused": 2}


@given(proposals, st.lists(pasts, max_size=12), pasts)
def test_one_contact_more_never_makes_the_answer_milder(proposal, before, one):
    first, second = (
        judge(proposal=proposal, customer=Customer(past=tuple(each)), calendar=CALENDAR, zone=SHANGHAI).answer
        for each in (before, [*before, one])
    )
    assert STRICTER[first] <= STRICTER[second]


@given(st.lists(st.integers(0, 60 * 24), max_size=40), st.randoms())
def test_whatever_the_order_no_rolling_window_ever_holds_more_marketing_than_its_cap(hours, random):
    random.shuffle(hours)
    agreed = {(ALL, "marketing"): True}
    made: list[Past] = []
    for hour in hours:
        at = NOON + timedelta(hours=hour)
        wanted = Proposal(at, "email", "marketing")
        customer = Customer(past=tuple(made), consents=agreed)
        if judge(proposal=wanted, customer=customer, calendar=CALENDAR, zone=SHANGHAI).answer != "refused":
            made.append(Past(at, "email", planned=True, spoke=False))
    days = sorted(each.at.astimezone(ZoneInfo(SHANGHAI)).date() for each in made)
    for length, most in Rules().caps["email"]:
        assert all(sum(0 <= (day - start).days < length for day in days) <= most for start in days)
