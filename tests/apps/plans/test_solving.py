"""The solver in its own process: every plan passes the second reckoning, none is worse than the plan by rule, and a crash loses nothing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings

from keybook.core.plan_check import breaches
from keybook.core.plan_greedy import most_worth_first
from keybook.core.planning import Problem, options, value
from keybook.solving import model, planner, search
from keybook.solving.arrays import arrays_of, places_of
from keybook.solving.search import solve
from tests.core.test_planning import MONDAY, problem, problems, task


def in_this_process(given: dict, seconds: float, gap: float) -> dict | None:
    """The same model without the start of a process, for many small problems."""
    found = solve(json.loads(json.dumps(given)), seconds=seconds, gap=gap)
    return None if found is None else {"chosen": found.chosen, "bound": found.bound, "status": found.status}


@given(problems())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_plan_keeps_every_rule_and_is_no_worse_than_the_plan_by_rule(
    monkeypatch: pytest.MonkeyPatch, asked: Problem
) -> None:
    monkeypatch.setattr(planner, "_ask", in_this_process)
    found = planner.plan(problem=asked, seconds=5, gap=0.0)
    assert breaches(problem=asked, places=found.places) == ()
    allowed = options(problem=asked)
    assert found.value == value(problem=asked, places=found.places, options=allowed)
    assert value(problem=asked, places=most_worth_first(problem=asked), options=allowed) <= found.value <= found.bound


@given(problems())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_step_by_step_every_rule_is_kept_too_and_the_bound_holds(
    monkeypatch: pytest.MonkeyPatch, asked: Problem
) -> None:
    monkeypatch.setattr(planner, "_ask", in_this_process)
    exact = planner.plan(problem=asked, seconds=5, gap=0.0)
    monkeypatch.setattr(search, "SMALL", 0)
    found = planner.plan(problem=asked, seconds=5, gap=0.0)
    assert breaches(problem=asked, places=found.places) == ()
    assert found.value <= exact.bound <= found.bound


def test_step_by_step_is_found_what_the_plan_by_rule_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "_ask", in_this_process)
    monkeypatch.setattr(search, "SMALL", 0)
    found = planner.plan(problem=two_for_one_place(), seconds=5, gap=0.0)
    assert found.value == 20_000


@pytest.mark.parametrize("small", [0, 10_000])
def test_without_any_time_there_is_no_answer_and_the_plan_by_rule_stands(
    monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr(planner, "_ask", in_this_process)
    monkeypatch.setattr(search, "SMALL", small)
    for each in ("milp", "linprog"):
        monkeypatch.setattr(model, each, lambda *_given, **_more: SimpleNamespace(x=None, status=1))
    asked = two_for_one_place()
    found = planner.plan(problem=asked, seconds=0, gap=0.0)
    assert (found.status, found.places) == ("greedy", most_worth_first(problem=asked))


def test_a_line_that_the_solver_writes_by_itself_does_not_spoil_the_answer() -> None:
    """HiGHS has been seen to write to standard output in the middle of a search; the plan was lost by it."""
    asked = two_for_one_place()
    given_there = json.dumps(
        {"problem": arrays_of(problem=asked, options=options(problem=asked)), "seconds": 5, "gap": 0, "asked_at": 0}
    )
    code = """
import os, sys
import keybook.solving.__main__ as own
solve = own.solve
def noisy(*given, **more):
    os.write(1, b"HighsMipSolverData::transformNewIntegerFeasibleSolution\\n")
    return solve(*given, **more)
own.solve = noisy
sys.exit(own.main())
"""
    done = subprocess.run([sys.executable, "-c", code], input=given_there, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["bound"] == 20_000
    assert "HighsMipSolverData" in done.stderr


def two_for_one_place() -> Problem:
    """The plan by rule takes one long contact of most points a minute; the best one takes the two short ones with it."""
    rooms = {(MONDAY, "am"): 60}
    long_one, short = task("long", minutes=31, cause="promise"), [
        task(each, customer=number, minutes=30) for number, each in enumerate(("x", "y"), 5)
    ]  # fmt: skip
    base = problem(long_one, *short)
    tasks = (*base.tasks[:1], *base.tasks[1:])
    return Problem(tasks, rooms, base.keeps, base.calendar)  # type: ignore[arg-type]


def test_the_process_of_its_own_gives_the_answer_of_the_model() -> None:
    asked = two_for_one_place()
    found = planner.plan(problem=asked, seconds=5, gap=0.0)
    assert (found.status, found.value, found.bound) == ("optimal", 20_000, 20_000)
    assert breaches(problem=asked, places=found.places) == ()


@pytest.mark.parametrize("how", ["import sys; sys.exit(3)", "print('{')", "import time; time.sleep(60)"])
def test_when_the_process_crashes_babbles_or_hangs_the_plan_by_rule_stands_and_says_so(
    monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    run = subprocess.run
    monkeypatch.setattr(planner, "STARTING", 1.0)
    monkeypatch.setattr(planner.subprocess, "run", lambda _command, **more: run([sys.executable, "-c", how], **more))
    asked = two_for_one_place()
    found = planner.plan(problem=asked, seconds=0.1, gap=0.0)
    assert found.status == "greedy"
    assert found.places == most_worth_first(problem=asked)
    assert found.value < found.bound


@pytest.mark.parametrize("small", [0, 10_000])
@pytest.mark.parametrize(("room", "out", "others"), [(3, 2, 6), (4, 4, 4), (2, 5, 5)])
def test_of_equals_those_who_were_left_out_have_their_place_the_next_time(
    monkeypatch: pytest.MonkeyPatch, small: int, room: int, out: int, others: int
) -> None:
    monkeypatch.setattr(planner, "_ask", in_this_process)
    monkeypatch.setattr(search, "SMALL", small)
    monkeypatch.setattr(planner, "most_worth_first", lambda **_given: {})
    equals = [task(f"o{each}", customer=each, due_on=MONDAY) for each in range(others)]
    equals += [task(f"l{each}", customer=50 + each, due_on=MONDAY, left_out=1) for each in range(out)]
    base = problem(*equals)
    asked = Problem(base.tasks, {(MONDAY, "am"): 20 * room}, base.keeps, base.calendar)
    places = planner.plan(problem=asked, seconds=5, gap=0.0).places
    assert len(places) == room
    assert sum(key.startswith("l") for key in places) == min(room, out)


def test_a_plan_that_still_holds_and_is_near_the_bound_stands_and_nothing_moves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By hand: six calls for six places of equal worth lie somehow; planned anew, each stays where it was."""
    monkeypatch.setattr(planner, "_ask", in_this_process)
    monkeypatch.setattr(planner, "most_worth_first", lambda **_given: {})
    monkeypatch.setattr(search, "SMALL", 0)
    halves = [(MONDAY, "am"), (MONDAY, "pm")]
    lay = {f"c{each}": halves[each * each % 3 % 2] for each in range(6)}
    asked = problem(
        *(
            task(key, customer=at, channel="email", due_on=MONDAY, stays=slot)
            for at, (key, slot) in enumerate(lay.items())
        )
    )
    asked = Problem(asked.tasks, dict.fromkeys(halves, 80), asked.keeps, asked.calendar)
    found = planner.plan(problem=asked, seconds=5, gap=0.05)
    assert (found.status, found.places) == ("optimal", lay)


def test_a_plan_by_rule_that_is_near_enough_stands_without_asking_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: one call, asked for in the morning and laid there, earns all there is; nothing can be better."""
    monkeypatch.setattr(planner, "_ask", lambda *_given: pytest.fail("asked"))
    found = planner.plan(problem=problem(task(half="am", asked=True)))
    assert (found.status, found.value, found.bound) == ("optimal", 11_000, 11_000)


def test_nothing_is_asked_where_nothing_can_lie() -> None:
    found = planner.plan(problem=problem(task(channel="")))
    assert (dict(found.places), found.value, found.bound, found.status) == ({}, 0, 0, "optimal")


def test_no_name_or_number_of_a_customer_crosses_to_the_process() -> None:
    asked = problem(task("reminder:77", customer=4711))
    sent = arrays_of(problem=asked, options=options(problem=asked))
    assert not {"reminder:77", "4711"} & set(re.findall(r"[\w:]+", json.dumps(sent)))
    assert places_of(problem=asked, chosen=[-1]) == {}


def test_web_workers_never_load_the_solver() -> None:
    code = "import keybook.solving.planner, sys; sys.exit(any(name.startswith(('scipy', 'numpy')) for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
