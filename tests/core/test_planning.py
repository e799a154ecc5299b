"""What a plan is worth, what may lie where, and the plans made by rule; worked by hand, and checked by a second reckoning."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keybook.core.halves import Keeps
from keybook.core.periods import Period
from keybook.core.plan_check import breaches
from keybook.core.plan_greedy import earliest_due_first, most_worth_first, reasons_left
from keybook.core.planning import (
    Lying,
    PlanningError,
    Problem,
    Solution,
    Task,
    Weighing,
    base,
    on_time,
    options,
    stake_points,
    value,
)
from keybook.core.workdays import WorkCalendar

MONDAY = date(2026, 11, 30)
DAY = timedelta(days=1)
CALENDAR = WorkCalendar()
KEEPS = Keeps(
    windows={"am": (540, 720), "pm": (840, 1020)}, minutes={"am": 60, "pm": 60},
    channels={"call": 20, "visit": 60, "email": 15}, caps={"call": 4, "visit": 2}, travel=30,
)  # fmt: skip


def task(key: str = "a", *, customer: int = 1, **more) -> Task:
    values = {
        "cause": "standard", "from_on": MONDAY, "due_on": MONDAY + 2 * DAY, "channel": "call", "minutes": 20,
        "late_from": MONDAY + 4 * DAY,
    }  # fmt: skip
    return Task(key=key, customer=customer, **{**values, **more})


def problem(*tasks: Task, days: int = 5, minutes: int = 60, **more) -> Problem:
    rooms = {(MONDAY + each * DAY, half): minutes for each in range(days) for half in ("am", "pm")}
    return Problem(tuple(tasks), rooms, KEEPS, CALENDAR, **more)


def weigh(one: Task, on: date, half: str = "am") -> int:
    return Weighing(MONDAY, CALENDAR).points(one, (on, half))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stake", "points"),
    [("0", 0), ("10000", 0), ("100000", 100), ("1000000", 200), ("10000000", 300), ("99999999999", 300)],
)
def test_what_is_at_stake_adds_a_hundred_points_for_each_power_of_ten(stake: str, points: int):
    assert stake_points(stake=Decimal(stake)) == points


def test_a_contact_is_worth_all_in_time_95_percent_in_its_grace_80_and_less_when_late():
    """100 points: Wednesday is the day, Thursday is grace, Friday is late: 80 %, Monday 78 %, Tuesday 76 %."""
    shares = [weigh(task(), MONDAY + each * DAY) for each in (0, 2, 3, 4, 7, 8)]
    assert shares == [10_000, 10_000, 9_500, 8_000, 7_800, 7_600]


def test_however_late_it_is_worth_thirty_percent():
    assert weigh(task(), MONDAY + 90 * DAY) == 3_000


def test_what_was_late_before_the_plan_began_counts_from_its_first_day():
    old = task(from_on=MONDAY - 60 * DAY, due_on=MONDAY - 50 * DAY, late_from=MONDAY - 40 * DAY)
    assert [weigh(old, MONDAY), weigh(old, MONDAY + DAY)] == [8_000, 7_800]


def test_nobody_is_congratulated_late_and_the_day_itself_is_the_best():
    birthday = task(cause="occasion", late_from=None)
    assert [weigh(birthday, MONDAY + each * DAY) for each in range(4)] == [9_800, 9_900, 10_000, 0]


def test_a_promise_counts_twice_and_who_was_left_out_a_quarter_more_each_time_up_to_three():
    assert base(task=task(cause="promise")) == 200
    assert [base(task=task(left_out=each)) for each in (1, 2, 3, 9)] == [125, 150, 175, 175]


def test_the_half_day_that_was_asked_for_and_the_place_it_had_are_worth_a_little():
    assert weigh(task(half="pm", asked=True), MONDAY, "pm") == 11_000
    assert weigh(task(half="pm"), MONDAY, "pm") == 10_300
    assert weigh(task(half="pm"), MONDAY, "am") == 10_000
    assert weigh(task(stays=(MONDAY, "am")), MONDAY) == 10_800


@pytest.mark.parametrize(
    ("more", "points"),
    [
        ({"half": "am"}, 10_300),
        ({"usual": (0, "am")}, 10_200),
        ({"usual": (1, "am")}, 10_000),
        ({"half": "am", "usual": (0, "am")}, 10_500),
        ({"half": "pm", "usual": (0, "am"), "asked": True}, 10_000),
        ({"half": "am", "usual": (0, "pm"), "asked": True}, 11_000),
    ],
)
def test_the_usual_half_day_counts_a_little_and_what_was_asked_for_goes_before_it(more: dict, points: int):
    """By hand on a Monday morning: 3 % for the half of the day, 2 % for the weekday, 10 % for what was asked for and nothing beside."""
    assert weigh(task(**more), MONDAY) == points


@given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 9), st.integers(1, 3))
def test_of_equals_those_who_were_left_out_have_their_place_the_next_time(room: int, out: int, others: int, times: int):
    """As many as there is room for are placed; of those left out before none is missing while one of the others lies."""
    equals = [
        *(task(f"o{each}", customer=each, channel="email", due_on=MONDAY) for each in range(others)),
        *(task(f"l{each}", customer=50 + each, channel="email", due_on=MONDAY, left_out=times) for each in range(out)),
    ]
    asked = Problem(tuple(equals), {(MONDAY, "am"): 20 * room}, KEEPS, CALENDAR)
    places = most_worth_first(problem=asked)
    assert len(places) == min(room, out + others)
    assert sum(key.startswith("l") for key in places) == min(room, out)


def test_before_its_window_and_while_the_customer_is_away_it_may_not_lie():
    assert weigh(task(from_on=MONDAY + DAY), MONDAY) == 0
    assert weigh(task(away=(Period(MONDAY, MONDAY + 3 * DAY),)), MONDAY + 2 * DAY) == 0
    assert weigh(task(away=(Period(MONDAY, MONDAY + 3 * DAY),)), MONDAY + 3 * DAY) > 0


def test_a_contact_of_no_length_is_refused():
    with pytest.raises(PlanningError, match="0 minutes"):
        task(minutes=0)


def test_a_customer_contacted_lately_is_not_planned_within_five_days():
    given_there = problem(task(), lying=(Lying(1, (MONDAY - DAY, "am"), "call", 20),))
    assert {slot[0] for slot in options(problem=given_there)[0]} == {MONDAY + 4 * DAY}


def test_without_a_channel_there_is_no_place():
    assert options(problem=problem(task(channel=""))) == [{}]
    assert reasons_left(problem=problem(task(channel="")), places={}) == {"a": "channel"}


def test_a_way_costs_once_in_a_half_day_and_nothing_where_a_visit_lies_already():
    """Two visits of 100 points each, one way of 30 minutes: 20,000 − 1,500."""
    visits = [task(key, customer=number, channel="visit", minutes=10, district="A") for number, key in enumerate("ab")]
    places = {"a": (MONDAY, "am"), "b": (MONDAY, "am")}
    asked = problem(*visits)
    assert value(problem=asked, places=places, options=options(problem=asked)) == 18_500
    there = problem(*visits, lying=(Lying(9, (MONDAY, "am"), "visit", 10, "A"),))
    assert value(problem=there, places=places, options=options(problem=there)) == 20_000


def test_what_is_worth_most_for_its_minutes_gets_the_room_and_the_other_says_it_is_full():
    asked = problem(task("poor"), task("rich", customer=2, stake=Decimal(1_000_000)), days=1, minutes=20)
    asked = Problem(asked.tasks, {(MONDAY, "am"): 20}, KEEPS, CALENDAR)
    assert most_worth_first(problem=asked) == {"rich": (MONDAY, "am")}
    assert reasons_left(problem=asked, places={"rich": (MONDAY, "am")}) == {"poor": "full"}


def test_the_earliest_due_goes_first_whatever_it_is_worth():
    asked = problem(task("rich", customer=2, stake=Decimal(1_000_000)), task("early", due_on=MONDAY))
    asked = Problem(asked.tasks, {(MONDAY, "am"): 20}, KEEPS, CALENDAR)
    assert earliest_due_first(problem=asked) == {"early": (MONDAY, "am")}


@pytest.mark.parametrize(
    ("more", "rooms", "code"),
    [
        ({"from_on": MONDAY + 40 * DAY, "due_on": MONDAY + 41 * DAY}, None, "shut"),
        ({"away": (Period(MONDAY),)}, None, "gone"),
        ({"refused": frozenset(MONDAY + each * DAY for each in range(5))}, None, "gate"),
        ({"cause": "occasion", "due_on": MONDAY - DAY, "from_on": MONDAY - 3 * DAY}, None, "late"),
        ({"minutes": 90}, None, "full"),
        ({"channel": "visit", "minutes": 10, "district": "C"}, "visits", "cap"),
        ({"channel": "visit", "minutes": 10, "district": "C"}, "districts", "ways"),
        ({}, "lately", "gap"),
    ],
)
def test_each_reason_for_which_a_contact_has_no_place_is_told(more: dict, rooms: str | None, code: str):
    lying = {
        "visits": tuple(Lying(8 + each, (MONDAY, "am"), "visit", 5, "A") for each in range(2)),
        "districts": (Lying(8, (MONDAY, "am"), "visit", 5, "A"), Lying(9, (MONDAY, "am"), "visit", 5, "B")),
        "lately": (Lying(1, (MONDAY, "am"), "call", 5),),
    }.get(rooms or "", ())
    days = {(MONDAY, "am"): 200, (MONDAY, "pm"): 0} if rooms else {(MONDAY, "am"): 60}
    keeps = KEEPS if rooms != "districts" else Keeps(KEEPS.windows, KEEPS.minutes, KEEPS.channels, {}, 30)
    asked = Problem((task(**more),), days, keeps, CALENDAR, lying)
    assert reasons_left(problem=asked, places={}) == {"a": code}


def test_a_second_contact_of_one_customer_too_soon_says_gap():
    asked = problem(task("a"), task("b", due_on=MONDAY + 3 * DAY), days=2)
    assert reasons_left(problem=asked, places={"a": (MONDAY, "am")}) == {"b": "gap"}


def test_the_gap_to_the_bound_is_a_share_and_nothing_of_nothing():
    assert Solution({}, 90, 100, "feasible").gap == Decimal("0.1")
    assert Solution({}, 0, 0, "optimal").gap == 0


def test_in_time_counts_whole_points_of_what_is_not_late():
    asked = problem(task("a"), task("b", customer=2, due_on=MONDAY, late_from=MONDAY + DAY), days=5)
    assert on_time(problem=asked, places={"a": (MONDAY, "am"), "b": (MONDAY + 2 * DAY, "am")}) == 100


# the second reckoning: what it finds, and that plans made by rule never have any


@pytest.mark.parametrize(
    ("places", "rule"),
    [
        ({"nobody": (MONDAY, "am")}, "nobody asked for it"),
        ({"later": (MONDAY, "am")}, "before its window"),
        ({"birthday": (MONDAY + 4 * DAY, "am")}, "congratulated late"),
        ({"gone": (MONDAY, "am")}, "the customer is away"),
        ({"no": (MONDAY, "am")}, "the gate refuses that day"),
        ({"mute": (MONDAY, "am")}, "no channel is left"),
        ({"long": (MONDAY, "am")}, "more minutes than there are"),
        (dict.fromkeys(("m1", "m2", "m3", "m4", "m5"), (MONDAY, "am")), "more of a channel than its cap"),
        ({"va": (MONDAY, "am"), "vb": (MONDAY, "pm"), "vc": (MONDAY, "pm")}, "more than two districts"),
        ({"twice": (MONDAY, "am"), "again": (MONDAY + 4 * DAY, "am")}, "too soon after another"),
    ],
)
def test_a_planted_fault_is_found(places: dict, rule: str):
    short = {"minutes": 2}
    asked = Problem(
        (
            task("later", from_on=MONDAY + DAY), task("birthday", customer=2, cause="occasion"),
            task("gone", customer=3, away=(Period(MONDAY, MONDAY + DAY),)), task("mute", customer=4, channel=""),
            task("no", customer=9, refused=frozenset({MONDAY})),
            task("long", customer=5, minutes=61), *(task(f"m{each}", customer=10 + each, **short) for each in range(1, 6)),
            *(task(f"v{each}", customer=20 + ord(each), channel="visit", minutes=1, district=each) for each in "abc"),
            task("twice", customer=6), task("again", customer=6),
        ),
        {(MONDAY + each * DAY, half): 60 for each in range(5) for half in ("am", "pm")},
        Keeps(KEEPS.windows, KEEPS.minutes, KEEPS.channels, {"call": 4}, 5), CALENDAR,
    )  # fmt: skip
    assert {each.rule for each in breaches(problem=asked, places=places)} == {rule}


def test_a_day_outside_the_plan_has_no_room():
    assert [each.rule for each in breaches(problem=problem(task()), places={"a": (MONDAY + 9 * DAY, "am")})] == [
        "more minutes than there are"
    ]


def test_what_a_person_has_laid_too_full_and_too_close_is_no_fault_of_the_plan():
    """By hand: three districts and 90 minutes of 60 on Monday, one customer twice; the plan lays one call on Tuesday."""
    theirs = tuple(Lying(7, (MONDAY, "am"), "visit", 20, each) for each in "ABC")
    asked = problem(task(), lying=theirs)
    assert breaches(problem=asked, places={"a": (MONDAY + DAY, "am")}) == ()
    assert {each.rule for each in breaches(problem=asked, places={"a": (MONDAY, "am")})} == {
        "more minutes than there are"
    }


def test_a_contact_laid_too_close_before_one_that_lies_is_found():
    asked = problem(task(), lying=(Lying(1, (MONDAY + 4 * DAY, "am"), "call", 20),))
    assert [each.rule for each in breaches(problem=asked, places={"a": (MONDAY, "am")})] == ["too soon after another"]
    assert [each.rule for each in breaches(problem=asked, places={"a": (MONDAY + 5 * DAY, "am")})][-1:] == [
        "too soon after another"
    ]


@pytest.mark.parametrize("broken", [0, 1])
def test_a_way_that_does_not_fit_any_more_is_found(broken: int):
    visit = task("v", channel="visit", minutes=31 + broken - 1, district="A")
    assert len(breaches(problem=problem(visit), places={"v": (MONDAY, "am")})) == broken


slots = st.tuples(st.integers(0, 9).map(lambda each: MONDAY + each * DAY), st.sampled_from(["am", "pm"]))
windows = st.tuples(st.integers(-20, 9), st.integers(0, 12), st.integers(0, 6))


@st.composite
def problems(draw) -> Problem:
    """Anything a banker may be asked for: too much, at once, far away, with leave and meetings and what lies already."""
    found = []
    for number in range(draw(st.integers(0, 25))):
        start, length, grace = draw(windows)
        due_on = MONDAY + (start + length) * DAY
        found.append(
            task(
                f"t{number}", customer=draw(st.integers(1, 15)), cause=draw(st.sampled_from(["standard", "promise", "occasion", "signal"])),
                from_on=MONDAY + start * DAY, due_on=due_on, late_from=due_on + (grace + 1) * DAY if grace else None,
                channel=draw(st.sampled_from(["call", "visit", "email", ""])), minutes=draw(st.integers(1, 70)),
                stake=draw(st.integers(0, 20_000_000).map(Decimal)), district=draw(st.sampled_from("ABCD")),
                half=draw(st.sampled_from([None, "am", "pm"])), asked=draw(st.booleans()), left_out=draw(st.integers(0, 4)),
                stays=draw(st.none() | slots), refused=draw(st.frozensets(st.integers(0, 9).map(lambda each: MONDAY + each * DAY), max_size=4)),
            )
        )  # fmt: skip
    rooms = {
        (MONDAY + each * DAY, half): draw(st.sampled_from([0, 30, 60, 120]))
        for each in range(10)
        for half in ("am", "pm")
    }
    lying = tuple(
        Lying(draw(st.integers(10, 30)), draw(slots), "email", 1) for _number in range(draw(st.integers(0, 3)))
    )
    keeps = Keeps(
        KEEPS.windows, KEEPS.minutes, KEEPS.channels, draw(st.sampled_from([{}, {"call": 2, "visit": 1}])), 30
    )
    rooms = {slot: room + 3 if room else 0 for slot, room in rooms.items()}
    lying = tuple(each for each in lying if rooms[each.slot])
    return Problem(tuple(found), rooms, keeps, CALENDAR, lying)


@given(problems())
def test_plans_made_by_rule_never_break_one_and_say_of_everything_left_why(asked: Problem):
    for make in (most_worth_first, earliest_due_first):
        places = make(problem=asked)
        assert breaches(problem=asked, places=places) == ()
        left = reasons_left(problem=asked, places=places)
        assert set(places) | set(left) == {each.key for each in asked.tasks}
        assert not set(places) & set(left)


@given(problems())
@settings(max_examples=50)
def test_nothing_is_worth_more_than_if_there_were_room_for_all(asked: Problem):
    allowed = options(problem=asked)
    places = most_worth_first(problem=asked)
    assert value(problem=asked, places=places, options=allowed) <= sum(
        max(each.values(), default=0) for each in allowed
    )
