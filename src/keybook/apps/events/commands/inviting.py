"""Inviting: the one gate is asked for everybody first; who may be invited is put on their banker's list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keybook.apps.customers.models import Channel, Customer
from keybook.apps.customers.queries import visible_to
from keybook.apps.events.commands.answering import held_of, hold_event, refusal
from keybook.apps.events.commands.telling import ask_to_invite, refresh, starts
from keybook.apps.events.models import Event, Seat
from keybook.apps.events.queries.asking import asked_of
from keybook.apps.events.queries.shown import event as shown_event
from keybook.apps.people.acting import counting_all
from keybook.apps.people.scope import Scope
from keybook.apps.people.spoken import spoken
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, moment
from keybook.core import seats as rules
from keybook.core.gate import Verdict

MOST = 200
BRANCH = "branch"
CHANNELS = tuple(value for value, _label in Channel.choices if value != BRANCH)
"""By which a customer is invited; who comes to the branch by themselves was not."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One customer who might be invited: what the gate says, and what else stands in the way."""

    customer: Customer
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
class Invited:
    """How many were invited, whom the gate refused, and the sentence for the toast."""

    invited: tuple[int, ...]
    refused: tuple[int, ...]
    sentence: str


def previewed(*, by: Scope, event_id: int, customer_ids: Sequence[int], channel: str, day: Day) -> list[Asked]:
    """What would become of inviting these customers, without changing anything; a fixed number of statements."""
    by.require_write()
    if shown_event(scope=by, event_id=event_id) is None:
        raise NotYoursError
    found = visible_to(by).filter(pk__in=list(customer_ids)[:MOST]).select_related("tier", "rm")
    places = {each: place for place, each in enumerate(customer_ids)}
    rows = sorted(found, key=lambda each: places[each.pk])
    return _asked(Event.objects.get(pk=event_id), rows, by, channel, day)


def _asked(event: Event, rows: Sequence[Customer], by: Scope, channel: str, day: Day) -> list[Asked]:
    verdicts = asked_of(
        event=event, customer_ids=[each.pk for each in rows], by_id=by.staff_id, channel=channel, day=day
    )
    there = dict(Seat.objects.filter(event=event, customer__in=rows).values_list("customer_id", "state"))
    return [
        Asked(
            each, verdicts[each.pk], "" if each.rm_id else _("Nobody looks after them yet."),
            "" if there.get(each.pk, "cancelled") in {"idea", "cancelled"} else there[each.pk],
        )
        for each in rows
    ]  # fmt: skip


@transaction.atomic
def invite(
    *, by: Scope, event_id: int, customer_ids: Sequence[int], channel: str, because: str = "", day: Day
) -> Invited:
    """Invite these customers, each once; whom the gate refuses is not, of whom it warns only with a reason.

    RefusedError says what has to change; then nobody is invited.
    """
    by.require_write()
    if shown_event(scope=by, event_id=event_id) is None:
        raise NotYoursError
    if channel not in CHANNELS:
        raise RefusedError("channel", _("Choose how they are invited."))
    if not customer_ids:
        raise RefusedError("customers", _("Choose whom to invite."))
    if len(set(customer_ids)) > MOST:
        raise RefusedError("customers", _("Two hundred at a time are the most."))
    event = _open(event_id, day)
    chosen = visible_to(by).filter(pk__in=set(customer_ids))
    rows = list(chosen.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    if len(rows) < len(set(customer_ids)):
        raise NotYoursError
    asked = _asked(event, rows, by, channel, day)
    because = " ".join(because.split())[:200]
    if not because and any(each.kind == "warns" for each in asked):
        raise RefusedError("because", _("The gate warns: say in a few words why it is right all the same."))
    seated = [_seat(event, each, by, channel, because, day) for each in asked if each.kind in {"free", "warns"}]
    refresh(customer_ids=[each.customer_id for each in seated], day=day)
    refused = tuple(each.customer.pk for each in asked if each.kind == "refused")
    return Invited(tuple(each.customer_id for each in seated), refused, _sentence(asked, len(seated), len(refused)))


def _open(event_id: int, day: Day) -> Event:
    """The event, held and open for invitations."""
    with counting_all():
        event = hold_event(event_id=event_id)
    code = rules.may(
        act="invite",
        state="idea",
        held=held_of(event),
        now=moment(day=day),
        today=day.today,
        on=starts(event, day).date(),
    )
    if code:
        raise RefusedError("state", refusal(code))
    return event


def _seat(event: Event, asked: Asked, by: Scope, channel: str, because: str, day: Day) -> Seat:
    """Store the invitation and the task that goes with it."""
    customer = asked.customer
    values: dict[str, Any] = {
            "state": "invited", "companions": 0, "staff_id": customer.rm_id, "invited_by_id": by.staff_id,
            "invited_on": day.today, "channel": channel, "because": because if asked.kind == "warns" else "",
            "rule_version": asked.verdict.rule_version, "told_in": None, "answered_in": None, "answered_at": None,
            "waits_since": None,
    }  # fmt: skip
    seat, _made = Seat.objects.update_or_create(event=event, customer=customer, defaults=values)
    seat.reminder = ask_to_invite(event=event, seat=seat, customer=customer, day=day)
    seat.save(update_fields=["reminder"])
    return seat


def _sentence(asked: Sequence[Asked], invited: int, refused: int) -> str:
    if len(asked) == 1 and invited:
        return _("%(name)s is on the list of their banker, to be invited.") % {"name": spoken(asked[0].customer)}
    said = ngettext("%(num)s customer is to be invited.", "%(num)s customers are to be invited.", invited) % {
        "num": invited
    }
    if refused:
        said += " " + ngettext("The gate refused %(num)s.", "The gate refused %(num)s.", refused) % {"num": refused}
    return said
