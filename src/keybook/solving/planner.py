"""Solving a planning problem in a process of its own: memory, time and crashes of the solver stay there."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from typing import Any

from keybook.core.plan_greedy import most_worth_first
from keybook.core.planning import Problem, Solution, options, value
from keybook.solving.arrays import arrays_of, places_of

SECONDS = 3.0
"""For the solver, the start of its process included."""
GAP = 0.01
STARTING = 15.0
"""Seconds a process may take beyond its limit before it is given up."""
log = logging.getLogger(__name__)


def plan(*, problem: Problem, seconds: float = SECONDS, gap: float = GAP) -> Solution:
    """The best plan found within about so many seconds, to within `gap` of its bound.

    There is always one. `optimal`: no other is noticeably better, whoever has made it; a plan by rule that is that near to what all
    would earn if there were room for all stands without asking anybody. `feasible`: the time was over first. `greedy`: the solver
    crashed or was too slow, and the plan by rule stands, its bound being what all would earn.
    """
    began = time.monotonic()
    allowed = options(problem=problem)
    places = most_worth_first(problem=problem, worth=allowed)
    best = value(problem=problem, places=places, options=allowed)
    ceiling = sum(max(each.values(), default=0) for each in allowed)
    is_near = ceiling - best <= gap * ceiling
    status, bound = "optimal" if is_near else "greedy", ceiling
    if not is_near:
        found = _ask(arrays_of(problem=problem, options=allowed), seconds, gap)
        if found is not None:
            bound = min(ceiling, found["bound"])
            theirs = places_of(problem=problem, chosen=found["chosen"])
            worth = value(problem=problem, places=theirs, options=allowed)
            status = found["status"]
            if worth >= best:
                places, best = theirs, worth
    return Solution(places, best, max(bound, best), status, round(time.monotonic() - began, 3))


def _ask(problem: dict[str, Any], seconds: float, gap: float) -> dict[str, Any] | None:
    """The answer of the solver's process; None when there is none."""
    asked = json.dumps({"problem": problem, "seconds": seconds, "gap": gap, "asked_at": time.time()})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "keybook.solving"], input=asked, capture_output=True, text=True, check=False,
            timeout=seconds + STARTING,
        )  # fmt: skip
    except (subprocess.TimeoutExpired, OSError) as error:
        log.warning("The planning process gave no answer: %s", type(error).__name__)
        return None
    if done.returncode:
        log.warning("The planning process ended with %s", done.returncode)
        return None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        log.warning("The planning process said nothing that can be read")
        return None
    return answer
