"""The Django configuration of this app."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Calendar feeds, the morning digest, urgent notices and their deliveries."""

    name = "keybook.apps.notices"
    label = "notices"

    def ready(self) -> None:
        """Hear what the apps below have to tell."""
        from keybook.apps.people import telling

        telling.notified.connect(note, dispatch_uid="notices.note")
        telling.settled.connect(settle, dispatch_uid="notices.settle")


def note(
    *, staff_ids: tuple[int, ...], kind: str, key: str, on: dt.date, customer_id: int | None, **_more: Any
) -> None:
    """Write down who is to be told what."""
    from keybook.apps.notices.commands.notices import note as write

    write(staff_ids=staff_ids, kind=kind, key=key, on=on, customer_id=customer_id)


def settle(*, kind: str, key: str, **_more: Any) -> None:
    """Nothing waits any more."""
    from keybook.apps.notices.commands.notices import settle as write

    write(kind=kind, key=key)
