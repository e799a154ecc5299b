"""What the page about being told shows: one's channels, wishes and messages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from keybook.apps.notices.models import Channel, Delivery, Feed, Wish
from keybook.apps.notices.words import REASONS
from keybook.apps.people.models import Staff

PAGE = 50


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel as its owner sees it."""

    id: int
    kind: str
    name: str
    shown: str
    digest: bool
    urgent: bool
    off: bool


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One message and what became of it."""

    id: int
    at: dt.datetime
    name: str
    shown: str
    kind: str
    state: str
    state_name: str
    tries: int
    reason: str
    sent_at: dt.datetime | None


def wish_of(*, staff: Staff) -> Wish:
    """When and about what this person wants to be told."""
    return Wish.objects.filter(staff=staff).first() or Wish(staff=staff)


def feed_of(*, staff: Staff) -> Feed | None:
    """The calendar feed of this person, if there is one."""
    return Feed.objects.filter(staff=staff).first()


def channels_of(*, staff: Staff) -> list[ChannelRow]:
    """The channels of this person, the oldest first."""
    names = dict(Channel.Kind.choices)
    rows = Channel.objects.filter(staff=staff).order_by("pk")
    return [
        ChannelRow(
            row.pk,
            row.kind,
            str(names[row.kind]),
            row.shown or staff.email,
            row.digest,
            row.urgent,
            row.off_at is not None,
        )
        for row in rows
    ]


def history_of(*, staff: Staff, before: int = 0) -> list[DeliveryRow]:
    """The messages of this person, the newest first, a page of them from `before` on."""
    names, kinds, states = (dict(each.choices) for each in (Channel.Kind, Delivery.Kind, Delivery.State))
    rows = Delivery.objects.filter(staff=staff).order_by("-pk")
    if before:
        rows = rows.filter(pk__lt=before)
    return [
        DeliveryRow(
            row.pk, timezone.localtime(row.made_at), str(names[row.by]), row.shown or staff.email, str(kinds[row.kind]), row.state,
            str(states[row.state]), row.tries, str(REASONS.get(row.reason, row.reason)), row.sent_at,
        )
        for row in rows[:PAGE]
    ]  # fmt: skip
