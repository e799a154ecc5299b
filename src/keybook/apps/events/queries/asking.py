"""The gate's answer to inviting many customers to one event, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from keybook.apps.customers.book import Ask, Book, read_book
from keybook.apps.customers.models import Channel
from keybook.apps.events.models import Seat
from keybook.apps.events.queries.shown import Event
from keybook.apps.events.queries.shown import event as shown
from keybook.apps.gate.planned import SOURCES, noon
from keybook.apps.gate.queries.answers import Asking, answers
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import moment
from keybook.apps.reminders.queries import Day
from keybook.core.gate import Past, Proposal, Verdict

MOST = 200
BRANCH = "branch"
CHANNELS = tuple(value for value, _label in Channel.choices if value != BRANCH)
"""By which a customer is invited; who comes to the branch by themselves was not."""


@dataclass(frozen=True, slots=True)
class Person:
    """A customer who might be invited."""

    id: int
    name: str
    name_zh: str
    rm_id: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One customer who might be invited: what the gate says, and what else stands in the way."""

    who: Person
    verdict: Verdict
    against: str = ""
    state: str = ""

    @property
    def kind(self) -> str:
        """Free, warns, refused, or there already."""
        if self.state:
            return "there"
        if self.against or self.verdict.answer == "refused":
            return "refused"
        return "warns" if self.verdict.answer == "warns" else "free"


@dataclass(frozen=True, slots=True)
class Preview:
    """A page of the Book with what inviting each of its customers would come to."""

    event: Event
    book: Book
    asked: Mapping[int, Asked]
    channel: str

    def count(self, kind: str) -> int:
        """How many of the page are free, warned of, refused, or there already."""
        return sum(each.kind == kind for each in self.asked.values())


def preview(*, scope: Scope, event_id: int, ask: Ask, channel: str, day: Day) -> Preview | None:
    """What inviting this page of the Book would come to, without changing anything; None where there is no such event."""
    found = shown(scope=scope, event_id=event_id)
    if found is None:
        return None
    book = read_book(scope=scope, ask=ask, today=day.today)
    people = [Person(row.id, row.name, row.name_zh, row.rm_id) for row in book.rows]
    asked = weighed(event_id=event_id, theme=found.theme, people=people, by_id=scope.staff_id, channel=channel, day=day)
    return Preview(found, book, {each.who.id: each for each in asked}, channel)


def weighed(
    *, event_id: int, theme: str, people: Sequence[Person], by_id: int, channel: str, day: Day
) -> list[Asked]:  # fmt: skip
    """What would become of inviting these customers, in a fixed number of statements."""
    ids = [each.id for each in people]
    verdicts = _verdicts(event_id, theme, ids, by_id, channel, day)
    there = dict(Seat.objects.filter(event_id=event_id, customer_id__in=ids).values_list("customer_id", "state"))
    return [
        Asked(
            each, verdicts[each.id], "" if each.rm_id else _("Nobody looks after them yet."),
            "" if there.get(each.id, "cancelled") in {"idea", "cancelled"} else there[each.id],
        )
        for each in people
    ]  # fmt: skip


def _verdicts(
    event_id: int, theme: str, customer_ids: Sequence[int], by_id: int, channel: str, day: Day
) -> dict[int, Verdict]:  # fmt: skip
    """What the gate says to inviting each of these customers: by this channel, about the event's theme, today.

    An invitation to another event that nobody has spoken of yet counts like one that is planned.
    """
    proposal = Proposal(at=moment(day=day), channel=channel, purpose="invitation", themes=(theme,), hour_known=False)
    ahead: dict[int, list[Past]] = defaultdict(list)
    for source in SOURCES:
        for customer_id, planned in source(customer_ids=customer_ids, by_id=by_id, day=day).items():
            ahead[customer_id] += planned
    for customer_id, past in _untold(event_id, customer_ids, by_id, day):
        ahead[customer_id].append(past)
    asked = [Asking(each, proposal) for each in customer_ids]
    found = answers(by_id=by_id, asked=asked, day=day, planned=ahead)
    return dict(zip(customer_ids, found, strict=True))


def _untold(event_id: int, customer_ids: Sequence[int], by_id: int, day: Day) -> list[tuple[int, Past]]:
    """Open invitations to other events, but those a plan has placed on a day already."""
    rows = (
        Seat.objects.filter(customer_id__in=customer_ids, state="invited", told_in=None, reminder__state="open")
        .exclude(event_id=event_id)
        .exclude(reminder__entries__state="planned")
        .values_list(
            "customer_id", "channel", "event__theme", "reminder__due_on", "staff_id", "staff__name", "staff__name_zh"
        )
    )
    return [
        (customer_id, Past(
            noon(due_on, day), channel, f"{name} {name_zh}".strip(), own=staff_id == by_id, theme=theme, purpose="invitation",
            spoke=False, planned=True,
        ))
        for customer_id, channel, theme, due_on, staff_id, name, name_zh in rows
    ]  # fmt: skip
