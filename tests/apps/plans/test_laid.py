"""Small steps that better a plan: worked by hand, and for random problems never worse and never against a rule."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from keybook.core.plan_check import breaches
from keybook.core.plan_greedy import earliest_due_first
from keybook.core.planning import Problem, Slot, options, value
from keybook.solving.arrays import arrays_of, places_of
from keybook.solving.laid import Laid
from tests.core.test_planning import DAY, KEEPS, MONDAY, problem, problems, task


def laid(asked: Problem, places: dict[str, Slot]) -> Laid:
    """The problem with these places, as the solver's process sees it."""
    slots = sorted(slot for slot, room in asked.rooms.items() if room > 0)
    at = [slots.index(places[each.key]) if each.key in places else -1 for each in asked.tasks]
    return Laid.of_places(arrays_of(problem=asked, options=options(problem=asked)), at)


def bettered(asked: Problem, places: dict[str, Slot], *, deep: bool = True) -> dict[str, Slot]:
    """Where all lies once every place has been tried twice."""
    found = laid(asked, places)
    for _time in range(2):
        for which, contact in enumerate(found.contacts):
            for slot in contact.slots:
                if found.at[which] != slot:
                    found.insert(which, slot, deep=deep)
    return places_of(problem=asked, chosen=found.at)


def narrow(*tasks, minutes: int = 20, days: int = 1) -> Problem:
    """So many minutes on so many mornings."""
    rooms: dict[Slot, int] = {(MONDAY + each * DAY, "am"): minutes for each in range(days)}
    return Problem(tasks, rooms, KEEPS, problem().calendar)


def test_one_makes_way_for_another_and_finds_a_place_of_its_own():
    """By hand: Monday has room for one. `early` may only lie there, `any` lies there and may lie on Tuesday: 100 + 100, not 100."""
    asked = narrow(task("early", due_on=MONDAY, cause="occasion"), task("any", customer=2), days=2)
    assert bettered(asked, {"any": (MONDAY, "am")}) == {"early": (MONDAY, "am"), "any": (MONDAY + DAY, "am")}


def test_one_that_is_worth_less_is_left_out_for_one_that_is_worth_more():
    asked = narrow(task("call"), task("promise", customer=2, cause="promise"))
    assert bettered(asked, {"call": (MONDAY, "am")}) == {"promise": (MONDAY, "am")}


def test_one_that_is_worth_more_does_not_make_way_and_all_stays_as_it_was():
    asked = narrow(task("call", half="am"), task("promise", customer=2, cause="promise"))
    assert bettered(asked, {"promise": (MONDAY, "am")}) == {"promise": (MONDAY, "am")}


def test_it_moves_to_where_it_earns_more():
    asked = problem(task("asked", half="pm", asked=True), days=1)
    assert bettered(asked, {"asked": (MONDAY, "am")}) == {"asked": (MONDAY, "pm")}


def test_several_short_ones_make_way_for_one_long_one_that_is_worth_more_than_all_of_them():
    """By hand: three times 100 points in 20 minutes each, or one of 500 in the same hour."""
    short = [task(f"s{number}", customer=number) for number in range(3)]
    asked = narrow(*short, task("long", customer=9, minutes=60, cause="promise", stake=10_000_000), minutes=60)
    assert bettered(asked, {each.key: (MONDAY, "am") for each in short}) == {"long": (MONDAY, "am")}


def test_a_cap_that_is_reached_lets_the_better_one_in():
    """By hand: two calls a day are too many here; the promise is worth twice the call."""
    base = narrow(task("call"), task("promise", customer=2, cause="promise"), minutes=120)
    keeps = type(KEEPS)(KEEPS.windows, KEEPS.minutes, KEEPS.channels, {"call": 1}, KEEPS.travel)
    asked = Problem(base.tasks, base.rooms, keeps, base.calendar)
    assert bettered(asked, {"call": (MONDAY, "am")}) == {"promise": (MONDAY, "am")}


@pytest.mark.parametrize(("deep", "placed"), [(True, 3), (False, 2)])
def test_only_deep_down_one_more_makes_way(*, deep: bool, placed: int):
    """By hand: `a` may lie on Monday only, `b` on Monday or Tuesday, `c` on Tuesday or Wednesday: they all shift by a day."""
    tasks = [
        task(key, customer=number, from_on=MONDAY + first * DAY, due_on=MONDAY + last * DAY, late_from=None, cause="occasion")
        for number, (key, first, last) in enumerate((("a", 0, 0), ("b", 0, 1), ("c", 1, 2)))
    ]  # fmt: skip
    asked = narrow(*tasks, days=3)
    start = {"b": (MONDAY, "am"), "c": (MONDAY + DAY, "am")}
    found = laid(asked, start)
    found.insert(0, 0, deep=deep)
    assert sum(slot != -1 for slot in found.at) == placed


def test_no_room_is_made_by_one_that_is_too_short():
    asked = problem(task("short", minutes=5), task("long", customer=2, minutes=61, cause="promise"), days=1)
    assert bettered(asked, {"short": (MONDAY, "am")}) == {"short": (MONDAY, "am")}


def test_taking_up_a_visit_gives_back_its_way_and_its_district_and_can_be_taken_back():
    """By hand: a visit of 10 minutes and a way of 30 leave 20 of 60; taken up, all 60 are there and no district is visited."""
    asked = problem(task("v", channel="visit", minutes=10, district="A"), days=1)
    found = laid(asked, {"v": (MONDAY, "am")})
    assert (found.rooms[0], found.worth) == (20, 10_000 - 1_500)
    mark = len(found.log)
    found.take(0)
    assert (found.rooms[0], found.worth, found.at, sum(found.visits.values())) == (60, 0, [-1], 0)
    found.back(mark)
    assert (found.rooms[0], found.worth, found.at, sum(found.visits.values())) == (20, 8_500, [0], 1)


@given(problems())
@settings(max_examples=120, deadline=None)
def test_no_step_breaks_a_rule_or_costs_worth_and_what_is_left_is_counted_right(asked: Problem):
    start = earliest_due_first(problem=asked)
    allowed = options(problem=asked)
    before = laid(asked, start)
    assert before.worth == value(problem=asked, places=start, options=allowed)
    places = bettered(asked, start)
    assert breaches(problem=asked, places=places) == ()
    again = laid(asked, places)
    assert again.worth == value(problem=asked, places=places, options=allowed) >= before.worth
    again.fill()
    assert breaches(problem=asked, places=places_of(problem=asked, chosen=again.at)) == ()
