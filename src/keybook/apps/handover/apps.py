"""The Django configuration of this app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from keybook.apps.reminders.queries import Day


class HandoverConfig(AppConfig):
    """Books that move between bankers, whole or in part, and can be handed back; limits of a book."""

    name = "keybook.apps.handover"
    label = "handover"

    def ready(self) -> None:
        """Offer back the neglected each night, once everybody's day is ranked."""
        from keybook.apps.reminders import nightly

        if ("neglect", _offer) not in nightly.LATER:
            nightly.LATER.append(("neglect", _offer))


def _offer(*, day: Day) -> Mapping[str, int]:
    """Raise and let lapse the offers of the day."""
    from keybook.apps.handover.commands import raise_offers

    return raise_offers(day=day)
