"""The plans of a branch side by side: whose weeks are full, whose are empty, and when each was last planned."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from keybook.apps.customers.models import Customer
from keybook.apps.customers.queries import scope_filter
from keybook.apps.people.scope import Scope
from keybook.apps.plans.models import Entry, Plan, Unplaced
from keybook.apps.plans.queries.page import ONE_WEEK, WEEKS_OF_A_MONTH
from keybook.apps.plans.queries.time import Slot, half_of, times
from keybook.apps.plans.queries.whose import Planner, planners
from keybook.apps.reminders.queries import Day
from keybook.core.halves import Placed, used


@dataclass(frozen=True, slots=True)
class Load:
    """One week of one member of staff: contacts, minutes planned of minutes possible."""

    monday: dt.date
    count: int
    used: int
    room: int


@dataclass(frozen=True, slots=True)
class Row:
    """One member of staff."""

    who: Planner
    weeks: tuple[Load, ...]
    plan: Plan | None
    left: int

    @property
    def count(self) -> int:
        """Contacts planned or done in all weeks."""
        return sum(week.count for week in self.weeks)


def branch(*, scope: Scope, monday: dt.date, day: Day) -> list[Row]:
    """Everybody's five weeks; who keeps no book and has no plan is left out."""
    who = planners(scope=scope)
    until = monday + WEEKS_OF_A_MONTH * ONE_WEEK
    ids = [each.id for each in who]
    time = times(staff_ids=ids, from_on=monday, until_on=until, day=day)
    lying = _lying(scope, ids, monday, until)
    made = Plan.objects.filter(staff_id__in=ids, state=Plan.State.MADE).order_by("staff_id", "-id").distinct("staff_id")
    plans = {each.staff_id: each for each in made}
    left = dict(
        Unplaced.objects.filter(plan__in=[each.pk for each in plans.values()])
        .exclude(entry__state__in=("planned", "done")).values_list("plan_id").annotate(Count("id")).order_by()
    )  # fmt: skip
    rows = []
    for each in who:
        weeks = tuple(
            _load(monday + number * ONE_WEEK, lying[each.id], time[each.id].rooms, time[each.id].keeps.travel)
            for number in range(WEEKS_OF_A_MONTH)
        )
        plan = plans.get(each.id)
        row = Row(each, weeks, plan, left.get(plan.pk, 0) if plan else 0)
        if each.role == "rm" or row.count or plan:
            rows.append(row)
    return rows


def _lying(
    scope: Scope, ids: Sequence[int], from_on: dt.date, until_on: dt.date
) -> dict[int, dict[Slot, list[Placed]]]:
    """What lies in everybody's half-days."""
    rows = Entry.objects.filter(staff_id__in=ids, on__gte=from_on, on__lt=until_on, state__in=("planned", "done"))
    inside = scope_filter(scope, prefix="customer__")
    rows = rows if inside is None else rows.filter(inside)
    found: dict[int, dict[Slot, list[Placed]]] = defaultdict(lambda: defaultdict(list))
    for staff_id, on, half, channel, minutes, district in rows.values_list(
        "staff_id", "on", "half", "channel", "minutes", "district"
    ):
        found[staff_id][on, half_of(half)].append(Placed(channel, minutes, district))
    return found


def _load(monday: dt.date, lying: Mapping[Slot, list[Placed]], rooms: Mapping[Slot, int], travel: int) -> Load:
    """One week."""
    slots = [slot for slot in rooms if monday <= slot[0] < monday + ONE_WEEK]
    return Load(
        monday, sum(len(lying.get(slot, ())) for slot in slots),
        sum(used(placed=lying.get(slot, ()), travel=travel) for slot in slots), sum(rooms[slot] for slot in slots),
    )  # fmt: skip


def keeps_a_book(*, scope: Scope) -> list[int]:
    """Who in sight looks after customers: whom planning for everybody means."""
    books = Customer.objects.exclude(stage="closed").filter(rm_id__in=[each.id for each in planners(scope=scope)])
    return sorted(each for each in set(books.values_list("rm_id", flat=True)) if each is not None)
