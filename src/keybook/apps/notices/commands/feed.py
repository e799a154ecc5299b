"""The secret address of a calendar: made, made anew, taken back."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction

from keybook.apps.notices.models import Feed
from keybook.apps.notices.queries.feed import hash_of
from keybook.apps.people.models import Staff

TOKEN_BYTES = 24  # 192 bits


@transaction.atomic
def make_feed(*, staff: Staff, amounts: bool, at: dt.datetime) -> str:
    """Give this person a new secret address, whose token is told here and never again; an older one is dead at once."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {"token_hash": hash_of(token), "amounts": amounts, "made_at": at}
    Feed.objects.update_or_create(staff=staff, defaults=values)
    return token


@transaction.atomic
def end_feed(*, staff: Staff) -> bool:
    """Take the address back; False when there was none."""
    return bool(Feed.objects.filter(staff=staff).delete()[0])


@transaction.atomic
def choose_amounts(*, staff: Staff, amounts: bool) -> None:
    """Let entries name amounts, or not; nothing without a feed."""
    for feed in Feed.objects.filter(staff=staff).exclude(amounts=amounts):
        feed.amounts = amounts
        feed.save(update_fields=["amounts"])
