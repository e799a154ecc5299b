"""How a person wants to be told: hours, kinds, channels; and what is pushed with."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from keybook import sealed
from keybook.apps.notices.models import Channel, Delivery, Kind, PushKey, Wish
from keybook.apps.people.models import Staff
from keybook.couriers import Browser, UnknownServiceError, service_of, vapid_pair
from keybook.outbound import RefusedError, check_url

MOST_CHANNELS = 10
DAY = 24
WEEK = range(7)


class NotChosenError(Exception):
    """A wish that cannot be kept; the sentence says why, `field` where."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def choose(
    *,
    staff: Staff,
    digest_hour: int,
    digest_days: Collection[int],
    quiet_from: int,
    quiet_until: int,
    urgent: Collection[str],
) -> None:
    """Keep when and about what this person wants to be told; NotChosenError for an hour or a kind there is not."""
    for field, hour in (("digest_hour", digest_hour), ("quiet_from", quiet_from), ("quiet_until", quiet_until)):
        if not 0 <= hour < DAY:
            raise NotChosenError(field, _("An hour is a number from 0 to 23."))
    if not set(digest_days) <= set(WEEK) or not set(urgent) <= set(Kind.values):
        raise NotChosenError("digest_days", _("There is no such day or kind."))
    wish, _made = Wish.objects.get_or_create(staff=staff)
    wish.digest_hour, wish.digest_days = digest_hour, sorted(set(digest_days))
    wish.quiet_from, wish.quiet_until, wish.urgent = quiet_from, quiet_until, sorted(set(urgent))
    wish.save()


@transaction.atomic
def add_email(*, staff: Staff, at: dt.datetime) -> Channel:
    """Tell this person by e-mail, at the address the bank has of them and at no other."""
    if not staff.email:
        raise NotChosenError("kind", _("The bank has no e-mail address of you; the administrator enters it."))
    return _add(staff=staff, kind=Channel.Kind.EMAIL, secret="", shown="", at=at)


@transaction.atomic
def add_chat(*, staff: Staff, address: str, at: dt.datetime) -> Channel:
    """Tell this person in a chat group, by the address its robot has; NotChosenError for any other address."""
    url = address.strip()
    try:
        kind = service_of(url)
    except UnknownServiceError:
        raise NotChosenError(
            "address", _("This is no address of a WeCom, DingTalk, Feishu, Lark, Teams or Slack robot. Copy it whole.")
        ) from None
    return _add(staff=staff, kind=kind, secret=url, shown=f"… {url.rstrip('/')[-4:]}", at=at)


@transaction.atomic
def add_browser(*, staff: Staff, browser: Browser, name: str, at: dt.datetime) -> Channel:
    """Push to this browser; NotChosenError for what no browser sends."""
    try:
        check_url(browser.endpoint)
    except RefusedError as error:
        raise NotChosenError("endpoint", str(error)) from None
    if not browser.p256dh or not browser.auth or len(browser.endpoint) + len(browser.p256dh) + len(browser.auth) > 2000:  # noqa: PLR2004
        raise NotChosenError("endpoint", _("This is no subscription of a browser."))
    secret = json.dumps([browser.endpoint, browser.p256dh, browser.auth])
    shown = " ".join(name.split())[:40] or str(urlsplit(browser.endpoint).hostname)[:40]
    return _add(staff=staff, kind=Channel.Kind.PUSH, secret=secret, shown=shown, at=at)


def _add(*, staff: Staff, kind: str, secret: str, shown: str, at: dt.datetime) -> Channel:
    """Store a channel, or switch the same one on again."""
    Staff.objects.select_for_update().get(pk=staff.pk)  # two at once count each other
    values = {"secret": sealed.seal(secret), "shown": shown, "off_at": None, "refusals": 0}
    key = {"staff": staff, "kind": kind, "secret_hash": sealed.digest(secret)}
    if not Channel.objects.filter(**key).exists() and Channel.objects.filter(staff=staff).count() >= MOST_CHANNELS:
        raise NotChosenError("kind", _("Ten channels are the most; remove one first."))
    channel, _made = Channel.objects.update_or_create(**key, defaults=values, create_defaults={**values, "made_at": at})
    return channel


@transaction.atomic
def set_channel(*, staff: Staff, channel_id: int, digest: bool, urgent: bool) -> bool:
    """Choose what this channel carries, and switch it on again; False when it is not this person's."""
    mine = Channel.objects.filter(pk=channel_id, staff=staff)
    return bool(mine.update(digest=digest, urgent=urgent, off_at=None, refusals=0))


@transaction.atomic
def remove_channel(*, staff: Staff, channel_id: int) -> bool:
    """Forget this channel; what was sent through it stays in the history. False when it is not this person's."""
    return bool(Channel.objects.filter(pk=channel_id, staff=staff).delete()[0])


@transaction.atomic
def forget_browser(*, staff: Staff, endpoint: str) -> int:
    """Forget the subscription with this endpoint, whatever its keys; give how many that were."""
    gone = 0
    for channel in Channel.objects.filter(staff=staff, kind=Channel.Kind.PUSH):
        if json.loads(sealed.unseal(channel.secret))[0] == endpoint:
            channel.delete()
            gone += 1
    return gone


@transaction.atomic
def ask_for_test(*, staff: Staff, channel_id: int, on: dt.date, at: dt.datetime) -> Delivery | None:
    """Have a test message sent, at most one a minute; None when the channel is not this person's."""
    channel = Channel.objects.filter(pk=channel_id, staff=staff).first()
    if channel is None:
        return None
    values = {
        "staff": staff, "by": channel.kind, "shown": channel.shown, "kind": Delivery.Kind.TEST, "on": on,
        "next_try_at": at, "made_at": at,
    }  # fmt: skip
    row, _made = Delivery.objects.get_or_create(channel=channel, key=f"test|{at:%Y-%m-%dT%H:%M}", defaults=values)
    return row


@transaction.atomic
def stop_digest(*, staff_id: int, channel_id: int) -> None:
    """No more morning digests through this channel of this person."""
    Channel.objects.filter(pk=channel_id, staff_id=staff_id).update(digest=False)


@transaction.atomic
def look_at_failures(*, staff: Staff) -> None:
    """The failures were seen: the bell is quiet again."""
    Staff.objects.filter(pk=staff.pk, unheard__gt=0).update(unheard=0)


@transaction.atomic
def push_key() -> PushKey:
    """The key of this installation, made at the first call; of two who make it at once, one wins."""
    found = PushKey.objects.filter(pk=1).first()
    if found is None:
        private, public = vapid_pair()
        PushKey.objects.bulk_create([PushKey(pk=1, private=sealed.seal(private), public=public)], ignore_conflicts=True)
        found = PushKey.objects.get(pk=1)
    return found
