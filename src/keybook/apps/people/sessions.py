"""Django's sessions in the database, read by one planned statement instead of a model."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from keybook.apps.people.planned import planned

LOAD = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(DatabaseStore):
    """As Django's own; every request reads its session, so that reading is worth doing well."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key any more, if it is unknown or over."""
        with planned() as cursor:
            cursor.execute(LOAD, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(row[0])
        return held
