"""What the gate says to one contact on each of many days."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keybook.apps.gate import words
from keybook.apps.gate.asking import purpose_for
from keybook.apps.gate.planned import noon
from keybook.apps.gate.queries.answers import Asking, answers
from keybook.apps.people.scope import Scope
from keybook.apps.plans.models import Entry
from keybook.apps.reminders.queries import Day
from keybook.core.gate import Past, Proposal
from keybook.core.nextbest.facts import THEME_OF

if TYPE_CHECKING:
    from keybook.apps.plans.queries.answers import Wanted
    from keybook.apps.plans.queries.tasks import Task


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
    ahead = ahead_of(customer_ids=[wanted.customer_id], by_id=scope.staff_id, day=day, but=wanted.entry_id)
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


def ahead_of(*, customer_ids: Sequence[int], by_id: int, day: Day, but: int = 0) -> Mapping[int, Sequence[Past]]:
    """What is planned with these customers from today, by everybody, as the gate takes it; one entry can be left out."""
    found: dict[int, list[Past]] = defaultdict(list)
    rows = Entry.objects.filter(customer_id__in=customer_ids, state=Entry.State.PLANNED, on__gte=day.today).exclude(
        pk=but
    )
    names = (
        "customer_id",
        "on",
        "channel",
        "cause",
        "reminder__kind",
        "theme",
        "staff_id",
        "staff__name",
        "staff__name_zh",
    )
    for customer_id, on, channel, cause, kind, theme, staff_id, *by in rows.order_by("on").values_list(*names):
        found[customer_id].append(
            Past(
                noon(on, day), channel, " ".join(by).strip(), own=staff_id == by_id, theme=theme,
                purpose=purpose_for(cause=cause, kind=kind or ""),                spoke=False, planned=True,
            )
        )  # fmt: skip
    return found


def proposal(*, on: dt.date, wanted: Wanted, day: Day) -> Proposal:
    """The contact as the gate takes it."""
    return Proposal(
        at=noon(on, day), channel=wanted.channel, purpose=purpose_for(cause=wanted.cause, kind=wanted.kind),
        themes=tuple(each for each in (THEME_OF.get(wanted.kind, ""), wanted.theme) if each), promised=wanted.cause == "promise", hour_known=False,
    )  # fmt: skip


def refused_all_along(
    *, by_id: int, wanted: Sequence[Task], period: tuple[dt.date, dt.date], day: Day
) -> dict[str, list[str]]:  # fmt: skip
    """The tasks the gate refuses in the whole period, by key, with its sentences; two statements however many there are.

    What is free again within the period is left to the plan.
    """
    asked = [
        Asking(
            each.customer_id,
            Proposal(
                at=noon(max(each.from_on, period[0]), day), channel=each.channel,
                purpose=purpose_for(cause=each.cause, kind=each.kind), promised=each.cause == "promise", hour_known=False,
            ),
        )
        for each in wanted
    ]  # fmt: skip
    found: dict[str, list[str]] = {}
    found_of_all = answers(by_id=by_id, asked=asked, day=day, planned={})  # what lies there is what is placed anew
    for task, verdict in zip(wanted, found_of_all, strict=True):
        lasting = [each for each in verdict.reasons if each.refuses and (each.until is None or each.until >= period[1])]
        if lasting and task.channel:
            found[task.key] = [words.sentence(each, day) for each in lasting]
    return found
