"""Planning a month: what is due is placed on half-days within everybody's time; planned anew, little moves."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keybook.apps.people.scope import Scope
from keybook.apps.plans.models import Entry, Plan, Unplaced
from keybook.apps.plans.queries.gates import ahead_of, clashes, refused_days, sentences
from keybook.apps.plans.queries.problem import NOON, Asked, asked_of, entries_around, known_of, movable_of, slot_of
from keybook.apps.plans.queries.tasks import Task, tasks
from keybook.apps.plans.queries.time import Slot, Time, half_of, times
from keybook.apps.plans.queries.whose import may_see
from keybook.apps.proposals.commands import propose
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError
from keybook.core.gate import Verdict
from keybook.core.plan_greedy import reasons_left
from keybook.core.planning import RULE_VERSION, Problem, Solution, options, value
from keybook.solving.planner import SECONDS, plan

LONGEST = dt.timedelta(days=92)
LOCK = 7205
HUNDREDTHS = Decimal(100)
UNDER_WAY = (Plan.State.ASKED, Plan.State.RUNNING)
GIVEN_UP = dt.timedelta(minutes=15)


@transaction.atomic
def plan_month(
    *, by: Scope, staff_ids: Sequence[int], period: tuple[dt.date, dt.date], day: Day, seconds: float = SECONDS
) -> list[int]:
    """Plan the contacts of these members of staff in a period [from, until), `seconds` for each; give the ids of the plans.

    What a person has placed or moved stays, and so does, where it is worth it, what the last plan placed. Two who plan
    for the same person at once: the second is told.
    """
    asked = ask_plans(by=by, staff_ids=staff_ids, period=period, day=day)
    for each in asked:
        make_plan(by=by, plan_id=each, day=day, seconds=seconds)
    return asked


@transaction.atomic
def ask_plans(*, by: Scope, staff_ids: Sequence[int], period: tuple[dt.date, dt.date], day: Day) -> list[int]:
    """Write down that these plans are wanted, for `make_plan` to make; refused where one is on its way already."""
    by.require_log()
    if any(not may_see(scope=by, staff_id=each) for each in staff_ids):
        raise NotYoursError
    _check(period, day)
    under_way = Plan.objects.filter(staff_id__in=staff_ids, state__in=UNDER_WAY)
    if under_way.filter(made_at__gte=timezone.now() - GIVEN_UP).exists():
        raise RefusedError("", on_its_way())
    under_way.delete()
    return [
        Plan.objects.create(
            staff_id=each, by_id=by.staff_id, from_on=period[0], until_on=period[1], made_on=day.today,
            rule_version=RULE_VERSION, data_date=day.data_date,
        ).pk
        for each in staff_ids
    ]  # fmt: skip


@transaction.atomic
def make_plan(*, by: Scope, plan_id: int, day: Day, seconds: float = SECONDS) -> None:
    """Make a plan that was asked for; made already, it stays as it is."""
    by.require_log()
    made = Plan.objects.filter(pk=plan_id, state__in=UNDER_WAY).first()
    if made is None:
        return
    if not may_see(scope=by, staff_id=made.staff_id):
        raise NotYoursError
    _hold(made.staff_id)
    wanted = tasks(staff_ids=[made.staff_id], until_on=made.until_on, day=day).get(made.staff_id, [])
    time = times(staff_ids=[made.staff_id], from_on=made.from_on, until_on=made.until_on, day=day)[made.staff_id]
    rows = entries_around(staff_id=made.staff_id, from_on=made.from_on, until_on=made.until_on)
    moving = [row.pk for row in movable_of(rows=rows, day=day)]
    ids = [each.customer_id for each in wanted]
    ahead = ahead_of(customer_ids=ids, by_id=made.staff_id, day=day, but=moving)
    days = sorted({on for (on, _half), room in time.rooms.items() if room > 0})
    gate = refused_days(by_id=made.staff_id, wanted=wanted, days=days, ahead=ahead, day=day)
    known = known_of(staff_id=made.staff_id, customer_ids=ids, day=day)
    asked = asked_of(rows=rows, wanted=wanted, time=time, day=day, known=replace(known, refused=gate))

    def also_refused(places: Mapping[str, Slot]) -> Refused:
        return clashes(by_id=made.staff_id, tasks=asked.tasks, places=places, ahead=ahead, day=day)

    found, more = _solve(asked.problem, seconds, also_refused)
    why = reasons_left(problem=_without(asked.problem, more), places=found.places)
    gate = {key: {**gate.get(key, {}), **more.get(key, {})} for key in (*gate, *more)}
    counts = _store(made, list(asked.tasks.values()), found.places, asked.there, time)
    propose(customer_ids=sorted({*ids, *(row.customer_id for row in asked.there.values())}), day=day)
    _leave(made, [asked.tasks[key] for key in why], why, time)
    _quote(made, {key: gate[key] for key, code in why.items() if code == "gate" and key in gate}, day)
    _close(made, asked, found, counts)


Refused = Mapping[str, Mapping[dt.date, Verdict]]


def _solve(
    problem: Problem, seconds: float, also_refused: Callable[[Mapping[str, Slot]], Refused]
) -> tuple[Solution, Refused]:  # fmt: skip
    """The plan, and the days that the gate shuts because of what the plan itself has laid: its caps count that too.

    Those days are shut and the plan is made once more; what is refused even then has no place.
    """
    found = plan(problem=problem, seconds=seconds)
    refused = also_refused(found.places)
    if not refused:
        return found, refused
    found = plan(problem=_without(problem, refused), seconds=seconds)
    again = also_refused(found.places)
    places = {key: slot for key, slot in found.places.items() if key not in again}
    worth = value(problem=problem, places=places, options=options(problem=problem))
    every = {key: {**refused.get(key, {}), **again.get(key, {})} for key in (*refused, *again)}
    return replace(found, places=places, value=worth), every


def _without(problem: Problem, refused: Refused) -> Problem:
    """The same with these days shut for these contacts."""
    tasks = (replace(each, refused=each.refused | frozenset(refused.get(each.key, ()))) for each in problem.tasks)
    return replace(problem, tasks=tuple(tasks))


def _quote(made: Plan, gate: Refused, day: Day) -> None:
    """Keep with what the gate refused the gate's own sentences, those of the last day: what holds until then holds all along."""
    for row in Unplaced.objects.filter(plan=made, task__in=list(gate)):
        last = gate[row.task][max(gate[row.task])]
        said = sentences(verdict=last, day=day)
        Unplaced.objects.filter(pk=row.pk).update(facts={**row.facts, "sentences": said})


def on_its_way() -> str:
    """What is said to the second who plans for somebody."""
    return _("This month is being planned by somebody else just now. Look again in a moment.")


def _check(period: tuple[dt.date, dt.date], day: Day) -> None:
    if period[0] < day.today:
        raise RefusedError("from_on", _("That day has passed. Choose today or later."))
    if not period[0] < period[1] <= period[0] + LONGEST:
        raise RefusedError("until_on", _("A plan has at least one day and at most three months."))


def _hold(staff_id: int) -> None:
    """Nobody else plans for them until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, staff_id])
        if not cursor.fetchone()[0]:
            raise RefusedError("", on_its_way())


def _close(made: Plan, asked: Asked, found: Solution, counts: Mapping[str, int]) -> None:
    """Write down how good the plan is."""
    last = Plan.objects.filter(staff_id=made.staff_id, state=Plan.State.MADE).order_by("-id").first()
    Plan.objects.filter(pk=made.pk).update(
        state=Plan.State.MADE, replaces=last, done_at=timezone.now(), progress=100, status=found.status,
        value=found.value / HUNDREDTHS, bound=found.bound / HUNDREDTHS, gap=round(found.gap, 4),
        seconds=Decimal(str(found.seconds)), asked=len(asked.tasks), placed=len(found.places),
        unplaced=len(asked.tasks) - len(found.places), **counts,
    )  # fmt: skip


def _store(
    plan: Plan, wanted: Sequence[Task], slots: Mapping[str, Slot], there: Mapping[str, Entry], time: Time
) -> dict[str, int]:
    """Bring the entries to what the plan says; give what stayed, moved, was added and dropped."""
    Entry.objects.filter(pk__in=[row.pk for row in there.values()]).update(state="dropped")
    orders: dict[Slot, int] = defaultdict(int)
    ways = Counter((slots[each.key], each.district) for each in wanted if each.key in slots and each.channel == "visit")
    counts = dict.fromkeys(("stayed", "moved", "added"), 0)
    keep: set[str] = set()
    for task in sorted((each for each in wanted if each.key in slots), key=lambda each: (each.hour or 24, each.due_on)):
        slot = slots[task.key]
        row = there.get(task.key)
        what = "added" if row is None else "stayed" if slot_of(row) == slot else "moved"
        counts[what] += 1
        keep.add(task.key)
        values: dict[str, Any] = {
            "plan": plan, "on": slot[0], "half": slot[1], "place": orders[slot], "hour": task.hour, "state": "planned",
            "channel": task.channel, "minutes": task.minutes or time.keeps.takes(task.channel), "due_on": task.due_on,
            "late_from": task.late_from, "district": task.district, "value": task.value,
            "theme": task.theme, "reminder_id": task.reminder_id, "promise_id": task.promise_id, "occasion_id": task.occasion_id,
            "was_on": row.on if row and what == "moved" else None, "was_half": row.half if row and what == "moved" else "",
            "pinned": False, "because": "",
            "reasons": _why_there(task, slot, stays=what == "stayed", together=ways[slot, task.district] > 1),
        }  # fmt: skip
        orders[slot] += 1
        if row is None:
            Entry.objects.create(
                staff_id=plan.staff_id, customer_id=task.customer_id, cause=task.cause, task=task.key, **values
            )
        else:
            Entry.objects.filter(pk=row.pk).update(**values)
    return {**counts, "dropped": sum(key not in keep for key in there)}


def _why_there(task: Task, slot: Slot, *, stays: bool, together: bool) -> list[list[Any]]:
    """Why it lies on this half-day, for the sentences of `words.REASONS`."""
    is_late = task.late_from is not None and slot[0] >= task.late_from
    hour = task.hour if task.hour is not None and half_of("am" if task.hour < NOON else "pm") == slot[1] else None
    said: list[tuple[bool, list[Any]]] = [
        (is_late, ["late", {"late_from": str(task.late_from)}]),
        (not is_late, ["window", {"from_on": str(task.from_on), "until_on": str(task.due_on)}]),
        (hour is not None, ["asked" if task.asked else "hour", {"hour": hour}]),
        (together and task.channel == "visit", ["district", {"district": task.district}]),
        (stays, ["stayed", {}]),
    ]
    return [reason for holds, reason in said if holds]


def _leave(plan: Plan, left: Sequence[Task], why: Mapping[str, str], time: Time) -> None:
    """Store what found no place, and why."""
    facts = {"from_on": plan.from_on.isoformat(), "until_on": (plan.until_on - dt.timedelta(days=1)).isoformat()}
    Unplaced.objects.bulk_create(
        Unplaced(
            plan=plan, customer_id=task.customer_id, cause=task.cause, task=task.key, channel=task.channel or "call",
            minutes=task.minutes or time.keeps.takes(task.channel), theme=task.theme, due_on=task.due_on, value=task.value, reminder_id=task.reminder_id,
            code="away" if why[task.key] == "shut" and time.away else why[task.key], facts={**facts, "most": time.keeps.caps.get(task.channel, 0)},
        )
        for task in left
    )  # fmt: skip
