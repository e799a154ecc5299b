"""Planning a month: what is due is placed on half-days within everybody's time; planned anew, little moves."""

from __future__ import annotations

import datetime as dt
import time as clock
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keybook.apps.people.scope import Scope
from keybook.apps.plans.models import Entry, Plan, Unplaced
from keybook.apps.plans.queries.tasks import Task, tasks
from keybook.apps.plans.queries.time import Slot, Time, half_of, times
from keybook.apps.plans.queries.whose import may_see
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError
from keybook.core.halves import HALVES, Placed, fits

RULE_VERSION = "planning/0 earliest due first"
LONGEST = dt.timedelta(days=92)
APART = dt.timedelta(days=5)
NOON = 12


@transaction.atomic
def plan_month(*, by: Scope, staff_ids: Sequence[int], from_on: dt.date, until_on: dt.date, day: Day) -> list[int]:
    """Plan the contacts of these members of staff from a day on up to, not on, another; give the ids of the plans.

    What a person has placed or moved stays, and so does what the last plan placed where it is still wanted there.
    """
    by.require_log()
    if any(not may_see(scope=by, staff_id=each) for each in staff_ids):
        raise NotYoursError
    if from_on < day.today:
        raise RefusedError("from_on", _("That day has passed. Choose today or later."))
    if not from_on < until_on <= from_on + LONGEST:
        raise RefusedError("until_on", _("A plan has at least one day and at most three months."))
    wanted = tasks(staff_ids=staff_ids, until_on=until_on, day=day)
    time = times(staff_ids=staff_ids, from_on=from_on, until_on=until_on, day=day)
    return [
        _plan(by, staff_id, (from_on, until_on), wanted.get(staff_id, []), time[staff_id], day)
        for staff_id in staff_ids
    ]


@dataclass(slots=True)
class _Table:
    """The half-days while they fill."""

    time: Time
    lying: dict[Slot, list[Placed]] = field(default_factory=lambda: defaultdict(list))
    days: dict[int, list[dt.date]] = field(default_factory=lambda: defaultdict(list))

    def put(self, slot: Slot, placed: Placed, customer_id: int) -> None:
        self.lying[slot].append(placed)
        self.days[customer_id].append(slot[0])

    def says(self, slot: Slot, placed: Placed, customer_id: int) -> str:
        """Why it cannot lie here; empty when it can."""
        if any(abs(slot[0] - each) < APART for each in self.days[customer_id]):
            return "gap"
        whole = [each for half in HALVES for each in self.lying.get((slot[0], half), ())]
        return fits(
            new=placed, room=self.time.rooms.get(slot, 0), half=self.lying.get(slot, ()), day=whole,
            keeps=self.time.keeps,
        ).why  # fmt: skip


def _plan(
    by: Scope, staff_id: int, period: tuple[dt.date, dt.date], wanted: Sequence[Task], time: Time, day: Day
) -> int:
    started = clock.monotonic()
    last = Plan.objects.filter(staff_id=staff_id, state=Plan.State.MADE).order_by("-id").first()
    plan = Plan.objects.create(
        staff_id=staff_id, by_id=by.staff_id, from_on=period[0], until_on=period[1], made_on=day.today,
        state=Plan.State.RUNNING, replaces=last, rule_version=RULE_VERSION, data_date=day.data_date,
    )  # fmt: skip
    table, there, fixed = _lying(staff_id, period, time, day)
    open_tasks = [each for each in wanted if not _lies(each, fixed)]
    slots: dict[str, Slot] = {}
    for task in open_tasks:  # what lies already stays where it lies, as long as it is wanted there
        row = there.get(task.key)
        if row is not None and not table.says(slot_of(row), _placed(task, time), task.customer_id):
            slots[task.key] = slot_of(row)
            table.put(slots[task.key], _placed(task, time), task.customer_id)
    why: dict[str, str] = {}
    for task in sorted(open_tasks, key=lambda each: (each.due_on, -each.value, each.key)):
        if task.key in slots:
            continue
        found, said = _search(task, table, period)
        if found is None:
            why[task.key] = said
        else:
            slots[task.key] = found
            table.put(found, _placed(task, time), task.customer_id)
    counts = _store(plan, open_tasks, slots, there, time)
    _leave(plan, [each for each in open_tasks if each.key in why], why, time)
    total = sum((_worth(each) for each in open_tasks), Decimal(0))
    value = sum((_worth(each) for each in open_tasks if each.key in slots), Decimal(0))
    Plan.objects.filter(pk=plan.pk).update(
        state=Plan.State.MADE, done_at=timezone.now(), progress=100, status="earliest", value=value, bound=total,
        gap=(total - value) / total if total else 0, seconds=round(clock.monotonic() - started, 3),
        asked=len(open_tasks), placed=len(slots), unplaced=len(why), **counts,
    )  # fmt: skip
    return plan.pk


def slot_of(row: Entry) -> Slot:
    """The half-day of an entry."""
    return row.on, half_of(row.half)


def _worth(task: Task) -> Decimal:
    """What a contact is worth to the plan: one, and a little for what is at stake."""
    return Decimal(1) + min(task.value / Decimal(1_000_000), Decimal(4))


def _placed(task: Task, time: Time) -> Placed:
    return Placed(task.channel, time.keeps.takes(task.channel), task.district)


def _lying(
    staff_id: int, period: tuple[dt.date, dt.date], time: Time, day: Day
) -> tuple[_Table, dict[str, Entry], list[Entry]]:
    """The table with what does not move, what may, and what is fixed."""
    table, there, fixed = _Table(time), {}, []
    rows = Entry.objects.select_for_update().filter(staff_id=staff_id, on__lt=period[1])
    for row in rows.filter(state__in=("planned", "done")).exclude(state="done", on__lt=period[0] - APART):
        if row.state == Entry.State.PLANNED and not (row.pinned and row.on >= day.today):
            there[row.task] = row
            continue
        fixed.append(row)
        table.put(slot_of(row), Placed(row.channel, row.minutes, row.district), row.customer_id)
    return table, there, fixed


def _lies(task: Task, fixed: Iterable[Entry]) -> bool:
    """Whether a person has placed it already."""
    ids = {task.reminder_id, *task.also} - {None}
    return any(
        row.state == Entry.State.PLANNED
        and (row.task == task.key or row.reminder_id in ids or (row.customer_id == task.customer_id and task.cause == "standard"))
        for row in fixed
    )  # fmt: skip


def _search(task: Task, table: _Table, period: tuple[dt.date, dt.date]) -> tuple[Slot | None, str]:
    """The first half-day of its window that takes it, then the first after it; or why none does."""
    if not task.channel:
        return None, "channel"
    first = max(task.from_on, period[0])
    slots = [slot for slot in table.time.rooms if slot[0] >= first]
    window = [slot for slot in slots if slot[0] <= max(task.due_on, first)]
    later = [] if task.cause == "occasion" else [slot for slot in slots if slot not in set(window)]
    half = None if task.hour is None else "am" if task.hour < NOON else "pm"
    window.sort(key=lambda slot: (slot[0], slot[1] != half) if half else slot)
    said: list[str] = []
    for slot in [*window, *later]:
        why = table.says(slot, _placed(task, table.time), task.customer_id)
        if not why:
            return slot, ""
        said.append(why)
    for code in ("full", "cap", "gap"):
        if code in said:
            return None, code
    return None, "away" if table.time.away else "shut"


def _store(
    plan: Plan, wanted: Sequence[Task], slots: Mapping[str, Slot], there: Mapping[str, Entry], time: Time
) -> dict[str, int]:
    """Bring the entries to what the plan says; give what stayed, moved, was added and dropped."""
    Entry.objects.filter(pk__in=[row.pk for row in there.values()]).update(state="dropped")
    orders: dict[Slot, int] = defaultdict(int)
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
            "channel": task.channel, "minutes": time.keeps.takes(task.channel), "due_on": task.due_on,
            "late_from": task.late_from, "district": task.district, "value": task.value,
            "reminder_id": task.reminder_id, "promise_id": task.promise_id, "occasion_id": task.occasion_id,
            "was_on": row.on if row and what == "moved" else None, "was_half": row.half if row and what == "moved" else "",
            "pinned": False, "because": "",
        }  # fmt: skip
        orders[slot] += 1
        if row is None:
            Entry.objects.create(
                staff_id=plan.staff_id, customer_id=task.customer_id, cause=task.cause, task=task.key, **values
            )
        else:
            Entry.objects.filter(pk=row.pk).update(**values)
    return {**counts, "dropped": sum(key not in keep for key in there)}


def _leave(plan: Plan, left: Sequence[Task], why: Mapping[str, str], time: Time) -> None:
    """Store what found no place, and why."""
    facts = {"from_on": plan.from_on.isoformat(), "until_on": (plan.until_on - dt.timedelta(days=1)).isoformat()}
    Unplaced.objects.bulk_create(
        Unplaced(
            plan=plan, customer_id=task.customer_id, cause=task.cause, task=task.key, channel=task.channel or "call",
            minutes=time.keeps.takes(task.channel), due_on=task.due_on, value=task.value, reminder_id=task.reminder_id,
            code=why[task.key], facts={**facts, "most": time.keeps.caps.get(task.channel, 0)},
        )
        for task in left
    )  # fmt: skip
