"""From what there is to tell to messages: planned in batches, claimed, and closed with what became of them.

A message is a row that is made once: its channel and key (the business date of a digest, the number of a batch) are
unique. It is claimed before it is sent and marked after. When the worker is killed between the two, an e-mail goes out
again under the same Message-ID, by which mail programs show it once; a chat or push message, which has no such name, is
not repeated and is shown as not known.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Min, Q

from keybook.apps.notices.models import Channel, Delivery, Notice, Wish
from keybook.apps.people.models import Staff
from keybook.apps.people.queries import BankFacts

WINDOW = dt.timedelta(minutes=5)  # what comes within it is one message
CLAIM = dt.timedelta(minutes=10)  # far longer than a try may last
TOO_OLD = dt.timedelta(days=3)
LONGEST_WAIT = dt.timedelta(hours=1)
REFUSALS = 5
TO_NOBODY = 0
SAFE_TO_REPEAT = frozenset({Channel.Kind.EMAIL})


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one try: taken, empty, refused for good, or worth another try."""

    state: str
    reason: str = ""
    gone: bool = False

    @property
    def again(self) -> bool:
        """Whether it is tried again."""
        return self.state == Delivery.State.WAITING


def is_quiet(*, wish: Wish, hour: int) -> bool:
    """Whether this hour of the bank's day lies in [from, until), which may run over midnight; equal: never quiet."""
    if wish.quiet_from <= wish.quiet_until:
        return wish.quiet_from <= hour < wish.quiet_until
    return hour >= wish.quiet_from or hour < wish.quiet_until


@transaction.atomic
def plan_digests(*, bank: BankFacts, at: dt.datetime) -> int:
    """Make the digest of the business date for every channel whose hour has come; give how many.

    A digest that could not be sent yet is replaced by the newer one: nobody gets two in one morning.
    """
    local = at.astimezone(ZoneInfo(bank.zone))
    wishes = {wish.staff_id: wish for wish in Wish.objects.all()}
    ready = []
    for channel in Channel.objects.filter(digest=True, off_at=None, staff__is_active=True):
        wish = wishes.get(channel.staff_id) or Wish()
        begins = local.replace(hour=wish.digest_hour, minute=0, second=0, microsecond=0)
        if local.weekday() in wish.digest_days and local >= begins and channel.made_at < begins:
            ready.append(channel)
    made = _make(ready, kind=Delivery.Kind.DIGEST, key=f"digest|{bank.business_date}", on=bank.business_date, at=at)
    older = Delivery.objects.filter(channel__in=ready, kind=Delivery.Kind.DIGEST, state=Delivery.State.WAITING)
    older.filter(on__lt=bank.business_date).update(state=Delivery.State.REPLACED)
    return made


@transaction.atomic
def plan_urgent(*, bank: BankFacts, at: dt.datetime) -> int:
    """Put what waits longer than the window, out of quiet hours, into one message for each channel; give how many."""
    hour = at.astimezone(ZoneInfo(bank.zone)).hour
    waiting = Notice.objects.filter(batch=None).values("staff").annotate(first=Min("made_at"))
    made = 0
    for staff_id in waiting.filter(first__lte=at - WINDOW).order_by("staff").values_list("staff", flat=True):
        wish = Wish.objects.filter(staff_id=staff_id).first() or Wish()
        if is_quiet(wish=wish, hour=hour):
            continue
        rows = Notice.objects.select_for_update(skip_locked=True).filter(staff_id=staff_id, batch=None)
        told = [row.pk for row in rows.order_by("pk") if row.kind in wish.urgent and row.settled_at is None]
        channels = list(Channel.objects.filter(staff_id=staff_id, urgent=True, off_at=None, staff__is_active=True))
        batch: int = told[0] if told and channels else TO_NOBODY
        Notice.objects.filter(pk__in=told).update(batch=batch)
        Notice.objects.filter(staff_id=staff_id, batch=None, made_at__lte=at).exclude(pk__in=told).update(
            batch=TO_NOBODY
        )
        if batch:
            key = f"urgent|{batch}"
            made += _make(channels, kind=Delivery.Kind.URGENT, key=key, on=bank.business_date, at=at, batch=batch)
    return made


def _make(
    channels: list[Channel], *, kind: str, key: str, on: dt.date, at: dt.datetime, batch: int | None = None
) -> int:
    """One message for each of these channels that has none of this key yet."""
    known = set(Delivery.objects.filter(channel__in=channels, key=key).values_list("channel", flat=True))
    rows = [
        Delivery(
            staff_id=channel.staff_id, channel=channel, by=channel.kind, shown=channel.shown, kind=kind, key=key, on=on,
            batch=batch, next_try_at=at, made_at=at,
        )
        for channel in channels if channel.pk not in known
    ]  # fmt: skip
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def due(*, at: dt.datetime) -> list[int]:
    """The messages to try now: those whose time has come, and those whose sender was killed."""
    waiting = Q(state=Delivery.State.WAITING, next_try_at__lte=at)
    cut_off = Q(state=Delivery.State.SENDING, claimed_at__lt=at - CLAIM)
    return list(Delivery.objects.filter(waiting | cut_off).order_by("next_try_at", "pk").values_list("pk", flat=True))


@transaction.atomic
def claim(*, delivery_id: int, at: dt.datetime) -> Delivery | None:
    """Take one message to send it now; None when somebody else has it, it is closed, or it may not be repeated."""
    row = (
        Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("channel", "staff")
        .filter(pk=delivery_id).first()
    )  # fmt: skip
    if row is None or row.state not in {Delivery.State.WAITING, Delivery.State.SENDING}:
        return None
    if row.state == Delivery.State.SENDING:
        if row.claimed_at is None or row.claimed_at >= at - CLAIM:
            return None
        if row.by not in SAFE_TO_REPEAT:
            row.state, row.reason = Delivery.State.UNKNOWN, "cut_off"
            row.save(update_fields=["state", "reason"])
            return None
    elif row.next_try_at > at:
        return None
    row.state, row.claimed_at, row.tries = Delivery.State.SENDING, at, row.tries + 1
    row.save(update_fields=["state", "claimed_at", "tries"])
    return row


@transaction.atomic
def close(*, delivery: Delivery, result: Result, at: dt.datetime) -> None:
    """Write down what became of a try; a channel that refuses five times one after the other is switched off."""
    state, reason = result.state, result.reason
    if result.again and at - delivery.made_at >= TOO_OLD:
        state, reason = Delivery.State.FAILED, "too_old"
    wait = min(dt.timedelta(minutes=2 ** min(delivery.tries - 1, 6)), LONGEST_WAIT)
    Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENDING).update(
        state=state, reason=reason, next_try_at=at + wait, sent_at=at if state == Delivery.State.SENT else None
    )
    channel = Channel.objects.filter(pk=delivery.channel_id or 0)
    if state == Delivery.State.SENT:
        channel.filter(refusals__gt=0).update(refusals=0)
    elif result.gone:
        channel.delete()
    elif result.state == Delivery.State.FAILED:
        channel.update(refusals=F("refusals") + 1)
        channel.filter(refusals__gte=REFUSALS, off_at=None).update(off_at=at)
    if state == Delivery.State.FAILED and reason != "left":
        Staff.objects.filter(pk=delivery.staff_id).update(unheard=F("unheard") + 1)
