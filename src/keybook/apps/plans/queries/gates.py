"""What the gate says to one contact on each of many days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from keybook.apps.gate import words
from keybook.apps.gate.asking import BY_CAUSE
from keybook.apps.gate.queries.answers import Asking, answers
from keybook.apps.people.scope import Scope
from keybook.apps.plans.models import Entry
from keybook.apps.reminders.queries import Day
from keybook.core.gate import Proposal

if TYPE_CHECKING:
    from keybook.apps.plans.queries.answers import Wanted
    from keybook.apps.plans.queries.tasks import Task

NOON = dt.time(12)


@dataclass(frozen=True, slots=True)
class Word:
    """What is said of one day: it refuses, or it asks first."""

    refuses: bool
    sentences: tuple[str, ...] = ()
    rule_version: str = ""


def words_of_the_gate(*, scope: Scope, wanted: Wanted, days: Sequence[dt.date], day: Day) -> Mapping[dt.date, Word]:
    """The days on which something speaks against the contact; three statements however many days.

    The hour of a planned contact is not known yet, so the quiet hours say nothing here.
    """
    zone = ZoneInfo(day.zone)
    others = Entry.objects.filter(customer_id=wanted.customer_id, state=Entry.State.PLANNED).exclude(pk=wanted.entry_id)
    ahead = tuple((dt.datetime.combine(on, NOON, zone), channel) for on, channel in others.values_list("on", "channel"))
    asked = [Asking(wanted.customer_id, proposal(on=on, wanted=wanted, zone=zone), ahead) for on in days]
    found = answers(by_id=scope.staff_id, asked=asked, day=day)
    return {
        on: Word(
            refuses=verdict.answer == "refused",
            sentences=tuple(words.sentence(each, day) for each in verdict.reasons), rule_version=verdict.rule_version,
        )
        for on, verdict in zip(days, found, strict=True)
        if verdict.reasons
    }  # fmt: skip


def proposal(*, on: dt.date, wanted: Wanted, zone: ZoneInfo) -> Proposal:
    """The contact as the gate takes it."""
    return Proposal(
        at=dt.datetime.combine(on, NOON, zone), channel=wanted.channel, purpose=BY_CAUSE.get(wanted.cause, "service"),
        theme=wanted.theme, promised=wanted.cause == "promise", hour_known=False,
    )  # fmt: skip


def refused_all_along(
    *, by_id: int, wanted: Sequence[Task], period: tuple[dt.date, dt.date], day: Day
) -> dict[str, list[str]]:  # fmt: skip
    """The tasks the gate refuses in the whole period, by key, with its sentences; two statements however many there are.

    What is free again within the period is left to the plan.
    """
    zone = ZoneInfo(day.zone)
    asked = [
        Asking(
            each.customer_id,
            Proposal(
                at=dt.datetime.combine(max(each.from_on, period[0]), NOON, zone), channel=each.channel,
                purpose=BY_CAUSE.get(each.cause, "service"), promised=each.cause == "promise", hour_known=False,
            ),
        )
        for each in wanted
    ]  # fmt: skip
    found: dict[str, list[str]] = {}
    for task, verdict in zip(wanted, answers(by_id=by_id, asked=asked, day=day), strict=True):
        lasting = [each for each in verdict.reasons if each.refuses and (each.until is None or each.until >= period[1])]
        if lasting and task.channel:
            found[task.key] = [words.sentence(each, day) for each in lasting]
    return found
