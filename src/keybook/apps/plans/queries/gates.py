"""What the gate says to one contact on each of many days."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keybook.apps.gate import words
from keybook.apps.gate.asking import purpose_for
from keybook.apps.gate.planned import noon
from keybook.apps.gate.queries.answers import Asking, answers, refusals
from keybook.apps.people.scope import Scope
from keybook.apps.plans.models import Entry
from keybook.apps.reminders.queries import Day
from keybook.core.gate import Past, Proposal, Verdict
from keybook.core.nextbest.facts import THEME_OF

if TYPE_CHECKING:
    from keybook.apps.plans.queries.answers import Wanted
    from keybook.apps.plans.queries.tasks import Task
    from keybook.apps.plans.queries.time import Slot


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
    ahead = ahead_of(customer_ids=[wanted.customer_id], by_id=scope.staff_id, day=day, but=[wanted.entry_id])
    asked = [Asking(wanted.customer_id, proposal(on=on, wanted=wanted, day=day)) for on in days]
    found = answers(by_id=scope.staff_id, asked=asked, day=day, planned=ahead)
    return {
        on: Word(
            refuses=verdict.answer == "refused",
            sentences=tuple(words.sentence(each, day) for each in verdict.reasons), rule_version=verdict.rule_version,
        )
        for on, verdict in zip(days, found, strict=True)
        if verdict.reasons
    }  # fmt: skip


def ahead_of(
    *, customer_ids: Sequence[int], by_id: int, day: Day, but: Collection[int] = ()
) -> Mapping[int, Sequence[Past]]:
    """What is planned with these customers from today, by everybody, as the gate takes it; but for these entries."""
    found: dict[int, list[Past]] = defaultdict(list)
    rows = Entry.objects.filter(customer_id__in=customer_ids, state=Entry.State.PLANNED, on__gte=day.today).exclude(
        pk__in=but
    )
    names = (
        "customer_id",
        "on",
        "channel",
        "cause",
        "reminder__kind",
        "reminder__facts__purpose",
        "theme",
        "staff_id",
        "staff__name",
        "staff__name_zh",
    )
    for customer_id, on, channel, cause, kind, purpose, theme, staff_id, *by in rows.order_by("on").values_list(*names):
        found[customer_id].append(
            Past(
                noon(on, day), channel, " ".join(by).strip(), own=staff_id == by_id, theme=theme,
                purpose=purpose_for(cause=cause, kind=kind or "", purpose=purpose or ""), spoke=False, planned=True,
            )
        )  # fmt: skip
    return found


def proposal(*, on: dt.date, wanted: Wanted, day: Day) -> Proposal:
    """The contact as the gate takes it."""
    return Proposal(
        at=noon(on, day), channel=wanted.channel, purpose=purpose_for(cause=wanted.cause, kind=wanted.kind, purpose=wanted.purpose),
        themes=themes_of(kind=wanted.kind, theme=wanted.theme), promised=wanted.cause == "promise", hour_known=False,
    )  # fmt: skip


def themes_of(*, kind: str, theme: str) -> tuple[str, ...]:
    """What a contact is about: what its kind says, and its own words; a campaign has its own words alone."""
    return tuple(each for each in ("" if THEME_OF.get(kind) == "campaign" else THEME_OF.get(kind, ""), theme) if each)


Ahead = Mapping[int, Sequence[Past]]
"""By customer, the contacts that are planned already."""


def refused_days(
    *, by_id: int, wanted: Sequence[Task], days: Sequence[dt.date], ahead: Ahead, day: Day
) -> dict[str, dict[dt.date, Verdict]]:  # fmt: skip
    """The days on which the gate refuses each of these tasks, by key, with its answer; two statements however many there are."""
    asked = [(each, ahead.get(each.customer_id, ())) for each in wanted if each.channel]
    return _refused(by_id, asked, days, day)


def clashes(
    *, by_id: int, tasks: Mapping[str, Task], places: Mapping[str, Slot], ahead: Ahead, day: Day
) -> dict[str, dict[dt.date, Verdict]]:  # fmt: skip
    """The placed tasks the gate refuses once it knows of the plan's earlier contacts with the customer, and all days it then refuses."""
    asked: list[tuple[Task, Sequence[Past]]] = []
    before: dict[int, list[Past]] = defaultdict(list)
    for key, slot in sorted(places.items(), key=lambda pair: pair[1]):
        task = tasks[key]
        own = before[task.customer_id]
        if own:
            asked.append((task, (*ahead.get(task.customer_id, ()), *own)))
        purpose = purpose_for(cause=task.cause, kind=task.kind, purpose=task.purpose)
        own.append(Past(noon(slot[0], day), task.channel, own=True, purpose=purpose, spoke=False, planned=True))
    found = _refused(by_id, asked, sorted({slot[0] for slot in places.values()}), day)
    return {key: refused for key, refused in found.items() if places[key][0] in refused}


def sentences(*, verdict: Verdict, day: Day) -> list[str]:
    """What of an answer refuses, in the gate's own words."""
    return [words.sentence(each, day) for each in verdict.reasons if each.refuses]


def _refused(
    by_id: int, asked: Sequence[tuple[Task, Sequence[Past]]], days: Sequence[dt.date], day: Day
) -> dict[str, dict[dt.date, Verdict]]:  # fmt: skip
    if not asked:
        return {}
    proposals = [(Asking(task.customer_id, _proposal_of(task, day)), ahead) for task, ahead in asked]
    found = refusals(by_id=by_id, asked=proposals, days=days, day=day)
    return {task.key: refused for (task, _ahead), refused in zip(asked, found, strict=True) if refused}


def _proposal_of(task: Task, day: Day) -> Proposal:
    return Proposal(
        at=noon(day.today, day), channel=task.channel, purpose=purpose_for(cause=task.cause, kind=task.kind, purpose=task.purpose),
        themes=(task.theme,) if task.theme else (), promised=task.cause == "promise", hour_known=False,
    )  # fmt: skip
