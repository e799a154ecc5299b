"""A leaver's access ends: the account, its sessions, its calendar, channels and deputies; and begins again with a hand back."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from keybook.apps.people.models import Staff
from keybook.apps.people.sessions import SessionStore


def end_access(*, staff: Staff, today: dt.date) -> int:
    """End everything by which this person reaches Keybook; give how many sessions that were open ended.

    The account alone would do at the next request; what is not deleted would live again with the account.
    """
    Staff.objects.filter(pk=staff.pk).update(is_active=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT keybook_close_access(%s, %s)", [staff.pk, today])
    return _end_sessions(staff.pk)


def reopen_access(*, staff: Staff) -> None:
    """Open the account again; calendar, channels and deputies are set up anew by the person."""
    Staff.objects.filter(pk=staff.pk).update(is_active=True)


def _end_sessions(staff_id: int) -> int:
    """Delete the sessions of one person; whose a session is stands sealed inside it."""
    store, mine = SessionStore(), []
    for key, data in Session.objects.filter(expire_date__gt=timezone.now()).values_list("session_key", "session_data"):
        if str(store.decode(data).get(SESSION_KEY, "")) == str(staff_id):
            mine.append(key)
    return Session.objects.filter(session_key__in=mine).delete()[0]
