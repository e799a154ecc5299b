"""Making, opening, changing and cancelling an event; who was told of it is told of what changes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from keybook.apps.events.commands.answering import hold_event, move_up, parties
from keybook.apps.events.commands.telling import ask_to_invite, close, refresh, tell
from keybook.apps.events.models import Event, Seat
from keybook.apps.events.queries.shown import campaigns, hosts
from keybook.apps.events.queries.shown import event as shown
from keybook.apps.interactions.commands import used_once
from keybook.apps.people.acting import counting_all
from keybook.apps.people.scope import Scope
from keybook.apps.reminders.commands import Day, NotYoursError, RefusedError, moment
from keybook.core import seats as rules

MAKERS = frozenset({"head", "campaign"})
FURTHEST = dt.timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Draft:
    """An event as somebody writes it down; the hours are the bank's."""

    name: str
    theme: str
    place: str
    branch_id: int
    on: dt.date
    from_time: dt.time
    until_time: dt.time
    seats: int
    host_id: int
    client_key: uuid.UUID
    until_on: dt.date | None = None
    campaign_id: int | None = None
    note: str = ""
    budget: Decimal | None = None
    cost: Decimal | None = None
    reason: str = ""

    def during(self, zone: str) -> tuple[dt.datetime, dt.datetime]:
        """From when to when."""
        at = ZoneInfo(zone)
        return (
            dt.datetime.combine(self.on, self.from_time, at), dt.datetime.combine(self.until_on or self.on, self.until_time, at),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """The event, and the sentence for the toast."""

    id: int
    sentence: str


@transaction.atomic
def make_event(*, by: Scope, draft: Draft, day: Day) -> Made:
    """Write an event down, once per `client_key`; nobody can be invited until it is opened."""
    _may_make(by, draft.branch_id)
    known = Event.objects.filter(client_key=draft.client_key, made_by_id=by.staff_id).first()
    if known is not None:
        return Made(known.pk, _("Already saved."))
    during = _checked(by, draft, day)
    with used_once():
        row = Event.objects.create(
            **_plain(draft), starts_at=during[0], ends_at=during[1], currency=day.currency, made_by_id=by.staff_id,
            made_on=day.today, client_key=draft.client_key,
        )  # fmt: skip
    return Made(row.pk, _("Planned: %(name)s.") % {"name": row.name})


@transaction.atomic
def open_event(*, by: Scope, event_id: int, day: Day) -> Made:
    """Open it: from now on customers can be invited, and its hours are taken from who receives guests."""
    event = _own(by, event_id)
    if event.state != Event.State.PLANNED:
        raise RefusedError("state", _("It is open already, or over."))
    if event.starts_at <= moment(day=day):
        raise RefusedError("state", _("Its time has passed: move it first."))
    event.state = Event.State.OPEN
    event.save(update_fields=["state"])
    return Made(event.pk, _("Open: customers can be invited."))


@transaction.atomic
def change_event(*, by: Scope, event_id: int, draft: Draft, day: Day) -> Made:
    """Change it; moved in time or place it needs a reason, and who knows of it is to be told."""
    event = _own(by, event_id)
    if event.state not in {Event.State.PLANNED, Event.State.OPEN}:
        raise RefusedError("state", _("It is over: it stays as it was."))
    if draft.branch_id != event.branch_id:
        _may_make(by, draft.branch_id)
    during = _checked(by, draft, day, was=event)
    moves = (during[0], during[1], draft.place.strip()) != (event.starts_at, event.ends_at, event.place)
    reason = " ".join(draft.reason.split())[:200]
    if moves and event.state == Event.State.OPEN and not reason:
        raise RefusedError("reason", _("Say why it is moved: the guests ask."))
    for name, value in {**_plain(draft), "starts_at": during[0], "ends_at": during[1]}.items():
        setattr(event, name, value)
    event.reason = reason or event.reason
    event.save()
    told = _after_change(event, day, moved=moves)
    if not told:
        return Made(event.pk, _("Changed."))
    return Made(event.pk, _("Changed.") + " " + _told(told))


def _after_change(event: Event, day: Day, *, moved: bool) -> int:
    """Bring the lines and the waiting list up to date; give how many guests are to be told."""
    with counting_all():
        seats = list(event.guests.filter(state__in=rules.COMING).select_related("customer"))
        untold = [each for each in seats if each.state == "invited" and each.told_in_id is None]
        known = [each for each in seats if each.state != "idea" and each not in untold]
        for each in untold:
            ask_to_invite(event=event, seat=each, customer=each.customer, day=day)
        told = tell(event=event, seats=known, news="moved", day=day) if moved else []
        up = move_up(event=event, day=day)
        refresh(customer_ids=[*(each.customer_id for each in (*untold, *up)), *told], day=day)
    return len(told)


@transaction.atomic
def cancel_event(*, by: Scope, event_id: int, reason: str, day: Day) -> Made:
    """It does not take place: tasks to invite go, hours are free again, and who knows of it is to be told."""
    event = _own(by, event_id)
    if event.state not in {Event.State.PLANNED, Event.State.OPEN}:
        raise RefusedError("state", _("It is over: it stays as it was."))
    said = " ".join(reason.split())[:200]
    if not said:
        raise RefusedError("reason", _("Say why it does not take place: the guests ask."))
    event.state, event.reason = Event.State.CANCELLED, said
    event.save(update_fields=["state", "reason"])
    with counting_all():
        seats = list(event.guests.filter(state__in=rules.COMING))
        closed = close(seats=seats, day=day, reason="cancelled")
        known = [each for each in seats if each.state in {"accepted", "waiting"} or each.told_in_id is not None]
        told = tell(event=event, seats=known, news="cancelled", day=day)
        _give_back(seats)
        refresh(customer_ids=[*closed, *told], day=day)
    return Made(event.pk, _("Cancelled.") + (" " + _told(len(told)) if told else ""))


def _give_back(seats: Sequence[Seat]) -> None:
    for each in seats:
        each.state, each.waits_since = "cancelled", None
    Seat.objects.bulk_update(seats, ["state", "waits_since"])


def _told(count: int) -> str:
    return ngettext(
        "%(num)s guest is to be told: a line is on the banker’s list.",
        "%(num)s guests are to be told: a line is on each banker’s list.",
        count,
    ) % {"num": count}


def _own(by: Scope, event_id: int) -> Event:
    """The event, held; NotYoursError outside the scope, PermissionDenied for who only reads it."""
    found = shown(scope=by, event_id=event_id)
    if found is None:
        raise NotYoursError
    _may_make(by, found.branch_id)
    return hold_event(event_id=event_id)


def may_make(*, by: Scope, branch_id: int) -> bool:
    """Whether this person makes and changes events of this branch."""
    return by.role in MAKERS and branch_id in by.branches


def _may_make(by: Scope, branch_id: int) -> None:
    if not may_make(by=by, branch_id=branch_id):
        raise PermissionDenied(_("Events are made by the campaign manager and the head of the branch."))


def _plain(draft: Draft) -> dict[str, object]:
    return {
        "name": draft.name.strip(), "theme": draft.theme.strip(), "place": draft.place.strip(), "branch_id": draft.branch_id,
        "seats": draft.seats, "host_id": draft.host_id, "campaign_id": draft.campaign_id, "note": draft.note.strip(),
        "budget": draft.budget, "cost": draft.cost,
    }  # fmt: skip


def _checked(by: Scope, draft: Draft, day: Day, was: Event | None = None) -> tuple[dt.datetime, dt.datetime]:
    """The hours of a draft that can be; RefusedError names the field that has to change."""
    during = draft.during(day.zone)
    if (was is None or during[0] != was.starts_at) and during[0] <= moment(day=day):
        raise RefusedError("on", _("That moment has passed. Choose one to come."))
    if draft.on - day.today > FURTHEST:
        raise RefusedError("on", _("That is more than two years away. Check the year."))
    if not 1 <= draft.seats <= rules.MOST_SEATS:
        raise RefusedError("seats", _("1 to 5,000 seats are possible."))
    try:
        rules.check_room(seats=draft.seats, during=during)
    except rules.SeatsError:
        raise RefusedError("until_time", _("It ends after it begins, within three days.")) from None
    if (was is None or draft.host_id != was.host_id) and draft.host_id not in {each[0] for each in hosts(scope=by)}:
        raise RefusedError("host", _("Choose who receives the guests: somebody of your branches."))
    was_of = was.campaign_id if was is not None else None
    if draft.campaign_id not in {None, was_of} and draft.campaign_id not in {each[0] for each in campaigns(scope=by)}:
        raise RefusedError("campaign", _("Choose a campaign of your branches, or none."))
    _fits(draft, was)
    return during


def _fits(draft: Draft, was: Event | None) -> None:
    """Nobody’s seat is taken away by a smaller room."""
    if was is None or draft.seats >= was.seats:
        return
    with counting_all():
        taken = rules.taken(parties=parties(was))
    if draft.seats < taken:
        raise RefusedError("seats", _("%(num)s seats are taken already.") % {"num": taken})
