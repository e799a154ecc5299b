"""Inviting: the one gate is asked for everybody first; who may be invited is put on their banker's list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keybook.apps.customers.models import Customer
from keybook.apps.customers.queries import visible_to
from keybook.apps.events.commands.answering import held_of, hold_event, refusal
from keybook.apps.events.commands.telling import ask_to_invite, refresh, starts
from keybook.apps.events.models import Event, Seat
from keybook.apps.events.queries.asking import CHANNELS, MOST, Asked, Person, weighed
from keybook.apps.events.queries.shown import event as shown_event
from keybook.apps.people.acting import counting_all
from keybook.apps.people.scope import Scope
from keybook.apps.people.spoken import spoken
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, moment
from keybook.core import seats as rules


@dataclass(frozen=True, slots=True)
class Invited:
    """How many were invited, whom the gate refused, and the sentence for the toast."""

    invited: tuple[int, ...]
    refused: tuple[int, ...]
    sentence: str


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
    asked = weighed(
        event_id=event.pk, theme=event.theme, people=[Person(each.pk, each.name, each.name_zh, each.rm_id) for each in rows],
        by_id=by.staff_id, channel=channel, day=day,
    )  # fmt: skip
    by_id = {each.pk: each for each in rows}
    because = " ".join(because.split())[:200]
    if not because and any(each.kind == "warns" for each in asked):
        raise RefusedError("because", _("The gate warns: say in a few words why it is right all the same."))
    seated = [
        _seat(event, by_id[each.who.id], each, by, (channel, because), day)
        for each in asked
        if each.kind in {"free", "warns"}
    ]
    refresh(customer_ids=[each.customer_id for each in seated], day=day)
    refused = tuple(each.who.id for each in asked if each.kind == "refused")
    return Invited(
        tuple(each.customer_id for each in seated),
        refused,
        _sentence(asked, spoken(rows[0]), len(seated), len(refused)),
    )


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


def _seat(event: Event, customer: Customer, asked: Asked, by: Scope, said: tuple[str, str], day: Day) -> Seat:
    """Store the invitation and the task that goes with it."""
    channel, because = said
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


def _sentence(asked: Sequence[Asked], who: str, invited: int, refused: int) -> str:
    if len(asked) == 1 and invited:
        return _("%(name)s is on the list of their banker, to be invited.") % {"name": who}
    said = ngettext("%(num)s customer is to be invited.", "%(num)s customers are to be invited.", invited) % {
        "num": invited
    }
    if refused:
        said += " " + ngettext("The gate refused %(num)s.", "The gate refused %(num)s.", refused) % {"num": refused}
    return said
