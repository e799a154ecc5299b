"""On which day a reminder stands, what silences it, and which birthday is kept."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.calendars import lunar_table, workdays
from keybook.core.occasions import Occasion
from keybook.core.periods import Period
from keybook.core.reminding import (
    DEFAULTS,
    Kept,
    LeadError,
    Marked,
    Rule,
    broken_before,
    coming,
    hung_on,
    kept_birthday,
    kind_of,
    placed,
    planned,
    promise_state,
    promised,
    silence,
)
from keybook.core.workdays import WorkCalendar

TODAY = date(2026, 11, 23)  # a Monday
PLAIN = WorkCalendar()
CHINA = workdays("CN")
TABLE = lunar_table()
DAY = timedelta(days=1)


def plan(marked, today=TODAY, calendar=PLAIN):
    return planned(marked=marked, rules=DEFAULTS, today=today, calendar=calendar, table=TABLE)


def birthday(month, day, **more):
    return Marked("birthday", Occasion(month, day, 1968), **more)


# placing


def test_a_promise_for_a_saturday_goes_to_monday_and_says_from_where():
    at = promised(asked_on=date(2026, 11, 28), direction="forward", calendar=PLAIN, today=TODAY)
    assert at == (date(2026, 11, 30), date(2026, 11, 28))


def test_a_call_about_a_maturity_on_a_saturday_goes_to_friday():
    assert placed(on=date(2026, 11, 28), direction=DEFAULTS["maturity"].direction, calendar=PLAIN).on == date(
        2026, 11, 27
    )


def test_modified_goes_back_at_the_end_of_the_month():
    assert placed(on=date(2026, 10, 31), direction="modified", calendar=PLAIN).on == date(2026, 10, 30)


def test_a_chinese_make_up_saturday_is_a_workday_and_nothing_moves():
    made_up = date(2024, 2, 4)  # a Sunday worked for the Spring Festival
    assert made_up.weekday() == 6
    assert placed(on=made_up, direction="forward", calendar=CHINA) == (made_up, None)


def test_a_promise_for_the_national_holiday_goes_past_all_of_it():
    assert promised(asked_on=date(2025, 10, 1), direction="forward", calendar=CHINA, today=date(2025, 9, 1)).on == date(
        2025, 10, 9
    )


def test_a_promise_made_on_a_saturday_for_that_day_never_goes_back_into_the_past():
    saturday = date(2026, 11, 28)
    assert promised(asked_on=saturday, direction="back", calendar=PLAIN, today=saturday).on == date(2026, 11, 30)


@given(
    st.dates(date(2004, 1, 1), date(2030, 12, 31)), st.sampled_from(["forward", "back", "modified"]),
    st.integers(0, 40),
)  # fmt: skip
def test_a_promise_lies_on_a_workday_not_before_today_and_placing_it_again_moves_nothing(asked_on, direction, ago):
    today = CHINA.previous_workday(asked_on - timedelta(days=ago))
    at = promised(asked_on=asked_on, direction=direction, calendar=CHINA, today=today)
    assert CHINA.is_workday(at.on)
    assert at.on >= today
    assert promised(asked_on=asked_on, direction=direction, calendar=CHINA, today=at.on).on == at.on
    assert (at.moved_from is None) == (at.on == asked_on)


@pytest.mark.parametrize(
    ("cause", "kind", "rule"),
    [
        ("promise", "promise", "promise"), ("signal", "deposit_maturing", "maturity"), ("signal", "idle_cash", "signal"),
        ("occasion", "birthday", "greeting"), ("occasion", "gift_idea", "gift_idea"), ("occasion", "memorial", "memorial"),
    ],
)  # fmt: skip
def test_each_kind_has_its_rule(cause, kind, rule):
    assert kind_of(cause=cause, kind=kind) == rule


@pytest.mark.parametrize("days", [-1, 366, 400])
def test_a_lead_below_nothing_or_beyond_a_year_is_refused(days):
    with pytest.raises(LeadError, match="not possible"):
        Rule(days, "forward")


# what hangs on a date


def test_a_promise_that_hangs_on_a_date_moves_when_the_date_does():
    asked = hung_on(
        date_on=date(2027, 3, 1), seen_on=date(2026, 12, 1), asked_on=date(2026, 11, 28), lead_days=3, today=TODAY
    )
    assert asked == date(2027, 2, 26)


def test_it_stays_while_its_date_stays():
    seen = date(2026, 12, 1)
    assert hung_on(date_on=seen, seen_on=seen, asked_on=date(2026, 11, 28), lead_days=3, today=TODAY) == date(
        2026, 11, 28
    )


def test_it_is_never_asked_for_on_a_day_that_has_passed():
    assert hung_on(date_on=TODAY + DAY, seen_on=None, asked_on=TODAY, lead_days=30, today=TODAY) == TODAY


# kept, late, broken


@pytest.mark.parametrize(
    ("state", "due", "closed", "said"),
    [
        ("open", TODAY, None, "open"), ("open", TODAY - DAY, None, "late"), ("kept", TODAY, TODAY, "kept"),
        ("kept", TODAY - DAY, TODAY, "kept_late"), ("kept", TODAY, None, "kept"), ("broken", TODAY, TODAY, "broken"),
        ("withdrawn", TODAY, TODAY, "withdrawn"),
    ],
)  # fmt: skip
def test_what_became_of_a_promise(state, due, closed, said):
    assert promise_state(state=state, due_on=due, closed_on=closed, today=TODAY) == said


def test_a_promise_is_broken_once_it_is_more_than_ten_workdays_late():
    assert broken_before(today=TODAY, patience=10, calendar=PLAIN) == date(2026, 11, 9)


@pytest.mark.parametrize("patience", [0, -1, 61])
def test_a_promise_cannot_be_broken_before_a_workday_or_after_a_quarter(patience):
    with pytest.raises(LeadError, match="cannot be broken"):
        broken_before(today=TODAY, patience=patience, calendar=PLAIN)


# silence


def test_mourning_silences_every_occasion_even_a_memorial_day():
    mourning = Period(TODAY, TODAY + DAY)
    for kind in ("birthday", "memorial", "gift_idea", "other"):
        assert silence(kind=kind, no_congratulation=False, mourning=mourning, today=TODAY) == "mourning"


def test_the_day_mourning_ends_on_is_the_first_without_it():
    mourning = Period(TODAY - DAY, TODAY)
    assert silence(kind="birthday", no_congratulation=False, mourning=mourning, today=TODAY) == ""


def test_who_does_not_want_to_be_congratulated_is_still_remembered_on_a_memorial_day():
    assert silence(kind="birthday", no_congratulation=True, mourning=None, today=TODAY) == "do not congratulate"
    assert silence(kind="memorial", no_congratulation=True, mourning=None, today=TODAY) == ""


# one birthday


@pytest.mark.parametrize(
    ("known", "preferred", "kept"),
    [
        ([], "", None),
        ([Kept("solar", by_banker=False)], "", 0),
        ([Kept("solar", by_banker=False), Kept("lunar", by_banker=False)], "", 1),
        ([Kept("solar", by_banker=False), Kept("lunar", by_banker=False)], "solar", 0),
        ([Kept("solar", by_banker=False), Kept("solar", by_banker=True)], "", 1),
        ([Kept("lunar", by_banker=False), Kept("lunar", by_banker=True), Kept("solar", by_banker=True)], "lunar", 1),
        ([Kept("solar", by_banker=True)], "lunar", 0),
    ],
)
def test_only_one_birthday_is_greeted(known, preferred, kept):
    assert kept_birthday(known=known, preferred=preferred) == kept


# planning


def test_a_birthday_on_a_saturday_is_greeted_on_friday():
    [one] = plan(birthday(11, 28, lead_days=5))
    assert (one.due_on, one.moved_from, one.key) == (date(2026, 11, 27), date(2026, 11, 28), "2026")


def test_one_occasion_has_a_greeting_and_before_it_a_gift_idea():
    marked = birthday(12, 4, lead_days=3, gift_days=14)
    [gift] = plan(marked)
    assert (gift.kind, gift.opens_on, gift.due_on) == ("gift_idea", date(2026, 11, 20), date(2026, 12, 4))
    kinds = [one.kind for one in plan(marked, today=date(2026, 12, 1))]
    assert kinds == ["birthday", "gift_idea"]


def test_a_memorial_day_has_no_gift_idea():
    marked = Marked("memorial", Occasion(11, 25), key="7", lead_days=3, gift_days=14)
    assert [one.kind for one in plan(marked)] == ["memorial"]


def test_a_missed_occasion_waits_a_week_and_no_longer():
    marked = birthday(11, 20, lead_days=3)
    assert len(plan(marked, today=date(2026, 11, 27))) == 1
    assert plan(marked, today=date(2026, 11, 28)) == ()


def test_one_whose_lead_has_not_begun_is_not_planned():
    assert plan(birthday(12, 24)) == ()


def test_a_lunar_birthday_is_one_reminder_a_chinese_year_though_two_fall_into_one_solar():
    marked = Marked("birthday", Occasion(11, 25, lunar=True), lead_days=3)
    days = [date(2027, 1, 2), date(2027, 12, 22)]
    keys = [plan(marked, today=day)[0].key for day in days]
    assert [TABLE.lunar(day) for day in days] == [(2026, 11, False, 25), (2027, 11, False, 25)]
    assert keys == ["2026|lunar", "2027|lunar"]


def test_an_occasion_of_its_own_row_carries_its_row_in_its_key():
    assert plan(Marked("opening", Occasion(11, 24, 2026, yearly=False), key="42"))[0].key == "42|2026"


def test_an_occasion_outside_the_lunar_table_is_not_planned_and_has_no_next_day():
    marked = Marked("birthday", Occasion(1, 1, lunar=True))
    assert planned(marked=marked, rules=DEFAULTS, today=date(2150, 1, 1), calendar=PLAIN, table=TABLE) == ()
    assert planned(marked=marked, rules=DEFAULTS, today=TODAY, calendar=PLAIN, table=None) == ()
    assert coming(when=marked.when, today=date(2150, 1, 1), table=TABLE) is None


def test_what_came_once_does_not_come_again():
    assert coming(when=Occasion(11, 22, 2026, yearly=False), today=TODAY, table=None) is None
    assert coming(when=Occasion(11, 24, 2026, yearly=False), today=TODAY, table=None) == TODAY + DAY


@given(
    st.integers(1, 12),
    st.integers(1, 30),
    st.booleans(),
    st.integers(0, 365),
    st.dates(date(2005, 1, 1), date(2030, 1, 1)),
)
def test_every_reminder_of_a_lunar_occasion_stands_on_a_workday_by_its_day(month, day, leap, lead, today):
    marked = Marked(
        "birthday",
        Occasion(month, day, lunar=True, leap=leap),
        lead_days=lead,
        gift_days=lead + 1 if lead < 365 else None,
    )
    for one in plan(marked, today=today, calendar=CHINA):
        assert CHINA.is_workday(one.due_on)
        assert one.opens_on <= one.due_on <= one.expires_on
        assert one.kind == "gift_idea" or one.due_on <= one.occurrence.on
