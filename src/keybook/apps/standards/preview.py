"""What a version of a standard would do on the day it begins, before anybody sets it: counted, nobody named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from keybook.apps.customers.models import Customer, Stage, Tier
from keybook.apps.people.acting import counting_all
from keybook.apps.people.models import Staff
from keybook.apps.standards.commands import Draft
from keybook.apps.standards.queries import Known, known
from keybook.core.cadence import Asked, Due, dues
from keybook.core.standards import Version
from keybook.core.workdays import WorkCalendar

MOST = 20_000  # more are looked at by a sample, so that the page answers in time
MONTH = dt.timedelta(days=30)
WEEK = dt.timedelta(days=7)


@dataclass(slots=True)
class Load:
    """What falls to one RM: how many get an earlier date, and how many are due in the first thirty days."""

    name: str = ""
    name_zh: str = ""
    earlier: int = 0
    before: int = 0
    after: int = 0


@dataclass(slots=True)
class Preview:
    """What a version does to the customers of its tier: `looked_at` of `of`; all counts are of those looked at."""

    tier: Tier
    draft: Draft
    of: int
    looked_at: int = 0
    earlier: int = 0
    later: int = 0
    same: int = 0
    begins: int = 0
    ends: int = 0
    within_week: int = 0
    outside: int = 0
    relieved: int = 0
    becomes_overdue: int = 0
    first_on: dt.date | None = None
    loads: tuple[Load, ...] = ()

    @property
    def marks(self) -> Sequence[tuple[str, int]]:
        """One mark per customer: unchanged or later, earlier, outside already."""
        rest = self.looked_at - self.earlier - self.outside
        return (("", max(rest, 0)), ("n", self.earlier), ("o", self.outside))


def preview(*, draft: Draft, today: dt.date, zone: str, calendar: WorkCalendar) -> Preview:
    """Decide every customer of the tier twice as of the day the version begins, without it and with it.

    It supposes that nobody is spoken to until then; NotKeptError for a draft that cannot be kept.
    """
    draft.terms()
    begins = max(draft.from_on, today + dt.timedelta(days=1))
    draft = replace(draft, from_on=begins)
    with counting_all():
        rows = list(
            Customer.objects.filter(tier_id=draft.tier_id, stage=Stage.CUSTOMER)
            .order_by("id")
            .values_list("id", "rm_id")
        )
        chosen = rows[:: -(-len(rows) // MOST)] if rows else []
        found = known(customer_ids=[each for each, _rm in chosen], today=begins, zone=zone)
    told = Preview(Tier.objects.get(pk=draft.tier_id), draft, len(rows))
    loads: dict[int | None, Load] = {}
    rms = dict(chosen)
    for each in found:
        before, after = _twice(each, draft, calendar)
        _count(told, loads.setdefault(rms[each.id], Load()), before, after)
    told.loads = _named(loads)
    return told


def _twice(each: Known, draft: Draft, calendar: WorkCalendar) -> tuple[Due | None, Due | None]:
    """What is due next on the day the version begins, without it and with it."""
    held = tuple(one for one in each.asked.versions if one.from_on < draft.from_on)
    number = held[-1].number + 1 if held else 1
    with_it = (*held, Version(number, draft.from_on, draft.terms()))
    one, other = (
        dues(past=each.past, asked=Asked(versions, each.asked.exceptions), today=draft.from_on, calendar=calendar)
        for versions in (held, with_it)
    )
    return one.contact, other.contact


def _count(told: Preview, load: Load, before: Due | None, after: Due | None) -> None:
    begins = told.draft.from_on
    told.looked_at += 1
    load.before += before is not None and before.on < begins + MONTH
    load.after += after is not None and after.on < begins + MONTH
    was_late = before is not None and before.late_from <= begins
    is_late = after is not None and after.late_from <= begins
    told.outside += was_late and is_late
    told.relieved += was_late and not is_late
    told.becomes_overdue += is_late and not was_late
    if before is None or after is None:
        told.begins += before is None and after is not None
        told.ends += after is None and before is not None
        return
    told.same += before.on == after.on
    told.later += after.on > before.on
    if after.on < before.on:
        told.earlier += 1
        load.earlier += 1
        told.within_week += after.on < begins + WEEK
        told.first_on = min(told.first_on or after.on, after.on)


def _named(loads: dict[int | None, Load]) -> tuple[Load, ...]:
    """The RMs' loads with their names, the largest change first."""
    staff = {one.pk: one for one in Staff.objects.filter(pk__in=[each for each in loads if each])}
    found: list[Load] = []
    for rm_id, load in loads.items():
        if rm_id in staff:
            load.name, load.name_zh = staff[rm_id].name, staff[rm_id].name_zh
            found.append(load)
    return tuple(sorted(found, key=lambda one: (-one.earlier, one.before - one.after, one.name)))


def previews(
    *, drafts: Iterable[Draft], today: dt.date, zone: str, calendar: WorkCalendar
) -> list[Preview]:  # fmt: skip
    """The same for several tiers, the highest first as they come."""
    return [preview(draft=draft, today=today, zone=zone, calendar=calendar) for draft in drafts]
